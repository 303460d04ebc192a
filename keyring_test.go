package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui/uitest"
)

// These tests run the real program on a real session bus with a real
// gnome-keyring, or with a service of our own that misbehaves. What the store
// of secrets itself makes of each state is shown in its own package.

const (
	secretName   = "org.freedesktop.secrets"
	secretAPI    = "org.freedesktop.Secret."
	secretPath   = dbus.ObjectPath("/org/freedesktop/secrets")
	ringPath     = secretPath + "/collection/login"
	ringPassword = "obviously-fake-password"
)

// wordsLimit is how long the program may take to say what is wrong.
const wordsLimit = 3 * time.Second

// ring is an account with a session bus of its own.
type ring struct {
	*account
	t   *testing.T
	emr *sandbox.Server
	bus *exec.Cmd
}

func newRing(t *testing.T) *ring {
	for _, program := range []string{"dbus-daemon", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: run make setup as root", program)
		}
	}
	emr, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = emr.Close() })
	r := &ring{account: newAccount(t, emr.URL("naturaesoft"), ""), t: t, emr: emr}
	run := filepath.Join(r.home, "run")
	require.NoError(t, os.Mkdir(run, 0o700))
	r.env = append(r.env, "XDG_RUNTIME_DIR="+run, "XDG_DATA_HOME="+r.home+"/data", "XDG_CACHE_HOME="+r.home+"/cache")
	t.Cleanup(func() { // the last of all: what is still there was left behind
		require.Eventually(t, func() bool { return len(living(r.home)) == 0 }, 5*time.Second, 10*time.Millisecond,
			"left behind: %v", living(r.home))
	})
	return r
}

// living are the processes with this home.
func living(home string) (names []string) {
	entries, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range entries {
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), "HOME="+home+"\x00") {
			names = append(names, strings.ReplaceAll(cmdline(strings.Split(path, "/")[2]), "\x00", " "))
		}
	}
	return names
}

// begin runs a helper that ends with the test.
func (r *ring) begin(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = r.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(r.t, cmd.Start())
	r.t.Cleanup(func() { r.end(cmd) })
	return cmd
}

func (r *ring) end(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

// startBus starts a session bus.
func (r *ring) startBus() {
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1")
	out, err := cmd.StdoutPipe()
	require.NoError(r.t, err)
	r.bus = r.begin(cmd)
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(r.t, err)
	r.env = append(r.env, "DBUS_SESSION_BUS_ADDRESS="+strings.TrimSpace(address))
}

func (r *ring) connect() *dbus.Conn {
	conn, err := dbus.Connect(strings.TrimPrefix(r.env[len(r.env)-1], "DBUS_SESSION_BUS_ADDRESS="))
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// daemon starts gnome-keyring; with a password it unlocks the login keyring,
// making one if there is none.
func (r *ring) daemon(password string) *exec.Cmd {
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader(password)
	r.begin(cmd)
	conn := r.connect()
	require.Eventually(r.t, func() bool {
		var alias dbus.ObjectPath
		err := conn.Object(secretName, secretPath).Call(secretAPI+"Service.ReadAlias", dbus.FlagNoAutoStart, "default").Store(&alias)
		return err == nil && (password == "" || alias != "/")
	}, 20*time.Second, 10*time.Millisecond, "the keyring answers")
	return cmd
}

// stored puts the EMR's key into the keyring, by the program itself.
func (r *ring) stored(key string) {
	cmd := r.command("login", "naturaesoft", "-F", "-")
	cmd.Stdin = strings.NewReader(`{"apiKey":"` + key + `"}`)
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, "%s", out)
	require.Contains(r.t, string(out), "OS keyring")
}

// service is a Secret Service of our own that misbehaves as it is told.
type service struct {
	conn    *dbus.Conn
	refuse  *dbus.Error // instead of the list of keyrings
	prompts bool        // unlocking wants a prompt
	prompt  func()      // what the prompt does
	value   string      // what every item holds
}

type item struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// serve takes the name of the Secret Service.
func (r *ring) serve(s *service) {
	s.conn = r.connect()
	none := dbus.ObjectPath("/")
	get := func(_, name string) (dbus.Variant, *dbus.Error) {
		if name == "Locked" {
			return dbus.MakeVariant(false), nil
		}
		return dbus.MakeVariant([]dbus.ObjectPath{ringPath}), s.refuse
	}
	for path, kinds := range map[dbus.ObjectPath]map[string]map[string]any{
		secretPath: {"org.freedesktop.DBus.Properties": {"Get": get}, secretAPI + "Service": {
			"ReadAlias": func(string) (dbus.ObjectPath, *dbus.Error) { return ringPath, nil },
			"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
				return dbus.MakeVariant(""), secretPath + "/session/s1", nil
			},
			"Unlock": func(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
				if s.prompts {
					return nil, secretPath + "/prompt/p1", nil
				}
				return paths, none, nil
			},
		}},
		ringPath: {"org.freedesktop.DBus.Properties": {"Get": get}, secretAPI + "Collection": {
			"SearchItems": func(map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
				return []dbus.ObjectPath{ringPath + "/1"}, nil
			},
			"CreateItem": func(map[string]dbus.Variant, item, bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
				return ringPath + "/1", none, nil
			},
		}},
		ringPath + "/1": {secretAPI + "Item": {"GetSecret": func(session dbus.ObjectPath) (item, *dbus.Error) {
			return item{session, nil, []byte(s.value), "text/plain"}, nil
		}}},
		secretPath + "/session/s1": {secretAPI + "Session": {"Close": func() *dbus.Error { return nil }}},
		secretPath + "/prompt/p1": {secretAPI + "Prompt": {"Prompt": func(string) *dbus.Error {
			if s.prompt != nil {
				s.prompt()
			}
			return nil
		}}},
	} {
		for kind, methods := range kinds {
			require.NoError(r.t, s.conn.ExportMethodTable(methods, path, kind))
		}
	}
	reply, err := s.conn.RequestName(secretName, dbus.NameFlagDoNotQueue)
	require.NoError(r.t, err)
	require.Equal(r.t, dbus.RequestNameReplyPrimaryOwner, reply)
}

