package booking

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

// onBoth runs a test with its ledgers in files, and again with its ledgers on
// a server; which one it is stands in the test's name.
func onBoth(t *testing.T, test func(t *testing.T)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, test)
	}
}

func onServer(t testing.TB) bool { return strings.Contains(t.Name(), "/postgres") }

var places atomic.Int64

// newPlace is a new empty ledger: the path of a file, or the address of a
// server with the schema behind a #. It travels to other processes as text.
func newPlace(t testing.TB) string {
	t.Helper()
	if !onServer(t) {
		return filepath.Join(t.TempDir(), "new", "ledger.db")
	}
	c := cluster(t)
	place := fmt.Sprintf("%s#test%d", c.URL, places.Add(1))
	_, _, err := store.Migrate(t.Context(), options(place))
	require.NoError(t, err)
	return place
}

// cluster is the server of these tests, where this machine has one.
func cluster(t testing.TB) *pgtest.Cluster {
	t.Helper()
	c, err := pgtest.Shared()
	if err != nil {
		t.Skip("no ledger on a server is tested here: " + err.Error())
	}
	return c
}

// options open the ledger at a place.
func options(place string) store.Options {
	o := store.Options{Path: place, Migrations: Migrations}
	if url, schema, server := strings.Cut(place, "#"); server {
		o.Path, o.Server = "", &store.Server{URL: url, Schema: schema}
	}
	return o
}
