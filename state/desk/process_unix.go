//go:build unix

package desk

import (
	"errors"

	"golang.org/x/sys/unix"
)

// gone tells that no process of this host has the number.
func gone(pid int) bool {
	return pid > 0 && errors.Is(unix.Kill(pid, 0), unix.ESRCH)
}
