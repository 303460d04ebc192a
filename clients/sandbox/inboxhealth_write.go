package sandbox

import (
	"maps"
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
