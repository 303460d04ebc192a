package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The routes are global: the profile is the partner's, not a practice's (NS-8).
var (
	opMe = rest.Op{Name: "read profile", Method: http.MethodGet,
		Path: global("/me")}
	opUpdateMe = rest.Op{Name: "update profile", Method: http.MethodPatch,
		Path: global("/me"), Effect: rest.Create}
)

// Me is the partner's own profile. None of its fields is documented: those with
// usual names are read, and Fields tells all that can be edited. Scopes mean
// something only when ScopesKnown.
type Me struct {
	ID                          ID
	Name, Company, Email, Phone safe.Text
	Scopes                      []safe.Text
	ScopesKnown                 bool

	row rest.Object
}

// Fields are what UpdateMe accepts, as the vendor names them and in its order.
func (m Me) Fields() []Field { return editable(m.row) }

// Me reads the partner's profile.
// GET /v1/me.
func (c *Client) Me(ctx context.Context) (Me, error) {
	return ask(ctx, c, opMe, rest.Call{}, decodeMe)
}

// UpdateMe saves edits of the profile, and only those. The profile is read
// first: a name that is not among its Fields is KindValidation, and nothing is
// sent.
// PATCH /v1/me.
func (c *Client) UpdateMe(ctx context.Context, e Edits) error {
	if len(e) == 0 {
		return refuse(opUpdateMe, "Nothing was changed, so nothing was sent to the Naturaesoft EMR.")
	}
	now, err := c.Me(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, f := range now.Fields() {
		known = append(known, f.Name)
	}
	if wrong := unknownFields(e, known, "The profile has no such field that could be changed."); len(wrong) > 0 {
		return refuseFields(opUpdateMe, wrong)
	}
	body := map[string]json.RawMessage{}
	for name, value := range e {
		body[name] = typed(now.row.Find(name), value)
	}
	return c.tell(ctx, opUpdateMe, rest.Call{Body: body})
}

func decodeMe(raw json.RawMessage) (Me, error) {
	o, _, err := one(raw, "partner", "profile", "me")
	if err != nil {
		return Me{}, err
	}
	r := reader{o: o}
	m := Me{
		ID: r.id("PartnerID", "ID"), Name: r.loose("Name", "Partner", "PartnerName"),
		Company: r.loose("Company"), Email: r.loose("Email"), Phone: r.loose("Phone"),
		row: o,
	}
	if r.err == nil && m.ID == "" && len(m.Fields()) == 0 {
		return Me{}, errors.New("the answer holds no profile")
	}
	scopes := o.Find("Scopes")
	if isNull(scopes) {
		return m, r.err
	}
	var words []safe.Text
	if json.Unmarshal(scopes, &words) != nil {
		for _, w := range strings.Split(r.plain("Scopes"), ",") {
			if w = strings.TrimSpace(w); w != "" {
				words = append(words, safe.Line(w))
			}
		}
	}
	m.Scopes, m.ScopesKnown = words, true
	return m, r.err
}
