package sandbox

import (
	"bytes"
	"slices"
	"strings"
)

// A needle is what somebody searches for. Every word must be found: at the
// beginning of a word of a name, at the beginning of the e-mail address
// (anywhere in it when the word has an @), or, for digits, inside a phone
// number. A whole phone number may have spaces in it.
type needle struct {
	all    bool // nothing was asked for: everybody is found
	words  []needleWord
	number string // the digits when all of it is a phone number
	dialed bool   // there are digits to look for in phone numbers
}

type needleWord struct {
	name    string // folded, without punctuation
	mail    string // in lower case as typed
	letters bool   // which are letters from a to z only
	digits  string // "" unless there are three at least and nothing else
}

const (
	fewestDigits = 3
	letters      = "abcdefghijklmnopqrstuvwxyz"
)

// maxWords is how many words of a search count.
const maxWords = 32

func newNeedle(search string) needle {
	n := needle{all: search == ""}
	for _, w := range strings.Fields(search) {
		if len(n.words) < maxWords {
			low, d := strings.ToLower(w), phoneDigits(w)
			n.words = append(n.words, needleWord{joined(w), low, strings.Trim(low, letters) == "", d})
			n.dialed = n.dialed || d != ""
		}
	}
	n.number = phoneDigits(search)
	n.dialed = n.dialed || n.number != ""
	return n
}

func phoneDigits(s string) string {
	if strings.Trim(s, "0123456789()+-./ ") != "" {
		return ""
	}
	if d := localNumber(s); len(d) >= fewestDigits {
		return d
	}
	return ""
}

// localNumber leaves the country's 1 away.
func localNumber(s string) string {
	d := digits(s)
	if len(d) == 11 {
		d = strings.TrimPrefix(d, "1")
	}
	return d
}

var (
	nameFields  = []string{"FirstName", "MI", "LastName", "FullName", "NickName"}
	phoneFields = []string{"Phone", "CellPhone", "SMSPhone"}
)

// matches looks at a whole row.
func (n needle) matches(fields row) bool {
	if n.all {
		return true
	}
	var names, phones []string
	for _, f := range nameFields {
		names = append(names, words(text(fields, f))...)
	}
	for _, f := range phoneFields {
		phones = append(phones, localNumber(text(fields, f)))
	}
	mail := strings.ToLower(text(fields, "EMail"))
	inPhone := func(d string) bool {
		return d != "" && slices.ContainsFunc(phones, func(p string) bool { return strings.Contains(p, d) })
	}
	if inPhone(n.number) {
		return true
	}
	for _, w := range n.words {
		if !inPhone(w.digits) && !w.inNames(names) && !w.inMail(mail) {
			return false
		}
	}
	return len(n.words) > 0
}

func (w needleWord) inNames(names []string) bool {
	return w.name != "" && slices.ContainsFunc(names, func(s string) bool { return strings.HasPrefix(s, w.name) })
}

func (w needleWord) inMail(mail string) bool {
	return mail != "" && (strings.HasPrefix(mail, w.mail) || strings.Contains(w.mail, "@") && strings.Contains(mail, w.mail))
}

// A lookup is a needle compared once with every name there is, so that the
// made-up people need not be written out to be searched.
type lookup struct {
	gen       *generator
	needle    needle
	want      uint64 // a bit for each word
	given     [][]uint64
	family    [][]uint64
	nicknames []uint64
	initials  [26]uint64
}

func (g *generator) prepare(n needle) *lookup {
	l := &lookup{gen: g, needle: n, want: 1<<len(n.words) - 1}
	if n.all {
		return l
	}
	for i := range g.groups {
		l.given = append(l.given, l.bits(g.groups[i].Given))
		l.family = append(l.family, l.bits(g.groups[i].Family))
	}
	l.nicknames = l.bits(g.nicknames)
	for i := range l.initials {
		l.initials[i] = l.bitsOf(string(rune('A' + i)))
	}
	return l
}

func (l *lookup) bits(names []string) []uint64 {
	bits := make([]uint64, len(names))
	for i, name := range names {
		bits[i] = l.bitsOf(name)
	}
	return bits
}

// bitsOf tells which words of the needle begin a word of the name.
func (l *lookup) bitsOf(name string) (bits uint64) {
	split := words(name)
	for i, w := range l.needle.words {
		if w.inNames(split) {
			bits |= 1 << i
		}
	}
	return bits
}

// matches must say the same as needle.matches says of the written-out row.
func (l *lookup) matches(id int, t *traits) bool {
	found := l.given[t.group][t.given] | l.family[t.group][t.family]
	if t.initial != 0 {
		found |= l.initials[t.initial-'A']
	}
	if t.nickname >= 0 {
		found |= l.nicknames[t.nickname]
	}
	if found == l.want && l.want != 0 {
		return true
	}
	var buf [40]byte
	numbers := buf[:0]
	if l.needle.dialed {
		numbers = l.gen.appendNumbers(numbers, t)
		if l.needle.number != "" && bytes.Contains(numbers, []byte(l.needle.number)) {
			return true
		}
	}
	for i := range l.needle.words {
		w := &l.needle.words[i]
		if found&(1<<i) == 0 && !l.inFullName(w, t) && !l.inMail(w, id, t) &&
			(w.digits == "" || !bytes.Contains(numbers, []byte(w.digits))) {
			return false
		}
	}
	return l.want != 0
}

// inFullName looks at full names which are one word.
func (l *lookup) inFullName(w *needleWord, t *traits) bool {
	names := &l.gen.groups[t.group]
	if !names.Joined || w.name == "" {
		return false
	}
	rest, more := strings.CutPrefix(w.name, names.family[t.family])
	return more && strings.HasPrefix(names.given[t.given], rest)
}

func (l *lookup) inMail(w *needleWord, id int, t *traits) bool {
	if t.mail < 0 {
		return false
	}
	if w.letters {
		return strings.HasPrefix(l.gen.groups[t.group].mailbox(t), w.mail)
	}
	var buf [120]byte
	mail := l.gen.appendAddress(buf[:0], id, t)
	return bytes.HasPrefix(mail, []byte(w.mail)) ||
		strings.Contains(w.mail, "@") && bytes.Contains(mail, []byte(w.mail))
}

// appendNumbers writes the digits of the phone numbers with a space between.
func (g *generator) appendNumbers(b []byte, t *traits) []byte {
	area := g.cities[t.city].Area
	for _, last := range [...]int16{t.phone, t.cell} {
		if last < 0 {
			continue
		}
		b = append(b, ' ')
		b = append(b, area...)
		b = append(b, "55501"...)
		b = append(b, byte('0'+last/10), byte('0'+last%10))
	}
	return b
}
