package onboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
	"frontdesk/state/store"
)

func TestMain(m *testing.M) {
	if os.Getenv("ONBOARD_TEST_CHILD") != "" {
		crashChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// register is an Inbox Health kept in a file. Every call can be made to fail
// before or after it took effect.
type register struct {
	mu     sync.Mutex
	path   string
	before func(op string) error
	after  func(op string) error
}

func (r *register) all() []Enterprise {
	var all []Enterprise
	data, err := os.ReadFile(r.path)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		panic(err)
	}
	return all
}

func (r *register) CreateEnterprise(_ context.Context, e Enterprise) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := call(r.before, "create"); err != nil {
		return "", err
	}
	all := append(r.all(), e)
	data, _ := json.Marshal(all)
	if err := os.WriteFile(r.path, data, 0o600); err != nil {
		panic(err)
	}
	return fmt.Sprint(46 + len(all)), call(r.after, "create")
}

func (r *register) SettleEnterprise(_ context.Context, e Enterprise, sent time.Time) (string, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if sent.IsZero() {
		panic("asked for what was never sent")
	}
	if err := call(r.before, "settle"); err != nil {
		return "", false, err
	}
	i := slices.IndexFunc(r.all(), func(x Enterprise) bool { return x.Name == e.Name })
	return fmt.Sprint(47 + i), i >= 0, nil
}

func call(hook func(string) error, op string) error {
	if hook == nil {
		return nil
	}
	return hook(op)
}

var lost = &rest.Error{Vendor: "Inbox Health", Op: "create enterprise", Kind: rest.KindTransport, Phase: rest.Unknown, Ambiguous: true}

func no(sentence string) error {
	e := rest.Refusal("Inbox Health", "create enterprise", rest.KindValidation, sentence)
	e.Phase = rest.Refused
	return e
}

// A desk is a person at the jobs, with a played Updox.
type desk struct {
	*Jobs
	t     *testing.T
	updox *sandbox.Server
	ih    *register
}

const (
	creating = "updox POST PracticeCreate"
	updating = "updox POST PracticeUpdate"
	reading  = "updox POST PracticeGet"
)

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	return openDesk(t, dir, s, &register{path: filepath.Join(dir, "enterprises.json")})
}

func openDesk(t *testing.T, dir string, s *sandbox.Server, ih *register) *desk {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "onboard.db"), Migrations: Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return &desk{Open(db, ih, connect(t, s.URL("updox")), "maria@desk2"), t, s, ih}
}

type cleaner interface {
	Cleanup(func())
}

func connect(t cleaner, url string) *updox.Client {
	c, err := updox.New(updox.Config{Base: url + "/api/io", Rate: 1e6, Burst: 1e6,
		Credentials: func(context.Context) (string, string, error) {
			return sandbox.FakeUpdoxApplication, sandbox.FakeUpdoxPassword, nil
		}})
	if err != nil {
		panic(err)
	}
	t.Cleanup(c.Close)
	return c
}

// pass lets time go by on the database's clock.
func (d *desk) pass(by time.Duration) {
	d.t.Helper()
	require.NoError(d.t, d.db.Write(d.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE store_clock SET now_ms = now_ms + ?", by.Milliseconds())
		return err
	}))
}

func (d *desk) begin(f Form) Job {
	d.t.Helper()
	job, err := d.Begin(d.t.Context(), f)
	require.NoError(d.t, err)
	return job
}

// states are those of the account and the enterprise.
func states(j Job) [2]State {
	return [2]State{j.Step(AccountStep).State, j.Step(EnterpriseStep).State}
}

func (d *desk) outcomes(id string) []string {
	d.t.Helper()
	all, err := d.History(d.t.Context(), id)
	require.NoError(d.t, err)
	var said []string
	for _, e := range all {
		require.Equal(d.t, "maria@desk2", e.Who)
		require.False(d.t, e.At.IsZero())
		said = append(said, e.Step+" "+e.Outcome)
	}
	return said
}

// newHaven is the practice of Inbox Health's example, with an account beside.
func newHaven() Form {
	return Form{
		AccountID: "NEWHAVEN-1", Name: "City of New Haven University Hospital", Address1: "770 Chapel St", City: "New Haven",
		State: "CT", Zip: "06512", Phone: "(203) 415-3486", Zone: "America/New_York", Website: "new-haven",
		StatementDescriptor: "BANK STATEMENT DESCRIPTOR OVERRIDE", QuickPay: "Copay",
		ColorStatements: true, FirstClass: true, ReturnEnvelope: true, Perforation: true,
		Places: []Place{{Name: "New Haven Emergency Room", Address1: "Address line 1 placeholder", City: "City Placeholder", State: "CT"}},
	}
}
