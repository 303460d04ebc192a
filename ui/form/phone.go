package form

import (
	"fmt"
	"strings"

	"frontdesk/state/phone"
)

// PhoneField is a telephone number of the North American plan. Its value is
// the ten digits. See Abroad.
type PhoneField struct{ typed[*PhoneField] }

// Phone makes a field for a number of the North American plan in any spelling,
// with or without the country's 1.
func Phone(name, label string) *PhoneField {
	f := new(PhoneField)
	f.typed = newTyped(f, name, label, 18)
	f.read = readPhone
	f.emptyRemedy = "no number is typed. Type ten digits like 212-555-0147."
	return f
}

// Abroad lets numbers of other countries in too, written with a + and the
// country's code; their value is the + and all digits.
func (f *PhoneField) Abroad() *PhoneField {
	f.read = readAbroad
	return f
}

func readAbroad(s string) reading {
	d, coded := phone.Coded(strings.TrimSpace(s))
	_, strange := phone.Strange(s)
	if _, ours := phone.National(d, coded); strange || ours || !coded {
		if !strange && coded {
			s = "+" + d
		}
		r := readPhone(s)
		if r.fault != "" && !strange {
			r.fault += " Of another country: like +44 20 7946 0000."
		}
		return r
	}
	if len(d) < phone.LeastAbroad || len(d) > phone.MostAbroad {
		return reading{text: s, fault: fmt.Sprintf("with the country's code a number has %d to %d digits, this has %d. Type it like +44 20 7946 0000.",
			phone.LeastAbroad, phone.MostAbroad, len(d))}
	}
	return reading{value: "+" + d, text: "+" + d}
}

// anyExchange is the areas, toll-free and Dominican, where the three digits
// after the area code may begin with 0 or 1; elsewhere those are not given out.
const anyExchange = "800 809 829 849"

func readPhone(s string) reading {
	if r, found := phone.Strange(s); found {
		return reading{text: s, fault: "“" + string(r) + "” does not belong in a number. Type ten digits like 212-555-0147."}
	}
	coded := strings.Contains(s, "+")
	d, ours := phone.National(phone.Digits(s), coded)
	words := ""
	switch {
	case coded && !ours:
		words = "only numbers of the United States, Canada and the Caribbean (+1) can be used here."
	case len(d) != phone.Long:
		words = fmt.Sprintf("a number has %d digits, this has %d.", phone.Long, len(d))
	case d[0] < '2' || d[1] == '9' || d[1] == '1' && d[2] == '1':
		words = "there is no area code " + d[:3] + "."
	case d[3] < '2' && !strings.Contains(anyExchange, d[:3]):
		words = "after the area code no number goes on with " + d[3:4] + "."
	default:
		return reading{value: d, text: phone.Written(d)}
	}
	return reading{text: s, fault: words + " Type it like 212-555-0147."}
}
