package updox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"frontdesk/clients/safe"
)

// DefaultZone is the time zone an account has that names none.
const DefaultZone = "Zulu"

// Zones are the nine values the vendor takes for timeZone.
func Zones() []string {
	return []string{
		"America/Anchorage", "America/Chicago", "America/Denver", "America/New_York", "America/Los_Angeles",
		"America/Phoenix", "America/Puerto_Rico", "Pacific/Honolulu", DefaultZone,
	}
}

// A State is a state or territory the vendor takes.
type State struct{ Code, Name string }

// States are the fifty states, the District of Columbia and the territories,
// by name.
func States() []State { return slices.Clone(states) }

var states = []State{
	{"AL", "Alabama"}, {"AK", "Alaska"}, {"AS", "American Samoa"}, {"AZ", "Arizona"}, {"AR", "Arkansas"},
	{"CA", "California"}, {"CO", "Colorado"}, {"CT", "Connecticut"}, {"DE", "Delaware"},
	{"DC", "District of Columbia"}, {"FL", "Florida"}, {"GA", "Georgia"}, {"GU", "Guam"}, {"HI", "Hawaii"},
	{"ID", "Idaho"}, {"IL", "Illinois"}, {"IN", "Indiana"}, {"IA", "Iowa"}, {"KS", "Kansas"}, {"KY", "Kentucky"},
	{"LA", "Louisiana"}, {"ME", "Maine"}, {"MD", "Maryland"}, {"MA", "Massachusetts"}, {"MI", "Michigan"},
	{"MN", "Minnesota"}, {"MS", "Mississippi"}, {"MO", "Missouri"}, {"MT", "Montana"}, {"NE", "Nebraska"},
	{"NV", "Nevada"}, {"NH", "New Hampshire"}, {"NJ", "New Jersey"}, {"NM", "New Mexico"}, {"NY", "New York"},
	{"NC", "North Carolina"}, {"ND", "North Dakota"}, {"MP", "Northern Mariana Islands"}, {"OH", "Ohio"},
	{"OK", "Oklahoma"}, {"OR", "Oregon"}, {"PA", "Pennsylvania"}, {"PR", "Puerto Rico"}, {"RI", "Rhode Island"},
	{"SC", "South Carolina"}, {"SD", "South Dakota"}, {"TN", "Tennessee"}, {"TX", "Texas"}, {"UT", "Utah"},
	{"VT", "Vermont"}, {"VI", "Virgin Islands"}, {"VA", "Virginia"}, {"WA", "Washington"}, {"WV", "West Virginia"},
	{"WI", "Wisconsin"}, {"WY", "Wyoming"},
}

// stateCode is the code of a state written either way, "" for another word.
func stateCode(s string) string {
	for _, st := range states {
		if strings.EqualFold(s, st.Code) || strings.EqualFold(s, st.Name) {
			return st.Code
		}
	}
	return ""
}

// PortalURL is the address of the patient portal a website label makes in
// production; "" for none.
func PortalURL(label string) string {
	if label == "" {
		return ""
	}
	return "https://" + websiteLabel(label) + portal
}

const portal = ".myupdox.com"

// LabelTaken finds another account among those known that has the website
// label. Labels are unique over all of Updox, so none found proves nothing.
func LabelTaken(label, id string, known []Account) (Account, bool) {
	for _, a := range known {
		if label != "" && a.ID.Raw() != id && websiteLabel(a.WebsiteAddress.Raw()) == websiteLabel(label) {
			return a, true
		}
	}
	return Account{}, false
}

// normals turn what people type into what the vendor takes (UX-10).
var normals = map[string]func(string) string{
	"phone":          func(s string) string { return phone(s) },
	"fax":            func(s string) string { return phone(s) },
	"postal":         func(s string) string { return digits(s) },
	"practiceNpi":    func(s string) string { return digits(s) },
	"websiteAddress": websiteLabel,
	"state": func(s string) string {
		if code := stateCode(s); code != "" {
			return code
		}
		return s
	},
}

// websiteLabel is the label, also of a whole host: an old sample has one in its
// place (UX-13).
func websiteLabel(s string) string { return strings.TrimSuffix(strings.ToLower(s), portal) }

