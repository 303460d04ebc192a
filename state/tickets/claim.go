package tickets

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"frontdesk/clients/safe"
	"frontdesk/state/store"
)

// Lease is how long a claim holds without being renewed: long enough to write
// an answer, short enough that a colleague who went home blocks nobody.
const Lease = 5 * time.Minute

// Who is somebody at a desk, as the host knows them.
type Who struct {
	UID                 int
	User, Host, Session string
}

// Same reports that both are one person on one host, in whatever session.
func (w Who) Same(o Who) bool { return w.UID == o.UID && w.User == o.User && w.Host == o.Host }

// Claim is a ticket somebody has in hand.
type Claim struct {
	Key     Key
	By      Who
	Writing bool
	Since   time.Time
	Left    time.Duration // until it expires, when it was read
}

// TakenError refuses a claim: a colleague has the ticket in hand.
type TakenError struct{ Claim Claim }

func (e *TakenError) Error() string { return "the ticket is claimed by a colleague" }

// UserMessage says who has it, and for how long.
func (e *TakenError) UserMessage() string {
	doing := "has this ticket in hand"
	if e.Claim.Writing {
		doing = "is answering this ticket"
	}
	return fmt.Sprintf("%s %s. Take another one with n, or press T to take it over.", safe.Clean(e.Claim.By.User), doing)
}

// Claims are the tickets in hand at the desks of one ledger. They bind nobody
// at the vendors: they are a notice among colleagues.
type Claims struct {
	db   *store.DB
	made atomic.Bool
}

// The table is made when it is first needed and not by the ledger's list of
// migrations: that list belongs to the visits, and two lists in one file would
// have to agree on their order for ever.
//
//go:embed claims.sql
var claimsTable string

// OpenClaims makes Claims over an open ledger; nothing is read yet.
func OpenClaims(db *store.DB) *Claims { return &Claims{db: db} }

// write runs fn with the table there and expired claims gone.
func (c *Claims) write(ctx context.Context, fn func(*store.Tx) error) error {
	return c.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Lock("ticket claims"); err != nil { // on a server; in a file we are alone
			return err
		}
		if !c.made.Load() {
			if _, err := tx.Exec(claimsTable); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("DELETE FROM ticket_claim WHERE expires_at <= ?", tx.Now.UnixMilli()); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return nil
	})
}

// Claim takes a ticket in hand, or renews that. A colleague's claim is a
// TakenError, unless it is taken over.
func (c *Claims) Claim(ctx context.Context, k Key, who Who, writing, over bool) (Claim, error) {
	mine := Claim{Key: k, By: who, Writing: writing, Left: Lease}
	err := c.write(ctx, func(tx *store.Tx) error {
		mine.Since = tx.Now
		have, err := one(tx, k)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case have.By.Same(who):
			mine.Since = have.Since
		case !over:
			return &TakenError{have}
		}
		_, err = tx.Exec(`INSERT INTO ticket_claim
			(ticket, owner_uid, owner_user, owner_host, owner_session, writing, since, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (ticket) DO UPDATE SET owner_uid = excluded.owner_uid, owner_user = excluded.owner_user,
			owner_host = excluded.owner_host, owner_session = excluded.owner_session, writing = excluded.writing,
			since = excluded.since, expires_at = excluded.expires_at`,
			k.String(), who.UID, who.User, who.Host, who.Session, yes(writing), mine.Since.UnixMilli(), tx.Now.Add(Lease).UnixMilli())
		return err
	})
	if err == nil {
		c.made.Store(true)
	}
	return mine, err
}

// Release gives a ticket back; one that is not ours stays as it is.
func (c *Claims) Release(ctx context.Context, k Key, who Who) error {
	return c.write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM ticket_claim WHERE ticket = ? AND owner_uid = ? AND owner_user = ? AND owner_host = ?",
			k.String(), who.UID, who.User, who.Host)
		return err
	})
}

// List is every claim that holds.
func (c *Claims) List(ctx context.Context) (map[Key]Claim, error) {
	all := map[Key]Claim{}
	err := c.db.Read(ctx, func(tx *store.Tx) error {
		if !c.made.Load() {
			var there int
			from := "sqlite_master WHERE name"
			if !tx.Alone() {
				from = "information_schema.tables WHERE table_schema = current_schema() AND table_name"
			}
			if err := tx.One("SELECT count(*) FROM "+from+" = 'ticket_claim'", nil, &there); err != nil || there == 0 {
				return err
			}
		}
		return tx.Query(func(scan func(...any) error) error {
			got, err := read(tx, scan)
			if err == nil {
				all[got.Key] = got
			}
			return err
		}, claimed+" WHERE expires_at > ?", tx.Now.UnixMilli())
	})
	return all, err
}

const claimed = `SELECT ticket, owner_uid, owner_user, owner_host, owner_session, writing, since, expires_at FROM ticket_claim`

func one(tx *store.Tx, k Key) (Claim, error) {
	return read(tx, func(into ...any) error { return tx.One(claimed+" WHERE ticket = ?", []any{k.String()}, into...) })
}

func read(tx *store.Tx, scan func(...any) error) (Claim, error) {
	var c Claim
	var ticket string
	var since, expires int64
	err := scan(&ticket, &c.By.UID, &c.By.User, &c.By.Host, &c.By.Session, &c.Writing, &since, &expires)
	c.Key, _ = ParseKey(ticket)
	c.Since, c.Left = time.UnixMilli(since).UTC(), time.UnixMilli(expires).Sub(tx.Now)
	return c, err
}
