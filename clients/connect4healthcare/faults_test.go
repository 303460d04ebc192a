package connect4healthcare_test

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	care "frontdesk/clients/connect4healthcare"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soak asks for the long runs in full.
var soak = os.Getenv("FRONTDESK_SOAK") == "1"

// The routes as the sandbox names them.
const (
	vendor      = "connect4healthcare"
	authorize   = vendor + " POST /authorize"
	listTickets = vendor + " GET /{token}/tickets"
	readTicket  = vendor + " GET /{token}/ticket_detail"
	residents   = vendor + " GET /{token}/all_residents"
	categories  = vendor + " GET /{token}/provider_categories"
	createByGet = vendor + " GET /{token}/create_ticket"
	createPost  = vendor + " POST /{token}/create_ticket"
	setStatus   = vendor + " POST /{token}/update_status"
	addComment  = vendor + " POST /{token}/create_comment"
	unmatched   = "unmatched " + vendor
)

// A desk is a client of a played vendor of its own.
type desk struct {
	*testing.T
	*sandbox.Server
	c      *care.Client
	ticket care.ID
}

const tickets = 4

func newDesk(t *testing.T, change ...func(*care.Config)) *desk {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Tickets: tickets, Prospects: 1, Providers: 1, Zone: time.UTC})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	d := &desk{T: t, Server: s, ticket: 203}
	secret := sandbox.Credentials(vendor)
	cfg := care.Config{
		Base: s.URL(vendor),
		Credentials: func(context.Context) (string, string, error) {
			return secret["api_key"], secret["api_secret"], nil
		},
		Headers: care.Underscores, Rate: 1e6, Burst: 1e6,
	}
	for _, f := range change {
		f(&cfg)
	}
	d.c, err = care.New(cfg)
	require.NoError(t, err)
	t.Cleanup(d.c.Close)
	return d
}

func byPost(c *care.Config) { c.CreateByPost = true }

// complete is a ticket the vendor accepts.
func (d *desk) complete(title string) care.NewTicket {
	all, err := d.c.Categories(d.Context(), 0)
	require.NoError(d, err)
	who, err := d.c.Residents(d.Context())
	require.NoError(d, err)
	n := care.NewTicket{Title: title, Resident: who[0].ID, Urgency: "No Issue", Status: "New"}
	for _, category := range all {
		n.Categories = append(n.Categories, care.NewCategory{ID: category.ID, Mark: care.NoIssue})
	}
	return n
}

// A use is one call, with what it answers in a form that can be compared.
type use func(context.Context) (any, error)

// An operation is one method of the client, seen at one of its routes. Writes
// tells whether it does, and sure that its success is told by anything that
// says yes.
type operation struct {
	name, route  string
	writes, sure bool
	post         bool
	ready        func(*desk) use
}

func quietly(f func(context.Context) error) use {
	return func(ctx context.Context) (any, error) { return nil, f(ctx) }
}

func tell(f func(*desk, context.Context) error) func(*desk) use {
	return func(d *desk) use { return quietly(func(ctx context.Context) error { return f(d, ctx) }) }
}

func create(d *desk) use {
	n := d.complete("Fault drill")
	return func(ctx context.Context) (any, error) {
		id, err := d.c.CreateTicket(ctx, n)
		return id > 0, err
	}
}

var operations = []operation{
	{"Tickets", listTickets, false, false, false, func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			all, err := d.c.Tickets(ctx)
			return all[:min(2, len(all))], err
		}
	}},
	{"TicketDetail", readTicket, false, false, false, func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.TicketDetail(ctx, 202) }
	}},
	{"Residents", residents, false, false, false, func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Residents(ctx) }
	}},
	{"Categories", categories, false, false, false, func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Categories(ctx, 0) }
	}},
	{"CreateTicket", createByGet, true, false, false, create},
	{"CreateTicket by POST", createPost, true, false, true, create},
	{"UpdateStatus", setStatus, true, true, false, tell(func(d *desk, ctx context.Context) error {
		return d.c.UpdateStatus(ctx, d.ticket, "In Progress")
	})},
	{"Comment", addComment, true, true, false, tell(func(d *desk, ctx context.Context) error {
		return d.c.Comment(ctx, d.ticket, "Called back.")
	})},
	{"CommentCategory", addComment, true, true, false, tell(func(d *desk, ctx context.Context) error {
		return d.c.CommentCategory(ctx, d.ticket, 6, "Called back.")
	})},
}

