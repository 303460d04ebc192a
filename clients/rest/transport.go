package rest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits of one attempt, beside those of the Options.
const (
	connectLimit = 5 * time.Second
	tlsLimit     = 5 * time.Second
	maxHeader    = 64 << 10
	maxBody      = 10 << 20 // after decompression
)

type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

// newTransport makes a transport for HTTP/1.1. With keep false each request
// gets a connection of its own.
func newTransport(dial dialer, keep bool, parallel int, header time.Duration) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: proxy,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			ctx, cancel := context.WithTimeoutCause(ctx, connectLimit, noConnection)
			defer cancel()
			conn, err := dial(ctx, network, addr)
			if err != nil && context.Cause(ctx) == noConnection {
				err = noConnection
			}
			return conn, err
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsLimit,
		ResponseHeaderTimeout:  header,
		MaxResponseHeaderBytes: maxHeader,
		DisableKeepAlives:      !keep,
		MaxIdleConnsPerHost:    parallel,
		IdleConnTimeout:        30 * time.Second,
		Protocols:              &protocols,
	}
}

// proxy follows the environment for https. What goes to this machine stays on
// it.
func proxy(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "https" || loopback(r.URL) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

// wire is the last step before the network. Only here does an address hold the
// session token, and only after everybody else had a hand in the request is it
// checked where it goes. Requests are given to it directly, not through an
// http.Client: so no redirect is followed, no cookie kept, no Referer sent.
type wire struct {
	base  *url.URL
	path  []string // escaped, but for {token}
	token string
	next  http.RoundTripper
}

// RoundTrip sends r if it is safe to.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	u := *r.URL
	if u.Scheme != w.base.Scheme || u.Host != w.base.Host || u.User != nil || !secure(&u) {
		return nil, wrongAddress
	}
	for name := range r.Header {
		// With one of these net/http takes any request for replayable.
		switch strings.ToLower(name) {
		case "idempotency-key", "x-idempotency-key":
			return nil, replayHeader
		}
	}
	escaped := w.base.EscapedPath()
	for _, part := range w.path {
		if part == tokenElement {
			if dotted(w.token) || w.token == "" {
				return nil, badToken
			}
			part = url.PathEscape(w.token)
		}
		escaped += "/" + part
	}
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, wrongAddress
	}
	u.Path, u.RawPath = path, escaped
	out := r.WithContext(r.Context())
	out.URL = &u
	return w.next.RoundTrip(out)
}
