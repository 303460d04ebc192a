package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// born gives a new record its stamps.
func (x *inboxhealth) born(t *inboxTable, fields row) int {
	fields["created_at"], fields["updated_at"], fields["object"] = x.stamp(), x.stamp(), t.one
	return t.add(fields)
}

// postEnterprise is POST /enterprises. Without practices one is made of the
// enterprise itself.
func (x *inboxhealth) postEnterprise(r *inboxRequest) (reply, error) {
	given, _, err := r.wrapped("enterprise")
	if err != nil {
		return reply{}, err
	}
	id, err := x.addEnterprise(given)
	if err != nil {
		return reply{}, err
	}
	return x.created(x.enterprises, id), nil
}

func (x *inboxhealth) addEnterprise(given row) (int, error) {
	fields, err := x.enterprises.read(given)
	if err == nil {
		err = inboxNeed(fields, "name")
	}
	if err != nil {
		return 0, err
	}
	places, err := inboxNested(given, "practices_attributes")
	if err != nil {
		return 0, err
	}
	for i, place := range places {
		if places[i], err = x.practices.read(place); err == nil {
			err = inboxNeed(places[i], "name")
		}
		if err != nil {
			return 0, err
		}
	}
	all := inboxDefaults()
	maps.Copy(all, fields)
	id := x.born(x.enterprises, all)
	if len(places) == 0 {
		seeded := row{}
		for _, name := range []string{"name", "address_line_1", "address_line_2", "city", "state", "zip", "time_zone"} {
			seeded[name] = all[name]
		}
		places = []row{seeded}
	}
	for _, place := range places {
		place["enterprise_id"] = id
		x.born(x.practices, place)
	}
	return id, nil
}

// inboxDefaults are settings of an enterprise nobody chose.
func inboxDefaults() row {
	return row{
		"enterprise_plan_id": 1, "transfer_status": "scheduled", "minimum_bill_amount_cents": 100,
		"additional_fees_cents": 0, "cancellation_fee_cents": 0, "sales_tax": 0, "default_service_code": "30",
		"default_service_location": "11", "days_before_patient_balance_reminder": 15, "past_due_balance_days": 45,
		"collection_warning_balance_days": 90, "apply_payment": true, "default_billing_cycle_template_id": 1,
		"default_checkin_routes": nil, "soft_delete": false, "color_statements": true, "first_class": true,
		"return_envelope": true, "perforation": true, "address_line_2": nil, "zip": nil, "support_phone_number": nil,
		"time_zone": "Eastern Time (US & Canada)",
	}
}

func (x *inboxhealth) addPractice(given row) (int, error) {
	fields, err := x.practices.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "name", "enterprise_id"), inboxExist(fields, "enterprise_id", x.enterprises)); err != nil {
		return 0, err
	}
	return x.born(x.practices, fields), nil
}

func (x *inboxhealth) addDoctor(given row) (int, error) {
	fields, err := x.doctors.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "first_name", "last_name", "enterprise_id"),
		inboxExist(fields, "enterprise_id", x.enterprises)); err != nil {
		return 0, err
	}
	return x.born(x.doctors, fields), nil
}

func (x *inboxhealth) addPatient(given row) (int, error) {
	fields, err := x.patients.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "first_name", "last_name", "enterprise_id"),
		inboxExist(fields, "enterprise_id", x.enterprises)); err != nil {
		return 0, err
	}
	all := row{
		"user_id": nil, "soft_delete": 0, "removed": false, "primary": true, "precollection": false,
		"billing_status": "complete", "contact_preference": "both", "sms_opt_out": false, "phone_opt_out": false,
		"last_notified_at": nil, "notes": nil, "health_record_id": nil, "ssn": nil, "patient_plan_ids": []int{},
		"emergency_contacts": []row{}, "external_ids": []row{}, "allow_self_directed_payment_plan": true,
	}
	maps.Copy(all, fields)
	return x.born(x.patients, all), nil
}

func (x *inboxhealth) addInvoice(given row) (int, error) {
	fields, err := x.invoices.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "patient_id", "date_of_service"), inboxExist(fields, "patient_id", x.patients),
		inboxExist(fields, "practice_id", x.practices), inboxExist(fields, "doctor_id", x.doctors)); err != nil {
		return 0, err
	}
	lines, err := inboxNested(given, "line_items_attributes")
	if err != nil {
		return 0, err
	}
	sum := 0
	for i, line := range lines {
		if lines[i], err = x.lines.read(line); err != nil {
			return 0, err
		}
		sum += inboxDue(lines[i])
	}
	if sum < 0 {
		return 0, inboxInvalid{"line_items": {"cover more than was charged"}}
	}
	fields["enterprise_id"] = x.patients.rows[inboxInt(fields["patient_id"])]["enterprise_id"]
	id := x.born(x.invoices, fields)
	for _, line := range lines {
		line["invoice_id"] = id
		x.born(x.lines, line)
	}
	return id, nil
}

