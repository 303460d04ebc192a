package booking

import (
	"context"
	"errors"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

const cancelUnclear = "The cancellation may or may not be in the person's notes. Cancel again: it is looked up first and written only if it is absent."

// Cancel calls a requested visit off: a CXL line goes to the person's notes,
// once, and the visit is CANCELLED and watched until the schedule shows it no
// more. The reason is one of Whys or empty; another is refused, for the ledger is
// shared. A refused note leaves the visit as it was; one that may have landed
// too, with *UnknownError: cancel again. A hold is given back by Release.
func (b *Book) Cancel(ctx context.Context, id string, why Why) (Booking, error) {
	if _, ok := whys[why]; !ok && why != "" {
		return Booking{ID: id}, refuse("The reason of a cancellation is one of a list, because all desks read it. Choose one of them.")
	}
	return b.cancel(ctx, id, string(why), false)
}

// CancelReplaced cancels a visit that another one replaces, which nobody asked for just
// now: as Cancel, but a note that was ever sent is not sent again.
func (b *Book) CancelReplaced(ctx context.Context, id string) (Booking, error) {
	r, err := b.Load(ctx, id)
	if err != nil {
		return r, err
	}
	by, err := b.Load(ctx, r.MovedTo)
	if err != nil {
		return r, err
	}
	return b.cancel(ctx, id, "moved to "+by.Code, true)
}

// notAgain refuses to call a replaced visit off a second time.
func notAgain(r Booking) error {
	return refuse("%s is replaced, but its cancellation did not go through. Cancel it again.", r.Code)
}

// cancel is Cancel; with auto set nobody asked for it just now, and a note that
// was ever sent is not sent again.
func (b *Book) cancel(ctx context.Context, id, reason string, auto bool) (Booking, error) {
	r, err := b.Load(ctx, id)
	if err != nil {
		return r, err
	}
	if !r.State.may(Cancelled) {
		return r, refuse("A visit that is %s cannot be cancelled.", r.State.Word())
	}
	p, err := b.find(ctx, r.Prospect)
	if errors.Is(err, errNobody) {
		return b.cancelled(ctx, r, reason, "nobody to write to")
	}
	if err != nil {
		return r, err
	}
	if landed(p, r, cancelVerb) {
		return b.cancelled(ctx, r, reason, "found")
	}
	if r.State == Unknown && !landed(p, r, requestVerb) {
		return b.cancelled(ctx, r, reason, "absent")
	}
	return b.callOff(ctx, r, p, reason, auto)
}

// callOff sends the one note of a cancellation.
func (b *Book) callOff(ctx context.Context, r Booking, before naturaesoft.Prospect, reason string, auto bool) (Booking, error) {
	send, done := context.WithTimeout(ctx, sendLimit)
	defer done()
	r, err := b.change(send, r.ID, "cancel", sending, func(tx *store.Tx, r *Booking) error {
		if err := b.mayWrite(); err != nil {
			return err
		}
		if !r.State.may(Cancelled) {
			return refuse("A colleague has changed this visit to %s. Reload the list.", r.State.Word())
		}
		last, open, err := sent(tx, r.ID, "cancel")
		if err == nil && auto && !last.IsZero() {
			return notAgain(*r)
		}
		if err != nil || !open {
			return err
		}
		return settled(tx, *r, "cancel")
	})
	if err != nil {
		return r, err
	}
	edits := naturaesoft.Edits{"Notes": appended(before, b.cancelLine(r, reason))}
	err = b.emr.UpdateProspect(send, before, edits)
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		return b.cancelled(ctx, r, reason, "done")
	case maybe(err):
		next, jerr := b.change(ctx, r.ID, "cancel", unclear, func(_ *store.Tx, r *Booking) error {
			r.warn(cancelUnclear)
			return nil
		})
		if jerr == nil {
			r = next
		}
		return r, &UnknownError{Booking: r, cause: errors.Join(err, jerr)}
	}
	_, jerr := b.change(ctx, r.ID, "cancel", "refused: "+kind(err), same)
	return r, errors.Join(err, jerr)
}

// cancelled records a cancellation whose note is written or not needed.
func (b *Book) cancelled(ctx context.Context, r Booking, reason, outcome string) (Booking, error) {
	r, err := b.change(ctx, r.ID, "cancel", outcome, func(tx *store.Tx, r *Booking) error {
		if outcome == "absent" {
			if err := settled(tx, *r, "put"); err != nil {
				return err
			}
		}
		r.Warnings = without(r.Warnings, cancelUnclear)
		r.reword(callOne, " had the time too. This one was called off.")
		if outcome == "nobody to write to" {
			r.warn("The person is not in the EMR any more, so no note could be written there.")
		}
		r.State, r.Reason, r.Watch, r.missing = Cancelled, reason, outcome != "absent", 0
		return nil
	})
	if err != nil {
		return r, err
	}
	return b.untag(ctx, r), nil
}

// cancelLine is the note that calls r off.
func (b *Book) cancelLine(r Booking, reason string) string {
	line := mark(r, cancelVerb) + " " + r.Date.String() + " " + clock(r.Time) + " prov=" + string(r.Provider)
	if r.Visit != "" {
		line += " visit=" + string(r.Visit)
	}
	if reason != "" {
		line += " (" + Why(reason).Words() + ")"
	}
	return line + " by " + b.signature()
}

// Move links a visit to the one that shall replace it. The old one stays until
// Reconcile has seen the new one, and is cancelled then.
func (b *Book) Move(ctx context.Context, id, newID string) (Booking, error) {
	var out Booking
	err := b.write(ctx, "move", func(tx *store.Tx) error {
		if err := lockRecords(tx, "WHERE id = ? OR id = ?", id, newID); err != nil {
			return err
		}
		from, err := load(tx, id)
		if err != nil {
			return err
		}
		to, err := load(tx, newID)
		if err != nil {
			return err
		}
		if !from.State.may(Cancelled) || !to.State.Live() || id == newID {
			return refuse("A visit that is %s cannot be moved to one that is %s.", from.State.Word(), to.State.Word())
		}
		if to.Prospect != "" && to.Prospect != from.Prospect {
			return refuse("The two visits belong to different people. Choose the same person for the new one.")
		}
		link := func(r *Booking, step string, fn func(*Booking)) error {
			return b.apply(tx, r, step, from.Code+" to "+to.Code, func(_ *store.Tx, r *Booking) error { fn(r); return nil })
		}
		if err := link(&from, "move", func(r *Booking) { r.MovedTo = newID }); err != nil {
			return err
		}
		if err := link(&to, "replace", func(r *Booking) { r.MovedFrom = id }); err != nil {
			return err
		}
		out = from
		return nil
	})
	return out, err
}
