package secrets

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The PIN is a short secret that opens a locked desk, not what seals anything:
// whoever can read its hash is this account already. Slow hashing and pauses
// keep those at the keyboard from trying them all.
const (
	pinItem  = "lock"
	pinShort = 4 // characters at least
	pinTime  = 3
	pinSize  = 32

	pinTries = 5                // wrong ones before a pause
	pinPause = 30 * time.Second // doubled each time
	pinMost  = 15 * time.Minute
)

// pinMemory is what trying a PIN takes, in KiB.
var pinMemory uint32 = 64 << 10

var (
	// ErrNoPIN says that nobody has set a PIN.
	ErrNoPIN error = &Error{words: "No PIN is set for this desk. Set one with ctrl+l"}
	// ErrWrongPIN says that a PIN is not the one that was set.
	ErrWrongPIN error = &Error{words: "That is not the PIN of this desk. Try again"}
	// ErrShortPIN refuses a PIN before it is kept.
	ErrShortPIN error = &Error{words: "The PIN is too short. Use 4 characters or more"}
	// ErrPINPaused refuses every PIN for a while.
	ErrPINPaused error = &Error{words: "Too many wrong PINs. Wait before you try again"}
)

// Lock guards a desk of one profile: by the vault's passphrase where keys live
// in the vault, else by a PIN kept beside them. Its methods can take a second.
type Lock struct {
	store   *Store
	profile string
	now     func() time.Time

	mu    sync.Mutex
	wrong int
	until time.Time
	pause time.Duration
}

// NewLock is the lock of a profile.
func NewLock(s *Store, profile string) *Lock {
	return &Lock{store: s, profile: profile, now: time.Now}
}

// Passphrase reports that the vault's passphrase opens the desk, not a PIN.
func (l *Lock) Passphrase() bool { return l.store.place() == Vault }

// Ready reports that there is something to open the desk with.
func (l *Lock) Ready(ctx context.Context) bool {
	if l.Passphrase() {
		return true
	}
	b, err := l.store.Load(ctx, l.profile, pinItem)
	return err == nil && b["hash"] != ""
}

// SetPIN keeps a new PIN, as its Argon2id hash. ErrShortPIN or what Save says.
func (l *Lock) SetPIN(ctx context.Context, pin []byte) error {
	if utf8.RuneCount(pin) < pinShort {
		return ErrShortPIN
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return l.store.Save(ctx, l.profile, pinItem, Bundle{
		"salt": hex.EncodeToString(salt), "hash": hex.EncodeToString(hashPIN(pin, salt)),
	})
}

// Open is nil when the secret opens the desk. After five wrong ones it refuses
// all for 30 seconds, then for a minute, up to 15. ErrWrongPIN, ErrPINPaused,
// ErrNoPIN, what Unlock says, or another *Error.
func (l *Lock) Open(ctx context.Context, secret []byte) error {
	if l.Passphrase() {
		return l.store.Unlock(secret)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Before(l.until) {
		return ErrPINPaused
	}
	b, err := l.store.Load(ctx, l.profile, pinItem)
	switch {
	case errors.Is(err, ErrNotFound):
		return ErrNoPIN
	case err != nil:
		return err
	}
	salt, bad := hex.DecodeString(b["salt"])
	want, worse := hex.DecodeString(b["hash"])
	if bad != nil || worse != nil || len(want) != pinSize {
		return ErrUnreadable
	}
	if subtle.ConstantTimeCompare(hashPIN(secret, salt), want) == 1 {
		l.wrong, l.pause = 0, 0
		return nil
	}
	if l.wrong++; l.wrong >= pinTries {
		l.pause = min(pinMost, max(pinPause, 2*l.pause))
		l.wrong, l.until = 0, l.now().Add(l.pause)
	}
	return ErrWrongPIN
}

func hashPIN(pin, salt []byte) []byte {
	return argon2.IDKey(pin, salt, pinTime, pinMemory, 1, pinSize)
}

// Shut forgets what opens the vault. Keys read before that are their readers'.
func (s *Store) Shut() { s.vault.shut() }
