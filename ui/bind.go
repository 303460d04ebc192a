package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// Bind is a binding of keys, which the help shows as show with words.
func Bind(keys []string, show, words string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, words))
}

// One is a binding of one key, which the help shows by its name.
func One(k, words string) key.Binding { return Bind([]string{k}, k, words) }

// Pressed is a message's key, or one that matches no binding.
func Pressed(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
