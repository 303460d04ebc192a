package booking

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/store"
)

func TestClaimsExcludeEachOtherByOverlap(t *testing.T) {
	onBoth(t, testClaimsExcludeEachOtherByOverlap)
}

func testClaimsExcludeEachOtherByOverlap(t *testing.T) {
	cases := []struct {
		name         string
		provider     string
		prospect     naturaesoft.ID
		at           string
		minutes      int
		taken, other bool // refused; because of the person
	}{
		{"the same", "1", "", "09:00", 30, true, false},
		{"inside", "1", "", "09:10", 5, true, false},
		{"around", "1", "", "08:00", 240, true, false},
		{"into its start", "1", "", "08:45", 16, true, false},
		{"over its end", "1", "", "09:29", 30, true, false},
		{"touching before", "1", "", "08:30", 30, false, false},
		{"touching after", "1", "", "09:30", 30, false, false},
		{"another provider", "2", "56", "09:00", 30, false, false},
		{"same person elsewhere", "2", "55", "09:15", 30, true, true},
		{"same person later", "2", "55", "09:30", 30, false, false},
		{"nobody chosen elsewhere", "2", "", "09:00", 30, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			_, err := d.Hold(t.Context(), opening("1", "2026-03-10", "09:00", 30), "", HoldOptions{Prospect: "55"})
			require.NoError(t, err)
			other := d.colleague(jan)
			r, err := other.Hold(t.Context(), opening(c.provider, "2026-03-10", c.at, c.minutes), "", HoldOptions{Prospect: c.prospect})
			if !c.taken {
				require.NoError(t, err)
				require.Equal(t, Held, r.State)
				return
			}
			var taken *TakenError
			require.ErrorAs(t, err, &taken)
			require.Equal(t, c.other, taken.SamePerson)
			require.Equal(t, "maria@desk2", taken.By.String())
			require.Equal(t, Held, taken.State)
			require.Contains(t, err.Error(), "maria@desk2")
			require.Regexp(t, `[45]:\d\d left`, err.Error())
		})
	}
}

// A visit over midnight keeps the next day's first minutes.
func TestClaimOverMidnight(t *testing.T) { onBoth(t, testClaimOverMidnight) }

func testClaimOverMidnight(t *testing.T) {
	d := newDesk(t)
	d.hold("1", "2026-03-10", "23:45", 30)
	_, err := d.Hold(t.Context(), opening("1", "2026-03-11", "00:10", 10), "", HoldOptions{})
	require.ErrorAs(t, err, new(*TakenError))
	d.hold("1", "2026-03-11", "00:15", 10)
}

func TestEveryLiveStateKeepsItsTimeAndNoOtherDoes(t *testing.T) {
	onBoth(t, testEveryLiveStateKeepsItsTimeAndNoOtherDoes)
}

func testEveryLiveStateKeepsItsTimeAndNoOtherDoes(t *testing.T) {
	for _, s := range urgency {
		t.Run(s.Word(), func(t *testing.T) {
			d := newDesk(t)
			r := d.hold("1", "2026-03-10", "09:00", 30)
			force(t, d, r.ID, s)
			_, err := d.colleague(jan).Hold(t.Context(), opening("1", "2026-03-10", "09:15", 30), "", HoldOptions{})
			if s.Live() {
				require.ErrorAs(t, err, new(*TakenError))
				require.ErrorContains(t, err, s.Word())
				return
			}
			require.NoError(t, err)
		})
	}
}

// force writes a state past the rules.
func force(t *testing.T, d *desk, id string, s State) {
	t.Helper()
	require.NoError(t, d.db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE booking SET state = ? WHERE id = ?", string(s), id)
		return err
	}))
}

func TestHoldRunsOutByTheDatabasesClock(t *testing.T) { onBoth(t, testHoldRunsOutByTheDatabasesClock) }

