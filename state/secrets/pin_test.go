package secrets

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func pinned(t *testing.T) (*Lock, *time.Time) {
	s := Open(t.Context(), Options{Dir: t.TempDir(), KeyringOff: true})
	l := NewLock(s, "riverside")
	now := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	l.now = func() time.Time { return now }
	return l, &now
}

func TestPIN(t *testing.T) {
	l, _ := pinned(t)
	require.False(t, l.Ready(t.Context()))
	require.ErrorIs(t, l.Open(t.Context(), []byte("1234")), ErrNoPIN)
	require.ErrorIs(t, l.SetPIN(t.Context(), []byte("123")), ErrShortPIN)
	require.False(t, l.Ready(t.Context()))
	require.NoError(t, l.SetPIN(t.Context(), []byte("äöü1")))
	require.True(t, l.Ready(t.Context()))
	require.NoError(t, l.Open(t.Context(), []byte("äöü1")))
	for _, wrong := range []string{"", "1234", "äöü", "äöü1 ", "ÄÖÜ1"} {
		require.ErrorIs(t, l.Open(t.Context(), []byte(wrong)), ErrWrongPIN, wrong)
	}
	b, err := l.store.Load(t.Context(), "riverside", pinItem)
	require.NoError(t, err)
	require.NotContains(t, b["hash"]+b["salt"], "äöü1")
	require.NoError(t, l.SetPIN(t.Context(), []byte("äöü1")))
	again, err := l.store.Load(t.Context(), "riverside", pinItem)
	require.NoError(t, err)
	require.NotEqual(t, b["hash"], again["hash"], "the same PIN has the same hash: there is no salt")
}

func TestPINsAreNotGuessed(t *testing.T) {
	l, now := pinned(t)
	require.NoError(t, l.SetPIN(t.Context(), []byte("1234")))
	wait := 30 * time.Second
	for range 7 {
		for range 5 {
			require.ErrorIs(t, l.Open(t.Context(), []byte("9999")), ErrWrongPIN)
		}
		*now = now.Add(wait - time.Second)
		require.ErrorIs(t, l.Open(t.Context(), []byte("1234")), ErrPINPaused, "even the right one waits %v", wait)
		*now = now.Add(time.Second)
		wait = min(2*wait, 15*time.Minute)
	}
	require.NoError(t, l.Open(t.Context(), []byte("1234")))
	for range 4 {
		require.ErrorIs(t, l.Open(t.Context(), []byte("9999")), ErrWrongPIN)
	}
	require.NoError(t, l.Open(t.Context(), []byte("1234")), "a right one starts the count anew")
}

func TestVaultPassphraseOpensTheDesk(t *testing.T) {
	dir := t.TempDir()
	s := Open(t.Context(), Options{Dir: dir, KeyringOff: true})
	require.NoError(t, s.CreateVault([]byte("four fake words here")))
	l := NewLock(s, "riverside")
	require.True(t, l.Passphrase())
	require.True(t, l.Ready(t.Context()))
	require.ErrorIs(t, l.Open(t.Context(), []byte("four fake words")), ErrWrongPassphrase)
	require.NoError(t, l.Open(t.Context(), []byte("four fake words here")))
	require.NoError(t, s.Save(t.Context(), "riverside", "naturaesoft", Bundle{"apiKey": "fake"}))
	s.Shut()
	_, err := s.Load(t.Context(), "riverside", "naturaesoft")
	require.ErrorIs(t, err, ErrLocked)
}

// A PIN that cannot be read is not a PIN that fits.
func TestDamagedPINOpensNothing(t *testing.T) {
	for _, b := range []Bundle{
		{"salt": "00", "hash": ""}, {"salt": "zz", "hash": "00"}, {"salt": "00", "hash": "00"}, {"x": "y"},
	} {
		l, _ := pinned(t)
		require.NoError(t, l.store.Save(t.Context(), "riverside", pinItem, b))
		for _, pin := range []string{"", "0", "1234"} {
			require.ErrorIs(t, l.Open(t.Context(), []byte(pin)), ErrUnreadable)
		}
	}
	l, _ := pinned(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, errors.Join(l.Open(ctx, []byte("1234"))))
}
