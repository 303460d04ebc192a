package inboxhealth_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soak asks for the long runs in full.
var soak = os.Getenv("FRONTDESK_SOAK") == "1"

// An outcome is what a call is declared to end in when its route goes wrong.
type outcome struct {
	ok                   bool       // the un-faulted answer
	kind                 rest.Kind  // otherwise an error of this kind
	phase                rest.Phase // which came so far; a write that is Unknown is ambiguous
	requests, executions int        // of the route, exactly
}

func succeeds(requests, executions int) outcome {
	return outcome{ok: true, requests: requests, executions: executions}
}

func fails(kind rest.Kind, phase rest.Phase, requests, executions int) outcome {
	return outcome{kind: kind, phase: phase, requests: requests, executions: executions}
}

// A rule is the outcome of one trouble for a read, a POST and a PUT.
type rule struct{ read, post, put outcome }

func always(o outcome) rule { return rule{o, o, o} }

// again is the rule of what may pass: a read is tried three times, a write
// once.
func again(kind rest.Kind, phase rest.Phase, executed bool) rule {
	n := 0
	if executed {
		n = 1
	}
	once := fails(kind, phase, 1, n)
	return rule{fails(kind, phase, 3, 3*n), once, once}
}

// unreadable is the rule of an answer nobody can read.
func unreadable(executions int) rule {
	w := fails(rest.KindDecode, rest.Unknown, 1, executions)
	return rule{fails(rest.KindDecode, rest.Done, 1, executions), w, w}
}

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
	alters func(v any) any // how a success then differs
	large  bool            // an answer of more than is taken
}

const hostileWords = "a\"b\\\x1b[2K\n\u202e<PWNED>"

func kindOf(k sandbox.FaultKind) sandbox.Fault { return sandbox.Fault{Kind: k} }

func status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

func redirect(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultRedirect, Status: code, Times: 1}
}

// troubles hold every kind of fault that can show in an answer of this vendor.
var troubles = []trouble{
	{name: "given up before", fault: kindOf(sandbox.FaultDelay), gives: none, rule: always(fails(rest.KindCancelled, rest.NotSent, 0, 0))},
	{name: "delay given up", fault: sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour}, gives: arrived,
		rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall", fault: kindOf(sandbox.FaultStall), gives: arrived, rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall-after", fault: kindOf(sandbox.FaultStallAfter), gives: arrived, rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 1))},
	{name: "drip", fault: sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Nanosecond}, rule: always(succeeds(1, 1))},

	{name: "reset-before", fault: kindOf(sandbox.FaultResetBefore), rule: again(rest.KindTransport, rest.Unknown, false)},
	{name: "fin-before", fault: kindOf(sandbox.FaultFinBefore), rule: again(rest.KindTransport, rest.Unknown, false)},
	{name: "reset-after", fault: kindOf(sandbox.FaultResetAfter), rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "fin-after", fault: kindOf(sandbox.FaultFinAfter), rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "fin-after-reused", fault: kindOf(sandbox.FaultFinAfterReused), rule: rule{succeeds(2, 2), succeeds(1, 1), succeeds(1, 1)}},
	{name: "cut-body", fault: kindOf(sandbox.FaultCutBody), rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "garbage", fault: kindOf(sandbox.FaultGarbage), rule: always(fails(rest.KindTransport, rest.Unknown, 1, 1))},

	{name: "500", fault: status(500), rule: again(rest.KindServer, rest.Unknown, false)},
	{name: "503", fault: status(503), rule: again(rest.KindServer, rest.Unknown, false)},
	{name: "504 after", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 504}, rule: again(rest.KindServer, rest.Unknown, true)},
	{name: "400", fault: status(http.StatusBadRequest), rule: refused(rest.KindValidation)},
	{name: "403", fault: status(http.StatusForbidden), rule: refused(rest.KindForbidden)},
	{name: "403 of the gateway", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403, Body: `{"message":"Forbidden"}`}, rule: refused(rest.KindAuth)},
	{name: "404", fault: status(http.StatusNotFound), rule: refused(rest.KindNotFound)},
	{name: "422", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Body: `{"errors":{"name":["can't be blank"]}}`}, rule: refused(rest.KindValidation)},
	{name: "200 and an error", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusOK, Body: `{"error":"Not possible."}`},
		rule: rule{fails(rest.KindDecode, rest.Done, 1, 0), fails(rest.KindDecode, rest.Unknown, 1, 0), fails(rest.KindConflict, rest.Done, 1, 0)}},
	{name: "401 once", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, rule: refused(rest.KindAuth)},
	{name: "429 once", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, Times: 1},
		rule: rule{succeeds(2, 1), fails(rest.KindRateLimited, rest.Refused, 1, 0), fails(rest.KindRateLimited, rest.Refused, 1, 0)}},
	{name: "429 for an hour", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: "3600"}, rule: refused(rest.KindRateLimited)},
	{name: "302", fault: redirect(http.StatusFound), rule: always(fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{name: "307", fault: redirect(http.StatusTemporaryRedirect), rule: refused(rest.KindRedirect)},

	{name: "html", fault: kindOf(sandbox.FaultHTML), rule: unreadable(0)},
	{name: "truncated", fault: kindOf(sandbox.FaultTruncated), rule: unreadable(1)},
	{name: "trailing-comma", fault: kindOf(sandbox.FaultTrailing), rule: unreadable(1)},
	{name: "empty", fault: kindOf(sandbox.FaultEmpty), // nothing is enough of an answer to a PUT
		rule: rule{unreadable(1).read, unreadable(1).post, succeeds(1, 1)}},
	{name: "oversize", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1)), large: true},
	{name: "gzip-bomb", fault: kindOf(sandbox.FaultGzipBomb), rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1)), large: true},
	{name: "huge-header", fault: kindOf(sandbox.FaultHugeHeader), rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1)), large: true},

	{name: "bom", fault: kindOf(sandbox.FaultBOM), rule: always(succeeds(1, 1))},
	{name: "empty-as-array", fault: kindOf(sandbox.FaultEmptyAsArray), rule: always(succeeds(1, 1))},
	{name: "ids-as-strings", fault: kindOf(sandbox.FaultIDsAsStrings), rule: always(succeeds(1, 1))},
	{name: "numbers-as-strings", fault: kindOf(sandbox.FaultNumbersAsStrings), rule: always(succeeds(1, 1))},
	{name: "nulls", fault: kindOf(sandbox.FaultNulls), rule: always(succeeds(1, 1)), alters: texts("")},
	{name: "hostile", fault: sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostileWords}, rule: always(succeeds(1, 1)), alters: texts(hostileWords)},
}

