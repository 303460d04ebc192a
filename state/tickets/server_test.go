//go:build unix

package tickets

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

// Claims of several machines, on a server: one of eight has the ticket.
func TestClaimsOnAServer(t *testing.T) {
	cluster, err := pgtest.Start()
	if err != nil {
		t.Skip("no ledger on a server is tested here: " + err.Error())
	}
	t.Cleanup(cluster.Stop)
	o := store.Options{Server: &store.Server{URL: cluster.URL}}
	_, _, err = store.Migrate(t.Context(), o)
	require.NoError(t, err)
	k := Key{Source: Care, ID: "205"}
	var won atomic.Int64
	var group sync.WaitGroup
	var last *Claims
	for n := range 8 {
		db, err := store.Open(t.Context(), o)
		require.NoError(t, err)
		t.Cleanup(func() { db.Close() })
		c := OpenClaims(db)
		last = c
		if n == 0 {
			all, err := c.List(t.Context())
			require.NoError(t, err)
			require.Empty(t, all, "no table is no claim")
		}
		group.Go(func() {
			_, err := c.Claim(t.Context(), k, Who{UID: n, User: "u", Host: "h"}, false, false)
			if err == nil {
				won.Add(1)
			} else if _, taken := err.(*TakenError); !taken {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, won.Load())
	all, err := last.List(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	_, err = last.Claim(t.Context(), k, Who{UID: 9, User: "u", Host: "h"}, true, true)
	require.NoError(t, err, "taken over")
	require.NoError(t, last.Release(t.Context(), k, Who{UID: 9, User: "u", Host: "h"}))
}
