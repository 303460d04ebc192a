package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

// Ground is what the work without a screen stands on.
type Ground struct {
	Profile config.Profile
	// Credentials are what signs in at a vendor, by the vendor's name.
	Credentials func(ctx context.Context, vendor string) (secrets.Bundle, error)
	Keys        Keys          // of the outbox and the trail
	Head        *Head         // keeps the end of the trail; nil: nobody
	State       string        // folder of outbox and trail
	Ledger      string        // path of the ledger, or of what is booked aside while Server is away
	Server      *store.Server // the ledger of several machines; nil: the file
	Log         *slog.Logger  // nil: none
}

// Live is the ground of a profile of this account. A vault that is locked is
// opened with the passphrase, or asks for it on a terminal; ErrNotSignedIn
// where there is neither.
func Live(ctx context.Context, p config.Profile, passphrase []byte) (Ground, error) {
	places := config.Paths()
	vault := secrets.Open(ctx, secrets.Options{Dir: places.State})
	if w := vault.Where(); w.Kind == secrets.Vault && w.Locked && (passphrase != nil || !Completing(ctx) && ctx.Value(unasked{}) == nil) {
		if err := open(ctx, vault, passphrase); err != nil {
			return Ground{}, err
		}
	}
	keys, err := DeskKeys(ctx, vault, p.Name)
	if failing(err) && passphrase != nil && vault.VaultExists() {
		if err = vault.Unlock(passphrase); err == nil {
			keys, err = DeskKeys(ctx, vault, p.Name)
		}
	}
	if failing(err) || errors.Is(err, secrets.ErrWrongPassphrase) || ctx.Err() != nil {
		return Ground{}, err
	} // without keys the outbox holds what is sent in memory
	log, _, err := Logger(p.Log, places.Log) // closed by the end of the process
	if err != nil {
		fmt.Fprintln(os.Stderr, NoLog(places.Log))
	}
	return Ground{
		Server:  Ledger(vault, p),
		Profile: p, Keys: keys, Head: NewHead(ctx, vault, p.Name), Log: log,
		State: filepath.Join(places.State, p.Name), Ledger: places.Ledger(p),
		Credentials: func(ctx context.Context, vendor string) (secrets.Bundle, error) {
			return Stored(vault, p.Name, vendor)(ctx)
		},
	}, nil
}

// open unlocks a vault.
func open(ctx context.Context, vault *secrets.Store, passphrase []byte) error {
	if passphrase != nil {
		return vault.Unlock(passphrase)
	}
	if !onTerminal() {
		return errLocked
	}
	return openPlace(ctx, vault)
}

var errLocked error = &lockedError{notSignedIn{}}

// lockedError tells that nobody is there to open the vault.
type lockedError struct{ notSignedIn }

func (*lockedError) Error() string { return "the vault is locked" }
func (*lockedError) Unwrap() error { return ErrNotSignedIn }

// UserMessage says what to do about it.
func (*lockedError) UserMessage() string {
	return "The vault is locked and there is no terminal to ask for its passphrase on. Hand the passphrase over a file descriptor with --passphrase-fd."
}

// onTerminal reports that somebody sits there to be asked and told: words go to
// a terminal.
func onTerminal() bool { return term.IsTerminal(int(os.Stderr.Fd())) }

// run is one use of a subcommand.
type run struct {
	Ground
	flags
	ctx    context.Context
	desk   *Desk
	to     *Clients
	book   *booking.Book // see ledger
	enroll enrolment     // see enrolment
	shut   []func()

	in       io.Reader
	out, err io.Writer
	tty      bool // err is a terminal
	plain    bool // words are in ASCII
}

// flags are the ones commands share.
type flags struct {
	json, reveal, dry, yes bool
	confirm, from          string
}

// begin opens what every subcommand stands on.
func begin(ctx context.Context, g Ground, f flags) (*run, error) {
	d, err := OpenDesk(ctx, g.State, g.Keys, Choices{Head: g.Head, Undo: noWindows})
	if err != nil {
		return nil, err
	}
	r := &run{Ground: g, flags: f, ctx: ctx, desk: d, in: os.Stdin, out: os.Stdout, err: os.Stderr, tty: onTerminal(), plain: Plain(g.Profile.ASCII, os.Getenv)}
	r.shut = append(r.shut, d.Shut)
	r.to, err = Dial(Dialling{Profile: g.Profile, Credentials: g.Credentials, Log: g.Log, Trail: d})
	if err != nil {
		r.end()
		return nil, err
	}
	r.shut = append(r.shut, r.to.Close)
	return r, nil
}

// end lets go of everything, the last opened first.
func (r *run) end() {
	for i := len(r.shut) - 1; i >= 0; i-- {
		r.shut[i]()
	}
}

// database opens one of the profile's files until the run ends.
func (r *run) database(o store.Options) (*store.DB, error) {
	if o.Server == nil {
		if err := thereFor(r.ctx, o.Path); err != nil {
			return nil, err
		}
	}
	db, err := store.Open(r.ctx, o)
	if err != nil {
		return nil, err
	}
	r.shut = append(r.shut, func() { _ = db.Close() })
	return db, nil
}

// ledger is this desk's hand on the ledger.
func (r *run) ledger() (*booking.Book, error) {
	if r.book != nil {
		return r.book, nil
	}
	p := r.Profile
	db, err := r.database(store.Options{Path: r.Ledger, Group: p.LedgerGroup, Migrations: booking.Migrations})
	var aside *store.DB
	switch {
	case r.Server == nil && err != nil:
		db = store.Shut(err) // what does not need it goes on
	case r.Server != nil:
		aside = db // nil: nothing can be booked past the server
		if db, err = r.database(store.Options{Server: r.Server, Migrations: booking.Migrations}); err != nil {
			return nil, err
		}
	}
	trace := func(string, string) {}
	if r.desk != nil {
		trace = r.desk.Did
	}
	r.book = booking.Open(db, r.to.EMR, booking.Options{
		Practice: p.Practice, Zone: p.Zone, Actor: booking.Here(), HoldFor: p.Hold, Overdue: p.Overdue,
		RequestedTag: p.RequestedTag, Parallel: p.Naturaesoft.Parallel,
		Aside: aside, Trace: trace,
	})
	return r.book, nil
}

// need refuses what a vendor is for that the profile does not use.
func need[C any](c *C, vendor string) (*C, error) {
	if c == nil {
		return nil, &notUsed{vendor}
	}
	return c, nil
}

// noEMR tells that a profile does not name the practice at the EMR, which every
// profile has to.
type noEMR struct{ profile string }

func (*noEMR) Error() string { return "the profile has no ppass of the EMR" }

// UserMessage says what to write.
func (e *noEMR) UserMessage() string {
	return "Profile " + e.profile + " does not name the practice at the EMR: write ppass, the practice's name as it stands in the EMR's addresses, below [profile." + e.profile + ".naturaesoft]."
}

// notUsed tells that the profile does not name a vendor.
type notUsed struct{ vendor string }

func (e *notUsed) Error() string { return "the profile does not use " + e.vendor }

// UserMessage says what to write.
func (e *notUsed) UserMessage() string {
	return "This profile does not use " + e.vendor + ". Name its base address in the configuration: [profile.<name>." + e.vendor + "]."
}