func testHoldRunsOutByTheDatabasesClock(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	require.InDelta(t, 5*time.Minute, r.Left, float64(2*time.Second))
	d.pass(2 * time.Minute)
	r = d.load(r.ID)
	require.InDelta(t, 3*time.Minute, r.Left, float64(2*time.Second))

	r, err := d.Extend(t.Context(), r.ID, r.Fence)
	require.NoError(t, err)
	require.InDelta(t, 5*time.Minute, r.Left, float64(2*time.Second))

	d.pass(5*time.Minute + time.Second)
	require.Equal(t, Expired, d.load(r.ID).State, "shown as run out before anybody cleared it")
	holds, err := d.Holds(t.Context(), date("2026-03-10"), date("2026-03-10"))
	require.NoError(t, err)
	require.Empty(t, holds)

	_, err = d.Extend(t.Context(), r.ID, r.Fence)
	require.ErrorAs(t, err, new(*LeaseError))
	_, err = d.Release(t.Context(), r.ID, r.Fence)
	require.NoError(t, err, "giving back what ran out is no error")

	other := d.colleague(jan)
	next := other.hold("1", "2026-03-10", "09:15", 30)
	require.Greater(t, next.Fence, r.Fence)
	require.Equal(t, []string{"hold taken > HELD", "check free > HELD", "extend done > HELD", "expire > EXPIRED"}, d.journal(r.ID))
}

// A hold that ran out stays so when the host's clock is set back.
func TestHostClockGoingBackRevivesNothing(t *testing.T) {
	onBoth(t, testHostClockGoingBackRevivesNothing)
}

func testHostClockGoingBackRevivesNothing(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	d.pass(6 * time.Minute)
	require.Equal(t, Expired, d.load(r.ID).State)
	d.pass(-3 * time.Hour)
	require.Equal(t, Expired, d.load(r.ID).State)
	_, err := d.Extend(t.Context(), r.ID, r.Fence)
	require.ErrorAs(t, err, new(*LeaseError))
	_, err = d.Request(t.Context(), r.ID, r.Fence, ann)
	require.ErrorAs(t, err, new(*LeaseError))
	require.Zero(t, d.emr.puts)
	next := d.colleague(jan).hold("1", "2026-03-10", "09:00", 30)
	require.InDelta(t, 5*time.Minute, next.Left, float64(2*time.Second))
	d.pass(4 * time.Minute)
	require.Equal(t, Held, d.load(next.ID).State)
	d.pass(2 * time.Minute)
	require.Equal(t, Expired, d.load(next.ID).State, "time goes on after it was set back")
}

// A holder that was stopped past its lease can do nothing with it, whether or
// not the time was taken meanwhile. The wall clock of its machine has no say.
func TestStoppedHolderIsFencedOff(t *testing.T) { onBoth(t, testStoppedHolderIsFencedOff) }

func testStoppedHolderIsFencedOff(t *testing.T) {
	for _, again := range []bool{false, true} {
		d := newDesk(t)
		d.o.Now = func() time.Time { return monday().Add(-2 * time.Hour) }
		r := d.hold("1", "2026-03-10", "09:00", 30)
		d.pass(10 * time.Minute)
		other := d.colleague(jan)
		if again {
			other.hold("1", "2026-03-10", "09:00", 30)
		}
		var lease *LeaseError
		_, err := d.Request(t.Context(), r.ID, r.Fence, ann)
		require.ErrorAs(t, err, &lease)
		require.Equal(t, again, lease.Taken != nil)
		if again {
			require.ErrorContains(t, err, "jan@desk1 holds the time now")
		}
		_, err = d.SetPerson(t.Context(), r.ID, r.Fence, "55")
		require.ErrorAs(t, err, &lease)
		_, err = d.Extend(t.Context(), r.ID, r.Fence)
		require.ErrorAs(t, err, &lease)
		_, err = d.Confirm(t.Context(), r.ID, "")
		require.Error(t, err)
		require.Zero(t, d.emr.puts)
	}
}

