package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/state/booking"
	"frontdesk/state/desk"
)

// half is a visit whose request is not known to be whole, as the outbox keeps
// it.
type half struct{ Booking, Tag string }

// finishVisit does what is left of a request: it looks for the note and puts
// the tag on, which does no harm twice.
var finishVisit = write[half, booking.Booking]{
	vendor: emrName, op: "finish request by command", route: "where the note is among the person's notes, POST /v1/{PPass}/tags/prospects/{id}",
	send: func(ctx context.Context, r *run, h half) (booking.Booking, error) {
		book, err := r.ledger()
		if err != nil {
			return booking.Booking{}, err
		}
		b, err := book.Resolve(ctx, h.Booking)
		if err == nil && b.State == booking.Partial {
			err = &untagged{b.Code}
		}
		return b, err
	},
	back: func(ctx context.Context, r *run, h half, _ time.Time) (desk.Finding, error) {
		book, err := r.ledger()
		if err != nil {
			return desk.CannotTell, err
		}
		b, err := book.LookUp(ctx, h.Booking)
		if err == nil {
			err = notAsked(b)
		}
		switch {
		case err != nil:
			return desk.CannotTell, err
		case b.State == booking.Partial:
			return desk.DidNot, nil
		}
		return desk.Landed, nil
	},
}

// untagged tells that a visit is requested and the tag is missing.
type untagged struct{ code string }

func (*untagged) Error() string { return "the tag is not on the person" }

// UserMessage says how to mend it.
func (e *untagged) UserMessage() string {
	return "The note is in the EMR, but the tag could not be put on the person. Try again: frontdesk slots request " + e.code
}

// Landed reports that the request itself is done.
func (*untagged) Landed() bool { return true }

// finish asks, and does what is left of a visit that is UNKNOWN or PARTIAL.
func (r *run) finish(b booking.Booking) error {
	h := half{b.ID, r.Profile.RequestedTag}
	if r.dry {
		return finishVisit.dryRun(r, string(b.Prospect), h)
	}
	question := fmt.Sprintf("Look for the note %s and, where it is there, put the tag %q on %s?", b.Code, h.Tag, b.Prospect)
	if err := r.agree(question); err != nil {
		return err
	}
	done, err := finishVisit.do(r, string(b.Prospect), h)
	var part *untagged
	if err != nil && !errors.As(err, &part) {
		return err
	}
	return errors.Join(one(r, "visit", string(done.Prospect), visitOf(done)), err)
}
