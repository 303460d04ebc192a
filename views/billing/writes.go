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
	pay        *ui.Sender[paying, outcome]
	put        *ui.Sender[putting, outcome]
	refund     *ui.Sender[adjusting, outcome]
	void       *ui.Sender[adjusting, outcome]
	off        *ui.Sender[inboxhealth.NewWriteOff, outcome]
	bill       *ui.Sender[inboxhealth.NewInvoice, outcome]
	quick      *ui.Sender[quickPaying, outcome]
	patient    *ui.Sender[inboxhealth.NewPatient, outcome]
	status     *ui.Sender[restating, outcome]
	enterprise *ui.Sender[inboxhealth.NewEnterprise, outcome]
	edit       *ui.Sender[changing, outcome] // of an enterprise
	practice   *ui.Sender[inboxhealth.NewPractice, outcome]
	place      *ui.Sender[changing, outcome] // of a practice
	details    *ui.Sender[changing, outcome] // of a patient
	line       *ui.Sender[inboxhealth.NewLineItem, outcome]
	correct    *ui.Sender[changing, outcome] // of a line
	account    *ui.Sender[newAccount, outcome]
	update     *ui.Sender[updating, outcome]
	deactivate *ui.Sender[updating, outcome]
	run        *ui.Sender[running, outcome]
	undo       *ui.Sender[running, outcome]

	all      []accepter
	open     map[accepter]*composer  // the form behind a write that is out
	laid     *ui.FormDialog          // what was typed and not sent; a key opens it again
	lost     *ui.FormDialog          // what was typed and sent, to an unknown outcome
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

// declare makes a sender and has its results looked for.
func declare[P any](v *View, w ui.Write[P, outcome]) *ui.Sender[P, outcome] {
	s := ui.NewSender(v.env, w)
	v.write.all = append(v.write.all, s)
	return s
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
func start[P any](v *View, s *ui.Sender[P, outcome], record string, payload P, c composer, window bool) tea.Cmd {
	if s.Out() {
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
			v.write.lost = c.dialog
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
	if c.dialog != nil {
		if known && len(bad.Fields) > 0 {
			c.dialog.SetErrors(rest.Complaints(err))
		}
		if c.closed {
			v.write.laid = c.dialog
			words += " Press Z to open what you typed."
		}
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
	cmd := v.page.reload()
	switch v.page {
	case page(v.person):
		v.people.there = false // read anew when it is next shown
	case page(v.onboarding):
		return tea.Batch(cmd, v.enterprises.reload())
	}
	return cmd
}

// lookedBack follows that outcomes were settled.
func (v *View) lookedBack(msg ui.LookedBack) tea.Cmd {
	if msg.Err == nil && msg.Unknown == 0 {
		clear(v.write.doubtful)
	}
	if msg.DidNot > 0 && msg.Landed == 0 && v.write.lost != nil {
		v.write.laid = v.write.lost // it did not arrive: Z opens it again
	}
	if msg.Landed+msg.DidNot > 0 {
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

// partly tells of a write of several requests that landed and was not finished.
type partly struct{ words string }

func (e *partly) Error() string       { return "landed in part" }
func (e *partly) UserMessage() string { return e.words }
func (e *partly) Landed() bool        { return true }

// refusal says in a sentence why something was not sent.
func refusal(op, sentence string) error {
	return rest.Refusal(inboxName, op, rest.KindConflict, sentence)
}
