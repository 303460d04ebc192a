//go:build !unix

package store

import (
	"errors"
	"io/fs"
)

// lookupGroup fails: sharing by group is a Unix matter.
func lookupGroup(string) (int, error) {
	return -1, errors.New("this system has no Unix groups")
}

// groupOf knows no group here.
func groupOf(fs.FileInfo) int { return -1 }
