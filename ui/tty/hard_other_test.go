//go:build unix && !linux

package tty_test

func hard() int { return 2 }
