package naturaesoft

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

const (
	fakeKey   = "fake-key-for-tests"
	fakeToken = "fake-token-for-tests"
)

// emr is a played vendor. Signing in has an answer from the start.
type emr struct{ *vendortest.Server }

func newEMR(t *testing.T) *emr {
	t.Helper()
	e := &emr{vendortest.Open(t)}
	e.On(vendortest.Otherwise, http.StatusNotFound, `{"error":"no such route"}`)
	e.SignIn("POST /v1/DemoOffice/auth/token", `{"accessToken":"`+fakeToken+`","tokenType":"Bearer","expiresIn":"24h"}`)
	return e
}

func (e *emr) config() Config {
	return Config{
		Base: e.URL, PPass: "DemoOffice", Operator: "Support Agent",
		Key:  func(context.Context) (string, error) { return fakeKey, nil },
		Rate: 1e6, Burst: 1e6,
	}
}

func (e *emr) client(t *testing.T, options ...func(*Config)) *Client {
	t.Helper()
	return vendortest.Client(t, New, e.config(), options...)
}

// start is a client against a server with one answer.
func start(t *testing.T, route, body string) (*Client, *emr) {
	t.Helper()
	e := newEMR(t)
	e.On(route, http.StatusOK, body)
	return e.client(t), e
}

var document = vendortest.Document

func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	return vendortest.RequireKind(t, err, kind, append(secret, fakeKey, fakeToken)...)
}

func requireBody(t *testing.T, want string, got vendortest.Sent) {
	t.Helper()
	require.JSONEq(t, want, got.Body)
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }
