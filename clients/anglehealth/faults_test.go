package anglehealth_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// soak asks for the long runs in full.
var soak = os.Getenv("FRONTDESK_SOAK") == "1"

// An operation is one method of the client; ready makes a call nobody has made
// yet.
type operation struct {
	name, route string
	writes      bool
	ready       func(*desk) func(context.Context) error
}

const base = "POST /broker"

var operations = []operation{
	{"sign in", base + "/auth", false, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { d.c.Reset(); _, err := d.c.Plan(ctx, "silver_ppo"); return err }
	}},
	{"Plan", base + "/plan_metadata", false, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { _, err := d.c.Plan(ctx, "silver_ppo"); return err }
	}},
	{"Member", base + "/member_snapshot", false, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { _, err := d.c.Member(ctx, ada); return err }
	}},
	{"Group", base + "/group_snapshot", false, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { _, err := d.c.Group(ctx, bakery); return err }
	}},
	{"EnrollNewHire", base + "/new_hire_enrollment", true, func(d *desk) func(context.Context) error {
		h := newHire()
		return func(ctx context.Context) error { _, err := d.c.EnrollNewHire(ctx, h); return err }
	}},
	{"Terminate", base + "/termination", true, func(d *desk) func(context.Context) error {
		last := anglehealth.Termination{ID: ada, LastWork: civil.DateOf(march)}
		return func(ctx context.Context) error { _, err := d.c.Terminate(ctx, last); return err }
	}},
	{"ChangeDemographics", base + "/demographic_change", true, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { return d.c.ChangeDemographics(ctx, demographics()) }
	}},
	{"ReportLifeEvent", base + "/qualifying_life_event", true, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { _, err := d.c.ReportLifeEvent(ctx, event(true)); return err }
	}},
	{"OpenEnrollment", base + "/open_enrollment", true, func(d *desk) func(context.Context) error {
		return func(ctx context.Context) error { _, err := d.c.OpenEnrollment(ctx, event(true)); return err }
	}},
	{"RegisterGroup", base + "/broker/register_group", true, func(d *desk) func(context.Context) error {
		r := registration()
		return func(ctx context.Context) error { _, err := d.c.RegisterGroup(ctx, r); return err }
	}},
}

// An outcome is how often a call reaches its route, how often it is carried out
// there and what its caller is told.
type outcome struct {
	requests, executions int
	kind                 rest.Kind // 0: no error
	phase                rest.Phase
}

// A trouble is one way for a route to go wrong, and how a read and a write then
// end.
type trouble struct {
	name        string
	fault       sandbox.Fault
	read, write outcome
	gives       bool // the caller gives up once the vendor has the request
	large       bool // an answer of more than is taken
}

func ok(requests, executions int) outcome { return outcome{requests, executions, 0, 0} }

func no(kind rest.Kind, phase rest.Phase, requests, executions int) outcome {
	return outcome{requests, executions, kind, phase}
}

func status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

func same(name string, f sandbox.Fault, o outcome) trouble {
	return trouble{name: name, fault: f, read: o, write: o}
}

// thrice is a trouble a read is tried three times in.
func thrice(name string, f sandbox.Fault, kind rest.Kind, phase rest.Phase, done int) trouble {
	return trouble{name: name, fault: f, read: no(kind, phase, 3, 3*done), write: no(kind, phase, 1, done)}
}

// unread is a trouble of an answer nobody can read.
func unread(name string, f sandbox.Fault, done int) trouble {
	return trouble{name: name, fault: f, read: no(rest.KindDecode, rest.Done, 1, done), write: no(rest.KindDecode, rest.Unknown, 1, done)}
}

func kind(k sandbox.FaultKind) sandbox.Fault { return sandbox.Fault{Kind: k} }

