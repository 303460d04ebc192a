package booking

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

func TestRequestWritesOneCodedLine(t *testing.T) { onBoth(t, testRequestWritesOneCodedLine) }

func testRequestWritesOneCodedLine(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	want := "Allergy: none\r\nsecond line\n[FD " + r.Code +
		"] REQ 2026-03-10 09:00 30m prov=1 type=FOLLOWUP by maria@desk2 2026-03-09 14:02 ET"
	require.Equal(t, want, d.emr.notes("55"), "the notes before it are untouched")
	require.Equal(t, naturaesoft.ID("1"), d.emr.people["55"].ProviderID)
	require.Equal(t, []naturaesoft.ID{"9"}, d.emr.has["55"])
	require.Equal(t, naturaesoft.ID("55"), r.Prospect)
	require.InDelta(t, 2*time.Hour, r.Due.Sub(r.Updated), float64(time.Second))
	require.Empty(t, r.Warnings)
	require.Equal(t, []string{
		"hold taken > HELD", "check free > HELD", "request begun > HELD",
		"put sending > UNKNOWN", "put done > REQUESTED", "tag sending > REQUESTED", "tag set > REQUESTED",
	}, d.journal(r.ID))
}

func TestRequestKeepsWhatAColleagueWroteMeanwhile(t *testing.T) {
	onBoth(t, testRequestKeepsWhatAColleagueWroteMeanwhile)
}

func testRequestKeepsWhatAColleagueWroteMeanwhile(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	changed := d.emr.people["56"]
	stale := changed
	changed.Notes = safe.Paragraphs("written by somebody else\n")
	d.emr.people["56"] = changed
	r = d.request(r, stale)
	require.True(t, strings.HasPrefix(d.emr.notes("56"), "written by somebody else\n[FD "+r.Code))
}

func TestRequestChecksAgainWhenTheAnswerIsOld(t *testing.T) {
	onBoth(t, testRequestChecksAgainWhenTheAnswerIsOld)
}

func testRequestChecksAgainWhenTheAnswerIsOld(t *testing.T) {
	for _, c := range []struct {
		wait   time.Duration
		checks int
	}{{14 * time.Second, 1}, {16 * time.Second, 2}} {
		d := newDesk(t)
		r := d.hold("1", "2026-03-10", "09:00", 30)
		d.pass(c.wait)
		d.request(r, ann)
		require.Equal(t, c.checks, d.emr.count("check"), c.wait)
	}
}

func TestTimeStolenBetweenHoldAndRequestIsLost(t *testing.T) {
	onBoth(t, testTimeStolenBetweenHoldAndRequestIsLost)
}

func testTimeStolenBetweenHoldAndRequestIsLost(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	d.pass(time.Minute)
	d.emr.put("1", "7", "2026-03-10", "09:00", 30, "NEW")
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.ErrorAs(t, err, new(*LostError))
	require.Equal(t, Lost, r.State)
	require.Zero(t, d.emr.puts)
}

func TestRequestOfAPersonWithOverlappingTimeIsRefused(t *testing.T) {
	onBoth(t, testRequestOfAPersonWithOverlappingTimeIsRefused)
}

func testRequestOfAPersonWithOverlappingTimeIsRefused(t *testing.T) {
	d := newDesk(t)
	d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	r := d.hold("2", "2026-03-10", "09:15", 30)
	_, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	var taken *TakenError
	require.ErrorAs(t, err, &taken)
	require.True(t, taken.SamePerson)
	require.Equal(t, 1, d.emr.puts)
}

// Every way a PUT can fail, with what the ledger says afterwards.
func TestOutcomesOfTheWrite(t *testing.T) { onBoth(t, testOutcomesOfTheWrite) }

func testOutcomesOfTheWrite(t *testing.T) {
	plain := context.DeadlineExceeded
	cases := []struct {
		name          string
		before, after error
		state         State
		puts          int
	}{
		{"lands", nil, nil, Requested, 1},
		{"refused", refusedErr, nil, Held, 0},
		{"never sent", unsentErr, nil, Held, 0},
		{"lost on the way", unclearErr, nil, Unknown, 0},
		{"reply lost", nil, unclearErr, Unknown, 1},
		{"an answer nobody can read", nil, &rest.Error{Kind: rest.KindDecode, Phase: rest.Done}, Unknown, 1},
		{"an error nobody knows", nil, plain, Unknown, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			r := d.hold("1", "2026-03-10", "09:00", 30)
			d.emr.before, d.emr.after = on("put", c.before), on("put", c.after)
			r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
			require.Equal(t, c.state, r.State)
			require.Equal(t, c.state, d.load(r.ID).State)
			require.Equal(t, c.puts, d.emr.puts)
			switch c.state {
			case Requested:
				require.NoError(t, err)
			case Held:
				require.ErrorIs(t, err, c.before, "the vendor's own words reach the person")
			case Unknown:
				var unknown *UnknownError
				require.ErrorAs(t, err, &unknown)
			}
			// The time stays kept in every case.
			_, err = d.colleague(jan).Hold(t.Context(), opening("1", "2026-03-10", "09:00", 30), "", HoldOptions{})
			require.ErrorAs(t, err, new(*TakenError))
		})
	}
}

