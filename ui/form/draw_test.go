package form

import (
	"flag"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/ui/theme"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a screen, with the cursor drawn as a block, to a file.
func golden(t *testing.T, name string, f *Form) {
	t.Helper()
	rows := strings.Split(see(f), "\n")
	if c := f.Cursor(); c != nil {
		row := rows[c.Y] + strings.Repeat(" ", max(0, c.X+1-ansi.StringWidth(rows[c.Y])))
		rows[c.Y] = ansi.Cut(row, 0, c.X) + "█" + ansi.Cut(row, c.X+1, 200)
	}
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	got, file := strings.Join(rows, "\n")+"\n", "testdata/"+name+".golden"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

const filled = "Ada<tab>Byron<tab>2/31/1987<tab>f<tab>2125550147<tab>"

func TestGoldens(t *testing.T) {
	for _, c := range []struct {
		name   string
		w, h   int
		ascii  bool
		script string
	}{
		{"80x24-start", 80, 24, false, ""},
		{"80x24-filled", 80, 24, false, filled + "<tab>fol<enter>14:30<tab><space><tab>"},
		{"80x24-month", 80, 24, false, "<tab><tab>1988-02-28<ctrl+g><right>"},
		{"80x24-list", 80, 24, false, filled + "<tab>p<down>"},
		{"80x24-area", 80, 24, false, "<shift+tab>one<enter>a line that is longer than the field has cells, so that it is wrapped into two<enter><enter>四五六<up>"},
		{"60x20-filled", 60, 20, false, filled},
		{"60x20-list", 60, 20, false, filled + "<tab><ctrl+g>"},
		{"60x20-phone", 60, 20, false, "<tab><tab><tab><tab>12"},
		{"60x20-ascii", 60, 20, true, filled + "<tab><tab><tab><space><right>"},
		{"40x16-narrow", 40, 16, false, filled + "<tab><tab><tab><space>"},
		{"40x8-month", 40, 8, false, "<tab><tab>1988-02-28<ctrl+g>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := intake(theme.New(theme.Options{NoColor: true, ASCII: c.ascii}))
			f.Resize(c.w, c.h)
			play(f, c.script)
			golden(t, c.name, f)
		})
	}
}

func TestGoldenComplaints(t *testing.T) {
	f := intake(plain())
	f.Resize(60, 20)
	play(f, filled)
	f.SetErrors(map[string]string{
		"LastName": "Another prospect has this name and this date of birth. Look for the record first.",
		"Zip":      "The postal code is missing. Add it in the EMR.",
	})
	golden(t, "60x20-complaints", f)
}

func TestGoldenLongLists(t *testing.T) {
	var many []Option
	for i := range 30 {
		many = append(many, Option{Value: string(rune('a' + i)), Label: "Provider " + string(rune('A'+i%26)) + strings.Repeat("x", i%7), Detail: "Family medicine"})
	}
	f := New(plain(), Choice("c", "Who", many...), Combo("d", "Whom", many...), Multi("m", "Any of", many...), Text("z", "Last"))
	f.Resize(60, 20)
	play(f, "<right><right><tab><ctrl+g>"+strings.Repeat("<down>", 9))
	golden(t, "60x20-long-list", f)
	play(f, "<pgdown><enter><space><right><right><space>")
	golden(t, "60x20-long-multi", f)
	play(f, "<tab>")
	golden(t, "60x20-long-left", f)
}

// Every line fits, every screen fits, and the cursor is on it in the field
// that has the keyboard.
func TestFitsAnyScreen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 130).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		f := intake(theme.New(theme.Options{Dark: true, Colors: 256, ASCII: rapid.Bool().Draw(t, "ascii")}))
		f.Resize(w, h)
		for _, k := range rapid.SliceOfN(scriptKeys(), 0, 40).Draw(t, "keys") {
			step(f, k)
		}
		if rapid.Bool().Draw(t, "errors") {
			f.SetErrors(map[string]string{"EMail": strings.Repeat("word ", 30), "other": strings.Repeat("ä", 90)})
		}
		rows := strings.Split(f.View(), "\n")
		require.LessOrEqual(t, len(rows), h)
		for _, row := range rows {
			require.LessOrEqual(t, ansi.StringWidth(row), w, "%q", row)
		}
		c := f.Cursor()
		require.NotNil(t, c)
		require.Less(t, c.X, w)
		require.GreaterOrEqual(t, c.X, 0)
		s := f.screen()
		require.Equal(t, f.at, s.spots[f.top+c.Y-len(s.head)].field)
		require.Equal(t, f.View(), f.View())
	})
}

