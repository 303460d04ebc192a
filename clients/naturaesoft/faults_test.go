package naturaesoft_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var matrix = faulttest.Matrix[*practice, *desk]{
	Open:       openPractice,
	Sit:        func(t *testing.T, p *practice) *desk { return &desk{t, p, connect(t, p.Server)} },
	Operations: operations, Troubles: troubles, Exceptions: exceptions,
	Short:     faulttest.LargeOnlyFor("Prospects", "CreateProspect", "signing in to read"),
	Limit:     64,
	Unmatched: "unmatched naturaesoft",
	SignIn:    tokenRoute,
	Reset:     func(d *desk) { d.c.Reset() },
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	matrix.Run(t)
}

func TestEveryFaultIsTried(t *testing.T) {
	var ours []string
	for _, route := range newDesk(t).Routes() {
		if _, path, _ := strings.Cut(route, " "); strings.HasPrefix(path, "/v1/") {
			ours = append(ours, route)
		}
	}
	matrix.RequireAllTried(t, ours)
}

// The time limits of the configuration are the client's.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(cfg *naturaesoft.Config) { cfg.Limits = rest.Limits{Read: time.Millisecond} })
	faulttest.RequireLimited(d, providers, func(ctx context.Context) error {
		_, err := d.c.Providers(ctx)
		return err
	})
}
