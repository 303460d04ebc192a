package tty

import (
	"os"
	"runtime/debug"
)

// traces are the variables with which Bubble Tea or the runtime would write
// frames, panics or memory to files or the terminal.
var traces = []string{"TEA_TRACE", "TEA_DEBUG", "GOTRACEBACK"}

// Harden keeps what the program knows inside the process: no core file, no
// debugger of the same account, no frames or panics in files. It is called
// first of all, and again in each process, for none of it outlives an exec.
func Harden() {
	for _, name := range traces {
		_ = os.Unsetenv(name)
	}
	debug.SetTraceback("single")
	seal()
}
