// Package table shows records in rows and keeps the cursor, the marks, the
// filter and the order of them by record ID, so that a refresh never moves a
// person to another record. It draws only the rows that can be seen and works
// the same with ten rows and with a hundred thousand. It must not know what
// its records are, nor where they come from.
package table

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"

	"frontdesk/ui/theme"
)

// Column is one column of a table. Cell and Less depend on the row alone: what
// Cell returned is remembered for the filter until the row is set again, and
// Less may run twice at a time. Rows are handed about by value: big records
// are better listed by pointer.
type Column[R any] struct {
	Title string
	Min   int                    // cells it needs; a narrow screen may still cut it
	Max   int                    // cells it can use; 0: as many as there are
	Right bool                   // text at the right edge
	Drop  int                    // a narrow screen drops the highest first; 0: never
	Cell  func(R) string         // plain text, already safe to show
	Style func(R) lipgloss.Style // optional; the cursor's row does not use it
	Less  func(a, b R) int       // optional: makes the column sortable; as cmp.Compare
}

// Table is a list of records. It is changed on the update goroutine only.
//
// The cursor is a record, not a place: anchor is the record chosen last, and
// the row under the cursor is the anchor or, where the filter hides it, the
// next one shown. That makes it independent of how far a filter had got when
// the next key came.
type Table[R any] struct {
	th   *theme.Theme
	id   func(R) string
	cols []Column[R]

	rows    []R              // as they came
	lent    bool             // somebody may be reading rows: they change in a copy
	byID    map[string]int32 // index in rows
	folds   []string         // by index: text to search, "" until it is needed; nil before any was
	marked  []bool           // by index
	marks   int              // how many are marked
	keep    func(R) bool     // nil: every row is listed
	order   []int32          // indices in rows of those listed, sorted; never changed in place
	visible []int32          // those of order that match terms; likewise
	terms   []string

	anchor int32 // index in rows; -1: none yet
	picked bool  // a person has chosen the anchor
	cur    int   // index in visible
	line   int   // the cursor's wanted line in the body

	sortBy int // index in cols; -1: as the rows came
	desc   bool

	input     textinput.Model
	filtering bool
	scan      *scan // the filter being worked out; nil: visible is complete
	gen       uint64
	spent     func() func() bool // starts a clock that tells when to pause

	width, height int
	gap           int
	widths        []int // by column; 0: dropped
	tight         bool  // even the columns that are left do not fit
	unmarkable    bool

	loading, failed, stale, empty string

	browsing, typing []action
}

// New makes an empty table. id returns the record's lasting identity; of two
// rows with one ID the later replaces the earlier.
func New[R any](th *theme.Theme, id func(R) string, cols ...Column[R]) *Table[R] {
	t := &Table[R]{
		th: th, id: id, cols: cols, byID: map[string]int32{},
		anchor: -1, sortBy: -1, input: textinput.New(), spent: timeBox,
		widths: make([]int, len(cols)), empty: "There is nothing here.",
	}
	t.input.SetVirtualCursor(false)
	t.input.CharLimit = filterLimit
	t.input.KeyMap.Paste.SetEnabled(false) // it reads another machine's clipboard
	t.bind()
	return t
}

// WithoutMarks takes marking away: its keys go to the view, its column to the
// others.
func (t *Table[R]) WithoutMarks() *Table[R] {
	t.ClearMarks()
	t.unmarkable = true
	t.arrange()
	return t
}

// Resize gives the table the cells it may fill.
func (t *Table[R]) Resize(width, height int) {
	t.width, t.height = width, height
	t.arrange()
}

// Rows returns every row in the order given, listed or not, filtered out or
// not. The slice is the table's own: read it before the table changes, and leave
// it unchanged.
func (t *Table[R]) Rows() []R { return slices.Clip(t.rows) }

// Lend returns what Rows does, to be read on any goroutine for as long as it
// takes: changes of the table do not reach it.
func (t *Table[R]) Lend() []R {
	t.lent = true
	return t.Rows()
}

// Row is the row with an ID, listed or not.
func (t *Table[R]) Row(id string) (row R, ok bool) {
	i, ok := t.byID[id]
	if ok {
		row = t.rows[i]
	}
	return row, ok
}

// Len is the number of rows the filter lets through.
func (t *Table[R]) Len() int {
	t.finish()
	return len(t.visible)
}

// Selected is the row under the cursor; false when no row is shown. It finishes
// a filter that is still being worked out, so it is what the keys typed so far
// have chosen.
func (t *Table[R]) Selected() (R, bool) {
	t.finish()
	if len(t.visible) == 0 {
		var none R
		return none, false
	}
	return t.rows[t.visible[t.cur]], true
}

// Bare reports that no row is shown, so that what acts on one does nothing.
func (t *Table[R]) Bare() bool { return len(t.visible) == 0 }

// Select puts the cursor on a record. It returns false and changes nothing when
// there is no such record or the filter hides it.
func (t *Table[R]) Select(id string) bool {
	t.finish()
	row, ok := t.byID[id]
	if !ok {
		return false
	}
	at, ok := t.find(row)
	if ok {
		t.pick(at, t.top())
	}
	return ok
}

// Marked returns the marked rows in the order of the table, with those the
// filter hides.
func (t *Table[R]) Marked() []R {
	out := make([]R, 0, t.marks)
	for _, i := range t.order {
		if t.marked[i] {
			out = append(out, t.rows[i])
		}
	}
	return out
}

// ClearMarks unmarks every row.
func (t *Table[R]) ClearMarks() {
	clear(t.marked)
	t.marks = 0
}

// SetLoading says in words what is being fetched, in the body while there are
// no rows and below them otherwise; it takes an earlier failure away. "" says
// it is over; Set and SetFailed do too.
func (t *Table[R]) SetLoading(words string) {
	if t.loading = oneLine(words); words != "" {
		t.failed = ""
	}
}

// SetFailed says in a sentence that fetching failed and what to press. The rows
// there are stay. "" takes it back; so does Set.
func (t *Table[R]) SetFailed(sentence string) {
	t.failed, t.loading = oneLine(sentence), ""
}

// SetStale says in words how old the rows are ("as of 9:41"). "" takes it back;
// so does Set.
func (t *Table[R]) SetStale(words string) { t.stale = oneLine(words) }

// SetEmpty sets what the body says when there are no rows.
func (t *Table[R]) SetEmpty(words string) { t.empty = oneLine(words) }

// oneLine makes control characters blanks, so that no text can leave its line.
func oneLine(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return strings.Map(func(r rune) rune {
				if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
					return ' '
				}
				return r
			}, s)
		}
	}
	return s
}
