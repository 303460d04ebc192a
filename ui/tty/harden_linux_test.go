package tty_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"frontdesk/ui/tty"
)

// nobody is an account without any rights.
const nobody = 65534

// hard looks at itself as an ordinary account, before and after.
func hard() int {
	_ = unix.Setgid(nobody)
	_ = unix.Setuid(nobody)
	tty.Harden()
	var core unix.Rlimit
	_ = unix.Getrlimit(unix.RLIMIT_CORE, &core)
	dumpable, _ := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	terminal, err := os.Readlink("/proc/self/fd/0")
	_, trace := os.LookupEnv("TEA_TRACE")
	_, debug := os.LookupEnv("TEA_DEBUG")
	exe, exeErr := os.Executable()
	fmt.Println("core", core.Max, "dumpable", dumpable, "on", terminal, err, "traced", trace || debug, "exe", exe != "", exeErr)
	return 0
}

// TestHardenedAndStillAtHome wants the process closed to others, and what it
// must know of itself still readable to it.
func TestHardenedAndStillAtHome(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	master, slave, err := pty.Open()
	require.NoError(t, err)
	defer func() { _ = master.Close() }()
	defer func() { _ = slave.Close() }()
	cmd := exec.Command(self, "desk", "hard", t.TempDir())
	cmd.Env = []string{"TEA_TRACE=/dev/null", "TEA_DEBUG=1", "GOTRACEBACK=crash", prompt}
	cmd.Stdin = slave
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "core 0 dumpable 0 on "+slave.Name()+" <nil> traced false exe true <nil>\n", string(out))
}