// digits takes blanks and punctuation out, unless something else is among them.
func digits(s string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()-./+", r) {
			return -1
		}
		return r
	}, s)
	if strings.Trim(plain, "0123456789") != "" {
		return s
	}
	return plain
}

// phone is digits without the country's 1.
func phone(s string) string {
	d := digits(s)
	if len(d) == 11 && d[0] == '1' {
		return d[1:]
	}
	return d
}

// Normal is the account as it is sent: blanks at the ends removed, phone, fax
// and ZIP as digits, the state as its code, the label in small letters. What
// cannot be understood stays as it is.
func Normal(a Account) Account { return normal(Account{}, a) }

// normal leaves alone what is as it was, so that it goes back untouched.
func normal(before, a Account) Account {
	for _, f := range texts {
		at := f.at(&a)
		if before.Known() && *at == *f.at(&before) {
			continue
		}
		s := strings.TrimSpace(at.Raw())
		if change := normals[f.name]; change != nil {
			s = change(s)
		}
		*at = safe.Line(s)
	}
	return a
}

var (
	nineZIP = regexp.MustCompile(`^\d{5}(\d{4})?$`)
	ten     = regexp.MustCompile(`^\d{10}$`)
	label   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
)

// rules are what a field that is not empty must hold, in its normal form.
var rules = map[string]struct {
	holds    func(string) bool
	sentence string
}{
	"state":          {func(s string) bool { return stateCode(s) == s }, "Choose a state or territory of the United States, such as CT."},
	"postal":         {nineZIP.MatchString, "The ZIP code must have five or nine digits, such as 06512 or 065121234."},
	"phone":          {ten.MatchString, "The phone number must have ten digits, such as 2035550100."},
	"fax":            {ten.MatchString, "The fax number must have ten digits, such as 2035550100."},
	"practiceNpi":    {ten.MatchString, "The NPI must have ten digits."},
	"timeZone":       {func(s string) bool { return slices.Contains(Zones(), s) }, "Choose one of the nine time zones Updox knows, such as America/New_York."},
	"websiteAddress": {func(s string) bool { return len(s) <= 63 && label.MatchString(s) }, "The website label must be one word of letters, digits and dashes: enter only what stands before " + portal + "."},
	"port": {func(s string) bool { n, err := strconv.Atoi(s); return err == nil && n > 0 && n < 65536 },
		"The port must be a number from 1 to 65535."},
}

// Check finds what is wrong with an account to be created: wire name to a
// sentence. An empty map means that it can be sent, not that Updox takes it:
// whether a label or an id is free only Updox knows.
func Check(a Account) map[string]string {
	a = Normal(a)
	found := map[string]string{}
	if strings.TrimSpace(a.ID.Raw()) == "" {
		found[accountID] = "Choose an id for the account: the practice is known to Updox by it for good."
	} else if unfit(a.ID) || a.ID.Raw() != strings.TrimSpace(a.ID.Raw()) {
		found[accountID] = "The account's id must not have blanks around it or characters that cannot be shown."
	}
	if a.Name.Raw() == "" {
		found["name"] = "Enter the name of the practice: Updox requires it."
	}
	for _, f := range texts {
		v := *f.at(&a)
		rule, ruled := rules[f.name]
		switch {
		case v.Raw() == "":
		case ruled && !rule.holds(v.Raw()):
			found[f.name] = rule.sentence
		case unfit(v):
			found[f.name] = "Remove the characters that cannot be shown."
		}
	}
	return found
}

// unfit reports control characters and the like. A text that is only too long
// to be shown whole is fit.
func unfit(t safe.Text) bool {
	return strings.ContainsFunc(t.Raw(), func(r rune) bool { return unicode.Is(unicode.C, r) || r == unicode.ReplacementChar })
}

// CheckUpdate is Check for an account that exists: a field that stays as the
// vendor has it is not objected to, whatever it holds (UX-12).
func CheckUpdate(present, next Account) map[string]string {
	found := Check(normal(present, next))
	for name := range found {
		if present.Known() && name != "name" && name != accountID && present.Value(name) == next.Value(name) {
			delete(found, name)
		}
	}
	return found
}
