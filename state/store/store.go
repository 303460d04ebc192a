// Package store opens what outlives a key press: an SQLite file that several
// processes, and several accounts of one host, share, or a PostgreSQL server
// that several hosts share. It knows files, servers, locks, versions and the
// clock. It must not know what is kept there: tables come from the caller as
// ordered migrations, written for SQLite; see translate for what a server makes
// of them.
package store

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// Options say where the database is and what must be in it.
type Options struct {
	// Server is where the tables live when several machines share them; nil:
	// in the file at Path.
	Server *Server
	// Path of the file. Its folder is made when it is missing.
	Path string
	// Group is the name of the Unix group whose members share the file; the
	// file is then 0660 in a setgid folder. Empty: the file is for one
	// account, 0600.
	Group string
	// Migrations are SQL scripts; running the first n of them makes version
	// n. They are only ever added to.
	Migrations []string
}

// DB is one open database. It may be used by several goroutines; writes of
// one process queue behind each other, those of other processes wait for up
// to 20 seconds for a file and 3 for a server's lock.
type DB struct {
	path   string
	server *server // nil: a file
	shut   *Error  // why it is not there; see Shut
	anchor *sql.DB // keeps one in memory; nil: not in memory
	writer *sql.DB
	reader *sql.DB
}

// Open opens or makes the database and brings it to the newest version. Every
// error is an *Error: a sentence that names the file or the server. A file that
// is damaged, foreign or newer than this program is refused and left as it is.
// A server's tables are made by Migrate alone; a server that is away is no
// error here but at each use, and in Trouble.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Server != nil {
		return openServer(ctx, o)
	}
	path, err := filepath.Abs(o.Path)
	if err != nil || o.Path == "" {
		return nil, fail(o.Path, "has no usable path. Name the file in the profile", err)
	}
	o.Path = path
	file, err := place(o)
	if err != nil {
		return nil, err
	}
	if !file.exists {
		if err := create(ctx, file, o); err != nil {
			return nil, err
		}
	}
	d := connect(path, "")
	if err := d.migrate(ctx, file, o.Migrations); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// connect prepares the two pools; nothing is opened before it is used. system
// is SQLite's name of what keeps the file, "" for the usual one.
func connect(path, system string) *DB {
	d := &DB{path: path}
	d.writer, _ = sql.Open("sqlite", dsn(path, system, "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"))
	d.writer.SetMaxOpenConns(1)
	d.reader, _ = sql.Open("sqlite", dsn(path, system, "query_only(1)"))
	d.reader.SetMaxOpenConns(4)
	return d
}

// dsn is the driver's name for path. The journal mode is not set here but once
// the file is known to be ours: it is kept in the file and would change a
// foreign one.
func dsn(path, system string, pragmas ...string) string {
	q := url.Values{
		"_txlock": {"immediate"},
		"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...),
	}
	if system != "" {
		q.Set("vfs", system)
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	return u.String()
}

// Path is the absolute path of the file, or the server's host, port and
// database.
func (d *DB) Path() string { return d.path }

// Close releases the file, or leaves the server.
func (d *DB) Close() error {
	if d.shut != nil {
		return nil
	}
	if d.anchor != nil {
		_ = d.anchor.Close()
	}
	rerr := d.reader.Close()
	if err := d.writer.Close(); err != nil {
		return d.explain(err)
	}
	return d.explain(rerr)
}
