package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// smallDisk mounts a small file system of its own on a new folder.
func smallDisk(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("skipped: a disk of its own can be mounted by root only")
	}
	require.NoError(t, os.MkdirAll(dir, 0o700))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("skipped: no disk can be mounted here: %s", out)
	}
	t.Cleanup(func() {
		out, err := exec.Command("umount", "-l", dir).CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
}

// fill takes what is left of a disk; the function it returns gives it back.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "somebody-elses-file")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	for size := 64 << 10; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		require.True(t, errors.Is(err, syscall.ENOSPC), "%v", err)
	}
	return func() { require.NoError(t, os.Remove(path)) }
}

// writes are how many writes reached the EMR.
func writes(s *sandbox.Server) (n int) {
	for _, route := range s.Routes() {
		if method, path, _ := strings.Cut(route, " "); strings.HasPrefix(path, "/v1/") && method != "GET" && !strings.HasSuffix(path, "/auth/token") {
			n += s.Executions(route)
		}
	}
	return n
}

// TestFullDisk fills the disk under a console at work: the header says so,
// typing and reading go on, nothing is written to a vendor, and all is well
// again when there is space.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "")
	smallDisk(t, filepath.Join(a.home, "state"))
	a.giveVault(used)
	term := openConsole(t, a.command())
	term.Type("<enter>")
	term.See("HELD", "nobody yet")
	s.PutProspect(map[string]any{"FirstName": "Ann", "LastName": "Testcaller"})
	term.Type("pTestcaller<enter>")
	term.See("1 Person     Ann Testcaller")
	term.Type("s")
	term.See("Is that right?")
	term.Type("<enter>")
	term.See("the caller agreed")

	free := fill(t, filepath.Join(a.home, "state"))
	term.Type("y")
	seen(term, "the disk is full")
	term.Type("<esc>a")
	term.See("Add a person")
	term.Type("Fulldiska<tab>Testperson")
	term.See("Fulldiska", "Testperson", "! drafts: in memory only", "1 Slots")
	term.Type("<ctrl+s>")
	seen(term, "the disk is full")
	term.Type("<esc>")
	term.See("Discard")
	term.Type("n")
	term.See("Fulldiska", "Testperson")
	require.Zero(t, writes(s), "nothing reached the EMR")

	asked := s.Requests("GET /v1/{ppass}/prospects")
	term.Type("<tab><tab>fulldiska@example.com")
	term.See("fulldiska@example.com")
	require.Eventually(t, func() bool { return s.Requests("GET /v1/{ppass}/prospects") > asked }, 5*time.Second, 10*time.Millisecond, "reading goes on")

	free()
	term.Type("<ctrl+s>")
	term.See("Fulldiska Testperson")
	require.Equal(t, 1, s.Executions("POST /v1/{ppass}/prospects"))
	term.Gone("in memory only")
	term.Type("s")
	term.See("Is that right?")
	term.Type("<enter>")
	term.See("the caller agreed")
	term.Type("y")
	term.See("REQUESTED")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	again := openConsole(t, a.command())
	again.Type("b")
	again.See("REQUESTED")
	again.Type("<ctrl+c>")
	require.Equal(t, 0, again.Wait())
	out, err := a.command("audit", "verify").CombinedOutput()
	require.NoError(t, err, "%s", out)
}
