package anglehealth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"frontdesk/clients/rest"
)

// opAuth hands out a new token and changes nothing else.
var opAuth = rest.Op{Name: "sign in", Method: http.MethodPost, Path: "/auth",
	Effect: rest.Read, Public: true}

// maxLife is the "1 hour after issuing" of the prose, whatever expires_in says.
const maxLife = time.Hour

// signIn exchanges the client's id and secret for a session token.
// POST /auth with Basic credentials and {"auth_type":"client_credentials"}.
func (c *Client) signIn(ctx context.Context) (rest.Token, error) {
	id, secret, err := c.credentials(ctx)
	if err != nil {
		return rest.Token{}, err
	}
	if id == "" || secret == "" {
		return rest.Token{}, rest.Refusal(vendor, opAuth.Name, rest.KindAuth,
			"There is no client id and secret for Angle Health: run \"frontdesk login anglehealth\".")
	}
	if strings.Contains(id, ":") {
		return rest.Token{}, rest.Refusal(vendor, opAuth.Name, rest.KindAuth,
			"The client id of Angle Health must not hold a colon: run \"frontdesk login anglehealth\" and enter it again.")
	}
	basic := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
	t, err := rest.Do[token](ctx, c.transport, opAuth, rest.Call{
		Header: http.Header{"Authorization": {"Basic " + basic}},
		Body:   map[string]string{"auth_type": "client_credentials"}, Secrets: []string{secret, basic},
	})
	if err != nil {
		return rest.Token{}, err
	}
	return rest.Token{Value: t.value, Expires: time.Now().Add(until(t.life))}, nil
}

// until is the end to state for a token so that, with what the transport takes
// off, it is renewed after five sixths of its life: 50 minutes of an hour.
func until(life time.Duration) time.Duration {
	use := life - life/6
	return use + min(time.Minute, use/9)
}

// A token is the answer of /auth.
type token struct {
	value string
	life  time.Duration
}

// UnmarshalJSON reads {"access_token", "expires_in", "token_type"}.
func (t *token) UnmarshalJSON(raw []byte) error {
	var a struct {
		AccessToken string          `json:"access_token"`
		ExpiresIn   json.RawMessage `json:"expires_in"`
	}
	if json.Unmarshal(raw, &a) != nil || !sendable(a.AccessToken) {
		return errors.New("it holds no access token")
	}
	t.value, t.life = a.AccessToken, lifetime(a.ExpiresIn)
	return nil
}

// sendable reports a token that can stand in a header.
func sendable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// lifetime reads expires_in. The sample says 3600000 where the prose says an
// hour, so more than a day of seconds is taken for milliseconds; nothing lives
// longer than the prose says.
func lifetime(raw json.RawMessage) time.Duration {
	n, err := strconv.ParseFloat(strings.Trim(string(raw), `" `), 64)
	if err != nil || !(n > 0) {
		return maxLife
	}
	if n > 86400 {
		n /= 1000
	}
	if n >= maxLife.Seconds() {
		return maxLife
	}
	return time.Duration(n * float64(time.Second))
}
