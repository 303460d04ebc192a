package files

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

const noFollow = 0

func foreign(fs.FileInfo, bool) bool        { return false }
func exposed(fs.FileInfo, fs.FileMode) bool { return false }

// SyncFolder makes a new name in the folder durable, where the system asks for
// that.
func SyncFolder(string) error { return nil }

// tryLock takes the lock if it is free. It goes when f is closed.
func tryLock(f *os.File) (bool, error) {
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
