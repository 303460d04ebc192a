package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An inboxInvalid is a refusal the way Rails words one: {"errors": {"name":
// ["can't be blank"]}}.
type inboxInvalid map[string][]string

func (e inboxInvalid) Error() string { return fmt.Sprint(map[string][]string(e)) }

// An inboxField is the type of a field that may be written.
type inboxField uint8

const (
	inboxText   inboxField = iota
	inboxBool              // true or false
	inboxWhole             // a JSON number without a fraction, not negative: cents and ids
	inboxNumber            // any JSON number
	inboxDate              // YYYY-MM-DD, or a date-time, as a sample has it
	inboxList              // nested records, read elsewhere
)

var inboxDateShape = regexp.MustCompile(`^\d{4}-\d\d-\d\d(T.*)?$`)

func inboxTexts(names ...string) map[string]inboxField {
	fields := map[string]inboxField{}
	for _, name := range names {
		fields[name] = inboxText
	}
	return fields
}

func (f inboxField) of(names ...string) map[string]inboxField {
	fields := inboxTexts(names...)
	for name := range fields {
		fields[name] = f
	}
	return fields
}

func inboxFields(sets ...map[string]inboxField) map[string]inboxField {
	all := map[string]inboxField{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// The documented fields of what may be written.
var (
	inboxEnterpriseFields = inboxFields(
		inboxTexts("name", "city", "state", "address_line_1", "address_line_2", "zip", "support_phone_number",
			"default_quick_pay_description", "logo_background_color", "default_checkin_routes", "statement_descriptor", "time_zone"),
		inboxNumber.of("sales_tax"), inboxList.of("practices_attributes"),
		inboxBool.of("color_statements", "first_class", "return_envelope", "perforation"))
	inboxPracticeFields = inboxFields(
		inboxTexts("name", "city", "state", "address_line_1", "address_line_2", "zip", "time_zone", "monday_open", "monday_close"),
		inboxWhole.of("id", "enterprise_id"))
	inboxDoctorFields = inboxFields(
		inboxTexts("first_name", "middle_name", "last_name", "phone", "email", "specialty", "suffix", "certification", "npi",
			"status", "provider_code", "soft_delete"),
		inboxWhole.of("enterprise_id"))
	inboxPatientFields = inboxFields(
		inboxTexts("first_name", "middle_name", "last_name", "phone", "email", "address_line_1", "address_line_2", "city",
			"state", "cell_phone", "secondary_phone", "ssn", "sex", "zip", "billing_status"),
		inboxWhole.of("enterprise_id"), inboxDate.of("date_of_birth"),
		inboxBool.of("primary", "removed", "allow_self_directed_payment_plan", "precollection"))
	inboxInvoiceFields = inboxFields(inboxTexts("notes"), inboxDate.of("date_of_service"), inboxBool.of("estimate"),
		inboxWhole.of("patient_id", "practice_id", "doctor_id", "appointment_id"), inboxList.of("line_items_attributes"))
	inboxLineFields = inboxFields(inboxTexts("service_code", "description"), inboxDate.of("date_of_service"),
		inboxWhole.of("id", "invoice_id", "total_charge_amount_cents", "covered_amount_cents", "quantity",
			"insurance_owed_amount_cents", "tax_amount_cents"))
	inboxPaymentFields = inboxFields(inboxTexts("payment_method_type", "description"), inboxBool.of("apply_payment"),
		inboxWhole.of("patient_id", "expected_amount_cents"))
	inboxAllocationFields = inboxFields(inboxWhole.of("payment_id", "invoice_id", "paid_amount_cents"),
		inboxList.of("payment_reasons_invoice_payments_attributes"))
	inboxAdjustmentFields = inboxWhole.of("payment_id", "amount_cents")
	inboxCodeFields       = inboxFields(inboxTexts("code", "description"), inboxWhole.of("enterprise_id"))
	inboxWriteOffFields   = inboxFields(inboxDate.of("date"), inboxWhole.of("patient_id", "write_off_code_id", "amount_cents"))

	inboxStatuses = []string{"complete", "billable", "scheduled", "no_response", "collections", "excluded"}
	inboxMethods  = []string{"external_card", "card", "one_time_payment", "cash", "insurance"}
)

// read checks what was given against the fields. A name the documents lack is a
// client's mistake which a real server would swallow.
func (t *inboxTable) read(given row) (row, error) {
	fields, wrong := row{}, inboxInvalid{}
	for name, v := range given {
		f, known := t.fields[name]
		if !known {
			wrong[name] = []string{"is not an attribute of a " + t.one}
			continue
		}
		clean, ok := f.read(v)
		if !ok {
			wrong[name] = []string{"is invalid"}
		}
		if f != inboxList {
			fields[name] = clean
		}
	}
	if s := text(fields, "billing_status"); s != "" && !slices.Contains(inboxStatuses, s) {
		wrong["billing_status"] = []string{"is not included in the list"}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return fields, nil
}

func (f inboxField) read(v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch v := v.(type) {
	case string:
		return v, f == inboxText || f == inboxDate && inboxDateShape.MatchString(v)
	case bool:
		return v, f == inboxBool
	case []any:
		return nil, f == inboxList
	case json.Number:
		if f == inboxNumber {
			return v, true
		}
		n, err := strconv.Atoi(v.String())
		return n, f == inboxWhole && err == nil && n >= 0
	}
	return nil, false
}

// need refuses blank fields.
func inboxNeed(fields row, names ...string) error {
	wrong := inboxInvalid{}
	for _, name := range names {
		s, isText := fields[name].(string)
		if fields[name] == nil || isText && strings.TrimSpace(s) == "" {
			wrong[name] = []string{"can't be blank"}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// exist refuses numbers of records that are not there.
func inboxExist(fields row, name string, t *inboxTable) error {
	if fields[name] != nil && t.rows[inboxInt(fields[name])] == nil {
		return inboxInvalid{strings.TrimSuffix(name, "_id"): {"must exist"}}
	}
	return nil
}

func inboxFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// inboxNested are the records under a *_attributes name.
func inboxNested(given row, name string) ([]row, error) {
	list, _ := given[name].([]any)
	rows := make([]row, len(list))
	for i, v := range list {
		r, ok := v.(map[string]any)
		if !ok {
			return nil, inboxInvalid{name: {"is invalid"}}
		}
		rows[i] = r
	}
	return rows, nil
}
