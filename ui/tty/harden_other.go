//go:build !unix

package tty

func seal() {}
