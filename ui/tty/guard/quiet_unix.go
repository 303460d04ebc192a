//go:build unix

package guard

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// Quiet keeps what is typed from being shown until the function it returns is
// called: a passphrase that is typed before, or while, somebody asks for it
// would stay on the screen, and so would a name typed ahead of the console. It
// does nothing without a terminal and in the background.
func Quiet() (loud func()) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return func() {}
	}
	fd := int(f.Fd())
	front, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	was, bad := unix.IoctlGetTermios(fd, getTermios)
	if err != nil || bad != nil || front != unix.Getpgrp() {
		_ = f.Close()
		return func() {}
	}
	now := *was
	now.Lflag &^= unix.ECHO
	_ = unix.IoctlSetTermios(fd, setTermios, &now)
	return sync.OnceFunc(func() {
		_ = unix.IoctlSetTermios(fd, setTermios, was)
		_ = f.Close()
	})
}
