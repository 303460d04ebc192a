package connections

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"frontdesk/clients/safe"
	"frontdesk/state/desk"
)

// word is an entry's state; one that waits for a person says so.
func (v *View) word(it desk.Item) string {
	g := v.env.Theme.Glyph
	switch {
	case it.State == desk.Unknown:
		return g.Unknown + " UNKNOWN"
	case it.Waiting:
		return g.Warn + " waits"
	case it.State == desk.Refused:
		return g.Cross + " refused"
	case it.State == desk.Done:
		return g.Ok + " done"
	}
	return "  " + string(it.State)
}

func (v *View) stateTint(it desk.Item) lipgloss.Style {
	th := v.env.Theme
	switch {
	case it.State == desk.Unknown, it.State == desk.Refused:
		return th.Danger
	case it.Waiting, it.State == desk.Queued, it.State == desk.Sending:
		return th.Warn
	case it.State == desk.Done:
		return th.Good
	}
	return th.Muted
}

// byCommand ends the names of what subcommands send; entries on the disk are
// found by these names.
const byCommand = " by command"

// sameDeeds are what the tabs call a deed that a subcommand names otherwise.
var sameDeeds = map[string]string{
	"create payment": "record payment", "set status": "status", "report event": "change coverage", "change demographics": "change person",
}

// deed is what an entry does in the tabs' words, with a mark before those of a
// subcommand, where a narrow column does not cut it off.
func deed(it desk.Item) string {
	op, ok := strings.CutSuffix(it.Op, byCommand)
	if !ok {
		return op
	}
	if same := sameDeeds[op]; same != "" {
		op = same
	}
	return "cmd " + op
}

// subject is what an entry does, to what and where, in a sentence.
func (v *View) subject(it desk.Item) string {
	words := deed(it)
	if it.Record != "" {
		words += " (record " + safe.Clean(it.Record) + ")"
	}
	return words + " at " + v.vendor(it.Vendor)
}

// happened is what the person should know, in a line.
func happened(it desk.Item) string {
	switch {
	case it.Words != "":
		return safe.Clean(it.Words)
	case it.Lost:
		return "its content can no longer be read"
	case it.State == desk.Unknown:
		return "it may have landed"
	case it.Waiting:
		return "was not sent; waits for you"
	case it.State == desk.Queued:
		return "can be taken back for " + long(it.Left)
	}
	return ""
}

// found says what reading back has settled.
func found(it desk.Item) string {
	switch it.State {
	case desk.Done:
		return "It landed: the vendor has it."
	case desk.Unknown:
		return "The vendor's answer does not settle it. Look there yourself, then press L or D."
	}
	return "It did not land. It waits, to be sent again or taken back."
}

// detail is all that may be shown of an entry: what it is, not what it holds.
func (p *outboxPage) detail(it desk.Item) string {
	lines := []string{
		"State      " + it.State.Word() + ", since " + p.v.clock(it.Changed),
		"Confirmed  " + p.v.clock(it.Created),
		"Class      " + it.Class,
		"Sent       " + times(it.Attempt),
	}
	if it.Record != "" {
		lines = append(lines, "Record     "+safe.Clean(it.Record))
	}
	if strings.HasSuffix(it.Op, byCommand) {
		lines = append(lines, "From       a subcommand (cmd), not a tab")
	}
	words := happened(it)
	if it.Words != "" { // uncut
		words = safe.Paragraphs(it.Words).String()
	}
	if words != "" {
		lines = append(lines, "", words)
	}
	return strings.Join(lines, "\n")
}

func times(n int64) string {
	switch n {
	case 0:
		return "not yet"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
