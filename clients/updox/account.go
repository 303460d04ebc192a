package updox

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Account is one practice's account with every documented field. Texts are as
// the vendor sent or a person typed them; "" is a field without a value.
type Account struct {
	ID safe.Text // accountId: ours to choose, "PRACTICE-1"

	Name     safe.Text // the only field the vendor requires
	Address1 safe.Text
	Address2 safe.Text
	City     safe.Text
	State    safe.Text // two letters
	Postal   safe.Text // five or nine digits
	Phone    safe.Text // ten digits
	Fax      safe.Text // ten digits

	// Deactivated is the opposite of active, so that an account nobody thought
	// about stays usable (UX-5): a deactivated one is denied everything.
	Deactivated    bool
	TimeZone       safe.Text // one of Zones; without one it is Zulu
	WebsiteAddress safe.Text // a label; see PortalURL
	DirectDomain   safe.Text
	DirectAddress  safe.Text
	Metadata       safe.Text

	// These can be written and are never read back, so an update that leaves
	// one empty erases what nobody can see (UX-4).
	Protocol       safe.Text
	IPAddress      safe.Text
	Port           safe.Text
	Path           safe.Text
	SpecialtyCode  safe.Text // practiceSpecialtyCode
	NPI            safe.Text // practiceNpi
	ConsentMethods safe.Text // defaultConsentMethods

	Source Source    // how far these values are known to be the vendor's
	Read   time.Time // when they were read or written; zero: never

	raw object // every field as it came, under its documented spelling
}

// Source says where an account's values come from.
type Source uint8

// The sources. Only a known account can be updated or compared.
const (
	Typed   Source = iota // by a person: says nothing of what the vendor has
	Fetched               // read from the vendor
	Written               // what this console wrote last
)

// Known reports that the values are the vendor's as far as anybody here knows.
func (a Account) Known() bool { return a.Source != Typed }

// Vouched marks an account as what this console wrote last. It is for a vendor
// that does not answer PracticeGet.
func Vouched(a Account, at time.Time) Account {
	a.Source, a.Read = Written, at
	return a
}

// A field is a text of an account by its wire name.
type field struct {
	name string
	at   func(*Account) *safe.Text
}

// texts are all fields but accountId and active, in the document's order.
var texts = []field{
	{"name", func(a *Account) *safe.Text { return &a.Name }},
	{"address1", func(a *Account) *safe.Text { return &a.Address1 }},
	{"address2", func(a *Account) *safe.Text { return &a.Address2 }},
	{"city", func(a *Account) *safe.Text { return &a.City }},
	{"state", func(a *Account) *safe.Text { return &a.State }},
	{"postal", func(a *Account) *safe.Text { return &a.Postal }},
	{"phone", func(a *Account) *safe.Text { return &a.Phone }},
	{"fax", func(a *Account) *safe.Text { return &a.Fax }},
	{"timeZone", func(a *Account) *safe.Text { return &a.TimeZone }},
	{"websiteAddress", func(a *Account) *safe.Text { return &a.WebsiteAddress }},
	{"directDomain", func(a *Account) *safe.Text { return &a.DirectDomain }},
	{"directAddress", func(a *Account) *safe.Text { return &a.DirectAddress }},
	{"metadata", func(a *Account) *safe.Text { return &a.Metadata }},
	{"protocol", func(a *Account) *safe.Text { return &a.Protocol }},
	{"ipAddress", func(a *Account) *safe.Text { return &a.IPAddress }},
	{"port", func(a *Account) *safe.Text { return &a.Port }},
	{"path", func(a *Account) *safe.Text { return &a.Path }},
	{"practiceSpecialtyCode", func(a *Account) *safe.Text { return &a.SpecialtyCode }},
	{"practiceNpi", func(a *Account) *safe.Text { return &a.NPI }},
	{"defaultConsentMethods", func(a *Account) *safe.Text { return &a.ConsentMethods }},
}

const (
	accountID = "accountId"
	active    = "active"
	vetted    = "vetted" // told, never taken
)

// Fields are the wire names in the order of a form: accountId first, active
// after fax.
func Fields() []string {
	names := []string{accountID}
	for _, f := range texts {
		names = append(names, f.name)
		if f.name == "fax" {
			names = append(names, active)
		}
	}
	return names
}

// Value is a field by its wire name; active is "true" or "false".
func (a Account) Value(name string) safe.Text {
	switch name {
	case accountID:
		return a.ID
	case active:
		if a.Deactivated {
			return safe.Line("false")
		}
		return safe.Line("true")
	}
	for _, f := range texts {
		if f.name == name {
			return *f.at(&a)
		}
	}
	return loose(a.raw[name])
}

// With is the account with one field changed; an unknown name changes nothing.
func (a Account) With(name, value string) Account {
	switch name {
	case accountID:
		a.ID = safe.Line(value)
	case active:
		on, known := rest.YesNo(json.RawMessage(value))
		a.Deactivated = known && !on
	}
	for _, f := range texts {
		if f.name == name {
			*f.at(&a) = safe.Line(value)
		}
	}
	return a
}

// Shown reports that the vendor's answer had the field, if only as null.
func (a Account) Shown(name string) bool {
	_, ok := a.raw[name]
	return ok
}

// extras are fields that came and are not documented. An update that left them
// out would erase them, so they go back as they came.
func (a Account) extras() []string {
	known := append(Fields(), vetted)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(a.raw)) {
		if !slices.Contains(known, name) {
			names = append(names, name)
		}
	}
	return names
}

// decodeAccount reads an account as PracticeGet and PracticeList show it.
func decodeAccount(raw json.RawMessage, now time.Time) (Account, error) {
	var o object
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return Account{}, errors.New("an account in it is not an object")
	}
	a := Account{raw: object{}, Source: Fetched, Read: now}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		// Of two spellings of a field the documented one holds.
		if as := spelled(name); as == name || o[as] == nil {
			a.raw[as] = o[name]
		}
	}
	a.ID = loose(a.raw[accountID])
	for _, f := range texts {
		*f.at(&a) = loose(a.raw[f.name])
	}
	if v := a.raw[active]; !void(v) {
		on, known := rest.YesNo(v)
		if !known {
			return Account{}, errors.New("active is neither true nor false")
		}
		a.Deactivated = !on
	} else {
		delete(a.raw, active) // null is not a state
	}
	return a, nil
}

// spelled is the documented spelling of a field's name.
func spelled(name string) string {
	for _, known := range append(Fields(), vetted) {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// loose shows a value that is no text as its JSON.
func loose(raw json.RawMessage) safe.Text {
	var t safe.Text
	if len(raw) == 0 || json.Unmarshal(raw, &t) == nil {
		return t
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return safe.Text{}
	}
	return safe.Line(b.String())
}

// void reports a value that says nothing.
func void(raw json.RawMessage) bool {
	s := string(bytes.TrimSpace(raw))
	return s == "" || s == "null" || s == `""`
}

// fields is the account as a request has it: active always said (UX-5, UX-6),
// empty fields left out, since that is the documented way to have none, and
// what was not touched exactly as it came.
func (a Account) fields() map[string]any {
	body := map[string]any{active: !a.Deactivated}
	for _, f := range texts {
		v, came := *f.at(&a), a.raw[f.name]
		switch {
		case !void(came) && loose(came) == v:
			body[f.name] = came
		case v.Raw() != "":
			body[f.name] = v.Raw()
		}
	}
	for _, name := range a.extras() {
		if v := a.raw[name]; !void(v) {
			body[name] = v
		}
	}
	return body
}