func inboxDue(line row) int {
	return inboxInt(line["total_charge_amount_cents"]) - inboxInt(line["covered_amount_cents"]) + inboxInt(line["tax_amount_cents"])
}

func (x *inboxhealth) addLine(given row) (int, error) {
	fields, err := x.lines.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "invoice_id"), inboxExist(fields, "invoice_id", x.invoices)); err != nil {
		return 0, err
	}
	if x.open(inboxInt(fields["invoice_id"]))+inboxDue(fields) < 0 {
		return 0, inboxInvalid{"covered_amount_cents": {"exceeds the balance of the invoice"}}
	}
	return x.born(x.lines, fields), nil
}

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

// codeFor adds to the reasons or codes; within an enterprise each is there once.
func (x *inboxhealth) codeFor(t *inboxTable) func(row) (int, error) {
	return func(given row) (int, error) {
		fields, err := t.read(given)
		if err = inboxFirst(err, inboxNeed(fields, "code", "enterprise_id"), inboxExist(fields, "enterprise_id", x.enterprises)); err != nil {
			return 0, err
		}
		for _, id := range t.where("enterprise_id", inboxInt(fields["enterprise_id"])) {
			if t.rows[id]["code"] == fields["code"] {
				return 0, inboxInvalid{"code": {"has already been taken"}}
			}
		}
		return x.born(t, fields), nil
	}
}

func (x *inboxhealth) addWriteOff(given row) (int, error) {
	fields, err := x.writeOffs.read(given)
	if err = inboxFirst(err, inboxNeed(fields, "patient_id", "date", "write_off_code_id", "amount_cents"),
		inboxExist(fields, "patient_id", x.patients), inboxExist(fields, "write_off_code_id", x.codes)); err != nil {
		return 0, err
	}
	if cents := inboxInt(fields["amount_cents"]); cents < 1 || cents > x.owes(inboxInt(fields["patient_id"])) {
		return 0, inboxInvalid{"amount_cents": {"must be between 1 and what the patient owes"}}
	}
	return x.born(x.writeOffs, fields), nil
}

// put lays what is given over a record, as Rails does. Nested records with an
// id are changed, and those without one are added, each time.
func (x *inboxhealth) put(t *inboxTable) func(*inboxRequest) (reply, error) {
	return func(r *inboxRequest) (reply, error) {
		id, err := r.row(t)
		if err != nil {
			return reply{}, err
		}
		given, beside, err := r.wrapped(t.one)
		if err != nil {
			return reply{}, err
		}
		if v, there := beside["id"]; there && inboxInt(v) != id {
			return reply{}, inboxInvalid{"id": {"is another record's"}}
		}
		if err := x.change(t, id, given); err != nil {
			return reply{}, err
		}
		return reply{http.StatusOK, row{t.one: x.look(t, id, true)}}, nil
	}
}

func (x *inboxhealth) change(t *inboxTable, id int, given row) error {
	fields, err := t.read(given)
	if err != nil {
		return err
	}
	delete(fields, "id")
	before := t.rows[id]
	x.lay(t, id, fields)
	if t == x.invoices || t == x.enterprises {
		err = x.changeNested(t, id, given)
	}
	if wrong := x.overdrawn(t, id); wrong != nil && err == nil {
		err = wrong
	}
	if err != nil {
		t.set(id, before)
	}
	return err
}

// overdrawn refuses a change after which more is paid than there is.
func (x *inboxhealth) overdrawn(t *inboxTable, id int) error {
	switch t {
	case x.lines:
		if x.open(t.cents(id, "invoice_id")) < 0 {
			return inboxInvalid{"total_charge_amount_cents": {"is less than what was paid"}}
		}
	case x.allocations:
		if x.open(t.cents(id, "invoice_id")) < 0 || x.unapplied(t.cents(id, "payment_id")) < 0 {
			return inboxInvalid{"paid_amount_cents": {"exceeds the payment or the balance of the invoice"}}
		}
	}
	return nil
}

func (x *inboxhealth) changeNested(t *inboxTable, id int, given row) error {
	below, name, add := x.lines, "line_items_attributes", x.addLine
	if t == x.enterprises {
		below, name, add = x.practices, "practices_attributes", x.addPractice
	}
	items, err := inboxNested(given, name)
	if err != nil {
		return err
	}
	for _, item := range items {
		at := inboxInt(item["id"])
		switch {
		case item["id"] == nil:
			item = maps.Clone(item)
			item[t.one+"_id"] = jsonInt(id)
			_, err = add(item)
		case below.rows[at] == nil || below.cents(at, t.one+"_id") != id:
			err = inboxMissing
		default:
			err = x.change(below, at, item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// jsonInt is a number as a decoded body has it.
func jsonInt(n int) any { return json.Number(strconv.Itoa(n)) }
