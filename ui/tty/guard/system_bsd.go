//go:build unix && !linux

package guard

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)

// attributes are none: the child hears of this process's death by its link.
func attributes() *syscall.SysProcAttr { return nil }

func flushInput(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, 1) }

func dup2(from, to int) error { return unix.Dup2(from, to) }
