package billing

import (
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// guarded is what a patient has just before something is added to it, or one
// invoice with its lines.
type guarded struct {
	patient  inboxhealth.Patient
	payments []inboxhealth.Payment
	invoices []inboxhealth.Invoice
	lines    []inboxhealth.LineItem
}

// seen is what was there when somebody said yes. What is there besides by the
// time a write leaves was made by somebody else meanwhile.
type seen struct {
	Payments, Invoices []inboxhealth.ID
	Lines              []inboxhealth.ID `json:",omitempty"`
	Balance            amount
}

// look reads what something is about to be added to.
type look func(ctx) (guarded, error)

// ofPatient reads what a patient has.
func ofPatient(inbox *inboxhealth.Client, id inboxhealth.ID) look {
	return func(c ctx) (g guarded, err error) {
		if g.patient, err = inbox.Patient(c, id); err != nil {
			return g, err
		}
		if g.payments, _, err = paymentsOf(c, inbox, id); err != nil {
			return g, err
		}
		g.invoices, _, err = invoicesOf(c, inbox, id)
		return g, err
	}
}

// ofInvoice reads one invoice.
func ofInvoice(inbox *inboxhealth.Client, id inboxhealth.ID) look {
	return func(c ctx) (g guarded, err error) {
		i, err := inbox.Invoice(c, id)
		if err != nil {
			return g, err
		}
		g.invoices = []inboxhealth.Invoice{i}
		g.lines, err = linesOf(c, inbox, id)
		return g, err
	}
}

func (g guarded) seen() *seen {
	s := &seen{Balance: g.patient.Balance}
	for _, x := range g.payments {
		s.Payments = append(s.Payments, x.ID)
	}
	for _, i := range g.invoices {
		s.Invoices = append(s.Invoices, i.ID)
	}
	for _, l := range g.lines {
		s.Lines = append(s.Lines, l.ID)
	}
	return s
}

// after leaves what was not seen.
func (g guarded) after(s *seen) guarded {
	g.payments = slices.DeleteFunc(slices.Clone(g.payments), func(x inboxhealth.Payment) bool { return slices.Contains(s.Payments, x.ID) })
	g.invoices = slices.DeleteFunc(slices.Clone(g.invoices), func(i inboxhealth.Invoice) bool { return slices.Contains(s.Invoices, i.ID) })
	g.lines = slices.DeleteFunc(slices.Clone(g.lines), func(l inboxhealth.LineItem) bool { return slices.Contains(s.Lines, l.ID) })
	return g
}

// sameDay says which invoice is for a service of that day already, or "".
func (g guarded) sameDay(on date) string {
	for _, i := range g.invoices {
		if i.DateOfService == on {
			return fmt.Sprintf("Invoice %s is for a service of the same day already.", i.ID)
		}
	}
	return ""
}

// overtaken refuses what somebody else has done since it was confirmed: between
// the two lies the time in which it could be taken back. An entry of the outbox
// that does not know what was seen is not compared.
func overtaken(c ctx, read look, op string, was *seen, found func(now, since guarded) string) error {
	if was == nil {
		return nil
	}
	now, err := read(c)
	if err != nil {
		return unsent(err)
	}
	if words := found(now, now.after(was)); words != "" {
		return refusal(op, words+" Somebody did that meanwhile, so nothing was sent.")
	}
	return nil
}

// unsent is the failure of a look that is taken before a write. An answer
// that nobody can read is an end of that look, and not of the write, which
// never left.
func unsent(err error) error {
	if bad, ok := errors.AsType[*rest.Error](err); ok && bad.Phase == rest.Done {
		before := *bad
		before.Phase = rest.NotSent
		return &before
	}
	return err
}

// guard reads what a patient has before the last question about one of their
// forms is asked.
type guard struct {
	*ui.Call[guarded]
	dialog *ui.FormDialog
	field  string // that complaints stand under
	then   func(guarded) tea.Cmd
}

// ask reads it, and then asks.
func (g *guard) ask(read look, d *ui.FormDialog, field string, then func(guarded) tea.Cmd) tea.Cmd {
	g.dialog, g.field, g.then = d, field, then
	d.Stop = g.Cancel
	return g.Latest(read)
}

func (g *guard) answered(r ui.Result[guarded]) tea.Cmd {
	if !g.Accept(r) {
		return nil
	}
	if r.Err != nil {
		g.dialog.SetErrors(map[string]string{g.field: "It could not be made sure that this is not there already, so nothing was sent. " + rest.UserMessage(r.Err)})
		return nil
	}
	return g.then(r.Value)
}

// busy reports that the form is looked up or on its way.
func (g *guard) busy(p *person, d *ui.FormDialog) func() bool {
	sending := p.v.sending(d)
	return func() bool { return g.Out() || sending() }
}
