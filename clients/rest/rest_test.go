package rest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDoSendsWhatTheOpSays(t *testing.T) {
	var got *http.Request
	var body string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		io.WriteString(w, `{"id":7,"name":"Test"}`)
	})
	c := connect(t, base+"/pre%2Ffix/", func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) { return Token{Value: "tok/1"}, nil }
	})
	v, err := Do[thing](t.Context(), c,
		Op{Name: "x", Method: "POST", Path: "/v1/{office}/{token}/rows/{id}/", Effect: Create},
		Call{
			Path:   map[string]string{"office": "Démo Office", "id": "a/b?c#d%{token}"},
			Query:  url.Values{"q": {"a b&c"}},
			Header: http.Header{"X-Extra": {"1"}},
			Body:   map[string]string{"k": "v"},
		})
	require.NoError(t, err)
	require.Equal(t, thing{7, "Test"}, v)
	require.Equal(t, "/pre%2Ffix/v1/D%C3%A9mo%20Office/tok%2F1/rows/a%2Fb%3Fc%23d%25%7Btoken%7D/?q=a+b%26c", got.RequestURI)
	require.Equal(t, "HTTP/1.1", got.Proto)
	require.JSONEq(t, `{"k":"v"}`, body)
	require.EqualValues(t, len(body), got.ContentLength)
	require.Equal(t, http.Header{
		"Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "Authorization": {"Bearer tok/1"},
		"Connection": {"close"}, "Content-Length": {"9"}, "Content-Type": {"application/json"},
		"User-Agent": {"frontdesk"}, "X-Extra": {"1"},
	}, got.Header)
}

// The trick that keeps net/http from repeating requests must not show.
func TestBodylessRequestsHaveNoBody(t *testing.T) {
	var got *http.Request
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		io.WriteString(w, `{}`)
	})
	c := connect(t, base)
	for method, length := range map[string]string{"GET": "", "DELETE": "", "POST": "0", "PUT": "0", "PATCH": "0"} {
		for _, effect := range []Effect{Read, Idempotent, Create} {
			_, err := Do[thing](t.Context(), c, Op{Name: "x", Method: method, Path: "/", Effect: effect, Public: true}, Call{})
			require.NoError(t, err, method)
			require.Empty(t, got.TransferEncoding, method)
			require.Zero(t, got.ContentLength, method)
			require.Equal(t, length, got.Header.Get("Content-Length"), method)
			require.Equal(t, effect == Create, got.Close, method)
			require.Empty(t, got.Header.Get("Content-Type"))
		}
	}
}

func TestPublicIsSentWithoutCredentials(t *testing.T) {
	var auth []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		auth = append(auth, r.Header.Get("X-Key"))
		io.WriteString(w, `{}`)
	})
	c := connect(t, base, func(o *Options) {
		o.Sign = func(r *http.Request, _ Token) { r.Header.Set("X-Key", "k") }
	})
	_, err := Do[thing](t.Context(), c, list, Call{})
	require.NoError(t, err)
	_, err = Do[thing](t.Context(), c, signed(list), Call{})
	require.NoError(t, err)
	require.Equal(t, []string{"", "k"}, auth)
}

func TestNoCookiesAreKept(t *testing.T) {
	var cookies atomic.Int64
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies.Add(int64(len(r.Cookies())))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		io.WriteString(w, `{}`)
	})
	c := connect(t, base)
	for range 3 {
		_, err := Do[thing](t.Context(), c, list, Call{})
		require.NoError(t, err)
	}
	require.Zero(t, cookies.Load())
}

