package booking

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
)

// What one request becomes by what the schedule shows.
func TestOneRequestAgainstTheSchedule(t *testing.T) { onBoth(t, testOneRequestAgainstTheSchedule) }

func testOneRequestAgainstTheSchedule(t *testing.T) {
	const d10 = "2026-03-10"
	type visit struct {
		id, day, at string
		minutes     int
		kind        string
	}
	cases := []struct {
		name   string
		visits []visit
		late   bool
		state  State
		visit  naturaesoft.ID
		differ string
	}{
		{"nothing yet", nil, false, Requested, "", ""},
		{"nothing by the deadline", nil, true, Overdue, "", ""},
		{"exact", []visit{{"101", d10, "09:00", 30, "FOLLOWUP"}}, false, Seen, "101", ""},
		{"exact after the deadline", []visit{{"101", d10, "09:00", 30, "FOLLOWUP"}}, true, Seen, "101", ""},
		{"type in another case", []visit{{"101", d10, "09:00", 30, " followup "}}, false, Seen, "101", ""},
		{"type not named", []visit{{"101", d10, "09:00", 30, ""}}, false, Seen, "101", ""},
		{"another type", []visit{{"101", d10, "09:00", 30, "NEW"}}, false, Differs, "101",
			"asked for 2026-03-10 09:00, 30 min, FOLLOWUP; the schedule shows 2026-03-10 09:00, 30 min, NEW"},
		{"longer", []visit{{"101", d10, "09:00", 45, "FOLLOWUP"}}, false, Differs, "101",
			"asked for 2026-03-10 09:00, 30 min, FOLLOWUP; the schedule shows 2026-03-10 09:00, 45 min, FOLLOWUP"},
		{"later start, stolen slot", []visit{{"101", d10, "09:15", 30, "NEW"}}, false, Differs, "101",
			"asked for 2026-03-10 09:00, 30 min, FOLLOWUP; the schedule shows 2026-03-10 09:15, 30 min, NEW"},
		{"from before into it", []visit{{"101", d10, "08:00", 61, "NEW"}}, false, Differs, "101",
			"asked for 2026-03-10 09:00, 30 min, FOLLOWUP; the schedule shows 2026-03-10 08:00, 61 min, NEW"},
		{"touching only", []visit{{"101", d10, "08:30", 30, "NEW"}, {"102", d10, "09:30", 30, "NEW"}}, false, Requested, "", ""},
		{"another day", []visit{{"101", "2026-03-11", "09:00", 30, "FOLLOWUP"}}, false, Requested, "", ""},
		{"exact beats overlapping", []visit{{"100", d10, "08:45", 30, "NEW"}, {"101", d10, "09:00", 30, "FOLLOWUP"}}, false, Seen, "101", ""},
		{"no length", []visit{{"101", d10, "09:05", 0, ""}}, false, Differs, "101",
			"asked for 2026-03-10 09:00, 30 min, FOLLOWUP; the schedule shows 2026-03-10 09:05, 0 min"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			r := d.request(d.hold("1", d10, "09:00", 30), ann)
			if c.late {
				d.pass(121 * time.Minute)
			}
			for _, v := range c.visits {
				d.emr.put("1", v.id, v.day, v.at, v.minutes, v.kind)
			}
			report := d.reconcile()
			require.Equal(t, 1, report.Asked)
			r = d.load(r.ID)
			require.Equal(t, c.state, r.State)
			require.Equal(t, c.visit, r.Visit)
			require.Equal(t, c.differ != "", r.State == Differs)
			if c.differ != "" {
				require.Equal(t, c.differ, r.Difference())
			}
			if c.state == Requested {
				require.Empty(t, report.Changes)
			} else {
				require.Len(t, report.Changes, 1)
				require.Equal(t, Requested, report.Changes[0].Was)
				require.Equal(t, c.state, report.Changes[0].Booking.State)
			}
			require.Empty(t, d.reconcile().Changes, "a second look changes nothing")
		})
	}
}

// A visit that was there when the time was held is not the answer to it.
func TestVisitsOfTheBaselineDoNotCount(t *testing.T) { onBoth(t, testVisitsOfTheBaselineDoNotCount) }

