package sandbox

import (
	"fmt"
	"maps"
	"strings"
	"sync"

	"frontdesk/assets"
)

// people are the EMR's prospects and patients. Those it began with are worked
// out from their number whenever they are needed, so that a hundred thousand
// cost nothing until somebody asks; those written since are kept.
type people struct {
	gen     *generator
	last    int // the highest number in use; none below is missing
	kept    map[int]person
	touched []bool // by number, those made up at first which are kept now
}

// A person is one row. Its fields are replaced, never changed in place.
type person struct {
	fields row
	tags   []int
}

func newPeople(count, providers, year int) *people {
	return &people{
		gen: newGenerator(count, providers, year), last: count,
		kept: map[int]person{}, touched: make([]bool, count+1),
	}
}

func (p *people) at(id int) (person, bool) {
	if kept, ok := p.kept[id]; ok {
		return kept, true
	}
	if id < 1 || id > p.gen.count {
		return person{}, false
	}
	return p.gen.person(id), true
}

func (p *people) keep(id int, who person) {
	p.kept[id] = who
	if id <= p.gen.count {
		p.touched[id] = true
	}
}

// add gives a new person the next number.
func (p *people) add(fields row) int {
	p.last++
	p.kept[p.last] = person{fields: fields}
	return p.last
}

// find returns one page of those a search matches, by number, and how many
// there are in all.
func (p *people) find(n needle, prospectsOnly bool, page, limit int) (ids []int, total int) {
	look := p.gen.prepare(n)
	first := (page - 1) * limit
	for id := 1; id <= p.last; id++ {
		if !p.matches(id, n, look, prospectsOnly) {
			continue
		}
		if total >= first && len(ids) < limit {
			ids = append(ids, id)
		}
		total++
	}
	return ids, total
}

func (p *people) matches(id int, n needle, look *lookup, prospectsOnly bool) bool {
	if id > p.gen.count || p.touched[id] {
		who := p.kept[id]
		return (!prospectsOnly || isProspect(who.fields)) && n.matches(who.fields)
	}
	if n.all && !prospectsOnly {
		return true
	}
	t := &p.gen.drawn()[id]
	return (!prospectsOnly || t.prospect) && (n.all || look.matches(id, t))
}

// isProspect reads planted rows too, whose numbers may be of any type.
func isProspect(fields row) bool { return fmt.Sprint(fields["Prospect"]) == "1" }

// A generator makes up people.
type generator struct {
	*vocabulary
	count, providers, year int
	drawn                  func() []traits // everybody's by number, from the first search on
}

// A vocabulary is what people are made up of. It is the same for all generators,
// and nobody writes to it.
type vocabulary struct {
	groups    []nameGroup
	ofHundred [100]int // which group each of a hundred people belongs to
	nicknames []string
	streets   []string
	cities    []assets.City
	notes     []string
	tags      int
}

type nameGroup struct {
	assets.NameGroup
	given, family []string // the joined forms
	latin         bool     // they are of a to z alone
}

var theVocabulary = sync.OnceValue(func() *vocabulary {
	places := assets.Addresses()
	w := &vocabulary{
		nicknames: assets.Nicknames(),
		streets:   places.Streets,
		cities:    places.Cities,
		notes:     assets.Notes(),
		tags:      len(assets.Tags()),
	}
	next := 0
	for i, names := range assets.Names() {
		w.groups = append(w.groups, nameGroup{
			names, allJoined(names.Given), allJoined(names.Family), names.Script == "Latin",
		})
		for range names.Share {
			w.ofHundred[next] = i
			next++
		}
	}
	return w
})

func newGenerator(count, providers, year int) *generator {
	g := &generator{vocabulary: theVocabulary(), count: count, providers: providers, year: year}
	g.drawn = sync.OnceValue(func() []traits {
		all := make([]traits, count+1)
		for id := range all {
			all[id] = g.traits(id)
		}
		return all
	})
	return g
}

func allJoined(names []string) []string {
	plain := make([]string, len(names))
	for i, name := range names {
		plain[i] = joined(name)
	}
	return plain
}

// traits are what a search looks at, as indexes into the generator's lists.
type traits struct {
	group, given, family int16
	initial              byte  // 0 when there is none
	nickname             int16 // -1 when there is none
	city                 int16
	phone, cell          int16 // the last two digits; -1 when there is none
	mail                 int16 // which domain; -1 when there is none
	prospect             bool
}

var mailDomains = []string{"@example.com", "@example.org", "@example.net", "@mail.example.com"}

// traits of every thirty-seventh person are those of the one before: entered
// twice, by telephone and from the web form.
func (g *generator) traits(id int) traits {
	if id%37 == 0 {
		t := g.draw(id - 1)
		t.nickname, t.cell, t.initial, t.mail, t.prospect = -1, -1, 0, int16(len(mailDomains)-1), true
		return t
	}
	return g.draw(id)
}

func (g *generator) draw(id int) traits {
	d := roll(streamTraits, id)
	pick := func(n int) int16 { return int16(d.pick(n)) }
	t := traits{nickname: -1, cell: -1, mail: -1}
	t.group = int16(g.ofHundred[d.pick(100)])
	names := &g.groups[t.group]
	t.given, t.family = pick(len(names.Given)), pick(len(names.Family))
	if d.in(35) && !names.FamilyFirst {
		t.initial = byte('A' + d.pick(26))
	}
	if d.in(15) {
		t.nickname = pick(len(g.nicknames))
	}
	t.city, t.phone = pick(len(g.cities)), pick(100)
	if d.in(75) {
		t.cell = pick(100)
	}
	if d.in(88) {
		t.mail = pick(len(mailDomains) - 1)
	}
	t.prospect = d.in(85)
	return t
}

// address is the e-mail address, "" for those without one.
func (g *generator) address(id int, t *traits) string {
	if t.mail < 0 {
		return ""
	}
	return string(g.appendAddress(nil, id, t))
}

func (g *generator) appendAddress(b []byte, id int, t *traits) []byte {
	names := &g.groups[t.group]
	b = append(b, names.mailbox(t)...)
	if names.latin {
		b = append(b, '.')
		b = append(b, names.family[t.family]...)
	}
	b = appendInt(b, id)
	return append(b, mailDomains[t.mail]...)
}

// mailbox is the beginning of the address up to what is not a letter.
func (names *nameGroup) mailbox(t *traits) string {
	if names.latin {
		return names.given[t.given]
	}
	return "desk"
}

// fullName is the name as it is written in the person's language.
func (names *nameGroup) fullName(t *traits) string {
	given, family := names.Given[t.given], names.Family[t.family]
	switch {
	case names.Joined:
		return family + given
	case names.FamilyFirst:
		return family + " " + given
	case t.initial != 0:
		return given + " " + string(rune(t.initial)) + ". " + family
	}
	return given + " " + family
}

// withTags is the row as lists show it.
func (who person) withTags(id int, tags *table) row {
	r := maps.Clone(who.fields)
	r["ProspectID"] = id
	shown := []row{}
	for _, tag := range who.tags {
		if t, ok := tags.at(tag); ok {
			shown = append(shown, t)
		}
	}
	r["Tags"] = shown
	return r
}

// text is a field's value as a search sees it.
func text(fields row, name string) string {
	s, _ := fields[name].(string)
	return strings.TrimSpace(s)
}
