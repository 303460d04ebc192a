package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/state/config"
	"frontdesk/state/secrets"
)

// ring plays a place for secrets.
type ring struct {
	where secrets.Where
	state secrets.State
	items map[string]secrets.Bundle
	save  error // what Save says
	keeps bool  // Forget leaves the item
	load  error
}

func (r *ring) Where() secrets.Where { return r.where }
func (r *ring) State() secrets.State { return r.state }
func (r *ring) Load(_ context.Context, profile, vendor string) (secrets.Bundle, error) {
	if b, ok := r.items[profile+"/"+vendor]; ok && r.load == nil {
		return maps.Clone(b), nil
	} else if r.load != nil {
		return nil, r.load
	}
	return nil, secrets.ErrNotFound
}

func (r *ring) Save(_ context.Context, profile, vendor string, b secrets.Bundle) error {
	if r.save == nil {
		r.items[profile+"/"+vendor] = b
	}
	return r.save
}

func (r *ring) Forget(_ context.Context, profile, vendor string) error {
	if r.keeps {
		return secrets.ErrStillThere
	}
	delete(r.items, profile+"/"+vendor)
	return nil
}

const plantedKey = "not-a-real-key"

// healthy is a machine on which nothing is wrong.
func healthy(t *testing.T) *Machine {
	home := t.TempDir()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	m := &Machine{
		Profile: func() (config.Profile, error) {
			p := config.Profile{Name: "riverside", Zone: zone, Theme: "auto", Environment: config.Live}
			p.Naturaesoft.PPass, p.Naturaesoft.Base = "RiversideOffice", "https://emr.example/api"
			return p, nil
		},
		Keep: &ring{where: secrets.Where{Kind: secrets.Keyring, Sentence: "keys: OS keyring"},
			items: map[string]secrets.Bundle{"riverside/naturaesoft": {"apiKey": plantedKey}}},
		Places: config.Places{State: filepath.Join(home, "state"), Config: filepath.Join(home, "config.toml")},
		Env: func(name string) string {
			return map[string]string{"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}[name]
		},
		Size:      func() (int, int, bool) { return 120, 40, true },
		NetworkFS: func(string) string { return "" },
		Free:      func(string) (uint64, bool) { return 50 << 30, true },
		Visit: func(context.Context, string) visit {
			return visit{reached: stepAnswered, status: 404, took: 30 * time.Millisecond, dated: true}
		},
		Now: func() time.Time { return time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC) },
	}
	require.NoError(t, os.Mkdir(m.Places.State, 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(m.Places.State, "ledger"), 0o700))
	require.NoError(t, os.WriteFile(m.Places.Ledger(config.Profile{Name: "riverside"}), nil, 0o600))
	return m
}

// diagnose runs Doctor twice and compares what it says to people and scripts.
func diagnose(t *testing.T, m *Machine) (map[string]Check, string, error) {
	t.Helper()
	var text, data bytes.Buffer
	err := Doctor(t.Context(), *m, &text, false)
	again := Doctor(t.Context(), *m, &data, true)
	require.Equal(t, ExitCode(err), ExitCode(again))
	var shape struct {
		Version int
		Checks  []Check
	}
	d := json.NewDecoder(&data)
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&shape))
	require.Equal(t, 1, shape.Version)
	found := map[string]Check{}
	for _, c := range shape.Checks {
		require.NotContains(t, found, c.Name, "a name stands for one check")
		require.Contains(t, []string{"ok", "warn", "fail"}, c.Status)
		require.NotEmpty(t, c.Words, c.Name)
		require.Equal(t, c.Status == "ok", c.Remedy == "", "%s: what is not well has a remedy", c.Name)
		require.Contains(t, text.String(), c.Status+strings.Repeat(" ", 6-len(c.Status))+c.Name)
		found[c.Name] = c
	}
	require.NotContains(t, text.String()+data.String(), plantedKey)
	return found, text.String(), err
}

func TestDoctorOnAHealthyMachine(t *testing.T) {
	m := healthy(t)
	found, text, err := diagnose(t, m)
	require.NoError(t, err)
	for name, c := range found {
		require.Equal(t, "ok", c.Status, "%s: %s", name, c.Words)
	}
	require.Len(t, found, 15)
	require.Contains(t, text, "15 ok, 0 to look at, 0 failed\n")
	require.Equal(t, "emr.example answers after 30 ms, status 404 without a key", found["endpoint.naturaesoft"].Words)
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(strings.TrimLeft(l[min(len(l), 30):], " "), " ") { // a path alone is never broken
			require.LessOrEqual(t, len(l), 100, "line %d", i+1)
		}
	}
	require.Equal(t, map[string]secrets.Bundle{"riverside/naturaesoft": {"apiKey": plantedKey}},
		m.Keep.(*ring).items, "the probe is gone, the rest as it was")
}

