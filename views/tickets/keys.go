package tickets

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

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
	OnCategory, Edit, Link, Linked, Person, Export, Reveal, Back key.Binding
	LineUp, LineDown, PageUp, PageDown, PrevMark, OnMark         key.Binding
	// a comment
	Aside, Editor, Reply, Article key.Binding
	// several at once
	Retry, Close key.Binding
	// a new one for the EMR
	Instead key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:   ui.One("enter", "open"),
		Next:   ui.One("n", "next one"),
		Layout: ui.One("b", "list or columns"),
		Filter: ui.One("/", "filter"),
		Views:  ui.One("v", "views..."),
		Save:   ui.One("V", "save this filter..."),
		Again:  ui.One("r", "ask again"),
		Read:   ui.One("m", "mark as read"),
		Clear:  ui.One("esc", "show all again"),

		Up:    ui.Bind([]string{"up", "k"}, "up/k", "up"),
		Down:  ui.Bind([]string{"down", "j"}, "down/j", "down"),
		Left:  ui.Bind([]string{"left", "h"}, "left/h", "column before"),
		Right: ui.Bind([]string{"right", "l"}, "right/l", "next column"),
		First: ui.Bind([]string{"home", "g"}, "home/g", "first"),
		Last:  ui.Bind([]string{"end", "G"}, "end/G", "last"),

		Apply: ui.One("enter", "filter"),
		Leave: ui.One("esc", "leave the filter as it was"),

		Comment: ui.One("c", "comment"),
		Status:  ui.One("s", "status..."),
		Take:    ui.One("t", "take or give back"),
		Over:    ui.One("T", "take over"),
		Snooze:  ui.One("z", "snooze or wake"),
		Create:  ui.One("a", "new ticket..."),

		OnCategory: ui.One("C", "comment on the category"),
		Edit:       ui.One("e", "edit..."),
		Link:       ui.One("L", "link..."),
		Linked:     ui.One("enter", "open the linked ticket"),
		Person:     ui.One("p", "find the person"),
		Export:     ui.One("x", "export..."),
		Reveal:     ui.One("ctrl+r", "show or hide personal data"),
		Back:       ui.One("esc", "back"),
		LineUp:     ui.Bind([]string{"up", "k"}, "up/k", "scroll up"),
		LineDown:   ui.Bind([]string{"down", "j"}, "down/j", "scroll down"),
		PageUp:     ui.One("pgup", "page up"),
		PageDown:   ui.Bind([]string{"pgdown", "space"}, "pgdn", "page down"),
		PrevMark:   ui.Bind([]string{"left", "h"}, "left/h", "category before"),
		OnMark:     ui.Bind([]string{"right", "l"}, "right/l", "next category"),

		Aside:   ui.One("esc", "put aside, kept as a draft"),
		Editor:  ui.One("ctrl+o", "write in your editor"),
		Reply:   ui.One("ctrl+n", "insert a reply"),
		Article: ui.One("ctrl+y", "insert from the knowledge base"),

		Retry:   ui.One("r", "send the failed ones again"),
		Close:   ui.One("esc", "close"),
		Instead: ui.One("c", "create in Connect4Healthcare instead"),
	}
}
