package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"frontdesk/state/store/pgtest"
)

const notes = `CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT NOT NULL);`

func TestMain(m *testing.M) {
	switch os.Getenv("STORE_TEST_CHILD") {
	case "umask":
		syscall.Umask(0o077)
		childWrite()
	case "write":
		childWrite()
	default:
		goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { pgtest.StopShared(); os.Exit(code) }))
	}
}

// childWrite opens the database named by the environment and adds 50 notes.
func childWrite() {
	ctx := context.Background()
	d, err := Open(ctx, Options{
		Path: os.Getenv("STORE_TEST_PATH"), Group: os.Getenv("STORE_TEST_GROUP"), Migrations: []string{notes},
	})
	for n := 0; n < 50 && err == nil; n++ {
		err = d.Write(ctx, func(tx *Tx) error {
			_, err := tx.Exec("INSERT INTO note (words) VALUES (?)", fmt.Sprint(os.Getpid()))
			return err
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// No Close: the process ends like a killed one.
	os.Exit(0)
}

func child(t *testing.T, kind, path, group string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_CHILD="+kind, "STORE_TEST_PATH="+path, "STORE_TEST_GROUP="+group)
	cmd.Stderr = os.Stderr
	return cmd
}

func open(t *testing.T, o Options) *DB {
	t.Helper()
	if o.Migrations == nil {
		o.Migrations = []string{notes}
	}
	d, err := Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func count(t *testing.T, d *DB) (n int) {
	t.Helper()
	require.NoError(t, d.Read(t.Context(), func(tx *Tx) error {
		return tx.One("SELECT count(*) FROM note", nil, &n)
	}))
	return n
}

func add(d *DB, words string) error {
	return d.Write(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES (?)", words)
		return err
	})
}

func TestOpenMakesAPrivateFileInAPrivateFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?#%", "state", "desk.db")
	d := open(t, Options{Path: path})
	require.NoError(t, add(d, "one"))
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + end)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), end)
	}
	info, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	require.Equal(t, 1, count(t, d))

	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 3, "nothing temporary is left")
}

func TestSettings(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "desk.db")})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1",
	} {
		var got string
		require.NoError(t, d.writer.QueryRow("PRAGMA "+pragma).Scan(&got))
		require.Equal(t, want, got, pragma)
	}
	err := d.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO note (words) VALUES ('no')")
		return err
	})
	require.Error(t, err, "a read cannot write")
}

func TestSharedFileIsOpenToItsGroupWhateverTheUmask(t *testing.T) {
	group := otherGroup(t)
	path := filepath.Join(t.TempDir(), "shared", "ledger.db")
	require.NoError(t, child(t, "umask", path, group).Run())
	gid, err := lookupGroup(group)
	require.NoError(t, err)
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + end)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o660), info.Mode().Perm(), end)
		require.Equal(t, gid, groupOf(info), end)
	}
	info, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSetgid)
	require.Equal(t, os.FileMode(0o770), info.Mode().Perm())
	require.Equal(t, 50, count(t, open(t, Options{Path: path, Group: group})))
}

// otherGroup is a group this account may give files to.
func otherGroup(t *testing.T) string {
	if os.Getuid() == 0 {
		return "daemon"
	}
	t.Skip("giving files to another group needs root here")
	return ""
}

