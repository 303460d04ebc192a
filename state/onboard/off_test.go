package onboard

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// What was deactivated here is known to every desk of the file, until it is
// activated again.
func TestDeactivationsAreRemembered(t *testing.T) {
	s, err := sandbox.Start(sandbox.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	one, two := openDesk(t, dir, s, nil), openDesk(t, dir, s, nil)
	require.NoError(t, one.Remember(t.Context(), "PRACTICE-101", true))
	require.NoError(t, one.Remember(t.Context(), "PRACTICE-102", true))
	require.NoError(t, two.Remember(t.Context(), "PRACTICE-102", false))
	off, err := two.Deactivated(t.Context())
	require.NoError(t, err)
	require.Len(t, off, 1)
	require.Equal(t, "maria@desk2", off["PRACTICE-101"].Who)
	require.False(t, off["PRACTICE-101"].At.IsZero())
}
