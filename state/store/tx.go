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

	ctx  context.Context
	path string
	tx   *sql.Tx
}

// Write runs fn in a transaction that holds the file's write lock from its
// start (BEGIN IMMEDIATE). When Write returns nil the changes are on the disk;
// else none of them are. fn's own error comes back unchanged.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	t := &Tx{ctx: ctx, path: d.path, tx: tx}
	if err := t.clock(true); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return explain(d.path, tx.Commit())
}

// Read runs fn on one unchanging view of the database. It waits for nobody.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	tx, err := d.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return explain(d.path, err)
	}
	defer tx.Rollback()
	t := &Tx{ctx: ctx, path: d.path, tx: tx}
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
		err = explain(d.path, err)
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
		return explain(t.path, err)
	}
	now = tick(now, last, host)
	t.Now = time.UnixMilli(now).UTC()
	if !keep {
		return nil
	}
	_, err = t.tx.ExecContext(t.ctx, "UPDATE store_clock SET now_ms = ?, host_ms = ?", now, host)
	return explain(t.path, err)
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
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, explain(t.path, err)
	}
	n, err := res.RowsAffected()
	return n, explain(t.path, err)
}

// Query runs each for every row of a query.
func (t *Tx) Query(each func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := t.tx.QueryContext(t.ctx, query, args...)
	if err != nil {
		return explain(t.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return explain(t.path, rows.Err())
}

// One scans the single row of a query; sql.ErrNoRows when there is none.
func (t *Tx) One(query string, args []any, into ...any) error {
	err := t.tx.QueryRowContext(t.ctx, query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return explain(t.path, err)
}
