package rest

import (
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Programs that check signed tokens often answer 403 to one that is over.
func TestAnEndedSessionBehind403(t *testing.T) {
	for name, c := range map[string]struct {
		header, body string
		again        bool
	}{
		"jwt":               {"", `{"error":"jwt expired"}`, true},
		"token":             {"", `{"message":"Your access token has expired."}`, true},
		"expired first":     {"", `{"error":{"message":"Expired session token"}}`, true},
		"invalid":           {"", `{"error":"Invalid or expired token"}`, true},
		"invalid, short":    {"", `{"message":"invalid token"}`, true},
		"header":            {`Bearer error="invalid_token"`, `{}`, true},
		"scope":             {"", `{"error":"Invalid token scope"}`, false},
		"scope in a header": {`Bearer error="insufficient_scope"`, `{"error":"Forbidden"}`, false},
		"licence":           {"", `{"error":"Your licence has expired"}`, false},
		"no words":          {"", ``, false},
	} {
		t.Run(name, func(t *testing.T) {
			v, calls := &vault{}, 0
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/auth" {
					v.signIns.Add(1)
					io.WriteString(w, `{"token":"t"}`)
					return
				}
				if calls++; calls == 1 {
					w.Header().Set("WWW-Authenticate", c.header)
					w.WriteHeader(http.StatusForbidden)
					io.WriteString(w, c.body)
					return
				}
				io.WriteString(w, `{"id":1}`)
			})
			v.c = connect(t, base, func(o *Options) { o.SignIn = v.signIn })
			_, err := Do[thing](t.Context(), v.c, signed(post), Call{})
			if c.again {
				require.NoError(t, err)
				require.EqualValues(t, 2, v.signIns.Load())
				require.Equal(t, 2, calls)
				return
			}
			require.Equal(t, KindForbidden, typed(t, err).Kind)
			require.EqualValues(t, 1, v.signIns.Load())
			require.Equal(t, 1, calls)
		})
	}
}

// What the vendor asks for is said when there is no time left to wait for it.
func TestNoTimeForRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vault{}
		v.c = connectBy(t, local, piped(func(_ int, _ *http.Request, c net.Conn) {
			answer(c, 429, "Retry-After: 45\r\n", "")
		}), func(o *Options) { o.SignIn = v.signIn })
		start := time.Now()
		e := fails(t, v.c, signed(list), Call{})
		require.Equal(t, KindRateLimited, e.Kind)
		require.Equal(t, 45*time.Second, e.RetryAfter)
		require.Zero(t, time.Since(start))
	})
}

// A page in the place of a sign-in says nothing of the key: the next call may
// try again, and the call behind it is not told of a record that is missing.
func TestAPageForASignInIsNoRefusalOfTheKey(t *testing.T) {
	for status, kind := range map[int]Kind{400: KindDecode, 403: KindDecode, 404: KindDecode, 401: KindAuth, 429: KindRateLimited} {
		v := &vault{}
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path != "/auth":
				io.WriteString(w, `{"id":1}`)
			case v.signIns.Add(1) == 1:
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(status)
				io.WriteString(w, "<html>Down for maintenance</html>")
			default:
				io.WriteString(w, `{"token":"t"}`)
			}
		})
		v.c = connect(t, base, func(o *Options) { o.SignIn = v.signIn })
		e := fails(t, v.c, signed(post), Call{})
		require.Equal(t, kind.String(), e.Kind.String(), status)
		require.Equal(t, NotSent, e.Phase)
		require.Contains(t, e.UserMessage(), "Nothing was changed.")
		_, err := Do[thing](t.Context(), v.c, signed(post), Call{})
		if kind == KindAuth {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, status)
	}
}
