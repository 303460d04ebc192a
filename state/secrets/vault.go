package secrets

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"frontdesk/state/files"
)

const (
	tries = 5 // wrong passphrases before a pause
	pause = 30 * time.Second
)

// vault is the sealed file. Every change reads the file again under a lock
// that other sessions respect, so that no session undoes another's.
type vault struct {
	dir, path, bak string

	mu     sync.Mutex // one operation at a time; scrypt is slow, so Where uses open
	open   atomic.Bool
	pass   []byte // while open
	sealed []byte // the file as it was read last
	items  map[string]Bundle
	wrong  int
	until  time.Time

	// step runs one step of a change; tests make any of them fail.
	step func(name string, do func() error) error
}

func newVault(dir string) *vault {
	path := filepath.Join(dir, "vault.age")
	return &vault{dir: dir, path: path, bak: path + ".bak",
		step: func(_ string, do func() error) error { return do() }}
}

func (v *vault) locked() bool { return !v.open.Load() }

// lock forgets the passphrase and everything read with it.
func (v *vault) lock() {
	v.open.Store(false)
	clear(v.pass)
	v.pass, v.sealed, v.items = nil, nil, nil
}

// shut is lock for others.
func (v *vault) shut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lock()
}

func (v *vault) unlock(pass []byte) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if time.Now().Before(v.until) {
		return ErrPaused
	}
	sealed, items, err := v.read(pass)
	if errors.Is(err, ErrWrongPassphrase) || errors.Is(err, ErrDamaged) {
		sealed, items, err = v.recover(pass, err)
	}
	if errors.Is(err, ErrWrongPassphrase) {
		if v.wrong++; v.wrong == tries {
			v.wrong, v.until = 0, time.Now().Add(pause)
		}
	}
	if err != nil {
		return err
	}
	v.lock()
	v.wrong, v.pass, v.sealed, v.items = 0, bytes.Clone(pass), sealed, items
	v.open.Store(true)
	return nil
}

// read opens the file with pass.
func (v *vault) read(pass []byte) (sealed []byte, items map[string]Bundle, err error) {
	if err := checkFolder(v.dir); err != nil {
		return nil, nil, err
	}
	if sealed, err = readFile(v.path); err != nil {
		return nil, nil, err
	}
	items, err = unseal(sealed, pass)
	return sealed, items, err
}

// recover puts the copy back that a change leaves when it dies before the new
// file was proven. Such a change was never reported as saved.
func (v *vault) recover(pass []byte, cause error) ([]byte, map[string]Bundle, error) {
	if _, err := os.Lstat(v.bak); err != nil {
		return nil, nil, cause
	}
	release, err := lockFolder(context.Background(), v.dir)
	if err != nil {
		return nil, nil, err
	}
	defer release()
	if sealed, items, err := v.read(pass); err == nil {
		return sealed, items, nil // the other session has finished
	}
	sealed, err := readFile(v.bak)
	if err != nil {
		return nil, nil, cause
	}
	items, err := unseal(sealed, pass)
	if err != nil {
		return nil, nil, cause
	}
	if err := os.Rename(v.bak, v.path); err != nil {
		return nil, nil, wrap("The vault's copy cannot be put back", err)
	}
	return sealed, items, wrap("The vault's copy cannot be put back for good", files.SyncFolder(v.dir))
}

// Long is nil for a passphrase that is long enough for a new vault, else
// ErrShort.
func Long(pass []byte) error {
	if utf8.RuneCount(pass) < 12 {
		return ErrShort
	}
	return nil
}

func (v *vault) create(pass []byte, items map[string]Bundle) error {
	if err := Long(pass); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := makeFolder(v.dir); err != nil {
		return err
	}
	release, err := lockFolder(context.Background(), v.dir)
	if err != nil {
		return err
	}
	defer release()
	if _, err := os.Lstat(v.path); err == nil {
		return ErrVaultExists
	}
	sealed, err := v.commit(pass, nil, items)
	if err != nil {
		return err
	}
	v.lock()
	v.pass, v.sealed, v.items = bytes.Clone(pass), sealed, items
	v.open.Store(true)
	return nil
}

func (v *vault) load(ctx context.Context, item string) (Bundle, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := v.refresh(); err != nil {
		return nil, err
	}
	if b, ok := v.items[item]; ok {
		return maps.Clone(b), nil
	}
	return nil, ErrNotFound
}

// refresh reads the file again if it is another than the one read last: the
// sealed form of the same keys is never the same twice.
func (v *vault) refresh() error {
	if v.locked() {
		return v.missing(ErrLocked)
	}
	sealed, err := readFile(v.path)
	if err != nil {
		return err
	}
	if bytes.Equal(sealed, v.sealed) {
		return nil
	}
	items, err := unseal(sealed, v.pass)
	if errors.Is(err, ErrWrongPassphrase) {
		v.lock() // somebody made another vault in its place
		return ErrLocked
	}
	if err != nil {
		return err
	}
	v.sealed, v.items = sealed, items
	return nil
}

// missing is ErrNoVault when there is no file, else err.
func (v *vault) missing(err error) error {
	if _, serr := os.Lstat(v.path); serr != nil {
		return ErrNoVault
	}
	return err
}

// change puts b under item, or removes item when b is nil.
func (v *vault) change(ctx context.Context, item string, b Bundle) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.locked() {
		return v.missing(ErrLocked)
	}
	if err := checkFolder(v.dir); err != nil {
		return err
	}
	release, err := lockFolder(ctx, v.dir)
	if err != nil {
		return err
	}
	defer release()
	if err := v.refresh(); err != nil {
		return err
	}
	items := maps.Clone(v.items)
	if b != nil {
		items[item] = maps.Clone(b)
	} else if _, ok := items[item]; !ok {
		return ErrNotFound
	} else {
		delete(items, item)
	}
	sealed, err := v.commit(v.pass, v.sealed, items)
	if err != nil {
		return err
	}
	v.sealed, v.items = sealed, items
	return nil
}