func testVisitsOfTheBaselineDoNotCount(t *testing.T) {
	d := newDesk(t)
	d.emr.put("1", "7", "2026-03-10", "09:00", 30, "FOLLOWUP")
	r, err := d.Hold(t.Context(), opening("1", "2026-03-10", "09:00", 30), "FOLLOWUP", HoldOptions{Reason: "urgent"})
	require.NoError(t, err)
	r = d.request(r, ann)
	require.Empty(t, d.reconcile().Changes)
	d.emr.put("1", "8", "2026-03-10", "09:00", 30, "FOLLOWUP")
	d.reconcile()
	require.Equal(t, naturaesoft.ID("8"), d.load(r.ID).Visit)
}

func TestTwoRequestsNeverShareAVisit(t *testing.T) { onBoth(t, testTwoRequestsNeverShareAVisit) }

func testTwoRequestsNeverShareAVisit(t *testing.T) {
	d := newDesk(t)
	first := d.request(d.hold("1", "2026-03-10", "09:00", 15), ann)
	other := d.request(d.hold("1", "2026-03-10", "09:15", 15), naturaesoft.Prospect{ID: "56"})
	d.emr.put("1", "101", "2026-03-10", "09:00", 30, "")
	d.reconcile()
	require.Equal(t, Differs, d.load(first.ID).State)
	require.Equal(t, Requested, d.load(other.ID).State)

	d.emr.put("1", "102", "2026-03-10", "09:15", 15, "")
	d.reconcile()
	require.Equal(t, Differs, d.load(first.ID).State)
	require.Equal(t, naturaesoft.ID("102"), d.load(other.ID).Visit)

	_, err := d.Confirm(t.Context(), first.ID, "102")
	require.ErrorContains(t, err, "belongs to another record")
	requireNoOverlaps(t, d.db)
}

func TestSeenVisitThatGoesIsVanishedAtTheSecondLook(t *testing.T) {
	onBoth(t, testSeenVisitThatGoesIsVanishedAtTheSecondLook)
}

func testSeenVisitThatGoesIsVanishedAtTheSecondLook(t *testing.T) {
	for _, confirmed := range []bool{false, true} {
		d := newDesk(t)
		r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
		d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
		d.reconcile()
		if confirmed {
			_, err := d.Confirm(t.Context(), r.ID, "")
			require.NoError(t, err)
			require.Empty(t, d.emr.has["55"], "the tag is taken off")
		}
		d.emr.remove("101")
		require.Empty(t, d.reconcile().Changes)
		require.True(t, d.load(r.ID).State.Live())
		d.emr.before = on("schedule 1", unsentErr)
		require.Contains(t, d.reconcile().Failed, naturaesoft.ID("1"))
		require.True(t, d.load(r.ID).State.Live(), "a read that failed does not count")
		d.emr.before = nil
		d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
		d.reconcile()
		d.emr.remove("101")
		require.Empty(t, d.reconcile().Changes, "counting starts again")
		changes := d.reconcile().Changes
		require.Len(t, changes, 1)
		require.Equal(t, Vanished, changes[0].Booking.State)
		require.Empty(t, d.reconcile().Changes)
	}
}

// What vanished gave its time up; when it is there again it gets the time
// back only if nobody else has taken it.
func TestVanishedVisitComesBackOnlyIntoFreeTime(t *testing.T) {
	onBoth(t, testVanishedVisitComesBackOnlyIntoFreeTime)
}

func testVanishedVisitComesBackOnlyIntoFreeTime(t *testing.T) {
	for _, retaken := range []bool{false, true} {
		d := newDesk(t)
		r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
		d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
		d.reconcile()
		d.emr.remove("101")
		d.reconcile()
		d.reconcile()
		if retaken {
			d.colleague(jan).hold("1", "2026-03-10", "09:15", 30)
		}
		d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
		d.reconcile()
		require.Equal(t, map[bool]State{false: Seen, true: Vanished}[retaken], d.load(r.ID).State)
		requireNoOverlaps(t, d.db)
	}
}

func TestVisitThatIsChangedInTheEMR(t *testing.T) { onBoth(t, testVisitThatIsChangedInTheEMR) }

