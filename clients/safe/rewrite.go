package safe

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much may be piled on one base. More is never a word, and terminals
// differ in where they put it.
const (
	maxMarks = 4 // marks on a base
	maxLinks = 5 // consonants fused to one cluster
	maxJoins = 6 // pictographs joined to one
)

// room is left for "… (+N)" when a text is cut.
const room = 14

// rewrite returns the shown form of s and the number of code points that were
// dropped. It takes and returns any string; what it returns it leaves alone
// when given it again.
func rewrite(s string, limit int, long bool) (string, int) {
	w := writer{limit: limit, long: long}
	w.out = make([]byte, 0, min(len(s), limit)+8)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		// A CR LF is one line break, said by its LF.
		if r == '\r' && strings.HasPrefix(s[i:], "\n") {
			continue
		}
		w.put(r) // an invalid byte arrives as U+FFFD
		if w.n >= limit {
			i += w.count(s[i:])
		}
	}
	return w.end()
}

// ascii tells the printable ones.
func ascii(r rune) bool { return r >= ' ' && r <= '~' }

// A writer builds a shown form. Whatever it decides depends on what it wrote,
// never on what it dropped, so that a shown form is its own shown form.
type writer struct {
	out   []byte
	n     int // code points of the shown form, written or beyond the limit
	limit int
	long  bool

	fit, fitN int // bytes and code points up to the last cluster that is kept
	hidden    int

	last     rune // the last one written, 0 at the start
	open     rune // a Hangul syllable that may still grow, not written yet
	carries  bool // a mark may follow
	marks    int
	links    int
	linked   bool // the next base belongs to the cluster
	chain    bool // the cluster began with a wide pictograph
	joins    int
	join     bool // a joiner waits for a pictograph
	selected bool // a variation selector was seen after the base
}

// count passes over ASCII beyond the limit: all it does is count. The last one,
// on which what follows may depend, is left to put, which finishes what came
// before as each of them would. A text can be a thousand times as long as its
// shown form.
func (w *writer) count(s string) (passed int) {
	n := 0
	for n < len(s) && ascii(rune(s[n])) {
		n++
	}
	passed = max(0, n-1)
	w.n += passed
	return passed
}

// put decides what becomes of one code point.
func (w *writer) put(r rune) {
	switch {
	case ascii(r) || unicode.Is(common, r):
		w.base(r)
	case r < 0xA0 || r == '\u2028' || r == '\u2029':
		w.control(r)
	case r == joiner:
		w.joiner()
	case r == '\uFE0E' || r == '\uFE0F':
		w.selector()
	case r >= toneFirst && r <= toneLast:
		w.tone(r)
	case r >= flagA && r <= flagZ:
		w.base('A' + r - flagA)
	case spelled[r] != "":
		for _, part := range spelled[r] {
			w.base(part)
		}
	case unicode.In(r, unfit...):
		w.base(unknownSign)
	case unicode.In(r, invisible, unicode.Cf, unicode.Me):
		w.hidden++
	case unicode.Is(jamo, r) || r >= syllable && r <= lastSyll:
		w.hangul(r)
	case unicode.In(r, marks...):
		w.mark(r)
	case unicode.Is(unicode.Zs, r):
		w.base(' ')
	case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
		w.base(r)
	default: // private use, unassigned, noncharacters
		w.base(unknownSign)
	}
}

// control makes controls visible.
func (w *writer) control(r rune) {
	switch {
	case r == '\t':
		w.base(' ')
		w.base(' ')
	case r == '\n' && w.long:
		w.base('\n')
	case r >= '\n' && r <= '\r', r == '\u0085', r >= 0xA0:
		w.base(breakSign)
	case r < ' ':
		w.base('␀' + r)
	case r == 0x7F:
		w.base('␡')
	default: // C1
		w.base(unknownSign)
	}
}

// base writes a code point that begins a cluster, unless something before it
// asked for it.
func (w *writer) base(r rune) {
	w.close()
	if w.join {
		w.join = false
		if unicode.In(r, pictures, symbols) {
			w.emit(joiner, false)
			w.emit(r, false)
			w.joins++
			w.marks, w.selected = 0, false
			return
		}
		w.hidden++
	}
	if !w.linked {
		w.links = 0
	}
	w.emit(r, !w.linked)
	w.linked, w.selected, w.marks, w.joins = false, false, 0, 0
	w.carries = r > ' ' && r != breakSign && r != unknownSign &&
		(r < '␀' || r > '␡')
	w.chain = unicode.Is(pictures, r)
}

// mark writes a code point that attaches to the base before it.
func (w *writer) mark(r rune) {
	w.close()
	if w.join {
		w.join = false
		w.hidden++
	}
	if !w.carries {
		w.base(dottedBase)
	}
	link := unicode.Is(linkers, r)
	if w.marks == maxMarks || link && w.links == maxLinks {
		w.hidden++
		return
	}
	if link {
		w.links++
		w.linked = true
	}
	w.marks++
	w.emit(r, false)
}

// joiner keeps a joiner until it is known what follows.
func (w *writer) joiner() {
	w.close()
	if w.join || !w.chain || w.joins == maxJoins {
		w.hidden++
		return
	}
	w.join = true
}

// selector drops a choice between text and picture: it changes the width of
// its base on some terminals only. The first one is not worth a warning.
func (w *writer) selector() {
	if w.selected || !w.carries && w.open == 0 {
		w.hidden++
	}
	w.selected = true
}

// tone writes a skin tone.
func (w *writer) tone(r rune) {
	if w.join || !unicode.Is(tonable, w.last) {
		w.base(unknownSign)
		return
	}
	w.emit(r, false)
}

// hangul composes jamo, so that all terminals agree on the width.
func (w *writer) hangul(r rune) {
	const step = vowels * finals
	switch {
	case r >= jamoL && r <= jamoLLast:
		w.close()
		w.open = r
	case r >= jamoV && r <= jamoVLast && w.open >= jamoL && w.open <= jamoLLast:
		w.open = syllable + (w.open-jamoL)*step + (r-jamoV)*finals
	case r >= jamoT && r <= jamoTLast && w.open >= syllable:
		full := w.open + r - jamoT + 1
		w.open = 0
		w.base(full)
	case r >= syllable && r <= lastSyll && (r-syllable)%finals == 0:
		w.close()
		w.open = r
	case r >= syllable && r <= lastSyll:
		w.base(r)
	default:
		w.base(unknownSign)
	}
}

// close writes the open syllable. A consonant alone would swallow the next one.
func (w *writer) close() {
	r := w.open
	if r == 0 {
		return
	}
	w.open = 0
	if r < syllable {
		r = unknownSign
	}
	w.base(r)
}

// emit appends a code point; first says that a new cluster begins with it.
func (w *writer) emit(r rune, first bool) {
	if first && w.n <= w.limit-room {
		w.fit, w.fitN = len(w.out), w.n
	}
	if w.n < w.limit {
		w.out = utf8.AppendRune(w.out, r)
	}
	w.n++
	w.last = r
}

// end returns the shown form, cut if it is too long.
func (w *writer) end() (string, int) {
	w.close()
	if w.join {
		w.hidden++
	}
	if w.n <= w.limit {
		return string(w.out), w.hidden
	}
	cut := strconv.Itoa(w.n - w.fitN)
	return string(w.out[:w.fit]) + "… (+" + cut + ")", w.hidden
}
