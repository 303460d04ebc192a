package billing

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
	People, Aging, Enterprises, Accounts, Onboarding key.Binding
	Undone, Back, Reload, Open, New, Edit, Reveal    key.Binding
	// patients
	Find, Sort, Next, Previous, All key.Binding
	// aging
	CSV key.Binding
	// a patient
	Invoices, Payments, Messages, Pay, Quick, Bill, WriteOff, Status, Say key.Binding
	// their payments
	Refund, Void, Put, Read key.Binding
	// an invoice
	Line, Fix, More key.Binding
	// enterprises
	Practice, Fields key.Binding
	// practice accounts
	Deactivate, Test key.Binding
	// onboarding
	GoOn, Look, Correct, GiveUp, Happened key.Binding
	// a text to read aloud
	Copy, Save key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		People:      one("P", "patients"),
		Aging:       one("A", "aging"),
		Enterprises: one("E", "enterprises"),
		Accounts:    one("U", "practice accounts"),
		Onboarding:  one("B", "onboarding"),

		Undone: one("Z", "open what was not sent"),
		Back:   one("esc", "back"),
		Reload: one("r", "read again"),
		Open:   one("enter", "open"),
		New:    one("n", "new..."),
		Edit:   one("e", "change..."),
		Reveal: one("ctrl+r", "show or hide personal data"),

		Find:     one("f", "find..."),
		Sort:     one("s", "sorted by"),
		Next:     one(".", "next page"),
		Previous: one(",", "page before"),
		All:      one("L", "load all"),
		CSV:      one("v", "save as CSV"),

		Invoices: one("i", "invoices"),
		Payments: one("y", "payments"),
		Messages: one("m", "messages"),
		Pay:      one("p", "payment..."),
		Quick:    one("q", "quick pay..."),
		Bill:     one("n", "new invoice..."),
		Refund:   one("R", "refund..."),
		Void:     one("V", "void..."),
		Put:      one("a", "put on invoices..."),
		WriteOff: one("w", "write off..."),
		Status:   one("t", "statements..."),
		Say:      one("b", "say balance"),
		Read:     one("c", "receipt"),

		Practice:   one("a", "add practice..."),
		Deactivate: one("D", "deactivate or activate..."),
		Test:       one("t", "test access"),
		GoOn:       one("enter", "go on"),
		Look:       one("u", "find out"),
		Correct:    one("e", "correct..."),
		GiveUp:     one("X", "give up..."),
		Happened:   one("d", "say what happened..."),

		Line:   one("a", "add a line..."),
		Fix:    one("e", "correct a line..."),
		More:   one("ctrl+n", "another line"),
		Fields: one("i", "all fields"),

		Copy: one("c", "copy"),
		Save: one("v", "save"),
	}
}

// pressed is a message's key, or none.
func pressed(msg tea.Msg) tea.KeyPressMsg {
	k, _ := msg.(tea.KeyPressMsg)
	return k
}
