package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A Write is one kind of write to a vendor, declared once with all the outbox
// has to know of it. P is what is sent, in a form that survives as JSON; T is
// what the vendor answers.
type Write[P, T any] struct {
	Vendor, Op string // names, never values; they find the write again after a restart
	Class      string // whose undo window it has, such as "comment"; "" has none
	Words      string // names it in the footer, for instance "request the visit"
	// Send is called once, after the intent is on disk and its window is over.
	Send func(context.Context, P) (T, error)
	// ReadBack asks the vendor what became of a write begun at since. nil: it
	// cannot be told, and a person decides.
	ReadBack func(ctx context.Context, p P, since time.Time) (Landing, error)
}

// Landing is what reading back says of a write whose answer was lost.
type Landing uint8

// The landings.
const (
	CannotTell Landing = iota // it stays UNKNOWN
	Landed                    // it is done
	DidNot                    // it waits in the outbox for a person
	Reopened                  // it did not, and the page it came from offers it again
)

// Intent is a write as the outbox keeps it.
type Intent struct {
	Vendor, Op, Class string
	Record            string // the vendor's id of what it is about
	Payload           []byte // P as JSON
}

// Left is an entry of the outbox that wants somebody: its answer was lost, or
// an earlier session confirmed and did not send it.
type Left struct {
	ID string
	Intent
	Unknown bool
	Created time.Time
}

// Outbox keeps every write from before it is sent until its outcome is known.
// Its methods are called in commands; their errors are sentences.
type Outbox interface {
	// Queue writes the intent down, on disk when it returns, and tells how long
	// it can be taken back.
	Queue(context.Context, Intent) (id string, undo time.Duration, err error)
	// TakeBack withdraws what was not sent.
	TakeBack(ctx context.Context, id string) error
	// Send claims an entry, runs the write once and records how it ended.
	Send(ctx context.Context, id string, run func(context.Context) error) error
	// Unsettled are the entries that want somebody. Those an earlier session
	// was sending when it died are UNKNOWN.
	Unsettled(context.Context) ([]Left, error)
	// Resolve ends an UNKNOWN entry by what reading back said.
	Resolve(ctx context.Context, id string, l Landing) error
}

// ErrTakenBack is the result of a write withdrawn within its window.
var ErrTakenBack = errors.New("taken back: nothing was sent")

// A Sender sends one kind of write for a view, one at a time. It is used inside
// Update only.
type Sender[P, T any] struct {
	env  *Env
	w    Write[P, T]
	call *Call[T]
}

// pending is a write in its undo window.
type pending struct {
	of    any // its Sender
	words string
	until time.Time
	send  func() tea.Cmd
	back  func() tea.Cmd
}

// sender is what the frame knows of every Sender: how to settle what an earlier
// session left.
type sender interface {
	readBack(context.Context, Left) (Landing, error)
	again(context.Context, Left) error
}

// NewSender declares a kind of write of this program.
func NewSender[P, T any](env *Env, w Write[P, T]) *Sender[P, T] {
	s := &Sender[P, T]{env: env, w: w, call: NewCall[T](env, w.Words)}
	if env.senders == nil {
		env.senders = map[[2]string]sender{}
	}
	env.senders[[2]string{w.Vendor, w.Op}] = s
	return s
}

// Out reports that a write is on its way or in its window.
func (s *Sender[P, T]) Out() bool { return s.call.Out() }

// Held reports that the write can still be taken back: nothing was sent.
func (s *Sender[P, T]) Held() bool {
	return slices.ContainsFunc(s.env.pending, func(p *pending) bool { return p.of == any(s) })
}

// Accept reports that r is the result of this sender's write.
func (s *Sender[P, T]) Accept(r Result[T]) bool { return s.call.Accept(r) }

// Start writes down what a person confirmed, waits as long as it can be taken
// back, and sends it. record is the vendor's id of what it is about. queued,
// unless nil, runs inside Update once the intent is safe, before the window:
// the time to close a form. It returns nil, and does nothing, while one is out.
func (s *Sender[P, T]) Start(record string, p P, queued func() tea.Cmd) tea.Cmd {
	if s.call.Out() {
		return nil
	}
	box := s.env.Outbox
	if box == nil {
		return tea.Batch(s.call.Once(func(ctx context.Context) (T, error) { return s.w.Send(ctx, p) }), called(queued))
	}
	end := s.call.begin()
	ctx := s.env.Ctx
	return func() tea.Msg {
		var none T
		payload, err := json.Marshal(p)
		if err != nil {
			return end(none, fmt.Errorf("this cannot be written down, so nothing was sent: %w", err))
		}
		id, undo, err := box.Queue(ctx, Intent{Vendor: s.w.Vendor, Op: s.w.Op, Class: s.w.Class, Record: record, Payload: payload})
		if err != nil {
			return end(none, err)
		}
		return stepMsg{func() tea.Cmd { return tea.Batch(called(queued), s.hold(id, undo, p, end)) }}
	}
}

func called(f func() tea.Cmd) tea.Cmd {
	if f == nil {
		return nil
	}
	return f()
}

// hold keeps a queued write back until its window is over.
func (s *Sender[P, T]) hold(id string, undo time.Duration, p P, end func(T, error) Result[T]) tea.Cmd {
	box, ctx := s.env.Outbox, s.env.Ctx
	send := func() tea.Cmd {
		return func() tea.Msg {
			var v T
			err := box.Send(ctx, id, func(ctx context.Context) (err error) { v, err = s.w.Send(ctx, p); return err })
			return end(v, err)
		}
	}
	if undo <= 0 {
		return send()
	}
	back := func() tea.Cmd {
		return func() tea.Msg {
			var none T
			if err := box.TakeBack(ctx, id); err != nil {
				return end(none, err)
			}
			return end(none, ErrTakenBack)
		}
	}
	return s.env.pend(&pending{of: s, words: s.w.Words, until: s.env.Now().Add(undo), send: send, back: back})
}

func (s *Sender[P, T]) readBack(ctx context.Context, l Left) (Landing, error) {
	var p P
	if s.w.ReadBack == nil || json.Unmarshal(l.Payload, &p) != nil {
		return CannotTell, nil
	}
	return s.w.ReadBack(ctx, p, l.Created)
}

func (s *Sender[P, T]) again(ctx context.Context, l Left) error {
	var p P
	if err := json.Unmarshal(l.Payload, &p); err != nil {
		return errors.New("what this entry holds cannot be read any more, so it was not sent; take it back and enter it anew")
	}
	return s.env.Outbox.Send(ctx, l.ID, func(ctx context.Context) error {
		_, err := s.w.Send(ctx, p)
		return err
	})
}
