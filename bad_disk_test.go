package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
	"frontdesk/views/cli"
)

// wholeAccount is an account whose profile uses every vendor, with its state on
// a disk of its own and all secrets in a vault there.
func wholeAccount(t *testing.T) (a *account, s *sandbox.Server, disk string) {
	t.Helper()
	s, a = atSandbox(t, sandbox.Options{Prospects: 40, Providers: 4, Tickets: 8, Patients: 10}, "log = true", cli.Vendors()[1:]...)
	disk = filepath.Join(a.home, "state")
	smallDisk(t, disk)
	a.giveVault(stored)
	return a, s, disk
}

func remount(t *testing.T, disk, how string) {
	t.Helper()
	out, err := exec.Command("mount", "-o", "remount,"+how, disk).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// stopped are words of a write that was not sent.
const stopped = "nothing is sent. Free disk space or correct the folder"

// TestStartOnABadDisk starts the console on a disk that takes nothing: it opens,
// says so in the header, shows every tab, holds nothing, keeps what is typed,
// sends nothing, and ends with 0. Once the disk is well again so is the console.
func TestStartOnABadDisk(t *testing.T) {
	t.Parallel()
	a, s, disk := wholeAccount(t)
	spoilt := func(how string) {
		t.Helper()
		words := "disk " + how + ": nothing is kept"
		term := a.open(words, "ledger shut", "not known")
		seen(term, "Put it right and start again.")
		term.Type("<enter>")
		seen(term, "its disk or folder is "+how)
		term.Type("b")
		seen(term, "Book visits open ✗ The database file")
		tabsStand(term)
		nothingGoesOut(t, term, s)
		term.See(words)
		term.Type("<ctrl+c>")
		require.Equal(t, 0, term.Wait())
	}
	remount(t, disk, "ro") // before anything was ever kept there
	spoilt("read-only")
	inScripts(t, a)
	remount(t, disk, "rw")
	free := fill(t, disk)
	spoilt("full")
	free()

	well := a.open()
	goTab(well, "Tickets")
	well.See("as of")
	require.NotContains(t, well.Screen(), "nothing is kept")
	well.Type("<ctrl+c>")
	require.Equal(t, 0, well.Wait())
	remount(t, disk, "ro") // with all files there
	spoilt("read-only")
	remount(t, disk, "rw")
	out, err := a.command("audit", "verify").CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// open starts the console of the account and opens its vault.
func (a *account) open(words ...string) *uitest.Term {
	a.t.Helper()
	term := uitest.Start(a.t, 80, 24, a.command())
	term.See("Passphrase of the vault")
	term.Type(vaultPassphrase + "<enter>")
	term.See(append(words, "openings")...)
	return term
}

// inScripts reads and writes without the screen.
func inScripts(t *testing.T, a *account) {
	t.Helper()
	run := func(args ...string) (string, int) {
		cmd := a.command(append([]string{"--passphrase-fd", "3"}, args...)...)
		r, w, err := os.Pipe()
		require.NoError(t, err)
		_, err = w.WriteString(vaultPassphrase + "\n")
		require.NoError(t, err)
		require.NoError(t, w.Close())
		cmd.ExtraFiles = []*os.File{r}
		out, _ := cmd.CombinedOutput()
		_ = r.Close()
		return string(out), cmd.ProcessState.ExitCode()
	}
	out, code := run("slots", "next", "--json")
	require.Zero(t, code, "%s", out)
	require.Contains(t, out, "Jane Smith")
	out, code = run("prospects", "create", "--yes", "--set", "FirstName=Nobodyat", "--set", "LastName=Alltestperson")
	require.Equal(t, 1, code, "%s", out)
	require.Contains(t, out, stopped)
}

// tabsStand looks at every tab but the first.
func tabsStand(term *uitest.Term) {
	for _, tab := range []struct{ name, words string }{
		{"Prospects", "Edith C. Hollowbrook"}, {"Tickets", "as of"}, {"Billing", "page 1"},
		{"Enrollment", "fake-group-bakery"}, {"Library", "Answering the phone"}, {"Connections", "Angle Health"},
	} {
		goTab(term, tab.name)
		term.See(tab.words)
	}
	goTab(term, "Billing")
	term.Type("B")
	seen(term, "/onboard-")
	seen(term, "Put that right and start again.")
	goTab(term, "Enrollment")
	term.Type("a")
	term.See("id")
	term.Type("fake-group-bakery<enter>")
	term.See("Ada Sample")
}

// nobodyIsAdded tries to add a person, who stays in the form.
func nobodyIsAdded(term *uitest.Term) {
	goTab(term, "Prospects")
	term.Type("n")
	term.See("First name")
	term.Type("Nobodyat<tab>Alltestperson<ctrl+s>")
	seen(term, stopped)
	term.See("Nobodyat", "Alltestperson")
	term.Type("<esc>")
	term.See("Discard")
	term.Type("y")
}

// nothingGoesOut tries to add a person and to comment a ticket.
func nothingGoesOut(t *testing.T, term *uitest.Term, s *sandbox.Server) {
	t.Helper()
	nobodyIsAdded(term)
	goTab(term, "Tickets")
	term.Type("c")
	term.See("omment")
	term.Type("obviously made-up words<ctrl+s>")
	seen(term, stopped)
	term.See("obviously made-up words")
	term.Type("<esc>")
	term.Gone("obviously made-up words")
	term.Type("c") // what was typed is kept in memory
	term.See("obviously made-up words")
	term.Type("<esc>")
	term.Gone("obviously made-up words")
	require.Zero(t, writes(s), "nothing reached the EMR")
}

// TestStartWithNoPlaceForSecrets starts on a read-only disk without a keyring
// and without a vault: none can be made, so the secret is typed for this session.
func TestStartWithNoPlaceForSecrets(t *testing.T) {
	t.Parallel()
	_, a := atSandbox(t, sandbox.Options{}, "")
	disk := filepath.Join(a.home, "state")
	smallDisk(t, disk)
	remount(t, disk, "ro")
	term := uitest.Start(t, 80, 24, a.command())
	term.See("make a sealed vault", "v or s:")
	term.Type("v<enter>" + vaultPassphrase + "<enter>" + vaultPassphrase + "<enter>")
	seen(term, "read-only file system")
	term.Type("s<enter>")
	term.See("API key of naturaesoft")
	term.Type(sandbox.FakeEMRKey + "<enter>")
	term.See("openings", "disk read-only: nothing is kept")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// TestSecretsOfThisSession: drafts stay in memory and the header says so; the
// trail is written, so writes go on.
func TestSecretsOfThisSession(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "")
	start := func() *uitest.Term {
		term := uitest.Start(t, 80, 24, a.command())
		term.See("v or s:")
		term.Type("s<enter>")
		term.See("API key of naturaesoft")
		term.Type(sandbox.FakeEMRKey + "<enter>")
		term.See("openings", "drafts: this session only")
		return term
	}
	term := start()
	goTab(term, "Prospects")
	term.Type("n")
	term.See("First name")
	term.Type("Onceonly<tab>Testperson<ctrl+s>")
	term.See("Onceonly Testperson")
	require.Equal(t, 1, writes(s))
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	out, err := a.command("audit", "show").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "create prospect")
}

// TestStartOnDamagedFiles: a file that is none of ours, or broken, is left as it
// is and takes only what needs it.
func TestStartOnDamagedFiles(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "")
	a.giveVault(stored)
	garbage := []byte(strings.Repeat("this was a database once ", 400))
	ledger, desk := filepath.Join(a.state(), "ledger", "riverside.db"), filepath.Join(a.state(), "riverside", "desk.db")
	for _, path := range []string{ledger, desk} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	}
	require.NoError(t, os.WriteFile(ledger, garbage, 0o600))
	term := a.open("ledger shut", "not known")
	term.Type("<enter>")
	seen(term, "is damaged or not a database. It was left as it is")
	goTab(term, "Prospects")
	term.Type("n")
	term.See("First name")
	term.Type("Without<tab>Ledgertest<ctrl+s>")
	term.See("Without Ledgertest")
	require.Equal(t, 1, writes(s), "what needs no ledger goes on")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())

	for _, end := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(desk + end)
	}
	require.NoError(t, os.WriteFile(desk, garbage, 0o600))
	term = a.open("desk file unusable: nothing is kept")
	goTab(term, "Prospects")
	term.Type("n")
	term.See("First name")
	term.Type("Without<tab>Desktest<ctrl+s>")
	seen(term, stopped)
	require.Equal(t, 1, writes(s))
	term.Type("<esc>")
	term.See("Discard")
	term.Type("y<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	for _, path := range []string{ledger, desk} {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, garbage, data, path)
	}
}

