package desk

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func intent() Intent {
	return Intent{Vendor: "connect4", Op: "ticket comment", Class: "none", Record: needles[3], Payload: []byte(`{"text":"` + needles[0] + `"}`)}
}

func (s *site) enqueue(d *Desk, in Intent) Item {
	s.t.Helper()
	it, err := d.Outbox.Enqueue(s.t.Context(), in)
	require.NoError(s.t, err)
	return it
}

func (s *site) get(d *Desk, id string) Item {
	s.t.Helper()
	all, err := d.Outbox.List(s.t.Context(), Filter{})
	require.NoError(s.t, err)
	for _, it := range all {
		if it.ID == id {
			return it
		}
	}
	require.Fail(s.t, "no such entry")
	return Item{}
}

func TestAWriteFromIntentToDone(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	it := s.enqueue(d, intent())
	require.Equal(t, Queued, it.State)
	due, err := d.Outbox.Due(t.Context())
	require.NoError(t, err)
	require.Len(t, due, 1)
	it, err = d.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err)
	require.Equal(t, intent().Payload, it.Payload)
	require.Equal(t, Sending, it.State)
	s.clean()
	it, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{Done, "Taken for " + needles[0]})
	require.NoError(t, err)
	require.Equal(t, Done, it.State)
	got := s.get(d, it.ID)
	require.Equal(t, "Taken for "+needles[0], got.Words)
	require.Equal(t, needles[3], got.Record)
	require.Empty(t, got.Payload, "what was sent is not kept")
	s.clean()
	_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{State: Refused})
	var state *StateError
	require.ErrorAs(t, err, &state)
	_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{State: Queued})
	require.Error(t, err)
}

func TestUndoWindow(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	in := intent()
	in.Class = "comment"
	it := s.enqueue(d, in)
	require.Equal(t, 10*time.Second, it.Left)
	require.Equal(t, it.Created.Add(10*time.Second), it.DueAt)
	_, err := d.Outbox.Claim(t.Context(), it.ID)
	var early *EarlyError
	require.ErrorAs(t, err, &early)
	due, err := d.Outbox.Due(t.Context())
	require.NoError(t, err)
	require.Empty(t, due)
	got, err := d.Outbox.TakeBack(t.Context(), it.ID)
	require.NoError(t, err)
	require.Equal(t, Withdrawn, got.State)
	require.Equal(t, in.Payload, got.Payload, "to be edited again")
	_, err = d.Outbox.Claim(t.Context(), it.ID)
	require.ErrorContains(t, err, "is taken back, so it cannot be sent")

	in.Undo = time.Hour
	require.Equal(t, time.Hour, s.enqueue(d, in).Left)
	s.o.Undo = map[string]time.Duration{}
	in.Undo = 0
	require.Zero(t, s.enqueue(s.desk("1"), in).Left, "the profile switched it off")
}

func TestTakenBackOnlyWhileQueued(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	it := s.enqueue(d, intent())
	_, err := d.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err)
	_, err = d.Outbox.TakeBack(t.Context(), it.ID)
	require.ErrorContains(t, err, "being sent, so it cannot be taken back")
	_, err = d.Outbox.TakeBack(t.Context(), "nothing")
	require.ErrorIs(t, err, ErrNoItem)
}

