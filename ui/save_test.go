package ui_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/uitest"
)

func TestASavedFileIsThisAccountsAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	env := uitest.Env(t, monday)
	d := uitest.New(t, env, 80, 24, newPad(env, "One"))
	d.Run(env.Save("7", dir, "visit.txt", []byte("Zoë"))).See("Saved as " + dir)
	path := filepath.Join(dir, "visit.txt")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	// What stood there does not decide who reads the next one.
	other := filepath.Join(t.TempDir(), "other")
	require.NoError(t, os.WriteFile(other, []byte("untouched"), 0o644))
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Symlink(other, path))
	d.Run(env.Save("7", dir, "visit.txt", []byte("Zoë again"))).Settle()
	text, err := os.ReadFile(other)
	require.NoError(t, err)
	require.Equal(t, "untouched", string(text))
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "Zoë again", string(text))
	// A folder that cannot be: the words name the file, and nothing is left.
	d.Run(env.Save("7", filepath.Join(path, "below"), "visit.txt", nil)).See("could not be written")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}
