//go:build unix

package store

import (
	"io/fs"
	"os/user"
	"strconv"
	"syscall"
)

// lookupGroup is the number of the group with that name.
func lookupGroup(name string) (int, error) {
	g, err := user.LookupGroup(name)
	if err != nil {
		return -1, err
	}
	return strconv.Atoi(g.Gid)
}

// groupOf is the number of the group a file belongs to.
func groupOf(info fs.FileInfo) int {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(st.Gid)
	}
	return -1
}
