package billing

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/golang-sql/civil"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// The names of a payment's fields; those of the vendor are its own.
const (
	paidName   = "expected_amount_cents"
	methodName = "payment_method_type"
	forName    = "description"
	creditName = "credit"
	onPrefix   = "on."
)

// paying is a payment with the invoices it is put on, as the outbox keeps it.
type paying struct {
	Patient     inboxhealth.ID
	Amount      cents
	Method      inboxhealth.Method
	Description string
	Charge      bool
	Shares      []share
	Seen        *seen `json:",omitempty"`
}

// vendor is the payment as it is sent. One share that is all of it goes along;
// several follow.
func (p paying) vendor() inboxhealth.NewPayment {
	n := inboxhealth.NewPayment{PatientID: p.Patient, Expected: p.Amount, Method: p.Method, Description: p.Description, ChargeCard: p.Charge}
	if len(p.Shares) == 1 && p.Shares[0].Paid == p.Amount {
		n.InvoiceID = p.Shares[0].Invoice
	}
	return n
}

// paymentForm is the payment being typed.
type paymentForm struct {
	dialog *ui.FormDialog
	dues   []due
	last   string // amount and method the shares were last spread for
}

func onName(id inboxhealth.ID) string { return onPrefix + id.String() }

// methods are the ways to pay that are offered.
func (v *View) methods() []form.Option {
	all := []form.Option{
		{Value: string(inboxhealth.Cash), Label: "cash"},
		{Value: string(inboxhealth.ExternalCard), Label: "card reader"},
		{Value: string(inboxhealth.Insurance), Label: "insurance"},
	}
	if v.opt.ChargeCards {
		all = append(all, form.Option{Value: string(inboxhealth.Card), Label: "CHARGE the saved card"})
	}
	return all
}

// pay asks for a payment. It starts as what the patient owes, on the oldest
// invoices first.
func (p *person) pay() tea.Cmd {
	if !p.v.can(inboxhealth.ForPayments) {
		return nil
	}
	if p.v.write.pay.out(p.id) {
		p.v.env.Fail("A payment of this patient is on its way, or can still be taken back with ctrl+x. Wait for it before the next.")
		return nil
	}
	f := &paymentForm{dues: dues(p.rec.invoices)}
	fields := []form.Field{
		form.Money(paidName, "Amount").Required().Check(positive),
		form.Choice(methodName, "How", p.v.methods()...).Required().Default(string(inboxhealth.Cash)),
		form.Text(forName, "What for").Default("Payment").Max(80),
	}
	fields = append(fields, f.places()...)
	f.dialog = ui.NewFormDialog(p.v.env, "Payment of "+p.rec.patient.Name().String(), form.New(p.v.env.Theme, fields...),
		func(values map[string]string) tea.Cmd { return p.submitPayment(f, values) })
	var sum amount
	for _, d := range f.dues {
		sum = plus(amount{Cents: sum.Cents, Known: true}, amount{Cents: d.room(false), Known: true})
	}
	if sum.Known && sum.Cents > 0 {
		f.dialog.Set(paidName, form.Dollars(int64(sum.Cents)))
	}
	f.spread()
	f.dialog.Changed = func(map[string]string) tea.Cmd { f.spread(); return nil }
	f.dialog.Below = func(int) string { return f.below() }
	f.dialog.Busy = p.guard.busy(p, f.dialog)
	f.dialog.Keep("billing.payment", p.id.String())
	p.v.env.Open(f.dialog)
	return nil
}

// places are the fields for what is put where.
func (f *paymentForm) places() []form.Field {
	var fields []form.Field
	for i, d := range f.dues {
		words := fmt.Sprintf("%s (%s)", orUnknown(day(d.Date)), d.Open)
		m := form.Money(onName(d.ID), words).Help("Invoice " + d.ID.String() + ".")
		if d.Insurance > 0 {
			m.Help("Invoice " + d.ID.String() + ". The insurance still owes " + d.Insurance.String() + " of it; until then the patient owes nothing of it.")
		}
		if i == 0 {
			m.Section("Put on the invoices of these days (what is open)")
		}
		fields = append(fields, m)
	}
	return append(fields, form.Money(creditName, "Keep as credit").Help("On no invoice for now; it can be put on one later."))
}

// positive refuses a payment of nothing.
func positive(s string) string {
	if c, ok := form.Cents(s); s != "" && ok && c == 0 {
		return "Amount: it must be more than nothing."
	}
	return ""
}

