package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
)

// TestWorkWithoutAScreen runs the scripts of testdata/cli with the real binary,
// each against a sandbox of its own whose address is $SB. Beside the usual
// commands they have
//
//	frontdesk [args]          on the sandbox; what it wrote is for stdout, stderr;
//	                          with -live on the profile, with -gone where nobody listens
//	code N                    how the last frontdesk ended
//	fault ROUTE KIND [times [after]]  something goes wrong from now on; "fault none" ends it
//	asked ROUTE N             how many requests the route has had
//	keep NAME PATTERN         the first group of PATTERN in the last output as $NAME
//	enter PROVIDER DATE TIME MINUTES  somebody types a visit into the EMR
//	move VISIT NEW            somebody at a screen says that NEW replaces VISIT
func TestWorkWithoutAScreen(t *testing.T) {
	t.Parallel()
	path, err := binary()
	require.NoError(t, err)
	all := &shown{saw: map[string]map[string]bool{}}
	ran := atomic.Int32{}
	t.Run("script", func(t *testing.T) { runScripts(t, path, all, &ran) }) // all of them, which are parallel
	files, err := filepath.Glob("testdata/cli/*.txtar")
	require.NoError(t, err)
	if int(ran.Load()) == len(files) && !t.Failed() { // not some of them
		require.Empty(t, all.missing(), "no script shows this of these subcommands")
	}
}

// runScripts runs the scripts against sandboxes of their own.
func runScripts(t *testing.T, path string, all *shown, ran *atomic.Int32) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/cli", RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			s, err := sandbox.Start(sandbox.Options{})
			if err != nil {
				return err
			}
			e.Defer(func() { _ = s.Close() })
			e.Values[world{}] = &world{sandbox: s, path: path, all: all}
			ran.Add(1)
			e.Setenv("SB", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"frontdesk": runFrontdesk, "code": endedWith, "fault": goWrong, "asked": countRequests, "keep": keepGroup, "enter": enterVisit, "move": moveVisit,
		},
	})
}

// world is what one script works in.
type world struct {
	sandbox *sandbox.Server
	path    string
	code    int
	out     string
	all     *shown
}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(world{}).(*world) }

// runFrontdesk runs the program; a script says with ! that it must not end well.
func runFrontdesk(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	switch args[0] {
	case "-live":
		args = args[1:]
	case "-gone":
		args = append([]string{"--sandbox", "http://127.0.0.1:1"}, args[1:]...)
	default:
		args = append([]string{"--sandbox", ts.Getenv("SB")}, args...)
	}
	before := executed(w.sandbox)
	err := ts.Exec(w.path, args...)
	w.out = ts.ReadFile("stdout")
	w.code = 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		w.code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	w.all.watch(ts, args, w.code, executed(w.sandbox) != before)
	if (w.code != 0) != neg {
		ts.Fatalf("it ended with %d", w.code)
	}
}

func endedWith(ts *testscript.TestScript, neg bool, args []string) {
	if w := worldOf(ts); len(args) != 1 || (strconv.Itoa(w.code) == args[0]) == neg {
		ts.Fatalf("it ended with %d", w.code)
	}
}

func goWrong(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	if args[0] == "none" {
		w.sandbox.ClearFaults()
		return
	}
	f := sandbox.Fault{Kind: sandbox.FaultKind(args[1])}
	if len(args) > 2 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		f.Times = n
	}
	if len(args) > 3 {
		n, err := strconv.Atoi(args[3])
		ts.Check(err)
		f.After = n
	}
	w.sandbox.SetFault(args[0], f)
}

func countRequests(ts *testscript.TestScript, _ bool, args []string) {
	if n := worldOf(ts).sandbox.Requests(args[0]); fmt.Sprint(n) != args[1] {
		ts.Fatalf("%s was asked %d times", args[0], n)
	}
}

