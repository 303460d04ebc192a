package billing

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// addLine asks for one more line of an invoice that is there already. The
// document keeps lines as records of their own, so the invoice itself is not
// sent again.
func (p *person) addLine(i inboxhealth.Invoice) {
	if !p.v.can(inboxhealth.ForLineItems) {
		return
	}
	on := form.Date("date_of_service", "Date of service").Required().Today(p.v.today).Until(p.v.today())
	if !i.DateOfService.IsZero() {
		on.Default(i.DateOfService.String())
	}
	f := form.New(p.v.env.Theme, append(lineFields(0, false, ""), on)...)
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "One more line on invoice "+i.ID.String(), f, func(values map[string]string) tea.Cmd { return p.confirmLine(d, i, values) })
	d.Below = func(int) string {
		return "\n" + sumWords(lines(d.Values(), 1)) + "\nNo charge, but something covered, takes that off the invoice."
	}
	d.Busy = p.guard.busy(p, d)
	p.v.env.Open(d.Keep("billing.line", i.ID.String()))
}

// confirmLine shows what becomes of the invoice.
func (p *person) confirmLine(d *ui.FormDialog, i inboxhealth.Invoice, values map[string]string) tea.Cmd {
	items := lines(values, 1)
	wrong := badLines(items, values, 1)
	if len(items) == 1 && adjusts(items[0]) {
		delete(wrong, "covered.0")
	}
	if len(wrong) > 0 {
		d.SetErrors(wrong)
		return nil
	}
	n := adding{NewLineItem: items[0]}
	n.InvoiceID = i.ID
	return p.guard.ask(ofInvoice(p.v.inbox, i.ID), d, "description.0", func(now guarded) tea.Cmd {
		if words := n.tooMuch(now.invoices[0].Balance); words != "" {
			d.SetErrors(map[string]string{"covered.0": "Covered: " + words})
			return nil
		}
		n.Seen = now.seen()
		p.v.env.Open(ui.NewConfirm(p.v.env, "Add this line?", p.lineWords(n.NewLineItem, now.invoices[0]), "Add it", func() tea.Cmd {
			return start(p.v, p.v.write.line, i.ID.String(), n, composer{dialog: d, who: p.id}, true)
		}))
		return nil
	})
}

// lineWords are what a line makes of its invoice.
func (p *person) lineWords(n inboxhealth.NewLineItem, i inboxhealth.Invoice) string {
	part := sums([]inboxhealth.NewLineItem{n}).part
	words := fmt.Sprintf("Invoice %s of %s, service of %s: ", i.ID, p.rec.patient.Name(), orUnknown(day(i.DateOfService)))
	if part.Cents < 0 {
		words += (-part.Cents).String() + " is taken off."
	} else {
		words += part.String() + " is added."
	}
	if now := plus(i.Balance, part); now.Known {
		words += " " + i.Balance.String() + " is open now, " + now.String() + " after it."
	}
	return words
}

// adding is a new line and what was on its invoice when it was confirmed.
type adding struct {
	inboxhealth.NewLineItem
	Seen *seen `json:",omitempty"`
}

// adjusts reports a line that charges nothing and takes something off.
func adjusts(n inboxhealth.NewLineItem) bool { return n.Charge == 0 && n.Covered > 0 }

// tooMuch says that a line takes off more than is open, or "".
func (n adding) tooMuch(open amount) string {
	if !adjusts(n.NewLineItem) || !open.Known || n.Covered <= open.Cents {
		return ""
	}
	return "only " + open.String() + " of this invoice is open, so no more can be taken off."
}

// overtaken says what somebody else did to the invoice meanwhile, or "".
func (n adding) overtaken(now, since guarded) string {
	for _, l := range since.lines {
		return fmt.Sprintf("The line “%s” with a charge of %s was added to invoice %s.", lineName(l), l.Charge, n.InvoiceID)
	}
	if words := n.tooMuch(now.invoices[0].Balance); words != "" {
		return strings.ToUpper(words[:1]) + words[1:]
	}
	return ""
}