func TestManyClaimsOneSends(t *testing.T) {
	s := newSite(t)
	desks := []*Desk{s.desk("1"), s.desk("2"), s.desk("3")}
	for range 5 {
		it := s.enqueue(desks[0], intent())
		var won atomic.Int32
		var all sync.WaitGroup
		for n := range 9 {
			all.Go(func() {
				if _, err := desks[n%3].Outbox.Claim(t.Context(), it.ID); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, won.Load())
	}
}

func TestRecoverAfterASessionDied(t *testing.T) {
	s := newSite(t)
	one := s.desk("1")
	sending, queued, done := s.enqueue(one, intent()), s.enqueue(one, intent()), s.enqueue(one, intent())
	for _, it := range []Item{sending, done} {
		_, err := one.Outbox.Claim(t.Context(), it.ID)
		require.NoError(t, err)
	}
	_, err := one.Outbox.Settle(t.Context(), done.ID, Outcome{State: Done})
	require.NoError(t, err)

	two := s.desk("2")
	found, err := two.Outbox.Recover(t.Context())
	require.NoError(t, err)
	require.Empty(t, found, "the other session is alive")
	s.dies("1")
	for range 2 {
		found, err = two.Outbox.Recover(t.Context())
		require.NoError(t, err)
		require.Len(t, found, 2)
		require.Equal(t, []string{sending.ID, queued.ID}, []string{found[0].ID, found[1].ID})
		require.Equal(t, Unknown, found[0].State)
		require.True(t, found[1].Waiting)
	}
	due, err := two.Outbox.Due(t.Context())
	require.NoError(t, err)
	require.Empty(t, due, "never by itself")
	_, err = two.Outbox.Claim(t.Context(), sending.ID)
	require.ErrorContains(t, err, "UNKNOWN")
	_, err = two.Outbox.Claim(t.Context(), queued.ID)
	require.NoError(t, err, "the person said so")
}

func TestResolve(t *testing.T) {
	cases := []struct {
		find  Finding
		state State
		words string
	}{
		{Landed, Done, "What became of it was not known at first: it landed."},
		{DidNot, Queued, "What became of it was not known at first: it did not land."},
		{CannotTell, Unknown, "No answer."},
	}
	for _, c := range cases {
		s := newSite(t)
		d := s.desk("1")
		it := s.enqueue(d, intent())
		_, err := d.Outbox.Resolve(t.Context(), it.ID, c.find)
		var state *StateError
		require.ErrorAs(t, err, &state, "only what is UNKNOWN")
		_, err = d.Outbox.Claim(t.Context(), it.ID)
		require.NoError(t, err)
		_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{Unknown, "No answer."})
		require.NoError(t, err)
		got, err := d.Outbox.Resolve(t.Context(), it.ID, c.find)
		require.NoError(t, err)
		require.Equal(t, c.state, got.State)
		require.Equal(t, c.words, s.get(d, it.ID).Words)
		due, err := d.Outbox.Due(t.Context())
		require.NoError(t, err)
		require.Empty(t, due, "never resent by itself")
		if c.find != DidNot {
			continue
		}
		// The vendor's yes comes late, before it was sent again.
		got, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{State: Done})
		require.NoError(t, err)
		require.Equal(t, Done, got.State)
	}
}

// What reading back does not find is believed to be absent only once it cannot
// be on its way any more, whatever the age of the entry; a person is believed
// at once.
func TestAbsenceIsBelievedLate(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	it := s.enqueue(d, intent())
	lose := func() {
		_, err := d.Outbox.Claim(t.Context(), it.ID)
		require.NoError(t, err)
		_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{Unknown, "No answer."})
		require.NoError(t, err)
		s.exec("UPDATE outbox SET created_ms = 0")
	}
	for range 2 { // the second time it was sent by a person, long after it was entered
		lose()
		_, err := d.Outbox.Found(t.Context(), it.ID, DidNot)
		var soon *SoonError
		require.ErrorAs(t, err, &soon)
		require.InDelta(t, Patience, soon.Wait, float64(5*time.Second))
		require.Equal(t, Unknown, s.get(d, it.ID).State)
		s.exec("UPDATE outbox SET changed_ms = changed_ms - ?", Patience.Milliseconds())
		got, err := d.Outbox.Found(t.Context(), it.ID, DidNot)
		require.NoError(t, err)
		require.Equal(t, Queued, got.State)
	}
	lose()
	got, err := d.Outbox.Found(t.Context(), it.ID, Landed)
	require.NoError(t, err)
	require.Equal(t, Done, got.State)
	require.Equal(t, "It is not there, but it may still be on its way: look again in 2 seconds.", (&SoonError{1500 * time.Millisecond}).UserMessage())
}

// An answer to the first attempt says nothing of the second one.
func TestALateAnswerDoesNotSettleAnotherAttempt(t *testing.T) {
	s := newSite(t)
	one, two := s.desk("1"), s.desk("2")
	it := s.enqueue(one, intent())
	_, err := one.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err)
	s.dies("1") // stopped, not dead
	_, err = two.Outbox.Recover(t.Context())
	require.NoError(t, err)
	_, err = two.Outbox.Resolve(t.Context(), it.ID, DidNot)
	require.NoError(t, err)
	_, err = two.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err)
	var state *StateError
	_, err = one.Outbox.Settle(t.Context(), it.ID, Outcome{State: Refused})
	require.ErrorAs(t, err, &state)
	require.Equal(t, Sending, s.get(two, it.ID).State)
	_, err = two.Outbox.Settle(t.Context(), it.ID, Outcome{State: Done})
	require.NoError(t, err)
}