func TestSharedFolderMustBePrepared(t *testing.T) {
	group := otherGroup(t)
	dir := t.TempDir()
	_, err := Open(t.Context(), Options{Path: filepath.Join(dir, "l.db"), Group: group, Migrations: []string{notes}})
	require.ErrorContains(t, err, "chmod 2770 "+dir)
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name, want string
		make       func(t *testing.T, path string)
	}{
		{"garbage", "is damaged or not a database", func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("not a database ", 500)), 0o600))
		}},
		{"newer", "made by a newer frontdesk (version 3, this one knows 1)", func(t *testing.T, path string) {
			d, err := Open(t.Context(), Options{Path: path, Migrations: []string{notes, "SELECT 1", "SELECT 1"}})
			require.NoError(t, err)
			require.NoError(t, d.Close())
		}},
		{"foreign", "belongs to another program", func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			_, err = db.Exec("CREATE TABLE theirs (x)")
			require.NoError(t, err)
			require.NoError(t, db.Close())
		}},
		{"folder", "is not an ordinary file", func(t *testing.T, path string) {
			require.NoError(t, os.Mkdir(path, 0o700))
		}},
		{"link", "is not an ordinary file", func(t *testing.T, path string) {
			require.NoError(t, os.Symlink("/etc/passwd", path))
		}},
		{"open folder", "every account may write", func(t *testing.T, path string) {
			require.NoError(t, os.Chmod(filepath.Dir(path), 0o777))
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "desk.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			_, err := Open(t.Context(), Options{Path: path, Migrations: []string{notes}})
			var own *Error
			require.ErrorAs(t, err, &own)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, path)
			after, _ := os.ReadFile(path)
			require.True(t, bytes.Equal(before, after), "the file is left as it was")
		})
	}
}

// A page that was overwritten is told by name when it is read, and kept.
func TestDamagedPageIsSaidAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d := open(t, Options{Path: path})
	for range 40 {
		require.NoError(t, add(d, strings.Repeat("x", 2000)))
	}
	require.NoError(t, d.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 4096; i < len(data); i++ {
		data[i] = 0xA5
	}
	require.NoError(t, os.WriteFile(path, data, 0o600))
	d, err = Open(t.Context(), Options{Path: path, Migrations: []string{notes}})
	if err == nil {
		defer d.Close()
		err = d.Read(t.Context(), func(tx *Tx) error {
			var n int
			return tx.One("SELECT count(words) FROM note", nil, &n)
		})
	}
	require.ErrorContains(t, err, path+" is damaged")
	require.FileExists(t, path)
}

func TestUnknownGroupIsNamed(t *testing.T) {
	_, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "x.db"), Group: "no-such-group-here"})
	require.ErrorContains(t, err, `"no-such-group-here"`)
}

// A wide mode on our own file is narrowed, not only noticed.
func TestOwnFileIsNarrowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	require.NoError(t, open(t, Options{Path: path}).Close())
	require.NoError(t, os.Chmod(path, 0o644))
	open(t, Options{Path: path})
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestMigrationKeepsACopyOfWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d := open(t, Options{Path: path})
	require.NoError(t, add(d, "before"))
	require.NoError(t, d.Close())

	two := []string{notes, "ALTER TABLE note ADD COLUMN star INTEGER NOT NULL DEFAULT 0; UPDATE note SET star = 1;"}
	d = open(t, Options{Path: path, Migrations: two})
	var star int
	require.NoError(t, d.Read(t.Context(), func(tx *Tx) error {
		return tx.One("SELECT star FROM note", nil, &star)
	}))
	require.Equal(t, 1, star)

	copies, err := filepath.Glob(path + ".v1-*.bak")
	require.NoError(t, err)
	require.Len(t, copies, 1)
	info, err := os.Stat(copies[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, 1, count(t, open(t, Options{Path: copies[0]})), "the copy is a whole version 1")
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	require.NoError(t, open(t, Options{Path: path}).Close())
	_, err := Open(t.Context(), Options{Path: path, Migrations: []string{notes, "CREATE TABLE b (x); SELECT nonsense FROM nowhere;"}})
	require.Error(t, err)
	d := open(t, Options{Path: path})
	var n int
	require.NoError(t, d.reader.QueryRow("SELECT count(*) FROM sqlite_master WHERE name = 'b'").Scan(&n))
	require.Zero(t, n)
}

func TestSeveralProcessesMakeAndFillOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "x.db")
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if err := child(t, "write", path, "").Run(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Equal(t, 300, count(t, open(t, Options{Path: path})))
}

func TestOwnErrorComesBackAndNothingIsKept(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	mine := errors.New("mine")
	err := d.Write(t.Context(), func(tx *Tx) error {
		if _, err := tx.Exec("INSERT INTO note (words) VALUES ('x')"); err != nil {
			return err
		}
		return mine
	})
	require.Same(t, mine, err)
	require.Zero(t, count(t, d))
}

