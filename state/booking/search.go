package booking

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
)

// Finder is what a search needs of the EMR.
type Finder interface {
	Slots(ctx context.Context, id naturaesoft.ID, d civil.Date, minutes int) ([]civil.Time, error)
	NextSlot(ctx context.Context, id naturaesoft.ID, minutes, maxDays int) (naturaesoft.Slot, bool, error)
}

// Opening is a time the EMR called free when it was asked.
type Opening struct {
	Provider naturaesoft.Provider
	Date     civil.Date
	Time     civil.Time
	Duration int       // minutes
	AsOf     time.Time // when the EMR said so, by the wall clock
}

// Key names the opening: the same provider, time and length have the same key
// in every search.
func (o Opening) Key() string {
	return fmt.Sprintf("%s|%s|%s|%d", o.Provider.ID, o.Date, clock(o.Time), o.Duration)
}

// Start is the first moment of the opening.
func (o Opening) Start() civil.DateTime { return civil.DateTime{Date: o.Date, Time: o.Time} }

// Order is by time, then by provider and length, so that openings stand the
// same way whatever order the answers come in.
func Order(a, b Opening) int {
	switch {
	case a.Start().Before(b.Start()):
		return -1
	case b.Start().Before(a.Start()):
		return 1
	}
	return cmp.Or(cmp.Compare(a.Provider.Name.String(), b.Provider.Name.String()),
		cmp.Compare(a.Provider.ID, b.Provider.ID), cmp.Compare(a.Duration, b.Duration))
}

// Event is one answer on the way: openings that were not told before, in the
// order of their times, or the error of one provider's day. Date is zero for
// an answer to "next slot".
type Event struct {
	Openings []Opening
	Provider naturaesoft.Provider
	Date     civil.Date
	Err      error
	Asked    int // calls begun
	Answered int // calls ended
	Total    int // calls there may be
	// Until ends a search early: Limit openings are known up to this day, and
	// of later ones not all. Zero: every day of the query is asked.
	Until civil.Date
}

// Search asks every provider for every day of the query, several at once and
// early days first, and tells each answer as it comes. With a query for "from
// now on" every provider's next slot is asked before. It ends when Limit
// openings are known and no earlier day is open; the last event says up to which
// day that is. emit is called from one goroutine at a time. A provider that fails is told and does not stop the
// others; the error is the context's.
func Search(ctx context.Context, emr Finder, q Query, emit func(Event)) error {
	s := newSearch(emr, q)
	if q.plain() {
		s.askNext()
	}
	for _, d := range q.dates() {
		for _, p := range q.Providers {
			s.asks = append(s.asks, ask{p, d})
		}
		s.open[d] = len(q.Providers)
	}
	return s.run(ctx, emit)
}

// NextForAll asks every provider for the next slot within a year from now, all
// in one round trip if the EMR takes so many calls. A provider without one
// answers with no openings and no error.
func NextForAll(ctx context.Context, emr Finder, q Query, emit func(Event)) error {
	q.From, q.After, q.Before, q.Weekdays, q.Limit = q.Now.Date, civil.Time{}, civil.Time{}, nil, 0
	q.Days = year
	s := newSearch(emr, q)
	s.askNext()
	return s.run(ctx, emit)
}

// ask is one call: the slots of a day, or the next slot when the day is zero.
type ask struct {
	provider naturaesoft.Provider
	date     civil.Date
}

type search struct {
	emr  Finder
	q    Query
	asks []ask
	open map[civil.Date]int // calls of a day that are not answered
	told map[string]civil.Date
	ev   Event
}

func newSearch(emr Finder, q Query) *search {
	return &search{emr: emr, q: q, open: map[civil.Date]int{}, told: map[string]civil.Date{}}
}

func (s *search) askNext() {
	for _, p := range s.q.Providers {
		s.asks = append(s.asks, ask{provider: p})
	}
}

// run works the calls off and returns when every goroutine has ended.
func (s *search) run(parent context.Context, emit func(Event)) error {
	ctx, stop := context.WithCancel(parent)
	defer stop()
	s.ev.Total = len(s.asks)
	next, answers := make(chan ask), make(chan Event)
	var workers sync.WaitGroup
	for range min(cmp.Or(s.q.Parallel, parallel), len(s.asks)) {
		workers.Go(func() {
			for a := range next {
				select {
				case answers <- s.call(ctx, a):
				case <-ctx.Done():
				}
			}
		})
	}
	defer workers.Wait()
	defer close(next)
	defer stop() // before the workers are waited for
	for s.ev.Answered < s.ev.Total {
		var give chan ask
		var a ask
		if s.ev.Asked < s.ev.Total {
			give, a = next, s.asks[s.ev.Asked]
		}
		select {
		case <-ctx.Done():
			return parent.Err()
		case give <- a:
			s.ev.Asked++
		case e := <-answers:
			if parent.Err() != nil {
				return parent.Err()
			}
			e = s.take(e)
			if emit(e); !e.Until.IsZero() {
				return nil
			}
		}
	}
	return nil
}

// call makes one call.
func (s *search) call(ctx context.Context, a ask) Event {
	e := Event{Provider: a.provider, Date: a.date}
	if a.date.IsZero() {
		slot, ok, err := s.emr.NextSlot(ctx, a.provider.ID, s.q.Duration, s.q.days())
		if e.Err = err; ok && err == nil {
			e.Openings = []Opening{{Date: slot.Date, Time: slot.Time}}
		}
	} else {
		var times []civil.Time
		times, e.Err = s.emr.Slots(ctx, a.provider.ID, a.date, s.q.Duration)
		for _, t := range times {
			e.Openings = append(e.Openings, Opening{Date: a.date, Time: t})
		}
	}
	for i := range e.Openings {
		o := &e.Openings[i]
		o.Provider, o.Duration, o.AsOf = a.provider, s.q.Duration, time.Now()
	}
	return e
}

// take keeps of an answer what is inside the query and new, and counts it.
func (s *search) take(e Event) Event {
	s.ev.Answered++
	if !e.Date.IsZero() {
		s.open[e.Date]--
	}
	e.Openings = slices.DeleteFunc(e.Openings, func(o Opening) bool {
		_, told := s.told[o.Key()]
		if told || !s.q.offers(o.Date, o.Time) {
			return true
		}
		s.told[o.Key()] = o.Date
		return false
	})
	slices.SortFunc(e.Openings, func(x, y Opening) int { return minuteOf(x.Time) - minuteOf(y.Time) })
	e.Asked, e.Answered, e.Total, e.Until = s.ev.Asked, s.ev.Answered, s.ev.Total, s.enough()
	return e
}

// enough is the first day up to which Limit openings are known and every day
// is fully answered, so that nothing earlier can still come. It is zero when
// there is none, or none is left after it.
func (s *search) enough() (until civil.Date) {
	if s.q.Limit <= 0 {
		return until
	}
	found := map[civil.Date]int{}
	for _, d := range s.told {
		found[d]++
	}
	days := s.q.dates()
	n := 0
	for _, d := range days[:max(0, len(days)-1)] {
		if s.open[d] > 0 {
			return until
		}
		if n += found[d]; n >= s.q.Limit {
			return d
		}
	}
	return until
}
