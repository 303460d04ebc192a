package slots

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// openings
	Hold, Find, Next, Shorter, Longer, Day, Week, Book, Again, Stop key.Binding
	// day and week
	Up, Down, Left, Right, WeekBack, WeekOn, Today, Jump, Who, Span key.Binding
	// a visit
	Person, Add, Script, Request, Extend, Release, Card, Save, ICS, Resolve, Bills key.Binding
	// the book
	Open, Compare, Confirm, Cancel, Keep, Move, State key.Binding
	// who it is for
	Pick, Leave key.Binding
	// any page
	Back, Reveal key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Hold:    ui.One("enter", "hold"),
		Find:    ui.One("f", "find..."),
		Next:    ui.One("n", "next for everybody"),
		Shorter: ui.One("[", "shorter"),
		Longer:  ui.One("]", "longer"),
		Day:     ui.One("d", "day"),
		Week:    ui.One("w", "week"),
		Book:    ui.One("b", "book"),
		Again:   ui.One("r", "ask again"),
		Stop:    ui.One("esc", "stop asking"),

		Up:       ui.Bind([]string{"up", "k"}, "up/k", "earlier"),
		Down:     ui.Bind([]string{"down", "j"}, "down/j", "later"),
		Left:     ui.Bind([]string{"left", "h"}, "left/h", "day before"),
		Right:    ui.Bind([]string{"right", "l"}, "right/l", "day after"),
		WeekBack: ui.Bind([]string{",", "pgup"}, ",", "week before"),
		WeekOn:   ui.Bind([]string{".", "pgdown"}, ".", "week after"),
		Today:    ui.One("t", "today"),
		Jump:     ui.One("g", "go to date..."),
		Who:      ui.One("p", "provider..."),
		Span:     ui.One("w", "day or week"),

		Person:  ui.One("p", "find person"),
		Add:     ui.One("a", "add person"),
		Script:  ui.One("s", "read back"),
		Request: ui.One("y", "request the visit"),
		Extend:  ui.One("e", "extend the hold"),
		Release: ui.One("x", "release"),
		Card:    ui.One("c", "copy entry card"),
		Save:    ui.One("v", "save entry card"),
		ICS:     ui.One("i", "save calendar file"),
		Bills:   ui.One("B", "their bills"),
		Resolve: ui.One("u", "find out"),

		Open:    ui.One("enter", "open"),
		Compare: ui.One("r", "compare with schedule"),
		Confirm: ui.One("C", "confirm"),
		Cancel:  ui.One("X", "cancel..."),
		Keep:    ui.One("K", "keep both..."),
		Move:    ui.One("m", "move"),
		State:   ui.One("s", "which states"),

		Back:  ui.One("esc", "back"),
		Pick:  ui.One("enter", "pick"),
		Leave: ui.One("esc", "leave the search"),

		Reveal: ui.One("ctrl+r", "show or hide personal data"),
	}
}
