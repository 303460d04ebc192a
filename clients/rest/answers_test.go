package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAnswersNobodyCanRead(t *testing.T) {
	for name, c := range map[string]struct {
		kind, body string
		why        reason
	}{
		"page":             {"text/html; charset=utf-8", "Sign in", webPage},
		"page unannounced": {"application/json", "\uFEFF \n<!DOCTYPE html>", webPage},
		"xml":              {"text/xml", "<x/>", webPage},
		"empty":            {"application/json", "", emptyBody},
		"blank":            {"application/json", " \r\n", emptyBody},
		"null":             {"application/json", "null", nullBody},
		"trailing comma":   {"application/json", `{"id":1,}`, brokenJSON},
		"words":            {"text/plain", `Service unavailable`, brokenJSON},
		"cut":              {"application/json", `{"id":1,"name":"A`, cutJSON},
		"more behind":      {"application/json", `{"id":1} {"id":2}`, extraJSON},
		"junk behind":      {"application/json", `{"id":1}NEEDLE`, extraJSON},
		"number as text":   {"application/json", `{"id":"NEEDLE"}`, otherShape + ": field id is a string"},
		"fraction":         {"application/json", `{"id":81234.5}`, otherShape + ": field id is a number"},
		"text as list":     {"application/json", `{"name":["NEEDLE"]}`, otherShape + ": field name is a array"},
		"list":             {"application/json", `[{"id":1}]`, otherShape},
		"text":             {"application/json", `"NEEDLE"`, otherShape},
	} {
		var hits atomic.Int64
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			hits.Add(1)
			w.Header().Set("Content-Type", c.kind)
			io.WriteString(w, c.body)
		})
		client := connect(t, base)
		for _, op := range []Op{list, update, post} {
			hits.Store(0)
			e := fails(t, client, op, Call{})
			require.Equal(t, KindDecode, e.Kind, name)
			require.Equal(t, c.why, e.why, name)
			require.Equal(t, 200, e.Status)
			require.EqualValues(t, 1, hits.Load(), "%s: an answer like that is not asked for again", name)
			if op.Effect == Read {
				require.Equal(t, Done, e.Phase)
				continue
			}
			require.True(t, e.Ambiguous, name)
			require.NotContains(t, e.Error(), "NEEDLE")
			require.NotContains(t, e.Error(), "81234")
		}
	}
}

func TestAnswersThatAreTolerated(t *testing.T) {
	for body, want := range map[string]thing{
		"\uFEFF{\"id\":1}":           {ID: 1},
		" \n{\"id\":1}\r\n":          {ID: 1},
		`{"id":1,"id":2}`:            {ID: 2},
		`{"ID":3,"extra":{"a":[1]}}`: {ID: 3},
		`{"id":null,"name":null}`:    {},
		"{\"name\":\"\xff\xc3(\"}":   {Name: "\uFFFD\uFFFD("},
	} {
		base := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
		v, err := Do[thing](t.Context(), connect(t, base), list, Call{})
		require.NoError(t, err, body)
		require.Equal(t, want, v, body)
	}
}

func TestBigNumbersKeepTheirDigits(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":9007199254740993}`) })
	v, err := Do[map[string]any](t.Context(), connect(t, base), list, Call{})
	require.NoError(t, err)
	require.Equal(t, json.Number("9007199254740993"), v["id"])
}

// Whatever arrives, the words for it are our own.
func TestAnyBodyEndsInOurOwnWords(t *testing.T) {
	var body []byte
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(body) })
	c := connect(t, base)
	rapid.Check(t, func(t *rapid.T) {
		body = []byte(rapid.SampledFrom([]string{"", "{", `{"id":`, `{"name":"`, "[", "<", "\xEF\xBB\xBF"}).Draw(t, "start") +
			"NEEDLE" + rapid.String().Draw(t, "rest"))
		_, err := Do[thing](context.Background(), c, post, Call{})
		if err == nil {
			return
		}
		if e := err.(*Error); e.Kind != KindDecode || !e.Ambiguous {
			t.Fatal(err)
		}
		if strings.Contains(err.Error(), "NEEDLE") {
			t.Fatal(err)
		}
	})
}

