//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// noFollow refuses a link put in the file's place, and does not wait on a
// pipe.
const noFollow = unix.O_NOFOLLOW | unix.O_NONBLOCK

// foreign tells that neither this account nor, if it may, root is the owner.
func foreign(info fs.FileInfo, root bool) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) != os.Geteuid() && !(root && st.Uid == 0)
}

func exposed(info fs.FileInfo, closed fs.FileMode) bool { return info.Mode().Perm()&closed != 0 }

// SyncFolder makes a new name in the folder durable, where the system asks for
// that.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// tryLock takes the lock if it is free. It goes when f is closed.
func tryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
		return false, nil
	}
	return err == nil, err
}
