package inboxhealth

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
)

var (
	opPatients           = reading("list patients", "/patients")
	opEnterprisePatients = reading("list patients of enterprise", "/enterprises/{id}/patients")
	opPatient            = reading("read patient", "/patients/{id}")
	opCreatePatient      = creation("create patient", "/patients", "patient")
	opUpdatePatient      = change("update patient", "/patients/{id}")
)

// Patient is a person who is billed. The balance is unknown where the vendor
// states none, never zero (IH-5). Of a social security number only the last
// four digits are kept, from the moment of decoding on.
type Patient struct {
	ID, EnterpriseID, PracticeID    ID
	FirstName, MiddleName, LastName safe.Text
	DateOfBirth                     civil.Date // zero when not stated
	Sex                             safe.Text  // "Male" and "Female" however written, else as it came (IH-8)
	SSNLast4                        string     // four digits or ""
	Email, EmailTwo                 safe.Text
	// Texts to the patient are tried at the cell phone, the secondary phone and
	// the home phone, in this order.
	CellPhone, SecondaryPhone, HomePhone, WorkPhone, Phone safe.Text
	AddressLine1, AddressLine2, City, State, Zip           safe.Text

	Balance           Amount    // the cached balance if stated, else the plain one
	BillingStatus     safe.Text // see BillingStatuses
	Precollection     Flag
	ContactPreference safe.Text
	SMSOptOut         Flag
	PhoneOptOut       Flag
	PaymentPlans      Flag // may start one themselves
	LastNotifiedAt    time.Time

	Notes                safe.Long
	HealthRecordID       safe.Text
	Language             safe.Text
	Removed, SoftDelete  Flag
	CreatedAt, UpdatedAt time.Time

	held object
}

// Name is first, middle and last name.
func (p Patient) Name() safe.Text {
	var parts []string
	for _, t := range []safe.Text{p.FirstName, p.MiddleName, p.LastName} {
		if !t.Empty() {
			parts = append(parts, t.Raw())
		}
	}
	return safe.Line(strings.Join(parts, " "))
}

// Setting is a field of the answer by its wire name, as text. There is none
// for ssn.
func (p Patient) Setting(name string) safe.Text { return setting(p.held, name) }

var billingStatuses = []string{"complete", "billable", "scheduled", "no_response", "collections", "excluded"}

// BillingStatuses are the values the vendor names for billing_status. A patient
// with a balance goes from complete to billable by itself, scheduled puts them
// on a billing cycle, excluded stops all statements.
func BillingStatuses() []string { return slices.Clone(billingStatuses) }

var patients = kind[Patient]{"patient", "patients", decodePatient, func(p Patient) ID { return p.ID }}

