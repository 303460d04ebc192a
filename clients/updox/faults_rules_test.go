package updox_test

import (
	"net/http"
	"regexp"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// An outcome is what a call is declared to end in when its route goes wrong.
type outcome struct {
	ok    bool       // the un-faulted answer
	kind  rest.Kind  // otherwise an error of this kind
	phase rest.Phase // which came so far; a write that is Unknown is ambiguous

	requests, executions int // of the route, exactly
}

// succeeds counts the requests it takes; all but the refused ones are executed.
func succeeds(requests, executions int) outcome {
	return outcome{ok: true, requests: requests, executions: executions}
}

func fails(kind rest.Kind, phase rest.Phase, requests, executions int) outcome {
	return outcome{kind: kind, phase: phase, requests: requests, executions: executions}
}

// A rule is the outcome of one trouble by what an operation does.
type rule struct{ read, create outcome }

// always is the rule of what is never tried again.
func always(o outcome) rule { return rule{o, o} }

// again is the rule of what may pass: a read is tried three times, a create
// once.
func again(kind rest.Kind, phase rest.Phase, executed bool) rule {
	n := 0
	if executed {
		n = 1
	}
	return rule{fails(kind, phase, 3, 3*n), fails(kind, phase, 1, n)}
}

var (
	harmless = always(succeeds(1, 1))

	// The vendor or the way to it broke, before or after executing.
	vendorFailed     = again(rest.KindServer, rest.Unknown, false)
	vendorFailedLate = again(rest.KindServer, rest.Unknown, true)
	connectionCut    = again(rest.KindTransport, rest.Unknown, false)
	answerCut        = again(rest.KindTransport, rest.Unknown, true)

	// An answer nobody can read. A read changed nothing, whatever it says; a
	// write may have been answered by somebody else than the vendor.
	unreadable = rule{
		fails(rest.KindDecode, rest.Done, 1, 1),
		fails(rest.KindDecode, rest.Unknown, 1, 1),
	}
	foreignPage = rule{
		fails(rest.KindDecode, rest.Done, 1, 0),
		fails(rest.KindDecode, rest.Unknown, 1, 0),
	}
	// An answer that was not taken in whole.
	tooLarge = always(fails(rest.KindDecode, rest.Unknown, 1, 1))
	// There is no session to renew.
	keyRefused = always(fails(rest.KindAuth, rest.Refused, 1, 0))

	busyOnce = rule{succeeds(2, 1), fails(rest.KindRateLimited, rest.Refused, 1, 0)}
	busy     = again(rest.KindRateLimited, rest.Refused, false)

	// Only a connection used before is cut: a create never has one.
	hungUpIdle = rule{succeeds(2, 2), succeeds(1, 1)}
)

func refused(kind rest.Kind) rule { return always(fails(kind, rest.Refused, 1, 0)) }

// patience is when the person at the console gives a call up.
type patience uint8

const (
	endless patience = iota
	arrived          // as soon as the vendor has the request
	none             // before it is made
)

// A trouble is one way for a route to go wrong.
type trouble struct {
	name   string
	fault  sandbox.Fault
	rule   rule
	gives  patience
	alters func(key string, v any) any // how a success then differs
	wire   bool                        // of the connection, not of what is said on it
	large  bool                        // an answer of more than is taken
}

const hostileWords = "a\"b\\\x1b[2K\n\u202e<PWNED>"

// troubles hold every kind of fault at least once; TestEveryFaultIsTried sees
// to that.
var troubles = []trouble{
	{name: "given up before", fault: sandbox.Fault{Kind: sandbox.FaultDelay}, gives: none,
		rule: always(fails(rest.KindCancelled, rest.NotSent, 0, 0))},
	{name: "delay", fault: sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 10 * time.Millisecond}, rule: harmless},
	{name: "delay given up", fault: sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour}, gives: arrived, wire: true,
		rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall", fault: sandbox.Fault{Kind: sandbox.FaultStall}, gives: arrived, wire: true,
		rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall-after", fault: sandbox.Fault{Kind: sandbox.FaultStallAfter}, gives: arrived, wire: true,
		rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 1))},
	{name: "drip", fault: sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Nanosecond}, rule: harmless},
	{name: "drip given up", fault: sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Hour}, gives: arrived, wire: true,
		rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 1))},

	{name: "reset-before", fault: sandbox.Fault{Kind: sandbox.FaultResetBefore}, rule: connectionCut, wire: true},
	{name: "fin-before", fault: sandbox.Fault{Kind: sandbox.FaultFinBefore}, rule: connectionCut, wire: true},
	{name: "reset-after", fault: sandbox.Fault{Kind: sandbox.FaultResetAfter}, rule: answerCut, wire: true},
	{name: "fin-after", fault: sandbox.Fault{Kind: sandbox.FaultFinAfter}, rule: answerCut, wire: true},
	{name: "fin-after-reused", fault: sandbox.Fault{Kind: sandbox.FaultFinAfterReused}, rule: hungUpIdle, wire: true},
	{name: "cut-body", fault: sandbox.Fault{Kind: sandbox.FaultCutBody}, rule: answerCut, wire: true},
	{name: "garbage", fault: sandbox.Fault{Kind: sandbox.FaultGarbage}, wire: true,
		rule: always(fails(rest.KindTransport, rest.Unknown, 1, 1))},

	{name: "500", fault: sandbox.Fault{Kind: sandbox.FaultStatus}, rule: vendorFailed, wire: true},
	{name: "502", fault: status(http.StatusBadGateway), rule: vendorFailed, wire: true},
	{name: "503", fault: status(http.StatusServiceUnavailable), rule: vendorFailed, wire: true},
	{name: "504", fault: status(http.StatusGatewayTimeout), rule: vendorFailed, wire: true},
	{name: "500 after", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter}, rule: vendorFailedLate, wire: true},
	{name: "504 after", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: http.StatusGatewayTimeout}, rule: vendorFailedLate, wire: true},
	{name: "400", fault: status(http.StatusBadRequest), rule: refused(rest.KindValidation)},
	{name: "403", fault: status(http.StatusForbidden), rule: refused(rest.KindForbidden)},
	{name: "404", fault: status(http.StatusNotFound), rule: refused(rest.KindNotFound)},
	{name: "408", fault: status(http.StatusRequestTimeout), rule: again(rest.KindTransport, rest.Refused, false)},
	{name: "409", fault: status(http.StatusConflict), rule: refused(rest.KindConflict)},
	{name: "422", fault: status(http.StatusUnprocessableEntity), rule: refused(rest.KindValidation)},
	{name: "501", fault: status(http.StatusNotImplemented), rule: refused(rest.KindConfig)},
	{name: "200 and an error", fault: says(`{"error":"Not possible."}`), rule: foreignPage},
	{name: "200 and no code", fault: says(`{"successful":true}`), rule: foreignPage},
	{name: "200 and a code alone", fault: says(`{"responseCode":2000}`), rule: foreignPage},
	{name: "200 and a contradiction", fault: says(`{"successful":true,"responseCode":4130}`), rule: foreignPage},
	{name: "200 and a list", fault: says(`[]`), rule: foreignPage},
	{name: "200 and a refusal", fault: says(`{"successful":false,"responseCode":4060,"responseMessage":"phone is invalid"}`),
		rule: refused(rest.KindValidation)},
	{name: "200 and denied", fault: says(`{"successful":false,"responseCode":4010,"responseMessage":"Unauthorized"}`),
		rule: refused(rest.KindAuth)},
	{name: "200 and a failure", fault: says(`{"successful":false,"responseCode":5000}`), rule: vendorFailed},
	{name: "200 and a failure after", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: http.StatusOK,
		Body: `{"successful":false,"responseCode":5110}`}, rule: vendorFailedLate, wire: true},
	{name: "200 and an unheard-of code", fault: says(`{"successful":false,"responseCode":9010}`), rule: vendorFailed},

	{name: "401", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized}, rule: keyRefused},
	{name: "429 once", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, Times: 1}, rule: busyOnce},
	{name: "429", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited}, rule: busy},
	{name: "429 for an hour", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: "3600"}, rule: refused(rest.KindRateLimited)},

	// A client that followed would be answered.
	{name: "301", fault: redirect(http.StatusMovedPermanently), rule: refused(rest.KindRedirect)},
	{name: "302", fault: redirect(http.StatusFound), rule: always(fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{name: "303", fault: redirect(http.StatusSeeOther), rule: always(fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{name: "307", fault: redirect(http.StatusTemporaryRedirect), rule: refused(rest.KindRedirect)},
	{name: "308", fault: redirect(http.StatusPermanentRedirect), rule: refused(rest.KindRedirect)},

	{name: "html", fault: sandbox.Fault{Kind: sandbox.FaultHTML}, rule: foreignPage},
	{name: "html 502", fault: sandbox.Fault{Kind: sandbox.FaultHTML, Status: http.StatusBadGateway}, rule: vendorFailed},
	{name: "truncated", fault: sandbox.Fault{Kind: sandbox.FaultTruncated}, rule: unreadable},
	{name: "trailing-comma", fault: sandbox.Fault{Kind: sandbox.FaultTrailing}, rule: unreadable},
	{name: "empty", fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, rule: unreadable},
	{name: "oversize", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, rule: tooLarge, large: true},
	{name: "gzip-bomb", fault: sandbox.Fault{Kind: sandbox.FaultGzipBomb}, rule: tooLarge, large: true},
	{name: "huge-header", fault: sandbox.Fault{Kind: sandbox.FaultHugeHeader}, rule: tooLarge},

	{name: "bom", fault: sandbox.Fault{Kind: sandbox.FaultBOM}, rule: harmless},
	{name: "empty-as-array", fault: sandbox.Fault{Kind: sandbox.FaultEmptyAsArray}, rule: harmless},
	{name: "ids-as-strings", fault: sandbox.Fault{Kind: sandbox.FaultIDsAsStrings}, rule: harmless},
	{name: "numbers-as-strings", fault: sandbox.Fault{Kind: sandbox.FaultNumbersAsStrings}, rule: harmless},
	{name: "nulls", fault: sandbox.Fault{Kind: sandbox.FaultNulls}, rule: harmless, alters: texts("")},
	{name: "hostile", fault: sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostileWords}, rule: harmless, alters: texts(hostileWords)},
	{name: "envelope bare", fault: envelope("bare"), rule: harmless},
	{name: "envelope plain", fault: envelope("plain"), rule: harmless},
	{name: "envelope named", fault: envelope("named"), rule: harmless},
	{name: "envelope meta", fault: envelope("meta"), rule: harmless},
	{name: "envelope top", fault: envelope("top"), rule: harmless},
	{name: "wrong-provider", fault: sandbox.Fault{Kind: sandbox.FaultWrongProvider}, rule: harmless},
}

func status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

func says(body string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusOK, Body: body}
}

func redirect(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Times: 1}
}

