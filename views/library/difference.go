package library

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/markdown"
)

// contextLines is how many unchanged lines are shown around a change.
const contextLines = 2

// paper collects the lines of a difference.
type paper struct {
	width int
	out   []markdown.Line
}

func (p *paper) blank() {
	if len(p.out) > 0 {
		p.out = append(p.out, nil)
	}
}

func (p *paper) say(role markdown.Role, words string) {
	for _, l := range strings.Split(ansi.Wrap(words, p.width, ""), "\n") {
		p.out = append(p.out, markdown.One(role, l))
	}
}

// put draws the lines of a value behind a sign that tells what they are.
func (p *paper) put(sign string, role markdown.Role, lines []string) {
	blank := strings.Repeat(" ", len(sign))
	for _, raw := range lines {
		for _, l := range drawable(raw) {
			lead := sign
			for _, row := range strings.Split(ansi.Wrap(l, max(5, p.width-len(sign)), ""), "\n") {
				p.out = append(p.out, markdown.One(role, lead+row))
				lead = blank
			}
		}
	}
}

// previewed is an article as it would look.
func previewed(v values, width int) []markdown.Line {
	p := paper{width: width}
	p.say(markdown.Title, safe.Clean(v["Title"]))
	p.say(markdown.Soft, "category "+shown(v["Category"])+", type "+shown(v["Type"])+", tags "+shown(v["Tags"])+", in use: "+shown(v["Active"]))
	p.blank()
	return append(p.out, markdown.Lay(safe.Paragraphs(v[textField]), width)...)
}

// shown is a short value, with a word where there is none.
func shown(s string) string {
	switch s {
	case "":
		return "(none)"
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	return safe.Clean(s)
}

// difference says what a colleague changed meanwhile and what would be sent.
func difference(c compared, joined values, theirs bool, width int) []markdown.Line {
	p := paper{width: width}
	now := valuesOf(c.now)
	if foreign := differing(c.base, now); len(foreign) > 0 {
		p.say(markdown.Warn, "! A colleague changed this article while you were editing it: "+labels(foreign)+".")
		for _, name := range foreign {
			p.foreign(name, c.base[name], now[name], c.mine[name], theirs)
		}
	}
	p.blank()
	p.say(markdown.Strong, "What would be sent")
	changed := differing(now, joined)
	if len(changed) == 0 {
		p.say(markdown.Plain, "Nothing: your colleague's version stands.")
	}
	for _, name := range changed {
		p.blank()
		p.say(markdown.Title, label(name))
		if name == textField {
			p.hunks(split(now[name]), split(joined[name]))
			continue
		}
		p.put("- ", markdown.Bad, []string{shown(now[name])})
		p.put("+ ", markdown.Good, []string{shown(joined[name])})
	}
	if c.now.Text.Altered() && slices.Contains(changed, textField) {
		p.blank()
		p.say(markdown.Warn, "! This text holds characters that cannot be shown. Saving the edited text takes them out.")
	}
	return p.out
}

// foreign shows one field as it was, as a colleague left it and as it was
// edited here.
func (p *paper) foreign(name, was, now, mine string, theirs bool) {
	p.blank()
	p.say(markdown.Title, label(name))
	if name != textField {
		p.put("was    ", markdown.Soft, []string{shown(was)})
		p.put("theirs ", markdown.Plain, []string{shown(now)})
		if mine != was {
			p.put("yours  ", markdown.Plain, []string{shown(mine)})
		}
		p.verdict(mine != was && mine != now, theirs)
		return
	}
	for _, c := range chunks(split(was), split(now), split(mine)) {
		if slices.Equal(c.base, c.theirs) {
			continue // only you changed it, or nobody
		}
		p.put("was    ", markdown.Soft, c.base)
		p.put("theirs ", markdown.Plain, c.theirs)
		if !slices.Equal(c.mine, c.base) {
			p.put("yours  ", markdown.Plain, c.mine)
		}
		p.verdict(c.clash(), theirs)
	}
}

func (p *paper) verdict(clash, theirs bool) {
	switch {
	case clash && theirs:
		p.say(markdown.Warn, "=> theirs stands; t keeps yours")
	case clash:
		p.say(markdown.Warn, "=> yours stands; t takes theirs")
	default:
		p.say(markdown.Soft, "=> kept")
	}
}

// hunks shows old and new lines with a little of what is around them.
func (p *paper) hunks(old, fresh []string) {
	all := chunks(old, fresh, fresh)
	for i, c := range all {
		if !c.same() {
			p.put("- ", markdown.Bad, c.base)
			p.put("+ ", markdown.Good, c.mine)
			continue
		}
		head, tail := contextLines, contextLines
		if i == 0 {
			head = 0
		}
		if i == len(all)-1 {
			tail = 0
		}
		if len(c.base) <= head+tail+1 {
			p.put("  ", markdown.Plain, c.base)
			continue
		}
		p.put("  ", markdown.Plain, c.base[:head])
		p.say(markdown.Soft, "  ("+ui.Count(len(c.base)-head-tail, "line stays as it is", "lines stay as they are")+")")
		p.put("  ", markdown.Plain, c.base[len(c.base)-tail:])
	}
}
