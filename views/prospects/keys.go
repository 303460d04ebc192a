package prospects

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// the list
	Open, Search, Quick, Full, Filter, Saved, Columns, All, Patients, Scan, Import, Export, Again, Leave, Clear key.Binding
	// a person
	Edit, Tag, Untag, Bare, Undo, Slot, Visits, Tickets, Bills, Enroll, Delete, Alike, Copy, Down, Up, Top, End, Back, Reveal key.Binding
	// tags of many
	Retry, Settle, Stop key.Binding
	// duplicates
	Apart, Rejoin, First, Second key.Binding
	// import
	Map, Take, TakeAll, Faults, Start, Rejects key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:     ui.One("enter", "open"),
		Search:   ui.One("/", "search"),
		Quick:    ui.One("n", "new person"),
		Full:     ui.One("N", "new, all fields"),
		Filter:   ui.One("F", "filter..."),
		Saved:    ui.One("f", "saved filters"),
		Columns:  ui.One("c", "columns..."),
		All:      ui.One("A", "load everybody"),
		Patients: ui.One("P", "with or without patients"),
		Scan:     ui.One("D", "find duplicates"),
		Import:   ui.One("I", "import a file..."),
		Export:   ui.One("x", "export..."),
		Again:    ui.One("r", "read again"),
		Leave:    ui.One("esc", "leave the search"),
		Clear:    ui.One("esc", "back to the whole list"),

		Edit:    ui.One("e", "edit"),
		Tag:     ui.One("t", "tag..."),
		Untag:   ui.One("u", "take a tag off..."),
		Bare:    ui.One("X", "take all tags off..."),
		Undo:    ui.One("z", "put the tags back"),
		Slot:    ui.One("s", "find a slot"),
		Visits:  ui.One("v", "visits"),
		Tickets: ui.One("m", "tickets"),
		Bills:   ui.One("b", "bills"),
		Enroll:  ui.One("l", "enrollment"),
		Delete:  ui.One("d", "delete?"),
		Alike:   ui.One("w", "who is alike"),
		Copy:    ui.One("y", "copy"),
		Down:    ui.Bind([]string{"down", "j", "pgdown"}, "down/j", "further down"),
		Up:      ui.Bind([]string{"up", "k", "pgup"}, "up/k", "further up"),
		Top:     ui.Bind([]string{"home", "g"}, "home/g", "top"),
		End:     ui.Bind([]string{"end", "G"}, "end/G", "end"),
		Back:    ui.One("esc", "back"),
		Reveal:  ui.One("ctrl+r", "show or hide personal data"),

		Retry:  ui.One("r", "try the failed again"),
		Settle: ui.One("u", "find out the unknown"),
		Stop:   ui.One("s", "stop after this one"),

		Apart:  ui.One("n", "not a duplicate"),
		Rejoin: ui.One("z", "take that back"),
		First:  ui.One("enter", "open the first"),
		Second: ui.One("e", "open the second"),

		Map:     ui.One("m", "columns..."),
		Take:    ui.One("t", "send or leave out"),
		TakeAll: ui.One("a", "send all duplicates too"),
		Faults:  ui.One("f", "only what is not sent"),
		Start:   ui.One("y", "send"),
		Rejects: ui.One("w", "save the rejects"),
	}
}

// rowKeys move in the answers while the text has the keyboard.
var rowKeys = ui.Bind([]string{"up", "down", "pgup", "pgdown"}, "up/down", "choose")

// pick is enter in the search.
var pick = ui.One("enter", "open")
