package updox_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
)

// Both readings of the document understand each other, wherever the id stands.
func TestEveryPlacementIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, where := range []updox.Placement{updox.InBoth, updox.InAuth, updox.AtTop} {
		d := newDesk(t, func(c *updox.Config) { c.Placement = where })
		made := d.fresh().With("websiteAddress", "Invented").With("practiceNpi", "1000000004")
		saved, err := d.c.Create(t.Context(), made)
		require.NoError(t, err)
		require.Equal(t, "create", saved.Action)
		id := made.ID.Raw()
		require.NoError(t, d.c.PingAccount(t.Context(), id), "it is active")
		outcome, got, err := d.c.Settle(t.Context(), updox.Account{}, made)
		require.NoError(t, err)
		require.Equal(t, updox.Done.String(), outcome.String())
		require.Equal(t, "invented", got.WebsiteAddress.Raw())

		off := got
		off.Deactivated = true
		all, err := updox.Diff(got, off)
		require.NoError(t, err)
		require.Len(t, all.Of(updox.Changed), 1)
		require.Contains(t, all.Of(updox.Blind), updox.Change{Field: "practiceNpi", Fate: updox.Blind})
		d.SetUpdoxShutsInactive(true)
		saved, err = d.c.Update(t.Context(), got, off)
		require.NoError(t, err)
		stored, _ := d.UpdoxAccount(id)
		require.NotContains(t, stored, "practiceNpi", "what could not be seen is gone, as the difference said")
		require.True(t, updox.IsDenied(d.c.PingAccount(t.Context(), id)))
		_, err = d.c.Account(t.Context(), id)
		require.True(t, updox.IsDenied(err))

		on := saved.Account
		on.Deactivated = false
		_, err = d.c.Update(t.Context(), saved.Account, on)
		require.NoError(t, err, "an update brings it back")
		require.NoError(t, d.c.PingAccount(t.Context(), id))
		require.Equal(t, "invented", d.account(id).WebsiteAddress.Raw())
	}
}

// A trail that keeps what it is told.
type trail struct {
	mu   sync.Mutex
	told []string
}

func (*trail) Allow(context.Context, string, string) error { return nil }

func (k *trail) Done(_ context.Context, vendor, op, record, outcome string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told = append(k.told, vendor+": "+op+" "+record+": "+outcome)
}

func TestTheTrailNamesTheAccount(t *testing.T) {
	t.Parallel()
	told := &trail{}
	d := newDesk(t, func(c *updox.Config) { c.Trail = told })
	present, next := d.edit()
	_, err := d.c.Update(t.Context(), present, next)
	require.NoError(t, err)
	_, err = d.c.Create(t.Context(), present)
	require.Equal(t, updox.AccountExists, updox.CodeOf(err))
	d.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	_, err = d.c.Create(t.Context(), d.fresh())
	require.Error(t, err)
	require.Equal(t, []string{
		"Updox: update practice account PRACTICE-101: done",
		"Updox: create practice account PRACTICE-101: conflict refused",
		"Updox: create practice account NEW-2: transport outcome unknown",
	}, told.told)
}

// Accounts of everybody at once: the same label is given to one of them.
func TestALabelIsGivenOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var mu sync.Mutex
	codes := map[updox.Code]int{}
	var all sync.WaitGroup
	for range 12 {
		a := d.fresh().With("websiteAddress", "wanted")
		all.Go(func() {
			_, err := d.c.Create(t.Context(), a)
			mu.Lock()
			defer mu.Unlock()
			codes[updox.CodeOf(err)]++
		})
	}
	all.Wait()
	require.Equal(t, map[updox.Code]int{0: 1, updox.WebsiteTaken: 11}, codes)
	known, err := d.c.Accounts(t.Context())
	require.NoError(t, err)
	_, taken := updox.LabelTaken("wanted", "SOMEBODY", known)
	require.True(t, taken)
}
