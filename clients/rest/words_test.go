package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/safe"
)

func TestBaseAddresses(t *testing.T) {
	for _, base := range []string{
		"https://emr.example", "https://emr.example:8443/partner/v2/", "https://localhost",
		"http://127.0.0.1:8080", "http://127.1.2.3/x", "http://[::1]:80", "HTTPS://emr.example",
	} {
		c, err := New(Options{Vendor: "Example EMR", Base: base})
		require.NoError(t, err, base)
		c.Close()
	}
	for _, base := range []string{
		"", "emr.example", "http://emr.example", "http://localhost:1", "http://127.0.0.1.example", "http://127.1",
		"http://2130706433", "http://0x7f.1", "http://0.0.0.0", "http://10.0.0.1", "http://[::]", "http://[::ffff:127.0.0.1]",
		"http://[::1%25lo]", "ftp://127.0.0.1", "file:///etc/passwd", "//127.0.0.1", "https://", "https:emr.example",
		"https://NEEDLE:NEEDLE@emr.example", "https://emr.example?NEEDLE", "https://emr.example?", "https://emr.example#NEEDLE",
		"https://emr.example/#", "https://emr.example/a/../b", "https://emr.example/./a", "https://emr.example/{token}",
		"https://emr.example:NEEDLE", "https://emr example", "http://NEEDLE@127.0.0.1", "\x7fhttps://NEEDLE",
	} {
		_, err := New(Options{Vendor: "Example EMR", Base: base})
		e := typed(t, err)
		require.Equal(t, KindConfig, e.Kind, base)
		require.NotContains(t, e.Error()+e.UserMessage(), "NEEDLE")
		require.Regexp(t, `^The address of Example EMR .+\.$`, e.UserMessage())
	}
}

func TestNegativeLimitsAreRefused(t *testing.T) {
	for _, o := range []Options{{Rate: -1}, {Burst: -1}, {Concurrency: -1}} {
		o.Base = local
		_, err := New(o)
		require.Equal(t, KindConfig, typed(t, err).Kind)
	}
}

// needles are planted wherever a secret or a name can be; none may come out in
// an error or a log line, raw or escaped.
var needles = []string{"n33dle-path", "n33dle-query", "n33dle-header", "n33dle-body", "n33dle-token", "n33dle-words", "n33dle-field", "n33dle-code x"}

func TestNothingLeaksIntoErrorsAndLogs(t *testing.T) {
	var logged journal
	bases := []string{}
	for _, fault := range faults {
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Header().Set("X-Echo", "n33dle-header")
			fault.how(w)
			io.WriteString(w, `{"message":"n33dle-words","errors":{"n33dle-field":"n33dle-words"}}`)
		})
		bases = append(bases, base)
	}
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone.Close()
	bases = append(bases, "http://"+gone.Addr().String())
	var mu sync.Mutex
	var check []string
	var all sync.WaitGroup
	for _, base := range bases {
		all.Go(func() {
			printed := collect(t, base, &logged)
			mu.Lock()
			defer mu.Unlock()
			check = append(check, printed...)
		})
	}
	all.Wait()
	require.Greater(t, len(check), 2*len(bases))
	require.Greater(t, len(logged.lines()), 100)
	check = append(check, logged.lines()...)
	for _, text := range check {
		for _, needle := range append(needles, "n33dle", "127.0.0.1", "://") {
			require.NotContains(t, text, needle)
		}
	}
}

// collect makes all kinds of calls and returns what their errors print.
func collect(t *testing.T, base string, logged *journal) []string {
	c := connect(t, base+"/n33dle-path", logTo(logged), func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) { return Token{Value: "n33dle-token"}, nil }
		o.Check = func(_ Op, status int, _ http.Header, body []byte) *Error {
			if status != 422 {
				return nil
			}
			o, _ := ParseObject(body)
			e := o.Words()
			e.Code = "n33dle-code x"
			return e
		}
	})
	var printed []string
	for _, op := range []Op{
		{Name: "read row", Method: "GET", Path: "/{id}/{token}", Effect: Read},
		{Name: "put row", Method: "PUT", Path: "/{id}", Effect: Idempotent},
		{Name: "make row", Method: "GET", Path: "/{id}/{token}", Effect: Create},
	} {
		_, err := Do[thing](context.Background(), c, op, Call{
			Path:   map[string]string{"id": "n33dle-path"},
			Query:  url.Values{"q": {"n33dle-query"}},
			Header: http.Header{"Api_key": {"n33dle-header"}},
			Body:   map[string]string{"ssn": "n33dle-body"},
		})
		for ; err != nil; err = errors.Unwrap(err) {
			printed = append(printed, err.Error(), fmt.Sprintf("%v %+v %s", err, err, err))
		}
	}
	return printed
}

