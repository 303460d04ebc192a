package connect4healthcare

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

const (
	fakeKey    = "fake-key-for-tests"
	fakeSecret = "fake-secret-for-tests"
	fakeToken  = "faketokenfortests"
	authorize  = "POST /api/authorize"
	allTickets = "GET /api/" + fakeToken + "/tickets"
	oneTicket  = "GET /api/" + fakeToken + "/ticket_detail"
	residents  = "GET /api/" + fakeToken + "/all_residents"
	categories = "GET /api/" + fakeToken + "/provider_categories"
	create     = "GET /api/" + fakeToken + "/create_ticket"
	createPost = "POST /api/" + fakeToken + "/create_ticket"
	update     = "POST /api/" + fakeToken + "/update_status"
	comments   = "POST /api/" + fakeToken + "/create_comment"
)

// The document's own words.
const (
	signedIn       = `{"status": true, "message": "Authorized Successfully, Use the Provided Access Token for Future Requests. Thanks for connecting with Example Provider", "access_token": "` + fakeToken + `"}`
	badCredentials = "{\n  \"status\": false,\n  \"message\": \"Invalid Credentials\",\n}\n"
	badKey         = "{\n  \"status\": false,\n  \"message\": \"Invalid API key or API secret\",\n}\n"
	created        = `{"status": true, "ticket_id": 46, "message": "Ticket Created Successfully!!"}`
	updated        = `{"status": true, "message": "Status Updated Successfully!!"}`
	commented      = `{"status": true, "message": "Comment created Successfully!!"}`
)

// sent is a request as it arrived.
type sent struct {
	route, body string
	query       url.Values
	header      http.Header
}

// care answers as the test says and remembers what it was asked. Answers are
// keyed by "METHOD /path"; signing in has one from the start.
type care struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	seen    []sent
}

func newCare(t *testing.T) *care {
	t.Helper()
	s := &care{answers: map[string]http.HandlerFunc{}}
	s.on(authorize, http.StatusOK, signedIn)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *care) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	route := r.Method + " " + r.URL.EscapedPath()
	s.mu.Lock()
	s.seen = append(s.seen, sent{route, string(body), r.URL.Query(), r.Header})
	answer := s.answers[route]
	s.mu.Unlock()
	if answer == nil {
		answer = http.NotFound
	}
	answer(w, r)
}

// on sets a fixed answer.
func (s *care) on(route string, status int, body string) {
	s.do(route, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func (s *care) do(route string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[route] = h
}

// requests are those for a route.
func (s *care) requests(route string) (out []sent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		if r.route == route {
			out = append(out, r)
		}
	}
	return out
}

// all counts what arrived.
func (s *care) all() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

func (s *care) only(t *testing.T, route string) sent {
	t.Helper()
	all := s.requests(route)
	require.Len(t, all, 1)
	return all[0]
}

func (s *care) client(t *testing.T, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		Base:        s.URL + "/api",
		Credentials: func(context.Context) (string, string, error) { return fakeKey, fakeSecret, nil },
		Rate:        1e6, Burst: 1e6,
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func byPost(c *Config) { c.CreateByPost = true }

// start is a client against a server with one answer.
func start(t *testing.T, route, body string, change ...func(*Config)) (*Client, *care) {
	t.Helper()
	s := newCare(t)
	s.on(route, http.StatusOK, body)
	return s.client(t, change...), s
}

func document(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(b)
}

// requireKind checks the kind and that the log form holds nothing that must
// stay out of a log.
func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	for _, s := range append(secret, fakeKey, fakeSecret, fakeToken, "http://", "/api") {
		require.NotContains(t, err.Error(), s)
	}
	require.NotEmpty(t, e.UserMessage())
	return e
}

// fall is a ticket that is complete.
func fall() NewTicket {
	return NewTicket{Title: "Ada Example fell", Resident: 34333, Urgency: "Exception", Status: "New"}
}

// moment is of the document's example.
var moment = time.Date(2016, time.February, 12, 3, 0, 25, 0, time.FixedZone("", -8*3600))

func hangUp(w http.ResponseWriter, _ *http.Request) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

func long4k() string { return strings.Repeat("long ", 1000) }
