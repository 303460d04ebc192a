package rest

import (
	"encoding/json"
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

// maxFields is more than any form has.
const maxFields = 100

// complaint reads the usual shapes of an error body:
// {"error":"…"}, {"message":"…"}, {"errors":{"field":["…"]}}.
func complaint(body []byte) (safe.Text, map[string]safe.Text) {
	var answer struct {
		Error   json.RawMessage
		Message json.RawMessage
		Errors  json.RawMessage
	}
	if json.Unmarshal(trim(body), &answer) != nil {
		return safe.Text{}, nil
	}
	var fields map[string]safe.Text
	var named map[string]json.RawMessage
	if json.Unmarshal(answer.Errors, &named) == nil {
		for name, raw := range named {
			if len(fields) == maxFields {
				break
			}
			if text := words(raw); text != "" {
				if fields == nil {
					fields = map[string]safe.Text{}
				}
				fields[safe.Clean(name)] = safe.Line(text)
			}
		}
		answer.Errors = nil
	}
	for _, raw := range []json.RawMessage{answer.Message, answer.Error, answer.Errors} {
		if text := words(raw); text != "" {
			return safe.Line(text), fields
		}
	}
	return safe.Text{}, fields
}

// words reads a text, a list of texts, or an object with a message.
func words(raw json.RawMessage) string {
	var (
		one    string
		many   []string
		object struct{ Message string }
	)
	switch {
	case json.Unmarshal(raw, &one) == nil:
		return one
	case json.Unmarshal(raw, &many) == nil:
		return strings.Join(many, "; ")
	case json.Unmarshal(raw, &object) == nil:
		return object.Message
	}
	return ""
}
