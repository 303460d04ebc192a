//go:build !unix

package guard

import "syscall"

// Run runs the program; there is no terminal here a parent could mend.
func Run(run func() int, _ func(trace string)) int { return run() }

// Quiet does nothing here.
func Quiet() (loud func()) { return func() {} }

// Hush does nothing here.
func Hush() {}

// Entered does nothing here.
func Entered(func()) {}

// Left does nothing here.
func Left() {}

// Panicked does nothing here.
func Panicked() {}

// EndBy does nothing here.
func EndBy(syscall.Signal) {}
