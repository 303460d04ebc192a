package faulttest

import (
	"net/http"
	"slices"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// Patience is when the person at the console gives a call up.
type Patience uint8

// Her patience lasts for ever, until the vendor has the request, or ended
// before the call was made.
const (
	Endless Patience = iota
	Arrived
	None
)

// A Trouble is one way for a route to go wrong.
type Trouble struct {
	Name   string
	Fault  sandbox.Fault
	Rule   Rule
	Gives  Patience
	Alters func(key string, v any) any // how a success then differs
	Wire   bool                        // of the connection, not of what is said on it
	Large  bool                        // an answer of more than is taken
}

const hostileWords = "a\"b\\\x1b[2K\n\u202e<PWNED>"

// drops are the bytes that come one by one. Each waits for its turn among all
// cells, so a list of many kilobytes would take as long as the machine is busy.
const drops = 256

// common hold every kind of fault at least once; RequireAllTried sees to that.
var common = []Trouble{
	{Name: "given up before", Fault: of(sandbox.FaultDelay), Gives: None, Rule: Always(Fails(rest.KindCancelled, rest.NotSent, 0, 0))},
	{Name: "delay", Fault: slow(sandbox.FaultDelay, 10*time.Millisecond), Rule: Harmless},
	{Name: "delay given up", Fault: slow(sandbox.FaultDelay, time.Hour), Gives: Arrived, Wire: true, Rule: cancelled(0)},
	{Name: "stall", Fault: of(sandbox.FaultStall), Gives: Arrived, Wire: true, Rule: cancelled(0)},
	{Name: "stall-after", Fault: of(sandbox.FaultStallAfter), Gives: Arrived, Wire: true, Rule: cancelled(1)},
	{Name: "drip", Fault: sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Nanosecond, Size: drops}, Rule: Harmless},
	{Name: "drip given up", Fault: slow(sandbox.FaultDrip, time.Hour), Gives: Arrived, Wire: true, Rule: cancelled(1)},

	{Name: "reset-before", Fault: of(sandbox.FaultResetBefore), Rule: connectionCut, Wire: true},
	{Name: "fin-before", Fault: of(sandbox.FaultFinBefore), Rule: connectionCut, Wire: true},
	{Name: "reset-after", Fault: of(sandbox.FaultResetAfter), Rule: answerCut, Wire: true},
	{Name: "fin-after", Fault: of(sandbox.FaultFinAfter), Rule: answerCut, Wire: true},
	{Name: "fin-after-reused", Fault: of(sandbox.FaultFinAfterReused), Rule: hungUpIdle, Wire: true},
	{Name: "cut-body", Fault: of(sandbox.FaultCutBody), Rule: answerCut, Wire: true},
	{Name: "garbage", Fault: of(sandbox.FaultGarbage), Rule: Always(Fails(rest.KindTransport, rest.Unknown, 1, 1)), Wire: true},

	{Name: "500", Fault: of(sandbox.FaultStatus), Rule: VendorFailed, Wire: true},
	{Name: "502", Fault: Status(http.StatusBadGateway), Rule: VendorFailed, Wire: true},
	{Name: "503", Fault: Status(http.StatusServiceUnavailable), Rule: VendorFailed, Wire: true},
	{Name: "504", Fault: Status(http.StatusGatewayTimeout), Rule: VendorFailed, Wire: true},
	{Name: "500 after", Fault: of(sandbox.FaultStatusAfter), Rule: VendorFailedLate, Wire: true},
	{Name: "504 after", Fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: http.StatusGatewayTimeout}, Rule: VendorFailedLate, Wire: true},
	{Name: "400", Fault: Status(http.StatusBadRequest), Rule: Refused(rest.KindValidation)},
	{Name: "403", Fault: Status(http.StatusForbidden), Rule: Refused(rest.KindForbidden)},
	{Name: "404", Fault: Status(http.StatusNotFound), Rule: Refused(rest.KindNotFound)},
	{Name: "408", Fault: Status(http.StatusRequestTimeout), Rule: Again(rest.KindTransport, rest.Refused, false)},
	{Name: "409", Fault: Status(http.StatusConflict), Rule: Refused(rest.KindConflict)},
	{Name: "422", Fault: Status(http.StatusUnprocessableEntity), Rule: Refused(rest.KindValidation)},
	{Name: "501", Fault: Status(http.StatusNotImplemented), Rule: Refused(rest.KindConfig)},

	{Name: "401 once", Fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, Rule: sessionEnded},
	{Name: "401", Fault: of(sandbox.FaultUnauthorized), Rule: keyRefused},
	{Name: "429 once", Fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, Times: 1}, Rule: busyOnce},
	{Name: "429", Fault: of(sandbox.FaultRateLimited), Rule: busy},
	{Name: "429 for an hour", Fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: "3600"}, Rule: Refused(rest.KindRateLimited)},

	// A client that followed would be answered.
	{Name: "301", Fault: redirect(http.StatusMovedPermanently), Rule: Refused(rest.KindRedirect)},
	{Name: "302", Fault: redirect(http.StatusFound), Rule: Always(Fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{Name: "303", Fault: redirect(http.StatusSeeOther), Rule: Always(Fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{Name: "307", Fault: redirect(http.StatusTemporaryRedirect), Rule: Refused(rest.KindRedirect)},
	{Name: "308", Fault: redirect(http.StatusPermanentRedirect), Rule: Refused(rest.KindRedirect)},

	{Name: "html", Fault: of(sandbox.FaultHTML), Rule: Unreadable(0)},
	{Name: "html 502", Fault: sandbox.Fault{Kind: sandbox.FaultHTML, Status: http.StatusBadGateway}, Rule: VendorFailed},
	{Name: "truncated", Fault: of(sandbox.FaultTruncated), Rule: Unreadable(1)},
	{Name: "trailing-comma", Fault: of(sandbox.FaultTrailing), Rule: Unreadable(1)},
	{Name: "empty", Fault: of(sandbox.FaultEmpty), Rule: Unreadable(1)},
	{Name: "oversize", Fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, Rule: tooLarge, Large: true},
	{Name: "gzip-bomb", Fault: of(sandbox.FaultGzipBomb), Rule: tooLarge, Large: true},
	{Name: "huge-header", Fault: of(sandbox.FaultHugeHeader), Rule: tooLarge},

	{Name: "bom", Fault: of(sandbox.FaultBOM), Rule: Harmless},
	{Name: "empty-as-array", Fault: of(sandbox.FaultEmptyAsArray), Rule: Harmless},
	{Name: "ids-as-strings", Fault: of(sandbox.FaultIDsAsStrings), Rule: Harmless},
	{Name: "numbers-as-strings", Fault: of(sandbox.FaultNumbersAsStrings), Rule: Harmless},
	{Name: "nulls", Fault: of(sandbox.FaultNulls), Rule: Harmless, Alters: texts("")},
	{Name: "hostile", Fault: sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostileWords}, Rule: Harmless, Alters: texts(hostileWords)},
	{Name: "envelope bare", Fault: Envelope("bare"), Rule: Harmless},
	{Name: "envelope plain", Fault: Envelope("plain"), Rule: Harmless},
	{Name: "envelope named", Fault: Envelope("named"), Rule: Harmless},
	{Name: "envelope meta", Fault: Envelope("meta"), Rule: Harmless},
	{Name: "envelope top", Fault: Envelope("top"), Rule: Harmless},
	{Name: "wrong-provider", Fault: of(sandbox.FaultWrongProvider), Rule: Harmless},
}

// Troubles are those all vendors can have, and the vendor's own, which take the
// place of a common one of the same name.
func Troubles(own ...Trouble) []Trouble {
	all := slices.Clone(common)
	for _, tr := range own {
		if i := slices.IndexFunc(all, tr.sameName); i >= 0 {
			all[i] = tr
		} else {
			all = append(all, tr)
		}
	}
	return all
}

// Without leaves troubles out by name. It panics on one that is not there.
func Without(all []Trouble, names ...string) []Trouble {
	for _, name := range names {
		i := slices.IndexFunc(all, Trouble{Name: name}.sameName)
		if i < 0 {
			panic("faulttest: no trouble is named " + name)
		}
		all = slices.Delete(all, i, i+1)
	}
	return all
}

func (tr Trouble) sameName(other Trouble) bool { return tr.Name == other.Name }

// Status is an answer in place of the call, with a body of the sandbox's.
func Status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

// Says is an answer of 200 with this body in place of the call.
func Says(body string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusOK, Body: body}
}

// Envelope wraps lists in one of the sandbox's ways.
func Envelope(form string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultEnvelope, Body: form}
}

func of(k sandbox.FaultKind) sandbox.Fault { return sandbox.Fault{Kind: k} }

func slow(k sandbox.FaultKind, d time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: k, Delay: d}
}

func redirect(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Times: 1}
}

func cancelled(executions int) Rule {
	return Always(Fails(rest.KindCancelled, rest.Unknown, 1, executions))
}
