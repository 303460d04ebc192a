// Package vendortest plays a vendor by the words of its document: a server that
// answers as a test says and remembers what it was asked. It is used by tests
// only.
//
// It knows HTTP and the errors of package rest. It must not know any vendor: a
// client brings the routes, the answers and what must stay out of a log.
package vendortest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// Otherwise is the route of everything that has no answer of its own; without
// an answer to it that is not found.
const Otherwise = "*"

// Sent is a request as it arrived. Path is escaped as it stood on the wire.
type Sent struct {
	Method, Path string
	Query        url.Values
	Body         string
	Header       http.Header
}

// Server is a played vendor. A route is "METHOD /path", or "/path" with any
// method.
type Server struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	signIn  string
	seen    []Sent
}

// Open is a server that ends with the test.
func Open(t testing.TB) *Server {
	t.Helper()
	s := &Server{answers: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	q := Sent{r.Method, r.URL.EscapedPath(), r.URL.Query(), string(body), r.Header}
	answer := http.NotFound
	s.mu.Lock()
	s.seen = append(s.seen, q)
	for _, route := range []string{q.Method + " " + q.Path, q.Path, Otherwise} {
		if a := s.answers[route]; a != nil {
			answer = a
			break
		}
	}
	s.mu.Unlock()
	answer(w, r)
}

// On answers with JSON: with one body after the other, of which the last stays.
func (s *Server) On(route string, status int, bodies ...string) {
	var mu sync.Mutex
	s.Do(route, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		body := bodies[0]
		bodies = bodies[min(1, len(bodies)-1):]
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// SignIn answers at the route that gives a token. Requests leaves it out.
func (s *Server) SignIn(route, body string) {
	s.signIn = route
	s.On(route, http.StatusOK, body)
}

// Do has a function answer. It may read the request's body.
func (s *Server) Do(route string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[route] = h
}

// All are the requests that arrived, in order.
func (s *Server) All() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// To are those for a route.
func (s *Server) To(route string) []Sent {
	return slices.DeleteFunc(s.All(), func(q Sent) bool { return !q.to(route) })
}

// Requests are those that arrived, sign-ins left out.
func (s *Server) Requests() []Sent {
	return slices.DeleteFunc(s.All(), func(q Sent) bool { return q.to(s.signIn) })
}

func (q Sent) to(route string) bool { return route == q.Method+" "+q.Path || route == q.Path }

// Last is the last request that was no sign-in. There has to be one.
func (s *Server) Last(t require.TestingT) Sent {
	all := s.Requests()
	require.NotEmpty(t, all, "nothing was sent")
	return all[len(all)-1]
}

// Only is the one request for a route.
func (s *Server) Only(t require.TestingT, route string) Sent {
	all := s.To(route)
	require.Len(t, all, 1)
	return all[0]
}

// Client is what a client's New makes of a configuration and of what a test
// changes about it. It is closed with the test.
func Client[C any, K interface{ Close() }](t testing.TB, open func(C) (K, error), cfg C, change ...func(*C)) K {
	t.Helper()
	for _, f := range change {
		f(&cfg)
	}
	c, err := open(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// Document is a file of the vendor's words beside the test.
func Document(t require.TestingT, name string) string {
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(b)
}

// RequireKind checks the kind, that there are words for a person, and that the
// form for a log holds no address and none of the words that must stay out.
func RequireKind(t require.TestingT, err error, kind rest.Kind, secret ...string) *rest.Error {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	require.NotEmpty(t, e.UserMessage())
	for _, s := range append(secret, "http://") {
		require.NotContains(t, err.Error(), s)
	}
	return e
}