// spread puts the amount on invoices as long as nobody has done so by hand.
func (f *paymentForm) spread() {
	values := f.dialog.Values()
	if now := values[paidName] + " " + values[methodName]; now == f.last {
		return
	} else {
		f.last = now
	}
	for name := range f.dialog.Changes() {
		if strings.HasPrefix(name, onPrefix) || name == creditName {
			return
		}
	}
	paid, ok := form.Cents(values[paidName])
	if !ok {
		return
	}
	shares, rest := spread(cents(paid), f.dues, values[methodName] == string(inboxhealth.Insurance))
	for i, d := range f.dues {
		f.dialog.Set(onName(d.ID), spelled(shares[i]))
	}
	f.dialog.Set(creditName, spelled(rest))
}

// spelled is an amount as a field shows it, nothing as empty.
func spelled(c cents) string {
	if c == 0 {
		return ""
	}
	return form.Dollars(int64(c))
}

// typed reads the form's amounts.
func (f *paymentForm) typed(values map[string]string) (paid cents, shares []cents, credit cents) {
	read := func(name string) cents { c, _ := form.Cents(values[name]); return cents(c) }
	shares = make([]cents, len(f.dues))
	for i, d := range f.dues {
		shares[i] = read(onName(d.ID))
	}
	return read(paidName), shares, read(creditName)
}

func (f *paymentForm) below() string {
	values := f.dialog.Values()
	if c, ok := form.Cents(values[paidName]); !ok || c == 0 {
		return "\nType the amount that was paid: what is put on invoices is compared with it."
	}
	paid, shares, credit := f.typed(values)
	if words := adds(paid, shares, f.dues, credit); words != "" {
		return "\n" + words
	}
	return fmt.Sprintf("\n%s: all of it is accounted for.", paid)
}

// submitPayment checks that it adds up, and looks whether it was made already.
func (p *person) submitPayment(f *paymentForm, values map[string]string) tea.Cmd {
	paid, shares, credit := f.typed(values)
	if words := adds(paid, shares, f.dues, credit); words != "" {
		f.dialog.SetErrors(map[string]string{paidName: words})
		return nil
	}
	if p.v.write.doubtful[p.id] {
		f.dialog.SetErrors(map[string]string{paidName: "The outcome of an earlier write for this patient is not known yet, so this was not sent. It is being looked for: send again when that is settled."})
		return p.v.env.LookBack()
	}
	n := paying{Patient: p.id, Amount: paid, Method: inboxhealth.Method(values[methodName]), Description: values[forName]}
	n.Charge = n.Method == inboxhealth.Card
	for i, s := range shares {
		if s > 0 {
			n.Shares = append(n.Shares, share{f.dues[i].ID, s})
		}
	}
	return p.guard.ask(ofPatient(p.v.inbox, p.id), f.dialog, paidName, func(now guarded) tea.Cmd { return p.confirmPayment(f.dialog, n, now) })
}

// confirmPayment asks the last question, with all that speaks against it.
func (p *person) confirmPayment(d *ui.FormDialog, n paying, now guarded) tea.Cmd {
	if words := shrunk(n.Shares, dues(now.invoices)); words != "" {
		d.SetErrors(map[string]string{paidName: words + " Somebody paid it meanwhile. Press esc, then r to read it again."})
		return nil
	}
	words := n.words(p.rec.patient.Name().String())
	if same := p.v.twins(n.Amount, now.payments); same != "" {
		words = "ATTENTION: this payment may be there already. " + same + " Record another one only if money was taken twice.\n\n" + words
	}
	n.Seen = now.seen()
	send := func() tea.Cmd {
		return start(p.v, p.v.write.pay, p.id.String(), n, composer{dialog: d, who: p.id}, true)
	}
	if n.Charge {
		p.v.env.Open(ui.NewTyped(p.v.env, "Charge the card?", words+"\n\nThis takes real money from the patient's saved card.", "CHARGE", send))
		return nil
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Record this payment?", words, "Record", send))
	return nil
}

// shrunk finds a share that has no room any more.
func shrunk(shares []share, now []due) string {
	for _, s := range shares {
		open := cents(0)
		for _, d := range now {
			if d.ID == s.Invoice {
				open = d.Open
			}
		}
		if s.Paid > open {
			return fmt.Sprintf("Only %s of invoice %s is open by now.", open, s.Invoice)
		}
	}
	return ""
}

// twins are payments of the same amount on the same day, in words.
func (v *View) twins(paid cents, there []inboxhealth.Payment) string {
	var all []string
	for _, x := range there {
		made := civil.DateOf(x.CreatedAt.In(v.env.Zone))
		if x.Voided() || x.Expected != (amount{Cents: paid, Known: true}) || !x.CreatedAt.IsZero() && made != v.today() {
			continue
		}
		all = append(all, fmt.Sprintf("Payment %s of %s, %s, was made %s.", x.ID, x.Expected, how(x.Method.Raw()), v.at(x.CreatedAt)))
	}
	return strings.Join(all, " ")
}

// words is the payment as a sentence.
func (p paying) words(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s) from %s.", p.Amount, how(string(p.Method)), name)
	rest := p.Amount
	for _, s := range p.Shares {
		fmt.Fprintf(&b, " %s goes on invoice %s.", s.Paid, s.Invoice)
		rest -= s.Paid
	}
	if rest > 0 {
		fmt.Fprintf(&b, " %s is kept as credit.", rest)
	}
	return b.String()
}