// An outcome is what a call is declared to end in when its route goes wrong.
type outcome struct {
	ok                   bool
	kind                 rest.Kind
	phase                rest.Phase
	requests, executions int
}

func succeeds(requests, executions int) outcome {
	return outcome{ok: true, requests: requests, executions: executions}
}

func fails(kind rest.Kind, phase rest.Phase, requests, executions int) outcome {
	return outcome{kind: kind, phase: phase, requests: requests, executions: executions}
}

// A rule is the outcome of one trouble by what an operation does; sure is that
// of a write which needs no more than a yes, when it differs.
type rule struct{ read, create, sure outcome }

func always(o outcome) rule { return rule{o, o, o} }

// again is the rule of what may pass: a read is tried three times, a write once.
func again(kind rest.Kind, phase rest.Phase, executed bool) rule {
	n := 0
	if executed {
		n = 1
	}
	write := fails(kind, phase, 1, n)
	return rule{fails(kind, phase, 3, 3*n), write, write}
}

func refused(kind rest.Kind) rule { return always(fails(kind, rest.Refused, 1, 0)) }

// unreadable is an answer nobody can read: a read changed nothing, a write may
// have been carried out.
func unreadable(executed int) rule {
	write := fails(rest.KindDecode, rest.Unknown, 1, executed)
	return rule{fails(rest.KindDecode, rest.Done, 1, executed), write, write}
}

// A trouble is one way for a route to go wrong.
type trouble struct {
	name   string
	fault  sandbox.Fault
	rule   rule
	gives  bool                        // the person gives the call up once it has arrived
	alters func(key string, v any) any // how a success then differs
	large  bool                        // an answer of more than is taken
}

const hostileWords = "a\"b\\\x1b[2K\n\u202e<PWNED>"

