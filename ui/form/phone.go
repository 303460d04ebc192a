package form

import (
	"fmt"
	"strings"

	"frontdesk/state/phone"
)

// PhoneField is a telephone number of the North American plan. Its value is
// the ten digits.
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
