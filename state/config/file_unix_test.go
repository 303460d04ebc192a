//go:build unix

package config

import (
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestSaveModes(t *testing.T) {
	old := unix.Umask(0)
	defer unix.Umask(old)
	root := t.TempDir()
	path := filepath.Join(root, "new", "frontdesk", "config.toml")
	require.NoError(t, (&File{Default: "a"}).Save(path))
	for p, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700, filepath.Join(root, "new"): 0o700} {
		info, err := os.Stat(p)
		require.NoError(t, err)
		require.Equal(t, want, info.Mode().Perm(), p)
	}
	require.NoError(t, (&File{Default: "b"}).Save(path))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside the file")
	err = (&File{Profiles: map[string]*Settings{"A/B": {}}}).Save(path)
	require.ErrorContains(t, err, "is not a name for a profile")
}

func TestRefusedFiles(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  string
	}{
		"link": {func(t *testing.T, path string) {
			require.NoError(t, os.Rename(path, path+".real"))
			require.NoError(t, os.Symlink(path+".real", path))
		}, "is a link, which frontdesk does not follow"},
		"dead link": {func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Symlink("/nowhere/at/all", path))
		}, "is a link"},
		"group may write": {func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o620)) }, "Use: chmod go-w"},
		"all may write":   {func(t *testing.T, path string) { require.NoError(t, os.Chmod(path, 0o602)) }, "can be changed by other accounts"},
		"folder": {func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Mkdir(path, 0o700))
		}, "is not an ordinary file"},
		"pipe": {func(t *testing.T, path string) {
			require.NoError(t, os.Remove(path))
			require.NoError(t, unix.Mkfifo(path, 0o600))
		}, "is not an ordinary file"},
		"other owner": {func(t *testing.T, path string) {
			if os.Geteuid() != 0 {
				t.Skip("only root can give a file to another account")
			}
			require.NoError(t, os.Chown(path, 12345, 12345))
		}, "belongs to another account"},
	} {
		t.Run(name, func(t *testing.T) {
			path := put(t, "theme='dark'\n")
			c.spoil(t, path)
			_, err := Load(path)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, path)
			require.ErrorContains(t, (&File{}).Save(path), c.want)
		})
	}
	path := put(t, strings.Repeat("#", largest+1))
	_, err := Load(path)
	require.ErrorContains(t, err, "is larger than")
	path = put(t, "theme='dark'\n")
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = Load(path)
	require.NoError(t, err, "others may read it: nothing secret is in it")
}

// A full disk is played by the kernel's limit on file sizes, in a process of
// its own because the limit holds for all its files.
func TestSaveOnAFullDiskKeepsTheOldFile(t *testing.T) {
	path := put(t, whole)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "CONFIG_TEST_FULL="+path)
	out, err := child.CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, path+" cannot be written; the old one is unchanged (file too large).", string(out))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, whole, string(data))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func playFullDisk(path string) {
	signal.Ignore(syscall.SIGXFSZ)
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		os.Exit(1)
	}
	limit.Cur = 4096
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		os.Exit(1)
	}
	f := &File{Default: strings.Repeat("x", 5000)}
	os.Stdout.WriteString(f.Save(path).Error())
}

// A session killed while it saves leaves one whole file or the other.
func TestKilledWhileSaving(t *testing.T) {
	path := put(t, "")
	for round := range 12 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "CONFIG_TEST_SAVE="+path)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		_, err = out.Read(make([]byte, 1+round*3))
		require.NoError(t, err)
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
		f, err := Load(path)
		require.NoError(t, err)
		require.Contains(t, []string{strings.Repeat("a", 2000), strings.Repeat("b", 3000)}, f.Default)
	}
}

// TestMain plays the sessions of the tests above.
func TestMain(m *testing.M) {
	if path := os.Getenv("CONFIG_TEST_FULL"); path != "" {
		playFullDisk(path)
		return
	}
	path := os.Getenv("CONFIG_TEST_SAVE")
	if path == "" {
		os.Exit(m.Run())
	}
	for {
		for _, text := range []string{strings.Repeat("a", 2000), strings.Repeat("b", 3000)} {
			if err := (&File{Default: text}).Save(path); err != nil {
				os.Exit(1)
			}
			os.Stdout.WriteString(".")
		}
	}
}
