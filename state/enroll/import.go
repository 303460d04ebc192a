package enroll

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"frontdesk/state/store"
)

// Import writes all plans of a census down as drafts, or none of them, and
// returns the id of the census. Nothing is sent.
func (b *Book) Import(ctx context.Context, c Census) (string, error) {
	if len(c.Plans) == 0 {
		return "", refuse("No family of the file can be sent. Correct the rejected rows and read the file again.")
	}
	id := uuid.NewString()
	_, err := b.write(ctx, id, c.Plans, len(c.Table.Rows), len(c.Rejects))
	return id, err
}

// Summary is one census in the book.
type Summary struct {
	ID             string
	Rows, Rejected int
	Added          time.Time
	States         map[State]int // families by state
}

// Left is how many families are not over, and not drafts either.
func (s Summary) Left() int { return s.States[Queued] + s.States[Sent] + s.States[Accepted] }

// Censuses are the imports of the book, the newest first.
func (b *Book) Censuses(ctx context.Context) ([]Summary, error) {
	var all []Summary
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		err := tx.Query(func(scan func(...any) error) error {
			s := Summary{States: map[State]int{}}
			var added int64
			if err := scan(&s.ID, &s.Rows, &s.Rejected, &added); err != nil {
				return err
			}
			s.Added = at(added)
			all = append(all, s)
			return nil
		}, "SELECT id, rows, rejected, added_at FROM census ORDER BY added_at DESC, id")
		if err != nil {
			return err
		}
		for _, s := range all {
			err := tx.Query(func(scan func(...any) error) error {
				var state State
				var n int
				err := scan(&state, &n)
				s.States[state] = n
				return err
			}, "SELECT state, count(*) FROM job WHERE census = ? GROUP BY state", s.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// ReleaseAll lets every draft of a census be sent.
func (b *Book) ReleaseAll(ctx context.Context, census string) (int, error) {
	return b.turn(ctx, census, "UPDATE job SET state = 'queued', version = version + 1, changed_at = ? WHERE census = ? AND state = 'draft'")
}

// RetryAll is a person's word to send every failed family of a census again,
// and no other.
func (b *Book) RetryAll(ctx context.Context, census string) (int, error) {
	return b.turn(ctx, census, `UPDATE job SET state = CASE WHEN step = 'demographics' THEN 'accepted' ELSE 'queued' END,
		step = CASE WHEN step = 'demographics' THEN step ELSE 'check' END, note = '', version = version + 1, changed_at = ?
		WHERE census = ? AND state = 'failed'`)
}

func (b *Book) turn(ctx context.Context, census, update string) (int, error) {
	var n int64
	err := b.db.Write(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Exec(update, ms(tx.Now), census)
		return err
	})
	return int(n), err
}

// Progress is told after each family.
type Progress struct {
	Done, All int
	Job       Job
	Err       error // why it went no further; nil when it came to an end
}

// Run sends every open family of a census, some at a time, and tells each as it
// ends, one at a time. It is the same call for the first run and for one that
// goes on after a cancel or a kill. Ending ctx stops it between two requests.
// The error is what would have met every further family too: a refused key, a
// vendor that rests, a full disk.
func (b *Book) Run(ctx context.Context, census string, each func(Progress)) error {
	if _, err := b.Recover(ctx); err != nil {
		return err
	}
	jobs, err := b.Jobs(ctx, census)
	if err != nil {
		return err
	}
	r := run{book: b, each: each}
	for _, j := range jobs {
		if j.State.open() {
			r.ids = append(r.ids, j.ID)
		}
	}
	r.all = len(r.ids)
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	var workers sync.WaitGroup
	for range b.o.AtOnce {
		workers.Go(func() { r.work(ctx) })
	}
	workers.Wait()
	return context.Cause(ctx)
}

// A run is one pass over a census.
type run struct {
	book *Book
	each func(Progress)
	stop context.CancelCauseFunc

	mu        sync.Mutex
	ids       []string
	done, all int
}

func (r *run) next() (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ids) == 0 {
		return "", false
	}
	id := r.ids[0]
	r.ids = r.ids[1:]
	return id, true
}

func (r *run) work(ctx context.Context) {
	for ctx.Err() == nil {
		id, ok := r.next()
		if !ok {
			return
		}
		j, err := r.book.Send(ctx, id)
		if err != nil && ctx.Err() == nil && r.fatal(err) {
			r.stop(err)
		}
		r.tell(j, err)
	}
}

func (r *run) tell(j Job, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	if r.each != nil {
		r.each(Progress{r.done, r.all, j, err})
	}
}

// fatal reports an error that is not about this family.
func (r *run) fatal(err error) bool {
	var disk *store.Error
	return r.book.halts(err) || errors.As(err, &disk)
}

// SettleAll reads back every UNKNOWN family of a census, see Settle. It goes on
// after an error and returns the first one.
func (b *Book) SettleAll(ctx context.Context, census string, each func(Progress)) error {
	jobs, err := b.Jobs(ctx, census)
	if err != nil {
		return err
	}
	var first error
	var unknown []Job
	for _, j := range jobs {
		if j.State == Unknown {
			unknown = append(unknown, j)
		}
	}
	for i, j := range unknown {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		j, err := b.Settle(ctx, j.ID)
		if first == nil {
			first = err
		}
		if each != nil {
			each(Progress{i + 1, len(unknown), j, err})
		}
	}
	return first
}
