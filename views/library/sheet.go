package library

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
	"frontdesk/ui/markdown"
)

// widest is how wide text is laid out at most; longer lines are hard to read.
const widest = 100

// sheet is text that scrolls. It is laid out in a command, once for each width.
type sheet struct {
	env    *ui.Env
	keys   *keyMap
	call   *ui.Call[laid]
	lay    func(width int) []markdown.Line // nil: there is nothing
	kept   map[int][]markdown.Line         // by width
	lines  []markdown.Line
	top    int
	width  int
	height int
}

// laid is a sheet's text for one width.
type laid struct {
	width int
	lines []markdown.Line
}

func newSheet(v *View) *sheet {
	return &sheet{env: v.env, keys: &v.keys, call: ui.NewCall[laid](v.env, "lay out"), width: 80, height: 1}
}

// show replaces the text. lay must touch nothing but what it captured.
func (s *sheet) show(lay func(width int) []markdown.Line) tea.Cmd {
	s.lay, s.kept, s.lines, s.top = lay, map[int][]markdown.Line{}, nil, 0
	return s.fit()
}

func (s *sheet) clear() {
	s.call.Cancel()
	s.lay, s.kept, s.lines, s.top = nil, nil, nil, 0
}

func (s *sheet) wanted() int { return max(1, min(widest, s.width-2)) }

// fit lays the text out for the present width, unless it was before.
func (s *sheet) fit() tea.Cmd {
	if s.lay == nil {
		return nil
	}
	w, lay := s.wanted(), s.lay
	if lines, ok := s.kept[w]; ok {
		s.call.Cancel()
		s.put(lines)
		return nil
	}
	return s.call.Latest(func(ctx) (laid, error) { return laid{w, lay(w)}, nil })
}

func (s *sheet) put(lines []markdown.Line) {
	s.lines = lines
	s.scroll(0)
}

func (s *sheet) resize(width, height int) {
	s.width, s.height = width, max(1, height)
	s.scroll(0)
}

func (s *sheet) scroll(by int) { s.top = max(0, min(s.top+by, len(s.lines)-s.height)) }

// waiting keeps keys back until there is text for them to move in.
func (s *sheet) waiting() bool { return s.call.Out() && s.lines == nil }

func (s *sheet) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return s.fit()
	case ui.Result[laid]:
		if s.call.Accept(msg) {
			s.kept[msg.Value.width] = msg.Value.lines
			s.put(msg.Value.lines)
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			s.scroll(-3)
		case tea.MouseWheelDown:
			s.scroll(3)
		}
	case tea.KeyPressMsg:
		s.press(msg)
	}
	return nil
}

func (s *sheet) press(msg tea.KeyPressMsg) {
	k := s.keys
	switch {
	case key.Matches(msg, k.Up):
		s.scroll(-1)
	case key.Matches(msg, k.Down):
		s.scroll(1)
	case key.Matches(msg, k.PageUp):
		s.scroll(-max(1, s.height-1))
	case key.Matches(msg, k.PageDown):
		s.scroll(max(1, s.height-1))
	case key.Matches(msg, k.Top):
		s.scroll(-len(s.lines))
	case key.Matches(msg, k.End):
		s.scroll(len(s.lines))
	}
}

// where says how much of the text is above and below.
func (s *sheet) where() string {
	above, under := s.top, max(0, len(s.lines)-s.height-s.top)
	th := s.env.Theme
	switch {
	case above+under == 0:
		return ""
	case under == 0:
		return th.Muted.Render(th.Glyph.Up + " end")
	case above == 0:
		return th.Muted.Render(th.Glyph.Down + " more")
	}
	return th.Muted.Render(th.Glyph.Up + th.Glyph.Down + " more")
}

func (s *sheet) view() string {
	if s.lay != nil && s.lines == nil {
		return s.env.Theme.Muted.Render(" drawing...")
	}
	var rows []string
	for i := s.top; i < len(s.lines) && i < s.top+s.height; i++ {
		rows = append(rows, " "+s.lines[i].Render(s.env.Theme, s.width-1))
	}
	return strings.Join(rows, "\n")
}

func (s *sheet) bindings() []key.Binding {
	k := s.keys
	return []key.Binding{k.Down, k.Up, k.PageDown, k.PageUp, k.Top, k.End}
}