func TestCursorFollowsTheText(t *testing.T) {
	f := New(plain(), Text("a", "A").Width(10))
	at := func() int { return f.Cursor().X - f.left - 1 }
	require.Equal(t, 0, at())
	play(f, "a日b")
	require.Equal(t, 4, at())
	play(f, "<left><left>")
	require.Equal(t, 1, at())
	play(f, "<end>cdefghijk")
	require.Equal(t, 9, at(), "the cursor has a cell of its own at the end")
	require.Contains(t, see(f), "◄cdefghijk │")
	play(f, "<home>")
	require.Equal(t, 0, at())
	require.Contains(t, see(f), "│a日bcdefgh►")
	play(f, strings.Repeat("<right>", 6))
	require.Equal(t, 7, at())
	require.Contains(t, see(f), "│a日bcdefgh►", "it does not scroll before it must")
}

func TestClicks(t *testing.T) {
	f := intake(plain())
	f.Resize(80, 40)
	find := func(words string) (int, int) {
		for y, row := range strings.Split(see(f), "\n") {
			if i := strings.Index(row, words); i >= 0 {
				return ansi.StringWidth(row[:i]), y
			}
		}
		require.Fail(t, "not on screen", "%s in\n%s", words, see(f))
		return 0, 0
	}
	click := func(words string) bool { x, y := find(words); return f.Click(x, y) }
	play(f, "Ada")
	x, y := find("Ada")
	require.True(t, f.Click(x+1, y))
	play(f, "-")
	require.Equal(t, "A-da", f.Value("FirstName"))
	require.True(t, click("Male"))
	require.Equal(t, "M", f.Value("Gender"))
	require.Equal(t, "Gender", f.Focused())
	require.True(t, click("Wednesday"))
	require.True(t, click("Friday"))
	require.Equal(t, "wed\nfri", f.Value("days"))
	require.True(t, click("[ ] no"))
	require.Equal(t, "true", f.Value("sms"))
	require.True(t, click("E-mail"))
	require.Equal(t, "EMail", f.Focused())
	require.False(t, click("Person"), "a heading")
	f.Focus("visit")
	play(f, "<ctrl+g>")
	require.True(t, click("Physical"))
	require.Equal(t, "ph", f.Value("visit"))
	f.Focus("DOB")
	play(f, "2026-02-10<ctrl+g>")
	require.True(t, click("28"))
	require.Equal(t, "2026-02-28", f.Value("DOB"))
	require.False(t, f.Click(0, 39))
	f.SetErrors(map[string]string{"FirstName": "Look here.", "x": "Or there."})
	require.False(t, f.Click(3, 0), "words above the form")
	f.Resize(80, 10)
	f.Focus("Notes")
	f.View()
	require.True(t, click("Notes"))
}

func TestThemeChangesInPlace(t *testing.T) {
	th := plain()
	f := intake(th)
	play(f, "<shift+tab>x")
	before := f.View()
	o := th.Options()
	o.ASCII = true
	th.Apply(o)
	require.NotEqual(t, before, f.View())
	require.NotContains(t, f.View(), "│")
}

func BenchmarkKey(b *testing.B) {
	for _, c := range []struct{ name, field string }{{"text", "EMail"}, {"combo", "visit"}, {"area", "Notes"}} {
		b.Run(c.name, func(b *testing.B) {
			f := intake(theme.New(theme.Options{Dark: true, Colors: 256}))
			f.Resize(80, 24)
			play(f, filled)
			f.Focus("Notes")
			f.Update(tea.PasteMsg{Content: strings.Repeat("She asked to be called back after four. ", 4)})
			f.Focus(c.field)
			keys := []tea.KeyPressMsg{press("a"), press("backspace")}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.Update(keys[i%2])
				_, _ = f.View(), f.Cursor()
			}
		})
	}
}
