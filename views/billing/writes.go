package billing

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// The vendors of this tab's writes in the outbox, and the classes of writes
// that can be taken back for a while.
const (
	inboxName    = "Inbox Health"
	updoxName    = "Updox"
	onboardName  = "Onboarding"
	money        = "money"
	deactivation = "deactivation"
)

// arrive is how long a request may still be under way after its window: absence
// proves nothing before.
const arrive = 2 * time.Minute

// outcome is what a write left behind: a sentence for the notice, and the id of
// the record that is shown next.
type outcome struct {
	Words string
	ID    inboxhealth.ID
}

// writes are the tab's senders, one for each kind of write.
type writes struct {
	pay        *writer[paying]
	put        *writer[putting]
	refund     *writer[adjusting]
	void       *writer[adjusting]
	off        *writer[writingOff]
	bill       *writer[invoicing]
	quick      *writer[quickPaying]
	patient    *writer[inboxhealth.NewPatient]
	status     *writer[restating]
	enterprise *writer[inboxhealth.NewEnterprise]
	edit       *writer[changing] // of an enterprise
	practice   *writer[inboxhealth.NewPractice]
	place      *writer[changing] // of a practice
	details    *writer[changing] // of a patient
	line       *writer[adding]
	correct    *writer[changing] // of a line
	account    *writer[newAccount]
	update     *writer[updating]
	deactivate *writer[updating]
	run        *writer[running]
	undo       *writer[running]

	all      []accepter
	open     map[accepter]*composer  // the form behind a write that is out
	laid     []*ui.FormDialog        // what was typed and not sent; a key opens the last
	lost     []*ui.FormDialog        // what was typed and sent, to an unknown outcome
	doubtful map[inboxhealth.ID]bool // patients with a write whose outcome is unknown
}

// composer is the form a write came from.
type composer struct {
	dialog *ui.FormDialog
	then   func(outcome) tea.Cmd // shows what was made; may be nil
	who    inboxhealth.ID        // the patient it is about, 0 for none
	// refused is told of a vendor's no first; true: it was dealt with.
	refused func(error) bool
	closed  bool // the form was closed when the intent was safe
}

// accepter is a sender, whatever it sends.
type accepter interface {
	Accept(ui.Result[outcome]) bool
	Out() bool
}

// A writer is one kind of write. A sender carries one at a time and keeps it
// back for its window, so there are as many as are out: the next caller pays
// while the last one's payment can still be taken back.
type writer[P any] struct {
	v    *View
	kind ui.Write[P, outcome]
	ways []*ui.Sender[P, outcome]
}

// declare makes a writer and has its results looked for.
func declare[P any](v *View, w ui.Write[P, outcome]) *writer[P] {
	k := &writer[P]{v: v, kind: w}
	k.free() // declared from the start: the outbox may hold one of another session
	return k
}

// free is a sender that carries nothing now.
func (w *writer[P]) free() *ui.Sender[P, outcome] {
	for _, s := range w.ways {
		if !s.Out() {
			return s
		}
	}
	s := ui.NewSender(w.v.env, w.kind)
	w.ways = append(w.ways, s)
	w.v.write.all = append(w.v.write.all, s)
	return s
}

// out reports a write about the patient that is on its way or in its window; 0
// asks for any.
func (w *writer[P]) out(who inboxhealth.ID) bool {
	for _, s := range w.ways {
		if c := w.v.write.open[s]; s.Out() && (who == 0 || c == nil || c.who == 0 || c.who == who) {
			return true
		}
	}
	return false
}

// sending reports that what is in a form is on its way.
func (v *View) sending(d *ui.FormDialog) func() bool {
	return func() bool {
		for s, c := range v.write.open {
			if c.dialog == d && !c.closed && s.Out() {
				return true
			}
		}
		return false
	}
}

// declareWrites makes the senders of the vendors the profile uses.
func (v *View) declareWrites() {
	v.write = writes{open: map[accepter]*composer{}, doubtful: map[inboxhealth.ID]bool{}}
	if v.inbox != nil {
		v.declareMoney()
		v.declareRecords()
	}
	if v.updox != nil {
		v.declareAccounts()
	}
	if v.onboards() {
		v.declareOnboarding()
	}
}

// start sends what the form holds. The form closes when the intent is safe for
// what can be taken back, and on success for all else.
func start[P any](v *View, kind *writer[P], record string, payload P, c composer, window bool) tea.Cmd {
	if kind.out(c.who) {
		v.env.Fail("One of these is on its way, or can still be taken back with ctrl+x. Wait for it before the next.")
		return nil
	}
	if c.who != 0 && v.write.doubtful[c.who] {
		v.env.Fail("The outcome of an earlier write for this patient is not known yet, so this was not sent. It is being looked for: confirm again when that is settled.")
		return v.env.LookBack()
	}
	if c.dialog != nil {
		c.dialog.Stop = func() { v.env.Fail("It is on its way and cannot be stopped. The form closes when the answer is in.") }
	}
	s := kind.free()
	v.write.open[s] = &c
	var queued func() tea.Cmd
	if window {
		queued = func() tea.Cmd {
			if c.dialog != nil {
				c.closed = true
				c.dialog.Sent()
			}
			return nil
		}
	}
	return s.Start(record, payload, queued)
}

