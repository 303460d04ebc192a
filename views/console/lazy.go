package console

import (
	"context"
	"path/filepath"
	"sync"

	"frontdesk/state/store"
)

// lazy is a database that is opened when it is first needed: the first screen
// does not wait for it.
type lazy struct {
	mu   sync.Mutex
	db   *store.DB
	with func() (*store.DB, error)
}

func lazily(with func() (*store.DB, error)) *lazy { return &lazy{with: with} }

// open opens it, or tries again after a failure.
func (l *lazy) open() (db *store.DB, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db == nil {
		l.db, err = l.with()
	}
	return l.db, err
}

// Read is DB.Read.
func (l *lazy) Read(ctx context.Context, fn func(tx *store.Tx) error) error {
	db, err := l.open()
	if err != nil {
		return err
	}
	return db.Read(ctx, fn)
}

// Write is DB.Write.
func (l *lazy) Write(ctx context.Context, fn func(tx *store.Tx) error) error {
	db, err := l.open()
	if err != nil {
		return err
	}
	return db.Write(ctx, fn)
}

func (l *lazy) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db != nil {
		_ = l.db.Close()
	}
}

// own opens a file of this account's own. On a disk that takes nothing it is
// kept in memory, of which the header tells; one that is damaged says so.
func own(ctx context.Context, path string, migrations []string) (*store.DB, error) {
	db, err := store.Open(ctx, store.Options{Path: path, Migrations: migrations})
	switch {
	case err == nil:
		return db, nil
	case store.Disk(filepath.Dir(path)) != "":
		return store.Memory(ctx, migrations)
	}
	return store.Shut(err), nil
}
