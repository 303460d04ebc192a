package inboxhealth

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

const fakeKey = "fake-key-for-tests"

// otherwise is the route of everything that has no answer of its own.
const otherwise = "*"

// sent is a request as it arrived.
type sent struct {
	Method, Path string
	Query        url.Values
	Body         string
	Header       http.Header
}

// biller answers as the test says and remembers what it was asked. Answers are
// keyed by "METHOD /path" below the mount.
type biller struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	seen    []sent
}

func newBiller(t *testing.T) *biller {
	t.Helper()
	b := &biller{answers: map[string]http.HandlerFunc{}}
	b.on(otherwise, http.StatusNotFound, `{"error":"Not Found"}`)
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

func (b *biller) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	b.seen = append(b.seen, sent{r.Method, r.URL.EscapedPath(), r.URL.Query(), string(body), r.Header})
	answer := b.answers[r.Method+" "+r.URL.EscapedPath()]
	if answer == nil {
		answer = b.answers[otherwise]
	}
	b.mu.Unlock()
	answer(w, r)
}

// on sets a fixed answer.
func (b *biller) on(route string, status int, body string) {
	b.do(route, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func (b *biller) do(route string, h http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers[route] = h
}

func (b *biller) requests() []sent {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]sent(nil), b.seen...)
}

func (b *biller) last(t *testing.T) sent {
	t.Helper()
	all := b.requests()
	require.NotEmpty(t, all, "nothing was sent")
	return all[len(all)-1]
}

func (b *biller) config() Config {
	return Config{
		Base: b.URL + "/partner/v2",
		Key:  func(context.Context) (string, error) { return fakeKey, nil },
		Rate: 1e6, Burst: 1e6,
	}
}

func (b *biller) client(t *testing.T, options ...func(*Config)) *Client {
	t.Helper()
	cfg := b.config()
	for _, o := range options {
		o(&cfg)
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// begin is a client against a server with one answer.
func begin(t *testing.T, route, body string) (*Client, *biller) {
	t.Helper()
	b := newBiller(t)
	b.on(route, http.StatusOK, body)
	return b.client(t), b
}

// requireKind checks the kind and that the log form holds none of the words
// that must stay out of a log.
func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	require.Error(t, err)
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	require.NotEmpty(t, e.UserMessage())
	for _, s := range append(secret, fakeKey, "http://", "/partner") {
		require.NotContains(t, err.Error(), s)
	}
	return e
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func yes() *bool { v := true; return &v }
