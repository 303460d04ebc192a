package inboxhealth

import (
	"context"
	"time"

	"frontdesk/clients/safe"
)

var (
	opDoctors           = reading("list doctors", "/doctors")
	opEnterpriseDoctors = reading("list doctors of enterprise", "/enterprises/{id}/doctors")
	opDoctor            = reading("read doctor", "/doctors/{id}")
	opCreateDoctor      = creation("create doctor", "/doctors", "doctor")
	opUpdateDoctor      = change("update doctor", "/doctors/{id}")
)

// Doctor is somebody who sees patients.
type Doctor struct {
	ID, EnterpriseID                        ID
	FirstName, MiddleName, LastName, Suffix safe.Text
	Phone, Email, Specialty, Certification  safe.Text
	NPI, Status, ProviderCode               safe.Text
	SoftDelete                              Flag
	CreatedAt, UpdatedAt                    time.Time

	held object
}

var doctors = kind[Doctor]{"doctor", "doctors", decodeDoctor, func(d Doctor) ID { return d.ID }}

func decodeDoctor(r *reader) Doctor {
	return Doctor{
		ID: r.id("id"), EnterpriseID: r.id("enterprise_id"),
		FirstName: r.text("first_name"), MiddleName: r.text("middle_name"), LastName: r.text("last_name"),
		Suffix: r.text("suffix"), Phone: r.text("phone"), Email: r.text("email"),
		Specialty: r.text("specialty"), Certification: r.text("certification"),
		NPI: r.text("npi"), Status: r.text("status"), ProviderCode: r.text("provider_code"),
		SoftDelete: r.flag("soft_delete"),
		CreatedAt:  r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

var doctorFields = map[string]form{
	"first_name": asText, "middle_name": asText, "last_name": asText, "phone": asText, "email": asText,
	"specialty": asText, "suffix": asText, "certification": asText, "npi": asText, "status": asText,
	"provider_code": asText,
}

// NewDoctor is a new doctor of an enterprise. NPI is text, as documented.
type NewDoctor struct {
	FirstName     string `json:"first_name"`
	MiddleName    string `json:"middle_name,omitempty"`
	LastName      string `json:"last_name"`
	Phone         string `json:"phone,omitempty"`
	Email         string `json:"email,omitempty"`
	Specialty     string `json:"specialty,omitempty"`
	Suffix        string `json:"suffix,omitempty"`
	Certification string `json:"certification,omitempty"`
	NPI           string `json:"npi,omitempty"`
	EnterpriseID  ID     `json:"enterprise_id"`
	Status        string `json:"status,omitempty"`
	ProviderCode  string `json:"provider_code,omitempty"`
}

// Doctors lists all doctors the key opens; Filter is for the first name.
// GET /doctors?filter[first_name].
func (c *Client) Doctors(ctx context.Context, q Query) (Page[Doctor], error) {
	return doctors.page(ctx, c, opDoctors, "first_name", q)
}

// EnterpriseDoctors lists the doctors of one enterprise.
// GET /enterprises/{id}/doctors.
func (c *Client) EnterpriseDoctors(ctx context.Context, enterprise ID, q Query) (Page[Doctor], error) {
	return doctors.nested(ctx, c, opEnterpriseDoctors, "enterprise", enterprise, q)
}

// Doctor reads one doctor. GET /doctors/{id}.
func (c *Client) Doctor(ctx context.Context, id ID) (Doctor, error) {
	return doctors.read(ctx, c, opDoctor, id)
}

// CreateDoctor adds a doctor to an enterprise; sent once, ever, see
// SettleDoctor. POST /doctors {"doctor": {…}}.
func (c *Client) CreateDoctor(ctx context.Context, n NewDoctor) (Doctor, error) {
	wrong := complaints{}
	wrong.add(n.FirstName == "", "first_name", "The doctor needs a first name.")
	wrong.add(n.LastName == "", "last_name", "The doctor needs a last name.")
	wrong.add(n.EnterpriseID <= 0, "enterprise_id", "Choose the enterprise the doctor belongs to.")
	if err := wrong.refusal(opCreateDoctor); err != nil {
		return Doctor{}, err
	}
	return doctors.create(ctx, c, opCreateDoctor, map[string]any{"doctor": n}, n.EnterpriseID)
}

// UpdateDoctor changes the fields NewDoctor has but the enterprise, by their
// wire names; the doctor as they are afterwards is returned.
// PUT /doctors/{id} {"id", "doctor": {…}}, between two reads.
func (c *Client) UpdateDoctor(ctx context.Context, seen Doctor, e Edits) (Doctor, error) {
	w := written[Doctor]{doctors, (*Client).Doctor, opUpdateDoctor, doctorFields,
		func(d Doctor) object { return d.held }}
	return w.update(ctx, c, seen, e, nil)
}
