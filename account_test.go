package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

const vaultPassphrase = "made up passphrase for a test"

// account is one person of this machine with a profile for a practice.
type account struct {
	t    *testing.T
	exe  string // the program
	home string
	env  []string
}

// newAccount is an account whose profile names the EMR at base; more is added
// to the profile.
func newAccount(t *testing.T, base, more string) *account {
	t.Helper()
	cmd := program(t)
	a := &account{t: t, exe: cmd.Path, home: cmd.Env[3][len("HOME="):], env: cmd.Env}
	require.DirExists(t, a.home)
	dir := filepath.Join(a.home, "config", "frontdesk")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config.toml"), fmt.Appendf(nil, `
default = "riverside"
[profile.riverside]
practice = "Riverside Family Clinic"
environment = "sandbox"
zone = "America/New_York"
%s
[profile.riverside.naturaesoft]
base = %q
ppass = %q
`, more, base, sandbox.PracticeID), 0o600))
	return a
}

// state is the folder of what outlives the account's sessions.
func (a *account) state() string { return filepath.Join(a.home, "state", "frontdesk") }

// command is the program as this account starts it.
func (a *account) command(args ...string) *exec.Cmd {
	a.t.Helper()
	cmd := program(a.t, args...)
	cmd.Path, cmd.Args[0], cmd.Env = a.exe, a.exe, a.env
	return cmd
}

// makeVault stores the EMR's key in a new vault, by the program itself.
func (a *account) makeVault() *uitest.Term {
	a.t.Helper()
	return a.signIn("naturaesoft", [2]string{"API key", sandbox.FakeEMRKey})
}

// signIn stores a vendor's secrets, each behind the words that ask for it, in
// the vault, which the first vendor makes.
func (a *account) signIn(vendor string, secrets ...[2]string) *uitest.Term {
	a.t.Helper()
	term := uitest.Start(a.t, 80, 24, a.command("login", vendor))
	for _, asked := range secrets {
		term.See(asked[0])
		term.Type(asked[1] + "<enter>")
	}
	const first = "New passphrase"
	screen := term.Until("for the vault's passphrase", func(s string) bool {
		return strings.Contains(s, first) || strings.Contains(s, "Passphrase of the vault")
	})
	if strings.Contains(screen, first) { // one that does not do loses nothing that was typed before
		term.Type("short<enter>")
		term.See("too short")
		term.See(first)
	}
	term.Type(vaultPassphrase + "<enter>")
	if strings.Contains(screen, first) {
		term.See("Once more")
		term.Type(vaultPassphrase + "<enter>")
	}
	term.See("Stored for the profile riverside")
	require.Equal(a.t, 0, term.Wait())
	return term
}

// atSandbox is an account at a sandbox of its own. Its profile uses the EMR and
// these vendors; more is added to it.
func atSandbox(t *testing.T, o sandbox.Options, more string, vendors ...string) (*sandbox.Server, *account) {
	t.Helper()
	s, err := sandbox.Start(o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	root := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	for _, vendor := range vendors {
		more += fmt.Sprintf("\n[profile.riverside.%s]\nbase = %q", vendor, sandbox.Base(root, vendor))
	}
	return s, newAccount(t, s.URL("naturaesoft"), more)
}

// practiceHome is an account with a profile on a sandbox and its key in a
// vault.
func practiceHome(t *testing.T) (command func(args ...string) *exec.Cmd) {
	t.Helper()
	_, a := atSandbox(t, sandbox.Options{}, "")
	a.giveVault(used)
	return a.command
}

// openConsole starts the console of that account and opens its vault.
func openConsole(t *testing.T, cmd *exec.Cmd) *uitest.Term {
	t.Helper()
	term := openConsoleAt(t, 80, 24, cmd)
	term.See("Riverside Family Clinic")
	return term
}

// openConsoleAt is openConsole at a size.
func openConsoleAt(t *testing.T, width, height int, cmd *exec.Cmd) *uitest.Term {
	t.Helper()
	term := uitest.Start(t, width, height, cmd)
	term.See("Passphrase of the vault")
	term.Type(vaultPassphrase + "<enter>")
	term.See("openings", "sealed vault")
	return term
}

// goTab presses the number a tab has on the screen's second line. Where that is
// narrow a tab keeps its first two letters.
func goTab(term *uitest.Term, name string) {
	at := regexp.MustCompile(`^.*\n.*(\d) ` + name[:2])
	screen := term.Until("a tab called "+name, at.MatchString)
	term.Type(at.FindStringSubmatch(screen)[1])
}
