package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Limits of the prospect list; the document gives none.
const (
	defaultLimit = 25
	maxLimit     = 1000
)

// prospectTexts are the documented fields which hold text.
var prospectTexts = []string{
	"FirstName", "MI", "LastName", "FullName", "NickName", "Gender", "DOB", "LifeStage", "Pronouns",
	"SexualIdentity", "PrimaryLanguage", "Type", "Phone", "CellPhone", "SMSPhone", "EMail",
	"Address", "Unit", "City", "State", "Zip", "Country",
	"Sh_Name", "Sh_Address", "Sh_Unit", "Sh_City", "Sh_State", "Sh_Zip", "Sh_Country", "PtImg", "Notes",
}

// prospectChoices are the documented values of those texts which have some.
var prospectChoices = map[string][]string{
	"Gender":    {"m", "f", "o", "u"},
	"LifeStage": {"Infant", "Toddler", "Child", "Adolescent", "EarlyAdult", "Adult", "AllAdults", "Senior"},
	"Type":      {"Patient", "Child", "Cash", "Insurance", "Guarantor"},
}

// emptyProspect has every documented field.
func emptyProspect() row {
	r := row{"ProviderID": 0, "Prospect": 0}
	for _, name := range prospectTexts {
		r[name] = ""
	}
	return r
}

// listProspects is GET /v1/{PPass}/prospects. Without prospect=true patients
// are listed as well.
func (n *naturaesoft) listProspects(c *call) (reply, error) {
	page, err := c.count("page", 1, 1<<30)
	if err != nil {
		return reply{}, err
	}
	limit, err := c.count("limit", defaultLimit, maxLimit)
	if err != nil {
		return reply{}, err
	}
	only := c.query.Get("prospect")
	if !slices.Contains([]string{"", "true", "false"}, only) {
		return reply{}, refusal{400, "prospect must be true or false."}
	}
	ids, total := n.people.find(newNeedle(c.query.Get("search")), only == "true", page, limit)
	rows := []row{}
	for _, id := range ids {
		who, _ := n.people.at(id)
		rows = append(rows, who.withTags(id, n.tags))
	}
	return list(rows, page, limit, total), nil
}

// createProspect is POST /v1/{PPass}/prospects.
func (n *naturaesoft) createProspect(c *call) (reply, error) {
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	fields := emptyProspect()
	fields["Prospect"] = 1
	if err := n.overlay(fields, given); err != nil {
		return reply{}, err
	}
	if text(fields, "FirstName") == "" && text(fields, "LastName") == "" {
		return reply{}, refusal{422, "FirstName or LastName is required."}
	}
	id := n.people.add(fields)
	n.noticed(fields)
	return created(map[string]int{"ProspectID": id}), nil
}

// updateProspect is PUT /v1/{PPass}/prospects/{id}. The document does not say
// whether fields left out keep their values; see Server.SetReplaceOnPut.
func (n *naturaesoft) updateProspect(c *call) (reply, error) {
	id, err := c.number("id")
	if err != nil {
		return reply{}, err
	}
	who, ok := n.people.at(id)
	if !ok {
		return reply{}, refusal{404, "Prospect not found."}
	}
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	fields := maps.Clone(who.fields)
	if n.replaces {
		fields = emptyProspect()
	}
	if err := n.overlay(fields, given); err != nil {
		return reply{}, err
	}
	n.people.keep(id, person{fields, who.tags})
	n.noticed(fields)
	return data(map[string]int{"ProspectID": id}), nil
}

// noticed shows what was written to whoever plays the EMR's side.
func (n *naturaesoft) noticed(fields row) {
	if n.demo != nil {
		n.demo.notice(text(fields, "Notes"))
	}
}

// overlay puts given values over the fields. It knows the documented names
// only, in their own case: a name the document lacks is a client's mistake
// which a real server would swallow.
func (n *naturaesoft) overlay(fields, given row) error {
	for name, v := range given {
		clean, err := n.value(name, v)
		if err != nil {
			return err
		}
		fields[name] = clean
	}
	return nil
}

func (n *naturaesoft) value(name string, v any) (any, error) {
	switch {
	case name == "ProviderID":
		id, err := wholeNumber(name, v)
		if err != nil {
			return nil, err
		}
		if _, known := n.providers.at(id); !known && id != 0 {
			return nil, refusal{422, "ProviderID names no provider of this practice."}
		}
		return id, nil
	case name == "Prospect":
		flag, err := wholeNumber(name, v)
		if err == nil && flag != 0 && flag != 1 {
			err = refusal{422, "Prospect must be 1 or 0."}
		}
		return flag, err
	case slices.Contains(prospectTexts, name):
		return textValue(name, v)
	}
	return nil, refusal{422, fmt.Sprintf("%q is not a field of a prospect.", name)}
}

// wholeNumber takes a number, or one in quotes; null and "" are 0.
func wholeNumber(name string, v any) (int, error) {
	var s string
	switch v := v.(type) {
	case nil:
	case string:
		s = v
	case json.Number:
		s = v.String()
	default:
		s = "?"
	}
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, refusal{422, name + " must be a whole number."}
	}
	return n, nil
}

// textValue takes a text of the documented ones; null is "".
func textValue(name string, v any) (any, error) {
	if v == nil {
		return "", nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, refusal{422, name + " must be a text."}
	}
	if allowed := prospectChoices[name]; allowed != nil && s != "" && !slices.Contains(allowed, s) {
		return nil, refusal{422, name + " must be one of " + strings.Join(allowed, ", ") + "."}
	}
	return s, nil
}
