package enroll

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"frontdesk/state/store"
)

// Field is what a column of a census may hold.
type Field string

// The fields that steer an enrolment. The others are those of demographics by
// their wire names, see Fields.
const (
	FieldID       Field = "id"                  // the member's; empty: one is made
	FieldEmployee Field = "employee_id"         // of a dependent: the employee's id
	FieldType     Field = "member_type"         // employee or dependent
	FieldGroup    Field = "group_id"            //
	FieldMedical  Field = "medical"             // name of a plan
	FieldDental   Field = "dental"              // name of a plan
	FieldStart    Field = "employee_start_date" //
	FieldWanted   Field = "effective_date"      // the day coverage should begin; compared, not sent
	FieldHired    Field = "hire_date"           //
	FieldDOB      Field = "dob"                 //
	FieldSSN      Field = "ssn"                 //
	FieldSex      Field = "sex"                 //
)

// synonyms are what columns are called, in small letters and digits alone.
var synonyms = map[Field][]string{
	FieldID:              {"id", "memberid", "member"},
	FieldEmployee:        {"employeeid", "subscriberid", "parent", "parentid", "employee"},
	FieldType:            {"membertype", "type", "role", "relation", "relationship"},
	FieldGroup:           {"groupid", "group", "employer", "company"},
	FieldMedical:         {"medical", "medicalplan", "health", "healthplan"},
	FieldDental:          {"dental", "dentalplan"},
	FieldStart:           {"employeestartdate", "startdate", "start", "hiredate", "hired", "dateofhire"},
	FieldWanted:          {"effectivedate", "effective", "coveragestart", "coveragestartdate"},
	FieldHired:           {"hiredate", "hired", "dateofhire"},
	FieldDOB:             {"dob", "dateofbirth", "birthdate", "birthday"},
	FieldSSN:             {"ssn", "socialsecuritynumber", "socialsecurity"},
	FieldSex:             {"sex", "gender"},
	"first_name":         {"firstname", "givenname", "first"},
	"middle_name":        {"middlename", "middle", "mi"},
	"last_name":          {"lastname", "surname", "familyname", "last"},
	"suffix":             {"suffix"},
	"home_address":       {"homeaddress", "address"},
	"mailing_address":    {"mailingaddress"},
	"home_phone":         {"homephone", "phone"},
	"work_phone":         {"workphone"},
	"email_address":      {"emailaddress", "email"},
	"email_address_type": {"emailaddresstype", "emailtype"},
	"employment_status":  {"employmentstatus", "status"},
	"occupation":         {"occupation", "jobtitle", "title"},
	"hours_worked":       {"hoursworked", "hours"},
}

// Fields are all fields a column may be mapped to, in order of name.
func Fields() []Field { return slices.Sorted(maps.Keys(synonyms)) }

// Mapping tells which column holds a field: the column's place from 0.
type Mapping map[Field]int

// Guess maps columns by their names. A name that fits two columns maps the
// first.
func Guess(header []string) Mapping {
	m := Mapping{}
	for _, f := range Fields() {
		for _, name := range synonyms[f] {
			i := slices.IndexFunc(header, func(h string) bool { return letters(h) == name })
			if _, done := m[f]; i >= 0 && !done {
				m[f] = i
			}
		}
	}
	return m
}

// letters are the letters and digits of a name, in small.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Missing are the fields without which nothing of the file can be enrolled: the
// group, unless the file is of one, the start and at least one line of coverage.
func (t Table) Missing(m Mapping) []Field {
	var missing []Field
	for _, f := range []Field{FieldType, FieldGroup, FieldStart} {
		if _, ok := m[f]; !ok && (f != FieldGroup || t.Group == "") {
			missing = append(missing, f)
		}
	}
	_, medical := m[FieldMedical]
	_, dental := m[FieldDental]
	if !medical && !dental {
		missing = append(missing, FieldMedical)
	}
	return missing
}

func (m Mapping) cell(r Row, f Field) string {
	i, ok := m[f]
	if !ok || i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Remember keeps a mapping for files whose columns have the same names.
func (b *Book) Remember(ctx context.Context, header []string, m Mapping) error {
	fields, _ := json.Marshal(m) // numbers by name: cannot fail
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO mapping (header, fields) VALUES (?, ?) ON CONFLICT (header) DO UPDATE SET fields = excluded.fields",
			hash(header), string(fields))
		return err
	})
}

// Recall is the remembered mapping of a header, else the guessed one.
func (b *Book) Recall(ctx context.Context, header []string) (Mapping, error) {
	var fields string
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		return tx.One("SELECT fields FROM mapping WHERE header = ?", []any{hash(header)}, &fields)
	})
	var m Mapping
	switch {
	case absent(err):
		return Guess(header), nil
	case err != nil:
		return nil, err
	case json.Unmarshal([]byte(fields), &m) != nil:
		return Guess(header), nil
	}
	return m, nil
}

func hash(header []string) string {
	joined, _ := json.Marshal(header)
	sum := sha256.Sum256(joined)
	return hex.EncodeToString(sum[:])
}