func TestRefusalAfterTheLeaseEndsTheHold(t *testing.T) {
	onBoth(t, testRefusalAfterTheLeaseEndsTheHold)
}

func testRefusalAfterTheLeaseEndsTheHold(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	d.emr.before = func(op string) error {
		if op == "put" {
			d.pass(6 * time.Minute)
			return refusedErr
		}
		return nil
	}
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.ErrorIs(t, err, error(refusedErr))
	require.Equal(t, Expired, r.State)
	d.emr.before = nil
	d.colleague(jan).hold("1", "2026-03-10", "09:00", 30)
}

// Asking again for what is requested, or may be, sends nothing.
func TestReplaysSendNothing(t *testing.T) { onBoth(t, testReplaysSendNothing) }

func testReplaysSendNothing(t *testing.T) {
	d := newDesk(t)
	held := d.hold("1", "2026-03-10", "09:00", 30)
	first := d.request(held, ann)
	for range 3 {
		again, err := d.Request(t.Context(), held.ID, held.Fence, ann)
		require.NoError(t, err)
		require.Equal(t, first.State, again.State)
	}
	require.Equal(t, 1, d.emr.puts)

	d.emr.after = on("put", unclearErr)
	held = d.hold("1", "2026-03-10", "10:00", 30)
	for range 3 {
		r, err := d.Request(t.Context(), held.ID, held.Fence, ann)
		require.ErrorAs(t, err, new(*UnknownError))
		require.Equal(t, Unknown, r.State)
	}
	require.Equal(t, 2, d.emr.puts)
}

// A PUT that lands while its reply is lost is executed once and found again
// by its code, in the same session and by another desk that only has the id.
func TestLostReplyResolvesToRequested(t *testing.T) { onBoth(t, testLostReplyResolvesToRequested) }

func testLostReplyResolvesToRequested(t *testing.T) {
	for _, other := range []bool{false, true} {
		d := newDesk(t)
		d.emr.after = on("put", unclearErr)
		r := d.hold("1", "2026-03-10", "09:00", 30)
		r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
		require.ErrorAs(t, err, new(*UnknownError))
		d.emr.after = nil
		by := d
		if other {
			by = d.colleague(jan)
		}
		r, err = by.Resolve(t.Context(), r.ID)
		require.NoError(t, err)
		require.Equal(t, Requested, r.State)
		require.Equal(t, 1, d.emr.puts)
		require.Equal(t, []naturaesoft.ID{"9"}, d.emr.has["55"])
		require.Equal(t, 1, strings.Count(d.emr.notes("55"), "[FD "))
		require.Equal(t, other, d.emr.count("prospects") > 0)
	}
}

// Absence proves something only after the time a write can be under way; then
// the hold is renewed under a new fence and may be sent again.
func TestAbsentNoteMayBeSentAgainOnlyLater(t *testing.T) {
	onBoth(t, testAbsentNoteMayBeSentAgainOnlyLater)
}

func testAbsentNoteMayBeSentAgainOnlyLater(t *testing.T) {
	d := newDesk(t)
	d.emr.before = on("put", unclearErr)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	old := r.Fence
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.ErrorAs(t, err, new(*UnknownError))
	d.emr.before = nil

	var unknown *UnknownError
	r, err = d.Resolve(t.Context(), r.ID)
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, Unknown, r.State)
	require.InDelta(t, 45*time.Second, unknown.Wait, float64(2*time.Second))

	d.pass(10 * time.Minute) // longer than the hold
	r, err = d.Resolve(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, Held, r.State)
	require.Greater(t, r.Fence, old)
	require.InDelta(t, 5*time.Minute, r.Left, float64(2*time.Second))

	_, err = d.Request(t.Context(), r.ID, old, ann)
	require.ErrorAs(t, err, new(*LeaseError), "the old fence is dead")
	d.request(r, ann)
	require.Equal(t, 1, d.emr.puts)
	require.Equal(t, 2, d.emr.count("check"), "availability was asked for again")
}

// The write landed so late that it was given up: the second request finds it
// and sends nothing.
func TestLateNoteIsFoundBeforeASecondSend(t *testing.T) {
	onBoth(t, testLateNoteIsFoundBeforeASecondSend)
}