// TestDoctorNamesWhatIsBroken breaks one thing at a time.
func TestDoctorNamesWhatIsBroken(t *testing.T) {
	setenv := func(name, value string) func(*Machine) {
		return func(m *Machine) {
			before := m.Env
			m.Env = func(n string) string {
				if n == name {
					return value
				}
				return before(n)
			}
		}
	}
	profile := func(change func(*config.Profile)) func(*Machine) {
		return func(m *Machine) {
			p, _ := m.Profile()
			change(&p)
			m.Profile = func() (config.Profile, error) { return p, nil }
		}
	}
	visited := func(v visit) func(*Machine) {
		return func(m *Machine) { m.Visit = func(context.Context, string) visit { return v } }
	}
	clock := func(d time.Duration) func(*Machine) {
		return visited(visit{reached: stepAnswered, status: 401, dated: true, skew: d})
	}
	place := func(change func(*ring)) func(*Machine) { return func(m *Machine) { change(m.Keep.(*ring)) } }
	file := func(change func(t *testing.T, ledger, state string) error) func(*Machine) {
		return func(m *Machine) {
			require.NoError(t, change(t, m.Places.Ledger(config.Profile{Name: "riverside"}), m.Places.State))
		}
	}
	for name, c := range map[string]struct {
		with               func(*Machine)
		check, status, say string
	}{
		"no profile": {func(m *Machine) {
			m.Profile = func() (config.Profile, error) { return config.Profile{}, config.ErrNoProfile }
		}, "config", "warn", "no profile is set up"},
		"bad profile": {func(m *Machine) {
			m.Profile = func() (config.Profile, error) { _, err := config.Load("/dev/null"); return config.Profile{}, err }
		}, "config", "fail", "is not an ordinary file"},
		"utc":             {profile(func(p *config.Profile) { p.Zone = time.UTC }), "zone", "warn", "UTC"},
		"no keyring":      {place(func(r *ring) { r.where, r.state = secrets.Where{Kind: secrets.Session, Why: "Why."}, secrets.NoBus }), "keyring", "warn", "one session only"},
		"no bus":          {place(func(r *ring) { r.state = secrets.NoBus }), "dbus", "warn", "no session bus"},
		"dead bus":        {place(func(r *ring) { r.state = secrets.BusUnreachable }), "dbus", "warn", "does not answer"},
		"keyring full":    {place(func(r *ring) { r.save = secrets.ErrDiffers }), "keyring", "fail", "reading them back gave something else"},
		"keyring sticky":  {place(func(r *ring) { r.keeps = true }), "keyring", "fail", "can still be read"},
		"secret missing":  {place(func(r *ring) { clear(r.items) }), "secret.naturaesoft", "warn", "none is stored"},
		"secret unread":   {place(func(r *ring) { r.load = secrets.ErrUnreadable }), "secret.naturaesoft", "fail", "cannot be read"},
		"dumb":            {setenv("TERM", "dumb"), "terminal", "fail", "cannot be drawn"},
		"no TERM":         {setenv("TERM", ""), "terminal", "fail", "cannot be drawn"},
		"no terminal":     {func(m *Machine) { m.Size = func() (int, int, bool) { return 0, 0, false } }, "terminal", "warn", "no terminal is attached"},
		"small":           {func(m *Machine) { m.Size = func() (int, int, bool) { return 79, 24, true } }, "size", "warn", "79 columns"},
		"low":             {func(m *Machine) { m.Size = func() (int, int, bool) { return 80, 23, true } }, "size", "warn", "23 lines"},
		"no colour":       {setenv("TERM", "dumb"), "colour", "warn", "none"},
		"latin":           {setenv("LC_ALL", "de_DE.ISO8859-1"), "utf8", "warn", "not UTF-8"},
		"no locale":       {setenv("LANG", ""), "utf8", "warn", "no locale"},
		"dns":             {visited(visit{}), "endpoint.naturaesoft", "fail", "not known to DNS"},
		"tcp":             {visited(visit{reached: stepFound}), "endpoint.naturaesoft", "fail", "does not take connections"},
		"tls":             {visited(visit{reached: stepConnected}), "endpoint.naturaesoft", "fail", "no secure connection"},
		"not http":        {visited(visit{reached: stepSecured}), "endpoint.naturaesoft", "fail", "does not answer as a web service"},
		"proxy":           {visited(visit{reached: stepSecured, proxied: true}), "endpoint.naturaesoft", "fail", "this network's proxy"},
		"moved":           {visited(visit{reached: stepAnswered, status: 302, astray: true}), "endpoint.naturaesoft", "warn", "points to another host"},
		"failing":         {visited(visit{reached: stepAnswered, status: 503}), "endpoint.naturaesoft", "warn", "status 503"},
		"plain http":      {profile(func(p *config.Profile) { p.Naturaesoft.Base = "http://emr.example" }), "endpoint.naturaesoft", "fail", "without https"},
		"http by name":    {profile(func(p *config.Profile) { p.Naturaesoft.Base = "http://localhost:8080" }), "endpoint.naturaesoft", "fail", "without https"},
		"key in address":  {profile(func(p *config.Profile) { p.Naturaesoft.Base = "https://x:" + plantedKey + "@emr.example" }), "endpoint.naturaesoft", "fail", "cannot be used"},
		"no date":         {visited(visit{reached: stepAnswered, status: 200}), "clock.naturaesoft", "warn", "unknown"},
		"slow clock":      {clock(2 * time.Minute), "clock.naturaesoft", "warn", "2m0s behind"},
		"fast clock":      {clock(-10 * time.Minute), "clock.naturaesoft", "fail", "10m0s ahead"},
		"nfs":             {func(m *Machine) { m.NetworkFS = func(string) string { return "NFS" } }, "ledger", "fail", "network file system (NFS)"},
		"ledger open":     {file(func(_ *testing.T, l, _ string) error { return os.Chmod(l, 0o644) }), "ledger", "fail", "mode 0644"},
		"ledger folder":   {file(func(_ *testing.T, l, _ string) error { return os.Chmod(filepath.Dir(l), 0o777) }), "ledger", "fail", "every account may write"},
		"ledger a folder": {file(func(_ *testing.T, l, _ string) error { _ = os.Remove(l); return os.Mkdir(l, 0o700) }), "ledger", "fail", "not an ordinary file"},
		"state open":      {file(func(_ *testing.T, _, s string) error { return os.Chmod(s, 0o755) }), "state", "warn", "mode 0755"},
		"state a file":    {file(func(_ *testing.T, _, s string) error { _ = os.RemoveAll(s); return os.WriteFile(s, nil, 0o600) }), "state", "fail", "not a folder"},
		"disk low":        {func(m *Machine) { m.Free = func(string) (uint64, bool) { return 50 << 20, true } }, "disk", "warn", "50 MB free"},
		"disk full":       {func(m *Machine) { m.Free = func(string) (uint64, bool) { return 0, true } }, "disk", "fail", "0 MB free"},
		"disk unknown":    {func(m *Machine) { m.Free = func(string) (uint64, bool) { return 0, false } }, "disk", "warn", "cannot be told"},
	} {
		t.Run(name, func(t *testing.T) {
			m := healthy(t)
			c.with(m)
			found, _, err := diagnose(t, m)
			got := found[c.check]
			require.Equal(t, c.status, got.Status, got.Words)
			require.Contains(t, got.Words, c.say)
			if c.status == "fail" {
				require.Equal(t, 3, ExitCode(err))
				require.Contains(t, Sentence(err), "failed")
			}
			for other, o := range found {
				if o.Status == "fail" && other != c.check {
					require.Contains(t, "ledger terminal", other, "%s fails beside it: %s", other, o.Words)
				}
			}
		})
	}
}