// closeFolder lets nobody make or remove a file in a folder, this account
// included; what is there can be read and written. The function it returns
// opens it again.
func closeFolder(t *testing.T, dir string) (open func()) {
	t.Helper()
	run := func(how ...string) error { return exec.Command(how[0], append(how[1:], dir)...).Run() }
	shut, wide := []string{"chmod", "500"}, []string{"chmod", "700"}
	if os.Getuid() == 0 { // whom modes do not stop
		shut, wide = []string{"chattr", "+i"}, []string{"chattr", "-i"}
	}
	if err := run(shut...); err != nil {
		t.Skipf("skipped: no folder can be closed to this account here: %v", err)
	}
	open = func() { require.NoError(t, run(wide...)) }
	t.Cleanup(func() { _ = run(wide...) }) // before the folder is removed
	return open
}

// TestStartWithAClosedFolder starts in a state folder that takes no new file,
// before anything was kept there: as on a read-only disk, but for the word.
func TestStartWithAClosedFolder(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "")
	a.giveVault(stored)
	open := closeFolder(t, a.state())
	term := a.open("disk closed: nothing is kept", "ledger shut", "not known")
	seen(term, "Put it right and start again.")
	term.Type("<enter>")
	seen(term, "its disk or folder is closed")
	nobodyIsAdded(term)
	require.Zero(t, writes(s), "nothing reached the EMR")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	entries, err := os.ReadDir(a.state())
	require.NoError(t, err)
	for _, e := range entries {
		require.Contains(t, []string{"vault.age", "vault.lock"}, e.Name())
	}

	open()
	well := a.open()
	require.NotContains(t, well.Screen(), "nothing is kept")
	goTab(well, "Prospects")
	well.Type("n")
	well.See("First name")
	well.Type("Somebody<tab>Againtestperson<ctrl+s>")
	well.See("Somebody Againtestperson")
	require.Equal(t, 1, writes(s))
	well.Type("<ctrl+c>")
	require.Equal(t, 0, well.Wait())
}

