package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// The scopes the document names.
const (
	scopeProviders = "Providers"
	scopeProducts  = "ProductPro.Products"
	scopeKB        = "KB"
	scopeTickets   = "Tickets"
)

// tokenLife is the "24h" of the sign-in answer.
const tokenLife = 24 * time.Hour

func allScopes() map[string]bool {
	return map[string]bool{scopeProviders: true, scopeProducts: true, scopeKB: true, scopeTickets: true}
}

// tokens are the session tokens of one run: signed, never kept.
type tokens struct {
	key        []byte
	generation *atomic.Int64 // older ones are expired, whatever they say
}

func newTokens() tokens {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return tokens{key, new(atomic.Int64)}
}

func (t tokens) expireAll() { t.generation.Add(1) }

// claims are what a token says. Its times are real ones even when the
// practice's clock is not, since its holder reads them.
type claims struct {
	Subject    string `json:"sub"`
	Practice   string `json:"ppass"`
	Generation int64  `json:"gen"`
	IssuedAt   int64  `json:"iat"`
	Expires    int64  `json:"exp"`
}

func (t tokens) issue(now time.Time) string {
	payload, err := json.Marshal(claims{
		Subject:    "partner-0001",
		Practice:   PracticeID,
		Generation: t.generation.Load(),
		IssuedAt:   now.Unix(),
		Expires:    now.Add(tokenLife).Unix(),
	})
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	return text + "." + encode(t.sign(text))
}

func (t tokens) sign(text string) []byte {
	h := hmac.New(sha256.New, t.key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// check refuses with 401 what is not a living token of this run.
func (t tokens) check(authorization string) error {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return refusal{http.StatusUnauthorized, "A bearer token is required."}
	}
	dead := refusal{http.StatusUnauthorized, "Token is invalid or has expired."}
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 {
		return dead
	}
	signature, err := base64.RawURLEncoding.DecodeString(token[cut+1:])
	if err != nil || !hmac.Equal(signature, t.sign(token[:cut])) {
		return dead
	}
	_, payload, _ := strings.Cut(token[:cut], ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return dead
	}
	var c claims
	if json.Unmarshal(text, &c) != nil ||
		c.Generation < t.generation.Load() || time.Now().Unix() >= c.Expires {
		return dead
	}
	return nil
}

// signIn is POST /v1/{PPass}/auth/token. Its answer alone is not wrapped.
func (n *naturaesoft) signIn(c *call) (reply, error) {
	given, err := c.object()
	if err != nil {
		return reply{}, err
	}
	key, _ := given["apiKey"].(string)
	if key == "" {
		return reply{}, refusal{http.StatusBadRequest, "apiKey is required."}
	}
	if key != FakeEMRKey || c.PathValue("ppass") != PracticeID {
		return reply{}, refusal{http.StatusUnauthorized, "Invalid API key."}
	}
	return reply{http.StatusOK, struct {
		AccessToken string `json:"accessToken"`
		TokenType   string `json:"tokenType"`
		ExpiresIn   string `json:"expiresIn"`
	}{n.auth.issue(time.Now()), "Bearer", "24h"}}, nil
}