func TestDoctorOfAVaultAndAnSSHSession(t *testing.T) {
	m := healthy(t)
	r := m.Keep.(*ring)
	r.where, r.load = secrets.Where{Kind: secrets.Vault, Locked: true}, secrets.ErrLocked
	env := map[string]string{"TERM": "tmux-256color", "LANG": "C.UTF-8", "TMUX": "x", "SSH_TTY": "/dev/pts/1", "COLORTERM": "truecolor"}
	m.Env = func(name string) string { return env[name] }
	found, _, err := diagnose(t, m)
	require.NoError(t, err)
	require.Contains(t, found["keyring"].Words, "sealed vault")
	m.Env = func(name string) string {
		return map[string]string{"TERM": "xterm", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}[name]
	}
	direct, _, _ := diagnose(t, m)
	require.Equal(t, "16 million", direct["colour"].Words)
	m.Env = func(name string) string { return env[name] }
	require.Contains(t, found["secret.naturaesoft"].Words, "vault is locked")
	require.Contains(t, found["terminal"].Words, "over SSH, inside tmux")
	require.Contains(t, found["background"].Words, "not asked over SSH")
	require.Equal(t, "256", found["colour"].Words, "tmux passes on no more by itself")
	env["NO_COLOR"] = "1"
	found, _, _ = diagnose(t, m)
	require.Contains(t, found["colour"].Words, "NO_COLOR")
}

