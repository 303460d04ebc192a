//go:build unix

package tty

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// file is a real terminal as a source.
type file struct{ *os.File }

func (file) now() time.Time { return time.Now() }

// ready uses select because poll does not know terminals everywhere.
func (f file) ready(d time.Duration) bool {
	fd := int(f.Fd())
	if fd >= unix.FD_SETSIZE {
		return false
	}
	for end := time.Now().Add(d); ; {
		var set unix.FdSet
		set.Set(fd)
		left := unix.NsecToTimeval(int64(max(0, time.Until(end))))
		n, err := unix.Select(fd+1, &set, nil, nil, &left)
		if !errors.Is(err, unix.EINTR) {
			return err != nil || n > 0
		}
	}
}
