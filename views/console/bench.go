package console

import (
	"cmp"
	"context"
	"errors"
	"time"

	"frontdesk/state/desk"
	"frontdesk/ui"
	"frontdesk/views/cli"
)

// bench is the desk as the screen works on it: drafts and outbox.
type bench struct{ *cli.Desk }

// Look finds what another session of this person typed into a form.
func (o bench) Look(ctx context.Context, kind, record string) (ui.Other, bool, error) {
	id, where, live, err := o.Desk.Look(ctx, kind, record)
	return ui.Other{ID: id, Where: where, Live: live}, id != "", err
}

// Take makes that text this session's.
func (o bench) Take(ctx context.Context, other ui.Other) (map[string]string, error) {
	return o.Desk.Take(ctx, other.ID)
}

// Queue writes an intent into the outbox.
func (o bench) Queue(ctx context.Context, in ui.Intent) (string, time.Duration, error) {
	it, err := o.Outbox.Enqueue(ctx, desk.Intent{
		Vendor: in.Vendor, Op: in.Op, Class: cmp.Or(in.Class, "write"), Record: in.Record, Payload: in.Payload,
	})
	return it.ID, it.Left, err
}

// TakeBack withdraws an entry that was not sent.
func (o bench) TakeBack(ctx context.Context, id string) error {
	_, err := o.Outbox.TakeBack(ctx, id)
	return err
}

// Unsettled are the entries that want somebody. What a session that is gone was
// sending is UNKNOWN from now on.
func (o bench) Unsettled(ctx context.Context) ([]ui.Left, error) {
	found, err := o.Outbox.Recover(ctx)
	if errors.Is(err, desk.ErrNoStore) {
		return nil, nil // of which the header tells
	}
	var all []ui.Left
	for _, it := range found {
		all = append(all, left(it))
	}
	return all, err
}

// left is an entry as the screen settles it.
func left(it desk.Item) ui.Left {
	return ui.Left{
		ID: it.ID, Unknown: it.State == desk.Unknown, Created: it.Created,
		Intent: ui.Intent{Vendor: it.Vendor, Op: it.Op, Class: it.Class, Record: it.Record, Payload: it.Payload},
	}
}

// item is an entry as it is now.
func (o bench) item(ctx context.Context, id string) (desk.Item, error) {
	all, err := o.Outbox.List(ctx, desk.Filter{})
	for _, it := range all {
		if it.ID == id {
			return it, err
		}
	}
	return desk.Item{}, err
}

// findings is what the outbox makes of what was read back.
var findings = map[ui.Landing]desk.Finding{
	ui.CannotTell: desk.CannotTell, ui.Landed: desk.Landed, ui.DidNot: desk.DidNot, ui.Reopened: desk.DidNot,
}

// Resolve ends an UNKNOWN entry by what reading back said, once that can be
// believed: pages count from when a write was confirmed, and one that was sent
// from the outbox again may be much younger.
func (o bench) Resolve(ctx context.Context, id string, l ui.Landing) error {
	_, err := o.Outbox.Found(ctx, id, findings[l])
	if err != nil || l != ui.Reopened {
		return err
	}
	return o.TakeBack(ctx, id)
}
