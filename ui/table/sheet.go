package table

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"

	"frontdesk/ui/theme"
)

// face is a column without what its records are: rows are told by their index.
type face struct {
	Title string
	Min   int
	Max   int
	Right bool
	Drop  int
	cell  func(i int32) string
	style func(i int32) lipgloss.Style // nil: none
	less  func(i, j int32) int         // nil: not sortable
	key   func(i int32) string         // what less compares; nil: something else
}

// sheet is all of a table that need not know what its records are, so that a
// program has it once. It knows rows by their index.
//
// The cursor is a record, not a place: anchor is the record chosen last, and
// the row under the cursor is the anchor or, where the filter hides it, the
// next one shown. That makes it independent of how far a filter had got when
// the next key came.
type sheet struct {
	th   *theme.Theme
	cols []face

	ids     finder
	folds   []string         // by index: text to search, "" until it is needed; nil before any was
	marked  []bool           // by index: as long as there are rows
	marks   int              // how many are marked
	listed  func(int32) bool // nil: every row is
	order   []int32          // indices of the rows listed, sorted; never changed in place
	visible []int32          // those of order that match terms; likewise
	terms   []string

	struck string // id of the record clicked last
	twice  bool   // and the time before

	anchor int32 // index of a row; -1: none yet
	picked bool  // a person has chosen the anchor
	cur    int   // index in visible
	line   int   // the cursor's wanted line in the body

	sortBy int // index in cols; -1: as the rows came
	desc   bool
	still  func(col int) face // a column over the rows as they are now, whatever becomes of them
	sorter *sorting           // the order being worked out; nil: order is by sortBy
	fresh  []int32            // rows listed that get into order after that; none without a sorter
	aside  int                // the constant of that name, but in tests

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

	loading, failed, stale, empty, missed string

	browsing, typing []action
}

// lay makes an empty sheet; of is the id of a row.
func (t *sheet) lay(th *theme.Theme, of func(i int32) string, cols []face) {
	*t = sheet{
		th: th, cols: cols, ids: newFinder(of, 0),
		anchor: -1, sortBy: -1, input: textinput.New(), spent: timeBox, aside: aside,
		widths: make([]int, len(cols)), empty: "There is nothing here.",
	}
	t.input.SetVirtualCursor(false)
	t.input.CharLimit = filterLimit
	t.input.KeyMap.Paste.SetEnabled(false) // it reads another machine's clipboard
	t.bind()
}

// Bare reports that no row is shown, so that what acts on one does nothing.
func (t *sheet) Bare() bool { return len(t.visible) == 0 }

// Resize gives the table the cells it may fill.
func (t *sheet) Resize(width, height int) {
	t.width, t.height = width, height
	t.arrange()
}

// Len is the number of rows the filter lets through.
func (t *sheet) Len() int {
	t.finish()
	return len(t.visible)
}

// Select puts the cursor on a record. It returns false and changes nothing when
// there is no such record or the filter hides it.
func (t *sheet) Select(id string) bool {
	t.finish()
	row := t.index(id)
	if row < 0 {
		return false
	}
	at, ok := t.find(row)
	if ok {
		t.pick(at, t.top())
	}
	return ok
}

// Top puts the cursor on the first row shown, if there is any.
func (t *sheet) Top() {
	t.finish()
	if len(t.visible) > 0 {
		t.pick(0, 0)
	}
}

// ClearMarks unmarks every row.
func (t *sheet) ClearMarks() {
	clear(t.marked)
	t.marks = 0
}

// Unmark unmarks the row with this id, if there is one.
func (t *sheet) Unmark(id string) {
	if i := t.index(id); i >= 0 {
		t.mark(i, false)
	}
}

// SetLoading says in words what is being fetched, in the body while there are
// no rows and below them otherwise; it takes an earlier failure away. "" says
// it is over; Set and SetFailed do too.
func (t *sheet) SetLoading(words string) {
	if t.loading = oneLine(words); words != "" {
		t.failed = ""
	}
}

// SetFailed says in a sentence that fetching failed and what to press. The rows
// there are stay. "" takes it back; so does Set.
func (t *sheet) SetFailed(sentence string) {
	t.failed, t.loading = oneLine(sentence), ""
}

// SetStale says in words how old the rows are ("as of 9:41"). "" takes it back;
// so does Set.
func (t *sheet) SetStale(words string) { t.stale = oneLine(words) }

// SetEmpty sets what the body says when there are no rows.
func (t *sheet) SetEmpty(words string) { t.empty = oneLine(words) }

// SetMissed sets what to do when there are rows and the filter matches none.
func (t *sheet) SetMissed(words string) { t.missed = oneLine(words) }

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
