package updox_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
)

// A deed is a create operation with words of its own each time, so that what
// Updox holds afterwards tells how often it was done.
type deed struct {
	name, route string
	ready       func(*desk)                                     // from a healthy vendor; may be nil
	do          func(d *desk, ctx context.Context, n int) error // call number n
	traces      func(d *desk) []string                          // what calls left behind; may be nil
}

var deeds = []deed{
	{"Create", createRoute, nil,
		func(d *desk, ctx context.Context, n int) error {
			_, err := d.c.Create(ctx, updox.Account{ID: safe.Line(mark(n)), Name: safe.Line("Soak")})
			return err
		},
		func(d *desk) (traces []string) {
			all, err := d.c.Accounts(d.Context())
			require.NoError(d, err)
			for _, a := range all {
				if a.Name.Raw() == "Soak" {
					traces = append(traces, a.ID.Raw())
				}
			}
			return traces
		}},
	{"Update", updateRoute, nil,
		func(d *desk, ctx context.Context, n int) error {
			a := d.account(seeded)
			_, err := d.c.Update(ctx, a, a.With("address2", mark(n)))
			return err
		}, nil},
	{"Save", saveRoute, nil,
		func(d *desk, ctx context.Context, n int) error {
			a := d.account(seeded)
			_, err := d.c.Save(ctx, a, a.With("address2", mark(n)))
			return err
		}, nil},
}

func mark(n int) string { return fmt.Sprintf("SOAK-%d", n) }

// TestCreatesAreExecutedAtMostOnce makes many calls of every create operation
// while the connection and the vendor fail by lot. In between, the
// same client reads, so that there is a connection to be used again, which is
// what net/http would send a request on a second time. FRONTDESK_SOAK=1 makes
// 1,000 calls of each.
func TestCreatesAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	const shards = 10
	calls := 120
	if soak {
		calls = 1000
	}
	var jobs []func()
	counts := make([]tally, len(deeds))
	for i, deed := range deeds {
		for shard := range shards {
			jobs = append(jobs, func() {
				t.Run(fmt.Sprint(deed.name, "/", shard), func(t *testing.T) {
					// A failure can be repeated by name.
					lot := rand.New(rand.NewPCG(uint64(i), uint64(shard)))
					soakDeed(newDesk(t), deed, lot, calls/shards, &counts[i])
				})
			})
		}
	}
	atOnce(30, jobs)
	for i, deed := range deeds {
		n := &counts[i]
		t.Logf("%s: %d faulted calls, %d executed, none twice; told: %d done, %d outcome unknown, %d not done",
			deed.name, n.calls.Load(), n.executed.Load(), n.done.Load(), n.unknown.Load(), n.not.Load())
		require.NotZero(t, n.executed.Load()*n.done.Load()*n.unknown.Load(), "the lots are too few")
	}
}

// A tally is what became of the calls of one deed.
type tally struct{ calls, executed, done, unknown, not atomic.Int64 }

func (n *tally) add(err error, executed int) {
	n.calls.Add(1)
	n.executed.Add(int64(executed))
	var e *rest.Error
	switch {
	case !errors.As(err, &e):
		n.done.Add(1)
	case e.Ambiguous:
		n.unknown.Add(1)
	default:
		n.not.Add(1)
	}
}

// soakDeed makes the calls one after the other.
func soakDeed(d *desk, what deed, lot *rand.Rand, calls int, count *tally) {
	wire := slices.DeleteFunc(slices.Clone(troubles), func(tr trouble) bool {
		return !tr.wire && !slices.Contains([]string{"422", "429"}, tr.name)
	})
	done := 0
	for n := range calls {
		if what.ready != nil {
			what.ready(d)
		}
		tr := wire[lot.IntN(len(wire))]
		_, err := d.c.Accounts(d.Context()) // leaves a connection behind
		require.NoError(d, err)
		executed, err := d.attempt(what, n, tr)
		require.Empty(d, contradiction(err, executed), "call %d, %s: %v", n, tr.name, err)
		count.add(err, executed)
		done += executed
		d.ClearFaults()
	}
	if what.traces == nil {
		return
	}
	left := what.traces(d)
	require.Len(d, left, done, "Updox holds what was executed")
	slices.Sort(left)
	require.Len(d, slices.Compact(left), done, "something was left behind twice")
}

// attempt is one faulted call.
func (d *desk) attempt(what deed, n int, tr trouble) (executed int, err error) {
	d.ResetCounts()
	late := tr.fault.Kind == sandbox.FaultStallAfter || tr.fault.Kind == sandbox.FaultDrip
	d.SetFault(what.route, tr.fault)
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	if tr.gives == arrived {
		go whenever(ctx, cancel, func() bool {
			return d.Requests(what.route) > 0 && (!late || d.Executions(what.route) > 0)
		})
	}
	err = what.do(d, ctx, n)
	require.LessOrEqual(d, d.Requests(what.route), 1, "call %d, %s", n, tr.name)
	return d.Executions(what.route), err
}

// contradiction compares what a caller is told with what the vendor did.
func contradiction(err error, executed int) string {
	if executed > 1 {
		return fmt.Sprintf("executed %d times", executed)
	}
	if err == nil && executed == 0 {
		return "a success that was not executed"
	}
	if err == nil {
		return ""
	}
	var e *rest.Error
	switch {
	case !errors.As(err, &e):
		return "an error of another type"
	case executed == 1 && !e.Ambiguous:
		return "executed, and told otherwise"
	case e.Ambiguous != (e.Phase == rest.Unknown):
		return "the phase does not fit"
	}
	return ""
}
