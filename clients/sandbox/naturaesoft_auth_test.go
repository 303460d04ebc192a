package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSignInRefusals(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"/v1/DemoOffice/auth/token", `{"apiKey":"another key"}`, 401},
		{"/v1/OtherOffice/auth/token", `{"apiKey":"` + FakeEMRKey + `"}`, 401},
		{"/v1/DemoOffice/auth/token", `{"apikey":"` + FakeEMRKey + `"}`, 400},
		{"/v1/DemoOffice/auth/token", `{}`, 400},
		{"/v1/DemoOffice/auth/token", `[]`, 400},
		{"/v1/DemoOffice/auth/token", `{"apiKey":"a"} {}`, 400},
		{"/v1/DemoOffice/auth/token", `{"apiKey":"a",}`, 400},
	} {
		status, answer := d.do("POST", c.path, c.body)
		require.Equal(t, c.want, status, c.body)
		require.NotEmpty(t, answer["error"], c.body)
	}
	require.Equal(t, 1, d.s.Executions("POST /v1/{ppass}/auth/token"))
}

func TestTokensAreChecked(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	good := d.token
	old := s.emr.auth.issue(time.Now().Add(-tokenLife - time.Second))
	head, rest, _ := strings.Cut(good, ".")
	for name, token := range map[string]string{
		"none":              "",
		"nonsense":          "nonsense",
		"expired":           old,
		"of another run":    newTokens().issue(time.Now()),
		"signature cut off": good[:strings.LastIndexByte(good, '.')+1],
		"payload swapped":   head + "." + strings.Split(old, ".")[1] + "." + strings.Split(rest, ".")[1],
		"unsigned":          "eyJhbGciOiJub25lIn0." + strings.Split(rest, ".")[0] + ".",
	} {
		d.token = token
		status, _ := d.do("GET", "/v1/DemoOffice/tags", "")
		require.Equal(t, http.StatusUnauthorized, status, name)
	}
	d.token = good
	status, _ := d.do("GET", "/v1/OtherOffice/tags", "")
	require.Equal(t, http.StatusForbidden, status)
	require.NotNil(t, d.get("/v1/DemoOffice/tags"))

	s.ExpireTokens()
	status, _ = d.do("GET", "/v1/DemoOffice/tags", "")
	require.Equal(t, http.StatusUnauthorized, status)
	require.NotNil(t, signIn(t, s).get("/v1/DemoOffice/tags"), "a new token works")
	require.Equal(t, 2, s.Executions("GET /v1/{ppass}/tags"), "refusals are not executions")
}

func TestScopes(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	for scope, paths := range map[string][]string{
		"Providers": {
			"/v1/DemoOffice/availability/providers", "/v1/DemoOffice/availability/providers/1",
			"/v1/DemoOffice/availability/providers/1/slots?date=2026-03-09&duration=30",
		},
		"ProductPro.Products": {"/v1/products"},
		"KB":                  {"/v1/kb", "/v1/kb/1"},
		"Tickets":             {"/v1/DemoOffice/tickets", "/v1/DemoOffice/ticket/1"},
	} {
		s.RevokeScope(scope)
		for _, path := range paths {
			status, answer := d.do("GET", path, "")
			require.Equal(t, http.StatusForbidden, status, path)
			require.Contains(t, answer["error"], scope)
		}
		require.NotContains(t, d.object("/v1/me")["Scopes"], scope)
		require.NotNil(t, d.get("/v1/DemoOffice/prospects"), "needs no scope")
		s.GrantScope(scope)
		for _, path := range paths {
			d.get(path)
		}
	}
	require.Panics(t, func() { s.RevokeScope("Misspelt") })
}