func keepGroup(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[1]).FindStringSubmatch(worldOf(ts).out)
	if len(found) < 2 {
		ts.Fatalf("%s does not match", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func enterVisit(ts *testscript.TestScript, _ bool, args []string) {
	provider, err := strconv.Atoi(args[0])
	ts.Check(err)
	minutes, err := strconv.Atoi(args[3])
	ts.Check(err)
	worldOf(ts).sandbox.Book(provider, args[1], args[2]+":00", minutes, "NEW")
}

func moveVisit(ts *testscript.TestScript, _ bool, args []string) {
	_, port, _ := strings.Cut(strings.TrimPrefix(ts.Getenv("SB"), "http://"), ":")
	path := filepath.Join(ts.Getenv("TMPDIR"), fmt.Sprintf("frontdesk-demo-%d", os.Getuid()), "ledger-"+port+".db")
	db, err := store.Open(context.Background(), store.Options{Path: path, Migrations: booking.Migrations})
	ts.Check(err)
	defer func() { _ = db.Close() }()
	_, err = booking.Open(db, nil, booking.Options{Actor: booking.Here()}).Move(context.Background(), args[0], args[1])
	ts.Check(err)
}

// TestNoPersonalDataInTheProcessList holds a command still in the middle of a
// write and looks at what everybody on the machine can see of it.
func TestNoPersonalDataInTheProcessList(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	s.SetFault("POST /v1/{ppass}/prospects", sandbox.Fault{Kind: sandbox.FaultStall})
	cmd := program(t, "--sandbox", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft"), "prospects", "create", "-F", "-", "--yes")
	cmd.Stdin = strings.NewReader("FirstName=Needle\nLastName=Haystack\nEMail=needle@example.com\nCellPhone=5555550166\n")
	var words bytes.Buffer
	cmd.Stderr = &words
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return s.Requests("POST /v1/{ppass}/prospects") > 0 }, 20*time.Second, 10*time.Millisecond)
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", cmd.Process.Pid))
	require.NoError(t, err)
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", cmd.Process.Pid))
	if err != nil {
		env = nil // hardened against being read: nobody sees it
	}
	require.Contains(t, string(line), "prospects")
	for _, word := range []string{"Needle", "Haystack", "needle@", "5555550166"} {
		require.NotContains(t, string(line)+string(env), word)
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Equal(t, 130, exit.ExitCode())
	require.Contains(t, words.String(), "may have landed")
	require.Contains(t, words.String(), "frontdesk outbox settle ")
}

// TestTheVaultFromADescriptor is what a timer runs: no terminal, keys in a
// vault.
func TestTheVaultFromADescriptor(t *testing.T) {
	t.Parallel()
	command := practiceHome(t)
	input := ""
	run := func(pass string, args ...string) (string, int) {
		r, w, err := os.Pipe()
		require.NoError(t, err)
		_, err = w.WriteString(pass + "\n")
		require.NoError(t, err)
		require.NoError(t, w.Close())
		cmd := command(args...)
		cmd.ExtraFiles, cmd.Stdin = []*os.File{r}, strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		require.NoError(t, r.Close())
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return string(out), exit.ExitCode()
		}
		require.NoError(t, err)
		return string(out), 0
	}
	out, code := run(vaultPassphrase, "--passphrase-fd", "3", "slots", "next", "--json")
	require.Zero(t, code, out)
	require.Contains(t, out, `{"version":1,"openings":[{`)
	out, code = run("wrong", "--passphrase-fd", "3", "slots", "next")
	require.NotZero(t, code, out)
	require.NotContains(t, out, "wrong")
	out, code = run("", "slots", "next")
	require.Equal(t, 4, code, out)
	require.Contains(t, out, "--passphrase-fd")
	_, code = run("", "--passphrase-fd", "17", "slots", "next")
	require.Equal(t, 2, code)

	input = `{"api_key":"fake-inbox-key"}`
	out, code = run("wrong", "--passphrase-fd", "3", "login", "inboxhealth", "-F", "-")
	require.NotZero(t, code, out)
	out, code = run(vaultPassphrase, "--passphrase-fd", "3", "login", "inboxhealth", "-F", "-")
	require.Zero(t, code, out)
	require.Contains(t, out, "Stored for the profile")
	out, code = run(vaultPassphrase, "--passphrase-fd", "3", "logout", "inboxhealth")
	require.Zero(t, code, out)
	require.Contains(t, out, "Forgotten")
}

// TestInterrupted ends a command that only reads.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	s.SetFault("GET /v1/kb", sandbox.Fault{Kind: sandbox.FaultStall})
	cmd := program(t, "--sandbox", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft"), "kb", "search")
	var words bytes.Buffer
	cmd.Stderr = &words
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return s.Requests("GET /v1/kb") > 0 }, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Equal(t, 130, exit.ExitCode())
	require.Equal(t, "frontdesk: Interrupted. Nothing was being sent.\n", words.String())
}

// TestWhoReadsNoFurther ends a command whose output nobody takes any more: it
// says nothing about it.
func TestWhoReadsNoFurther(t *testing.T) {
	t.Parallel()
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	cmd := program(t, "--sandbox", strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft"), "prospects", "export")
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = out.Read(make([]byte, 8))
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.Error(t, cmd.Wait())
	require.Empty(t, words.String())
}