func TestLogLines(t *testing.T) {
	status := 502
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		status = 200
		io.WriteString(w, `{}`)
	})
	var logged journal
	c := connect(t, base, logTo(&logged))
	op := Op{Name: "find rows", Method: "GET", Path: "/rows/{id}", Public: true}
	_, err := Do[thing](t.Context(), c, op, Call{Path: map[string]string{"id": "1"}})
	require.NoError(t, err)
	require.Len(t, logged.lines(), 2)
	for n, line := range logged.lines() {
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &got))
		require.Greater(t, got["duration"], 0.0)
		delete(got, "duration")
		delete(got, "time")
		want := []map[string]any{
			{"level": "WARN", "msg": "request", "vendor": "Example EMR", "op": "find rows", "route": "GET /rows/{id}", "status": 502.0, "attempt": 1.0, "kind": "server"},
			{"level": "INFO", "msg": "request", "vendor": "Example EMR", "op": "find rows", "route": "GET /rows/{id}", "status": 200.0, "attempt": 2.0, "kind": "ok"},
		}[n]
		require.Equal(t, want, got)
	}
}

func TestErrorText(t *testing.T) {
	e := &Error{Vendor: "Example EMR", Op: "find rows", Status: 422, Code: "4130", Kind: KindValidation, Phase: Refused,
		Message: safe.Line("Ann"), Fields: map[string]safe.Text{"Ann": safe.Line("Ann")}, why: otherShape}
	require.Equal(t, "Example EMR: find rows: validation, status 422, code 4130: JSON of another form than documented (refused)", e.Error())
	require.Equal(t, "Example EMR: sign in: auth (not sent)", Refusal("Example EMR", "sign in", KindAuth, "No key.").Error())
}

func TestUserMessages(t *testing.T) {
	say := func(effect Effect, e Error) string {
		e.Vendor, e.Op, e.effect = "X", "do it", effect
		e.Ambiguous = effect != Read && e.Phase == Unknown
		return e.UserMessage()
	}
	for _, c := range []struct {
		effect Effect
		e      Error
		want   string
	}{
		{Read, Error{Kind: KindTransport, Phase: Unknown, why: noAnswer},
			"X did not answer in time. Nothing was changed. Press r to try again."},
		{Create, Error{Kind: KindTransport, Phase: Unknown, why: noAnswer},
			"X did not answer in time. The request may have been carried out. Check before sending again."},
		{Create, Error{Kind: KindTransport, Phase: Unknown, why: closed},
			"The connection to X broke after the request was sent. The request may have been carried out. Check before sending again."},
		{Create, Error{Kind: KindTransport, Phase: NotSent, why: closed},
			"The connection to X broke before the request was sent. Nothing was changed. You can send it again."},
		{Idempotent, Error{Kind: KindTransport, why: refused},
			"X cannot be reached: connection refused. Nothing was changed. You can send it again."},
		{Read, Error{Kind: KindTransport, why: noHost},
			"X cannot be found: its host name is unknown, or this machine is offline. Nothing was changed. Press r to try again."},
		{Read, Error{Kind: KindTransport, why: certExpired},
			"The certificate of X has expired or is not valid yet; if only this machine complains, check its clock. Ask whoever looks after the network."},
		{Create, Error{Kind: KindTransport, why: certHost},
			"The certificate shown for X belongs to another host; somebody may be in between. Nothing was changed. Ask whoever looks after the network."},
		{Create, Error{Kind: KindServer, Status: 502, Phase: Unknown},
			"X failed on its side (status 502). The request may have been carried out. Check before sending again."},
		{Create, Error{Kind: KindDecode, Status: 200, Phase: Unknown, why: webPage},
			"X answered with a web page instead of data: a login or maintenance page, or a network that wants a sign-in. The request may have been carried out. Check before sending again."},
		{Read, Error{Kind: KindDecode, Status: 200, Phase: Done, why: brokenJSON},
			"X answered, but its answer is damaged. Press r to try again."},
		{Read, Error{Kind: KindRateLimited, Phase: Refused, RetryAfter: 41500 * time.Millisecond},
			"X received too many requests and asks to wait. Nothing was changed. Try again in 42 s."},
		{Create, Error{Kind: KindRateLimited, Phase: Refused, RetryAfter: time.Hour},
			"X received too many requests and asks to wait. Nothing was changed. Try again in 60 min."},
		{Read, Error{Kind: KindRateLimited, Phase: Refused},
			"X received too many requests and asks to wait. Nothing was changed. Press r to try again."},
		{Read, Error{Kind: KindRedirect, Phase: Refused},
			"X has moved: it pointed to another address, which is never followed. Check its address in the configuration."},
		{Create, Error{Kind: KindValidation, Phase: Refused, Message: safe.Line("EMail \x1b[2J taken")},
			"X did not accept what was sent. It says: “EMail ␛[2J taken”. Nothing was changed. Correct it and try again."},
		{Create, Error{Kind: KindValidation, Phase: Refused, Fields: map[string]safe.Text{
			"B": safe.Line("b"), "A": safe.Line("a"), "C": safe.Line("c"), "D": safe.Line("d")}},
			"X did not accept what was sent. It objects to “A: a”, “B: b”, “C: c” and 1 more. Nothing was changed. Correct it and try again."},
		{Read, Error{Kind: KindForbidden, Phase: Refused, Scope: "Tickets"},
			`X does not allow this: the key lacks the permission "Tickets". Ask whoever manages the key.`},
		{Read, Error{Kind: KindNotFound, Phase: Refused},
			"X has no such record; it may have been removed. Press r to reload."},
		{Create, Error{Kind: KindConflict, Phase: Refused},
			"X refused because the record already exists or was changed meanwhile. Nothing was changed. Press r to reload and compare."},
		{Create, Error{Kind: KindAuth, Phase: Refused},
			"X refused the key or the session. Nothing was changed. Store its key again: frontdesk login."},
		{Create, Error{Kind: KindCancelled, Phase: Unknown},
			"The request to X was cancelled. It may have been carried out all the same. Check before sending again."},
		{Read, Error{Kind: KindCancelled, Phase: Unknown}, "The request to X was cancelled. Press r to try again."},
		{Read, Error{Kind: KindResting, RetryAfter: 12100 * time.Millisecond},
			"X failed several times in a row and is left alone for a moment. Nothing was changed. Press r in 13 s to try again."},
		{Create, Error{Kind: KindResting, RetryAfter: 12100 * time.Millisecond},
			"X failed several times in a row and is left alone for a moment. Nothing was changed. Press r in 13 s to reload first; once that works, send it again."},
		{Create, Error{Kind: KindConfig, Status: 405, Phase: Refused},
			"X does not know this request (status 405); its interface may have changed. Nothing was changed."},
		{Read, Error{Kind: KindConfig, why: "the value for id is missing"},
			`The request "do it" to X could not be made: the value for id is missing.`},
	} {
		require.Equal(t, c.want, say(c.effect, c.e))
	}
	require.Equal(t, "A visit needs a length.", Refusal("X", "check", KindValidation, "A visit needs a length.").UserMessage())
}

