package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// binary builds the program once for all tests of this package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "frontdesk-test-")
	if err != nil {
		return "", err
	}
	return build(filepath.Join(dir, "frontdesk"))
})

func build(path string, flags ...string) (string, error) {
	out, err := exec.Command("go", append(append([]string{"build"}, flags...), "-o", path, ".")...).CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return path, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is the built binary in a home of its own.
func program(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	require.NoError(t, err)
	home := t.TempDir()
	cmd := exec.Command(path, args...)
	cmd.Env = []string{
		"TERM=xterm-256color", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"), "HOME=" + home,
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state", "TMPDIR=" + home,
	}
	return cmd
}

// TestTheWholeBookingInARealTerminal types what a receptionist types, from the
// first screen to CONFIRMED.
func TestTheWholeBookingInARealTerminal(t *testing.T) {
	t.Parallel()
	term := uitest.Start(t, 80, 24, program(t, "demo"))
	term.See("SANDBOX", "openings", "next for everybody")
	term.Type("<enter>")
	term.See("HELD", "nobody yet")
	term.Type("a")
	term.See("Add a person")
	term.Type("Zoë<tab>Testperson<tab>555-555-0123<tab>zoe@example.com<ctrl+s>")
	term.See("Zoë Testperson")
	term.Type("s")
	term.See("Read back", "Is that right?")
	term.Type("<enter>")
	term.See("the caller agreed")
	term.Type("y")
	term.See("REQUESTED")
	term.See("SEEN")
	term.Type("C")
	term.See("Confirm the visit?", "Zoë Testperson")
	term.Type("y")
	term.See("CONFIRMED")
	term.Type("<esc>b")
	term.See("Book", "CONFIRMED", "Zoë Testperson")
	require.Equal(t, "frontdesk", term.Title())
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// TestAKilledDemoLeavesNothingForEver kills one demo, beside one that lives,
// and starts another.
func TestAKilledDemoLeavesNothingForEver(t *testing.T) {
	t.Parallel()
	first, home := program(t), ""
	for _, set := range first.Env {
		if dir, ok := strings.CutPrefix(set, "TMPDIR="); ok {
			home = dir
		}
	}
	folders := func() []string {
		all, err := filepath.Glob(filepath.Join(home, "frontdesk-demo-*"))
		require.NoError(t, err)
		return all
	}
	start := func() *uitest.Term {
		cmd := program(t, "demo")
		cmd.Env = first.Env
		return uitest.Start(t, 80, 24, cmd)
	}
	killed := start()
	killed.See("openings")
	dead := folders()
	require.Len(t, dead, 1)
	lives := start()
	lives.See("openings")
	killChild(killed)
	killed.Wait()
	require.Len(t, folders(), 2)
	next := start()
	next.See("openings")
	require.Len(t, folders(), 2)
	require.NotContains(t, folders(), dead[0])
	for _, term := range []*uitest.Term{lives, next} {
		term.Type("<ctrl+c>")
		require.Equal(t, 0, term.Wait())
	}
	require.Empty(t, folders())
}

// TestTypedAhead sends everything at once: what a fast typist or a stalled line
// delivers must end where slow typing does.
func TestTypedAhead(t *testing.T) {
	t.Parallel()
	term := uitest.Start(t, 80, 24, program(t, "demo"))
	term.See("openings")
	term.Type("<enter>aZoë<tab>Testperson<tab>5555550123<tab>zoe@example.com<ctrl+s>s<enter>y")
	term.See("REQUESTED", "Zoë Testperson")
}

func TestTwoDesksOfOnePractice(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{Demo: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	join := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft")
	first := program(t, "demo", "--join", join)
	second := program(t, "demo", "--join", join)
	second.Env = first.Env
	one, two := uitest.Start(t, 80, 24, first), uitest.Start(t, 80, 24, second)
	one.See("openings")
	two.See("openings")
	one.Type("<enter>")
	one.See("HELD", "nobody yet")
	two.Type("<enter>")
	two.Until("to be refused the same slot", func(s string) bool { return strings.Contains(s, "✗") })
}

func TestWithoutATerminalOrWithADumbOne(t *testing.T) {
	t.Parallel()
	out, err := program(t, "demo").CombinedOutput()
	require.Equal(t, 2, err.(*exec.ExitError).ExitCode(), string(out))
	require.Contains(t, string(out), "needs a terminal")
	dumb := program(t, "demo")
	dumb.Env = append(dumb.Env, "TERM=dumb")
	term := uitest.Start(t, 80, 24, dumb)
	require.Equal(t, 2, term.Wait())
	require.NotContains(t, string(term.Raw()), "\x1b[?1049h", "nothing is drawn on a terminal that cannot draw")
}

func TestFrontDoor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"", 0, "frontdesk demo"},
		{"version", 0, "frontdesk"},
		{"--nonsense", 2, "nonsense"},
		{"login naturaesoft", 3, "No profile"},
		{"login nobody --profile x", 3, "profile"},
		{"demo --theme purple", 2, "auto, light, dark or contrast"},
	} {
		out, err := program(t, strings.Fields(c.args)...).CombinedOutput()
		code := 0
		if exit, ok := err.(*exec.ExitError); ok {
			code = exit.ExitCode()
		}
		require.Equal(t, c.code, code, "%s: %s", c.args, out)
		require.Contains(t, string(out), c.want, c.args)
	}
}

