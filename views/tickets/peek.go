package tickets

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// full is a ticket as reading it alone tells.
type full struct {
	ticket *tickets.Ticket
	talk   *tickets.Talk
	emr    naturaesoft.Ticket
	key    tickets.Key
}

// readOne reads one ticket with its conversation.
func readOne(ctx ctx, emr EMR, care Care, reading tickets.Reading, k tickets.Key) (full, error) {
	if k.Source == tickets.EMR {
		t, err := emr.Ticket(ctx, naturaesoft.ID(k.ID))
		return full{ticket: reading.FromEMR(t), talk: reading.EMRTalk(t), emr: t, key: k}, err
	}
	d, err := care.TicketDetail(ctx, careID(k.ID))
	return full{ticket: reading.FromCare(d.Ticket), talk: reading.CareTalk(d), key: k}, err
}

// peeked is a conversation read for the board.
type peeked struct{ full }

// peekOn reads the conversations on top of the board that are not known or not
// of today: who spoke last decides how long somebody waits. One that cannot be
// read is left for the next time.
func (v *View) peekOn() tea.Cmd {
	v.peekMore = v.peek.Out()
	if v.peekMore {
		return nil
	}
	var wanted []tickets.Key
	for _, t := range v.board.rows(4 * peekMost) {
		if t.Stale() && !t.Closed() && len(wanted) < peekMost {
			wanted = append(wanted, t.Key)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	emr, care, reading := v.emr, v.care, v.read
	return v.peek.Start(func(ctx ctx, emit func(peeked)) error {
		failed := map[tickets.Source]bool{}
		for _, k := range wanted {
			if failed[k.Source] || ctx.Err() != nil {
				continue
			}
			one, err := readOne(ctx, emr, care, reading, k)
			if failed[k.Source] = err != nil; err == nil {
				emit(peeked{one})
			}
		}
		return nil
	})
}

func (v *View) peeked(b ui.Batch[peeked]) tea.Cmd {
	ok, next := v.peek.Accept(b)
	if !ok {
		return nil
	}
	for _, p := range b.Items {
		next = tea.Batch(next, v.know(p.full))
	}
	if b.Done && v.peekMore { // a list came in meanwhile
		return tea.Batch(next, v.peekOn())
	}
	return next
}

// know puts a ticket that was read where it belongs.
func (v *View) know(f full) (note tea.Cmd) {
	if f.talk.Foreign {
		return nil
	}
	person := safe.Text{}
	if r, ok := v.residents[f.ticket.Resident]; ok {
		person = r.Name()
	}
	old := v.base[f.key]
	v.base[f.key] = f.ticket.With(nil, time.Time{}, person)
	if old == nil || old.Stamp != f.ticket.Stamp {
		note = v.ownChange(f.ticket)
	}
	v.learn(f.key, f.talk)
	v.talks[f.key] = f.talk
	v.redo(f.key)
	return note
}
