package updox_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/safe"
	"frontdesk/clients/updox"
)

var deeds = []faulttest.Deed[*desk]{
	{Name: "Create", Route: createRoute,
		Do: func(d *desk, ctx context.Context, n int) error {
			_, err := d.c.Create(ctx, updox.Account{ID: safe.Line(mark(n)), Name: safe.Line("Soak")})
			return err
		},
		Traces: func(d *desk) (traces []string) {
			all, err := d.c.Accounts(d.Context())
			require.NoError(d, err)
			for _, a := range all {
				if a.Name.Raw() == "Soak" {
					traces = append(traces, a.ID.Raw())
				}
			}
			return traces
		}},
	{Name: "Update", Route: updateRoute,
		Do: func(d *desk, ctx context.Context, n int) error {
			a := d.account(seeded)
			_, err := d.c.Update(ctx, a, a.With("address2", mark(n)))
			return err
		}},
	{Name: "Save", Route: saveRoute,
		Do: func(d *desk, ctx context.Context, n int) error {
			a := d.account(seeded)
			_, err := d.c.Save(ctx, a, a.With("address2", mark(n)))
			return err
		}},
}

func mark(n int) string { return fmt.Sprintf("SOAK-%d", n) }

// TestCreatesAreExecutedAtMostOnce makes many calls of every write.
func TestCreatesAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	faulttest.Lots[*desk]{
		Open:  func(t *testing.T) *desk { return newDesk(t) },
		Deeds: deeds, Troubles: troubles, Also: []string{"422", "429"},
		Read:  func(d *desk) error { _, err := d.c.Accounts(d.Context()); return err },
		Calls: 120,
	}.Run(t)
}
