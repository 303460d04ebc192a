//go:build unix

package guard

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Ended is what a person reads when the program died.
const Ended = "frontdesk ended unexpectedly. What you typed is kept and offered at the next start."

// stopWait is within what a child that was told to stop has stopped.
const stopWait = 100 * time.Millisecond

// lastOut is how long a terminal that takes no output may hold up the end.
const lastOut = 2 * time.Second

// patienceEnd is how long the program may take once it was told to end.
const patienceEnd = 10 * time.Second

// Run runs the program in a child process, a second start of this binary, and
// stands by: however the child ends, the terminal is whole again, empty of
// people's data, and what the child's runtime said is not on it. It returns
// the code to exit with: the child's own, or 128 and the number of the signal
// that ended it. Without a terminal, or when no second process can be started,
// the program runs in this one. crashed, if any, is told where the child died:
// functions and lines of source, nothing of anybody's data.
//
// Run must be called before anything else is started. In the child os.Stderr
// is the terminal's until Hush; descriptor 2, where the runtime writes, is not.
func Run(run func() int, crashed func(trace string)) int {
	if early != nil {
		return early.tell(crashed)
	}
	if guarded() {
		return answerable(run)
	}
	g, err := watch()
	if err != nil {
		return answerable(run)
	}
	g.code = g.stand()
	return g.tell(crashed)
}

// tell tells of a crash, if it was one, and returns the code to exit with.
func (g *guard) tell(crashed func(trace string)) int {
	if g.dead && crashed != nil {
		crashed(scrub(g.trace.String()))
	}
	return g.code
}

var errNoTerminal = errors.New("no terminal")

// guard is the parent's side.
type guard struct {
	child   *os.Process
	termios *unix.Termios
	link    *os.File
	trace   ring
	heard   sync.WaitGroup
	signals chan os.Signal // that ask for the end
	told    chan os.Signal // to stop
	stopped chan syscall.Signal
	ended   chan struct{}
	status  syscall.WaitStatus // once ended

	mu       sync.Mutex
	entered  bool
	left     bool
	panicked bool

	dead bool
	code int // to exit with
}

// watch starts the child. The thread that does is kept, because the kernel
// takes its end for the parent's.
func watch() (*guard, error) {
	if !term.IsTerminal(0) || !term.IsTerminal(1) {
		return nil, errNoTerminal
	}
	termios, err := unix.IoctlGetTermios(0, getTermios)
	if err != nil {
		return nil, err
	}
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	g := &guard{termios: termios, signals: make(chan os.Signal, 16), told: make(chan os.Signal, 1), stopped: make(chan syscall.Signal), ended: make(chan struct{}), link: os.NewFile(uintptr(ends[0]), "guarded")}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	theirs := os.NewFile(uintptr(ends[1]), "guardian")
	defer func() { _ = theirs.Close() }()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Close() }()
	runtime.LockOSThread()
	// Before the child can be heard of: it may stop the whole group at once.
	signal.Notify(g.signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGABRT)
	signal.Notify(g.told, syscall.SIGTSTP)
	g.child, err = os.StartProcess(path, append([]string{os.Args[0] + marker}, os.Args[1:]...), &os.ProcAttr{
		Env: environ(), Files: []*os.File{os.Stdin, os.Stdout, os.Stderr, theirs, w}, Sys: attributes(),
	})
	if err != nil {
		runtime.UnlockOSThread()
		g.deaf()
		return nil, err
	}
	g.heard.Go(func() { _, _ = io.Copy(&g.trace, r) })
	g.heard.Go(g.listen)
	return g, nil
}

// deaf gives signals back to whoever else wants them.
func (g *guard) deaf() {
	signal.Stop(g.signals)
	signal.Stop(g.told)
}

func environ() []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		keep := true
		for _, t := range traces {
			keep = keep && name != t
		}
		if keep {
			env = append(env, v)
		}
	}
	return env
}

func (g *guard) listen() {
	for b := make([]byte, 1); ; {
		n, err := g.link.Read(b)
		if err != nil {
			return
		}
		g.mu.Lock()
		if n == 1 {
			switch b[0] {
			case sayEntered:
				g.entered, g.left = true, false
			case sayLeft:
				g.left = true
			case sayPanicked:
				g.panicked = true
			}
		}
		g.mu.Unlock()
	}
}

