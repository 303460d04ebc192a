package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/desk"
)

// peoplePages bounds a walk through all people, of peopleAtOnce a page.
const (
	peoplePages  = 400
	peopleAtOnce = 100
)

// everybody hands over all people of a query, page by page, until each says
// stop. whole is false when the end was not reached.
func (r *run) everybody(ctx context.Context, q naturaesoft.ProspectQuery, each func(naturaesoft.Prospect) (stop bool)) (whole bool, err error) {
	q.Limit = peopleAtOnce
	var last naturaesoft.ID
	seen := 0
	for q.Page = 1; q.Page <= peoplePages; q.Page++ {
		page, err := r.to.EMR.Prospects(ctx, q)
		if err != nil {
			return false, err
		}
		n := len(page.Items)
		if n == 0 || page.Items[n-1].ID == last {
			return true, nil
		}
		last = page.Items[n-1].ID
		for _, p := range page.Items {
			if each(p) {
				return false, nil
			}
		}
		seen += n
		if page.Total > 0 {
			r.progress("%d of %d people read", seen, page.Total)
		}
		if !page.More {
			return true, nil
		}
	}
	return false, nil
}

// person reads somebody by id. No route does that, so the list is gone through,
// prospects first.
func (r *run) person(ctx context.Context, id naturaesoft.ID) (naturaesoft.Prospect, error) {
	var found naturaesoft.Prospect
	if !id.Valid() {
		return found, Usage(errors.New("that is not the id of a person: see frontdesk prospects search"))
	}
	whole := true
	for _, patients := range []bool{false, true} {
		all, err := r.everybody(ctx, naturaesoft.ProspectQuery{Patients: patients}, func(p naturaesoft.Prospect) bool {
			if p.ID == id {
				found = p
			}
			return p.ID == id
		})
		r.over()
		if err != nil || found.ID == id {
			return found, err
		}
		whole = whole && all
	}
	words := "The EMR lists nobody with this id."
	if !whole {
		words = "The EMR has too many people to find one by id: it has no way to read one. Use the console."
	}
	return found, rest.Refusal(emrName, "list prospects", rest.KindNotFound, words)
}

// newPerson is somebody to be added, as the outbox keeps them; the screen reads
// it too.
type newPerson struct{ Edits naturaesoft.Edits }

var createPerson = write[newPerson, naturaesoft.Prospect]{
	vendor: emrName, op: "create prospect", route: "POST /v1/{PPass}/prospects",
	send: func(ctx context.Context, r *run, n newPerson) (naturaesoft.Prospect, error) {
		id, err := r.to.EMR.CreateProspect(ctx, n.Edits)
		if err != nil {
			return naturaesoft.Prospect{}, err
		}
		p, found, err := r.created(ctx, id, n.Edits)
		if !found {
			return naturaesoft.Prospect{ID: id}, &unlisted{err}
		}
		return p, nil
	},
	back: func(ctx context.Context, r *run, n newPerson, _ time.Time) (desk.Finding, error) {
		_, found, err := r.created(ctx, "", n.Edits)
		switch {
		case err != nil:
			return desk.CannotTell, err
		case found:
			return desk.Landed, nil
		}
		return desk.DidNot, nil
	},
	shown: func(n newPerson) any { return n.Edits },
}

// unlisted tells that the person was added and is not found again.
type unlisted struct{ cause error }

func (e *unlisted) Error() string { return "prospect created, row not found again" }
func (e *unlisted) Unwrap() error { return e.cause }

// Landed reports that the write itself is done.
func (e *unlisted) Landed() bool { return true }

// UserMessage keeps a person from being added twice.
func (e *unlisted) UserMessage() string {
	return "The person was added, but the EMR does not list them yet. Do not add them again: search for them later."
}

// created looks for somebody who was added, by id or else by what was sent. Not
// found without an error means that every search was answered and there was
// something to search by.
func (r *run) created(ctx context.Context, id naturaesoft.ID, e naturaesoft.Edits) (naturaesoft.Prospect, bool, error) {
	searched := false
	for _, word := range []string{e["EMail"], e["CellPhone"], e["Phone"], e["LastName"]} {
		if len([]rune(word)) < 2 {
			continue
		}
		searched = true
		var found *naturaesoft.Prospect
		whole, err := r.everybody(ctx, naturaesoft.ProspectQuery{Search: word, Patients: true}, func(p naturaesoft.Prospect) bool {
			if id != "" && p.ID == id || id == "" && holds(p, e) {
				found = &p
			}
			return found != nil
		})
		switch {
		case err != nil:
			return naturaesoft.Prospect{}, false, err
		case found != nil:
			return *found, true, nil
		case !whole:
			searched = false
		}
	}
	if !searched {
		return naturaesoft.Prospect{}, false, errors.New("there is nothing to search this person by, or too many people fit: look in the EMR")
	}
	return naturaesoft.Prospect{}, false, nil
}

