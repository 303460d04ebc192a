// Package onboard takes one practice into both vendors from one form: an
// account at Updox, then an enterprise with its practices at Inbox Health. Each
// step is written down before it is sent and when its outcome is known, so that
// a job goes on where it was left, repeats only what failed, and never sends
// again what may have arrived.
//
// It must not know how any of this is drawn, nor how a vendor is called: it
// needs the two small interfaces declared here.
package onboard

import (
	"fmt"
	"strings"

	"frontdesk/clients/safe"
	"frontdesk/clients/updox"
)

// Form is all that is asked of a practice, as a person types it. It holds what
// the practice prints on its door, and nothing of patients.
type Form struct {
	AccountID string // Updox knows the practice by it for good
	Name      string
	Address1  string
	Address2  string
	City      string
	State     string // code or name
	Zip       string // five or nine digits, dashed or not
	Phone     string // ten digits, in any writing
	Fax       string
	Zone      string // IANA: "America/New_York"

	Website       string // the label of the patient portal
	DirectAddress string

	StatementDescriptor string // on the patients' bank statements
	QuickPay            string // what a quick payment is for: "Copay"
	ColorStatements     bool
	FirstClass          bool
	ReturnEnvelope      bool
	Perforation         bool

	Places []Place // none: Inbox Health makes one from the enterprise
}

// Place is a practice under the enterprise: a building patients go to.
type Place struct {
	Name     string
	Address1 string
	City     string
	State    string // code or name
	Zone     string // IANA; empty: the form's
}

// Check finds what either vendor would refuse: the form's field to a sentence.
// Fields are named as in Form, those of places "Places.0.Name". An empty map
// means that the job may begin.
func Check(f Form) map[string]string {
	found := map[string]string{}
	for wire, sentence := range updox.Check(Account(f)) {
		found[fieldOf[wire]] = sentence
	}
	if _, ok := ZoneOf(f.Zone); !ok {
		found["Zone"] = zoneSays
	}
	for i, p := range f.Places {
		at := func(name string) string { return fmt.Sprintf("Places.%d.%s", i, name) }
		if strings.TrimSpace(p.Name) == "" {
			found[at("Name")] = "Enter the name of this place: Inbox Health needs one."
		}
		if _, ok := StateOf(p.State); p.State != "" && !ok {
			found[at("State")] = "Choose a state or territory of the United States, such as CT."
		}
		if _, ok := ZoneOf(p.Zone); p.Zone != "" && !ok {
			found[at("Zone")] = zoneSays
		}
	}
	return found
}

const zoneSays = "Choose a time zone both vendors know, such as America/New_York."

// fieldOf is the form's field of an account's wire name.
var fieldOf = map[string]string{
	"accountId": "AccountID", "name": "Name", "address1": "Address1", "address2": "Address2", "city": "City",
	"state": "State", "postal": "Zip", "phone": "Phone", "fax": "Fax", "timeZone": "Zone",
	"websiteAddress": "Website", "directAddress": "DirectAddress",
}

// Account is the form as Updox takes it, active.
func Account(f Form) updox.Account {
	a := updox.Account{
		ID: safe.Line(strings.TrimSpace(f.AccountID)), Name: safe.Line(f.Name),
		Address1: safe.Line(f.Address1), Address2: safe.Line(f.Address2), City: safe.Line(f.City),
		State: safe.Line(f.State), Postal: safe.Line(f.Zip), Phone: safe.Line(f.Phone), Fax: safe.Line(f.Fax),
		TimeZone:       safe.Line(f.Zone),
		WebsiteAddress: safe.Line(f.Website), DirectAddress: safe.Line(f.DirectAddress),
	}
	if z, ok := ZoneOf(f.Zone); ok {
		a.TimeZone = safe.Line(z.Updox)
	}
	return updox.Normal(a)
}

// Enterprise is what is asked of Inbox Health: the document's example, field by
// field, in its spelling. Empty fields are to be left out.
type Enterprise struct {
	Name                       string
	AddressLine1, AddressLine2 string
	City                       string
	State                      string // "CT"
	Zip                        string // "06512", "06512-1234"
	SupportPhoneNumber         string // "(203) 555-0100"
	TimeZone                   string // "Eastern Time (US & Canada)"
	StatementDescriptor        string
	DefaultQuickPayDescription string
	ColorStatements            bool
	FirstClass                 bool
	ReturnEnvelope             bool
	Perforation                bool
	Practices                  []Practice
}

// Practice is one of practices_attributes.
type Practice struct {
	Name         string
	AddressLine1 string
	City         string
	State        string // "Connecticut"
	TimeZone     string
}

// InboxHealth is the form as Inbox Health takes it.
func InboxHealth(f Form) Enterprise {
	a := Account(f) // tidied
	zone, _ := ZoneOf(f.Zone)
	e := Enterprise{
		Name: a.Name.Raw(), AddressLine1: a.Address1.Raw(), AddressLine2: a.Address2.Raw(), City: a.City.Raw(),
		State: a.State.Raw(), Zip: DashedZIP(a.Postal.Raw()), SupportPhoneNumber: SpokenPhone(a.Phone.Raw()),
		TimeZone: zone.InboxHealth, StatementDescriptor: strings.TrimSpace(f.StatementDescriptor),
		DefaultQuickPayDescription: strings.TrimSpace(f.QuickPay), ColorStatements: f.ColorStatements,
		FirstClass: f.FirstClass, ReturnEnvelope: f.ReturnEnvelope, Perforation: f.Perforation,
	}
	for _, p := range f.Places {
		place := Practice{
			Name: strings.TrimSpace(p.Name), AddressLine1: strings.TrimSpace(p.Address1), City: strings.TrimSpace(p.City),
			TimeZone: zone.InboxHealth,
		}
		if s, ok := StateOf(p.State); ok {
			place.State = s.Name
		}
		if z, ok := ZoneOf(p.Zone); ok {
			place.TimeZone = z.InboxHealth
		}
		e.Practices = append(e.Practices, place)
	}
	return e
}
