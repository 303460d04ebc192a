package booking

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// claimChild is one desk of the soak: random overlapping claims, some of which
// are given back, run out or get a person.
func claimChild() {
	seed, _ := strconv.ParseUint(os.Getenv("BOOKING_TEST_SEED"), 10, 64)
	claims, _ := strconv.Atoi(os.Getenv("BOOKING_TEST_CLAIMS"))
	ctx, dice := context.Background(), rand.New(rand.NewPCG(seed, 7))
	db, err := store.Open(ctx, options(os.Getenv("BOOKING_TEST_LEDGER")))
	if err == nil {
		who := Actor{UID: int(seed), User: fmt.Sprint("desk", seed), Host: "host"}
		b := Open(db, nil, Options{Actor: who})
		for n := 0; n < claims && err == nil; n++ {
			err = claimOnce(ctx, b, dice)
			var busy *store.Error
			if errors.As(err, &busy) && busy.Busy {
				err = nil // nothing was done; a person would try again
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0) // like a killed process: nothing is closed
}

func claimOnce(ctx context.Context, b *Book, dice *rand.Rand) error {
	var r Booking
	err := b.db.Write(ctx, func(tx *store.Tx) error {
		start := plus(civil.DateTime{Date: date("2026-03-10"), Time: tod("08:00")}, dice.IntN(200)*5)
		var err error
		r, err = claim(tx, b.o.Actor, Booking{
			Provider: naturaesoft.ID(fmt.Sprint(1 + dice.IntN(6))), Date: start.Date, Time: start.Time,
			Duration: 15 + 15*dice.IntN(4), Prospect: person(dice),
		}, time.Minute)
		return err
	})
	if errors.As(err, new(*TakenError)) {
		return nil
	}
	if err != nil {
		return err
	}
	switch dice.IntN(10) {
	case 0, 1, 2:
		_, err = b.Release(ctx, r.ID, r.Fence)
	case 3, 4:
		_, err = b.SetPerson(ctx, r.ID, r.Fence, person(dice)+"1")
	case 5:
		err = pass(b.db, 30*time.Second)
	case 6, 7:
		_, err = b.change(ctx, r.ID, "put", "done", setState(Requested))
	}
	var refused *RefusedError
	if errors.As(err, new(*TakenError)) || errors.As(err, new(*LeaseError)) || errors.As(err, &refused) {
		return nil
	}
	return err
}

func person(dice *rand.Rand) naturaesoft.ID {
	return naturaesoft.ID([]string{"", "1", "2", "3", "4", "5", "6", "7", "8", "9"}[dice.IntN(10)])
}

// TestClaimsOfManyProcesses lets processes claim on one ledger: 8 with 60
// claims each, and with FRONTDESK_SOAK=1 with 10,000, and 50 with 200.
func TestClaimsOfManyProcesses(t *testing.T) { onBoth(t, testClaimsOfManyProcesses) }

func testClaimsOfManyProcesses(t *testing.T) {
	if os.Getenv("FRONTDESK_SOAK") == "" {
		t.Parallel()
		claimsOf(t, 8, 60)
		return
	}
	claimsOf(t, 8, 10_000)
	claimsOf(t, 50, 200)
}

func claimsOf(t *testing.T, processes, claims int) {
	place := newPlace(t)
	start := time.Now()
	var group sync.WaitGroup
	for n := range processes {
		group.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "BOOKING_TEST_CHILD=claims", "BOOKING_TEST_LEDGER="+place,
				"BOOKING_TEST_SEED="+itoa(n+1), "BOOKING_TEST_CLAIMS="+itoa(claims))
			cmd.Stderr = os.Stderr
			if err := cmd.Run(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	db, err := store.Open(t.Context(), options(place))
	require.NoError(t, err)
	defer db.Close()
	events := requireNoOverlaps(t, db)
	var held, states int
	require.NoError(t, db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.One("SELECT count(*), count(DISTINCT state) FROM booking", nil, &held, &states)
	}))
	require.Greater(t, held, processes, "the desks did get some time")
	require.GreaterOrEqual(t, states, 4)
	deadlocks := "none possible"
	if onServer(t) {
		deadlocks, err = cluster(t).Ask("frontdesk", "SELECT deadlocks FROM pg_stat_database WHERE datname = 'frontdesk'")
		require.NoError(t, err)
		require.Equal(t, "0", deadlocks)
	}
	t.Logf("%d processes x %d claims: %d granted, %d journal prefixes without overlap, deadlocks: %s, %v, %.0f claims per second",
		processes, claims, held, events, deadlocks, took.Round(time.Millisecond), float64(processes*claims)/took.Seconds())
}

// Eight desks want the same time at the same moment, over and over: one has it.
func TestOneOfEightGetsTheTime(t *testing.T) { onBoth(t, testOneOfEightGetsTheTime) }

func testOneOfEightGetsTheTime(t *testing.T) {
	d := newDesk(t)
	var desks []*desk
	for n := range 8 {
		desks = append(desks, d.colleague(Actor{UID: n, User: "desk" + itoa(n), Host: "host" + itoa(n), Session: itoa(n)}))
	}
	for round := range 25 {
		o := opening("1", "2026-03-10", clock(plus(now, round*15).Time), 15)
		var won, lost atomic.Int64
		var group sync.WaitGroup
		for _, d := range desks {
			group.Go(func() {
				_, err := d.Hold(t.Context(), o, "", HoldOptions{})
				switch {
				case err == nil:
					won.Add(1)
				case errors.As(err, new(*TakenError)):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, won.Load())
		require.EqualValues(t, 7, lost.Load())
	}
	requireNoOverlaps(t, d.db)
}

// A number that was overtaken opens nothing, 200 times out of 200, whatever the
// workstation's own clock says.
func TestStaleFenceIsRefused(t *testing.T) { onBoth(t, testStaleFenceIsRefused) }

func testStaleFenceIsRefused(t *testing.T) {
	d := newDesk(t)
	d.o.Now = func() time.Time { return monday().Add(2 * time.Hour) }
	other := d.colleague(jan)
	refused := 0
	for n := range 50 {
		at := clock(plus(now, n*5).Time)
		r := d.hold("1", "2026-03-10", at, 5)
		d.pass(5*time.Minute + time.Second)
		if n%2 == 0 {
			other.hold("1", "2026-03-10", at, 5)
		}
		for _, err := range []error{
			second(d.Extend(t.Context(), r.ID, r.Fence)),
			second(d.SetPerson(t.Context(), r.ID, r.Fence, "55")),
			second(d.Request(t.Context(), r.ID, r.Fence, ann)),
			second(d.Extend(t.Context(), r.ID, r.Fence-1)),
		} {
			require.ErrorAs(t, err, new(*LeaseError))
			refused++
		}
	}
	require.Equal(t, 200, refused)
	require.Zero(t, d.emr.puts)
}

// requireNoOverlaps replays the journal: after every step no two live records
// overlap for a provider or a person. It returns the number of steps.
func requireNoOverlaps(t *testing.T, db *store.DB) int {
	t.Helper()
	type interval struct {
		provider, prospect, starts, ends string
		state                            State
	}
	all := map[string]interval{}
	alive := map[string]interval{}
	steps := 0
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		err := tx.Query(func(scan func(...any) error) error {
			var id string
			var v interval
			err := scan(&id, &v.provider, &v.starts, &v.ends)
			all[id] = v
			return err
		}, "SELECT id, provider, starts, ends FROM booking")
		if err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			var id string
			var state State
			var prospect string
			if err := scan(&id, &state, &prospect); err != nil {
				return err
			}
			steps++
			v := all[id]
			v.state, v.prospect = state, prospect
			delete(alive, id)
			if !state.Live() {
				return nil
			}
			for other, o := range alive {
				same := o.provider == v.provider || v.prospect != "" && o.prospect == v.prospect
				if same && o.starts < v.ends && v.starts < o.ends {
					return fmt.Errorf("step %d: %s and %s overlap: %v %v", steps, id, other, v, o)
				}
			}
			alive[id] = v
			return nil
		}, "SELECT booking, state, prospect FROM booking_event ORDER BY seq")
	})
	require.NoError(t, err)
	return steps
}
