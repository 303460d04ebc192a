package faulttest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

func TestContradiction(t *testing.T) {
	lost := &rest.Error{Kind: rest.KindTransport, Phase: rest.Unknown, Ambiguous: true}
	no := &rest.Error{Kind: rest.KindValidation, Phase: rest.Refused}
	for _, c := range []struct {
		err      error
		executed int
		want     string
	}{
		{nil, 1, ""},
		{lost, 0, ""},
		{lost, 1, ""},
		{no, 0, ""},
		{nil, 0, "a success that was not executed"},
		{nil, 2, "executed 2 times"},
		{lost, 2, "executed 2 times"},
		{no, 1, "executed, and told otherwise"},
		{errors.New("no"), 1, "an error of another type"},
		{&rest.Error{Phase: rest.Unknown}, 0, "the phase does not fit"},
		{&rest.Error{Phase: rest.Refused, Ambiguous: true}, 1, "the phase does not fit"},
	} {
		require.Equal(t, c.want, contradiction(c.err, c.executed), "%v, %d", c.err, c.executed)
	}
}

func TestTroublesOfAVendor(t *testing.T) {
	own := Troubles(Trouble{Name: "502", Rule: Harmless}, Trouble{Name: "of her own", Rule: Harmless})
	require.Len(t, own, len(common)+1, "one takes the place of a common one")
	place := func(all []Trouble, name string) int {
		for i, tr := range all {
			if tr.Name == name {
				return i
			}
		}
		return -1
	}
	require.Equal(t, place(common, "502"), place(own, "502"))
	require.Equal(t, Harmless, own[place(own, "502")].Rule)
	require.Equal(t, VendorFailed, common[place(common, "502")].Rule, "another vendor's are as they were")
	fewer := Without(own, "502", "of her own")
	require.Len(t, fewer, len(common)-1)
	require.Equal(t, -1, place(fewer, "502"))
	require.Panics(t, func() { Without(fewer, "502") }, "what is left out has to be there")
}

// A trouble of the same name twice would be one cell for two.
func TestNamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, tr := range common {
		require.False(t, seen[tr.Name], tr.Name)
		seen[tr.Name] = true
	}
}

func TestAlter(t *testing.T) {
	v := said(t, map[string]any{"Name": "Ada", "Born": "1987-07-23", "Calls": []string{"Bo", "10:15"}, "Age": 3})
	require.Equal(t, map[string]any{"Name": "x", "Born": "1987-07-23", "Calls": []any{"x", "10:15"}, "Age": 3.0},
		alter("", v, texts("x")))
}
