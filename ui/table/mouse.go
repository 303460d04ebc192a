package table

import tea "charm.land/bubbletea/v2"

// wheelStep is the rows one notch of a mouse wheel moves.
const wheelStep = 3

// DoubleMsg is the second of two quick clicks, sent after the click itself. Open
// is set when both were on one record: whoever sent it then presses the key that
// opens it.
type DoubleMsg struct {
	tea.MouseClickMsg
	Open *bool
}

// click chooses the row under a cell counted from the table's upper left corner,
// or sorts by the column whose head is there.
func (t *sheet) click(m tea.MouseClickMsg) (bool, tea.Cmd) {
	if m.Button != tea.MouseLeft {
		return false, nil
	}
	if m.Y == 0 && t.head() > 0 {
		return t.sortUnder(m.X)
	}
	last := t.struck
	t.struck, t.twice = "", false
	at := t.under(m.X, m.Y)
	if at < 0 {
		return false, nil
	}
	t.pick(at, t.top())
	t.struck = t.ids.of(t.anchor)
	t.twice = t.struck == last && last != ""
	return true, nil
}

// double takes the second of two clicks on a record.
func (t *sheet) double(m DoubleMsg) bool {
	at := t.under(m.X, m.Y)
	if at < 0 || !t.twice || t.ids.of(t.visible[at]) != t.struck {
		return false
	}
	if t.filtering {
		t.leave()
	}
	*m.Open, t.twice = true, false
	return true
}

// under is the index in visible of the row under a cell, or -1.
func (t *sheet) under(x, y int) int {
	t.finish()
	line := y - t.head()
	at := t.top() + line
	if x < 0 || x >= t.width || line < 0 || line >= t.body() || at >= len(t.visible) {
		return -1
	}
	return at
}

// sortUnder sorts by the column under a cell of the header, and the other way
// round if it is sorted by that already.
func (t *sheet) sortUnder(x int) (bool, tea.Cmd) {
	from := t.gutter()
	for i, w := range t.widths {
		if w == 0 {
			continue
		}
		if x >= from && x < min(from+w, t.width) && t.cols[i].less != nil {
			return true, t.sort(i, i == t.sortBy && !t.desc)
		}
		from += w + t.gap
	}
	return false, nil
}

// turn takes the cursor along with the wheel: a key must not act on a record
// that has been scrolled out of sight.
func (t *sheet) turn(b tea.MouseButton) bool {
	switch b {
	case tea.MouseWheelUp:
		t.move(-wheelStep)
	case tea.MouseWheelDown:
		t.move(wheelStep)
	default:
		return false
	}
	return true
}
