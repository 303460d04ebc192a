package naturaesoft

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

const (
	fakeKey   = "fake-key-for-tests"
	fakeToken = "fake-token-for-tests"
)

// otherwise is the route of everything that has no answer of its own.
const otherwise = "*"

// sent is a request as it arrived.
type sent struct {
	Method, Path  string // Path as it stood on the wire
	Query         url.Values
	Body          string
	Authorization string
}

// emr answers as the test says and remembers what it was asked. Answers are
// keyed by "METHOD /path"; the token route has one from the start.
type emr struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	seen    []sent
}

func newEMR(t *testing.T) *emr {
	t.Helper()
	e := &emr{answers: map[string]http.HandlerFunc{}}
	e.on(otherwise, http.StatusNotFound, `{"error":"no such route"}`)
	e.on("POST /v1/DemoOffice/auth/token", http.StatusOK, `{"accessToken":"`+fakeToken+`","tokenType":"Bearer","expiresIn":"24h"}`)
	e.Server = httptest.NewServer(http.HandlerFunc(e.serve))
	t.Cleanup(e.Close)
	return e
}

func (e *emr) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.seen = append(e.seen, sent{r.Method, r.URL.EscapedPath(), r.URL.Query(), string(body), r.Header.Get("Authorization")})
	answer := e.answers[r.Method+" "+r.URL.EscapedPath()]
	if answer == nil {
		answer = e.answers[otherwise]
	}
	e.mu.Unlock()
	answer(w, r)
}

// on sets a fixed answer.
func (e *emr) on(route string, status int, body string) {
	e.do(route, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func (e *emr) do(route string, h http.HandlerFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answers[route] = h
}

// requests are those that arrived, sign-ins left out.
func (e *emr) requests() []sent {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []sent
	for _, s := range e.seen {
		if s.Path != "/v1/DemoOffice/auth/token" {
			out = append(out, s)
		}
	}
	return out
}

func (e *emr) last(t *testing.T) sent {
	t.Helper()
	all := e.requests()
	require.NotEmpty(t, all, "nothing was sent")
	return all[len(all)-1]
}

func (e *emr) config() Config {
	return Config{
		Base: e.URL, PPass: "DemoOffice", Operator: "Support Agent",
		Key:  func(context.Context) (string, error) { return fakeKey, nil },
		Rate: 1e6, Burst: 1e6,
	}
}

func (e *emr) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(e.config())
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// start is a client against a server with one answer.
func start(t *testing.T, route, body string) (*Client, *emr) {
	t.Helper()
	e := newEMR(t)
	e.on(route, http.StatusOK, body)
	return e.client(t), e
}

func document(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(b)
}

// requireKind checks the kind and that the log form holds none of the words
// that must stay out of a log.
func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	require.Error(t, err)
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	for _, s := range append(secret, fakeKey, fakeToken) {
		require.NotContains(t, err.Error(), s)
	}
	return e
}

func requireBody(t *testing.T, want string, got sent) {
	t.Helper()
	require.JSONEq(t, want, got.Body)
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }
