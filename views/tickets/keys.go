package tickets

import "charm.land/bubbles/v2/key"

func bind(keys []string, show, words string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, words))
}

func one(k, words string) key.Binding { return bind([]string{k}, k, words) }

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// the board
	Open, Next, Layout, Filter, Views, Save, Again, Read, Clear key.Binding
	// in columns
	Up, Down, Left, Right, First, Last key.Binding
	// the filter's line
	Apply, Leave key.Binding
	// board and ticket
	Comment, Status, Take, Over, Snooze, Create key.Binding
	// a ticket
	OnCategory, Edit, Link, Export, Reveal, Back         key.Binding
	LineUp, LineDown, PageUp, PageDown, PrevMark, OnMark key.Binding
	// a comment
	Aside, Editor, Reply, Article key.Binding
	// several at once
	Retry, Close key.Binding
	// a new one for the EMR
	Instead key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:   one("enter", "open"),
		Next:   one("n", "next one"),
		Layout: one("b", "list or columns"),
		Filter: one("/", "filter"),
		Views:  one("v", "views..."),
		Save:   one("V", "save this filter..."),
		Again:  one("r", "ask again"),
		Read:   one("m", "mark as read"),
		Clear:  one("esc", "show all again"),

		Up:    bind([]string{"up", "k"}, "up/k", "up"),
		Down:  bind([]string{"down", "j"}, "down/j", "down"),
		Left:  bind([]string{"left", "h"}, "left/h", "column before"),
		Right: bind([]string{"right", "l"}, "right/l", "next column"),
		First: bind([]string{"home", "g"}, "home/g", "first"),
		Last:  bind([]string{"end", "G"}, "end/G", "last"),

		Apply: one("enter", "filter"),
		Leave: one("esc", "leave the filter as it was"),

		Comment: one("c", "comment"),
		Status:  one("s", "status..."),
		Take:    one("t", "take or give back"),
		Over:    one("T", "take over"),
		Snooze:  one("z", "snooze or wake"),
		Create:  one("a", "new ticket..."),

		OnCategory: one("C", "comment on the category"),
		Edit:       one("e", "edit..."),
		Link:       one("L", "link..."),
		Export:     one("x", "export..."),
		Reveal:     one("ctrl+r", "show or hide personal data"),
		Back:       one("esc", "back"),
		LineUp:     bind([]string{"up", "k"}, "up/k", "scroll up"),
		LineDown:   bind([]string{"down", "j"}, "down/j", "scroll down"),
		PageUp:     one("pgup", "page up"),
		PageDown:   bind([]string{"pgdown", "space"}, "pgdn", "page down"),
		PrevMark:   bind([]string{"left", "h"}, "left/h", "category before"),
		OnMark:     bind([]string{"right", "l"}, "right/l", "next category"),

		Aside:   one("esc", "put aside, kept as a draft"),
		Editor:  one("ctrl+o", "write in your editor"),
		Reply:   one("ctrl+n", "insert a reply"),
		Article: one("ctrl+y", "insert from the knowledge base"),

		Retry:   one("r", "send the failed ones again"),
		Close:   one("esc", "close"),
		Instead: one("c", "create in Connect4Healthcare instead"),
	}
}
