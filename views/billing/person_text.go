package billing

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// invoiceDetail is an invoice with all that is on it.
type invoiceDetail struct {
	invoice inboxhealth.Invoice
	lines   []inboxhealth.LineItem
	shares  []inboxhealth.InvoicePayment
}

// paymentDetail is a payment and where it went.
type paymentDetail struct {
	payment inboxhealth.Payment
	shares  []inboxhealth.InvoicePayment
	whole   bool
}

func sharesOn(c ctx, inbox *inboxhealth.Client, invoice inboxhealth.ID) ([]inboxhealth.InvoicePayment, bool, error) {
	return inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.InvoicePayment], error) {
		return inbox.InvoiceAllocations(c, invoice, q)
	}, func(x inboxhealth.InvoicePayment) inboxhealth.ID { return x.ID })
}

func linesOf(c ctx, inbox *inboxhealth.Client, invoice inboxhealth.ID) ([]inboxhealth.LineItem, error) {
	all, _, err := inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.LineItem], error) {
		return inbox.InvoiceLines(c, invoice, q)
	}, func(l inboxhealth.LineItem) inboxhealth.ID { return l.ID })
	return all, err
}

// readInvoice reads the lines of the invoice under the cursor.
func (p *person) readInvoice() tea.Cmd {
	i, some := p.bills.Selected()
	if !some {
		return nil
	}
	inbox := p.v.inbox
	return p.detail.Latest(func(c ctx) (d invoiceDetail, err error) {
		d.invoice = i
		if d.lines, err = linesOf(c, inbox, i.ID); err == nil {
			d.shares, _, err = sharesOn(c, inbox, i.ID)
		}
		return d, err
	})
}

func (p *person) showInvoice(r ui.Result[invoiceDetail]) tea.Cmd {
	if !p.detail.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return p.v.fail(r.Err)
	}
	d, k := r.Value, p.v.keys
	p = p.still()
	p.v.read("Invoice "+d.invoice.ID.String(), p.id.String(), "invoice-"+d.invoice.ID.String(), p.invoiceText(d),
		ui.Action{Key: k.Line, Do: func() (bool, tea.Cmd) { p.addLine(d.invoice); return true, nil }},
		ui.Action{Key: k.Fix, Do: func() (bool, tea.Cmd) { p.correct(d); return true, nil }})
	return nil
}

func (p *person) invoiceText(d invoiceDetail) string {
	var b strings.Builder
	i := d.invoice
	fmt.Fprintf(&b, "Service of %s, for %s. Open: %s", orUnknown(day(i.DateOfService)), p.rec.patient.Name(), i.Balance)
	if words := state(i); words != "open" && words != "" {
		b.WriteString(" (" + words + ")")
	}
	b.WriteString(".\n\n")
	if len(d.lines) == 0 {
		b.WriteString("It has no lines.\n")
	}
	var parts []amount
	for _, l := range d.lines {
		name := lineName(l)
		if l.Quantity > 1 {
			name += fmt.Sprintf(" x%d", l.Quantity)
		}
		fmt.Fprintf(&b, "%s\n   charge %s, covered %s", name, l.Charge, l.Covered)
		if l.Tax.Cents != 0 {
			fmt.Fprintf(&b, ", tax %s", l.Tax)
		}
		if l.InsuranceOwed.Cents != 0 {
			fmt.Fprintf(&b, ", the insurance owes %s", l.InsuranceOwed)
		}
		fmt.Fprintf(&b, "; the patient's part %s\n", l.PatientPart())
		parts = append(parts, l.PatientPart())
	}
	fmt.Fprintf(&b, "\nAll lines, the patient's part: %s\n\n", plus(parts...))
	if len(d.shares) == 0 {
		b.WriteString("No payment is on this invoice.")
	}
	for _, s := range d.shares {
		fmt.Fprintf(&b, "Payment %s: %s put on it%s\n", s.PaymentID, s.Paid, p.ofPayment(s.PaymentID))
	}
	if t := i.Notes.String(); t != "" {
		b.WriteString("\n\nNotes: " + t)
	}
	return b.String()
}

// ofPayment adds how and when a payment was made, if it is known here.
func (p *person) ofPayment(id inboxhealth.ID) string {
	for _, x := range p.rec.payments {
		if x.ID == id {
			return ", " + how(x.Method.Raw()) + " of " + orUnknown(p.v.when(x.CreatedAt))
		}
	}
	return ""
}

// applyLimit is how many invoices are asked for a payment's shares; no route
// lists them by payment.
const applyLimit = 40

// readPayment finds where a payment went.
func (p *person) readPayment(x inboxhealth.Payment) tea.Cmd {
	inbox, invoices := p.v.inbox, p.rec.invoices
	return p.spent.Latest(func(c ctx) (paymentDetail, error) {
		d := paymentDetail{payment: x, whole: len(invoices) <= applyLimit}
		for _, i := range invoices[:min(len(invoices), applyLimit)] {
			shares, _, err := sharesOn(c, inbox, i.ID)
			if err != nil {
				return d, err
			}
			for _, s := range shares {
				if s.PaymentID == x.ID {
					d.shares = append(d.shares, s)
				}
			}
		}
		return d, nil
	})
}

func (p *person) showPayment(r ui.Result[paymentDetail]) tea.Cmd {
	if !p.spent.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	d := r.Value
	var b strings.Builder
	x := d.payment
	fmt.Fprintf(&b, "%s, %s, %s; %s.\n", x.Expected, how(x.Method.Raw()), p.v.at(x.CreatedAt), standing(x))
	if t := x.Description.String(); t != "" {
		b.WriteString("For: " + t + "\n")
	}
	b.WriteString("\n")
	for _, s := range d.shares {
		fmt.Fprintf(&b, "On invoice %s: %s\n", s.InvoiceID, s.Paid)
	}
	if len(d.shares) == 0 {
		b.WriteString("It is on no invoice that was looked at.\n")
	}
	if !d.whole {
		fmt.Fprintf(&b, "Only the first %d invoices were looked at.\n", applyLimit)
	}
	fmt.Fprintf(&b, "On no invoice: %s. Refunded: %s.", x.Unapplied(), x.Refunded)
	p.v.read("Payment "+x.ID.String(), p.id.String(), "payment-"+x.ID.String(), b.String())
	return nil
}

func (p *person) readMessage() {
	n, some := p.sent.Selected()
	if !some {
		return
	}
	text := fmt.Sprintf("%s by %s, %s, %s.\n%s\n\n%s", n.Type, n.Channel, n.Status, p.v.at(first(n.SentAt, n.CreatedAt)), n.Subject, n.Body)
	p.v.read("Message", p.id.String(), "message-"+n.ID.String(), text)
}
