package anglehealth

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/rest"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	fakeID     = "fake-client"
	fakeSecret = "fake-secret-for-tests"
	fakeToken  = "fake-token-for-tests"
)

// sent is a request as it arrived.
type sent struct{ Method, Path, Body, Authorization, Type string }

// insurer answers as the test says and remembers what it was asked, by path.
type insurer struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	seen    []sent
}

func newInsurer(t *testing.T) *insurer {
	t.Helper()
	s := &insurer{answers: map[string]http.HandlerFunc{}}
	s.on("/broker/auth", 200, `{
  "access_token": "`+fakeToken+`",
  "expires_in": 3600000,
  "token_type": "Bearer"
}`)
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *insurer) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.seen = append(s.seen, sent{r.Method, r.URL.EscapedPath(), string(body), r.Header.Get("Authorization"), r.Header.Get("Content-Type")})
	answer := s.answers[r.URL.EscapedPath()]
	s.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

// on sets a fixed answer.
func (s *insurer) on(path string, status int, body string) {
	s.do(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func (s *insurer) do(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = h
}

// requests are those that arrived, sign-ins left out.
func (s *insurer) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []sent
	for _, r := range s.seen {
		if r.Path != "/broker/auth" {
			out = append(out, r)
		}
	}
	return out
}

func (s *insurer) last(t *testing.T) sent {
	t.Helper()
	all := s.requests()
	require.NotEmpty(t, all, "nothing was sent")
	return all[len(all)-1]
}

func (s *insurer) config() Config {
	return Config{
		Base:        s.URL + "/broker",
		Credentials: func(context.Context) (string, string, error) { return fakeID, fakeSecret, nil },
		Rate:        1e6, Burst: 1e6,
	}
}

func (s *insurer) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(s.config())
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// start is a client against a server with one answer.
func start(t *testing.T, path, body string) (*Client, *insurer) {
	t.Helper()
	s := newInsurer(t)
	s.on(path, 200, body)
	return s.client(t), s
}

// requireKind checks the kind, and that the log form holds none of the words
// that must stay out of a log.
func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	for _, s := range append(secret, fakeID, fakeSecret, fakeToken) {
		require.NotContains(t, err.Error(), s)
	}
	return e
}

func day(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// hire is the family of the document's sample, with ids and a day of its own.
func hire() NewHire {
	return NewHire{
		Group: "group-1", Start: day("2026-03-09"),
		Employee: Elected{"emp-1", map[Line]string{Dental: "delta_dental", Medical: "silver_ppo"}},
		Dependents: []Elected{
			{"dep-1", map[Line]string{Dental: "delta_dental", Medical: "bronze_epo"}},
		},
	}
}

// hired is the document's answer to it.
const hired = `{
  "emp-1": {
    "member_type": "employee",
    "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "31.20", "parent": "emp-1"},
    "medical": {"plan_name": "silver_ppo", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "412.50", "parent": "emp-1"}
  },
  "dep-1": {
    "member_type": "dependent",
    "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "22.40", "parent": "emp-1"},
    "medical": {"plan_name": "bronze_epo", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "261.25", "parent": "emp-1"}
  }
}`

// snapshot is the document's snapshot of a member.
const snapshot = `{
    "id": "emp-1", "group_id": "group-1", "member_type": "employee",
    "first_name": "Ada", "last_name": "Sample",
    "home_address": "1 Example Street", "mailing_address": "1 Example Street",
    "dob": "02/29/1972", "ssn": "987-65-4321", "sex": "F", "marital_status": "married",
    "contact": {"home_phone": "801-555-0100", "email_address": "ada@example.com"},
    "employment": {"hire_date": "03/09/2026", "occupation": "Baker", "hours_worked": 40},
    "medical": "silver_ppo", "dental": "delta_dental", "vision": "",
    "parent": "emp-1", "relationship": ""
}`
