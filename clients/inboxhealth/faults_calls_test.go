package inboxhealth_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/sandbox"
)

const (
	mount    = "/partner/v2"
	payments = "GET " + mount + "/payments"
)

var (
	day     = civil.Date{Year: 2026, Month: 3, Day: 2}
	born    = civil.Date{Year: 1987, Month: 7, Day: 23}
	counter atomic.Int64
)

// unique is a word no record has yet.
func unique(word string) string { return fmt.Sprintf("%s %d", word, counter.Add(1)) }

// A house is a played Inbox Health with one patient who is known by number and
// has an invoice of $100.00, paid by half, and a write-off of a dollar.
type house struct {
	*sandbox.Server
	patient, invoice, payment, allocation, adjustment, writeOff inboxhealth.ID
}

// A desk is a client of a house.
type desk struct {
	*testing.T
	*house
	c *inboxhealth.Client
}

// openHouse leaves it to the caller to close it. Its clock is the real one, as
// what was created is looked for by time.
func openHouse(t *testing.T) *house {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Patients: 3, Prospects: 3, Providers: 6, Zone: time.UTC})
	require.NoError(t, err)
	s.SetInboxLimit(1e6, 1e6)
	h := &house{Server: s}
	c := connect(t, s)
	ctx := t.Context()
	p, err := c.CreatePatient(ctx, newPatient())
	require.NoError(t, err)
	h.patient = p.ID
	d := &desk{t, h, c}
	h.invoice = d.bill(h.patient).ID
	paid := d.pay(h.patient, h.invoice, 5000)
	h.payment = paid.ID
	list, err := c.InvoiceAllocations(ctx, h.invoice, inboxhealth.Query{})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	h.allocation = list.Items[0].ID
	a, err := c.Refund(ctx, paid, 100)
	require.NoError(t, err)
	h.adjustment = a.ID
	w, err := c.CreateWriteOff(ctx, inboxhealth.NewWriteOff{PatientID: h.patient, Date: day, CodeID: 1, Amount: 100})
	require.NoError(t, err)
	h.writeOff = w.ID
	s.PlantInbox("notifications", map[string]any{"patient_id": int(h.patient), "invoice_id": int(h.invoice), "subject": "Fake statement"})
	return h
}

func newDesk(t *testing.T, options ...func(*inboxhealth.Config)) *desk {
	t.Helper()
	h := openHouse(t)
	t.Cleanup(func() { _ = h.Close() })
	return &desk{t, h, connect(t, h.Server, options...)}
}

func connect(t *testing.T, s *sandbox.Server, options ...func(*inboxhealth.Config)) *inboxhealth.Client {
	t.Helper()
	cfg := inboxhealth.Config{
		Base: s.URL("inboxhealth") + mount,
		Key:  func(context.Context) (string, error) { return sandbox.FakeInboxKey, nil },
		Rate: 1e6, Burst: 1e6, Limits: faulttest.Unhurried,
	}
	return vendortest.Client(t, inboxhealth.New, cfg, options...)
}

func newPatient() inboxhealth.NewPatient {
	return inboxhealth.NewPatient{FirstName: unique("Ada"), LastName: "Example", DateOfBirth: born, Sex: "Female", EnterpriseID: 1}
}

func newInvoice(patient inboxhealth.ID) inboxhealth.NewInvoice {
	return inboxhealth.NewInvoice{PatientID: patient, PracticeID: 1, DateOfService: day, Lines: []inboxhealth.NewLineItem{
		{ServiceCode: "99213", Description: "Visit", DateOfService: day, Charge: 12000, Covered: 2000, Quantity: 1}}}
}

func newPayment(patient, invoice inboxhealth.ID, cents inboxhealth.Cents) inboxhealth.NewPayment {
	return inboxhealth.NewPayment{PatientID: patient, InvoiceID: invoice, Expected: cents, Method: inboxhealth.Cash, Description: unique("Copay")}
}

// somebody is a patient of her own, with an invoice of $100.00.
func (d *desk) somebody() (patient, invoice inboxhealth.ID) {
	d.Helper()
	p, err := d.c.CreatePatient(d.Context(), newPatient())
	require.NoError(d, err)
	return p.ID, d.bill(p.ID).ID
}

func (d *desk) bill(patient inboxhealth.ID) inboxhealth.Invoice {
	d.Helper()
	i, err := d.c.CreateInvoice(d.Context(), newInvoice(patient))
	require.NoError(d, err)
	return i
}