var troubles = []trouble{
	{name: "delay", fault: sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 5 * time.Millisecond}, rule: always(succeeds(1, 1))},
	{name: "delay given up", fault: sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour}, gives: true, rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall", fault: sandbox.Fault{Kind: sandbox.FaultStall}, gives: true, rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 0))},
	{name: "stall-after", fault: sandbox.Fault{Kind: sandbox.FaultStallAfter}, gives: true, rule: always(fails(rest.KindCancelled, rest.Unknown, 1, 1))},
	{name: "drip", fault: sandbox.Fault{Kind: sandbox.FaultDrip, Delay: time.Nanosecond}, rule: always(succeeds(1, 1))},

	{name: "reset-before", fault: sandbox.Fault{Kind: sandbox.FaultResetBefore}, rule: again(rest.KindTransport, rest.Unknown, false)},
	{name: "fin-before", fault: sandbox.Fault{Kind: sandbox.FaultFinBefore}, rule: again(rest.KindTransport, rest.Unknown, false)},
	{name: "reset-after", fault: sandbox.Fault{Kind: sandbox.FaultResetAfter}, rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "fin-after", fault: sandbox.Fault{Kind: sandbox.FaultFinAfter}, rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "fin-after-reused", fault: sandbox.Fault{Kind: sandbox.FaultFinAfterReused}, rule: rule{succeeds(2, 2), succeeds(1, 1), succeeds(1, 1)}},
	{name: "cut-body", fault: sandbox.Fault{Kind: sandbox.FaultCutBody}, rule: again(rest.KindTransport, rest.Unknown, true)},
	{name: "garbage", fault: sandbox.Fault{Kind: sandbox.FaultGarbage}, rule: always(fails(rest.KindTransport, rest.Unknown, 1, 1))},

	{name: "500", fault: sandbox.Fault{Kind: sandbox.FaultStatus}, rule: again(rest.KindServer, rest.Unknown, false)},
	{name: "503 after", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 503}, rule: again(rest.KindServer, rest.Unknown, true)},
	{name: "500 and invalid credentials", fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Body: `{"status":false,"message":"Invalid Credentials"}`},
		rule: again(rest.KindServer, rest.Unknown, true)},
	{name: "400", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400}, rule: refused(rest.KindValidation)},
	{name: "403", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403}, rule: refused(rest.KindForbidden)},
	{name: "404", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404}, rule: refused(rest.KindNotFound)},
	{name: "405", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 405}, rule: refused(rest.KindConfig)},
	{name: "200 and false", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"status":false,"message":"no",}`}, rule: refused(rest.KindValidation)},
	{name: "200 and something else", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"error":"no"}`}, rule: unreadable(0)},

	{name: "401 once", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 1}, rule: always(succeeds(2, 1))},
	{name: "invalid credentials once", fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Times: 1, Body: `{"status":false,"message":"Invalid Credentials",}`},
		rule: always(succeeds(2, 1))},
	{name: "401", fault: sandbox.Fault{Kind: sandbox.FaultUnauthorized}, rule: always(fails(rest.KindAuth, rest.Refused, 2, 0))},
	{name: "429 for an hour", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: "3600"}, rule: refused(rest.KindRateLimited)},
	{name: "429 once", fault: sandbox.Fault{Kind: sandbox.FaultRateLimited, Times: 1}, rule: rule{
		succeeds(2, 1), fails(rest.KindRateLimited, rest.Refused, 1, 0), fails(rest.KindRateLimited, rest.Refused, 1, 0)}},
	{name: "302", fault: sandbox.Fault{Kind: sandbox.FaultRedirect, Status: 302, Times: 1}, rule: always(fails(rest.KindRedirect, rest.Unknown, 1, 0))},
	{name: "307", fault: sandbox.Fault{Kind: sandbox.FaultRedirect, Times: 1}, rule: refused(rest.KindRedirect)},

	{name: "html", fault: sandbox.Fault{Kind: sandbox.FaultHTML}, rule: unreadable(0)},
	{name: "truncated", fault: sandbox.Fault{Kind: sandbox.FaultTruncated}, rule: unreadable(1)},
	{name: "empty", fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, rule: unreadable(1)},
	{name: "trailing-comma", fault: sandbox.Fault{Kind: sandbox.FaultTrailing}, rule: rule{unreadable(1).read, unreadable(1).create, succeeds(1, 1)}},
	{name: "oversize", fault: sandbox.Fault{Kind: sandbox.FaultOversize, Size: 11 << 20}, large: true, rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1))},
	{name: "gzip-bomb", fault: sandbox.Fault{Kind: sandbox.FaultGzipBomb}, large: true, rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1))},
	{name: "huge-header", fault: sandbox.Fault{Kind: sandbox.FaultHugeHeader}, rule: always(fails(rest.KindDecode, rest.Unknown, 1, 1))},

	{name: "bom", fault: sandbox.Fault{Kind: sandbox.FaultBOM}, rule: always(succeeds(1, 1))},
	{name: "empty-as-array", fault: sandbox.Fault{Kind: sandbox.FaultEmptyAsArray}, rule: always(succeeds(1, 1))},
	{name: "numbers-as-strings", fault: sandbox.Fault{Kind: sandbox.FaultNumbersAsStrings}, rule: always(succeeds(1, 1))},
	{name: "nulls", fault: sandbox.Fault{Kind: sandbox.FaultNulls}, rule: always(succeeds(1, 1)), alters: texts("")},
	{name: "hostile", fault: sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostileWords}, rule: always(succeeds(1, 1)), alters: texts(hostileWords)},
}

// plain are the strings the sandbox does not take for text.
var plain = regexp.MustCompile(`^([0-9.+-]*|\d{4}-\d\d-\d\d([T ].*)?)$`)

func texts(become string) func(string, any) any {
	return func(_ string, v any) any {
		if s, ok := v.(string); ok && !plain.MatchString(s) {
			return become
		}
		return v
	}
}

