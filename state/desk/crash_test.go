package desk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
)

// day is one piece of work over all parts. It notes what was acknowledged.
type day struct {
	draft   string // text of the last Save that was acknowledged
	dropped bool
	item    Item
	queued  bool
	claimed bool
	settled State
	audited int
}

func (w *day) work(t *testing.T, d *Desk) {
	ctx := t.Context()
	audit := func() {
		if d.Audit.Append(ctx, Event{Vendor: "v", Op: "step", Record: needles[1], Outcome: "ok"}) == nil {
			w.audited++
		}
	}
	var kept Draft
	for n := range 3 {
		text := fmt.Sprint("text ", n)
		got, err := d.Drafts.Save(ctx, Draft{ID: kept.ID, Kind: "a.edit", Key: needles[3], Values: values(text)})
		if err == nil {
			kept, w.draft = got, text
		}
	}
	audit()
	it, err := d.Outbox.Enqueue(ctx, intent())
	if err != nil {
		return
	}
	w.item, w.queued = it, true
	if _, err := d.Outbox.Claim(ctx, it.ID); err != nil {
		return
	}
	w.claimed = true
	audit()
	if got, err := d.Outbox.Settle(ctx, it.ID, Outcome{Done, "for " + needles[0]}); err == nil {
		w.settled = got.State
	}
	audit()
	w.dropped = d.Drafts.Drop(ctx, kept.ID) == nil
}

// check looks at what is left, as the next session finds it.
func (w *day) check(t *testing.T, s *site, n int) {
	s.dies("1")
	s.clean()
	d := s.desk("2")
	require.NoError(t, d.Audit.CanAudit())
	found, err := d.Outbox.Recover(t.Context())
	require.NoError(t, err)
	list, closed, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Zero(t, closed, n)
	if w.draft != "" && !w.dropped && len(list) > 0 {
		require.GreaterOrEqual(t, list[0].Values["notes"], w.draft, "step %d", n)
	}
	if w.draft != "" && w.settled != Done && !w.dropped {
		require.NotEmpty(t, list, "step %d: an acknowledged draft is gone", n)
	}
	if w.queued {
		it := s.get(d, w.item.ID)
		require.False(t, it.Lost)
		switch {
		case w.settled == Done:
			require.Equal(t, Done, it.State, "step %d", n)
		case w.claimed:
			require.Contains(t, []State{Unknown, Done}, it.State, "step %d", n)
		default:
			require.Contains(t, []State{Queued, Unknown}, it.State, "step %d", n)
			require.NotEmpty(t, found)
		}
	}
	r := verify(t, d)
	require.Nil(t, r.Bad, "step %d: %v", n, r.Bad)
	lines, err := d.Audit.Read(t.Context(), Search{Op: "step"})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(lines), w.audited, "step %d", n)
	s.clean()
}

// Fail the first, second ... nth step of database and trail, once and from
// there on (a disk that stays full; a process that ends there): nothing that
// was acknowledged is lost, nothing is on the disk in clear.
func TestNthFailure(t *testing.T) {
	for _, forever := range []bool{false, true} {
		n := 1
		for ; ; n++ {
			s := newSite(t)
			hit := false
			inner := nth(n, forever)
			fault := func(step string) error {
				err := inner(step)
				hit = hit || err != nil
				return err
			}
			w := day{}
			w.work(t, s.faulty("1", fault))
			w.check(t, s, n)
			s.db.Close()
			if !hit {
				break
			}
		}
		require.Greater(t, n, 30)
		t.Logf("forever=%v: %d points", forever, n-1)
	}
}

// A commit that is reported as failed and is there all the same: the write is
// not sent by Due, and a Claim of it can be had again by its session only.
func TestLostAcknowledgements(t *testing.T) {
	s := newSite(t)
	lose := false
	d := s.faulty("1", func(step string) error {
		if lose && step == "committed" {
			return errPlanted
		}
		return nil
	})
	lose = true
	_, err := d.Outbox.Enqueue(t.Context(), intent())
	require.ErrorIs(t, err, errPlanted)
	lose = false
	due, err := d.Outbox.Due(t.Context())
	require.NoError(t, err)
	require.Empty(t, due, "the person was told that it failed")
	require.Equal(t, 1, s.number("SELECT count(*) FROM outbox WHERE state = 'queued'"))

	it := s.enqueue(d, intent())
	lose = true
	_, err = d.Outbox.Claim(t.Context(), it.ID)
	require.ErrorIs(t, err, errPlanted)
	lose = false
	_, err = s.desk("2").Outbox.Claim(t.Context(), it.ID)
	require.True(t, errors.As(err, new(*StateError)))
	_, err = d.Outbox.Claim(t.Context(), it.ID)
	require.NoError(t, err)
	_, err = d.Outbox.Claim(t.Context(), it.ID)
	require.True(t, errors.As(err, new(*StateError)), "but not twice")

	lose = true
	_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{State: Done})
	require.ErrorIs(t, err, errPlanted)
	lose = false
	_, err = d.Outbox.Settle(t.Context(), it.ID, Outcome{State: Done})
	require.NoError(t, err)
}

// The real disk, full at the trail: the error is said, the line is taken away,
// and the chain is whole when there is space again.
func TestFolderThatCannotBeWritten(t *testing.T) {
	s, d := trail(t, 3)
	require.NoError(t, os.Rename(s.o.AuditDir, s.o.AuditDir+".away"))
	require.NoError(t, os.WriteFile(s.o.AuditDir, nil, 0o600))
	err := d.Audit.Append(t.Context(), Event{Op: "x", Outcome: "ok"})
	require.ErrorContains(t, err, "nothing is sent to vendors")
	require.NoError(t, os.Remove(s.o.AuditDir))
	require.NoError(t, os.Rename(s.o.AuditDir+".away", s.o.AuditDir))
	require.NoError(t, d.Audit.CanAudit())
	require.Nil(t, verify(t, d).Bad)
}

func BenchmarkAppend(b *testing.B) {
	s := benchSite(b)
	for b.Loop() {
		if err := s.Audit.Append(b.Context(), Event{Vendor: "v", Op: "x", Record: "7", Outcome: "ok"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	s := benchSite(b)
	for b.Loop() {
		if _, err := s.Drafts.Save(b.Context(), Draft{Kind: "a.edit", Key: "1", Values: values(strings.Repeat("x", 2048))}); err != nil {
			b.Fatal(err)
		}
	}
}

func benchSite(b *testing.B) *Desk {
	dir := b.TempDir()
	db, err := store.Open(b.Context(), store.Options{Path: filepath.Join(dir, "desk.db"), Migrations: Migrations})
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	d := build(db, Options{Who: who("1"), Seal: newSeal(b), AuditDir: filepath.Join(dir, "audit")})
	d.Audit.start(b.Context())
	return d
}