func (d *desk) pay(patient, invoice inboxhealth.ID, cents inboxhealth.Cents) inboxhealth.Payment {
	d.Helper()
	p, err := d.c.CreatePayment(d.Context(), newPayment(patient, invoice, cents))
	require.NoError(d, err)
	return p
}

type (
	use       = faulttest.Use
	operation = faulttest.Operation[*desk]
)

func reading[T any](name, route string, ask func(*desk, context.Context) (T, error)) operation {
	return operation{Name: name, Route: "GET " + mount + route, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return ask(d, ctx) }
	}}
}

func listing[T any](name, route string, ask func(*desk, context.Context, inboxhealth.Query) (inboxhealth.Page[T], error)) operation {
	return reading(name, route, func(d *desk, ctx context.Context) (inboxhealth.Page[T], error) {
		return ask(d, ctx, inboxhealth.Query{PerPage: 2})
	})
}

// creating answers with whether there was a record at all.
func creating(name, route string, ready func(*desk) func(context.Context) (inboxhealth.ID, error)) operation {
	return operation{Name: name, Route: "POST " + mount + route, Class: faulttest.Creating, Ready: func(d *desk) use {
		do := ready(d)
		return func(ctx context.Context) (any, error) {
			id, err := do(ctx)
			return map[string]bool{"named": id > 0}, err
		}
	}}
}

// changing answers with nothing: each change is another one.
func changing(name, route string, ready func(*desk) func(context.Context) error) operation {
	return operation{Name: name, Route: "PUT " + mount + route, Class: faulttest.Sure, Ready: func(d *desk) use {
		do := ready(d)
		return func(ctx context.Context) (any, error) { return nil, do(ctx) }
	}}
}

type (
	ctxt = context.Context
	q    = inboxhealth.Query
	id   = inboxhealth.ID
)

