package table

import "slices"

// Set replaces all rows by a copy of rows. Marks and the cursor stay on their
// records; if the cursor's is gone, it goes to the nearest that is left. What
// was said of loading, failure and age is over.
func (t *Table[R]) Set(rows []R) {
	t.settle()
	was, marked, visible, cur := t.rows, t.marked, t.visible, t.cur
	t.rows, t.lent, t.folds, t.marked, t.marks = make([]R, 0, len(rows)), false, nil, nil, 0
	t.byID = make(map[string]int32, len(rows))
	for _, r := range rows {
		t.put(r)
	}
	now := func(i int32) int32 { return t.index(t.id(was[i])) }
	for i, on := range marked {
		if !on {
			continue
		}
		if i := now(int32(i)); i >= 0 && t.listed(i) {
			t.mark(i, true)
		}
	}
	t.resort()
	t.visible = t.matching()
	t.reselect(visible, cur, now)
	t.loading, t.failed, t.stale = "", "", ""
}

// List lists only the rows keep lets through, and all of them with nil: the
// others stay in the table and lose their marks. keep depends on the row alone.
// The cursor stays on its record or goes to the nearest that is listed.
func (t *Table[R]) List(keep func(R) bool) {
	t.settle()
	visible, cur := t.visible, t.cur
	t.keep = keep
	for i := range t.rows {
		if t.marked[i] && !t.listed(int32(i)) {
			t.mark(int32(i), false)
		}
	}
	t.resort()
	t.visible = t.matching()
	t.reselect(visible, cur, func(i int32) int32 { return i })
}

func (t *Table[R]) listed(i int32) bool { return t.keep == nil || t.keep(t.rows[i]) }

// Upsert replaces the rows whose IDs are known and adds the others, in the
// order of the table. The cursor stays on its record.
func (t *Table[R]) Upsert(rows ...R) {
	t.settle()
	visible, cur := t.visible, t.cur
	touched := make([]int32, 0, len(rows))
	for _, r := range rows {
		touched = append(touched, t.put(r))
	}
	slices.SortFunc(touched, t.compare)
	touched = slices.Compact(touched)
	moved := make([]bool, len(t.rows))
	for _, i := range touched {
		moved[i] = true
	}
	touched = slices.DeleteFunc(touched, func(i int32) bool {
		if t.listed(i) {
			return false
		}
		t.mark(i, false)
		return true
	})
	t.order = t.splice(t.order, moved, touched)
	matches := slices.DeleteFunc(touched, func(i int32) bool { return !t.match(i, t.terms) })
	t.visible = t.splice(visible, moved, matches)
	t.reselect(visible, cur, func(i int32) int32 { return i })
}

// Remove takes records away. The cursor goes to the nearest that is left.
func (t *Table[R]) Remove(ids ...string) {
	t.settle()
	gone := make([]bool, len(t.rows))
	for _, id := range ids {
		if i := t.index(id); i >= 0 {
			gone[i] = true
			t.mark(i, false)
			delete(t.byID, id)
		}
	}
	if !slices.Contains(gone, true) {
		return
	}
	now := t.close(gone)
	relabel := func(list []int32) []int32 {
		out := make([]int32, 0, len(list))
		for _, i := range list {
			if now[i] >= 0 {
				out = append(out, now[i])
			}
		}
		return out
	}
	visible, cur := t.visible, t.cur
	t.order, t.visible = relabel(t.order), relabel(visible)
	t.reselect(visible, cur, func(i int32) int32 { return now[i] })
}

// close moves the rows together over the ones gone and returns where each old
// index is now, -1 for none.
func (t *Table[R]) close(gone []bool) []int32 {
	t.own()
	now := make([]int32, len(t.rows))
	kept := int32(0)
	for i := range t.rows {
		if gone[i] {
			now[i] = -1
			continue
		}
		now[i] = kept
		if int32(i) != kept {
			t.rows[kept], t.marked[kept] = t.rows[i], t.marked[i]
			if t.folds != nil {
				t.folds[kept] = t.folds[i]
			}
			t.byID[t.id(t.rows[kept])] = kept
		}
		kept++
	}
	clear(t.rows[kept:])
	t.rows, t.marked = t.rows[:kept], t.marked[:kept]
	if t.folds != nil {
		clear(t.folds[kept:])
		t.folds = t.folds[:kept]
	}
	return now
}

// put stores one row and returns its index; order and visible are the
// caller's.
func (t *Table[R]) put(r R) int32 {
	id := t.id(r)
	if i := t.index(id); i >= 0 {
		t.own()
		t.rows[i] = r
		if t.folds != nil {
			t.folds[i] = ""
		}
		return i
	}
	i := int32(len(t.rows))
	t.byID[id] = i
	t.rows, t.marked = append(t.rows, r), append(t.marked, false)
	if t.folds != nil {
		t.folds = append(t.folds, "")
	}
	return i
}

// own makes the rows the table's alone, before one is changed in its place.
func (t *Table[R]) own() {
	if t.lent {
		t.rows, t.lent = slices.Clone(t.rows), false
	}
}

func (t *Table[R]) index(id string) int32 {
	if i, ok := t.byID[id]; ok {
		return i
	}
	return -1
}

func (t *Table[R]) mark(i int32, on bool) {
	if t.marked[i] == on {
		return
	}
	t.marked[i] = on
	if on {
		t.marks++
	} else {
		t.marks--
	}
}
