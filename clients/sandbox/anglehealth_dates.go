package sandbox

import (
	"regexp"
	"time"
)

// The forms of a date as the document shows them, field by field.
var (
	twoDigitYear  = regexp.MustCompile(`^\d\d/\d\d/\d\d$`)
	fourDigitYear = regexp.MustCompile(`^\d\d/\d\d/\d\d\d\d$`)
)

// angleDate reads a date in exactly the form its field has in the document.
func angleDate(given row, field string, form *regexp.Regexp, wrong objections) time.Time {
	s, _ := given[field].(string)
	layout, want := "01/02/2006", "MM/DD/YYYY"
	if form == twoDigitYear {
		layout, want = "01/02/06", "MM/DD/YY"
	}
	day, err := time.Parse(layout, s)
	if err != nil || !form.MatchString(s) {
		wrong[field] = "must be a date " + want
	}
	if form == twoDigitYear && day.Year() < 2000 && err == nil {
		day = day.AddDate(100, 0, 0)
	}
	return day
}

func shortDate(t time.Time) string { return t.Format("01/02/06") }

func longDate(t time.Time) string { return t.Format("01/02/2006") }

// firstOfNext is the first day of the month after.
func firstOfNext(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}

// endOfMonth is the last day of the month.
func endOfMonth(t time.Time) time.Time { return firstOfNext(t).AddDate(0, 0, -1) }

// endOfYear is the last day of the plan year.
func endOfYear(t time.Time) time.Time { return time.Date(t.Year(), 12, 31, 0, 0, 0, 0, time.UTC) }
