package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

// crash is what a step that the program does not survive panics with.
type crash struct{}

// countdownTo ends the program at the n-th point: before and after every
// transaction of the ledger and every call of the EMR.
func countdownTo(n int, end func()) func() {
	var mu sync.Mutex
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if n--; n == 0 {
			end()
		}
	}
}

// arm puts the points into a book and its EMR.
func arm(b *Book, emr *fakeEMR, step func(op string)) {
	b.point = func(string) { step("ledger") }
	emr.before = func(op string) error { step(op); return nil }
	emr.after = func(op string) error { step(op); return nil }
}

// wholeVisit is one visit from its hold to its confirmation or cancellation.
func wholeVisit(ctx context.Context, b *Book, emr *fakeEMR, cancel bool) error {
	r, err := b.Hold(ctx, opening("1", "2026-03-10", "09:00", 30), "FOLLOWUP", HoldOptions{})
	if err != nil {
		return err
	}
	if r, err = b.Request(ctx, r.ID, r.Fence, ann); err != nil {
		return err
	}
	emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
	if _, err = b.Reconcile(ctx); err != nil {
		return err
	}
	if cancel {
		_, err = b.Cancel(ctx, r.ID, ByCaller)
		return err
	}
	_, err = b.Confirm(ctx, r.ID, "")
	return err
}

// survive checks what every end of the program must leave, and that the next
// session can go on to the end: nothing is sent twice.
func survive(t *testing.T, d *desk) string {
	t.Helper()
	requireNoOverlaps(t, d.db)
	_, err := d.Recover(t.Context())
	require.NoError(t, err)
	again, err := d.Recover(t.Context())
	require.NoError(t, err)
	require.Empty(t, again, "each interruption is told once")
	all, err := d.List(t.Context(), Filter{})
	require.NoError(t, err)
	if len(all) == 0 {
		require.Zero(t, d.emr.puts)
		return "nothing"
	}
	require.Len(t, all, 1)
	r := all[0]
	left := r.State
	landed := strings.Count(d.emr.notes("55"), "] REQ ")
	require.LessOrEqual(t, landed, 1)
	if landed == 1 {
		require.True(t, r.State.Live() && r.State != Held || r.State == Cancelled, "%s, although the note is there", r.State)
	}
	d.pass(time.Minute) // whatever was under way has arrived or never will
	if r, err = d.Resolve(t.Context(), r.ID); r.State == Held {
		require.NoError(t, err)
		r, err = d.Request(t.Context(), r.ID, r.Fence, ann)
	}
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(d.emr.notes("55"), "] REQ "))
	if r.State != Cancelled {
		r, err = d.Cancel(t.Context(), r.ID, Other)
		require.NoError(t, err)
	}
	require.Equal(t, Cancelled, r.State)
	require.Equal(t, 1, strings.Count(d.emr.notes("55"), "] REQ "))
	require.Equal(t, 1, strings.Count(d.emr.notes("55"), "] CXL "))
	require.Equal(t, 2, d.emr.puts, "one request, one cancellation")
	requireNoOverlaps(t, d.db)
	return left.Word()
}

func TestCrashAtEveryStep(t *testing.T) { onBoth(t, testCrashAtEveryStep) }

func testCrashAtEveryStep(t *testing.T) {
	for name, cancel := range map[string]bool{"confirmed": false, "cancelled": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := map[string]int{}
			n := 1
			for ; ; n++ {
				place, emr := newPlace(t), newFake()
				d := openDesk(t, place, emr, maria)
				done := crashAt(t, d, n, cancel)
				require.NoError(t, d.db.Close())
				emr.before, emr.after = nil, nil
				left[survive(t, openDesk(t, place, emr, maria))]++
				if done {
					break
				}
			}
			t.Logf("%d crash points, states left: %v", n-1, left)
			require.Greater(t, n, 30)
			require.Positive(t, left["UNKNOWN"])
			require.Positive(t, left["REQUESTED"])
		})
	}
}

// crashAt runs a visit that ends at its n-th step; done tells that it has
// fewer.
func crashAt(t *testing.T, d *desk, n int, cancel bool) (done bool) {
	t.Helper()
	defer func() {
		if e := recover(); e != nil {
			require.Equal(t, crash{}, e)
		}
	}()
	end := countdownTo(n, func() { panic(crash{}) })
	arm(d.Book, d.emr, func(op string) {
		if op != "check" && !strings.HasPrefix(op, "schedule") { // those have goroutines of their own
			end()
		}
	})
	require.NoError(t, wholeVisit(t.Context(), d.Book, d.emr, cancel))
	return true
}

