package table

// gutter is the cells before the first column: cursor, mark, a blank.
func (t *sheet) gutter() int {
	if t.unmarkable {
		return 2
	}
	return 3
}

// arrange divides the width: columns are dropped until the least each needs
// fits, then those left share what remains.
func (t *sheet) arrange() {
	for i, c := range t.cols {
		t.widths[i] = max(1, c.Min)
	}
	if t.gap = 2; t.free() < 0 {
		t.gap = 1
	}
	for t.free() < 0 && t.drop() {
	}
	t.tight = t.free() < 0
	for free, grew := t.free(), true; free > 0 && grew; {
		grew = false
		for i, c := range t.cols {
			if free > 0 && t.widths[i] > 0 && (c.Max == 0 || t.widths[i] < c.Max) {
				t.widths[i]++
				free--
				grew = true
			}
		}
	}
}

// free is how many cells are left beside the columns; negative: are missing.
func (t *sheet) free() int {
	used, gaps := t.gutter(), -t.gap
	for _, w := range t.widths {
		if w > 0 {
			used, gaps = used+w, gaps+t.gap
		}
	}
	return t.width - used - max(0, gaps)
}

// drop takes away the column with the highest Drop, of equals the rightmost.
// It returns false when none may go.
func (t *sheet) drop() bool {
	at := -1
	for i, c := range t.cols {
		if c.Drop > 0 && t.widths[i] > 0 && (at < 0 || c.Drop >= t.cols[at].Drop) {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	t.widths[at] = 0
	return true
}

// foot is the number of lines below the rows: the status, and above it the
// whole sentence of a failure where there is room for it.
func (t *sheet) foot() int {
	if t.height < 2 && !t.filtering {
		return 0
	}
	return 1 + len(t.notice())
}

// head is the number of header lines.
func (t *sheet) head() int {
	if t.height-t.foot() < 2 {
		return 0
	}
	return 1
}

// body is the number of lines for rows.
func (t *sheet) body() int { return max(0, t.height-t.head()-t.foot()) }