// TestStartWithNoPlaceForTheLog: a log that cannot be made is said at the start
// and takes nothing else; a person is added.
func TestStartWithNoPlaceForTheLog(t *testing.T) {
	t.Parallel()
	s, a := atSandbox(t, sandbox.Options{}, "log = true")
	a.giveVault(stored)
	path := filepath.Join(a.state(), "frontdesk.log")
	adds := func(first string) *uitest.Term {
		term := a.open()
		goTab(term, "Prospects")
		term.Type("n")
		term.See("First name")
		term.Type(first + "<tab>Logtestperson<ctrl+s>")
		term.See(first + " Logtestperson")
		require.NotContains(t, term.Screen(), "nothing is kept")
		return term
	}
	first := adds("Firstly") // makes every folder
	first.Type("<ctrl+c>")
	require.Equal(t, 0, first.Wait())
	require.FileExists(t, path)
	require.NoError(t, os.Remove(path))

	open := closeFolder(t, a.state())
	term := a.open()
	seen(term, "cannot be written, so there is none. Put its folder right and start again.")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	term = adds("Secondly")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	require.NoFileExists(t, path)
	require.Equal(t, 2, writes(s))
	open()

	require.NoError(t, os.Mkdir(path, 0o700)) // a folder of that name
	term = a.open()
	seen(term, "cannot be written, so there is none.")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// TestStartWithAFileForAFolder: what should be the folder of all state is a
// file, which is left as it is.
func TestStartWithAFileForAFolder(t *testing.T) {
	t.Parallel()
	_, a := atSandbox(t, sandbox.Options{}, "log = true")
	path := filepath.Join(a.home, "state")
	require.NoError(t, os.WriteFile(path, []byte("a file"), 0o600))
	term := uitest.Start(t, 80, 24, a.command())
	term.See("v or s:")
	term.Type("v<enter>" + vaultPassphrase + "<enter>" + vaultPassphrase + "<enter>")
	seen(term, "The vault's folder cannot be made")
	term.Type("s<enter>")
	term.See("API key of naturaesoft")
	term.Type(sandbox.FakeEMRKey + "<enter>")
	term.See("openings", "blocked by a file: nothing is kept", "ledger shut", "not known")
	term.Type("<enter>")
	seen(term, "its disk or folder is blocked by a file")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "a file", string(data))
}
