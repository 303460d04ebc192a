//go:build unix && !linux

package tty_test

import "golang.org/x/sys/unix"

const getTermios = unix.TIOCGETA
