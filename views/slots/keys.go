package slots

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
		Hold:    one("enter", "hold"),
		Find:    one("f", "find..."),
		Next:    one("n", "next for everybody"),
		Shorter: one("[", "shorter"),
		Longer:  one("]", "longer"),
		Day:     one("d", "day"),
		Week:    one("w", "week"),
		Book:    one("b", "book"),
		Again:   one("r", "ask again"),
		Stop:    one("esc", "stop asking"),

		Up:       bind([]string{"up", "k"}, "up/k", "earlier"),
		Down:     bind([]string{"down", "j"}, "down/j", "later"),
		Left:     bind([]string{"left", "h"}, "left/h", "day before"),
		Right:    bind([]string{"right", "l"}, "right/l", "day after"),
		WeekBack: bind([]string{",", "pgup"}, ",", "week before"),
		WeekOn:   bind([]string{".", "pgdown"}, ".", "week after"),
		Today:    one("t", "today"),
		Jump:     one("g", "go to date..."),
		Who:      one("p", "provider..."),
		Span:     one("w", "day or week"),

		Person:  one("p", "find person"),
		Add:     one("a", "add person"),
		Script:  one("s", "read back"),
		Request: one("y", "request the visit"),
		Extend:  one("e", "extend the hold"),
		Release: one("x", "release"),
		Card:    one("c", "copy entry card"),
		Save:    one("v", "save entry card"),
		ICS:     one("i", "save calendar file"),
		Bills:   one("B", "their bills"),
		Resolve: one("u", "find out"),

		Open:    one("enter", "open"),
		Compare: one("r", "compare with schedule"),
		Confirm: one("C", "confirm"),
		Cancel:  one("X", "cancel..."),
		Keep:    one("K", "keep both..."),
		Move:    one("m", "move"),
		State:   one("s", "which states"),

		Back:  one("esc", "back"),
		Pick:  one("enter", "pick"),
		Leave: one("esc", "leave the search"),

		Reveal: one("ctrl+r", "show or hide personal data"),
	}
}

// press is a message's key, or none.
func press(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
