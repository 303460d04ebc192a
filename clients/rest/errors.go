package rest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/clients/safe"
)

// Kind says what went wrong, for code to branch on.
type Kind uint8

// The kinds. The zero Kind in an error made by Options.Check is replaced by
// what the status says.
const (
	KindAuth        Kind = iota + 1 // key or session refused
	KindForbidden                   // signed in, but not allowed
	KindNotFound                    // no such record
	KindValidation                  // the vendor objects to what was sent
	KindConflict                    // the record exists or was changed
	KindRateLimited                 // too many requests
	KindServer                      // the vendor failed
	KindTransport                   // no connection, or it broke
	KindDecode                      // an answer nobody can read
	KindRedirect                    // the vendor points elsewhere
	KindCancelled                   // our side gave up
	KindResting                     // not sent: the vendor failed repeatedly
	KindConfig                      // the call or the setup is wrong
)

var kindWords = [...]string{
	"ok", "auth", "forbidden", "not found", "validation", "conflict",
	"rate limited", "server", "transport", "decode", "redirect", "cancelled",
	"resting", "config",
}

// String returns the kind as a word for a log.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return "unknown kind"
}

// Phase says how far a call came.
type Phase uint8

// The phases, from nothing to everything.
const (
	NotSent Phase = iota // no request left this machine
	Refused              // the vendor said no before doing anything
	Unknown              // sent; whether it was done cannot be told
	Done                 // the vendor did it
)

var phaseWords = [...]string{"not sent", "refused", "outcome unknown", "done"}

// String returns the phase as words for a log.
func (p Phase) String() string {
	if int(p) < len(phaseWords) {
		return phaseWords[p]
	}
	return "unknown phase"
}

// An Error is what every call of a vendor client fails with. Code branches on
// Kind and Phase, never on text.
type Error struct {
	Vendor, Op string
	Status     int    // HTTP status, 0 if none arrived
	Code       string // the vendor's own code, if it has one
	Kind       Kind
	Message    safe.Text            // the vendor's words: for the screen only
	Fields     map[string]safe.Text // its complaints by wire name
	Ambiguous  bool                 // a write that may have landed
	Phase      Phase
	RetryAfter time.Duration // when to try again, if that is known
	Scope      string        // permission the Op wants
	// Page tells that the refusal was a web page. Something before the vendor
	// may have made it, so a record it calls missing may be there.
	Page bool

	effect   Effect
	why      reason // words of our own for the log
	sentence string // replaces UserMessage
	cause    error  // only what may be printed: see broken
}

// Refusal is an error a vendor client makes before anything is sent. The
// sentence is for a person and is all UserMessage says.
func Refusal(vendor, op string, kind Kind, sentence string) *Error {
	return &Error{Vendor: vendor, Op: op, Kind: kind, sentence: sentence}
}

// Error returns the form for a log: vendor, operation, what happened and how
// far it came. It holds no address, no body and no words of the vendor.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", e.Vendor, e.Op, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, ", status %d", e.Status)
	}
	if code := e.code(); code != "" {
		b.WriteString(", code " + code)
	}
	if e.why != "" {
		b.WriteString(": " + string(e.why))
	}
	b.WriteString(" (" + e.Phase.String() + ")")
	return b.String()
}

// Unwrap returns the cause: a context error, a system call's number, or what
// the vendor client's sign-in returned.
func (e *Error) Unwrap() error { return e.cause }

// code returns the vendor's code if it is one and not a text.
func (e *Error) code() string {
	if len(e.Code) > 24 {
		return ""
	}
	for _, r := range e.Code {
		if r > 'z' || !strings.ContainsRune("-_.0123456789", r) &&
			(r|0x20 < 'a' || r|0x20 > 'z') {
			return ""
		}
	}
	return e.Code
}

// transient reports that the same call may do better a little later.
func (e *Error) transient() bool {
	switch e.Kind {
	case KindRateLimited, KindServer:
		return true
	case KindTransport:
		return !e.why.lasting()
	}
	return false
}

// Complaints are what the vendor says of single fields, in words that may be
// shown, by wire name; empty when it says nothing of any.
func Complaints(err error) map[string]string {
	words := map[string]string{}
	var e *Error
	if errors.As(err, &e) {
		for name, text := range e.Fields {
			words[name] = text.String()
		}
	}
	return words
}
