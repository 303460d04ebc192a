package tty

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// How long an unfinished piece of input is waited for.
const (
	escWait  = 80 * time.Millisecond  // after an Esc that may be a key or the first byte of one
	tailWait = 400 * time.Millisecond // after any other beginning
	tailRoom = 256                    // bytes of a buffer left free for the rest of a tail
)

// Reader is the terminal's input in whole keys, characters and paste marks. It
// loses, adds and reorders nothing; of several Esc at once it makes keys that
// cannot be taken for one. It is meant for tea.WithInput: its
// descriptor is the terminal's own, so that raw mode and cancelling work, and
// it keeps nothing back that only a later byte could release, except inside a
// paste, which waits for its end mark anyway.
type Reader struct {
	f    *os.File
	src  source
	esc  time.Duration
	tail time.Duration
	lost func() // the terminal is gone

	mu    sync.Mutex
	buf   []byte // read from the terminal, not handed out
	done  int    // bytes of buf that are known to be whole
	paste bool   // at done
	sure  bool   // this terminal never sends a lone ESC for the key
	err   error
}

// source is a terminal, or the script of a test.
type source interface {
	io.Reader
	// ready waits at most d for something to read, an end or an error.
	ready(d time.Duration) bool
	now() time.Time
}

// NewReader makes a Reader over a terminal.
func NewReader(f *os.File) *Reader {
	return &Reader{f: f, src: file{f}, esc: escWait, tail: tailWait}
}

// Fd is the terminal's own descriptor.
func (r *Reader) Fd() uintptr { return r.f.Fd() }

// Name is the terminal's name.
func (r *Reader) Name() string { return r.f.Name() }

// Write writes to the terminal; it makes the Reader a file in the eyes of Bubble
// Tea.
func (r *Reader) Write(p []byte) (int, error) { return r.f.Write(p) }

// Close closes the terminal.
func (r *Reader) Close() error { return r.f.Close() }

// Read hands out what was typed. It waits like any read for the first byte and
// then a bounded time for the rest of what that byte began. It may return 0
// bytes and no error.
func (r *Reader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	if r.done == 0 && r.err == nil {
		r.more(max(1, len(p)-len(r.buf)-tailRoom))
		r.finish(len(p))
	}
	if r.err != nil && r.done == 0 {
		r.done = len(r.buf)
	}
	n := copy(p, r.buf[:r.done])
	r.buf, r.done = append(r.buf[:0], r.buf[n:]...), r.done-n
	if n == 0 && r.err != nil {
		err := r.err
		r.err = nil
		return 0, err
	}
	return n, nil
}

// more reads at most n bytes.
func (r *Reader) more(n int) {
	at := len(r.buf)
	r.buf = append(r.buf, make([]byte, n)...)
	n, err := r.src.Read(r.buf[at:])
	r.buf = r.buf[:at+n]
	if err == nil || errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.EAGAIN) {
		return
	}
	r.err = err
	if r.lost != nil {
		r.lost()
	}
}

// finish decides how much of the buffer is handed out, and waits for the rest
// of its last piece if it has one. The rest is read byte by byte so that a
// second piece does not make the first wait.
func (r *Reader) finish(room int) {
	begun := r.src.now()
	for {
		var p piece
		r.done, p = r.scan(r.done)
		if p == whole || p == keep && r.err == nil {
			return
		}
		limit := r.tail
		if p == lone && !r.sure {
			limit = r.esc
		}
		left := limit - r.src.now().Sub(begun)
		if r.err != nil || len(r.buf) >= room || left <= 0 || !r.src.ready(left) {
			r.done = len(r.buf)
			return
		}
		r.more(1)
	}
}

// scan goes on from byte n, which begins a piece, to the first unfinished one.
func (r *Reader) scan(n int) (int, piece) {
	for n < len(r.buf) {
		size, p := next(r.buf[n:], r.paste)
		if p != whole {
			return n, p
		}
		if !r.paste && several(r.buf[n:n+size], r.buf[n+size:]) {
			r.buf, size = slices.Replace(r.buf, n, n+size, []byte(escKey)...), len(escKey)
		}
		switch seq := string(r.buf[n : n+size]); seq {
		case pasteStart:
			r.paste = true
		case pasteEnd:
			r.paste = false
		default:
			if flags, ok := kittyFlags(seq); ok {
				r.sure = flags&1 != 0
			}
		}
		n += size
	}
	return n, whole
}

// several reports that a piece is an Esc typed just before another one. Bubble
// Tea makes one key of any number of them. Before an arrow it is the Alt of some
// terminals.
func several(piece, rest []byte) bool {
	return len(piece) == 1 && piece[0] == esc && len(rest) > 1 && rest[1] != '[' && rest[1] != 'O'
}

var _ interface {
	io.ReadWriteCloser
	Fd() uintptr
	Name() string
} = (*Reader)(nil)