func testVisitThatIsChangedInTheEMR(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	change := func(at string, minutes int) State {
		d.emr.remove("101")
		d.emr.put("1", "101", "2026-03-10", at, minutes, "FOLLOWUP")
		d.reconcile()
		return d.load(r.ID).State
	}
	require.Equal(t, Differs, change("09:15", 30))
	require.Equal(t, Seen, change("09:00", 30), "corrected")
	require.Equal(t, Differs, change("15:00", 30), "the same visit, moved away")

	_, err := d.Confirm(t.Context(), r.ID, "")
	require.ErrorContains(t, err, "the schedule shows 2026-03-10 15:00")
	got, err := d.Confirm(t.Context(), r.ID, "101")
	require.NoError(t, err)
	require.Equal(t, Confirmed, got.State)
	require.Equal(t, Confirmed, change("15:00", 30), "what was accepted stays accepted")
	require.Equal(t, Differs, change("16:00", 30))
	_, err = d.Confirm(t.Context(), r.ID, "101")
	require.NoError(t, err)
	require.Equal(t, Confirmed, change("09:00", 30))
}

// What only differed was never ours: when it goes, the waiting goes on.
func TestForeignVisitThatGoesAgain(t *testing.T) { onBoth(t, testForeignVisitThatGoesAgain) }

func testForeignVisitThatGoesAgain(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.emr.put("1", "101", "2026-03-10", "09:15", 30, "NEW")
	d.reconcile()
	d.emr.remove("101")
	d.reconcile()
	d.reconcile()
	require.Equal(t, Requested, d.load(r.ID).State)
	d.emr.put("1", "102", "2026-03-10", "09:00", 30, "FOLLOWUP")
	d.reconcile()
	require.Equal(t, Seen, d.load(r.ID).State)
}

// Another visit than the one found can be accepted by its id.
func TestConfirmWithAnotherVisit(t *testing.T) { onBoth(t, testConfirmWithAnotherVisit) }

func testConfirmWithAnotherVisit(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.emr.put("1", "101", "2026-03-10", "09:15", 30, "NEW")
	d.emr.put("1", "102", "2026-03-10", "13:00", 30, "FOLLOWUP")
	d.reconcile()
	_, err := d.Confirm(t.Context(), r.ID, "102")
	require.NoError(t, err)
	d.reconcile()
	got := d.load(r.ID)
	require.Equal(t, Confirmed, got.State)
	require.Equal(t, tod("13:00"), got.Found.Start.Time)
}

func TestOneCallPerProviderForTheWholeRange(t *testing.T) {
	onBoth(t, testOneCallPerProviderForTheWholeRange)
}

func testOneCallPerProviderForTheWholeRange(t *testing.T) {
	d := newDesk(t)
	d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.request(d.hold("1", "2026-03-24", "09:00", 30), ann)
	d.request(d.hold("2", "2026-03-12", "09:00", 30), ann)
	d.hold("3", "2026-03-12", "09:00", 30) // a hold is not looked for
	d.emr.ranges = nil
	d.emr.before = on("schedule 1", unsentErr)
	d.emr.put("2", "201", "2026-03-12", "09:00", 30, "FOLLOWUP")
	d.pass(3 * time.Hour)
	report := d.reconcile()
	require.Equal(t, 2, report.Asked)
	require.ErrorIs(t, report.Failed["1"], error(unsentErr))
	require.Len(t, report.Changes, 1)
	require.Equal(t, Seen, report.Changes[0].Booking.State)

	d.emr.before = nil
	d.emr.ranges = nil
	report = d.reconcile()
	require.ElementsMatch(t, []string{"1 2026-03-10 2026-03-24", "2 2026-03-12 2026-03-12"}, d.emr.ranges)
	require.Len(t, report.Changes, 2, "overdue, now that the schedule could be read")
}

func TestNothingOpenAsksNobody(t *testing.T) { onBoth(t, testNothingOpenAsksNobody) }

func testNothingOpenAsksNobody(t *testing.T) {
	d := newDesk(t)
	d.hold("1", "2026-03-10", "09:00", 30)
	report := d.reconcile()
	require.Zero(t, report.Asked)
}

func TestCancelIsWatchedUntilTheVisitIsGone(t *testing.T) {
	onBoth(t, testCancelIsWatchedUntilTheVisitIsGone)
}