func TestNothingIsSentWhenTheCallIsWrong(t *testing.T) {
	var hits atomic.Int64
	base := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	c := connect(t, base)
	row := Op{Name: "x", Method: "GET", Path: "/rows/{id}", Public: true}
	token := Op{Name: "x", Method: "GET", Path: "/api/{token}/rows"}
	id := func(v string) Call { return Call{Path: map[string]string{"id": v}} }
	for name, c2 := range map[string]struct {
		op   Op
		call Call
	}{
		"missing":        {row, Call{}},
		"empty":          {row, id("")},
		"dot":            {row, id(".")},
		"dots":           {row, id("..")},
		"dots inside":    {row, id("42/../../admin")},
		"dots backslash": {row, id(`42\..\x`)},
		"unused":         {list, id("1")},
		"another unused": {row, Call{Path: map[string]string{"id": "1", "x": "2"}}},
		"half a name":    {Op{Method: "GET", Path: "/rows/x{id}", Public: true}, id("1")},
		"open brace":     {Op{Method: "GET", Path: "/rows/{id", Public: true}, id("1")},
		"no slash":       {Op{Method: "GET", Path: "rows", Public: true}, Call{}},
		"method":         {Op{Method: "G T", Path: "/", Public: true}, Call{}},
		"no token":       {token, Call{}},
		"token by value": {token, Call{Path: map[string]string{"token": "x"}}},
		"body":           {list, Call{Body: func() {}}},
		"header":         {list, Call{Header: http.Header{"X-A": {"a\r\nX-Evil: 1"}}}},
		"replay header":  {post, Call{Header: http.Header{"Idempotency-Key": {"1"}}}},
		"replay header 2": {post, Call{Header: http.Header{
			"x-idempotency-key": {"1"}}}},
	} {
		_, err := Do[thing](t.Context(), c, c2.op, c2.call)
		e := typed(t, err)
		require.Equal(t, KindConfig, e.Kind, name)
		require.Equal(t, NotSent, e.Phase, name)
		require.NotEmpty(t, e.why, name)
	}
	require.Zero(t, hits.Load())
}

func TestSignCannotLeadARequestElsewhere(t *testing.T) {
	var hits atomic.Int64
	other := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	base := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	for _, change := range []func(*url.URL){
		func(u *url.URL) { u.Host = strings.TrimPrefix(other, "http://") },
		func(u *url.URL) { u.Scheme = "https" },
		func(u *url.URL) { u.User = url.User("x") },
		func(u *url.URL) { u.Host = "localhost:1" },
	} {
		c := connect(t, base, func(o *Options) {
			o.Sign = func(r *http.Request, _ Token) { change(r.URL) }
		})
		e := fails(t, c, signed(post), Call{})
		require.Equal(t, KindConfig, e.Kind)
		require.Equal(t, NotSent, e.Phase)
	}
	require.Zero(t, hits.Load())
}

func TestBodyIsMarshalledOnce(t *testing.T) {
	var hits, marshalled atomic.Int64
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		require.Equal(t, `"1"`, string(b))
		if hits.Add(1) < 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(w, `{}`)
	})
	_, err := Do[thing](t.Context(), connect(t, base), update, Call{Body: counter{&marshalled}})
	require.NoError(t, err)
	require.EqualValues(t, 3, hits.Load())
	require.EqualValues(t, 1, marshalled.Load())
}

type counter struct{ n *atomic.Int64 }

func (c counter) MarshalJSON() ([]byte, error) { return json.Marshal(string('0' + rune(c.n.Add(1)))) }

func TestIgnoredBodies(t *testing.T) {
	for body, ok := range map[string]bool{"": true, "OK": true, `{"x":1}`: true, "<html>": false} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if body == "" {
				w.Header().Set("Content-Type", "text/html") // as some servers do
			}
			io.WriteString(w, body)
		})
		_, err := Do[struct{}](t.Context(), connect(t, base), post, Call{})
		if ok {
			require.NoError(t, err, body)
			continue
		}
		e := typed(t, err)
		require.Equal(t, KindDecode, e.Kind)
		require.True(t, e.Ambiguous)
	}
}

