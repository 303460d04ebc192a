package billing

import (
	"strconv"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/safe"
)

// settings is whatever tells a field of its answer as text.
type settings interface {
	Setting(name string) safe.Text
}

// held are text fields of a record as a form has them.
func held(x settings, names ...string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = x.Setting(name).Raw()
	}
	return all
}

// ticked is a flag for a form; what the vendor did not state is empty.
func ticked(f inboxhealth.Flag) string {
	if !f.Known {
		return ""
	}
	return strconv.FormatBool(f.On)
}

func patientValues(p inboxhealth.Patient) map[string]string {
	all := held(p, "first_name", "middle_name", "last_name", "email", "cell_phone", "secondary_phone", "phone",
		"address_line_1", "address_line_2", "city", "state", "zip")
	all["date_of_birth"], all["sex"] = day(p.DateOfBirth), p.Sex.Raw()
	all["precollection"], all["allow_self_directed_payment_plan"] = ticked(p.Precollection), ticked(p.PaymentPlans)
	return all
}

func practiceValues(p inboxhealth.Practice) map[string]string {
	return held(p, "name", "address_line_1", "address_line_2", "city", "state", "zip", "time_zone")
}

func enterpriseValues(x inboxhealth.Enterprise) map[string]string {
	all := held(x, "name", "address_line_1", "address_line_2", "city", "state", "zip", "support_phone_number", "time_zone",
		"sales_tax", "default_quick_pay_description", "statement_descriptor", "logo_background_color")
	all["default_checkin_routes"] = x.DefaultCheckinRoutes.Raw()
	all["color_statements"], all["first_class"] = ticked(x.ColorStatements), ticked(x.FirstClass)
	all["return_envelope"], all["perforation"] = ticked(x.ReturnEnvelope), ticked(x.Perforation)
	return all
}

func lineValues(l inboxhealth.LineItem) map[string]string {
	all := map[string]string{"service_code": l.ServiceCode.Raw(), "description": l.Description.Raw(), "date_of_service": day(l.DateOfService)}
	if l.Quantity > 0 {
		all["quantity"] = strconv.Itoa(l.Quantity)
	}
	for name, a := range map[string]amount{"total_charge_amount_cents": l.Charge, "covered_amount_cents": l.Covered,
		"insurance_owed_amount_cents": l.InsuranceOwed, "tax_amount_cents": l.Tax} {
		all[name] = ""
		if a.Known {
			all[name] = strconv.FormatInt(int64(a.Cents), 10)
		}
	}
	return all
}

func readWhole(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