// TestKeyringIsNotThere starts the console with each keyring that cannot be
// used: it says so at once and asks for the key instead.
func TestKeyringIsNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		words string
		make  func(*ring)
	}{
		"no bus":      {"this login has no session bus", func(*ring) {}},
		"dead socket": {"session bus of this login does not answer", func(r *ring) { r.env = append(r.env, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere/at/all") }},
		"no service":  {"No OS keyring is running", func(r *ring) { r.startBus() }},
		"no keyring":  {"has no keyring set up", func(r *ring) { r.startBus(); r.daemon("") }},
		"locked": {"The OS keyring is locked", func(r *ring) {
			r.startBus()
			d := r.daemon(ringPassword)
			r.stored(sandbox.FakeEMRKey)
			r.end(d)
			r.daemon("")
		}},
		"stopped": {"does not answer", func(r *ring) {
			r.startBus()
			require.NoError(r.t, r.daemon(ringPassword).Process.Signal(syscall.SIGSTOP))
		}},
		"never answers": {"does not answer", func(r *ring) {
			r.startBus()
			s := &service{}
			r.serve(s)
			s.conn.Eavesdrop(make(chan *dbus.Message, 100)) // takes all calls away
		}},
		"refuses": {"refuses to work", func(r *ring) {
			r.startBus()
			r.serve(&service{refuse: dbus.NewError("org.example.Refused", nil)})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRing(t)
			c.make(r)
			start := time.Now()
			term := uitest.Start(t, 80, 24, r.command())
			seen(term, c.words)
			took := time.Since(start)
			require.Less(t, took, wordsLimit)
			r.sessionOnly(term)
			term.Type("<ctrl+c>")
			require.Equal(t, 0, term.Wait())
			t.Logf("said after %d ms", took.Milliseconds())
		})
	}
}

// sessionOnly chooses secrets of this session and types the EMR's.
func (r *ring) sessionOnly(term *uitest.Term) {
	term.See("v or s:")
	term.Type("s<enter>")
	term.See("API key of naturaesoft")
	term.Type(sandbox.FakeEMRKey + "<enter>")
	term.See("openings", "this session only")
}

// seen waits for words that may be broken over lines.
func seen(term *uitest.Term, words string) {
	term.Until("to read "+words, func(s string) bool {
		return strings.Contains(strings.Join(strings.Fields(s), " "), words) || strings.Contains(strings.ReplaceAll(s, "\n", ""), words)
	})
}

// TestKeyringPrompts starts the console with keyrings that look ready and want
// somebody on the desktop when they are asked: it says so, takes what the person
// chooses instead, and opens. Scripts are told and end.
func TestKeyringPrompts(t *testing.T) {
	for name, c := range map[string]struct {
		words   string
		prompt  func(*service) func()
		instead func(*ring, *uitest.Term)
	}{
		"not answered": {"does not answer", func(*service) func() { return nil }, (*ring).newVault},
		"dismissed": {"The OS keyring is locked", func(s *service) func() {
			return func() { s.answer(true) }
		}, (*ring).sessionOnly},
		"service dies": {"does not answer", func(s *service) func() {
			return func() { time.AfterFunc(10*time.Millisecond, func() { _ = s.conn.Close() }) }
		}, (*ring).sessionOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRing(t)
			r.startBus()
			s := &service{prompts: true}
			s.prompt = c.prompt(s)
			r.serve(s)
			out, err := r.command("slots", "next").CombinedOutput()
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
			require.Equal(t, 4, exit.ExitCode(), "%s", out)
			require.Contains(t, string(out), "OS keyring")
			if name == "service dies" {
				s.prompt = c.prompt(s)
				r.serve(s)
			}
			start := time.Now()
			term := uitest.Start(t, 80, 24, r.command())
			seen(term, c.words)
			took := time.Since(start)
			require.Less(t, took, wordsLimit)
			c.instead(r, term)
			term.Type("b")
			term.See("Book")
			term.Type("<ctrl+c>")
			require.Equal(t, 0, term.Wait())
			t.Logf("said after %d ms", took.Milliseconds())
		})
	}
}

// answer ends the prompt that is out.
func (s *service) answer(dismissed bool) {
	_ = s.conn.Emit(secretPath+"/prompt/p1", secretAPI+"Prompt.Completed", dismissed, dbus.MakeVariant([]dbus.ObjectPath{ringPath}))
}

// newVault chooses a vault, which is not there yet, and types the EMR's secret
// into it.
func (r *ring) newVault(term *uitest.Term) {
	term.See("make a sealed vault", "v or s:")
	term.Type("x<enter>")
	term.Type("v<enter>")
	term.See("New passphrase")
	term.Type("short<enter>")
	term.See("The passphrase is too short")
	term.Type(vaultPassphrase + "<enter>")
	term.See("Once more")
	term.Type(vaultPassphrase + "<enter>")
	term.See("API key of naturaesoft")
	term.Type(sandbox.FakeEMRKey + "<enter>")
	term.See("openings", "sealed vault")
}

// TestKeyringAnswersLate: what the keyring says after it was left alone changes
// nothing, and a vault that was made holds the keys at the next start.
func TestKeyringAnswersLate(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	r.startBus()
	s := &service{prompts: true, value: `{"apiKey":"another key"}`}
	r.serve(s)
	term := uitest.Start(t, 80, 24, r.command())
	seen(term, "does not answer")
	s.answer(false)
	r.newVault(term)
	s.answer(false)
	goTab(term, "Connections")
	term.See("Naturaesoft EMR", "sealed vault")
	term.Type("t")
	term.See("answered in")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())

	again := uitest.Start(t, 80, 24, r.command())
	again.See("open the sealed vault", "v or s:")
	again.Type("v<enter>")
	again.See("Passphrase of the vault")
	again.Type(vaultPassphrase + "<enter>")
	again.See("openings", "sealed vault")
	again.Type("<ctrl+c>")
	require.Equal(t, 0, again.Wait())
}

