package tickets

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// wrote is what a write brought: the id of what was created, if the vendor told
// it.
type wrote struct{ ID string }

// The writes, as the outbox keeps them. Nonce finds the page a write came from
// again, as long as the session lasts.
type (
	careComment struct{ Ticket, Category, Text, Nonce string }
	careStatus  struct{ Ticket, Status, Nonce string }
	careTicket  struct {
		Ticket      connect4healthcare.NewTicket
		Mark, Nonce string // Mark stands in the title, where the profile allows it
	}
	emrComment struct{ Ticket, Text, Nonce string }
	emrUpdate  struct {
		Ticket string
		Was    map[string]string // the edited fields, as the person saw them
		Edits  naturaesoft.Edits
		Nonce  string
	}
)

// The vendors' names in the outbox.
const (
	careName = "Connect4Healthcare"
	emrName  = "Naturaesoft EMR"
)

// readers is what reading back needs. It is shared with commands.
type readers struct {
	emr         EMR
	care        Care
	now         func() time.Time
	here, found *sync.Map
}

// patience is how long after it was confirmed a request may still be under way:
// the seconds to take it back, its time limit, and a minute after its connection
// was lost. Only a reading after that can say that it did not land.
const patience = 2 * time.Minute

// says turns what a reading showed into what the outbox makes of it. A write
// that did not land is offered again by the page it came from, if that is
// still there.
func (r readers) says(nonce string, since time.Time, e connect4healthcare.Evidence) ui.Landing {
	landing := ui.CannotTell
	switch {
	case e == connect4healthcare.Present:
		landing = ui.Landed
	case e == connect4healthcare.Absent && r.now().Sub(since) > patience:
		landing = ui.DidNot
		if _, here := r.here.Load(nonce); here {
			landing = ui.Reopened
		}
	}
	r.found.Store(nonce, landing)
	return landing
}

func (v *View) readers() readers { return readers{v.emr, v.care, v.opt.Now, v.here, v.found} }

// declare makes every kind of write known, so that those of an earlier session
// can be read back.
func (v *View) declare() {
	if v.care != nil {
		ui.NewSender(v.env, v.careComments())
		ui.NewSender(v.env, v.careStatuses())
		ui.NewSender(v.env, v.careTickets())
	}
	if v.emr != nil {
		ui.NewSender(v.env, v.emrComments())
		ui.NewSender(v.env, v.emrUpdates())
	}
}

func (v *View) careComments() ui.Write[careComment, wrote] {
	r := v.readers()
	return ui.Write[careComment, wrote]{
		Vendor: careName, Op: "comment", Class: "comment", Words: "comment on",
		Send: func(ctx context.Context, p careComment) (wrote, error) {
			if p.Category == "" {
				return wrote{}, r.care.Comment(ctx, careID(p.Ticket), p.Text)
			}
			return wrote{}, r.care.CommentCategory(ctx, careID(p.Ticket), careID(p.Category), p.Text)
		},
		ReadBack: func(ctx context.Context, p careComment, since time.Time) (ui.Landing, error) {
			d, err := r.care.TicketDetail(ctx, careID(p.Ticket))
			if err != nil {
				return ui.CannotTell, err
			}
			return r.says(p.Nonce, since, connect4healthcare.FindComment(d, careID(p.Category), p.Text, r.care.Since(since))), nil
		},
	}
}

func (v *View) careStatuses() ui.Write[careStatus, wrote] {
	r := v.readers()
	return ui.Write[careStatus, wrote]{
		Vendor: careName, Op: "status", Words: "set the status of",
		Send: func(ctx context.Context, p careStatus) (wrote, error) {
			return wrote{}, r.care.UpdateStatus(ctx, careID(p.Ticket), p.Status)
		},
		ReadBack: func(ctx context.Context, p careStatus, since time.Time) (ui.Landing, error) {
			d, err := r.care.TicketDetail(ctx, careID(p.Ticket))
			if err != nil || d.Foreign() {
				return ui.CannotTell, err
			}
			return r.says(p.Nonce, since, connect4healthcare.StatusSet(d.Ticket, p.Status)), nil
		},
	}
}

func (v *View) careTickets() ui.Write[careTicket, wrote] {
	r := v.readers()
	return ui.Write[careTicket, wrote]{
		Vendor: careName, Op: "create ticket", Words: "create the ticket",
		Send: func(ctx context.Context, p careTicket) (wrote, error) {
			id, err := r.care.CreateTicket(ctx, p.Ticket)
			return wrote{id.String()}, err
		},
		ReadBack: func(ctx context.Context, p careTicket, since time.Time) (ui.Landing, error) {
			all, err := r.care.Tickets(ctx)
			if err != nil {
				return ui.CannotTell, err
			}
			if p.Mark != "" {
				all = slices.DeleteFunc(all, func(t connect4healthcare.Ticket) bool { return !strings.Contains(t.Title.Raw(), p.Mark) })
			}
			_, evidence := connect4healthcare.FindTicket(all, p.Ticket, r.care.Since(since))
			return r.says(p.Nonce, since, evidence), nil
		},
	}
}

