package inboxhealth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	// The samples have a slash behind the list that no other route has.
	opEnterprises      = reading("list enterprises", "/enterprises/")
	opEnterprisesBare  = reading("list enterprises", "/enterprises")
	opEnterprise       = reading("read enterprise", "/enterprises/{id}")
	opCreateEnterprise = creation("create enterprise", "/enterprises", "enterprise")
	opUpdateEnterprise = change("update enterprise", "/enterprises/{id}")
)

// Enterprise is a customer of the partner: a clinic, a hospital, a group. All
// fields the seed documents are here by type, and the settings of the answer
// that matter at a desk; Setting reads any other.
type Enterprise struct {
	ID                         ID
	Name                       safe.Text
	AddressLine1, AddressLine2 safe.Text
	City, State, Zip           safe.Text
	SupportPhoneNumber         safe.Text
	SalesTax                   safe.Text // a number, as written
	DefaultQuickPayDescription safe.Text
	LogoBackgroundColor        safe.Text
	DefaultCheckinRoutes       safe.Long // JSON inside a text
	StatementDescriptor        safe.Text
	TimeZone                   safe.Text // a Rails name: "Eastern Time (US & Canada)"

	ColorStatements, FirstClass, ReturnEnvelope, Perforation Flag
	ApplyPayment, SoftDelete                                 Flag
	MinimumBill                                              Amount
	PastDueDays, CollectionWarningDays                       int // 0 is not stated
	CreatedAt, UpdatedAt                                     time.Time

	held object
}

// Setting is a field of the answer by its wire name, as text; a list or a
// record is empty, and so is what was missing.
func (e Enterprise) Setting(name string) safe.Text { return setting(e.held, name) }

// Settings are the names of all fields the vendor answered, sorted.
func (e Enterprise) Settings() []string { return slices.Sorted(maps.Keys(e.held)) }

func setting(held object, name string) safe.Text {
	var t safe.Text
	if v := held[name]; v == nil || json.Unmarshal(v, &t) != nil {
		return safe.Text{}
	}
	return t
}

var enterprises = kind[Enterprise]{"enterprise", "enterprises", decodeEnterprise, func(e Enterprise) ID { return e.ID }}

func decodeEnterprise(r *reader) Enterprise {
	return Enterprise{
		ID: r.id("id"), Name: r.text("name"),
		AddressLine1: r.text("address_line_1"), AddressLine2: r.text("address_line_2"),
		City: r.text("city"), State: r.text("state"), Zip: r.text("zip"),
		SupportPhoneNumber: r.text("support_phone_number"), SalesTax: r.text("sales_tax"),
		DefaultQuickPayDescription: r.text("default_quick_pay_description"),
		LogoBackgroundColor:        r.text("logo_background_color"),
		DefaultCheckinRoutes:       r.long("default_checkin_routes"),
		StatementDescriptor:        r.text("statement_descriptor"), TimeZone: r.text("time_zone"),
		ColorStatements: r.flag("color_statements"), FirstClass: r.flag("first_class"),
		ReturnEnvelope: r.flag("return_envelope"), Perforation: r.flag("perforation"),
		ApplyPayment: r.flag("apply_payment"), SoftDelete: r.flag("soft_delete"),
		MinimumBill: r.amount("minimum_bill_amount_cents"),
		PastDueDays: r.count("past_due_balance_days"), CollectionWarningDays: r.count("collection_warning_balance_days"),
		CreatedAt: r.stamp("created_at"), UpdatedAt: r.stamp("updated_at"),
		held: withoutSecrets(r.o),
	}
}

var enterpriseFields = map[string]form{
	"name": asText, "city": asText, "state": asText, "zip": asText,
	"address_line_1": asText, "address_line_2": asText, "support_phone_number": asText,
	"sales_tax": asNumber, "default_quick_pay_description": asText,
	"logo_background_color": asText, "default_checkin_routes": asText,
	"statement_descriptor": asText, "time_zone": asText,
	"color_statements": asFlag, "first_class": asFlag, "return_envelope": asFlag, "perforation": asFlag,
}

// NewEnterprise is what the seed documents for a new enterprise. What is left
// empty is left out, so that Inbox Health sets its default.
type NewEnterprise struct {
	Name                       string        `json:"name"`
	City                       string        `json:"city,omitempty"`
	State                      string        `json:"state,omitempty"`
	AddressLine1               string        `json:"address_line_1,omitempty"`
	AddressLine2               string        `json:"address_line_2,omitempty"`
	Zip                        string        `json:"zip,omitempty"`
	SupportPhoneNumber         string        `json:"support_phone_number,omitempty"`
	SalesTax                   json.Number   `json:"sales_tax,omitempty"`
	DefaultQuickPayDescription string        `json:"default_quick_pay_description,omitempty"`
	LogoBackgroundColor        string        `json:"logo_background_color,omitempty"`
	DefaultCheckinRoutes       string        `json:"default_checkin_routes,omitempty"`
	StatementDescriptor        string        `json:"statement_descriptor,omitempty"`
	TimeZone                   string        `json:"time_zone,omitempty"`
	ColorStatements            *bool         `json:"color_statements,omitempty"`
	FirstClass                 *bool         `json:"first_class,omitempty"`
	ReturnEnvelope             *bool         `json:"return_envelope,omitempty"`
	Perforation                *bool         `json:"perforation,omitempty"`
	Practices                  []NewPractice `json:"practices_attributes,omitempty"` // none: Inbox Health makes one (IH-10)
}

