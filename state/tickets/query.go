package tickets

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Query is a filter somebody typed. The zero Query lets every ticket through.
type Query struct {
	terms []term
	words bool // holds free text, which may be somebody's name
}

// Facts are what a filter may ask besides the ticket itself.
type Facts struct {
	Now                   time.Time
	Unread, Mine, Snoozed bool
}

// term is one condition.
type term struct {
	field, value string
	not          bool
	ok           func(*Ticket, Facts) bool
}

// Mistake is what is wrong with a filter: a sentence that names the word and
// the remedy.
type Mistake struct{ sentence string }

func (m Mistake) Error() string { return m.sentence }

// UserMessage is the same sentence.
func (m Mistake) UserMessage() string { return m.sentence }

func mistake(format string, args ...any) error { return Mistake{fmt.Sprintf(format, args...)} }

// Language is the filter language in a few lines, for the help.
const Language = `state:open        open, closed, or the vendor's word ("in progress")
urgency:>2        also < >= <= or a number; a higher number is more urgent
source:emr        emr or c4
cat:"weight gain" the EMR's category, or one with an issue in Connect4Healthcare
older:2d          opened longer ago: m, h, d, w; newer: is the opposite
waiting:4h        has waited for us at least so long
is:unread         unread, waiting, mine, snoozed
anything else     stands in subject, number, category or name
-word             not this`

// Parse reads a filter. Every text either is a filter or gets a Mistake.
func Parse(text string) (Query, error) {
	var q Query
	pieces, err := split(text)
	if err != nil {
		return Query{}, err
	}
	for _, p := range pieces {
		t, err := p.term()
		if err != nil {
			return Query{}, err
		}
		q.words = q.words || t.field == ""
		q.terms = append(q.terms, t)
	}
	return q, nil
}

