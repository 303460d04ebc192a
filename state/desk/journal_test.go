package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// disk is a keeper that notes when what was saved.
type disk struct {
	mu      sync.Mutex
	err     error
	slow    time.Duration
	saved   []savedAt
	dropped []string
}

type savedAt struct {
	at   time.Time
	text string
}

func (d *disk) Save(ctx context.Context, in Draft) (Draft, error) {
	select {
	case <-time.After(d.slow):
	case <-ctx.Done():
		return in, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return in, d.err
	}
	d.saved = append(d.saved, savedAt{time.Now(), in.Values["x"]})
	in.ID = "id of " + in.Key
	return in, nil
}

func (d *disk) Drop(_ context.Context, id string) error {
	d.dropped = append(d.dropped, id)
	return nil
}

func (d *disk) fails(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
}

func (d *disk) texts() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.saved {
		all = append(all, s.text)
	}
	return all
}

// journal runs fn in a bubble with a journal on a disk.
func journal(t *testing.T, fn func(t *testing.T, j *Journal, d *disk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := newJournal(d)
		fn(t, j, d)
		require.NoError(t, j.Close(t.Context()))
	})
}

func note(j *Journal, text string) { j.Note("a.edit", "1", map[string]string{"x": text}) }

// after lets the virtual time pass and what falls due in it happen.
func after(d time.Duration) {
	time.Sleep(d) // of the bubble
	synctest.Wait()
}

func TestJournalSavesAfterAPause(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		note(j, "a")
		after(quiet - time.Millisecond)
		require.Empty(t, d.texts())
		after(time.Millisecond)
		require.Equal(t, []string{"a"}, d.texts())
		after(time.Hour)
		require.Len(t, d.texts(), 1, "nothing is written for nothing")
		id, second := j.Draft("a.edit", "1")
		require.Equal(t, "id of 1", id)
		require.False(t, second)
	})
}

func TestJournalSavesEverySecondWhileTyping(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		for n := range 31 {
			note(j, fmt.Sprint(n))
			after(100 * time.Millisecond)
		}
		// The first key of a stretch is at 0, 1.0 (after the save at 1.0 s) ...
		require.Len(t, d.texts(), 2+1, d.texts())
	})
}

// However somebody types, no text is older than a second before it is saved.
func TestJournalIsNeverBehind(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		gaps := rapid.SliceOfN(rapid.IntRange(1, 600), 1, 20).Draw(rt, "gaps")
		slow := time.Duration(rapid.IntRange(0, 3).Draw(rt, "slow")) * 50 * time.Millisecond
		synctest.Test(t, func(t *testing.T) {
			d := &disk{slow: slow}
			j := newJournal(d)
			typed := make([]time.Time, len(gaps))
			for n, gap := range gaps {
				typed[n] = time.Now()
				note(j, fmt.Sprint(n))
				after(time.Duration(gap) * time.Millisecond)
			}
			after(2 * time.Second)
			for n := range gaps {
				late := time.Duration(1 << 62)
				for _, s := range d.saved {
					var upto int
					fmt.Sscan(s.text, &upto)
					if upto >= n {
						late = min(late, s.at.Sub(typed[n]))
					}
				}
				// A save that is under way when a second is over is waited for.
				if late > longest+2*slow {
					rt.Errorf("key %d was on disk %s later", n, late)
				}
			}
			require.NoError(t, j.Close(t.Context()))
		})
	})
}

func TestJournalFlushesAtOnce(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		note(j, "a")
		j.Note("b.edit", "2", map[string]string{"x": "b"})
		require.NoError(t, j.Flush(t.Context()))
		require.ElementsMatch(t, []string{"a", "b"}, d.texts())
		note(j, "c")
	})
}

func TestJournalCloseSavesWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := newJournal(d)
		note(j, "a")
		require.NoError(t, j.Close(t.Context()))
		require.NoError(t, j.Close(t.Context()))
		note(j, "after")
		require.Equal(t, []string{"a"}, d.texts())
	})
}

