package console

import (
	"path/filepath"
	"strings"
	"sync"

	"frontdesk/state/store"
)

// beside is the file of what was decided about people: next to the ledger, so
// that desks that share one share both.
func beside(ledger string) string {
	return strings.TrimSuffix(ledger, filepath.Ext(ledger)) + "-people.db"
}

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

func (l *lazy) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.db != nil {
		_ = l.db.Close()
	}
}
