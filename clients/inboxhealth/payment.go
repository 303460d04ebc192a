package inboxhealth

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	opPayments        = reading("list payments", "/payments")
	opPatientPayments = reading("list payments of patient", "/patients/{id}/payments")
	opInvoicePayments = reading("list payments of invoice", "/invoices/{id}/payments")
	opPayment         = reading("read payment", "/payments/{id}")
	opCreatePayment   = creation("create payment", "/payments", "payment")
	opQuickPay        = creation("quick pay", "/payments/quick_pay", "payment", "invoice")
)

// Method is how a payment was made, as the vendor names it.
type Method string

// The methods that record money taken elsewhere, and the one that charges a
// saved card through the vendor (IH-11).
const (
	Cash         Method = "cash"
	ExternalCard Method = "external_card"
	Insurance    Method = "insurance"
	Card         Method = "card"
)

// Payment is money received for a patient. A payment cannot be changed, only
// refunded or voided (IH-6).
type Payment struct {
	ID, PatientID               ID
	Expected, Applied, Refunded Amount
	Method                      safe.Text
	Description                 safe.Text
	Status                      safe.Text // with blanks and in lower case, see PaymentStatus
	CreatedAt, UpdatedAt        time.Time

	held object
}

// Setting is a field of the answer by its wire name, as text.
func (p Payment) Setting(name string) safe.Text { return setting(p.held, name) }

// Voided reports a payment taken back as a whole. The documents name no word
// for that, so any status that begins with "void" is taken for it, and a flag.
func (p Payment) Voided() bool {
	flag := reader{o: p.held}
	return strings.HasPrefix(strings.ToLower(p.Status.Raw()), "void") || flag.flag("voided").On
}

// Unapplied is what is left to put on invoices: the expected amount less what
// is applied, and nothing of a voided payment.
func (p Payment) Unapplied() Amount {
	if p.Voided() {
		return Amount{0, true}
	}
	return Amount{p.Expected.Cents - p.Applied.Cents, p.Expected.Known && p.Applied.Known}
}

// PaymentStatus writes a status the way the vendor's answers do: "partially
// refunded", also where its prose says partially_refunded (IH-7). Words nobody
// knows stay as they are.
func PaymentStatus(raw string) string {
	word := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(raw), "_", " "))
	switch word {
	case "partially refunded", "refunded", "voided", "pending", "completed", "complete", "failed", "succeeded", "paid":
		return word
	}
	return raw
}

var payments = kind[Payment]{"payment", "payments", decodePayment, func(p Payment) ID { return p.ID }}

func decodePayment(r *reader) Payment {
	return Payment{
		ID: r.id("id"), PatientID: r.id("patient_id"),
		Expected: r.amount("expected_amount_cents"), Applied: r.amount("applied_amount_cents"),
		Refunded: r.amount("refunded_amount_cents"),
		Method:   r.text("payment_method_type"), Description: r.text("description"),
		Status:    safe.Line(PaymentStatus(r.plain("status"))),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

// NewPayment records a payment. InvoiceID is the invoice it is for, if it is
// for one; Apply lets the vendor put it on open invoices.
type NewPayment struct {
	InvoiceID   ID     `json:"-"`
	PatientID   ID     `json:"patient_id"`
	Expected    Cents  `json:"expected_amount_cents"`
	Method      Method `json:"payment_method_type"`
	Description string `json:"description,omitempty"`
	Apply       bool   `json:"apply_payment"`
	// ChargeCard must be set for the method Card, which takes real money from
	// the patient's saved card.
	ChargeCard bool `json:"-"`
}

func (n NewPayment) check(op rest.Op) error {
	wrong := complaints{}
	wrong.add(n.PatientID <= 0, "patient_id", "Choose the patient who paid.")
	wrong.add(n.Expected <= 0, "expected_amount_cents", "The amount must be more than nothing.")
	wrong.add(n.InvoiceID < 0, "invoice_id", "The invoice has no usable number.")
	switch n.Method {
	case Cash, ExternalCard, Insurance:
		wrong.add(n.ChargeCard, "payment_method_type", "Only the method card charges a card.")
	case Card:
		wrong.add(!n.ChargeCard, "payment_method_type", "This would charge the patient's saved card: that must be asked for expressly.")
		wrong.add(op.Name == opQuickPay.Name, "payment_method_type", "A quick payment cannot charge a card from here.")
	default:
		wrong.add(true, "payment_method_type", "It must be cash, external_card or insurance.")
	}
	return wrong.refusal(op)
}

// Check finds what CreatePayment would refuse: KindValidation with Fields.
func (n NewPayment) Check() error { return n.check(opCreatePayment) }

func (n NewPayment) body() map[string]any {
	body := map[string]any{"payment": n}
	if n.InvoiceID != 0 {
		body["invoice_id"] = n.InvoiceID
	}
	return body
}

// Payments lists all payments the key opens; there is no filter.
// GET /payments.
func (c *Client) Payments(ctx context.Context, q Query) (Page[Payment], error) {
	return payments.page(ctx, c, opPayments, "", q)
}

// PatientPayments lists one patient's payments. GET /patients/{id}/payments.
func (c *Client) PatientPayments(ctx context.Context, patient ID, q Query) (Page[Payment], error) {
	return payments.nested(ctx, c, opPatientPayments, "patient", patient, q)
}

// InvoicePayments lists the payments put on an invoice.
// GET /invoices/{id}/payments.
func (c *Client) InvoicePayments(ctx context.Context, invoice ID, q Query) (Page[Payment], error) {
	return payments.nested(ctx, c, opInvoicePayments, "invoice", invoice, q)
}

// Payment reads one payment. GET /payments/{id}.
func (c *Client) Payment(ctx context.Context, id ID) (Payment, error) {
	return payments.read(ctx, c, opPayment, id)
}

// CreatePayment records a payment, or charges a card when that is asked for
// expressly. It is sent once, ever: when the outcome is unknown the error is
// Ambiguous and SettlePayment tells.
// POST /payments {"invoice_id"?, "payment": {…}}.
func (c *Client) CreatePayment(ctx context.Context, n NewPayment) (Payment, error) {
	if err := n.check(opCreatePayment); err != nil {
		return Payment{}, err
	}
	return payments.create(ctx, c, opCreatePayment, n.body(), n.PatientID)
}

// QuickPay makes an invoice and the payment for it in one call; sent once,
// ever, see SettleQuickPay.
// POST /payments/quick_pay {"invoice": {…}, "payment": {…}}.
func (c *Client) QuickPay(ctx context.Context, i NewInvoice, p NewPayment) (QuickPaid, error) {
	for _, err := range []error{i.check(opQuickPay), p.check(opQuickPay)} {
		if err != nil {
			return QuickPaid{}, err
		}
	}
	if p.PatientID != i.PatientID || p.InvoiceID != 0 {
		return QuickPaid{}, refuse(opQuickPay, "A quick payment is for the new invoice of the same patient, so nothing was sent.")
	}
	paid := map[string]any{
		"patient_id": p.PatientID, "expected_amount_cents": p.Expected,
		"payment_method_type": p.Method, "description": p.Description,
	}
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, opQuickPay, rest.Call{
		Body: map[string]any{"invoice": i, "payment": paid}, Record: p.PatientID.String(),
	})
	if err != nil {
		return QuickPaid{}, err
	}
	q, err := decodeQuickPaid(raw)
	if err != nil {
		return q, saved(opQuickPay, err.Error())
	}
	return q, nil
}
