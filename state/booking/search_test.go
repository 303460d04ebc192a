package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// finder answers slots and next slot after a delay.
type finder struct {
	delay time.Duration
	slots func(id naturaesoft.ID, d civil.Date) ([]civil.Time, error)
	next  func(id naturaesoft.ID) (naturaesoft.Slot, bool, error)
	calls atomic.Int64
}

func (f *finder) wait(ctx context.Context) error {
	f.calls.Add(1)
	if f.delay == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(f.delay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *finder) Slots(ctx context.Context, id naturaesoft.ID, d civil.Date, _ int) ([]civil.Time, error) {
	if err := f.wait(ctx); err != nil {
		return nil, err
	}
	if f.slots == nil {
		return []civil.Time{tod("09:00"), tod("14:30")}, nil
	}
	return f.slots(id, d)
}

func (f *finder) NextSlot(ctx context.Context, id naturaesoft.ID, _, _ int) (naturaesoft.Slot, bool, error) {
	if err := f.wait(ctx); err != nil {
		return naturaesoft.Slot{}, false, err
	}
	return f.next(id)
}

func team(n int) (all []naturaesoft.Provider) {
	for i := range n {
		all = append(all, naturaesoft.Provider{ID: naturaesoft.ID(fmt.Sprint(i + 1)), Name: safe.Line(fmt.Sprint("Provider ", i+1))})
	}
	return all
}

var now = civil.DateTime{Date: date("2026-03-09"), Time: tod("14:02")}

// gather runs a search and returns its openings in the order of their times.
func gather(t *testing.T, f Finder, q Query) (openings []Opening, events []Event) {
	t.Helper()
	require.NoError(t, Search(t.Context(), f, q, func(e Event) {
		events = append(events, e)
		openings = append(openings, e.Openings...)
	}))
	slices.SortFunc(openings, func(x, y Opening) int {
		if x.Start().Before(y.Start()) {
			return -1
		}
		return 1
	})
	return openings, events
}

func TestSearchOffersOnlyWhatWasAskedFor(t *testing.T) {
	f := &finder{slots: func(_ naturaesoft.ID, d civil.Date) ([]civil.Time, error) {
		return []civil.Time{tod("14:30"), tod("08:00"), tod("14:02"), tod("14:03"), tod("11:00")}, nil
	}}
	f.next = func(id naturaesoft.ID) (naturaesoft.Slot, bool, error) {
		return naturaesoft.Slot{Provider: id, Date: now.Date, Time: tod("08:00")}, true, nil // past
	}
	base := Query{Providers: team(1), Duration: 30, From: now.Date, Days: 2, Now: now}
	starts := func(q Query) (all []string) {
		got, _ := gather(t, f, q)
		for _, o := range got {
			all = append(all, o.Date.String()[8:]+" "+clock(o.Time))
		}
		return all
	}
	require.Equal(t, []string{"09 14:03", "09 14:30", "10 08:00", "10 11:00", "10 14:02", "10 14:03", "10 14:30"}, starts(base))

	q := base
	q.After, q.Before = tod("11:00"), tod("14:03")
	require.Equal(t, []string{"10 11:00", "10 14:02"}, starts(q))

	q = base
	q.Days, q.Weekdays = 14, []time.Weekday{time.Wednesday}
	require.Equal(t, []string{"11 08:00", "11 11:00", "11 14:02", "11 14:03", "11 14:30",
		"18 08:00", "18 11:00", "18 14:02", "18 14:03", "18 14:30"}, starts(q))
}

func TestSearchTellsEachOpeningOnce(t *testing.T) {
	f := &finder{next: func(id naturaesoft.ID) (naturaesoft.Slot, bool, error) {
		return naturaesoft.Slot{Provider: id, Date: date("2026-03-10"), Time: tod("09:00")}, true, nil
	}}
	got, events := gather(t, f, Query{Providers: team(3), Duration: 30, From: now.Date, Days: 3, Now: now})
	keys := map[string]bool{}
	for _, o := range got {
		require.False(t, keys[o.Key()], o.Key())
		keys[o.Key()] = true
		require.Equal(t, 30, o.Duration)
		require.False(t, o.AsOf.IsZero())
	}
	require.Len(t, keys, 3*(1+2+2)) // today only 14:30 is left
	last := events[len(events)-1]
	require.Equal(t, 12, last.Total)
	require.Equal(t, 12, last.Answered)
}

func TestSearchStopsWhenEnoughIsKnown(t *testing.T) {
	f := &finder{delay: time.Millisecond}
	q := Query{Providers: team(4), Duration: 30, From: date("2026-03-10"), Days: 300, Limit: 10, Now: now, Parallel: 4}
	got, events := gather(t, f, q)
	require.GreaterOrEqual(t, len(got), 10)
	require.LessOrEqual(t, f.calls.Load(), int64(4*5), "two days and what was under way")
	// Nothing earlier is missing: both first days are whole, and that is said.
	require.Equal(t, 16, len(slices.DeleteFunc(slices.Clone(got), func(o Opening) bool { return o.Date.After(date("2026-03-11")) })))
	require.Equal(t, date("2026-03-11"), events[len(events)-1].Until)
}

// Where all days were asked nothing is said to be left out.
func TestSearchThatReachesItsEndLeavesNothingOut(t *testing.T) {
	for _, limit := range []int{0, 9, 16, 17} {
		q := Query{Providers: team(4), Duration: 30, From: date("2026-03-10"), Days: 2, Limit: limit, Now: now}
		got, events := gather(t, &finder{}, q)
		require.Len(t, got, 16)
		require.Zero(t, events[len(events)-1].Until)
	}
}

// Openings that begin together stand the same way in whatever order they came.
func TestOrderIsTotal(t *testing.T) {
	var all []Opening
	for _, at := range []string{"2026-03-10 09:00", "2026-03-10 09:15", "2026-03-11 08:00"} {
		for _, who := range []naturaesoft.Provider{{ID: "3", Name: safe.Line("Ann")}, {ID: "1", Name: safe.Line("Bob")}, {ID: "2", Name: safe.Line("Bob")}} {
			for _, minutes := range []int{15, 30} {
				all = append(all, Opening{Provider: who, Date: date(at[:10]), Time: tod(at[11:]), Duration: minutes})
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		came := rapid.Permutation(all).Draw(t, "as they came")
		slices.SortFunc(came, Order)
		require.Equal(t, all, came)
	})
}

// An early day that answers late holds the end back: its openings may come
// first.
func TestSearchWaitsForEarlierDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &finder{delay: time.Millisecond}
		f.slots = func(id naturaesoft.ID, d civil.Date) ([]civil.Time, error) {
			if id == "1" && d == date("2026-03-10") {
				time.Sleep(time.Second)
				return []civil.Time{tod("08:00")}, nil
			}
			return []civil.Time{tod("09:00")}, nil
		}
		q := Query{Providers: team(2), Duration: 30, From: date("2026-03-10"), Days: 30, Limit: 1, Now: now}
		got, _ := gather(t, f, q)
		require.Equal(t, "1|2026-03-10|08:00|30", got[0].Key())
	})
}

