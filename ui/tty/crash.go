package tty

import (
	"regexp"
	"strings"
	"sync"
	"syscall"
)

// ring keeps the beginning and the newest part of what a program writes to its
// standard error: the words a crash begins with and where it ended.
type ring struct {
	mu   sync.Mutex
	head []byte
	tail []byte
}

const ringHalf = 32 << 10

func (r *ring) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(p), ringHalf-len(r.head))
	r.head = append(r.head, p[:n]...)
	r.tail = append(r.tail, p[n:]...)
	if over := len(r.tail) - ringHalf; over > 0 {
		r.tail = append(r.tail[:0], r.tail[over:]...)
	}
	return len(p), nil
}

func (r *ring) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.head) + string(r.tail)
}

// Compiled when something died: every start would pay for them, twice.
var (
	frameName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([\w./*()\[\]-]{1,200})\(`)
	})
	frameLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\t(?:[^\t]*/)?([\w.@-]+/[\w.-]+\.go:\d+)`)
	})
	died = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^(panic: |fatal error: |SIG(?:QUIT|ABRT): )`)
	})
)

// fatal reports that a trace is the runtime's last word, and the signal it was
// about, if any.
func fatal(trace string) (bool, syscall.Signal) {
	if !strings.Contains(trace, "goroutine ") {
		return false, 0
	}
	m := died().FindStringSubmatch(trace)
	if m == nil {
		return false, 0
	}
	switch m[1] {
	case "SIGQUIT: ":
		return true, syscall.SIGQUIT
	case "SIGABRT: ":
		return true, syscall.SIGABRT
	}
	return true, 0
}

// scrub is a trace without anything that could have come from a record: names
// of our functions and lines of source, no messages, no values, no paths.
func scrub(trace string) string {
	_, stack, ok := strings.Cut(trace, "goroutine ")
	if !ok {
		return ""
	}
	var out []string
	lines := strings.Split(strings.ReplaceAll(stack, "\r", ""), "\n")
	for i := 1; i < len(lines); i++ {
		at := frameLine().FindStringSubmatch(lines[i])
		name := frameName().FindStringSubmatch(lines[i-1])
		if at == nil || name == nil {
			continue
		}
		out = append(out, name[1]+" "+at[1])
	}
	return strings.Join(out, "\n")
}
