package booking

import (
	"fmt"
	"strings"
	"time"

	"github.com/golang-sql/civil"
)

// american are the zone names people in North America use, by abbreviation.
var american = map[string][2]string{
	"EST": {"Eastern", "ET"}, "EDT": {"Eastern", "ET"},
	"CST": {"Central", "CT"}, "CDT": {"Central", "CT"},
	"MST": {"Mountain", "MT"}, "MDT": {"Mountain", "MT"},
	"PST": {"Pacific", "PT"}, "PDT": {"Pacific", "PT"},
	"AKST": {"Alaska", "AKT"}, "AKDT": {"Alaska", "AKT"},
	"HST": {"Hawaii", "HT"}, "HDT": {"Hawaii", "HT"},
	"AST": {"Atlantic", "AT"}, "ADT": {"Atlantic", "AT"},
	"NST": {"Newfoundland", "NT"}, "NDT": {"Newfoundland", "NT"},
}

// zone looks up the two names of t's zone, if it is an American one.
func zone(t time.Time) ([2]string, bool) {
	place := t.Location().String()
	abbr, _ := t.Zone()
	names, ok := american[abbr]
	for _, prefix := range []string{"America/", "US/", "Canada/", "Pacific/"} {
		if ok && strings.HasPrefix(place, prefix) {
			return names, true
		}
	}
	return names, false
}

// ZoneWords is how the zone of t is spoken: Eastern, London time, UTC.
func ZoneWords(t time.Time) string {
	if names, ok := zone(t); ok {
		return names[0]
	}
	place := t.Location().String()
	if i := strings.LastIndexByte(place, '/'); i >= 0 {
		return strings.ReplaceAll(place[i+1:], "_", " ") + " time"
	}
	return ZoneShort(t)
}

// ZoneShort is how the zone of t is written: ET, CET, UTC+03.
func ZoneShort(t time.Time) string {
	if names, ok := zone(t); ok {
		return names[1]
	}
	abbr, _ := t.Zone()
	if strings.ContainsAny(abbr, "+-0123456789") || abbr == "" {
		return "UTC" + t.Format("-07")
	}
	return abbr
}

var small = []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
	"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}

var tens = []string{"", "", "twenty", "thirty", "forty", "fifty"}

// spokenTime says a time of day: nine in the morning, ten fifteen in the
// morning, half past two in the afternoon.
func spokenTime(t civil.Time) string {
	if t.Minute == 0 && t.Hour == 0 {
		return "midnight"
	}
	if t.Minute == 0 && t.Hour == 12 {
		return "twelve noon"
	}
	hour := small[(t.Hour+11)%12+1]
	part := " in the evening"
	switch {
	case t.Hour < 5:
		part = " at night"
	case t.Hour < 12:
		part = " in the morning"
	case t.Hour < 17:
		part = " in the afternoon"
	}
	switch {
	case t.Minute == 0:
		return hour + part
	case t.Minute == 30:
		return "half past " + hour + part
	case t.Minute < 10:
		return hour + " oh " + small[t.Minute] + part
	case t.Minute < 20:
		return hour + " " + small[t.Minute] + part
	}
	words := tens[t.Minute/10]
	if one := t.Minute % 10; one > 0 {
		words += "-" + small[one]
	}
	return hour + " " + words + part
}

// spokenDay says a day: Tuesday, March 10th.
func spokenDay(d civil.Date) string {
	t := d.In(time.UTC)
	return fmt.Sprintf("%s, %s %s", t.Weekday(), t.Month(), ordinal(d.Day))
}

// ordinal is 1st, 2nd, 3rd, 11th.
func ordinal(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return fmt.Sprint(n, end)
}

// length says minutes: 30 minutes, one hour, one hour and 15 minutes.
func length(minutes int) string {
	hours, rest := minutes/60, minutes%60
	var words []string
	switch {
	case hours == 1:
		words = append(words, "one hour")
	case hours > 1:
		words = append(words, small[hours]+" hours")
	}
	switch {
	case rest == 1:
		words = append(words, "1 minute")
	case rest > 1:
		words = append(words, fmt.Sprint(rest, " minutes"))
	}
	return strings.Join(words, " and ")
}
