package ui

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"strings"
)

// Reader is a dialog that shows text and, if it has any, offers actions on it.
type Reader struct {
	env     *Env
	title   string
	text    string
	port    viewport.Model
	live    func() string // the text as it is now; nil if it never changes
	width   int
	height  int
	actions []Action
	close   key.Binding
	scroll  key.Binding
}

// Action is one key of a dialog's owner. Do runs inside Update and says whether the
// dialog closes.
type Action struct {
	Key key.Binding
	Do  func() (closes bool, cmd tea.Cmd)
}

// act does what a key means to the owner of d; mine tells whether it is one of
// those.
func (e *Env) act(d Dialog, actions []Action, k tea.KeyPressMsg) (cmd tea.Cmd, mine bool) {
	for _, a := range actions {
		if key.Matches(k, a.Key) {
			closes, cmd := a.Do()
			if closes {
				e.Close(d)
			}
			return cmd, true
		}
	}
	return nil, false
}

// NewReader makes a dialog over text that is already safe to draw.
func NewReader(env *Env, title, text string, actions ...Action) *Reader {
	r := &Reader{
		env: env, title: title, text: text, actions: actions, port: viewport.New(),
		close:  One("esc", "close"),
		scroll: Bind([]string{"up", "down", "k", "j", "pgup", "pgdown"}, "up/down", "scroll"),
	}
	r.port.KeyMap = viewport.KeyMap{
		Up:       key.NewBinding(key.WithKeys("up", "k")),
		Down:     key.NewBinding(key.WithKeys("down", "j")),
		PageUp:   key.NewBinding(key.WithKeys("pgup")),
		PageDown: key.NewBinding(key.WithKeys("pgdown")),
	}
	return r
}

func (r *Reader) Title() string { return r.title }

func (r *Reader) Resize(width, height int) {
	r.width, r.height = width, height
	width = min(width, 78)
	text := ansi.Wrap(r.text, width, " ")
	r.port.SetWidth(width)
	lines := strings.Count(text, "\n") + 1
	r.port.SetHeight(min(height, lines))
	r.scroll.SetEnabled(lines > height)
	r.port.SetContent(text)
}

func (r *Reader) Update(msg tea.Msg) tea.Cmd {
	if w, ok := msg.(tea.MouseWheelMsg); ok {
		r.port, _ = r.port.Update(w)
		return nil
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if cmd, mine := r.env.act(r, r.actions, k); mine {
		return cmd
	}
	if key.Matches(k, r.close) {
		r.env.Close(r)
		return nil
	}
	var cmd tea.Cmd
	r.port, cmd = r.port.Update(msg)
	return cmd
}

func (r *Reader) View() string {
	if r.live != nil {
		if now := r.live(); now != r.text {
			r.text = now
			r.Resize(r.width, r.height)
		}
	}
	return r.port.View()
}

func (r *Reader) ShortHelp() []key.Binding {
	var ks []key.Binding
	for _, a := range r.actions {
		ks = append(ks, a.Key)
	}
	return append(ks, r.scroll, r.close)
}

func (r *Reader) FullHelp() [][]key.Binding { return [][]key.Binding{r.ShortHelp()} }
