package table

import (
	"cmp"
	"slices"
	"sync"
)

// twoHands is the number of rows from which sorting takes a second processor.
const twoHands = 10_000

// Sort orders the rows by a column, rows that tie as they came. A col that is
// not a sortable column's index means as they came altogether.
func (t *sheet) Sort(col int, desc bool) {
	t.settle()
	if col < 0 || col >= len(t.cols) || t.cols[col].less == nil {
		col, desc = -1, false
	}
	turned := col >= 0 && col == t.sortBy && desc != t.desc
	t.sortBy, t.desc = col, desc
	shown := make([]bool, len(t.marked))
	for _, i := range t.visible {
		shown[i] = true
	}
	if turned {
		t.turnOrder()
	} else {
		t.resort()
	}
	t.visible = slices.DeleteFunc(slices.Clone(t.order), func(i int32) bool { return !shown[i] })
	t.aim()
}

// turnOrder reverses an order by a column; rows that tie stay as they came.
func (t *sheet) turnOrder() {
	before := t.before()
	t.order = slices.Clone(t.order)
	slices.Reverse(t.order)
	for from, to := 0, 1; to <= len(t.order); to++ {
		if to == len(t.order) || before(t.order[to-1], t.order[to]) {
			slices.Reverse(t.order[from:to])
			from = to
		}
	}
}

// resort makes order anew for the rows that are listed.
func (t *sheet) resort() {
	t.order = make([]int32, 0, len(t.marked))
	for i := range int32(len(t.marked)) {
		if t.lists(i) {
			t.order = append(t.order, i)
		}
	}
	if t.sortBy < 0 {
		return
	}
	room, before := make([]int32, len(t.order)), t.before()
	if len(t.order) < twoHands {
		mergeSort(t.order, room, before)
		return
	}
	half := len(t.order) / 2
	beside(
		func() { mergeSort(t.order[:half], room[:half], before) },
		func() { mergeSort(t.order[half:], room[half:], before) },
	)
	merge(t.order, room, half, before)
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
		for _, i := range t.order {
			keys[i] = key(i)
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
