package sandbox

import (
	"net/http"
	"slices"
)

// postPayment is POST /payments. With an invoice_id beside it the payment goes
// there first.
func (x *inboxhealth) postPayment(r *inboxRequest) (reply, error) {
	given, beside, err := r.wrapped("payment")
	if err != nil {
		return reply{}, err
	}
	invoice := 0
	if v, ok := beside["invoice_id"]; ok {
		if invoice = inboxInt(v); x.invoices.rows[invoice] == nil {
			return reply{}, inboxInvalid{"invoice": {"must exist"}}
		}
	}
	id, err := x.addPayment(given, invoice)
	if err != nil {
		return reply{}, err
	}
	return x.created(x.payments, id), nil
}

func (x *inboxhealth) addPayment(given row, invoice int) (int, error) {
	fields, err := x.payments.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "patient_id", "expected_amount_cents", "payment_method_type"),
		inboxExist(fields, "patient_id", x.patients)); err != nil {
		return 0, err
	}
	patient := fields["patient_id"]
	switch {
	case !slices.Contains(inboxMethods, text(fields, "payment_method_type")):
		return 0, inboxInvalid{"payment_method_type": {"is not included in the list"}}
	case fields["payment_method_type"] == "one_time_payment":
		return 0, inboxInvalid{"stripe_token": {"can't be blank"}}
	case inboxInt(fields["expected_amount_cents"]) < 1:
		return 0, inboxInvalid{"expected_amount_cents": {"must be greater than 0"}}
	case invoice != 0 && x.invoices.rows[invoice]["patient_id"] != patient:
		return 0, inboxInvalid{"invoice": {"belongs to another patient"}}
	}
	apply, stated := fields["apply_payment"].(bool)
	if !stated {
		enterprise := x.patients.rows[inboxInt(patient)]["enterprise_id"]
		apply = x.enterprises.rows[inboxInt(enterprise)]["apply_payment"] == true
	}
	delete(fields, "apply_payment")
	fields["refunded_amount_cents"], fields["status"] = 0, "completed"
	id := x.born(x.payments, fields)
	x.apply(id, invoice, apply)
	return id, nil
}

// quickPay is POST /payments/quick_pay: an invoice and the payment for it.
func (x *inboxhealth) quickPay(r *inboxRequest) (reply, error) {
	bill, beside, err := r.wrapped("invoice")
	if err != nil {
		return reply{}, err
	}
	paid, ok := beside["payment"].(map[string]any)
	if !ok {
		return reply{}, refusal{http.StatusBadRequest, "param is missing or the value is empty: payment"}
	}
	if inboxInt(bill["patient_id"]) != inboxInt(paid["patient_id"]) {
		return reply{}, inboxInvalid{"invoice": {"belongs to another patient"}}
	}
	// The payment is looked at first: nothing may be left of a half.
	fields, err := x.payments.read(paid)
	if err = inboxFirst(err, inboxNeed(fields, "patient_id", "expected_amount_cents", "payment_method_type")); err != nil {
		return reply{}, err
	}
	if m := fields["payment_method_type"]; m != "cash" && m != "external_card" || inboxInt(fields["expected_amount_cents"]) < 1 {
		return reply{}, inboxInvalid{"payment": {"is invalid"}}
	}
	invoice, err := x.addInvoice(bill)
	if err != nil {
		return reply{}, err
	}
	payment, err := x.addPayment(paid, invoice)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, row{
		"invoice": x.look(x.invoices, invoice, true), "payment": x.look(x.payments, payment, true),
	}}, nil
}

func (x *inboxhealth) addAllocation(given row) (int, error) {
	fields, err := x.allocations.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "payment_id", "invoice_id", "paid_amount_cents"),
		inboxExist(fields, "payment_id", x.payments), inboxExist(fields, "invoice_id", x.invoices)); err != nil {
		return 0, err
	}
	reasons, err := inboxNested(given, "payment_reasons_invoice_payments_attributes")
	if err != nil {
		return 0, err
	}
	for _, r := range reasons {
		if x.reasons.rows[inboxInt(r["payment_reason_id"])] == nil {
			return 0, inboxInvalid{"payment_reason": {"must exist"}}
		}
	}
	return x.allocate(inboxInt(fields["payment_id"]), inboxInt(fields["invoice_id"]), inboxInt(fields["paid_amount_cents"]), reasons)
}

// postAdjustment is POST /payment_adjustments; voided stands beside the record.
func (x *inboxhealth) postAdjustment(r *inboxRequest) (reply, error) {
	given, beside, err := r.wrapped("payment_adjustment")
	if err != nil {
		return reply{}, err
	}
	voided, _ := beside["voided"].(bool)
	id, err := x.adjust(given, voided)
	if err != nil {
		return reply{}, err
	}
	return x.created(x.adjustments, id), nil
}

func (x *inboxhealth) adjust(given row, voided bool) (int, error) {
	fields, err := x.adjustments.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "payment_id", "amount_cents"), inboxExist(fields, "payment_id", x.payments)); err != nil {
		return 0, err
	}
	act, status := x.refund, "refunded"
	if voided {
		act, status = x.void, "voided"
	}
	if err := act(inboxInt(fields["payment_id"]), inboxInt(fields["amount_cents"])); err != nil {
		return 0, err
	}
	fields["status"], fields["payment_processing_refund_id"] = status, nil
	fields["transfer_id"], fields["created_by_user_id"] = nil, 1
	return x.born(x.adjustments, fields), nil
}
