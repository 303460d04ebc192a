package prospects

import (
	"iter"
	"strconv"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// row is what the list keeps of somebody: a hundred thousand of them must fit. It
// is a pack of the texts below, which become safe ones when they are asked for:
// when the row is drawn. The rows of one page of people share a string.
type row string

// What a row's texts are: first those a search looks through.
const (
	idText   = iota
	nameText // empty where it is the first and the last one
	nickText // raw, as all up to the phones
	firstText
	lastText
	mailText
	cellText // the phones: cell, home, text messages
	homeText
	smsText
	bornText // ready to draw, as all that follow
	cityText
	zipText
	providerText
	stateText
	stageText
	kindText
	prospectText // a number
	tagsText     // a pack of ids and raw names, behind "+" where the EMR's list says who has which
	texts
)

func newRow(p whole) row { return newRows([]whole{p})[0] }

// newRows are the rows of one page. They lie together, so that nothing is left
// free between them.
func newRows(items []whole) []row {
	var all []byte
	ends := make([]int, len(items))
	for i, p := range items {
		name := p.Name().String()
		if name == named(p.FirstName, p.LastName) {
			name = ""
		}
		all = appendPack(all, string(p.ID), name, p.NickName.Raw(), p.FirstName.Raw(), p.LastName.Raw(), p.EMail.Raw(),
			p.CellPhone.Raw(), p.Phone.Raw(), p.SMSPhone.Raw(), p.DOB.String(), p.City.String(), p.Zip.String(),
			string(p.ProviderID), p.State.String(), p.LifeStage.String(), p.Type.String(), strconv.Itoa(p.Prospect), packTags(p.Tags, p.TagsKnown))
		ends[i] = len(all)
	}
	together, began := string(all), 0
	rows := make([]row, len(items))
	for i, end := range ends {
		rows[i], began = row(together[began:end]), end
	}
	return rows
}

func (r row) text(place int) string { return nth(string(r), place) }

func (r row) name() string {
	if name := r.text(nameText); name != "" {
		return name
	}
	return named(r.raw(firstText), r.raw(lastText))
}

// named is the name of somebody of whom only these two are known.
func named(first, last safe.Text) string {
	return whole{FirstName: first, LastName: last}.Name().String()
}

func (r row) id() id        { return id(r.text(idText)) }
func (r row) born() string  { return r.text(bornText) }
func (r row) city() string  { return r.text(cityText) }
func (r row) zip() string   { return r.text(zipText) }
func (r row) provider() id  { return id(r.text(providerText)) }
func (r row) state() string { return r.text(stateText) }
func (r row) stage() string { return r.text(stageText) }
func (r row) kind() string  { return r.text(kindText) }

// isWhat is whether somebody is a prospect, in a word.
func (r row) isWhat() string {
	n, _ := strconv.Atoi(r.text(prospectText)) // as it was written
	return standing(n)
}

// raw is one of the raw texts, safe again.
func (r row) raw(place int) safe.Text { return safe.Line(r.text(place)) }

// phone is the number to call first.
func (r row) phone() string { return firstPhone(r.phones()...) }

func (r row) phones() []safe.Text {
	return []safe.Text{r.raw(cellText), r.raw(homeText), r.raw(smsText)}
}

func firstPhone(numbers ...safe.Text) string {
	for _, n := range numbers {
		if !n.Empty() {
			return n.String()
		}
	}
	return ""
}

// seed is enough of the person to be read again.
func (r row) seed() whole {
	return whole{
		ID: r.id(), FirstName: r.raw(firstText), LastName: r.raw(lastText), EMail: r.raw(mailText),
		CellPhone: r.raw(cellText), Phone: r.raw(homeText), SMSPhone: r.raw(smsText),
	}
}

func packTags(tags []naturaesoft.Tag, known bool) string {
	var b []byte
	if known {
		b = append(b, '+')
	} else {
		b = append(b, '-')
	}
	for _, t := range tags {
		b = appendPack(b, string(t.ID), t.Name.Raw())
	}
	return string(b)
}

// tags are those somebody has; known is whether the EMR's list says so.
func (r row) tags() (tags []naturaesoft.Tag, known bool) {
	packed := r.text(tagsText)
	var number, name string
	for rest := packed[1:]; rest != ""; {
		number, rest = unpack(rest)
		name, rest = unpack(rest)
		tags = append(tags, naturaesoft.Tag{ID: id(number), Name: safe.Line(name)})
	}
	return tags, packed[0] == '+'
}

// has reports a tag by its number.
func (r row) has(tag id) bool {
	var number string
	for rest := r.text(tagsText)[1:]; rest != ""; _, rest = unpack(rest) {
		if number, rest = unpack(rest); number == string(tag) {
			return true
		}
	}
	return false
}

// tagged is the row with other tags.
func (r row) tagged(tags []naturaesoft.Tag) row {
	_, known := r.tags()
	all := make([]string, 0, texts)
	for text, rest := unpack(string(r)); ; text, rest = unpack(rest) {
		if all = append(all, text); rest == "" {
			break
		}
	}
	all[tagsText] = packTags(tags, known)
	return row(pack(all...))
}

// chips are the tags as one line: "[Call back] [VIP]"; "?" where the EMR's
// list does not say.
func chips(tags []naturaesoft.Tag, known bool) string {
	if !known && len(tags) == 0 {
		return "?"
	}
	out := make([]string, len(tags))
	for i, t := range tags {
		out[i] = chip(t)
	}
	return strings.Join(out, " ")
}

func chip(t naturaesoft.Tag) string {
	if t.Name.Empty() {
		return "[tag " + string(t.ID) + "]"
	}
	return "[" + t.Name.String() + "]"
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

// latest are the rows in the order they were first met, the last one first.
func (s *seen) latest() iter.Seq[whole] {
	return func(yield func(whole) bool) {
		for i := range s.ring {
			p, ok := s.rows[s.ring[(s.next-1-i+2*len(s.ring))%len(s.ring)]]
			if ok && !yield(p) {
				return
			}
		}
	}
}

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
