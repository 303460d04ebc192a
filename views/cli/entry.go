package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"frontdesk/state/secrets"
)

// Entry is what a console needs of the place where secrets live.
type Entry struct {
	EMR  func(context.Context) (secrets.Bundle, error) // the EMR's secret, at each sign-in
	Keys Keys                                          // none: drafts stay in memory
	Why  string                                        // why there are no Keys though the place should have them; else ""
}

// Enter opens the place where secrets live, before the screen is there: it asks
// on the terminal for a vault's passphrase and for what is stored nowhere. A
// keyring that is of no use is named, and the person chooses the sealed vault or
// secrets for this session only.
func Enter(ctx context.Context, s *secrets.Store, profile string) (Entry, error) {
	d := door{ctx: ctx, s: s, profile: profile}
	if err := d.place(); err != nil {
		return Entry{}, err
	}
	get, err := d.secret("naturaesoft")
	if err != nil {
		return Entry{}, err
	}
	keys, err := DeskKeys(ctx, s, profile)
	if failing(err) && !d.chosen { // it answered a moment ago
		emr, had := get(ctx)
		if err := d.instead(s.Where().Why); err != nil {
			return Entry{}, err
		}
		if had == nil && s.Where().Kind == secrets.Session {
			_ = s.Save(ctx, profile, "naturaesoft", emr) // into memory: cannot fail
		}
		if get, err = d.secret("naturaesoft"); err != nil {
			return Entry{}, err
		}
		keys, err = DeskKeys(ctx, s, profile)
	}
	e := Entry{EMR: get, Keys: keys}
	if err != nil {
		e.Why = "The keys that seal what is typed cannot be had, so it is kept for this session only. " + Sentence(err)
	}
	return e, nil
}

// failing reports that the OS keyring is of no use just now.
func failing(err error) bool {
	var own *secrets.Error
	return errors.As(err, &own) && own.State != secrets.Ready
}

// door is one start of a console.
type door struct {
	ctx     context.Context
	s       *secrets.Store
	profile string
	chosen  bool // the person said where secrets shall live
	made    bool // and made a vault for them
}

// place makes the place in use ready.
func (d *door) place() error {
	w := d.s.Where()
	switch {
	case w.Kind == secrets.Session:
		return d.instead(w.Why)
	case w.Kind != secrets.Vault || !w.Locked:
		return nil
	}
	err := openPlace(d.ctx, d.s)
	if err == nil || errors.Is(err, secrets.ErrWrongPassphrase) || errors.Is(err, secrets.ErrPaused) || !ours(err) {
		return err
	}
	return d.instead(err.Error()) // a vault that no passphrase opens
}

// ours reports that err is about where secrets live.
func ours(err error) bool { var own *secrets.Error; return errors.As(err, &own) }

// choices is how often the question is put.
const choices = 3

// instead says why the usual place is of no use and asks for another.
func (d *door) instead(why string) (err error) {
	d.chosen = true
	fmt.Fprintln(os.Stderr, sentence(why))
	offer := "make a sealed vault: a file that keeps them under a passphrase of yours"
	if d.s.VaultExists() {
		offer = "open the sealed vault with its passphrase"
	}
	for range choices {
		fmt.Fprintf(os.Stderr, "Secrets can come from elsewhere. Type a letter and Enter:\n  v  %s\n  s  type them, for this session only\n", offer)
		var answer []byte
		if answer, err = hidden(d.ctx, "v or s: "); err != nil {
			return err
		}
		switch strings.ToLower(strings.TrimSpace(string(answer))) {
		case "v":
			if err = d.vault(); err == nil || d.ctx.Err() != nil {
				return err
			}
			fmt.Fprintln(os.Stderr, Sentence(err))
		case "s":
			d.s.UseSession()
			return nil
		default:
			err = Usage(errors.New("neither v nor s was typed, so nothing was opened"))
		}
	}
	return err
}

// vault opens the vault, or makes one.
func (d *door) vault() error {
	if d.s.VaultExists() {
		if err := d.s.UseVault(); err != nil {
			return err
		}
		return unlock(d.ctx, d.s)
	}
	err := makeVault(d.ctx, d.s)
	d.made = err == nil
	return err
}

// secret is how a client gets a vendor's secret. What is not stored anywhere is
// asked for: for this session, or for the vault that was just made.
func (d *door) secret(vendor string) (func(context.Context) (secrets.Bundle, error), error) {
	_, err := d.s.Load(d.ctx, d.profile, vendor)
	if failing(err) && !d.chosen {
		if err := d.instead(d.s.Where().Why); err != nil {
			return nil, err
		}
		_, err = d.s.Load(d.ctx, d.profile, vendor)
	}
	if !errors.Is(err, secrets.ErrNotFound) {
		return Stored(d.s, d.profile, vendor), err
	}
	fmt.Fprintln(os.Stderr, "No secret is stored for "+vendor+".")
	typed, err := fromTerminal(d.ctx, vendor)
	if err != nil {
		return nil, err
	}
	if d.made || d.s.Where().Kind == secrets.Session {
		return Stored(d.s, d.profile, vendor), d.s.Save(d.ctx, d.profile, vendor, typed)
	}
	return orElse(Stored(d.s, d.profile, vendor), typed), nil
}
