package slots

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
)

// outdated is a visit that another one replaces, as the outbox keeps it; the
// subcommands read it too.
type outdated struct{ Booking string }

// replaced calls visits off whose replacement was seen, one after the other
// and each once in a session.
type replaced struct {
	v     *View
	send  *ui.Sender[outdated, booking.Booking]
	queue []booking.Booking
	tried map[string]bool
}

func newReplaced(v *View) *replaced {
	book := v.book
	return &replaced{v: v, tried: map[string]bool{}, send: ui.NewSender(v.env, ui.Write[outdated, booking.Booking]{
		Vendor: emrName, Op: "cancel replaced visit", Words: "cancel the visit that was replaced",
		Send: func(ctx ctx, o outdated) (booking.Booking, error) { return book.CancelReplaced(ctx, o.Booking) },
		ReadBack: func(ctx ctx, o outdated, _ time.Time) (ui.Landing, error) {
			return cancelLanding(book.Load(ctx, o.Booking))
		},
	})}
}

// found takes what a look at the schedule named.
func (r *replaced) found(all []booking.Booking) tea.Cmd {
	for _, b := range all {
		if !r.tried[b.ID] {
			r.tried[b.ID] = true
			r.queue = append(r.queue, b)
		}
	}
	return r.next()
}

func (r *replaced) next() tea.Cmd {
	if len(r.queue) == 0 || r.send.Out() {
		return nil
	}
	b := r.queue[0]
	r.queue = r.queue[1:]
	return r.send.Start(b.ID, outdated{b.ID}, nil)
}

// ended follows an answer; it reports whether it was of such a visit.
func (r *replaced) ended(msg ui.Result[booking.Booking]) (tea.Cmd, bool) {
	if !r.send.Accept(msg) {
		return nil, false
	}
	cmds := []tea.Cmd{r.v.list.reload(), r.next()}
	if msg.Err != nil {
		r.v.env.Fail("A visit that was replaced could not be cancelled. " + rest.UserMessage(msg.Err))
	} else {
		cmds = append(cmds, r.v.visit.refresh(msg.Value), r.v.env.Say(r.v.when(msg.Value)+" is "+msg.Value.State.Word()+" now."))
	}
	return tea.Batch(cmds...), true
}
