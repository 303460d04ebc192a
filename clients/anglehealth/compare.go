package anglehealth

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
)

// Difference is a point in which the vendor says something else than was
// expected. Want and Got may be personal data: for the screen only.
type Difference struct {
	ID        ID
	What      string // "parent", "medical plan", or the wire name of a field
	Want, Got safe.Text
}

// notTold stands for what an answer left out.
const notTold = "not told"

type differences []Difference

func (d *differences) unless(ok bool, id ID, what, want string, got safe.Text) {
	if ok {
		return
	}
	if got.Empty() {
		got = safe.Line(notTold)
	}
	*d = append(*d, Difference{id, what, safe.Line(want), got})
}

// Compare finds where the answer to an enrolment differs from what was sent:
// members, types, plans, parents and dates. A start before the employee's is
// one, and an end before its start.
func (h NewHire) Compare(a Answer[Covered]) []Difference {
	return compare([]family{{h.Employee, h.Dependents}}, h.Start, a)
}

// Compare does the same for a registration.
func (r Registration) Compare(a Answer[Covered]) []Difference {
	var families []family
	for _, f := range r.Families {
		families = append(families, f.plain())
	}
	return compare(families, civil.Date{}, a)
}

func compare(families []family, hired civil.Date, a Answer[Covered]) []Difference {
	var d differences
	for _, id := range a.Missing {
		d.unless(false, id, "answer", "enrolled", safe.Text{})
	}
	for _, id := range a.Extra {
		d.unless(false, id, "answer", "not enrolled", safe.Line("enrolled"))
	}
	for _, f := range families {
		for i, m := range f.all() {
			for _, row := range a.Rows {
				if row.ID == m.ID {
					d.member(row, m, f.employee.ID, i > 0, hired)
				}
			}
		}
	}
	return d
}

func (d *differences) member(row Covered, m Elected, employee ID, dependent bool, hired civil.Date) {
	kind := "employee"
	if dependent {
		kind = "dependent"
	}
	d.unless(alike(row.Type.Raw(), kind), m.ID, "member_type", kind, row.Type)
	got := map[Line]Coverage{}
	for _, c := range row.Lines {
		got[c.Line] = c
		d.unless(m.Plans[c.Line] != "" || c.Plan.Empty(), m.ID, string(c.Line)+" plan", "none", c.Plan)
	}
	for _, line := range Lines() {
		plan := m.Plans[line]
		if plan == "" {
			continue
		}
		c := got[line]
		d.unless(alike(c.Plan.Raw(), plan), m.ID, string(line)+" plan", plan, c.Plan)
		own := !dependent && c.Parent == ""
		d.unless(own || c.Parent == employee, m.ID, string(line)+" parent", string(employee), safe.Line(string(c.Parent)))
		d.unless(!c.Start.Known || hired.IsZero() || !c.Start.Day.Before(hired), m.ID,
			string(line)+" start", "not before "+hired.String(), c.Start.Text)
		d.unless(!c.Start.Known || !c.End.Known || !c.End.Day.Before(c.Start.Day), m.ID,
			string(line)+" end", "not before "+c.Start.String(), c.End.Text)
	}
}

// CompareMember finds where a snapshot differs from what was sent for the
// member: group, type, plans and parent.
func (h NewHire) CompareMember(m Member) []Difference {
	var d differences
	for i, e := range (family{h.Employee, h.Dependents}).all() {
		if e.ID != m.ID {
			continue
		}
		kind, parent := "dependent", string(h.Employee.ID)
		if i == 0 {
			kind = "employee"
		}
		d.unless(m.Group == h.Group, m.ID, "group_id", string(h.Group), safe.Line(string(m.Group)))
		d.unless(alike(m.Type.Raw(), kind), m.ID, "member_type", kind, m.Type)
		d.unless(i == 0 && m.Parent == "" || m.Parent == h.Employee.ID, m.ID, "parent", parent, safe.Line(string(m.Parent)))
		for _, line := range Lines() {
			want, got := e.Plans[line], m.Plan(line)
			if want == "" {
				d.unless(got.Empty(), m.ID, string(line)+" plan", "none", got)
			} else {
				d.unless(alike(got.Raw(), want), m.ID, string(line)+" plan", want, got)
			}
		}
	}
	return d
}

// Compare finds where a snapshot differs from what was changed. Unseen are the
// fields a snapshot does not show, or not so that they can be read, by wire
// name: nothing can be said of them.
func (d Demographics) Compare(m Member) (diffs []Difference, unseen []string) {
	var found differences
	check := func(name, want string, got safe.Text, same bool) {
		if got.Empty() && want != "" && !slices.Contains(inSnapshots, name) {
			unseen = append(unseen, name)
			return
		}
		found.unless(same, d.ID, name, want, got)
	}
	day := func(name string, want civil.Date, got safe.Text) {
		is, ok := ParseDay(strings.TrimSpace(got.Raw()))
		if !ok && !got.Empty() { // in a form nobody can read it may be the same day
			unseen = append(unseen, name)
			return
		}
		check(name, want.String(), got, is == want)
	}
	for _, name := range DemographicFields() {
		if want, ok := d.Fields[name]; ok {
			got := m.shown(name)
			check(name, want, got, alike(got.Raw(), want) || strings.HasSuffix(name, "phone") && digits(got.Raw()) == digits(want))
		}
	}
	if !d.DOB.IsZero() {
		day("dob_change", d.DOB, m.DOB.Text)
	}
	if !d.Hired.IsZero() {
		day("hire_date", d.Hired, m.shown("hire_date"))
	}
	if d.Sex != "" {
		check("sex_change", d.Sex, m.Sex, alike(m.Sex.Raw(), d.Sex))
	}
	if d.SSN.Given() {
		got := m.SSN
		if got.Digits == "" {
			unseen = append(unseen, "ssn_change")
		} else {
			found.unless(got.Digits == d.SSN.LastFour().Digits, d.ID, "ssn_change", d.SSN.String(), safe.Line(got.String()))
		}
	}
	return found, unseen
}

// inSnapshots are the fields of a change that every snapshot has, so that an
// empty one says something.
var inSnapshots = []string{"first_name", "last_name", "home_address", "mailing_address", "dob_change", "sex_change"}

// shown is where a snapshot shows a field of a change; empty where it does not.
func (m Member) shown(name string) safe.Text {
	switch name {
	case "first_name":
		return m.FirstName
	case "last_name":
		return m.LastName
	case "home_address":
		return m.HomeAddress.Text
	case "mailing_address":
		return m.MailingAddress.Text
	}
	if t := m.Contact.Part(name); !t.Empty() {
		return t
	}
	return m.Employment.Part(name)
}

// alike compares words as people do: blanks and case do not count.
func alike(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

var nonDigits = regexp.MustCompile(`\D`)

func digits(s string) string { return nonDigits.ReplaceAllString(s, "") }

// String is the difference as a sentence for the screen.
func (d Difference) String() string {
	return fmt.Sprintf("%s: expected %s, but Angle Health says %s.", d.What, d.Want, d.Got)
}
