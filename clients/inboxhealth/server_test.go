package inboxhealth

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

const fakeKey = "fake-key-for-tests"

// biller is a played vendor. Its routes are below the mount.
type biller struct{ *vendortest.Server }

func newBiller(t *testing.T) *biller {
	t.Helper()
	b := &biller{vendortest.Open(t)}
	b.On(vendortest.Otherwise, http.StatusNotFound, `{"error":"Not Found"}`)
	return b
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
	return vendortest.Client(t, New, b.config(), options...)
}

// begin is a client against a server with one answer.
func begin(t *testing.T, route, body string) (*Client, *biller) {
	t.Helper()
	b := newBiller(t)
	b.On(route, http.StatusOK, body)
	return b.client(t), b
}

func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	return vendortest.RequireKind(t, err, kind, append(secret, fakeKey, "/partner")...)
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func yes() *bool { v := true; return &v }
