package ui_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARevealIsOfTheRecordsAskedForAndEnds(t *testing.T) {
	d, _, _ := open(t, 80, 24)
	e := d.Env
	var trail []string
	e.Audit = func(op, record string) { trail = append(trail, op+" "+record) }
	e.Reveal("7", "", "8", "7")
	require.Equal(t, []string{"reveal 7", "reveal 8"}, trail)
	require.Equal(t, "1987-07-23", e.Birth("7", "1987-07-23"))
	require.Equal(t, "212-555-0177", e.Ending("8", "212-555-0177"))
	require.Equal(t, "1987-**-**", e.Birth("9", "1987-07-23"))
	require.Equal(t, "***0177", e.Ending("", "212-555-0177"))
	require.Equal(t, "z***@example.com", e.Mail("9", "zoe@example.com"))
	require.Equal(t, "****", e.Veil("9", "secret"))
	d.Type("2")
	require.Equal(t, "1987-**-**", e.Birth("7", "1987-07-23"), "the same number can be somebody else's there")
	e.Reveal("")
	require.Equal(t, "1987-**-**", e.Birth("", "1987-07-23"), "nobody's id is not everybody's")
	require.Len(t, trail, 2)
}