func TestSearchGoesOnPastAFailingProvider(t *testing.T) {
	broken := errors.New("broken")
	f := &finder{slots: func(id naturaesoft.ID, _ civil.Date) ([]civil.Time, error) {
		if id == "2" {
			return nil, broken
		}
		return []civil.Time{tod("09:00")}, nil
	}}
	got, events := gather(t, f, Query{Providers: team(3), Duration: 30, From: date("2026-03-10"), Days: 2, Limit: 3, Now: now})
	require.Len(t, got, 4, "both days of the others")
	var failed int
	for _, e := range events {
		if e.Err != nil {
			require.Equal(t, naturaesoft.ID("2"), e.Provider.ID)
			require.ErrorIs(t, e.Err, broken)
			failed++
		}
	}
	require.Equal(t, 2, failed)
}

func TestSearchEndsWhenCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &finder{delay: time.Hour}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		err := Search(ctx, f, Query{Providers: team(5), Duration: 30, From: date("2026-03-10"), Now: now},
			func(Event) { t.Error("no answer was due") })
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, time.Second, time.Since(start))
		synctest.Wait() // and the bubble has no goroutine left
	})
}

func TestNextForAllTakesOneRoundTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &finder{delay: 50 * time.Millisecond, next: func(id naturaesoft.ID) (naturaesoft.Slot, bool, error) {
			if id == "3" {
				return naturaesoft.Slot{}, false, nil
			}
			return naturaesoft.Slot{Provider: id, Date: date("2026-03-10"), Time: tod("09:00")}, true, nil
		}}
		var openings, answers int
		start := time.Now()
		q := Query{Providers: team(8), Duration: 30, From: date("2026-04-01"), Weekdays: []time.Weekday{0}, Now: now}
		require.NoError(t, NextForAll(t.Context(), f, q, func(e Event) {
			require.NoError(t, e.Err)
			answers++
			openings += len(e.Openings)
		}))
		require.Equal(t, 50*time.Millisecond, time.Since(start))
		require.Equal(t, 8, answers)
		require.Equal(t, 7, openings)
		require.EqualValues(t, 8, f.calls.Load())
	})
}

// 20 providers, 14 days, 50 ms a call, 8 at once: on the exact clock of the
// bubble the whole fan-out takes ceil(280/8) round trips and the first row one.
func TestFanOutTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &finder{delay: 50 * time.Millisecond}
		q := Query{Providers: team(20), Duration: 30, From: date("2026-03-10"), Days: 14, Now: now}
		start := time.Now()
		var first time.Duration
		var rows int
		require.NoError(t, Search(t.Context(), f, q, func(e Event) {
			if rows == 0 {
				first = time.Since(start)
				require.Equal(t, date("2026-03-10"), e.Openings[0].Date, "early days first")
			}
			rows += len(e.Openings)
		}))
		require.Equal(t, 50*time.Millisecond, first)
		require.LessOrEqual(t, time.Since(start), 35*50*time.Millisecond*11/10)
		require.EqualValues(t, 280, f.calls.Load())
		require.Equal(t, 560, rows)
	})
}

// The same on the machine's own clock, with its overhead.
func BenchmarkFanOut(b *testing.B) {
	f := &finder{delay: 50 * time.Millisecond}
	q := Query{Providers: team(20), Duration: 30, From: date("2026-03-10"), Days: 14, Now: now}
	var first time.Duration
	for b.Loop() {
		start, seen := time.Now(), false
		err := Search(b.Context(), f, q, func(Event) {
			if !seen {
				first, seen = first+time.Since(start), true
			}
		})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(first.Microseconds())/float64(b.N)/1000, "ms-first-row")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/1750, "of-ideal")
}
