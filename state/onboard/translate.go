package onboard

import (
	"strings"

	"frontdesk/clients/updox"
)

// A Zone is one time zone in the spellings of both vendors.
type Zone struct {
	Updox       string // IANA, one of updox.Zones
	InboxHealth string // as Rails names it
}

// zones are the nine both vendors can name.
var zones = []Zone{
	{"America/New_York", "Eastern Time (US & Canada)"},
	{"America/Chicago", "Central Time (US & Canada)"},
	{"America/Denver", "Mountain Time (US & Canada)"},
	{"America/Phoenix", "Arizona"},
	{"America/Los_Angeles", "Pacific Time (US & Canada)"},
	{"America/Anchorage", "Alaska"},
	{"Pacific/Honolulu", "Hawaii"},
	{"America/Puerto_Rico", "Puerto Rico"},
	{updox.DefaultZone, "UTC"},
}

// alike are zones whose clocks show today what one of the nine shows.
var alike = map[string]string{
	"America/Detroit": "America/New_York", "America/Indiana/Indianapolis": "America/New_York",
	"America/Kentucky/Louisville": "America/New_York", "Indiana (East)": "America/New_York",
	"US/Eastern": "America/New_York", "America/Menominee": "America/Chicago", "America/Indiana/Knox": "America/Chicago",
	"US/Central": "America/Chicago", "America/Boise": "America/Denver", "US/Mountain": "America/Denver",
	"US/Arizona": "America/Phoenix", "US/Pacific": "America/Los_Angeles", "America/Juneau": "America/Anchorage",
	"US/Alaska": "America/Anchorage", "US/Hawaii": "Pacific/Honolulu", "America/St_Thomas": "America/Puerto_Rico",
	"UTC": updox.DefaultZone, "Etc/UTC": updox.DefaultZone,
}

// Zones are the zones to choose from, by their IANA names.
func Zones() []string {
	var names []string
	for _, z := range zones {
		names = append(names, z.Updox)
	}
	return names
}

// ZoneOf finds a zone by either vendor's spelling, or by the name of a zone
// that has the same clock. Guam and American Samoa have none at Updox.
func ZoneOf(name string) (Zone, bool) {
	name = strings.TrimSpace(name)
	if same, ok := alike[name]; ok {
		name = same
	}
	for _, z := range zones {
		if name == z.Updox || name == z.InboxHealth {
			return z, true
		}
	}
	return Zone{}, false
}

// StateOf finds a state by its code, as Updox and an enterprise write it, or by
// its name, as a practice of Inbox Health writes it.
func StateOf(s string) (updox.State, bool) {
	s = strings.TrimSpace(s)
	for _, st := range updox.States() {
		if strings.EqualFold(s, st.Code) || strings.EqualFold(s, st.Name) {
			return st, true
		}
	}
	return updox.State{}, false
}

// SpokenPhone writes ten digits as Inbox Health's example does: (203) 555-0100.
// Anything else stays as it is.
func SpokenPhone(digits string) string {
	if len(digits) != 10 || strings.Trim(digits, "0123456789") != "" {
		return digits
	}
	return "(" + digits[:3] + ") " + digits[3:6] + "-" + digits[6:]
}

// DashedZIP writes nine digits as 06512-1234. Anything else stays as it is.
func DashedZIP(digits string) string {
	if len(digits) != 9 || strings.Trim(digits, "0123456789") != "" {
		return digits
	}
	return digits[:5] + "-" + digits[5:]
}

// Digits is a phone number or ZIP code of Inbox Health as Updox takes it.
// Anything but digits, blanks and punctuation stays as it is.
func Digits(s string) string {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()-.", r) {
			return -1
		}
		return r
	}, s)
	if strings.Trim(plain, "0123456789") != "" {
		return s
	}
	return plain
}
