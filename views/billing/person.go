package billing

import (
	"cmp"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// record is all that is read of one patient at once.
type record struct {
	patient  inboxhealth.Patient
	invoices []inboxhealth.Invoice
	payments []inboxhealth.Payment
	messages []inboxhealth.Notification
	whole    bool   // the lists were read to their ends
	silent   string // why there are no messages, if they could not be read
}

// part is one of the lists of a patient.
type part uint8

const (
	invoicesPart part = iota
	paymentsPart
	messagesPart
)

// person is the page of one patient.
type person struct {
	v      *View
	id     inboxhealth.ID
	from   page // where esc leads
	rec    record
	there  bool
	fault  string
	part   part
	read   *ui.Call[record]
	detail *ui.Call[invoiceDetail]
	spent  *ui.Call[paymentDetail]
	guard  *guard
	codes  *ui.Call[[]inboxhealth.Code]
	places *ui.Call[billable]

	bills  *table.Table[inboxhealth.Invoice]
	paid   *table.Table[inboxhealth.Payment]
	sent   *table.Table[inboxhealth.Notification]
	width  int
	height int
}

func newPerson(v *View) *person {
	p := &person{
		v: v, read: ui.NewCall[record](v.env, "read the patient"),
		detail: ui.NewCall[invoiceDetail](v.env, "read the invoice"),
		spent:  ui.NewCall[paymentDetail](v.env, "read the payment"),
		guard:  &guard{Call: ui.NewCall[guarded](v.env, "look for the same")},
		codes:  ui.NewCall[[]inboxhealth.Code](v.env, "list write-off codes"),
		places: ui.NewCall[billable](v.env, "list practices and doctors"),
	}
	p.tables()
	return p
}

func (p *person) tables() {
	th := p.v.env.Theme
	type invoice = inboxhealth.Invoice
	p.bills = table.New(th, func(i invoice) string { return i.ID.String() },
		table.Column[invoice]{Title: "Invoice", Min: 7, Max: 9, Cell: func(i invoice) string { return i.ID.String() }},
		table.Column[invoice]{Title: "Service", Min: 10, Max: 10, Cell: func(i invoice) string { return day(i.DateOfService) },
			Key: func(i invoice) string { return day(i.DateOfService) }},
		table.Column[invoice]{Title: "Open", Min: 11, Max: 14, Right: true, Cell: func(i invoice) string { return i.Balance.String() },
			Less: byAmount(func(i invoice) amount { return i.Balance })},
		table.Column[invoice]{Title: "How it stands", Min: 24, Cell: func(i invoice) string { return state(i) }},
	).WithoutMarks()
	p.bills.SetEmpty("No invoices. Press n to make one.")
	type payment = inboxhealth.Payment
	p.paid = table.New(th, func(x payment) string { return x.ID.String() },
		table.Column[payment]{Title: "Payment", Min: 7, Max: 9, Cell: func(x payment) string { return x.ID.String() }},
		table.Column[payment]{Title: "Made", Min: 10, Max: 10, Cell: func(x payment) string { return p.v.when(x.CreatedAt) }, Less: byTime(made)},
		table.Column[payment]{Title: "Amount", Min: 11, Max: 14, Right: true, Cell: func(x payment) string { return x.Expected.String() },
			Less: byAmount(func(x payment) amount { return x.Expected })},
		table.Column[payment]{Title: "How", Min: 10, Max: 13, Cell: func(x payment) string { return how(x.Method.Raw()) }},
		table.Column[payment]{Title: "How it stands", Min: 24, Cell: func(x payment) string { return standing(x) }},
	).WithoutMarks()
	p.paid.SetEmpty("No payments. Press p to record one.")
	type message = inboxhealth.Notification
	p.sent = table.New(th, func(n message) string { return n.ID.String() },
		table.Column[message]{Title: "Sent", Min: 10, Max: 10, Cell: func(n message) string { return p.v.when(sent(n)) }, Less: byTime(sent)},
		table.Column[message]{Title: "What", Min: 12, Max: 18, Cell: func(n message) string { return n.Type.String() }},
		table.Column[message]{Title: "By", Min: 6, Max: 10, Cell: func(n message) string { return n.Channel.String() }},
		table.Column[message]{Title: "Outcome", Min: 10, Max: 14, Cell: func(n message) string { return n.Status.String() }},
		table.Column[message]{Title: "Subject", Min: 12, Cell: func(n message) string { return n.Subject.String() }},
	).WithoutMarks()
	p.sent.SetEmpty("Nothing was sent to this patient, as far as Inbox Health tells.")
}

// open shows a patient.
func (p *person) open(id inboxhealth.ID) tea.Cmd {
	p.from = p.v.people
	p.id, p.there, p.fault, p.rec, p.part = id, false, "", record{}, invoicesPart
	p.fill()
	return p.reload()
}

func (p *person) enter() tea.Cmd { return nil }

func (p *person) reload() tea.Cmd {
	if p.id == 0 {
		return nil
	}
	inbox, id := p.v.inbox, p.id
	for _, t := range p.tabs() {
		t.SetLoading("reading...")
	}
	return p.read.Latest(func(c ctx) (record, error) { return readRecord(c, inbox, id) })
}

// readRecord reads a patient and what belongs to them. Messages that are not
// to be had leave the rest standing.
func readRecord(c ctx, inbox *inboxhealth.Client, id inboxhealth.ID) (r record, err error) {
	if r.patient, err = inbox.Patient(c, id); err != nil {
		return r, err
	}
	whole := [2]bool{}
	if r.invoices, whole[0], err = invoicesOf(c, inbox, id); err != nil {
		return r, err
	}
	if r.payments, whole[1], err = paymentsOf(c, inbox, id); err != nil {
		return r, err
	}
	r.whole = whole[0] && whole[1]
	r.messages, _, err = inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Notification], error) {
		return inbox.PatientNotifications(c, id, q)
	}, func(n inboxhealth.Notification) inboxhealth.ID { return n.ID })
	if err != nil {
		r.silent = rest.UserMessage(err)
	}
	return r, nil
}

