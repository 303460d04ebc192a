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
	room   []byte // of the row looked at
}

func newNeedle(text string) *needle {
	n := new(needle)
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
	rest := string(r)
	for range nameText {
		_, rest = unpack(rest)
	}
	n.room = n.room[:0]
	for place := nameText; place < texts; place++ {
		var text string
		text, rest = unpack(rest)
		if place < cellText {
			n.fold(text)
		} else {
			n.dial(text)
		}
		n.room = append(n.room, '\n')
	}
	if len(n.digits) > 0 && bytes.Contains(n.room, n.digits) {
		return true
	}
	for _, w := range n.words {
		if !bytes.Contains(n.room, w) {
			return false
		}
	}
	return len(n.words) > 0
}

// fold adds a name or an address as people.Fold makes it, but for blanks.
func (n *needle) fold(text string) {
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' {
			n.room = append(n.room, people.Fold(safe.Clean(text))...)
			return
		}
	}
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		n.room = append(n.room, c)
	}
}

// dial adds the digits of a number.
func (n *needle) dial(text string) {
	for i := range len(text) {
		if c := text[i]; '0' <= c && c <= '9' {
			n.room = append(n.room, c)
		}
	}
}