// saved is what of a fake EMR outlives its process.
type saved struct {
	Notes string
	Puts  int
	Has   map[naturaesoft.ID][]naturaesoft.ID
	Visit bool
}

func (f *fakeEMR) saved() saved {
	f.mu.Lock()
	defer f.mu.Unlock()
	return saved{f.people["55"].Notes.Raw(), f.puts, maps.Clone(f.has), len(f.days["1"]) > 0}
}

// crashChild runs a whole visit and kills itself at the step it is told.
func crashChild() {
	dir := os.Getenv("BOOKING_TEST_PATH")
	var at int
	fmt.Sscan(os.Getenv("BOOKING_TEST_CRASH"), &at)
	ctx, emr := context.Background(), newFake()
	db, err := store.Open(ctx, options(os.Getenv("BOOKING_TEST_LEDGER")))
	if err != nil {
		panic(err)
	}
	b := Open(db, emr, Options{Zone: newYork, Actor: maria, RequestedTag: "Appointment requested", Now: monday})
	kill := countdownTo(at, func() { syscall.Kill(os.Getpid(), syscall.SIGKILL) })
	var mu sync.Mutex
	arm(b, emr, func(string) {
		mu.Lock()
		defer mu.Unlock()
		data, _ := json.Marshal(emr.saved())
		if err := os.WriteFile(filepath.Join(dir, "emr.json"), data, 0o600); err != nil {
			panic(err)
		}
		kill()
	})
	if err := wholeVisit(ctx, b, emr, true); err != nil {
		panic(err)
	}
	os.Exit(0)
}

// The same with real processes that are killed by the system. Where there is a
// server, each step is taken on one engine, in turn; FRONTDESK_SOAK=1 takes all
// on both.
func TestKillAtEveryStep(t *testing.T) { onBoth(t, testKillAtEveryStep) }

func testKillAtEveryStep(t *testing.T) {
	t.Parallel()
	_, err := pgtest.Shared()
	inTurn := err == nil && os.Getenv("FRONTDESK_SOAK") == ""
	left, kills := map[string]int{}, -1
	for n, done := 1, false; !done; n++ {
		if inTurn && onServer(t) != (n%2 == 0) {
			continue
		}
		kills++
		dir, place := t.TempDir(), newPlace(t)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "BOOKING_TEST_CHILD=crash", "BOOKING_TEST_PATH="+dir, "BOOKING_TEST_LEDGER="+place, fmt.Sprint("BOOKING_TEST_CRASH=", n))
		cmd.Stderr = os.Stderr
		err := cmd.Run()
		if done = err == nil; !done {
			status := cmd.ProcessState.Sys().(syscall.WaitStatus)
			require.Equal(t, syscall.SIGKILL, status.Signal(), "%v", err)
		}
		var s saved
		data, err := os.ReadFile(filepath.Join(dir, "emr.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &s))
		emr := newFake()
		emr.puts, emr.has = s.Puts, s.Has
		person := emr.people["55"]
		person.Notes = safe.Paragraphs(s.Notes)
		emr.people["55"] = person
		if s.Visit {
			emr.put("1", "101", "2026-03-10", "09:00", 30, "FOLLOWUP")
		}
		left[survive(t, openDesk(t, place, emr, maria))]++
	}
	t.Logf("%d kills, states left: %v", kills, left)
	require.Positive(t, left["UNKNOWN"])
}

// A step of a colleague, or of a session whose outcome is known, is not
// touched by a start.
func TestRecoverTellsOnlyWhatWasInterrupted(t *testing.T) {
	onBoth(t, testRecoverTellsOnlyWhatWasInterrupted)
}

func testRecoverTellsOnlyWhatWasInterrupted(t *testing.T) {
	d := newDesk(t)
	d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	d.emr.before = func(op string) error {
		if op == "put" {
			panic(crash{})
		}
		return nil
	}
	r := d.hold("1", "2026-03-10", "10:00", 30)
	require.PanicsWithValue(t, crash{}, func() { _, _ = d.Request(t.Context(), r.ID, r.Fence, ann) })
	d.emr.before = nil

	got, err := d.colleague(jan).Recover(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)
	got, err = d.Recover(t.Context())
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, r.ID, got[0].ID)
	require.Equal(t, Unknown, got[0].State)
	require.Equal(t, "put interrupted > UNKNOWN", d.journal(r.ID)[4])
	require.Equal(t, 1, d.emr.puts, "nothing was sent by recovering")
}