func testCancelIsWatchedUntilTheVisitIsGone(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
	d.reconcile()
	r, err := d.Cancel(t.Context(), r.ID, ByCaller)
	require.NoError(t, err)
	require.Equal(t, Cancelled, r.State)
	require.True(t, r.Watch)
	require.Contains(t, d.emr.notes("55"), "\n[FD "+r.Code+"] CXL 2026-03-10 09:00 prov=1 visit=101 (the caller asked) by maria@desk2 2026-03-09 14:02 ET")
	require.Empty(t, d.emr.has["55"])
	require.Empty(t, d.reconcile().Changes, "still there")
	d.emr.remove("101")
	d.reconcile()
	report := d.reconcile()
	require.Len(t, report.Changes, 1)
	require.False(t, report.Changes[0].Booking.Watch)
	require.Zero(t, d.reconcile().Asked)
	d.hold("1", "2026-03-10", "09:00", 30)
}

func TestCancelledRequestThatIsEnteredAllTheSame(t *testing.T) {
	onBoth(t, testCancelledRequestThatIsEnteredAllTheSame)
}

func testCancelledRequestThatIsEnteredAllTheSame(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	_, err := d.Cancel(t.Context(), r.ID, "")
	require.NoError(t, err)
	d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
	report := d.reconcile()
	require.Len(t, report.Changes, 1)
	require.Equal(t, naturaesoft.ID("101"), report.Changes[0].Booking.Visit)
	require.Contains(t, report.Changes[0].Booking.Warnings[0], "Have it removed")
}

// A live request gets the visit before a cancelled one for the same time.
func TestLiveRequestComesBeforeACancelledOne(t *testing.T) {
	onBoth(t, testLiveRequestComesBeforeACancelledOne)
}

func testLiveRequestComesBeforeACancelledOne(t *testing.T) {
	d := newDesk(t)
	old := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	_, err := d.Cancel(t.Context(), old.ID, "")
	require.NoError(t, err)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), naturaesoft.Prospect{ID: "56"})
	d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
	d.reconcile()
	require.Equal(t, Seen, d.load(r.ID).State)
	require.Empty(t, d.load(old.ID).Visit)
}

func TestCancelOutcomes(t *testing.T) { onBoth(t, testCancelOutcomes) }

func testCancelOutcomes(t *testing.T) {
	setup := func(t *testing.T) (*desk, Booking) {
		d := newDesk(t)
		return d, d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	}
	t.Run("refused", func(t *testing.T) {
		d, r := setup(t)
		d.emr.before = on("put", refusedErr)
		r, err := d.Cancel(t.Context(), r.ID, "")
		require.ErrorIs(t, err, error(refusedErr))
		require.Equal(t, Requested, r.State)
		d.emr.before = nil
		r, err = d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, Cancelled, r.State)
	})
	t.Run("reply lost", func(t *testing.T) {
		d, r := setup(t)
		d.emr.after = on("put", unclearErr)
		r, err := d.Cancel(t.Context(), r.ID, "")
		require.ErrorAs(t, err, new(*UnknownError))
		require.Equal(t, Requested, r.State)
		require.NotEmpty(t, r.Warnings)
		r, err = d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, Cancelled, r.State)
		require.Empty(t, r.Warnings)
		require.Equal(t, 2, d.emr.puts, "one request, one cancellation")
	})
	t.Run("lost on the way", func(t *testing.T) {
		d, r := setup(t)
		d.emr.before = on("put", unclearErr)
		_, err := d.Cancel(t.Context(), r.ID, "")
		require.ErrorAs(t, err, new(*UnknownError))
		d.emr.before = nil
		var unknown *UnknownError
		_, err = d.Cancel(t.Context(), r.ID, "")
		require.ErrorAs(t, err, &unknown)
		require.Positive(t, unknown.Wait)
		require.Equal(t, 1, d.emr.puts)
		d.pass(time.Minute)
		_, err = d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, 2, d.emr.puts)
	})
	t.Run("nobody there", func(t *testing.T) {
		d, r := setup(t)
		delete(d.emr.people, "55")
		r, err := d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, Cancelled, r.State)
		require.Contains(t, r.Warnings[0], "not in the EMR any more")
	})
	t.Run("unknown, absent", func(t *testing.T) {
		d := newDesk(t)
		d.emr.before = on("put", unclearErr)
		r := d.hold("1", "2026-03-10", "09:00", 30)
		r, _ = d.Request(t.Context(), r.ID, r.Fence, ann)
		d.emr.before = nil
		_, err := d.Cancel(t.Context(), r.ID, "")
		require.ErrorAs(t, err, new(*UnknownError))
		d.pass(time.Minute)
		r, err = d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, Cancelled, r.State)
		require.False(t, r.Watch)
		require.Zero(t, d.emr.puts, "nothing landed, so nothing is called off")
	})
	t.Run("tag stays for another visit", func(t *testing.T) {
		d, r := setup(t)
		d.request(d.hold("1", "2026-03-11", "09:00", 30), ann)
		_, err := d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Equal(t, []naturaesoft.ID{"9"}, d.emr.has["55"])
	})
	t.Run("tag cannot be taken off", func(t *testing.T) {
		d, r := setup(t)
		d.emr.before = on("untag", refusedErr)
		r, err := d.Cancel(t.Context(), r.ID, "")
		require.NoError(t, err)
		require.Contains(t, r.Warnings[0], "could not be taken off")
	})
}

