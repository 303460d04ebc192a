package table

import (
	"slices"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

const (
	filterLimit = 200                     // runes of a filter
	slice       = 1500 * time.Microsecond // a filter's share of one Update
)

// scan is a filter being worked out: src[:pos] has been looked at, and out is
// what matched. Without terms it only gets the text ready to be searched.
type scan struct {
	terms    []string
	src, out []int32
	pos      int
}

// moreMsg asks a table to go on with a scan, or to take over an order. It
// decides nothing: what acts on a row finishes both first.
type moreMsg struct {
	owner any
	gen   uint64
}

// timeBox starts a clock that says when a scan has used its share.
func timeBox() func() bool {
	start, calls := time.Now(), 0
	return func() bool {
		calls++
		return calls%64 == 0 && time.Since(start) > slice
	}
}

// Filtering reports whether the filter's text field has the keyboard.
func (t *sheet) Filtering() bool { return t.filtering }

// Filter is the text the rows are filtered by.
func (t *sheet) Filter() string { return t.input.Value() }

// SetFilter shows only the rows that hold every word of text in some column;
// case and accents do not matter. "" shows all.
func (t *sheet) SetFilter(text string) {
	t.input.SetValue(printable(text))
	t.input.CursorEnd()
	t.search()
	t.finish()
}

// open gives the filter's field the keyboard. The first key is answered faster
// when the rows' text has been made ready by then.
func (t *sheet) open() tea.Cmd {
	t.reorder()
	t.filtering = true
	t.input.Focus()
	if t.scan != nil || len(t.terms) > 0 {
		return nil
	}
	return t.start(nil, t.order)
}

// leave gives the keyboard back to the rows; the filter stays applied, and the
// cursor is where it was seen.
func (t *sheet) leave() {
	t.settle()
	t.filtering = false
	t.input.Blur()
}

// search starts to apply the text in the field, from the narrowest result that
// holds all of the new one.
func (t *sheet) search() tea.Cmd {
	t.reorder()
	terms := strings.Fields(fold(t.input.Value()))
	if len(terms) == 0 {
		t.adopt(nil, t.order)
		return nil
	}
	src := t.order
	switch s := t.scan; {
	case s != nil && narrows(s.terms, terms):
		src = slices.Concat(s.out, s.src[s.pos:])
	case narrows(t.terms, terms):
		src = t.visible
	}
	return t.start(terms, src)
}

// narrows reports whether all that matches terms matches old too.
func narrows(old, terms []string) bool {
	for _, o := range old {
		if !slices.ContainsFunc(terms, func(n string) bool { return strings.Contains(n, o) }) {
			return false
		}
	}
	return true
}

func (t *sheet) start(terms []string, src []int32) tea.Cmd {
	t.gen++
	t.scan = &scan{terms: terms, src: src}
	return t.advance(t.spent())
}

// advance works on the scan until the time is spent, and returns what goes on
// with it then.
func (t *sheet) advance(spent func() bool) tea.Cmd {
	for s := t.scan; s.pos < len(s.src); s.pos++ {
		if spent() {
			more := moreMsg{owner: t, gen: t.gen}
			return func() tea.Msg { return more }
		}
		if i := s.src[s.pos]; t.match(i, s.terms) {
			s.out = append(s.out, i)
		}
	}
	s := t.scan
	if t.scan = nil; len(s.terms) > 0 {
		t.adopt(s.terms, s.out)
	}
	return nil
}

// more goes on with what was begun. What has been finished or replaced since is
// not missed.
func (t *sheet) more(m moreMsg) tea.Cmd {
	switch {
	case m.gen != t.gen:
	case t.sorter != nil:
		t.takeOver()
		return t.admit()
	case t.scan != nil:
		return t.advance(t.spent())
	}
	return nil
}

// finish ends the sorting and the scan now, however long they take: their
// outcome decides what the next step acts on.
func (t *sheet) finish() {
	t.reorder()
	t.scanned()
}

func (t *sheet) scanned() {
	if t.scan != nil && len(t.scan.terms) > 0 {
		t.advance(func() bool { return false })
	}
}

func (t *sheet) adopt(terms []string, visible []int32) {
	t.scan, t.terms, t.visible = nil, terms, visible
	t.aim()
}

// matching is what of order matches the filter that is applied.
func (t *sheet) matching() []int32 {
	out := make([]int32, 0, len(t.order))
	for _, i := range t.order {
		if t.match(i, t.terms) {
			out = append(out, i)
		}
	}
	return out
}

// match reports whether a row's text holds every term.
func (t *sheet) match(i int32, terms []string) bool {
	if len(terms) == 0 {
		return true
	}
	if t.folds == nil {
		t.folds = make([]string, len(t.marked))
	}
	if t.folds[i] == "" {
		t.folds[i] = t.text(i)
	}
	for _, term := range terms {
		if !strings.Contains(t.folds[i], term) {
			return false
		}
	}
	return true
}

// text is a row's folded cells, apart by a character no term can hold.
func (t *sheet) text(i int32) string {
	var room [256]byte
	b := room[:0]
	for _, c := range t.cols {
		b = append(appendFold(b, c.cell(i)), '\n')
	}
	return string(b)
}

// printable is what of pasted text a one-line field may hold.
func printable(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			r = ' '
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			continue
		}
		if n++; n > filterLimit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
