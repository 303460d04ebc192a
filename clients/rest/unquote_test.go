package rest

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// A session token is left out however the vendor spells it; other words stay.
func TestATokenIsNotQuoted(t *testing.T) {
	const token = "fake/token for&tests"
	for words, shown := range map[string]bool{
		"no " + token:                           false,
		"GET /fake%2Ftoken%20for&tests/tickets": false,
		"q=fake%2Ftoken+for%26tests":            false,
		"Basic " + base64.StdEncoding.EncodeToString([]byte(token+":")): false,
		"no token for tests": true,
	} {
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			io.WriteString(w, `{"message":`+strconv.Quote(words)+`}`)
		})
		c := connect(t, base, func(o *Options) {
			o.SignIn = func(context.Context) (Token, error) { return Token{Value: token}, nil }
		})
		e := fails(t, c, signed(list), Call{})
		if shown {
			require.Equal(t, words, e.Message.String())
		} else {
			require.Empty(t, e.Message.String(), words)
		}
	}
}

// What is too short to be a secret stands in words by chance.
func TestShortWordsAreNoSecrets(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		io.WriteString(w, `{"message":"a bad day"}`)
	})
	e := fails(t, connect(t, base), list, Call{Secrets: []string{"bad", ""}})
	require.Equal(t, "a bad day", e.Message.String())
}
