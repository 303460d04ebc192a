package enroll

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/state/store"
)

// TestMain finds what the tests of the package leave running. A child of the
// kill test is only that.
func TestMain(m *testing.M) {
	if os.Getenv("ENROLL_TEST_CHILD") != "" {
		child()
		return
	}
	goleak.VerifyTestMain(m)
}

// wax is a Sealer of a fixed key.
type wax struct{ aead cipher.AEAD }

func newWax() wax {
	block, err := aes.NewCipher([]byte("fake-key-for-tests-fake-key-4-te"))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return wax{aead}
}

func (w wax) Seal(plain []byte, place string) ([]byte, error) {
	nonce := make([]byte, 12)
	rand.Read(nonce)
	return w.aead.Seal(nonce, nonce, plain, []byte(place)), nil
}

func (w wax) Open(sealed []byte, place string) ([]byte, error) {
	if len(sealed) < 12 {
		return nil, errors.New("too short")
	}
	return w.aead.Open(nil, sealed[:12], sealed[12:], []byte(place))
}

var march = time.Date(2026, time.March, 9, 6, 0, 0, 0, time.UTC)

// A desk is a book, its insurer and what is between them.
type desk struct {
	*testing.T
	*Book
	s    *sandbox.Server
	db   *store.DB
	path string
	wire *wire
}

// A wire is the client with a hook before and after every call, by its name.
type wire struct {
	Insurer
	mu            sync.Mutex
	before, after func(call string)
	hires         []anglehealth.NewHire
	people        []anglehealth.Demographics
}

func (w *wire) on(call string, note func()) func() {
	w.mu.Lock()
	before, after := w.before, w.after
	note()
	w.mu.Unlock()
	if before != nil {
		before(call)
	}
	return func() {
		if after != nil {
			after(call)
		}
	}
}

func (w *wire) EnrollNewHire(ctx context.Context, h anglehealth.NewHire) (anglehealth.Answer[anglehealth.Covered], error) {
	defer w.on("enroll", func() { w.hires = append(w.hires, h) })()
	return w.Insurer.EnrollNewHire(ctx, h)
}

func (w *wire) ChangeDemographics(ctx context.Context, d anglehealth.Demographics) error {
	defer w.on("demographics", func() { w.people = append(w.people, d) })()
	return w.Insurer.ChangeDemographics(ctx, d)
}

func (w *wire) Free(ctx context.Context, id anglehealth.ID) (bool, error) {
	defer w.on("free", func() {})()
	return w.Insurer.Free(ctx, id)
}

func (w *wire) Member(ctx context.Context, id anglehealth.ID) (anglehealth.Member, error) {
	defer w.on("member", func() {})()
	return w.Insurer.Member(ctx, id)
}

func openInsurer(t *testing.T) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1, Zone: time.UTC, Now: func() time.Time { return march }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func connect(base string) (*anglehealth.Client, error) {
	return anglehealth.New(anglehealth.Config{Base: base, Rate: 1e6, Burst: 1e6,
		Credentials: func(context.Context) (string, string, error) {
			return sandbox.FakeAngleClient, sandbox.FakeAngleSecret, nil
		}})
}

func newDesk(t *testing.T, options ...func(*Options)) *desk {
	t.Helper()
	return openDesk(t, openInsurer(t), filepath.Join(t.TempDir(), "enroll.db"), options...)
}

// openDesk opens a book, also one somebody else has open or left behind.
func openDesk(t *testing.T, s *sandbox.Server, path string, options ...func(*Options)) *desk {
	t.Helper()
	o := Options{Sealer: newWax()}
	for _, option := range options {
		option(&o)
	}
	c, err := connect(s.URL("anglehealth"))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	db, err := store.Open(t.Context(), store.Options{Path: path, Migrations: Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	w := &wire{Insurer: c}
	return &desk{t, Open(db, w, o), s, db, path, w}
}

// pass moves the book's time on.
func (d *desk) pass(by time.Duration) {
	d.Helper()
	require.NoError(d, d.db.Write(d.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE store_clock SET now_ms = now_ms + ?", by.Milliseconds())
		return err
	}))
}

func (d *desk) fault(route string, kind sandbox.FaultKind, times int) {
	d.s.SetFault("POST /broker"+route, sandbox.Fault{Kind: kind, Times: times})
}

const (
	enrolRoute  = "/new_hire_enrollment"
	personRoute = "/demographic_change"
	memberRoute = "/member_snapshot"
	garage      = anglehealth.ID("fake-group-garage")
	ada         = anglehealth.ID("fake-member-001")
)

func ninth() civil.Date { return civil.DateOf(march) }

func ssn(s string) anglehealth.SSN {
	n, err := anglehealth.ParseSSN(s)
	if err != nil {
		panic(err)
	}
	return n
}

// marthas is an employee with a spouse and a child.
func marthas() Plan {
	both := map[anglehealth.Line]string{anglehealth.Medical: "silver_ppo", anglehealth.Dental: "delta_dental"}
	one := map[anglehealth.Line]string{anglehealth.Medical: "silver_ppo"}
	return Plan{
		Hire: anglehealth.NewHire{Group: garage, Start: ninth(), Employee: anglehealth.Elected{Plans: both},
			Dependents: []anglehealth.Elected{{Plans: both}, {Plans: one}}},
		People: []anglehealth.Demographics{
			{Fields: map[string]string{"first_name": "Marthaxyz", "last_name": "Sample"}, Sex: "F", SSN: ssn("987-65-4001"), DOB: civil.Date{Year: 1980, Month: 2, Day: 3}},
			{Fields: map[string]string{"first_name": "Max", "last_name": "Sample"}, Sex: "M"},
			{Fields: map[string]string{"first_name": "Mia", "last_name": "Sample"}, Sex: "F"},
		},
		Wanted: civil.Date{Year: 2026, Month: 4, Day: 1},
	}
}

// released is a job that may be sent.
func (d *desk) released(p Plan) Job {
	d.Helper()
	j, err := d.NewHire(d.Context(), p)
	require.NoError(d, err)
	require.Equal(d, Draft, j.State)
	j, err = d.Release(d.Context(), j.ID)
	require.NoError(d, err)
	require.Equal(d, Queued, j.State)
	return j
}

func (d *desk) sent(j Job) Job {
	d.Helper()
	j, err := d.Send(d.Context(), j.ID)
	require.NoError(d, err, rest.UserMessage(err))
	again, err := d.Job(d.Context(), j.ID)
	require.NoError(d, err)
	require.Equal(d, j.State, again.State)
	require.Equal(d, j.Step, again.Step)
	require.Equal(d, j.Person, again.Person)
	return again
}

// unsealed fails when the book's files hold one of the words.
func (d *desk) unsealed(words ...string) {
	d.Helper()
	files, err := filepath.Glob(d.path + "*")
	require.NoError(d, err)
	require.NotEmpty(d, files)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		require.NoError(d, err)
		for _, w := range words {
			require.False(d, strings.Contains(string(raw), w), "%s stands in %s", w, filepath.Base(name))
		}
	}
}
