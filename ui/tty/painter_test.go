package tty

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// glass is a terminal that shows what a painter sends through a Wall.
type glass struct {
	*vt.Emulator
	wall   *Wall
	sent   int
	cursor bool // visible
	shape  string
}

func newGlass(t require.TestingT, w, h int) *glass {
	g := &glass{Emulator: vt.NewEmulator(w, h), cursor: true}
	g.SetCallbacks(vt.Callbacks{
		CursorVisibility: func(on bool) { g.cursor = on },
		CursorStyle:      func(s vt.CursorStyle, blink bool) { g.shape = fmt.Sprint(s, blink) },
	})
	g.wall = &Wall{title: "frontdesk", pump: newPump(writer(func(p []byte) (int, error) {
		g.sent += len(p)
		return g.Emulator.Write(p)
	})), lines: func() int { return g.Emulator.Height() }}
	go func() { _, _ = io.Copy(io.Discard, g.Emulator) }()
	return g
}

func (g *glass) end() { _ = g.InputPipe().(io.Closer).Close() }

// shows is every cell with its style, a row to a line.
func (g *glass) shows() []string {
	g.wall.pump.flush(time.Minute)
	rows := make([]string, g.Height())
	for y := range rows {
		var b strings.Builder
		for x := range g.Width() {
			c := g.CellAt(x, y)
			if c == nil {
				b.WriteByte(' ')
				continue
			}
			if st := seen(c); !st.IsZero() {
				b.WriteString("<" + st.String()[2:] + ">")
			}
			if c.Content == "" && c.Width > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(c.Content)
		}
		rows[y] = b.String()
	}
	return rows
}

// seen is what of a cell's style a person sees: a blank is neither bold nor red.
func seen(c *uv.Cell) uv.Style {
	st := c.Style
	if c.Content == " " || c.Content == "" {
		st.Attrs &= uv.AttrReverse | uv.AttrStrikethrough
		if st.Attrs == 0 && st.Underline == 0 {
			st.Fg = nil
		}
	}
	return st
}

// wholeFrame is what a terminal shows that is sent all of a view, by hand.
func wholeFrame(t require.TestingT, v tea.View, w, h int) []string {
	g := newGlass(t, w, h)
	defer g.end()
	for y, line := range strings.Split(v.Content, "\n") {
		if y < h {
			_, _ = fmt.Fprintf(g.Emulator, "\x1b[%d;1H\x1b[m%s", y+1, ansi.Truncate(line, w, ""))
		}
	}
	return g.shows()
}

// Texts whose widths everybody agrees on, and those only terminals with
// grapheme widths do.
var (
	words    = []string{"a", "openings ", "Doe", "  ", "José", "Zö\u0323", "Ж\u0301Ж\u0301", "田中 見本", "田", "한", "─│╭", "שלום", "…", "12:30  ", "iiiiiiiiiiiiiiii", "          "}
	clusters = []string{"👩🏽", "🇺🇸", "👨‍👩‍👧", "❤️"}
	inks     = []string{"", "", "1", "7", "4", "9;2", "38;5;221", "1;38;5;8;48;5;238", "38;2;1;2;3", "3;31", "97;44"}
)

// scene is a screen that changes as screens of lists do.
type scene struct {
	w, h   int
	lines  []string
	words  []string
	dialog bool
}

func (s *scene) line(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 6).Draw(t, "pieces") {
		text := rapid.SampledFrom(s.words).Draw(t, "text")
		if ink := rapid.SampledFrom(inks).Draw(t, "ink"); ink != "" {
			text = "\x1b[" + ink + "m" + text + "\x1b[m"
		}
		b.WriteString(text)
	}
	return b.String()
}

