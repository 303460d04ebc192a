package people

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/state/phone"
)

// tail is how many digits tell a number apart where the area code was left out.
const tail = 7

// IsNumber reports that s is written like a phone number or the end of one: at
// least three digits, what separates them and perhaps an extension.
func IsNumber(s string) bool {
	n := dial(s)
	return n.plain && len(n.digits) >= 3
}

// dialed is a phone number taken apart. The EMR's practices are in the North
// American plan: a number without a country code is one of it.
type dialed struct {
	digits    string // without the plan's 1, without an extension
	abroad    bool   // digits begin with a country code
	extension string
	plain     bool // nothing else was written
}

var (
	extended = regexp.MustCompile(`(?i)[\s,;]*(?:ext(?:ension)?\.?|x\.?|#)[\s:=]*(\d{1,7})\s*$`)
)

// dial takes a number apart, whatever its spelling.
func dial(s string) dialed {
	s = strings.TrimSpace(s)
	if d := phone.Digits(s); len(d) == phone.Long && len(s) == phone.Long { // most of the EMR's
		return dialed{digits: d, plain: true}
	}
	var n dialed
	if m := extended.FindStringSubmatchIndex(s); m != nil {
		s, n.extension = s[:m[0]], s[m[2]:m[3]]
	}
	_, strange := phone.Strange(s)
	n.plain = !strange
	n.digits, n.abroad = phone.Coded(s)
	if national, ours := phone.National(n.digits, n.abroad); ours {
		n.digits, n.abroad = national, false
	}
	return n
}

// number is a phone number without its spelling: country code and national
// number, or the digits where neither can be told.
func number(s string) string {
	n := dial(s)
	if n.plain && !n.abroad && len(n.digits) == phone.Long {
		return "1" + n.digits
	}
	return n.digits
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
	n := dial(s)
	if !n.plain || len(n.digits) < 3 {
		return []string{strings.TrimSpace(s)}
	}
	all := []string{n.digits}
	if n.abroad {
		all = append(all, "+"+n.digits)
	}
	if d := n.digits; !n.abroad && len(d) == phone.Long {
		all = append(all, d[:3]+"-"+d[3:6]+"-"+d[6:], phone.Written(d), d[3:6]+"-"+d[6:])
	} else if len(d) == tail {
		all = append(all, d[:3]+"-"+d[3:])
	}
	slices.Sort(all[1:])
	return slices.Compact(all)
}
