package rest

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// A reason is what happened in words of our own. The words of net/http and
// encoding/json hold addresses and pieces of answers, so they never go on.
type reason string

func (r reason) Error() string { return string(r) }

const (
	noAnswer     reason = "no answer in time"
	noConnection reason = "no connection in time"
	stalled      reason = "the answer stopped arriving"
	closed       reason = "the connection broke"
	refused      reason = "connection refused"
	unreachable  reason = "network unreachable"
	noHost       reason = "host name not found"
	notHTTP      reason = "not an HTTP answer"
	noProxy      reason = "the proxy does not answer"
	proxyLogin   reason = "the proxy wants a password"

	noTLS       reason = "no secure connection"
	certExpired reason = "certificate expired or not yet valid"
	certIssuer  reason = "certificate of an unknown authority"
	certHost    reason = "certificate of another host"
	certBad     reason = "certificate not valid"

	bigHeader  reason = "answer header over 64 KiB"
	bigBody    reason = "answer over 10 MiB"
	webPage    reason = "a web page instead of data"
	emptyBody  reason = "an empty answer"
	nullBody   reason = "null instead of data"
	cutJSON    reason = "JSON that ends too early"
	brokenJSON reason = "broken JSON"
	extraJSON  reason = "JSON with more behind its end"
	otherShape reason = "JSON of another form than documented"
	badPacking reason = "an answer that cannot be unpacked"

	moved        reason = "moved"
	keyRefused   reason = "the key was refused"
	signInFailed reason = "signing in failed"
	queueTime    reason = "its turn did not come in time"
	resting      reason = "left alone after repeated failures"
	wrongAddress reason = "the request was led to another address"
	replayHeader reason = "a header allows replaying"
	badToken     reason = "the session token cannot be part of an address"
	badHeader    reason = "a header holds a character that cannot be sent"
	badBody      reason = "the body cannot be written"
	badMethod    reason = "the method cannot be sent"
	noTrail      reason = "no audit trail"
	inSignIn     reason = "signing in needs a public operation"
)

// lasting reports that another attempt would end the same.
func (r reason) lasting() bool {
	switch r {
	case noTLS, certExpired, certIssuer, certHost, certBad, proxyLogin, notHTTP:
		return true
	}
	return false
}

// kind is what a reason amounts to when a request could not be carried out.
func (r reason) kind() Kind {
	switch r {
	case bigHeader, bigBody, badPacking:
		return KindDecode
	case wrongAddress, replayHeader, badToken, badHeader, badMethod:
		return KindConfig
	}
	return KindTransport
}

// broken finds the reason of a failed exchange, and a cause that is safe to
// print. Ctx is the exchange's own: its cause tells our limits apart.
func broken(ctx context.Context, err error) (reason, error) {
	var own reason
	if errors.As(context.Cause(ctx), &own) || errors.As(err, &own) {
		return own, nil
	}
	for _, look := range []func(error) reason{proxyReason, tlsReason, packingReason, textReason, netReason} {
		if r := look(err); r != "" {
			var number syscall.Errno
			if errors.As(err, &number) {
				return r, number
			}
			return r, nil
		}
	}
	return closed, nil
}

func proxyReason(err error) reason {
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return noProxy
	// This is all net/http says of it.
	case err.Error() == http.StatusText(http.StatusProxyAuthRequired):
		return proxyLogin
	}
	return ""
}

func tlsReason(err error) reason {
	var (
		host    x509.HostnameError
		issuer  x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
	)
	switch {
	case errors.As(err, &host):
		return certHost
	case errors.As(err, &issuer):
		return certIssuer
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return certExpired
	case errors.As(err, &invalid), errors.As(err, &verify):
		return certBad
	case errors.As(err, &record), errors.As(err, &alert),
		strings.Contains(err.Error(), "tls: "):
		return noTLS
	}
	return ""
}

func packingReason(err error) reason {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) {
		return badPacking
	}
	return ""
}

// textReason knows the errors of net/http that have no type.
func textReason(err error) reason {
	text := err.Error()
	switch {
	case strings.Contains(text, "TLS handshake timeout"):
		return noConnection
	case strings.Contains(text, "response headers exceeded"):
		return bigHeader
	case strings.Contains(text, "net/http: invalid header"):
		return badHeader
	case strings.Contains(text, "malformed HTTP"):
		return notHTTP
	}
	return ""
}

func netReason(err error) reason {
	var (
		dns *net.DNSError
		op  *net.OpError
		out interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &dns):
		return noHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return refused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return unreachable
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return closed
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return noConnection
	case errors.As(err, &out) && out.Timeout():
		return noAnswer
	}
	return ""
}
