// Package guard is the parent process that makes the terminal whole again
// however the program ends, and what keeps the program's knowledge out of core
// files, debuggers and what is typed ahead. The parent is a start of the same
// binary that only stands by; so this package needs little of others and knows
// nothing of the screen.
package guard

import (
	"io"
	"os"
)

// loud is the standard error a person sees; see Stderr.
var loud = os.Stderr

// Stderr is where sentences for a person go. It is not os.Stderr, which belongs
// to traces as soon as the screen is shown.
func Stderr() io.Writer { return loud }
