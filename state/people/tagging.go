package people

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/edit"
)

// Tagger is what a change of tags needs of the EMR.
type Tagger interface {
	Reread(context.Context, naturaesoft.Prospect) (naturaesoft.Prospect, error)
	AssignTag(ctx context.Context, prospect, tag naturaesoft.ID) error
	RemoveTag(ctx context.Context, prospect, tag naturaesoft.ID) error
	RemoveAllTags(ctx context.Context, prospect naturaesoft.ID) error
}

// What is done to somebody's tags.
const (
	Assign = "assign"
	Remove = "remove"
	Bare   = "remove all"
)

// Tagging is a change of tags, as the outbox keeps it. Find is what the person
// is read again by.
type Tagging struct {
	Do            string
	Prospect, Tag naturaesoft.ID
	Find          map[string]string
}

// Finding is what a person is read again by, kept small.
func Finding(p naturaesoft.Prospect) map[string]string {
	return map[string]string{
		"EMail": p.EMail.Raw(), "Phone": p.Phone.Raw(), "CellPhone": p.CellPhone.Raw(),
		"SMSPhone": p.SMSPhone.Raw(), "LastName": p.LastName.Raw(),
	}
}

// Send makes the change, once.
func (t Tagging) Send(ctx context.Context, emr Tagger) error {
	switch t.Do {
	case Assign:
		return emr.AssignTag(ctx, t.Prospect, t.Tag)
	case Remove:
		return emr.RemoveTag(ctx, t.Prospect, t.Tag)
	case Bare:
		return emr.RemoveAllTags(ctx, t.Prospect)
	}
	return fmt.Errorf("unknown change of tags")
}

// Look reads the person's row for what became of the change. Where rows do not
// carry tags it cannot be told.
func (t Tagging) Look(ctx context.Context, emr Tagger) (edit.Landing, error) {
	p, err := emr.Reread(ctx, Found(t.Prospect, t.Find))
	if err != nil || !p.TagsKnown {
		return edit.CannotTell, err
	}
	has := slices.ContainsFunc(p.Tags, func(x naturaesoft.Tag) bool { return x.ID == t.Tag })
	if t.Do == Assign && has || t.Do == Remove && !has || t.Do == Bare && len(p.Tags) == 0 {
		return edit.Landed, nil
	}
	return edit.DidNot, nil
}
