// Package files keeps files that are one account's alone: it checks whose they
// are before it believes them, writes them so that a power cut leaves the old
// one or the new one, and locks them against other sessions. It must not know
// what stands in a file, nor what a person is told: callers make their own
// sentences of a Flaw.
package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// Flaw is why a file or folder is not believed. Find it with errors.AsType.
type Flaw string

// The flaws.
const (
	Link    Flaw = "is a link"
	Odd     Flaw = "is not of the kind it should be" // not a regular file; not a folder
	Foreign Flaw = "belongs to another account"
	Exposed Flaw = "is open to other accounts"
	Large   Flaw = "is larger than it can be"
)

// Error names the flaw; the path is the caller's to say.
func (f Flaw) Error() string { return string(f) }

// Rule is what makes a file or folder this account's. Where modes say nothing
// of other accounts every owner and mode will do: the folder of the person's
// own profile guards what is in it.
type Rule struct {
	Root   bool        // root may own it as well
	Closed fs.FileMode // permission bits it must not have
}

// Folder checks a folder, a link to one included. A missing one is
// fs.ErrNotExist.
func (r Rule) Folder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return Odd
	}
	return r.owned(info)
}

// File checks a file without opening it. A missing one is fs.ErrNotExist.
func (r Rule) File(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	return r.file(info)
}

func (r Rule) file(info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return Link
	case !info.Mode().IsRegular():
		return Odd
	}
	return r.owned(info)
}

func (r Rule) owned(info fs.FileInfo) error {
	switch {
	case foreign(info, r.Root):
		return Foreign
	case exposed(info, r.Closed):
		return Exposed
	}
	return nil
}

// Open opens a file with the flags of os.OpenFile; with os.O_CREATE a new one
// is 0600. It follows no link and waits on no pipe. The file may be exchanged
// at any moment: what is open is checked.
func (r Rule) Open(path string, flag int) (*os.File, error) {
	if err := r.File(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f, err := os.OpenFile(path, flag|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = r.file(info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Read is all of a file of at most limit bytes, checked as Open does. A missing
// one is fs.ErrNotExist.
func (r Rule) Read(path string, limit int) ([]byte, error) {
	f, err := r.Open(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > limit {
		return nil, Large
	}
	return data, nil
}

// Stage writes data durably to a new file in dir, named after a pattern of
// os.CreateTemp, and leaves nothing there when that fails. To take a name for
// good it is to be renamed, and then the folder synced.
func Stage(dir, pattern string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, pattern) // 0600 whatever the umask
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// again is how often a lock is asked for: a small part of what a write takes.
const again = 5 * time.Millisecond

// Lock waits its turn at the lock file at path, which it makes, until ctx ends:
// then the error is ctx's cause. The lock goes with the process if that dies;
// its file stays.
func Lock(ctx context.Context, path string) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(again)
	defer tick.Stop()
	for {
		got, err := tryLock(f)
		if got {
			return func() { f.Close() }, nil
		}
		if err == nil {
			select {
			case <-tick.C:
				continue
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		f.Close()
		return nil, err
	}
}
