package library

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"frontdesk/ui"
)

// settle is how long typing must rest before the EMR is asked.
const settle = 250 * time.Millisecond

// leastSearch is the fewest characters the EMR is asked for.
const leastSearch = 2

const seekPrompt = "Search: "

// seeker is the line in which the words of a search are typed.
type seeker struct {
	env   *ui.Env
	keys  *keyMap
	input textinput.Model
	open  bool
	gen   int
	ask   func() tea.Cmd // asks for the present words, if they are not asked for yet
	anew  func()         // the words are others: the cursor goes to the first row
}

type settledMsg struct {
	owner *seeker
	gen   int
}

func newSeeker(v *View, ask func() tea.Cmd, anew func()) *seeker {
	s := &seeker{env: v.env, keys: &v.keys, input: textinput.New(), ask: ask, anew: anew}
	s.input.Prompt = seekPrompt
	s.input.CharLimit = 100
	s.input.SetVirtualCursor(false)
	s.input.SetStyles(v.env.Theme.TextInput())
	s.input.KeyMap.Paste.SetEnabled(false) // it reads another machine's clipboard
	return s
}

// words is what to ask for; "" for all.
func (s *seeker) words() string {
	w := strings.TrimSpace(s.input.Value())
	if len([]rune(w)) < leastSearch {
		return ""
	}
	return w
}

func (s *seeker) start() {
	s.open = true
	s.input.Focus()
	s.input.CursorEnd()
}

func (s *seeker) close() {
	s.open = false
	s.gen++
	s.input.Blur()
}

// clear forgets the words.
func (s *seeker) clear() tea.Cmd {
	s.close()
	s.input.Reset()
	return s.ask()
}

func (s *seeker) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case settledMsg:
		if msg.owner == s && msg.gen == s.gen && s.open {
			return s.ask()
		}
		return nil
	case tea.PasteMsg:
		return s.edit(ui.OneLine(msg))
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, s.keys.Leave), key.Matches(msg, s.keys.Drop):
			s.close()
			return s.ask()
		}
		return s.edit(msg)
	}
	return nil
}

func (s *seeker) edit(msg tea.Msg) tea.Cmd {
	before := s.words()
	s.input, _ = s.input.Update(msg)
	if s.words() == before {
		return nil
	}
	s.gen++
	s.anew()
	return s.env.After(settle, settledMsg{s, s.gen})
}

func (s *seeker) resize(width int) { s.input.SetWidth(max(5, width-len(seekPrompt)-2)) }

// view is the line, or what was searched for.
func (s *seeker) view(rest string) string {
	if s.open {
		return " " + s.input.View()
	}
	return " " + rest
}

func (s *seeker) cursor() *tea.Cursor {
	if !s.open {
		return nil
	}
	c := s.input.Cursor()
	if c != nil {
		c.X++
	}
	return c
}

// below moves a cursor down by the lines drawn above its owner.
func below(c *tea.Cursor, lines int) *tea.Cursor {
	if c != nil {
		c.Y += lines
	}
	return c
}
