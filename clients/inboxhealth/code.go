package inboxhealth

import (
	"context"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
)

var (
	opPaymentReasons      = reading("list payment reasons", "/payment_reasons")
	opPaymentReason       = reading("read payment reason", "/payment_reasons/{id}")
	opCreatePaymentReason = creation("create payment reason", "/payment_reasons", "payment_reason")

	opWriteOffCodes      = reading("list write-off codes", "/write_off_codes")
	opWriteOffCode       = reading("read write-off code", "/write_off_codes/{id}")
	opCreateWriteOffCode = creation("create write-off code", "/write_off_codes", "write_off_code")

	opWriteOffs      = reading("list write-offs", "/write_offs")
	opWriteOff       = reading("read write-off", "/write_offs/{id}")
	opCreateWriteOff = creation("create write-off", "/write_offs", "write_off")
)

// Code is a payment reason ("CO-3") or a write-off code of an enterprise.
type Code struct {
	ID, EnterpriseID  ID
	Code, Description safe.Text
	CreatedAt         time.Time
}

// NewCode is a new payment reason or write-off code.
type NewCode struct {
	EnterpriseID ID     `json:"enterprise_id"`
	Code         string `json:"code"`
	Description  string `json:"description,omitempty"`
}

// WriteOff is money a patient need not pay any more.
type WriteOff struct {
	ID, PatientID, CodeID ID
	Date                  civil.Date
	Amount                Amount
	CreatedAt             time.Time
}

// NewWriteOff lets a patient off an amount.
type NewWriteOff struct {
	PatientID ID         `json:"patient_id"`
	Date      civil.Date `json:"date"`
	CodeID    ID         `json:"write_off_code_id"`
	Amount    Cents      `json:"amount_cents"`
}

var (
	paymentReasons = kind[Code]{"payment_reason", "payment_reasons", decodeCode, func(c Code) ID { return c.ID }}
	writeOffCodes  = kind[Code]{"write_off_code", "write_off_codes", decodeCode, func(c Code) ID { return c.ID }}
	writeOffs      = kind[WriteOff]{"write_off", "write_offs", decodeWriteOff, func(w WriteOff) ID { return w.ID }}
)

func decodeCode(r *reader) Code {
	return Code{
		ID: r.id("id"), EnterpriseID: r.id("enterprise_id"),
		Code: r.text("code"), Description: r.text("description"), CreatedAt: r.stamp("created_at"),
	}
}

func decodeWriteOff(r *reader) WriteOff {
	return WriteOff{
		ID: r.id("id"), PatientID: r.id("patient_id"), CodeID: r.id("write_off_code_id"),
		Date: r.date("date"), Amount: r.amount("amount_cents"), CreatedAt: r.stamp("created_at"),
	}
}

func (n NewCode) check() complaints {
	wrong := complaints{}
	wrong.add(n.EnterpriseID <= 0, "enterprise_id", "Choose the enterprise the code belongs to.")
	wrong.add(n.Code == "", "code", "The code is missing.")
	return wrong
}

// PaymentReasons lists why insurances did not pay. GET /payment_reasons.
func (c *Client) PaymentReasons(ctx context.Context, q Query) (Page[Code], error) {
	return paymentReasons.page(ctx, c, opPaymentReasons, "", q)
}

// PaymentReason reads one reason. GET /payment_reasons/{id}.
func (c *Client) PaymentReason(ctx context.Context, id ID) (Code, error) {
	return paymentReasons.read(ctx, c, opPaymentReason, id)
}

// CreatePaymentReason adds a reason; sent once, ever, see SettlePaymentReason.
// POST /payment_reasons {"payment_reason": {…}}.
func (c *Client) CreatePaymentReason(ctx context.Context, n NewCode) (Code, error) {
	if err := n.check().refusal(opCreatePaymentReason); err != nil {
		return Code{}, err
	}
	return paymentReasons.create(ctx, c, opCreatePaymentReason, map[string]any{"payment_reason": n}, n.EnterpriseID)
}

// WriteOffCodes lists the codes money can be written off under.
// GET /write_off_codes.
func (c *Client) WriteOffCodes(ctx context.Context, q Query) (Page[Code], error) {
	return writeOffCodes.page(ctx, c, opWriteOffCodes, "", q)
}

// WriteOffCode reads one code. GET /write_off_codes/{id}.
func (c *Client) WriteOffCode(ctx context.Context, id ID) (Code, error) {
	return writeOffCodes.read(ctx, c, opWriteOffCode, id)
}

// CreateWriteOffCode adds a code; sent once, ever, see SettleWriteOffCode.
// POST /write_off_codes {"write_off_code": {…}}.
func (c *Client) CreateWriteOffCode(ctx context.Context, n NewCode) (Code, error) {
	if err := n.check().refusal(opCreateWriteOffCode); err != nil {
		return Code{}, err
	}
	return writeOffCodes.create(ctx, c, opCreateWriteOffCode, map[string]any{"write_off_code": n}, n.EnterpriseID)
}

// WriteOffs lists what was written off, for all patients. GET /write_offs.
func (c *Client) WriteOffs(ctx context.Context, q Query) (Page[WriteOff], error) {
	return writeOffs.page(ctx, c, opWriteOffs, "", q)
}

// WriteOff reads one. GET /write_offs/{id}.
func (c *Client) WriteOff(ctx context.Context, id ID) (WriteOff, error) {
	return writeOffs.read(ctx, c, opWriteOff, id)
}

// CreateWriteOff lets a patient off an amount; sent once, ever, see
// SettleWriteOff. POST /write_offs {"write_off": {…}}.
func (c *Client) CreateWriteOff(ctx context.Context, n NewWriteOff) (WriteOff, error) {
	wrong := complaints{}
	wrong.add(n.PatientID <= 0, "patient_id", "Choose the patient.")
	wrong.add(!n.Date.IsValid(), "date", "The date is missing.")
	wrong.add(n.CodeID <= 0, "write_off_code_id", "Choose the code it is written off under.")
	wrong.add(n.Amount <= 0, "amount_cents", "The amount must be more than nothing.")
	if err := wrong.refusal(opCreateWriteOff); err != nil {
		return WriteOff{}, err
	}
	return writeOffs.create(ctx, c, opCreateWriteOff, map[string]any{"write_off": n}, n.PatientID)
}