// The lease is checked again in the very transaction that lets the write go:
// running out while the person is read back stops it.
func TestLeaseThatRunsOutOnTheWayStopsTheWrite(t *testing.T) {
	onBoth(t, testLeaseThatRunsOutOnTheWayStopsTheWrite)
}

func testLeaseThatRunsOutOnTheWayStopsTheWrite(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	d.emr.after = func(op string) error {
		if op == "reread" {
			d.pass(6 * time.Minute)
		}
		return nil
	}
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.ErrorAs(t, err, new(*LeaseError))
	require.Equal(t, Expired, r.State)
	require.Zero(t, d.emr.puts)
}

func TestOnlyItsOwnerUsesAHold(t *testing.T) { onBoth(t, testOnlyItsOwnerUsesAHold) }

func testOnlyItsOwnerUsesAHold(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	other := d.colleague(jan)
	var lease *LeaseError
	for _, err := range []error{
		second(other.Extend(t.Context(), r.ID, r.Fence)),
		second(other.Release(t.Context(), r.ID, r.Fence)),
		second(other.SetPerson(t.Context(), r.ID, r.Fence, "55")),
		second(other.Request(t.Context(), r.ID, r.Fence, ann)),
	} {
		require.ErrorAs(t, err, &lease)
		require.True(t, lease.Foreign)
	}
	require.ErrorAs(t, second(d.Extend(t.Context(), r.ID, r.Fence+1)), &lease, "a wrong fence")

	again := maria
	again.Session, again.TTY = "s9", "pts/9"
	r, err := d.colleague(again).Extend(t.Context(), r.ID, r.Fence)
	require.NoError(t, err, "who reconnects still owns it")
	r, err = d.Release(t.Context(), r.ID, r.Fence)
	require.NoError(t, err)
	require.Equal(t, Released, r.State)
	other.hold("1", "2026-03-10", "09:00", 30)
}

func second[T any](_ T, err error) error { return err }

func TestSetPersonKeepsOnePersonInOnePlace(t *testing.T) {
	onBoth(t, testSetPersonKeepsOnePersonInOnePlace)
}

func testSetPersonKeepsOnePersonInOnePlace(t *testing.T) {
	d := newDesk(t)
	first := d.hold("1", "2026-03-10", "09:00", 30)
	_, err := d.SetPerson(t.Context(), first.ID, first.Fence, "55")
	require.NoError(t, err)
	next := d.hold("2", "2026-03-10", "09:15", 30)
	_, err = d.SetPerson(t.Context(), next.ID, next.Fence, "55")
	var taken *TakenError
	require.ErrorAs(t, err, &taken)
	require.True(t, taken.SamePerson)
	require.Empty(t, d.load(next.ID).Prospect)
	_, err = d.SetPerson(t.Context(), next.ID, next.Fence, "56")
	require.NoError(t, err)
	require.ErrorContains(t, second(d.SetPerson(t.Context(), next.ID, next.Fence, "")), "no id")
}

func TestDeliberateDoubleBookingIsRecordedWithEveryConflict(t *testing.T) {
	onBoth(t, testDeliberateDoubleBookingIsRecordedWithEveryConflict)
}

func testDeliberateDoubleBookingIsRecordedWithEveryConflict(t *testing.T) {
	d := newDesk(t)
	a := d.hold("1", "2026-03-10", "09:00", 30)
	b := d.hold("1", "2026-03-10", "09:30", 30)
	d.emr.put("1", "7", "2026-03-10", "09:15", 30, "URGENT")
	r, err := d.colleague(jan).Hold(t.Context(), opening("1", "2026-03-10", "09:15", 30), "", HoldOptions{Reason: "urgent squeeze-in"})
	require.NoError(t, err)
	require.Equal(t, Held, r.State)
	require.Len(t, r.Conflicts(), 2)
	require.Equal(t, "urgent squeeze-in", d.load(r.ID).Override)
	require.Equal(t, "hold taken over "+a.Code+" "+b.Code+" > HELD", d.journal(r.ID)[0])
	require.Contains(t, strings.Join(r.Warnings, " "), "held on purpose")
}

