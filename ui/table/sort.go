package table

import (
	"cmp"
	"slices"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// aside is the number of rows from which sorting is done beside the screen; of
// the rows of a page a tenth is enough.
const aside = 5_000

// sorting is an order being worked out, by whoever comes first: the command a
// key or a page has left, or what needs the order.
type sorting struct {
	once  sync.Once
	work  func() []int32 // leaves the sheet alone, which may go on meanwhile
	order []int32
	added []int32 // rows of a page: order has them, the one before had not
}

func (s *sorting) done() []int32 {
	s.once.Do(func() { s.order = s.work() })
	return s.order
}

// Sort orders the rows by a column, rows that tie as they came. A col that is
// not a sortable column's index means as they came altogether.
func (t *sheet) Sort(col int, desc bool) {
	t.sort(col, desc)
	t.finish()
}

// sort begins to. Until the order is there the rows are shown in the one
// before; everything that changes rows, or acts on one, finishes it first.
func (t *sheet) sort(col int, desc bool) tea.Cmd {
	t.settle()
	if col < 0 || col >= len(t.cols) || t.cols[col].less == nil {
		col, desc = -1, false
	}
	turns := col >= 0 && col == t.sortBy && desc != t.desc
	t.sortBy, t.desc = col, desc
	order, by := t.order, t.rank(t.still)
	t.sorter = &sorting{work: func() []int32 {
		if turns {
			return by.turned(order)
		}
		list := slices.Clone(order)
		slices.Sort(list)
		return by.sorted(list)
	}}
	if len(t.order) < t.aside {
		t.reorder()
		return nil
	}
	return t.later()
}

// later works the order out in a command.
func (t *sheet) later() tea.Cmd {
	t.gen++
	s, more := t.sorter, moreMsg{owner: t, gen: t.gen}
	return func() tea.Msg {
		s.done()
		return more
	}
}

// reorder takes over the order that was worked out, with the pages that have
// come meanwhile; it waits for them.
func (t *sheet) reorder() {
	for t.sorter != nil {
		t.takeOver()
		t.admit()
	}
}

// takeOver waits for the order being worked out.
func (t *sheet) takeOver() {
	s := t.sorter
	t.order, t.sorter = s.done(), nil
	visible := t.visible
	if t.visible = t.order; len(t.terms) > 0 {
		shown := make([]bool, len(t.marked))
		for _, i := range visible {
			shown[i] = true
		}
		for _, i := range s.added {
			shown[i] = t.match(i, t.terms)
		}
		t.visible = slices.DeleteFunc(slices.Clone(t.order), func(i int32) bool { return !shown[i] })
	}
	if t.aim(); len(t.fresh) > 0 {
		t.stand() // as before each page that comes
	}
}

// admit begins to put the pages that have come among the rows.
func (t *sheet) admit() tea.Cmd {
	if len(t.fresh) == 0 {
		return nil
	}
	order, added, by := t.order, t.fresh, t.rank(t.still)
	t.fresh = nil
	t.sorter = &sorting{added: added, work: func() []int32 { return by.joined(order, added) }}
	return t.later()
}

// gather ends the joining of pages now.
func (t *sheet) gather() {
	if t.coming() > 0 {
		t.reorder()
	}
}

// coming is how many rows are listed and not in order yet.
func (t *sheet) coming() int {
	if t.sorter == nil {
		return 0
	}
	return len(t.fresh) + len(t.sorter.added)
}

// sorted is the order of the rows that are listed.
func (t *sheet) sorted() []int32 {
	list := make([]int32, 0, len(t.marked))
	for i := range int32(len(t.marked)) {
		if t.lists(i) {
			list = append(list, i)
		}
	}
	return t.rank(func(col int) face { return t.cols[col] }).sorted(list)
}

// compare orders two indices, ties as they came; it is 0 for the same index
// only.
func (t *sheet) compare(i, j int32) int {
	if t.sortBy >= 0 {
		c := t.cols[t.sortBy].less(i, j)
		switch {
		case c != 0 && t.desc:
			return -c
		case c != 0:
			return c
		}
	}
	return cmp.Compare(i, j)
}

// find returns where an index is in visible, or would be.
func (t *sheet) find(i int32) (int, bool) {
	return slices.BinarySearchFunc(t.visible, i, t.compare)
}

// splice returns list without the moved indices and with those of add, which
// is sorted, in their places.
func (t *sheet) splice(list []int32, moved []bool, add []int32) []int32 {
	rest := make([]int32, 0, len(list))
	for _, i := range list {
		if !moved[i] {
			rest = append(rest, i)
		}
	}
	out := make([]int32, 0, len(rest)+len(add))
	return weave(out, rest, add, func(i, j int32) bool { return t.compare(i, j) < 0 })
}
