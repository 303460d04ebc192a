package prospects

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
	// the list
	Open, Search, Quick, Full, Filter, Saved, Columns, All, Patients, Scan, Import, Export, Again, Leave, Clear key.Binding
	// a person
	Edit, Tag, Untag, Bare, Undo, Slot, Visits, Tickets, Bills, Enroll, Delete, Alike, Copy, Down, Up, Back, Reveal key.Binding
	// tags of many
	Retry, Settle, Stop key.Binding
	// duplicates
	Apart, First, Second key.Binding
	// import
	Map, Take, TakeAll, Faults, Start, Rejects key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:     one("enter", "open"),
		Search:   one("/", "search"),
		Quick:    one("n", "new person"),
		Full:     one("N", "new, all fields"),
		Filter:   one("F", "filter..."),
		Saved:    one("f", "saved filters"),
		Columns:  one("c", "columns..."),
		All:      one("A", "load everybody"),
		Patients: one("P", "with or without patients"),
		Scan:     one("D", "find duplicates"),
		Import:   one("I", "import a file..."),
		Export:   one("x", "export..."),
		Again:    one("r", "read again"),
		Leave:    one("esc", "leave the search"),
		Clear:    one("esc", "back to the whole list"),

		Edit:    one("e", "edit"),
		Tag:     one("t", "tag..."),
		Untag:   one("u", "take a tag off..."),
		Bare:    one("X", "take all tags off..."),
		Undo:    one("z", "put the tags back"),
		Slot:    one("s", "find a slot"),
		Visits:  one("v", "visits"),
		Tickets: one("m", "tickets"),
		Bills:   one("b", "bills"),
		Enroll:  one("l", "enrollment"),
		Delete:  one("d", "delete?"),
		Alike:   one("w", "who is alike"),
		Copy:    one("y", "copy"),
		Down:    bind([]string{"down", "j", "pgdown"}, "down/j", "further down"),
		Up:      bind([]string{"up", "k", "pgup"}, "up/k", "further up"),
		Back:    one("esc", "back"),
		Reveal:  one("ctrl+r", "show or hide personal data"),

		Retry:  one("r", "try the failed again"),
		Settle: one("u", "find out the unknown"),
		Stop:   one("s", "stop after this one"),

		Apart:  one("n", "not a duplicate"),
		First:  one("enter", "open the first"),
		Second: one("e", "open the second"),

		Map:     one("m", "columns..."),
		Take:    one("t", "send or leave out"),
		TakeAll: one("a", "send all duplicates too"),
		Faults:  one("f", "only what is not sent"),
		Start:   one("y", "send"),
		Rejects: one("w", "save the rejects"),
	}
}

// rowKeys move in the answers while the text has the keyboard.
var rowKeys = bind([]string{"up", "down", "pgup", "pgdown"}, "up/down", "choose")

// pick is enter in the search.
var pick = one("enter", "open")

// pressed is a message's key, or none.
func pressed(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