// The kinds that change nothing in what this vendor answers: it has no data
// envelope and no providers.
var elsewhere = []sandbox.FaultKind{sandbox.FaultEnvelope, sandbox.FaultWrongProvider}

// exceptions are the cells the rules do not tell, by trouble and operation.
var exceptions = map[string]map[string]outcome{
	// Where the vendor does not serve one enterprise, the list is searched.
	"404": {"Enterprise": succeeds(1, 0)},
}

// plain are the strings the sandbox does not take for text.
var plain = regexp.MustCompile(`^([0-9.+-]*|\d{4}-\d\d-\d\d([T ].*)?|\d\d:\d\d(:\d\d)?)$`)

func texts(become string) func(any) any {
	return func(v any) any {
		if s, ok := v.(string); ok && !plain.MatchString(s) {
			return become
		}
		return v
	}
}

// TestFaultMatrix lets every route go wrong in every way, and compares what a
// caller is told and what the vendor did with what is declared for the cell.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	const limit = 48
	var (
		all   sync.WaitGroup
		slot  = make(chan struct{}, limit)
		idle  = make(chan *house, limit)
		n     int
		left  int
		heavy []func()
	)
	for _, op := range operations {
		for _, tr := range troubles {
			if !soak && !short(op, tr) {
				left++
				continue
			}
			n++
			job := func() {
				t.Run(op.name+"/"+tr.name, func(t *testing.T) {
					var h *house
					select {
					case h = <-idle:
					default:
						h = openHouse(t)
					}
					runCell(&desk{t, h, connect(t, h.Server)}, op, tr)
					idle <- h // one that failed is not used again
				})
			}
			if tr.large { // keeps a processor busy, and a read may take 15 s
				heavy = append(heavy, job)
				continue
			}
			slot <- struct{}{}
			all.Go(func() {
				defer func() { <-slot }()
				job()
			})
		}
	}
	all.Wait()
	for _, job := range heavy {
		job()
	}
	close(idle)
	for h := range idle {
		require.NoError(t, h.Close())
	}
	t.Logf("%d cells of %d operations and %d troubles", n, len(operations), len(troubles))
	if left > 0 {
		t.Logf("left out: %d cells that run the same code as others; FRONTDESK_SOAK=1 runs them", left)
	}
}

