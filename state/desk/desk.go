// Package desk keeps what a person is in the middle of: drafts of what they
// type, the outbox of what is on its way to a vendor, and the trail of who did
// what. It lives in one database and one folder of this account. It must not
// know what a vendor, a form or a record means, and nothing of patients: what
// it is given it seals, hashes or refuses.
package desk

import (
	"context"
	"os"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"frontdesk/state/store"
)

// Options say whose desk it is and where its keys and windows come from.
type Options struct {
	// Who acts; see Here.
	Who Who
	// Seal for what is typed. Nil: drafts and payloads stay in memory; see
	// Use for a key that comes later.
	Seal *Seal
	// Undo is how long each class of write waits before it is sent; a class
	// that is not in it is sent at once. Nil: DefaultUndo.
	Undo map[string]time.Duration
	// AuditDir is the folder of the audit trail.
	AuditDir string
	// Clinic is the key under which record ids are hashed in the trail, the
	// same for all of a clinic. Nil: a random one of this session, so that
	// its lines match only each other.
	Clinic []byte
	// KeepHead is told each new end of the trail, to put it into the keyring
	// or the vault. It is called while the trail is locked: it must not wait.
	KeepHead func(Head)
	// KeptHead is the end that was put there last; false when there is none.
	KeptHead func(context.Context) (Head, bool, error)
}

// Desk is one session's hold of the database and the trail. Its methods may
// be called from several goroutines; all of them can block.
type Desk struct {
	Drafts *Drafts
	Outbox *Outbox
	Audit  *Audit

	db   *store.DB
	who  Who
	seal atomic.Pointer[Seal]
	stop context.CancelFunc
	done sync.WaitGroup

	// fault fails a step in tests; nil otherwise.
	fault func(step string) error
}

// New opens the desk on a database made with Migrations. It does not fail: a
// nil or failing database leaves drafts in memory, and a trail that cannot be
// written is told by CanAudit. Close ends its heartbeat; the database stays
// the caller's.
func New(ctx context.Context, db *store.DB, o Options) *Desk {
	d := build(db, o)
	d.Audit.start(ctx)
	d.beat(ctx)
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.done.Go(func() { d.beats(ctx) })
	return d
}

// Glance is a desk to read from and nothing else: it writes nothing, has no
// heartbeat and needs no Close.
func Glance(db *store.DB, o Options) *Desk { return build(db, o) }

// build makes the parts without touching the disk.
func build(db *store.DB, o Options) *Desk {
	d := &Desk{db: db, who: o.Who.clean()}
	d.seal.Store(o.Seal)
	if o.Undo == nil {
		o.Undo = DefaultUndo()
	}
	if o.Clinic == nil {
		o.Clinic = NewKey()
	}
	d.Audit = newAudit(d, o)
	d.Drafts = &Drafts{d: d, memory: map[string]Draft{}}
	d.Outbox = &Outbox{d: d, undo: o.Undo, ready: d.Audit.CanAudit,
		memory: map[string]content{}, own: map[string]bool{}, claimed: map[string]int64{}}
	return d
}

// Use gives the desk its key, or takes it away with nil. Drafts that were in
// memory are sealed and written; an error tells that some are still there
// only.
func (d *Desk) Use(ctx context.Context, s *Seal) error {
	d.seal.Store(s)
	if s == nil {
		return nil
	}
	return d.Drafts.settle(ctx)
}

// Close ends the session: what it had in its hands is free for the next one
// at once.
func (d *Desk) Close(ctx context.Context) error {
	d.stop()
	d.done.Wait()
	if d.db == nil {
		return nil
	}
	return d.write(ctx, func(tx tx) error {
		_, err := tx.Exec("UPDATE session SET ended = 1 WHERE id = ?", d.who.Session)
		return err
	})
}

// beats says every 5 seconds that the session is alive.
func (d *Desk) beats(ctx context.Context) {
	t := time.NewTicker(beatEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			d.beat(ctx)
		}
	}
}

// beat says it once. A beat that fails is made up by the next one: at worst
// another session may take over, and nothing is lost by that.
func (d *Desk) beat(ctx context.Context) {
	w := d.who
	_ = d.write(ctx, func(tx tx) error {
		now := tx.Now.UnixMilli()
		_, err := tx.Exec(`INSERT INTO session (id, uid, user, host, tty, pid, begun_ms, beat_ms)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET beat_ms = excluded.beat_ms`,
			w.Session, w.UID, w.User, w.Host, w.TTY, os.Getpid(), now, now)
		return err
	})
}

// tx is a transaction whose writes tests can fail one by one.
type tx struct {
	*store.Tx
	step func(string) error
}

// Exec runs a statement and tells how many rows it changed.
func (t tx) Exec(query string, args ...any) (int64, error) {
	if err := t.step("exec"); err != nil {
		return 0, err
	}
	return t.Tx.Exec(query, args...)
}

// write runs fn in one transaction; nil means that it is on the disk.
func (d *Desk) write(ctx context.Context, fn func(tx) error) error {
	if d.db == nil {
		return ErrNoStore
	}
	if err := d.step("begin"); err != nil {
		return err
	}
	err := d.db.Write(ctx, func(t *store.Tx) error {
		if err := fn(tx{t, d.step}); err != nil {
			return err
		}
		return d.step("commit")
	})
	if err != nil {
		return err
	}
	// A commit can be reported as failed and be there all the same.
	return d.step("committed")
}

// read runs fn on one view of the database.
func (d *Desk) read(ctx context.Context, fn func(tx) error) error {
	if d.db == nil {
		return ErrNoStore
	}
	return d.db.Read(ctx, func(t *store.Tx) error { return fn(tx{t, d.step}) })
}

func (d *Desk) step(name string) error {
	if d.fault == nil {
		return nil
	}
	return d.fault(name)
}

// sessions are those of this account that are alive, by id.
func (d *Desk) sessions(tx tx) (map[string]run, error) {
	live := map[string]run{}
	err := tx.Query(func(scan func(...any) error) error {
		var r run
		if err := scan(&r.Session, &r.UID, &r.User, &r.Host, &r.TTY, &r.pid, &r.beat, &r.ended); err != nil {
			return err
		}
		if r.alive(tx.Now, d.who) {
			live[r.Session] = r
		}
		return nil
	}, "SELECT id, uid, user, host, tty, pid, beat_ms, ended FROM session WHERE uid = ?", d.who.UID)
	live[d.who.Session] = run{Who: d.who}
	return live, err
}

var words = regexp.MustCompile(`^[A-Za-z0-9 ._:/-]+$`)

// named refuses what could be a value instead of the name of a thing.
func named(what string, names ...string) error {
	for _, s := range names {
		if len(s) > longestName || !words.MatchString(s) {
			return refuse("The %s has a name that cannot be written down, so nothing was saved. This is a fault of the program.", what)
		}
	}
	return nil
}
