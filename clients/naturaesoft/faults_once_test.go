package naturaesoft_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
)

// A deed is a create operation with words of its own each time, so that what
// the EMR holds afterwards tells how often it was done.
type deed struct {
	name, route string
	reads       bool                                            // the record first, within the call
	ready       func(*desk)                                     // from a healthy vendor; may be nil
	do          func(d *desk, ctx context.Context, n int) error // call number n
	traces      func(d *desk) []string                          // what calls left behind; may be nil
}

var deeds = []deed{
	{"CreateProspect", newProspect, false, nil,
		func(d *desk, ctx context.Context, n int) error {
			_, err := d.c.CreateProspect(ctx, naturaesoft.Edits{"LastName": "Soak", "EMail": mark(n)})
			return err
		},
		func(d *desk) (traces []string) {
			page, err := d.c.Prospects(d.Context(), naturaesoft.ProspectQuery{Search: "Soak", Limit: 1000})
			require.NoError(d, err)
			require.False(d, page.More)
			for _, p := range page.Items {
				traces = append(traces, p.EMail.Raw())
			}
			return traces
		}},
	{"CommentTicket", newComment, false, nil,
		func(d *desk, ctx context.Context, n int) error { return d.c.CommentTicket(ctx, "1", mark(n)) },
		func(d *desk) (traces []string) {
			ticket, err := d.c.Ticket(d.Context(), "1")
			require.NoError(d, err)
			for _, comment := range ticket.Comments {
				if strings.HasPrefix(comment.Text.Raw(), "soak") {
					traces = append(traces, comment.Text.Raw())
				}
			}
			return traces
		}},
	{"UpsertProducts", newProducts, false, nil,
		func(d *desk, ctx context.Context, n int) error {
			return d.c.UpsertProducts(ctx, []naturaesoft.Product{{
				VendorCode: safe.Line("SOAK"), ProductCode: safe.Line(mark(n)), Name: safe.Line("Fake cream"), PriceKnown: true,
			}})
		},
		func(d *desk) (traces []string) {
			found, err := d.c.Products(d.Context(), "", "SOAK")
			require.NoError(d, err)
			for _, p := range found {
				traces = append(traces, p.ProductCode.Raw())
			}
			return traces
		}},
	{"AssignTag", newTag, false, nil,
		func(d *desk, ctx context.Context, _ int) error { return d.c.AssignTag(ctx, d.ada, "1") }, nil},
	{"RemoveAllTags", allTags, false, nil,
		func(d *desk, ctx context.Context, _ int) error { return d.c.RemoveAllTags(ctx, d.ada) }, nil},
	{"RemoveTag", oneTag, false,
		func(d *desk) { require.NoError(d, d.c.AssignTag(d.Context(), d.ada, "2")) },
		func(d *desk, ctx context.Context, _ int) error { return d.c.RemoveTag(ctx, d.ada, "2") }, nil},
	{"UpdateProspect", oneProspect, true, nil,
		func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateProspect(ctx, d.person(), naturaesoft.Edits{"NickName": mark(n)})
		}, nil},
	{"UpdateArticle", writeArticle, true, nil,
		func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateArticle(ctx, naturaesoft.Article{ID: "1"}, naturaesoft.Edits{"Title": mark(n)})
		}, nil},
	{"UpdateTicket", writeTicket, true, nil,
		func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateTicket(ctx, naturaesoft.Ticket{ID: "1"}, naturaesoft.Edits{"Subject": mark(n)})
		}, nil},
	{"UpdateMe", writeMe, true, nil,
		func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateMe(ctx, naturaesoft.Edits{"Company": mark(n)})
		}, nil},
}

func mark(n int) string { return fmt.Sprintf("soak%d@example.com", n) }

// TestCreatesAreExecutedAtMostOnce makes many calls of every create operation
// while the connection, the vendor and the session fail by lot. In between, the
// same client reads, so that there is a connection to be used again, which is
// what net/http would send a request on a second time. FRONTDESK_SOAK=1 makes
// 1,000 calls of each.
func TestCreatesAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	const shards = 10
	calls := 60
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
		return !tr.wire && !slices.Contains([]string{"401 once", "422", "429"}, tr.name)
	})
	done := 0
	for n := range calls {
		if what.ready != nil {
			what.ready(d)
		}
		tr := wire[lot.IntN(len(wire))]
		_, err := d.c.Tags(d.Context()) // leaves a connection behind
		require.NoError(d, err)
		executed, err := d.attempt(what, n, tr, lot)
		require.Empty(d, contradiction(err, executed), "call %d, %s: %v", n, tr.name, err)
		count.add(err, executed)
		done += executed
		d.ClearFaults()
	}
	if what.traces == nil {
		return
	}
	left := what.traces(d)
	require.Len(d, left, done, "the EMR holds what was executed")
	slices.Sort(left)
	require.Len(d, slices.Compact(left), done, "something was left behind twice")
}

// attempt is one faulted call. Now and then the session has ended as well: the
// fault then strikes the 401, or the repetition of the call after it.
func (d *desk) attempt(what deed, n int, tr trouble, lot *rand.Rand) (executed int, err error) {
	d.ResetCounts()
	allowed, late := 1, tr.fault.Kind == sandbox.FaultStallAfter || tr.fault.Kind == sandbox.FaultDrip
	switch ended := lot.IntN(8) == 0; {
	case tr.fault.Kind == sandbox.FaultUnauthorized:
		allowed++
	case ended && what.reads: // which then meets the 401
		d.ExpireTokens()
	case ended:
		d.ExpireTokens()
		allowed++
		tr.fault.After = lot.IntN(2)
		late = late && tr.fault.After == 1
	}
	d.SetFault(what.route, tr.fault)
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	if tr.gives == arrived {
		go whenever(ctx, cancel, func() bool {
			return d.Requests(what.route) > tr.fault.After && (!late || d.Executions(what.route) > 0)
		})
	}
	err = what.do(d, ctx, n)
	require.LessOrEqual(d, d.Requests(what.route), allowed, "call %d, %s", n, tr.name)
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