func decodePatient(r *reader) Patient {
	return Patient{
		ID: r.id("id"), EnterpriseID: r.id("enterprise_id"), PracticeID: r.id("practice_id"),
		FirstName: r.text("first_name"), MiddleName: r.text("middle_name"), LastName: r.text("last_name"),
		DateOfBirth: r.date("date_of_birth"), Sex: safe.Line(sexOf(r.plain("sex"))), SSNLast4: lastFour(r.plain("ssn")),
		Email: r.text("email"), EmailTwo: r.text("email_two"),
		CellPhone: r.text("cell_phone"), SecondaryPhone: r.text("secondary_phone"),
		HomePhone: r.text("home_phone"), WorkPhone: r.text("work_phone"), Phone: r.text("phone"),
		AddressLine1: r.text("address_line_1"), AddressLine2: r.text("address_line_2"),
		City: r.text("city"), State: r.text("state"), Zip: r.text("zip"),
		Balance:       r.amount("cached_balance_cents", "balance_cents"),
		BillingStatus: r.text("billing_status"), Precollection: r.flag("precollection"),
		ContactPreference: r.text("contact_preference"),
		SMSOptOut:         r.flag("sms_opt_out"), PhoneOptOut: r.flag("phone_opt_out"),
		PaymentPlans:   r.flag("allow_self_directed_payment_plan"),
		LastNotifiedAt: r.stamp("last_notified_at"),
		Notes:          r.long("notes"), HealthRecordID: r.text("health_record_id"), Language: r.text("language"),
		Removed: r.flag("removed"), SoftDelete: r.flag("soft_delete"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

// sexOf writes the two codes out as the seed does.
func sexOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "m", "male":
		return "Male"
	case "f", "female":
		return "Female"
	}
	return s
}

// lastFour keeps the end of a social security number; anything shorter than
// one, other than a masked one, is not a number at all.
func lastFour(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(digits) < 4 || len(digits) > 9 {
		return ""
	}
	return digits[len(digits)-4:]
}

var patientFields = map[string]form{
	"first_name": asText, "middle_name": asText, "last_name": asText, "phone": asText, "email": asText,
	"address_line_1": asText, "address_line_2": asText, "city": asText, "state": asText, "zip": asText,
	"cell_phone": asText, "secondary_phone": asText, "date_of_birth": asDate, "sex": asSex,
	"allow_self_directed_payment_plan": asFlag, "billing_status": asText, "precollection": asFlag,
}

// NewPatient is a new patient, by the seed and the fields beside it. What is
// left empty is left out. There is no way to send a social security number.
type NewPatient struct {
	FirstName      string     `json:"first_name"`
	MiddleName     string     `json:"middle_name,omitempty"`
	LastName       string     `json:"last_name"`
	DateOfBirth    civil.Date `json:"date_of_birth"`
	Sex            string     `json:"sex,omitempty"` // Male or Female, sent in this form
	Email          string     `json:"email,omitempty"`
	EnterpriseID   ID         `json:"enterprise_id"`
	CellPhone      string     `json:"cell_phone,omitempty"`
	SecondaryPhone string     `json:"secondary_phone,omitempty"`
	AddressLine1   string     `json:"address_line_1,omitempty"`
	AddressLine2   string     `json:"address_line_2,omitempty"`
	City           string     `json:"city,omitempty"`
	State          string     `json:"state,omitempty"`
	Zip            string     `json:"zip,omitempty"`
	BillingStatus  string     `json:"billing_status,omitempty"`
}

func (n NewPatient) check() error {
	wrong := complaints{}
	wrong.add(strings.TrimSpace(n.FirstName) == "", "first_name", "The patient needs a first name.")
	wrong.add(strings.TrimSpace(n.LastName) == "", "last_name", "The patient needs a last name.")
	wrong.add(!n.DateOfBirth.IsValid(), "date_of_birth", "The patient needs a date of birth.")
	wrong.add(n.Sex != "" && n.Sex != "Male" && n.Sex != "Female", "sex", "Inbox Health takes Male or Female, or nothing.")
	wrong.add(n.EnterpriseID <= 0, "enterprise_id", "Choose the enterprise the patient belongs to.")
	wrong.add(n.BillingStatus != "" && !slices.Contains(billingStatuses, n.BillingStatus), "billing_status",
		"It must be one of "+strings.Join(billingStatuses, ", ")+".")
	return wrong.refusal(opCreatePatient)
}

// Patients lists all patients the key opens; Filter is for the first name.
// GET /patients?filter[first_name]&sort&page&per_page.
func (c *Client) Patients(ctx context.Context, q Query) (Page[Patient], error) {
	return patients.page(ctx, c, opPatients, "first_name", q)
}

// EnterprisePatients lists the patients of one enterprise.
// GET /enterprises/{id}/patients.
func (c *Client) EnterprisePatients(ctx context.Context, enterprise ID, q Query) (Page[Patient], error) {
	return patients.nested(ctx, c, opEnterprisePatients, "enterprise", enterprise, q)
}

// AllPatients reads Patients to the end; complete is false when that was not
// reached.
func (c *Client) AllPatients(ctx context.Context, q Query) (all []Patient, complete bool, err error) {
	return walk(func(q Query) (Page[Patient], error) { return c.Patients(ctx, q) }, patients.id, q)
}

// Patient reads one patient. GET /patients/{id}.
func (c *Client) Patient(ctx context.Context, id ID) (Patient, error) {
	return patients.read(ctx, c, opPatient, id)
}

// CreatePatient adds a patient to an enterprise. It is sent once, ever: when
// the outcome is unknown the error is Ambiguous and SettlePatient tells.
// POST /patients {"patient": {…}}.
func (c *Client) CreatePatient(ctx context.Context, n NewPatient) (Patient, error) {
	n.Sex = sexOf(n.Sex)
	if err := n.check(); err != nil {
		return Patient{}, err
	}
	return patients.create(ctx, c, opCreatePatient, map[string]any{"patient": n}, n.EnterpriseID)
}

// UpdatePatient changes the documented fields by their wire names, except ssn;
// billing_status is one of BillingStatuses. The patient as they are afterwards
// is returned.
// PUT /patients/{id} {"id", "patient": {…}}, between two reads.
func (c *Client) UpdatePatient(ctx context.Context, seen Patient, e Edits) (Patient, error) {
	w := written[Patient]{patients, (*Client).Patient, opUpdatePatient, patientFields,
		func(p Patient) object { return p.held }}
	return w.update(ctx, c, seen, e, nil)
}
