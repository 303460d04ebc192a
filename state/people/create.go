package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/phone"
)

// Creator adds people to the EMR.
type Creator interface {
	Searcher
	CreateProspect(context.Context, naturaesoft.Edits) (naturaesoft.ID, error)
}

// New is somebody to be added, as the outbox keeps them.
type New struct{ Edits naturaesoft.Edits }

// Create adds somebody, once, and reads the row back by the id the answer
// named or else by what was sent. A *CreatedError means that the person was
// added and could not be read back.
func Create(ctx context.Context, emr Creator, edits naturaesoft.Edits) (naturaesoft.Prospect, error) {
	id, err := emr.CreateProspect(ctx, edits)
	if err != nil {
		return naturaesoft.Prospect{}, err
	}
	p, found, err := Created(ctx, emr, id, edits)
	if !found {
		return p, &CreatedError{id, err}
	}
	return p, nil
}

// Created looks for somebody who was added, by id or else by what was sent.
// Not found without an error means that every search was answered in full.
func Created(ctx context.Context, emr Searcher, id naturaesoft.ID, edits naturaesoft.Edits) (naturaesoft.Prospect, bool, error) {
	var last error
	for _, word := range []string{edits["EMail"], edits["Phone"], edits["CellPhone"], edits["LastName"], edits["FirstName"]} {
		word = strings.TrimSpace(word)
		if utf8.RuneCountInString(word) < LeastSearch {
			continue
		}
		q := naturaesoft.ProspectQuery{Search: word, Limit: 100, Patients: true}
		p, found, err := scour(ctx, emr, q, func(p naturaesoft.Prospect) bool {
			return id != "" && p.ID == id || id == "" && holds(p, edits)
		})
		if found {
			return p, true, nil
		}
		if err != nil {
			last = err
		}
	}
	return naturaesoft.Prospect{}, false, last
}

// scour pages through a search for the row that is meant.
func scour(ctx context.Context, emr Searcher, q naturaesoft.ProspectQuery, is func(naturaesoft.Prospect) bool) (naturaesoft.Prospect, bool, error) {
	for q.Page = 1; q.Page <= createdPages; q.Page++ {
		page, err := emr.Prospects(ctx, q)
		if err != nil {
			return naturaesoft.Prospect{}, false, err
		}
		for _, p := range page.Items {
			if is(p) {
				return p, true, nil
			}
		}
		if !page.More {
			return naturaesoft.Prospect{}, false, nil
		}
	}
	return naturaesoft.Prospect{}, false, errTooMany
}

// createdPages bounds a search for one person.
const createdPages = 10

var errTooMany error = tooMany{}

type tooMany struct{}

func (tooMany) Error() string { return "too many people match to tell" }

// UserMessage says what a person can do.
func (tooMany) UserMessage() string {
	return "Too many people match to tell whether this one was added: look the person up in the Naturaesoft EMR."
}

// holds reports that a row holds exactly what was sent. Phone numbers are
// compared by their digits, notes by what they begin with: a colleague may have
// added a line.
func holds(p naturaesoft.Prospect, edits naturaesoft.Edits) bool {
	for name, sent := range edits {
		have := p.Value(name).Raw()
		switch name {
		case "Phone", "CellPhone", "SMSPhone":
			if phone.Digits(have) != phone.Digits(sent) {
				return false
			}
		case "Notes":
			if !strings.HasPrefix(strings.TrimSpace(have), strings.TrimSpace(sent)) {
				return false
			}
		case "Prospect", "ProviderID":
		default:
			if strings.TrimSpace(have) != strings.TrimSpace(sent) {
				return false
			}
		}
	}
	return true
}

// CreatedError tells that the person was added and could not be read back.
type CreatedError struct {
	ID    naturaesoft.ID // "" when the answer named none
	cause error
}

func (e *CreatedError) Error() string { return "prospect created, row not found again" }
func (e *CreatedError) Unwrap() error { return e.cause }

// Landed reports that the write itself is done.
func (e *CreatedError) Landed() bool { return true }

// UserMessage keeps the desk from adding the person twice.
func (e *CreatedError) UserMessage() string {
	return "The person was added, but the EMR does not list them yet. Do not add them again: search for them in a moment."
}
