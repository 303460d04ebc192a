package table

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a screen, without its colours, with a file in testdata.
func golden(t *testing.T, name, view string) {
	t.Helper()
	var b strings.Builder
	for l := range strings.SplitSeq(ansi.Strip(view), "\n") {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), name)
}

const down = "Naturaesoft EMR did not answer within 10 s. Nothing was changed. Press r to try again."

func TestViews(t *testing.T) {
	for name, c := range map[string]struct {
		options       theme.Options
		width, height int
		rows          int
		before        func(*Table[visit])
		keys          []string
	}{
		"80x24":           {width: 80, height: 24, rows: 340, keys: []string{"down", "space", "down", "space", "o", "pgdown"}},
		"120x40":          {width: 120, height: 40, rows: 30, keys: []string{"o", "o", "O", "end"}},
		"60x20_filtering": {width: 60, height: 20, rows: 340, keys: []string{"space", "/", "'mull 3"}},
		"80x24_filtered":  {width: 80, height: 24, rows: 340, keys: []string{"space", "/", "'mull 3", "enter", "down"}},
		"80x24_nomatch":   {width: 80, height: 24, rows: 340, keys: []string{"/", "'nobody by that name", "enter"}},
		"36x10_narrow":    {width: 36, height: 10, rows: 12, keys: []string{"o", "o"}},
		"28x10_dropped":   {width: 28, height: 10, rows: 12, keys: []string{"o", "o"}},
		"18x6_tight":      {width: 18, height: 6, rows: 12},
		"80x12_nocolor": {options: theme.Options{NoColor: true, Name: theme.Dark}, width: 80, height: 12, rows: 40,
			keys: []string{"o", "O", "down", "down", "space", "down"}},
		"80x12_ascii": {options: theme.Options{NoColor: true, ASCII: true}, width: 80, height: 12, rows: 40,
			keys: []string{"o", "O", "down", "down", "space", "down"}},
		"80x8_empty":   {width: 80, height: 8, before: func(t *Table[visit]) { t.SetEmpty("Nobody is waiting. Press n to add a visit.") }},
		"80x8_loading": {width: 80, height: 8, before: func(t *Table[visit]) { t.SetLoading("Asking 4 of 12 providers") }},
		"60x8_failed":  {width: 60, height: 8, before: func(t *Table[visit]) { t.SetFailed(down) }},
		"60x12_reload_failed": {width: 60, height: 12, rows: 40, before: func(t *Table[visit]) {
			t.SetFailed(down)
			t.SetStale("as of 9:41, 3 min ago")
		}},
		"80x6_reload_failed": {width: 80, height: 6, rows: 40, before: func(t *Table[visit]) {
			t.SetFailed(down)
			t.SetStale("as of 9:41, 3 min ago")
		}},
		"80x6_reloading": {width: 80, height: 6, rows: 40, before: func(t *Table[visit]) {
			t.SetLoading("Asking 4 of 12 providers")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tb := newTable(c.options)
			tb.Resize(c.width, c.height)
			tb.Set(visits(c.rows))
			if c.before != nil {
				c.before(tb)
			}
			slow(tb, c.keys...)
			golden(t, name, tb.View())
			if c.options.NoColor {
				require.NotContains(t, tb.View(), "\x1b", "colour or an attribute without colours")
			}
		})
	}
}

func TestStates(t *testing.T) {
	tb := newTable(theme.Options{NoColor: true})
	says := func(want ...string) {
		t.Helper()
		for _, w := range want {
			require.Contains(t, tb.View(), w)
		}
	}
	says("There is nothing here.")
	tb.SetLoading("Asking")
	says("Asking")
	require.NotContains(t, tb.View(), "0 rows", "nobody knows yet")
	tb.SetFailed("It failed. Press r.")
	says("✗ It failed. Press r.")
	require.NotContains(t, tb.View(), "Asking")
	tb.SetLoading("Asking again")
	says("Asking again")
	require.NotContains(t, tb.View(), "failed", "a new attempt is under way")
	tb.Set(visits(3))
	require.NotContains(t, tb.View(), "Asking")
	says("3 rows")
	tb.SetFailed("It failed. Press r.")
	tb.SetStale("as of 9:41")
	says("Placeholder", "✗ It failed. Press r.", "! as of 9:41")
	tb.Upsert(visits(4)...)
	says("failed", "9:41", "4 rows")
	tb.Set(visits(1))
	says("1 row")
	require.NotContains(t, tb.View(), "failed")
	require.NotContains(t, tb.View(), "9:41")
}

func TestScanUnderWayIsSaid(t *testing.T) {
	tb := newTable(theme.Options{NoColor: true})
	tb.Set(visits(30))
	slow(tb, "/")
	tb.spent = func() func() bool { return func() bool { return true } }
	before := tb.View()
	_, cmd := tb.Update(pressed("m"))
	require.Contains(t, tb.View(), "looking through 30")
	require.Equal(t, strings.Split(before, "\n")[:22], strings.Split(tb.View(), "\n")[:22], "no half results")
	tb.spent = timeBox
	drain(tb, cmd)
	require.Contains(t, tb.View(), " of 30")
}

func TestThemeChangesReachTheTable(t *testing.T) {
	th := theme.New(theme.Options{NoColor: true})
	tb := New(th, id, columns(th)...)
	tb.Resize(60, 6)
	tb.Set(visits(3))
	require.Contains(t, tb.View(), "►")
	th.Apply(theme.Options{NoColor: true, ASCII: true})
	require.NotContains(t, tb.View(), "►")
}

// The real cursor stands behind what was typed, in cells.
func TestCursor(t *testing.T) {
	tb := newTable(theme.Options{NoColor: true})
	tb.Resize(60, 10)
	tb.Set(visits(3))
	require.Nil(t, tb.Cursor())
	for _, c := range []struct {
		keys []string
		x    int
	}{
		{[]string{"/"}, 8}, {[]string{"'ab"}, 10}, {[]string{"'小明"}, 14}, {[]string{"left"}, 12},
		{[]string{"home"}, 8}, {[]string{"ctrl+e"}, 14},
	} {
		slow(tb, c.keys...)
		require.Equal(t, c.x, tb.Cursor().X, c.keys)
		require.Equal(t, 9, tb.Cursor().Y)
	}
	require.Contains(t, tb.View(), "Filter: ab小明 ")
	slow(tb, "'"+strings.Repeat("x", 100)+"yz")
	last := strings.Split(tb.View(), "\n")[9]
	at := ansi.Cut(last, tb.Cursor().X-2, tb.Cursor().X)
	require.Equal(t, "yz", at, "the end of a long filter is in sight")
	slow(tb, "home")
	_ = tb.Cursor()
	slow(tb, "ctrl+a")
	require.Equal(t, 8, tb.Cursor().X)
	require.Contains(t, tb.View(), "Filter: ab小明x")
}