var troubles = []trouble{
	same("delay", sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Millisecond}, ok(1, 1)),
	same("drip", sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Nanosecond}, ok(1, 1)),
	same("bom", kind(sandbox.FaultBOM), ok(1, 1)),
	same("numbers as strings", kind(sandbox.FaultNumbersAsStrings), ok(1, 1)),
	same("ids as strings", kind(sandbox.FaultIDsAsStrings), ok(1, 1)),
	same("empty as array", kind(sandbox.FaultEmptyAsArray), ok(1, 1)),
	thrice("reset before", kind(sandbox.FaultResetBefore), rest.KindTransport, rest.Unknown, 0),
	thrice("fin before", kind(sandbox.FaultFinBefore), rest.KindTransport, rest.Unknown, 0),
	thrice("reset after", kind(sandbox.FaultResetAfter), rest.KindTransport, rest.Unknown, 1),
	thrice("fin after", kind(sandbox.FaultFinAfter), rest.KindTransport, rest.Unknown, 1),
	thrice("cut body", kind(sandbox.FaultCutBody), rest.KindTransport, rest.Unknown, 1),
	same("garbage", kind(sandbox.FaultGarbage), no(rest.KindTransport, rest.Unknown, 1, 1)),
	{name: "fin after, reused", fault: kind(sandbox.FaultFinAfterReused), read: ok(2, 2), write: ok(1, 1)},
	{name: "stall", fault: kind(sandbox.FaultStall), gives: true,
		read: no(rest.KindCancelled, rest.Unknown, 1, 0), write: no(rest.KindCancelled, rest.Unknown, 1, 0)},
	{name: "stall after", fault: kind(sandbox.FaultStallAfter), gives: true,
		read: no(rest.KindCancelled, rest.Unknown, 1, 1), write: no(rest.KindCancelled, rest.Unknown, 1, 1)},

	thrice("500", kind(sandbox.FaultStatus), rest.KindServer, rest.Unknown, 0),
	thrice("502", status(http.StatusBadGateway), rest.KindServer, rest.Unknown, 0),
	thrice("504 after", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 504}, rest.KindServer, rest.Unknown, 1),
	same("400", status(400), no(rest.KindValidation, rest.Refused, 1, 0)),
	same("403", status(403), no(rest.KindForbidden, rest.Refused, 1, 0)),
	same("409", status(409), no(rest.KindConflict, rest.Refused, 1, 0)),
	same("422", status(422), no(rest.KindValidation, rest.Refused, 1, 0)),
	same("501", status(501), no(rest.KindConfig, rest.Refused, 1, 0)),
	same("error in a 200", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"error":"Not possible."}`}, no(rest.KindValidation, rest.Refused, 1, 0)),
	same("401 once", sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, ok(2, 1)),
	same("401", kind(sandbox.FaultUnauthorized), no(rest.KindAuth, rest.Refused, 2, 0)),
	{name: "429 once", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, Times: 1, RetryAfter: "1"},
		read: ok(2, 1), write: no(rest.KindRateLimited, rest.Refused, 1, 0)},
	same("307", sandbox.Fault{Kind: sandbox.FaultRedirect, Status: 307, Times: 1}, no(rest.KindRedirect, rest.Refused, 1, 0)),
	same("302", sandbox.Fault{Kind: sandbox.FaultRedirect, Status: 302, Times: 1}, no(rest.KindRedirect, rest.Unknown, 1, 0)),

	unread("html", kind(sandbox.FaultHTML), 0),
	unread("truncated", kind(sandbox.FaultTruncated), 1),
	unread("trailing comma", kind(sandbox.FaultTrailing), 1),
	unread("empty", kind(sandbox.FaultEmpty), 1),
	same("huge header", kind(sandbox.FaultHugeHeader), no(rest.KindDecode, rest.Unknown, 1, 1)),
	{name: "oversize", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, large: true,
		read: no(rest.KindDecode, rest.Unknown, 1, 1), write: no(rest.KindDecode, rest.Unknown, 1, 1)},
	{name: "gzip bomb", fault: kind(sandbox.FaultGzipBomb), large: true,
		read: no(rest.KindDecode, rest.Unknown, 1, 1), write: no(rest.KindDecode, rest.Unknown, 1, 1)},
}

// declared is the outcome of a cell. A sign-in that is refused or not
// understood leaves the call behind it unsent.
func declared(tr trouble, op operation) outcome {
	o := tr.read
	if op.writes {
		o = tr.write
	}
	if op.name != "sign in" {
		return o
	}
	switch {
	case tr.fault.Kind == sandbox.FaultUnauthorized:
		return no(rest.KindAuth, rest.NotSent, 1, 0)
	case o.kind != 0:
		if o.phase == rest.Refused && slices.Contains([]rest.Kind{rest.KindForbidden, rest.KindValidation}, o.kind) {
			o.kind = rest.KindAuth
		}
		o.phase = rest.NotSent
	}
	return o
}

// TestFaultMatrix lets every route go wrong in every way, and compares what a
// caller is told and what the insurer did with what is declared for the cell.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	cells, left := 0, 0
	var all sync.WaitGroup
	var heavy []func()
	slot := make(chan struct{}, 24) // they wait more than they work
	for _, op := range operations {
		for _, tr := range troubles {
			if tr.large && !soak && op.name != "Plan" && op.name != "EnrollNewHire" {
				left++
				continue
			}
			cells++
			job := func() { t.Run(op.name+"/"+tr.name, func(t *testing.T) { runCell(newDesk(t), op, tr) }) }
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
	t.Logf("%d cells, %d of answers over 10 MiB left out (FRONTDESK_SOAK=1 runs them)", cells, left)
}

func runCell(d *desk, op operation, tr trouble) {
	want := declared(tr, op)
	_, err := d.c.Plan(d.Context(), "silver_ppo") // leaves a token and a connection
	require.NoError(d, err)
	call := op.ready(d)
	if op.writes && tr.fault.Kind == sandbox.FaultFinAfterReused {
		_, err := d.c.Member(d.Context(), ada)
		require.NoError(d, err)
	}
	d.ResetCounts()
	d.SetFault(op.route, tr.fault)
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	if tr.gives {
		go whenever(ctx, cancel, func() bool {
			return d.Requests(op.route) >= want.requests && d.Executions(op.route) >= want.executions
		})
	}
	err = call(ctx)
	if want.kind == 0 {
		require.NoError(d, err, rest.UserMessage(err))
	} else {
		var e *rest.Error
		require.ErrorAs(d, err, &e)
		require.Equal(d, want.kind.String()+" "+want.phase.String(), e.Kind.String()+" "+e.Phase.String(), e)
		require.Equal(d, want.phase == rest.Unknown && op.writes, e.Ambiguous)
		require.NotEmpty(d, e.UserMessage())
	}
	require.Equal(d, want.requests, d.Requests(op.route), "requests")
	require.Equal(d, want.executions, d.Executions(op.route), "executions")
	require.Zero(d, d.Requests("unmatched anglehealth"))
	d.ClearFaults()
	d.c.Reset()
	require.NoError(d, op.ready(d)(d.Context()), "does not recover")
}

// whenever calls do once the condition holds.
func whenever(ctx context.Context, do func(), holds func() bool) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	do()
}

// TestEveryRouteIsTried compares the operations with the sandbox's routes.
func TestEveryRouteIsTried(t *testing.T) {
	for _, route := range newDesk(t).Routes() {
		if !strings.HasPrefix(route, base+"/") || route == base+"/register_group" { // which the traps try
			continue
		}
		require.True(t, slices.ContainsFunc(operations, func(op operation) bool { return op.route == route }), route)
	}
}

// TestEnrollmentsAreExecutedAtMostOnce makes many enrolments while connection,
// vendor and session fail by lot, and compares what callers were told with what
// the insurer has. FRONTDESK_SOAK=1 makes 1,000 of them.
func TestEnrollmentsAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	calls := 120
	if soak {
		calls = 1000
	}
	d := newDesk(t)
	lot := rand.New(rand.NewPCG(1, 2))
	var done, unknown, not int
	for n := range calls {
		_, err := d.c.Plan(d.Context(), "silver_ppo") // leaves a connection behind
		require.NoError(t, err)
		tr := troubles[lot.IntN(len(troubles))]
		for tr.large || tr.gives || tr.fault.Kind == sandbox.FaultUnauthorized && tr.fault.Times == 0 {
			tr = troubles[lot.IntN(len(troubles))]
		}
		if lot.IntN(8) == 0 {
			d.ExpireTokens()
		}
		h := newHire()
		d.SetFault(base+"/new_hire_enrollment", tr.fault)
		_, err = d.c.EnrollNewHire(t.Context(), h)
		d.ClearFaults()
		times := d.AngleEnrolled(string(h.Employee.ID))
		require.LessOrEqual(t, times, 1, "call %d, %s", n, tr.name)
		var e *rest.Error
		switch {
		case err == nil:
			done++
			require.Equal(t, 1, times, tr.name)
		default:
			require.ErrorAs(t, err, &e)
			if !e.Ambiguous {
				not++
				require.Zero(t, times, "%s: carried out, and told otherwise", tr.name)
				continue
			}
			unknown++
			found, err := d.c.NewHireLanded(t.Context(), h)
			require.NoError(t, err)
			require.Equal(t, times == 1, found.Verdict == anglehealth.Landed, tr.name)
		}
	}
	require.NotZero(t, done*unknown*not, "the lots are too few")
	t.Logf("%d calls: %d done, %d unknown, %d not; none twice", calls, done, unknown, not)
}

// trail remembers what it was told.
type trail struct {
	mu    sync.Mutex
	lines []string
}

func (*trail) Allow(context.Context, string, string) error { return nil }

func (tr *trail) Done(_ context.Context, _, op, record, outcome string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.lines = append(tr.lines, fmt.Sprint(op, ": ", record, ": ", outcome))
}

// Every write names the member or group it is about on the trail, and only
// writes are there.
func TestTrailNamesTheRecord(t *testing.T) {
	d := newDesk(t)
	var tr trail
	d.c = connect(t, d.Server, &tr)
	for _, op := range operations {
		require.NoError(t, op.ready(d)(t.Context()), op.name)
	}
	require.Len(t, tr.lines, 6)
	shape := regexp.MustCompile(`^[a-z ]+: (fd-[a-z2-7]{26}|fake-member-00\d): done$`)
	for _, line := range tr.lines {
		require.Regexp(t, shape, line)
	}
}
