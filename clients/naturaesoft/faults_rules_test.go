package naturaesoft_test

import (
	"net/http"
	"regexp"
	"strconv"
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

	// locks: the vendor refused the credentials, so until Reset there are no
	// more sign-ins.
	locks bool
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
	// An answer of 2xx that says nothing: enough for a write.
	wordless = rule{fails(rest.KindDecode, rest.Done, 1, 1), succeeds(1, 1)}

	// The 401 comes before anything else, so even a create is sent once more.
	sessionEnded = always(succeeds(2, 1))
	keyRefused   = always(outcome{kind: rest.KindAuth, phase: rest.Refused, requests: 2, locks: true})

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
	{name: "200 and an error", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusOK, Body: `{"error":"Not possible."}`},
		rule: refused(rest.KindValidation)},
	{name: "200 and success false", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusOK, Body: `{"success":false,"message":"no"}`},
		rule: refused(rest.KindValidation)},

	{name: "401 once", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, rule: sessionEnded},
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
	{name: "empty", fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, rule: wordless, alters: unnamed},
	{name: "oversize", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, rule: tooLarge, large: true},
	{name: "gzip-bomb", fault: sandbox.Fault{Kind: sandbox.FaultGzipBomb}, rule: tooLarge, large: true},
	{name: "huge-header", fault: sandbox.Fault{Kind: sandbox.FaultHugeHeader}, rule: tooLarge},

	{name: "bom", fault: sandbox.Fault{Kind: sandbox.FaultBOM}, rule: harmless},
	{name: "empty-as-array", fault: sandbox.Fault{Kind: sandbox.FaultEmptyAsArray}, rule: harmless},
	{name: "ids-as-strings", fault: sandbox.Fault{Kind: sandbox.FaultIDsAsStrings}, rule: harmless},
	{name: "numbers-as-strings", fault: sandbox.Fault{Kind: sandbox.FaultNumbersAsStrings}, rule: harmless},
	{name: "nulls", fault: sandbox.Fault{Kind: sandbox.FaultNulls}, rule: harmless, alters: texts("")},
	{name: "hostile", fault: sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostileWords}, rule: harmless, alters: texts(hostileWords)},
	{name: "envelope bare", fault: envelope("bare"), rule: harmless, alters: uncounted},
	{name: "envelope plain", fault: envelope("plain"), rule: harmless, alters: uncounted},
	{name: "envelope named", fault: envelope("named"), rule: harmless},
	{name: "envelope meta", fault: envelope("meta"), rule: harmless},
	{name: "envelope top", fault: envelope("top"), rule: harmless},
	{name: "wrong-provider", fault: sandbox.Fault{Kind: sandbox.FaultWrongProvider}, rule: harmless, alters: nextProvider},
}

func status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

func redirect(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Times: 1}
}

func envelope(form string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultEnvelope, Body: form}
}

// exceptions are the cells the rules do not tell, by trouble and operation.
var exceptions = map[string]map[string]outcome{
	// What was asked about one provider is not answered about another. In a
	// list it cannot be seen.
	"wrong-provider": these(fails(rest.KindDecode, rest.Done, 1, 1),
		"Provider", "Schedule", "Schedule without visits", "Check", "Slots", "NextSlot"),

	// What is to be edited is not there any more as it was seen. A profile is
	// not seen before it is edited. A token cannot be null or a sentence.
	"nulls": with(these(fails(rest.KindConflict, rest.NotSent, 1, 1), "UpdateArticle reading", "UpdateTicket reading"),
		these(fails(rest.KindDecode, rest.NotSent, 1, 1), signIns...)),
	"hostile": with(these(fails(rest.KindConflict, rest.NotSent, 1, 1), "UpdateArticle reading", "UpdateTicket reading"),
		these(fails(rest.KindDecode, rest.NotSent, 1, 1), signIns...)),

	// Nothing comes before signing in that could be renewed.
	"401":      these(outcome{kind: rest.KindAuth, phase: rest.NotSent, requests: 1, locks: true}, signIns...),
	"401 once": these(outcome{kind: rest.KindAuth, phase: rest.NotSent, requests: 1, locks: true}, signIns...),
}

var signIns = []string{"signing in to read", "signing in to create"}

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

// signing is a call for want of a token: read by the client like a read, and
// whatever happens to it, the call behind it was not sent. A vendor who says no
// to the credentials refuses the key.
func signing(r rule) outcome {
	o := r.read
	if o.ok {
		return o
	}
	if o.phase == rest.Refused {
		switch o.kind {
		case rest.KindForbidden, rest.KindNotFound, rest.KindValidation:
			o.kind, o.locks = rest.KindAuth, true
		}
	}
	o.phase = rest.NotSent
	return o
}

// oneOfEachClass names an operation for each of the above.
var oneOfEachClass = []string{"Prospects", "CreateProspect", "signing in to read"}

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

// unnamed is a person created without a word about her number.
func unnamed(key string, v any) any {
	if key == "named" {
		return false
	}
	return v
}

// uncounted is a page of a list whose length is not told.
func uncounted(_ string, v any) any {
	if page, ok := v.(map[string]any); ok && page["Items"] != nil {
		page["Total"] = -1.0
	}
	return v
}

func nextProvider(key string, v any) any {
	next := func(v any) any {
		if n, err := strconv.Atoi(v.(string)); err == nil {
			return strconv.Itoa(n + 1)
		}
		return v
	}
	if m, ok := v.(map[string]any); ok && m["Specialty"] != nil {
		m["ID"] = next(m["ID"])
	}
	if key == "ProviderID" {
		return next(v)
	}
	return v
}