// operations are all methods of the client that send something.
var operations = []operation{
	listing("Enterprises", "/enterprises", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Enterprise], error) {
		return d.c.Enterprises(ctx, q)
	}),
	reading("Enterprise", "/enterprises/{id}", func(d *desk, ctx ctxt) (inboxhealth.Enterprise, error) { return d.c.Enterprise(ctx, 1) }),
	listing("Practices", "/practices", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Practice], error) {
		return d.c.Practices(ctx, q)
	}),
	listing("EnterprisePractices", "/enterprises/{id}/practices", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Practice], error) {
		return d.c.EnterprisePractices(ctx, 2, q)
	}),
	reading("Practice", "/practices/{id}", func(d *desk, ctx ctxt) (inboxhealth.Practice, error) { return d.c.Practice(ctx, 2) }),
	listing("Doctors", "/doctors", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Doctor], error) { return d.c.Doctors(ctx, q) }),
	listing("EnterpriseDoctors", "/enterprises/{id}/doctors", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Doctor], error) {
		return d.c.EnterpriseDoctors(ctx, 2, q)
	}),
	reading("Doctor", "/doctors/{id}", func(d *desk, ctx ctxt) (inboxhealth.Doctor, error) { return d.c.Doctor(ctx, 2) }),
	listing("Patients", "/patients", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Patient], error) {
		return d.c.Patients(ctx, q)
	}),
	listing("EnterprisePatients", "/enterprises/{id}/patients", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Patient], error) {
		q.PerPage = 1
		return d.c.EnterprisePatients(ctx, 1, q)
	}),
	reading("Patient", "/patients/{id}", func(d *desk, ctx ctxt) (inboxhealth.Patient, error) { return d.c.Patient(ctx, 1) }),
	listing("Invoices", "/invoices", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Invoice], error) {
		q.PerPage = 1
		return d.c.Invoices(ctx, q)
	}),
	listing("PatientInvoices", "/patients/{id}/invoices", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Invoice], error) {
		return d.c.PatientInvoices(ctx, d.patient, q)
	}),
	reading("Invoice", "/invoices/{id}", func(d *desk, ctx ctxt) (inboxhealth.Invoice, error) { return d.c.Invoice(ctx, d.invoice) }),
	listing("InvoiceLines", "/invoices/{id}/line_items", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.LineItem], error) {
		return d.c.InvoiceLines(ctx, d.invoice, q)
	}),
	reading("LineItem", "/line_items/{id}", func(d *desk, ctx ctxt) (inboxhealth.LineItem, error) { return d.c.LineItem(ctx, 1) }),
	listing("Payments", "/payments", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Payment], error) {
		q.PerPage = 1
		return d.c.Payments(ctx, q)
	}),
	listing("PatientPayments", "/patients/{id}/payments", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Payment], error) {
		return d.c.PatientPayments(ctx, d.patient, q)
	}),
	listing("InvoicePayments", "/invoices/{id}/payments", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Payment], error) {
		return d.c.InvoicePayments(ctx, d.invoice, q)
	}),
	reading("Payment", "/payments/{id}", func(d *desk, ctx ctxt) (inboxhealth.Payment, error) { return d.c.Payment(ctx, d.payment) }),
	listing("InvoiceAllocations", "/invoices/{id}/invoice_payments", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.InvoicePayment], error) {
		return d.c.InvoiceAllocations(ctx, d.invoice, q)
	}),
	reading("InvoicePayment", "/invoice_payments/{id}", func(d *desk, ctx ctxt) (inboxhealth.InvoicePayment, error) {
		return d.c.InvoicePayment(ctx, d.allocation)
	}),
	reading("PaymentAdjustment", "/payment_adjustments/{id}", func(d *desk, ctx ctxt) (inboxhealth.PaymentAdjustment, error) {
		return d.c.PaymentAdjustment(ctx, d.adjustment)
	}),
	listing("PaymentReasons", "/payment_reasons", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Code], error) {
		return d.c.PaymentReasons(ctx, q)
	}),
	reading("PaymentReason", "/payment_reasons/{id}", func(d *desk, ctx ctxt) (inboxhealth.Code, error) { return d.c.PaymentReason(ctx, 1) }),
	listing("WriteOffCodes", "/write_off_codes", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Code], error) {
		return d.c.WriteOffCodes(ctx, q)
	}),
	reading("WriteOffCode", "/write_off_codes/{id}", func(d *desk, ctx ctxt) (inboxhealth.Code, error) { return d.c.WriteOffCode(ctx, 1) }),
	listing("WriteOffs", "/write_offs", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.WriteOff], error) {
		q.PerPage = 1
		return d.c.WriteOffs(ctx, q)
	}),
	reading("WriteOff", "/write_offs/{id}", func(d *desk, ctx ctxt) (inboxhealth.WriteOff, error) { return d.c.WriteOff(ctx, d.writeOff) }),
	listing("PatientNotifications", "/patients/{id}/notifications", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Notification], error) {
		return d.c.PatientNotifications(ctx, d.patient, q)
	}),
	listing("InvoiceNotifications", "/invoices/{id}/notifications", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Notification], error) {
		return d.c.InvoiceNotifications(ctx, d.invoice, q)
	}),
	listing("Attachments", "/attachments", func(d *desk, ctx ctxt, q q) (inboxhealth.Page[inboxhealth.Attachment], error) {
		return d.c.Attachments(ctx, q)
	}),

	creating("CreateEnterprise", "/enterprises", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateEnterprise(ctx, inboxhealth.NewEnterprise{Name: unique("Sample Clinic")})
			return v.ID, err
		}
	}),
	creating("CreatePractice", "/practices", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreatePractice(ctx, inboxhealth.NewPractice{Name: unique("Annex"), EnterpriseID: 1})
			return v.ID, err
		}
	}),
	creating("CreateDoctor", "/doctors", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateDoctor(ctx, inboxhealth.NewDoctor{FirstName: unique("Doc"), LastName: "Sample", EnterpriseID: 1})
			return v.ID, err
		}
	}),
	creating("CreatePatient", "/patients", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreatePatient(ctx, newPatient())
			return v.ID, err
		}
	}),
	creating("CreateInvoice", "/invoices", func(d *desk) func(ctxt) (id, error) {
		patient, _ := d.somebody()
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateInvoice(ctx, newInvoice(patient))
			return v.ID, err
		}
	}),
	creating("CreateLineItem", "/line_items", func(d *desk) func(ctxt) (id, error) {
		_, invoice := d.somebody()
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateLineItem(ctx, inboxhealth.NewLineItem{InvoiceID: invoice, Description: "More", DateOfService: day, Charge: 100, Quantity: 1})
			return v.ID, err
		}
	}),
	creating("CreatePayment", "/payments", func(d *desk) func(ctxt) (id, error) {
		patient, invoice := d.somebody()
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreatePayment(ctx, newPayment(patient, invoice, 2500))
			return v.ID, err
		}
	}),
	creating("QuickPay", "/payments/quick_pay", func(d *desk) func(ctxt) (id, error) {
		patient, _ := d.somebody()
		return func(ctx ctxt) (id, error) {
			v, err := d.c.QuickPay(ctx, newInvoice(patient), newPayment(patient, 0, 2500))
			return v.Payment.ID, err
		}
	}),
	creating("CreateInvoicePayment", "/invoice_payments", func(d *desk) func(ctxt) (id, error) {
		patient, invoice := d.somebody()
		p := d.pay(patient, 0, 2500)
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateInvoicePayment(ctx, inboxhealth.NewInvoicePayment{PaymentID: p.ID, InvoiceID: invoice, Paid: 2500})
			return v.ID, err
		}
	}),
	creating("Refund", "/payment_adjustments", func(d *desk) func(ctxt) (id, error) {
		p := d.pay(d.newcomer(2500))
		return func(ctx ctxt) (id, error) { v, err := d.c.Refund(ctx, p, 500); return v.ID, err }
	}),
	creating("Void", "/payment_adjustments", func(d *desk) func(ctxt) (id, error) {
		p := d.pay(d.newcomer(2500))
		return func(ctx ctxt) (id, error) { v, err := d.c.Void(ctx, p); return v.ID, err }
	}),
	creating("CreatePaymentReason", "/payment_reasons", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreatePaymentReason(ctx, inboxhealth.NewCode{EnterpriseID: 1, Code: unique("CO")})
			return v.ID, err
		}
	}),
	creating("CreateWriteOffCode", "/write_off_codes", func(d *desk) func(ctxt) (id, error) {
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateWriteOffCode(ctx, inboxhealth.NewCode{EnterpriseID: 1, Code: unique("WO")})
			return v.ID, err
		}
	}),
	creating("CreateWriteOff", "/write_offs", func(d *desk) func(ctxt) (id, error) {
		patient, _ := d.somebody()
		return func(ctx ctxt) (id, error) {
			v, err := d.c.CreateWriteOff(ctx, inboxhealth.NewWriteOff{PatientID: patient, Date: day, CodeID: 1, Amount: 75})
			return v.ID, err
		}
	}),

	changing("UpdateEnterprise", "/enterprises/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.Enterprise(d.Context(), 1)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdateEnterprise(ctx, v, inboxhealth.Edits{"statement_descriptor": unique("FAKE")})
			return err
		}
	}),
	changing("UpdatePractice", "/practices/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.Practice(d.Context(), 1)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdatePractice(ctx, v, inboxhealth.Edits{"city": unique("Town")})
			return err
		}
	}),
	changing("UpdateDoctor", "/doctors/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.Doctor(d.Context(), 1)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdateDoctor(ctx, v, inboxhealth.Edits{"suffix": unique("Jr")})
			return err
		}
	}),
	changing("UpdatePatient", "/patients/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.Patient(d.Context(), d.patient)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdatePatient(ctx, v, inboxhealth.Edits{"city": unique("Town")})
			return err
		}
	}),
	changing("UpdateInvoice", "/invoices/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.Invoice(d.Context(), d.invoice)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdateInvoice(ctx, v, inboxhealth.Edits{"notes": unique("Note")})
			return err
		}
	}),
	changing("UpdateLineItem", "/line_items/{id}", func(d *desk) func(ctxt) error {
		v, err := d.c.LineItem(d.Context(), 1)
		require.NoError(d, err)
		return func(ctx ctxt) error {
			_, err := d.c.UpdateLineItem(ctx, v, inboxhealth.Edits{"description": unique("Visit")})
			return err
		}
	}),
	changing("UpdateInvoicePayment", "/invoice_payments/{id}", func(d *desk) func(ctxt) error {
		patient, invoice := d.somebody()
		d.pay(patient, invoice, 2500)
		list, err := d.c.InvoiceAllocations(d.Context(), invoice, inboxhealth.Query{})
		require.NoError(d, err)
		return func(ctx ctxt) error { _, err := d.c.UpdateInvoicePayment(ctx, list.Items[0], 2400); return err }
	}),
}

// newcomer are the arguments of pay for somebody of her own.
func (d *desk) newcomer(cents inboxhealth.Cents) (id, id, inboxhealth.Cents) {
	patient, invoice := d.somebody()
	return patient, invoice, cents
}
