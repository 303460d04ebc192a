package desk

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func values(s string) map[string]string { return map[string]string{"notes": s, "name": needles[0]} }

func TestDraftIsOfferedAfterTheSessionDied(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	require.True(t, d.Drafts.Durable())
	saved, err := d.Drafts.Save(t.Context(), Draft{Kind: "prospects.edit", Key: needles[3], Values: values("first")})
	require.NoError(t, err)
	for n := range 3 {
		saved.Values = values("text " + string(rune('a'+n)))
		saved, err = d.Drafts.Save(t.Context(), saved)
		require.NoError(t, err)
	}
	require.EqualValues(t, 4, saved.Version)
	s.clean()
	s.dies("1")

	d = s.desk("2")
	list, closed, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Zero(t, closed)
	require.Len(t, list, 1)
	require.Equal(t, needles[3], list[0].Key)
	require.Equal(t, values("text c"), list[0].Values)

	got, err := d.Drafts.Load(t.Context(), "prospects.edit", needles[3])
	require.NoError(t, err)
	require.Equal(t, "2", got.Session)
	got.Values = values("more")
	again, err := d.Drafts.Save(t.Context(), got)
	require.NoError(t, err)
	require.Equal(t, saved.ID, again.ID)
	require.False(t, again.Second)
}

// Who types anew without looking at the offer does not write over it.
func TestADeadSessionsTextIsNotOverwritten(t *testing.T) {
	s := newSite(t)
	_, err := s.desk("1").Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("old")})
	require.NoError(t, err)
	s.dies("1")
	d := s.desk("2")
	fresh, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("new")})
	require.NoError(t, err)
	require.True(t, fresh.Second)
	list, _, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 2)
	got, err := d.Drafts.Load(t.Context(), "a.edit", "1")
	require.NoError(t, err)
	require.Equal(t, values("new"), got.Values, "its own goes first")
}

func TestTwoSessionsOfOnePerson(t *testing.T) {
	s := newSite(t)
	one, two := s.desk("1"), s.desk("2")
	first, err := one.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("by one")})
	require.NoError(t, err)

	read, err := two.Drafts.Load(t.Context(), "a.edit", "1")
	var elsewhere *ElsewhereError
	require.ErrorAs(t, err, &elsewhere)
	require.Equal(t, "1", elsewhere.Session)
	require.WithinDuration(t, first.Leased, elsewhere.Since, time.Millisecond)
	require.ErrorContains(t, err, "desk2 (pts/1)")
	require.Equal(t, values("by one"), read.Values, "for reading")
	require.ErrorAs(t, two.Drafts.Drop(t.Context(), first.ID), &elsewhere, "nor dropped under its hands")

	taken, err := two.Drafts.TakeOver(t.Context(), first.ID)
	require.NoError(t, err)
	taken.Values = values("by two")
	taken, err = two.Drafts.Save(t.Context(), taken)
	require.NoError(t, err)
	require.Equal(t, first.ID, taken.ID)

	// The loser goes on typing, with the id it knows and with the new one.
	for _, text := range []string{"late", "later"} {
		stale := first
		stale.Values = values(text)
		lost, err := one.Drafts.Save(t.Context(), stale)
		require.NoError(t, err)
		require.NotEqual(t, first.ID, lost.ID)
		require.True(t, lost.Second)
	}
	list, _, err := two.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 2, "one second draft, not one for each save")
	require.ElementsMatch(t, []string{"by two", "later"}, []string{list[0].Values["notes"], list[1].Values["notes"]})
}

func TestOtherPeoplesDraftsAreNotSeen(t *testing.T) {
	s := newSite(t)
	saved, err := s.desk("1").Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("x")})
	require.NoError(t, err)
	s.exec("UPDATE draft SET uid = 1002")
	d := s.desk("2")
	list, closed, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Empty(t, list)
	require.Zero(t, closed)
	_, err = d.Drafts.TakeOver(t.Context(), saved.ID)
	require.ErrorIs(t, err, ErrNoDraft)
}

func TestDropAndSweep(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	saved, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("x")})
	require.NoError(t, err)
	require.NoError(t, d.Drafts.Drop(t.Context(), saved.ID))
	require.NoError(t, d.Drafts.Drop(t.Context(), saved.ID))
	_, err = d.Drafts.Load(t.Context(), "a.edit", "1")
	require.ErrorIs(t, err, ErrNoDraft)
	later, err := d.Drafts.Save(t.Context(), saved)
	require.NoError(t, err)
	require.NotEqual(t, saved.ID, later.ID, "a dropped draft does not come back to life, the text is kept")

	n, err := d.Drafts.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	s.exec("UPDATE draft SET dropped_ms = dropped_ms - ?", keepDropped.Milliseconds()+1)
	n, err = d.Drafts.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, Swept{Dropped: 1}, n)
	require.Equal(t, 1, s.number("SELECT count(*) FROM draft"))
}

func TestLostKeyIsCountedAndKept30Days(t *testing.T) {
	s := newSite(t)
	_, err := s.desk("1").Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("x")})
	require.NoError(t, err)
	right := s.o.Seal
	look := func(seal *Seal, want int) *Desk {
		t.Helper()
		s.o.Seal = seal
		d := s.desk("1")
		_, closed, err := d.Drafts.List(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, closed)
		return d
	}
	marked := func() int { return s.number("SELECT count(*) FROM draft WHERE closed_ms IS NOT NULL") }
	look(nil, 1)
	require.Zero(t, marked(), "a key that is not here yet is not a lost one")
	look(newSeal(t), 1)
	require.Equal(t, 1, marked())
	look(right, 0)
	require.Zero(t, marked(), "the key came back")
	d := look(newSeal(t), 1)
	n, err := d.Drafts.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	s.exec("UPDATE draft SET closed_ms = closed_ms - ?", keepClosed.Milliseconds()+1)
	n, err = d.Drafts.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, Swept{Unopened: 1}, n, "and it is told")
}

func TestWithoutAKeyNothingTypedReachesTheDisk(t *testing.T) {
	s := newSite(t)
	seal := s.o.Seal
	s.o.Seal = nil
	d := s.desk("1")
	require.False(t, d.Drafts.Durable())
	first, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("x")})
	require.NoError(t, err)
	second, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: values("y")})
	require.NoError(t, err)
	require.Equal(t, first.ID, second.ID)
	require.Zero(t, s.number("SELECT count(*) FROM draft"))
	s.clean()

	require.NoError(t, d.Use(t.Context(), seal), "the vault was opened")
	require.True(t, d.Drafts.Durable())
	list, _, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, second.ID, list[0].ID, "under the id it is known by")
	require.Equal(t, values("y"), list[0].Values)
	s.clean()
	require.NoError(t, d.Drafts.Drop(t.Context(), second.ID))
	require.NoError(t, d.Use(t.Context(), nil))
	require.False(t, d.Drafts.Durable())
}

func TestKindsAreNames(t *testing.T) {
	d := newSite(t).desk("1")
	for _, kind := range []string{"", "Zebulon\nQuagmire", "näme", string(make([]byte, 65))} {
		_, err := d.Drafts.Save(t.Context(), Draft{Kind: kind})
		require.Error(t, err, kind)
	}
}
