package booking

import (
	"fmt"
	"time"
)

// TakenError refuses a claim: somebody, perhaps the same person at another
// provider, keeps time that overlaps it.
type TakenError struct {
	By         Actor
	State      State
	Until      time.Time     // of a hold, by the ledger's clock
	Left       time.Duration // of a hold
	SamePerson bool          // the patient, not the provider, is taken
	Conflicts  []Booking     // every record in the way
}

// Error is the whole sentence.
func (e *TakenError) Error() string {
	c := e.Conflicts[0]
	what := "This provider's time"
	if e.SamePerson {
		what = "This person's time"
	}
	s := fmt.Sprintf("%s from %s to %s on %s is kept by %s (%s", what,
		clock(c.Time), clock(c.End().Time), c.Date.In(time.UTC).Format("Mon 02 Jan"), e.By, e.State.Word())
	if e.State == Held {
		s += ", " + countdown(e.Left) + " left"
	}
	s += "). Choose another time"
	if more := len(e.Conflicts) - 1; more > 0 {
		s += fmt.Sprintf("; %d more records are in the way", more)
	}
	return s + "."
}

// UserMessage is the same sentence, for the screen.
func (e *TakenError) UserMessage() string { return e.Error() }

// LostError tells that the EMR does not offer the time any more.
type LostError struct{ Booking Booking }

// Error is the whole sentence.
func (e *LostError) Error() string {
	return fmt.Sprintf("The EMR says that %s on %s is no longer free. Nothing was requested; choose another time.",
		clock(e.Booking.Time), e.Booking.Date.In(time.UTC).Format("Mon 02 Jan"))
}

// UserMessage is the same sentence, for the screen.
func (e *LostError) UserMessage() string { return e.Error() }

// LeaseError tells that a hold is not, or no longer, the caller's: it ran out,
// was given back, or was taken anew under another number.
type LeaseError struct {
	Booking Booking
	Taken   *Booking // who keeps the time now, if anybody does
	Foreign bool     // the hold is another person's
}

// Error is the whole sentence.
func (e *LeaseError) Error() string {
	switch {
	case e.Foreign:
		return fmt.Sprintf("This hold belongs to %s. Only they can use it or give it back.", e.Booking.Owner)
	case e.Taken != nil && e.Taken.State == Held:
		return fmt.Sprintf("Your hold ran out and %s holds the time now (%s left). Nothing was sent; choose another time.",
			e.Taken.Owner, countdown(e.Taken.Left))
	case e.Taken != nil:
		return fmt.Sprintf("Your hold ran out and %s has the time now (%s). Nothing was sent; choose another time.",
			e.Taken.Owner, e.Taken.State.Word())
	case e.Booking.State == Expired:
		return "Your hold ran out. Nothing was sent; the time is not taken by a colleague, so hold it again."
	case e.Booking.State == Held:
		return "This hold was taken anew elsewhere. Open it from the list again; nothing was sent."
	}
	return "This is no hold any more, it is " + e.Booking.State.Word() + ". Nothing was sent."
}

// UserMessage is the same sentence, for the screen.
func (e *LeaseError) UserMessage() string { return e.Error() }

// UnknownError tells that a write may or may not have landed and what allows
// to find out.
type UnknownError struct {
	Booking Booking
	Wait    time.Duration // until its absence would prove that it did not land
	unread  bool          // the notes could not be read back
	cause   error         // the failure behind it, if any
}

// Error is the whole sentence.
func (e *UnknownError) Error() string {
	switch {
	case e.unread:
		return "The EMR may or may not have taken the note " + e.Booking.Code +
			", and it could not be read back. It is not sent again; look it up once the EMR answers."
	case e.Wait > 0:
		return fmt.Sprintf("The note %s is not in the EMR yet, but it may still arrive. Look it up again in %s; it is not sent again before that.",
			e.Booking.Code, countdown(e.Wait))
	}
	return "The EMR may or may not have taken the note " + e.Booking.Code +
		". It is not sent again; look it up first."
}

// UserMessage is the same sentence, for the screen.
func (e *UnknownError) UserMessage() string { return e.Error() }

// Unwrap is the failure behind it, if any.
func (e *UnknownError) Unwrap() error { return e.cause }

// MissingError tells that the ledger has no such record.
type MissingError struct{}

// Error is the whole sentence.
func (*MissingError) Error() string {
	return "The ledger has no such record. Reload the list and choose again."
}

// UserMessage is the same sentence, for the screen.
func (e *MissingError) UserMessage() string { return e.Error() }

// RefusedError tells why a step is not allowed now.
type RefusedError struct{ words string }

// Error is the whole sentence.
func (e *RefusedError) Error() string { return e.words }

// UserMessage is the same sentence, for the screen.
func (e *RefusedError) UserMessage() string { return e.words }

func refuse(format string, args ...any) error {
	return &RefusedError{fmt.Sprintf(format, args...)}
}

// countdown shows a rest of time as 4:05.
func countdown(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
