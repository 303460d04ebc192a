package files

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// inUse is held by the program whose scratch folder it stands in.
const inUse = "in-use.lock"

// Scratch makes a folder for this account alone in parent, for as long as the
// program runs: done removes it. First it removes those of the same prefix that
// a program left behind which could not remove its own.
func Scratch(ctx context.Context, parent, prefix string) (dir string, done func(), err error) {
	sweep(ctx, parent, prefix)
	for {
		if dir, err = os.MkdirTemp(parent, prefix); err != nil {
			return "", nil, err
		}
		lock := filepath.Join(dir, inUse)
		release, err := Lock(ctx, lock)
		if err == nil && mine.File(lock) == nil {
			return dir, func() { discard(dir, release) }, nil
		}
		if err == nil {
			release() // of a lock that somebody swept away before it was held
			continue
		}
		_ = os.Remove(lock)
		_ = os.Remove(dir)
		return "", nil, err
	}
}

var mine = Rule{Closed: 0o077}

// sweep removes what nobody holds. It follows no link, and leaves alone what is
// another account's or open to one, and what holds no lock file: that is no
// scratch folder.
func sweep(ctx context.Context, parent, prefix string) {
	all, _ := os.ReadDir(parent)
	ended, end := context.WithCancel(ctx)
	end()
	for _, e := range all {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		dir := filepath.Join(parent, e.Name())
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || mine.owned(info) != nil {
			continue
		}
		lock := filepath.Join(dir, inUse)
		if mine.File(lock) != nil {
			continue
		}
		if release, err := Lock(ended, lock); err == nil {
			discard(dir, release)
		}
	}
}

// discard removes a folder whose lock is held. The lock file goes last, so that
// what is left of a removal that is cut short is found again; some systems keep
// it while it is open.
func discard(dir string, release func()) {
	inside, _ := os.ReadDir(dir)
	for _, e := range inside {
		if e.Name() != inUse {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	lock := filepath.Join(dir, inUse)
	_, _ = os.Remove(lock), os.Remove(dir)
	release()
	_, _ = os.Remove(lock), os.Remove(dir)
}