// Every combination is made of full sentences, says of a write whether it may
// have landed, and never promises both.
func TestUserMessagesAreWhole(t *testing.T) {
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	reasons := []reason{"", noAnswer, noConnection, stalled, closed, refused, unreachable, noHost, notHTTP, noProxy, proxyLogin,
		noTLS, certExpired, certIssuer, certHost, certBad, bigHeader, bigBody, webPage, emptyBody, nullBody, cutJSON, brokenJSON,
		extraJSON, otherShape, badPacking, keyRefused, signInFailed, queueTime, resting, badToken}
	for kind := KindAuth; kind <= KindConfig; kind++ {
		require.NotEqual(t, "unknown kind", kind.String())
		for _, why := range reasons {
			for phase := NotSent; phase <= Done; phase++ {
				require.NotEqual(t, "unknown phase", phase.String())
				for _, effect := range []Effect{Read, Idempotent, Create} {
					e := &Error{Vendor: "X", Op: "o", Kind: kind, Phase: phase, effect: effect, why: why, cause: context.Canceled}
					e.Ambiguous = phase == Unknown && effect != Read
					text := e.UserMessage()
					require.Regexp(t, sentence, text)
					if effect == Read || why == signInFailed && kind == KindAuth {
						continue
					}
					require.Equal(t, e.Ambiguous, strings.Contains(text, "may have been carried out"), text)
					require.Equal(t, !e.Ambiguous, strings.Contains(text, "Nothing was changed"), text)
				}
			}
		}
	}
}

func TestUserMessageOfAnyError(t *testing.T) {
	require.Empty(t, UserMessage(nil))
	require.Equal(t, "This was cancelled.", UserMessage(fmt.Errorf("x: %w", context.Canceled)))
	require.Equal(t, "This took too long and was given up.", UserMessage(context.DeadlineExceeded))
	require.Equal(t, "Something went wrong: disk full␛.", UserMessage(errors.New("disk full\x1b")))
	require.Equal(t, "No key.", UserMessage(fmt.Errorf("x: %w", Refusal("X", "o", KindAuth, "No key."))))
	require.Equal(t, "Something went wrong: refused.",
		UserMessage(&url.Error{Op: "Get", URL: "https://x/NEEDLE", Err: errors.New("refused")}))
}

func BenchmarkDo(b *testing.B) {
	base := serve(b, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":1,"name":"Test"}`) })
	b.Run("Do", func(b *testing.B) {
		c := connect(b, base)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Do[thing](context.Background(), c, list, Call{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("net/http", func(b *testing.B) {
		tr := &http.Transport{}
		defer tr.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			r, _ := http.NewRequest("GET", base+"/things", nil)
			response, err := tr.RoundTrip(r)
			if err != nil {
				b.Fatal(err)
			}
			var v thing
			if err := json.NewDecoder(response.Body).Decode(&v); err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}
