package faulttest

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
	"frontdesk/clients/sandbox"
)

// A Deed is a write with words of its own each time, so that what the vendor
// holds afterwards tells how often it was done.
type Deed[D Desk] struct {
	Name, Route string
	Reads       bool                                        // the record first, within the call
	Ready       func(D)                                     // from a healthy vendor; may be nil
	Do          func(d D, ctx context.Context, n int) error // call number n
	Traces      func(d D) []string                          // what calls left behind; may be nil
}

// Lots are many calls of every deed while the connection, the vendor and the
// session fail by lot. In between, the same client reads, so that there is a
// connection to be used again, which is what net/http would send a request on a
// second time.
type Lots[D Desk] struct {
	Open     func(*testing.T) D
	Deeds    []Deed[D]
	Troubles []Trouble
	Also     []string      // troubles by name, beside those of the connection
	Read     func(D) error // leaves a connection behind
	Sessions bool          // which end now and then
	Calls    int           // of each deed; FRONTDESK_SOAK=1 makes 1,000
}

// Run makes the calls, and fails where a write was executed twice, where a
// caller was told otherwise than it was, and where the vendor holds another
// number of things than were executed.
func (l Lots[D]) Run(t *testing.T) {
	const shards = 10
	calls := l.Calls
	if Soak {
		calls = 1000
	}
	var jobs []func()
	counts := make([]tally, len(l.Deeds))
	for i, deed := range l.Deeds {
		for shard := range shards {
			jobs = append(jobs, func() {
				t.Run(fmt.Sprint(deed.Name, "/", shard), func(t *testing.T) {
					// A failure can be repeated by name.
					lot := rand.New(rand.NewPCG(uint64(i), uint64(shard)))
					l.many(l.Open(t), deed, lot, calls/shards, &counts[i])
				})
			})
		}
	}
	AtOnce(30, jobs)
	for i, deed := range l.Deeds {
		n := &counts[i]
		t.Logf("%s: %d faulted calls, %d executed, none twice; told: %d done, %d outcome unknown, %d not done",
			deed.Name, n.calls.Load(), n.executed.Load(), n.done.Load(), n.unknown.Load(), n.not.Load())
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

// many makes the calls one after the other.
func (l Lots[D]) many(d D, deed Deed[D], lot *rand.Rand, calls int, count *tally) {
	wire := slices.DeleteFunc(slices.Clone(l.Troubles), func(tr Trouble) bool {
		return !tr.Wire && !slices.Contains(l.Also, tr.Name)
	})
	done := 0
	for n := range calls {
		if deed.Ready != nil {
			deed.Ready(d)
		}
		tr := wire[lot.IntN(len(wire))]
		require.NoError(d, l.Read(d))
		executed, err := l.attempt(d, deed, n, tr, lot)
		require.Empty(d, contradiction(err, executed), "call %d, %s: %v", n, tr.Name, err)
		count.add(err, executed)
		done += executed
		d.ClearFaults()
	}
	if deed.Traces == nil {
		return
	}
	left := deed.Traces(d)
	require.Len(d, left, done, "the vendor holds what was executed")
	slices.Sort(left)
	require.Len(d, slices.Compact(left), done, "something was left behind twice")
}

// attempt is one faulted call. Now and then the session has ended as well: the
// fault then strikes the 401, or the repetition of the call after it.
func (l Lots[D]) attempt(d D, deed Deed[D], n int, tr Trouble, lot *rand.Rand) (executed int, err error) {
	d.ResetCounts()
	allowed, late := 1, tr.Fault.Kind == sandbox.FaultStallAfter || tr.Fault.Kind == sandbox.FaultDrip
	switch ended := l.Sessions && lot.IntN(8) == 0; {
	case tr.Fault.Kind == sandbox.FaultUnauthorized:
		allowed++
	case ended && deed.Reads: // which then meets the 401
		d.ExpireTokens()
	case ended:
		d.ExpireTokens()
		allowed++
		tr.Fault.After = lot.IntN(2)
		late = late && tr.Fault.After == 1
	}
	d.SetFault(deed.Route, tr.Fault)
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	if tr.Gives == Arrived {
		go Whenever(ctx, cancel, func() bool {
			return d.Requests(deed.Route) > tr.Fault.After && (!late || d.Executions(deed.Route) > 0)
		})
	}
	err = deed.Do(d, ctx, n)
	require.LessOrEqual(d, d.Requests(deed.Route), allowed, "call %d, %s", n, tr.Name)
	return d.Executions(deed.Route), err
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
