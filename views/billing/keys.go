package billing

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// any page
	People, Aging, Enterprises, Accounts, Onboarding key.Binding
	Undone, Back, Reload, Open, New, Edit, Reveal    key.Binding
	// patients
	Find, Sort, Next, Previous, All, Everybody key.Binding
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
		People:      ui.One("P", "patients"),
		Aging:       ui.One("A", "aging"),
		Enterprises: ui.One("E", "enterprises"),
		Accounts:    ui.One("U", "practice accounts"),
		Onboarding:  ui.One("B", "onboarding"),

		Undone: ui.One("Z", "open what was not sent"),
		Back:   ui.One("esc", "back"),
		Reload: ui.One("r", "read again"),
		Open:   ui.One("enter", "open"),
		New:    ui.One("n", "new..."),
		Edit:   ui.One("e", "change..."),
		Reveal: ui.One("ctrl+r", "show or hide personal data"),

		Find:      ui.One("f", "find..."),
		Sort:      ui.One("s", "sorted by"),
		Next:      ui.One(".", "next page"),
		Previous:  ui.One(",", "page before"),
		All:       ui.One("L", "load all"),
		Everybody: ui.One("esc", "show everybody"),
		CSV:       ui.One("v", "save as CSV"),

		Invoices: ui.One("i", "invoices"),
		Payments: ui.One("y", "payments"),
		Messages: ui.One("m", "messages"),
		Pay:      ui.One("p", "payment..."),
		Quick:    ui.One("q", "quick pay..."),
		Bill:     ui.One("n", "new invoice..."),
		Refund:   ui.One("R", "refund..."),
		Void:     ui.One("V", "void..."),
		Put:      ui.One("a", "put on invoices..."),
		WriteOff: ui.One("w", "write off..."),
		Status:   ui.One("t", "statements..."),
		Say:      ui.One("b", "say balance"),
		Read:     ui.One("c", "receipt"),

		Practice:   ui.One("a", "add practice..."),
		Deactivate: ui.One("D", "deactivate or activate..."),
		Test:       ui.One("t", "test access"),
		GoOn:       ui.One("enter", "go on"),
		Look:       ui.One("u", "find out"),
		Correct:    ui.One("e", "correct..."),
		GiveUp:     ui.One("X", "give up..."),
		Happened:   ui.One("d", "say what happened..."),

		Line:   ui.One("a", "add a line..."),
		Fix:    ui.One("e", "correct a line..."),
		More:   ui.One("ctrl+n", "another line"),
		Fields: ui.One("i", "all fields"),

		Copy: ui.One("c", "copy"),
		Save: ui.One("v", "save"),
	}
}
