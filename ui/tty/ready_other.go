//go:build !unix

package tty

import (
	"os"
	"time"
)

// file is a console that delivers whole keys; nothing is waited for.
type file struct{ *os.File }

func (file) now() time.Time           { return time.Now() }
func (file) ready(time.Duration) bool { return false }