// arrived ends a write: it says what happened, puts back what was not sent, and
// looks for what may have landed.
func (v *View) arrived(r ui.Result[outcome]) tea.Cmd {
	for _, s := range v.write.all {
		if !s.Accept(r) {
			continue
		}
		c := v.write.open[s]
		delete(v.write.open, s)
		if r.Err != nil {
			return v.failed(r.Err, *c)
		}
		if c.dialog != nil {
			c.dialog.Sent()
		}
		cmds := []tea.Cmd{v.env.Say(r.Value.Words), v.refresh()}
		if c.then != nil {
			cmds = append(cmds, c.then(r.Value))
		}
		return tea.Batch(cmds...)
	}
	return nil
}

// failed keeps what was typed. A form that is still open gets the vendor's
// complaints; one that was closed waits for a key.
func (v *View) failed(err error, c composer) tea.Cmd {
	var bad *rest.Error
	known := errors.As(err, &bad)
	switch {
	case errors.Is(err, ui.ErrTakenBack):
		if c.dialog != nil && c.closed {
			v.env.Open(c.dialog)
		}
		return v.env.Say("Taken back: nothing was sent.")
	case known && bad.Ambiguous:
		if c.who != 0 {
			v.write.doubtful[c.who] = true
		}
		if c.dialog != nil {
			c.dialog.Sent() // the outbox has it now
			v.write.lost = append(v.write.lost, c.dialog)
		}
		v.env.Fail(rest.UserMessage(err))
		return tea.Batch(v.env.LookBack(), v.refresh())
	case isLanded(err):
		v.env.Fail(rest.UserMessage(err))
		if c.dialog != nil {
			c.dialog.Sent()
		}
		return v.refresh()
	}
	if c.refused != nil && c.refused(err) {
		return nil
	}
	words := rest.UserMessage(err)
	if c.dialog != nil && known && len(bad.Fields) > 0 {
		c.dialog.SetErrors(rest.Complaints(err))
	} else if c.dialog != nil && !c.closed {
		c.dialog.SetErrors(map[string]string{"": words}) // it would lie over a notice
		return v.refresh()
	}
	if c.dialog != nil && c.closed {
		v.write.laid = append(v.write.laid, c.dialog)
		words += " Press Z to open what you typed."
	}
	v.env.Fail(words)
	return v.refresh()
}

// isLanded reports an error after the vendor has carried the write out.
func isLanded(err error) bool {
	var l interface{ Landed() bool }
	var bad *rest.Error
	return errors.As(err, &l) && l.Landed() || errors.As(err, &bad) && bad.Phase == rest.Done
}

// refresh reads again what a write may have changed.
func (v *View) refresh() tea.Cmd {
	cmd := v.Page().(page).reload()
	switch v.Page() {
	case v.person:
		v.people.there, v.aging.there = false, false // read anew when they are next shown
	case v.onboarding:
		return tea.Batch(cmd, v.enterprises.reload())
	}
	return cmd
}

// lookedBack follows that outcomes were settled.
func (v *View) lookedBack(msg ui.LookedBack) tea.Cmd {
	if msg.Err == nil && msg.Unknown == 0 {
		clear(v.write.doubtful)
	}
	if msg.DidNot > 0 && msg.Landed+msg.Unknown == 0 {
		v.write.laid = append(v.write.laid, v.write.lost...) // nothing arrived: Z opens it again
	}
	if msg.Err == nil && msg.Unknown == 0 {
		v.write.lost = nil
	}
	if msg.Landed+msg.DidNot == 0 && !msg.Again {
		return nil
	}
	return v.refresh()
}

// landing is what reading back says. Absence counts only when the request
// cannot be under way any more; then the page it came from offers it again.
func (v *View) landing(s inboxhealth.Settled, err error, since time.Time) (ui.Landing, error) {
	switch {
	case err != nil:
		return ui.CannotTell, err
	case s.Verdict == inboxhealth.Landed:
		return ui.Landed, nil
	case s.Verdict == inboxhealth.DidNot && v.env.Now().Sub(since) > arrive:
		return ui.Reopened, nil
	}
	return ui.CannotTell, nil
}

// readBack looks for what a write was to make.
func readBack[P any](v *View, settle func(ctx, P, time.Time) (inboxhealth.Settled, error)) func(ctx, P, time.Time) (ui.Landing, error) {
	return func(c ctx, p P, since time.Time) (ui.Landing, error) {
		s, err := settle(c, p, since)
		return v.landing(s, err, since)
	}
}

// partly tells of a write of several requests that landed and was not finished.
type partly struct{ words string }

func (e *partly) Error() string       { return "landed in part" }
func (e *partly) UserMessage() string { return e.words }
func (e *partly) Landed() bool        { return true }

// refusal says in a sentence why something was not sent.
func refusal(op, sentence string) error {
	return rest.Refusal(inboxName, op, rest.KindConflict, sentence)
}
