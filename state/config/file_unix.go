//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// noFollow refuses a link put in the file's place, and does not wait on a
// pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// foreign tells that neither this account nor root owns the file.
func foreign(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Uid != 0 && int(st.Uid) != os.Geteuid()
}

// shared tells that other accounts may write to the file.
func shared(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// syncFolder makes a new name in the folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