func TestCodesAreReadableAndNeverGivenTwice(t *testing.T) {
	onBoth(t, testCodesAreReadableAndNeverGivenTwice)
}

func testCodesAreReadableAndNeverGivenTwice(t *testing.T) {
	d := newDesk(t)
	seen := map[string]bool{}
	for n := range 60 {
		r := d.hold("1", "2026-03-10", "09:00", 30)
		require.Regexp(t, regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}$`), r.Code)
		require.False(t, seen[r.Code])
		seen[r.Code] = true
		require.EqualValues(t, n+1, r.Fence)
		_, err := d.Release(t.Context(), r.ID, r.Fence)
		require.NoError(t, err)
	}
}

func TestHoldChecksTheEMRAfterTheClaim(t *testing.T) { onBoth(t, testHoldChecksTheEMRAfterTheClaim) }

func testHoldChecksTheEMRAfterTheClaim(t *testing.T) {
	t.Run("not free", func(t *testing.T) {
		d := newDesk(t)
		d.emr.put("1", "7", "2026-03-10", "09:15", 30, "NEW")
		r, err := d.Hold(t.Context(), opening("1", "2026-03-10", "09:00", 30), "", HoldOptions{})
		require.ErrorAs(t, err, new(*LostError))
		require.Equal(t, Lost, r.State)
		require.Equal(t, Lost, d.load(r.ID).State)
		d.emr.remove("7")
		d.hold("1", "2026-03-10", "09:00", 30) // the time is not kept by what was lost
	})
	t.Run("no answer", func(t *testing.T) {
		d := newDesk(t)
		d.emr.before = on("check", unsentErr)
		r := d.hold("1", "2026-03-10", "09:00", 30)
		require.True(t, r.Unchecked())
		require.Len(t, r.Warnings, 1)
		_, err := d.Request(t.Context(), r.ID, r.Fence, ann)
		require.ErrorIs(t, err, error(unsentErr), "not requested while nobody knows")
		require.Zero(t, d.emr.puts)

		d.emr.before = nil
		r = d.request(r, ann)
		require.False(t, r.Unchecked())
		require.Empty(t, r.Warnings)
	})
	t.Run("cancelled", func(t *testing.T) {
		d := newDesk(t)
		d.emr.before = on("check", &rest.Error{Kind: rest.KindCancelled})
		r := d.hold("1", "2026-03-10", "09:00", 30)
		require.True(t, r.Unchecked())
	})
}

func TestHoldRefusesWhatCannotBe(t *testing.T) { onBoth(t, testHoldRefusesWhatCannotBe) }

func testHoldRefusesWhatCannotBe(t *testing.T) {
	d := newDesk(t)
	for words, o := range map[string]Opening{
		"clocks go forward": opening("1", "2026-03-08", "02:30", 30),
		"Choose a provider": opening("", "2026-03-10", "09:00", 30),
		"between 1 and 480": opening("1", "2026-03-10", "09:00", 0),
		"no such date":      {Provider: jane, Duration: 30},
	} {
		_, err := d.Hold(t.Context(), o, "", HoldOptions{})
		require.ErrorContains(t, err, words)
	}
	all, err := d.List(t.Context(), Filter{})
	require.NoError(t, err)
	require.Empty(t, all)

	r := d.hold("1", "2026-11-01", "01:30", 30)
	require.Contains(t, r.Warnings[0], "twice")
}

func TestListPutsWhatWaitsFirst(t *testing.T) { onBoth(t, testListPutsWhatWaitsFirst) }

func testListPutsWhatWaitsFirst(t *testing.T) {
	d := newDesk(t)
	var ids []string
	for n, s := range []State{Confirmed, Requested, Overdue, Held, Vanished, Cancelled} {
		r := d.hold("1", "2026-03-10", clock(plus(now, n*30).Time), 30)
		if s != Held {
			force(t, d, r.ID, s)
		}
		ids = append(ids, r.ID)
	}
	words := func(f Filter) (all []string) {
		list, err := d.List(t.Context(), f)
		require.NoError(t, err)
		for _, r := range list {
			all = append(all, r.State.Word())
		}
		return all
	}
	require.Equal(t, []string{"OVERDUE", "VANISHED", "HELD", "REQUESTED", "CONFIRMED", "CANCELLED"}, words(Filter{}))
	require.Equal(t, []string{"OVERDUE", "VANISHED", "HELD", "REQUESTED", "CONFIRMED"}, words(Filter{Open: true}))
	require.Equal(t, []string{"HELD"}, words(Filter{States: []State{Held}, From: date("2026-03-10"), To: date("2026-03-10")}))
	require.Empty(t, words(Filter{Provider: "2"}))
	require.Empty(t, words(Filter{To: date("2026-03-09")}))
	other := d.colleague(jan)
	all, err := other.List(t.Context(), Filter{Mine: true})
	require.NoError(t, err)
	require.Empty(t, all)
	_, err = d.Load(t.Context(), "nothing")
	require.ErrorAs(t, err, new(*MissingError))
	require.Len(t, ids, 6)
}

// The ledger has no word of a person and no vendor text but the visit type.
func TestLedgerHoldsNoNames(t *testing.T) { onBoth(t, testLedgerHoldsNoNames) }

func testLedgerHoldsNoNames(t *testing.T) {
	d := newDesk(t)
	person := d.emr.people["55"]
	vendor := *refusedErr
	vendor.Message = person.LastName
	d.emr.before = func(op string) error {
		if op == "assign" {
			return &vendor
		}
		return nil
	}
	r := d.hold("1", "2026-03-10", "09:00", 30)
	r, err := d.Request(t.Context(), r.ID, r.Fence, person)
	require.NoError(t, err)
	require.Equal(t, Partial, r.State)
	require.NoError(t, d.db.Read(t.Context(), func(tx *store.Tx) error {
		var all string
		for _, table := range []string{"booking", "booking_event"} {
			cols := columns
			if table == "booking_event" {
				cols = "booking, who, step, outcome, state, prospect"
			}
			all = ""
			err := tx.Query(func(read func(...any) error) error {
				var row string
				err := read(&row)
				all += row
				return err
			}, "SELECT "+strings.Join(strings.Split(cols, ","), "|| ' ' ||")+" FROM "+table)
			if err != nil {
				return err
			}
			require.Contains(t, all, r.ID)
			require.NotContains(t, all, "Example")
			require.NotContains(t, all, "Allergy")
		}
		return nil
	}))
}

func TestFullDiskIsSaidAndLosesNothing(t *testing.T) {
	d := newDesk(t)
	held := d.hold("1", "2026-03-10", "08:00", 30)
	limit := func(pages int) {
		require.NoError(t, d.db.Write(t.Context(), func(tx *store.Tx) error {
			var n int
			return tx.One("PRAGMA max_page_count = "+itoa(pages), nil, &n)
		}))
	}
	var pages int
	require.NoError(t, d.db.Read(t.Context(), func(tx *store.Tx) error { return tx.One("PRAGMA page_count", nil, &pages) }))
	var full, ok int
	for n := range 12 {
		limit(pages + n/2)
		for m := range 8 {
			_, err := d.Hold(t.Context(), opening("1", "2026-04-10", clock(plus(now, (n*8+m)).Time), 1), "", HoldOptions{})
			var own *store.Error
			if errors.As(err, &own) {
				require.ErrorContains(t, err, "the disk is full")
				full++
				continue
			}
			require.NoError(t, err)
			ok++
		}
	}
	require.Positive(t, full)
	require.Positive(t, ok)
	limit(1 << 20)
	require.Equal(t, Held, d.load(held.ID).State)
	requireNoOverlaps(t, d.db)
	d.hold("1", "2026-03-11", "08:00", 30)
}

// A claim in a ledger of ten years of a busy practice, in a file and on a
// server.
func BenchmarkClaim(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, benchmarkClaim)
	}
}

func benchmarkClaim(b *testing.B) {
	db, err := store.Open(b.Context(), options(newPlace(b)))
	require.NoError(b, err)
	defer db.Close()
	n := 0
	next := func(tx *store.Tx) error {
		start := plus(now, n*15)
		r, err := claim(tx, maria, Booking{Provider: naturaesoft.ID(itoa(n % 20)), Date: start.Date, Time: start.Time,
			Duration: 15, Prospect: naturaesoft.ID(itoa(n))}, time.Hour)
		if n++; err != nil {
			return err
		}
		r.State = Requested
		return save(tx, r, Held)
	}
	for range 500 { // a transaction ends within its time limit
		require.NoError(b, db.Write(b.Context(), func(tx *store.Tx) error {
			for range 100 {
				if err := next(tx); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	if onServer(b) {
		require.NoError(b, cluster(b).SQL("frontdesk", "ANALYZE"))
	}
	for b.Loop() {
		require.NoError(b, db.Write(b.Context(), next))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}

func TestAHoldIsLetGoForAnother(t *testing.T) { onBoth(t, testAHoldIsLetGoForAnother) }

// testAHoldIsLetGoForAnother: nobody can take the old time before the new one is
// safe, and a time that is refused leaves the old one held.
func testAHoldIsLetGoForAnother(t *testing.T) {
	first := opening("1", "2026-03-10", "09:00", 30)
	cases := []struct {
		name, provider, at string
		lost, old          State
		journal            string
	}{
		{"elsewhere", "2", "11:00", "", Released, "release done > RELEASED"},
		{"over itself", "1", "09:15", "", Released, "release for another time > RELEASED"},
		{"the person's own time elsewhere", "2", "09:15", "", Released, "release for another time > RELEASED"},
		{"a colleague's", "1", "10:00", "", Held, "check free > HELD"},
		{"gone in the EMR", "1", "14:00", Lost, Held, "check free > HELD"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.colleague(jan).hold("1", "2026-03-10", "10:00", 30)
			old, err := d.Hold(t.Context(), first, "", HoldOptions{Prospect: "55"})
			require.NoError(t, err)
			d.emr.put("1", "77", "2026-03-10", "14:00", 30, "")
			next, err := d.Hold(t.Context(), opening(c.provider, "2026-03-10", c.at, 30), "", HoldOptions{Prospect: "55", Instead: old})
			require.Equal(t, c.old == Held, err != nil)
			require.Equal(t, c.old, d.load(old.ID).State)
			all := d.journal(old.ID)
			require.Equal(t, c.journal, all[len(all)-1])
			if err == nil {
				require.Equal(t, Held, next.State)
				require.Equal(t, naturaesoft.ID("55"), next.Prospect)
				return
			}
			require.Equal(t, c.lost, next.State)
		})
	}
}

// A hold that ran out, or went on to be something else, does not stand in the
// way of the next one.
func TestWhatIsNoHoldIsNotLetGo(t *testing.T) { onBoth(t, testWhatIsNoHoldIsNotLetGo) }

func testWhatIsNoHoldIsNotLetGo(t *testing.T) {
	for _, at := range []string{"09:15", "11:00"} {
		d := newDesk(t)
		old := d.hold("1", "2026-03-10", "09:00", 30)
		d.pass(6 * time.Minute)
		next, err := d.Hold(t.Context(), opening("1", "2026-03-10", at, 30), "", HoldOptions{Instead: old})
		require.NoError(t, err)
		require.Equal(t, Held, next.State)
		require.Equal(t, Expired, d.load(old.ID).State)
		sent := d.request(d.hold("1", "2026-03-10", "15:00", 30), ann)
		_, err = d.Hold(t.Context(), opening("1", "2026-03-10", "15:15", 30), "", HoldOptions{Instead: sent})
		require.ErrorAs(t, err, new(*TakenError))
		require.Equal(t, Requested, d.load(sent.ID).State)
	}
}
