package cli

import (
	"context"
	"errors"

	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/state/desk"
	"frontdesk/state/onboard"
)

// Send claims an entry of the outbox, runs its write once, and records how it
// ended, whether or not anybody still waits.
func (d *Desk) Send(ctx context.Context, id string, run func(context.Context) error) error {
	if _, err := d.Outbox.Claim(ctx, id); err != nil {
		return err
	}
	err := run(ctx)
	if _, bad := d.Outbox.Settle(context.WithoutCancel(ctx), id, ended(err)); bad != nil {
		return errors.Join(err, bad)
	}
	return err
}

// ended is how a write ended. Only what is known not to have happened counts as
// refused: a vendor's no, or ours before anything was sent.
func ended(err error) desk.Outcome {
	var sent *rest.Error
	var landed interface{ Landed() bool }
	switch {
	case err == nil:
		return desk.Outcome{State: desk.Done}
	case errors.As(err, &landed) && landed.Landed():
		return desk.Outcome{State: desk.Done, Words: rest.UserMessage(err)}
	case unclear(err), errors.As(err, &sent) && sent.Ambiguous:
		return desk.Outcome{State: desk.Unknown, Words: rest.UserMessage(err)}
	case errors.Is(err, context.Canceled): // perhaps in the step after the write
		return desk.Outcome{State: desk.Unknown, Words: interrupted}
	case errors.Is(err, context.DeadlineExceeded):
		return desk.Outcome{State: desk.Unknown, Words: "It took too long and was given up, so it may have landed."}
	}
	return desk.Outcome{State: desk.Refused, Words: rest.UserMessage(err)}
}

const interrupted = "Interrupted while it was being sent, so it may have landed."

// unclear reports a workflow's own word that it is not known what became of a
// write.
func unclear(err error) bool {
	var visit *booking.UnknownError
	var practice *onboard.UnknownError
	var family *unclearFamily
	var rows *unclearRows
	return errors.As(err, &visit) || errors.As(err, &practice) || errors.As(err, &family) || errors.As(err, &rows)
}
