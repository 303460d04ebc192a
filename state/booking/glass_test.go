package booking

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

// apartDesk is a desk with a ledger on a server of its own, which can be taken
// away, and the file beside it.
func apartDesk(t *testing.T) (*desk, *pgtest.Cluster) {
	t.Helper()
	cluster(t) // or skip
	c, err := pgtest.Start()
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	place := c.URL + "#glass"
	_, _, err = store.Migrate(t.Context(), options(place))
	require.NoError(t, err)
	return beside(openDesk(t, place, newFake(), maria)), c
}

// beside gives a desk its own file beside the ledger, and a trail.
func beside(d *desk) *desk {
	aside, err := store.Open(d.t.Context(), options(d.t.TempDir()+"/away.db"))
	require.NoError(d.t, err)
	d.t.Cleanup(func() { aside.Close() })
	d.o.Aside, d.o.Trace = aside, func(op, record string) { d.trail = append(d.trail, op+" "+record) }
	return d
}

func TestPartition(t *testing.T) {
	d, c := apartDesk(t)
	ours := d.hold("1", "2026-03-10", "09:00", 30)
	other := d.colleague(jan)
	clash := other.request(other.hold("1", "2026-03-10", "10:00", 30), ann)
	require.Empty(t, d.db.Trouble())
	nine := opening("1", "2026-03-11", "09:00", 30)
	_, err := d.BreakGlass(t.Context(), nine, "", "56", "caller is in pain")
	require.ErrorContains(t, err, "The ledger answers")

	c.Down(false)
	begun := time.Now()
	for _, err := range []error{
		second(d.Hold(t.Context(), nine, "", HoldOptions{})),
		second(d.Extend(t.Context(), ours.ID, ours.Fence)),
		second(d.Request(t.Context(), ours.ID, ours.Fence, ann)),
	} {
		var own *store.Error
		require.ErrorAs(t, err, &own)
		require.True(t, own.Away)
		require.ErrorContains(t, err, "cannot be reached. Nothing can be held, booked or claimed until it answers; looking works.")
	}
	require.Less(t, time.Since(begun), 9*time.Second)
	require.Contains(t, d.db.Trouble(), "cannot be reached")
	require.Equal(t, 1, d.emr.puts, "only what was requested before")

	_, err = d.BreakGlass(t.Context(), nine, "", "56", "  ")
	require.ErrorContains(t, err, "Say why")
	// One that fits, one over jan's visit, which nobody here can know, one that
	// is never used.
	free := d.past(nine, "caller is in pain")
	over := d.past(opening("1", "2026-03-10", "10:15", 30), "referral today")
	idle, err := d.BreakGlass(t.Context(), opening("2", "2026-03-11", "09:00", 30), "", "", "perhaps")
	require.NoError(t, err)
	_, err = d.BreakGlass(t.Context(), nine, "", "", "again")
	require.ErrorAs(t, err, new(*TakenError), "this machine knows its own")
	require.Regexp(t, `^[0-9A-Z]{6}$`, free.Code)
	require.Contains(t, d.trail, "break-glass "+free.ID)
	all, err := d.List(t.Context(), Filter{})
	require.Error(t, err)
	require.Len(t, all, 3, "what is here is shown")
	_, err = d.Rejoin(t.Context())
	require.Error(t, err)

	require.NoError(t, c.Up())
	report := d.reconcile()
	require.Empty(t, d.db.Trouble())
	require.Equal(t, []Change{{d.load(over.ID), Requested}}, report.Changes)
	require.Contains(t, d.trail, "clash "+over.ID)
	require.Equal(t, Requested, d.load(free.ID).State)
	require.Equal(t, []string{"Held while the ledger was away: caller is in pain."}, d.load(free.ID).Warnings, "colleagues were asked")
	require.Greater(t, d.load(free.ID).Fence, ours.Fence)
	got := d.load(over.ID)
	require.Equal(t, Clash, got.State)
	require.Contains(t, got.Warnings[1], clash.Code+" of jan@desk1 (REQUESTED) keeps the time too")
	require.Equal(t, Held, d.load(idle.ID).State, "a hold that runs stays beside")
	require.Equal(t, []string{"hold taken > HELD", "break-glass caller is in pain > HELD"}, d.journal(free.ID)[:2])
	require.Equal(t, "join free > REQUESTED", d.journal(free.ID)[len(d.journal(free.ID))-1])
	require.Equal(t, "join clash with "+clash.Code+" > CLASH", d.journal(over.ID)[len(d.journal(over.ID))-1])
	list, err := d.List(t.Context(), Filter{Open: true})
	require.NoError(t, err)
	require.Equal(t, over.ID, list[0].ID, "a clash is the first thing on the list")
	_, err = d.Hold(t.Context(), opening("1", "2026-03-10", "10:30", 15), "", HoldOptions{})
	require.ErrorAs(t, err, new(*TakenError), "both keep their time")

	require.Empty(t, d.reconcile().Changes, "nothing is decided by itself")
	_, err = d.Cancel(t.Context(), clash.ID, ByPractice)
	require.NoError(t, err)
	require.Len(t, d.reconcile().Changes, 1)
	require.Equal(t, Requested, d.load(over.ID).State)
	require.Empty(t, d.load(over.ID).Override)
	require.Contains(t, d.load(over.ID).Warnings[1], "had the time too, and has given it up.")
}