func TestGzipBombStops(t *testing.T) {
	var mega bytes.Buffer
	z := gzip.NewWriter(&mega)
	z.Write(make([]byte, 1<<20))
	z.Close()
	bomb := bytes.Repeat(mega.Bytes(), 256) // members follow each other
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "gzip", r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	})
	c := connect(t, base)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e := fails(t, c, list, Call{})
	runtime.ReadMemStats(&after)
	require.Equal(t, KindDecode, e.Kind)
	require.Equal(t, bigBody, e.why)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(128<<20))
	require.True(t, fails(t, c, post, Call{}).Ambiguous)
}

func TestUsefulGzip(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, `{"id":5}`)
		z.Close()
	})
	v, err := Do[thing](t.Context(), connect(t, base), list, Call{})
	require.NoError(t, err)
	require.Equal(t, 5, v.ID)
}

func TestBodyLimit(t *testing.T) {
	size := 0
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"id":1}`+strings.Repeat(" ", size-8))
	})
	c := connect(t, base)
	size = 10 << 20
	_, err := Do[thing](t.Context(), c, list, Call{})
	require.NoError(t, err)
	size++
	require.Equal(t, bigBody, fails(t, c, list, Call{}).why)
}

func TestBrokenConnections(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		kind Kind
		why  reason
	}{
		"header bomb":  {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20), KindDecode, bigHeader},
		"many headers": {"HTTP/1.1 200 OK\r\n" + strings.Repeat("X: NEEDLE\r\n", 20_000), KindDecode, bigHeader},
		"cut body":     {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":1}", KindTransport, closed},
		"cut chunk":    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"id\":1}\r\n", KindTransport, closed},
		"cut gzip":     {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00", KindTransport, closed},
		"not gzip":     {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n\r\n{\"NEEDLE\":11}", KindDecode, badPacking},
		"not HTTP":     {"SSH-2.0-NEEDLE\r\n\r\n", KindTransport, notHTTP},
		"nothing":      {"", KindTransport, closed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, c.raw) })
			client := connect(t, base)
			for _, op := range []Op{list, post} {
				e := fails(t, client, op, Call{})
				require.Equal(t, c.kind, e.Kind, "%v", e)
				require.Equal(t, c.why, e.why)
				require.Equal(t, Unknown, e.Phase)
				require.Equal(t, op.Effect == Create, e.Ambiguous)
				require.NotContains(t, e.Error(), "NEEDLE")
			}
		})
	}
}

func TestNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone := l.Addr().String()
	l.Close()
	for name, c := range map[string]struct {
		base string
		why  reason
	}{
		"refused":  {"http://" + gone, refused},
		"refused2": {"https://" + gone, refused},
	} {
		e := fails(t, connect(t, c.base), post, Call{})
		require.Equal(t, NotSent, e.Phase, name)
		require.Equal(t, c.why, e.why, name)
		require.Contains(t, e.UserMessage(), "Nothing was changed.")
		require.NotContains(t, e.Error(), gone)
	}
	unknown := connectBy(t, local, func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "NEEDLE.example", IsNotFound: true}}
	})
	e := fails(t, unknown, post, Call{})
	require.Equal(t, NotSent, e.Phase)
	require.Equal(t, noHost, e.why)
	require.NotContains(t, e.Error(), "NEEDLE")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var second atomic.Int64
	other := serve(t, func(http.ResponseWriter, *http.Request) { second.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{other + "/things", "/second", "//" + strings.TrimPrefix(other, "http://"), "http://[bad", "", "https://127.0.0.1:1/"} {
			var first atomic.Int64
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/second" {
					second.Add(1)
				}
				first.Add(1)
				if target != "" {
					w.Header().Set("Location", target)
				}
				w.WriteHeader(status)
				io.WriteString(w, `{"id":1}`)
			})
			c := connect(t, base)
			for n, op := range []Op{list, update, create, post} {
				e := fails(t, c, op, Call{Header: http.Header{"Api_key": {"NEEDLE"}}, Body: 1})
				require.Equal(t, KindRedirect, e.Kind)
				require.EqualValues(t, n+1, first.Load())
				require.Contains(t, e.UserMessage(), "has moved")
				require.NotContains(t, e.UserMessage()+e.Error(), strings.TrimPrefix(other, "http://"))
			}
		}
	}
	require.Zero(t, second.Load())
}

// secureServer speaks TLS with a certificate of its own making.
func secureServer(t *testing.T, change func(*x509.Certificate), config func(*tls.Config)) (string, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	change(plan)
	der, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":1}`) }))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	config(s.TLS)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL, pool
}

