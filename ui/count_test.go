package ui

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Only one is singular: "0 families" is not "0 family".
func TestOnlyOneIsSingular(t *testing.T) {
	for n, want := range map[int]string{0: "0 families", 1: "1 family", 2: "2 families", 1200: "1200 families"} {
		require.Equal(t, want, Count(n, "family", "families"))
	}
}
