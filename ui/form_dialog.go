package ui

import (
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/ui/form"
)

// FormDialog is a form in a layer. It closes on success only: submit is given
// the values and its owner calls Env.Close or Complain when the answer is in.
type FormDialog struct {
	*form.Form
	env    *Env
	title  string
	submit func(values map[string]string) tea.Cmd
	// Changed, if set, is told after each change; its words are drawn below
	// the form.
	Changed func(values map[string]string) tea.Cmd
	// Below is drawn under the form.
	Below  func(width int) string
	width  int
	height int
	wide   int  // cells the widest line has had
	tried  bool // it was submitted, and may have been sent
	// Busy is asked whether the form was sent and not answered yet.
	Busy func() bool
	// Actions are keys of its owner's, asked before the form's.
	Actions []Action
	// Stop is asked on Esc while it is Busy: it gives up what the form waits
	// for, or says why that cannot be. The form stays open.
	Stop func()

	// Room is told of a draft before its text is put in: a form that grows makes
	// room for it. To be set before Keep.
	Room func(draft map[string]string)

	kind, record string // of its draft, see Keep
	restored     bool
	over         map[string]string // what is typed over, see Over
	began        func(map[string]string)
	elsewhere    Other // the same form in another session
	look         *Call[Other]
	take         *Call[map[string]string]
}

// NewFormDialog lays f out as a dialog.
func NewFormDialog(env *Env, title string, f *form.Form, submit func(map[string]string) tea.Cmd) *FormDialog {
	f.FocusFirst()
	return &FormDialog{Form: f, env: env, title: title, submit: submit}
}

// Waiting keeps keys back while the form is on its way, see Waiter.
func (d *FormDialog) Waiting(tea.Msg) bool {
	return d.Form.Waiting() || d.Busy != nil && d.Busy() || d.take != nil && d.take.Out()
}

// Shown reports that the form is open: what was asked for on its behalf may come
// back after somebody has left it.
func (d *FormDialog) Shown() bool { return slices.Contains(d.env.dialogs, Dialog(d)) }

func (d *FormDialog) Title() string { return d.title }

func (d *FormDialog) Resize(width, height int) {
	if width = min(width, 76); width != d.width {
		d.wide = 0
	}
	d.width, d.height = width, height
	rest := height - d.below()
	if d.draftLine() != "" {
		rest--
	}
	d.Form.Resize(d.width, max(3, rest))
}

func (d *FormDialog) below() int {
	if s := d.foot(); s != "" {
		return strings.Count(s, "\n") + 1
	}
	return 0
}

// foot is what stands under the form; a sentence is never cut.
func (d *FormDialog) foot() string {
	if d.Below == nil {
		return ""
	}
	return ansi.Wrap(d.Below(d.width), max(1, d.width), " ")
}

func (d *FormDialog) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyPressMsg); ok && d.other() && key.Matches(k, keyTake) {
		return d.takeOver()
	}
	if k, ok := msg.(tea.KeyPressMsg); ok {
		for _, a := range d.Actions {
			if key.Matches(k, a.Key) {
				return d.act(a)
			}
		}
	}
	switch m := msg.(type) {
	case tea.MouseClickMsg:
		return d.click(m)
	case tea.MouseWheelMsg:
		d.wheel(m)
		return nil
	}
	d.drafted(msg)
	event, cmd := d.Form.Update(msg)
	switch event {
	case form.Submitted:
		d.tried = true
		return tea.Batch(cmd, d.env.flush(), d.submit(d.Values()))
	case form.Cancelled:
		d.cancel()
	case form.Changed:
		d.note()
		if d.Changed != nil {
			return tea.Batch(cmd, d.Changed(d.Values()))
		}
	}
	return cmd
}

// click gives the keyboard to the field under a cell, and works a field that is
// chosen or ticked.
func (d *FormDialog) click(m tea.MouseClickMsg) tea.Cmd {
	if d.Busy != nil && d.Busy() {
		return nil
	}
	if d.draftLine() != "" {
		m.Y--
	}
	before := d.Draft()
	if m.Y < 0 || !d.Form.Click(m.X, m.Y) || maps.Equal(before, d.Draft()) {
		return nil
	}
	d.note()
	if d.Changed != nil {
		return d.Changed(d.Values())
	}
	return nil
}

// wheelLines is what one notch of the wheel scrolls a form.
const wheelLines = 3

func (d *FormDialog) wheel(m tea.MouseWheelMsg) {
	switch m.Button {
	case tea.MouseWheelUp:
		d.Wheel(-wheelLines)
	case tea.MouseWheelDown:
		d.Wheel(wheelLines)
	}
}

// act works a key of the owner's.
func (d *FormDialog) act(a Action) tea.Cmd {
	before := d.Draft()
	closes, cmd := a.Do()
	if !maps.Equal(before, d.Draft()) {
		d.note()
	}
	if closes {
		d.env.Close(d)
	}
	return cmd
}

// cancel closes the form, after a question when something has been typed.
func (d *FormDialog) cancel() {
	if d.Stop != nil && d.Busy != nil && d.Busy() {
		d.Stop()
		return
	}
	if !d.Dirty() {
		d.Wipe()
		d.env.Close(d)
		return
	}
	words := "The form " + d.title + " has changes that have not been sent."
	if d.tried {
		words = "The form " + d.title + " is still open with what you typed. Discarding that takes nothing back that was sent already."
	}
	d.env.Open(NewConfirm(d.env, "Discard what you typed?", words, "Discard",
		func() tea.Cmd { d.Sent(); return nil }))
}

func (d *FormDialog) View() string {
	s := d.Form.View()
	if l := d.draftLine(); l != "" {
		s = d.env.Theme.Info.Render(d.env.Theme.Truncate(l, d.width)) + "\n" + s
	}
	if b := d.foot(); b != "" {
		s += "\n" + b
	}
	return d.steady(s)
}

// steady makes the dialog as wide as it has been: it must not jump about while
// somebody types.
func (d *FormDialog) steady(s string) string {
	d.wide = max(d.wide, d.Wide(), lipgloss.Width(s))
	first, rest, more := strings.Cut(s, "\n")
	if first = d.env.Theme.Pad(first, d.wide); more {
		return first + "\n" + rest
	}
	return first
}

func (d *FormDialog) ShortHelp() []key.Binding {
	var all []key.Binding
	if d.other() {
		all = append(all, keyTake)
	}
	taken := map[string]bool{}
	for _, a := range d.Actions {
		all = append(all, a.Key)
		for _, k := range a.Key.Keys() {
			taken[k] = true
		}
	}
	for _, k := range d.Keys() {
		if !slices.ContainsFunc(k.Keys(), func(name string) bool { return taken[name] }) {
			all = append(all, k)
		}
	}
	return all
}

func (d *FormDialog) FullHelp() [][]key.Binding { return [][]key.Binding{d.ShortHelp()} }
