//go:build unix

package tty_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"frontdesk/ui/tty/guard"
)

// TestKeysOverASlowLine types into the running program what a slow line makes
// of keys: a piece with every tick.
func TestKeysOverASlowLine(t *testing.T) {
	for _, c := range []struct {
		keys  []string
		every time.Duration
		want  string
	}{
		{[]string{"\x1b[", "A"}, 150 * time.Millisecond, "up"},
		{[]string{"\x1b", "[A"}, 60 * time.Millisecond, "up"},
		{[]string{"\xc3", "\xa9", "\xe7\x94", "\xb0"}, 150 * time.Millisecond, "é 田"},
		{[]string{"\x1b[200~Doe", "\x1b", "[201", "~", "a"}, 150 * time.Millisecond, "paste(Doe) a"},
		{[]string{"\x1b", "a", "\x1b[27u"}, 300 * time.Millisecond, "esc a esc"},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			s := start(t, "wait")
			line := time.NewTicker(c.every)
			defer line.Stop()
			for _, k := range c.keys {
				<-line.C
				s.types(k)
			}
			s.types("\r")
			s.sees("keys: " + c.want + " enter\n")
			s.types("q")
			s.ends("0")
			s.whole()
		})
	}
}

// TestInTmux asks a real terminal what it still shows and remembers.
func TestInTmux(t *testing.T) {
	path, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("there is no tmux on this machine")
	}
	for name, die := range map[string]func(child, parent int) error{
		"SIGKILL of the child":  func(child, _ int) error { return syscall.Kill(child, syscall.SIGKILL) },
		"SIGKILL of the parent": func(_, parent int) error { return syscall.Kill(parent, syscall.SIGKILL) },
		"SIGTERM of the parent": func(_, parent int) error { return syscall.Kill(parent, syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			self, err := os.Executable()
			require.NoError(t, err)
			tmux := func(args ...string) string {
				cmd := exec.Command(path, append([]string{"-S", filepath.Join(dir, "socket"), "-f", "/dev/null"}, args...)...)
				cmd.Env = []string{"TERM=xterm-256color", "LANG=C.UTF-8", "HOME=" + dir, "PATH=" + os.Getenv("PATH"), prompt}
				out, _ := cmd.CombinedOutput()
				return string(out)
			}
			t.Cleanup(func() { tmux("kill-server") })
			out := tmux("new-session", "-d", "-x", "80", "-y", "24", "/bin/sh", "-c", "echo shell; "+script, "sh", self, "desk", "wait", dir)
			require.Empty(t, out)
			var child, parent int
			require.Eventually(t, func() bool {
				pids, err := os.ReadFile(filepath.Join(dir, "pids"))
				return err == nil && scan(string(pids), &child, &parent) && strings.Contains(tmux("capture-pane", "-p"), needle)
			}, patience, 10*poll)
			require.NoError(t, die(child, parent))
			ended := func() bool {
				_, err := os.Stat(filepath.Join(dir, "code"))
				return err == nil && strings.HasPrefix(tmux("display-message", "-p", "#{alternate_on}#{mouse_any_flag} #{cursor_flag}"), "00 1")
			}
			if !assert.Eventually(t, ended, patience, 10*poll) {
				t.Fatalf("the screen shows\n%s", tmux("capture-pane", "-p"))
			}
			all := tmux("capture-pane", "-p", "-S", "-") + tmux("capture-pane", "-p", "-a")
			require.Contains(t, all, "shell", "what was there before")
			require.NotContains(t, all, needle)
			if strings.HasSuffix(name, "child") {
				require.Contains(t, strings.ReplaceAll(all, "\n", ""), guard.Ended)
			}
		})
	}
}

// BenchmarkStart is what the guardian adds to a start.
func BenchmarkStart(b *testing.B) {
	self, err := os.Executable()
	require.NoError(b, err)
	for _, dir := range []string{"bare", "guarded"} {
		b.Run(dir, func(b *testing.B) {
			for b.Loop() {
				f, err := pty.Start(exec.Command(self, "desk", "refuse", dir))
				require.NoError(b, err)
				buf := make([]byte, 100)
				n, _ := f.Read(buf)
				require.NotZero(b, n, strconv.Quote(string(buf[:n])))
				_ = f.Close()
			}
		})
	}
}
