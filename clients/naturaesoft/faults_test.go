package naturaesoft_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
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

// TestFaultMatrix lets every route go wrong in every way, and compares what a
// caller is told and what the vendor did with what is declared for the cell.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	const limit = 64
	var jobs, heavy []func()
	left := 0
	practices := make(chan *practice, limit) // those nobody uses at the moment
	for _, op := range operations {
		for _, tr := range troubles {
			if tr.large && !soak && !slices.Contains(oneOfEachClass, op.name) {
				left++
				continue
			}
			cell := func(t *testing.T) {
				p := borrow(t, practices)
				runCell(&desk{t, p, connect(t, p.Server)}, op, tr)
				practices <- p
			}
			job := func() { t.Run(op.name+"/"+tr.name, cell) }
			if tr.large {
				heavy = append(heavy, job)
			} else {
				jobs = append(jobs, job)
			}
		}
	}
	atOnce(limit, jobs)
	atOnce(1, heavy) // each keeps a processor busy, and a read may take 15 s
	close(practices)
	for p := range practices {
		require.NoError(t, p.Close())
	}
	t.Logf("%d cells of %d operations and %d troubles", len(jobs)+len(heavy), len(operations), len(troubles))
	if left > 0 {
		t.Logf("left out: %d cells of answers over 10 MiB, which the race detector makes slow and where "+
			"all operations of a class run the same code: FRONTDESK_SOAK=1 runs them", left)
	}
}

// borrow takes a practice no other cell uses, or opens one. A cell that fails
// does not give it back.
func borrow(t *testing.T, free <-chan *practice) *practice {
	select {
	case p := <-free:
		return p
	default:
		return openPractice(t)
	}
}

// atOnce runs the jobs, so many at a time. They wait for the vendor more than
// they work, so go test's own limit for parallel tests is far too low.
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
func runCell(d *desk, op operation, tr trouble) {
	want := declared(tr, op)
	healthy := d.succeed(op)

	call := op.ready(d)
	d.ResetCounts()
	d.SetFault(op.route, tr.fault)
	got, err := d.give(call, op.route, tr.gives, want)
	d.requireOutcome(op, want, err)
	if want.ok {
		require.Equal(d, alter("", said(d, healthy), tr.alters), said(d, got))
	}
	if want.locks {
		d.ResetCounts()
		_, err := call(d.Context())
		require.Equal(d, rest.KindAuth.String(), kindOf(d, err))
		require.Zero(d, d.Requests(tokenRoute), "signed in again with a refused key")
		d.c.Reset()
	}
	d.ClearFaults()
	require.Equal(d, said(d, healthy), said(d, d.succeed(op)), "does not recover")
}

// succeed makes the call on a healthy vendor.
func (d *desk) succeed(op operation) any {
	d.Helper()
	call := op.ready(d)
	d.ResetCounts()
	v, err := call(d.Context())
	require.NoError(d, err, rest.UserMessage(err))
	require.GreaterOrEqual(d, d.Executions(op.route), 1)
	require.LessOrEqual(d, d.Executions("*"), 3)
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
		go whenever(ctx, cancel, func() bool {
			return d.Requests(route) >= want.requests && d.Executions(route) >= want.executions
		})
	}
	return call(ctx)
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
		require.Equal(d, want.phase == rest.Unknown && op.writes(), e.Ambiguous, e)
		require.NotEmpty(d, e.UserMessage())
	}
	require.Equal(d, want.requests, d.Requests(op.route), "requests of the route")
	require.Equal(d, want.executions, d.Executions(op.route), "executions of the route")
	require.Zero(d, d.Requests(unknownRoutes))
	if op.then == "" {
		return
	}
	after := 0
	if want.ok {
		after = 1
	}
	require.Equal(d, after, d.Requests(op.then), "what follows is sent only when this went well")
	require.Equal(d, after, d.Executions(op.then))
}

func kindOf(t require.TestingT, err error) string {
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	return e.Kind.String()
}

// said is what an answer says, without the unexported rows as they came.
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

// TestEveryFaultIsTried compares the troubles with the sandbox's constants, the
// operations with its routes, and the exceptions with both.
func TestEveryFaultIsTried(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../sandbox/fault.go", nil, 0)
	require.NoError(t, err)
	var kinds []sandbox.FaultKind
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "FaultKind" {
				word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				kinds = append(kinds, sandbox.FaultKind(word))
			}
		}
		return true
	})
	require.NotEmpty(t, kinds)
	for _, kind := range kinds {
		require.True(t, slices.ContainsFunc(troubles, func(tr trouble) bool { return tr.fault.Kind == kind }), kind)
	}
	for _, route := range newDesk(t).Routes() {
		if _, path, _ := strings.Cut(route, " "); !strings.HasPrefix(path, "/v1/") {
			continue // another vendor's
		}
		tried := slices.ContainsFunc(operations, func(op operation) bool { return op.route == route })
		require.True(t, tried, route)
	}
	for name, cells := range exceptions {
		require.True(t, slices.ContainsFunc(troubles, func(tr trouble) bool { return tr.name == name }), name)
		for cell := range cells {
			require.True(t, slices.ContainsFunc(operations, func(op operation) bool { return op.name == cell }), cell)
		}
	}
	t.Logf("%d kinds of fault", len(kinds))
}
