package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"
)

// clockTable keeps the time the file has reached and the host clock it was
// reached by; see tick.
const clockTable = `CREATE TABLE store_clock (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	now_ms BIGINT NOT NULL,
	host_ms BIGINT NOT NULL
);
INSERT INTO store_clock VALUES (1, 0, 0);`

// migrate brings the database to the newest version. Versions only go up; a
// copy of a database that has something in it is put aside first.
func (d *DB) migrate(ctx context.Context, p placed, scripts []string) error {
	have, err := d.version(ctx)
	if err != nil {
		return err
	}
	if have > len(scripts) {
		return fail(p.path, fmt.Sprintf("was made by a newer frontdesk (version %d, this one knows %d). "+
			"Update this program; the file was left as it is", have, len(scripts)), nil)
	}
	if _, err := d.writer.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return d.explain(err)
	}
	if have == len(scripts) {
		return nil
	}
	if have > 0 {
		if err := d.backup(ctx, p, have); err != nil {
			return err
		}
	}
	tx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := d.upgrade(ctx, tx, scripts); err != nil {
		return err
	}
	return d.explain(tx.Commit())
}

// upgrade runs the missing scripts inside tx. The version is read again there:
// another process may have been first.
func (d *DB) upgrade(ctx context.Context, tx *sql.Tx, scripts []string) error {
	var have int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return d.explain(err)
	}
	run := scripts[min(have, len(scripts)):]
	if have == 0 {
		run = append([]string{clockTable}, run...)
	}
	for _, script := range run {
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return d.explain(err)
		}
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", max(have, len(scripts))))
	return d.explain(err)
}

// version is the version the file has; a database that is not ours is refused.
func (d *DB) version(ctx context.Context) (int, error) {
	var have, tables int
	err := d.writer.QueryRowContext(ctx, `SELECT user_version, (SELECT count(*) FROM sqlite_master)
		FROM pragma_user_version`).Scan(&have, &tables)
	if err != nil {
		return 0, d.explain(err)
	}
	if have == 0 && tables > 0 {
		return 0, fail(d.path, "belongs to another program. It was left as it is; name another file", nil)
	}
	return have, nil
}

// backup puts a complete copy beside the file, as readable as the file itself.
func (d *DB) backup(ctx context.Context, p placed, version int) error {
	temp, err := p.temp()
	if err != nil {
		return err
	}
	defer removeAll(temp)
	if _, err := d.writer.ExecContext(ctx, "VACUUM INTO ?", temp); err != nil {
		return d.explain(err)
	}
	name := fmt.Sprintf("%s.v%d-%s.bak", p.path, version, time.Now().UTC().Format("20060102T150405.000"))
	if err := os.Rename(temp, name); err != nil {
		return fail(d.path, "cannot be copied aside before its change", err)
	}
	return nil
}
