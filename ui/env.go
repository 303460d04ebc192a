package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/ui/theme"
)

// Env is what every view may lean on. It is made by main, shared by pointer
// and, but for Ctx and Now, used on the update goroutine only.
type Env struct {
	// Ctx ends when the program does; every command works under it.
	Ctx      context.Context
	Theme    *theme.Theme
	Practice string
	// Live is false for the sandbox; the header says which in a word.
	Live bool
	// Zone is the practice's zone, the only one in which times are shown.
	Zone *time.Location
	// Now is the clock of this machine.
	Now func() time.Time
	// Keys says in words where the secrets live, for instance "OS keyring".
	Keys string
	// AskBackground lets the terminal be asked whether it is light or dark. A
	// slow line would deliver the answer late, among the keys.
	AskBackground bool
	// Health tells one word per vendor for the header.
	Health func() []Health
	// After delivers msg after d; tests replace it to own the time.
	After func(d time.Duration, msg tea.Msg) tea.Cmd
	// Clipboard puts text on the terminal's clipboard, by OSC 52. tmux hands it
	// on by itself where set-clipboard is "on"; passthrough is neither needed
	// nor used. Views call Copy.
	Clipboard func(text string) tea.Cmd
	// NoCopy is why patients' data may not go there, "" if it may.
	NoCopy string

	// Drafts keeps what is typed; nil: only as long as its form is open.
	Drafts Drafts
	// Audit records what somebody did with personal data on the screen: op is
	// one word such as reveal or copy, record a vendor's id. nil: no trail.
	Audit func(op, record string)

	// Callers is the tab that looks up who is calling; "": none.
	Callers string

	// Lock says when the desk is locked and how it is opened; nil: never.
	Lock *LockOptions
	// Mouse is whether the mouse works here; if not, it is the terminal's, for
	// selecting text. A key changes it.
	Mouse bool

	// Outbox keeps every write before it is sent; nil: they are sent at once.
	Outbox Outbox

	looking  func(View) bool
	reveal   reveal
	dialogs  []Dialog
	over     *Confirm // the question that lies over the lock screen
	notice   notice
	speaking View // the tab that works a message
	writes   map[any]string
	senders  map[[2]string]sender
	pending  []*pending // writes that can still be taken back, the oldest first
	counts   int
	cmds     []tea.Cmd // to be run after this Update
}

// Health is one vendor's state in the header: a short name and a word such as
// up, slow, limited, auth, down or resting.
type Health struct{ Vendor, Word string }

// Defaults fills what was left out with the real clock, timer and clipboard.
func (e *Env) defaults() {
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.After == nil {
		e.After = func(d time.Duration, msg tea.Msg) tea.Cmd {
			return tea.Tick(d, func(time.Time) tea.Msg { return msg })
		}
	}
	if e.Clipboard == nil {
		e.Clipboard = func(text string) tea.Cmd { return tea.SetClipboard(text) }
	}
	if e.Health == nil {
		e.Health = func() []Health { return nil }
	}
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	e.writes = map[any]string{}
}

// PracticeNow is the present moment on the practice's wall clock.
func (e *Env) PracticeNow() time.Time { return e.Now().In(e.Zone) }

// Copy puts text about a record on the terminal's clipboard, or says why it may
// not go there. It is the only way, and an event of the audit trail.
func (e *Env) Copy(record, text string) tea.Cmd {
	if e.NoCopy != "" {
		e.Fail(e.NoCopy)
		return nil
	}
	e.Trace("copy", record)
	return tea.Batch(e.Clipboard(text),
		e.Say("Sent to your terminal's clipboard (OSC 52). If paste brings nothing, save it as a file."))
}

// Watched reports that v is the tab on show at a desk that is not locked and
// whose terminal, as far as it tells, has the focus: only then is it worth
// asking a vendor again by itself.
func (e *Env) Watched(v View) bool { return e.looking != nil && e.looking(v) }

// Open lays a dialog on top. It takes the keyboard at once, inside the present
// Update, so that keys typed ahead reach it.
func (e *Env) Open(d Dialog) { e.dialogs = append(e.dialogs, d) }

// Close takes a dialog away, wherever it lies in the stack.
func (e *Env) Close(d Dialog) {
	if c, ok := d.(*Confirm); ok && c == e.over {
		e.over = nil
		return
	}
	for i, have := range e.dialogs {
		if have == d {
			e.dialogs = append(e.dialogs[:i:i], e.dialogs[i+1:]...)
			return
		}
	}
}

// Shows reports that d has the keyboard: it is open, and nothing lies on it.
func (e *Env) Shows(d Dialog) bool {
	n := len(e.dialogs)
	return n > 0 && e.dialogs[n-1] == d
}

// writing notes a write that is out; done forgets it.
func (e *Env) writing(id any, words string) { e.writes[id] = words }
func (e *Env) done(id any)                  { delete(e.writes, id) }
