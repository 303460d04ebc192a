package ui

import (
	"regexp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// revealTime is how long personal data stays readable after it was asked for.
const revealTime = 20 * time.Second

// reveal is whose personal data is shown in full; nobody's: empty.
type reveal struct {
	records []string
	gen     int
}

type revealOverMsg struct{ gen int }

// Reveal shows the birth date, phones and e-mail address of these records, and
// of no other, in full for 20 seconds or until another tab is opened; or hides
// them again. Each is an event of the audit trail; a record is the vendor's id
// of whose data it is, and "" nobody.
func (e *Env) Reveal(records ...string) tea.Cmd {
	var of []string
	for _, r := range records {
		if r != "" && !slices.Contains(of, r) {
			of = append(of, r)
		}
	}
	again := slices.Equal(of, e.reveal.records)
	e.veil()
	if again {
		return nil
	}
	e.reveal.records = of
	for _, r := range of {
		e.Trace("reveal", r)
	}
	return e.After(revealTime, revealOverMsg{e.reveal.gen})
}

// veil hides what is revealed.
func (e *Env) veil() { e.reveal = reveal{gen: e.reveal.gen + 1} }

// revealed reports that a record was asked for.
func (e *Env) revealed(record string) bool { return slices.Contains(e.reveal.records, record) }

// Trace records what somebody did with data on the screen.
func (e *Env) Trace(op, record string) {
	if e.Audit != nil {
		e.Audit(op, record)
	}
}

var year = regexp.MustCompile(`(^|\D)((?:19|20)\d\d)(\D|$)`)

// Birth shows of a record's birth date only the year, unless the record was
// asked for.
func (e *Env) Birth(record, date string) string {
	if e.revealed(record) || date == "" {
		return date
	}
	if m := year.FindStringSubmatch(date); m != nil {
		return m[2] + "-**-**"
	}
	return "****"
}

// Ending shows of a record's phone number only its last four characters, unless
// the record was asked for.
func (e *Env) Ending(record, number string) string {
	runes := []rune(number)
	if e.revealed(record) || number == "" {
		return number
	}
	if len(runes) < 8 {
		return "****"
	}
	return "***" + string(runes[len(runes)-4:])
}

// Mail shows of a record's e-mail address only its first letter and its domain,
// unless the record was asked for.
func (e *Env) Mail(record, address string) string {
	if e.revealed(record) || address == "" {
		return address
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return "****"
	}
	return string([]rune(address)[:1]) + "***" + address[at:]
}

// Veil shows nothing of a record's text but that there is one, unless the record
// was asked for.
func (e *Env) Veil(record, text string) string {
	if e.revealed(record) || text == "" {
		return text
	}
	return "****"
}
