package anglehealth

import (
	"context"
	"errors"
	"fmt"

	"frontdesk/clients/rest"
)

// Verdict says what became of a write whose outcome was not known.
type Verdict uint8

// The verdicts. Absence proves something only once the write can no longer be
// under way: how long that is, the caller decides.
const (
	CannotTell Verdict = iota
	Landed
	DidNot
)

// String is the verdict as words.
func (v Verdict) String() string {
	return [...]string{"cannot tell", "landed", "did not land"}[v]
}

// Finding is a Verdict and a sentence that says what it rests on.
type Finding struct {
	Verdict Verdict
	Why     string
}

// tally makes a finding of members that show a write and members that do not.
func tally(shown, absent, odd int) Finding {
	all := shown + absent + odd
	switch {
	case all == 0:
		return Finding{CannotTell, "No snapshot shows what was changed."}
	case shown == all:
		return Finding{Landed, "The snapshots show all of it."}
	case absent == all:
		return Finding{DidNot, "The snapshots show nothing of it."}
	}
	return Finding{CannotTell, fmt.Sprintf("The snapshots show %d of %d points: compare them one by one.", shown, all)}
}

// NotFound reports that the vendor said it has no such record. A web page does
// not say so: it may come from a gate before the vendor, and others would take
// an id for free or a write for not done.
func NotFound(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && e.Kind == rest.KindNotFound && e.Phase == rest.Refused && !e.Page
}

// Free reports that nobody has the id, which is to be asked before its first
// use: an id used twice would write over somebody. POST /member_snapshot.
func (c *Client) Free(ctx context.Context, id ID) (bool, error) {
	_, err := c.Member(ctx, id)
	if NotFound(err) {
		return true, nil
	}
	return false, err
}

// NewHireLanded reads the members of an enrolment: all there with their plans
// is landed, none there at all is did not. POST /member_snapshot.
func (c *Client) NewHireLanded(ctx context.Context, h NewHire) (Finding, error) {
	var shown, absent, odd int
	for _, id := range h.Members() {
		m, err := c.Member(ctx, id)
		switch {
		case NotFound(err):
			absent++
		case err != nil:
			return Finding{}, err
		case len(h.CompareMember(m)) == 0:
			shown++
		default:
			odd++
		}
	}
	return tally(shown, absent, odd), nil
}

// GroupLanded reads the group of a registration: with every member on its
// roster it landed, without the group it did not. POST /group_snapshot.
func (c *Client) GroupLanded(ctx context.Context, r Registration) (Finding, error) {
	g, err := c.Group(ctx, r.Group)
	if NotFound(err) {
		return Finding{DidNot, "Angle Health has no group of this id."}, nil
	}
	if err != nil {
		return Finding{}, err
	}
	on := map[ID]bool{}
	for _, id := range g.Members {
		on[id] = true
	}
	for _, id := range r.Members() {
		if !on[id] {
			return Finding{CannotTell, "There is a group of this id, but not everybody is on its roster: it may be another one."}, nil
		}
	}
	return Finding{Landed, "The group is there with everybody on its roster."}, nil
}

// TerminationLanded reads the members who had coverage before. Gone for all is
// landed. Coverage that is still shown proves nothing, for it may run to the
// end of the month, so did not is never said. POST /member_snapshot.
func (c *Client) TerminationLanded(ctx context.Context, before []Member) (Finding, error) {
	had, left := 0, 0
	for _, b := range before {
		if !b.Covered() {
			continue
		}
		had++
		m, err := c.Member(ctx, b.ID)
		if err != nil {
			return Finding{}, err
		}
		if m.Covered() {
			left++
		}
	}
	switch {
	case had == 0:
		return Finding{CannotTell, "Nobody had coverage before, so its end cannot be seen."}, nil
	case left == 0:
		return Finding{Landed, "The coverage is gone."}, nil
	}
	return Finding{CannotTell, fmt.Sprintf("%d of %d members still show coverage, which may run to the end of the month: ask Angle Health.", left, had)}, nil
}

// EventLanded reads the members of an event and compares the plan of each line
// that was to change. Coverage that begins later may not be shown yet, and one
// that was removed may be shown until it ends, so did not is never said.
// POST /member_snapshot.
func (c *Client) EventLanded(ctx context.Context, e Event) (Finding, error) {
	read := map[ID]Member{}
	gone := map[ID]bool{}
	for _, id := range e.Members() {
		m, err := c.Member(ctx, id)
		if err != nil && !NotFound(err) {
			return Finding{}, err
		}
		read[id], gone[id] = m, err != nil
	}
	shown := 0
	for _, l := range e.Lines {
		if has := alike(read[l.ID].Plan(l.Line).Raw(), l.Plan); has == l.Add && !gone[l.ID] {
			shown++
		}
	}
	if shown < len(e.Lines) {
		return Finding{CannotTell, fmt.Sprintf("The snapshots show %d of %d changes. Coverage that begins later may not be shown yet, "+
			"and what was removed may be shown until it ends: ask Angle Health.", shown, len(e.Lines))}, nil
	}
	return tally(shown, 0, 0), nil
}

// DemographicsLanded reads the person and compares every field a snapshot
// shows. POST /member_snapshot.
func (c *Client) DemographicsLanded(ctx context.Context, d Demographics) (Finding, error) {
	m, err := c.Member(ctx, d.ID)
	if err != nil {
		return Finding{}, err
	}
	diffs, unseen := d.Compare(m)
	all := len(d.Fields)
	for _, given := range []bool{!d.DOB.IsZero(), !d.Hired.IsZero(), d.Sex != "", d.SSN.Given()} {
		if given {
			all++
		}
	}
	seen := all - len(unseen)
	return tally(seen-len(diffs), len(diffs), 0), nil
}
