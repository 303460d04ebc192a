package markdown

import (
	"regexp"
	"strings"
	"sync"
)

// deepest is how far quotes and lists are indented; deeper ones stay there.
const deepest = 4

var (
	headingShape = shape(`^ {0,3}(#{1,6})(?: +(.*?))?(?: +#+)? *$`)
	ruleShape    = shape(`^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$`)
	fenceShape   = shape("^ {0,3}(```+|~~~+)")
	itemShape    = shape(`^( *)([-*+]|\d{1,9}[.)]) +(.*)$`)
	quoteShape   = shape(`^ {0,3}> ?(.*)$`)
	barsShape    = shape(`^ {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$`)
)

// shape is compiled when the first text is drawn: most starts draw none.
func shape(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// page collects lines.
type page struct {
	width int
	out   []Line
}

func (p *page) add(l ...Line) { p.out = append(p.out, l...) }

// gap keeps blocks one blank line apart.
func (p *page) gap() {
	if n := len(p.out); n > 0 && len(p.out[n-1]) > 0 {
		p.add(nil)
	}
}

// blocks lays out lines behind a lead, which every row of them begins with.
func (p *page) blocks(lines []string, lead Line, depth int) {
	for i := 0; i < len(lines); {
		l := strings.TrimRight(lines[i], " ")
		switch {
		case l == "":
			p.gap()
			i++
		case fenceShape().MatchString(l):
			i = p.fence(lines, i, lead)
		case headingShape().MatchString(l):
			m := headingShape().FindStringSubmatch(l)
			p.heading(m[2], len(m[1]), lead)
			i++
		case ruleShape().MatchString(l):
			p.add(join(lead, One(Soft, strings.Repeat("-", p.room(lead)))))
			i++
		case depth < deepest && quoteShape().MatchString(l):
			i = p.quote(lines, i, lead, depth)
		case itemShape().MatchString(l):
			i = p.item(lines, i, lead)
		case i+1 < len(lines) && strings.Contains(l, "|") && barsShape().MatchString(lines[i+1]):
			i = p.table(lines, i, lead)
		default:
			i = p.paragraph(lines, i, lead)
		}
	}
}

// room is the cells behind a lead.
func (p *page) room(lead Line) int { return max(least/2, p.width-lead.Width()) }

// heading is told from text by the line under it, or by standing alone.
func (p *page) heading(words string, level int, lead Line) {
	if words == "" {
		return
	}
	p.gap()
	text := stress(inline(words), Title)
	rows := wrap(text, lead, lead, p.width)
	p.add(rows...)
	under := map[int]string{1: "=", 2: "-"}[level]
	if under == "" {
		return
	}
	long := 0
	for _, r := range rows {
		long = max(long, r.Width()-lead.Width())
	}
	p.add(join(lead, One(Soft, strings.Repeat(under, long))))
}

// fence is code between fences, or to the end of the text.
func (p *page) fence(lines []string, i int, lead Line) int {
	shut := fenceShape().FindStringSubmatch(lines[i])[1]
	for i++; i < len(lines); i++ {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(lines[i]), shut); ok && strings.Trim(rest, shut[:1]) == "" {
			return i + 1
		}
		lead := join(lead, One(Soft, "    "))
		for _, row := range chop(lines[i], p.room(lead)) {
			p.add(join(lead, One(Code, row)))
		}
	}
	return i
}

func (p *page) quote(lines []string, i int, lead Line, depth int) int {
	var inner []string
	for ; i < len(lines); i++ {
		m := quoteShape().FindStringSubmatch(lines[i])
		if m == nil {
			break
		}
		inner = append(inner, m[1])
	}
	p.blocks(inner, join(lead, One(Soft, "| ")), depth+1)
	return i
}

// item is one entry of a list, with the lines that go on with it.
func (p *page) item(lines []string, i int, lead Line) int {
	m := itemShape().FindStringSubmatch(lines[i])
	indent := strings.Repeat("  ", min(deepest, (len(m[1])+1)/2))
	mark := m[2]
	if len(mark) == 1 {
		mark = "-"
	}
	words := []string{m[3]}
	for i++; i < len(lines) && !p.opens(lines, i); i++ {
		words = append(words, strings.TrimLeft(lines[i], " "))
	}
	first := join(lead, Line{{" " + indent, Plain}, {mark + " ", Soft}})
	rest := join(lead, One(Plain, strings.Repeat(" ", first.Width()-lead.Width())))
	p.flow(words, first, rest)
	return i
}

// opens reports that a line cannot belong to the paragraph before it.
func (p *page) opens(lines []string, i int) bool {
	l := strings.TrimRight(lines[i], " ")
	return l == "" || fenceShape().MatchString(l) || headingShape().MatchString(l) || ruleShape().MatchString(l) ||
		quoteShape().MatchString(l) || itemShape().MatchString(l) ||
		i+1 < len(lines) && strings.Contains(l, "|") && barsShape().MatchString(lines[i+1])
}

func (p *page) paragraph(lines []string, i int, lead Line) int {
	start := i
	for i++; i < len(lines) && !p.opens(lines, i) && !underlines(lines[i]); i++ {
	}
	if i < len(lines) && underlines(lines[i]) {
		level := 1
		if strings.TrimSpace(lines[i])[0] == '-' {
			level = 2
		}
		p.heading(strings.Join(lines[start:i], " "), level, lead)
		return i + 1
	}
	p.flow(lines[start:i], lead, lead)
	return i
}

// underlines reports a line that makes the text above it a heading.
func underlines(l string) bool {
	l = strings.TrimSpace(l)
	return len(l) > 1 && (strings.Trim(l, "=") == "" || strings.Trim(l, "-") == "")
}

// flow lays out the lines of a paragraph as one text, broken where two blanks
// or a backslash end a line.
func (p *page) flow(lines []string, first, rest Line) {
	var text []string
	for i, l := range lines {
		cut := strings.TrimRight(l, " ")
		hard := len(l)-len(cut) >= 2
		if c, ok := strings.CutSuffix(cut, `\`); ok {
			cut, hard = c, true
		}
		text = append(text, strings.TrimLeft(cut, " "))
		if hard || i == len(lines)-1 {
			p.add(wrap(inline(strings.Join(text, " ")), first, rest, p.width)...)
			first, text = rest, nil
		}
	}
}

func join(a, b Line) Line { return append(append(Line{}, a...), b...) }
