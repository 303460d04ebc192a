package faulttest

import (
	"maps"

	"frontdesk/clients/rest"
)

// An Outcome is what a call is declared to end in when its route goes wrong.
type Outcome struct {
	OK    bool       // the un-faulted answer
	Kind  rest.Kind  // otherwise an error of this kind
	Phase rest.Phase // which came so far; a write that is Unknown is ambiguous

	Requests, Executions int // of the route, exactly

	// Locks: the vendor refused the credentials, so until Reset there are no
	// more sign-ins.
	Locks bool
}

// Succeeds counts the requests it takes; all but the refused ones are executed.
func Succeeds(requests, executions int) Outcome {
	return Outcome{OK: true, Requests: requests, Executions: executions}
}

// Fails is an error, and how often the vendor was asked and did it.
func Fails(kind rest.Kind, phase rest.Phase, requests, executions int) Outcome {
	return Outcome{Kind: kind, Phase: phase, Requests: requests, Executions: executions}
}

// A Rule is the outcome of one trouble by what an operation does. Sure is a
// write that needs less of an answer than one that creates a record.
type Rule struct{ Read, Create, Sure Outcome }

// A Class takes from a rule what holds for an operation.
type Class func(Rule) Outcome

// Reading is the class of what changes nothing.
func Reading(r Rule) Outcome { return r.Read }

// Creating is the class of writes.
func Creating(r Rule) Outcome { return r.Create }

// Sure is the class of writes that need less of an answer.
func Sure(r Rule) Outcome { return r.Sure }

// Signing is a call for want of a token: read by the client like a read, and
// whatever happens to it, the call behind it was not sent. A vendor who says no
// to the credentials refuses the key.
func Signing(r Rule) Outcome {
	o := r.Read
	if o.OK {
		return o
	}
	if o.Phase == rest.Refused {
		switch o.Kind {
		case rest.KindForbidden, rest.KindNotFound, rest.KindValidation:
			o.Kind, o.Locks = rest.KindAuth, true
		}
	}
	o.Phase = rest.NotSent
	return o
}

// Always is the rule of what is never tried again.
func Always(o Outcome) Rule { return Rule{o, o, o} }

// Again is the rule of what may pass: a read is tried three times, a write
// once.
func Again(kind rest.Kind, phase rest.Phase, executed bool) Rule {
	n := 0
	if executed {
		n = 1
	}
	once := Fails(kind, phase, 1, n)
	return Rule{Fails(kind, phase, 3, 3*n), once, once}
}

// Unreadable is the rule of an answer nobody can read, with what the vendor
// did. A read changed nothing, whatever it says; a write may have been answered
// by somebody else than the vendor.
func Unreadable(executions int) Rule {
	write := Fails(rest.KindDecode, rest.Unknown, 1, executions)
	return Rule{Fails(rest.KindDecode, rest.Done, 1, executions), write, write}
}

// Refused is the rule of a vendor who says no.
func Refused(kind rest.Kind) Rule { return Always(Fails(kind, rest.Refused, 1, 0)) }

var (
	// Harmless is the rule of what nobody notices.
	Harmless = Always(Succeeds(1, 1))

	// VendorFailed and VendorFailedLate: it broke before or after executing.
	VendorFailed     = Again(rest.KindServer, rest.Unknown, false)
	VendorFailedLate = Again(rest.KindServer, rest.Unknown, true)

	// Wordless is an answer of 2xx that says nothing: enough for a write.
	Wordless = Rule{Unreadable(1).Read, Succeeds(1, 1), Succeeds(1, 1)}

	// connectionCut and answerCut: the way to the vendor broke.
	connectionCut = Again(rest.KindTransport, rest.Unknown, false)
	answerCut     = Again(rest.KindTransport, rest.Unknown, true)

	// tooLarge is an answer that was not taken in whole.
	tooLarge = Always(Fails(rest.KindDecode, rest.Unknown, 1, 1))

	// The 401 comes before anything else, so even a write is sent once more.
	sessionEnded = Always(Succeeds(2, 1))
	keyRefused   = Always(Outcome{Kind: rest.KindAuth, Phase: rest.Refused, Requests: 2, Locks: true})

	busyOnce = Rule{Succeeds(2, 1), Fails(rest.KindRateLimited, rest.Refused, 1, 0), Fails(rest.KindRateLimited, rest.Refused, 1, 0)}
	busy     = Again(rest.KindRateLimited, rest.Refused, false)

	// Only a connection used before is cut: a write never has one.
	hungUpIdle = Rule{Succeeds(2, 2), Succeeds(1, 1), Succeeds(1, 1)}
)

// Exceptions are the cells the rules do not tell, by trouble and operation.
type Exceptions map[string]map[string]Outcome

// These is one outcome for many operations.
func These(o Outcome, operations ...string) map[string]Outcome {
	m := map[string]Outcome{}
	for _, name := range operations {
		m[name] = o
	}
	return m
}

// With is m and more in one.
func With(m, more map[string]Outcome) map[string]Outcome {
	maps.Copy(m, more)
	return m
}