// change moves the scene on and may turn its size.
func (s *scene) change(t *rapid.T) (resized bool) {
	switch rapid.SampledFrom([]string{"line", "line", "up", "down", "swap", "blank", "fill", "tail", "dialog", "resize", "nothing"}).Draw(t, "change") {
	case "line":
		s.lines[rapid.IntRange(0, s.h-1).Draw(t, "y")] = s.line(t)
	case "up":
		top := rapid.IntRange(0, s.h-1).Draw(t, "top")
		end := rapid.IntRange(top, s.h-1).Draw(t, "end")
		copy(s.lines[top:end], s.lines[top+1:end+1])
		s.lines[end] = s.line(t)
	case "down":
		top := rapid.IntRange(0, s.h-1).Draw(t, "top")
		end := rapid.IntRange(top, s.h-1).Draw(t, "end")
		copy(s.lines[top+1:end+1], s.lines[top:end])
		s.lines[top] = s.line(t)
	case "swap":
		a, b := rapid.IntRange(0, s.h-1).Draw(t, "a"), rapid.IntRange(0, s.h-1).Draw(t, "b")
		s.lines[a], s.lines[b] = s.lines[b], s.lines[a]
	case "blank":
		clear(s.lines[rapid.IntRange(0, s.h-1).Draw(t, "from"):])
	case "fill":
		for y := range s.lines {
			s.lines[y] = s.line(t)
		}
	case "tail":
		y := rapid.IntRange(0, s.h-1).Draw(t, "y")
		s.lines[y] = ansi.Truncate(s.lines[y], rapid.IntRange(0, s.w).Draw(t, "x"), "") + s.line(t)
	case "dialog":
		s.dialog = !s.dialog
	case "resize":
		s.w, s.h = rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 14).Draw(t, "h")
		s.lines = append(s.lines, make([]string, 14)...)[:s.h]
		return true
	}
	return false
}

func (s *scene) view(t *rapid.T) tea.View {
	lines := make([]string, s.h)
	for y, l := range s.lines {
		if s.dialog && y > 0 && y < 5 && s.w > 12 {
			l = ansi.Truncate(l, 4, "") + "\x1b[m\x1b[1m│ sure? │\x1b[m" + ansi.TruncateLeft(l, 13, "")
		}
		lines[y] = ansi.Truncate(l, s.w, "")
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen, v.WindowTitle, v.ReportFocus = true, "frontdesk", true
	v.MouseMode = rapid.SampledFrom([]tea.MouseMode{tea.MouseModeNone, tea.MouseModeCellMotion, tea.MouseModeAllMotion}).Draw(t, "mouse")
	if rapid.Bool().Draw(t, "cursor") {
		v.Cursor = tea.NewCursor(rapid.IntRange(-1, s.w+50).Draw(t, "x"), rapid.IntRange(-1, s.h+5).Draw(t, "y"))
		v.Cursor.Shape = rapid.SampledFrom([]tea.CursorShape{tea.CursorBlock, tea.CursorBar}).Draw(t, "shape")
	}
	return v
}

// TestWhatIsPaintedIsTheView paints screens that change at random and compares
// every cell, its style and the cursor with a terminal that was sent the whole
// of each.
func TestWhatIsPaintedIsTheView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &scene{w: 40, h: 12, lines: make([]string, 12), words: words}
		g := newGlass(t, s.w, s.h)
		defer g.end()
		p := newPainter(g.wall, []string{"TERM=" + rapid.SampledFrom([]string{"xterm-256color", "xterm-ghostty", "linux", "tmux-256color"}).Draw(t, "TERM")})
		p.colour(colorprofile.TrueColor)
		p.sync = rapid.Bool().Draw(t, "sync")
		if rapid.Bool().Draw(t, "widths") {
			p.report(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
			s.words = append(words[:len(words):len(words)], clusters...)
		}
		p.resize(s.w, s.h)
		for range rapid.IntRange(1, 20).Draw(t, "frames") {
			if s.change(t) {
				g.Resize(s.w, s.h)
				p.resize(s.w, s.h)
			}
			if rapid.IntRange(0, 9).Draw(t, "away") == 0 {
				p.leave()
				g.wall.pump.flush(time.Minute)
				require.False(t, g.IsAltScreen())
				_, _ = g.WriteString("\x1b[31m$ \x1b[2;3Hfg\r\n")
			}
			v := s.view(t)
			p.paint(v)
			require.Equal(t, wholeFrame(t, v, s.w, s.h), g.shows())
			require.Equal(t, v.Cursor != nil, g.cursor)
			if v.Cursor != nil {
				at := tea.Position{X: max(0, min(v.Cursor.X, s.w-1)), Y: max(0, min(v.Cursor.Y, s.h-1))}
				require.Equal(t, at, tea.Position(g.CursorPosition()))
			}
			sent := g.sent
			p.paint(v)
			g.wall.pump.flush(time.Minute)
			require.Equal(t, sent, g.sent, "what did not change")
		}
		require.Zero(t, g.wall.Dropped(), "the Wall knows all of it")
	})
}

