package booking

import (
	"context"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

// Confirm records that a person compared the visit with the EMR. A SEEN visit
// needs no visit id, or the one it has. A visit that DIFFERS needs the id of
// the visit that is accepted for it; that visit must be nobody else's. The
// practice's tag is taken off the person.
func (b *Book) Confirm(ctx context.Context, id string, visit naturaesoft.ID) (Booking, error) {
	r, err := b.change(ctx, id, "confirm", "done", func(tx *store.Tx, r *Booking) error {
		switch {
		case r.State == Confirmed:
			return refuse("This visit is confirmed already.")
		case r.State != Seen && r.State != Differs:
			return refuse("A visit that is %s cannot be confirmed: it is not on the schedule yet.", r.State.Word())
		case r.State == Seen && visit != "" && visit != r.Visit:
			return refuse("The schedule shows visit %s for this record. Confirm that one.", r.Visit)
		case r.State == Differs && visit == "":
			return refuse("The schedule shows something else: %s. Name the visit that is accepted.", r.Difference())
		}
		if visit != "" && visit != r.Visit {
			return adopt(tx, r, visit)
		}
		r.State, r.wasSeen = Confirmed, true
		return nil
	})
	if err != nil {
		return r, err
	}
	return b.untag(ctx, r), nil
}

// adopt confirms r as another visit than the one that was found.
func adopt(tx *store.Tx, r *Booking, visit naturaesoft.ID) error {
	used, err := visits(tx, r.Provider)
	if err != nil {
		return err
	}
	if _, taken := used[visit]; taken {
		return refuse("Visit %s belongs to another record already.", visit)
	}
	r.State, r.Visit, r.wasSeen, r.missing = Confirmed, visit, true, 0
	r.Found = Found{} // read at the next look at the schedule
	return nil
}
