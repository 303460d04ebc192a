package connect4healthcare

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
)

// opAuthorize hands out a token and changes nothing else, so it may be
// repeated.
var opAuthorize = rest.Op{Name: "sign in", Method: http.MethodPost,
	Path: "/authorize", Effect: rest.Idempotent, Public: true}

const noCredentials = "Connect4Healthcare needs an API key and secret: run \"frontdesk login connect4healthcare\"."

// signIn exchanges key and secret for a session token, whose lifetime nobody
// states: it is used until the vendor refuses it (C4-15).
// POST /authorize with the headers api_key and api_secret.
func (c *Client) signIn(ctx context.Context) (rest.Token, error) {
	key, secret, err := c.credentials(ctx)
	if err != nil {
		return rest.Token{}, err
	}
	if key == "" || secret == "" {
		return rest.Token{}, rest.Refusal(vendor, opAuthorize.Name, rest.KindAuth, noCredentials)
	}
	var first error
	for _, spelling := range c.spellings() {
		headers := spelling.write(key, secret)
		a, err := rest.Do[authorized](ctx, c.transport, opAuthorize, rest.Call{Header: headers, Secrets: []string{key, secret}})
		if err == nil {
			c.worked.Store(uint32(spelling))
			return rest.Token{Value: a.token, Header: headers}, nil
		}
		if first == nil {
			first = err
		}
		if !refusedKey(err) {
			return rest.Token{}, err
		}
	}
	return rest.Token{}, first
}

// spellings are those to try, in this order.
func (c *Client) spellings() []Spelling {
	switch {
	case c.headers != Either:
		return []Spelling{c.headers}
	case Spelling(c.worked.Load()) == Hyphens:
		return []Spelling{Hyphens, Underscores}
	}
	return []Spelling{Underscores, Hyphens}
}

// write makes the credential headers. The exact case is kept, since a server
// that knows one spelling only may know one case only.
func (s Spelling) write(key, secret string) http.Header {
	if s == Hyphens {
		return http.Header{"Api-Key": {key}, "Api-Secret": {secret}}
	}
	return http.Header{"api_key": {key}, "api_secret": {secret}}
}

// refusedKey reports a definite no to the credentials: as it looks, too, when
// a server in between dropped headers with an underscore.
func refusedKey(err error) bool {
	var e *rest.Error
	if !errors.As(err, &e) || e.Phase != rest.Refused {
		return false
	}
	return e.Kind == rest.KindAuth || e.Kind == rest.KindForbidden || e.Kind == rest.KindValidation
}

// authorized is the answer {"status":true,"access_token":"..."}.
type authorized struct{ token string }

// UnmarshalJSON wants a token that can stand in an address.
func (a *authorized) UnmarshalJSON(raw []byte) error {
	var in struct {
		Token string `json:"access_token"`
	}
	if json.Unmarshal(raw, &in) != nil || !sendable(in.Token) {
		return errors.New("no access token")
	}
	a.token = in.Token
	return nil
}

// maxToken is far beyond any token and short enough for an address.
const maxToken = 1000

func sendable(s string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	return s != "" && len(s) <= maxToken && strings.IndexFunc(s, odd) < 0
}