// TestColoursTheTerminalHas is the painter's part of NO_COLOR and of terminals
// with fewer colours.
func TestColoursTheTerminalHas(t *testing.T) {
	for has, want := range map[colorprofile.Profile]string{
		colorprofile.TrueColor: "\x1b[38;2;255;0;0;1mred", colorprofile.ANSI256: "\x1b[38;5;196;1mred",
		colorprofile.ANSI: "\x1b[91;1mred", colorprofile.ASCII: "\x1b[1mred",
	} {
		var b bytes.Buffer
		p := newPainter(&b, []string{"TERM=xterm-256color"})
		p.resize(10, 2)
		p.colour(has)
		p.paint(tea.NewView("\x1b[1;38;2;255;0;0mred\x1b[m"))
		require.Contains(t, b.String(), want, has.String())
	}
}

// TestATerminalWithoutASize is what some lines tell before they tell the truth.
func TestATerminalWithoutASize(t *testing.T) {
	g := newGlass(t, 20, 3)
	defer g.end()
	p := newPainter(g.wall, []string{"TERM=xterm-256color"})
	for _, size := range [][2]int{{0, 0}, {0, 5}, {5, 0}, {20, 3}} {
		v := tea.NewView("one\ntwo")
		v.Cursor = tea.NewCursor(1, 1)
		p.resize(size[0], size[1])
		p.paint(v)
	}
	g.shows()
	require.Equal(t, "one\ntwo", strings.TrimSpace(g.String()))
}

// TestModes goes from every set of modes to every other and back out.
func TestModes(t *testing.T) {
	view := func(mouse tea.MouseMode, shape tea.CursorShape, events bool) tea.View {
		v := tea.NewView("")
		v.MouseMode, v.ReportFocus, v.WindowTitle = mouse, true, "frontdesk"
		v.KeyboardEnhancements.ReportEventTypes = events
		v.Cursor = tea.NewCursor(0, 0)
		v.Cursor.Shape = shape
		return v
	}
	plain := view(tea.MouseModeNone, tea.CursorBar, false)
	moved := view(tea.MouseModeCellMotion, tea.CursorBlock, true)
	all := view(tea.MouseModeAllMotion, tea.CursorBlock, true)
	hidden := view(tea.MouseModeAllMotion, tea.CursorBlock, true)
	hidden.Cursor, hidden.DisableBracketedPasteMode, hidden.ReportFocus = nil, true, false
	for _, c := range []struct {
		was, is *tea.View
		want    string
	}{
		{nil, &plain, "\x1b[?2004h\x1b[?1004h\x1b]2;frontdesk\a\x1b[5 q\x1b[>4;2m\x1b[>1u\x1b[?u"},
		{&plain, &plain, ""},
		{&plain, &moved, "\x1b[?1002h\x1b[?1006h\x1b[1 q\x1b[=3;1u\x1b[?u"},
		{&moved, &all, "\x1b[?1002l\x1b[?1003h"},
		{&all, &hidden, "\x1b[?2004l\x1b[?1004l\x1b[0 q"},
		{&all, &plain, "\x1b[?1003l\x1b[?1006l\x1b[5 q\x1b[=1;1u\x1b[?u"},
		{&hidden, nil, "\x1b[?1003l\x1b[?1006l\x1b]2;\a\x1b[>4m\x1b[<1u"},
		{&moved, nil, "\x1b[?2004l\x1b[?1004l\x1b[?1002l\x1b[?1006l\x1b]2;\a\x1b[0 q\x1b[>4m\x1b[<1u"},
	} {
		require.Equal(t, c.want, modeChange(c.was, c.is))
	}
}

// BenchmarkPaint is a cursor that moves through a list.
func BenchmarkPaint(b *testing.B) {
	views := make([]tea.View, 2)
	for i := range views {
		lines := strings.Split(strings.TrimSuffix(strings.Repeat("│ \x1b[38;5;221m12:30\x1b[m  José Testperson   田中 見本   555-555-0123   \x1b[1mHELD\x1b[m\n", 40), "\n"), "\n")
		lines[10+i] = "\x1b[7m" + ansi.Strip(lines[10+i]) + "\x1b[m"
		views[i] = tea.NewView(strings.Join(lines, "\n"))
	}
	p := newPainter(io.Discard, []string{"TERM=xterm-256color"})
	p.colour(colorprofile.ANSI256)
	p.resize(120, 40)
	for i := 0; b.Loop(); i++ {
		p.paint(views[i%2])
	}
}
