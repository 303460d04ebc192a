package rest

import (
	"net/http"
	"net/url"
)

// Effect says what repeating a call would do. Retrying, replaying and reusing
// connections follow it, never the HTTP verb.
type Effect uint8

// The effects. An Op that says nothing is a Read; whoever declares one that
// writes must say so.
const (
	Read       Effect = iota // changes nothing
	Idempotent               // changes something; a repeat changes nothing more
	Create                   // a repeat would do it again: sent once
)

// An Op is one documented operation of a vendor, declared once.
type Op struct {
	Name   string // for logs and statistics: "list prospects"
	Method string
	// Path is a template relative to the base: "/v1/{ppass}/prospects/{id}".
	// A name in braces is a whole path element. {token} stands for the session
	// token and is filled in at the last moment.
	Path   string
	Effect Effect
	Scope  string // permission the vendor wants for it, named in a refusal
	Public bool   // sent without a session token, and not signed
}

// A Call is one use of an Op.
type Call struct {
	Path   map[string]string // a value for every name in Op.Path but token
	Query  url.Values
	Header http.Header
	Body   any // a Form, or anything else as JSON; nil for none
	// Secrets are what the call carries that nobody may read: the vendor's words
	// are left out where they quote one, or the session token.
	Secrets []string
	// Record is the id of what is written, for the audit trail; when empty it
	// is what stands for id in Path.
	Record string
}
