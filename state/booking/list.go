package booking

import (
	"context"
	"slices"
	"strings"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// Filter chooses records; every zero field chooses all.
type Filter struct {
	States   []State
	Provider naturaesoft.ID
	Prospect naturaesoft.ID
	From, To civil.Date // days of the visit, both included
	Mine     bool       // of this person, in whatever session
	Open     bool       // only what is live, watched or waits for somebody
}

// List is the practice's book: what is overdue or wrong first, then by time.
// With an error it is what was booked while the ledger is away.
func (b *Book) List(ctx context.Context, f Filter) ([]Booking, error) {
	where, args := f.where()
	var all []Booking
	err := b.everywhere(ctx, &all, where, func(*store.Tx) []any { return args })
	all = slices.DeleteFunc(all, func(r Booking) bool { return !f.fits(r, b.o.Actor) })
	slices.SortStableFunc(all, func(x, y Booking) int {
		if d := x.State.rank() - y.State.rank(); d != 0 {
			return d
		}
		return strings.Compare(text(x.Start()), text(y.Start()))
	})
	return all, err
}

// where is the part of the filter the database does.
func (f Filter) where() (string, []any) {
	cond, args := []string{"1 = 1"}, []any(nil)
	add := func(when bool, clause string, arg any) {
		if when {
			cond, args = append(cond, clause), append(args, arg)
		}
	}
	add(f.Provider != "", "provider = ?", string(f.Provider))
	add(f.Prospect != "", "prospect = ?", string(f.Prospect))
	add(!f.From.IsZero(), "starts >= ?", text(civil.DateTime{Date: f.From}))
	add(!f.To.IsZero(), "starts < ?", text(civil.DateTime{Date: f.To.AddDays(1)}))
	return "WHERE " + strings.Join(cond, " AND ") + " ORDER BY fence", args
}

// fits is the part that depends on the clock or on who asks.
func (f Filter) fits(r Booking, who Actor) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, r.State)) &&
		(!f.Mine || r.Owner.Same(who)) &&
		(!f.Open || r.State.Live() || r.Watch || r.State == Vanished)
}

// Holds are the live records of everybody that touch a time between two days,
// both included, in the order of their times: for drawing who keeps what.
func (b *Book) Holds(ctx context.Context, from, to civil.Date) ([]Booking, error) {
	var all []Booking
	err := b.everywhere(ctx, &all, `WHERE state IN `+liveSQL+` AND starts < ? AND ends > ?
			AND NOT (state = ? AND expires_at <= ?) ORDER BY starts, fence`, func(tx *store.Tx) []any {
		return []any{text(civil.DateTime{Date: to.AddDays(1)}), text(civil.DateTime{Date: from}), string(Held), ms(tx.Now)}
	})
	slices.SortStableFunc(all, func(x, y Booking) int { return strings.Compare(text(x.Start()), text(y.Start())) })
	return all, err
}

// Load reads one record; *MissingError when there is none.
func (b *Book) Load(ctx context.Context, id string) (Booking, error) {
	r := Booking{ID: id}
	db, done, err := b.keeper(ctx, id)
	if err != nil {
		return r, err
	}
	defer done()
	err = db.Read(ctx, func(tx *store.Tx) error {
		var err error
		r, err = load(tx, id)
		return err
	})
	return r, err
}

// History is every step of one record, the oldest first.
func (b *Book) History(ctx context.Context, id string) ([]Step, error) {
	var all []Step
	db, done, err := b.keeper(ctx, id)
	if err != nil {
		return nil, err
	}
	defer done()
	err = db.Read(ctx, func(tx *store.Tx) error {
		var err error
		all, err = steps(tx, id)
		return err
	})
	return all, err
}
