package updox

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

const (
	fakeApp      = "fake-application-id"
	fakePassword = "fake-password-for-tests"
)

// sent is a request whose body is known to be an object.
type sent struct {
	vendortest.Sent
	Body map[string]any
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

// played is a played vendor. All its methods are below one path.
type played struct{ *vendortest.Server }

const methods = "POST /api/io/"

func play(t *testing.T) *played {
	t.Helper()
	return &played{vendortest.Open(t)}
}

// on sets the answers of a method, one after the other.
func (p *played) on(method string, bodies ...string) *played {
	p.On(methods+method, http.StatusOK, bodies...)
	return p
}

// of are the requests of one method.
func (p *played) of(method string) (all []sent) {
	for _, r := range p.To(methods + method) {
		s := sent{Sent: r}
		_ = json.Unmarshal([]byte(r.Body), &s.Body)
		all = append(all, s)
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
	return vendortest.Client(t, New, p.config(), options...)
}

func requireKind(t *testing.T, err error, kind rest.Kind, private ...string) *rest.Error {
	t.Helper()
	for _, s := range []string{fakeApp, fakePassword} {
		require.NotContains(t, rest.UserMessage(err), s)
	}
	return vendortest.RequireKind(t, err, kind, append(private, fakeApp, fakePassword)...)
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