// pace is how long keys took to be on the screen.
type pace struct {
	keys  int
	worst time.Duration
}

// typing types into a filter until it is told to stop and measures every key.
func typing(term *uitest.Term, stop func(screen string) bool) (p pace) {
	text := ""
	for more := true; more; {
		key := string(rune('a' + p.keys%26))
		want := text + key
		if len(text) >= 15 {
			key, want = "<backspace>", text[:len(text)-1]
			if p.keys%32 != 31 {
				key, want = "<ctrl+u>", ""
			}
		}
		at := time.Now()
		term.Type(key)
		screen := term.Until("to see the key", func(s string) bool {
			_, line, _ := strings.Cut(s, "Filter: ")
			line, _, _ = strings.Cut(line, "  ")
			return strings.TrimSpace(line) == want
		})
		p.worst = max(p.worst, time.Since(at))
		p.keys++
		text = want
		more = !stop(screen)
	}
	return p
}

// TestKeyringGoesAway takes the keyring away while the console is open: it says
// what happened and takes every key meanwhile.
func TestKeyringGoesAway(t *testing.T) {
	for _, c := range []struct {
		name, words string
		away        func(r *ring, daemon *exec.Cmd)
	}{
		{"stopped", "does not answer", func(r *ring, d *exec.Cmd) { require.NoError(r.t, d.Process.Signal(syscall.SIGSTOP)) }},
		{"killed", "No OS keyring is running", func(r *ring, d *exec.Cmd) { r.end(d) }},
		{"bus killed", "session bus of this login does not answer", func(r *ring, _ *exec.Cmd) { r.end(r.bus) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRing(t)
			r.startBus()
			d := r.daemon(ringPassword)
			r.stored(sandbox.FakeEMRKey)
			term := uitest.Start(t, 80, 24, r.command())
			term.See("openings", "OS keyring")
			goTab(term, "Connections")
			term.See("Naturaesoft EMR", "stored")
			term.Type("/")
			keys := 0
			before := typing(term, func(string) bool { keys++; return keys == 60 })
			term.Type("<ctrl+u><esc>")
			term.Gone("Filter:")
			c.away(r, d)
			r.emr.ExpireTokens()
			start := time.Now()
			term.Type("t/")
			term.See("Filter:")
			took := time.Duration(0)
			during := typing(term, func(s string) bool {
				if took == 0 && strings.Contains(strings.Join(strings.Fields(s), " "), c.words) {
					took = time.Since(start)
				}
				return took > 0 || time.Since(start) > 10*time.Second
			})
			require.NotZero(t, took, "the words %q came:\n%s", c.words, term.Screen())
			require.Less(t, took, wordsLimit)
			t.Logf("said after %d ms; %d keys meanwhile, the slowest seen after %d ms (before: %d ms)",
				took.Milliseconds(), during.keys, during.worst.Milliseconds(), before.worst.Milliseconds())
			require.Less(t, during.worst, time.Second+before.worst, "typing waits for nothing: the keyring takes two seconds and more")
			term.Type("<ctrl+c>")
			require.Equal(t, 0, term.Wait())
		})
	}
}

