package onboard

import (
	"fmt"
	"time"
)

// UnknownError tells that a step may or may not have arrived, and what allows
// to find out.
type UnknownError struct {
	Job   Job
	Step  string
	Wait  time.Duration // until its absence would prove that it did not arrive
	cause error         // why it could not be looked up, if that is the reason
}

var vendors = map[string]string{AccountStep: "Updox", EnterpriseStep: "Inbox Health"}

// Error is the whole sentence.
func (e *UnknownError) Error() string {
	v := vendors[e.Step]
	switch {
	case e.cause != nil:
		return v + " may or may not have carried out the last step, and it could not be looked up. It is not sent again; look it up once " + v + " answers."
	case e.Wait > 0:
		return fmt.Sprintf("What was sent to %s is not there yet, but it may still arrive. Look it up again in %.0f s; it is not sent again before that.",
			v, e.Wait.Round(time.Second).Seconds())
	}
	return v + " may or may not have carried out the last step. It is not sent again; look it up first."
}

// UserMessage is the same sentence, for the screen.
func (e *UnknownError) UserMessage() string { return e.Error() }

// Unwrap is the failure behind it, if any.
func (e *UnknownError) Unwrap() error { return e.cause }

// InvalidError tells which fields of the form cannot be sent.
type InvalidError struct {
	Fields map[string]string // as Check names them, to a sentence
}

// Error is the whole sentence.
func (*InvalidError) Error() string {
	return "Nothing was sent, because some fields of the form cannot be sent as they are: correct the marked ones."
}

// UserMessage is the same sentence, for the screen.
func (e *InvalidError) UserMessage() string { return e.Error() }

// MissingError tells that there is no such job.
type MissingError struct{}

// Error is the whole sentence.
func (*MissingError) Error() string { return "There is no such job. Reload the list and choose again." }

// UserMessage is the same sentence, for the screen.
func (e *MissingError) UserMessage() string { return e.Error() }

// RefusedError tells why something is not allowed now.
type RefusedError struct{ words string }

// Error is the whole sentence.
func (e *RefusedError) Error() string { return e.words }

// UserMessage is the same sentence, for the screen.
func (e *RefusedError) UserMessage() string { return e.words }

func refuse(format string, args ...any) error {
	return &RefusedError{fmt.Sprintf(format, args...)}
}
