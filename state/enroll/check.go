package enroll

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/safe"
)

// looksSecret finds a social security number in whatever column.
var looksSecret = regexp.MustCompile(`^\d{3}-\d{2}-\d{4}$`)

// A checker goes through the rows of a census in their order.
type checker struct {
	Mapping
	Known
	table    Table
	lines    map[string]int        // where an id stood first
	people   map[string][]sighting // rows by what tells a person
	families map[string]*household // by the employee's id
	last     *household            // of the employee that came last
	all      []*household
}

// take checks a row and puts it into its family.
func (k *checker) take(row Row) {
	var wrong []string
	no := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	k.shape(row, no)
	id := k.cell(row, FieldID)
	k.id(row, id, no)
	person := k.person(row, no)
	h := k.again(row, person, no)
	if h == nil {
		h = k.family(row, id, no)
	}
	for _, mark := range marks(row, person) {
		k.people[mark] = append(k.people[mark], sighting{row, person.SSN, h})
	}
	h.rows = append(h.rows, row)
	if met(person, k.People) {
		no("This person was enrolled from this desk before, or waits to be. Who comes back is enrolled as a new hire.")
	}
	start := k.days(row, h, no)
	elected := anglehealth.Elected{ID: anglehealth.ID(id), Plans: k.plans(row, start, no)}
	first := len(h.rows) == 1
	if first {
		h.plan.Line, h.plan.Hire.Start, h.plan.Hire.Employee = row.Line, start, elected
		if !h.stray {
			h.plan.Hire.Group = k.group(row, no)
		}
	} else {
		k.fits(row, h, elected, start, no)
		h.plan.Hire.Dependents = append(h.plan.Hire.Dependents, elected)
	}
	h.plan.People = append(h.plan.People, person)
	if len(wrong) > 0 {
		h.wrong[row.Line] = wrong
	}
}

// column is what the file itself calls the column of a field.
func (k *checker) column(f Field) string {
	if i, ok := k.Mapping[f]; ok && i < len(k.table.Header) && k.table.Header[i] != "" {
		return "“" + safe.Clean(k.table.Header[i]) + "”"
	}
	return string(f)
}

type complain func(format string, args ...any)

// shape finds rows whose cells are not where the header says, and text that is
// not what it shows.
func (k *checker) shape(row Row, no complain) {
	if columns := len(k.table.Header); len(row.Cells) != columns {
		no("It has %d columns, the header has %d.", len(row.Cells), columns)
	}
	for f := range k.Mapping {
		if !plain(k.cell(row, f)) {
			no("The column %s holds characters that cannot be seen, or no UTF-8.", k.column(f))
		}
	}
}

func (k *checker) id(row Row, id string, no complain) {
	if id == "" {
		return
	}
	if p := anglehealth.ID(id).Problem(); p != "" {
		no("%s", p)
		return
	}
	if line, again := k.lines[id]; again {
		no("The id repeats that of line %d.", line)
	} else if k.Members[anglehealth.ID(id)] {
		no("The id is already in use by somebody enrolled earlier.")
	}
	if _, again := k.lines[id]; !again {
		k.lines[id] = row.Line
	}
}

// role is what a cell calls somebody, "" when it says neither.
func role(cell string) string {
	switch strings.ToLower(cell) {
	case "employee", "subscriber", "self":
		return "employee"
	case "dependent", "spouse", "child", "partner":
		return "dependent"
	}
	return ""
}

// fresh is a family of which nothing is known yet; a stray is a row of none.
func (k *checker) fresh(stray bool) *household {
	h := &household{wrong: map[int][]string{}, stray: stray}
	k.all = append(k.all, h)
	return h
}

// above is the family a dependent's row belongs to, nil if there is none.
func (k *checker) above(row Row) *household {
	if employee := k.cell(row, FieldEmployee); employee != "" {
		return k.families[employee]
	}
	return k.last
}

// family finds the family of a row. What belongs to no family is one by itself,
// so that it is rejected alone.
func (k *checker) family(row Row, id string, no complain) *household {
	switch role(k.cell(row, FieldType)) {
	case "employee":
		h := k.fresh(false)
		k.last = h
		for _, key := range []string{id, k.cell(row, FieldEmployee)} { // some files give employees the latter
			if key != "" && k.families[key] == nil {
				k.families[key] = h
			}
		}
		return h
	case "dependent":
		h := k.above(row)
		switch {
		case h != nil:
			return h
		case k.cell(row, FieldEmployee) == "":
			no("A dependent must stand below its employee, and there is none above.")
		default:
			no("The employee this dependent names does not stand above it in the file.")
		}
		return k.fresh(true)
	}
	no("The column %s must say employee or dependent.", k.column(FieldType))
	above := k.families[k.cell(row, FieldEmployee)]
	if above == nil {
		above, k.last = k.last, nil // whose dependents the next rows are cannot be told any more
	}
	if above == nil {
		return k.fresh(true)
	}
	return above // which is held: this may be one of its members
}

