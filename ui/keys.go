package ui

import "charm.land/bubbles/v2/key"

// globalKeys work on every tab while no text field has the keyboard. The last
// two always work.
type globalKeys struct {
	Tabs, Next, Prev, Help, Suspend, Quit key.Binding
}

func newGlobalKeys() globalKeys {
	return globalKeys{
		Tabs:    key.NewBinding(key.WithKeys("1", "2", "3", "4", "5", "6", "7", "8", "9"), key.WithHelp("1-9", "go to tab")),
		Next:    key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "next tab")),
		Prev:    key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "previous tab")),
		Help:    key.NewBinding(key.WithKeys("?", "f1"), key.WithHelp("?", "help")),
		Suspend: key.NewBinding(key.WithKeys("ctrl+z"), key.WithHelp("ctrl+z", "to the shell")),
		Quit:    key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "quit")),
	}
}

// bindings lists the global keys that work now. With a single tab there is
// nowhere to go.
func (k globalKeys) bindings(typing bool, tabs int) []key.Binding {
	if typing {
		return []key.Binding{k.Suspend, k.Quit}
	}
	if tabs < 2 {
		return []key.Binding{k.Help, k.Suspend, k.Quit}
	}
	return []key.Binding{k.Tabs, k.Next, k.Prev, k.Help, k.Suspend, k.Quit}
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
