package sandbox

import (
	"fmt"
	"strings"
	"time"

	"frontdesk/assets"
)

// people fills Inbox Health with two enterprises and so many patients, who have
// the names of the EMR's first prospects. Every third has paid, every fourth
// waits for an insurance, some owe for long.
func (x *inboxhealth) people(o Options) {
	for _, name := range []string{"Riverside Training Clinic", "Specimen Street Therapy Group"} {
		x.must(x.addEnterprise(row{
			"name": name, "address_line_1": "1 Sample Street", "city": "Maplewick", "state": "CT", "zip": "06099",
			"support_phone_number": "(860) 555-0100", "default_quick_pay_description": "Copay",
			"statement_descriptor": "FAKE " + strings.ToUpper(name[:9]), "practices_attributes": []any{},
		}))
	}
	x.must(x.addPractice(row{"name": "Riverside West (sample)", "enterprise_id": jsonInt(1), "city": "Maplewick", "state": "CT"}))
	for i, p := range assets.Providers()[:6] {
		first, last, _ := strings.Cut(p.Name, " ")
		x.must(x.addDoctor(row{
			"first_name": first, "last_name": last, "certification": p.Title, "specialty": p.Specialty,
			"npi": fmt.Sprintf("000000000%d", i), "status": "floating", "enterprise_id": jsonInt(1 + i/4),
		}))
	}
	for enterprise := 1; enterprise <= 2; enterprise++ {
		for _, c := range [][2]string{{"CO-3", "Copay amount (sample)"}, {"CO-45", "Charge over fee schedule (sample)"}, {"PR-1", "Deductible (sample)"}} {
			x.must(x.codeFor(x.reasons)(row{"code": c[0], "description": c[1], "enterprise_id": jsonInt(enterprise)}))
		}
		for _, c := range [][2]string{{"SMALL", "Small balance"}, {"HARDSHIP", "Financial hardship"}, {"BADDEBT", "Cannot be collected"}} {
			x.must(x.codeFor(x.codes)(row{"code": c[0], "description": c[1], "enterprise_id": jsonInt(enterprise)}))
		}
	}
	x.attachments.add(row{"enterprise_id": 1, "category": "logo", "mime_type": "image/png", "size": 2048,
		"version": "1", "display_name": "fake-logo.png", "created_at": x.stamp(), "object": "attachment"})
	year := x.srv.now().In(x.srv.zone).Year()
	made := newGenerator(o.Patients, o.Providers, year)
	for id := 1; id <= o.Patients; id++ {
		x.patient(made, id)
	}
}

// must is for what the sandbox writes itself.
func (x *inboxhealth) must(id int, err error) int {
	if err != nil {
		panic("sandbox: Inbox Health cannot be filled: " + err.Error())
	}
	return id
}

func (x *inboxhealth) patient(made *generator, n int) {
	who, d := made.person(n).fields, roll(streamBilling, n)
	enterprise := 1
	if d.in(20) {
		enterprise = 2
	}
	fields := row{
		"first_name": who["FirstName"], "last_name": who["LastName"], "date_of_birth": who["DOB"],
		"email": who["EMail"], "cell_phone": who["CellPhone"], "address_line_1": who["Address"],
		"city": who["City"], "state": who["State"], "zip": who["Zip"], "enterprise_id": jsonInt(enterprise),
		"ssn": fmt.Sprintf("000-00-%04d", n%10000),
	}
	if sex := map[any]string{"f": "Female", "m": "Male"}[who["Gender"]]; sex != "" {
		fields["sex"] = sex
	}
	id := x.must(x.addPatient(fields))
	x.lay(x.patients, id, row{
		"home_phone": who["Phone"], "sms_opt_out": d.in(10), "phone_opt_out": d.in(5),
		"practice_id": enterprise, "language": who["PrimaryLanguage"],
	})
	for range d.pick(4) {
		x.visit(&d, id, enterprise)
	}
}

// inboxServices are what visits are billed as: code, words and cents.
var inboxServices = []struct {
	code, words string
	cents       int
}{
	{"99213", "Office visit, established (sample)", 14500}, {"99203", "Office visit, new (sample)", 21000},
	{"36415", "Blood draw (sample)", 1850}, {"97110", "Therapeutic exercise (sample)", 6275},
	{"90471", "Injection (sample)", 3199}, {"NOSHOW", "Missed visit fee (sample)", 2500},
}

// visit bills one visit and lets some of it be paid.
func (x *inboxhealth) visit(d *dice, patient, enterprise int) {
	day := x.day(time.Duration(1+d.pick(150)) * 24 * time.Hour)
	lines := []any{}
	for range 1 + d.pick(3) {
		s := oneOf(d, inboxServices)
		line := row{"service_code": s.code, "description": s.words, "date_of_service": day, "quantity": jsonInt(1),
			"total_charge_amount_cents": jsonInt(s.cents), "covered_amount_cents": jsonInt(s.cents / 100 * d.pick(6) * 10)}
		if d.in(25) {
			line["insurance_owed_amount_cents"] = jsonInt(s.cents / 4)
		}
		lines = append(lines, line)
	}
	invoice := x.must(x.addInvoice(row{"patient_id": jsonInt(patient), "practice_id": jsonInt(enterprise),
		"doctor_id": jsonInt(1 + 4*(enterprise-1)), "date_of_service": day, "notes": "Invented for training.",
		"estimate": d.in(5), "line_items_attributes": lines}))
	x.notifications.add(row{"patient_id": patient, "invoice_id": invoice, "notification_type": "statement", "channel": oneOf(d, []string{"sms", "email", "mail"}),
		"status": oneOf(d, []string{"delivered", "delivered", "failed"}), "subject": "Your statement (sample)",
		"body": "This message is part of a training sandbox.", "created_at": x.stamp(), "object": "notification"})
	if owed := x.insurance(invoice); owed > 0 && d.in(50) {
		x.must(x.addPayment(row{"patient_id": jsonInt(patient), "expected_amount_cents": jsonInt(owed),
			"payment_method_type": "insurance", "description": "Fake Mutual remittance", "apply_payment": false}, invoice))
	}
	open := x.open(invoice)
	if open < 2 || !d.in(60) {
		return
	}
	if d.in(50) {
		open = open / 2
	}
	x.must(x.addPayment(row{"patient_id": jsonInt(patient), "expected_amount_cents": jsonInt(open),
		"payment_method_type": oneOf(d, []string{"cash", "external_card"}), "description": "Copay", "apply_payment": false}, invoice))
}
