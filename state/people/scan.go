package people

import (
	"slices"
	"strings"
)

// Pair is two rows that are probably one person. A's id is the one that sorts
// first.
type Pair struct {
	A, B Person
	Likeness
}

// Crowd is how many may share a phone, a name or an address before those rows
// are no longer compared with each other by it: what a whole town shares is no
// evidence.
const Crowd = 40

// Scan finds the pairs among everybody, the most alike first. It compares only
// who shares a mail address, a phone and a sound, or a birth date and a sound.
// apart are pairs a person has told apart. crowded is how many such groups
// were too large.
func Scan(all []Person, apart map[[2]string]bool) (pairs []Pair, crowded int) {
	made := make([]traits, len(all))
	groups := map[string][]int32{}
	for i, p := range all {
		made[i] = trait(p)
		for _, k := range made[i].blocks() {
			groups[k] = append(groups[k], int32(i))
		}
	}
	seen := map[[2]int32]bool{}
	for _, members := range groups {
		if len(members) > Crowd {
			crowded++
			continue
		}
		for n, i := range members {
			for _, j := range members[n+1:] {
				at := [2]int32{min(i, j), max(i, j)}
				if seen[at] {
					continue
				}
				seen[at] = true
				if p, ok := paired(made[at[0]], made[at[1]], apart); ok {
					pairs = append(pairs, p)
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		if a.Score != b.Score {
			return b.Score - a.Score
		}
		return strings.Compare(string(a.A.ID)+" "+string(a.B.ID), string(b.A.ID)+" "+string(b.B.ID))
	})
	return pairs, crowded
}

func paired(a, b traits, apart map[[2]string]bool) (Pair, bool) {
	if a.ID == b.ID || apart[Key(string(a.ID), string(b.ID))] {
		return Pair{}, false
	}
	l := a.compare(b)
	if l.Score < Likely {
		return Pair{}, false
	}
	if a.ID > b.ID {
		a, b = b, a
	}
	return Pair{a.Person, b.Person, l}, true
}

// Key is a pair of ids in the order in which decisions are kept.
func Key(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// blocks are what somebody is compared by, each made so that few share it.
func (a traits) blocks() []string {
	var out []string
	add := func(kind string, parts ...string) {
		if !slices.Contains(parts, "") {
			out = append(out, kind+strings.Join(parts, "\x1f"))
		}
	}
	add("m", a.mail)
	for _, n := range a.numbers {
		if len(n) >= tail {
			add("p", n[len(n)-tail:], a.soundL)
			add("q", n[len(n)-tail:], a.soundF)
		}
	}
	add("b", a.born, a.soundL, a.soundF)
	slices.Sort(out)
	return slices.Compact(out)
}