// past books past the ledger, up to the note in the EMR.
func (d *desk) past(o Opening, reason string) Booking {
	d.t.Helper()
	r, err := d.BreakGlass(d.t.Context(), o, "", "56", reason)
	require.NoError(d.t, err)
	require.Equal(d.t, Held, r.State)
	return d.request(r, d.emr.people["56"])
}

// What may have been sent while the ledger was away is looked for first; its
// clash is told when it is known to be there.
func TestUnknownBookingFromAPartition(t *testing.T) {
	d, c := apartDesk(t)
	other := d.colleague(jan)
	other.request(other.hold("1", "2026-03-10", "10:00", 30), ann)
	c.Down(false)
	r, err := d.BreakGlass(t.Context(), opening("1", "2026-03-10", "10:00", 30), "", "56", "no time to wait")
	require.NoError(t, err)
	d.emr.after = on("put", unclearErr)
	_, err = d.Request(t.Context(), r.ID, r.Fence, d.emr.people["56"])
	require.ErrorAs(t, err, new(*UnknownError))
	d.emr.after = nil
	require.NoError(t, c.Up())

	// The session ends after the ledger has the record and before the file
	// forgets it: the next one finds it there.
	d.point = func(at string) {
		if at == "before joined" {
			panic(crash{})
		}
	}
	require.PanicsWithValue(t, crash{}, func() { _, _ = d.Rejoin(t.Context()) })
	d.point = func(string) {}
	_, err = d.Rejoin(t.Context())
	require.NoError(t, err)
	all, err := d.List(t.Context(), Filter{Prospect: "56"})
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, Unknown, all[0].State)
	require.Equal(t, apart, all[0].Override)
	r, err = d.Resolve(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, Clash, r.State)
	require.Equal(t, 2, d.emr.puts, "nothing was sent again")

	require.ErrorContains(t, second(d.Keep(t.Context(), r.ID, "Ann Testperson insists")), "one of a list")
	r, err = d.Keep(t.Context(), r.ID, BothAgreed)
	require.NoError(t, err)
	require.Equal(t, Requested, r.State)
	require.Contains(t, r.Warnings[len(r.Warnings)-1], "has the time too. Both stay: the provider agreed to see both.")
	require.Contains(t, d.trail, "keep "+r.ID)
	require.ErrorContains(t, second(d.Keep(t.Context(), r.ID, BothAgreed)), "Only a visit that is CLASH")
	require.Empty(t, d.reconcile().Changes)
}

// Of the two visits of a clash the one made past the ledger is called off.
func TestAClashThatIsCalledOffSaysSo(t *testing.T) {
	d, c := apartDesk(t)
	other := d.colleague(jan)
	other.request(other.hold("1", "2026-03-10", "10:00", 30), ann)
	c.Down(false)
	r := d.past(opening("1", "2026-03-10", "10:00", 30), "no time to wait")
	require.NoError(t, c.Up())
	d.reconcile()
	require.Equal(t, Clash, d.load(r.ID).State)
	r, err := d.Cancel(t.Context(), r.ID, ByPractice)
	require.NoError(t, err)
	require.Contains(t, r.Warnings[1], "had the time too. This one was called off.")
}

// A ledger in a file has nothing to go past.
func TestNoGlassAtAFile(t *testing.T) {
	d := newDesk(t)
	_, err := d.BreakGlass(t.Context(), opening("1", "2026-03-10", "10:00", 30), "", "", "because")
	require.ErrorContains(t, err, "a file on this machine")
	changes, err := d.Rejoin(t.Context())
	require.NoError(t, err)
	require.Empty(t, changes)
}
