package tty

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"frontdesk/ui/tty/guard"
)

// Bytes an unfinished control function or string may have before it is given
// up; ours are far shorter.
const (
	longestCSI    = 256
	longestString = 8 << 10
)

// Wall is the terminal's output with a second look at it: of all control
// functions only those of our own screen pass, whatever text found its way into
// a frame. It is meant for tea.WithOutput; its descriptor is the terminal's
// own. A terminal that takes nothing for a while does not stop the program.
type Wall struct {
	f     *os.File
	title string
	pump  *pump
	lines func() int

	dropped atomic.Uint64

	mu      sync.Mutex
	held    []byte   // the beginning of something, waiting for its rest
	swallow bool     // inside a string that was given up
	permits []string // exact strings that may pass, once each
	alt     bool     // the alternate screen is on
}

// NewWall makes a Wall in front of a terminal. The title is the only window
// title that passes, besides none.
func NewWall(f *os.File, title string) *Wall {
	return &Wall{f: f, title: title, pump: newPump(f), lines: func() int { return guard.Height(f) }}
}

// Permit lets one exact control string out, once: a copy by OSC 52 that was
// asked for and written down in the audit, for instance.
func (w *Wall) Permit(seq string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.permits = append(w.permits, seq)
}

// Dropped is how many control functions were kept from the terminal so far.
// Anything but 0 is a call site that draws text it did not make safe.
func (w *Wall) Dropped() uint64 { return w.dropped.Load() }

// Lend gives another program the terminal itself, for as long as Bubble Tea has
// let go of it. What was drawn before is out by then, so that the two do not
// mix.
func (w *Wall) Lend(c *exec.Cmd) {
	w.pump.flush(lastOut)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, w.f, w.f
}

// Fd is the terminal's own descriptor.
func (w *Wall) Fd() uintptr { return w.f.Fd() }

// Read reads from the terminal; it makes the Wall a file in the eyes of Bubble
// Tea.
func (w *Wall) Read(p []byte) (int, error) { return w.f.Read(p) }

// Close closes the terminal.
func (w *Wall) Close() error { return w.f.Close() }

// Write draws p. It reports all of p as written also when parts were dropped,
// are held until they are whole, or wait for a terminal that does not take
// them yet.
func (w *Wall) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.pump.write(w.filter(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

type verdict uint8

const (
	pass verdict = iota
	drop
	wait // for the rest
	give // up: drop all until the string's end
	wipe // the screen, then pass
)

// filter returns what of p, and of what was held before it, may go out.
func (w *Wall) filter(p []byte) []byte {
	if len(w.held) > 0 {
		p = append(w.held, p...)
		w.held = nil
	}
	var out []byte
	from, i := 0, 0
	if w.swallow {
		i = w.skip(p)
		from = i
	}
	for i < len(p) {
		if p[i] >= ' ' && p[i] < 0x7f {
			i++
			continue
		}
		n, v := w.judge(p[i:])
		if v == pass {
			i += n
			continue
		}
		out = append(out, p[from:i]...)
		from = i + n
		switch v {
		case wipe:
			out = w.wiped(out)
			from = i
		case wait:
			w.held = slices.Clone(p[i:])
			return out
		default:
			w.dropped.Add(1)
			w.swallow = v == give
		}
		i += n
	}
	if out == nil {
		return p[from:]
	}
	return append(out, p[from:]...)
}

// skip is where the string that was given up ends.
func (w *Wall) skip(p []byte) int {
	i := bytes.IndexAny(p, "\a\x18\x1a\x1b")
	if i < 0 {
		return len(p)
	}
	w.swallow = false
	if p[i] == esc {
		return i // a stray ST is dropped like any other
	}
	return i + 1
}

// wiped erases the screen line by line before the alternate screen is left, so
// that terminals that have none keep nothing either.
func (w *Wall) wiped(out []byte) []byte {
	return append(out, guard.EraseLines(w.lines())...)
}

// judge decides about what begins at b, which is not printable ASCII.
func (w *Wall) judge(b []byte) (int, verdict) {
	switch c := b[0]; {
	case c == esc:
		return w.escape(b)
	case c == '\a', c == '\b', c == '\t', c == '\n', c == '\r':
		return 1, pass
	case c < utf8.RuneSelf:
		return 1, drop
	case !utf8.FullRune(b):
		return 0, wait
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 || r < 0xa0 || bidi(r) {
		return n, drop
	}
	return n, pass
}

// bidi reports a character that turns the order of what follows on the screen.
func bidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func (w *Wall) escape(b []byte) (int, verdict) {
	if n, v := w.permitted(b); v != drop {
		return n, v
	}
	if len(b) == 1 {
		return 0, wait
	}
	switch c := b[1]; {
	case c == '[':
		return w.csi(b)
	case c == ']', c == 'P', c == 'X', c == '^', c == '_':
		return w.str(b)
	case c == 'M':
		return 2, pass
	case c == esc || c < ' ':
		return 1, drop
	case c < '0': // more bytes, then a final one
		i := span(b, 2, ' ', '/')
		if i < len(b) {
			return i + 1, drop
		}
		if i < longestCSI {
			return 0, wait
		}
		return i, drop
	}
	return 2, drop
}

// permitted looks for a string the program asked to let out.
func (w *Wall) permitted(b []byte) (int, verdict) {
	for i, s := range w.permits {
		if len(b) < len(s) && strings.HasPrefix(s, string(b)) && len(b) > 1 {
			return 0, wait
		}
		if len(b) >= len(s) && string(b[:len(s)]) == s {
			w.permits = slices.Delete(w.permits, i, i+1)
			return len(s), pass
		}
	}
	return 0, drop
}
