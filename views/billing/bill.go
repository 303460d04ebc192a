package billing

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// billable is what an invoice can name, read before its form opens.
type billable struct {
	practices []inboxhealth.Practice
	doctors   []inboxhealth.Doctor
	quick     bool
}

// quickPaying is an invoice and the payment for all of it, in one.
type quickPaying struct {
	Invoice     inboxhealth.NewInvoice
	Amount      cents
	Method      inboxhealth.Method
	Description string
	Seen        *seen `json:",omitempty"`
}

// invoicing is a new invoice and what was there when it was confirmed.
type invoicing struct {
	inboxhealth.NewInvoice
	Seen *seen `json:",omitempty"`
}

func (q quickPaying) vendor() inboxhealth.NewPayment {
	return inboxhealth.NewPayment{PatientID: q.Invoice.PatientID, Expected: q.Amount, Method: q.Method, Description: q.Description}
}

// bill reads the enterprise's practices and doctors, then asks.
func (p *person) bill(quick bool) tea.Cmd {
	what := inboxhealth.ForInvoices
	if quick {
		what = inboxhealth.ForQuickPay
	}
	if !p.v.can(what) {
		return nil
	}
	inbox, owner := p.v.inbox, p.rec.patient.EnterpriseID
	return p.places.Latest(func(c ctx) (b billable, err error) {
		b.quick = quick
		page, err := inbox.EnterprisePractices(c, owner, inboxhealth.Query{})
		if err != nil {
			return b, err
		}
		b.practices = page.Items
		// Without doctors an invoice can be made all the same.
		if found, bad := inbox.EnterpriseDoctors(c, owner, inboxhealth.Query{}); bad == nil {
			b.doctors = found.Items
		}
		return b, nil
	})
}

func (p *person) invoiceForm(r ui.Result[billable]) tea.Cmd {
	if !p.places.Accept(r) {
		return nil
	}
	p = p.still()
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	b, title, kind := r.Value, "Invoice for ", "billing.invoice"
	if b.quick {
		title, kind = "Quick pay: invoice and payment of ", "billing.quick"
	}
	bl := &billing{quick: b.quick, lines: 1}
	fields := lineFields(0, b.quick, lineTitle(0))
	if b.quick {
		fields = append(fields, form.Choice(methodName, "How paid", p.v.methods()[:3]...).Required().Default("cash").Section("Payment"),
			form.Text(forName, "What for").Default(p.quickWords()).Max(80))
	}
	fields = append(fields, p.visitFields(b)...)
	bl.dialog = ui.NewFormDialog(p.v.env, title+p.rec.patient.Name().String(), form.New(p.v.env.Theme, fields...), func(values map[string]string) tea.Cmd {
		return p.submitBill(bl, values)
	})
	bl.dialog.Actions = []ui.Action{{Key: p.v.keys.More, Do: func() (bool, tea.Cmd) { return false, bl.another(p.v) }}}
	bl.dialog.Below = func(int) string { return "\n" + sumWords(lines(bl.dialog.Values(), bl.lines)) }
	bl.dialog.Busy = p.guard.busy(p, bl.dialog)
	bl.dialog.Room = bl.room
	bl.dialog.Keep(kind, p.id.String())
	p.v.env.Open(bl.dialog)
	return nil
}

// quickWords is what the enterprise calls a quick payment.
func (p *person) quickWords() string {
	for _, e := range p.v.enterprises.list.table.Rows() {
		if e.ID == p.rec.patient.EnterpriseID && !e.DefaultQuickPayDescription.Empty() {
			return e.DefaultQuickPayDescription.String()
		}
	}
	return "Copay"
}

func (p *person) visitFields(b billable) []form.Field {
	var practices, doctors []form.Option
	for _, x := range b.practices {
		practices = append(practices, form.Option{Value: x.ID.String(), Label: x.Name.String()})
	}
	for _, x := range b.doctors {
		doctors = append(doctors, form.Option{Value: x.ID.String(), Label: strings.TrimSpace(x.FirstName.String() + " " + x.LastName.String())})
	}
	place := form.Choice("practice_id", "Practice", practices...).Required().Section("Visit")
	if len(practices) > 0 {
		place.Default(practices[0].Value)
	}
	return []form.Field{
		place,
		form.Date("date_of_service", "Date of service").Required().Today(p.v.today).Default(p.v.today().String()).Until(p.v.today()),
		form.Combo("doctor_id", "Doctor", doctors...),
		form.Text("notes", "Notes").Max(200),
	}
}

