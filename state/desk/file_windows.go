package desk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// Here a file's mode says nothing of other accounts: the folder of the
// person's own profile guards it.

const noFollow = 0

func foreign(fs.FileInfo) bool { return false }
func exposed(fs.FileInfo) bool { return false }
func syncFolder(string) error  { return nil }

// gone is left to the heartbeat.
func gone(int) bool { return false }

// tryLock takes the lock if it is free. It goes when f is closed.
func tryLock(f *os.File) (bool, error) {
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
