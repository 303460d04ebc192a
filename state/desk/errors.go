package desk

import (
	"errors"
	"fmt"
	"time"
)

// Error is a sentence for a person. It holds nothing that was typed.
type Error struct {
	words string
	cause error
}

// Error is the whole sentence.
func (e *Error) Error() string { return e.words }

// UserMessage is the same sentence, for the screen.
func (e *Error) UserMessage() string { return e.words }

// Unwrap is the system's own error, if there was one.
func (e *Error) Unwrap() error { return e.cause }

func refuse(words string, args ...any) error { return &Error{words: fmt.Sprintf(words, args...)} }

// What can be refused; test with errors.Is.
var (
	// ErrNoStore: the database could not be opened.
	ErrNoStore error = &Error{words: "The database of drafts and outbox is not open, so nothing was saved on disk and nothing is sent. Free disk space or correct the folder, then start again."}
	// ErrNoDraft: there is no such draft, or it was dropped.
	ErrNoDraft error = &Error{words: "There is no draft of this."}
	// ErrNoItem: the outbox has no such entry of this account.
	ErrNoItem error = &Error{words: "The outbox has no such entry."}
	// ErrLost: the content was in the memory of a session that ended, or its
	// key is lost. Such an entry cannot be sent, only taken back.
	ErrLost error = &Error{words: "What was to be sent is not there any more: its session ended and it was not, or cannot be, read from disk. Take it back and enter it again."}
)

// ElsewhereError tells that a draft is being edited in another session of the
// same person. The draft that came with it is for reading; TakeOver makes it
// this session's.
type ElsewhereError struct {
	Session string
	Since   time.Time // by the database's clock
	Host    string
	TTY     string
}

// Error is the whole sentence.
func (e *ElsewhereError) Error() string {
	where := ""
	if e.TTY != "" {
		where = " (" + e.TTY + ")"
	}
	return fmt.Sprintf("This is being edited in another session of yours on %s%s since %s. Take it over, or leave it there.",
		e.Host, where, e.Since.Local().Format("15:04"))
}

// UserMessage is the same sentence, for the screen.
func (e *ElsewhereError) UserMessage() string { return e.Error() }

// StateError tells that an entry of the outbox is past what was asked for.
type StateError struct {
	Item Item
	want string
}

// Error is the whole sentence.
func (e *StateError) Error() string {
	return fmt.Sprintf("This entry is %s, so it cannot be %s.", e.Item.State.Word(), e.want)
}

// UserMessage is the same sentence, for the screen.
func (e *StateError) UserMessage() string { return e.Error() }

// EarlyError tells that an entry can still be taken back and is not sent yet.
type EarlyError struct{ Left time.Duration }

// Error is the whole sentence.
func (e *EarlyError) Error() string {
	return fmt.Sprintf("This is sent in %d seconds; until then it can be taken back.", int((e.Left+time.Second-1)/time.Second))
}

// UserMessage is the same sentence, for the screen.
func (e *EarlyError) UserMessage() string { return e.Error() }

// SoonError tells that nothing of a write is to be seen, too soon to believe
// that it did not land.
type SoonError struct{ Wait time.Duration }

// Error is the whole sentence.
func (e *SoonError) Error() string {
	return fmt.Sprintf("It is not there, but it may still be on its way: look again in %d seconds.", int((e.Wait+time.Second-1)/time.Second))
}

// UserMessage is the same sentence, for the screen.
func (e *SoonError) UserMessage() string { return e.Error() }

// sentence is an error's own words for a person, or words instead.
func sentence(err error, words string) string {
	if own := (interface{ UserMessage() string })(nil); errors.As(err, &own) {
		return own.UserMessage()
	}
	return words
}
