package anglehealth

import (
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
)

// The two forms of a date in the document. Which one a field wants is decided
// where the field is written, never guessed.
const (
	shortForm = "01/02/06"   // employee_start_date
	longForm  = "01/02/2006" // last_work_date, event_date; dob_change and hire_date by choice
	isoForm   = "2006-01-02" // nowhere in the document, but read
)

// Date is a day as Angle Health wrote it. Day means something only when Known;
// else Text is all there is, and is to be shown as it came.
type Date struct {
	Day   civil.Date
	Known bool
	Text  safe.Text
}

// String is the day as YYYY-MM-DD, else what arrived.
func (d Date) String() string {
	if d.Known {
		return d.Day.String()
	}
	return d.Text.String()
}

// UnmarshalJSON takes anything. The form is told by length; a year of two
// digits is of this century.
func (d *Date) UnmarshalJSON(raw []byte) error {
	d.read(raw, len(shortForm), len(longForm))
	return nil
}

func (d *Date) read(raw []byte, lengths ...int) {
	var v Value
	_ = v.UnmarshalJSON(raw) // takes anything
	*d = Date{Text: v.Text}
	for _, n := range lengths {
		if s := d.Text.Raw(); len(s) == n && !d.Known {
			d.Day, d.Known = parseDay(s)
		}
	}
}

// A birthday is a Date whose year is never taken from two digits.
type birthday struct{ Date }

// UnmarshalJSON takes anything; only a year of four digits is known.
func (b *birthday) UnmarshalJSON(raw []byte) error {
	b.read(raw, len(longForm))
	return nil
}

// parseDay reads the two forms of the document and YYYY-MM-DD. Go would put
// the years 69 to 99 into the last century.
func parseDay(s string) (civil.Date, bool) {
	for _, form := range []string{shortForm, longForm, isoForm} {
		if len(s) != len(form) {
			continue
		}
		t, err := time.Parse(form, s)
		if err != nil {
			continue
		}
		day := civil.DateOf(t)
		if form == shortForm && day.Year < 2000 {
			day.Year += 100
		}
		return day, day.IsValid()
	}
	return civil.Date{}, false
}

// short is the day as MM/DD/YY; false when two digits cannot say its year.
func short(d civil.Date) (string, bool) {
	if !d.IsValid() || d.Year < 2000 || d.Year > 2099 {
		return "", false
	}
	return d.In(time.UTC).Format(shortForm), true
}

// long is the day as MM/DD/YYYY.
func long(d civil.Date) (string, bool) {
	if !d.IsValid() || d.Year < 1000 || d.Year > 9999 {
		return "", false
	}
	return d.In(time.UTC).Format(longForm), true
}

// ParseDay reads a day as a person or a spreadsheet writes it for Angle Health:
// MM/DD/YYYY, with or without the zeros, or YYYY-MM-DD. Two digits are no year
// here.
func ParseDay(s string) (civil.Date, bool) {
	for _, form := range []string{"1/2/2006", isoForm} {
		if t, err := time.Parse(form, s); err == nil {
			day := civil.DateOf(t)
			return day, day.IsValid()
		}
	}
	return civil.Date{}, false
}
