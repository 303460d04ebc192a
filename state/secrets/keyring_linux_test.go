package secrets

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// These tests use a real session bus and a real gnome-keyring. Each scenario
// runs in a process of its own, this binary again, under dbus-run-session and
// with a home of its own; afterwards no process may be left.

func init() { roles["scenario"] = playScenario }

const secretPassword = "obviously-fake-password"

// player stands in for *testing.T in the scenario's process.
type player struct {
	ctx    context.Context
	failed bool
	undo   []func()
	mu     sync.Mutex // cleanups and failures may come from any goroutine
}

func (p *player) Errorf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = true
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

func (p *player) FailNow() {
	p.mu.Lock()
	p.failed = true
	p.mu.Unlock()
	runtime.Goexit()
}

func (p *player) Cleanup(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.undo = append(p.undo, f)
}

// end undoes everything, the last first.
func (p *player) end() {
	for {
		p.mu.Lock()
		n := len(p.undo) - 1
		if n < 0 {
			p.mu.Unlock()
			return
		}
		f := p.undo[n]
		p.undo = p.undo[:n]
		p.mu.Unlock()
		f()
	}
}

func playScenario(name string) int {
	runUser = filepath.Join(os.Getenv("HOME"), "user")
	p := &player{ctx: context.Background()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer p.end()
		scenarios[name].play(p)
	}()
	<-done
	if p.failed {
		return 1
	}
	fmt.Println("played", name)
	return 0
}

type scenario struct {
	noBus bool
	play  func(*player)
}

func TestRealKeyring(t *testing.T) {
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: run make setup as root", program)
		}
	}
	// Orphans come to this process, so that every stray one is found.
	require.NoError(t, unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	t.Run("scenarios", func(t *testing.T) {
		for name, s := range scenarios {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // mostly they wait for a keyring that does not answer
				runScenario(t, name, s)
			})
		}
	})
	t.Cleanup(func() {
		for pid, program := range strays() {
			t.Log("left behind, now ended:", program)
			_ = unix.Kill(pid, unix.SIGKILL)
		}
	})
	require.Eventually(t, func() bool { return len(strays()) == 0 }, 10*time.Second, 10*time.Millisecond,
		"processes are left behind")
}

func runScenario(t *testing.T, name string, s scenario) {
	home := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(home, "run"), 0o700))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := []string{"dbus-run-session", "--", os.Args[0]}
	if s.noBus {
		args = args[2:]
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.WaitDelay = 5 * time.Second
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + home, "XDG_RUNTIME_DIR=" + home + "/run",
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_DATA_HOME=" + home + "/data",
		"XDG_STATE_HOME=" + home + "/state", "XDG_CACHE_HOME=" + home + "/cache",
		"GORACE=atexit_sleep_ms=0", roleVar + "=scenario:" + name,
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "played "+name)
	require.NotContains(t, string(out), planted)
}

// strays are the living processes below this one, with their names and homes,
// which tell the scenario they are of; dead ones are buried, so nobody else may
// wait for one meanwhile.
func strays() map[int]string {
	parents, names := map[int]int{}, map[int]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		head, tail, _ := strings.Cut(string(stat), ") ")
		var state string
		var parent int
		if _, err := fmt.Sscan(tail, &state, &parent); err != nil {
			continue
		}
		if state == "Z" {
			if parent == os.Getpid() {
				_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
			}
			continue
		}
		_, name, _ := strings.Cut(head, "(")
		parents[pid], names[pid] = parent, name
	}
	found := map[int]string{}
	for pid := range parents {
		for up := parents[pid]; up > 1; up = parents[up] {
			if up == os.Getpid() {
				found[pid] = names[pid] + " " + homeOf(pid)
				break
			}
		}
	}
	return found
}

// homeOf is the home a process was given; empty when it keeps that to itself.
func homeOf(pid int) string {
	env, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	_, home, _ := strings.Cut("\x00"+string(env), "\x00HOME=")
	home, _, _ = strings.Cut(home, "\x00")
	return home
}

// daemon starts gnome-keyring in the foreground; with a password it unlocks
// the login keyring, making one if there is none.
func (p *player) daemon(password string) *exec.Cmd {
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader(password)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(p, cmd.Start())
	p.Cleanup(func() { p.stop(cmd) })
	p.until("the keyring daemon answers", func() bool {
		s := p.state()
		return s == NoCollection || s == Locked || s == Ready
	})
	return cmd
}

func (p *player) stop(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

func (p *player) state() State {
	ctx, cancel := context.WithTimeout(p.ctx, lookLimit)
	defer cancel()
	return probe(ctx).state
}

func (p *player) until(what string, ok func() bool) {
	require.Eventually(p, ok, 20*time.Second, 10*time.Millisecond, what)
}

func (p *player) open() *Store {
	return Open(p.ctx, Options{Dir: filepath.Join(os.Getenv("XDG_STATE_HOME"), "frontdesk")})
}

func (p *player) bus() *dbus.Conn {
	conn, err := dbus.Connect(os.Getenv(busVar))
	require.NoError(p, err)
	p.Cleanup(func() { conn.Close() })
	return conn
}

// owned tells that somebody keeps secrets on the bus.
func (p *player) owned() bool {
	var owned bool
	require.NoError(p, p.bus().BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretName).Store(&owned))
	return owned
}

