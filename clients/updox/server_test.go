package updox

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

const (
	fakeApp      = "fake-application-id"
	fakePassword = "fake-password-for-tests"
)

// sent is a request as it arrived.
type sent struct {
	Method, Path, Type string
	Body               map[string]any
	Header             http.Header
}

// auth is the auth block of a request.
func (s sent) auth() map[string]any {
	a, _ := s.Body["auth"].(map[string]any)
	return a
}

// fields is a request without its auth block.
func (s sent) fields() map[string]any {
	f := map[string]any{}
	for k, v := range s.Body {
		if k != "auth" {
			f[k] = v
		}
	}
	return f
}

// played answers by method as the test says and remembers what it was asked.
type played struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string][]string // the last one stays
	status  map[string]int
	seen    []sent
}

func play(t *testing.T) *played {
	t.Helper()
	p := &played{answers: map[string][]string{}, status: map[string]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *played) serve(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s := sent{Method: r.Method, Path: r.URL.Path, Type: r.Header.Get("Content-Type"), Header: r.Header}
	_ = json.Unmarshal(raw, &s.Body)
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, s)
	said := p.answers[method]
	if len(said) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if len(said) > 1 {
		p.answers[method] = said[1:]
	}
	w.Header().Set("Content-Type", "application/json")
	if code := p.status[method]; code != 0 {
		w.WriteHeader(code)
	}
	_, _ = io.WriteString(w, said[0])
}

// on sets the answers of a method, one after the other.
func (p *played) on(method string, bodies ...string) *played {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[method] = bodies
	return p
}

// of are the requests of one method.
func (p *played) of(method string) []sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []sent
	for _, s := range p.seen {
		if strings.HasSuffix(s.Path, "/"+method) {
			all = append(all, s)
		}
	}
	return all
}

func (p *played) config() Config {
	return Config{
		Base:        p.URL + "/api/io",
		Credentials: func(context.Context) (string, string, error) { return fakeApp, fakePassword, nil },
		Rate:        1e6, Burst: 1e6,
	}
}

func (p *played) client(t *testing.T, options ...func(*Config)) *Client {
	t.Helper()
	cfg := p.config()
	for _, o := range options {
		o(&cfg)
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// requireKind checks the kind and that the log form holds no secret.
func requireKind(t *testing.T, err error, kind rest.Kind, private ...string) *rest.Error {
	t.Helper()
	require.Error(t, err)
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind.String(), e.Kind.String(), "%s", rest.UserMessage(err))
	for _, s := range append(private, fakeApp, fakePassword) {
		require.NotContains(t, err.Error(), s)
		if s == fakeApp || s == fakePassword {
			require.NotContains(t, rest.UserMessage(err), s)
		}
	}
	return e
}

func logInto(b io.Writer) func(*Config) {
	return func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}

const (
	yes = `{"successful":true,"responseMessage":"OK","responseCode":2000}`

	// practiceGet is PracticeGet's answer as the sample shows it.
	practiceGet = `{"successful":true,"responseMessage":"OK","responseCode":2000,"practice":{
		"accountId":"FAKE-1","active":true,"address1":"1 Placeholder Street","address2":null,"city":"Nowhere",
		"directAddress":null,"directDomain":"fake.example","fax":"5555550101","metadata":null,
		"name":"Invented Practice","phone":"5555550100","postal":"06512","state":"CT",
		"timeZone":"America/New_York","vetted":false,"websiteAddress":"invented"}}`
	updated = `{"successful":true,"responseMessage":"OK","responseCode":2000,"accountId":"FAKE-1","action":"update"}`
	missing = `{"successful":false,"responseMessage":"account does not exist","responseCode":4131}`
)

func refusedWith(code, message string) string {
	return `{"successful":false,"responseMessage":"` + message + `","responseCode":` + code + `}`
}
