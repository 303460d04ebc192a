// Package table shows records in rows and keeps the cursor, the marks, the
// filter and the order of them by record ID, so that a refresh never moves a
// person to another record. It draws only the rows that can be seen and works
// the same with ten rows and with a hundred thousand. It must not know what
// its records are, nor where they come from.
package table

import (
	"cmp"
	"slices"

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
	Key   func(R) string         // in place of Less: sorts by this text, made once for each row
}

// Table is a list of records. It is changed on the update goroutine only.
type Table[R any] struct {
	sheet
	id      func(R) string
	columns []Column[R]
	rows    []R  // as they came
	lent    bool // somebody may be reading rows: they change in a copy
}

// New makes an empty table. id returns the record's lasting identity; of two
// rows with one ID the later replaces the earlier.
func New[R any](th *theme.Theme, id func(R) string, cols ...Column[R]) *Table[R] {
	t := &Table[R]{id: id, columns: cols}
	faces := make([]face, len(cols))
	for i, c := range cols {
		faces[i] = c.face(&t.rows)
	}
	t.lay(th, func(i int32) string { return id(t.rows[i]) }, faces)
	t.still = func(col int) face {
		rows := t.rows // of which none is changed before the order is there
		return cols[col].face(&rows)
	}
	return t
}

// face is the column over rows.
func (c Column[R]) face(rows *[]R) face {
	f := face{Title: c.Title, Min: c.Min, Max: c.Max, Right: c.Right, Drop: c.Drop,
		cell: func(i int32) string { return c.Cell((*rows)[i]) }}
	if c.Style != nil {
		f.style = func(i int32) lipgloss.Style { return c.Style((*rows)[i]) }
	}
	switch {
	case c.Key != nil:
		f.key = func(i int32) string { return c.Key((*rows)[i]) }
		f.less = func(i, j int32) int { return cmp.Compare(c.Key((*rows)[i]), c.Key((*rows)[j])) }
	case c.Less != nil:
		f.less = func(i, j int32) int { return c.Less((*rows)[i], (*rows)[j]) }
	}
	return f
}

// WithoutMarks takes marking away: its keys go to the view, its column to the
// others.
func (t *Table[R]) WithoutMarks() *Table[R] {
	t.ClearMarks()
	t.unmarkable = true
	t.arrange()
	return t
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
	if i := t.index(id); i >= 0 {
		return t.rows[i], true
	}
	return row, false
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

// Marked returns the marked rows in the order of the table, with those the
// filter hides.
func (t *Table[R]) Marked() []R {
	t.reorder()
	out := make([]R, 0, t.marks)
	for _, i := range t.order {
		if t.marked[i] {
			out = append(out, t.rows[i])
		}
	}
	return out
}