func (k *checker) group(row Row, no complain) anglehealth.ID {
	id := k.table.group(k.Mapping, row)
	switch {
	case id == "":
		no("The group is missing.")
	case !k.Groups[id]:
		no("Neither the book nor Angle Health knows the group.")
	}
	return id
}

// fits holds a dependent against its employee.
func (k *checker) fits(row Row, h *household, e anglehealth.Elected, start civil.Date, no complain) {
	if g := k.cell(row, FieldGroup); g != "" && anglehealth.ID(g) != h.plan.Hire.Group {
		no("The group is not the employee's.")
	}
	if !start.IsZero() && start != h.plan.Hire.Start {
		no("The start date is not the employee's; a dependent carries the same.")
	}
	for line := range e.Plans {
		if h.plan.Hire.Employee.Plans[line] == "" {
			no("The employee has no %s coverage, so that the dependent cannot have it.", line)
		}
	}
}

// days reads the start and what must not lie on the wrong side of it.
func (k *checker) days(row Row, h *household, no complain) civil.Date {
	read := func(f Field) civil.Date {
		cell := k.cell(row, f)
		d, ok := anglehealth.ParseDay(cell)
		if cell != "" && !ok {
			no("The column %s must be a day as MM/DD/YYYY or YYYY-MM-DD.", k.column(f))
		}
		return d
	}
	start, hired, wanted := read(FieldStart), read(FieldHired), read(FieldWanted)
	employee := len(h.rows) == 1 && !h.stray
	if employee && k.cell(row, FieldStart) == "" {
		no("The start date is missing.")
	}
	if !start.IsZero() && (start.Year < 2000 || start.Year > 2099) {
		no("The start date must lie between 2000 and 2099: Angle Health takes it with two digits for the year.")
	}
	before := func(what string, d civil.Date) {
		if !d.IsZero() && !hired.IsZero() && d.Before(hired) {
			no("The %s lies before the hire date.", what)
		}
	}
	before("start date", start)
	before("effective date", wanted)
	if !wanted.IsZero() && !start.IsZero() && wanted.Before(start) {
		no("The effective date lies before the start date.")
	}
	if employee {
		h.plan.Wanted = wanted
	} else if !h.stray && !wanted.IsZero() && wanted != h.plan.Wanted {
		no("The effective date is not the employee's.")
	}
	return start
}

// plans reads the elections and holds them against the plans.
func (k *checker) plans(row Row, start civil.Date, no complain) map[anglehealth.Line]string {
	chosen := map[anglehealth.Line]string{}
	for line, f := range map[anglehealth.Line]Field{anglehealth.Medical: FieldMedical, anglehealth.Dental: FieldDental} {
		name := k.cell(row, f)
		if name == "" {
			continue
		}
		chosen[line] = name
		p, ok := k.Plans[name]
		switch {
		case !ok:
			no("Angle Health knows no plan of the name in the column %s.", k.column(f))
		case !p.Covers(line):
			no("The plan in the column %s is no %s plan.", k.column(f), line)
		case p.Ends.Known && !start.IsZero() && start.After(p.Ends.Day):
			no("The plan in the column %s ends before the start date.", k.column(f))
		}
	}
	if len(chosen) == 0 {
		no("No plan is chosen.")
	}
	return chosen
}

// person reads who the member is; what is not told is not sent.
func (k *checker) person(row Row, no complain) anglehealth.Demographics {
	d := anglehealth.Demographics{ID: anglehealth.ID(k.cell(row, FieldID))}
	for _, name := range anglehealth.DemographicFields() {
		if v := k.cell(row, Field(name)); v != "" {
			if d.Fields == nil {
				d.Fields = map[string]string{}
			}
			d.Fields[name] = v
		}
	}
	d.Hired, _ = anglehealth.ParseDay(k.cell(row, FieldHired)) // complained about with the days
	if cell := k.cell(row, FieldDOB); cell != "" {
		var ok bool
		if d.DOB, ok = anglehealth.ParseDay(cell); !ok {
			no("The date of birth must be a day as MM/DD/YYYY or YYYY-MM-DD.")
		} else if d.DOB.Year < 1900 {
			no("The date of birth lies before 1900.")
		} else if !k.Today.IsZero() && d.DOB.After(k.Today) {
			no("The date of birth lies in the future.")
		}
	}
	if cell := k.cell(row, FieldSSN); cell != "" {
		ssn, err := anglehealth.ParseSSN(cell)
		if err != nil {
			no("The social security number must have nine digits, as in 123-45-6789, and no part of it may be all zeros.")
		}
		d.SSN = ssn
	}
	switch sex := strings.ToUpper(k.cell(row, FieldSex)); sex {
	case "":
	case "F", "M":
		d.Sex = sex
	case "FEMALE", "MALE":
		d.Sex = sex[:1]
	default:
		no("Angle Health takes F or M for the sex.")
	}
	return d
}
