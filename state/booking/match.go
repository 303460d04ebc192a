package booking

import (
	"slices"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// seenVisit is one visit of the schedule.
type seenVisit struct {
	id naturaesoft.ID
	Found
}

// matcher compares the records of one provider with its schedule.
type matcher struct {
	b       *Book
	tx      *store.Tx
	rows    []Booking // oldest claim first
	visits  []seenVisit
	used    map[naturaesoft.ID]string // visit → record that has it
	changes []Change
	persons map[naturaesoft.ID]bool // locked, so that they may get time back; nil: all
}

// run looks first for the visits that are matched already, then for exact new
// ones (live records before cancelled ones), then for those that only overlap,
// so that no record takes a visit that fits another one better.
func (m *matcher) run() error {
	passes := []func(*Booking) error{
		m.settle,
		m.follow,
		func(r *Booking) error { return m.exact(r, r.State != Cancelled) },
		func(r *Booking) error { return m.exact(r, true) },
		m.overlap,
		m.overdue,
	}
	for _, pass := range passes {
		for i := range m.rows {
			if err := pass(&m.rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle ends a clash when nobody's time is in the way any more.
func (m *matcher) settle(r *Booking) error {
	if r.State != Clash {
		return nil
	}
	others, err := overlapping(m.tx, *r)
	if err != nil || len(others) > 0 {
		return err
	}
	return m.set(r, "no clash any more", func(r *Booking) {
		r.State, r.Override = Requested, ""
		r.reword(callOne, " had the time too, and has given it up.")
	})
}

// set changes r and journals it; a change of state or of what is found is
// reported.
func (m *matcher) set(r *Booking, outcome string, fn func(r *Booking)) error {
	old := *r
	err := m.b.apply(m.tx, r, "schedule", outcome, func(_ *store.Tx, r *Booking) error {
		fn(r)
		return nil
	})
	if err != nil {
		return err
	}
	if old.Visit != "" && old.Visit != r.Visit {
		delete(m.used, old.Visit)
	}
	if r.Visit != "" {
		m.used[r.Visit] = r.ID
	}
	if old.State != r.State || old.Found != r.Found || old.Watch != r.Watch {
		i := slices.IndexFunc(m.changes, func(c Change) bool { return c.Booking.ID == r.ID })
		if i >= 0 {
			m.changes[i].Booking = *r
		} else {
			m.changes = append(m.changes, Change{*r, old.State})
		}
	}
	return nil
}

// follow looks for the visit that r has already.
func (m *matcher) follow(r *Booking) error {
	if r.Visit == "" {
		return nil
	}
	i := slices.IndexFunc(m.visits, func(v seenVisit) bool { return v.id == r.Visit })
	if i < 0 {
		return m.gone(r)
	}
	v := m.visits[i]
	switch {
	case r.State == Vanished:
		return m.take(r, v)
	case r.Found == v.Found && r.missing == 0:
		return nil
	case r.Found == v.Found, r.Found == Found{}, r.State == Cancelled, r.State == Confirmed && fits(*r, v.Found):
		return m.set(r, "there", func(r *Booking) { r.missing, r.Found = 0, v.Found })
	}
	return m.take(r, v)
}

// gone counts a read without the visit of r; the second one in a row is
// believed.
func (m *matcher) gone(r *Booking) error {
	if r.State == Vanished {
		return nil
	}
	if r.missing == 0 {
		return m.set(r, "missing once", func(r *Booking) { r.missing = 1 })
	}
	return m.set(r, "gone", func(r *Booking) {
		r.missing = 2
		switch {
		case r.State == Cancelled:
			r.Watch = false
		case r.wasSeen:
			r.State = Vanished
		default: // what only differed was never ours
			r.State, r.Visit, r.Found, r.missing = Requested, "", Found{}, 0
		}
	})
}

// exact gives r a new visit with the same start and length, if its state waits
// for one and when is set.
func (m *matcher) exact(r *Booking, when bool) error {
	waits := slices.Contains([]State{Requested, Partial, Overdue, Differs, Vanished}, r.State) ||
		r.State == Cancelled && r.Visit == ""
	if !when || !waits {
		return nil
	}
	for _, v := range m.visits {
		if m.free(r, v) && fits(*r, v.Found) {
			return m.take(r, v)
		}
	}
	return nil
}

// take makes v the visit of r: SEEN when it fits, DIFFERS when it does not.
func (m *matcher) take(r *Booking, v seenVisit) error {
	if r.State == Cancelled {
		return m.set(r, "appeared", func(r *Booking) {
			r.Visit, r.Found = v.id, v.Found
			r.warn("This visit was cancelled and is on the EMR's schedule all the same. Have it removed there.")
		})
	}
	to, outcome := Seen, "fits"
	if !fits(*r, v.Found) {
		to, outcome = Differs, "differs"
	}
	if r.State == Vanished {
		if m.persons != nil && !m.persons[r.Prospect] {
			return nil // it vanished a moment ago: the next look may take it back
		}
		taken, err := overlapping(m.tx, *r)
		if err != nil || to == Differs || len(taken) > 0 {
			return err // its time is no longer ours; a person must decide
		}
	}
	return m.set(r, outcome, func(r *Booking) {
		r.State, r.Visit, r.Found, r.missing = to, v.id, v.Found, 0
		r.wasSeen = r.wasSeen || to == Seen
	})
}

// overlap marks a record whose time is taken by a new visit that does not fit.
func (m *matcher) overlap(r *Booking) error {
	if !slices.Contains([]State{Requested, Partial, Overdue}, r.State) {
		return nil
	}
	for _, v := range m.visits {
		end := plus(v.Start, max(1, v.Duration))
		if m.free(r, v) && v.Start.Before(r.End()) && r.Start().Before(end) {
			return m.take(r, v)
		}
	}
	return nil
}

// overdue ends the waiting for a visit that did not appear in time.
func (m *matcher) overdue(r *Booking) error {
	if r.State != Requested && r.State != Partial || r.Due.After(m.tx.Now) {
		return nil
	}
	return m.set(r, "not there by the deadline", func(r *Booking) { r.State = Overdue })
}

// free reports that v is new since the hold of r and matched to no record.
func (m *matcher) free(r *Booking, v seenVisit) bool {
	_, used := m.used[v.id]
	return !used && !slices.Contains(r.baseline, v.id)
}

// fits reports that a visit is what was asked for. A type counts only when
// both sides name one.
func fits(r Booking, f Found) bool {
	same := func(a, b string) bool {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		return a == "" || b == "" || strings.EqualFold(a, b)
	}
	return f.Start == r.Start() && f.Duration == r.Duration && same(f.Type, r.VisitType)
}
