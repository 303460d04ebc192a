package anglehealth_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
)

const base = "POST /broker"

var operations = []faulttest.Operation[*desk]{
	{Name: "sign in", Route: base + "/auth", Then: base + "/plan_metadata", Class: faulttest.Signing, Ready: func(d *desk) faulttest.Use {
		d.c.Reset()
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.Plan(ctx, "silver_ppo"); return err })
	}},
	{Name: "Plan", Route: base + "/plan_metadata", Class: faulttest.Reading, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.Plan(ctx, "silver_ppo"); return err })
	}},
	{Name: "Member", Route: base + "/member_snapshot", Class: faulttest.Reading, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.Member(ctx, ada); return err })
	}},
	{Name: "Group", Route: base + "/group_snapshot", Class: faulttest.Reading, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.Group(ctx, bakery); return err })
	}},
	{Name: "EnrollNewHire", Route: base + "/new_hire_enrollment", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		h := newHire()
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.EnrollNewHire(ctx, h); return err })
	}},
	{Name: "Terminate", Route: base + "/termination", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		last := anglehealth.Termination{ID: ada, LastWork: civil.DateOf(march)}
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.Terminate(ctx, last); return err })
	}},
	{Name: "ChangeDemographics", Route: base + "/demographic_change", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.ChangeDemographics(ctx, demographics()) })
	}},
	{Name: "ReportLifeEvent", Route: base + "/qualifying_life_event", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.ReportLifeEvent(ctx, event(true)); return err })
	}},
	{Name: "OpenEnrollment", Route: base + "/open_enrollment", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.OpenEnrollment(ctx, event(true)); return err })
	}},
	{Name: "RegisterGroup", Route: base + "/broker/register_group", Class: faulttest.Creating, Ready: func(d *desk) faulttest.Use {
		r := registration()
		return faulttest.Quietly(func(ctx context.Context) error { _, err := d.c.RegisterGroup(ctx, r); return err })
	}},
}

// troubles are those of the common ones that run code of this client the others
// do not.
var troubles = faulttest.Without(faulttest.Troubles(
	faulttest.Trouble{Name: "error in a 200", Fault: faulttest.Says(`{"error":"Not possible."}`), Rule: faulttest.Refused(rest.KindValidation)},
), "given up before", "delay given up", "drip given up", "503", "504", "500 after", "404", "408", "429", "429 for an hour",
	"301", "303", "308", "html 502", "nulls", "hostile",
	"envelope bare", "envelope plain", "envelope named", "envelope meta", "envelope top", "wrong-provider")

// unsigned: nothing comes before signing in that could be renewed.
var unsigned = faulttest.These(faulttest.Outcome{Kind: rest.KindAuth, Phase: rest.NotSent, Requests: 1, Locks: true}, "sign in")

var matrix = faulttest.Matrix[*sandbox.Server, *desk]{
	Open: openInsurer,
	Sit: func(t *testing.T, s *sandbox.Server) *desk {
		d := &desk{t, s, connect(t, s, nil)}
		_, err := d.c.Plan(t.Context(), "silver_ppo") // leaves a token and a connection
		require.NoError(t, err)
		return d
	},
	Operations: operations, Troubles: troubles,
	Exceptions: faulttest.Exceptions{"401": unsigned, "401 once": unsigned},
	Short:      faulttest.LargeOnlyFor("Plan", "EnrollNewHire"),
	Limit:      24,
	Unmatched:  "unmatched anglehealth",
	SignIn:     base + "/auth",
	Reset:      func(d *desk) { d.c.Reset() },
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	matrix.Run(t)
}

// The traps try the other spelling of one route.
func TestEveryRouteIsTried(t *testing.T) {
	var ours []string
	for _, route := range newDesk(t).Routes() {
		if strings.HasPrefix(route, base+"/") && route != base+"/register_group" {
			ours = append(ours, route)
		}
	}
	matrix.RequireAllTried(t, ours, sandbox.FaultNulls, sandbox.FaultHostile, sandbox.FaultEnvelope, sandbox.FaultWrongProvider)
}

// TestEnrollmentsAreExecutedAtMostOnce makes many enrolments while connection,
// vendor and session fail by lot, and compares what callers were told with what
// the insurer has. FRONTDESK_SOAK=1 makes 1,000 of them.
func TestEnrollmentsAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	calls := 120
	if faulttest.Soak {
		calls = 1000
	}
	d := newDesk(t)
	lot := rand.New(rand.NewPCG(1, 2))
	var done, unknown, not int
	for n := range calls {
		_, err := d.c.Plan(d.Context(), "silver_ppo") // leaves a connection behind
		require.NoError(t, err)
		tr := troubles[lot.IntN(len(troubles))]
		for tr.Large || tr.Gives != faulttest.Endless || tr.Fault.Kind == sandbox.FaultUnauthorized && tr.Fault.Times == 0 {
			tr = troubles[lot.IntN(len(troubles))]
		}
		if lot.IntN(8) == 0 {
			d.ExpireTokens()
		}
		h := newHire()
		d.SetFault(base+"/new_hire_enrollment", tr.Fault)
		_, err = d.c.EnrollNewHire(t.Context(), h)
		d.ClearFaults()
		times := d.AngleEnrolled(string(h.Employee.ID))
		require.LessOrEqual(t, times, 1, "call %d, %s", n, tr.Name)
		var e *rest.Error
		switch {
		case err == nil:
			done++
			require.Equal(t, 1, times, tr.Name)
		default:
			require.ErrorAs(t, err, &e)
			if !e.Ambiguous {
				not++
				require.Zero(t, times, "%s: carried out, and told otherwise", tr.Name)
				continue
			}
			unknown++
			found, err := d.c.NewHireLanded(t.Context(), h)
			require.NoError(t, err)
			require.Equal(t, times == 1, found.Verdict == anglehealth.Landed, tr.Name)
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
		_, err := op.Ready(d)(t.Context())
		require.NoError(t, err, op.Name)
	}
	require.Len(t, tr.lines, 6)
	shape := regexp.MustCompile(`^[a-z ]+: (fd-[a-z2-7]{26}|fake-member-00\d): done$`)
	for _, line := range tr.lines {
		require.Regexp(t, shape, line)
	}
}

// The time limits of the configuration are the client's.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.c = connect(t, d.Server, nil, func(cfg *anglehealth.Config) { cfg.Limits = rest.Limits{Read: time.Millisecond} })
	faulttest.RequireLimited(d, base+"/auth", func(ctx context.Context) error {
		_, err := d.c.Plan(ctx, "silver_ppo")
		return err
	})
}

// What the vendor's words quote of the credentials is not shown.
func TestSecretsAreNotQuoted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	faulttest.RequireUnquoted(d, base+"/auth", sandbox.FakeAngleSecret, func(ctx context.Context) error {
		_, err := d.c.Plan(ctx, "silver_ppo")
		return err
	})
}
