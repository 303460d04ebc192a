// Package booking finds openings and follows a visit from the first hold to
// the proof that it is on the schedule. The EMR can only be asked what is
// free; so a visit is held in a ledger shared by the desks, requested in the
// prospect's notes, typed into the EMR by a person, and watched for. It must
// not know how any of this is drawn, and the ledger must not know a name.
package booking

import (
	"context"
	"sync"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// EMR is what booking needs of *naturaesoft.Client.
type EMR interface {
	Finder
	Schedule(ctx context.Context, id naturaesoft.ID, from, to civil.Date, visitType string) (naturaesoft.Schedule, error)
	Check(ctx context.Context, id naturaesoft.ID, d civil.Date, t civil.Time, minutes int) (bool, error)
	Reread(ctx context.Context, p naturaesoft.Prospect) (naturaesoft.Prospect, error)
	Prospects(ctx context.Context, q naturaesoft.ProspectQuery) (naturaesoft.Page[naturaesoft.Prospect], error)
	UpdateProspect(ctx context.Context, p naturaesoft.Prospect, e naturaesoft.Edits) error
	Tags(ctx context.Context) ([]naturaesoft.Tag, error)
	AssignTag(ctx context.Context, prospect, tag naturaesoft.ID) error
	RemoveTag(ctx context.Context, prospect, tag naturaesoft.ID) error
}

// Options of one desk.
type Options struct {
	Practice     string         // its name, for cards and calendars
	Zone         *time.Location // the practice's; nil is UTC
	Actor        Actor
	HoldFor      time.Duration // how long a hold lasts; default 5 minutes
	Overdue      time.Duration // until a request must be on the schedule; default 2 hours
	RequestedTag string        // name of the tag for requested visits; empty: none
	Parallel     int           // calls at once; default 8
	// Aside is the file that keeps what is booked while the ledger's server is
	// away, with the same tables; nil: nothing is. See BreakGlass.
	Aside *store.DB
	// Trace tells the audit trail what was done past the ledger; nil: nobody.
	Trace func(op, record string)
	// Now is the wall clock, for what people read and for which day it is in
	// the practice. It never decides what has expired.
	Now func() time.Time
}

// Book is one desk's hand on the ledger. Its methods may be called from
// several goroutines; all of them can block on the network or the disk.
type Book struct {
	db  *store.DB
	emr EMR
	o   Options

	mu     sync.Mutex
	people map[naturaesoft.ID]naturaesoft.Prospect // met in this session; never stored
	halted string                                  // why no prospect may be written

	joining sync.RWMutex // held while records move from Aside to the ledger

	point func(string) // called around every write of the ledger; tests only
}

// Open makes a Book over an open ledger; see Migrations.
func Open(db *store.DB, emr EMR, o Options) *Book {
	or := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	or(&o.HoldFor, 5*time.Minute)
	or(&o.Overdue, 2*time.Hour)
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Parallel <= 0 {
		o.Parallel = parallel
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Book{db: db, emr: emr, o: o, people: map[naturaesoft.ID]naturaesoft.Prospect{}, point: func(string) {}}
}

// Today is the day it is in the practice, by the wall clock.
func (b *Book) Today() civil.Date { return b.Now().Date }

// Now is the time it is in the practice, by the wall clock.
func (b *Book) Now() civil.DateTime { return civil.DateTimeOf(b.o.Now().In(b.o.Zone)) }

// write runs fn in one transaction of the ledger.
func (b *Book) write(ctx context.Context, step string, fn func(tx *store.Tx) error) error {
	return b.writeTo(ctx, b.db, step, fn)
}

func (b *Book) writeTo(ctx context.Context, db *store.DB, step string, fn func(tx *store.Tx) error) error {
	b.point("before " + step)
	err := db.Write(ctx, fn)
	b.point("after " + step)
	return err
}

// change applies fn to one record in one transaction and journals the step. fn
// sees the record as it is then; when it fails nothing is written.
func (b *Book) change(ctx context.Context, id, step, outcome string, fn func(tx *store.Tx, r *Booking) error) (Booking, error) {
	return b.changeFor(ctx, "", id, step, outcome, fn)
}

// changeFor is change where fn may give the record to a person.
func (b *Book) changeFor(ctx context.Context, person naturaesoft.ID, id, step, outcome string,
	fn func(tx *store.Tx, r *Booking) error) (Booking, error) {
	db, done, err := b.keeper(ctx, id)
	if err != nil {
		return Booking{ID: id}, err
	}
	defer done()
	var old, r Booking
	err = b.writeTo(ctx, db, step+" "+outcome, func(tx *store.Tx) error {
		err := lockRecord(tx, id, person)
		if err != nil {
			return err
		}
		if old, err = load(tx, id); err != nil {
			return err
		}
		r = old
		return b.apply(tx, &r, step, outcome, fn)
	})
	if err != nil {
		return old, err
	}
	return r, nil
}

// apply changes r by fn, saves it and journals the step. r is as it was when
// any of that fails.
func (b *Book) apply(tx *store.Tx, r *Booking, step, outcome string, fn func(tx *store.Tx, r *Booking) error) error {
	old, new := *r, *r
	if err := fn(tx, &new); err != nil {
		return err
	}
	new.Updated = tx.Now
	if new.State == Held {
		new.Left = max(0, new.Expires.Sub(tx.Now))
	}
	if err := save(tx, new, old.State); err != nil {
		return err
	}
	if err := b.note(tx, new, step, outcome); err != nil {
		return err
	}
	*r = new
	return nil
}

// remember keeps a person for the session, so that they can be found again
// without paging through everybody.
func (b *Book) remember(p naturaesoft.Prospect) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.people[p.ID] = p
}

func (b *Book) known(id naturaesoft.ID) (naturaesoft.Prospect, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.people[id]
	return p, ok
}

// Halted says why this desk writes no prospects any more: the EMR emptied
// fields that were not edited. Empty: it does.
func (b *Book) Halted() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.halted
}

// Resume allows writes again, after a person looked into it.
func (b *Book) Resume() { b.halt("") }

func (b *Book) halt(why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.halted = why
}
