package inboxhealth

import (
	"context"
	"strconv"
	"time"
)

var (
	opInvoiceAllocations   = reading("list invoice payments of invoice", "/invoices/{id}/invoice_payments")
	opInvoicePayment       = reading("read invoice payment", "/invoice_payments/{id}")
	opCreateInvoicePayment = creation("create invoice payment", "/invoice_payments", "invoice_payment")
	opUpdateInvoicePayment = change("update invoice payment", "/invoice_payments/{id}")
)

// InvoicePayment is how much of one payment is put on one invoice.
type InvoicePayment struct {
	ID, PaymentID, InvoiceID ID
	Paid                     Amount
	CreatedAt, UpdatedAt     time.Time

	held object
}

var invoicePayments = kind[InvoicePayment]{"invoice_payment", "invoice_payments", decodeInvoicePayment,
	func(p InvoicePayment) ID { return p.ID }}

func decodeInvoicePayment(r *reader) InvoicePayment {
	return InvoicePayment{
		ID: r.id("id"), PaymentID: r.id("payment_id"), InvoiceID: r.id("invoice_id"),
		Paid:      r.amount("paid_amount_cents"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

// NewInvoicePayment puts a part of a payment on an invoice. One of nothing with
// a reason records that the insurance did not pay.
type NewInvoicePayment struct {
	PaymentID ID
	InvoiceID ID
	Paid      Cents
	Reasons   []ID // payment reasons
}

func (n NewInvoicePayment) body() any {
	fields := map[string]any{"payment_id": n.PaymentID, "invoice_id": n.InvoiceID, "paid_amount_cents": n.Paid}
	if len(n.Reasons) > 0 {
		reasons := make([]map[string]ID, len(n.Reasons))
		for i, id := range n.Reasons {
			reasons[i] = map[string]ID{"payment_reason_id": id}
		}
		fields["payment_reasons_invoice_payments_attributes"] = reasons
	}
	return map[string]any{"invoice_payment": fields}
}

// InvoiceAllocations lists how payments were put on an invoice.
// GET /invoices/{id}/invoice_payments.
func (c *Client) InvoiceAllocations(ctx context.Context, invoice ID, q Query) (Page[InvoicePayment], error) {
	return invoicePayments.nested(ctx, c, opInvoiceAllocations, "invoice", invoice, q)
}

// InvoicePayment reads one allocation. GET /invoice_payments/{id}.
func (c *Client) InvoicePayment(ctx context.Context, id ID) (InvoicePayment, error) {
	return invoicePayments.read(ctx, c, opInvoicePayment, id)
}

// CreateInvoicePayment puts a payment, or part of it, on an invoice; sent once,
// ever, see SettleInvoicePayment. POST /invoice_payments.
func (c *Client) CreateInvoicePayment(ctx context.Context, n NewInvoicePayment) (InvoicePayment, error) {
	wrong := complaints{}
	wrong.add(n.PaymentID <= 0, "payment_id", "Choose the payment.")
	wrong.add(n.InvoiceID <= 0, "invoice_id", "Choose the invoice.")
	wrong.add(n.Paid < 0, "paid_amount_cents", "An amount cannot be less than nothing.")
	wrong.add(n.Paid == 0 && len(n.Reasons) == 0, "paid_amount_cents", "Nothing paid needs a reason.")
	for _, id := range n.Reasons {
		wrong.add(id <= 0, "payment_reason_id", "The reason has no usable number.")
	}
	if err := wrong.refusal(opCreateInvoicePayment); err != nil {
		return InvoicePayment{}, err
	}
	return invoicePayments.create(ctx, c, opCreateInvoicePayment, n.body(), n.PaymentID)
}

// UpdateInvoicePayment changes how much of the payment is on the invoice; the
// allocation as it is afterwards is returned.
// PUT /invoice_payments/{id} {"id", "invoice_payment": {"paid_amount_cents"}},
// between two reads.
func (c *Client) UpdateInvoicePayment(ctx context.Context, seen InvoicePayment, paid Cents) (InvoicePayment, error) {
	w := written[InvoicePayment]{invoicePayments, (*Client).InvoicePayment, opUpdateInvoicePayment,
		map[string]form{"paid_amount_cents": asCents}, func(p InvoicePayment) object { return p.held }}
	return w.update(ctx, c, seen, Edits{"paid_amount_cents": strconv.FormatInt(int64(paid), 10)}, nil)
}
