package desk

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/state/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// needles are planted wherever a person's data goes.
var needles = []string{"Zebulon Quagmire", "987-65-4321", "zq?quag/mire@example.invalid", "MRN 00 4711"}

// site is a folder with a database and a trail that outlive the desks on it.
type site struct {
	t   *testing.T
	dir string
	db  *store.DB
	o   Options
	key []byte
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), key: NewKey()}
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(s.dir, "desk.db"), Migrations: Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	s.db = db
	seal, err := NewSeal(s.key)
	require.NoError(t, err)
	s.o = Options{Seal: seal, AuditDir: filepath.Join(s.dir, "audit"), Clinic: NewKey()}
	return s
}

// who is one session of the person.
func who(session string) Who {
	return Who{UID: 1001, User: "maria", Host: "desk2", TTY: "pts/" + session, SSH: "203.0.113.9 4711 203.0.113.1 22", Session: session}
}

// desk is a session without a heartbeat of its own.
func (s *site) desk(session string) *Desk { return s.faulty(session, nil) }

func (s *site) faulty(session string, fault func(string) error) *Desk {
	o := s.o
	o.Who = who(session)
	d := build(s.db, o)
	d.fault = fault
	d.Audit.start(context.Background())
	d.beat(context.Background())
	return d
}

// dies makes a session one that has not been heard of for long.
func (s *site) dies(session string) {
	s.t.Helper()
	s.exec("UPDATE session SET beat_ms = 0 WHERE id = ?", session)
}

func (s *site) exec(query string, args ...any) {
	s.t.Helper()
	require.NoError(s.t, s.db.Write(s.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

func (s *site) number(query string, args ...any) (n int) {
	s.t.Helper()
	require.NoError(s.t, s.db.Read(s.t.Context(), func(tx *store.Tx) error { return tx.One(query, args, &n) }))
	return n
}

// clean fails when a needle is in any file, in any dress.
func (s *site) clean() {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		require.NoError(s.t, err)
		for _, n := range needles {
			for _, dress := range dresses(n) {
				require.NotContains(s.t, string(data), dress, filepath.Base(path))
			}
		}
		return nil
	}))
}

// dresses are the ways a value could hide in a file. Base64 is looked for at
// each of its three alignments.
func dresses(n string) []string {
	all := []string{n, url.QueryEscape(n), url.PathEscape(n), hex.EncodeToString([]byte(n)), strings.ToUpper(hex.EncodeToString([]byte(n)))}
	for shift := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString(append(make([]byte, shift), n...))
			all = append(all, text[4:len(text)-4])
		}
	}
	return all
}

func TestDressesAreFound(t *testing.T) {
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + needles[0] + " and more"))
		found := false
		for _, dress := range dresses(needles[0]) {
			found = found || strings.Contains(text, dress)
		}
		require.True(t, found, shift)
	}
}

var errPlanted = errors.New("planted")

// nth fails the n-th step, from 1; from then on all of them when forever.
func nth(n int, forever bool) func(string) error {
	count := 0
	return func(step string) error {
		if count++; count == n || forever && count > n {
			return fmt.Errorf("%w at %s", errPlanted, step)
		}
		return nil
	}
}

func TestHeartbeatKeepsASessionAlive(t *testing.T) {
	s := newSite(t)
	s.o.Who = who("1")
	d := New(t.Context(), s.db, s.o)
	require.NoError(t, d.Audit.CanAudit())
	_, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Values: map[string]string{"x": "1"}})
	require.NoError(t, err)
	other := s.desk("2")
	list, _, err := other.Drafts.List(t.Context())
	require.NoError(t, err)
	require.True(t, list[0].Live)
	require.NoError(t, d.Close(t.Context()))
	list, _, err = other.Drafts.List(t.Context())
	require.NoError(t, err)
	require.False(t, list[0].Live, "what a closed session had is free at once")
}

func TestAliveNeedsAFreshBeatAndAProcess(t *testing.T) {
	now := time.Now()
	here := who("1")
	r := run{Who: who("2"), pid: os.Getpid(), beat: now.UnixMilli()}
	require.True(t, r.alive(now, here))
	require.False(t, r.alive(now.Add(lease+time.Second), here))
	r.pid = 1 << 30 // beyond the largest process number
	require.False(t, r.alive(now, here), "its process is gone")
	r.Host = "desk3"
	require.True(t, r.alive(now, here), "processes of another host are not ours to look up")
	r.ended = true
	require.False(t, r.alive(now, here))
}

func TestWithoutADatabaseWorkGoesOnInMemory(t *testing.T) {
	d := New(t.Context(), nil, Options{Who: who("1"), AuditDir: t.TempDir()})
	defer func() { require.NoError(t, d.Close(context.Background())) }()
	require.False(t, d.Drafts.Durable())
	saved, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "7", Values: map[string]string{"x": needles[0]}})
	require.NoError(t, err)
	got, err := d.Drafts.Load(t.Context(), "a.edit", "7")
	require.NoError(t, err)
	require.Equal(t, saved, got)
	_, err = d.Outbox.Enqueue(t.Context(), Intent{Vendor: "v", Op: "o", Class: "c"})
	require.ErrorIs(t, err, ErrNoStore)
	require.ErrorContains(t, d.Audit.CanAudit(), "nothing is sent to vendors")
	require.NoError(t, d.Drafts.Drop(t.Context(), saved.ID))
	_, err = d.Drafts.Load(t.Context(), "a.edit", "7")
	require.ErrorIs(t, err, ErrNoDraft)
}
