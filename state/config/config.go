// Package config keeps the profiles of frontdesk: one TOML file under XDG that
// says which practice, which vendor addresses, which zone and habits. It
// merges flags, environment, file and defaults, and can say where each value
// came from.
//
// It must not know any secret, vendor client, screen or database. A key that
// looks like a secret is refused with the way to the right place.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// File is the configuration file as a person writes it. The zero value is an
// empty file. Zero fields are keys that are not written.
type File struct {
	Default string `toml:"default,omitempty"` // the profile used when --profile names none
	Common
	Profiles map[string]*Settings `toml:"profile,omitempty"`

	path string // where it was loaded from
}

// Common are the keys that may stand at the top of the file, for every
// profile, and again in a profile, where they win.
type Common struct {
	Operator string `toml:"operator,omitempty"`
	Theme    string `toml:"theme,omitempty"`
	ASCII    *bool  `toml:"ascii,omitempty"`
	Mouse    *bool  `toml:"mouse,omitempty"`
	Log      *bool  `toml:"log,omitempty"`
}

// Settings are the keys of one [profile.<name>] table, as written. What they
// mean is said once, at the field of that name in Profile.
type Settings struct {
	Practice     string   `toml:"practice,omitempty"`
	Environment  string   `toml:"environment,omitempty"`
	Zone         string   `toml:"zone,omitempty"`
	Durations    []int    `toml:"durations,omitempty"`
	VisitTypes   []string `toml:"visit_types,omitempty"`
	RequestedTag string   `toml:"requested_tag,omitempty"`
	Hold         string   `toml:"hold,omitempty"`
	Overdue      string   `toml:"overdue,omitempty"`
	Ledger       string   `toml:"ledger,omitempty"`
	LedgerGroup  string   `toml:"ledger_group,omitempty"`

	LockAfter       string `toml:"lock_after,omitempty"`
	LogOff          string `toml:"log_off,omitempty"`
	BlankOnBlur     *bool  `toml:"blank_on_blur,omitempty"`
	CopyPatientData *bool  `toml:"copy_patient_data,omitempty"`
	UndoComment     string `toml:"undo_comment,omitempty"`
	UndoMoney       string `toml:"undo_money,omitempty"`
	UndoTermination string `toml:"undo_termination,omitempty"`
	TicketMarker    *bool  `toml:"ticket_marker,omitempty"`

	Common
	Naturaesoft        Naturaesoft        `toml:"naturaesoft,omitempty"`
	Connect4Healthcare Connect4Healthcare `toml:"connect4healthcare,omitempty"`
	InboxHealth        InboxHealth        `toml:"inboxhealth,omitempty"`
	Updox              Updox              `toml:"updox,omitempty"`
	AngleHealth        AngleHealth        `toml:"anglehealth,omitempty"`
}

// Load reads the file at path. A missing file is an empty File and no error.
// A link, a file that other accounts may change, an unknown key and a value
// of the wrong type are refused; the error has one sentence a line, each with
// file, line and column.
func Load(path string) (*File, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return decode(path, data)
}

func decode(path string, data []byte) (*File, error) {
	f := &File{path: path}
	dec := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := dec.Decode(f); err != nil {
		return nil, explain(path, err)
	}
	return f, nil
}

// Save writes the file in one step: after a crash the old or the new one is
// there, whole. The file is 0600, missing folders are made 0700; what Load
// would refuse is not overwritten. Comments of a file written by hand are not
// kept.
func (f *File) Save(path string) error {
	for name := range f.Profiles {
		if err := checkName(name); err != nil {
			return err
		}
	}
	data, err := toml.Marshal(f)
	if err != nil {
		return &Error{Path: path, words: "cannot be written: a value has no form in TOML", cause: err}
	}
	return write(path, data)
}

// Names are the profiles of the file, sorted.
func (f *File) Names() []string {
	names := make([]string, 0, len(f.Profiles))
	for name := range f.Profiles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ErrNoProfile says that no profile is set up yet: time for the first screen
// with the demo and the way to connect, not for an error wall.
var ErrNoProfile error = &Error{words: "No profile is set up yet. " +
	"Start with: frontdesk demo, or add a [profile.<name>] table to the file that frontdesk reads"}

// noProfile is ErrNoProfile for one file, which need not exist yet.
func noProfile(path string) error {
	if path == "" {
		return ErrNoProfile
	}
	return &Error{none: true, words: "No profile is set up yet. Start with: frontdesk demo, or add a [profile.<name>] table to " + path}
}

// Error is a sentence about the file or one key of it. It never quotes the
// value of a key that is not known, which could be a secret.
type Error struct {
	Path         string // the file, or empty
	Line, Column int    // from 1; 0 when no place is known
	Key          string // full key such as profile.riverside.zone, or empty
	words        string
	cause        error
	none         bool // it is ErrNoProfile, with the file named
}

// Error is the whole sentence, led by file:line:column where known.
func (e *Error) Error() string {
	s := e.words
	if e.Key != "" {
		s = e.Key + " " + s
	}
	switch {
	case e.Line > 0:
		s = fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, s)
	case e.Path != "" && e.Key != "":
		s = e.Path + ": " + s
	case e.Path != "":
		s = e.Path + " " + s
	}
	if e.cause != nil {
		s += " (" + e.cause.Error() + ")"
	}
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// UserMessage is the same sentence, for the screen.
func (e *Error) UserMessage() string { return e.Error() }

// Is takes the sentence that names the file for ErrNoProfile.
func (e *Error) Is(target error) bool { return e.none && target == ErrNoProfile }

// Unwrap is the system's own error, if there was one.
func (e *Error) Unwrap() error { return e.cause }

// explain turns what the TOML reader found into sentences.
func explain(path string, err error) error {
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		var all []error
		for i := range strict.Errors {
			all = append(all, unknown(path, &strict.Errors[i]))
		}
		return errors.Join(all...)
	case errors.As(err, &decode):
		return mistyped(path, decode)
	}
	return &Error{Path: path, words: "cannot be read as TOML", cause: err}
}
