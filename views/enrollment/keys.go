package enrollment

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
	Send, Find, Landed, Retry, Withdraw, Compare, Forget key.Binding
	// a census
	Columns, Rejects, Stop, Failed key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Open:   one("enter", "open"),
		Back:   one("esc", "back"),
		Again:  one("r", "read again"),
		Reveal: one("ctrl+r", "show or hide personal data"),
		Up:     bind([]string{"up", "k", "pgup"}, "up/k", "up"),
		Down:   bind([]string{"down", "j", "pgdown"}, "down/j", "down"),

		Known:    one("a", "add a known group..."),
		Register: one("R", "register a group..."),
		Plans:    one("p", "plans"),
		Requests: one("w", "requests"),
		Import:   one("i", "import a census..."),

		Hire: one("n", "new hire..."),
		All:  one("A", "read all members"),

		Edit:    one("e", "change data..."),
		Event:   one("l", "life event..."),
		Season:  one("o", "open enrollment..."),
		End:     one("t", "terminate..."),
		Ended:   one("T", "terminations"),
		History: one("h", "history"),

		Day: one("d", "coverage on a day..."),

		Look: one("a", "look up a name..."),

		Send:     one("s", "send"),
		Find:     one("u", "find out"),
		Landed:   one("L", "say what became of it..."),
		Retry:    one("f", "send the failed again..."),
		Withdraw: one("x", "take back"),
		Compare:  one("v", "compare again"),
		Forget:   one("X", "forget personal data..."),

		Columns: one("m", "columns..."),
		Rejects: one("x", "save the rejected rows"),
		Stop:    one("c", "stop sending"),
		Failed:  one("f", "send the failed again..."),
	}
}

// press is a message's key, or none.
func press(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
