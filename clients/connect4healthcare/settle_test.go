package connect4healthcare

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/safe"
)

func sec(n int) time.Duration { return time.Duration(n) * time.Second }

func TestFindTicket(t *testing.T) {
	n := fall()
	row := func(id ID, resident ID, title string, at time.Time) Ticket {
		return Ticket{ID: id, Resident: resident, Title: safe.Line(title), CreatedAt: at}
	}
	ours := row(9, 34333, " Ada  Example fell\n", moment)
	other := []Ticket{
		row(1, 34334, "Ada Example fell", moment), row(2, 34333, "Ada Example fell again", moment),
		row(3, 34333, "ada example fell", moment), row(4, 34333, "Ada Example fell", moment.Add(-sec(1))),
	}
	found, e := FindTicket(other, n, moment)
	require.Empty(t, found)
	require.Equal(t, Absent, e)
	found, e = FindTicket(append(other, ours), n, moment)
	require.Equal(t, []Ticket{ours}, found)
	require.Equal(t, Present, e)
	found, e = FindTicket(append(other, ours, row(10, 34333, "Ada Example fell", time.Time{})), n, moment)
	require.Len(t, found, 2, "one whose time is not told may be it")
	require.Equal(t, CannotTell, e)
	_, e = FindTicket([]Ticket{row(10, 34333, "Ada Example fell", time.Time{})}, n, moment)
	require.Equal(t, CannotTell, e, "or an old one")
	for why, may := range map[string]Ticket{
		"its resident is not told": row(11, 0, "Ada Example fell", moment),
		"its title is not told":    row(11, 34333, " ", moment),
	} {
		found, e = FindTicket(append(other, may), n, moment)
		require.Equal(t, []Ticket{may}, found, why)
		require.Equal(t, CannotTell, e, why)
	}
	_, e = FindTicket([]Ticket{row(12, 0, "Something else", moment), row(13, 0, "Ada Example fell", moment.Add(-sec(1)))}, n, moment)
	require.Equal(t, Absent, e)
}

func TestFindComment(t *testing.T) {
	said := []Comment{{Text: safe.Paragraphs("Called back.\r\n"), On: moment}}
	d := Detail{Ticket: Ticket{ID: 1}, Asked: 1, Categories: []CategoryState{{ID: 6}, {ID: 6, Comments: said}}}
	require.Equal(t, Present, FindComment(d, 6, "Called  back.", moment))
	require.Equal(t, Absent, FindComment(d, 6, "Called", moment))
	require.Equal(t, Absent, FindComment(d, 6, "Called back.", moment.Add(sec(1))), "somebody said that before")
	require.Equal(t, CannotTell, FindComment(d, 7, "Called back.", moment))
	require.Equal(t, CannotTell, FindComment(d, 0, "Called back.", moment), "not shown by the vendor")
	d.CommentsKnown = true
	require.Equal(t, Absent, FindComment(d, 0, "Called back.", moment))
	d.Comments = said
	require.Equal(t, Present, FindComment(d, 0, "Called back.", moment))
	undated := Detail{Ticket: d.Ticket, Asked: 1, CommentsKnown: true, Comments: []Comment{{Text: said[0].Text}}}
	require.Equal(t, CannotTell, FindComment(undated, 0, "Called back.", moment))
	require.Equal(t, Absent, FindComment(undated, 0, "Something else", moment))
	undated.Comments = append(undated.Comments, said...)
	require.Equal(t, Present, FindComment(undated, 0, "Called back.", moment))
	wordless := Detail{Ticket: d.Ticket, Asked: 1, CommentsKnown: true, Comments: []Comment{{On: moment}}}
	require.Equal(t, CannotTell, FindComment(wordless, 0, "Called back.", moment), "its words could not be read")
	require.Equal(t, Absent, FindComment(wordless, 0, "Called back.", moment.Add(sec(1))))
	d.Asked = 2
	require.Equal(t, CannotTell, FindComment(d, 0, "Called back.", moment))
}

func TestStatusSet(t *testing.T) {
	for text, want := range map[string]Evidence{"In Progress": Present, " in  progress": Present, "New": Absent, "": CannotTell} {
		require.Equal(t, want, StatusSet(Ticket{Status: safe.Line(text)}, "In Progress"), text)
	}
	require.Equal(t, "present absent cannot tell", Present.String()+" "+Absent.String()+" "+CannotTell.String())
}

// The vendor's clock is what its times are compared with.
func TestSinceIsOnTheVendorsClock(t *testing.T) {
	s := newCare(t)
	s.Do(allTickets, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
		_, _ = w.Write([]byte(`{"status":true,"ticket":[]}`))
	})
	c := s.client(t)
	_, err := c.Tickets(t.Context())
	require.NoError(t, err)
	start := time.Now()
	since := c.Since(start)
	require.WithinRange(t, since, start.Add(-10*time.Minute-sec(5)), start.Add(-10*time.Minute))
	require.Zero(t, since.Nanosecond())
}
