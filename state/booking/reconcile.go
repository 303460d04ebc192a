package booking

import (
	"context"
	"slices"
	"sync"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// Change is one record that a look at the schedule changed.
type Change struct {
	Booking Booking
	Was     State
}

// Report is what a look at the schedule brought.
type Report struct {
	Changes []Change
	Failed  map[naturaesoft.ID]error // providers whose schedule could not be read
	Asked   int                      // providers asked
	// Replaced are records whose replacement is on the schedule now: give each
	// to CancelReplaced.
	Replaced []Booking
	// Unmoved are replaced records, by id, that only a person can cancel.
	Unmoved map[string]error
}

// lateDays is how long after its day a request is still looked for.
const lateDays = 7

// Reconcile compares every open record with the schedule: one call per
// provider for the whole range of its days. A new visit with the same time and
// length is SEEN, one that overlaps otherwise DIFFERS, none by the deadline is
// OVERDUE; a matched visit missing in two reads in a row VANISHED. No visit is
// ever matched to two records. A provider that cannot be read keeps its
// records as they are. Nothing is sent to the EMR: a visit whose replacement is
// seen is named in the report. The error is the ledger's own or the context's.
func (b *Book) Reconcile(ctx context.Context) (Report, error) {
	report := Report{Failed: map[naturaesoft.ID]error{}, Unmoved: map[string]error{}}
	joined, err := b.Rejoin(ctx)
	report.Changes = append(report.Changes, joined...)
	if err != nil {
		return report, err
	}
	open, err := b.List(ctx, Filter{From: b.Today().AddDays(-lateDays)})
	if err != nil {
		return report, err
	}
	open = slices.DeleteFunc(open, func(r Booking) bool { return !b.watched(r) })
	ranges := spans(open)
	report.Asked = len(ranges)
	read, failed := b.schedules(ctx, ranges)
	if ctx.Err() != nil {
		return report, ctx.Err()
	}
	for _, span := range ranges {
		if err := failed[span.provider]; err != nil {
			report.Failed[span.provider] = err
			continue
		}
		changes, err := b.match(ctx, span, read[span.provider])
		if err != nil {
			return report, err
		}
		report.Changes = append(report.Changes, changes...)
	}
	return report, b.findReplaced(ctx, &report)
}

// watched reports that a look at the schedule can still change r.
func (b *Book) watched(r Booking) bool {
	switch r.State {
	case Requested, Partial, Overdue, Differs, Clash:
		return true
	case Seen, Confirmed, Vanished:
		return !r.Date.Before(b.Today())
	case Cancelled:
		return r.Watch && !r.Date.Before(b.Today())
	}
	return false
}

// span is the range of days one provider is asked for.
type span struct {
	provider naturaesoft.ID
	from, to civil.Date
}

// spans joins the days of all records of a provider, in a stable order.
func spans(open []Booking) []span {
	var all []span
	for _, r := range open {
		i := slices.IndexFunc(all, func(s span) bool { return s.provider == r.Provider })
		if i < 0 {
			all = append(all, span{r.Provider, r.Date, r.Date})
			continue
		}
		if r.Date.Before(all[i].from) {
			all[i].from = r.Date
		}
		if r.Date.After(all[i].to) {
			all[i].to = r.Date
		}
	}
	return all
}

// schedules reads every range, some at once.
func (b *Book) schedules(ctx context.Context, ranges []span) (map[naturaesoft.ID]naturaesoft.Schedule, map[naturaesoft.ID]error) {
	read, failed := map[naturaesoft.ID]naturaesoft.Schedule{}, map[naturaesoft.ID]error{}
	var mu sync.Mutex
	var group sync.WaitGroup
	slots := make(chan struct{}, b.o.Parallel)
	for _, s := range ranges {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			got, err := b.emr.Schedule(ctx, s.provider, s.from, s.to, "")
			mu.Lock()
			defer mu.Unlock()
			read[s.provider] = got
			if err != nil {
				failed[s.provider] = err
			}
		})
	}
	group.Wait()
	return read, failed
}

// match applies one provider's schedule to its records, as they are now, in
// one transaction.
func (b *Book) match(ctx context.Context, s span, read naturaesoft.Schedule) ([]Change, error) {
	m := matcher{b: b}
	err := b.write(ctx, "reconcile", func(tx *store.Tx) error {
		m.tx, m.changes = tx, nil
		var err error
		if m.persons, err = lockSchedule(tx, s.provider); err != nil {
			return err
		}
		all, err := query(tx, "WHERE provider = ? AND starts >= ? AND starts < ? ORDER BY fence", string(s.provider),
			text(civil.DateTime{Date: s.from}), text(civil.DateTime{Date: s.to.AddDays(1)}))
		if err != nil {
			return err
		}
		m.rows = slices.DeleteFunc(all, func(r Booking) bool { return !b.watched(r) || outside(r, read) })
		if m.used, err = visits(tx, s.provider); err != nil {
			return err
		}
		m.visits = flat(read)
		return m.run()
	})
	return m.changes, err
}

// outside reports that the answer says itself that it does not reach the day
// of r: what is absent from it proves nothing.
func outside(r Booking, read naturaesoft.Schedule) bool {
	return !read.Start.IsZero() && r.Date.Before(read.Start) || !read.End.IsZero() && r.Date.After(read.End)
}

// flat is a schedule as one list in the order of its times.
func flat(read naturaesoft.Schedule) []seenVisit {
	var all []seenVisit
	for day, visits := range read.Days {
		for _, v := range visits {
			if v.Booked {
				at := civil.DateTime{Date: day, Time: v.Time}
				all = append(all, seenVisit{visitID(day, v), Found{at, v.Duration, v.Type.String()}})
			}
		}
	}
	slices.SortFunc(all, func(x, y seenVisit) int {
		if x.Start.Before(y.Start) {
			return -1
		}
		return bit(y.Start.Before(x.Start))
	})
	return all
}

// findReplaced names what has been replaced by a visit that is on the schedule
// now. What was sent once and did not go through is a person's to cancel.
func (b *Book) findReplaced(ctx context.Context, report *Report) error {
	all, err := b.List(ctx, Filter{From: b.Today().AddDays(-lateDays), States: []State{Seen, Confirmed}})
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.MovedFrom == "" {
			continue
		}
		old, err := b.Load(ctx, r.MovedFrom)
		if err != nil || !old.State.may(Cancelled) {
			continue
		}
		past, err := b.History(ctx, old.ID)
		if err != nil {
			return err
		}
		tried := slices.ContainsFunc(past, func(s Step) bool { return s.Step == "cancel" && s.Outcome == sending })
		switch why := b.mayWrite(); {
		case tried:
			report.Unmoved[old.ID] = notAgain(old)
		case why != nil:
			report.Unmoved[old.ID] = why
		default:
			report.Replaced = append(report.Replaced, old)
		}
	}
	return nil
}
