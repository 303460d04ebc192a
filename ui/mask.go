package ui

import (
	"regexp"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// revealTime is how long personal data stays readable after it was asked for.
const revealTime = 20 * time.Second

// reveal is whether personal data is shown in full.
type reveal struct {
	on  bool
	gen int
}

type revealOverMsg struct{ gen int }

// Reveal shows birth dates, phones and e-mail addresses in full for 20 seconds,
// or hides them again. It is an event of the audit trail; record says whose
// data it was.
func (e *Env) Reveal(record string) tea.Cmd {
	e.reveal.gen++
	e.reveal.on = !e.reveal.on
	if !e.reveal.on {
		return nil
	}
	e.Trace("reveal", record)
	return e.After(revealTime, revealOverMsg{e.reveal.gen})
}

// Trace records what somebody did with data on the screen.
func (e *Env) Trace(op, record string) {
	if e.Audit != nil {
		e.Audit(op, record)
	}
}

var year = regexp.MustCompile(`(^|\D)((?:19|20)\d\d)(\D|$)`)

// Birth shows of a birth date only the year, unless it was asked for.
func (e *Env) Birth(date string) string {
	if e.reveal.on || date == "" {
		return date
	}
	if m := year.FindStringSubmatch(date); m != nil {
		return m[2] + "-**-**"
	}
	return "****"
}

// Ending shows of a phone number only its last four characters, unless it was
// asked for.
func (e *Env) Ending(number string) string {
	runes := []rune(number)
	if e.reveal.on || number == "" {
		return number
	}
	if len(runes) < 8 {
		return "****"
	}
	return "***" + string(runes[len(runes)-4:])
}

// Mail shows of an e-mail address only its first letter and its domain, unless
// it was asked for.
func (e *Env) Mail(address string) string {
	if e.reveal.on || address == "" {
		return address
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return "****"
	}
	return string([]rune(address)[:1]) + "***" + address[at:]
}

// Veil shows nothing of a text but that there is one, unless it was asked for.
func (e *Env) Veil(text string) string {
	if e.reveal.on || text == "" {
		return text
	}
	return "****"
}
