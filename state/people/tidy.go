package people

import (
	"regexp"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/phone"
)

var (
	zipCode  = regexp.MustCompile(`^\d{5}(-?\d{4})?$`)
	mailForm = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@.]+$`)
)

// Tidy is a cell as the EMR takes it for a field, or a sentence about what is
// wrong with it.
func (rules Rules) Tidy(field, cell string) (value, wrong string) {
	switch field {
	case "Phone", "CellPhone", "SMSPhone":
		return tidyPhone(cell)
	case "EMail":
		if !mailForm.MatchString(cell) {
			return "", "This is not an e-mail address. It should look like ann@example.com."
		}
	case "DOB":
		return rules.born(cell)
	case "Zip", "Sh_Zip":
		return Zip(cell)
	case "State", "Sh_State":
		code, ok := rules.States[Fold(cell)]
		if !ok && len(rules.States) > 0 {
			return "", "There is no such state. Use the two letters, such as NY."
		}
		return code, ""
	case "Gender":
		return pick(cell, naturaesoft.Genders(), map[string]string{
			"male": "m", "man": "m", "female": "f", "woman": "f", "other": "o", "unknown": "u", "x": "o",
		})
	case "LifeStage":
		return pick(cell, naturaesoft.LifeStages(), nil)
	case "Type":
		return pick(cell, naturaesoft.Types(), nil)
	case "Prospect":
		return pick(cell, []string{"1", "0"}, map[string]string{"yes": "1", "true": "1", "prospect": "1", "no": "0", "false": "0", "patient": "0"})
	case "ProviderID":
		id := naturaesoft.ID(cell)
		if !id.Valid() || rules.Providers != nil && !slices.Contains(rules.Providers, id) {
			return "", "There is no provider with this number."
		}
	}
	return cell, ""
}

// Zip checks a ZIP code: five digits or nine.
func Zip(s string) (value, wrong string) {
	if !zipCode.MatchString(s) {
		return "", "A ZIP code has five digits or nine, such as 10001 or 10001-1234."
	}
	if len(s) == 9 {
		s = s[:5] + "-" + s[5:]
	}
	return s, ""
}

func tidyPhone(cell string) (value, wrong string) {
	n := dial(cell)
	switch {
	case !n.plain, !n.abroad && len(n.digits) != phone.Long, n.abroad && (len(n.digits) < phone.LeastAbroad || len(n.digits) > phone.MostAbroad):
		return "", "This is not a phone number with its area code."
	case n.extension != "":
		return "", "The EMR's phone fields take no extension. Take it out; it can go into the notes."
	case n.abroad:
		return "+" + n.digits, ""
	}
	return n.digits, ""
}

func (rules Rules) born(cell string) (value, wrong string) {
	day, err := civil.ParseDate(Birth(cell))
	switch {
	case err != nil:
		return "", "This is not a day. Write it like 1987-07-23 or 7/23/1987."
	case day.After(rules.Today):
		return "", "This birth date is in the future."
	case day.Year < 1880:
		return "", "This birth date is too long ago."
	}
	return day.String(), ""
}

// pick finds a choice whatever its case.
func pick(cell string, allowed []string, also map[string]string) (value, wrong string) {
	for _, a := range allowed {
		if strings.EqualFold(a, cell) {
			return a, ""
		}
	}
	if v, ok := also[strings.ToLower(cell)]; ok {
		return v, ""
	}
	return "", "It must be one of " + strings.Join(allowed, ", ") + "."
}
