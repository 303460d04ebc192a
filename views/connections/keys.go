package connections

import "charm.land/bubbles/v2/key"

func one(k, words string) key.Binding {
	return key.NewBinding(key.WithKeys(k), key.WithHelp(k, words))
}

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
		Test:    one("t", "test"),
		New:     key.NewBinding(key.WithKeys("n", "enter"), key.WithHelp("n", "new secret")),
		Forget:  one("x", "forget"),
		Errors:  one("e", "errors"),
		Look:    one("r", "look for secrets again"),
		Partner: one("p", "partner"),
		Outbox:  one("u", "outbox"),
		Audit:   one("a", "audit"),

		Edit: one("e", "edit..."),

		TakeBack: one("t", "take back"),
		Send:     one("S", "send..."),
		Find:     one("f", "find out"),
		Landed:   one("L", "it landed"),
		DidNot:   one("D", "it did not"),
		States:   one("s", "which states"),
		Words:    one("enter", "read"),

		Verify: one("v", "verify the chain"),

		Again: one("r", "read again"),
		Back:  one("esc", "back"),
	}
}