func (n NewEnterprise) body() any { return map[string]any{"enterprise": n} }

func (n NewEnterprise) check() error {
	wrong := complaints{}
	wrong.add(n.Name == "", "name", "The enterprise needs a name.")
	wrong.add(n.SalesTax != "" && !rateNumber.MatchString(n.SalesTax.String()), "sales_tax", "The sales tax must be a number like 6.35.")
	for _, p := range n.Practices {
		wrong.add(p.Name == "", "practices_attributes", "Each practice needs a name.")
		wrong.add(p.EnterpriseID != 0, "practices_attributes", "A practice of a new enterprise has no enterprise number yet.")
	}
	return wrong.refusal(opCreateEnterprise)
}

// Request is the body CreateEnterprise sends, indented, for people to read.
func (n NewEnterprise) Request() string { return readable(n.body()) }

func readable(body any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(body) != nil {
		return ""
	}
	return safe.Paragraphs(b.String()).String()
}

// TimeZones are the Rails names of the zones in use in the United States.
func TimeZones() []string {
	return []string{
		"Eastern Time (US & Canada)", "Indiana (East)", "Central Time (US & Canada)", "Mountain Time (US & Canada)",
		"Arizona", "Pacific Time (US & Canada)", "Alaska", "Hawaii", "Puerto Rico", "Guam", "American Samoa",
	}
}

// Enterprises lists the partner's enterprises; there is no filter.
// GET /enterprises/, or without the slash where nothing is there.
func (c *Client) Enterprises(ctx context.Context, q Query) (Page[Enterprise], error) {
	return eitherSlash(c, opEnterprises, func(op rest.Op) (Page[Enterprise], error) {
		return enterprises.page(ctx, c, op, "", q)
	})
}

// eitherSlash asks, and when the list of enterprises is not where it should be,
// asks without the slash at its end. What worked is the first from then on.
func eitherSlash[T any](c *Client, op rest.Op, ask func(rest.Op) (T, error)) (T, error) {
	if op.Path != opEnterprises.Path {
		return ask(op)
	}
	first, second := opEnterprises, opEnterprisesBare
	if c.bare.Load() {
		first, second = second, first
	}
	v, err := ask(first)
	var no *rest.Error
	if !errors.As(err, &no) || no.Status != 404 && no.Status != 405 && no.Kind != rest.KindRedirect {
		return v, err
	}
	if v, again := ask(second); again == nil {
		c.bare.Store(second.Path == opEnterprisesBare.Path)
		return v, nil
	}
	return v, err
}

// AllEnterprises reads the list to its end; complete is false when that was
// not reached.
func (c *Client) AllEnterprises(ctx context.Context) (all []Enterprise, complete bool, err error) {
	return walk(func(q Query) (Page[Enterprise], error) { return c.Enterprises(ctx, q) }, enterprises.id, Query{})
}

// Enterprise reads one enterprise. Its route is not documented, so where the
// vendor does not serve it the list is searched instead.
// GET /enterprises/{id}.
func (c *Client) Enterprise(ctx context.Context, id ID) (Enterprise, error) {
	e, err := enterprises.read(ctx, c, opEnterprise, id)
	var no *rest.Error
	if !errors.As(err, &no) || no.Status != 404 && no.Status != 405 {
		return e, err
	}
	all, _, listed := c.AllEnterprises(ctx)
	if listed != nil {
		return e, err
	}
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
	}
	return e, err
}

// CreateEnterprise sets up a new customer. It is sent once, ever: when the
// outcome is unknown the error is Ambiguous and SettleEnterprise tells.
// POST /enterprises {"enterprise": {…}}.
func (c *Client) CreateEnterprise(ctx context.Context, n NewEnterprise) (Enterprise, error) {
	if err := n.check(); err != nil {
		return Enterprise{}, err
	}
	return enterprises.create(ctx, c, opCreateEnterprise, n.body(), 0)
}

// UpdateEnterprise changes the fields NewEnterprise has, by their wire names,
// except the practices, which are records of their own (IH-9). See Edits for
// the values; the enterprise as it is afterwards is returned.
// PUT /enterprises/{id} {"id", "enterprise": {…}}, between two reads.
func (c *Client) UpdateEnterprise(ctx context.Context, seen Enterprise, e Edits) (Enterprise, error) {
	w := written[Enterprise]{enterprises, (*Client).Enterprise, opUpdateEnterprise, enterpriseFields,
		func(e Enterprise) object { return e.held }}
	return w.update(ctx, c, seen, e, nil)
}
