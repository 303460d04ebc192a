package inboxhealth_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// A lost write is a creation whose answer does not arrive, and how it is
// looked for afterwards.
type lostWrite struct {
	name, route string
	ready       func(*desk) (send func(context.Context) error, find func(context.Context, time.Time) (inboxhealth.Settled, error))
}

type (
	sending = func(ctxt) error
	finding = func(ctxt, time.Time) (inboxhealth.Settled, error)
)

func only[T any](_ T, err error) error { return err }

// lostWrites are all creations of the client.
var lostWrites = []lostWrite{
	{"enterprise", "/enterprises", func(d *desk) (sending, finding) {
		n := inboxhealth.NewEnterprise{Name: unique("Sample Clinic")}
		return func(ctx ctxt) error { return only(d.c.CreateEnterprise(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleEnterprise(ctx, n, at) }
	}},
	{"practice", "/practices", func(d *desk) (sending, finding) {
		n := inboxhealth.NewPractice{Name: unique("Annex"), EnterpriseID: 1}
		return func(ctx ctxt) error { return only(d.c.CreatePractice(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettlePractice(ctx, n, at) }
	}},
	{"doctor", "/doctors", func(d *desk) (sending, finding) {
		n := inboxhealth.NewDoctor{FirstName: unique("Doc"), LastName: "Sample", NPI: "0000000009", EnterpriseID: 1}
		return func(ctx ctxt) error { return only(d.c.CreateDoctor(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleDoctor(ctx, n, at) }
	}},
	{"patient", "/patients", func(d *desk) (sending, finding) {
		n := newPatient()
		return func(ctx ctxt) error { return only(d.c.CreatePatient(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettlePatient(ctx, n, at) }
	}},
	{"invoice", "/invoices", func(d *desk) (sending, finding) {
		p, err := d.c.CreatePatient(d.Context(), newPatient())
		require.NoError(d, err)
		n := newInvoice(p.ID)
		return func(ctx ctxt) error { return only(d.c.CreateInvoice(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleInvoice(ctx, n, at) }
	}},
	{"line item", "/line_items", func(d *desk) (sending, finding) {
		_, invoice := d.somebody()
		n := inboxhealth.NewLineItem{InvoiceID: invoice, Description: unique("More"), DateOfService: day, Charge: 100, Quantity: 1}
		return func(ctx ctxt) error { return only(d.c.CreateLineItem(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleLineItem(ctx, n, at) }
	}},
	{"payment", "/payments", func(d *desk) (sending, finding) {
		patient, invoice := d.somebody()
		n := newPayment(patient, invoice, 2500)
		return func(ctx ctxt) error { return only(d.c.CreatePayment(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettlePayment(ctx, n, at) }
	}},
	{"quick pay", "/payments/quick_pay", func(d *desk) (sending, finding) {
		p, err := d.c.CreatePatient(d.Context(), newPatient())
		require.NoError(d, err)
		i, n := newInvoice(p.ID), newPayment(p.ID, 0, 2500)
		return func(ctx ctxt) error { return only(d.c.QuickPay(ctx, i, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleQuickPay(ctx, i, n, at) }
	}},
	{"invoice payment", "/invoice_payments", func(d *desk) (sending, finding) {
		patient, invoice := d.somebody()
		n := inboxhealth.NewInvoicePayment{PaymentID: d.pay(patient, 0, 2500).ID, InvoiceID: invoice, Paid: 2400}
		return func(ctx ctxt) error { return only(d.c.CreateInvoicePayment(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleInvoicePayment(ctx, n, at) }
	}},
	{"refund", "/payment_adjustments", func(d *desk) (sending, finding) {
		p := d.pay(d.newcomer(2500))
		return func(ctx ctxt) error { return only(d.c.Refund(ctx, p, 500)) },
			func(ctx ctxt, _ time.Time) (inboxhealth.Settled, error) { return d.c.SettleRefund(ctx, p, 500) }
	}},
	{"void", "/payment_adjustments", func(d *desk) (sending, finding) {
		p := d.pay(d.newcomer(2500))
		return func(ctx ctxt) error { return only(d.c.Void(ctx, p)) },
			func(ctx ctxt, _ time.Time) (inboxhealth.Settled, error) { return d.c.SettleVoid(ctx, p) }
	}},
	{"payment reason", "/payment_reasons", func(d *desk) (sending, finding) {
		n := inboxhealth.NewCode{EnterpriseID: 1, Code: unique("CO")}
		return func(ctx ctxt) error { return only(d.c.CreatePaymentReason(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettlePaymentReason(ctx, n, at) }
	}},
	{"write-off code", "/write_off_codes", func(d *desk) (sending, finding) {
		n := inboxhealth.NewCode{EnterpriseID: 1, Code: unique("WO")}
		return func(ctx ctxt) error { return only(d.c.CreateWriteOffCode(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleWriteOffCode(ctx, n, at) }
	}},
	{"write-off", "/write_offs", func(d *desk) (sending, finding) {
		patient, _ := d.somebody()
		n := inboxhealth.NewWriteOff{PatientID: patient, Date: day, CodeID: 1, Amount: 75}
		return func(ctx ctxt) error { return only(d.c.CreateWriteOff(ctx, n)) },
			func(ctx ctxt, at time.Time) (inboxhealth.Settled, error) { return d.c.SettleWriteOff(ctx, n, at) }
	}},
}

// Every creation is cut after and before it is carried out: it is executed
// once at most, and looking for it tells which of the two it was.
func TestLostWritesAreSettled(t *testing.T) {
	for _, w := range lostWrites {
		d := newDesk(t)
		for name, tc := range map[string]struct {
			fault    sandbox.Fault
			executed int
			verdict  inboxhealth.Verdict
		}{
			"after":        {sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1}, 1, inboxhealth.Landed},
			"after, 504":   {sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 504, Times: 1}, 1, inboxhealth.Landed},
			"after, blank": {sandbox.Fault{Kind: sandbox.FaultEmpty, Times: 1}, 1, inboxhealth.Landed},
			"before":       {sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1}, 0, inboxhealth.DidNot},
			"before, 502":  {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 502, Times: 1}, 0, inboxhealth.DidNot},
		} {
			t.Run(w.name+"/"+name, func(t *testing.T) {
				d := &desk{t, d.house, connect(t, d.Server)}
				d.ClearFaults()
				send, find := w.ready(d)
				d.ResetCounts()
				d.SetFault("POST "+mount+w.route, tc.fault)
				started := time.Now()
				err := send(t.Context())
				var e *rest.Error
				require.ErrorAs(t, err, &e)
				require.True(t, e.Ambiguous, e)
				require.Equal(t, 1, d.Requests("POST "+mount+w.route))
				require.Equal(t, tc.executed, d.Executions("POST "+mount+w.route))
				s, err := find(t.Context(), started)
				require.NoError(t, err)
				require.Equal(t, tc.verdict.String(), s.Verdict.String())
				require.Equal(t, tc.verdict == inboxhealth.Landed, s.ID > 0)
				require.Equal(t, 1, d.Requests("POST "+mount+w.route), "looking sends nothing again")

				// A vendor that fails while it is looked for leaves it open.
				d.SetFault(sandbox.AnyRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422})
				s, err = find(t.Context(), started)
				require.Error(t, err)
				require.Equal(t, inboxhealth.CannotTell, s.Verdict)
			})
		}
	}
}

func TestWhatCannotBeToldIsNotTold(t *testing.T) {
	d := newDesk(t)
	started := time.Now()
	patient, _ := d.somebody()
	n := newPayment(patient, 0, 2500)
	settled := func() inboxhealth.Settled {
		s, err := d.c.SettlePayment(t.Context(), n, started)
		require.NoError(t, err)
		return s
	}
	plant := func(fields map[string]any) int {
		all := map[string]any{"patient_id": int(patient), "expected_amount_cents": 2500, "payment_method_type": "cash",
			"description": n.Description, "status": "completed"}
		for k, v := range fields {
			all[k] = v
		}
		return d.PlantInbox("payments", all)
	}
	plant(map[string]any{"created_at": started.Add(-time.Minute).UTC().Format(time.RFC3339)})
	plant(map[string]any{"expected_amount_cents": 2501})
	plant(map[string]any{"payment_method_type": "external_card"})
	plant(map[string]any{"description": "another"})
	require.Equal(t, inboxhealth.DidNot, settled().Verdict, "older or other payments are not ours")
	undated := plant(map[string]any{"created_at": nil})
	require.Equal(t, inboxhealth.Settled{Fitting: 1}, settled(), "it does not say when it was made")
	d.PlantInbox("payments", map[string]any{"id": undated, "description": "gone"})
	for _, field := range []string{"description", "payment_method_type", "expected_amount_cents"} {
		bare := plant(map[string]any{field: nil})
		require.Equal(t, inboxhealth.Settled{Fitting: 1}, settled(), "it does not say its %s", field)
		d.PlantInbox("payments", map[string]any{"id": bare, "description": "gone", "expected_amount_cents": 1})
	}
	wordless := n
	wordless.Description = ""
	plant(map[string]any{"description": "Copay", "expected_amount_cents": 999})
	wordless.Expected = 999
	s, err := d.c.SettlePayment(t.Context(), wordless, started)
	require.NoError(t, err)
	require.Equal(t, inboxhealth.Settled{Fitting: 1}, s, "the vendor may have put its default there")
	first := plant(nil)
	require.Equal(t, inboxhealth.Settled{Verdict: inboxhealth.Landed, ID: inboxhealth.ID(first), Fitting: 1}, settled())
	plant(nil)
	require.Equal(t, inboxhealth.Settled{Fitting: 2}, settled(), "two colleagues may have taken the same copay")
}

// A colleague refunds the same payment at the same time.
func TestRefundsOfOthersAreNotOurs(t *testing.T) {
	d := newDesk(t)
	p := d.pay(d.newcomer(2500))
	_, err := d.c.Refund(t.Context(), p, 300)
	require.NoError(t, err)
	s, err := d.c.SettleRefund(t.Context(), p, 500)
	require.NoError(t, err)
	require.Equal(t, inboxhealth.CannotTell, s.Verdict)
	d.PlantInbox("payments", map[string]any{"id": int(p.ID), "refunded_amount_cents": nil})
	s, err = d.c.SettleRefund(t.Context(), p, 500)
	require.NoError(t, err)
	require.Equal(t, inboxhealth.CannotTell, s.Verdict)
	s, err = d.c.SettleVoid(t.Context(), p)
	require.NoError(t, err)
	require.Equal(t, inboxhealth.DidNot, s.Verdict, "a refund changes nothing that is applied")
}

// A quick payment of which one half is there is nothing anybody knows.
func TestHalfAQuickPayment(t *testing.T) {
	d := newDesk(t)
	started := time.Now()
	patient, _ := d.somebody()
	p := newPayment(patient, 0, 2500)
	_, err := d.c.CreatePayment(t.Context(), p)
	require.NoError(t, err)
	i := newInvoice(patient)
	i.Lines[0].Description = "Never billed"
	s, err := d.c.SettleQuickPay(t.Context(), i, p, started)
	require.NoError(t, err)
	require.Equal(t, inboxhealth.CannotTell, s.Verdict)
}

// A change cut after or before it was carried out is settled by reading again.
func TestLostChangesAreSettled(t *testing.T) {
	d := newDesk(t)
	patient, invoice := d.somebody()
	d.pay(patient, invoice, 2500)
	list, err := d.c.InvoiceAllocations(t.Context(), invoice, q{})
	require.NoError(t, err)
	lines, err := d.c.InvoiceLines(t.Context(), invoice, q{})
	require.NoError(t, err)
	changes := map[string]func(word string) (inboxhealth.Verdict, error){
		"/enterprises/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.Enterprise(t.Context(), 1)
			require.NoError(t, err)
			e := inboxhealth.Edits{"city": word, "sales_tax": "6.350"}
			_, lost := d.c.UpdateEnterprise(t.Context(), v, e)
			v, err = d.c.Enterprise(t.Context(), 1)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/practices/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.Practice(t.Context(), 1)
			require.NoError(t, err)
			e := inboxhealth.Edits{"city": word}
			_, lost := d.c.UpdatePractice(t.Context(), v, e)
			v, err = d.c.Practice(t.Context(), 1)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/doctors/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.Doctor(t.Context(), 1)
			require.NoError(t, err)
			e := inboxhealth.Edits{"suffix": word}
			_, lost := d.c.UpdateDoctor(t.Context(), v, e)
			v, err = d.c.Doctor(t.Context(), 1)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/patients/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.Patient(t.Context(), patient)
			require.NoError(t, err)
			e := inboxhealth.Edits{"city": word}
			_, lost := d.c.UpdatePatient(t.Context(), v, e)
			v, err = d.c.Patient(t.Context(), patient)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/invoices/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.Invoice(t.Context(), invoice)
			require.NoError(t, err)
			e := inboxhealth.Edits{"notes": word}
			_, lost := d.c.UpdateInvoice(t.Context(), v, e)
			v, err = d.c.Invoice(t.Context(), invoice)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/line_items/{id}": func(word string) (inboxhealth.Verdict, error) {
			e := inboxhealth.Edits{"description": word}
			v, err := d.c.LineItem(t.Context(), lines.Items[0].ID)
			require.NoError(t, err)
			_, lost := d.c.UpdateLineItem(t.Context(), v, e)
			v, err = d.c.LineItem(t.Context(), lines.Items[0].ID)
			require.NoError(t, err)
			return v.Holds(e), lost
		},
		"/invoice_payments/{id}": func(word string) (inboxhealth.Verdict, error) {
			v, err := d.c.InvoicePayment(t.Context(), list.Items[0].ID)
			require.NoError(t, err)
			paid := v.Paid.Cents - 1
			_, lost := d.c.UpdateInvoicePayment(t.Context(), v, paid)
			v, err = d.c.InvoicePayment(t.Context(), list.Items[0].ID)
			require.NoError(t, err)
			return v.Holds(paid), lost
		},
	}
	for route, change := range changes {
		for kind, want := range map[sandbox.FaultKind]inboxhealth.Verdict{
			sandbox.FaultFinBefore: inboxhealth.DidNot, sandbox.FaultFinAfter: inboxhealth.Landed,
		} {
			if route == "/enterprises/{id}" && want == inboxhealth.DidNot {
				d.PlantInbox("enterprises", map[string]any{"id": 1, "sales_tax": 0})
			}
			d.SetFault("PUT "+mount+route, sandbox.Fault{Kind: kind, Times: 1})
			verdict, lost := change(unique("Town"))
			var e *rest.Error
			require.ErrorAs(t, lost, &e, route)
			require.True(t, e.Ambiguous, route)
			require.Equal(t, want.String(), verdict.String(), "%s %s", route, kind)
		}
	}
}