func (v *View) emrComments() ui.Write[emrComment, wrote] {
	r, reading := v.readers(), v.read
	return ui.Write[emrComment, wrote]{
		Vendor: emrName, Op: "ticket comment", Class: "comment", Words: "comment on",
		Send: func(ctx context.Context, p emrComment) (wrote, error) {
			return wrote{}, r.emr.CommentTicket(ctx, naturaesoft.ID(p.Ticket), p.Text)
		},
		ReadBack: func(ctx context.Context, p emrComment, since time.Time) (ui.Landing, error) {
			t, err := r.emr.Ticket(ctx, naturaesoft.ID(p.Ticket))
			if err != nil {
				return ui.CannotTell, err
			}
			said := evidence(reading.EMRTalk(t).Said(p.Text, since.Add(-clockDoubt)))
			return r.says(p.Nonce, since, said), nil
		},
	}
}

// clockDoubt is how far the EMR's clock may be off ours: it documents none.
const clockDoubt = 2 * time.Minute

func evidence(said, sure bool) connect4healthcare.Evidence {
	switch {
	case !sure:
		return connect4healthcare.CannotTell
	case said:
		return connect4healthcare.Present
	}
	return connect4healthcare.Absent
}

func (v *View) emrUpdates() ui.Write[emrUpdate, wrote] {
	r := v.readers()
	return ui.Write[emrUpdate, wrote]{
		Vendor: emrName, Op: "update ticket", Words: "save",
		Send: func(ctx context.Context, p emrUpdate) (wrote, error) {
			t, err := r.emr.Ticket(ctx, naturaesoft.ID(p.Ticket))
			if err != nil {
				return wrote{}, err
			}
			if field := changedSince(t, p); field != "" {
				return wrote{}, rest.Refusal(emrName, "update ticket", rest.KindConflict,
					field+" was changed by somebody else meanwhile, so nothing was sent. Press r to read the ticket, then change it again.")
			}
			return wrote{}, r.emr.UpdateTicket(ctx, t, p.Edits)
		},
		ReadBack: func(ctx context.Context, p emrUpdate, since time.Time) (ui.Landing, error) {
			t, err := r.emr.Ticket(ctx, naturaesoft.ID(p.Ticket))
			if err != nil {
				return ui.CannotTell, err
			}
			evidence := connect4healthcare.Present
			now := fieldsOf(t)
			for name, want := range p.Edits {
				if !tickets.Same(now[name], want) {
					evidence = connect4healthcare.Absent
				}
			}
			return r.says(p.Nonce, since, evidence), nil
		},
	}
}

// fieldsOf are a ticket's fields that can be written, and its status.
func fieldsOf(t naturaesoft.Ticket) map[string]string {
	all := map[string]string{"Status": t.Status.Raw()}
	for _, f := range t.Fields() {
		all[f.Name] = f.Value.Raw()
	}
	return all
}

// changedSince is the first edited field that is not as the person saw it.
func changedSince(t naturaesoft.Ticket, p emrUpdate) string {
	now := fieldsOf(t)
	for name, was := range p.Was {
		if now[name] != was && now[name] != p.Edits[name] {
			return name
		}
	}
	return ""
}

// flight is a write from the key that confirmed it to its known end. Its
// functions run inside Update.
type flight struct {
	key    tickets.Key // what it is about, and
	text   string      // the words of a comment
	nonce  string
	accept func(ui.Result[wrote]) bool
	held   func() bool // it can still be taken back
	done   func(wrote) tea.Cmd
	back   func(error) tea.Cmd // it did not happen
	doubt  func()              // it may have; may be nil
}

// fly starts a write on a sender of its own: an answer to one ticket need not
// wait until that to another can no longer be taken back. Its words end with the
// ticket.
func fly[P any](v *View, w ui.Write[P, wrote], record string, p P, f *flight, queued func() tea.Cmd) tea.Cmd {
	if f.key.ID != "" {
		w.Words += " " + short(f.key)
	}
	s := ui.NewSender(v.env, w)
	f.accept, f.held = s.Accept, s.Held
	v.flights = append(v.flights, f)
	return s.Start(record, p, queued)
}

// nonce names a write within this session.
func nonce() string { return uuid.NewString() }

// landed ends a flight, or puts it among those nobody knows the end of.
func (v *View) landed(r ui.Result[wrote]) tea.Cmd {
	i := slices.IndexFunc(v.flights, func(f *flight) bool { return f.accept(r) })
	if i < 0 {
		return nil
	}
	f := v.flights[i]
	v.flights = slices.Delete(v.flights, i, i+1)
	switch {
	case r.Err == nil:
		return f.done(r.Value)
	case !unclear(r.Err):
		return f.back(r.Err)
	}
	v.here.Store(f.nonce, true)
	v.doubts = append(v.doubts, f)
	if f.doubt != nil {
		f.doubt()
	}
	v.env.Fail(rest.UserMessage(r.Err) + " Nothing is sent again; frontdesk looks whether it did.")
	v.looks = 0
	return v.lookSoon()
}

// unclear reports that a write may have landed.
func unclear(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && e.Ambiguous || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
