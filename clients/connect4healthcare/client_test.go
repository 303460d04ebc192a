package connect4healthcare

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

func TestNewNamesTheSettingAndTheRemedy(t *testing.T) {
	for want, cfg := range map[string]Config{
		"frontdesk login connect4healthcare": {Base: "https://care.example/api"},
		"must start with https://": {Base: "http://connecticket.example/api",
			Credentials: func(context.Context) (string, string, error) { return "", "", nil }},
		"header spelling": {Base: "https://care.example/api", Headers: 9,
			Credentials: func(context.Context) (string, string, error) { return "", "", nil }},
	} {
		_, err := New(cfg)
		require.Contains(t, rest.UserMessage(err), want)
		var e *rest.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, rest.KindConfig, e.Kind)
	}
}

func TestSigningIn(t *testing.T) {
	c, s := start(t, allTickets, document(t, "tickets.json"))
	for range 3 {
		_, err := c.Tickets(t.Context())
		require.NoError(t, err)
	}
	auth := s.Only(t, authorize)
	require.Equal(t, []string{fakeKey}, auth.Header["Api_key"])
	require.Equal(t, []string{fakeSecret}, auth.Header["Api_secret"])
	require.Empty(t, auth.Query)
	require.Empty(t, auth.Body)
	for _, r := range s.To(allTickets) {
		require.Equal(t, []string{fakeKey}, r.Header["Api_key"], "the credentials go with every call")
		require.Equal(t, []string{fakeSecret}, r.Header["Api_secret"])
		require.Empty(t, r.Header["Authorization"])
		require.Empty(t, r.Header["Referer"])
	}
	require.Len(t, s.To(allTickets), 3)
	require.Equal(t, "up", c.Health().Word)
	require.Len(t, c.Stats(), 2)
}

func TestMissingAndLockedCredentials(t *testing.T) {
	locked := errors.New("the keyring is locked")
	for _, give := range []struct {
		key, secret string
		err         error
		words       string
	}{
		{"", fakeSecret, nil, "frontdesk login connect4healthcare"},
		{fakeKey, "", nil, "frontdesk login connect4healthcare"},
		{"", "", locked, "the keyring is locked"},
	} {
		s := newCare(t)
		c := s.client(t, func(c *Config) {
			c.Credentials = func(context.Context) (string, string, error) { return give.key, give.secret, give.err }
		})
		_, err := c.CreateTicket(t.Context(), fall())
		e := requireKind(t, err, rest.KindAuth)
		require.Equal(t, rest.NotSent, e.Phase)
		require.Contains(t, e.UserMessage(), give.words)
		require.Empty(t, s.All())
	}
}

func TestNewCredentialsAfterReset(t *testing.T) {
	s := newCare(t)
	key := "fake-old"
	c := s.client(t, func(c *Config) {
		c.Credentials = func(context.Context) (string, string, error) { return key, fakeSecret, nil }
	})
	s.On(authorize, http.StatusUnauthorized, badKey)
	_, err := c.Tickets(t.Context())
	e := requireKind(t, err, rest.KindAuth, "fake-old")
	require.Contains(t, e.UserMessage(), "Invalid API key or API secret")
	before := len(s.All())
	_, err = c.Tickets(t.Context())
	requireKind(t, err, rest.KindAuth)
	require.Equal(t, before, len(s.All()), "a refused key is not tried over")

	s.On(authorize, http.StatusOK, signedIn)
	s.On(allTickets, http.StatusOK, document(t, "tickets.json"))
	key = "fake-new"
	c.Reset()
	_, err = c.Tickets(t.Context())
	require.NoError(t, err)
	require.Equal(t, "fake-new", s.Only(t, allTickets).Header.Get("Api_key"))
}

func TestTokensThatCannotBeUsed(t *testing.T) {
	for _, answer := range []string{
		`{"status":true}`, `{"status":true,"access_token":""}`, `{"status":true,"access_token":null}`,
		`{"status":true,"access_token":7}`, `{"status":true,"access_token":"a b"}`, `{"status":true,"access_token":"\u001b[2J"}`, `[]`,
	} {
		s := newCare(t)
		s.On(authorize, http.StatusOK, answer)
		_, err := s.client(t).Tickets(t.Context())
		requireKind(t, err, rest.KindDecode)
		require.Equal(t, len(s.To(authorize)), len(s.All()), "%s", answer)
	}
}

