package slots

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
)

func (v *View) loadProviders() tea.Cmd {
	emr := v.emr
	return v.load.Latest(func(ctx ctx) ([]naturaesoft.Provider, error) { return emr.Providers(ctx) })
}

// lookBack goes through the book once, when the first screen stands: nobody at
// the desk waits for it.
func (v *View) lookBack() tea.Cmd {
	if v.looked {
		return nil
	}
	v.looked = true
	return tea.Batch(v.recover(), v.list.reload())
}

// recover marks what an earlier run sent without hearing the answer.
func (v *View) recover() tea.Cmd {
	book := v.book
	return v.reconcile.Latest(func(ctx ctx) (booking.Report, error) {
		if _, err := book.Recover(ctx); err != nil {
			return booking.Report{}, err
		}
		return book.Reconcile(ctx)
	})
}

// claim holds an opening of the list or of a day, in place of the hold that
// gets another time.
func (v *View) claim(o booking.Opening) tea.Cmd {
	opt, visitType := booking.HoldOptions{}, v.find.what.visitType
	if old := v.find.instead; old != nil {
		opt, visitType = booking.HoldOptions{Prospect: old.Prospect, Instead: *old}, old.VisitType
	}
	return v.claimFor(o, visitType, opt)
}

// claimFor holds a time; the page that shows it opens when it is ours. While the
// ledger's server is away it asks whether to go past it.
func (v *View) claimFor(o booking.Opening, visitType string, opt booking.HoldOptions) tea.Cmd {
	if v.book.Breakable() {
		v.past(o, visitType, opt.Prospect)
		return nil
	}
	v.wanted = o
	book := v.book
	return v.hold.Once(func(ctx ctx) (booking.Booking, error) { return book.Hold(ctx, o, visitType, opt) })
}

// held follows a claim: to its page, or back to the list with the nearest
// other times under the cursor. Of a time that is ours already it opens that
// hold.
func (v *View) held(r ui.Result[booking.Booking]) tea.Cmd {
	if b, ok := v.resumed(r.Err); ok {
		r.Value, r.Err = b, nil
	}
	if r.Err != nil && !r.Value.State.Live() {
		v.lost(r)
		return v.readHolds()
	}
	cmds := []tea.Cmd{v.readHolds(), v.visit.show(r.Value)}
	v.Open(v.visit)
	if v.book.Breakable() {
		v.parted = true
		cmds = append(cmds, v.watch())
	}
	if r.Err != nil {
		cmds = append(cmds, v.fail(r.Err))
	} else {
		v.env.Unsay(v.stale) // it is not this time that was refused
	}
	v.stale = ""
	v.find.instead, v.list.at = nil, r.Value.ID
	if old := v.find.moving; old != nil {
		v.find.moving = nil
		cmds = append(cmds, v.visit.replaces(*old))
	} else if p := v.next; p.ID != "" && r.Err == nil && r.Value.Prospect == "" {
		v.next = naturaesoft.Prospect{}
		cmds = append(cmds, v.visit.pick(p))
	}
	return tea.Batch(cmds...)
}

// resumed is this session's own hold of exactly the time wanted, when that is
// what stands in the way. Another session of the account may have a caller of
// its own, a hold of an earlier one is taken up from the book. A visit that is
// moved, and a person another tab sent, want a hold that is nobody's yet.
func (v *View) resumed(err error) (booking.Booking, bool) {
	var taken *booking.TakenError
	if !errors.As(err, &taken) || v.find.moving != nil || v.find.instead != nil {
		return booking.Booking{}, false
	}
	b, o := taken.Conflicts[0], v.wanted
	same := b.Provider == o.Provider.ID && b.Start() == o.Start() && b.Duration == o.Duration
	ours := b.State == booking.Held && b.Owner.Same(v.opt.Actor) && b.Owner.Session == v.opt.Actor.Session
	return b, same && ours && (v.next.ID == "" || b.Prospect == "")
}

