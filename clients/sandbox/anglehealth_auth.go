package sandbox

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"
)

// angleTokens are the session tokens of one run and when each ends, by the real
// clock as their holders have it.
type angleTokens struct {
	life time.Duration
	ends map[string]time.Time
}

func newAngleTokens() angleTokens { return angleTokens{time.Hour, map[string]time.Time{}} }

func (t angleTokens) expireAll() { clear(t.ends) }

func (t angleTokens) check(authorization, scheme string) error {
	word, token, _ := strings.Cut(authorization, " ")
	ends, ok := t.ends[token]
	if !strings.EqualFold(word, scheme) || !ok || !time.Now().Before(ends) {
		return refusal{http.StatusUnauthorized, "invalid_token"}
	}
	return nil
}

// signIn is POST /auth. The life of the token is an hour although expires_in,
// as in the document, is a number of milliseconds.
func (a *anglehealth) signIn(r *http.Request, body []byte) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	given, err := decodeBody(r, body)
	if err != nil {
		return err.(refusal).answer()
	}
	if given["auth_type"] != "client_credentials" {
		return jsonAnswer(http.StatusBadRequest, map[string]any{
			"error": "validation", "fields": objection("auth_type", "must be client_credentials")})
	}
	id, secret, ok := r.BasicAuth()
	if !ok || id != FakeAngleClient || secret != FakeAngleSecret {
		return refusal{http.StatusUnauthorized, "invalid_client"}.answer()
	}
	token := "fake-" + rand.Text()
	a.auth.ends[token] = time.Now().Add(a.auth.life)
	return jsonAnswer(http.StatusOK, map[string]any{
		"access_token": token, "expires_in": 3600000, "token_type": "Bearer",
	})
}