// The flush of a hang-up does not wait for a save that hangs longer than the
// hang-up has.
func TestJournalFlushIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{slow: time.Minute}
		j := newJournal(d)
		note(j, "a")
		after(quiet)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(t, j.Flush(ctx), context.DeadlineExceeded)
		require.ErrorIs(t, j.Close(ctx), context.DeadlineExceeded)
		require.Equal(t, 2*time.Second, time.Since(began))
	})
}

func TestJournalKeepsTextWhileTheDiskIsFull(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		require.Empty(t, j.Trouble())
		d.fails(errors.New("no space left on device"))
		note(j, "a")
		after(quiet)
		require.Contains(t, j.Trouble(), "only in memory")
		require.Error(t, j.Flush(t.Context()))
		note(j, "b")
		after(time.Minute)
		require.Empty(t, d.texts())
		d.fails(nil)
		after(againMost)
		require.Equal(t, []string{"b"}, d.texts(), "tried again by itself, with the newest text")
		require.Empty(t, j.Trouble())
	})
}

func TestJournalDropsWhatWasSent(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		note(j, "a")
		require.NoError(t, j.Flush(t.Context()))
		note(j, "b")
		require.NoError(t, j.Drop(t.Context(), "a.edit", "1"))
		require.Equal(t, []string{"id of 1"}, d.dropped)
		after(time.Hour)
		require.Equal(t, []string{"a"}, d.texts(), "the late key is not saved")
		require.NoError(t, j.Drop(t.Context(), "never", "seen"))
	})
}

// Changes made while a save is under way are not taken for saved.
func TestJournalSeesChangesDuringASave(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		d.slow = 100 * time.Millisecond
		note(j, "a")
		after(quiet + 50*time.Millisecond)
		note(j, "b")
		after(time.Second)
		require.Equal(t, []string{"a", "b"}, d.texts())
	})
}

// The values are copied: the form goes on changing its own.
func TestJournalCopiesTheValues(t *testing.T) {
	journal(t, func(t *testing.T, j *Journal, d *disk) {
		v := map[string]string{"x": "a"}
		j.Note("a.edit", "1", v)
		v["x"] = "b"
		require.NoError(t, j.Flush(t.Context()))
		require.Equal(t, []string{"a"}, d.texts())
	})
}

func TestJournalOnTheRealDrafts(t *testing.T) {
	s := newSite(t)
	one := s.desk("1")
	j := one.Drafts.Journal()
	j.Note("a.edit", "1", values("typed"))
	require.NoError(t, j.Flush(t.Context()))
	id, _ := j.Draft("a.edit", "1")

	two := s.desk("2")
	_, err := two.Drafts.TakeOver(t.Context(), id)
	require.NoError(t, err)
	j.Note("a.edit", "1", values("typed on"))
	require.NoError(t, j.Close(t.Context()))
	mine, second := j.Draft("a.edit", "1")
	require.NotEqual(t, id, mine)
	require.True(t, second, "the person can be told")

	j = two.Drafts.Journal()
	d, err := two.Drafts.Load(t.Context(), "a.edit", "1")
	require.NoError(t, err)
	j.Begin(d)
	j.Note("a.edit", "1", values("by two"))
	require.NoError(t, j.Close(t.Context()))
	got, err := two.Drafts.Load(t.Context(), "a.edit", "1")
	require.NoError(t, err)
	require.Equal(t, id, got.ID)
	require.Equal(t, values("by two"), got.Values)
	s.clean()
}

func BenchmarkNote(b *testing.B) {
	j := newJournal(&disk{})
	defer j.Close(context.Background())
	v := map[string]string{}
	for n := range 50 {
		v[fmt.Sprint("field ", n)] = "some text in it"
	}
	for b.Loop() {
		j.Note("a.edit", "1", v)
	}
}
