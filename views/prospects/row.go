package prospects

import (
	"slices"
	"strings"
	"unique"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
)

// row is what the list keeps of somebody: a hundred thousand of them must fit.
// Its texts lie in one string and become safe ones when they are asked for,
// which is when the row is drawn. It is never changed; a newer one takes its
// place.
type row struct {
	texts  string // a pack of the texts below
	common unique.Handle[common]
	tagged unique.Handle[string] // a pack of ids and raw names
}

// What a row's texts are: what a search finds before the EMR answers, then
// those that are ready to draw, then the raw ones.
const (
	foldedText = iota
	idText
	nameText
	bornText
	cityText
	zipText
	firstText
	lastText
	mailText
	cellText // the phones: cell, home, text messages
	homeText
	smsText
)

// common is what many people have in common. It is kept once.
type common struct {
	provider           id
	state, stage, kind string
	prospect           int
	tagsKnown          bool
}

func newRow(p whole) *row {
	name := p.Name().String()
	return &row{
		texts: pack(folded(p), string(p.ID), name, p.DOB.String(), p.City.String(), p.Zip.String(),
			p.FirstName.Raw(), p.LastName.Raw(), p.EMail.Raw(), p.CellPhone.Raw(), p.Phone.Raw(), p.SMSPhone.Raw()),
		common: unique.Make(common{p.ProviderID, p.State.String(), p.LifeStage.String(), p.Type.String(), p.Prospect, p.TagsKnown}),
		tagged: packTags(p.Tags),
	}
}

func newRows(items []whole) []*row {
	rows := make([]*row, len(items))
	for i, p := range items {
		rows[i] = newRow(p)
	}
	return rows
}

// folded is what a search looks through: each word and number once.
func folded(p whole) string {
	var words []string
	add := func(w string) {
		if w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	for _, t := range []safe.Text{p.Name(), p.NickName, p.FirstName, p.LastName, p.EMail} {
		for _, w := range strings.Fields(people.Fold(t.String())) {
			add(w)
		}
	}
	for _, n := range []safe.Text{p.CellPhone, p.Phone, p.SMSPhone} {
		add(people.Digits(n.Raw()))
	}
	return strings.Join(words, " ")
}

func (r *row) folded() string { return nth(r.texts, foldedText) }
func (r *row) id() id         { return id(nth(r.texts, idText)) }
func (r *row) name() string   { return nth(r.texts, nameText) }
func (r *row) born() string   { return nth(r.texts, bornText) }
func (r *row) city() string   { return nth(r.texts, cityText) }
func (r *row) zip() string    { return nth(r.texts, zipText) }

// raw is one of the raw texts, safe again.
func (r *row) raw(place int) safe.Text { return safe.Line(nth(r.texts, place)) }

// phone is the number to call first.
func (r *row) phone() string { return firstPhone(r.raw(cellText), r.raw(homeText), r.raw(smsText)) }

func firstPhone(numbers ...safe.Text) string {
	for _, n := range numbers {
		if !n.Empty() {
			return n.String()
		}
	}
	return ""
}

// seed is enough of the person to be read again.
func (r *row) seed() whole {
	return whole{
		ID: r.id(), FirstName: r.raw(firstText), LastName: r.raw(lastText), EMail: r.raw(mailText),
		CellPhone: r.raw(cellText), Phone: r.raw(homeText), SMSPhone: r.raw(smsText),
	}
}

func packTags(tags []naturaesoft.Tag) unique.Handle[string] {
	texts := make([]string, 0, 2*len(tags))
	for _, t := range tags {
		texts = append(texts, string(t.ID), t.Name.Raw())
	}
	return unique.Make(pack(texts...))
}

func (r *row) tags() []naturaesoft.Tag {
	var tags []naturaesoft.Tag
	var number, name string
	for rest := r.tagged.Value(); rest != ""; {
		number, rest = unpack(rest)
		name, rest = unpack(rest)
		tags = append(tags, naturaesoft.Tag{ID: id(number), Name: safe.Line(name)})
	}
	return tags
}

// has reports a tag by its number.
func (r *row) has(tag id) bool {
	var number string
	for rest := r.tagged.Value(); rest != ""; _, rest = unpack(rest) {
		if number, rest = unpack(rest); number == string(tag) {
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
		n.digits = people.Spellings(text)[0]
	}
	return n
}

func (n needle) in(r *row) bool {
	folded := r.folded()
	if n.digits != "" && strings.Contains(folded, n.digits) {
		return true
	}
	for _, w := range n.words {
		if !strings.Contains(folded, w) {
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
const keptRows = 300

func newSeen() seen { return seen{rows: map[id]whole{}, ring: make([]id, keptRows)} }

func (s *seen) put(all ...whole) {
	for _, p := range all[max(0, len(all)-keptRows):] {
		if _, ok := s.rows[p.ID]; !ok {
			delete(s.rows, s.ring[s.next])
			s.ring[s.next] = p.ID
			s.next = (s.next + 1) % keptRows
		}
		s.rows[p.ID] = p
	}
}
