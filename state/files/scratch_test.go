//go:build unix

package files

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// left makes the scratch folder of a program that is no more, beside a file
// elsewhere that a link in it leads to.
func left(t *testing.T, parent string) (dir, elsewhere string) {
	t.Helper()
	dir, err := os.MkdirTemp(parent, "play-")
	require.NoError(t, err)
	outside := t.TempDir()
	elsewhere = filepath.Join(outside, "kept")
	require.NoError(t, os.WriteFile(elsewhere, nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, inUse), nil, 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "sub"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sub", "ledger.db"), nil, 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "sub", "link")))
	return dir, elsewhere
}

func TestScratch(t *testing.T) {
	parent := t.TempDir()
	dead, elsewhere := left(t, parent)
	one, done, err := Scratch(t.Context(), parent, "play-")
	require.NoError(t, err)
	require.NoDirExists(t, dead, "nobody uses it")
	require.FileExists(t, elsewhere, "a link is not followed")
	require.NoError(t, mine.Folder(one))
	require.NoError(t, os.WriteFile(filepath.Join(one, "ledger.db"), nil, 0o600))

	two, doneToo, err := Scratch(t.Context(), parent, "play-")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	require.FileExists(t, filepath.Join(one, "ledger.db"), "it is in use")
	done()
	doneToo()
	rest, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Empty(t, rest)
}

// What is not surely the scratch folder of this account is left alone.
func TestScratchLeavesOthersAlone(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"another name":    func(t *testing.T, dir string) { require.NoError(t, os.Rename(dir, filepath.Dir(dir)+"/other")) },
		"no lock":         func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, inUse))) },
		"open to others":  func(t *testing.T, dir string) { require.NoError(t, os.Chmod(dir, 0o755)) },
		"another account": func(t *testing.T, dir string) { chown(t, dir) },
		"another's lock":  func(t *testing.T, dir string) { chown(t, filepath.Join(dir, inUse)) },
		"a link": func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(dir, filepath.Dir(dir)+"/other"))
			require.NoError(t, os.Symlink("other", dir))
		},
		"the lock, a link": func(t *testing.T, dir string) { spoilt["link"].do(t, filepath.Join(dir, inUse)) },
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir, elsewhere := left(t, parent)
			spoil(t, dir)
			_, done, err := Scratch(t.Context(), parent, "play-")
			require.NoError(t, err)
			done()
			require.FileExists(t, elsewhere)
			found, err := filepath.Glob(filepath.Join(parent, "*", "sub", "ledger.db"))
			require.NoError(t, err)
			require.NotEmpty(t, found)
		})
	}
}

func chown(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	require.NoError(t, os.Chown(path, 12345, 12345))
}