// TestSignalsEndTheProgram asks the running console to end, again and again:
// two handlers of one signal once waited for each other.
func TestSignalsEndTheProgram(t *testing.T) {
	t.Parallel()
	for round := range 12 {
		term := uitest.Start(t, 80, 24, program(t, "demo"))
		term.See("SANDBOX")
		signal := []int{15, 1, 2}[round%3]
		term.Signal(signal)
		require.Equal(t, 128+signal, term.Wait(), "round %d", round)
		require.True(t, strings.Contains(string(term.Raw()), "\x1b[?1049l"), "the screen is given back")
	}
}

// TestNothingRacesInTheRealProgram opens every tab of a console built with the
// race detector, which watches what only main puts together, and ends it with
// code 66 at the first race.
func TestNothingRacesInTheRealProgram(t *testing.T) {
	t.Parallel()
	path, err := build(filepath.Join(t.TempDir(), "frontdesk"), // as the Makefile does, so that nothing is compiled twice
		"-race", "-gcflags=modernc.org/sqlite/lib=-race=false", "-gcflags=modernc.org/libc/...=-race=false")
	require.NoError(t, err)
	for range 3 {
		cmd := program(t, "demo")
		cmd.Path, cmd.Args[0] = path, path
		cmd.Env = append(cmd.Env, "GORACE=halt_on_error=1 atexit_sleep_ms=20")
		term := uitest.Start(t, 80, 24, cmd)
		term.See("openings", "next for everybody")
		for _, tab := range []struct{ key, shows string }{
			{"2", "new person"}, {"3", "next one"}, {"4", "Onboarding"}, {"5", "known group"}, {"6", "Knowledge base"}, {"7", "Inbox Health"}, {"1", "next for everybody"},
		} {
			term.Type(tab.key)
			term.See(tab.shows)
		}
		term.Type("<ctrl+c>")
		require.Equal(t, 0, term.Wait())
	}
}

// TestQuestionsCanBeLeft ends the program while it asks for a passphrase: the
// terminal shows again what is typed.
func TestQuestionsCanBeLeft(t *testing.T) {
	command := practiceHome(t)
	for name, leave := range map[string]func(term *uitest.Term, guardian int) error{
		"ctrl+c":  func(term *uitest.Term, _ int) error { term.Type("<ctrl+c>"); return nil },
		"SIGTERM": func(_ *uitest.Term, guardian int) error { return syscall.Kill(guardian, syscall.SIGTERM) },
		"SIGHUP":  func(_ *uitest.Term, guardian int) error { return syscall.Kill(guardian, syscall.SIGHUP) },
		"SIGKILL": func(_ *uitest.Term, guardian int) error {
			child, err := childOf(guardian)
			if err == nil {
				err = syscall.Kill(child, syscall.SIGKILL)
			}
			return err
		},
	} {
		cmd := command()
		shell := exec.Command("sh", "-c", `trap : INT; "$0"; echo over $?; cat`, cmd.Path)
		shell.Env = cmd.Env
		term := uitest.Start(t, 80, 24, shell)
		term.See("Passphrase of the vault")
		guardian, err := childOf(term.Cmd.Process.Pid)
		require.NoError(t, err)
		start := time.Now()
		require.NoError(t, leave(term, guardian), name)
		term.See("over 1")
		require.Less(t, time.Since(start), 8*time.Second, "%s ends the program, not the guardian's patience", name)
		term.Type("shown again")
		term.See("shown again")
	}
}