// sendPayment records it and then puts it on its invoices, each request once.
// What fails after the first leaves a payment that is on fewer invoices.
func sendPayment(c ctx, inbox *inboxhealth.Client, p paying) (outcome, error) {
	n := p.vendor()
	made, err := inbox.CreatePayment(c, n)
	if err != nil && made.ID == 0 {
		return outcome{}, err
	}
	if n.InvoiceID == 0 {
		if err := putShares(c, inbox, putting{made.ID, p.Patient, p.Shares}); err != nil {
			return outcome{}, &partly{"Payment " + made.ID.String() + " of " + p.Amount.String() +
				" was recorded, but not all of it was put on invoices. Open payments with y and press a to do that; do not record it again. " + rest.UserMessage(err)}
		}
	} else if made.Applied.Known && made.Applied.Cents < p.Amount {
		return outcome{}, &partly{"Payment " + made.ID.String() + " of " + p.Amount.String() + " was recorded, and Inbox Health does not show it on invoice " +
			n.InvoiceID.String() + ". Open payments with y: where it is not on the invoice, press a to put it there; do not record it again."}
	}
	return outcome{Words: "Recorded: payment " + made.ID.String() + " of " + p.Amount.String() + ".", ID: made.ID}, nil
}

// unput says what is left to do of a payment that was found after its answer
// was lost: nothing puts it on its invoices by itself.
func (v *View) unput(c ctx, p paying, id inboxhealth.ID, since time.Time) error {
	if p.vendor().InvoiceID != 0 || len(p.Shares) == 0 {
		return nil
	}
	if l, err := v.settlePut(c, putting{id, p.Patient, p.Shares}, since); err == nil && l == ui.Landed {
		return nil
	}
	return &partly{"Payment " + id.String() + " of " + p.Amount.String() + " of patient " + p.Patient.String() +
		" was recorded, but it is not on all of its invoices. Open their payments with y and press a to put it there; do not record it again."}
}

func (v *View) declareMoney() {
	inbox := v.inbox
	v.write.pay = declare(v, ui.Write[paying, outcome]{
		Vendor: inboxName, Op: "record payment", Class: money, Words: "record the payment",
		Send: func(c ctx, p paying) (outcome, error) {
			if err := overtaken(c, ofPatient(inbox, p.Patient), "record payment", p.Seen, func(now, since guarded) string {
				return cmp.Or(v.twins(p.Amount, since.payments), shrunk(p.Shares, dues(now.invoices)))
			}); err != nil {
				return outcome{}, err
			}
			return sendPayment(c, inbox, p)
		},
		ReadBack: func(c ctx, p paying, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettlePayment(c, p.vendor(), since)
			l, err := v.landing(s, err, since)
			if l == ui.Landed {
				err = v.unput(c, p, s.ID, since)
			}
			return l, err
		},
	})
	v.write.put = declare(v, ui.Write[putting, outcome]{
		Vendor: inboxName, Op: "put payment on invoices", Class: money, Words: "put the payment on invoices",
		Send: func(c ctx, p putting) (outcome, error) {
			if err := roomFor(c, inbox, p); err != nil {
				return outcome{}, err
			}
			return outcome{Words: "Payment " + p.Payment.String() + " is on its invoices."}, putShares(c, inbox, p)
		},
		ReadBack: func(c ctx, p putting, since time.Time) (ui.Landing, error) { return v.settlePut(c, p, since) },
	})
	v.declareAdjustments()
	v.declareWriteOffs()
	v.declareBills()
}
