package guard

import (
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

// fatal reports that a trace is the runtime's last word, and the signal it was
// about, if any.
func fatal(trace string) (bool, syscall.Signal) {
	if !strings.Contains(trace, "goroutine ") {
		return false, 0
	}
	for line := range strings.Lines(trace) {
		switch word, _, _ := strings.Cut(line, ": "); word {
		case "SIGQUIT":
			return true, syscall.SIGQUIT
		case "SIGABRT":
			return true, syscall.SIGABRT
		case "panic", "fatal error":
			return true, 0
		}
	}
	return false, 0
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
		name, at := function(lines[i-1]), place(lines[i])
		if name != "" && at != "" {
			out = append(out, name+" "+at)
		}
	}
	return strings.Join(out, "\n")
}

// What names of functions, folders and files are made of. Regular expressions
// would do, but nothing here may need a package that takes long to get ready.
const (
	letters  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	longName = 200
)

// function is the name in a line of a trace that begins with a call, else "".
func function(line string) string {
	end := strings.IndexFunc(line, func(r rune) bool { return !strings.ContainsRune(letters+"./*()[]-", r) })
	if end < 0 {
		end = len(line)
	}
	open := strings.LastIndexByte(line[:min(end, longName+1)], '(')
	return line[:max(open, 0)]
}

// place is the folder, file and line a trace names, without the path to it,
// else "".
func place(line string) string {
	path, ok := strings.CutPrefix(line, "\t")
	path, _, _ = strings.Cut(path, " +0x")
	dirs, file := cutLast(path)
	_, dir := cutLast(dirs)
	name, number, _ := strings.Cut(file, ".go:")
	if !ok || !only(dir, letters+".@-") || !only(name, letters+".-") || !only(number, "0123456789") {
		return ""
	}
	return dir + "/" + file
}

// cutLast cuts around the last slash.
func cutLast(path string) (before, after string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}

// only reports that s has letters, all of them from a set.
func only(s, set string) bool { return s != "" && strings.Trim(s, set) == "" }