// stand waits for the child's end and passes on what only this process was
// told.
func (g *guard) stand() int {
	defer g.deaf()
	go g.wait()
	var asked syscall.Signal
	for {
		select {
		case <-g.ended:
			return g.finish(asked)
		case by := <-g.stopped:
			g.follow(by)
		case <-g.told:
			g.suspend()
		case s := <-g.signals:
			_ = g.child.Signal(s)
			if s == syscall.SIGINT { // the program's to take or to leave
				continue
			}
			if asked == 0 {
				time.AfterFunc(patienceEnd, func() { _ = g.child.Kill() })
			}
			asked = s.(syscall.Signal)
		}
	}
}

// wait tells of the child's stops and of its end.
func (g *guard) wait() {
	defer close(g.ended)
	for {
		_, err := syscall.Wait4(g.child.Pid, &g.status, syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil || !g.status.Stopped():
			return
		default:
			g.stopped <- g.status.StopSignal()
		}
	}
}

// suspend is told to stop. The terminal tells the child as well; when only this
// process was told, the child lets go of the screen first and then stops all.
func (g *guard) suspend() {
	if g.raw() {
		_, _ = g.link.Write([]byte{saySuspend})
		return
	}
	select {
	case <-g.stopped:
		g.stop()
	case <-g.ended:
	case <-time.After(stopWait):
		// There is no shell that could bring a stopped job back, as
		// under sshd: nothing stops, and the child waits to go on.
		_ = g.child.Signal(syscall.SIGCONT)
	}
}

// follow does what the child did. A stop for touching the terminal from the
// background came to both.
func (g *guard) follow(by syscall.Signal) {
	switch {
	case by != syscall.SIGTSTP && by != syscall.SIGSTOP:
	case !g.raw():
		if by == syscall.SIGTSTP { // ours is on its way and must not stop us twice
			select {
			case <-g.told:
			case <-time.After(stopWait):
			}
		}
		g.stop()
	case by == syscall.SIGTSTP: // it could not let go of the screen
		_ = g.child.Signal(syscall.SIGCONT)
		_, _ = g.link.Write([]byte{saySuspend})
	}
}

// stop stops this process, so that the shell, which knows only this one, takes
// over until it brings both back.
func (g *guard) stop() {
	cont := make(chan os.Signal, 1)
	signal.Notify(cont, syscall.SIGCONT)
	defer signal.Stop(cont)
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	<-cont
	_ = g.child.Signal(syscall.SIGCONT)
}

// raw reports that the child has the screen.
func (g *guard) raw() bool {
	t, err := unix.IoctlGetTermios(0, getTermios)
	return err == nil && t.Lflag&unix.ISIG == 0
}

// finish makes the terminal whole and says how it ended.
func (g *guard) finish(asked syscall.Signal) int {
	// Somebody the child left behind may keep its descriptors open.
	g.settle()
	code, sig := g.status.ExitStatus(), syscall.Signal(0)
	if g.status.Signaled() {
		sig = g.status.Signal()
	}
	died, about := fatal(g.trace.String())
	if code == 0 {
		died = false
	}
	if died && about != 0 {
		sig = about
	}
	g.mu.Lock()
	entered, left := g.entered, g.left
	g.dead = g.panicked || died || sig != 0 && sig != asked
	g.mu.Unlock()
	switch {
	case sig != 0:
		code = 128 + int(sig)
	case code == 0 && asked != 0:
		code = 128 + int(asked)
	}
	switch {
	case entered && !left:
		g.mend()
	case !entered: // it may have ended while it asked for a passphrase
		if now, err := unix.IoctlGetTermios(0, getTermios); err == nil && *now != *g.termios {
			_ = unix.IoctlSetTermios(0, setTermios, g.termios)
		}
	}
	if g.dead {
		out("\r" + Ended + " (Exit code " + strconv.Itoa(code) + ".)\r\n")
	}
	return code
}

// settle waits a little for what the child last said.
func (g *guard) settle() {
	heard := make(chan struct{})
	go func() {
		g.heard.Wait()
		close(heard)
	}()
	select {
	case <-heard:
	case <-time.After(200 * time.Millisecond):
	}
}

// mend puts the terminal back. What was typed for the program must not become
// a command of the shell.
func (g *guard) mend() {
	out(reset(Height(os.Stdout)))
	flushInput(0)
	_ = unix.IoctlSetTermios(0, setTermios, g.termios)
}

// out writes to a terminal that may take nothing any more.
func out(s string) {
	done := make(chan struct{})
	go func() {
		_, _ = os.Stdout.WriteString(s)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(lastOut):
	}
}
