package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inline reads emphasis, code and links in one run of text.
func inline(s string) []Span {
	r := runner{s: s, without: map[string]bool{}}
	for r.at < len(s) {
		r.step()
	}
	r.flush()
	return r.out
}

// runner walks over a text once. Marks without a partner stay as written.
type runner struct {
	s            string
	at           int
	text         strings.Builder
	strong, weak string // the mark that opened, or ""
	without      map[string]bool
	out          []Span
}

func (r *runner) role() Role {
	if r.strong != "" || r.weak != "" {
		return Strong
	}
	return Plain
}

func (r *runner) flush() {
	if r.text.Len() > 0 {
		r.out = append(r.out, Span{r.text.String(), r.role()})
		r.text.Reset()
	}
}

func (r *runner) put(s string, role Role) {
	r.flush()
	r.out = append(r.out, Span{s, role})
}

func (r *runner) step() {
	rest := r.s[r.at:]
	switch c := rest[0]; {
	case c == '\\' && len(rest) > 1 && strings.IndexByte("\\`*_{}[]()#+-.!|>~<", rest[1]) >= 0:
		r.text.WriteByte(rest[1])
		r.at += 2
	case c == '`' && r.code(rest):
	case (c == '*' || c == '_') && r.emphasis(rest):
	case c == '!' && strings.HasPrefix(rest, "![") && r.link(rest[1:], 1):
	case c == '[' && r.link(rest, 0):
	default:
		_, n := utf8.DecodeRuneInString(rest)
		r.text.WriteString(rest[:n])
		r.at += n
	}
}

// has reports that mark comes again in rest. What was missing once is missing
// for good, which keeps a text of nothing but marks fast.
func (r *runner) has(rest, mark string) bool {
	if r.without[mark] {
		return false
	}
	if !strings.Contains(rest, mark) {
		r.without[mark] = true
		return false
	}
	return true
}

// code keeps its backticks: without colour they are all that tells.
func (r *runner) code(rest string) bool {
	n := len(rest) - len(strings.TrimLeft(rest, "`"))
	mark := rest[:n]
	end := -1
	if r.has(rest[n:], mark) {
		end = strings.Index(rest[n:], mark)
	}
	if end < 0 {
		r.text.WriteString(mark)
		r.at += n
		return true
	}
	r.put("`"+strings.Trim(rest[n:n+end], "` ")+"`", Code)
	r.at += n + end + n
	return true
}

// emphasis opens or closes stress.
func (r *runner) emphasis(rest string) bool {
	mark, open := rest[:1], &r.weak
	if len(rest) > 1 && rest[1] == rest[0] {
		mark, open = rest[:2], &r.strong
	}
	before, _ := utf8.DecodeLastRuneInString(r.s[:r.at])
	after, _ := utf8.DecodeRuneInString(rest[len(mark):])
	inWord := mark[0] == '_' && isWord(before) && isWord(after)
	switch {
	case inWord:
	case *open == mark && !unicode.IsSpace(before):
		r.flush()
		*open = ""
		r.at += len(mark)
		return true
	case *open == "" && after != utf8.RuneError && !unicode.IsSpace(after) && r.has(rest[len(mark):], mark):
		r.flush()
		*open = mark
		r.at += len(mark)
		return true
	}
	r.text.WriteString(mark)
	r.at += len(mark)
	return true
}

func isWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// link is its words and then its address, both to be read; skip is the length
// of what stands before the bracket.
func (r *runner) link(rest string, skip int) bool {
	end := strings.IndexAny(rest[1:], "[]")
	if end < 0 || !strings.HasPrefix(rest[1+end:], "](") {
		return false
	}
	words, tail := rest[1:1+end], rest[end+3:]
	shut := strings.IndexAny(tail, "()\n")
	if shut < 0 || tail[shut] != ')' {
		return false
	}
	address := strings.TrimSpace(tail[:shut])
	switch {
	case skip > 0:
		r.put("[picture: "+words+"]", Soft)
	case words == address || address == "":
		r.put(words, r.role())
	default:
		r.put(words, r.role())
		r.put(" ("+address+")", Soft)
	}
	r.at += skip + end + 3 + shut + 1
	return true
}

// stress gives plain pieces a role.
func stress(spans []Span, role Role) []Span {
	for i, s := range spans {
		if s.Role == Plain || s.Role == Strong {
			spans[i].Role = role
		}
	}
	return spans
}
