package form

import (
	"fmt"
	"strconv"
	"strings"
)

// MoneyField is an amount in dollars. Its value is spelled like 1234.50; Cents
// reads it.
type MoneyField struct{ typed[*MoneyField] }

// Money makes a field for an amount that is not negative, typed like 12, 12.5
// or $1,234.50. What stands in it when the keyboard comes to it is replaced by
// typing, as at a till; arrows and deleting keys edit it.
func Money(name, label string) *MoneyField {
	f := new(MoneyField)
	f.typed = newTyped(f, name, label, 14)
	f.yields = true
	f.read = func(s string) reading {
		cents, words := readCents(s)
		if words != "" {
			return reading{text: s, fault: words}
		}
		shown := Dollars(cents)
		return reading{value: strings.ReplaceAll(shown, ",", ""), text: shown}
	}
	f.emptyRemedy = "no amount is typed. Type it like 12.50."
	return f
}

var moneyShape = shape(`^\$? ?(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?$`)

// Cents reads an amount in dollars as cents, in any spelling a Money takes and
// in that of its value; false if it is none.
func Cents(s string) (int64, bool) {
	cents, words := readCents(s)
	return cents, words == ""
}

// readCents says in words why s is no amount.
func readCents(s string) (cents int64, words string) {
	const like = " Type an amount like 12.50."
	s = strings.TrimSpace(s)
	m := moneyShape().FindStringSubmatch(s)
	switch {
	case strings.HasPrefix(s, "-"):
		return 0, "an amount cannot be less than nothing." + like
	case m == nil || m[1]+m[2] == "":
		return 0, "“" + s + "” is not an amount of dollars." + like
	case len(m[2]) > 2:
		return 0, "an amount has at most two digits after the point." + like
	}
	digits := strings.ReplaceAll(m[1], ",", "") + (m[2] + "00")[:2]
	cents, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, "the amount is too large." + like
	}
	return cents, ""
}

// Dollars spells cents like 1,234.50.
func Dollars(cents int64) string {
	sign, n := "", uint64(cents)
	if cents < 0 {
		sign, n = "-", -n
	}
	digits := fmt.Sprintf("%03d", n)
	whole := digits[:len(digits)-2]
	var b strings.Builder
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return sign + b.String() + "." + digits[len(digits)-2:]
}
