package people

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
)

// Mapping is what each column of a file fills: a field of the EMR, or "" for
// a column that is left out. It has one entry per column.
type Mapping []string

// Targets are the fields a column can fill. The picture cannot be sent.
func Targets() []string {
	return slices.DeleteFunc(naturaesoft.Fields(), func(s string) bool { return s == "PtImg" })
}

// usual are column names of other programs, in small letters without anything
// else.
var usual = map[string]string{
	"first": "FirstName", "givenname": "FirstName", "forename": "FirstName", "last": "LastName",
	"surname": "LastName", "familyname": "LastName", "name": "FullName", "middle": "MI", "middlename": "MI",
	"middleinitial": "MI", "nick": "NickName", "preferredname": "NickName", "sex": "Gender",
	"birthdate": "DOB", "dateofbirth": "DOB", "birthday": "DOB", "born": "DOB", "email": "EMail",
	"emailaddress": "EMail", "mail": "EMail", "phonenumber": "Phone", "telephone": "Phone",
	"homephone": "Phone", "mobile": "CellPhone", "cell": "CellPhone", "mobilephone": "CellPhone",
	"cellphone": "CellPhone", "sms": "SMSPhone", "text": "SMSPhone", "street": "Address",
	"address1": "Address", "streetaddress": "Address", "address2": "Unit", "apt": "Unit", "suite": "Unit",
	"town": "City", "province": "State", "zipcode": "Zip", "postalcode": "Zip", "postcode": "Zip",
	"language": "PrimaryLanguage", "provider": "ProviderID", "note": "Notes", "comment": "Notes", "comments": "Notes",
}

// Guess is a first mapping by the names of the columns. No field is filled
// twice.
func Guess(header []string) Mapping {
	m := make(Mapping, len(header))
	used := map[string]bool{}
	for i, h := range header {
		key := letters(h)
		field := usual[key]
		for _, name := range Targets() {
			if letters(name) == key {
				field = name
			}
		}
		if field != "" && !used[field] {
			m[i], used[field] = field, true
		}
	}
	return m
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// Fault is what is wrong with one cell: the column's name, and a sentence.
type Fault struct{ Column, Words string }

// Row is what becomes of one line of a file: exactly Edits are sent, unless
// there are faults.
type Row struct {
	Line   int
	Edits  naturaesoft.Edits
	Faults []Fault
	Like   *Twin[Person] // who it may be already; ID "" is a row of the same file
	LikeOf int           // the line of that row of the same file
}

// Good reports that the row can be sent.
func (r Row) Good() bool { return len(r.Faults) == 0 }

// Rules are what rows are checked by.
type Rules struct {
	Today     civil.Date
	States    map[string]string // folded name or code to the code
	Providers []naturaesoft.ID  // nil: not known, any is taken
	Code      string            // of the import, for the line in the notes
	Who       string
}

// Plan is what is to be sent for a file, line by line.
func Plan(f File, m Mapping, rules Rules) []Row {
	rows := make([]Row, len(f.Rows))
	for i, line := range f.Rows {
		rows[i] = rules.row(f, m, line)
	}
	return rows
}

func (rules Rules) row(f File, m Mapping, line Line) Row {
	row := Row{Line: line.Number, Edits: naturaesoft.Edits{}}
	if line.Bad != "" {
		row.Faults = append(row.Faults, Fault{"", line.Bad})
		return row
	}
	for i, cell := range line.Cells {
		if i < len(m) && m[i] != "Notes" { // the only field with lines
			cell = strings.Join(strings.Fields(cell), " ")
		}
		if i >= len(m) || m[i] == "" || cell == "" {
			continue
		}
		value, words := rules.Tidy(m[i], cell)
		if words != "" {
			row.Faults = append(row.Faults, Fault{f.Header[i], words})
			continue
		}
		row.Edits[m[i]] = value
	}
	if row.Good() && row.Edits["FirstName"] == "" && row.Edits["LastName"] == "" {
		row.Faults = append(row.Faults, Fault{"", "There is neither a first nor a last name."})
	}
	if row.Edits["Prospect"] == "" {
		row.Edits["Prospect"] = "1"
	}
	notes := row.Edits["Notes"]
	if notes != "" {
		notes += "\n"
	}
	row.Edits["Notes"] = notes + rules.mark(row.Line) + " by " + rules.Who
	return row
}

// mark is the coded line of one row. By it alone a row that was sent is known
// again.
func (rules Rules) mark(line int) string { return importMark(rules.Code, line) }

func importMark(code string, line int) string { return fmt.Sprintf("[FD %s-%d] IMP", code, line) }

// Flag marks rows that may be somebody who is there already, or an earlier
// row of the same file.
func Flag(rows []Row, there *Index) {
	here := NewIndex(nil)
	lines := map[naturaesoft.ID]int{}
	for i := range rows {
		if !rows[i].Good() {
			continue
		}
		who := Typed(rows[i].Edits)
		if t, ok := there.Like(who); ok {
			rows[i].Like = &t
		} else if t, ok := here.Like(who); ok {
			rows[i].LikeOf = lines[t.Person.ID]
			t.Person.ID = ""
			rows[i].Like = &t
		}
		who.ID = naturaesoft.ID(fmt.Sprint("line", i))
		lines[who.ID] = rows[i].Line
		here.Add(who)
	}
}

// Used are the fields a mapping fills, in the order of the document.
func (m Mapping) Used() []string {
	have := map[string]bool{}
	for _, f := range m {
		have[f] = true
	}
	return slices.DeleteFunc(Targets(), func(s string) bool { return !have[s] })
}

// Twice is a field that two columns fill, or "".
func (m Mapping) Twice() string {
	n := map[string]int{}
	for _, f := range m {
		n[f]++
	}
	for _, f := range slices.Sorted(maps.Keys(n)) {
		if f != "" && n[f] > 1 {
			return f
		}
	}
	return ""
}
