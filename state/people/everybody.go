package people

import (
	"context"

	"frontdesk/clients/naturaesoft"
)

const (
	everybodyPage = 500
	mostPages     = 4000
)

// Everybody reads the whole list, prospects and patients, and keeps of each
// what is compared. said, unless nil, is told how many there are so far and in
// all (-1: not stated). A list that shifts while it is read can miss somebody.
func Everybody(ctx context.Context, s Searcher, said func(read, total int)) ([]Person, error) {
	var all []Person
	seen := map[naturaesoft.ID]bool{}
	for page := 1; page <= mostPages; page++ {
		got, err := s.Prospects(ctx, naturaesoft.ProspectQuery{Page: page, Limit: everybodyPage, Patients: true})
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, p := range got.Items {
			if !seen[p.ID] {
				seen[p.ID] = true
				all = append(all, Of(p))
				fresh++
			}
		}
		if said != nil {
			said(len(all), got.Total)
		}
		if !got.More || fresh == 0 {
			break
		}
	}
	return all, nil
}

// Index finds who is like somebody among many.
type Index struct {
	made   []traits
	groups map[string][]int32
}

// NewIndex makes an index of people.
func NewIndex(all []Person) *Index {
	x := &Index{groups: map[string][]int32{}}
	for _, p := range all {
		x.Add(p)
	}
	return x
}

// Add puts one more person in.
func (x *Index) Add(p Person) {
	t := trait(p)
	for _, k := range t.blocks() {
		x.groups[k] = append(x.groups[k], int32(len(x.made)))
	}
	x.made = append(x.made, t)
}

// Like is the person most like p from a score of Likely on; false when there
// is none. Those who share only what a crowd shares are not looked at.
func (x *Index) Like(p Person) (Twin[Person], bool) {
	t := trait(p)
	var best Twin[Person]
	for _, k := range t.blocks() {
		if len(x.groups[k]) > Crowd {
			continue
		}
		for _, i := range x.groups[k] {
			if l := t.compare(x.made[i]); l.Score >= Likely && l.Score > best.Score {
				best = Twin[Person]{Person: x.made[i].Person, Likeness: l}
			}
		}
	}
	return best, best.Score > 0
}
