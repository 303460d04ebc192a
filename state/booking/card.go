package booking

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// cardWidth is the widest line of a card, in cells.
const cardWidth = 78

// Card is the text for the person who types the visit into the EMR, or takes
// it out there: plain lines of at most 78 columns. person is the patient's
// name; empty when it is not to be shown.
func (b *Book) Card(r Booking, p naturaesoft.Provider, person string) string {
	at := r.Start().In(b.o.Zone)
	who := "EMR record " + string(r.Prospect)
	if person = safe.Clean(person); person != "" {
		who = person + " (" + who + ")"
	}
	head := "ENTER THIS VISIT IN THE EMR"
	if r.State == Cancelled {
		head = "REMOVE THIS VISIT FROM THE EMR"
	}
	c := card{}
	c.raw(head + strings.Repeat(" ", max(1, cardWidth-len(head)-len(r.Code)-3)) + "FD " + r.Code)
	c.raw(strings.Repeat("-", cardWidth))
	c.line("Practice", b.o.Practice)
	c.line("Person", who)
	c.line("Provider", with(p)+" (id "+string(r.Provider)+")")
	c.line("Date", at.Format("Monday, January 2, 2006"))
	c.line("Time", fmt.Sprintf("%s to %s %s", clock(r.Time), clock(r.End().Time), ZoneWords(at)))
	c.line("Length", length(r.Duration))
	c.line("Type", r.VisitType)
	c.line("On schedule", string(r.Visit))
	c.line("Difference", b.difference(r))
	c.line("State", r.State.Word())
	c.line("Reason", Why(r.Reason).Words())
	c.line("Override", r.Override)
	c.line("Asked by", r.Owner.String()+", "+b.wall(r.Created))
	return c.String()
}

// difference describes a visit that is not what was asked for.
func (b *Book) difference(r Booking) string {
	if r.State != Differs {
		return ""
	}
	return r.Difference()
}

// wall shows a moment in the practice's zone.
func (b *Book) wall(t time.Time) string {
	t = t.In(b.o.Zone)
	return t.Format("2006-01-02 15:04 ") + ZoneShort(t)
}

// card collects labelled lines.
type card struct{ strings.Builder }

func (c *card) raw(s string) { c.WriteString(s + "\n") }

// line adds a label and its text, wrapped under itself; nothing when the text
// is empty.
func (c *card) line(label, text string) {
	if text == "" {
		return
	}
	const indent = 13
	for i, part := range strings.Split(ansi.Wrap(text, cardWidth-indent, ""), "\n") {
		if i > 0 {
			label = ""
		}
		c.raw(fmt.Sprintf("%-*s%s", indent, label, part))
	}
}
