package connect4healthcare

import (
	"slices"
	"strings"
	"time"
)

// Evidence is what a reading says about a write whose outcome is unknown.
type Evidence uint8

// The evidence. Absent is from the moment of the reading: a request still on
// its way can land afterwards, so a resend is for a person to decide, and only
// after a reading that began when the request had been given up for some time.
const (
	CannotTell Evidence = iota
	Present
	Absent
)

// String returns the evidence as words.
func (e Evidence) String() string {
	switch e {
	case Present:
		return "present"
	case Absent:
		return "absent"
	}
	return "cannot tell"
}

// doubt is how far the vendor's clock may be off what Health knows of it: its
// times and its Date header are whole seconds, read at different moments.
const doubt = 2 * time.Second

// Since is a moment of this machine on the vendor's clock, a little early: the
// earliest time a write begun at start can bear.
func (c *Client) Since(start time.Time) time.Time {
	return start.Add(c.transport.Health().Skew - doubt).Truncate(time.Second)
}

// FindTicket looks for a ticket whose creation had no answer, in a list read
// afterwards: those with its title and resident, created at or after since (see
// Client.Since). Spaces are not compared, and what a ticket does not tell of
// the three may fit.
//
// One found is Present, none is Absent. Several are CannotTell, since a
// colleague may have created the same ticket; so is one that does not tell all
// three, which may be another. It cannot see who created a ticket: the one found
// may be a colleague's too.
func FindTicket(tickets []Ticket, t NewTicket, since time.Time) ([]Ticket, Evidence) {
	var found []Ticket
	for _, other := range tickets {
		who := other.Resident == t.Resident || other.Resident == 0
		what := sameText(other.Title.Raw(), t.Title) || other.Title.Empty()
		if who && what && notBefore(other.CreatedAt, since) {
			found = append(found, other)
		}
	}
	switch {
	case len(found) == 0:
		return nil, Absent
	case len(found) == 1 && found[0].Resident != 0 && !found[0].Title.Empty() && !found[0].CreatedAt.IsZero():
		return found, Present
	}
	return found, CannotTell
}

// FindComment looks for a comment whose sending had no answer, in the ticket
// read afterwards: by text, written at or after since. Spaces are not compared.
// Category 0 is a general comment.
//
// It is CannotTell where the vendor shows no such place: general comments as a
// rule (C4-13), a category the ticket does not list, another ticket than the
// one asked for; where the text is there and its time is not told, or a comment
// is there and its text is not. One found may be a colleague's with the same
// words.
func FindComment(d Detail, category ID, text string, since time.Time) Evidence {
	var places [][]Comment
	if category == 0 && d.CommentsKnown {
		places = append(places, d.Comments)
	}
	for _, s := range d.Categories {
		if category != 0 && s.ID == category {
			places = append(places, s.Comments)
		}
	}
	if len(places) == 0 || d.Foreign() {
		return CannotTell
	}
	evidence := Absent
	for _, c := range slices.Concat(places...) {
		switch {
		case !notBefore(c.On, since):
		case c.Text.Empty():
			evidence = CannotTell
		case !sameText(c.Text.Raw(), text):
		case c.On.IsZero():
			evidence = CannotTell
		default:
			return Present
		}
	}
	return evidence
}

// StatusSet tells whether a ticket read after UpdateStatus had no answer has
// the status. Present means that nothing is left to do, whoever set it. Absent
// can also be that somebody changed it once more since.
func StatusSet(t Ticket, status string) Evidence {
	switch {
	case t.Status.Empty():
		return CannotTell
	case strings.EqualFold(squeezed(t.Status.Raw()), squeezed(status)):
		return Present
	}
	return Absent
}

func sameText(a, b string) bool { return squeezed(a) == squeezed(b) }

func notBefore(t, since time.Time) bool { return t.IsZero() || !t.Before(since) }
