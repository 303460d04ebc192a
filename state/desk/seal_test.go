package desk

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func newSeal(t require.TestingT) *Seal {
	s, err := NewSeal(NewKey())
	require.NoError(t, err)
	return s
}

func TestSealOpensOnlyUnchangedAtItsPlace(t *testing.T) {
	s := newSeal(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[a-z|]{0,3}`)
		gen := rapid.Custom(func(rt *rapid.T) place {
			return place{text.Draw(rt, "table"), text.Draw(rt, "id"), text.Draw(rt, "kind"), text.Draw(rt, "record"),
				rapid.IntRange(0, 3).Draw(rt, "uid"), rapid.Int64Range(0, 3).Draw(rt, "version")}
		})
		p, q := gen.Draw(rt, "place"), gen.Draw(rt, "other")
		plain := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(rt, "plain")
		sealed := s.close(p, plain)
		got, err := s.open(p, sealed)
		require.NoError(rt, err)
		require.Equal(rt, string(plain), string(got))
		if p != q {
			_, err = s.open(q, sealed)
			require.ErrorIs(rt, err, errSealed)
		}
		bit := rapid.IntRange(0, 8*len(sealed)-1).Draw(rt, "bit")
		sealed[bit/8] ^= 1 << (bit % 8)
		_, err = s.open(p, sealed)
		require.ErrorIs(rt, err, errSealed)
	})
}

func TestSealNeedsItsKey(t *testing.T) {
	p := place{table: "draft", id: "1"}
	sealed := newSeal(t).close(p, []byte("x"))
	for _, s := range []*Seal{nil, newSeal(t)} {
		_, err := s.open(p, sealed)
		require.ErrorIs(t, err, errSealed)
	}
	_, err := newSeal(t).open(p, sealed[:20])
	require.ErrorIs(t, err, errSealed)
	for _, n := range []int{0, 31, 33} {
		_, err := NewSeal(make([]byte, n))
		require.ErrorContains(t, err, "stay in memory")
	}
}

// A row put into another's place, or an old blob under a newer version, does
// not open and is counted, not shown.
func TestSwappedRowsAreRefused(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	a, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "1", Values: map[string]string{"x": "one"}})
	require.NoError(t, err)
	b, err := d.Drafts.Save(t.Context(), Draft{Kind: "a.edit", Key: "2", Values: map[string]string{"x": "two"}})
	require.NoError(t, err)
	s.exec(`UPDATE draft SET sealed = (SELECT sealed FROM draft WHERE id = ?) WHERE id = ?`, a.ID, b.ID)
	list, closed, err := d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, closed)
	require.Len(t, list, 1)
	require.Equal(t, a.ID, list[0].ID)

	s.exec("UPDATE draft SET version = version + 1 WHERE id = ?", a.ID)
	_, closed, err = d.Drafts.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, closed)
	_, err = d.Drafts.TakeOver(t.Context(), a.ID)
	require.ErrorContains(t, err, "cannot be opened")
}

func TestEnqueuedRowsCannotBeSwapped(t *testing.T) {
	s := newSite(t)
	d := s.desk("1")
	in := Intent{Vendor: "v", Op: "comment", Class: "c", Record: "1", Payload: []byte("one")}
	a, err := d.Outbox.Enqueue(t.Context(), in)
	require.NoError(t, err)
	b, err := d.Outbox.Enqueue(t.Context(), Intent{Vendor: "v", Op: "comment", Class: "c", Record: "1", Payload: []byte("two")})
	require.NoError(t, err)
	s.exec(`UPDATE outbox SET sealed = (SELECT sealed FROM outbox WHERE id = ?) WHERE id = ?`, a.ID, b.ID)
	_, err = d.Outbox.Claim(t.Context(), b.ID)
	require.ErrorIs(t, err, ErrLost)
	s.exec("UPDATE outbox SET op = 'terminate' WHERE id = ?", a.ID)
	_, err = d.Outbox.Claim(t.Context(), a.ID)
	require.ErrorIs(t, err, ErrLost)
}
