package booking

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
)

// apart is the override of a record that was booked while the ledger was away
// and found a colleague's time in its way.
const apart = "booked while the ledger was away"

// BreakGlass holds a time although the ledger's server is away, so that nobody
// else can be asked: for the caller who cannot wait. The reason is recorded,
// told to the audit trail, and must not hold a patient's name. The record is
// kept on this machine and goes through Request and the rest like any other;
// Rejoin compares it with the colleagues' once the server answers. Errors are
// Hold's, and a *RefusedError while the ledger answers.
func (b *Book) BreakGlass(ctx context.Context, o Opening, visitType string, prospect naturaesoft.ID, reason string) (Booking, error) {
	reason = strings.Join(strings.Fields(safe.Clean(reason)), " ")
	r := Booking{Provider: o.Provider.ID, Date: o.Date, Time: o.Time, Duration: o.Duration, Prospect: prospect,
		VisitType: safe.Clean(visitType), Code: draw(6)} // longer than the ledger's, which nobody can be asked about
	if err := b.mayBreak(ctx, reason); err != nil {
		return r, err
	}
	if err := b.sound(&r); err != nil {
		return r, err
	}
	r.warn("Held while the ledger was away: " + reason + unseen)
	err := b.writeTo(ctx, b.o.Aside, "break-glass", func(tx *store.Tx) (err error) {
		if r, err = claim(tx, b.o.Actor, r, b.o.HoldFor); err != nil {
			return err
		}
		return b.note(tx, r, "break-glass", reason)
	})
	if err != nil {
		return r, err
	}
	b.trace("break-glass", r.ID)
	return b.check(ctx, r)
}

// mayBreak refuses to go past a ledger that answers, or without a reason.
func (b *Book) mayBreak(ctx context.Context, reason string) error {
	switch {
	case b.o.Aside == nil && b.db.Trouble() != "":
		return refuse("%s There is no place beside it either, so nothing can be held.", b.db.Trouble())
	case b.o.Aside == nil:
		return refuse("This ledger is a file on this machine. There is nothing to go past: hold the time.")
	case reason == "":
		return refuse("Say why this booking cannot wait until the ledger answers. The reason is recorded.")
	}
	err := b.db.Read(ctx, func(*store.Tx) error { return nil })
	var own *store.Error
	switch {
	case err == nil:
		return refuse("The ledger answers. Hold the time in the ordinary way.")
	case errors.As(err, &own) && own.Away:
		return nil
	}
	return err
}

func (b *Book) trace(op, record string) {
	if b.o.Trace != nil {
		b.o.Trace(op, record)
	}
}

// Breakable reports that the ledger's server did not answer last and that there
// is a file beside it: BreakGlass has a point. It asks nobody.
func (b *Book) Breakable() bool { return b.o.Aside != nil && b.db.Trouble() != "" }

// keeper is the database that has a record: the ledger, or the file beside it.
// The record stays there until done.
func (b *Book) keeper(ctx context.Context, id string) (db *store.DB, done func(), err error) {
	if b.o.Aside == nil {
		return b.db, func() {}, nil
	}
	b.joining.RLock()
	db = b.o.Aside
	err = db.Read(ctx, func(tx *store.Tx) error {
		var one int
		err := tx.One("SELECT 1 FROM booking WHERE id = ?", []any{id}, &one)
		if errors.Is(err, sql.ErrNoRows) {
			db, err = b.db, nil
		}
		return err
	})
	if err != nil {
		b.joining.RUnlock()
	}
	return db, b.joining.RUnlock, err
}

