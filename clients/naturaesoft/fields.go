package naturaesoft

import (
	"encoding/json"
	"slices"
	"strings"

	"frontdesk/clients/safe"
)

// Edits are the changes to one record: the vendor's own field name ("EMail")
// to the new value as a person typed it. An empty value clears the field. A
// name the record does not have is refused before anything is sent.
type Edits map[string]string

var (
	prospectFields = []string{
		"FirstName", "MI", "LastName", "FullName", "NickName", "Gender", "DOB",
		"LifeStage", "Pronouns", "SexualIdentity", "PrimaryLanguage", "Type",
		"Phone", "CellPhone", "SMSPhone", "EMail", "Address", "Unit", "City",
		"State", "Zip", "Country", "ProviderID", "Prospect", "Sh_Name",
		"Sh_Address", "Sh_Unit", "Sh_City", "Sh_State", "Sh_Zip", "Sh_Country",
		image, "Notes",
	}
	genders    = []string{"m", "f", "o", "u"}
	lifeStages = []string{
		"Infant", "Toddler", "Child", "Adolescent", "EarlyAdult", "Adult",
		"AllAdults", "Senior",
	}
	types = []string{"Patient", "Child", "Cash", "Insurance", "Guarantor"}
)

// image is the one documented field that is never read, shown or sent: what it
// may hold is not specified (NS-24).
const image = "PtImg"

// Fields are the 33 documented fields of a prospect, spelled as on the wire
// and in the order of the document. PtImg is among them and cannot be edited.
func Fields() []string { return slices.Clone(prospectFields) }

// Genders are the values the vendor takes for Gender.
func Genders() []string { return slices.Clone(genders) }

// LifeStages are the values the vendor takes for LifeStage.
func LifeStages() []string { return slices.Clone(lifeStages) }

// Types are the values the vendor takes for Type.
func Types() []string { return slices.Clone(types) }

// checkProspect finds what is wrong with edits of a prospect: wire name to a
// sentence. An empty choice clears the field and is allowed.
func checkProspect(e Edits) map[string]safe.Text {
	wrong := map[string]safe.Text{}
	choice := func(name string, allowed []string) {
		if v := e[name]; v != "" && !slices.Contains(allowed, v) {
			wrong[name] = safe.Line(name + " must be one of " + strings.Join(allowed, ", ") + ".")
		}
	}
	for name := range e {
		if !slices.Contains(prospectFields, name) {
			wrong[name] = safe.Line("The EMR has no such field for a person.")
		}
	}
	choice("Gender", genders)
	choice("LifeStage", lifeStages)
	choice("Type", types)
	if v, ok := e["Prospect"]; ok && v != "1" && v != "0" {
		wrong["Prospect"] = safe.Line("Prospect must be 1 (a prospect) or 0 (a patient).")
	}
	if _, ok := e[image]; ok {
		wrong[image] = safe.Line("The picture cannot be changed from here.")
	}
	return wrong
}

// prospectValue is the JSON of an edited field. Prospect is 1 or 0, ProviderID
// a number when it is written in plain digits (or null when cleared, since the
// column may be a number), everything else a string.
func prospectValue(name, value string) json.RawMessage {
	switch name {
	case "Prospect":
		return json.RawMessage(value)
	case "ProviderID":
		if value == "" {
			return json.RawMessage("null")
		}
		return ID(value).wire()
	}
	return quote(value)
}