// A token is one path element, whatever it holds.
func TestTokensAreEscaped(t *testing.T) {
	s := newCare(t)
	s.On(authorize, http.StatusOK, `{"status":true,"access_token":"a/b?c#d%2e"}`)
	s.On("GET /api/a%2Fb%3Fc%23d%252e/tickets", http.StatusOK, document(t, "tickets.json"))
	_, err := s.client(t).Tickets(t.Context())
	require.NoError(t, err)
}

func TestTickets(t *testing.T) {
	c, s := start(t, allTickets, document(t, "tickets.json"))
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	got := all[0]
	require.True(t, got.CreatedAt.Equal(moment))
	require.True(t, got.UpdatedAt.Equal(moment.Add(9*time.Second)))
	got.CreatedAt, got.UpdatedAt = time.Time{}, time.Time{}
	require.Equal(t, Ticket{
		ID: 202, Title: safe.Line("Ticket  commment"), Status: safe.Line("New"), Resident: 75474618,
		Employee: 81987870, Urgency: 3, State: No,
	}, got)
	require.Empty(t, s.Only(t, allTickets).Query)
}

func TestTicketDetail(t *testing.T) {
	c, s := start(t, oneTicket, document(t, "ticket_detail.json"))
	d, err := c.TicketDetail(t.Context(), 202)
	require.NoError(t, err)
	require.Equal(t, []string{"202"}, s.Only(t, oneTicket).Query["id"])
	require.EqualValues(t, 202, d.ID)
	require.False(t, d.Foreign())
	require.False(t, d.CommentsKnown)
	require.Empty(t, d.Attachments)
	require.Len(t, d.Categories, 2)
	first := d.Categories[0]
	require.EqualValues(t, 6, first.ID)
	require.Equal(t, "check now", first.Title.String())
	require.Equal(t, NoIssue, first.Mark())
	require.Equal(t, Issue, d.Categories[1].Mark())
	require.Len(t, first.Comments, 1)
	require.EqualValues(t, 378, first.Comments[0].ID)
	require.Equal(t, "Sample", first.Comments[0].By.String())
	require.Equal(t, "comment 1", first.Comments[0].Text.String())
	require.True(t, first.Comments[0].On.Equal(moment.Add(9*time.Second)))
}

func TestNoSuchTicket(t *testing.T) {
	for _, status := range []int{200, 404} {
		s := newCare(t)
		s.On(oneTicket, status, "{\n \"status\": false,\n \"message\": \"Invalid Ticket ID\",\n}")
		_, err := s.client(t).TicketDetail(t.Context(), 7)
		requireKind(t, err, rest.KindNotFound)
	}
	s := newCare(t)
	_, err := s.client(t).TicketDetail(t.Context(), 0)
	requireKind(t, err, rest.KindValidation)
	require.Empty(t, s.All())
}

