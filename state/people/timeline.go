package people

import (
	"regexp"
	"strings"
	"sync"

	"frontdesk/clients/safe"
)

// Event is one line of a person's notes. Code and Verb are empty for a line
// that frontdesk did not write.
type Event struct {
	Code, Verb string
	Text       safe.Text // what stands behind them, or the whole line
}

var codedLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*\[FD ([0-9A-Z-]{2,24})\] ([A-Z]{2,8})\b\s*(.*)$`)
})

// verbs are the words of coded lines.
var verbs = map[string]string{
	"REQ": "visit requested", "CXL": "visit called off", "MOV": "visit moved", "BOOKED": "visit confirmed",
	"IMP": "imported",
}

// Says is what a coded line reports, in words.
func (e Event) Says() string {
	if words, ok := verbs[e.Verb]; ok {
		return words
	}
	return strings.ToLower(e.Verb)
}

// Timeline takes notes apart, line by line in their order; coded reports
// whether frontdesk wrote any of them.
func Timeline(notes safe.Long) (events []Event, coded bool) {
	for _, line := range strings.Split(notes.String(), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if m := codedLine().FindStringSubmatch(line); m != nil {
			events, coded = append(events, Event{Code: m[1], Verb: m[2], Text: safe.Line(m[3])}), true
			continue
		}
		events = append(events, Event{Text: safe.Line(line)})
	}
	return events, coded
}
