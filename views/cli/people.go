package cli

import (
	"context"
	"errors"
	"time"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/desk"
	"frontdesk/state/edit"
	"frontdesk/state/people"
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

var landings = map[edit.Landing]desk.Finding{
	edit.CannotTell: desk.CannotTell, edit.Landed: desk.Landed, edit.DidNot: desk.DidNot,
}

var createPerson = write[people.New, naturaesoft.Prospect]{
	vendor: emrName, op: "add prospect", route: "POST /v1/{PPass}/prospects",
	send: func(ctx context.Context, r *run, n people.New) (naturaesoft.Prospect, error) {
		return people.Create(ctx, r.to.EMR, n.Edits)
	},
	back: func(ctx context.Context, r *run, n people.New, _ time.Time) (desk.Finding, error) {
		_, found, err := people.Created(ctx, r.to.EMR, "", n.Edits)
		switch {
		case err != nil:
			return desk.CannotTell, err
		case found:
			return desk.Landed, nil
		}
		return desk.DidNot, nil
	},
	shown: func(n people.New) any { return n.Edits },
}

var updatePerson = write[people.Change, people.Saved]{
	vendor: emrName, op: "update prospect", route: "PUT /v1/{PPass}/prospects/{id}, every documented field as it was read with these",
	send: func(ctx context.Context, r *run, c people.Change) (people.Saved, error) {
		return people.Save(ctx, r.to.EMR, c)
	},
	back: func(ctx context.Context, r *run, c people.Change, _ time.Time) (desk.Finding, error) {
		_, l, err := people.Look(ctx, r.to.EMR, c)
		return landings[l], err
	},
	shown: func(c people.Change) any { return c.Edits },
}

// fieldOf is what a field of a person holds, also the long one.
func fieldOf(p naturaesoft.Prospect, name string) string {
	if name == "Notes" {
		return p.Notes.Raw()
	}
	return p.Value(name).Raw()
}

var tagPerson = write[people.Tagging, struct{}]{
	vendor: emrName, op: "change tags", route: "POST or DELETE /v1/{PPass}/tags/prospects/{id}",
	send: func(ctx context.Context, r *run, t people.Tagging) (struct{}, error) {
		return struct{}{}, t.Send(ctx, r.to.EMR)
	},
	back: func(ctx context.Context, r *run, t people.Tagging, _ time.Time) (desk.Finding, error) {
		l, err := t.Look(ctx, r.to.EMR)
		return landings[l], err
	},
	shown: func(t people.Tagging) any { return map[string]any{"do": t.Do, "tagId": t.Tag} },
}