// String is the filter as it would be typed; Parse reads the same Query back.
func (q Query) String() string {
	var out []string
	for _, t := range q.terms {
		s := quoted(t.value, t.field == "")
		if t.field != "" {
			s = t.field + ":" + s
		}
		if t.not {
			s = "-" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// quoted puts quotes around what would be read as something else without.
func quoted(s string, bare bool) string {
	if s == "" || strings.ContainsFunc(s, unicode.IsSpace) || bare && (strings.Contains(s, ":") || strings.HasPrefix(s, "-")) {
		return `"` + s + `"`
	}
	return s
}

// Words reports that the filter has free words, which may be a name: it is not
// to be written anywhere.
func (q Query) Words() bool { return q.words }

// Match reports that every condition holds. Snoozed tickets are hidden from
// filters that do not ask for them.
func (q Query) Match(t *Ticket, f Facts) bool {
	asked := false
	for _, c := range q.terms {
		asked = asked || c.field == "is" && c.value == "snoozed"
		if c.ok(t, f) == c.not {
			return false
		}
	}
	return asked || !f.Snoozed
}

// piece is one word of a filter, with its quotes taken off.
type piece struct {
	field, value    string
	not, has, quote bool // "-" stood before it; a colon, quotes were in it
}

// split takes a filter apart at blanks outside of quotes.
func split(text string) ([]piece, error) {
	var out []piece
	rest := []rune(text)
	for i := 0; i < len(rest); {
		if unicode.IsSpace(rest[i]) {
			i++
			continue
		}
		var p piece
		if rest[i] == '-' && i+1 < len(rest) && !unicode.IsSpace(rest[i+1]) {
			p.not = true
			i++
		}
		var b strings.Builder
		for ; i < len(rest) && !unicode.IsSpace(rest[i]); i++ {
			switch {
			case rest[i] == ':' && !p.has && !p.quote && b.Len() > 0:
				p.has, p.field = true, strings.ToLower(b.String())
				b.Reset()
			case rest[i] == '"':
				p.quote = true
				end := i + 1
				for end < len(rest) && rest[end] != '"' {
					end++
				}
				if end == len(rest) {
					return nil, mistake("A quotation mark is open: close it, as in cat:\"weight gain\".")
				}
				b.WriteString(string(rest[i+1 : end]))
				i = end
			default:
				b.WriteRune(rest[i])
			}
		}
		p.value = b.String()
		out = append(out, p)
	}
	return out, nil
}

// term makes a condition of a word.
func (p piece) term() (term, error) {
	t := term{field: p.field, value: p.value, not: p.not}
	if !p.has {
		if fold(p.value) == "" {
			return t, mistake("There is nothing between the quotation marks: type a word, or leave them out.")
		}
		want := fold(p.value)
		t.ok = func(t *Ticket, _ Facts) bool { return strings.Contains(t.text, want) }
		return t, nil
	}
	make, known := fields[p.field]
	if !known {
		return t, mistake("There is no filter called %q: use state, urgency, source, cat, older, newer, waiting or is, or put the words in quotation marks.", p.field)
	}
	if strings.TrimSpace(p.value) == "" {
		return t, mistake("%s: wants something behind the colon, such as %s.", p.field, examples[p.field])
	}
	var err error
	t.ok, err = make(p.value)
	return t, err
}

// examples complete a sentence about a field.
var examples = map[string]string{
	"state": "state:open", "urgency": "urgency:>2", "source": "source:emr", "cat": `cat:"weight gain"`,
	"older": "older:2d", "newer": "newer:4h", "waiting": "waiting:4h", "is": "is:unread",
}

type condition = func(*Ticket, Facts) bool

var fields = map[string]func(value string) (condition, error){
	"state": state, "urgency": urgency, "source": source, "cat": category, "is": is,
	"older": func(v string) (condition, error) {
		return span("older", v, func(t *Ticket, f Facts, d time.Duration) bool {
			return !t.Created.IsZero() && f.Now.Sub(t.Created) >= d
		})
	},
	"newer": func(v string) (condition, error) {
		return span("newer", v, func(t *Ticket, f Facts, d time.Duration) bool {
			return !t.Created.IsZero() && f.Now.Sub(t.Created) < d
		})
	},
	"waiting": func(v string) (condition, error) {
		return span("waiting", v, func(t *Ticket, f Facts, d time.Duration) bool {
			return t.waiting != Stopped && !t.since.IsZero() && f.Now.Sub(t.since) >= d
		})
	},
}

func state(value string) (condition, error) {
	want := fold(value)
	switch want {
	case "open":
		return func(t *Ticket, _ Facts) bool { return !t.Closed() }, nil
	case "closed":
		return func(t *Ticket, _ Facts) bool { return t.Closed() }, nil
	}
	return func(t *Ticket, _ Facts) bool { return strings.HasPrefix(fold(t.Status.String()), want) }, nil
}

func source(value string) (condition, error) {
	want, ok := map[string]Source{"emr": EMR, "c4": Care, "c4h": Care, "connect4": Care, "connect4healthcare": Care, "naturaesoft": EMR}[fold(value)]
	if !ok {
		return nil, mistake("source: is emr or c4, not %q.", value)
	}
	return func(t *Ticket, _ Facts) bool { return t.Source == want }, nil
}

func category(value string) (condition, error) {
	want := fold(value)
	return func(t *Ticket, _ Facts) bool {
		if strings.Contains(fold(t.Category.String()), want) {
			return true
		}
		if t.Talk == nil {
			return false
		}
		for _, m := range t.Talk.Marks {
			if m.Level != NoIssue && strings.Contains(fold(m.Title.String()), want) {
				return true
			}
		}
		return false
	}, nil
}

func is(value string) (condition, error) {
	switch fold(value) {
	case "unread":
		return func(_ *Ticket, f Facts) bool { return f.Unread }, nil
	case "mine":
		return func(_ *Ticket, f Facts) bool { return f.Mine }, nil
	case "snoozed":
		return func(_ *Ticket, f Facts) bool { return f.Snoozed }, nil
	case "waiting":
		return func(t *Ticket, _ Facts) bool { return t.waiting != Stopped }, nil
	}
	return nil, mistake("is: knows unread, waiting, mine and snoozed, not %q.", value)
}

func urgency(value string) (condition, error) {
	rest := strings.TrimLeft(value, "<>=")
	op := value[:len(value)-len(rest)]
	n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(rest), "#"))
	if err != nil || n < 0 {
		return nil, mistake("urgency: wants a number, as in urgency:>2 or urgency:3, not %q.", value)
	}
	compare, ok := map[string]func(level int) bool{
		"": func(l int) bool { return l == n }, "=": func(l int) bool { return l == n },
		">": func(l int) bool { return l > n }, ">=": func(l int) bool { return l >= n },
		"<": func(l int) bool { return l < n }, "<=": func(l int) bool { return l <= n },
	}[op]
	if !ok {
		return nil, mistake("urgency: compares with >, >=, <, <= or a number alone, not with %q.", op)
	}
	// A ticket whose urgency nobody told is neither more nor less urgent.
	return func(t *Ticket, _ Facts) bool { return t.Level > 0 && compare(t.Level) }, nil
}

var units = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// longest is more than any ticket's age and less than a Duration can hold.
const longest = 10_000

func span(field, value string, ok func(*Ticket, Facts, time.Duration) bool) (condition, error) {
	unit, known := units[value[len(value)-1]]
	n, err := strconv.Atoi(value[:len(value)-1])
	if !known || err != nil || n < 0 || n > longest {
		return nil, mistake("%s: wants a number and m, h, d or w, as in %s:2d, not %q.", field, field, value)
	}
	return func(t *Ticket, f Facts) bool { return ok(t, f, time.Duration(n)*unit) }, nil
}
