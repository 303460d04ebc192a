package inboxhealth

import (
	"context"
	"time"

	"frontdesk/clients/safe"
)

var (
	opAdjustment = reading("read payment adjustment", "/payment_adjustments/{id}")
	opRefund     = creation("refund payment", "/payment_adjustments", "payment_adjustment")
	opVoid       = creation("void payment", "/payment_adjustments", "payment_adjustment")
)

// PaymentAdjustment is a refund or a void of a payment.
type PaymentAdjustment struct {
	ID, PaymentID, RefundID ID
	Amount                  Amount
	Status                  safe.Text
	CreatedAt, UpdatedAt    time.Time
}

var adjustments = kind[PaymentAdjustment]{"payment_adjustment", "payment_adjustments", decodeAdjustment,
	func(a PaymentAdjustment) ID { return a.ID }}

func decodeAdjustment(r *reader) PaymentAdjustment {
	return PaymentAdjustment{
		ID: r.id("id"), PaymentID: r.id("payment_id"), RefundID: r.id("payment_processing_refund_id"),
		Amount: r.amount("amount_cents"), Status: safe.Line(PaymentStatus(r.plain("status"))),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
	}
}

// adjustment has voided beside the record, as documented, not inside.
func adjustment(voided bool, payment ID, amount Cents) any {
	return map[string]any{
		"voided":             voided,
		"payment_adjustment": map[string]any{"payment_id": payment, "amount_cents": amount},
	}
}

// PaymentAdjustment reads one adjustment. GET /payment_adjustments/{id}.
func (c *Client) PaymentAdjustment(ctx context.Context, id ID) (PaymentAdjustment, error) {
	return adjustments.read(ctx, c, opAdjustment, id)
}

// Refund gives back an amount, at most what was not refunded yet. No balance
// changes: neither the invoice's nor the patient's. Sent once, ever; p, as it
// was before, and SettleRefund tell when the outcome is unknown.
// POST /payment_adjustments {"voided": false, …}.
func (c *Client) Refund(ctx context.Context, p Payment, amount Cents) (PaymentAdjustment, error) {
	wrong := complaints{}
	wrong.add(p.ID <= 0, "payment_id", "The payment has no usable number: press r to read the list again.")
	wrong.add(p.Voided(), "payment_id", "The payment was voided, so nothing of it can be refunded.")
	wrong.add(amount <= 0, "amount_cents", "The amount must be more than nothing.")
	wrong.add(p.Expected.Known && amount > p.Expected.Cents-p.Refunded.Cents, "amount_cents",
		"Only "+(p.Expected.Cents-p.Refunded.Cents).String()+" of this payment is left to refund.")
	if err := wrong.refusal(opRefund); err != nil {
		return PaymentAdjustment{}, err
	}
	return adjustments.create(ctx, c, opRefund, adjustment(false, p.ID, amount), p.ID)
}

// Void takes a payment back as a whole: it comes off all invoices and the
// patient owes that money again. Sent once, ever; p, as it was before, and
// SettleVoid tell when the outcome is unknown.
// POST /payment_adjustments {"voided": true, …}.
func (c *Client) Void(ctx context.Context, p Payment) (PaymentAdjustment, error) {
	wrong := complaints{}
	wrong.add(p.ID <= 0, "payment_id", "The payment has no usable number: press r to read the list again.")
	wrong.add(p.Voided(), "payment_id", "The payment was voided before.")
	wrong.add(!p.Expected.Known || p.Expected.Cents <= 0, "amount_cents", "The amount of the payment is unknown: press r to read it again.")
	wrong.add(p.Refunded.Cents > 0, "payment_id", "Part of the payment was refunded, so it cannot be voided as a whole.")
	if err := wrong.refusal(opVoid); err != nil {
		return PaymentAdjustment{}, err
	}
	return adjustments.create(ctx, c, opVoid, adjustment(true, p.ID, p.Expected.Cents), p.ID)
}
