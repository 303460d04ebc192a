package rest

import (
	"net/http"
	"regexp"
	"strings"

	"frontdesk/clients/safe"
)

// kindOf is what a status says when the vendor's own check says nothing.
func kindOf(status int) Kind {
	switch status {
	case http.StatusUnauthorized:
		return KindAuth
	case http.StatusForbidden, http.StatusPaymentRequired, http.StatusUnavailableForLegalReasons:
		return KindForbidden
	case http.StatusNotFound, http.StatusGone:
		return KindNotFound
	case http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusProxyAuthRequired,
		http.StatusUnsupportedMediaType, http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return KindConfig
	case http.StatusRequestTimeout:
		return KindTransport
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusLocked:
		return KindConflict
	case http.StatusTooManyRequests:
		return KindRateLimited
	}
	switch {
	case status >= 500 || status < 200:
		return KindServer
	case status >= 400:
		return KindValidation
	case status >= 300:
		return KindRedirect
	}
	return KindValidation // a vendor's objection inside a 2xx
}

// phaseOf tells a refusal from an outcome nobody knows.
func phaseOf(status int, kind Kind) Phase {
	switch {
	case kind == KindServer, kind == KindDecode:
		return Unknown
	case status >= 500 && status != http.StatusNotImplemented && status != http.StatusHTTPVersionNotSupported:
		return Unknown
	// Web programs answer a form they have carried out like this.
	case status == http.StatusFound || status == http.StatusSeeOther:
		return Unknown
	}
	return Refused
}

// endedWords are how programs that check signed tokens say that one is over.
// "Invalid token scope" is not among them.
var endedWords = regexp.MustCompile(`(?i)\b(jwt|token)\b[^.;]*\bexpired\b|\bexpired\b[^.;]*\b(jwt|token)\b|` +
	`^invalid (or expired )?((access|auth|session|bearer) )?(jwt|token)\W*$`)

// ended reports that a 403 is about the session and not about what it may do:
// many programs answer an expired token like that in place of 401.
func ended(status int, h http.Header, message safe.Text) bool {
	return status == http.StatusForbidden &&
		(strings.Contains(h.Get("WWW-Authenticate"), "invalid_token") || endedWords.MatchString(message.Raw()))
}