func TestCertificates(t *testing.T) {
	same := func(*x509.Certificate) {}
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		config func(*tls.Config)
		trust  bool
		why    reason
	}{
		"good":    {same, func(*tls.Config) {}, true, ""},
		"unknown": {same, func(*tls.Config) {}, false, certIssuer},
		"expired": {func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, func(*tls.Config) {}, true, certExpired},
		"early":   {func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }, func(*tls.Config) {}, true, certExpired},
		"other":   {func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 2)} }, func(*tls.Config) {}, true, certHost},
		"old TLS": {same, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, true, noTLS},
	} {
		base, pool := secureServer(t, c.change, c.config)
		client := connect(t, base)
		if c.trust {
			client.kept.TLSClientConfig.RootCAs = pool
			client.single.TLSClientConfig.RootCAs = pool
		}
		for _, op := range []Op{list, post} {
			_, err := Do[thing](t.Context(), client, op, Call{})
			if c.why == "" {
				require.NoError(t, err, name)
				continue
			}
			e := typed(t, err)
			require.Equal(t, c.why, e.why, "%s: %v", name, e)
			require.Equal(t, KindTransport, e.Kind, name)
			require.Equal(t, NotSent, e.Phase, name)
			require.Zero(t, stat(client, op.Name).Retries, name)
			require.NotContains(t, e.Error(), "127.0.0")
		}
	}
}

func TestTLSToAPlainServer(t *testing.T) {
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	e := fails(t, connect(t, strings.Replace(base, "http:", "https:", 1)), post, Call{})
	require.Equal(t, noTLS, e.why, "%v", e)
	require.Equal(t, NotSent, e.Phase)
}

func TestTLSHang(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close() // connections wait in its queue for ever
	c := connect(t, "https://"+l.Addr().String())
	c.single.TLSHandshakeTimeout = 50 * time.Millisecond
	e := fails(t, c, post, Call{})
	require.Equal(t, noConnection, e.why)
	require.Equal(t, NotSent, e.Phase)
}

func TestProxies(t *testing.T) {
	e := fails(t, connect(t, "https://emr.example.invalid"), post, Call{})
	require.Equal(t, proxyLogin, e.why, "%v", e)
	require.Equal(t, NotSent, e.Phase)
	require.Contains(t, e.UserMessage(), "The proxy of this network wants a password")

	// Loopback never goes through it, in clear or not.
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) })
	_, err := Do[thing](t.Context(), connect(t, base), list, Call{})
	require.NoError(t, err)
	secure, pool := secureServer(t, func(*x509.Certificate) {}, func(*tls.Config) {})
	c := connect(t, secure)
	c.kept.TLSClientConfig.RootCAs = pool
	_, err = Do[thing](t.Context(), c, list, Call{})
	require.NoError(t, err)

	dead := func(context.Context, string, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED }
	e = fails(t, connectBy(t, "https://emr.example.invalid", dead), post, Call{})
	require.Equal(t, noProxy, e.why, "%v", e)
	require.Equal(t, NotSent, e.Phase)
}
