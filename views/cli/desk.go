package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"sync"

	"frontdesk/state/desk"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

// Keys are what seals drafts and names records on the trail. Without them
// drafts stay in memory.
type Keys struct{ Seal, Clinic []byte }

// NewKeys are keys of no profile: for the demo, whose folder goes away.
func NewKeys() Keys { return Keys{Seal: desk.NewKey(), Clinic: desk.NewKey()} }

// deskItem is where a profile's Keys are kept among its secrets.
const deskItem = "desk"

// DeskKeys reads a profile's keys from where the secrets live, and makes them
// the first time. Secrets that live only as long as the session give none.
func DeskKeys(ctx context.Context, s *secrets.Store, profile string) (Keys, error) {
	if s.Where().Kind == secrets.Session || s.Where().Locked {
		return Keys{}, nil
	}
	b, err := s.Load(ctx, profile, deskItem)
	if errors.Is(err, secrets.ErrNotFound) {
		k := NewKeys()
		return k, s.Save(ctx, profile, deskItem, secrets.Bundle{
			"seal": hex.EncodeToString(k.Seal), "clinic": hex.EncodeToString(k.Clinic),
		})
	}
	if err != nil {
		return Keys{}, err
	}
	seal, bad := hex.DecodeString(b["seal"])
	clinic, worse := hex.DecodeString(b["clinic"])
	return Keys{Seal: seal, Clinic: clinic}, errors.Join(bad, worse)
}

// Desk is what outlives a session: drafts, and the trail of what was done. It
// serves the screen's forms and the vendors' clients.
type Desk struct {
	*desk.Desk
	db      *store.DB
	journal *desk.Journal
	kept    map[[2]string]desk.Draft
	ctx     context.Context
	work    sync.WaitGroup
	events  chan desk.Event
}

// OpenDesk opens the desk in a folder. A folder that cannot be used leaves a
// desk that keeps drafts in memory and lets nothing be sent.
func OpenDesk(ctx context.Context, dir string, k Keys) (*Desk, error) {
	o := desk.Options{Who: desk.Here(), AuditDir: filepath.Join(dir, "audit"), Clinic: k.Clinic}
	if len(k.Seal) > 0 {
		seal, err := desk.NewSeal(k.Seal)
		if err != nil {
			return nil, err
		}
		o.Seal = seal
	}
	// What is wrong with the database the desk itself says, when it matters.
	db, _ := store.Open(ctx, store.Options{Path: filepath.Join(dir, "desk.db"), Migrations: desk.Migrations})
	d := &Desk{Desk: desk.New(ctx, db, o), db: db, ctx: context.WithoutCancel(ctx),
		kept: map[[2]string]desk.Draft{}, events: make(chan desk.Event, 64)}
	d.journal = d.Drafts.Journal()
	drafts, _, err := d.Drafts.List(ctx)
	for i := len(drafts) - 1; err == nil && i >= 0; i-- {
		if f := drafts[i]; !f.Live {
			d.kept[[2]string{f.Kind, f.Key}] = f
		}
	}
	d.work.Go(func() {
		for e := range d.events {
			_ = d.Audit.Append(d.ctx, e) // CanAudit tells of it before the next write
		}
	})
	return d, nil
}

// Shut saves what is left to save.
func (d *Desk) Shut() {
	close(d.events)
	d.work.Wait()
	_ = d.journal.Close(d.ctx)
	_ = d.Desk.Close(d.ctx)
	if d.db != nil {
		_ = d.db.Close()
	}
}

// Flush saves what is typed now.
func (d *Desk) Flush() { _ = d.journal.Flush(d.ctx) }

// Note journals a form.
func (d *Desk) Note(kind, record string, values map[string]string) {
	d.journal.Note(kind, record, values)
}

// Drop forgets a form.
func (d *Desk) Drop(kind, record string) {
	d.work.Go(func() { _ = d.journal.Drop(d.ctx, kind, record) })
}

// Kept is what an earlier session left in a form; it is offered once.
func (d *Desk) Kept(kind, record string) (map[string]string, bool) {
	at := [2]string{kind, record}
	f, ok := d.kept[at]
	if ok {
		delete(d.kept, at)
		d.journal.Begin(f)
	}
	return f.Values, ok
}

// Trouble is a sentence for the header while drafts do not reach the disk.
func (d *Desk) Trouble() string {
	if !d.Drafts.Durable() {
		return "drafts: this session only"
	}
	return d.journal.Trouble()
}

// Did puts on the trail what somebody did with data on the screen.
func (d *Desk) Did(op, record string) {
	d.events <- desk.Event{Op: op, Record: record, Outcome: "done"}
}

// Allow stops a write that could not be put on the trail.
func (d *Desk) Allow(context.Context, string, string) error { return d.Audit.CanAudit() }

// Done puts a write's end on the trail.
func (d *Desk) Done(ctx context.Context, vendor, op, record, outcome string) {
	_ = d.Audit.Append(ctx, desk.Event{Vendor: strings.ToLower(vendor), Op: op, Record: record, Outcome: outcome})
}