// offered looks at what a person is told when the keyring is in state, and
// that the vault takes over.
func (p *player) offered(s *Store, state State) {
	w := s.Where()
	require.Equal(p, Where{Kind: Session, Sentence: "keys: this session only - will be asked again",
		Why: state.Sentence() + "."}, w)
	require.ErrorIs(p, s.UseKeyring(p.ctx), &Error{State: state})
	require.NoError(p, s.CreateVault([]byte(phrase)))
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	require.Equal(p, "keys: sealed vault", s.Where().Sentence)
}

func (p *player) within(limit time.Duration, do func()) {
	start := time.Now()
	do()
	require.Less(p, time.Since(start), limit)
}

var scenarios = map[string]scenario{
	"ready":                 {play: playReady},
	"no bus":                {noBus: true, play: playNoBus},
	"dead socket":           {noBus: true, play: playDeadSocket},
	"address found":         {play: playAddressFound},
	"no service":            {play: playNoService},
	"no collection":         {play: playNoCollection},
	"locked":                {play: playLocked},
	"stopped":               {play: playStopped},
	"stopped in a session":  {play: playStoppedLater},
	"stopped in a call":     {play: playStoppedInCall},
	"killed in a session":   {play: playKilledLater},
	"bus dies in a session": {play: playBusDies},
}

func playReady(p *player) {
	p.daemon(secretPassword)
	s := p.open()
	require.Equal(p, Where{Kind: Keyring, Sentence: "keys: OS keyring"}, s.Where())
	_, err := s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, ErrNotFound)
	require.ErrorIs(p, s.Forget(p.ctx, "a", "x"), ErrNotFound)
	long := Bundle{"id": "ü", "key": strings.Repeat("x", 1900)}
	for _, b := range []Bundle{keys(), long, keys()} {
		require.NoError(p, s.Save(p.ctx, "a", "x", b))
		got, err := p.open().Load(p.ctx, "a", "x")
		require.NoError(p, err, "another session reads it")
		require.True(p, got.same(b))
	}
	require.ErrorIs(p, s.Save(p.ctx, "a", "x", Bundle{"key": strings.Repeat("x", 2000)}), ErrTooBig)
	errs := make(chan error)
	for i := range 20 {
		go func() {
			err := s.Save(p.ctx, "a", fmt.Sprintf("v%d", i), keys())
			_, lerr := s.Load(p.ctx, "a", "x")
			errs <- errors.Join(err, lerr)
		}()
	}
	for range 20 {
		require.NoError(p, <-errs)
	}
	require.NoError(p, s.Forget(p.ctx, "a", "x"))
	_, err = s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, ErrNotFound)
	_, err = s.Load(p.ctx, "a", "v0")
	require.NoError(p, err)
}

// F1. A dbus-launch that tells when it is run stands first in the path.
func playNoBus(p *player) {
	home := os.Getenv("HOME")
	trap := filepath.Join(home, "launched")
	require.NoError(p, os.WriteFile(filepath.Join(home, "dbus-launch"),
		[]byte("#!/bin/sh\n: > "+trap+"\necho DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere\n"), 0o700))
	require.NoError(p, os.Setenv("PATH", home+":"+os.Getenv("PATH")))
	for _, address := range []string{"", "autolaunch:", "unixexec:path=" + home + "/dbus-launch"} {
		require.NoError(p, os.Setenv(busVar, address))
		var s *Store
		p.within(time.Second, func() { s = p.open() })
		require.Equal(p, NoBus, s.State())
		require.Equal(p, address, os.Getenv(busVar))
	}
	require.NoError(p, os.Unsetenv(busVar))
	p.offered(p.open(), NoBus)
	_, err := os.Stat(trap)
	require.ErrorIs(p, err, os.ErrNotExist, "dbus-launch was run")
}

// F2
func playDeadSocket(p *player) {
	dead := filepath.Join(os.Getenv("HOME"), "gone")
	l, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(p, err)
	require.NoError(p, unix.Bind(l, &unix.SockaddrUnix{Name: dead}))
	require.NoError(p, unix.Close(l))
	for _, path := range []string{"/nowhere/at/all", dead} {
		require.NoError(p, os.Setenv(busVar, "unix:path="+path))
		p.within(time.Second, func() { require.Equal(p, BusUnreachable, p.open().State()) })
	}
	p.offered(p.open(), BusUnreachable)
}

// Over SSH the variable is often missing although the person's bus is there.
func playAddressFound(p *player) {
	p.daemon(secretPassword)
	address := os.Getenv(busVar)
	require.NoError(p, os.MkdirAll(filepath.Join(runUser, strconv.Itoa(os.Getuid())), 0o700))
	note := filepath.Join(runUser, strconv.Itoa(os.Getuid()), "dbus-session")
	require.NoError(p, os.WriteFile(note, []byte(busVar+"="+address+"\n"), 0o600))
	require.NoError(p, os.Unsetenv(busVar))
	s := p.open()
	require.Equal(p, Ready, s.State())
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	require.Equal(p, address, os.Getenv(busVar))
}

