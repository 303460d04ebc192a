package onboard

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
	"frontdesk/state/store"
)

// watched are the calls to Updox with a point before and after each.
type watched struct {
	*updox.Client
	point func()
}

func (w watched) Create(ctx context.Context, a updox.Account) (updox.Saved, error) {
	w.point()
	defer w.point()
	return w.Client.Create(ctx, a)
}

func (w watched) Update(ctx context.Context, present, next updox.Account) (updox.Saved, error) {
	w.point()
	defer w.point()
	return w.Client.Update(ctx, present, next)
}

type atExit struct{}

func (atExit) Cleanup(func()) {}

// crashChild takes a practice in and undoes it, and kills itself at the point
// it is told: before and after every transaction and every call that writes.
func crashChild() {
	dir := os.Getenv("ONBOARD_TEST_CHILD")
	var left int
	_, _ = fmt.Sscan(os.Getenv("ONBOARD_TEST_POINT"), &left)
	var mu sync.Mutex
	point := func() {
		mu.Lock()
		defer mu.Unlock()
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(dir, "onboard.db"), Migrations: Migrations})
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	check(err)
	ih := &register{path: filepath.Join(dir, "enterprises.json")}
	ih.before = func(string) error { point(); return nil }
	ih.after = ih.before
	jobs := Open(db, ih, watched{connect(atExit{}, os.Getenv("ONBOARD_TEST_UPDOX")), point}, "maria@desk2")
	jobs.point = func(string) { point() }
	job, err := jobs.Begin(ctx, newHaven())
	check(err)
	_, err = jobs.Run(ctx, job.ID)
	check(err)
	_, err = jobs.Undo(ctx, job.ID)
	check(err)
	os.Exit(0)
}

// A real process is killed at every point, and the next one goes on: each
// vendor has the practice once, whatever was lost.
func TestKillAtEveryPoint(t *testing.T) {
	t.Parallel()
	left := map[[2]State]int{}
	n := 1
	for done := false; !done; n++ {
		s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1})
		require.NoError(t, err)
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "ONBOARD_TEST_CHILD="+dir, "ONBOARD_TEST_UPDOX="+s.URL("updox"), fmt.Sprint("ONBOARD_TEST_POINT=", n))
		cmd.Stderr = os.Stderr
		err = cmd.Run()
		if done = err == nil; !done {
			require.Equal(t, syscall.SIGKILL, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal(), "%v", err)
		}
		d := openDesk(t, dir, s, &register{path: filepath.Join(dir, "enterprises.json")})
		left[d.survive()]++
		require.NoError(t, d.db.(*store.DB).Close())
		require.NoError(t, s.Close())
	}
	t.Logf("%d kills, left behind: %v", n-2, left)
	require.Greater(t, n, 20)
	require.Positive(t, left[[2]State{Sending, Waiting}])
	require.Positive(t, left[[2]State{Done, Sending}])
	require.Positive(t, left[[2]State{Undoing, Done}])
}

// survive goes on with what a killed process left and returns what that was.
func (d *desk) survive() [2]State {
	t := d.t
	t.Helper()
	all, err := d.List(t.Context())
	require.NoError(t, err)
	if len(all) == 0 { // killed before it was written down
		require.Zero(t, d.updox.Requests(creating))
		return [2]State{}
	}
	require.Len(t, all, 1)
	job, was := all[0], states(all[0])
	d.pass(settle)
	job, err = d.Settle(t.Context(), job.ID)
	require.NoError(t, err)
	if job.Closed.IsZero() {
		require.Equal(t, newHaven(), job.Form, "the form is still there")
		job, err = d.Run(t.Context(), job.ID)
		require.NoError(t, err)
	}
	require.Len(t, d.ih.all(), 1, "%v", was)
	require.Equal(t, 1, d.updox.Executions(creating), "%v", was)
	require.LessOrEqual(t, d.updox.Requests(updating), 1, "%v", was)
	if job.Step(AccountStep).State != Undone {
		require.True(t, job.Complete(), "%v", was)
		job, err = d.Undo(t.Context(), job.ID)
		require.NoError(t, err)
	}
	require.Equal(t, Undone, job.Step(AccountStep).State)
	require.LessOrEqual(t, d.updox.Executions(updating), 1, "%v", was)
	a, _ := d.updox.UpdoxAccount("NEWHAVEN-1")
	require.Equal(t, false, a["active"])
	require.Equal(t, Form{Name: newHaven().Name}, job.Form)
	return was
}
