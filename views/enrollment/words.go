package enrollment

import (
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

// lines are all lines of coverage in the order they are shown.
var lines = []anglehealth.Line{anglehealth.Medical, anglehealth.Dental, anglehealth.Vision}

// name is a member's, or the id of one of whom no name is known.
func name(m anglehealth.Member) string {
	full := strings.TrimSpace(m.FirstName.String() + " " + m.LastName.String())
	return named(full, m.ID)
}

func named(name string, id anglehealth.ID) string {
	if name == "" {
		return string(id)
	}
	return name
}

// who names a member of whom perhaps only the id is known.
func (v *View) who(id anglehealth.ID) string {
	if m, ok := v.met[id]; ok && m.FirstName.String()+m.LastName.String() != "" {
		return name(m)
	}
	return named(v.called[id], id)
}

// meet remembers for this session who the members of a family are.
func (v *View) meet(people []anglehealth.Demographics) {
	for _, d := range people {
		if full := strings.TrimSpace(d.Fields["first_name"] + " " + d.Fields["last_name"]); full != "" {
			v.called[d.ID] = safe.Clean(full)
		}
	}
}

// plan is a plan's name as it is shown, with a word where there is none.
func plan(name string) string {
	if name == "" {
		return "none"
	}
	return safe.Clean(name)
}

// told is a text, with words where the vendor says nothing.
func told(s string) string {
	if s == "" {
		return "not told"
	}
	return s
}

// moment is a time on the practice's clock.
func (v *View) moment(t time.Time) string { return t.In(v.env.Zone).Format("2006-01-02 15:04") }

// state is a state's sign and word.
func (v *View) state(s enroll.State) string {
	g := v.env.Theme.Glyph
	sign := map[enroll.State]string{
		enroll.Draft: g.Bullet, enroll.Queued: g.Held, enroll.Sent: g.Requested, enroll.Unknown: g.Unknown,
		enroll.Accepted: g.Seen, enroll.Verified: g.Confirmed, enroll.Mismatch: g.Differs, enroll.Failed: g.Cross,
	}[s]
	return sign + " " + string(s)
}

// tint repeats in colour what a state's sign and word say.
func (v *View) tint(s enroll.State) lipgloss.Style {
	th := v.env.Theme
	switch s {
	case enroll.Verified:
		return th.Good
	case enroll.Unknown, enroll.Mismatch, enroll.Failed:
		return th.Danger
	case enroll.Draft:
		return th.Muted
	}
	return th.Info
}

// below moves a cursor down by the lines drawn above its owner.
func below(c *tea.Cursor, lines int) *tea.Cursor {
	if c != nil {
		c.Y += lines
	}
	return c
}

// date reads a form's day; an empty one is zero.
func date(s string) civil.Date {
	d, _ := civil.ParseDate(s)
	return d
}

// far warns, behind lead, of a day that is more than a year away: most often a
// year that was mistyped.
func (v *View) far(lead string, d civil.Date) string {
	days := d.DaysSince(v.today())
	switch {
	case days > 366:
		return lead + v.env.Theme.Glyph.Warn + " That is more than a year from today: is the year right?"
	case days < -366:
		return lead + v.env.Theme.Glyph.Warn + " That is more than a year ago: is the year right?"
	}
	return ""
}

// landing is what a finding of the client means to the outbox. Absence proves
// something only once the write can no longer be under way.
func (v *View) landing(f anglehealth.Finding, err error, since time.Time) (ui.Landing, error) {
	switch {
	case err != nil:
		return ui.CannotTell, err
	case f.Verdict == anglehealth.Landed:
		return ui.Landed, nil
	case f.Verdict == anglehealth.DidNot && v.env.Now().Sub(since) > v.opt.Settling:
		return ui.DidNot, nil
	}
	return ui.CannotTell, nil
}

// lost closes the form of a write whose answer did not arrive, so that nobody
// sends it a second time from there, and has it read back at once. The outbox
// keeps what was sent.
func (v *View) lost(err error, f *ui.FormDialog) (bool, tea.Cmd) {
	var e *rest.Error
	if !errors.As(err, &e) || !e.Ambiguous {
		return false, nil
	}
	if f != nil {
		f.Sent()
	}
	v.env.Fail("The answer did not arrive: it may have landed. It stands in the outbox as UNKNOWN, is not sent again by itself, and is looked for now.")
	return true, v.env.LookBack()
}

// unread is a write that was done and whose effect could not be read.
type unread struct{ cause error }

func (e *unread) Error() string { return "done, but not read back: " + e.cause.Error() }
func (e *unread) Unwrap() error { return e.cause }

// Landed tells that the write itself is done.
func (e *unread) Landed() bool { return true }

// UserMessage says so.
func (e *unread) UserMessage() string {
	return "Angle Health recorded it, but what it shows now could not be read, so it is not verified. " + rest.UserMessage(e.cause)
}

// scroll is a text of lines in a window, moved line by line.
type scroll struct{ top, height int }

// wheel moves by the mouse.
func (s *scroll) wheel(msg tea.MouseWheelMsg) {
	switch msg.Button {
	case tea.MouseWheelUp:
		s.top--
	case tea.MouseWheelDown:
		s.top++
	}
}

// window is the part of the lines that fits, with a last line that says how many
// more there are.
func (s *scroll) window(lines []string) string {
	height := max(1, s.height)
	if len(lines) <= height || height < 3 {
		s.top = max(0, min(s.top, len(lines)-height))
		return strings.Join(lines[s.top:min(len(lines), s.top+height)], "\n")
	}
	height--
	s.top = max(0, min(s.top, len(lines)-height))
	shown := slices.Clone(lines[s.top : s.top+height])
	var more []string
	if s.top > 0 {
		more = append(more, ui.Count(s.top, "line", "lines")+" above")
	}
	if below := len(lines) - s.top - height; below > 0 {
		more = append(more, ui.Count(below, "line", "lines")+" below, j and k scroll")
	}
	return strings.Join(append(shown, " "+strings.Join(more, ", ")), "\n")
}

// labelled is a line with a label at its left.
func (v *View) labelled(label, value string) string {
	th := v.env.Theme
	return " " + th.Muted.Render(th.Pad(label, 12)) + " " + value
}
