package table

import "slices"

// room is the index of the row with an ID, which is about to be put there.
func (t *sheet) room(id string) (i int32, fresh bool) {
	if i, fresh = t.ids.claim(id, int32(len(t.marked))); !fresh {
		if t.folds != nil {
			t.folds[i] = ""
		}
		return i, false
	}
	t.marked = append(t.marked, false)
	if t.folds != nil {
		t.folds = append(t.folds, "")
	}
	return i, true
}

// anew orders and filters all rows again after many have changed. now maps an
// index from before to that of the same record; -1: it is gone.
func (t *sheet) anew(now func(int32) int32) {
	visible, cur := t.visible, t.cur
	t.order = t.sorted()
	t.visible = t.matching()
	t.reselect(visible, cur, now)
}

// place puts rows that were stored where they belong in order and visible.
func (t *sheet) place(touched []int32) {
	if len(touched) == 0 {
		t.aim()
		return
	}
	visible, cur := t.visible, t.cur
	slices.SortFunc(touched, t.compare)
	touched = slices.Compact(touched)
	moved := make([]bool, len(t.marked))
	for _, i := range touched {
		moved[i] = true
	}
	touched = slices.DeleteFunc(touched, func(i int32) bool {
		if t.lists(i) {
			return false
		}
		t.mark(i, false)
		return true
	})
	t.order = t.splice(t.order, moved, touched)
	matches := slices.DeleteFunc(touched, func(i int32) bool { return !t.match(i, t.terms) })
	t.visible = t.splice(visible, moved, matches)
	t.reselect(visible, cur, same)
}

// without takes rows away and returns where each old index is now, -1 for none;
// nil when there is nothing to take. The rows themselves are the caller's, who
// then calls moved.
func (t *sheet) without(ids []string) (now []int32) {
	now = make([]int32, len(t.marked))
	none := true
	for _, id := range ids {
		if i := t.index(id); i >= 0 {
			t.mark(i, false)
			now[i], none = -1, false
		}
	}
	if none {
		return nil
	}
	kept := int32(0)
	for i := range now {
		if now[i] < 0 {
			continue
		}
		now[i], t.marked[kept] = kept, t.marked[i]
		if t.folds != nil {
			t.folds[kept] = t.folds[i]
		}
		kept++
	}
	t.marked = t.marked[:kept]
	if t.folds != nil {
		clear(t.folds[kept:])
		t.folds = t.folds[:kept]
	}
	return now
}

// moved follows the rows to where they are now.
func (t *sheet) moved(now []int32) {
	t.ids.again(len(t.marked))
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

func (t *sheet) lists(i int32) bool { return t.listed == nil || t.listed(i) }

func (t *sheet) index(id string) int32 { return t.ids.index(id) }

func (t *sheet) mark(i int32, on bool) {
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

// same is where rows are that did not move.
func same(i int32) int32 { return i }
