package secrets

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func init() { roles["full"] = playFullDisk }

var big = Bundle{"key": strings.Repeat("x", 1500)}

// F24: a full disk, at every size from nothing to what the new vault needs.
func TestVaultOnAFullDisk(t *testing.T) {
	s, dir := made(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"=full:"+dir)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Greater(t, len(lines), 20)
	for _, line := range lines {
		require.Equal(t, "The vault cannot be saved; what was in it before is unchanged (write: file too large).", line)
	}
	require.Equal(t, []string{"vault.age", "vault.lock"}, inFolder(t, dir))
	require.NoError(t, s.Save(t.Context(), "a", "y", big))
	has(t, opened(t, dir), "x")
}

// playFullDisk plays the full disk with the kernel's limit on file sizes, in
// a process of its own because the limit holds for all its files.
func playFullDisk(dir string) int {
	signal.Ignore(syscall.SIGXFSZ)
	path := filepath.Join(dir, "vault.age")
	before, err := os.ReadFile(path)
	s := open(context.Background(), Options{Dir: dir}, found(NoBus))
	if uerr := s.Unlock([]byte(phrase)); err != nil || uerr != nil {
		fmt.Println(err, uerr)
		return 1
	}
	for limit := uint64(0); limit < 1500; limit += 37 {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}); err != nil {
			fmt.Println(err)
			return 1
		}
		err := s.Save(context.Background(), "a", "y", big)
		if err == nil {
			fmt.Println("saved within", limit, "bytes")
			return 1
		}
		fmt.Println(strings.ReplaceAll(err.Error(), "write "+tempOf(err), "write"))
		after, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(before, after) {
			fmt.Println("the old vault changed", err)
			return 1
		}
	}
	return 0
}

// tempOf is the random name of the new file in an error.
func tempOf(err error) string {
	_, rest, _ := strings.Cut(err.Error(), "write ")
	name, _, _ := strings.Cut(rest, ":")
	return name
}
