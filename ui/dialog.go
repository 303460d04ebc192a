package ui

import (
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/ui/form"
)

// A Dialog is a layer that has the keyboard until it is closed. It opens by a
// key press only, through Env.Open, and closes itself through Env.Close.
type Dialog interface {
	Title() string
	Update(tea.Msg) tea.Cmd
	// Resize gives the most cells View may fill.
	Resize(width, height int)
	View() string
	help.KeyMap
}

// Confirm asks one question. No is the default; a typed word, if there is one,
// must be typed before Yes works.
type Confirm struct {
	env        *Env
	title      string
	body       string
	yes        string
	do         func() tea.Cmd
	onYes      bool
	more       []Action
	width      int
	quits      bool
	yesK, noK  key.Binding
	swap, take key.Binding
}

// NewConfirm makes a question; do runs when it is answered with yes.
func NewConfirm(env *Env, title, body, yes string, do func() tea.Cmd) *Confirm {
	return &Confirm{
		env: env, title: title, body: body, yes: yes, do: do,
		yesK: One("y", strings.ToLower(yes)),
		noK:  Bind([]string{"n", "esc"}, "n/esc", "no, go back"),
		swap: Bind([]string{"left", "right", "tab", "shift+tab"}, "left/right", "choose"),
		take: One("enter", "take the marked answer"),
	}
}

// Offer adds keys that are neither yes nor no. One without a help of its own is
// told by another's.
func (c *Confirm) Offer(more ...Action) *Confirm {
	c.more = append(c.more, more...)
	return c
}

// Title is what is asked about.
func (c *Confirm) Title() string { return c.title }

func (c *Confirm) Resize(width, _ int) { c.width = min(width, 64) }

func (c *Confirm) Update(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(tea.MouseClickMsg); ok {
		return c.click(m.X, m.Y)
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if cmd, mine := c.env.act(c, c.more, k); mine {
		return cmd
	}
	switch {
	case key.Matches(k, c.yesK), key.Matches(k, c.take) && c.onYes:
		c.env.Close(c)
		return c.do()
	case key.Matches(k, c.noK), key.Matches(k, c.take):
		c.env.Close(c)
	case key.Matches(k, c.swap):
		c.onYes = !c.onYes
	}
	return nil
}

// click takes the answer under a cell: the first click marks it, a click on
// the marked one takes it.
func (c *Confirm) click(x, y int) tea.Cmd {
	if y != strings.Count(c.View(), "\n") {
		return nil
	}
	yesEnd := ansi.StringWidth(c.yes) + 4
	switch onYes := x < yesEnd; {
	case onYes && c.onYes:
		c.env.Close(c)
		return c.do()
	case onYes:
		c.onYes = true
	case x < yesEnd+3:
	case !c.onYes:
		c.env.Close(c)
	default:
		c.onYes = false
	}
	return nil
}

func (c *Confirm) View() string {
	th := c.env.Theme
	yes, no := "  "+c.yes+"  ", "  No  "
	mark := th.Glyph.Cursor
	if c.onYes {
		yes = th.Selected.Render(mark + " " + c.yes + "  ")
	} else {
		no = th.Selected.Render(mark + " No  ")
	}
	return ansi.Wrap(c.body, c.width, " ") + "\n\n" + yes + "   " + no
}

// ShortHelp is the answers, then how to choose one.
func (c *Confirm) ShortHelp() []key.Binding {
	all := []key.Binding{c.yesK, c.noK}
	for _, a := range c.more {
		if a.Key.Help().Key != "" {
			all = append(all, a.Key)
		}
	}
	return append(all, c.swap, c.take)
}

// FullHelp is the same.
func (c *Confirm) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }

// longWord is how many cells a word may have to stand beside its field: a small
// screen cuts a longer one there.
const longWord = 11

// NewTyped asks a question about what cannot be undone: it is done only when
// the word has been typed as it stands.
func NewTyped(env *Env, title, body, word string, do func() tea.Cmd) *FormDialog {
	var d *FormDialog
	label := "Type " + word
	if ansi.StringWidth(word) > longWord {
		label, body = "Type it", "Type "+word+"\n\n"+body
	}
	f := form.New(env.Theme, form.Text("word", label).Required().Check(func(s string) string {
		if s != "" && s != word {
			return "Type " + word + ", as it stands, or press esc to go back."
		}
		return ""
	}))
	d = NewFormDialog(env, title, f, func(map[string]string) tea.Cmd {
		env.Close(d)
		return do()
	})
	d.Below = func(width int) string { return "\n" + ansi.Wrap(body, width, " ") }
	return d
}
