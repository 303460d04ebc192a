package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// serverTables are ours on a server: the version, the clock, and a token of
// every transaction, kept for a day.
const serverTables = `CREATE TABLE store_version (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL
);
INSERT INTO store_version VALUES (1, 0);
CREATE TABLE store_write (
	token TEXT PRIMARY KEY,
	at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX store_write_at ON store_write (at);
` + clockTable + `
UPDATE store_clock SET (now_ms, host_ms) =
	(SELECT h, h FROM (SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS h) AS c);`

// translate makes a migration written for SQLite one for PostgreSQL. Integers
// get the width they have there, texts are compared by their bytes as there,
// and lines that begin with "--pg " are for PostgreSQL alone.
func translate(script string) string {
	return strings.NewReplacer(
		"\n--pg ", "\n",
		" INTEGER PRIMARY KEY AUTOINCREMENT", " BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
		" INTEGER", " BIGINT",
		" TEXT", ` TEXT COLLATE "C"`,
		" BLOB", " BYTEA",
	).Replace(script)
}

// Migrate makes the tables on a server, or brings them to the newest version,
// in one transaction, and tells the versions before and after. The role needs
// the right to make a schema in the database, once.
func Migrate(ctx context.Context, o Options) (from, to int, err error) {
	c, err := o.Server.config()
	if err != nil {
		return 0, 0, err
	}
	s := &server{name: label(c), schema: c.RuntimeParams["search_path"]}
	if err := o.Server.signIn(ctx, s.name, c); err != nil {
		return 0, 0, err
	}
	c.RuntimeParams["statement_timeout"], c.RuntimeParams["lock_timeout"] = "0", "60000"
	conn, err := pgx.ConnectConfig(ctx, c)
	if err != nil {
		return 0, 0, s.explain(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) (err error) {
		from, err = s.upgrade(ctx, tx, o.Migrations)
		return err
	})
	var own *Error
	if err != nil && !errors.As(err, &own) {
		err = s.explain(err)
	}
	return from, max(from, len(o.Migrations)), err
}

// upgrade runs the missing scripts inside tx; who else would do so waits.
func (s *server) upgrade(ctx context.Context, tx pgx.Tx, scripts []string) (have int, err error) {
	run := func(script string) {
		if err == nil {
			_, err = tx.Exec(ctx, script)
		}
	}
	run("SELECT pg_advisory_xact_lock(hashtextextended('frontdesk migrate', 0))")
	var there bool
	if err == nil {
		err = tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", pgx.Identifier{s.schema, "store_version"}.Sanitize()).Scan(&there)
	}
	if !there {
		run("CREATE SCHEMA IF NOT EXISTS " + pgx.Identifier{s.schema}.Sanitize())
		run(translate(serverTables))
	}
	if err == nil {
		err = tx.QueryRow(ctx, "SELECT version FROM store_version").Scan(&have)
	}
	if err == nil && have > len(scripts) {
		return have, s.newer(have, len(scripts))
	}
	for _, script := range scripts[min(have, len(scripts)):] {
		run(translate(script))
	}
	run(fmt.Sprintf("UPDATE store_version SET version = %d", len(scripts)))
	return have, err
}

// newer refuses tables that this program does not know.
func (s *server) newer(have, want int) *Error {
	return s.fault(fmt.Sprintf("was migrated by a newer frontdesk (version %d, this one knows %d). Update this program", have, want), nil)
}

// welcome refuses a connection to tables of another version.
func (s *server) welcome(ctx context.Context, c *pgx.Conn) error {
	var have int
	err := c.QueryRow(ctx, "SELECT version FROM store_version").Scan(&have)
	var told *pgconn.PgError
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && have < s.want:
		return s.fault(tablesWords, nil)
	case errors.As(err, &told):
		return s.told(told)
	case err == nil && have > s.want:
		return s.newer(have, s.want)
	}
	return err
}
