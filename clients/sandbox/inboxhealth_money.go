package sandbox

import (
	"slices"
)

// The arithmetic of balances, as far as the documents tell it, in whole cents.
// Where they are silent: an allocation may not exceed what is left of its
// payment or what is open on its invoice, and a write-off not what the patient
// owes. So no invoice is ever below nothing; a patient is while payments wait to
// be put on an invoice.

func (t *inboxTable) cents(id int, field string) int { return inboxInt(t.rows[id][field]) }

// due is the patient's part of a line.
func (x *inboxhealth) due(line int) int {
	return x.lines.cents(line, "total_charge_amount_cents") - x.lines.cents(line, "covered_amount_cents") +
		x.lines.cents(line, "tax_amount_cents")
}

func (x *inboxhealth) total(invoice int) (sum int) {
	for _, line := range x.lines.where("invoice_id", invoice) {
		sum += x.due(line)
	}
	return sum
}

// paid is what all payments, or those of insurances, have put on an invoice.
func (x *inboxhealth) paid(invoice int, insurance bool) (sum int) {
	for _, a := range x.allocations.where("invoice_id", invoice) {
		if !insurance || x.byInsurance(x.allocations.cents(a, "payment_id")) {
			sum += x.allocations.cents(a, "paid_amount_cents")
		}
	}
	return sum
}

func (x *inboxhealth) byInsurance(payment int) bool {
	return x.payments.rows[payment]["payment_method_type"] == "insurance"
}

func (x *inboxhealth) open(invoice int) int { return x.total(invoice) - x.paid(invoice, false) }

// insurance is what an insurance still owes on an invoice. As long as that is
// more than nothing the invoice does not count toward the patient's balance.
func (x *inboxhealth) insurance(invoice int) (owed int) {
	for _, line := range x.lines.where("invoice_id", invoice) {
		owed += x.lines.cents(line, "insurance_owed_amount_cents")
	}
	return max(0, owed-x.paid(invoice, true))
}

func (x *inboxhealth) applied(payment int) (sum int) {
	for _, a := range x.allocations.where("payment_id", payment) {
		sum += x.allocations.cents(a, "paid_amount_cents")
	}
	return sum
}

// unapplied is what is left of a payment; a refund changes nothing in it.
func (x *inboxhealth) unapplied(payment int) int {
	if x.payments.rows[payment]["status"] == "voided" {
		return 0
	}
	return x.payments.cents(payment, "expected_amount_cents") - x.applied(payment)
}

// owes is the sum of a patient's open invoices less what was written off.
func (x *inboxhealth) owes(patient int) (sum int) {
	for _, invoice := range x.invoices.where("patient_id", patient) {
		if x.invoices.rows[invoice]["estimate"] != true && x.insurance(invoice) == 0 {
			sum += x.open(invoice)
		}
	}
	for _, w := range x.writeOffs.where("patient_id", patient) {
		sum -= x.writeOffs.cents(w, "amount_cents")
	}
	return sum
}

// balance is what a patient owes less their payments not put on an invoice.
func (x *inboxhealth) balance(patient int) int {
	sum := x.owes(patient)
	for _, p := range x.payments.where("patient_id", patient) {
		if !x.byInsurance(p) {
			sum -= x.unapplied(p)
		}
	}
	return sum
}

// allocate puts a part of a payment on an invoice.
func (x *inboxhealth) allocate(payment, invoice, cents int, reasons []row) (int, error) {
	p, i := x.payments.rows[payment], x.invoices.rows[invoice]
	switch {
	case p["status"] == "voided":
		return 0, inboxInvalid{"payment": {"is voided"}}
	case p["patient_id"] != i["patient_id"]:
		return 0, inboxInvalid{"invoice": {"belongs to another patient"}}
	case cents > x.unapplied(payment):
		return 0, inboxInvalid{"paid_amount_cents": {"exceeds the unapplied amount of the payment"}}
	case cents > x.open(invoice):
		return 0, inboxInvalid{"paid_amount_cents": {"exceeds the balance of the invoice"}}
	}
	return x.allocations.add(row{
		"payment_id": payment, "invoice_id": invoice, "paid_amount_cents": cents,
		"payment_reasons": reasons, "created_at": x.stamp(), "updated_at": x.stamp(), "object": "invoice_payment",
	}), nil
}

// apply puts what is left of a payment on the patient's invoices, the given one
// first, then the oldest. Nothing is refused: what finds no place stays.
func (x *inboxhealth) apply(payment, first int, others bool) {
	p := x.payments.rows[payment]
	invoices := x.invoices.where("patient_id", inboxInt(p["patient_id"]))
	if !others {
		invoices = nil
	}
	slices.SortStableFunc(invoices, func(a, b int) int {
		return inboxCompare(x.invoices.rows[a]["date_of_service"], x.invoices.rows[b]["date_of_service"])
	})
	if first != 0 {
		invoices = slices.Insert(invoices, 0, first)
	}
	for _, i := range invoices {
		if cents := min(x.unapplied(payment), x.open(i)); cents > 0 && x.invoices.rows[i]["estimate"] != true {
			_, _ = x.allocate(payment, i, cents, nil)
		}
	}
}

// refund gives money back. No balance changes.
func (x *inboxhealth) refund(payment, cents int) error {
	p := x.payments.rows[payment]
	left := inboxInt(p["expected_amount_cents"]) - inboxInt(p["refunded_amount_cents"])
	switch {
	case p["status"] == "voided":
		return inboxInvalid{"payment": {"is voided"}}
	case cents < 1 || cents > left:
		return inboxInvalid{"amount_cents": {"must be between 1 and what is not refunded"}}
	}
	status := "partially refunded"
	if cents == left {
		status = "refunded"
	}
	x.lay(x.payments, payment, row{"refunded_amount_cents": inboxInt(p["refunded_amount_cents"]) + cents, "status": status})
	return nil
}

// void takes a payment back as a whole.
func (x *inboxhealth) void(payment, cents int) error {
	p := x.payments.rows[payment]
	switch {
	case p["status"] == "voided":
		return inboxInvalid{"payment": {"is voided"}}
	case inboxInt(p["refunded_amount_cents"]) > 0:
		return inboxInvalid{"payment": {"is refunded in part"}}
	case cents != inboxInt(p["expected_amount_cents"]):
		return inboxInvalid{"amount_cents": {"must be the whole payment"}}
	}
	for _, a := range x.allocations.where("payment_id", payment) {
		x.allocations.remove(a)
	}
	x.lay(x.payments, payment, row{"status": "voided"})
	return nil
}
