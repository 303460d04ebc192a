package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// serverClock is what Tx.Now is made of: the server's own clock, and the time
// the tables have reached; see tick.
const serverClock = "SELECT CAST(round(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT), now_ms, host_ms FROM store_clock"

// writeServer is Write on a server. A transaction that lost against another
// one is run once more.
func (d *DB) writeServer(ctx context.Context, fn func(tx *Tx) error) error {
	err := d.attempt(ctx, fn)
	var lost *pgconn.PgError
	if errors.As(err, &lost) && (lost.Code == deadlock || lost.Code == serialization) {
		err = d.attempt(ctx, fn)
	}
	return d.said(ctx, err)
}

// attempt runs one transaction. Its first statement leaves a token, by which
// the outcome of a lost commit can be read back.
func (d *DB) attempt(ctx context.Context, fn func(tx *Tx) error) error {
	limited, done := context.WithTimeout(ctx, txLimit)
	defer done()
	tx, end, err := d.beginServer(limited, nil)
	if err != nil {
		return err
	}
	defer end()
	t := &Tx{ctx: limited, db: d, tx: tx}
	token := rand.Text()
	at, err := t.read("WITH left_behind AS (INSERT INTO store_write (token) VALUES (?)) "+serverClock, token)
	if err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := limited.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return d.lookBack(ctx, token, err)
	}
	d.remember(at)
	return nil
}

// readServer is Read on a server.
func (d *DB) readServer(ctx context.Context, fn func(tx *Tx) error) error {
	limited, done := context.WithTimeout(ctx, txLimit)
	defer done()
	tx, end, err := d.beginServer(limited, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return d.said(ctx, err)
	}
	defer end()
	t := &Tx{ctx: limited, db: d, tx: tx}
	if _, err = t.read(serverClock); err == nil {
		err = fn(t)
	}
	return d.said(ctx, err)
}

// beginServer begins a transaction. It lives on when its caller gives up, so
// that nothing but the server decides about a commit on its way; what a caller
// gave up before is rolled back by end.
func (d *DB) beginServer(ctx context.Context, o *sql.TxOptions) (tx *sql.Tx, end func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	whole, done := context.WithTimeout(context.WithoutCancel(ctx), txLimit)
	// A connection of the pool may have died since it was used: nothing was
	// done on it, so that a second one may be tried.
	for range 2 {
		if tx, err = d.writer.BeginTx(whole, o); err == nil || !away(d.explain(err)) {
			break
		}
	}
	if err != nil {
		done()
		return nil, nil, d.explain(err)
	}
	return tx, func() { _ = tx.Rollback(); done() }, nil
}

// lookBack finds out what became of a commit that had no answer. It leaves the
// transaction's token itself: that waits for a transaction still under way, and
// tells whether the token is there already. If it is not, that transaction can
// never land any more.
func (d *DB) lookBack(ctx context.Context, token string, lost error) error {
	var said *pgconn.PgError
	if errors.As(lost, &said) && said.Severity == "ERROR" {
		return d.explain(lost)
	}
	limited, done := context.WithTimeout(context.WithoutCancel(ctx), lookLimit)
	defer done()
	for {
		res, err := d.writer.ExecContext(limited, "INSERT INTO store_write (token) VALUES ($1) ON CONFLICT DO NOTHING", token)
		if err == nil {
			if n, _ := res.RowsAffected(); n == 0 {
				return nil
			}
			return d.server.fault("stopped answering while it saved. Nothing was saved by this step; try again", lost)
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-limited.Done():
			e := d.server.fault("stopped answering while it saved, so nobody knows yet whether this step was saved. "+
				"Reload once it answers, before doing it again", lost)
			e.Away, e.Unclear = true, true
			return e
		}
	}
}

// instant is one reading of the clock: the server's own time, the time of the
// tables by it, and the mark it was reckoned from.
type instant struct{ host, now, markNow, markHost int64 }

// read reads the clock by a statement that ends like serverClock.
func (t *Tx) read(query string, args ...any) (at instant, err error) {
	if err := t.One(query, args, &at.host, &at.markNow, &at.markHost); err != nil {
		return at, err
	}
	at.now = tick(at.markNow, at.markHost, at.host)
	t.Now = time.UnixMilli(at.now).UTC()
	return at, nil
}

// remember moves the mark of the clock on, about once a second for all desks
// together. It is a transaction of its own, so that nobody waits for the mark
// while holding anything; losing it to another desk is fine.
func (d *DB) remember(at instant) {
	if gone := at.host - at.markHost; gone >= 0 && gone < 1000 {
		return
	}
	ctx, done := context.WithTimeout(context.Background(), connectLimit)
	defer done()
	_, _ = d.writer.ExecContext(ctx, "UPDATE store_clock SET now_ms = $1, host_ms = $2 WHERE now_ms = $3 AND host_ms = $4",
		at.now, at.host, at.markNow, at.markHost)
}

// Lock makes what the names stand for this transaction's own until it ends, and
// sets Now again. Deadlocks cannot happen while every transaction locks all it
// needs in one call, or calls in the order of the names. On a file there is
// nothing to do: the transaction is alone.
func (t *Tx) Lock(names ...string) error {
	if t.Alone() || len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	keys := make([]string, 0, len(names))
	for _, name := range slices.Compact(names) {
		sum := sha256.Sum256([]byte(t.db.server.schema + "\x00" + name))
		keys = append(keys, strconv.FormatInt(int64(binary.BigEndian.Uint64(sum[:])), 10))
	}
	_, err := t.read(`WITH locked AS MATERIALIZED (SELECT count(pg_advisory_xact_lock(k))
		FROM unnest(CAST(CAST(? AS TEXT) AS BIGINT[])) AS k) `+serverClock+", locked", "{"+strings.Join(keys, ",")+"}")
	return err
}

// dialect is a statement as the driver wants it: ? becomes $1, $2 ... on a
// server. No statement has a ? in a text.
func (d *DB) dialect(query string) string {
	if d.server == nil || !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	parts := strings.Split(query, "?")
	for n, part := range parts[:len(parts)-1] {
		b.WriteString(part + "$" + strconv.Itoa(n+1))
	}
	return b.String() + parts[len(parts)-1]
}
