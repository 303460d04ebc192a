package people

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// region is where numbers without a country code are.
const region = "US"

// tail is how many digits tell a number apart where the area code was left out.
const tail = 7

// Digits are the digits of s.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// IsNumber reports that s is written like a phone number or the end of one: at
// least three digits and nothing else but what separates them.
func IsNumber(s string) bool {
	return len(Digits(s)) >= 3 && strings.Trim(s, "0123456789()+-./ \u00a0") == ""
}

// number is a phone number without its spelling: country code and national
// number, or the digits where neither can be told.
func number(s string) string {
	d := Digits(s)
	switch plain := strings.Trim(s, "0123456789()-. ") == ""; {
	case plain && len(d) == 10 && d[0] >= '2':
		return "1" + d
	case plain && len(d) == 11 && d[0] == '1', plain && len(d) <= tail:
		return d
	}
	n, err := phonenumbers.Parse(s, region)
	if err != nil {
		return d
	}
	return Digits(phonenumbers.Format(n, phonenumbers.E164))
}

// SamePhone reports that two spellings are one number. A number without its
// area code is the same as one that ends like it. Fewer than seven digits are
// no number.
func SamePhone(a, b string) bool { return sameNumber(number(a), number(b)) }

func sameNumber(a, b string) bool {
	switch {
	case len(a) < tail || len(b) < tail:
		return false
	case a == b:
		return true
	case len(a) == tail:
		return strings.HasSuffix(b, a)
	case len(b) == tail:
		return strings.HasSuffix(a, b)
	}
	return false
}

// Spellings are the ways a number may be written in the EMR, to search by: it
// is not documented which of them the search understands. Text that is no
// number is its own only spelling.
func Spellings(s string) []string {
	s = strings.TrimSpace(s)
	d := Digits(s)
	if !IsNumber(s) || len(d) < tail {
		if IsNumber(s) {
			return []string{d}
		}
		return []string{s}
	}
	all := []string{d}
	if n, err := phonenumbers.Parse(s, region); err == nil {
		all = []string{phonenumbers.GetNationalSignificantNumber(n)}
		if n.GetCountryCode() != 1 {
			all = append(all, phonenumbers.Format(n, phonenumbers.E164), d)
		}
	}
	if d := all[0]; len(d) == 10 {
		all = append(all, d[:3]+"-"+d[3:6]+"-"+d[6:], "("+d[:3]+") "+d[3:6]+"-"+d[6:], d[3:6]+"-"+d[6:])
	} else if len(d) == tail {
		all = append(all, d[:3]+"-"+d[3:])
	}
	slices.Sort(all[1:])
	return slices.Compact(all)
}
