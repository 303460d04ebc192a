package library

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

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
		Open:     ui.One("enter", "read"),
		Search:   ui.One("s", "search"),
		Category: ui.One("c", "category"),
		Type:     ui.One("t", "type"),
		Vendor:   ui.One("v", "vendor"),
		Products: ui.One("p", "products"),
		Again:    ui.One("r", "ask again"),
		Stop:     ui.One("esc", "stop asking"),
		Clear:    ui.One("esc", "show all"),
		Edit:     ui.One("e", "edit..."),
		Import:   ui.One("i", "change by CSV..."),
		Back:     ui.One("esc", "back"),

		Leave: ui.Bind([]string{"enter", "down"}, "enter", "to the rows"),
		Drop:  ui.One("esc", "leave the search"),

		Up:       ui.Bind([]string{"up", "k"}, "up/k", "up"),
		Down:     ui.Bind([]string{"down", "j"}, "down/j", "down"),
		PageUp:   ui.Bind([]string{"pgup", "b"}, "pgup/b", "page up"),
		PageDown: ui.Bind([]string{"pgdown", "space"}, "pgdn/space", "page down"),
		Top:      ui.Bind([]string{"home", "g"}, "home/g", "top"),
		End:      ui.Bind([]string{"end", "G"}, "end/G", "end"),
		Copy:     ui.One("y", "copy the text"),

		Send:    ui.One("y", "send..."),
		Preview: ui.One("p", "preview or difference"),
		Whose:   ui.One("t", "keep mine or take theirs"),
		Rework:  ui.One("esc", "back to the form"),

		Rejects: ui.One("x", "save rejected rows"),
		Mapping: ui.One("m", "columns..."),
		Show:    ui.One("f", "which rows"),
		Why:     ui.One("enter", "whole row"),
		Replan:  ui.One("r", "compare again"),
	}
}

// reprice is edit in the list of products, where enter opens nothing else.
func (k keyMap) reprice() key.Binding {
	edit := k.Edit
	edit.SetKeys("e", "enter")
	return edit
}
