package prospects

import (
	"bytes"
	"strings"

	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

// needle is what a search looks for in rows: every word, or the digits of a
// number. It is for one goroutine.
type needle struct {
	words  [][]byte
	digits []byte
	dials  bool   // some digit is looked for
	room   []byte // for the text of a row
}

func newNeedle(text string) *needle {
	n := &needle{dials: strings.ContainsAny(text, "0123456789")}
	for _, w := range strings.Fields(people.Fold(text)) {
		n.words = append(n.words, []byte(w))
	}
	if people.IsNumber(text) {
		n.digits = []byte(people.Spellings(text)[0])
	}
	return n
}

// in reports that a row holds what is looked for. A row's text is folded anew
// each time: kept, it would be a third of all that is kept of a person.
func (n *needle) in(r row) bool {
	_, rest := unpack(string(r))
	room, last := n.room[:0], mailText
	if n.dials {
		last = smsText
	}
	for place := nameText; place <= last; place++ {
		var text string
		if text, rest = unpack(rest); text == "" {
			continue
		}
		if place <= mailText {
			room = appendFold(room, text)
		} else {
			room = appendDigits(room, text)
		}
		room = append(room, '\n')
	}
	n.room = room
	if len(n.digits) > 0 && bytes.Contains(room, n.digits) {
		return true
	}
	for _, w := range n.words {
		if !bytes.Contains(room, w) {
			return false
		}
	}
	return len(n.words) > 0
}

// appendFold appends a name or an address as people.Fold makes it, but for
// blanks.
func appendFold(b []byte, text string) []byte {
	began := len(b)
	b = append(b, text...)
	for i, c := range b[began:] {
		switch {
		case c-'A' < 26:
			b[began+i] = c | 0x20
		case c < ' ' || c > '~':
			return append(b[:began], people.Fold(safe.Clean(text))...)
		}
	}
	return b
}

func appendDigits(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c-'0' < 10 {
			b = append(b, c)
		}
	}
	return b
}
