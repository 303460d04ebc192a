package console

import (
	"context"
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