// everywhere reads the bookings that a WHERE clause chooses from the file
// beside the ledger and from the ledger. With an error the former are there.
func (b *Book) everywhere(ctx context.Context, all *[]Booking, where string, args func(tx *store.Tx) []any) error {
	from := []*store.DB{b.db}
	if b.o.Aside != nil {
		b.joining.RLock() // or a record on its way would be seen twice
		defer b.joining.RUnlock()
		from = []*store.DB{b.o.Aside, b.db}
	}
	for _, db := range from {
		err := db.Read(ctx, func(tx *store.Tx) error {
			found, err := query(tx, where, args(tx)...)
			*all = append(*all, found...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Rejoin moves what was booked while the ledger was away into it, each record
// with its history. One that overlaps a colleague's live record is a CLASH: both
// keep their time until a person calls one off or Keep is called; nothing is
// merged or moved by itself. A hold that still runs stays until it is used or
// has run out. Reconcile calls it.
func (b *Book) Rejoin(ctx context.Context) ([]Change, error) {
	if b.o.Aside == nil {
		return nil, nil
	}
	b.joining.Lock()
	defer b.joining.Unlock()
	var waiting []Booking
	err := b.o.Aside.Read(ctx, func(tx *store.Tx) error {
		all, err := query(tx, "ORDER BY fence")
		waiting = slices.DeleteFunc(all, func(r Booking) bool {
			// What another session sent a moment ago may still get its answer.
			return r.State == Held || r.Owner.Session != b.o.Actor.Session && tx.Now.Sub(r.Updated) < settle
		})
		return err
	})
	var changes []Change
	for _, r := range waiting {
		if err != nil {
			break
		}
		was := r.State
		if r, err = b.join(ctx, r); err == nil && r.State != was {
			b.trace("clash", r.ID)
			changes = append(changes, Change{r, was})
		}
	}
	return changes, err
}

// join moves one record. It is in both places for a moment, but never in none;
// a second try finds it there.
func (b *Book) join(ctx context.Context, r Booking) (Booking, error) {
	var past []Step
	err := b.o.Aside.Read(ctx, func(tx *store.Tx) (err error) { past, err = steps(tx, r.ID); return err })
	if err != nil {
		return r, err
	}
	given := r
	err = b.write(ctx, "join", func(tx *store.Tx) (err error) {
		r, err = b.enter(tx, given, past)
		return err
	})
	if err != nil {
		return given, err
	}
	return r, b.writeTo(ctx, b.o.Aside, "joined", func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM booking_event WHERE booking = ?", r.ID); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM booking WHERE id = ?", r.ID)
		return err
	})
}

// enter writes a record and its history into the ledger. The times are the
// ledger's from now on: those of a workstation decide nothing.
func (b *Book) enter(tx *store.Tx, r Booking, past []Step) (Booking, error) {
	if err := lockClaim(tx, r); err != nil {
		return r, err
	}
	var missing *MissingError
	if there, err := load(tx, r.ID); !errors.As(err, &missing) {
		return there, err
	}
	if used, err := codeUsed(tx, r.Code); err != nil || used {
		return r, errors.Join(err, refuse("The code %s of a booking made while the ledger was away belongs to another one. Call it off and hold the time anew.", r.Code))
	}
	if err := expire(tx, b.o.Actor, r); err != nil {
		return r, err
	}
	var err error
	if r.Fence, err = tx.Next("booking_fence"); err != nil {
		return r, err
	}
	r.Created, r.Updated, r.Checked = tx.Now, tx.Now, tx.Now
	if !r.Due.IsZero() {
		r.Due = tx.Now.Add(b.o.Overdue)
	}
	r.reword(unseen, ".")
	outcome := "free"
	if r.State.Live() {
		others, err := clash(tx, &r)
		if err != nil {
			return r, err
		}
		if len(others) > 0 {
			outcome = "clash with " + codes(others)
		}
	}
	if err := insert(tx, r); err != nil {
		return r, err
	}
	for _, s := range past {
		if err := journalAs(tx, s.Who, r, s.Step, s.Outcome, s.State); err != nil {
			return r, err
		}
	}
	return r, b.note(tx, r, "join", outcome)
}

// clash marks r when others keep its time. An UNKNOWN record stays so until its
// note was looked for.
func clash(tx *store.Tx, r *Booking) ([]Booking, error) {
	others, err := overlapping(tx, *r)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	r.Override = apart
	if r.State != Unknown {
		r.State = Clash
	}
	for _, o := range others {
		r.warn("Booked while the ledger was away, and " + o.Code + " of " + o.Owner.String() + " (" + o.State.Word() +
			")" + callOne)
	}
	return others, nil
}

// unseen ends the sentence about a time that colleagues were not asked about.
const unseen = ". Colleagues on other machines may have the time too."

// callOne ends the sentence about a clash that nobody has decided.
const callOne = " keeps the time too. Call one of the two off."

// reword gives the warnings with an ending that is not true any more another.
func (b *Booking) reword(ending, now string) {
	for i, w := range b.Warnings {
		if before, ok := strings.CutSuffix(w, ending); ok {
			b.Warnings[i] = before + now
		}
	}
}

// Keep ends a CLASH by a person's decision that both visits stay: this one is
// REQUESTED again, beside the other, which is left as it is. why is one of
// KeepWhys.
func (b *Book) Keep(ctx context.Context, id string, why Why) (Booking, error) {
	if !slices.Contains(KeepWhys(), why) {
		return Booking{ID: id}, refuse("Say why both visits stay. The reason is one of a list, because all desks read it.")
	}
	r, err := b.change(ctx, id, "keep", why.Words(), func(_ *store.Tx, r *Booking) error {
		if r.State != Clash {
			return refuse("Only a visit that is CLASH can be kept beside another. This one is %s.", r.State.Word())
		}
		r.State, r.Override = Requested, why.Words()
		r.reword(callOne, " has the time too. Both stay: "+why.Words()+".")
		return nil
	})
	if err == nil {
		b.trace("keep", r.ID)
	}
	return r, err
}