func TestPanicReleasesTheLock(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	require.Panics(t, func() {
		_ = d.Write(t.Context(), func(*Tx) error { panic("x") })
	})
	require.NoError(t, add(d, "after"))
}

func TestCancelledContextWritesNothing(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("INSERT INTO note (words) VALUES ('x')"); err != nil {
			return err
		}
		cancel()
		return nil
	})
	require.Error(t, err)
	require.Zero(t, count(t, d))
}

// The disk is full from the n-th page on, for every n: each failure is said,
// what was acknowledged stays, and writing works again when there is space.
func TestDiskFullAtEveryPage(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	var pages, kept, failed int
	require.NoError(t, d.writer.QueryRow("PRAGMA page_count").Scan(&pages))
	text := strings.Repeat("x", 3000)
	for limit := pages; limit < pages+12; limit++ {
		_, err := d.writer.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", limit))
		require.NoError(t, err)
		for range 3 {
			if err := add(d, text); err != nil {
				require.ErrorContains(t, err, "the disk is full")
				failed++
				continue
			}
			kept++
		}
		require.Equal(t, kept, count(t, d))
	}
	require.Positive(t, failed)
	require.Positive(t, kept)
	_, err := d.writer.Exec("PRAGMA max_page_count = 1000000")
	require.NoError(t, err)
	require.NoError(t, add(d, text))
}

func TestTimeIsTheDatabasesOwn(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	start := time.Now().UTC().Truncate(time.Millisecond)
	var now time.Time
	require.NoError(t, d.Write(t.Context(), func(tx *Tx) error { now = tx.Now; return nil }))
	require.False(t, now.Before(start))
	require.WithinDuration(t, start, now, time.Minute)
	require.Equal(t, time.UTC, now.Location())
}

// The host was an hour ahead and is set right: the time in the file stays
// where it was, and goes on from there.
func TestHostClockGoingBack(t *testing.T) {
	d := open(t, Options{Path: filepath.Join(t.TempDir(), "x.db")})
	now := func(read func(context.Context, func(*Tx) error) error) (at time.Time) {
		require.NoError(t, read(t.Context(), func(tx *Tx) error { at = tx.Now; return nil }))
		return at
	}
	first := now(d.Write)
	_, err := d.writer.Exec("UPDATE store_clock SET now_ms = now_ms + 3600000, host_ms = host_ms + 3600000")
	require.NoError(t, err)
	for range 3 {
		ahead := first.Add(time.Hour)
		require.False(t, now(d.Read).Before(ahead))
		require.False(t, now(d.Write).Before(ahead))
	}
	require.WithinDuration(t, first.Add(time.Hour), now(d.Write), time.Minute)
}

func TestTick(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var now, last int64
		host := rapid.Int64Range(1, 1e12).Draw(t, "start")
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			step := rapid.Int64Range(-1e8, 1e8).Draw(t, "step")
			host = max(1, host+step)
			next := tick(now, last, host)
			if next < now {
				t.Fatalf("went back from %d to %d", now, next)
			}
			if step > 0 && next == now && now > 0 && step > 4 {
				t.Fatalf("stood still while the host went on by %d", step)
			}
			if next < host {
				t.Fatalf("fell behind the host")
			}
			now, last = next, host
		}
	})
	// An hour ahead is made good within four hours.
	now, last := int64(3600e3), int64(0)
	for range 4 * 60 {
		now, last = tick(now, last, last+60e3), last+60e3
	}
	require.Equal(t, last, now)
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.db")
	for b.Loop() {
		d, err := Open(b.Context(), Options{Path: path, Migrations: []string{notes}})
		require.NoError(b, err)
		d.Close()
	}
}

func BenchmarkWrite(b *testing.B) {
	d, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "x.db"), Migrations: []string{notes}})
	require.NoError(b, err)
	defer d.Close()
	for b.Loop() {
		require.NoError(b, add(d, "x"))
	}
}
