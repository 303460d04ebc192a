//go:build linux || darwin

package cli

import "golang.org/x/sys/unix"

// freeBytes is what this account may still write on a folder's disk.
func freeBytes(dir string) (uint64, bool) {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return 0, false
	}
	return st.Bavail * uint64(st.Bsize), true
}
