package tickets

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// remembered is what this account's memory holds.
type remembered struct {
	memory *tickets.Memory
	notes  tickets.Notes
}

// recall opens the memory. Without one the session is all there is.
func (v *View) recall() tea.Cmd {
	open := v.opt.Memory
	if open == nil {
		return nil
	}
	return v.remember.Latest(func(ctx ctx) (remembered, error) {
		m, err := open(ctx)
		if err != nil {
			return remembered{}, err
		}
		notes, err := m.Load(ctx)
		return remembered{m, notes}, err
	})
}

func (v *View) recalled(r ui.Result[remembered]) tea.Cmd {
	if !v.remember.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return v.fail(r.Err)
	}
	v.memory, v.notes = r.Value.memory, r.Value.notes
	for k := range v.notes.Answers {
		v.compose(k)
	}
	v.board.refill()
	return nil
}

// noteMsg tells that something could not be remembered.
type noteMsg struct{ err error }

// note writes into the memory; what fails is said and lost for the next
// session only.
func (v *View) note(write func(ctx, *tickets.Memory) error) tea.Cmd {
	m, ctx := v.memory, v.env.Ctx
	if m == nil {
		return nil
	}
	return func() tea.Msg {
		if err := write(ctx, m); err != nil {
			return noteMsg{err}
		}
		return nil
	}
}

// unread reports that a ticket changed since this account saw it.
func (v *View) unread(t *tickets.Ticket) bool {
	l, ok := v.notes.Looks[t.Key]
	return !ok || l.Stamp != t.Digest()
}

// fresh counts the comments since this account looked; -1 when it cannot be
// told.
func (v *View) fresh(t *tickets.Ticket) int {
	l, ok := v.notes.Looks[t.Key]
	if !ok || t.Talk == nil {
		return -1
	}
	return max(0, len(t.Talk.Comments)-l.Comments)
}

// saw marks a ticket as read.
func (v *View) saw(t *tickets.Ticket) tea.Cmd {
	l := tickets.Look{Stamp: t.Digest()}
	if t.Talk != nil {
		l.Comments = len(t.Talk.Comments)
	}
	if v.notes.Looks[t.Key] == l {
		return nil
	}
	v.notes.Looks[t.Key] = l
	v.redo(t.Key)
	k := t.Key
	return v.note(func(ctx ctx, m *tickets.Memory) error { return m.Saw(ctx, k, l) })
}

// snoozed reports that a ticket is put off: until then, or until it changes.
func (v *View) snoozed(t *tickets.Ticket) bool {
	s, ok := v.notes.Snoozes[t.Key]
	return ok && v.env.Now().Before(s.Until) && s.Stamp == t.Digest()
}

// putOff snoozes a ticket; a zero time wakes it.
func (v *View) putOff(t *tickets.Ticket, until time.Time) tea.Cmd {
	k, s := t.Key, tickets.Snooze{Until: until, Stamp: t.Digest()}
	if until.IsZero() {
		delete(v.notes.Snoozes, k)
	} else {
		v.notes.Snoozes[k] = s
	}
	v.redo(k)
	return v.note(func(ctx ctx, m *tickets.Memory) error { return m.Snooze(ctx, k, s) })
}

// answered notes that this desk wrote to a ticket: the clock stops.
func (v *View) answered(k tickets.Key) tea.Cmd {
	at := v.env.Now()
	v.notes.Answers[k] = at
	v.redo(k)
	return v.note(func(ctx ctx, m *tickets.Memory) error { return m.Answered(ctx, k, at) })
}

// link ties a ticket to somebody or something, or unties it.
func (v *View) link(from tickets.Key, l tickets.Link, off bool) tea.Cmd {
	tie := func(k tickets.Key, l tickets.Link) {
		var kept []tickets.Link
		for _, have := range v.notes.Links[k] {
			if have != l {
				kept = append(kept, have)
			}
		}
		if !off {
			kept = append(kept, l)
		}
		v.notes.Links[k] = kept
	}
	tie(from, l)
	if other, err := tickets.ParseKey(l.Target); err == nil && l.Kind == tickets.ToTicket {
		tie(other, tickets.Link{Kind: tickets.ToTicket, Target: from.String()})
	}
	return v.note(func(ctx ctx, m *tickets.Memory) error { return m.Link(ctx, from, l, off) })
}

// facts are what a filter asks beside the ticket.
func (v *View) facts(t *tickets.Ticket) tickets.Facts {
	c, claimed := v.claims[t.Key]
	return tickets.Facts{
		Now: v.env.Now(), Unread: v.unread(t), Snoozed: v.snoozed(t),
		Mine: claimed && c.By.Same(v.opt.Who),
	}
}