func TestMoveKeepsTheOldVisitUntilTheNewOneIsSeen(t *testing.T) {
	onBoth(t, testMoveKeepsTheOldVisitUntilTheNewOneIsSeen)
}

func testMoveKeepsTheOldVisitUntilTheNewOneIsSeen(t *testing.T) {
	d := newDesk(t)
	old := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
	d.reconcile()
	next := d.hold("2", "2026-03-11", "10:00", 30)
	_, err := d.Move(t.Context(), old.ID, next.ID)
	require.NoError(t, err)
	next = d.request(d.load(next.ID), ann)
	d.reconcile()
	require.Equal(t, Seen, d.load(old.ID).State)

	d.emr.put("2", "102", "2026-03-11", "10:00", 30, "FOLLOWUP")
	report := d.reconcile()
	require.Len(t, report.Changes, 1)
	require.Empty(t, report.Unmoved)
	require.Len(t, report.Replaced, 1)
	require.Equal(t, 2, d.emr.puts, "a look sends nothing")
	_, err = d.CancelReplaced(t.Context(), report.Replaced[0].ID)
	require.NoError(t, err)
	old = d.load(old.ID)
	require.Equal(t, Cancelled, old.State)
	require.Equal(t, "moved to "+next.Code, old.Reason)
	require.Equal(t, next.ID, old.MovedTo)
	require.Equal(t, old.ID, d.load(next.ID).MovedFrom)
	require.Equal(t, 3, d.emr.puts)
	require.Empty(t, d.reconcile().Replaced)
	require.Equal(t, 3, d.emr.puts)
}

// Nobody is there to press a key: a cancellation that failed is not sent
// again by a later look.
func TestMoveSendsItsCancellationOnce(t *testing.T) { onBoth(t, testMoveSendsItsCancellationOnce) }

func testMoveSendsItsCancellationOnce(t *testing.T) {
	for _, fault := range []error{refusedErr, unclearErr} {
		d := newDesk(t)
		old := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
		next := d.hold("2", "2026-03-11", "10:00", 30)
		_, err := d.Move(t.Context(), old.ID, next.ID)
		require.NoError(t, err)
		d.request(d.load(next.ID), ann)
		d.emr.put("2", "102", "2026-03-11", "10:00", 30, "FOLLOWUP")
		sent := 0
		d.emr.before = func(op string) error {
			if op == "put" {
				sent++
				return fault
			}
			return nil
		}
		report := d.reconcile()
		require.Len(t, report.Replaced, 1)
		for range 3 {
			_, err := d.CancelReplaced(t.Context(), old.ID)
			require.Error(t, err)
			report = d.reconcile()
			require.Empty(t, report.Replaced)
			require.Error(t, report.Unmoved[old.ID])
			d.pass(time.Minute)
		}
		require.Equal(t, 1, sent)
		d.emr.before = nil
		_, err = d.Cancel(t.Context(), old.ID, "")
		require.NoError(t, err, "a person may")
	}
}

func TestMoveRefusals(t *testing.T) { onBoth(t, testMoveRefusals) }

func testMoveRefusals(t *testing.T) {
	d := newDesk(t)
	held := d.hold("1", "2026-03-10", "09:00", 30)
	asked := d.request(d.hold("1", "2026-03-10", "10:00", 30), ann)
	_, err := d.Move(t.Context(), held.ID, asked.ID)
	require.ErrorContains(t, err, "HELD cannot be moved")
	other, err := d.Hold(t.Context(), opening("2", "2026-03-11", "09:00", 30), "", HoldOptions{Prospect: "56"})
	require.NoError(t, err)
	_, err = d.Move(t.Context(), asked.ID, other.ID)
	require.ErrorContains(t, err, "different people")
}
