package table

// settle makes visible, anchor and line what the keys so far have made them,
// before the rows or their order change.
func (t *sheet) settle() {
	t.finish()
	t.scan = nil
	t.stand()
}

// stand makes the row under the cursor the one the cursor stays on.
func (t *sheet) stand() {
	if len(t.visible) > 0 {
		t.anchor, t.line = t.visible[t.cur], t.cur-t.top()
	}
}

// reselect finds the anchor again after a change. old and cur are what was
// shown and where the cursor was; now maps an old index to the new, -1 when
// the record is gone.
func (t *sheet) reselect(old []int32, cur int, now func(int32) int32) {
	next := int32(-1)
	if t.anchor >= 0 {
		next = now(t.anchor)
	}
	if at := t.survivor(old, cur, now); at >= 0 {
		next = at
	}
	if t.anchor = next; next < 0 {
		t.picked, t.line = false, 0
	}
	t.aim()
}

// survivor is the first record shown before and now, from the cursor on down
// and then up; -1 when there is none.
func (t *sheet) survivor(old []int32, cur int, now func(int32) int32) int32 {
	shown := func(i int32) bool {
		if i < 0 || len(t.terms) == 0 && t.listed == nil {
			return i >= 0
		}
		_, ok := t.find(i)
		return ok
	}
	for _, i := range old[min(cur, len(old)):] {
		if i = now(i); shown(i) {
			return i
		}
	}
	for at := min(cur, len(old)) - 1; at >= 0; at-- {
		if i := now(old[at]); shown(i) {
			return i
		}
	}
	return -1
}

// aim puts the cursor on the anchor, or on the row after the place where it
// would be.
func (t *sheet) aim() {
	t.cur = 0
	if t.anchor >= 0 {
		t.cur, _ = t.find(t.anchor)
		t.cur = max(0, min(t.cur, len(t.visible)-1))
	}
	if !t.picked {
		// Nobody has moved yet: rows that arrive above push the cursor's down
		// instead of vanishing over the edge.
		t.line = t.cur
	}
}

// pick makes the row at an index of visible the chosen one, with top as the
// first row drawn if that shows it.
func (t *sheet) pick(at, top int) {
	t.cur, t.picked = at, true
	t.anchor = t.visible[at]
	t.line = max(0, min(at-top, t.body()-1))
}

// move takes the cursor n rows down and scrolls only when it must.
func (t *sheet) move(n int) {
	t.finish()
	if len(t.visible) > 0 {
		t.pick(t.clamp(t.cur+n), t.top())
	}
}

// page takes the cursor n rows down and the rows on the screen with it.
func (t *sheet) page(n int) {
	t.finish()
	if len(t.visible) > 0 {
		at := t.clamp(t.cur + n)
		t.pick(at, t.top()+at-t.cur)
	}
}

func (t *sheet) clamp(at int) int { return max(0, min(at, len(t.visible)-1)) }

// top is the index in visible of the first row drawn. It follows from the
// cursor and its wanted line, so nothing else needs to keep the two together.
func (t *sheet) top() int {
	body := t.body()
	return max(0, min(t.cur-max(0, min(t.line, body-1)), len(t.visible)-body))
}
