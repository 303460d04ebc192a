package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Error is a sentence about a database. Error and UserMessage say the same;
// neither quotes anything that is kept in it, nor what signs in to a server.
type Error struct {
	Path    string
	Busy    bool // others held it for too long: try again
	Away    bool // the server cannot be reached
	Unclear bool // the server went away while it saved: nobody knows whether it did
	server  bool
	words   string
	cause   error
}

// Error is the whole sentence.
func (e *Error) Error() string {
	if e.server { // whose own words can quote rows and accounts
		return "The ledger server " + e.Path + " " + e.words + "."
	}
	s := "The database file " + e.Path + " " + e.words
	if e.cause != nil && !errors.As(e.cause, new(*sqlite.Error)) {
		s += " (" + e.cause.Error() + ")"
	}
	return s + "."
}

// UserMessage is the same sentence, for the screen.
func (e *Error) UserMessage() string { return e.Error() }

// Unwrap is the driver's or the system's own error.
func (e *Error) Unwrap() error { return e.cause }

func fail(path, words string, cause error) *Error {
	return &Error{Path: path, words: words, cause: cause}
}

func quote(s string) string { return strconv.Quote(s) }

// sentences by primary result code of SQLite.
var sentences = map[int]string{
	lib.SQLITE_BUSY:      "is in use by other sessions and did not become free in time. Try again",
	lib.SQLITE_LOCKED:    "is in use by other sessions and did not become free in time. Try again",
	lib.SQLITE_NOTADB:    "is damaged or not a database. It was left as it is; put a copy in its place or move it away",
	lib.SQLITE_CORRUPT:   "is damaged. It was left as it is; put a copy in its place or move it away",
	lib.SQLITE_FULL:      "cannot grow: the disk is full. Nothing was saved by this step; free some space and try again",
	lib.SQLITE_IOERR:     "cannot be read or written: the disk reports an error. Nothing was saved by this step",
	lib.SQLITE_READONLY:  "cannot be written to by this account. Ask its owner to correct the mode and the group",
	lib.SQLITE_CANTOPEN:  "cannot be opened. Check its folder and what this account may do there",
	lib.SQLITE_INTERRUPT: "was left alone because the step was cancelled. Nothing was saved by it",
	lib.SQLITE_PERM:      "may not be used by this account",
}

// explain turns a driver's error into an *Error; nil, context errors and our
// own stay what they are.
func (d *DB) explain(err error) error {
	var own *Error
	switch {
	case err == nil || errors.As(err, &own):
		return err
	case d.server != nil:
		return d.server.explain(err)
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return explainFile(d.path, err)
}

// explainFile is explain for a file.
func explainFile(path string, err error) error {
	code := code(err)
	if errors.Is(err, sql.ErrTxDone) { // rolled back when its context ended
		code = lib.SQLITE_INTERRUPT
	}
	words, ok := sentences[code]
	if !ok {
		words = "did not do what was asked (SQLite code " + strconv.Itoa(code) + ")"
	}
	e := fail(path, words, err)
	e.Busy = code == lib.SQLITE_BUSY || code == lib.SQLITE_LOCKED
	return e
}

// code is SQLite's primary result code, 0 when err is not the driver's.
func code(err error) int {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Code() & 0xff
	}
	return 0
}
