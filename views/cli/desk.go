package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

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
// the first time. Secrets that live only as long as the session give none; nor
// does a place that fails, with the error.
func DeskKeys(ctx context.Context, s *secrets.Store, profile string) (Keys, error) {
	if s.Where().Kind == secrets.Session || s.Where().Locked {
		return Keys{}, nil
	}
	b, err := s.Load(ctx, profile, deskItem)
	if errors.Is(err, secrets.ErrNotFound) && Completing(ctx) {
		return Keys{}, nil
	}
	if errors.Is(err, secrets.ErrNotFound) {
		k := NewKeys()
		err = s.Save(ctx, profile, deskItem, secrets.Bundle{
			"seal": hex.EncodeToString(k.Seal), "clinic": hex.EncodeToString(k.Clinic),
		})
		if err != nil {
			return Keys{}, err // a key that is gone tomorrow seals nothing
		}
		return k, nil
	}
	if err != nil {
		return Keys{}, err
	}
	seal, bad := hex.DecodeString(b["seal"])
	clinic, worse := hex.DecodeString(b["clinic"])
	if bad != nil || worse != nil || len(seal) != desk.KeySize || len(clinic) != desk.KeySize {
		return Keys{}, secrets.ErrUnreadable
	}
	return Keys{Seal: seal, Clinic: clinic}, nil
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
	head    *Head
	disk    string // what kept the database from being opened, for the header
}

// Choices are how a desk is kept. The zero value has the usual undo windows and
// keeps the end of the trail nowhere but beside it.
type Choices struct {
	Undo map[string]time.Duration // by class of write; nil: the usual ones
	Head *Head                    // keeps the end of the trail outside its files
}

// OpenDesk opens the desk in a folder. A folder that cannot be used leaves a
// desk that keeps drafts in memory and lets nothing be sent.
func OpenDesk(ctx context.Context, dir string, k Keys, c Choices) (*Desk, error) {
	o := desk.Options{Who: desk.Here(), AuditDir: filepath.Join(dir, "audit"), Clinic: k.Clinic, Undo: c.Undo}
	if c.Head != nil {
		o.KeepHead, o.KeptHead = c.Head.keep, c.Head.load
	}
	if len(k.Seal) > 0 {
		seal, err := desk.NewSeal(k.Seal)
		if err != nil {
			return nil, err
		}
		o.Seal = seal
	}
	db, shut := store.Open(ctx, store.Options{Path: filepath.Join(dir, "desk.db"), Migrations: desk.Migrations})
	d := &Desk{Desk: desk.New(ctx, db, o), db: db, ctx: context.WithoutCancel(ctx),
		kept: map[[2]string]desk.Draft{}, events: make(chan desk.Event, 64), head: c.Head, disk: unkept(dir, shut)}
	if db != nil {
		_, _ = d.Drafts.Sweep(ctx) // at the next start, if not now
	}
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
	if d.head != nil {
		d.head.shut(d.ctx)
	}
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

// Second reports that another session has the record's first draft now.
func (d *Desk) Second(kind, record string) bool {
	_, second := d.journal.Draft(kind, record)
	return second
}

// Look finds what another session of this person typed into a form.
func (d *Desk) Look(ctx context.Context, kind, record string) (id, where string, live bool, err error) {
	f, err := d.Drafts.Load(ctx, kind, record)
	var other *desk.ElsewhereError
	switch {
	case errors.As(err, &other):
		where = other.Host
		if other.TTY != "" {
			where += " " + strings.TrimPrefix(other.TTY, "/dev/")
		}
		return f.ID, where + ", since " + other.Since.Local().Format("15:04"), true, nil
	case errors.Is(err, desk.ErrNoDraft), errors.Is(err, desk.ErrNoStore):
		return "", "", false, nil
	case err != nil:
		return "", "", false, err
	}
	if mine, _ := d.journal.Draft(kind, record); mine == f.ID {
		return "", "", false, nil
	}
	return f.ID, "saved " + f.Saved.Local().Format("2 Jan 15:04"), false, nil
}

// Take makes a draft this session's; what the other one types from now on is a
// second draft.
func (d *Desk) Take(ctx context.Context, id string) (map[string]string, error) {
	f, err := d.Drafts.TakeOver(ctx, id)
	if err != nil {
		return nil, err
	}
	d.journal.Begin(f)
	return f.Values, nil
}

// Trouble is a few words for the header while drafts do not reach the disk. What
// is wrong with it is said in full by each write that it stops.
func (d *Desk) Trouble() string {
	switch {
	case d.disk != "":
		return d.disk
	case d.journal.Trouble() != "":
		return "drafts: in memory only, the disk takes none"
	case d.Audit.Trouble() != "":
		return "trail not written: nothing is sent"
	case !d.Drafts.Durable():
		return "drafts: this session only"
	}
	return ""
}

// unkept says in the header's words why the desk's file is not there.
func unkept(dir string, err error) string {
	if err == nil {
		return ""
	}
	if word := store.Disk(dir); word != "" {
		return "disk " + word + ": nothing is kept"
	}
	return "desk file unusable: nothing is kept"
}

// Unkept is what a person has to know at the start of a session whose desk
// keeps nothing; "" when it does.
func (d *Desk) Unkept() string {
	if d.disk == "" {
		return ""
	}
	return sentence(d.disk) + " What you type stays in memory and nothing is sent to a vendor: it could not be written down. " +
		"Put it right and start again."
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
