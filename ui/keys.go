package ui

import "charm.land/bubbles/v2/key"

// globalKeys work on every tab while no text field has the keyboard. Those of
// always work at any time.
type globalKeys struct {
	Tabs, Next, Prev, Help, Caller, HelpToo, Palette, TakeBack, Lock, Mouse, Suspend, Quit key.Binding
}

func newGlobalKeys() globalKeys {
	return globalKeys{
		Tabs:     key.NewBinding(key.WithKeys("1", "2", "3", "4", "5", "6", "7", "8", "9"), key.WithHelp("1-9", "go to tab")),
		Next:     key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "next tab")),
		Prev:     key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "previous tab")),
		Help:     key.NewBinding(key.WithKeys("?", "f1"), key.WithHelp("?", "help")),
		Caller:   key.NewBinding(key.WithKeys("#"), key.WithHelp("#", "who is calling")),
		HelpToo:  key.NewBinding(key.WithKeys("f1"), key.WithHelp("f1", "help")),
		Palette:  key.NewBinding(key.WithKeys("ctrl+p"), key.WithHelp("ctrl+p", "find an action or a record")),
		TakeBack: key.NewBinding(key.WithKeys("ctrl+x"), key.WithHelp("ctrl+x", "take back what is not sent yet")),
		Lock:     key.NewBinding(key.WithKeys("ctrl+l"), key.WithHelp("ctrl+l", "lock the desk")),
		Mouse:    key.NewBinding(key.WithKeys("ctrl+t", "f6")),
		Suspend:  key.NewBinding(key.WithKeys("ctrl+z"), key.WithHelp("ctrl+z", "to the shell")),
		Quit:     key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "quit")),
	}
}

// bindings lists the global keys that work now. With a single tab there is
// nowhere to go.
func (k globalKeys) bindings(typing bool, tabs int) []key.Binding {
	switch {
	case typing:
		return k.over()
	case tabs < 2:
		return append(enabled([][]key.Binding{{k.Help, k.Caller}}), k.always()...)
	}
	return append(enabled([][]key.Binding{{k.Tabs, k.Next, k.Prev, k.Help, k.Caller}}), k.always()...)
}

// over lists the keys that work while somebody types and over a dialog: there a
// question mark is text.
func (k globalKeys) over() []key.Binding {
	return append(enabled([][]key.Binding{{k.HelpToo}}), k.always()...)
}

// always lists the keys that work at any time.
func (k globalKeys) always() []key.Binding {
	return enabled([][]key.Binding{{k.Palette, k.TakeBack, k.Lock, k.Mouse, k.Suspend, k.Quit}})
}

// enabled flattens what a key map shows and drops what is switched off.
func enabled(groups [][]key.Binding) []key.Binding {
	var all []key.Binding
	for _, g := range groups {
		for _, b := range g {
			if b.Enabled() {
				all = append(all, b)
			}
		}
	}
	return all
}

// fitKeys switches on what works now.
func (a *App) fitKeys() {
	a.keys.Lock.SetEnabled(a.lock.works())
	a.keys.Caller.SetEnabled(a.env.Callers != "")
	a.keys.TakeBack.SetEnabled(len(a.env.pending) > 0)
	words := "give the mouse to frontdesk"
	if a.env.Mouse {
		words = "give the mouse to the terminal"
	}
	a.keys.Mouse.SetHelp("ctrl+t", words)
}
