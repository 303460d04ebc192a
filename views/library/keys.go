package library

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

func bind(keys []string, show, words string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, words))
}

func one(k, words string) key.Binding { return bind([]string{k}, k, words) }

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// articles and products
	Open, Search, Category, Type, Vendor, Products, Again, Stop, Clear key.Binding
	Edit, Import, Back                                                 key.Binding
	// the line of words searched for
	Leave, Drop key.Binding
	// an article
	Up, Down, PageUp, PageDown, Top, End, Copy key.Binding
	// before it is sent
	Send, Preview, Whose, Rework key.Binding
	// change by CSV
	Rejects, Mapping, Show, Why, Replan key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:     one("enter", "read"),
		Search:   one("s", "search"),
		Category: one("c", "category"),
		Type:     one("t", "type"),
		Vendor:   one("v", "vendor"),
		Products: one("p", "products"),
		Again:    one("r", "ask again"),
		Stop:     one("esc", "stop asking"),
		Clear:    one("esc", "show all"),
		Edit:     one("e", "edit..."),
		Import:   one("i", "change by CSV..."),
		Back:     one("esc", "back"),

		Leave: bind([]string{"enter", "down"}, "enter", "to the rows"),
		Drop:  one("esc", "leave the search"),

		Up:       bind([]string{"up", "k"}, "up/k", "up"),
		Down:     bind([]string{"down", "j"}, "down/j", "down"),
		PageUp:   bind([]string{"pgup", "b"}, "pgup/b", "page up"),
		PageDown: bind([]string{"pgdown", "space"}, "pgdn/space", "page down"),
		Top:      bind([]string{"home", "g"}, "home/g", "top"),
		End:      bind([]string{"end", "G"}, "end/G", "end"),
		Copy:     one("y", "copy the text"),

		Send:    one("y", "send..."),
		Preview: one("p", "preview or difference"),
		Whose:   one("t", "keep mine or take theirs"),
		Rework:  one("esc", "back to the form"),

		Rejects: one("x", "save rejected rows"),
		Mapping: one("m", "columns..."),
		Show:    one("f", "which rows"),
		Why:     one("enter", "whole row"),
		Replan:  one("r", "compare again"),
	}
}

// press is a message's key, or none.
func press(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
