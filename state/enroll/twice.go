package enroll

import (
	"slices"
	"strings"

	"frontdesk/clients/anglehealth"
)

// sighting is a row in which a person was seen.
type sighting struct {
	row    Row
	ssn    anglehealth.SSN
	family *household
}

// marks are what a person is known again by: the whole row, the social security
// number, name and birth date.
func marks(row Row, d anglehealth.Demographics) []string {
	var all []string
	if d.Fields["first_name"]+d.Fields["last_name"] != "" {
		all = append(all, strings.Join(row.Cells, "\x1f"))
	}
	if d.SSN.Given() {
		all = append(all, "ssn "+d.SSN.Expose())
	}
	if who := named(d); who != "" {
		all = append(all, "who "+who)
	}
	return all
}

// again finds a person who stands further up. Where the file brings no ids,
// every row gets one of its own, and nothing else keeps somebody from being
// enrolled twice. A row that repeats one of its family is left out; anything
// else wants a person, and a family is held with an employee's second row, for
// whose dependents come next cannot be told. nil: the row has a family to find.
func (k *checker) again(row Row, d anglehealth.Demographics, no complain) *household {
	employee := role(k.cell(row, FieldType)) == "employee"
	for _, mark := range marks(row, d) {
		for _, s := range k.people[mark] {
			switch {
			case d.SSN.Given() && s.ssn.Given() && d.SSN != s.ssn:
				continue // of one name, and two people
			case slices.Equal(row.Cells, s.row.Cells) && (employee || s.family == k.above(row)):
				no("It repeats line %d and is left out.", s.row.Line)
				if employee {
					k.last = s.family
				}
				return k.fresh(true)
			case strings.HasPrefix(mark, "ssn "):
				no("The social security number is that of line %d. Nobody can be enrolled twice.", s.row.Line)
			default:
				no("Name and birth date are those of line %d. Nobody can be enrolled twice: leave one of them out.", s.row.Line)
			}
			if employee {
				k.last = s.family
				return s.family
			}
			return nil
		}
	}
	return nil
}