// holds reports that a row has everything that was sent.
func holds(p naturaesoft.Prospect, e naturaesoft.Edits) bool {
	for name, value := range e {
		if value == "" || name == "Prospect" {
			continue
		}
		have := p.Value(name).Raw()
		if name == "Notes" {
			have = p.Notes.Raw()
		}
		if slices.Contains([]string{"Phone", "CellPhone", "SMSPhone"}, name) {
			have, value = digits(have), digits(value)
		}
		if have != value {
			return false
		}
	}
	return true
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// edited is an edit of a person, as the outbox keeps it.
type edited struct {
	ID    naturaesoft.ID
	Edits naturaesoft.Edits
	Was   map[string]string // the edited fields before
}

var updatePerson = write[edited, []string]{
	vendor: emrName, op: "update prospect by command", route: "PUT /v1/{PPass}/prospects/{id}, every documented field as it was read with these",
	send: func(ctx context.Context, r *run, e edited) ([]string, error) {
		p, err := r.person(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		if !stands(p, e.Was) {
			return nil, rest.Refusal(emrName, "update prospect", rest.KindConflict,
				"Somebody has changed these fields of the person since they were read, so nothing was sent. Look again with frontdesk prospects show.")
		}
		if err := r.to.EMR.UpdateProspect(ctx, p, e.Edits); err != nil {
			return nil, err
		}
		after, err := r.to.EMR.Reread(ctx, p)
		if err != nil {
			after, err = r.person(ctx, e.ID) // by what was edited it may not be found
		}
		if err != nil {
			return nil, nil // it was taken; what it left behind cannot be told
		}
		return naturaesoft.Vanished(p, after, e.Edits), nil
	},
	back: func(ctx context.Context, r *run, e edited, _ time.Time) (desk.Finding, error) {
		p, err := r.person(ctx, e.ID)
		switch {
		case err != nil:
			return desk.CannotTell, err
		case stands(p, e.Edits):
			return desk.Landed, nil
		case stands(p, e.Was):
			return desk.DidNot, nil
		}
		return desk.CannotTell, nil
	},
}

// fieldOf is what a field of a person holds, also the long one.
func fieldOf(p naturaesoft.Prospect, name string) string {
	if name == "Notes" {
		return p.Notes.Raw()
	}
	return p.Value(name).Raw()
}

// stands reports that the person has these values.
func stands(p naturaesoft.Prospect, values map[string]string) bool {
	for name, value := range values {
		if fieldOf(p, name) != value {
			return false
		}
	}
	return true
}

// tagging is a tag put on a person or taken off, as the outbox keeps it. All is
// every tag taken off.
type tagging struct {
	Person, Tag naturaesoft.ID
	Remove, All bool
}

var tagPerson = write[tagging, struct{}]{
	vendor: emrName, op: "tag prospect by command", route: "POST or DELETE /v1/{PPass}/tags/prospects/{id}",
	send: func(ctx context.Context, r *run, t tagging) (struct{}, error) {
		switch {
		case t.All:
			return struct{}{}, r.to.EMR.RemoveAllTags(ctx, t.Person)
		case t.Remove:
			return struct{}{}, r.to.EMR.RemoveTag(ctx, t.Person, t.Tag)
		}
		return struct{}{}, r.to.EMR.AssignTag(ctx, t.Person, t.Tag)
	},
	back: func(ctx context.Context, r *run, t tagging, _ time.Time) (desk.Finding, error) {
		p, err := r.person(ctx, t.Person)
		if err != nil || !p.TagsKnown {
			return desk.CannotTell, err
		}
		has := slices.ContainsFunc(p.Tags, func(have naturaesoft.Tag) bool { return t.All || have.ID == t.Tag })
		if has == (t.Remove || t.All) {
			return desk.DidNot, nil
		}
		return desk.Landed, nil
	},
}
