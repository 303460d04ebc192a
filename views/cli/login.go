package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"frontdesk/state/config"
	"frontdesk/state/secrets"
)

// Field is one long-lived secret of a vendor: the name it is stored under, as
// the vendor's document calls it, and what a person calls it.
type Field struct{ Name, Words string }

// vendors lists what each vendor needs to sign in.
var vendors = map[string][]Field{
	"naturaesoft":        {{"apiKey", "API key"}},
	"connect4healthcare": {{"api_key", "API key"}, {"api_secret", "API secret"}},
	"inboxhealth":        {{"api_key", "API key"}},
	"updox":              {{"applicationId", "application id"}, {"applicationPassword", "application password"}},
	"anglehealth":        {{"client_id", "client id"}, {"client_secret", "client secret"}},
	"ledger":             {{"password", "password"}}, // of a ledger on a server; no vendor
}

// Fields are the secrets a vendor wants, in the order they are asked for.
func Fields(vendor string) []Field { return slices.Clone(vendors[vendor]) }

// Vendors are the names that login and logout take.
func Vendors() []string {
	return []string{"naturaesoft", "connect4healthcare", "inboxhealth", "updox", "anglehealth"}
}

// known refuses a vendor that is not one of ours.
func known(vendor string) error {
	if _, ok := vendors[vendor]; !ok {
		return Usage(fmt.Errorf("there is no vendor called %q: use one of %s, or ledger", vendor, strings.Join(Vendors(), ", ")))
	}
	return nil
}

