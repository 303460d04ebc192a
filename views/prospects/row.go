package prospects

import (
	"strings"
	"unique"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

// row is what the list keeps of somebody: a hundred thousand of them must fit.
// It is never changed; a newer one takes its place. Texts are safe to draw.
type row struct {
	id                id
	name              string
	first, last, mail safe.Text
	phones            [3]safe.Text // cell, home, text messages
	provider          id
	prospect          int
	tags              []naturaesoft.Tag
	tagsKnown         bool

	// What many have in common is kept once.
	born, city, state, stage, kind, zip unique.Handle[string]

	folded string // what a search finds here before the EMR answers
}

func newRow(p whole) *row {
	r := &row{
		id: p.ID, name: p.Name().String(), born: unique.Make(p.DOB.String()), mail: p.EMail,
		city: unique.Make(p.City.String()), state: unique.Make(p.State.String()), first: p.FirstName, last: p.LastName,
		phones: [3]safe.Text{p.CellPhone, p.Phone, p.SMSPhone},
		stage:  unique.Make(p.LifeStage.String()), kind: unique.Make(p.Type.String()), zip: unique.Make(p.Zip.String()), provider: p.ProviderID,
		prospect: p.Prospect, tags: p.Tags, tagsKnown: p.TagsKnown,
	}
	words := []string{people.Fold(r.name + " " + p.NickName.String() + " " + r.first.String() + " " + r.last.String() + " " + r.mail.String())}
	for _, n := range r.phones {
		if d := people.Digits(n.Raw()); d != "" {
			words = append(words, d)
		}
	}
	r.folded = strings.Join(words, " ")
	return r
}

// phone is the number to call first.
func (r *row) phone() string {
	for _, n := range r.phones {
		if !n.Empty() {
			return n.String()
		}
	}
	return ""
}

// seed is enough of the person to be read again.
func (r *row) seed() whole {
	return whole{
		ID: r.id, FirstName: r.first, LastName: r.last, EMail: r.mail,
		CellPhone: r.phones[0], Phone: r.phones[1], SMSPhone: r.phones[2],
	}
}

// has reports a tag by its number.
func (r *row) has(tag id) bool {
	for _, t := range r.tags {
		if t.ID == tag {
			return true
		}
	}
	return false
}

// chips are the tags as one line: "[Call back] [VIP]"; "?" where the EMR's
// list does not say.
func chips(tags []naturaesoft.Tag, known bool) string {
	if !known && len(tags) == 0 {
		return "?"
	}
	var out []string
	for _, t := range tags {
		name := t.Name.String()
		if t.Name.Empty() {
			name = "tag " + string(t.ID)
		}
		out = append(out, "["+name+"]")
	}
	return strings.Join(out, " ")
}

// needle is what a search looks for in folded rows: every word, or the digits
// of a number.
type needle struct {
	words  []string
	digits string
}

func newNeedle(text string) needle {
	n := needle{words: strings.Fields(people.Fold(text))}
	if people.IsNumber(text) {
		n.digits = people.Digits(text)
		if len(n.digits) == 11 {
			n.digits = strings.TrimPrefix(n.digits, "1")
		}
	}
	return n
}

func (n needle) in(r *row) bool {
	if n.digits != "" && strings.Contains(r.folded, n.digits) {
		return true
	}
	for _, w := range n.words {
		if !strings.Contains(r.folded, w) {
			return false
		}
	}
	return len(n.words) > 0
}

// seen are the whole rows met last, for opening somebody without waiting.
type seen struct {
	rows map[id]whole
	ring []id
	next int
}

// keptRows bounds the memory of whole rows.
const keptRows = 1000

func newSeen() seen { return seen{rows: map[id]whole{}, ring: make([]id, keptRows)} }

func (s *seen) put(p whole) {
	if _, ok := s.rows[p.ID]; !ok {
		delete(s.rows, s.ring[s.next])
		s.ring[s.next] = p.ID
		s.next = (s.next + 1) % keptRows
	}
	s.rows[p.ID] = p
}