func TestCheckFindsRefusalsInsideA200(t *testing.T) {
	var kind Kind
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"status":false}`)
	})
	c := connect(t, base, func(o *Options) {
		o.Check = func(_ Op, status int, _ http.Header, body []byte) *Error {
			require.Equal(t, 200, status)
			require.JSONEq(t, `{"status":false}`, string(body))
			return &Error{Kind: kind, Code: "4130"}
		}
	})
	for given, want := range map[Kind]struct {
		kind  Kind
		phase Phase
	}{
		0:             {KindValidation, Refused},
		KindConflict:  {KindConflict, Refused},
		KindForbidden: {KindForbidden, Refused},
		KindServer:    {KindServer, Unknown},
	} {
		kind = given
		op := post
		op.Scope = "Things"
		e := fails(t, c, op, Call{})
		require.Equal(t, want.kind, e.Kind)
		require.Equal(t, want.phase, e.Phase)
		require.Equal(t, "Example EMR", e.Vendor)
		require.Equal(t, "post thing", e.Op)
		require.Equal(t, "Things", e.Scope)
		require.Equal(t, 200, e.Status)
		require.Contains(t, e.Error(), "code 4130")
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[int]struct {
		kind  Kind
		phase Phase
	}{
		400: {KindValidation, Refused}, 401: {KindAuth, Refused}, 403: {KindForbidden, Refused},
		404: {KindNotFound, Refused}, 405: {KindConfig, Refused}, 406: {KindConfig, Refused},
		408: {KindTransport, Refused}, 409: {KindConflict, Refused}, 410: {KindNotFound, Refused},
		413: {KindValidation, Refused}, 415: {KindConfig, Refused}, 422: {KindValidation, Refused},
		429: {KindRateLimited, Refused}, 500: {KindServer, Unknown}, 501: {KindConfig, Refused},
		502: {KindServer, Unknown}, 503: {KindServer, Unknown}, 504: {KindServer, Unknown}, 524: {KindServer, Unknown},
		301: {KindRedirect, Refused}, 302: {KindRedirect, Unknown}, 303: {KindRedirect, Unknown},
		304: {KindRedirect, Refused}, 307: {KindRedirect, Refused}, 308: {KindRedirect, Refused},
	} {
		var hits atomic.Int64
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			hits.Add(1)
			w.WriteHeader(status)
		})
		e := fails(t, connect(t, base), post, Call{})
		require.Equal(t, want.kind, e.Kind, "%d", status)
		require.Equal(t, want.phase, e.Phase, "%d", status)
		require.Equal(t, status, e.Status)
		require.EqualValues(t, 1, hits.Load(), "%d", status)
	}
}

func TestComplaints(t *testing.T) {
	for body, want := range map[string]struct {
		message string
		fields  map[string]string
	}{
		`{"error":"no such office"}`:                               {"no such office", nil},
		`{"message":"bad \u001b[2J phone"}`:                        {"bad ␛[2J phone", nil},
		`{"error":"x","message":"why"}`:                            {"why", nil},
		`{"error":{"message":"inner"}}`:                            {"inner", nil},
		`{"errors":["a","b"]}`:                                     {"a; b", nil},
		`{"errors":{"EMail":["is invalid","is taken"],"DOB":"?"}}`: {"", map[string]string{"EMail": "is invalid; is taken", "DOB": "?"}},
		`{"message":"m","errors":{"a\u202eb":["\u0007"]}}`:         {"m", map[string]string{"ab": "␇"}},
		"\uFEFF{\"error\":\"with mark\"}":                          {"with mark", nil},
		`{"error":7}`:                                              {"7", nil},
		`{"error":true}`:                                           {"", nil},
		`{"errors":{}}`:                                            {"", nil},
		`["x"]`:                                                    {"", nil},
		`<html>`:                                                   {"", nil},
		``:                                                         {"", nil},
		`null`:                                                     {"", nil},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(422)
			io.WriteString(w, body)
		})
		e := fails(t, connect(t, base), post, Call{})
		require.Equal(t, KindValidation, e.Kind, body)
		require.Equal(t, want.message, e.Message.String(), body)
		require.Len(t, e.Fields, len(want.fields), body)
		for name, text := range want.fields {
			require.Equal(t, text, e.Fields[name].String(), body)
		}
	}
}
