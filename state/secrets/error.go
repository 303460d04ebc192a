package secrets

import (
	"errors"

	"frontdesk/state/files"
)

// Error is a sentence for a person. It never holds a secret or a passphrase,
// nor what a keyring service wrote.
type Error struct {
	State State // what is wrong with the keyring; Ready when it is not about the keyring
	words string
	cause error

	detail string // of the finding, see there
}

// What can go wrong; test with errors.Is.
var (
	// ErrNotFound: the place that is in use has no bundle of that name.
	ErrNotFound error = &Error{words: "No keys are stored for this vendor. Run frontdesk login to enter them"}
	// ErrLocked: the vault wants Unlock first.
	ErrLocked error = &Error{words: "The sealed vault is locked. Enter its passphrase to open it"}
	// ErrHung: the keyring did not answer in time and is left alone for the
	// rest of the session. After a Save the key may or may not be stored.
	ErrHung error = &Error{State: Hung, words: Hung.Sentence()}
	// ErrTooBig: the bundle's JSON is over 2,000 bytes; nothing was called.
	ErrTooBig error = &Error{words: "These keys are too long to store: together they can have 2,000 characters. " +
		"Check that no file was pasted by mistake"}
	// ErrDiffers: what was read back is not what was saved.
	ErrDiffers error = &Error{words: "The keys were not saved: reading them back gave something else. " +
		"Try again, or use the sealed vault"}
	// ErrStillThere: what was forgotten can still be read.
	ErrStillThere error = &Error{words: "The keys were not removed: they can still be read. " +
		"Remove them with the keyring's own program"}
	// ErrUnreadable: the stored text is not a bundle.
	ErrUnreadable error = &Error{words: "The stored keys cannot be read. Run frontdesk login to enter them again"}

	// ErrNoVault: there is no vault file.
	ErrNoVault error = &Error{words: "There is no sealed vault yet. Choose a passphrase to make one"}
	// ErrVaultExists: a vault is there already and is not overwritten.
	ErrVaultExists error = &Error{words: "There is a sealed vault already. Enter its passphrase to open it"}
	// ErrShort: the passphrase of a new vault has fewer than 12 characters.
	ErrShort error = &Error{words: "The passphrase is too short. Use 12 characters or more; four or five words are good"}
	// ErrWrongPassphrase cannot be told from an altered header.
	ErrWrongPassphrase error = &Error{words: "Wrong passphrase, or the vault file was altered. Try again"}
	// ErrPaused: five wrong passphrases; nothing is tried for 30 seconds.
	ErrPaused error = &Error{words: "Five wrong passphrases in a row. Wait 30 seconds, then try again"}
	// ErrDamaged: the vault cannot be opened with any passphrase.
	ErrDamaged error = &Error{words: "The vault file is damaged and was left as it is. " +
		"Put a copy in its place, or move it away and run frontdesk login again"}
	// ErrBusy: other sessions held the vault for too long.
	ErrBusy error = &Error{words: "Another session is saving to the sealed vault. Nothing was saved; try again"}
)

// Error is the whole sentence.
func (e *Error) Error() string {
	s := e.words
	if e.cause != nil && !errors.As(e.cause, new(files.Flaw)) { // which the words name
		s += " (" + e.cause.Error() + ")"
	}
	return s + "."
}

// UserMessage is the same sentence, for the screen.
func (e *Error) UserMessage() string { return e.Error() }

// Unwrap is the system's own error, if there was one.
func (e *Error) Unwrap() error { return e.cause }

// Is makes every error of a keyring that hangs an ErrHung.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.State != Ready && t.State == e.State
}
