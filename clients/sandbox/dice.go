package sandbox

import "math/rand/v2"

// seed makes every sandbox of the same size and day the same.
const seed = 0x66726f6e74 // "front"

// dice give the same numbers for the same stream and number, at any time and
// in any order, so that the n-th person needs none of those before.
type dice struct {
	pcg  rand.PCG
	bits uint64 // drawn and not used yet
	left int    // how many times 16 of them there are
}

func roll(stream, n int) dice {
	var d dice
	d.pcg.Seed(seed^uint64(stream)<<40, uint64(n))
	return d
}

// pick returns a number from 0 up to but without n, which is 65,536 at most.
func (d *dice) pick(n int) int {
	if d.left == 0 {
		d.bits, d.left = d.pcg.Uint64(), 4
	}
	low := d.bits & 0xffff
	d.bits >>= 16
	d.left--
	return int(low * uint64(n) >> 16)
}

// in is true for so many of a hundred.
func (d *dice) in(hundred int) bool { return d.pick(100) < hundred }

func oneOf[T any](d *dice, of []T) T { return of[d.pick(len(of))] }

// The streams keep what is drawn for one purpose apart from the others.
const (
	streamTraits = iota + 1
	streamDetails
	streamVisits
	streamOtherDesk
	streamResidents
	streamCare
	streamBilling
)