// Nothing is made on a machine that only looks.
func TestDoctorBeforeTheFirstStart(t *testing.T) {
	m := healthy(t)
	require.NoError(t, os.RemoveAll(m.Places.State))
	found, _, err := diagnose(t, m)
	require.NoError(t, err)
	require.Contains(t, found["ledger"].Words, "made at the first start")
	require.Contains(t, found["state"].Words, "made at the first start")
	left, err := os.ReadDir(filepath.Dir(m.Places.State))
	require.NoError(t, err)
	require.Empty(t, left)
}

// What comes from a variable can draw text and nothing else.
func TestDoctorDrawsOnlyText(t *testing.T) {
	m := healthy(t)
	m.Env = func(string) string { return "xterm\x1b[2J\x07" }
	_, text, _ := diagnose(t, m)
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, "\x07")
}

func TestDoctorIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, 130, ExitCode(Doctor(ctx, *healthy(t), io.Discard, false)))
}

func TestEveryVendorOfTheProfileIsAsked(t *testing.T) {
	m := healthy(t)
	p, _ := m.Profile()
	p.Connect4Healthcare.Base, p.InboxHealth.Base = "https://a.example", "https://b.example"
	p.Updox.Base, p.AngleHealth.Base = "https://c.example", "https://d.example"
	m.Profile = func() (config.Profile, error) { return p, nil }
	found, _, err := diagnose(t, m)
	require.NoError(t, err)
	for _, v := range Vendors() {
		for _, check := range []string{"endpoint.", "clock.", "secret."} {
			require.Contains(t, found, check+v)
		}
	}
}

// TestKnock asks real servers of this machine, each of which stops somewhere
// else.
func TestKnock(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Empty(t, r.Header.Get("Authorization"))
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		http.Redirect(w, r, "https://elsewhere.example", http.StatusFound)
	}))
	secure.Config.ErrorLog = quiet
	secure.StartTLS()
	defer secure.Close()
	pool := x509.NewCertPool()
	pool.AddCert(secure.Certificate())
	trust := &tls.Config{RootCAs: pool}

	v := knock(trust)(t.Context(), secure.URL)
	require.Equal(t, stepAnswered, v.reached)
	require.Equal(t, 302, v.status, "nothing is followed")
	require.True(t, v.astray)
	require.InDelta(t, time.Hour, v.skew, float64(2*time.Second))
	require.True(t, v.dated)

	require.Equal(t, stepConnected, knock(nil)(t.Context(), secure.URL).reached, "a certificate nobody here trusts")

	plain, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			c, err := plain.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	require.Equal(t, stepConnected, knock(trust)(t.Context(), "https://"+plain.Addr().String()).reached, "no TLS")
	require.Equal(t, stepSecured, knock(nil)(t.Context(), "http://"+plain.Addr().String()).reached, "no web service")
	_ = plain.Close()
	<-gone
	require.Equal(t, stepFound, knock(trust)(t.Context(), "https://"+plain.Addr().String()).reached, "nobody listens")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, stepNone, knock(trust)(ctx, "https://no-such-host.invalid").reached)

	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil }))
	defer silent.Close()
	v = knock(nil)(t.Context(), silent.URL)
	require.Equal(t, stepAnswered, v.reached)
	require.False(t, v.dated)
}

func TestRoomIsMeasured(t *testing.T) {
	n, ok := freeBytes(t.TempDir())
	require.Equal(t, runtime.GOOS == "linux" || runtime.GOOS == "darwin", ok)
	require.Equal(t, ok, n > 0)
	_, ok = freeBytes(filepath.Join(t.TempDir(), "missing"))
	require.False(t, ok)
}

func TestDoctorsWordsInASCII(t *testing.T) {
	m := healthy(t)
	m.Keep.(*ring).where = secrets.Where{Kind: secrets.Session, Why: "The “bus” is away."}
	for lang, want := range map[string]string{"C": `"bus"`, "C.UTF-8": "“bus”"} {
		m.Env = func(name string) string { return map[string]string{"TERM": "xterm", "LANG": lang}[name] }
		var text, data bytes.Buffer
		_ = Doctor(t.Context(), *m, &text, false)
		require.Contains(t, text.String(), want)
		_ = Doctor(t.Context(), *m, &data, true)
		require.Contains(t, data.String(), "“bus”", "JSON is as it is")
	}
}
