package tickets

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// Reading says how the vendors' records are read.
type Reading struct {
	// Zone is where EMR times without an offset are from.
	Zone *time.Location
	// Ours reports that a comment's author speaks for this desk.
	Ours func(author string) bool
}

// FromCare makes a ticket of Connect4Healthcare's list. Its urgency is a number
// the vendor explains nowhere: the higher one counts as more urgent.
func (r Reading) FromCare(t connect4healthcare.Ticket) *Ticket {
	return (&Ticket{
		Key: Key{Care, t.ID.String()}, Subject: t.Title, Status: t.Status,
		Urgency: safe.Line(t.Urgency.String()), Level: int(t.Urgency), Resident: t.Resident.String(),
		Created: t.CreatedAt, Updated: t.UpdatedAt,
		Stamp: t.UpdatedAt.UTC().Format(time.RFC3339) + t.Status.Raw(),
	}).finish()
}

// CareTalk is the conversation of a ticket read from Connect4Healthcare.
func (r Reading) CareTalk(d connect4healthcare.Detail) *Talk {
	talk := &Talk{Attachments: d.Attachments, Hidden: !d.CommentsKnown, Foreign: d.Foreign()}
	add := func(title safe.Text, all []connect4healthcare.Comment) {
		for _, c := range all {
			talk.Comments = append(talk.Comments, Comment{
				ID: c.ID.String(), By: c.By, On: c.On, Text: c.Text, Category: title, Ours: r.Ours(c.By.Raw()),
			})
		}
	}
	add(safe.Text{}, d.Comments)
	for _, s := range d.Categories {
		talk.Marks = append(talk.Marks, Mark{ID: s.ID.String(), Title: s.Title, Status: s.Status, Level: severity(s.Mark())})
		add(s.Title, s.Comments)
	}
	byTime(talk.Comments)
	talk.Stamp = r.FromCare(d.Ticket).Stamp
	return talk
}

func severity(m connect4healthcare.Mark) Severity {
	switch m {
	case connect4healthcare.NoIssue:
		return NoIssue
	case connect4healthcare.PotentialIssue:
		return Potential
	case connect4healthcare.Issue:
		return Issue
	}
	return Odd
}

// priorities are the EMR's words for urgency as numbers. Others are not told.
var priorities = map[string]int{
	"lowest": 1, "low": 1, "minor": 1, "normal": 2, "medium": 2, "high": 3, "major": 3,
	"urgent": 4, "critical": 4, "highest": 4, "emergency": 4,
}

// FromEMR makes a ticket of one of the EMR's.
func (r Reading) FromEMR(t naturaesoft.Ticket) *Ticket {
	return (&Ticket{
		Key: Key{EMR, string(t.ID)}, Subject: t.Subject, Status: t.Status, Category: t.Category,
		Urgency: t.Priority, Level: priorities[fold(t.Priority.String())], Assigned: t.AssignedTo,
		Created: r.moment(t.Created.Raw()), Updated: r.moment(t.Updated.Raw()),
		Stamp: t.Updated.Raw() + t.Status.Raw(),
	}).finish()
}

// EMRTalk is the conversation of a ticket read from the EMR.
func (r Reading) EMRTalk(t naturaesoft.Ticket) *Talk {
	talk := &Talk{Description: t.Description, Hidden: !t.CommentsKnown, Stamp: r.FromEMR(t).Stamp}
	for _, c := range t.Comments {
		talk.Comments = append(talk.Comments, Comment{
			ID: string(c.ID), By: c.Author, On: r.moment(c.Created.Raw()), Text: c.Text, Ours: r.Ours(c.Author.Raw()),
		})
	}
	byTime(talk.Comments)
	return talk
}

// layouts are the forms of a time the EMR's document shows or hints at.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// moment reads a time of the EMR, which documents no form; zero for none.
func (r Reading) moment(s string) time.Time {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), r.Zone); err == nil {
			return t
		}
	}
	return time.Time{}
}

// Same reports that two names are one, but for case, accents and spaces.
func Same(a, b string) bool { return fold(a) == fold(b) }

// fold is s without case, accents and repeated blanks, for comparing.
func fold(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] < 0x80
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFKD.String(s))
	}
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// byTime sorts comments, oldest first; those without a time stay where they
// were among their neighbours.
func byTime(all []Comment) {
	slices.SortStableFunc(all, func(a, b Comment) int {
		if a.On.IsZero() || b.On.IsZero() {
			return 0
		}
		return a.On.Compare(b.On)
	})
}