var (
	// oneOfEachClass are operations that between them run all of the code
	// below the decoding of a record.
	oneOfEachClass = []string{"Enterprise", "Patients", "PatientInvoices", "CreatePayment", "QuickPay", "Refund", "UpdatePatient"}
	// everywhere are the troubles that every operation meets: one before and one
	// after it is carried out, and those a record's decoding decides.
	everywhere = []string{"fin-before", "reset-after", "422", "truncated", "nulls", "hostile", "numbers-as-strings"}
)

// short tells the cells that are run each time.
func short(op operation, tr trouble) bool {
	if tr.large {
		return slices.Contains([]string{"Patients", "CreatePayment", "UpdatePatient"}, op.name)
	}
	return slices.Contains(oneOfEachClass, op.name) || slices.Contains(everywhere, tr.name)
}

// runCell is one cell: the call on a healthy vendor, on a faulty one, and on
// one that is healthy again.
func runCell(d *desk, op operation, tr trouble) {
	want, ok := exceptions[tr.name][op.name]
	if !ok {
		want = op.class(tr.rule)
	}
	healthy := d.succeed(op)
	call := op.ready(d)
	d.ResetCounts()
	d.SetFault(op.route, tr.fault)
	got, err := d.give(call, op.route, tr.gives, want)
	d.requireOutcome(op, want, err)
	if want.ok {
		require.Equal(d, alter(said(d, healthy), tr.alters), said(d, got))
	}
	d.ClearFaults()
	require.Equal(d, said(d, healthy), said(d, d.succeed(op)), "does not recover")
}

func (d *desk) succeed(op operation) any {
	d.Helper()
	call := op.ready(d)
	d.ResetCounts()
	v, err := call(d.Context())
	require.NoError(d, err, rest.UserMessage(err))
	require.Equal(d, 1, d.Executions(op.route))
	return v
}

// give makes the call with the patience the trouble leaves.
func (d *desk) give(call use, route string, p patience, want outcome) (any, error) {
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	switch p {
	case none:
		cancel()
	case arrived:
		go func() {
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for d.Requests(route) < want.requests || d.Executions(route) < want.executions {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
			}
			cancel()
		}()
	}
	return call(ctx)
}

// requireOutcome compares the error and the vendor's counts.
func (d *desk) requireOutcome(op operation, want outcome, err error) {
	d.Helper()
	if want.ok {
		require.NoError(d, err, rest.UserMessage(err))
	} else {
		var e *rest.Error
		require.ErrorAs(d, err, &e)
		require.Equal(d, want.kind.String(), e.Kind.String(), e)
		require.Equal(d, want.phase.String(), e.Phase.String(), e)
		require.Equal(d, want.phase == rest.Unknown && op.writes, e.Ambiguous, e)
		require.NotEmpty(d, e.UserMessage())
	}
	require.Equal(d, want.requests, d.Requests(op.route), "requests of the route")
	require.Equal(d, want.executions, d.Executions(op.route), "executions of the route")
	require.Zero(d, d.Requests("unmatched inboxhealth"))
}

// said is what an answer says, without the rows as they came.
func said(t require.TestingT, v any) any {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var plain any
	require.NoError(t, json.Unmarshal(b, &plain))
	return plain
}

// alter changes what was said from the leaves up.
func alter(v any, f func(any) any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = alter(v[k], f)
		}
	case []any:
		for i := range v {
			v[i] = alter(v[i], f)
		}
	}
	return f(v)
}

// TestEveryRouteIsTried compares the operations with the sandbox's routes, and
// the troubles with its behaviours.
func TestEveryRouteIsTried(t *testing.T) {
	d := newDesk(t)
	ours := regexp.MustCompile(`^[A-Z]+ /partner/v2/`)
	for _, route := range d.Routes() {
		if !ours.MatchString(route) {
			continue
		}
		require.True(t, slices.ContainsFunc(operations, func(op operation) bool { return op.route == route }), route)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../sandbox/fault.go", nil, 0)
	require.NoError(t, err)
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "FaultKind" {
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			kind := sandbox.FaultKind(word)
			kinds++
			tried := slices.ContainsFunc(troubles, func(tr trouble) bool { return tr.fault.Kind == kind })
			require.True(t, tried != slices.Contains(elsewhere, kind), kind)
		}
		return true
	})
	require.Greater(t, kinds, len(elsewhere))
}
