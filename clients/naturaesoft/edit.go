package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"frontdesk/clients/rest"
)

// CreateProspect adds a person and returns the id the vendor gave, "" when the
// answer named none (NS-18): the person was created all the same. Empty edits
// are left out. It is sent once, ever: when the outcome is unknown the error is
// Ambiguous, and a search by EMail or phone tells.
// POST /v1/{PPass}/prospects.
func (c *Client) CreateProspect(ctx context.Context, fields Edits) (ID, error) {
	body := map[string]json.RawMessage{}
	for name, value := range fields {
		if value != "" {
			body[name] = prospectValue(name, value)
		}
	}
	if wrong := checkProspect(fields); len(wrong) > 0 {
		return "", refuseFields(opCreateProspect, wrong)
	}
	if len(body) == 0 {
		return "", refuse(opCreateProspect, "A person needs at least one filled field: enter a name.")
	}
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, opCreateProspect, rest.Call{Path: c.path(), Body: body})
	var e *rest.Error
	if errors.As(err, &e) && e.Code == noContent && e.Kind == rest.KindDecode {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return createdID(raw), nil
}

// createdID looks for the id of a new person; what cannot be read is "".
func createdID(raw json.RawMessage) ID {
	row, _, _ := one(raw, "prospect", "patient")
	top, _ := rest.ParseObject(raw)
	for _, o := range []rest.Object{row, top} {
		r := reader{o: o}
		if id := r.id("ProspectID", "PatientID", "ID", "insertId"); id.Valid() {
			return id
		}
	}
	if n, ok := whole(unwrap(raw)); ok && ID(n).Valid() { // {"data": 55}
		return ID(n)
	}
	return ""
}

// UpdateProspect saves edits of a person that this client has read. The
// document does not say whether fields left out of a PUT are kept or cleared,
// so every documented field of the row is sent as it came, overlaid with the
// edits (NS-14): numbers stay numbers, PtImg and the id are left out. After the
// first one, Reread and Vanished tell whether the vendor lost anything. Wrong
// values and unknown names are KindValidation with Fields, and nothing is sent.
// PUT /v1/{PPass}/prospects/{id}.
func (c *Client) UpdateProspect(ctx context.Context, p Prospect, e Edits) error {
	if err := checkIDs(opUpdateProspect, "person", p.ID); err != nil {
		return err
	}
	if wrong := checkProspect(e); len(wrong) > 0 {
		return refuseFields(opUpdateProspect, wrong)
	}
	switch {
	case len(e) == 0:
		return refuse(opUpdateProspect, "Nothing was changed, so nothing was sent to the Naturaesoft EMR.")
	case p.fields == nil:
		return refuse(opUpdateProspect, "This record was not read from the Naturaesoft EMR, and saving only a part of it could clear the rest: press r to read it first.")
	}
	return c.tell(ctx, opUpdateProspect, rest.Call{
		Path: c.path("id", string(p.ID)), Body: updated(p, e),
	})
}

// updated is the row as it came, overlaid with the edits.
func updated(p Prospect, e Edits) map[string]json.RawMessage {
	body := maps.Clone(p.fields)
	for name, value := range e {
		body[name] = prospectValue(name, value)
	}
	return body
}

// Vanished lists, in the order of Fields, the fields that held something before
// an update, hold nothing after it and were not edited: the sign that the
// vendor replaces records instead of patching them. Further edits must stop.
func Vanished(before, after Prospect, e Edits) []string {
	var out []string
	for _, name := range prospectFields {
		had, has := !blank(before.fields[name]), !blank(after.fields[name])
		if name == image {
			had, has = before.image, after.image
		}
		if _, edited := e[name]; had && !has && !edited {
			out = append(out, name)
		}
	}
	return out
}

// blank reports a field that holds nothing: missing, null, or only spaces.
func blank(raw json.RawMessage) bool {
	var s string
	return rest.Void(raw) || json.Unmarshal(raw, &s) == nil && strings.TrimSpace(s) == ""
}