// TestFaultMatrix lets every route go wrong in every way, with refusals of a
// status of their own and without, and compares what a caller is told and what
// the vendor did with what is declared.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	var jobs, heavy []func()
	left := 0
	for i, op := range operations {
		for k, tr := range troubles {
			if tr.large && !soak && op.name != "Tickets" && op.name != "CreateTicket" {
				left++
				continue
			}
			modes := []bool{(i+k)%2 == 0}
			if soak {
				modes = []bool{false, true}
			}
			for _, mode := range modes {
				name := op.name + "/" + tr.name
				if mode {
					name += ", always 200"
				}
				job := func() { t.Run(name, func(t *testing.T) { runCell(t, op, tr, mode) }) }
				if tr.large {
					heavy = append(heavy, job)
				} else {
					jobs = append(jobs, job)
				}
			}
		}
	}
	atOnce(24, jobs)
	atOnce(1, heavy) // each keeps a processor busy, and a read may take 15 s
	t.Logf("%d cells", len(jobs)+len(heavy))
	if !soak {
		t.Logf("each in one of the two error modes, and %d of large answers left out: FRONTDESK_SOAK=1 runs all", left)
	}
}

// atOnce runs the jobs, so many at a time: they wait more than they work.
func atOnce(limit int, jobs []func()) {
	var all sync.WaitGroup
	defer all.Wait()
	slot := make(chan struct{}, limit)
	for _, job := range jobs {
		slot <- struct{}{}
		all.Go(func() {
			defer func() { <-slot }()
			job()
		})
	}
}

// runCell is one cell: the call on a healthy vendor, on a faulty one, and on
// one that is healthy again.
func runCell(t *testing.T, op operation, tr trouble, always200 bool) {
	d := newDesk(t, func(c *care.Config) { c.CreateByPost = op.post })
	d.Connect4Healthcare().Always200(always200)
	want := tr.rule.read
	switch {
	case op.sure:
		want = tr.rule.sure
	case op.writes:
		want = tr.rule.create
	}
	call := op.ready(d)
	healthy, err := call(t.Context())
	require.NoError(t, err, rest.UserMessage(err))

	d.ResetCounts()
	d.SetFault(op.route, tr.fault)
	got, err := d.give(call, op.route, tr.gives, want)
	if want.ok {
		require.NoError(t, err, rest.UserMessage(err))
		require.Equal(t, alter("", said(t, healthy), tr.alters), said(t, got))
	} else {
		var e *rest.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want.kind.String(), e.Kind.String(), e)
		require.Equal(t, want.phase.String(), e.Phase.String(), e)
		require.Equal(t, want.phase == rest.Unknown && op.writes, e.Ambiguous, e)
		require.NotEmpty(t, e.UserMessage())
	}
	require.Equal(t, want.requests, d.Requests(op.route), "requests")
	require.Equal(t, want.executions, d.Executions(op.route), "executions")
	require.Zero(t, d.Requests(unmatched))

	d.ClearFaults()
	d.c.Reset()
	after, err := call(t.Context())
	require.NoError(t, err, rest.UserMessage(err))
	require.Equal(t, said(t, healthy), said(t, after), "does not recover")
}

// give makes the call, and gives it up once the vendor has it if asked to.
func (d *desk) give(call use, route string, up bool, want outcome) (any, error) {
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	if up {
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

// said is what an answer says, in plain values.
func said(t require.TestingT, v any) any {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	var plain any
	require.NoError(t, json.Unmarshal(b, &plain))
	return plain
}

// alter changes what was said from the leaves up.
func alter(key string, v any, f func(string, any) any) any {
	if f == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = alter(k, v[k], f)
		}
	case []any:
		for i := range v {
			v[i] = alter(key, v[i], f)
		}
	}
	return f(key, v)
}

// TestEveryRouteIsTried compares the operations with the sandbox's routes.
func TestEveryRouteIsTried(t *testing.T) {
	for _, route := range newDesk(t).Routes() {
		if strings.HasPrefix(route, vendor) && route != authorize {
			require.True(t, slices.ContainsFunc(operations, func(op operation) bool { return op.route == route }), route)
		}
	}
}
