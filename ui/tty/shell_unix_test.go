//go:build unix

package tty_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const (
	patience = 20 * time.Second
	poll     = 5 * time.Millisecond
)

// shell is a terminal with a shell in it that has run the small program and
// waits. The shell is the session's leader, so that the terminal outlives the
// program, and has job control.
type shell struct {
	t      *testing.T
	file   *os.File
	dir    string
	before unix.Termios
	after  *unix.Termios // as it was just before the shell ended
	child  int
	parent int
	done   chan struct{}
	// pause, when held, keeps the terminal from taking output.
	pause sync.Mutex

	mu     sync.Mutex
	screen *vt.Emulator
	raw    []byte
}

// prompt ends a process at once that was built with the race detector, which
// else sleeps for a second at the end of each.
const prompt = "GORACE=atexit_sleep_ms=0"

const script = `set -m
"$@"
code=$?
echo $code >"$HOME/code"
echo "code=$code."
read -r line
`

// start runs the small program and waits for its screen.
func start(t *testing.T, mode string) *shell {
	t.Helper()
	s := launch(t, script, mode)
	s.until("the program's screen", func() bool {
		pids, err := os.ReadFile(filepath.Join(s.dir, "pids"))
		f := strings.Fields(string(pids))
		if err != nil || len(f) != 2 || !strings.Contains(s.text(), needle) {
			return false
		}
		s.child, _ = strconv.Atoi(f[0])
		s.parent, _ = strconv.Atoi(f[1])
		return true
	})
	return s
}

func launch(t *testing.T, script, mode string) *shell {
	t.Helper()
	s := &shell{t: t, dir: t.TempDir(), done: make(chan struct{}), screen: vt.NewEmulator(80, 24)}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command("/bin/sh", "-c", script, "sh", self, "desk", mode, s.dir)
	cmd.Env = []string{"TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "GOTRACEBACK=all", prompt}
	master, slave, err := pty.Open()
	require.NoError(t, err)
	require.NoError(t, pty.Setsize(master, &pty.Winsize{Cols: 80, Rows: 24}))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.file = unblocked(t, master)
	s.before = s.termios()
	require.NoError(t, cmd.Start())
	_ = slave.Close()
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		_, _ = io.Copy(s.file, s.screen)
	}()
	go s.read()
	t.Cleanup(func() {
		for _, pid := range []int{s.child, s.parent} {
			if pid > 1 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = s.screen.InputPipe().(io.Closer).Close()
		_ = s.file.Close()
		<-s.done
		<-answers
	})
	return s
}

func (s *shell) read() {
	defer close(s.done)
	buf := make([]byte, 32<<10)
	for {
		n, err := s.file.Read(buf)
		s.pause.Lock()
		s.mu.Lock()
		s.raw = append(s.raw, buf[:n]...)
		_, _ = s.screen.Write(buf[:n])
		s.mu.Unlock()
		s.pause.Unlock()
		if err != nil {
			return
		}
	}
}

// unblocked is the same terminal with reads that end when it is closed.
func unblocked(t *testing.T, master *os.File) *os.File {
	fd, err := unix.Dup(int(master.Fd()))
	require.NoError(t, err)
	require.NoError(t, master.Close())
	require.NoError(t, unix.SetNonblock(fd, true))
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "terminal")
}

// control works on the descriptor without making reads block again.
func (s *shell) control(f func(fd int) error) {
	s.t.Helper()
	conn, err := s.file.SyscallConn()
	require.NoError(s.t, err)
	require.NoError(s.t, conn.Control(func(fd uintptr) { err = f(int(fd)) }))
	require.NoError(s.t, err)
}

func (s *shell) termios() (now unix.Termios) {
	s.control(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, getTermios)
		if err == nil {
			now = *t
		}
		return err
	})
	return now
}

func (s *shell) resize(cols, rows int) {
	s.mu.Lock()
	s.screen.Resize(cols, rows)
	s.mu.Unlock()
	s.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
	})
}

// text is what the terminal shows and what was scrolled off it.
func (s *shell) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for y := range s.screen.ScrollbackLen() {
		for x := range s.screen.Width() {
			if c := s.screen.ScrollbackCellAt(x, y); c != nil {
				b.WriteString(c.Content)
			}
		}
		b.WriteByte('\n')
	}
	return b.String() + s.screen.String()
}