// Login stores a vendor's secrets. With from "-" they come as one JSON object
// on the standard input; else the terminal asks and shows nothing of what is
// typed.
func Login(ctx context.Context, s *secrets.Store, p config.Profile, vendor, from string) error {
	if err := known(vendor); err != nil {
		return err
	}
	var bundle secrets.Bundle
	var err error
	switch from {
	case "-":
		bundle, err = fromJSON(os.Stdin, vendor)
	case "":
		bundle, err = fromTerminal(ctx, vendor)
	default:
		err = Usage(errors.New("secrets are not read from files: use -F - and a pipe"))
	}
	if err != nil {
		return err
	}
	if err := openPlace(ctx, s); err != nil {
		return err
	}
	err = s.Save(ctx, p.Name, vendor, bundle)
	if failing(err) && onTerminal() { // it looked ready: the vault is offered after all
		if err = openPlace(ctx, s); err == nil {
			err = s.Save(ctx, p.Name, vendor, bundle)
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Stored for the profile %s. %s\n", p.Name, sentence(s.Where().Sentence))
	return nil
}

// Logout forgets a vendor's secrets. Where none are stored there is nothing to
// do; a keyring that cannot be asked may hold some, and is an error.
func Logout(ctx context.Context, s *secrets.Store, p config.Profile, vendor string) error {
	if err := known(vendor); err != nil {
		return err
	}
	w := s.Where()
	if w.Kind == secrets.Session {
		switch s.State() {
		case secrets.Locked, secrets.Hung, secrets.Failed, secrets.BusUnreachable:
			return &unaskedError{why: sentence(w.Why)}
		}
		// Only what this login can reach is spoken of.
		fmt.Fprintf(os.Stderr, "%s %s\n", nothingOf(vendor, p.Name), sentence(w.Why))
		return nil
	}
	if err := openPlace(ctx, s); err != nil {
		return err
	}
	err := s.Forget(ctx, p.Name, vendor)
	if errors.Is(err, secrets.ErrNotFound) {
		fmt.Fprintln(os.Stderr, nothingOf(vendor, p.Name))
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Forgotten: the secret of %s for the profile %s.\n", vendor, p.Name)
	return nil
}

func nothingOf(vendor, profile string) string {
	return fmt.Sprintf("Nothing was stored of %s for the profile %s, so there is nothing to forget.", vendor, profile)
}

// unaskedError tells that the keyring may hold a secret and cannot be asked.
type unaskedError struct{ why string }

func (*unaskedError) Error() string { return "the keyring cannot be asked" }
func (*unaskedError) Unwrap() error { return ErrNotSignedIn }

// UserMessage says why, and what to do about it.
func (e *unaskedError) UserMessage() string { return "Nothing was forgotten. " + e.why }

// orElse is what is stored, and what was typed at the start until something
// is: a secret that was stored and then forgotten leaves none.
func orElse(get func(context.Context) (secrets.Bundle, error), typed secrets.Bundle) func(context.Context) (secrets.Bundle, error) {
	var seen atomic.Bool
	return func(ctx context.Context) (secrets.Bundle, error) {
		b, err := get(ctx)
		if errors.Is(err, ErrNotSignedIn) && !seen.Load() {
			return typed, nil
		}
		seen.Store(err == nil || seen.Load())
		return b, err
	}
}

// Stored is how a client gets a vendor's secrets from where they live, at each
// sign-in. ErrNotSignedIn when there are none; nothing is asked.
func Stored(s *secrets.Store, profile, vendor string) func(context.Context) (secrets.Bundle, error) {
	return func(ctx context.Context) (secrets.Bundle, error) {
		b, err := s.Load(ctx, profile, vendor)
		if errors.Is(err, secrets.ErrNotFound) {
			return nil, ErrNotSignedIn
		}
		return b, err
	}
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// fromJSON reads one object that holds exactly the vendor's secrets.
func fromJSON(r io.Reader, vendor string) (secrets.Bundle, error) {
	var given map[string]string
	d := json.NewDecoder(io.LimitReader(r, 64<<10))
	if err := d.Decode(&given); err != nil {
		return nil, Usage(errors.New("the standard input is not one JSON object with texts, such as " + example(vendor)))
	}
	if err := alone(d); err != nil {
		return nil, err
	}
	bundle := secrets.Bundle{}
	for _, f := range vendors[vendor] {
		bundle[f.Name] = strings.TrimSpace(given[f.Name])
		if bundle[f.Name] == "" {
			return nil, Usage(fmt.Errorf("the JSON object has no %q: the %s of %s", f.Name, f.Words, vendor))
		}
	}
	return bundle, nil
}

// example is the JSON object that Login reads for a vendor.
func example(vendor string) string {
	var parts []string
	for _, f := range vendors[vendor] {
		parts = append(parts, `"`+f.Name+`":"..."`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func fromTerminal(ctx context.Context, vendor string) (secrets.Bundle, error) {
	bundle := secrets.Bundle{}
	for _, f := range vendors[vendor] {
		value, err := hidden(ctx, strings.ToUpper(f.Words[:1])+f.Words[1:]+" of "+vendor+": ")
		if errors.Is(err, errNoTerminal) {
			return nil, Usage(errors.New(errNoTerminal.Error() + ", or bring it with -F -, as " + example(vendor)))
		}
		if err != nil {
			return nil, err
		}
		if len(value) == 0 {
			return nil, Usage(fmt.Errorf("nothing was typed for the %s of %s", f.Words, vendor))
		}
		bundle[f.Name] = string(value)
	}
	return bundle, nil
}

// openPlace makes the place in use ready: it asks for the vault's passphrase,
// or for one to make a vault with when there is no keyring.
func openPlace(ctx context.Context, s *secrets.Store) error {
	w := s.Where()
	switch {
	case w.Kind == secrets.Keyring && !w.Locked:
		return nil
	case w.Kind == secrets.Vault && !w.Locked:
		return nil
	case w.Kind == secrets.Vault || s.VaultExists():
		if err := s.UseVault(); err != nil {
			return err
		}
		return unlock(ctx, s)
	}
	fmt.Fprintf(os.Stderr, "%s\nThe secret can be kept in a file sealed with a passphrase instead.\n", sentence(w.Why))
	return makeVault(ctx, s)
}

// makeVault asks for the passphrase of a new vault, up to three times: what was
// typed before is not to be lost by one that does not do.
func makeVault(ctx context.Context, s *secrets.Store) error {
	for try := 1; ; try++ {
		pass, err := newPassphrase(ctx)
		if err == nil {
			err = s.CreateVault(pass)
		}
		if !errors.Is(err, secrets.ErrShort) && !errors.Is(err, errDiffer) || try == 3 {
			return err
		}
		fmt.Fprintln(os.Stderr, sentence(Sentence(err)))
	}
}

var errDiffer = Usage(errors.New("the two passphrases differ: nothing was stored"))

// newPassphrase is one that was typed twice alike and is long enough.
func newPassphrase(ctx context.Context) ([]byte, error) {
	pass, err := hidden(ctx, "New passphrase, 12 characters or more: ")
	if err != nil {
		return nil, err
	}
	if err := secrets.Long(pass); err != nil {
		return nil, err
	}
	again, err := hidden(ctx, "Once more: ")
	if err == nil && string(pass) != string(again) {
		err = errDiffer
	}
	return pass, err
}

// unlock asks up to three times.
func unlock(ctx context.Context, s *secrets.Store) error {
	for try := 1; ; try++ {
		pass, err := hidden(ctx, "Passphrase of the vault: ")
		if err != nil {
			return err
		}
		err = s.Unlock(pass)
		if !errors.Is(err, secrets.ErrWrongPassphrase) || try == 3 {
			return err
		}
		fmt.Fprintln(os.Stderr, Sentence(err))
	}
}

var errNoTerminal = errors.New("there is no terminal to ask on: run this in a terminal")

// hidden asks on the terminal itself, also when the standard input is a pipe,
// and shows nothing of what is typed. Who asks the program to end, by ctrl+c
// for instance, need not answer.
func hidden(ctx context.Context, question string) ([]byte, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, Usage(errNoTerminal)
	}
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { _ = tty.Close() }()
		_, _ = io.WriteString(tty, question)
		text, err := term.ReadPassword(int(tty.Fd()))
		_, _ = io.WriteString(tty, "\n")
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done(): // the read stays behind: nothing ends it but the program's end
		fmt.Fprintln(os.Stderr)
		return nil, ctx.Err()
	}
}
