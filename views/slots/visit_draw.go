package slots

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
)

func (p *visit) View() string {
	if p.search.open {
		return p.head() + "\n\n" + p.search.view()
	}
	return p.head() + "\n\n" + p.story()
}

// above is how many lines stand over the search or the story.
func (p *visit) above() int { return strings.Count(p.head(), "\n") + 2 }

// head is the claim and its three steps.
func (p *visit) head() string {
	th, b := p.v.env.Theme, p.b
	state := p.v.tint(b.State).Render(p.v.state(b.State))
	if b.State == booking.Held {
		state += " " + th.Strong.Render(countdown(p.left()))
	}
	lines := []string{
		th.Truncate(fmt.Sprintf(" %s  %s", state, th.Strong.Render(p.v.when(b))), p.width),
		th.Truncate(th.Muted.Render(fmt.Sprintf(" %s  code %s  times are the practice's, %s", b.VisitType, b.Code, p.zone())), p.width),
		p.step(1, "Person", p.personWords(), b.Prospect != ""),
		p.step(2, "Read back", p.readWords(), p.read || sent(b.State)),
		p.step(3, "Request", sentences[b.State], sent(b.State) && b.State != booking.Unknown && b.State != booking.Cancelled),
	}
	if p.old != nil {
		lines = append(lines, th.Truncate(th.Warn.Render(" once seen on the schedule, it replaces "+p.v.when(*p.old)), p.width))
	}
	return strings.Join(lines, "\n")
}

func (p *visit) zone() string {
	return p.b.Date.In(p.v.env.Zone).Add(time.Duration(p.b.Time.Hour) * time.Hour).Format("MST")
}

func (p *visit) step(n int, name, words string, done bool) string {
	th := p.v.env.Theme
	mark := " "
	if done {
		mark = th.Good.Render(th.Glyph.Ok)
	}
	const before = 16
	words = strings.ReplaceAll(ansi.Wrap(words, max(1, p.width-before), " "), "\n", "\n"+strings.Repeat(" ", before))
	return fmt.Sprintf(" %s %d %s %s", mark, n, th.Pad(name, 10), words)
}

func (p *visit) personWords() string {
	if p.b.Prospect == "" {
		return p.v.env.Theme.Muted.Render("nobody yet")
	}
	words := p.v.person(p.b.Prospect)
	if person, ok := p.v.people[p.b.Prospect]; ok {
		words += p.v.env.Theme.Muted.Render("  " + p.v.known(person))
	}
	return words
}

// known is what tells two people of one name apart.
func (v *View) known(p naturaesoft.Prospect) string {
	var parts []string
	for _, t := range []string{v.env.Birth(string(p.ID), p.DOB.String()), v.env.Ending(string(p.ID), firstOf(p.CellPhone, p.Phone, p.SMSPhone)), v.env.Mail(string(p.ID), p.EMail.String())} {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, "  ")
}

func (p *visit) readWords() string {
	switch {
	case p.read:
		return "the caller agreed"
	case p.b.State == booking.Held:
		return p.v.env.Theme.Muted.Render("not yet")
	}
	return ""
}

// sent reports that a visit in this state was requested, or may have been.
func sent(s booking.State) bool {
	return s != booking.Held && s != booking.Lost && s != booking.Expired && s != booking.Released
}

// sentences says for every state what it means and what comes next.
var sentences = map[booking.State]string{
	booking.Held:      "not sent; y requests it",
	booking.Requested: "in the notes; c copies the card for the EMR",
	booking.Seen:      "on the schedule; compare with the EMR, then C confirms",
	booking.Confirmed: "confirmed by a person",
	booking.Lost:      "the EMR gave the time away; hold another",
	booking.Partial:   "requested, but the tag is missing; u tries to find out",
	booking.Unknown:   "sent, not answered: it may have landed; u finds out",
	booking.Differs:   "the schedule shows something else",
	booking.Overdue:   "not on the schedule by its deadline; ask who enters visits",
	booking.Clash:     "a colleague has this time too: X calls it off, K keeps both",
	booking.Vanished:  "was on the schedule and is gone; call the person",
	booking.Expired:   "ran out, nothing sent; enter holds it again",
	booking.Released:  "given back; enter holds it again",
	booking.Cancelled: "called off",
}

// story is what the desk should know about the visit, newest last.
func (p *visit) story() string {
	th, b := p.v.env.Theme, p.b
	var lines []string
	alarm := func(glyph, words string) { // not cut: what to do may stand at its end
		words = ansi.Wrap(glyph+" "+words, max(1, p.width-3), " ")
		for l := range strings.SplitSeq(strings.ReplaceAll(words, "\n", "\n  "), "\n") {
			lines = append(lines, th.Danger.Render(" "+l))
		}
	}
	if b.Unchecked() && b.State == booking.Held && len(b.Warnings) == 0 {
		alarm(th.Glyph.Warn, "The EMR was not asked yet whether this time is free; r asks it.")
	}
	if d := b.Difference(); d != "" && b.State == booking.Differs {
		alarm(th.Glyph.Differs, d)
	}
	for _, w := range b.Warnings {
		alarm(th.Glyph.Warn, w)
	}
	if why := p.v.book.Halted(); why != "" {
		alarm(th.Glyph.Cross, why+" No person is written to from here until the program is started anew.")
	}
	if len(p.steps) > 0 {
		lines = append(lines, th.Title.Render(" What happened"))
	}
	room := max(1, p.height-p.above()-len(lines))
	for _, s := range p.steps[max(0, len(p.steps)-room):] {
		lines = append(lines, th.Muted.Render(fmt.Sprintf(" %s  %s  %s %s",
			s.At.In(p.v.env.Zone).Format("15:04:05"), s.Who, stepWords(s.Step), s.Outcome)))
	}
	for i := range lines {
		lines[i] = th.Truncate(lines[i], p.width)
	}
	return strings.Join(lines, "\n")
}

// stepWords are the journal's steps as the desk calls them.
func stepWords(step string) string {
	switch step {
	case "check":
		return "EMR asked:"
	case "put":
		return "note in the EMR:"
	case "tag", "untag":
		return step + " in the EMR:"
	case "person", "schedule":
		return step + ":"
	}
	return step
}
