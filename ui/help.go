package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
)

// Bindings lists every key that works at this moment, and nothing else: those
// of the lock, of the top dialog, or of the view and the frame. The help is
// drawn from it.
func (a *App) Bindings() []key.Binding {
	if a.lock.on || a.lock.hidden {
		return a.lockBindings()
	}
	if n := len(a.env.dialogs); n > 0 {
		keys := a.keys
		keys.Palette.SetEnabled(!a.finding())
		keys.HelpToo.SetEnabled(!a.finding())
		return append(enabled(a.env.dialogs[n-1].FullHelp()), keys.over()...)
	}
	v := a.view()
	return append(enabled(v.FullHelp()), a.keys.bindings(v.Typing(), len(a.views))...)
}

// askHelp opens the help, or closes it.
func (a *App) askHelp() {
	if a.helping != nil && a.env.Shows(a.helping) {
		a.env.Close(a.helping)
		return
	}
	a.helping = a.help()
	a.env.Open(a.helping)
}

// help is the overlay of all keys that work now: those of the dialog on top, or
// of the tab.
func (a *App) help() Dialog {
	th := a.env.Theme
	title, groups, everywhere := a.view().Title(), a.view().FullHelp(), a.keys.bindings(a.view().Typing(), len(a.views))
	h, helps := a.view().(Helper)
	if n := len(a.env.dialogs); n > 0 {
		d := a.env.dialogs[n-1]
		title, groups, everywhere, helps = d.Title(), d.FullHelp(), a.keys.over(), false
	}
	var b strings.Builder
	line := func(k key.Binding) {
		b.WriteString(th.Key.Render(th.Pad(th.KeyName(k.Help().Key), 14)) + k.Help().Desc + "\n")
	}
	b.WriteString(th.Title.Render(title) + "\n")
	for _, group := range groups {
		some := false
		for _, k := range group {
			if k.Enabled() {
				line(k)
				some = true
			}
		}
		if some {
			b.WriteString("\n")
		}
	}
	b.WriteString(th.Title.Render("Everywhere") + "\n")
	for _, k := range everywhere {
		line(k)
	}
	if a.env.Mouse {
		b.WriteString("\n" + th.Title.Render("Mouse") + "\n" + mouseHelp)
	}
	if helps {
		b.WriteString("\n" + h.HelpText())
	}
	return NewReader(a.env, "Keys", strings.TrimRight(b.String(), "\n"))
}

// mouseHelp is what the mouse does, one line for each way to use it.
const mouseHelp = `A click       chooses a row or a field, presses a tab or a key in the last line,
              sorts by the head of a column, and the other way round.
Two clicks    open a row, as enter does.
The wheel     moves the cursor in a list and turns a long text or form.
`

// Helper is a View with something to add below its keys in the help, such as
// what it cannot promise.
type Helper interface{ HelpText() string }