func TestResidents(t *testing.T) {
	c, _ := start(t, residents, document(t, "all_residents.json"))
	all, err := c.Residents(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	r := all[1]
	require.EqualValues(t, 501333996, r.ID)
	require.EqualValues(t, 72136196, r.Provider)
	require.EqualValues(t, 1058366525, r.Type)
	require.Zero(t, all[0].Type)
	require.Equal(t, "Test Doctor", r.Name().String())
	require.Equal(t, civil.Date{Year: 1937, Month: 1, Day: 21}, r.DOB)
	require.Equal(t, "active", r.State.String())
	require.Equal(t, "Assisted Living Apt. 204", r.Location.String())
	require.Equal(t, "534412", r.Zip.String())
	require.Equal(t, "NY", r.HomeState.String())
	require.Equal(t, No, r.InHomeCare)
	require.Equal(t, No, r.Demo)
	require.True(t, r.LastName.Empty() && r.Phone.Empty() && r.AccountNumber.Empty())
}

func TestCategories(t *testing.T) {
	c, s := start(t, categories, document(t, "provider_categories.json"))
	all, err := c.Categories(t.Context(), 0)
	require.NoError(t, err)
	require.Len(t, all, 4)
	require.Equal(t, Category{3, safe.Line("Clinical Edit")}, all[0])
	require.Empty(t, s.Only(t, categories).Query)
}

func TestWhatIsMissingIsNotSent(t *testing.T) {
	s := newCare(t)
	c := s.client(t)
	for field, change := range map[string]func(*NewTicket){
		"title":          func(n *NewTicket) { n.Title = " \n" },
		"resident_id":    func(n *NewTicket) { n.Resident = 0 },
		"urgency_status": func(n *NewTicket) { n.Urgency = "" },
		"ticket_status":  func(n *NewTicket) { n.Status = "" },
		"category_6":     func(n *NewTicket) { n.Categories = []NewCategory{{ID: 6}} },
		"category_3":     func(n *NewTicket) { n.Categories = []NewCategory{{ID: 3, Mark: Issue}, {ID: 3, Mark: Issue}} },
		"category_":      func(n *NewTicket) { n.Categories = []NewCategory{{Mark: Issue}} },
	} {
		n := fall()
		change(&n)
		_, err := c.CreateTicket(t.Context(), n)
		e := requireKind(t, err, rest.KindValidation, "Ada")
		require.Equal(t, rest.NotSent, e.Phase)
		require.Len(t, e.Fields, 1)
		require.False(t, e.Fields[field].Empty(), field)
	}
	for _, err := range []error{
		c.UpdateStatus(t.Context(), 0, "New"), c.UpdateStatus(t.Context(), 1, " "), c.Comment(t.Context(), -1, "x"),
		c.Comment(t.Context(), 1, "\n"), c.CommentCategory(t.Context(), 1, 0, "x"), c.CommentCategory(t.Context(), 0, 1, "x"),
	} {
		requireKind(t, err, rest.KindValidation)
	}
	require.Empty(t, s.All())
}

func TestAnswersWithoutTheirRecords(t *testing.T) {
	for _, body := range []string{
		`{"status":true}`, `{"status":true,"ticket":5}`, `{"status":true,"ticket":[{"title":"x"}]}`, `{"status":true,"ticket":[5]}`,
		`{"status":true,"ticket":[{"id":"x"}]}`, `[]`, `"x"`, `null`, ``,
		`{"status":true,"ticket_with_details":{}}`, `{"status":true,"ticket_with_details":{"ticket":{"id":1},"categories":7}}`,
		`{"status":true,"ticket_with_details":{"ticket":{"id":1},"categories":{"6":7}}}`,
		`{"status":true,"residents":[{}]}`, `{"status":true,"categories":[{"name":"x"}]}`, `{"status":true,"categories":{"6":1}}`,
	} {
		s := newCare(t)
		for _, route := range []string{allTickets, oneTicket, residents, categories} {
			s.On(route, http.StatusOK, body)
		}
		c := s.client(t)
		_, e1 := c.Tickets(t.Context())
		_, e2 := c.TicketDetail(t.Context(), 1)
		_, e3 := c.Residents(t.Context())
		_, e4 := c.Categories(t.Context(), 0)
		for _, err := range []error{e1, e2, e3, e4} {
			requireKind(t, err, rest.KindDecode)
		}
	}
	c, _ := start(t, allTickets, `{"status":true,"ticket":null}`)
	all, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)
}

// Nobody looked at the key where there is no such address.
func TestSigningInWhereThereIsNoSuchAddress(t *testing.T) {
	for _, body := range []string{``, `not found`, `{"status":404,"error":"Not Found"}`, `{"status":false,"message":"The specified message could not be found"}`} {
		s := newCare(t)
		s.On(authorize, http.StatusNotFound, body)
		c := s.client(t)
		for range 2 {
			_, err := c.Tickets(t.Context())
			requireKind(t, err, rest.KindConfig)
		}
		require.Len(t, s.To(authorize), 2, "and it may be there later")
		s.On(authorize, http.StatusNotFound, badKey)
		_, err := c.Tickets(t.Context())
		requireKind(t, err, rest.KindAuth)
	}
}
