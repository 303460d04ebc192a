package enrollment

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// any page
	Open, Back, Again, Reveal, Up, Down key.Binding
	// groups
	Known, Register, Plans, Requests, Import key.Binding
	// a group
	Hire, All key.Binding
	// a member
	Edit, Event, Season, End, Ended, History key.Binding
	// history
	Day key.Binding
	// plans
	Look key.Binding
	// a request
	Send, Find, Landed, Retry, Withdraw, Compare, Correct, Discard, Forget key.Binding
	// a census
	Columns, Rejects, Stop, Failed key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:   ui.One("enter", "open"),
		Back:   ui.One("esc", "back"),
		Again:  ui.One("r", "read again"),
		Reveal: ui.One("ctrl+r", "show or hide personal data"),
		Up:     ui.Bind([]string{"up", "k", "pgup"}, "up/k", "up"),
		Down:   ui.Bind([]string{"down", "j", "pgdown"}, "down/j", "down"),

		Known:    ui.One("a", "add a known group..."),
		Register: ui.One("R", "register a group..."),
		Plans:    ui.One("p", "plans"),
		Requests: ui.One("w", "requests"),
		Import:   ui.One("i", "import a census..."),

		Hire: ui.One("n", "new hire..."),
		All:  ui.One("A", "read all members"),

		Edit:    ui.One("e", "change data..."),
		Event:   ui.One("l", "life event..."),
		Season:  ui.One("o", "open enrollment..."),
		End:     ui.One("t", "terminate..."),
		Ended:   ui.One("T", "terminations"),
		History: ui.One("h", "history"),

		Day: ui.One("d", "coverage on a day..."),

		Look: ui.One("a", "look up a name..."),

		Send:     ui.One("s", "send"),
		Find:     ui.One("u", "find out"),
		Landed:   ui.One("L", "say what became of it..."),
		Retry:    ui.One("f", "send the failed again..."),
		Withdraw: ui.One("x", "take back"),
		Compare:  ui.One("v", "compare again"),
		Correct:  ui.One("e", "correct..."),
		Discard:  ui.One("X", "throw away..."),
		Forget:   ui.One("X", "forget personal data..."),

		Columns: ui.One("m", "columns..."),
		Rejects: ui.One("x", "save the rejected rows"),
		Stop:    ui.One("c", "stop sending"),
		Failed:  ui.One("f", "send the failed again..."),
	}
}
