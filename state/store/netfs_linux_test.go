package store

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// setMagic puts a file system's magic number into st; its field has another
// width on each machine.
func setMagic(st *unix.Statfs_t, magic uint32) error {
	reflect.ValueOf(st).Elem().FieldByName("Type").SetInt(int64(magic))
	return nil
}

func TestNetworkFileSystemsAreRefused(t *testing.T) {
	t.Cleanup(func() { statfs = unix.Statfs })
	for magic, word := range remote {
		statfs = func(_ string, st *unix.Statfs_t) error {
			return setMagic(st, magic)
		}
		_, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "deep", "x.db"), Migrations: []string{notes}})
		require.ErrorContains(t, err, "network file system ("+word+")")
	}
}
