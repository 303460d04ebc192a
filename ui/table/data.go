package table

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Set replaces all rows by a copy of rows. Marks and the cursor stay on their
// records; if the cursor's is gone, it goes to the nearest that is left. What
// was said of loading, failure and age is over.
func (t *Table[R]) Set(rows []R) {
	t.settle()
	was, marked := t.rows, t.marked
	t.rows, t.lent = make([]R, 0, len(rows)), false
	t.marked, t.marks, t.folds = nil, 0, nil
	t.ids = newFinder(t.ids.of, len(rows))
	for _, r := range rows {
		t.put(r)
	}
	now := func(i int32) int32 { return t.index(t.id(was[i])) }
	for i, on := range marked {
		if !on {
			continue
		}
		if i := now(int32(i)); i >= 0 && t.lists(i) {
			t.mark(i, true)
		}
	}
	t.anew(now)
	t.loading, t.failed, t.stale = "", "", ""
}

// List lists only the rows keep lets through, and all of them with nil: the
// others stay in the table and lose their marks. keep depends on the row alone.
// The cursor stays on its record or goes to the nearest that is listed.
func (t *Table[R]) List(keep func(R) bool) {
	t.settle()
	if t.listed = nil; keep != nil {
		t.listed = func(i int32) bool { return keep(t.rows[i]) }
	}
	for i := range t.marked {
		if !t.lists(int32(i)) {
			t.mark(int32(i), false)
		}
	}
	t.anew(same)
}

// Upsert replaces the rows whose IDs are known and adds the others, in the
// order of the table. The cursor stays on its record.
func (t *Table[R]) Upsert(rows ...R) {
	t.settle()
	touched := make([]int32, 0, len(rows))
	for _, r := range rows {
		if i, moves := t.renew(r); moves {
			touched = append(touched, i)
		}
	}
	t.place(touched)
}

// Append does what Upsert does, for pages of a long list: among sorted rows many
// new ones are shown once they are in order, which the command sees to.
// Rows, Row and the count know them at once; everything that acts on a row waits
// for them.
func (t *Table[R]) Append(rows ...R) tea.Cmd {
	few := len(t.order) < t.aside && 10*len(rows) < t.aside
	if few || t.sortBy < 0 && t.sorter == nil {
		t.Upsert(rows...)
		return nil
	}
	if t.sorter == nil {
		t.settle()
	}
	var known []R
	var listed []int32
	for _, r := range rows {
		i, fresh := t.room(t.id(r))
		if !fresh {
			known = append(known, r)
			continue
		}
		if t.rows = append(t.rows, r); t.lists(i) {
			listed = append(listed, i)
		}
	}
	if len(known) > 0 {
		t.Upsert(known...)
	}
	if t.fresh = append(t.fresh, listed...); t.sorter != nil { // it goes on with these
		return nil
	}
	return t.admit()
}

// Remove takes records away. The cursor goes to the nearest that is left.
func (t *Table[R]) Remove(ids ...string) {
	t.settle()
	now := t.without(ids)
	if now == nil {
		return
	}
	t.own()
	for i, to := range now {
		if to >= 0 {
			t.rows[to] = t.rows[i]
		}
	}
	clear(t.rows[len(t.marked):])
	t.rows = t.rows[:len(t.marked)]
	t.moved(now)
}

// put stores one row and returns its index; order and visible are the
// caller's.
func (t *Table[R]) put(r R) int32 {
	i, fresh := t.room(t.id(r))
	if fresh {
		t.rows = append(t.rows, r)
	} else {
		t.own()
		t.rows[i] = r
	}
	return i
}

// renew puts a row and reports whether it may belong elsewhere than before.
func (t *Table[R]) renew(r R) (i int32, moves bool) {
	if i = t.index(t.id(r)); i < 0 {
		return t.put(r), true
	}
	was, listed, matched := t.rows[i], t.lists(i), t.match(i, t.terms)
	t.put(r)
	switch {
	case listed != t.lists(i), matched != t.match(i, t.terms):
		return i, true
	case t.sortBy < 0:
		return i, false
	}
	return i, t.columns[t.sortBy].face(&[]R{was, r}).less(0, 1) != 0
}

// own makes the rows the table's alone, before one is changed in its place.
func (t *Table[R]) own() {
	if t.lent {
		t.rows, t.lent = slices.Clone(t.rows), false
	}
}
