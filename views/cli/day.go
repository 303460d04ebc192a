package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-sql/civil"
)

// day reads YYYY-MM-DD, "today", "+3" or "-3" (days from today).
func day(s string, today civil.Date) (civil.Date, error) {
	if s == "today" {
		return today, nil
	}
	if n, err := strconv.Atoi(s); err == nil && (s[0] == '+' || s[0] == '-') && max(n, -n) <= 3660 {
		return today.AddDays(n), nil
	}
	d, err := civil.ParseDate(s)
	if err != nil {
		return d, Usage(fmt.Errorf("a day is written YYYY-MM-DD, today, +3 or -3"))
	}
	return d, nil
}

// clock reads HH:MM or HH:MM:SS.
func clock(s string) (civil.Time, error) {
	if strings.Count(s, ":") == 1 {
		s += ":00"
	}
	t, err := civil.ParseTime(s)
	if err != nil {
		return t, Usage(fmt.Errorf("a time is written HH:MM"))
	}
	return t, nil
}

// hhmm is a time as people read it.
func hhmm(t civil.Time) string {
	if t.Second == 0 {
		return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute)
	}
	return fmt.Sprintf("%02d:%02d:%02d", t.Hour, t.Minute, t.Second)
}

// weekday reads mon, Tuesday ...
func weekday(s string) (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if len(s) >= 3 && strings.HasPrefix(strings.ToLower(d.String()), strings.ToLower(s)) {
			return d, nil
		}
	}
	return 0, Usage(fmt.Errorf("a weekday is written mon, tue, wed, thu, fri, sat or sun"))
}

// moment is RFC 3339 in UTC, as --json has it, "" for none. People read it in
// the practice's zone. What an EMR wrote as a time stays as it wrote it.
type moment string

func stamp(t time.Time) moment {
	if t.IsZero() {
		return ""
	}
	return moment(t.UTC().Format(time.RFC3339))
}

// in is the moment for people.
func (m moment) in(zone *time.Location) string {
	t, err := time.Parse(time.RFC3339, string(m))
	if err != nil {
		return string(m)
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}

// on is a day, "" for none.
func on(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
