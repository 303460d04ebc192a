package uitest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Term is a program in a real pseudo-terminal with an emulator behind it. Tests
// wait for what the screen shows, never for time to pass.
type Term struct {
	t    testing.TB
	Cmd  *exec.Cmd
	file *os.File
	done chan struct{} // the program's output has ended

	mu      sync.Mutex
	screen  *vt.Emulator
	changed chan struct{} // closed at the next output
	raw     []byte
	title   string
}

// Start runs a command of its own session on a terminal of the given size.
func Start(t testing.TB, cols, rows int, cmd *exec.Cmd) *Term {
	t.Helper()
	term := &Term{
		t: t, Cmd: cmd, done: make(chan struct{}),
		screen: vt.NewEmulator(cols, rows), changed: make(chan struct{}),
	}
	term.screen.SetCallbacks(vt.Callbacks{Title: func(s string) { term.title = s }})
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	term.file = pollable(t, file)
	file = term.file
	answers := make(chan struct{})
	go func() { // what a terminal answers when it is asked
		defer close(answers)
		_, _ = io.Copy(file, term.screen)
	}()
	go term.read()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		// Closing the emulator itself races with its Read.
		_ = term.screen.InputPipe().(io.Closer).Close()
		_ = file.Close()
		<-term.done
		<-answers
	})
	return term
}

// pollable is the same terminal in a form whose Close ends a Read, which is what
// a line that drops does.
func pollable(t testing.TB, file *os.File) *os.File {
	t.Helper()
	fd, err := unix.Dup(int(file.Fd()))
	if err == nil {
		unix.CloseOnExec(fd)
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	return os.NewFile(uintptr(fd), "terminal")
}

func (t *Term) read() {
	defer close(t.done)
	buf := make([]byte, 32<<10)
	for {
		n, err := t.file.Read(buf)
		t.mu.Lock()
		t.raw = append(t.raw, buf[:n]...)
		_, _ = t.screen.Write(buf[:n])
		close(t.changed)
		t.changed = make(chan struct{})
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Screen is the text on the terminal.
func (t *Term) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text()
}

func (t *Term) text() string {
	var b strings.Builder
	for y := range t.screen.Height() {
		var line strings.Builder
		for x := 0; x < t.screen.Width(); {
			cell := t.screen.CellAt(x, y)
			if cell == nil || cell.Content == "" {
				line.WriteByte(' ')
				x++
				continue
			}
			line.WriteString(cell.Content)
			x += max(1, cell.Width)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Until waits until the screen satisfies ok and returns it.
func (t *Term) Until(what string, ok func(screen string) bool) string {
	t.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for ended := false; ; {
		t.mu.Lock()
		screen, changed := t.text(), t.changed
		t.mu.Unlock()
		if ok(screen) {
			return screen
		}
		if ended {
			t.t.Fatalf("waited %s, but the program has ended; the screen shows:\n%s", what, screen)
		}
		select {
		case <-changed:
		case <-t.done:
			ended = true
		case <-limit.C:
			t.t.Fatalf("waited %s; the screen shows:\n%s", what, screen)
		}
	}
}

// See waits until the screen shows all the words.
func (t *Term) See(words ...string) string {
	t.t.Helper()
	return t.Until(fmt.Sprintf("to see %q", words), func(s string) bool {
		for _, w := range words {
			if !strings.Contains(s, w) {
				return false
			}
		}
		return true
	})
}

// Gone waits until the screen no longer shows the words.
func (t *Term) Gone(words string) string {
	t.t.Helper()
	return t.Until(fmt.Sprintf("not to see %q", words), func(s string) bool { return !strings.Contains(s, words) })
}

var bytesOf = strings.NewReplacer(
	"<enter>", "\r", "<tab>", "\t", "<shift+tab>", "\x1b[Z", "<esc>", "\x1b", "<backspace>", "\x7f",
	"<up>", "\x1b[A", "<down>", "\x1b[B", "<right>", "\x1b[C", "<left>", "\x1b[D",
	"<pgup>", "\x1b[5~", "<pgdown>", "\x1b[6~", "<home>", "\x1b[H", "<end>", "\x1b[F",
	"<ctrl+c>", "\x03", "<ctrl+g>", "\x07", "<ctrl+l>", "\x0c", "<ctrl+o>", "\x0f", "<ctrl+p>", "\x10", "<ctrl+r>", "\x12",
	"<ctrl+s>", "\x13", "<ctrl+u>", "\x15", "<ctrl+x>", "\x18", "<ctrl+z>", "\x1a",
)

// Type writes a script of keys, in one piece, as a fast typist or a slow line
// would deliver it. Names are those of Keys.
func (t *Term) Type(script string) {
	if _, err := t.file.WriteString(bytesOf.Replace(script)); err != nil {
		t.t.Errorf("typing %q: %v", script, err)
	}
}

// Resize changes the window's size; the program gets SIGWINCH.
func (t *Term) Resize(cols, rows int) {
	t.mu.Lock()
	t.screen.Resize(cols, rows)
	t.mu.Unlock()
	if c, err := t.file.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) {
			_ = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
		})
	}
}

// Hangup closes the terminal, as a dropped line does.
func (t *Term) Hangup() { _ = t.file.Close() }

// Wait waits for the program's end and returns its exit code.
func (t *Term) Wait() int {
	t.t.Helper()
	select {
	case <-t.done:
	case <-time.After(patience):
		t.t.Fatalf("the program does not end; the screen shows:\n%s", t.Screen())
	}
	_ = t.Cmd.Wait()
	return t.Cmd.ProcessState.ExitCode()
}

// Raw is every byte the program wrote so far.
func (t *Term) Raw() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]byte(nil), t.raw...)
}

// Title is the window title the program set.
func (t *Term) Title() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.title
}

// Signal sends the program a signal by number.
func (t *Term) Signal(number int) { _ = t.Cmd.Process.Signal(syscall.Signal(number)) }

// Ended waits for the program's end, however it came.
func (t *Term) Ended() {
	t.t.Helper()
	select {
	case <-t.done:
	case <-time.After(patience):
		t.t.Fatalf("the program does not end; the screen shows:\n%s", t.Screen())
	}
	_ = t.Cmd.Wait()
}

// Still waits until the program has written nothing for a while: the frame on
// the screen is whole.
func (t *Term) Still(quiet time.Duration) {
	t.t.Helper()
	limit := time.NewTimer(2 * patience)
	defer limit.Stop()
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(quiet):
			return
		case <-limit.C:
			t.t.Fatalf("the screen does not come to rest:\n%s", t.Screen())
		}
	}
}
