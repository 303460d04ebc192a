package booking

import (
	"fmt"
	"time"

	"github.com/golang-sql/civil"
)

// minuteOf is the minute of the day, 0 to 1439.
func minuteOf(t civil.Time) int { return t.Hour*60 + t.Minute }

// clock shows a time of day as 09:00.
func clock(t civil.Time) string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

// plus adds minutes by the calendar alone: no zone, every day has 24 hours.
func plus(dt civil.DateTime, minutes int) civil.DateTime {
	return civil.DateTimeOf(dt.In(time.UTC).Add(time.Duration(minutes) * time.Minute))
}

const civilLayout = "2006-01-02T15:04:05"

// text is the stored form of a civil time; it sorts as the times do.
func text(dt civil.DateTime) string { return dt.In(time.UTC).Format(civilLayout) }

// parse reads what text wrote.
func parse(s string) (civil.DateTime, error) {
	t, err := time.Parse(civilLayout, s)
	return civil.DateTimeOf(t), err
}

// Gap reports that a time never happens in the zone: 02:30 on the night clocks
// go forward.
func Gap(d civil.Date, t civil.Time, zone *time.Location) bool {
	dt := civil.DateTime{Date: d, Time: t}
	return civil.DateTimeOf(dt.In(zone)) != dt
}

// Twice reports that a time happens twice in the zone: 01:30 on the night
// clocks go back.
func Twice(d civil.Date, t civil.Time, zone *time.Location) bool {
	dt := civil.DateTime{Date: d, Time: t}
	at := dt.In(zone)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	for _, other := range []time.Time{start.Add(-time.Second), end} {
		if other.IsZero() || start.IsZero() && other.Before(at) {
			continue
		}
		_, off := other.Zone()
		again := at.Add(time.Duration(offset-off) * time.Second)
		if !again.Equal(at) && civil.DateTimeOf(again.In(zone)) == dt {
			return true
		}
	}
	return false
}