// submitBill checks what was typed, and looks whether it is there already.
func (p *person) submitBill(bl *billing, values map[string]string) tea.Cmd {
	d := bl.dialog
	items := lines(values, bl.lines)
	if wrong := badLines(items, values, bl.lines); len(wrong) > 0 {
		d.SetErrors(wrong)
		return nil
	}
	n := inboxhealth.NewInvoice{PatientID: p.id, PracticeID: number(values["practice_id"]), DoctorID: number(values["doctor_id"]),
		Notes: values["notes"], Lines: items}
	n.DateOfService, _ = readDate(values["date_of_service"])
	q := quickPaying{Invoice: n, Amount: sums(items).part.Cents, Method: inboxhealth.Method(values[methodName]), Description: values[forName]}
	if bl.quick && q.Amount <= 0 {
		d.SetErrors(map[string]string{"charge.0": "Charge: nothing is left to pay, so make an invoice instead."})
		return nil
	}
	return p.guard.ask(ofPatient(p.v.inbox, p.id), d, "description.0", func(now guarded) tea.Cmd {
		q.Seen = now.seen()
		words := fmt.Sprintf("For %s, service of %s. %s", p.rec.patient.Name(), n.DateOfService, sumWords(items))
		if same := now.sameDay(n.DateOfService); same != "" {
			words = "ATTENTION: " + same + "\n\n" + words
		}
		return p.confirmBill(d, bl.quick, q, words, p.v.twins(q.Amount, now.payments))
	})
}

// confirmBill shows the sum once more before it is sent.
func (p *person) confirmBill(d *ui.FormDialog, quick bool, q quickPaying, words, same string) tea.Cmd {
	c := composer{dialog: d, who: p.id}
	if !quick {
		p.v.env.Open(ui.NewConfirm(p.v.env, "Make this invoice?", words, "Make it", func() tea.Cmd {
			return start(p.v, p.v.write.bill, p.id.String(), invoicing{q.Invoice, q.Seen}, c, true)
		}))
		return nil
	}
	words += fmt.Sprintf("\n\n%s is recorded as paid by %s at once.", q.Amount, how(string(q.Method)))
	if same != "" {
		words = "ATTENTION: this payment may be there already. " + same + "\n\n" + words
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Invoice and record the payment?", words, "Record both", func() tea.Cmd {
		return start(p.v, p.v.write.quick, p.id.String(), q, c, true)
	}))
	return nil
}

func number(s string) inboxhealth.ID {
	n, _ := strconv.ParseInt(s, 10, 64)
	return inboxhealth.ID(n)
}

func (v *View) declareBills() {
	inbox := v.inbox
	v.write.bill = declare(v, ui.Write[invoicing, outcome]{
		Vendor: inboxName, Op: "create invoice", Class: money, Words: "make the invoice",
		Send: func(c ctx, n invoicing) (outcome, error) {
			if err := overtaken(c, ofPatient(inbox, n.PatientID), "create invoice", n.Seen, func(_, since guarded) string {
				return since.sameDay(n.DateOfService)
			}); err != nil {
				return outcome{}, err
			}
			i, err := inbox.CreateInvoice(c, n.NewInvoice)
			return outcome{Words: "Invoice " + i.ID.String() + " is made.", ID: i.ID}, err
		},
		ReadBack: readBack(v, func(c ctx, n invoicing, since time.Time) (inboxhealth.Settled, error) {
			return inbox.SettleInvoice(c, n.NewInvoice, since)
		}),
	})
	v.write.quick = declare(v, ui.Write[quickPaying, outcome]{
		Vendor: inboxName, Op: "quick pay", Class: money, Words: "invoice and record the payment",
		Send: func(c ctx, q quickPaying) (outcome, error) {
			if err := overtaken(c, ofPatient(inbox, q.Invoice.PatientID), "quick pay", q.Seen, func(_, since guarded) string {
				return cmp.Or(since.sameDay(q.Invoice.DateOfService), v.twins(q.Amount, since.payments))
			}); err != nil {
				return outcome{}, err
			}
			_, err := inbox.QuickPay(c, q.Invoice, q.vendor())
			return outcome{Words: "Invoiced, and " + q.Amount.String() + " recorded as paid."}, err
		},
		ReadBack: func(c ctx, q quickPaying, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettleQuickPay(c, q.Invoice, q.vendor(), since)
			return v.landing(s, err, since)
		},
	})
}
