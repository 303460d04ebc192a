package form

import (
	"fmt"
	"strconv"
	"strings"
)

// ClockField is a time of day. Its value is HH:MM of 24 hours.
type ClockField struct{ typed[*ClockField] }

// Clock makes a field for a time of day, typed like 9, 930, 9:30, 9am or
// 14:30. Without am or pm it counts 24 hours, and says so beside the field.
func Clock(name, label string) *ClockField {
	f := new(ClockField)
	f.typed = newTyped(f, name, label, 10)
	f.read = readClock
	f.emptyRemedy = "no time is typed. Type it like 9:30, 930, 2pm or 14:30."
	return f
}

var clockShape = shape(`^(\d{1,2}):?(\d\d)?(?::00)?(am?|pm?)?$`)

func readClock(s string) reading {
	spoken := strings.NewReplacer(" ", "", ".", "", "noon", "12:00", "midnight", "00:00").Replace(strings.ToLower(s))
	bad := reading{text: s, fault: "“" + s + "” is not a time of day. Type it like 9:30, 930, 2pm or 14:30."}
	m := clockShape().FindStringSubmatch(spoken)
	if m == nil {
		return bad
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi("0" + m[2])
	if half := m[3]; half != "" {
		if hour < 1 || hour > 12 {
			return bad
		}
		hour %= 12
		if half[0] == 'p' {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 {
		return bad
	}
	half, dial := "AM", hour%12
	if hour >= 12 {
		half = "PM"
	}
	if dial == 0 {
		dial = 12
	}
	value := fmt.Sprintf("%02d:%02d", hour, minute)
	return reading{value: value, text: value, hint: fmt.Sprintf("%d:%02d %s", dial, minute, half)}
}
