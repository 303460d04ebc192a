package markdown

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"frontdesk/ui/theme"
)

// wrap breaks spans at blanks into lines of at most width cells. The first line
// begins with first, the others with rest.
func wrap(spans []Span, first, rest Line, width int) []Line {
	var out []Line
	line, used, lead := join(first, nil), first.Width(), first.Width()
	next := func() {
		out = append(out, line)
		line, used, lead = join(rest, nil), rest.Width(), rest.Width()
	}
	for _, word := range words(spans) {
		w := word.Width()
		if used > lead && used+1+w > width {
			next()
		}
		if used > lead {
			line, used = push(line, Span{" ", word[0].Role}), used+1
		}
		if used+w <= width {
			line, used = pushAll(line, word), used+w
			continue
		}
		for _, s := range word { // longer than a line: cut where it must be
			for g := graphemes.FromString(s.Text); g.Next(); {
				gw := theme.Width(g.Value())
				if used+gw > width && used > lead {
					next()
				}
				line, used = push(line, Span{g.Value(), s.Role}), used+gw
			}
		}
	}
	return append(out, line)
}

// words are the runs without a blank; one may change its role in the middle.
func words(spans []Span) []Line {
	var out []Line
	var word Line
	for _, s := range spans {
		for i, part := range strings.Split(s.Text, " ") {
			if i > 0 && len(word) > 0 {
				out, word = append(out, word), nil
			}
			if part != "" {
				word = append(word, Span{part, s.Role})
			}
		}
	}
	if len(word) > 0 {
		out = append(out, word)
	}
	return out
}

// push adds a piece, to the last one if the role is the same.
func push(l Line, s Span) Line {
	if n := len(l); n > 0 && l[n-1].Role == s.Role {
		l[n-1].Text += s.Text
		return l
	}
	return append(l, s)
}

func pushAll(l Line, word Line) Line {
	for _, s := range word {
		l = push(l, s)
	}
	return l
}

// chop cuts code into rows of at most width cells and changes nothing else.
func chop(s string, width int) []string {
	if theme.Width(s) <= width {
		return []string{s}
	}
	var rows []string
	var row strings.Builder
	used := 0
	for g := graphemes.FromString(s); g.Next(); {
		w := theme.Width(g.Value())
		if used+w > width && used > 0 {
			rows = append(rows, row.String())
			row.Reset()
			used = 0
		}
		row.WriteString(g.Value())
		used += w
	}
	return append(rows, row.String())
}
