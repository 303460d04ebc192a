package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Audit is this account's trail: one line for each thing done, in a file for
// each month, <user>-YYYY-MM.jsonl. Each line carries the hash of the one
// before, over the months, and the end is kept in the database as well: before
// a line is written the database knows which one is coming, and afterwards
// that it is there, so that neither a cut tail nor an added line goes unseen.
type Audit struct {
	d      *Desk
	dir    string
	clinic []byte
	keep   func(Head)
	kept   func(context.Context) (Head, bool, error)
	now    func() time.Time

	mu     sync.Mutex // one Append of this process at a time
	broken error      // of the last Append; nil: the trail can be written
	state  sync.Mutex // guards broken
}

func newAudit(d *Desk, o Options) *Audit {
	return &Audit{d: d, dir: o.AuditDir, clinic: o.Clinic, keep: o.KeepHead, kept: o.KeptHead, now: time.Now}
}

// start repairs what a crash left and finds out whether the trail can be
// written. When the end kept outside is ahead of the database's, the database
// was put back: the chain goes on from there, so that the gap stays to be seen.
func (a *Audit) start(ctx context.Context) {
	_ = a.note(a.locked(ctx, func(f *folder) error {
		end, err := a.base(ctx, f)
		if err != nil || a.kept == nil {
			return err
		}
		kept, ok, err := a.kept(ctx)
		if err != nil || !ok || kept.Seq <= end.Seq {
			return nil // Verify tells when it cannot be read
		}
		end.Head, end.nextSeq, end.nextH = kept, 0, ""
		_, err = a.add(ctx, f, end, Event{Op: "audit.gap", Outcome: "database was behind"})
		return err
	}))
}

// Append writes one event; nil means that it is on the disk and known to the
// database. After an error nothing may be written to a vendor: append the
// intent before sending, the outcome after.
func (a *Audit) Append(ctx context.Context, e Event) error {
	if err := e.check(); err != nil {
		return err
	}
	return a.note(a.locked(ctx, func(f *folder) error {
		end, err := a.base(ctx, f)
		if err != nil {
			return err
		}
		_, err = a.add(ctx, f, end, e)
		return err
	}))
}

// CanAudit is why nothing may be written to a vendor, nil when the trail can
// be written. After a failure it tries again by writing a line that says so.
func (a *Audit) CanAudit() error {
	a.state.Lock()
	broken := a.broken
	a.state.Unlock()
	if broken == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return a.Append(ctx, Event{Op: "audit.resume", Outcome: "ok"})
}

// Trouble is why the last line could not be written, "" when it could. It asks
// nobody.
func (a *Audit) Trouble() string {
	a.state.Lock()
	defer a.state.Unlock()
	if a.broken == nil {
		return ""
	}
	return a.broken.Error()
}

// note keeps whether the trail can be written, as a sentence.
func (a *Audit) note(err error) error {
	if err != nil {
		words := "The audit trail cannot be written, so nothing is sent to vendors; reading goes on. "
		err = &Error{words: words + sentence(err, "Free disk space or correct the folder: "+a.dir+"."), cause: err}
	}
	a.state.Lock()
	defer a.state.Unlock()
	a.broken = err
	return err
}

// Hash is how a record of a vendor is named on the trail.
func (a *Audit) Hash(vendor, record string) string {
	if record == "" {
		return ""
	}
	return keyed(a.clinic, vendor, record)
}

// locked runs fn while no other session writes the trail.
func (a *Audit) locked(ctx context.Context, fn func(*folder) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	f, err := openFolder(ctx, a.dir, a.stem(), a.d.step)
	if err != nil {
		return err
	}
	defer f.close()
	return fn(f)
}

// stem is what this account's files begin with.
func (a *Audit) stem() string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, a.d.who.User)
	if name != a.d.who.User || name == "" {
		name = fmt.Sprintf("%s_%d", name, a.d.who.UID)
	}
	return name
}

// ends is the end of the trail as the database knows it.
type ends struct {
	Head
	month   string
	nextSeq int64 // the line that was being written, 0: none
	nextH   string
}

// base is the end the next line follows. A line a crash left torn is cut off,
// and that is recorded. When lines that were acknowledged are missing the
// chain goes on from the database's end, so that the gap stays to be seen.
func (a *Audit) base(ctx context.Context, f *folder) (ends, error) {
	end, known, err := a.ends(ctx)
	if err != nil {
		return end, err
	}
	tail, torn, err := f.repair()
	if err != nil {
		return end, err
	}
	if !known && tail.Seq > 0 {
		// The database is new: the files are all there is.
		end = ends{Head: Head{tail.Seq, tail.H, tail.Seq}, month: f.last}
		return a.add(ctx, f, end, Event{Op: "audit.gap", Outcome: "database was new"})
	}
	if tail.Seq == end.nextSeq && tail.H == end.nextH && end.nextSeq > end.Seq {
		end.Head = Head{tail.Seq, tail.H, end.Count + 1}
		end.month = f.last
	}
	if torn > 0 {
		return a.add(ctx, f, end, Event{Op: "audit.repair", Outcome: fmt.Sprintf("torn line of %d bytes cut", torn)})
	}
	return end, nil
}

// add writes one line after end and returns the new end.
func (a *Audit) add(ctx context.Context, f *folder, end ends, e Event) (ends, error) {
	t := a.now().UTC()
	w := a.d.who
	l := Line{Seq: end.Seq + 1, T: t.Format(stamp), UID: w.UID, User: w.User, Host: w.Host, TTY: w.TTY, SSH: w.SSH,
		Session: w.Session, Vendor: e.Vendor, Op: e.Op, Record: a.Hash(e.Vendor, e.Record), Outcome: e.Outcome, Prev: end.H}
	l.seal()
	end.nextSeq, end.nextH = l.Seq, l.H
	end.month = max(end.month, t.Format("2006-01")) // a clock set back does not go back in the files
	if err := a.setEnds(ctx, end); err != nil {
		return end, err
	}
	if err := f.append(end.month, append(l.bytes(), '\n')); err != nil {
		return end, err
	}
	end.Head = Head{l.Seq, l.H, end.Count + 1}
	end.nextSeq, end.nextH = 0, ""
	if err := a.setEnds(ctx, end); err != nil {
		return end, err
	}
	if a.keep != nil {
		a.keep(end.Head)
	}
	return end, nil
}

// ends reads the end from the database; false when it has none.
func (a *Audit) ends(ctx context.Context) (e ends, known bool, err error) {
	err = a.d.read(ctx, func(tx tx) error {
		return tx.One("SELECT seq, h, count, month, next_seq, next_h FROM audit_head WHERE uid = ?",
			[]any{a.d.who.UID}, &e.Seq, &e.H, &e.Count, &e.month, &e.nextSeq, &e.nextH)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return ends{}, false, nil
	}
	return e, err == nil, err
}

// setEnds writes the end to the database.
func (a *Audit) setEnds(ctx context.Context, e ends) error {
	return a.d.write(ctx, func(tx tx) error {
		_, err := tx.Exec(`INSERT INTO audit_head (uid, seq, h, count, month, next_seq, next_h) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (uid) DO UPDATE SET seq = excluded.seq, h = excluded.h, count = excluded.count,
				month = excluded.month, next_seq = excluded.next_seq, next_h = excluded.next_h`,
			a.d.who.UID, e.Seq, e.H, e.Count, e.month, e.nextSeq, e.nextH)
		return err
	})
}
