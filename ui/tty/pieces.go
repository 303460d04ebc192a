package tty

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	esc        = 0x1b
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	escKey     = "\x1b[27u" // the key, as terminals with a newer protocol send it
)

// piece says what the bytes at hand are.
type piece uint8

const (
	whole piece = iota
	lone        // an ESC and nothing after it
	open        // the beginning of a sequence or character
	keep        // the beginning of something that nobody needs before it is whole
)

// next measures the key, character or report at the start of b.
func next(b []byte, paste bool) (int, piece) {
	switch {
	case paste:
		return pasted(b)
	case b[0] != esc:
		return char(b)
	case len(b) == 1:
		return 0, lone
	}
	switch b[1] {
	case '[':
		return csi(b)
	case 'O':
		i := span(b, 2, '0', '9')
		if i == len(b) {
			return 0, open
		}
		return i + 1, whole
	case 'P', ']', '^', '_', 'X':
		return str(b)
	case esc:
		if len(b) == 2 {
			return 0, lone
		}
		return 1, whole
	}
	n, p := char(b[1:])
	if p != whole {
		return 0, p
	}
	return 1 + n, whole
}

// pasted measures inside a paste, where only its end mark is not text.
func pasted(b []byte) (int, piece) {
	switch {
	case b[0] == esc && strings.HasPrefix(string(b[:min(len(b), len(pasteEnd))]), pasteEnd):
		return len(pasteEnd), whole
	case b[0] == esc && len(b) < len(pasteEnd) && strings.HasPrefix(pasteEnd, string(b)):
		return 0, keep
	}
	n, p := char(b)
	if p != whole {
		return 0, keep
	}
	return n, whole
}

func char(b []byte) (int, piece) {
	if b[0] < utf8.RuneSelf {
		return 1, whole
	}
	if !utf8.FullRune(b) {
		return 0, open
	}
	_, n := utf8.DecodeRune(b)
	return n, whole
}

// span is the first index from i on whose byte is not between lo and hi.
func span(b []byte, i int, lo, hi byte) int {
	for i < len(b) && b[i] >= lo && b[i] <= hi {
		i++
	}
	return i
}

// csi measures ESC [ …; a byte that cannot belong to it ends it.
func csi(b []byte) (int, piece) {
	i := span(b, span(b, 2, 0x30, 0x3f), 0x20, 0x2f)
	more := 0
	switch {
	case i == len(b):
		return 0, open
	case b[i] < 0x40 || b[i] > 0x7e:
		return i, whole
	case i == 2 && b[i] == 'M': // mouse of old: three bytes follow
		more = 3
	case i == 2 && b[i] == '[': // function keys of the Linux console
		more = 1
	}
	if i+more >= len(b) {
		return 0, open
	}
	return i + 1 + more, whole
}

// str measures what ends with ST, as a terminal's longer answers do.
func str(b []byte) (int, piece) {
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 0x07 && b[1] == ']', b[i] == 0x18, b[i] == 0x1a:
			return i + 1, whole
		case b[i] != esc:
		case i+1 == len(b):
			return 0, open
		case b[i+1] == '\\':
			return i + 2, whole
		default:
			return i, whole
		}
	}
	return 0, open
}

// kittyFlags reads a terminal's answer about its keyboard protocol.
func kittyFlags(seq string) (int, bool) {
	s, ok := strings.CutPrefix(seq, "\x1b[?")
	if !ok {
		return 0, false
	}
	s, ok = strings.CutSuffix(s, "u")
	flags, err := strconv.Atoi(s)
	return flags, ok && err == nil
}
