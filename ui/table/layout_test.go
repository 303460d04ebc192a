package table

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/ui/theme"
)

func TestColumnsShareTheWidth(t *testing.T) {
	text := func(v visit) string { return v.who }
	cols := []Column[visit]{
		{Min: 8, Cell: text},
		{Min: 4, Max: 6, Drop: 1, Cell: text},
		{Min: 6, Max: 6, Drop: 3, Cell: text},
		{Min: 10, Drop: 3, Cell: text},
	}
	for _, c := range []struct {
		width  int
		widths []int
		gap    int
		tight  bool
	}{
		{100, []int{39, 6, 6, 40}, 2, false},
		{37, []int{8, 4, 6, 10}, 2, false},
		{36, []int{9, 5, 6, 10}, 1, false}, // closer together before any goes
		{34, []int{8, 4, 6, 10}, 1, false},
		{33, []int{16, 6, 6, 0}, 1, false}, // of two alike the right one goes
		{22, []int{12, 6, 0, 0}, 1, false},
		{15, []int{12, 0, 0, 0}, 1, false},
		{11, []int{8, 0, 0, 0}, 1, false},
		{10, []int{8, 0, 0, 0}, 1, true},
	} {
		tb := New(theme.New(theme.Options{}), id, cols...)
		tb.Resize(c.width, 10)
		require.Equal(t, c.widths, tb.widths, c.width)
		require.Equal(t, c.gap, tb.gap, c.width)
		require.Equal(t, c.tight, tb.tight, c.width)
		tb.Resize(200, 10)
		require.NotContains(t, tb.widths, 0, "columns come back")
	}
}
