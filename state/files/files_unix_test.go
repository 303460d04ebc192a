//go:build unix

package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("12345"), 0o600))
	return path
}

// spoilt makes a file, or a folder, what the flaw says.
var spoilt = map[string]struct {
	flaw Flaw
	do   func(t *testing.T, path string)
}{
	"link": {Link, func(t *testing.T, path string) {
		require.NoError(t, os.Rename(path, path+".real"))
		require.NoError(t, os.Symlink(path+".real", path))
	}},
	"dead link": {Link, func(t *testing.T, path string) {
		require.NoError(t, os.Remove(path))
		require.NoError(t, os.Symlink("/nowhere/at/all", path))
	}},
	"pipe": {Odd, func(t *testing.T, path string) {
		require.NoError(t, os.Remove(path))
		require.NoError(t, unix.Mkfifo(path, 0o600))
	}},
	"folder": {Odd, func(t *testing.T, path string) {
		require.NoError(t, os.Remove(path))
		require.NoError(t, os.Mkdir(path, 0o700))
	}},
	"group may read": {Exposed, func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o640)) }},
	"all may write":  {Exposed, func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o602)) }},
	"another's": {Foreign, func(t *testing.T, path string) {
		if os.Geteuid() != 0 {
			t.Skip("skipped: only root can give a file to another account")
		}
		require.NoError(t, os.Chown(path, 12345, 12345))
	}},
}

func TestFlaws(t *testing.T) {
	for name, c := range spoilt {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			c.do(t, path)
			r := Rule{Closed: 0o077}
			for _, flag := range []int{os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND | os.O_CREATE} {
				_, err := r.Open(path, flag)
				flaw, _ := errors.AsType[Flaw](err)
				require.Equal(t, c.flaw, flaw, "%v", err)
			}
			data, err := r.Read(path, 10)
			require.Equal(t, c.flaw, err)
			require.Nil(t, data)
			require.Equal(t, c.flaw, r.File(path))
		})
	}
}

func TestRead(t *testing.T) {
	path := file(t)
	r := Rule{Closed: 0o022}
	for limit, want := range map[int]error{4: Large, 5: nil, 6: nil} {
		data, err := r.Read(path, limit)
		require.ErrorIs(t, err, want, limit)
		require.Equal(t, want == nil, string(data) == "12345", limit)
	}
	require.NoError(t, os.Chmod(path, 0o644))
	_, err := r.Read(path, 5)
	require.NoError(t, err, "only the named bits are closed")
	for _, missing := range []string{path + "no", filepath.Join(path+"no", "file")} {
		_, err = r.Read(missing, 5)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorIs(t, r.File(missing), fs.ErrNotExist)
		require.ErrorIs(t, r.Folder(missing), fs.ErrNotExist)
	}
}

func TestOpenMakesAFileOfThisAccountAlone(t *testing.T) {
	defer unix.Umask(unix.Umask(0))
	path := file(t) + ".new"
	f, err := Rule{Closed: 0o077}.Open(path, os.O_WRONLY|os.O_CREATE)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
}

func TestFolder(t *testing.T) {
	path := file(t)
	dir := filepath.Dir(path)
	r := Rule{Closed: 0o022}
	require.Equal(t, Odd, r.Folder(path))
	require.NoError(t, os.Symlink(dir, path+".link"))
	require.NoError(t, r.Folder(path+".link"), "a person may keep the folder elsewhere")
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, r.Folder(dir))
	require.NoError(t, os.Chmod(dir, 0o770))
	require.Equal(t, Exposed, r.Folder(dir))
	require.Equal(t, Exposed, r.Folder(path+".link"), "the folder counts, not the link")
}

// Root's files are strangers' to everybody else, unless the rule says so.
func TestRootMayOwn(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("skipped: to root every file of root is its own")
	}
	require.Equal(t, Foreign, Rule{}.Folder("/dev"))
	require.NoError(t, Rule{Root: true}.Folder("/dev"))
}

func TestStage(t *testing.T) {
	defer unix.Umask(unix.Umask(0))
	dir := t.TempDir()
	path, err := Stage(dir, ".new-*.tmp", []byte("whole"))
	require.NoError(t, err)
	require.Equal(t, dir, filepath.Dir(path))
	data, err := Rule{Closed: 0o077}.Read(path, 10)
	require.NoError(t, err)
	require.Equal(t, "whole", string(data))
	require.NoError(t, SyncFolder(dir))

	_, err = Stage(path, ".new-*.tmp", nil)
	require.Error(t, err, "no folder")
	require.Error(t, SyncFolder(dir+".missing"))
}

// A full disk is played by the kernel's limit on file sizes, in a process of
// its own because the limit holds for all its files.
func TestStageOnAFullDiskLeavesNothing(t *testing.T) {
	if dir := os.Getenv("FILES_TEST_FULL"); dir != "" {
		require.NoError(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 4096, Max: 4096}))
		signal.Ignore(unix.SIGXFSZ)
		_, err := Stage(dir, "*", []byte(strings.Repeat("x", 5000)))
		require.ErrorIs(t, err, unix.EFBIG)
		return
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "FILES_TEST_FULL="+dir)
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "PASS: "+t.Name())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "lock")
		release, err := Lock(t.Context(), path)
		require.NoError(t, err)
		late := errors.New("too late")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, late)
		defer cancel()
		start := time.Now()
		_, err = Lock(ctx, path)
		require.Equal(t, late, err)
		require.Equal(t, time.Minute, time.Since(start))

		got := make(chan error)
		go func() {
			second, err := Lock(t.Context(), path)
			if err == nil {
				second()
			}
			got <- err
		}()
		synctest.Wait()
		release()
		require.NoError(t, <-got)
	})
}

func TestLockFollowsNoLink(t *testing.T) {
	path := file(t)
	require.NoError(t, os.Symlink(path, path+".lock"))
	_, err := Lock(t.Context(), path+".lock")
	require.ErrorIs(t, err, unix.ELOOP)
	_, err = Lock(t.Context(), filepath.Join(path, "lock"))
	require.ErrorIs(t, err, unix.ENOTDIR)
}
