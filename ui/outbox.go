package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

type (
	// stepMsg is the next step of something that went on in a command.
	stepMsg struct{ do func() tea.Cmd }
	// countMsg moves the countdown of the undo windows.
	countMsg struct{ gen int }
)

// pend opens an undo window.
func (e *Env) pend(p *pending) tea.Cmd {
	e.pending = append(e.pending, p)
	return e.count()
}

// count draws the countdown again in a second.
func (e *Env) count() tea.Cmd {
	if len(e.pending) == 0 {
		return nil
	}
	e.counts++
	next := time.Second
	for _, p := range e.pending {
		next = min(next, max(0, p.until.Sub(e.Now())))
	}
	return e.After(next, countMsg{e.counts})
}

// counted sends what can no longer be taken back.
func (e *Env) counted(msg countMsg) tea.Cmd {
	if msg.gen != e.counts {
		return nil
	}
	var cmds []tea.Cmd
	var rest []*pending
	for _, p := range e.pending {
		if p.until.After(e.Now()) {
			rest = append(rest, p)
		} else {
			cmds = append(cmds, p.send())
		}
	}
	e.pending = rest
	return tea.Batch(append(cmds, e.count())...)
}

// takeBack withdraws the write confirmed last.
func (e *Env) takeBack() tea.Cmd {
	n := len(e.pending)
	if n == 0 {
		return nil
	}
	p := e.pending[n-1]
	e.pending = e.pending[:n-1]
	return p.back()
}

// LookBack reads back every write whose answer was lost and says what was
// found. Nothing is sent. It runs at the start, and when somebody asks.
func (e *Env) LookBack() tea.Cmd { return e.lookBack(false) }

// LookAgain is the same for who looks several times by itself: it tells of what
// was settled only.
func (e *Env) LookAgain() tea.Cmd { return e.lookBack(true) }

func (e *Env) lookBack(again bool) tea.Cmd {
	box, senders, ctx := e.Outbox, e.senders, e.Ctx
	if box == nil {
		return nil
	}
	return func() tea.Msg {
		left, err := box.Unsettled(ctx)
		if err != nil {
			return LookedBack{Err: err}
		}
		found := LookedBack{quiet: again}
		for _, l := range left {
			if !l.Unknown {
				found.Waiting++
				continue
			}
			landing, err := lookedAt(ctx, box, senders, l) // what fails stays UNKNOWN
			if p := inPart(err); p != nil {
				found.Rest = append(found.Rest, p.UserMessage())
			}
			switch landing {
			case Landed:
				found.Landed++
			case DidNot, Reopened:
				found.DidNot++
			default:
				found.Unknown++
			}
		}
		return found
	}
}

// parted is the error of a write of several requests that landed and was not
// finished; its sentence says what is left for the person to do.
type parted interface {
	Landed() bool
	UserMessage() string
}

func inPart(err error) parted {
	var p parted
	if errors.As(err, &p) && p.Landed() {
		return p
	}
	return nil
}

// lookedAt reads one entry back and settles it; CannotTell when it stays. What
// landed in part is settled too, and the error says what is left.
func lookedAt(ctx context.Context, box Outbox, senders map[[2]string]sender, l Left) (Landing, error) {
	s, ok := senders[[2]string{l.Vendor, l.Op}]
	if !ok {
		return CannotTell, nil
	}
	landing, err := s.readBack(ctx, l)
	if landing == CannotTell || err != nil && inPart(err) == nil {
		return CannotTell, err
	}
	if bad := box.Resolve(ctx, l.ID, landing); bad != nil {
		return CannotTell, bad
	}
	return landing, err
}

// errElsewhere is about an entry that no tab has written.
var errElsewhere error = elsewhere{}

type elsewhere struct{}

func (elsewhere) Error() string { return "the entry was not written on the screen" }

// UserMessage says how it is settled.
func (elsewhere) UserMessage() string {
	return "This entry was not written on the screen: find out with frontdesk outbox settle, or look at the vendor and press L or D."
}

// ReadBack asks what became of one entry whose answer was lost, and settles it
// if that can be told. It runs in a command.
func (e *Env) ReadBack(ctx context.Context, l Left) error {
	if _, ok := e.senders[[2]string{l.Vendor, l.Op}]; !ok {
		return errElsewhere
	}
	_, err := lookedAt(ctx, e.Outbox, e.senders, l)
	return err
}

// Decided is what a person has said became of a write whose answer was lost;
// every view is told. One that did not land waits in the outbox.
type Decided struct {
	Payload []byte // of the write
	Landed  bool
}

// TakenBack is a write that a person has taken back in the outbox; every view is
// told, for what was typed to go back where it was typed.
type TakenBack struct{ Intent }

// LookedBack is what LookBack found; every view is told.
type LookedBack struct {
	Landed, DidNot, Unknown int      // writes whose answer was lost
	Waiting                 int      // confirmed in an earlier session, never sent
	Again                   bool     // it is about an entry a person has sent once more
	Rest                    []string // what is left to do of those that landed in part
	Err                     error
	quiet                   bool // what has not changed was said before
}

// words is a sentence about it, or "" when there was nothing.
func (l LookedBack) words() (sentence string, bad bool) {
	switch {
	case l.Err != nil:
		return l.Err.Error(), true
	case l.Again:
		return "Sent.", false
	case l.quiet && l.Landed+l.DidNot+len(l.Rest) == 0:
		return "", false
	}
	var lost []string
	say := func(n int, words string) {
		if n > 0 {
			lost = append(lost, fmt.Sprintf("%d %s", n, words))
		}
	}
	say(l.Landed, "landed")
	say(l.DidNot, "did not")
	say(l.Unknown, "may have landed")
	if len(lost) > 0 {
		sentence = "Writes whose answer was lost: " + strings.Join(lost, ", ") + ". "
	}
	if l.Waiting > 0 {
		sentence += fmt.Sprintf("%d confirmed in an earlier session and never sent. ", l.Waiting)
	}
	if l.Unknown+l.Waiting+l.DidNot > 0 {
		sentence += "They wait for you in the outbox, u under Connections."
	}
	return strings.TrimSpace(sentence + " " + strings.Join(l.Rest, " ")), l.Unknown+l.Waiting+l.DidNot+len(l.Rest) > 0
}

// lookedBack says what came of the entries that wanted somebody.
func (e *Env) lookedBack(l LookedBack) tea.Cmd {
	words, bad := l.words()
	switch {
	case words == "":
		return nil
	case bad:
		e.Fail(words)
		return nil
	}
	return e.Say(words)
}

// Again sends an entry that waits in the outbox, once more confirmed by a
// person. It is a LookedBack when it landed, which tells views to read anew.
func (e *Env) Again(l Left) tea.Cmd {
	s, ok := e.senders[[2]string{l.Vendor, l.Op}]
	if !ok {
		e.Fail("This entry was not written on the screen: send it with frontdesk outbox send, or take it back and enter it anew.")
		return nil
	}
	ctx := e.Ctx
	return func() tea.Msg {
		if err := s.again(ctx, l); err != nil {
			return LookedBack{Again: true, Err: err}
		}
		return LookedBack{Again: true, Landed: 1}
	}
}
