package connect4healthcare

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// A refusal is heard in whatever form its words come, and in any order.
func TestMessagesOfOtherShapes(t *testing.T) {
	for body, words := range map[string]string{
		`{"message": ["Title is too long", "Resident is gone"], "status": false}`: "Title is too long; Resident is gone",
		`{"message": {"base": ["Resident is gone"]}, "status": false}`:            "Resident is gone",
		`{"message": 7, "status": false}`:                                         "7",
		`{"error": "Resident is gone", "status": false}`:                          "Resident is gone",
		`{"message": null, "status": false}`:                                      "",
	} {
		s := newCare(t)
		for _, route := range []string{allTickets, create, comments} {
			s.On(route, http.StatusOK, body)
		}
		c := s.client(t)
		_, e1 := c.Tickets(t.Context())
		_, e2 := c.CreateTicket(t.Context(), fall())
		e3 := c.Comment(t.Context(), 202, "Hi! Welcome!")
		for _, err := range []error{e1, e2, e3} {
			e := requireKind(t, err, rest.KindValidation)
			require.Equal(t, rest.Refused, e.Phase, body)
			require.Contains(t, e.UserMessage(), words)
		}
	}
	// Of a list the first words decide.
	s := newCare(t)
	s.On(oneTicket, http.StatusOK, `{"message": ["Invalid Ticket ID"], "status": false}`)
	_, err := s.client(t).TicketDetail(t.Context(), 201)
	requireKind(t, err, rest.KindNotFound)
}

func TestIDsHoweverWritten(t *testing.T) {
	c, s := start(t, allTickets, `{"status": true, "ticket": [
		{"id": 202.0, "resident_id": 8.198787e+07, "employee_id": "81987870"},
		{"id": 9223372036854775807, "resident_id": null}]}`)
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Equal(t, []ID{202, 9223372036854775807}, []ID{all[0].ID, all[1].ID})
	require.EqualValues(t, 81987870, all[0].Resident)
	require.EqualValues(t, 81987870, all[0].Employee)
	for _, id := range []string{"2.5", "1e300", `"NaN"`, `"Inf"`, "9223372036854775808", "true", "{}"} {
		s.On(allTickets, http.StatusOK, `{"status": true, "ticket": [{"id": `+id+`}]}`)
		_, err := c.Tickets(t.Context())
		requireKind(t, err, rest.KindDecode)
	}
}

func TestWhatStandsBesideCategories(t *testing.T) {
	const ticket = `{"status": true, "ticket_with_details": {"ticket": {"id": 202}, "categories": `
	c, s := start(t, oneTicket, ticket+`{"count": 2, "6": {"title": "check now", "status": "no issue"}, "next": null}}}`)
	d, err := c.TicketDetail(t.Context(), 202)
	require.NoError(t, err)
	require.Len(t, d.Categories, 1)
	require.Equal(t, ID(6), d.Categories[0].ID)
	require.Equal(t, NoIssue, d.Categories[0].Mark())
	for _, odd := range []string{`{"6": 7}`, `{"6": null}`} {
		s.On(oneTicket, http.StatusOK, ticket+odd+`}}`)
		_, err := c.TicketDetail(t.Context(), 202)
		requireKind(t, err, rest.KindDecode)
	}
}
