package updox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var matrix = faulttest.Matrix[*practice, *desk]{
	Open:       openPractice,
	Sit:        func(t *testing.T, p *practice) *desk { return &desk{t, p, connect(t, p.Server)} },
	Operations: operations, Troubles: troubles, Exceptions: exceptions,
	Short:     faulttest.LargeOnlyFor("Accounts", "Create"),
	Limit:     64,
	Unmatched: "unmatched updox",
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	matrix.Run(t)
}

func TestEveryFaultIsTried(t *testing.T) {
	var ours []string
	for _, route := range newDesk(t).Routes() {
		if strings.HasPrefix(route, "updox ") {
			ours = append(ours, route)
		}
	}
	matrix.RequireAllTried(t, ours)
}

// The time limits of the configuration are the client's.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(cfg *updox.Config) { cfg.Limits = rest.Limits{Read: time.Millisecond} })
	faulttest.RequireLimited(d, listRoute, func(ctx context.Context) error {
		_, err := d.c.Accounts(ctx)
		return err
	})
}

// What the vendor's words quote of the credentials is not shown.
func TestSecretsAreNotQuoted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	faulttest.RequireUnquoted(d, listRoute, sandbox.FakeUpdoxPassword, func(ctx context.Context) error {
		_, err := d.c.Accounts(ctx)
		return err
	})
}
