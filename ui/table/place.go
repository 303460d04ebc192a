package table

// Place is the cursor's row among those the filter lets through, from 0, and
// how many those are: what loads pages as the cursor nears the end goes by it.
// It does not wait for rows that are being sorted.
func (t *sheet) Place() (at, of int) {
	t.scanned()
	return t.cur, len(t.visible)
}

// Order is the column the rows are sorted by, -1 for none, and whether from
// the other end.
func (t *sheet) Order() (col int, desc bool) { return t.sortBy, t.desc }
