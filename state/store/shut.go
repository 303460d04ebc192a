package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Shut is a database that could not be opened: every use of it says why, and
// Trouble does. It keeps a screen standing where only some of its work needs
// the file; nothing is ever taken for empty.
func Shut(err error) *DB {
	var own *Error
	if !errors.As(err, &own) {
		own = fail("", "cannot be used", err)
	}
	shut := *own
	if word := Disk(filepath.Dir(own.Path)); word != "" && !own.server && own.Path != "" {
		shut.words, shut.cause = "cannot be written to: its disk or folder is "+word, nil
	}
	shut.words += ". Put that right and start again"
	return &DB{path: own.Path, shut: &shut}
}

// Memory is a database with these tables that lives until Close: for what is
// this account's own while its file cannot be used.
func Memory(ctx context.Context, migrations []string) (*DB, error) {
	name := "/frontdesk-" + rand.Text()
	d := connect(name, "memdb")
	d.path = "in memory"
	d.anchor, _ = sql.Open("sqlite", dsn(name, "memdb")) // the last connection takes it along
	err := d.anchor.PingContext(ctx)
	if err == nil {
		err = d.migrate(ctx, placed{path: d.path}, migrations)
	}
	if err != nil {
		_ = d.Close()
		return nil, d.explain(err)
	}
	return d, nil
}

// Disk is what keeps a folder, or the nearest one above it that is there, from
// taking a file, in a word or two; "" when it takes one. It writes one and
// removes it.
func Disk(dir string) string {
	f, err := os.CreateTemp(existing(dir), ".frontdesk-disk-*")
	if err == nil {
		_, err = f.Write(make([]byte, 8<<10))
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.EROFS):
		return "read-only"
	case errors.Is(err, syscall.ENOSPC):
		return "full"
	case errors.Is(err, fs.ErrPermission):
		return "closed"
	case errors.Is(err, syscall.ENOTDIR):
		return "blocked by a file"
	}
	return "failing"
}