func testLateNoteIsFoundBeforeASecondSend(t *testing.T) {
	d := newDesk(t)
	d.emr.before = on("put", unclearErr)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	r, _ = d.Request(t.Context(), r.ID, r.Fence, ann)
	d.emr.before = nil
	d.pass(time.Minute)
	r, err := d.Resolve(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, Held, r.State)
	person := d.emr.people["55"]
	person.Notes = safe.Paragraphs(d.requestLine(r))
	d.emr.people["55"] = person
	d.request(r, ann)
	require.Zero(t, d.emr.puts)
}

func TestResolveThatCannotReadStaysUnknown(t *testing.T) {
	onBoth(t, testResolveThatCannotReadStaysUnknown)
}

func testResolveThatCannotReadStaysUnknown(t *testing.T) {
	d := newDesk(t)
	d.emr.after = on("put", unclearErr)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	r, _ = d.Request(t.Context(), r.ID, r.Fence, ann)
	d.pass(time.Hour)
	for _, op := range []string{"reread", "prospects"} {
		d.emr.after = on(op, unsentErr)
		by := d
		if op == "prospects" {
			by = d.colleague(jan)
		}
		got, err := by.Resolve(t.Context(), r.ID)
		var unknown *UnknownError
		require.ErrorAs(t, err, &unknown)
		require.ErrorContains(t, err, "could not be read back")
		require.Equal(t, Unknown, got.State)
	}
	delete(d.emr.people, "55")
	d.emr.after = nil
	got, err := d.Resolve(t.Context(), r.ID)
	require.ErrorAs(t, err, new(*UnknownError), "a person who is gone proves nothing")
	require.Equal(t, Unknown, got.State)
}

func TestTagOutcomes(t *testing.T) { onBoth(t, testTagOutcomes) }

func testTagOutcomes(t *testing.T) {
	d := newDesk(t)
	d.emr.before = on("assign", refusedErr)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.NoError(t, err)
	require.Equal(t, Partial, r.State)
	d.emr.before = nil
	r, err = d.Resolve(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, Requested, r.State)
	require.Equal(t, 1, d.emr.puts)

	d = newDesk(t)
	d.emr.before = on("tags", unsentErr)
	r = d.hold("1", "2026-03-10", "09:00", 30)
	r, err = d.Request(t.Context(), r.ID, r.Fence, ann)
	require.NoError(t, err)
	require.Equal(t, Partial, r.State)

	d = newDesk(t)
	d.emr.tags = nil
	r = d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	require.Contains(t, r.Warnings[0], "no tag appointment requested")

	d = newDesk(t)
	d.o.RequestedTag = ""
	d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	require.Zero(t, d.emr.count("tags"))
}

// The person pressed escape while the write was out: its outcome is recorded
// all the same.
func TestCancelledContextStillRecordsTheOutcome(t *testing.T) {
	onBoth(t, testCancelledContextStillRecordsTheOutcome)
}

func testCancelledContextStillRecordsTheOutcome(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	ctx, cancel := context.WithCancel(t.Context())
	d.emr.after = func(op string) error {
		if op == "put" {
			cancel()
			return unclearErr
		}
		return nil
	}
	r, err := d.Request(ctx, r.ID, r.Fence, ann)
	require.ErrorAs(t, err, new(*UnknownError))
	require.Equal(t, Unknown, d.load(r.ID).State)
	require.Equal(t, "put unclear > UNKNOWN", d.journal(r.ID)[4])
}

func TestMissingNoteAfterTheWriteIsAnAlarm(t *testing.T) {
	onBoth(t, testMissingNoteAfterTheWriteIsAnAlarm)
}

func testMissingNoteAfterTheWriteIsAnAlarm(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	d.emr.after = func(op string) error {
		if op == "put" { // the EMR says yes and keeps nothing
			d.emr.people["55"] = naturaesoft.Prospect{ID: "55"}
		}
		return nil
	}
	r, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.NoError(t, err)
	require.Contains(t, r.Warnings[0], "is not among the person's notes")
	require.Contains(t, d.load(r.ID).Warnings[0], r.Code)
	require.Empty(t, d.Halted())
}

func TestARequestedVisitIsRequestedForNobodyElse(t *testing.T) {
	onBoth(t, testARequestedVisitIsRequestedForNobodyElse)
}

func testARequestedVisitIsRequestedForNobodyElse(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	_, err := d.Request(t.Context(), r.ID, r.Fence, naturaesoft.Prospect{ID: "56"})
	require.ErrorContains(t, err, "REQUESTED for another person")
	same, err := d.Request(t.Context(), r.ID, r.Fence, ann)
	require.NoError(t, err)
	require.Equal(t, ann.ID, same.Prospect)
}
