package anglehealth

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opDemographic = writing("change demographics", "/demographic_change")

// changeGroups are the documented fields of a change by the key they stand
// under, in the order of the document.
var changeGroups = []struct {
	key    string
	fields []string
}{
	{"name_change", []string{"first_name", "middle_name", "last_name", "suffix"}},
	{"address_change", []string{"home_address", "mailing_address"}},
	{"contact_change", []string{"home_phone", "work_phone", "email_address", "email_address_type"}},
	{"employment_change", []string{"employment_status", "occupation", "hours_worked"}},
}

// Demographics are changes to one person. What is not given is not sent, and so
// not changed.
type Demographics struct {
	ID ID
	// Fields are texts by wire name, see DemographicFields.
	Fields map[string]string
	// Hired and DOB are sent as MM/DD/YYYY; the document names no form. No day
	// is left out of JSON: civil reads its own "0000-00-00" as an error.
	Hired civil.Date `json:",omitzero"`
	DOB   civil.Date `json:",omitzero"`
	Sex   string     // "F" or "M"
	SSN   SSN        `json:",omitzero"`
}

// DemographicFields are the names Fields may hold, in the order of the
// document.
func DemographicFields() []string {
	var all []string
	for _, g := range changeGroups {
		all = append(all, g.fields...)
	}
	return all
}

// Empty reports that nothing is to be changed.
func (d Demographics) Empty() bool {
	return len(d.Fields) == 0 && d.Hired.IsZero() && d.DOB.IsZero() && d.Sex == "" && !d.SSN.Given()
}

// Problems says what cannot be sent as it is: wire name to a sentence.
func (d Demographics) Problems() map[string]string {
	wrong := map[string]string{}
	if d.ID == "" {
		wrong["id"] = "The member's id is missing."
	}
	for name := range d.Fields {
		if !slices.Contains(DemographicFields(), name) {
			wrong[safe.Clean(name)] = "Angle Health has no such field for a person."
		}
	}
	if _, ok := long(d.DOB); !ok && !d.DOB.IsZero() {
		wrong["dob_change"] = "The date of birth is no day of the calendar."
	}
	if _, ok := long(d.Hired); !ok && !d.Hired.IsZero() {
		wrong["hire_date"] = "The hire date is no day of the calendar."
	}
	if d.Sex != "" && d.Sex != "F" && d.Sex != "M" {
		wrong["sex_change"] = "Angle Health takes F or M for the sex."
	}
	if d.Empty() {
		wrong["member_changes"] = "Nothing is to be changed."
	}
	return wrong
}

// wire is the element of member_changes. It alone holds the whole social
// security number.
func (d Demographics) wire() map[string]any {
	w := map[string]any{"id": d.ID}
	for _, g := range changeGroups {
		group := map[string]string{}
		for _, name := range g.fields {
			if v, ok := d.Fields[name]; ok {
				group[name] = v
			}
		}
		if day, ok := long(d.Hired); ok && g.key == "employment_change" {
			group["hire_date"] = day
		}
		if len(group) > 0 {
			w[g.key] = group
		}
	}
	if day, ok := long(d.DOB); ok {
		w["dob_change"] = day
	}
	if d.Sex != "" {
		w["sex_change"] = d.Sex
	}
	if d.SSN.Given() {
		w["ssn_change"] = d.SSN.Expose()
	}
	return w
}

// recorded is the answer {"response":"updated"}, the only one the document has.
// Another word leaves the outcome open.
type recorded struct{}

// UnmarshalJSON refuses any other word.
func (*recorded) UnmarshalJSON(raw []byte) error {
	var a struct{ Response safe.Text }
	if json.Unmarshal(raw, &a) != nil || !strings.EqualFold(strings.TrimSpace(a.Response.Raw()), "updated") {
		return errors.New("not the documented word")
	}
	return nil
}

// ChangeDemographics changes one person, because one answer for several would
// not say whose change failed. It is sent once. The answer says only that the
// change was recorded: compare with a snapshot. POST /demographic_change.
func (c *Client) ChangeDemographics(ctx context.Context, d Demographics) error {
	if wrong := d.Problems(); len(wrong) > 0 {
		return refuseFields(opDemographic, wrong)
	}
	body := map[string]any{"member_changes": []any{d.wire()}}
	_, err := rest.Do[recorded](ctx, c.transport, opDemographic, rest.Call{Body: body, Record: string(d.ID)})
	return err
}