func envelope(form string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultEnvelope, Body: form}
}

// exceptions are the cells the rules do not tell, by trouble and operation.
var exceptions = map[string]map[string]outcome{
	// An answer that names no account, or another one, is not about the one
	// asked for. A write whose answer names none is done all the same.
	"nulls": these(fails(rest.KindDecode, rest.Done, 1, 1), "Account", "Settle", "Update reading", "Save reading"),
	"hostile": with(these(fails(rest.KindDecode, rest.Done, 1, 1), "Account", "Settle", "Update reading", "Save reading"),
		these(fails(rest.KindDecode, rest.Unknown, 1, 1), "Create", "Update", "Save", "Save new")),
}

func these(o outcome, operations ...string) map[string]outcome {
	m := map[string]outcome{}
	for _, name := range operations {
		m[name] = o
	}
	return m
}

func with(m, more map[string]outcome) map[string]outcome {
	for name, o := range more {
		m[name] = o
	}
	return m
}

// A class takes from a rule what holds for an operation.
type class func(rule) outcome

func reading(r rule) outcome { return r.read }

func creating(r rule) outcome { return r.create }

// oneOfEachClass names an operation for each of the above.
var oneOfEachClass = []string{"Accounts", "Create"}

// declared is the outcome of a cell.
func declared(tr trouble, op operation) outcome {
	if o, ok := exceptions[tr.name][op.name]; ok {
		return o
	}
	return op.class(tr.rule)
}

// plain are the strings the sandbox does not take for text.
var plain = regexp.MustCompile(`^([0-9.+-]*|\d{4}-\d\d-\d\d([T ].*)?|\d\d:\d\d(:\d\d)?)$`)

func texts(become string) func(string, any) any {
	return func(_ string, v any) any {
		if s, ok := v.(string); ok && !plain.MatchString(s) {
			return become
		}
		return v
	}
}
