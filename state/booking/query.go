package booking

import (
	"fmt"
	"slices"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
)

const (
	maxMinutes  = 480
	defaultDays = 14
	maxDays     = 366
	year        = 365 // as far as the EMR looks for a next slot by itself
	parallel    = 8
)

// Query is what an opening must be.
type Query struct {
	Providers []naturaesoft.Provider
	Duration  int        // minutes, 1 to 480
	From      civil.Date // the first day
	Days      int        // how many days from there, 1 to 366; 0 means 14
	After     civil.Time // starts at this time or later; zero: any
	Before    civil.Time // starts before this time; zero: any
	Weekdays  []time.Weekday
	Limit     int            // openings that are enough; 0: all of them
	Parallel  int            // calls at once; default 8
	Now       civil.DateTime // in the practice; what is past is not offered
}

// Check returns a sentence for each field that cannot be searched with, by its
// name: providers, duration, from, days, after, before, weekdays. Empty: all
// is well. now is the time it is in the practice.
func (q Query) Check(now civil.DateTime) map[string]string {
	bad := map[string]string{}
	say := func(when bool, field, sentence string) {
		if _, said := bad[field]; when && !said {
			bad[field] = sentence
		}
	}
	say(len(q.Providers) == 0, "providers", "Choose at least one provider.")
	say(q.Duration < 1 || q.Duration > maxMinutes, "duration",
		fmt.Sprintf("A visit lasts between 1 and %d minutes.", maxMinutes))
	say(q.From.IsZero(), "from", "Choose the day to search from.")
	say(!q.From.IsValid(), "from", "There is no such day. Choose one from the calendar.")
	say(q.From.Before(now.Date), "from", "That day is past. Choose today or a later day.")
	say(q.Days < 0 || q.Days > maxDays, "days", fmt.Sprintf("Search between 1 and %d days.", maxDays))
	say(!q.After.IsValid(), "after", "There is no such time of day.")
	say(!q.Before.IsValid(), "before", "There is no such time of day.")
	say(!q.Before.IsZero() && minuteOf(q.Before) <= minuteOf(q.After), "before",
		"The latest start must be after the earliest one.")
	say(slices.ContainsFunc(q.Weekdays, func(d time.Weekday) bool { return d < time.Sunday || d > time.Saturday }),
		"weekdays", "There is no such day of the week.")
	if len(bad) == 0 {
		say(len(q.dates()) == 0, "weekdays", "None of these weekdays is among the days searched. Search more days.")
	}
	return bad
}

func (q Query) days() int {
	if q.Days == 0 {
		return defaultDays
	}
	return q.Days
}

// dates are the days to ask for, in order.
func (q Query) dates() []civil.Date {
	var all []civil.Date
	for n := range q.days() {
		d := q.From.AddDays(n)
		if d.Before(q.Now.Date) || len(q.Weekdays) > 0 && !slices.Contains(q.Weekdays, d.In(time.UTC).Weekday()) {
			continue
		}
		all = append(all, d)
	}
	return all
}

// plain reports that the EMR's own "next slot" answers the query's first line:
// it knows no start day and no other wish.
func (q Query) plain() bool {
	return q.From == q.Now.Date && q.After.IsZero() && q.Before.IsZero() && len(q.Weekdays) == 0
}

// offers reports that a start is inside the query and not past.
func (q Query) offers(d civil.Date, t civil.Time) bool {
	last := q.From.AddDays(q.days() - 1)
	if d.Before(q.From) || d.After(last) || !(civil.DateTime{Date: d, Time: t}).After(q.Now) {
		return false
	}
	return minuteOf(t) >= minuteOf(q.After) && (q.Before.IsZero() || minuteOf(t) < minuteOf(q.Before))
}
