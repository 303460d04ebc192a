package form

import (
	"strings"
	"testing"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/ui/theme"
)

func TestBreaks(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		rows []string
	}{
		{"", 5, []string{""}},
		{"abc", 5, []string{"abc"}},
		{"abcde", 5, []string{"abcde"}},
		{"abcdef", 5, []string{"abcde", "f"}},
		{"ab cd ef", 5, []string{"ab cd ", "ef"}},
		{"ab cdefg", 5, []string{"ab ", "cdefg"}},
		{"ab      cd", 5, []string{"ab      ", "cd"}},
		{"日本語です", 5, []string{"日本", "語で", "す"}},
		{"a 日本語", 5, []string{"a ", "日本", "語"}},
		{"ab", 1, []string{"a", "b"}},
		{"日", 1, []string{"日"}},
	} {
		starts := breaks(c.in, c.w)
		var rows []string
		for i := range starts {
			rows = append(rows, rowText(c.in, starts, i))
		}
		require.Equal(t, c.rows, rows, c.in)
	}
}

func TestBreaksKeepEverythingAndFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab é日本🙂   \u0301한x"))).Draw(t, "text")
		w := rapid.IntRange(2, 12).Draw(t, "width")
		starts := breaks(s, w)
		whole := ""
		for i := range starts {
			row := rowText(s, starts, i)
			require.LessOrEqual(t, theme.Width(strings.TrimRight(row, " ")), w, "%q", row)
			whole += row
		}
		require.Equal(t, s, whole)
	})
}

// Editing is the textarea's of bubbles, where lines are not wrapped.
func TestEditingIsThatOfTheTextarea(t *testing.T) {
	press := func(name string) tea.Msg { return press(name) }
	rapid.Check(t, func(t *rapid.T) {
		ours := newBlock(5)
		ours.wide = 200
		theirs := textarea.New()
		theirs.CharLimit, theirs.MaxHeight, theirs.MaxWidth = 0, 0, 0
		theirs.SetWidth(200)
		theirs.Focus()
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "b", "日", "space", "enter", "enter", "left", "right", "home", "end", "backspace", "backspace", "delete",
			"ctrl+u", "ctrl+k", "ctrl+w", "alt+d", "up", "down",
		}), 0, 60).Draw(t, "keys")
		for _, name := range steps {
			k := press(name).(tea.KeyPressMsg)
			vertical := name == "up" || name == "down"
			if vertical && (ours.row == 0 && name == "up" || ours.row == len(ours.lines)-1 && name == "down") {
				continue // theirs moves within the line, ours stays
			}
			if here := ours.in.Position(); name == "delete" && here == len([]rune(ours.line.text()))-1 {
				continue // theirs takes the end of the line along
			}
			ours.edit(k)
			if theirs, _ = theirs.Update(k); vertical {
				// Both keep to a cell; theirs may stop one before the end.
				require.Equal(t, theirs.Line(), ours.row)
				theirs.SetCursorColumn(ours.in.Position())
				ours.goal = -1
			}
			require.Equal(t, theirs.Value(), ours.text(), name)
			require.Equal(t, []int{theirs.Line(), theirs.Column()}, []int{ours.row, ours.in.Position()}, name)
		}
	})
}

func TestUpAndDownKeepTheirCell(t *testing.T) {
	f := New(plain(), Area("a", "A", 4).Width(11))
	at := func() (int, int) { c := f.Cursor(); return c.X - f.left - 1, c.Y }
	require.Empty(t, play(f, "<up><down>"))
	play(f, "one two three four<enter>日本<enter>12345678")
	for _, s := range []struct {
		key  string
		x, y int
	}{
		{"up", 4, 2}, {"up", 8, 1}, {"up", 7, 0}, {"up", 7, 0},
		{"down", 8, 1}, {"down", 4, 2}, {"down", 8, 3}, {"down", 8, 3}, {"pgup", 7, 0}, {"pgdown", 8, 3},
		{"up", 4, 2}, {"left", 2, 2}, {"down", 2, 3},
	} {
		play(f, "<"+s.key+">")
		x, y := at()
		require.Equal(t, []int{s.x, s.y}, []int{x, y}, s.key)
	}
}

func TestLongTextScrolls(t *testing.T) {
	f := New(plain(), Area("a", "A", 3))
	f.Set("a", strings.Repeat("x\n", 40000)+"end")
	require.Contains(t, see(f), "│end")
	play(f, "<ctrl+home>first ")
	require.Contains(t, see(f), "│first x")
	require.Equal(t, 0, f.Cursor().Y)
	play(f, "<pgdown><pgdown>!")
	require.Regexp(t, `^first x\nx\nx\nx\nx!\n`, f.Value("a"))
	require.True(t, f.Click(f.left+2, 0))
	play(f, "?")
	require.Regexp(t, `^first x\nx\nx\?\nx\nx!\n`, f.Value("a"))
}

func BenchmarkLongArea(b *testing.B) {
	f := New(plain(), Area("a", "A", 10))
	f.Update(tea.PasteMsg{Content: strings.Repeat("She asked to be called back after four, or any time tomorrow before noon.\n", 400)})
	keys := []tea.KeyPressMsg{press("a"), press("backspace")}
	for i := 0; b.Loop(); i++ {
		f.Update(keys[i%2])
		_, _ = f.View(), f.Cursor()
	}
}
