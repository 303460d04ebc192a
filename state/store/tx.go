package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// tries bounds how often a write asks for the lock; each try waits 5 seconds.
const tries = 4

// Tx is one transaction. Placeholders are ?; errors are *Error, except
// sql.ErrNoRows, which stays itself.
type Tx struct {
	// Now is the database's time in UTC, to the millisecond. It is read from
	// the database, is the same for the whole transaction, never goes back
	// however the host's clock is set, and is the only clock that may decide
	// what has expired.
	Now time.Time

	ctx context.Context
	db  *DB
	tx  *sql.Tx
}

// Write runs fn in a transaction that holds the file's write lock from its
// start (BEGIN IMMEDIATE); on a server fn takes the locks it needs with
// Tx.Lock, and may be run a second time from its start. When Write returns nil
// the changes are on the disk; else none of them are, but for an *Error that is
// Unclear. fn's own error comes back unchanged.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if d.shut != nil {
		return d.shut
	}
	if d.server != nil {
		return d.writeServer(ctx, fn)
	}
	tx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	t := &Tx{ctx: ctx, db: d, tx: tx}
	if err := t.clock(true); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return d.explain(tx.Commit())
}

// Read runs fn on one unchanging view of the database. It waits for nobody.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if d.shut != nil {
		return d.shut
	}
	if d.server != nil {
		return d.readServer(ctx, fn)
	}
	tx, err := d.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return d.explain(err)
	}
	defer tx.Rollback()
	t := &Tx{ctx: ctx, db: d, tx: tx}
	if err := t.clock(false); err != nil {
		return err
	}
	return fn(t)
}

// begin takes the write lock.
func (d *DB) begin(ctx context.Context) (*sql.Tx, error) {
	for n := 1; ; n++ {
		tx, err := d.writer.BeginTx(ctx, nil)
		if err == nil {
			return tx, nil
		}
		err = d.explain(err)
		var own *Error
		if n == tries || !errors.As(err, &own) || !own.Busy {
			return nil, err
		}
	}
}

// clock reads the database's time and, when keep is set, records it.
func (t *Tx) clock(keep bool) error {
	var now, last, host int64
	err := t.tx.QueryRowContext(t.ctx, `SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER),
		now_ms, host_ms FROM store_clock`).Scan(&host, &now, &last)
	if err != nil {
		return t.db.explain(err)
	}
	now = tick(now, last, host)
	t.Now = time.UnixMilli(now).UTC()
	if !keep {
		return nil
	}
	_, err = t.tx.ExecContext(t.ctx, "UPDATE store_clock SET now_ms = ?, host_ms = ?", now, host)
	return t.db.explain(err)
}

// tick is the next time of a file whose clock stood at now when the host's
// stood at last. The file's time advances by what the host's advanced. When
// the host was set back it stands still for that moment and is ahead from then
// on; it then runs a quarter slower until the host has caught up, so that a
// wrong date once set does not stay for ever.
func tick(now, last, host int64) int64 {
	gone := max(0, host-last)
	next := now + gone
	if ahead := next - host; ahead > 0 {
		next -= min(gone/4, ahead)
	}
	return max(next, now)
}

// Exec runs a statement and tells how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(t.ctx, t.db.dialect(query), args...)
	if err != nil {
		return 0, t.db.explain(err)
	}
	n, err := res.RowsAffected()
	return n, t.db.explain(err)
}

// Query runs each for every row of a query.
func (t *Tx) Query(each func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := t.tx.QueryContext(t.ctx, t.db.dialect(query), args...)
	if err != nil {
		return t.db.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return t.db.explain(rows.Err())
}

// One scans the single row of a query; sql.ErrNoRows when there is none.
func (t *Tx) One(query string, args []any, into ...any) error {
	err := t.tx.QueryRowContext(t.ctx, t.db.dialect(query), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return t.db.explain(err)
}

// Alone reports that nobody else can write until this transaction ends: the
// database is a file, and Lock has nothing to do.
func (t *Tx) Alone() bool { return t.db.server == nil }

// Next raises the counter of a table that has one row with the column last, and
// returns it: a number nobody got before, larger than all that were given. A
// number drawn by a transaction that fails may be lost.
func (t *Tx) Next(table string) (n int64, err error) {
	if t.db.server != nil {
		return n, t.One("SELECT nextval('"+table+"_seq')", nil, &n)
	}
	if _, err := t.Exec("UPDATE " + table + " SET last = last + 1"); err != nil {
		return 0, err
	}
	return n, t.One("SELECT last FROM "+table, nil, &n)
}