func TestWithoutAKeyThePayloadDiesWithItsSession(t *testing.T) {
	s := newSite(t)
	s.o.Seal = nil
	one := s.desk("1")
	it, back := s.enqueue(one, intent()), s.enqueue(one, intent())
	require.Zero(t, s.number("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL OR record <> ''"))
	s.clean()
	require.Equal(t, intent().Payload, s.get(one, it.ID).Payload)
	s.dies("1")

	two := s.desk("2")
	found, err := two.Outbox.Recover(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.True(t, found[0].Lost)
	_, err = two.Outbox.Claim(t.Context(), it.ID)
	require.ErrorIs(t, err, ErrLost)
	_, err = two.Outbox.TakeBack(t.Context(), back.ID)
	require.NoError(t, err)

	got, err := one.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err, "it was only slow and has it still")
	require.Equal(t, intent().Payload, got.Payload)
	_, err = one.Outbox.Settle(t.Context(), it.ID, Outcome{Refused, needles[0] + " is not known"})
	require.NoError(t, err)
	require.Equal(t, needles[0]+" is not known", s.get(one, it.ID).Words)
	s.clean()
}

func TestListFilters(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	in := intent()
	a := s.enqueue(d, in)
	in.Vendor, in.Op, in.Class, in.Record = "updox", "practice save", "money", "9"
	b := s.enqueue(d, in)
	_, err := d.Outbox.Claim(t.Context(), a.ID)
	require.NoError(t, err)
	for want, f := range map[string]Filter{
		a.ID + " state":   {States: []State{Sending, Unknown}},
		b.ID + " vendor":  {Vendor: "updox"},
		b.ID + " op":      {Op: "practice save"},
		b.ID + " class":   {Class: "money"},
		a.ID + " record":  {Record: needles[3]},
		a.ID + " session": {Session: "1", Vendor: "connect4"},
	} {
		got, err := d.Outbox.List(t.Context(), f)
		require.NoError(t, err)
		require.Len(t, got, 1, want)
		require.Contains(t, want, got[0].ID)
	}
	got, err := d.Outbox.List(t.Context(), Filter{States: Unsettled()})
	require.NoError(t, err)
	require.Len(t, got, 2)
}

func TestNothingIsClaimedThatCannotBeAudited(t *testing.T) {
	s := newSite(t)
	full := false
	d := s.faulty("1", func(step string) error {
		if full && step == "write" {
			return errPlanted
		}
		return nil
	})
	it := s.enqueue(d, intent())
	full = true
	require.ErrorIs(t, d.Audit.Append(t.Context(), Event{Op: "x", Outcome: "ok"}), errPlanted)
	_, err := d.Outbox.Claim(t.Context(), it.ID)
	require.ErrorIs(t, err, errPlanted)
	require.ErrorContains(t, err, "nothing is sent to vendors")
	require.Equal(t, Queued, s.get(d, it.ID).State)
	full = false
	_, err = d.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err, "space was freed")
}

// Whatever two sessions, of which any may die, do to one entry: each attempt
// is sent by one, an entry is never sent again unless a person said that it
// did not land, and what was acknowledged as Done stays it.
func TestOutboxProperty(t *testing.T) {
	s, runs := newSite(t), 0
	fresh := func() string { runs++; return fmt.Sprint("run ", runs) }
	rapid.Check(t, func(rt *rapid.T) {
		s.exec("DELETE FROM outbox")
		names := []string{fresh(), fresh()}
		desks := []*Desk{s.desk(names[0]), s.desk(names[1])}
		it := s.enqueue(desks[0], intent())
		sent, allowed, done := 0, 1, false
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			n := rapid.IntRange(0, 1).Draw(rt, "who")
			o := desks[n].Outbox
			switch rapid.IntRange(0, 6).Draw(rt, "what") {
			case 0, 1:
				if _, err := o.Claim(t.Context(), it.ID); err == nil {
					sent++
					require.False(rt, done)
				}
			case 2:
				out := rapid.SampledFrom([]State{Done, Refused, Unknown}).Draw(rt, "outcome")
				if got, err := o.Settle(t.Context(), it.ID, Outcome{State: out}); err == nil {
					done = done || got.State == Done
				}
			case 3:
				f := rapid.SampledFrom([]Finding{Landed, DidNot, CannotTell}).Draw(rt, "finding")
				if got, err := o.Resolve(t.Context(), it.ID, f); err == nil && f == DidNot {
					allowed++
				} else if err == nil {
					done = done || got.State == Done
				}
			case 4:
				_, _ = o.TakeBack(t.Context(), it.ID)
			case 5:
				s.dies(names[n])
				names[n] = fresh()
				desks[n] = s.desk(names[n])
			case 6:
				_, err := o.Recover(t.Context())
				require.NoError(rt, err)
			}
			require.LessOrEqual(rt, sent, allowed)
			if done {
				require.Equal(rt, Done, s.get(desks[0], it.ID).State)
			}
		}
	})
}
