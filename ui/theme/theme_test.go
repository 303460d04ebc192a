package theme

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/width"
	"pgregory.net/rapid"
)

// signs lists every glyph and border piece of t by its field's name.
func signs(t *Theme) map[string]string {
	out := map[string]string{}
	for part, v := range map[string]reflect.Value{
		"Glyph.": reflect.ValueOf(t.Glyph), "Box.": reflect.ValueOf(t.Box),
	} {
		for i := range v.NumField() {
			name := part + v.Type().Field(i).Name
			if frames, ok := v.Field(i).Interface().([]string); ok {
				for n, f := range frames {
					out[fmt.Sprint(name, n)] = f
				}
				continue
			}
			out[name] = v.Field(i).String()
		}
	}
	return out
}

// styles lists every style of t by its field's name.
func styles(t *Theme) map[string]lipgloss.Style {
	out := map[string]lipgloss.Style{}
	v := reflect.ValueOf(*t)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Type == reflect.TypeFor[lipgloss.Style]() {
			out[f.Name] = v.Field(i).Interface().(lipgloss.Style)
		}
	}
	return out
}

func TestSignsAreOneCellWide(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		for name, s := range signs(New(Options{ASCII: ascii})) {
			require.Equal(t, 1, ansi.StringWidth(s), "%s %q by clusters", name, s)
			require.Equal(t, 1, ansi.StringWidthWc(s), "%s %q by runes", name, s)
			require.Equal(t, 1, utf8.RuneCountInString(s), "%s %q", name, s)
		}
	}
}

func TestSignsAreNotAmbiguous(t *testing.T) {
	for name, s := range signs(New(Options{})) {
		// Lines cannot be drawn otherwise, and nothing else says "cut" as
		// plainly: such terminals have the ASCII switch.
		if strings.HasPrefix(name, "Box.") || name == "Glyph.Ellipsis" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(s)
		require.NotEqual(t, width.EastAsianAmbiguous, width.LookupRune(r).Kind(), "%s %q", name, s)
	}
}

func TestASCIIIsASCII(t *testing.T) {
	th := New(Options{ASCII: true})
	for name, s := range signs(th) {
		require.Regexp(t, `^[ -~]$`, s, name)
	}
	require.Regexp(t, `^[ -~]+$`, th.Truncate("a long word", 5))
}

// Without colour a meaning is its glyph, so what can stand in the same place
// must differ.
func TestGlyphsTellMeaningsApart(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		th := New(Options{NoColor: true, ASCII: ascii})
		g := th.Glyph
		for family, members := range map[string][]string{
			"visit": {g.Held, g.Requested, g.Seen, g.Confirmed, g.Partial, g.Unknown, g.Differs,
				g.Overdue, g.Lost, g.Vanished, g.Expired, g.Released, g.Cancelled},
			"grid":    {g.Free, g.Busy, g.Held, g.Requested, g.Seen, g.Confirmed, g.Differs, g.Overdue, g.Unmarked},
			"outcome": {g.Ok, g.Warn, g.Cross, g.Info, g.Unknown},
			"row":     {g.Cursor, g.Mark, g.Unmarked, g.Unread},
			"sort":    {g.SortUp, g.SortDown},
			"way":     {g.Up, g.Down, g.Left, g.Right},
			"spinner": g.Spinner,
		} {
			seen := map[string]bool{}
			for _, m := range members {
				require.False(t, seen[m], "%s: %q stands for two things (ascii %v)", family, m, ascii)
				seen[m] = true
			}
		}
	}
}

func TestNoColorPaintsNothing(t *testing.T) {
	for _, name := range []Name{Auto, Light, Dark, HighContrast} {
		th := New(Options{Name: name, NoColor: true, Colors: 1 << 24})
		for field, s := range styles(th) {
			require.Equal(t, "text", s.Render("text"), "%s of %s", field, name)
		}
		require.Equal(t, "enter open", th.KeyHint("enter", "open"))
	}
}

