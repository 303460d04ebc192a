package guard

import "os"

// traces are the variables with which Bubble Tea or the runtime would write
// frames, panics or memory to files or the terminal.
var traces = []string{"TEA_TRACE", "TEA_DEBUG", "GOTRACEBACK"}

// Seal forbids core files, debuggers of the same account, and files of frames
// or panics.
func Seal() {
	for _, name := range traces {
		_ = os.Unsetenv(name)
	}
	seal()
}
