package table

import "hash/maphash"

// finder finds rows by their ids, which the rows keep: a map would keep a hundred
// thousand of them once more, in four times the memory.
type finder struct {
	of    func(i int32) string // the id of a row
	seed  maphash.Seed
	slots []int32 // a row's index + 1 where its id's hash says, or behind; 0: free
	used  int
}

// newFinder has room for n rows before it grows.
func newFinder(of func(int32) string, n int) finder {
	size := 16
	for 3*size < 4*n {
		size *= 2
	}
	return finder{of: of, seed: maphash.MakeSeed(), slots: make([]int32, size)}
}

// slot is where an id stands, or the free place for it.
func (x *finder) slot(id string) int {
	last := len(x.slots) - 1 // the length is a power of two
	at := int(maphash.String(x.seed, id)) & last
	for x.slots[at] != 0 && x.of(x.slots[at]-1) != id {
		at = (at + 1) & last
	}
	return at
}

// index is the row with an id; -1: there is none.
func (x *finder) index(id string) int32 { return x.slots[x.slot(id)] - 1 }

// claim is the row with an id, or else the one at next, which need not be there
// yet and has it from now on.
func (x *finder) claim(id string, next int32) (i int32, fresh bool) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.fill(make([]int32, 2*len(x.slots)), next)
	}
	at := x.slot(id)
	if i := x.slots[at] - 1; i >= 0 {
		return i, false
	}
	x.slots[at] = next + 1
	x.used++
	return next, true
}

// fill notes the first n rows anew, in slots that are free.
func (x *finder) fill(slots []int32, n int32) {
	x.slots, x.used = slots, int(n)
	for i := range n {
		x.slots[x.slot(x.of(i))] = i + 1
	}
}

// again notes the first n rows anew, after some have moved.
func (x *finder) again(n int) {
	clear(x.slots)
	x.fill(x.slots, int32(n))
}
