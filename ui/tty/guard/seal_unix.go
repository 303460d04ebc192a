//go:build unix && !linux

package guard

import "golang.org/x/sys/unix"

func seal() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
