package billing

import (
	"fmt"
	"strings"
	"time"

	"frontdesk/clients/inboxhealth"
)

// say is the answer to "what do I owe?".
func (p *person) say() {
	p.v.read("Balance, to read aloud", p.id.String(), "balance-"+p.id.String(), p.balanceText())
}

func (p *person) balanceText() string {
	who, today := p.rec.patient, p.v.today()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s.\n\n", p.v.env.Practice, spoken(today))
	switch bal := who.Balance; {
	case !bal.Known:
		fmt.Fprintf(&b, "The balance of %s is unknown: Inbox Health does not state it. Name no amount.\n", who.Name())
	case bal.Cents < 0:
		fmt.Fprintf(&b, "%s has a credit of %s and owes nothing.\n", who.Name(), -bal.Cents)
	case bal.Cents == 0:
		fmt.Fprintf(&b, "%s owes nothing.\n", who.Name())
	default:
		fmt.Fprintf(&b, "%s owes %s.\n", who.Name(), bal)
	}
	for _, d := range dues(p.rec.invoices) {
		if d.Insurance > 0 {
			fmt.Fprintf(&b, "The visit of %s waits for the insurance; nothing is owed for it now.\n", spoken(d.Date))
			continue
		}
		fmt.Fprintf(&b, "Of the visit of %s, %s is open.\n", spoken(d.Date), d.Open)
	}
	var credit []amount
	back := cents(0)
	for _, x := range p.rec.payments {
		if how(x.Method.Raw()) != "insurance" {
			credit = append(credit, x.Unapplied())
			back += max(0, min(x.Refunded.Cents, x.Unapplied().Cents))
		}
	}
	if sum := plus(credit...); !sum.Known || sum.Cents > 0 {
		fmt.Fprintf(&b, "Paid and not yet put on a visit: %s.\n", sum)
	}
	if back > 0 {
		fmt.Fprintf(&b, "%s of that was given back already; Inbox Health takes no refund off a balance.\n", back)
	}
	if !p.rec.whole {
		b.WriteString("Not all invoices could be read.\n")
	}
	return b.String()
}

// receipt is for one payment.
func (p *person) receipt(x inboxhealth.Payment) {
	var b strings.Builder
	fmt.Fprintf(&b, "RECEIPT\n%s\n\nPayment %s of %s\nFrom: %s\nReceived: %s\nHow: %s\n",
		p.v.env.Practice, x.ID, x.Expected, p.rec.patient.Name(), p.v.at(x.CreatedAt), how(x.Method.Raw()))
	if t := x.Description.String(); t != "" {
		b.WriteString("For: " + t + "\n")
	}
	if x.Voided() {
		b.WriteString("\nVOIDED: this payment was taken back as a whole and counts for nothing.\n")
	} else if x.Refunded.Cents > 0 {
		fmt.Fprintf(&b, "\nRefunded of it: %s\n", x.Refunded)
	}
	fmt.Fprintf(&b, "\nBalance as of %s: %s\n", p.v.today(), withCredit(p.rec.patient.Balance))
	p.v.read("Receipt, to read aloud", p.id.String(), "receipt-"+x.ID.String(), b.String())
}

// spoken is a day as it is read aloud.
func spoken(d date) string {
	if d.IsZero() {
		return "an unknown day"
	}
	return d.In(time.UTC).Format("January 2, 2006")
}