// TestKeyringKeepsSomethingElse changes what is kept behind the console's back
// and offers it what it cannot keep.
func TestKeyringKeepsSomethingElse(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	r.startBus()
	r.daemon(ringPassword)
	r.stored(sandbox.FakeEMRKey)
	term := uitest.Start(t, 80, 24, r.command())
	term.See("openings")
	goTab(term, "Connections")
	term.See("Naturaesoft EMR", "stored")
	r.stored("another session's key") // of which this one hears when it signs in
	r.emr.ExpireTokens()
	term.Type("t")
	term.See("failed at", "auth")
	r.stored(sandbox.FakeEMRKey)
	term.Type("t")
	term.See("answered in")
	term.Type("n\x1b[200~" + strings.Repeat("x", 2100) + "\x1b[201~<enter>")
	seen(term, "too long to store")
	term.Type("<esc>")
	term.Gone("New secret of")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}

// TestKeyringLies stores into a keyring that takes everything and keeps nothing.
func TestKeyringLies(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	r.startBus()
	r.serve(&service{value: `{"apiKey":"` + sandbox.FakeEMRKey + `"}`})
	term := uitest.Start(t, 80, 24, r.command())
	term.See("openings")
	goTab(term, "Connections")
	term.See("Naturaesoft EMR", "stored")
	term.Type("nanother key<enter>")
	seen(term, "reading them back gave something else")
	term.Type("<esc>")
	term.Gone("New secret of")
	term.Type("<ctrl+c>")
	require.Equal(t, 0, term.Wait())
}
