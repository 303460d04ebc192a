package tickets

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/state/tickets"
	"frontdesk/ui/form"
)

// careID is a key's number at Connect4Healthcare, 0 when it is none: the
// client refuses that.
func careID(s string) connect4healthcare.ID {
	n, _ := strconv.ParseInt(s, 10, 64)
	return connect4healthcare.ID(n)
}

// justNow is the word for less than a minute.
const justNow = "now"

// span is a stretch of time in one short word.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return justNow
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

// ago is how long ago a moment was, "?" when it is not known.
func (v *View) ago(t time.Time) string {
	if t.IsZero() {
		return "?"
	}
	return span(v.env.Now().Sub(t))
}

// before is the same in a sentence.
func (v *View) before(t time.Time) string {
	switch words := v.ago(t); words {
	case "?":
		return "at a time not told"
	case justNow:
		return "just " + words
	default:
		return words + " ago"
	}
}

// when is a moment in the practice's zone.
func (v *View) when(t time.Time) string {
	if t.IsZero() {
		return "at a time not told"
	}
	return t.In(v.env.Zone).Format("Mon 02 Jan 15:04")
}

// waits is how long somebody has waited for us. A "<" says that the
// conversation has not been read: it is no longer than that.
func (v *View) waits(t *tickets.Ticket) string {
	since, clock := t.Waiting()
	ago := v.ago(since)
	switch {
	case clock == tickets.Stopped && t.Closed():
		return "closed"
	case clock == tickets.Stopped:
		return "-"
	case clock == tickets.Guessed && ago != justNow:
		return "< " + ago
	}
	return ago
}

// waiting is the same as a sentence.
func (v *View) waiting(t *tickets.Ticket) string {
	since, clock := t.Waiting()
	switch {
	case t.Closed() && tickets.Same(t.Status.Raw(), "closed"):
		return "" // the status says it
	case t.Closed():
		return "closed"
	case clock == tickets.Stopped:
		return "we answered " + v.before(since)
	case since.IsZero():
		return "waits, since when is not told"
	case v.ago(since) == justNow:
		return "waits since just now"
	case clock == tickets.Guessed:
		return "waits no longer than " + v.ago(since)
	}
	return "waits " + v.ago(since)
}

// news is the mark of a ticket that changed, with the number of new comments
// where it is known.
func (v *View) news(t *tickets.Ticket) string {
	if !v.unread(t) {
		return ""
	}
	if n := v.fresh(t); n > 0 {
		return "+" + strconv.Itoa(n)
	}
	return v.env.Theme.Glyph.Unread
}

// last is who spoke last and when.
func (v *View) last(t *tickets.Ticket) string {
	c, ok := t.Last()
	switch {
	case ok && !c.On.Before(t.Answered):
		who := dash(c.By)
		if c.Ours {
			who = "we"
		}
		return v.ago(c.On) + " " + who
	case !t.Answered.IsZero():
		return v.ago(t.Answered) + " we"
	case t.Talk == nil:
		return ""
	case t.Talk.Hidden: // there may be general comments
		return "none shown"
	}
	return "nobody yet"
}

// status is a ticket's status; one that is on its way says so.
func (v *View) status(t *tickets.Ticket) string {
	s := dash(t.Status)
	if m, ok := v.moving[t.Key]; ok {
		if m.doubt {
			return "? " + s
		}
		return s + v.env.Theme.Glyph.Ellipsis
	}
	return s
}

// tint repeats in colour what urgency and waiting say in words.
func (v *View) tint(t *tickets.Ticket) lipgloss.Style {
	th := v.env.Theme
	_, clock := t.Waiting()
	switch {
	case clock == tickets.Stopped:
		return th.Muted
	case t.Level >= 3:
		return th.Warn
	}
	return th.Text
}

// named is a ticket in a sentence.
func named(t *tickets.Ticket) string {
	return fmt.Sprintf("%s %s, %s", t.Source.Badge(), t.ID, t.Subject)
}

// short is the same in few cells.
func short(k tickets.Key) string { return k.Source.Badge() + " " + k.ID }

// joined puts what is not empty in one line.
func joined(gap string, parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, gap)
}

// sortOptions orders choices by what a person reads.
func sortOptions(all []form.Option) {
	slices.SortFunc(all, func(a, b form.Option) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)), strings.Compare(a.Value, b.Value))
	})
}
