package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestShutSaysWhyAtEveryUse: what could not be opened is never taken for empty.
func TestShutSaysWhyAtEveryUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	require.NoError(t, os.WriteFile(path, []byte("this is no database, and it is longer than a header of one would be"), 0o600))
	_, err := Open(t.Context(), Options{Path: path, Migrations: []string{notes}})
	require.Error(t, err)
	d := Shut(err)
	for name, use := range map[string]func(context.Context, func(*Tx) error) error{"read": d.Read, "write": d.Write} {
		err := use(t.Context(), func(*Tx) error { t.Error("ran"); return nil })
		require.ErrorContains(t, err, "is damaged or not a database", name)
		require.ErrorContains(t, err, "start again.", name)
		require.Equal(t, err.Error(), d.Trouble())
	}
	require.Equal(t, path, d.Path())
	require.NoError(t, d.Close())
	require.ErrorContains(t, Shut(errors.New("x")).Read(t.Context(), nil), "cannot be used")
}

// TestMemoryKeepsWhatItIsTold: also over a transaction that is given up, and
// for several goroutines; two of them know nothing of each other.
func TestMemoryKeepsWhatItIsTold(t *testing.T) {
	d, err := Memory(t.Context(), []string{notes})
	require.NoError(t, err)
	other, err := Memory(t.Context(), []string{notes})
	require.NoError(t, err)
	add := func(ctx context.Context) error {
		return d.Write(ctx, func(tx *Tx) error { _, err := tx.Exec("INSERT INTO note (words) VALUES ('x')"); return err })
	}
	count := func(d *DB) (n int) {
		require.NoError(t, d.Read(t.Context(), func(tx *Tx) error { return tx.One("SELECT count(*) FROM note", nil, &n) }))
		return n
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := add(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	given, up := context.WithCancel(t.Context())
	require.Error(t, d.Write(given, func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES ('x')")
		up()
		return err
	}))
	require.Equal(t, 8, count(d))
	require.NoError(t, add(t.Context()))
	require.Equal(t, 9, count(d))
	require.Zero(t, count(other))
	require.Empty(t, d.Trouble())
	require.NoError(t, d.Close())
	require.NoError(t, other.Close())
}

func TestDiskThatTakesFiles(t *testing.T) {
	dir := t.TempDir()
	require.Empty(t, Disk(filepath.Join(dir, "not", "yet", "there")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFileInAFoldersPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("a file"), 0o600))
	for _, dir := range []string{path, filepath.Join(path, "below")} {
		require.Equal(t, "blocked by a file", Disk(dir))
	}
}
