package slots

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

func confirmable(s booking.State) bool { return s == booking.Seen || s == booking.Differs }

func cancellable(s booking.State) bool {
	return s != booking.Held && !s.Done()
}

// confirm asks the person to compare with the EMR: no API shows whose visit it
// is.
func (v *View) confirm(b booking.Booking) {
	if !confirmable(b.State) {
		v.env.Fail("Only a visit that was seen on the schedule can be confirmed. This one is " + b.State.Word() + ".")
		return
	}
	body := fmt.Sprintf("The schedule shows a visit (number %s) on %s.\n\nOpen it in the EMR and compare: is it for %s?",
		b.Visit, v.when(b), v.person(b.Prospect))
	if b.State == booking.Differs {
		body += "\n\nIt differs: " + b.Difference() + "."
	}
	book := v.book
	v.env.Open(ui.NewConfirm(v.env, "Confirm the visit?", body, "Yes, it is theirs", func() tea.Cmd {
		return tea.Batch(v.visit.show(b), v.visit.do(func(ctx ctx) (booking.Booking, error) { return book.Confirm(ctx, b.ID, b.Visit) }))
	}))
}

// cancel asks for the reason and takes the request back.
func (v *View) cancel(b booking.Booking) {
	if !cancellable(b.State) {
		v.env.Fail("A visit that is " + b.State.Word() + " cannot be cancelled. A hold is released on its page: enter, then x.")
		return
	}
	f := form.New(v.env.Theme, form.Choice("why", "Reason", reasons()...).Default(string(booking.ByCaller)))
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Cancel the visit?", f, func(values map[string]string) tea.Cmd {
		v.env.Close(d)
		return tea.Batch(v.visit.show(b), v.visit.calls.Start(b.ID, calledOff{b.ID, values["why"]}, nil))
	})
	d.Below = func(width int) string {
		return "\n" + ansi.Wrap(fmt.Sprintf("%s, for %s. A line goes to their notes. What is in the EMR already has to be "+
			"taken out there, and is watched until it is gone. For another time press esc, then m.", v.when(b), v.person(b.Prospect)), width, " ")
	}
	v.env.Open(d)
}

// reasons are offered, not typed: every desk of the practice reads them.
func reasons() (all []form.Option) {
	for _, w := range booking.Whys() {
		all = append(all, form.Option{Value: string(w), Label: w.Words()})
	}
	return all
}

// movable are the states of a visit that can get another time.
func movable(s booking.State) bool { return s == booking.Held || cancellable(s) }

// move goes to the finder for another time; the old visit is cancelled only
// when the new one is on the schedule. A hold is kept until another one is ours,
// which is for the same person.
func (v *View) move(b booking.Booking) tea.Cmd {
	if !movable(b.State) {
		v.env.Fail("A visit that is " + b.State.Word() + " has no time to move. Hold another one instead.")
		return nil
	}
	if b.State == booking.Held {
		return v.another(b)
	}
	v.find.moving, v.find.instead = &b, nil
	v.find.what.duration = b.Duration
	v.find.what.providers = []naturaesoft.ID{b.Provider}
	v.find.what.next = false
	v.Home()
	return v.find.start()
}

// another chooses the time of the hold that takes the place of b.
func (v *View) another(b booking.Booking) tea.Cmd {
	if !b.Owner.Same(v.opt.Actor) {
		return v.fail(&booking.LeaseError{Booking: b, Foreign: true})
	}
	show := v.visit.show(b)
	v.visit.resume()
	v.find.instead, v.find.insteadAsOf, v.next = &b, v.visit.asOf, naturaesoft.Prospect{}
	v.Home()
	return show
}

// copyCard puts the entry card on the clipboard, through the terminal.
func (v *View) copyCard(b booking.Booking) tea.Cmd {
	return v.env.Copy(string(b.Prospect), v.card(b))
}

func (v *View) saveCard(b booking.Booking) tea.Cmd {
	return v.env.Save(string(b.Prospect), v.opt.Dir, "visit-"+b.Code+".txt", []byte(v.card(b)))
}

func (v *View) saveICS(b booking.Booking) tea.Cmd {
	entry := booking.Entry{Booking: b, Provider: v.named(b.Provider)}
	return v.env.Save(string(b.Prospect), v.opt.Dir, "visit-"+b.Code+".ics", []byte(v.book.ICS(entry)))
}

func (v *View) card(b booking.Booking) string {
	return v.book.Card(b, v.named(b.Provider), v.met(b.Prospect))
}

func (v *View) script(b booking.Booking) string {
	text, err := booking.Script(v.opt.Script, v.book.Spoken(b, v.named(b.Provider)))
	if err != nil {
		return "The practice's own script cannot be used (" + safe.Clean(err.Error()) + "). Read this instead:\n\n" + text
	}
	return text
}

func (v *View) named(id naturaesoft.ID) naturaesoft.Provider {
	for _, p := range v.providers {
		if p.ID == id {
			return p
		}
	}
	return naturaesoft.Provider{ID: id}
}
