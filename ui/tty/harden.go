package tty

import (
	"runtime/debug"

	"frontdesk/ui/tty/guard"
)

// Harden keeps what the program knows inside the process: no core file, no
// debugger of the same account, no frames or panics in files. It is called
// first of all, and again in each process, for none of it outlives an exec.
func Harden() {
	guard.Seal()
	debug.SetTraceback("single")
}
