package slots

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/safe"
	"frontdesk/state/booking"
	"frontdesk/ui/theme"
)

type ctx = context.Context

var errCancelled = context.Canceled

// day is a date as the desk says it: Tue 10 Mar.
func day(d civil.Date) string { return d.In(time.UTC).Format("Mon 02 Jan") }

// clock is a time of day without seconds.
func clock(t civil.Time) string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

// age is how old an answer is, in one short word.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	}
	return fmt.Sprintf("%dh", int(d.Hours()))
}

// left is a countdown.
func countdown(d time.Duration) string {
	d = max(0, d.Round(time.Second))
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// when names a visit by day, time and provider.
func (v *View) when(b booking.Booking) string {
	return fmt.Sprintf("%s %s, %d min, %s", day(b.Date), clock(b.Time), b.Duration, v.provider(b.Provider))
}

// owner says whose claim it is and, while it is only held, for how long as of
// when it was read.
func (v *View) owner(b booking.Booking) string {
	who := safe.Clean(b.Owner.User)
	if b.Owner.Same(v.opt.Actor) {
		who = "you"
	}
	if b.State == booking.Held {
		return who + " " + countdown(b.Left)
	}
	return who
}

// glyph is the sign beside a state's word.
func glyph(g theme.Glyphs, s booking.State) string {
	switch s {
	case booking.Held:
		return g.Held
	case booking.Requested:
		return g.Requested
	case booking.Seen:
		return g.Seen
	case booking.Confirmed:
		return g.Confirmed
	case booking.Lost:
		return g.Lost
	case booking.Partial:
		return g.Partial
	case booking.Differs:
		return g.Differs
	case booking.Overdue, booking.Clash:
		return g.Overdue
	case booking.Vanished:
		return g.Vanished
	case booking.Expired:
		return g.Expired
	case booking.Released:
		return g.Released
	case booking.Cancelled:
		return g.Cancelled
	}
	return g.Unknown
}

// state is a state's glyph and word.
func (v *View) state(s booking.State) string { return glyph(v.env.Theme.Glyph, s) + " " + s.Word() }

// tint repeats in colour what a state's glyph and word say.
func (v *View) tint(s booking.State) lipgloss.Style {
	th := v.env.Theme
	switch s {
	case booking.Confirmed, booking.Seen:
		return th.Good
	case booking.Held, booking.Requested:
		return th.Info
	case booking.Expired, booking.Released, booking.Cancelled:
		return th.Muted
	}
	return th.Danger
}

// below moves a cursor down by the lines drawn above its owner.
func below(c *tea.Cursor, lines int) *tea.Cursor {
	if c != nil {
		c.Y += lines
	}
	return c
}

func dateValue(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func clockValue(t civil.Time) string {
	if t.IsZero() {
		return ""
	}
	return clock(t)
}

// timeValue reads a form's HH:MM; an empty one is the open zero.
func timeValue(s string) civil.Time {
	t, _ := civil.ParseTime(s + ":00")
	return t
}

// end is the first moment after an opening.
func end(o booking.Opening) civil.DateTime {
	return civil.DateTimeOf(o.Start().In(time.UTC).Add(time.Duration(o.Duration) * time.Minute))
}
