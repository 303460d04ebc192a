package table

import (
	"cmp"
	"slices"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// twoHands is the number of rows from which sorting takes a second processor.
const twoHands = 10_000

// aside is the number of rows from which a key's sorting is done beside the
// screen.
const aside = 5_000

// sorting is an order being worked out, by whoever comes first: the command a
// key has left, or what needs the order.
type sorting struct {
	once  sync.Once
	work  func() []int32
	order []int32
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
	s := &sorting{work: t.sorted}
	if col >= 0 && col == t.sortBy && desc != t.desc {
		s.work = t.turned
	}
	t.sortBy, t.desc, t.sorter = col, desc, s
	if len(t.order) < t.aside {
		t.reorder()
		return nil
	}
	t.gen++
	more := moreMsg{owner: t, gen: t.gen}
	return func() tea.Msg {
		s.done()
		return more
	}
}

// reorder takes over the order that was worked out; it waits for it.
func (t *sheet) reorder() {
	if t.sorter == nil {
		return
	}
	t.order, t.sorter = t.sorter.done(), nil
	shown := make([]bool, len(t.marked))
	for _, i := range t.visible {
		shown[i] = true
	}
	t.visible = slices.DeleteFunc(slices.Clone(t.order), func(i int32) bool { return !shown[i] })
	t.aim()
}

// turned is the order by a column reversed; rows that tie stay as they came.
func (t *sheet) turned() []int32 {
	before := t.before()
	order := slices.Clone(t.order)
	slices.Reverse(order)
	for from, to := 0, 1; to <= len(order); to++ {
		if to == len(order) || before(order[to-1], order[to]) {
			slices.Reverse(order[from:to])
			from = to
		}
	}
	return order
}

// sorted is the order of the rows that are listed.
func (t *sheet) sorted() []int32 {
	order := make([]int32, 0, len(t.marked))
	for i := range int32(len(t.marked)) {
		if t.lists(i) {
			order = append(order, i)
		}
	}
	if t.sortBy < 0 {
		return order
	}
	room, before := make([]int32, len(order)), t.before()
	if len(order) < twoHands {
		mergeSort(order, room, before)
		return order
	}
	half := len(order) / 2
	beside(
		func() { mergeSort(order[:half], room[:half], before) },
		func() { mergeSort(order[half:], room[half:], before) },
	)
	merge(order, room, half, before)
	return order
}

// beside runs two functions at once. A panic of either is the caller's, who
// can put the terminal right; on a goroutine of its own it would not be.
func beside(one, other func()) {
	var wait sync.WaitGroup
	var failed any
	wait.Go(func() {
		defer func() { failed = recover() }()
		one()
	})
	other()
	if wait.Wait(); failed != nil {
		panic(failed)
	}
}

// mergeSort is stable and compares a third less than the standard library's
// sort, which is felt with 100,000 rows and a foreign comparison.
func mergeSort(list, room []int32, before func(i, j int32) bool) {
	if len(list) <= 12 {
		for i := range list {
			for ; i > 0 && before(list[i], list[i-1]); i-- {
				list[i], list[i-1] = list[i-1], list[i]
			}
		}
		return
	}
	half := len(list) / 2
	mergeSort(list[:half], room, before)
	mergeSort(list[half:], room, before)
	merge(list, room, half, before)
}

// merge makes one of the two sorted parts of list. room is as long as list.
func merge(list, room []int32, half int, before func(i, j int32) bool) {
	if !before(list[half], list[half-1]) {
		return
	}
	left, right, n := room[:copy(room, list[:half])], list[half:], 0
	for ; len(left) > 0 && len(right) > 0; n++ {
		if before(right[0], left[0]) {
			list[n], right = right[0], right[1:]
		} else {
			list[n], left = left[0], left[1:]
		}
	}
	copy(list[n:], left)
}

// before returns a function that reports whether the sorted column puts i
// before j; false on a tie.
func (t *sheet) before() func(i, j int32) bool {
	less := t.cols[t.sortBy].less
	if key := t.cols[t.sortBy].key; key != nil {
		keys := make([]string, len(t.marked))
		for i := range keys {
			keys[i] = key(int32(i))
		}
		less = func(i, j int32) int { return cmp.Compare(keys[i], keys[j]) }
	}
	if t.desc {
		return func(i, j int32) bool { return less(i, j) > 0 }
	}
	return func(i, j int32) bool { return less(i, j) < 0 }
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
	for _, i := range add {
		n, _ := slices.BinarySearchFunc(rest, i, t.compare)
		out = append(append(out, rest[:n]...), i)
		rest = rest[n:]
	}
	return append(out, rest...)
}