func invoicesOf(c ctx, inbox *inboxhealth.Client, id inboxhealth.ID) ([]inboxhealth.Invoice, bool, error) {
	return inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Invoice], error) {
		return inbox.PatientInvoices(c, id, q)
	}, func(i inboxhealth.Invoice) inboxhealth.ID { return i.ID })
}

func paymentsOf(c ctx, inbox *inboxhealth.Client, id inboxhealth.ID) ([]inboxhealth.Payment, bool, error) {
	return inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Payment], error) {
		return inbox.PatientPayments(c, id, q)
	}, func(x inboxhealth.Payment) inboxhealth.ID { return x.ID })
}

func (p *person) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case tea.MouseClickMsg:
		if msg.Y == headLines-1 && !p.Typing() {
			if i := under(p.partNames(), msg.X-1); i >= 0 {
				p.part = part(i)
			}
			return nil
		}
	case ui.Result[record]:
		p.loaded(msg)
		return nil
	case ui.Result[invoiceDetail]:
		return p.showInvoice(msg)
	case ui.Result[paymentDetail]:
		return p.showPayment(msg)
	case ui.Result[guarded]:
		return p.guard.answered(msg)
	case ui.Result[[]inboxhealth.Code]:
		return p.writeOffForm(msg)
	case ui.Result[billable]:
		return p.invoiceForm(msg)
	}
	_, cmd := p.tab().Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (p *person) loaded(r ui.Result[record]) {
	if !p.read.Accept(r) {
		return
	}
	if r.Err != nil {
		p.fault = rest.UserMessage(r.Err)
		for _, t := range p.tabs() {
			t.SetFailed(rest.Then(r.Err, "Press r to try again."))
		}
		return
	}
	p.fault, p.there, p.rec = "", true, r.Value
	p.fill()
}

func (p *person) fill() {
	p.bills.Set(p.rec.invoices)
	p.paid.Set(newest(p.rec.payments, made))
	p.sent.Set(newest(p.rec.messages, sent))
	if p.rec.silent != "" {
		p.sent.SetFailed(p.rec.silent)
	}
}

func made(x inboxhealth.Payment) time.Time      { return x.CreatedAt }
func sent(n inboxhealth.Notification) time.Time { return first(n.SentAt, n.CreatedAt) }

// newest puts what was done last first, and what has no time behind.
func newest[T any](all []T, at func(T) time.Time) []T {
	return slices.SortedStableFunc(slices.Values(all), func(a, b T) int { return at(b).Compare(at(a)) })
}

// byTime orders a column by time, byAmount by amount, what is not known behind.
func byTime[T any](at func(T) time.Time) func(a, b T) int {
	return func(a, b T) int { return at(a).Compare(at(b)) }
}

func byAmount[T any](of func(T) amount) func(a, b T) int {
	return func(a, b T) int {
		x, y := of(a), of(b)
		if x.Known != y.Known {
			return map[bool]int{true: -1, false: 1}[x.Known]
		}
		return cmp.Compare(x.Cents, y.Cents)
	}
}

// listing is what the three tables have in common.
type listing interface {
	Update(tea.Msg) (bool, tea.Cmd)
	Resize(width, height int)
	View() string
	Filtering() bool
	Filter() string
	Cursor() *tea.Cursor
	Keys() []key.Binding
	Bare() bool
	SetLoading(words string)
	SetFailed(sentence string)
}

func (p *person) tabs() []listing { return []listing{p.bills, p.paid, p.sent} }
func (p *person) tab() listing    { return p.tabs()[p.part] }

func (p *person) Typing() bool        { return p.tab().Filtering() }
func (p *person) Cursor() *tea.Cursor { return below(p.tab().Cursor(), headLines) }

// Waiting keeps keys back until the patient is there, and while a form or a
// text is on its way.
func (p *person) Waiting(msg tea.Msg) bool {
	if p.detail.Out() || p.spent.Out() || p.codes.Out() || p.places.Out() {
		return true
	}
	k := p.v.keys
	return p.read.Out() && !p.there && !key.Matches(ui.Pressed(msg), k.Back, k.Reload, k.Invoices, k.Payments, k.Messages)
}

func (p *person) Resize(width, height int) {
	p.width, p.height = width, height
	for _, t := range p.tabs() {
		t.Resize(width, max(1, height-headLines))
	}
}