// F3. The service could be started by the bus, and must not be.
func playNoService(p *player) {
	s := p.open()
	require.Equal(p, NoService, s.State())
	p.offered(s, NoService)
	require.False(p, p.owned())
}

// F4
func playNoCollection(p *player) {
	p.daemon("")
	p.offered(p.open(), NoCollection)
}

// F5. A keyring that was made earlier and that nobody unlocked.
func playLocked(p *player) {
	first := p.daemon(secretPassword)
	s := p.open()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	p.stop(first)
	p.until("the daemon is gone", func() bool { return !p.owned() })
	p.daemon("")
	require.Equal(p, Locked, p.state())

	_, err := s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, &Error{State: Locked}, "the session that was open")
	require.Equal(p, "keys: OS keyring (locked)", s.Where().Sentence)
	// Should it be locked between the look and the call, the call says so.
	s.ring.look = found(Ready)
	_, err = s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, &Error{State: Locked})
	p.offered(p.open(), Locked)
}

// F9
func playStopped(p *player) {
	d := p.daemon(secretPassword)
	require.NoError(p, d.Process.Signal(syscall.SIGSTOP))
	var s *Store
	p.within(callLimit, func() { s = p.open() })
	require.Equal(p, Hung, s.State())
	require.NoError(p, d.Process.Signal(syscall.SIGCONT))
	require.NoError(p, s.UseKeyring(p.ctx), "no call was out, so it may be tried again")
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
}

func playStoppedLater(p *player) {
	d := p.daemon(secretPassword)
	s := p.open()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	require.NoError(p, d.Process.Signal(syscall.SIGSTOP))
	p.hangs(s)
	require.NoError(p, d.Process.Signal(syscall.SIGCONT))
	p.within(time.Second, func() {
		_, err := s.Load(p.ctx, "a", "x")
		require.ErrorIs(p, err, ErrHung, "never called again")
	})
	require.NoError(p, s.CreateVault([]byte(phrase)))
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
}

// hangs loads from a keyring that does not answer while the screen asks where
// keys are.
func (p *player) hangs(s *Store) {
	answer := make(chan error, 1)
	go func() {
		_, err := s.Load(p.ctx, "a", "x")
		answer <- err
	}()
	start, slowest := time.Now(), time.Duration(0)
	for {
		asked := time.Now()
		s.Where()
		s.VaultExists()
		slowest = max(slowest, time.Since(asked))
		select {
		case err := <-answer:
			require.ErrorIs(p, err, ErrHung)
			require.Less(p, time.Since(start), lookLimit+callLimit)
			require.Less(p, slowest, time.Second, "the screen waited")
			require.Equal(p, "keys: OS keyring (not answering)", s.Where().Sentence)
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// The daemon stops between the look and the call: go-keyring would block for
// ever.
func playStoppedInCall(p *player) {
	d := p.daemon(secretPassword)
	before := goleak.IgnoreCurrent()
	s := p.open()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	look := s.ring.look
	s.ring.look = func(ctx context.Context) finding {
		f := look(ctx)
		require.NoError(p, d.Process.Signal(syscall.SIGSTOP))
		return f
	}
	p.hangs(s)
	require.ErrorIs(p, s.UseKeyring(p.ctx), ErrHung)
	require.NoError(p, goleak.Find(before), "the call was cut off")
	p.stop(d)
	p.until("the daemon is gone", func() bool { return !p.owned() })
	require.Never(p, p.owned, 300*time.Millisecond, 20*time.Millisecond, "the call went on and started another")
}

// F10
func playKilledLater(p *player) {
	d := p.daemon(secretPassword)
	s := p.open()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	p.stop(d)
	p.until("the daemon is gone", func() bool { return !p.owned() })
	_, err := s.Load(p.ctx, "a", "x")
	require.ErrorIs(p, err, &Error{State: NoService})
	require.False(p, p.owned(), "the bus did not start another one")
	require.Equal(p, "keys: OS keyring (no keyring service)", s.Where().Sentence)

	p.daemon(secretPassword)
	got, err := s.Load(p.ctx, "a", "x")
	require.NoError(p, err, "it is back and so are the keys")
	require.True(p, got.same(keys()))
	require.Equal(p, Where{Kind: Keyring, Sentence: "keys: OS keyring"}, s.Where())
}

func (p *player) killBus() {
	var pid uint32
	conn := p.bus()
	require.NoError(p, conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0,
		"org.freedesktop.DBus").Store(&pid))
	require.NoError(p, unix.Kill(int(pid), unix.SIGKILL))
	<-conn.Context().Done()
}

// F11
func playBusDies(p *player) {
	p.daemon(secretPassword)
	s := p.open()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
	p.killBus()
	p.within(callLimit, func() {
		_, err := s.Load(p.ctx, "a", "x")
		require.ErrorIs(p, err, &Error{State: BusUnreachable})
	})
	s.UseSession()
	require.NoError(p, s.Save(p.ctx, "a", "x", keys()))
}
