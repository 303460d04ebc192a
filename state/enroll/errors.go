package enroll

import "fmt"

// RefusedError tells in a sentence why a step is not allowed now.
type RefusedError struct{ words string }

// Error is the whole sentence.
func (e *RefusedError) Error() string { return e.words }

// UserMessage is the same sentence, for the screen.
func (e *RefusedError) UserMessage() string { return e.words }

func refuse(format string, args ...any) error {
	return &RefusedError{fmt.Sprintf(format, args...)}
}

var (
	errMissing = refuse("The book has no such request. Reload the list and choose again.")
	errTaken   = refuse("Another session works on this request. Wait for it, or try again in a minute.")
	errLost    = refuse("The personal data of this family was kept in memory only and is gone with the session that held it. " +
		"Enter it again as a change of each person.")
)
