package secrets

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"sync"
)

// Kind is a place where keys can be.
type Kind uint8

// The three places, the best one first.
const (
	Keyring Kind = iota
	Vault
	Session
)

// Where says where keys are kept now, for the status line.
type Where struct {
	Kind     Kind
	Locked   bool   // nothing can be read or saved until somebody does something
	Sentence string // "keys: OS keyring" and the like; always shown
	Why      string // the keyring's state, cause and remedy, when it is not in use or not working; else empty
}

// Options of a Store.
type Options struct {
	Dir        string // folder of the vault file, made 0700 when a vault is made
	Service    string // the keyring items' service; empty: "frontdesk"
	KeyringOff bool   // leave the OS keyring alone
}

// Store keeps bundles in one of the three places. Its methods may be called
// from several goroutines. Where and VaultExists answer at once; the others
// can take seconds and belong in a command.
type Store struct {
	ring  *ring
	vault *vault
	off   bool

	mu      sync.Mutex
	kind    Kind
	found   finding
	session map[string]Bundle
}

// Open looks at the keyring, for 1.5 seconds at most or until ctx ends, and
// picks the best place: the keyring if it is ready, else the vault if there
// is one (locked), else this session. It prompts for nothing, starts nothing
// and writes nothing.
func Open(ctx context.Context, o Options) *Store { return open(ctx, o, probe) }

func open(ctx context.Context, o Options, look func(context.Context) finding) *Store {
	if o.Service == "" {
		o.Service = "frontdesk"
	}
	s := &Store{ring: newRing(o.Service, look), vault: newVault(o.Dir), off: o.KeyringOff,
		kind: Session, session: map[string]Bundle{}}
	s.found = finding{state: Off}
	if !s.off {
		s.found = s.ring.glance(ctx)
	}
	switch {
	case s.found.state == Ready:
		s.kind = Keyring
	case s.VaultExists():
		s.kind = Vault
	}
	return s
}

// Format shows nothing of what the store holds.
func (s *Store) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "secrets.Store "+dots) }

// LogValue shows nothing of what the store holds.
func (s *Store) LogValue() slog.Value { return slog.StringValue(dots) }

// Where says where keys are kept now. It never waits.
func (s *Store) Where() Where {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := Where{Kind: s.kind}
	if s.found.state != Ready {
		w.Why = s.found.sentence() + "."
	}
	switch s.kind {
	case Keyring:
		w.Sentence = "keys: OS keyring"
		if w.Locked = s.found.state != Ready; w.Locked {
			w.Sentence += " (" + s.found.state.String() + ")"
		}
	case Vault:
		w.Sentence = "keys: sealed vault"
		if w.Locked = s.vault.locked(); w.Locked {
			w.Sentence += " (locked)"
		}
	case Session:
		w.Sentence = "keys: this session only - will be asked again"
	}
	return w
}

// State is what the last look at the keyring or call to it found.
func (s *Store) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found.state
}

// Load reads a vendor's bundle from the place in use. Another session's
// change is seen. ErrNotFound, ErrLocked, ErrHung or another *Error.
func (s *Store) Load(ctx context.Context, profile, vendor string) (Bundle, error) {
	item, err := item(profile, vendor)
	if err != nil {
		return nil, err
	}
	switch s.place() {
	case Keyring:
		text, err := s.ring.get(ctx, item)
		if err = s.note(err); err != nil {
			return nil, err
		}
		return decode(text)
	case Vault:
		return s.vault.load(ctx, item)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.session[item]; ok {
		return maps.Clone(b), nil
	}
	return nil, ErrNotFound
}

// Save stores a vendor's bundle in the place in use, reads it back and
// compares: no error means it is there. ErrTooBig before anything is called.
func (s *Store) Save(ctx context.Context, profile, vendor string, b Bundle) error {
	item, err := item(profile, vendor)
	if err != nil {
		return err
	}
	text, err := b.encode()
	if err != nil {
		return err
	}
	switch s.place() {
	case Keyring:
		return s.note(s.saveRing(ctx, item, text))
	case Vault:
		return s.vault.change(ctx, item, b)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session[item] = maps.Clone(b)
	return nil
}

func (s *Store) saveRing(ctx context.Context, item, text string) error {
	if err := s.ring.set(ctx, item, text); err != nil {
		return err
	}
	back, err := s.ring.get(ctx, item)
	if err == nil && back != text {
		return ErrDiffers
	}
	return err
}

// Forget removes a vendor's bundle from the place in use and reads to see
// that it is gone. ErrNotFound when it was not there.
func (s *Store) Forget(ctx context.Context, profile, vendor string) error {
	item, err := item(profile, vendor)
	if err != nil {
		return err
	}
	switch s.place() {
	case Keyring:
		return s.note(s.forgetRing(ctx, item))
	case Vault:
		return s.vault.change(ctx, item, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.session[item]; !ok {
		return ErrNotFound
	}
	delete(s.session, item)
	return nil
}

func (s *Store) forgetRing(ctx context.Context, item string) error {
	if err := s.ring.del(ctx, item); err != nil {
		return err
	}
	switch _, err := s.ring.get(ctx, item); err {
	case ErrNotFound:
		return nil
	case nil:
		return ErrStillThere
	default:
		return err
	}
}

// VaultExists tells that there is a vault file, openable or not.
func (s *Store) VaultExists() bool {
	_, err := os.Lstat(s.vault.path)
	return err == nil
}

// Unlock opens the vault with its passphrase, which is copied, and uses it
// from now on. It takes about half a second. ErrNoVault, ErrWrongPassphrase,
// ErrPaused, ErrDamaged or another *Error; the place in use then stays.
func (s *Store) Unlock(pass []byte) error {
	if err := s.vault.unlock(pass); err != nil {
		return err
	}
	s.use(Vault)
	return nil
}

// CreateVault makes a vault under a passphrase of 12 characters or more,
// moves the keys of this session into it and uses it from now on. It takes
// about a second. ErrShort, ErrVaultExists or another *Error.
func (s *Store) CreateVault(pass []byte) error {
	s.mu.Lock()
	items := maps.Clone(s.session)
	s.mu.Unlock()
	if err := s.vault.create(pass, items); err != nil {
		return err
	}
	s.use(Vault)
	s.mu.Lock()
	defer s.mu.Unlock()
	for item := range items {
		delete(s.session, item)
	}
	return nil
}

// UseVault uses the vault file from now on; it may still want Unlock.
// ErrNoVault when there is none.
func (s *Store) UseVault() error {
	if !s.VaultExists() {
		return ErrNoVault
	}
	s.use(Vault)
	return nil
}

// UseSession keeps keys in memory from now on; they are gone when the program
// ends.
func (s *Store) UseSession() { s.use(Session) }

// UseKeyring looks at the OS keyring again and uses it from now on if it is
// ready; else the error says what is wrong and the place in use stays.
func (s *Store) UseKeyring(ctx context.Context) error {
	if s.off {
		return finding{state: Off}.err()
	}
	f := s.ring.glance(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = f
	if f.state != Ready {
		return f.err()
	}
	s.kind = Keyring
	return nil
}

func (s *Store) place() Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kind
}

func (s *Store) use(k Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind = k
}

// note keeps what a call said about the keyring for Where.
func (s *Store) note(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e, ok := err.(*Error); {
	case ok && e.State != Ready:
		s.found = finding{e.State, e.detail}
	case err == nil || ok:
		s.found = finding{state: Ready}
	}
	return err
}
