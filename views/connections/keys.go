package connections

import (
	"charm.land/bubbles/v2/key"

	"frontdesk/ui"
)

// keyMap is every key of the tab; each page shows those that work on it. The
// comments are the pages, as the README lists them.
type keyMap struct {
	// vendors
	Test, New, Forget, Errors, Look key.Binding
	Partner, Outbox, Audit          key.Binding
	// partner
	Edit key.Binding
	// outbox
	TakeBack, Send, Find, Landed, DidNot, States, Words key.Binding
	// audit trail
	Verify key.Binding
	// outbox, trail, partner
	Again, Back key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		Test:    ui.One("t", "test"),
		New:     ui.Bind([]string{"n", "enter"}, "n", "new secret"),
		Forget:  ui.One("x", "forget"),
		Errors:  ui.One("e", "errors"),
		Look:    ui.One("r", "look for secrets again"),
		Partner: ui.One("p", "partner"),
		Outbox:  ui.One("u", "outbox"),
		Audit:   ui.One("a", "audit"),

		Edit: ui.One("e", "edit..."),

		TakeBack: ui.One("t", "take back"),
		Send:     ui.One("S", "send..."),
		Find:     ui.One("f", "find out"),
		Landed:   ui.One("L", "it landed"),
		DidNot:   ui.One("D", "it did not"),
		States:   ui.One("s", "which states"),
		Words:    ui.One("enter", "read"),

		Verify: ui.One("v", "verify the chain"),

		Again: ui.One("r", "read again"),
		Back:  ui.One("esc", "back"),
	}
}
