package desk

import (
	"context"
	"fmt"
	"slices"
)

// Fault is what is wrong with a line of the trail.
type Fault string

// The faults.
const (
	Changed   Fault = "changed"
	Removed   Fault = "removed"
	Reordered Fault = "reordered"
	Inserted  Fault = "inserted"
	CutOff    Fault = "cut off"
)

// Report is what Verify found.
type Report struct {
	Lines int  // lines read
	Head  Head // the end the database knows
	Torn  bool // a crash left part of a line, which the next start repairs
	Bad   *Bad // the first bad line; nil: the trail is whole
}

// Bad is the first line that is not as it was written.
type Bad struct {
	Fault Fault
	Month string // of the file, empty when there is none
	Line  int    // in that file, from 1; where a missing line should be
	Seq   int64  // the line's own number, 0 when it has none
	Upto  int64  // the last of several missing lines
}

// String is a sentence for a person.
func (b Bad) String() string {
	switch {
	case (b.Fault == Removed || b.Fault == CutOff) && b.Upto > b.Seq:
		return fmt.Sprintf("Entries %d to %d of the audit trail were %s (file %s, line %d).", b.Seq, b.Upto, b.Fault, b.Month, b.Line)
	case b.Seq == 0:
		return fmt.Sprintf("Line %d of the audit trail's file %s was %s.", b.Line, b.Month, b.Fault)
	}
	return fmt.Sprintf("Entry %d of the audit trail was %s (file %s, line %d).", b.Seq, b.Fault, b.Month, b.Line)
}

// entry is a line as Verify needs it.
type entry struct {
	month   string
	n       int
	ok      bool // as it was written, by its own hash
	whole   bool
	seq     int64
	prev, h string
}

// Verify reads the whole trail of this account and compares it with itself and
// with the ends kept outside. It names the first bad line.
func (a *Audit) Verify(ctx context.Context) (Report, error) {
	var r Report
	err := a.locked(ctx, func(*folder) error {
		var all []entry
		err := a.each(ctx, func(month string, n int, raw []byte, whole bool) {
			l, ok := parse(raw)
			all = append(all, entry{month, n, ok, whole, l.Seq, l.Prev, l.H})
		})
		if err != nil {
			return err
		}
		end, _, err := a.ends(ctx)
		if err != nil {
			return err
		}
		kept := Head{}
		if a.kept != nil {
			if kept, _, err = a.kept(ctx); err != nil {
				return err
			}
		}
		r.Lines, r.Head = len(all), end.Head
		r.Torn, r.Bad = judge(all, end, kept)
		return nil
	})
	return r, err
}

// judge finds the first bad entry. kept is an end that may be older than the
// database's; zero when there is none.
func judge(all []entry, end ends, kept Head) (torn bool, bad *Bad) {
	c := check{all: all, end: end, kept: kept}
	if torn = c.torn(); torn {
		c.all = all[:len(all)-1]
	}
	want, prev := int64(1), ""
	for i, e := range c.all {
		if !e.ok || !e.whole || e.seq != want || e.prev != prev {
			return torn, c.name(i, want)
		}
		if known, ok := c.known(e.seq); ok && known != e.h || !ok && e.seq > c.end.Seq {
			return torn, c.stranger(i)
		}
		want, prev = want+1, e.h
	}
	if must := c.must(); want <= must {
		bad = &Bad{Fault: CutOff, Seq: want, Upto: must, Line: 1}
		if n := len(c.all); n > 0 {
			bad.Month, bad.Line = c.all[n-1].month, c.all[n-1].n+1
		}
	}
	return torn, bad
}

// check is the trail and what is known of its end.
type check struct {
	all  []entry
	end  ends
	kept Head
}

// torn tells that the last line is what a crash left of the one that was being
// written and never acknowledged.
func (c *check) torn() bool {
	n := len(c.all)
	if n == 0 || c.all[n-1].whole || c.end.nextSeq <= c.must() {
		return false
	}
	return c.must() == 0 || n > 1 && c.all[n-2].seq >= c.must()
}

// must is the last line that was acknowledged.
func (c *check) must() int64 { return max(c.end.Seq, c.kept.Seq) }

// known is the hash that a line must have, by what is kept outside.
func (c *check) known(seq int64) (string, bool) {
	switch {
	case seq == 0:
	case seq == c.end.Seq:
		return c.end.H, true
	case seq == c.kept.Seq:
		return c.kept.H, true
	case seq == c.end.nextSeq:
		return c.end.nextH, true
	}
	return "", false
}

// linked tells that what follows entry i, a line or a kept end, carries its
// hash.
func (c *check) linked(i int) bool {
	e := c.all[i]
	if known, ok := c.known(e.seq); ok {
		return known == e.h
	}
	return slices.ContainsFunc(c.all[i+1:], func(x entry) bool { return x.ok && x.seq == e.seq+1 && x.prev == e.h })
}

// stranger names entry i, which fits what is before it but not what is kept
// outside.
func (c *check) stranger(i int) *Bad {
	if c.all[i].seq > c.must() {
		return c.at(Inserted, i)
	}
	return c.twin(i)
}

// name says what is wrong at entry i, where the line numbered want should be.
func (c *check) name(i int, want int64) *Bad {
	e := c.all[i]
	later := func(seq int64) bool {
		return slices.ContainsFunc(c.all[i+1:], func(x entry) bool { return x.ok && x.seq == seq })
	}
	switch {
	case !e.ok || !e.whole:
		return c.unread(i, want)
	case e.seq == want && i > 0 && c.linked(i):
		// It hangs together with what follows, so the one before it was
		// rewritten.
		return c.at(Changed, i-1)
	case e.seq == want:
		return c.twin(i)
	case e.seq > want && later(e.seq):
		return c.at(Inserted, i)
	case e.seq > want && later(want):
		return c.at(Reordered, i)
	case e.seq > want:
		bad := c.at(Removed, i)
		bad.Seq, bad.Upto = want, e.seq-1
		return bad
	}
	// Its number was there already: one of the two was put in.
	for j := range i {
		if c.all[j].seq == e.seq && !c.linked(j) && c.linked(i) {
			return c.at(Inserted, j)
		}
	}
	return c.at(Inserted, i)
}

// twin names entry i, which has the right number and belongs to nothing.
func (c *check) twin(i int) *Bad {
	again := slices.ContainsFunc(c.all[i+1:], func(x entry) bool { return x.ok && x.seq == c.all[i].seq })
	if again {
		return c.at(Inserted, i)
	}
	return c.at(Changed, i)
}

// unread names entry i, which is not a line as it was written.
func (c *check) unread(i int, want int64) *Bad {
	for _, x := range c.all[i+1:] {
		if x.ok && x.whole {
			if x.seq == want {
				return c.at(Inserted, i)
			}
			break
		}
	}
	bad := c.at(Changed, i)
	switch {
	case want > c.must():
		bad.Fault = Inserted
	case !c.all[i].whole && i == len(c.all)-1:
		bad.Fault = CutOff
		bad.Upto = c.must()
	}
	bad.Seq = want
	return bad
}

func (c *check) at(f Fault, i int) *Bad {
	e := c.all[i]
	return &Bad{Fault: f, Month: e.month, Line: e.n, Seq: e.seq}
}