func TestMeaningsLookDifferent(t *testing.T) {
	for _, name := range []Name{Auto, Light, Dark, HighContrast} {
		for _, dark := range []bool{false, true} {
			for _, colors := range []int{0, 16, 256, 1 << 24} {
				th := New(Options{Name: name, Dark: dark, Colors: colors})
				seen := map[string]string{}
				for _, field := range []string{"Text", "Selected", "Good", "Warn", "Danger", "Info", "BadgeLive"} {
					look := styles(th)[field].Render("x")
					require.NotContains(t, seen, look, "%s of %s looks like %s", field, name, seen[look])
					seen[look] = field
				}
				require.NotEqual(t, th.Badge.Render("x"), th.BadgeLive.Render("x"))
			}
		}
	}
}

func TestSixteenColoursAreTheTerminalsOwn(t *testing.T) {
	own := regexp.MustCompile(`^(\x1b\[([1247]|3[0-7]|9[0-7])?(;([1247]|3[0-7]|9[0-7]))*m|x)+$`)
	for _, name := range []Name{Auto, Light, Dark, HighContrast} {
		for _, dark := range []bool{false, true} {
			for field, s := range styles(New(Options{Name: name, Dark: dark, Colors: 16})) {
				require.Regexp(t, own, s.Render("x"), "%s of %s", field, name)
			}
		}
	}
}

func TestAutoFollowsTheBackground(t *testing.T) {
	for _, dark := range []bool{false, true} {
		want := map[bool]Name{false: Light, true: Dark}[dark]
		got := styles(New(Options{Name: Auto, Dark: dark, Colors: 256}))
		for field, s := range styles(New(Options{Name: want, Dark: !dark, Colors: 256})) {
			require.Equal(t, s.Render("x"), got[field].Render("x"), field)
		}
	}
}

func TestApplyChangesInPlace(t *testing.T) {
	th := New(Options{Name: Dark})
	cursor, danger := th.Glyph.Cursor, th.Danger.Render("x")
	o := th.Options()
	o.ASCII, o.NoColor = true, true
	th.Apply(o)
	require.NotEqual(t, cursor, th.Glyph.Cursor)
	require.NotEqual(t, danger, th.Danger.Render("x"))
	require.Equal(t, o, th.Options())
	o.ASCII, o.NoColor = false, false
	th.Apply(o)
	require.Equal(t, danger, th.Danger.Render("x"))
}

func TestTruncateAndPad(t *testing.T) {
	th := New(Options{})
	for _, c := range []struct {
		in               string
		width            int
		cut, left, right string
	}{
		{"abc", 5, "abc", "abc  ", "  abc"},
		{"abc", 3, "abc", "abc", "abc"},
		{"abcd", 3, "ab…", "ab…", "ab…"},
		{"abc", 1, "…", "…", "…"},
		{"abc", 0, "", "", ""},
		{"abc", -2, "", "", ""},
		{"", 2, "", "  ", "  "},
		{"日本語", 6, "日本語", "日本語", "日本語"},
		{"日本語", 4, "日…", "日… ", " 日…"},
		{"e\u0301te\u0301", 2, "e\u0301…", "e\u0301…", "e\u0301…"},
		{"\x1b[1mabcd\x1b[m", 3, "\x1b[1mab…\x1b[m", "\x1b[1mab…\x1b[m", "\x1b[1mab…\x1b[m"},
	} {
		require.Equal(t, c.cut, th.Truncate(c.in, c.width), "%q in %d", c.in, c.width)
		require.Equal(t, c.left, th.Pad(c.in, c.width), "%q in %d", c.in, c.width)
		require.Equal(t, c.right, th.PadLeft(c.in, c.width), "%q in %d", c.in, c.width)
	}
}

func TestPadFillsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := New(Options{ASCII: rapid.Bool().Draw(t, "ascii")})
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab é日本🙂ﾊ\u0301한Ωx"))).Draw(t, "text")
		w := rapid.IntRange(0, 20).Draw(t, "width")
		require.Equal(t, w, ansi.StringWidth(th.Pad(s, w)))
		require.Equal(t, w, ansi.StringWidth(th.PadLeft(s, w)))
		require.LessOrEqual(t, ansi.StringWidth(th.Truncate(s, w)), w)
		require.Equal(t, ansi.StringWidth(s), Width(s))
	})
}
