package table

import "hash/maphash"

// finder finds rows by their ids, which the rows keep: a map would keep a hundred
// thousand of them once more, in twice the memory.
type finder struct {
	of    func(i int32) string // the id of a row
	seed  maphash.Seed
	slots []slot // each where its hash says, or behind
	used  int
}

// slot is a row, with the hash of its id: to make room for more, none of the
// ids has to be read again.
type slot struct {
	row  int32 // its index + 1; 0: free
	hash uint32
}

// newFinder has room for n rows before it grows.
func newFinder(of func(int32) string, n int) finder {
	size := 16
	for 3*size < 4*n {
		size *= 2
	}
	return finder{of: of, seed: maphash.MakeSeed(), slots: make([]slot, size)}
}

func (x *finder) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) }

// slot is where an id stands, or the free place for it.
func (x *finder) slot(id string, hash uint32) *slot {
	last := uint32(len(x.slots) - 1) // the length is a power of two
	for at := hash & last; ; at = (at + 1) & last {
		if s := &x.slots[at]; s.row == 0 || s.hash == hash && x.of(s.row-1) == id {
			return s
		}
	}
}

// index is the row with an id; -1: there is none.
func (x *finder) index(id string) int32 { return x.slot(id, x.hash(id)).row - 1 }

// claim is the row with an id, or else the one at next, which need not be there
// yet and has it from now on.
func (x *finder) claim(id string, next int32) (i int32, fresh bool) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.grow()
	}
	hash := x.hash(id)
	s := x.slot(id, hash)
	if s.row > 0 {
		return s.row - 1, false
	}
	*s = slot{next + 1, hash}
	x.used++
	return next, true
}

func (x *finder) grow() {
	before := x.slots
	x.slots = make([]slot, 2*len(before))
	for _, s := range before {
		if s.row > 0 {
			x.note(s)
		}
	}
}

// note puts a row that is not there yet into a free slot.
func (x *finder) note(s slot) {
	last := uint32(len(x.slots) - 1)
	at := s.hash & last
	for x.slots[at].row > 0 {
		at = (at + 1) & last
	}
	x.slots[at] = s
}

// again notes the first n rows anew, after some have moved.
func (x *finder) again(n int) {
	clear(x.slots)
	x.used = n
	for i := range int32(n) {
		x.note(slot{i + 1, x.hash(x.of(i))})
	}
}
