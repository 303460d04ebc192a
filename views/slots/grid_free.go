package slots

import (
	"slices"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
)

// slotAt is the free time a row of a column stands for: the first that begins
// in it and nobody claims, else the first.
func (g *grid) slotAt(col, at int) (slot civil.Time, ok bool) {
	if col >= len(g.columns) {
		return slot, false
	}
	for _, t := range g.columns[col].free {
		m := minute(t)
		if m < at || m >= at+g.step() {
			continue
		}
		if _, taken := g.claimOf(col, t); !taken {
			return t, true
		}
		if !ok {
			slot, ok = t, true
		}
	}
	return slot, ok
}

// claimOf is the claim that lies over a free time: the EMR knows of none.
func (g *grid) claimOf(col int, t civil.Time) (booking.Booking, bool) {
	return g.claim(col, minute(t), minute(t)+g.v.find.what.duration)
}

// claim is the live claim over a part of a day, unless its visit is on the
// schedule and so drawn already.
func (g *grid) claim(col, from, to int) (booking.Booking, bool) {
	for _, b := range g.taken {
		if m := minute(b.Time); b.Provider == g.provider.ID && b.Date == g.columns[col].date && b.State.Live() && m < to && m+b.Duration > from && !g.onSchedule(col, b.Visit) {
			return b, true
		}
	}
	return booking.Booking{}, false
}

// onSchedule reports that a claim's own visit is drawn as busy already.
func (g *grid) onSchedule(col int, visit naturaesoft.ID) bool {
	return visit != "" && slices.ContainsFunc(g.columns[col].visits, func(v naturaesoft.Visit) bool { return v.ID == visit })
}
