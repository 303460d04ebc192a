//go:build unix

package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

func TestMigrateMakesTheTablesADeskThenUses(t *testing.T) {
	keep := secrets.Open(t.Context(), secrets.Options{Dir: t.TempDir(), KeyringOff: true})
	err := Migrate(t.Context(), keep, config.Profile{Name: "a"})
	require.Equal(t, exitUsage, ExitCode(err))
	require.ErrorContains(t, err, "a file, which is migrated by itself")

	c, err := pgtest.Start()
	if err != nil {
		t.Skip("no ledger on a server is tested here: " + err.Error())
	}
	t.Cleanup(c.Stop)
	p := config.Profile{Name: "a", LedgerServer: c.URL}
	o := store.Options{Server: Ledger(keep, p), Migrations: booking.Migrations}
	_, err = store.Open(t.Context(), o)
	require.ErrorContains(t, err, "Run frontdesk migrate once")
	require.NoError(t, Migrate(t.Context(), keep, p))
	require.NoError(t, Migrate(t.Context(), keep, p), "nothing to do is fine")
	require.NoError(t, keep.Save(t.Context(), "a", "ledger", secrets.Bundle{"password": "obviously-fake"}))
	db, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.Nil(t, Ledger(keep, config.Profile{Name: "a"}))
}
