//go:build unix

package guard

import (
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// The descriptors a guarded process starts with, and the end of its argv[0]
// that says so. Both must be there: neither alone is proof.
const (
	linkFD  = 3
	traceFD = 4
	marker  = " (guarded)"
)

// What the two processes tell each other, a byte each.
const (
	sayEntered  = 'e' // the screen is the program's
	sayLeft     = 'l' // it was left as it was found
	sayPanicked = 'p' // a panic was caught
	saySuspend  = 'z' // somebody wants the program to stop
)

// guardian is the guarded side's end; nil without a guardian.
var guardian *os.File

// hungUp is the signal the process was, or should have been, told to end by.
var hungUp atomic.Int32

// trace is descriptor 2 of a guarded process.
var trace *os.File

// guarded reports that a parent stands by, and takes the descriptors over.
func guarded() bool {
	name, ok := strings.CutSuffix(os.Args[0], marker)
	if !ok || !is(linkFD, unix.S_IFSOCK) || !is(traceFD, unix.S_IFIFO) {
		return false
	}
	os.Args[0] = name
	unix.CloseOnExec(linkFD)
	// What the program says on purpose goes on to the terminal; what the
	// runtime says when it dies does not.
	if real, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, 5); err == nil && dup2(traceFD, 2) == nil {
		trace = os.Stderr
		os.Stderr = os.NewFile(uintptr(real), "/dev/stderr")
		loud = os.Stderr
	}
	_ = unix.Close(traceFD)
	guardian = os.NewFile(linkFD, "guardian")
	return true
}

func is(fd int, kind uint32) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && uint32(st.Mode)&unix.S_IFMT == kind
}

// Hush sends what is written to os.Stderr from now on, such as panics Bubble
// Tea catches, where the runtime's own words go.
func Hush() {
	if trace != nil {
		os.Stderr = trace
	}
}

// Entered tells that the screen is the program's, and listens: to a wish to
// stop, and to the guardian's death, after which nobody else will end us.
func Entered(suspend func()) {
	if guardian == nil {
		return
	}
	say(sayEntered)
	go func() {
		for b := make([]byte, 1); ; {
			n, err := guardian.Read(b)
			if n == 1 && b[0] == saySuspend {
				suspend()
			}
			if err != nil {
				// The shell has taken the terminal back: putting it
				// right must not stop us.
				signal.Ignore(syscall.SIGTTOU)
				_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
				return
			}
		}
	}()
}

// Left tells that the screen was left as it was found.
func Left() { say(sayLeft) }

// Panicked tells that a panic was caught.
func Panicked() { say(sayPanicked) }

func say(b byte) {
	if guardian != nil {
		_, _ = guardian.Write([]byte{b})
	}
}

// EndBy notes the signal the program ends by, the first time.
func EndBy(s syscall.Signal) { hungUp.CompareAndSwap(0, int32(s)) }

// answerable runs the program and turns a clean end that a signal asked for
// into 128 and the signal's number.
func answerable(run func() int) int {
	c := make(chan os.Signal, 8)
	signal.Notify(c, syscall.SIGHUP, syscall.SIGTERM)
	code := run()
	if code != 0 {
		return code
	}
	select {
	case s := <-c:
		return 128 + int(s.(syscall.Signal))
	default:
		if n := hungUp.Load(); n != 0 {
			return 128 + int(n)
		}
	}
	return 0
}