// correct asks which line of an invoice to correct, where there are several.
func (p *person) correct(d invoiceDetail) {
	switch len(d.lines) {
	case 0:
		p.v.env.Fail("This invoice has no line to correct. Press a to add one.")
		return
	case 1:
		p.correctLine(d.lines[0])
		return
	}
	var all []form.Option
	for _, l := range d.lines {
		all = append(all, form.Option{Value: l.ID.String(), Label: lineName(l) + ", " + l.Charge.String()})
	}
	which := form.Choice("line", "Line", all...).Required().Default(all[0].Value)
	var dialog *ui.FormDialog
	dialog = ui.NewFormDialog(p.v.env, "Which line of invoice "+d.invoice.ID.String()+"?", form.New(p.v.env.Theme, which), func(values map[string]string) tea.Cmd {
		dialog.Sent()
		for _, l := range d.lines {
			if l.ID.String() == values["line"] {
				p.correctLine(l)
			}
		}
		return nil
	})
	p.v.env.Open(dialog)
}

func lineName(l inboxhealth.LineItem) string {
	return strings.TrimSpace(l.ServiceCode.String() + "  " + l.Description.String())
}

// correctLine edits one line.
func (p *person) correctLine(l inboxhealth.LineItem) {
	e := &editor{v: p.v, sender: p.v.write.correct, id: l.ID, who: p.id, seen: lineValues(l), ask: "Correct this line?", wrong: badLine}
	e.open("Line of invoice "+l.InvoiceID.String(), "billing.correct",
		form.Text("description", "Service").Max(120),
		form.Text("service_code", "Code").Max(20),
		form.Money("total_charge_amount_cents", "Charge, in all").Required(),
		form.Money("covered_amount_cents", "Covered"),
		form.Money("insurance_owed_amount_cents", "Insurance owes"),
		form.Money("tax_amount_cents", "Tax"),
		form.Text("quantity", "How many").Check(countable),
		form.Date("date_of_service", "Date of service").Today(p.v.today).Until(p.v.today()),
	)
}

// badLine complains about amounts that do not go together. A line without a
// charge is an adjustment.
func badLine(values map[string]string) map[string]string {
	wrong := map[string]string{}
	if values["description"]+values["service_code"] == "" {
		wrong["description"] = "Service: say in words what this line is for."
	}
	charge, _ := form.Cents(values["total_charge_amount_cents"])
	covered, _ := form.Cents(values["covered_amount_cents"])
	if owed, _ := form.Cents(values["insurance_owed_amount_cents"]); owed > max(0, charge-covered) {
		wrong["insurance_owed_amount_cents"] = "Insurance owes: it is more than what is left of the charge. Correct one of the two."
	}
	if charge > 0 && covered > charge {
		wrong["covered_amount_cents"] = "Covered: it is more than the charge. Correct one of the two."
	}
	return wrong
}

func (v *View) declareLines() {
	inbox := v.inbox
	v.write.line = declare(v, ui.Write[adding, outcome]{
		Vendor: inboxName, Op: "create line item", Class: money, Words: "add the line",
		Send: func(c ctx, n adding) (outcome, error) {
			if err := overtaken(c, ofInvoice(inbox, n.InvoiceID), "create line item", n.Seen, n.overtaken); err != nil {
				return outcome{}, err
			}
			_, err := inbox.CreateLineItem(c, n.NewLineItem)
			return outcome{Words: "The line is on invoice " + n.InvoiceID.String() + ".", ID: n.InvoiceID}, err
		},
		ReadBack: readBack(v, func(c ctx, n adding, since time.Time) (inboxhealth.Settled, error) {
			return inbox.SettleLineItem(c, n.NewLineItem, since)
		}),
	})
	v.write.correct = declareChange(v, changeable[inboxhealth.LineItem]{"line", inbox.LineItem, inbox.UpdateLineItem, lineValues})
}