func (s *shell) bytes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.raw)
}

func (s *shell) until(what string, ok func() bool) {
	s.t.Helper()
	require.Eventually(s.t, ok, patience, poll, "waited for %s", what)
}

func (s *shell) sees(words string) {
	s.t.Helper()
	limit := time.After(patience)
	for tick := time.NewTicker(poll); ; {
		select {
		case <-tick.C:
			if strings.Contains(s.text(), words) {
				tick.Stop()
				return
			}
		case <-limit:
			s.t.Fatalf("waited to see %q; the screen shows\n%s", words, s.text())
		}
	}
}

// shows waits for the program's screen with these keys and of this size, and
// nothing else on it.
func (s *shell) shows(keys string, cols, rows int) {
	s.t.Helper()
	want := needle + " is on the screen\nkeys: " + keys + "\n" + strconv.Itoa(cols) + "x" + strconv.Itoa(rows)
	s.until("the whole screen again", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.screen.IsAltScreen() && strings.TrimRight(s.screen.String(), "\n ") == want
	})
}

// ends waits for the code the shell was told, for the end of both processes and
// of all output. A child that outlives its killed parent for a moment wipes the
// shell's own words.
func (s *shell) ends(code string) {
	s.t.Helper()
	s.until("the end with "+code, func() bool {
		got, err := os.ReadFile(filepath.Join(s.dir, "code"))
		return err == nil && string(got) == code+"\n"
	})
	s.gone(s.child)
	s.gone(s.parent)
	now := s.termios()
	s.after = &now
	s.types("\n")
	s.until("the shell's end", func() bool {
		select {
		case <-s.done:
			return true
		default:
			return false
		}
	})
}

func (s *shell) types(keys string) {
	_, err := s.file.WriteString(keys)
	require.NoError(s.t, err)
}

func (s *shell) kill(pid int, sig syscall.Signal) {
	s.t.Helper()
	require.Greater(s.t, pid, 1)
	require.NoError(s.t, syscall.Kill(pid, sig))
}

func (s *shell) gone(pid int) {
	s.t.Helper()
	s.until("the process to be gone", func() bool {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
}

var (
	modeSeq  = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)
	kittySeq = regexp.MustCompile(`\x1b\[([<>])[0-9]*u`)
	otherSeq = regexp.MustCompile(`\x1b\[>4(;2)?m`)
)

// whole requires a terminal as it was before the program.
func (s *shell) whole() {
	s.t.Helper()
	raw := s.bytes()
	final := map[string]string{}
	for _, m := range modeSeq.FindAllStringSubmatch(raw, -1) {
		for mode := range strings.SplitSeq(m[1], ";") {
			final[mode] = m[2]
		}
	}
	for _, mode := range []string{"1003", "1004", "1006", "1049", "2004"} {
		require.Containsf(s.t, raw, "\x1b[?"+mode+"h", "mode %s was to be on", mode)
	}
	for mode, state := range final {
		want := "l"
		if mode == "25" || mode == "7" {
			want = "h"
		}
		require.Equal(s.t, want, state, "mode %s", mode)
	}
	pushed := 0
	for _, m := range kittySeq.FindAllStringSubmatch(raw, -1) {
		pushed += map[string]int{">": 1, "<": -1}[m[1]]
	}
	require.Zero(s.t, pushed, "kitty's keyboard modes")
	other := otherSeq.FindAllStringSubmatch(raw, -1)
	require.NotEmpty(s.t, other)
	require.Empty(s.t, other[len(other)-1][1], "modifyOtherKeys")
	require.False(s.t, s.screen.IsAltScreen())
	if s.after == nil {
		now := s.termios()
		s.after = &now
	}
	require.Equal(s.t, s.before, *s.after, "termios")
	s.after = nil
	require.NotContains(s.t, s.text(), needle)
	after := raw[strings.LastIndex(raw, "\x1b[?1049l"):]
	require.NotContains(s.t, after, needle, "after the program's screen")
	require.NotContains(s.t, after, "goroutine ")
}
