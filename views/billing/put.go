package billing

import (
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// putting puts what is left of a payment on invoices.
type putting struct {
	Payment, Patient inboxhealth.ID
	Shares           []share
}

// roomFor refuses what somebody else has put on invoices, or voided, in the time
// it could be taken back.
func roomFor(c ctx, inbox *inboxhealth.Client, p putting) error {
	now, err := inbox.Payment(c, p.Payment)
	if err != nil {
		return unsent(err)
	}
	left := now.Unapplied()
	for _, s := range p.Shares {
		left.Cents -= s.Paid
	}
	if left.Known && left.Cents < 0 {
		return refusal("put payment on invoices", "Only "+now.Unapplied().String()+" of payment "+p.Payment.String()+
			" is left: somebody used it meanwhile, so nothing was sent.")
	}
	return nil
}

func putShares(c ctx, inbox *inboxhealth.Client, p putting) error {
	for i, s := range p.Shares {
		_, err := inbox.CreateInvoicePayment(c, inboxhealth.NewInvoicePayment{PaymentID: p.Payment, InvoiceID: s.Invoice, Paid: s.Paid})
		var bad *rest.Error
		if errors.As(err, &bad) && bad.Phase == rest.Done {
			err = nil
		}
		if err != nil && i > 0 && errors.As(err, &bad) && !bad.Ambiguous {
			return &partly{fmt.Sprintf("%d of %d invoices got their part. %s", i, len(p.Shares), rest.UserMessage(err))}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settlePut is settled when all shares are there, or none.
func (v *View) settlePut(c ctx, p putting, since time.Time) (ui.Landing, error) {
	found := map[ui.Landing]int{}
	for _, s := range p.Shares {
		settled, err := v.inbox.SettleInvoicePayment(c, inboxhealth.NewInvoicePayment{PaymentID: p.Payment, InvoiceID: s.Invoice, Paid: s.Paid}, since)
		l, err := v.landing(settled, err, since)
		if err != nil {
			return ui.CannotTell, err
		}
		found[l]++
	}
	for l, n := range found {
		if n == len(p.Shares) {
			return l, nil
		}
	}
	return ui.CannotTell, nil
}

// put asks where to put what is left of a payment.
func (p *person) put(x inboxhealth.Payment) {
	left := x.Unapplied()
	switch {
	case !p.v.can(inboxhealth.ForInvoicePayments):
		return
	case !left.Known || left.Cents <= 0:
		p.v.env.Fail("Nothing of payment " + x.ID.String() + " is left to put on an invoice, as far as Inbox Health tells.")
		return
	}
	f := &paymentForm{dues: dues(p.rec.invoices)}
	if len(f.dues) == 0 {
		p.v.env.Fail("No invoice of this patient has anything open.")
		return
	}
	// The amount is what is left; it is not the person's to change.
	submit := func(values map[string]string) tea.Cmd {
		_, shares, credit := f.typed(values)
		if words := adds(left.Cents, shares, f.dues, credit); words != "" {
			f.dialog.SetErrors(map[string]string{creditName: words})
			return nil
		}
		out := putting{Payment: x.ID, Patient: p.id}
		for i, s := range shares {
			if s > 0 {
				out.Shares = append(out.Shares, share{f.dues[i].ID, s})
			}
		}
		if len(out.Shares) == 0 {
			f.dialog.SetErrors(map[string]string{creditName: "Nothing is put on an invoice: type an amount beside one."})
			return nil
		}
		return start(p.v, p.v.write.put, x.ID.String(), out, composer{dialog: f.dialog, who: p.id}, true)
	}
	f.dialog = ui.NewFormDialog(p.v.env, "Put "+left.String()+" on invoices", form.New(p.v.env.Theme, f.places()...), submit)
	shares, rest := spread(left.Cents, f.dues, how(x.Method.Raw()) == "insurance")
	for i, d := range f.dues {
		f.dialog.Set(onName(d.ID), spelled(shares[i]))
	}
	f.dialog.Set(creditName, spelled(rest))
	f.dialog.Below = func(int) string {
		given := ""
		if x.Refunded.Cents > 0 {
			given = " " + x.Refunded.String() + " of the payment was given back."
		}
		_, shares, credit := f.typed(f.dialog.Values())
		if words := adds(left.Cents, shares, f.dues, credit); words != "" {
			return "\n" + words + given
		}
		return "\n" + left.String() + ": all of it is accounted for." + given
	}
	f.dialog.Busy = p.v.sending(f.dialog)
	p.v.env.Open(f.dialog)
}