// lost says who was faster and takes a slot that is gone off the list. Of an
// own hold, of this session or another, it says where it can be given back.
func (v *View) lost(r ui.Result[booking.Booking]) {
	words := rest.UserMessage(r.Err)
	var taken *booking.TakenError
	if errors.As(r.Err, &taken) && taken.State == booking.Held && taken.By.Same(v.opt.Actor) {
		b := taken.Conflicts[0]
		words = fmt.Sprintf("You hold this yourself: %s (%s left). It is in the book, which b opens from the list: enter goes on with it, x releases it.",
			v.when(b), countdown(taken.Left))
	}
	if b := r.Value; b.State == booking.Lost {
		v.find.remove(b)
		if old := v.find.instead; old != nil && b.Overlaps(*old) {
			words += " The hold of " + v.when(*old) + " was given back for it: it is in the book, where enter opens it and holds it again."
			v.find.instead = nil
		}
	}
	v.refuse(words)
}

// refuse says why a time is not held, until one is.
func (v *View) refuse(words string) {
	v.stale = words
	v.env.Fail(words)
}

// readHolds draws who holds what anew, in the list and in the day behind it.
func (v *View) readHolds() tea.Cmd {
	if v.grid.columns == nil {
		return v.find.readHolds()
	}
	return tea.Batch(v.find.readHolds(), v.grid.readHolds())
}

type pollMsg struct{}

// watch keeps comparing with the schedule while a request waits to be seen and
// somebody looks at it, and on whatever page while the ledger could not be
// asked: what was booked beside it joins it as soon as it answers.
func (v *View) watch() tea.Cmd {
	if v.polling {
		return nil
	}
	v.polling = true
	return v.env.After(pollEvery, pollMsg{})
}

func (v *View) poll() tea.Cmd {
	v.polling = false
	if v.Page() != v.visit && v.Page() != v.list && !v.parted {
		return nil
	}
	if v.reconcile.Out() {
		return v.watch()
	}
	return v.compare()
}

// compare reads the schedule of every provider with an open request.
func (v *View) compare() tea.Cmd {
	book := v.book
	return v.reconcile.Latest(func(ctx ctx) (booking.Report, error) { return book.Reconcile(ctx) })
}

func (v *View) reconciled(r ui.Result[booking.Report]) tea.Cmd {
	if !v.reconcile.Accept(r) {
		return nil
	}
	v.list.compared = v.env.Now()
	v.list.fault = ""
	v.parted = r.Err != nil
	if r.Err != nil {
		v.list.fault = rest.UserMessage(r.Err)
	}
	for id, err := range r.Value.Failed {
		v.list.fault = v.provider(id) + ": " + rest.UserMessage(err)
	}
	for _, err := range r.Value.Unmoved {
		v.list.fault = rest.UserMessage(err)
	}
	cmds := []tea.Cmd{v.list.reload(), v.replaced.found(r.Value.Replaced)}
	if v.told {
		v.told = false
		cmds = append(cmds, v.outcome())
	}
	for _, c := range r.Value.Changes {
		cmds = append(cmds, v.visit.refresh(c.Booking))
	}
	cmds = append(cmds, v.changed(r.Value.Changes))
	if r.Value.Asked > 0 || v.parted {
		cmds = append(cmds, v.watch())
	}
	return tea.Batch(cmds...)
}

// changed tells of visits' new states. What wants a person is told as a fault,
// before all else.
func (v *View) changed(all []booking.Change) tea.Cmd {
	var said tea.Cmd
	var faults []string
	for _, c := range all {
		words := v.when(c.Booking) + " is " + c.Booking.State.Word() + " now."
		switch c.Booking.State {
		case booking.Requested, booking.Seen, booking.Confirmed, booking.Cancelled:
			said = v.env.Say(words)
		default:
			faults = append(faults, words+" In the book, b under Slots: "+sentences[c.Booking.State]+".")
		}
	}
	if len(faults) > 0 {
		v.env.Fail(strings.Join(faults, " "))
	}
	return said
}

// outcome says in full what became of a comparison that was asked for.
func (v *View) outcome() tea.Cmd {
	if v.list.fault != "" {
		v.env.Fail(v.list.fault)
		return nil
	}
	if v.Page() == v.list { // which says so itself
		return nil
	}
	return v.env.Say("Compared with the schedule.")
}

// tickMsg moves a countdown.
type tickMsg struct{ gen int }

const second = time.Second
