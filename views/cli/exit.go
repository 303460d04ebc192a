// Package cli is the console without a screen: what subcommands say and ask,
// and the exit codes scripts can rely on. It must not know the screen's
// packages.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/config"
	"frontdesk/state/files"
	"frontdesk/state/secrets"
	"frontdesk/state/store"
)

// Exit codes. They do not change between versions.
const (
	exitDone        = 0
	exitRefused     = 1
	exitUsage       = 2
	exitConfig      = 3
	exitNotSignedIn = 4
	exitUnreachable = 5
	exitMaybeLanded = 6
	exitInterrupted = 130
)

// usageError is a wrong call of the program.
type usageError struct{ cause error }

func (e *usageError) Error() string { return e.cause.Error() }
func (e *usageError) Unwrap() error { return e.cause }

// UserMessage is the sentence as it was written for the caller.
func (e *usageError) UserMessage() string { return strings.TrimSuffix(e.cause.Error(), ".") + "." }

// Flag marks an error about a flag as a wrong call, in words that fit its kind.
func Flag(c *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	var none *pflag.NotExistError
	switch {
	case errors.As(err, &none):
		return Usage(fmt.Errorf("%w; %s --help lists those there are", err, c.CommandPath()))
	case !errors.As(err, &bad):
		return Usage(err)
	}
	wants := "another value"
	switch kind := bad.GetFlag().Value.Type(); {
	case strings.HasPrefix(kind, "int"):
		wants = "a whole number"
	case kind == "bool":
		wants = "true or false"
	}
	return Usage(fmt.Errorf("--%s wants %s, not %q", bad.GetFlag().Name, wants, bad.GetValue()))
}

// Usage marks an error as a wrong call of the program: exit code 2.
func Usage(err error) error { return &usageError{err} }

// ErrNotSignedIn tells that a vendor's secret is not there.
var ErrNotSignedIn error = &notSignedIn{}

type notSignedIn struct{}

func (*notSignedIn) Error() string { return "no secret is stored for this vendor" }

// UserMessage says what to do about it.
func (*notSignedIn) UserMessage() string {
	return "No secret is stored for this vendor. Run frontdesk login first."
}

// ExitCode is what the program ends with: 0 done, 1 refused or failed, 2 wrong
// call, 3 configuration or a machine that is not fit, 4 not signed in, 5 vendor
// or ledger's server unreachable, 6 a write that may have landed, 130
// interrupted: the sentence tells whether something may have landed.
func ExitCode(err error) int {
	var usage *usageError
	var conf *config.Error
	var vendor *rest.Error
	var ill *unwell
	var absent *notUsed
	var noEMR *noEMR
	var open *doubt
	var kept *store.Error
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &open) && open.interrupted:
		return exitInterrupted
	case maybe(err), errors.As(err, &kept) && kept.Unclear:
		return exitMaybeLanded
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &conf), errors.As(err, &ill), errors.As(err, &absent), errors.As(err, &noEMR):
		return exitConfig
	case errors.Is(err, ErrNotSignedIn), shutOut(err), failing(err):
		return exitNotSignedIn
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case kept != nil && kept.Away:
		return exitUnreachable
	case kept != nil && !kept.Busy, errors.As(err, new(files.Flaw)):
		return exitConfig
	case errors.As(err, &vendor):
		return vendorCode(vendor)
	}
	return exitRefused
}

// shutOut reports a vault that does not give what it holds.
func shutOut(err error) bool {
	return slices.ContainsFunc([]error{secrets.ErrLocked, secrets.ErrWrongPassphrase, secrets.ErrPaused, secrets.ErrDamaged, secrets.ErrUnreadable},
		func(e error) bool { return errors.Is(err, e) })
}

func vendorCode(e *rest.Error) int {
	switch {
	case e.Kind == rest.KindAuth:
		return exitNotSignedIn
	case e.Kind == rest.KindTransport || e.Kind == rest.KindServer || e.Kind == rest.KindResting || e.Kind == rest.KindDecode:
		return exitUnreachable // an empty answer or a web page is no refusal
	case e.Kind == rest.KindConfig:
		return exitConfig
	}
	return exitRefused
}

// What is said to somebody at the screen: which key to press, what to look at.
var (
	screenKey = regexp.MustCompile(`[Pp]ress r to [a-z]`)
	reload    = regexp.MustCompile(` ?(Press r to reload|Reload the list( and choose again)?)\.`)
)

const marked = ": correct the marked ones."

// Sentence is an error for a person without a screen, who has nothing to
// reload, sees no field marked and knows that they interrupted it: "press r to
// read it again" is "read it again".
func Sentence(err error) string {
	if errors.Is(err, context.Canceled) && ExitCode(err) == exitInterrupted && !maybe(err) {
		return "Interrupted. Nothing was being sent."
	}
	words := rest.UserMessage(err)
	if what, ok := strings.CutSuffix(words, marked); ok {
		words = what + "." + complaints(rest.Complaints(err))
	}
	return keyless(words)
}

// keyless are words without the screen's keys.
func keyless(words string) string {
	return screenKey.ReplaceAllStringFunc(reload.ReplaceAllString(words, ""), func(s string) string {
		last := s[len(s)-1:]
		if s[0] == 'P' {
			return strings.ToUpper(last)
		}
		return last
	})
}

// complaints are what is wrong with each field, by its name.
func complaints(fields map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		b.WriteString("\n" + safe.Clean(name) + ": " + fields[name])
	}
	return b.String()
}

// release is the version .ci/dist gives what it builds.
var release string

// Version is the version and the commit it was built from, as far as the build
// knows them.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "frontdesk (unknown build)"
	}
	words := "frontdesk " + cmp.Or(release, info.Main.Version)
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			words += " " + s.Value
		}
	}
	return words + " " + info.GoVersion
}

// FirstSteps is the screen of a machine without a profile.
func FirstSteps(path string) string {
	return `frontdesk: the front office of a clinic, in one terminal.

No practice is set up on this account yet.

  To look around with made-up people, against a sandbox on this machine:

      frontdesk demo

  To connect your practice, write ` + path + `:

      default = "riverside"

      [profile.riverside]
      practice = "Riverside Family Clinic"
      environment = "live"
      zone = "America/New_York"

      [profile.riverside.naturaesoft]
      base = "https://api.naturaesoft.com"
      ppass = "RiversideOffice"

  then store the EMR's API key (it goes to the OS keyring, never to a file in
  the clear) and start:

      frontdesk login naturaesoft
      frontdesk
`
}
