package naturaesoft

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

// opToken hands out a new token each time and changes nothing else, so it may
// be repeated.
var opToken = rest.Op{Name: "sign in", Method: http.MethodPost,
	Path: tenant("/auth/token"), Effect: rest.Idempotent, Public: true}

const (
	defaultLife = 24 * time.Hour  // when neither the token nor the answer says
	early       = 5 * time.Minute // renewed that long before the end
)

// signIn exchanges the API key for a session token.
// POST /v1/{PPass}/auth/token {"apiKey": ...}; the answer stands outside the
// usual "data" (NS-2). The token also serves the routes shared by all practices
// (NS-8).
func (c *Client) signIn(ctx context.Context) (rest.Token, error) {
	key, err := c.key(ctx)
	if err != nil {
		return rest.Token{}, err
	}
	if key == "" {
		return rest.Token{}, rest.Refusal(vendor, opToken.Name, rest.KindAuth,
			"There is no API key for the Naturaesoft EMR: run \"frontdesk login naturaesoft\".")
	}
	call := rest.Call{Path: c.path(), Body: map[string]string{"apiKey": key}, Secrets: []string{key}}
	return ask(ctx, c, opToken, call, func(raw json.RawMessage) (rest.Token, error) {
		return decodeToken(raw, time.Now())
	})
}

func decodeToken(raw json.RawMessage, now time.Time) (rest.Token, error) {
	o, _, err := one(raw)
	if err != nil {
		return rest.Token{}, err
	}
	var value, kind string
	if json.Unmarshal(o.Find("accessToken"), &value) != nil || !sendable(value) {
		return rest.Token{}, errors.New("it holds no access token")
	}
	if v := o.Find("tokenType"); !rest.Void(v) {
		if json.Unmarshal(v, &kind) != nil || !strings.EqualFold(kind, "Bearer") {
			return rest.Token{}, errors.New("the token is not of the kind Bearer")
		}
	}
	life := lifetime(o.Find("expiresIn"), value, now)
	// A token that lives ten minutes or less is renewed at half its life,
	// because five minutes early could be always.
	return rest.Token{Value: value, Expires: now.Add(life - min(early, life/2))}, nil
}

// sendable reports a token that can stand in a header.
func sendable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// lifetime is the shortest life the answer or the token itself states (NS-1).
// A stated end that lies in the past is not believed: a token was just handed
// out, so it is our clock that is wrong.
func lifetime(expiresIn json.RawMessage, jwt string, now time.Time) time.Duration {
	life := time.Duration(0)
	take := func(d time.Duration) {
		if d > 0 && (life == 0 || d < life) {
			life = d
		}
	}
	if d, ok := span(expiresIn); ok {
		take(d)
	}
	if iat, exp := claims(jwt); exp > 0 {
		take(time.Unix(exp, 0).Sub(now))
		if iat > 0 {
			take(time.Duration(min(exp-iat, int64(maxLife/time.Second))) * time.Second)
		}
	}
	if life == 0 {
		return defaultLife
	}
	return min(life, maxLife)
}

// maxLife keeps sums of times inside their range.
const maxLife = 10 * 365 * 24 * time.Hour

// span reads "24h", "90m", "1d", "2w", 3600 and "3600". A bare number counts
// seconds up to a million and milliseconds beyond.
func span(raw json.RawMessage) (time.Duration, bool) {
	s := strings.TrimSpace(string(raw))
	if err := json.Unmarshal(raw, &s); err == nil {
		s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return min(d, maxLife), true
	}
	unit := time.Second
	switch {
	case strings.HasSuffix(s, "d"):
		s, unit = strings.TrimSuffix(s, "d"), 24*time.Hour
	case strings.HasSuffix(s, "w"):
		s, unit = strings.TrimSuffix(s, "w"), 7*24*time.Hour
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n > 0) || n > 1e15 {
		return 0, false
	}
	if unit == time.Second && n > 1e6 {
		unit = time.Millisecond
	}
	if n > float64(maxLife/unit) {
		return maxLife, true
	}
	return time.Duration(n * float64(unit)), true
}

// claims reads the times of a JWT without verifying it; 0 is unknown. Nobody
// is let in by them, they only tell when to sign in again.
func claims(jwt string) (iat, exp int64) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return 0, 0
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return 0, 0
	}
	o, err := rest.ParseObject(payload)
	if err != nil {
		return 0, 0
	}
	read := func(name string) int64 {
		d, ok := exact(strings.Trim(string(o.Find(name)), `"`))
		if !ok || d.NumDigits() > 18 || d.Exponent() > 12 {
			return 0
		}
		n := d.IntPart()
		if n > 1e11 { // milliseconds, as some issuers write
			n /= 1000
		}
		if n < 0 || n > 1e11 {
			return 0
		}
		return n
	}
	return read("iat"), read("exp")
}
