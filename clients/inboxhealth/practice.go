package inboxhealth

import (
	"context"
	"time"

	"frontdesk/clients/safe"
)

var (
	opPractices           = reading("list practices", "/practices")
	opEnterprisePractices = reading("list practices of enterprise", "/enterprises/{id}/practices")
	opPractice            = reading("read practice", "/practices/{id}")
	opCreatePractice      = creation("create practice", "/practices", "practice")
	opUpdatePractice      = change("update practice", "/practices/{id}")
)

// Practice is a place an enterprise works at.
type Practice struct {
	ID, EnterpriseID           ID
	Name                       safe.Text
	AddressLine1, AddressLine2 safe.Text
	City, State, Zip, TimeZone safe.Text
	CreatedAt, UpdatedAt       time.Time

	held object
}

// Setting is a field of the answer by its wire name, as text.
func (p Practice) Setting(name string) safe.Text { return setting(p.held, name) }

var practices = kind[Practice]{"practice", "practices", decodePractice, func(p Practice) ID { return p.ID }}

func decodePractice(r *reader) Practice {
	return Practice{
		ID: r.id("id"), EnterpriseID: r.id("enterprise_id"), Name: r.text("name"),
		AddressLine1: r.text("address_line_1"), AddressLine2: r.text("address_line_2"),
		City: r.text("city"), State: r.text("state"), Zip: r.text("zip"), TimeZone: r.text("time_zone"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

var practiceFields = map[string]form{
	"name": asText, "city": asText, "state": asText, "zip": asText,
	"address_line_1": asText, "address_line_2": asText, "time_zone": asText,
}

// NewPractice is a new place. Inside a NewEnterprise it has no EnterpriseID.
type NewPractice struct {
	Name         string `json:"name"`
	EnterpriseID ID     `json:"enterprise_id,omitempty"`
	AddressLine1 string `json:"address_line_1,omitempty"`
	AddressLine2 string `json:"address_line_2,omitempty"`
	City         string `json:"city,omitempty"`
	State        string `json:"state,omitempty"`
	Zip          string `json:"zip,omitempty"`
	TimeZone     string `json:"time_zone,omitempty"`
}

// Practices lists all practices the key opens; Filter is for the name.
// GET /practices?filter[name].
func (c *Client) Practices(ctx context.Context, q Query) (Page[Practice], error) {
	return practices.page(ctx, c, opPractices, "name", q)
}

// EnterprisePractices lists the practices of one enterprise.
// GET /enterprises/{id}/practices.
func (c *Client) EnterprisePractices(ctx context.Context, enterprise ID, q Query) (Page[Practice], error) {
	return practices.nested(ctx, c, opEnterprisePractices, "enterprise", enterprise, q)
}

// Practice reads one practice. GET /practices/{id}.
func (c *Client) Practice(ctx context.Context, id ID) (Practice, error) {
	return practices.read(ctx, c, opPractice, id)
}

// CreatePractice adds a place to an enterprise; sent once, ever, see
// SettlePractice. POST /practices {"practice": {…}}.
func (c *Client) CreatePractice(ctx context.Context, n NewPractice) (Practice, error) {
	wrong := complaints{}
	wrong.add(n.Name == "", "name", "The practice needs a name.")
	wrong.add(n.EnterpriseID <= 0, "enterprise_id", "Choose the enterprise the practice belongs to.")
	if err := wrong.refusal(opCreatePractice); err != nil {
		return Practice{}, err
	}
	return practices.create(ctx, c, opCreatePractice, map[string]any{"practice": n}, n.EnterpriseID)
}

// UpdatePractice changes name, address and time_zone, by their wire names; the
// practice as it is afterwards is returned.
// PUT /practices/{id} {"id", "practice": {…}}, between two reads.
func (c *Client) UpdatePractice(ctx context.Context, seen Practice, e Edits) (Practice, error) {
	w := written[Practice]{practices, (*Client).Practice, opUpdatePractice, practiceFields,
		func(p Practice) object { return p.held }}
	return w.update(ctx, c, seen, e, nil)
}
