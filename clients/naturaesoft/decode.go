package naturaesoft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// reader takes typed values out of a record and keeps the first complaint. A
// missing or null field is the zero value; a value of another type is an error
// that names the field and never quotes what it held.
type reader struct {
	o   rest.Object
	err error
}

func (r *reader) complain(field, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is not %s", field, want)
	}
}

func (r *reader) text(names ...string) safe.Text {
	var t safe.Text
	if v := r.o.Find(names...); v != nil && json.Unmarshal(v, &t) != nil {
		r.complain(names[0], "text")
	}
	return t
}

func (r *reader) long(names ...string) safe.Long {
	var t safe.Long
	if v := r.o.Find(names...); v != nil && json.Unmarshal(v, &t) != nil {
		r.complain(names[0], "text")
	}
	return t
}

// loose is for fields the document does not describe: an object shows its
// name, anything else its JSON.
func (r *reader) loose(names ...string) safe.Text { return safe.Line(r.plain(names...)) }

func (r *reader) plain(names ...string) string {
	v := r.o.Find(names...)
	var t safe.Long
	if v == nil || json.Unmarshal(v, &t) == nil {
		return t.Raw()
	}
	if o, err := rest.ParseObject(v); err == nil {
		if json.Unmarshal(o.Find("name", "title", "FullName"), &t) == nil {
			return t.Raw()
		}
	}
	var texts []string
	if json.Unmarshal(v, &texts) == nil {
		return strings.Join(texts, ", ")
	}
	var b bytes.Buffer
	if json.Compact(&b, v) != nil {
		return ""
	}
	return b.String()
}

// id is under the first of the names that holds one: a row may carry an empty
// ProspectID beside a PatientID.
func (r *reader) id(names ...string) ID {
	for _, name := range names {
		var id ID
		if v := r.o.Find(name); v != nil && json.Unmarshal(v, &id) != nil {
			r.complain(names[0], "an id")
		}
		if id != "" {
			return id
		}
	}
	return ""
}

// number is -1 when the field is missing or null.
func (r *reader) number(names ...string) int {
	v := r.o.Find(names...)
	if isNull(v) {
		return -1
	}
	n, err := number(v)
	if err != nil || n < 0 {
		r.complain(names[0], "a whole number")
	}
	return n
}

// flag is not known when the field is missing or null.
func (r *reader) flag(names ...string) (value, known bool) {
	v := r.o.Find(names...)
	if isNull(v) {
		return false, false
	}
	value, known = rest.YesNo(v)
	if !known {
		r.complain(names[0], "true or false")
	}
	return value, known
}

// clock is not known when the field is missing or null.
func (r *reader) clock(names ...string) (civil.Time, bool) {
	v := r.o.Find(names...)
	if isNull(v) {
		return civil.Time{}, false
	}
	t, err := clock(v)
	if err != nil {
		r.complain(names[0], "a time HH:MM:SS")
	}
	return t, err == nil
}

// date is not known when the field is missing or null.
func (r *reader) date(names ...string) (civil.Date, bool) {
	v := r.o.Find(names...)
	if isNull(v) {
		return civil.Date{}, false
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		if d, err := parseDate(s); err == nil {
			return d, true
		}
	}
	r.complain(names[0], "a date YYYY-MM-DD")
	return civil.Date{}, false
}

var errNotNumber = errors.New("not a whole number")

// number takes 30, 30.0 and "30".
func number(raw json.RawMessage) (int, error) {
	digits := string(bytes.TrimSpace(raw))
	var s string
	if json.Unmarshal(raw, &s) == nil {
		digits = strings.TrimSpace(s)
	}
	d, ok := exact(digits)
	if !ok || !d.IsInteger() || d.NumDigits() > 18 || d.Exponent() > 18 {
		return 0, errNotNumber
	}
	n := d.IntPart()
	if n > math.MaxInt32 || n < math.MinInt32 {
		return 0, errNotNumber
	}
	return int(n), nil
}

// clock takes "HH:MM:SS" as documented, and "HH:MM".
func clock(raw json.RawMessage) (civil.Time, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return civil.Time{}, errors.New("not a time")
	}
	s = strings.TrimSpace(s)
	if len(s) == len("15:04") {
		s += ":00"
	}
	t, err := civil.ParseTime(s)
	if err != nil {
		return civil.Time{}, errors.New("not a time")
	}
	return t, nil
}

// parseDate takes "YYYY-MM-DD" as documented, and the same day written as
// midnight without a zone or in UTC. Any other hour would make the day a
// matter of opinion, so it is refused.
func parseDate(s string) (civil.Date, error) {
	day, rest, _ := strings.Cut(strings.TrimSpace(s), "T")
	switch strings.TrimSuffix(rest, "Z") {
	case "", "00:00", "00:00:00", "00:00:00.000":
		if d, err := civil.ParseDate(day); err == nil {
			return d, nil
		}
	}
	return civil.Date{}, errors.New("not a date")
}
