package booking

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
)

// TestReasonsAreOfAList: what all desks read cannot hold a patient's name.
func TestReasonsAreOfAList(t *testing.T) {
	d := newDesk(t)
	r := d.request(d.hold("1", "2026-03-10", "09:00", 30), ann)
	_, err := d.Cancel(t.Context(), r.ID, "Ann Testperson is ill")
	require.ErrorContains(t, err, "one of a list")
	again, err := d.Load(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, Requested, again.State)
	for _, w := range Whys() {
		require.NotEqual(t, string(w), w.Words())
	}
	for text, want := range map[string]Why{
		"": "", "caller": ByCaller, "practice: Ann Testperson moved": ByPractice, "Ann Testperson": Other, "callers": Other,
	} {
		require.Equal(t, want, CodedWhy(text), text)
	}
}

// TestOldReasonsAreCoded brings a ledger of the first version here: the free
// texts of its cancellations are gone from the file.
func TestOldReasonsAreCoded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	db, err := store.Open(t.Context(), store.Options{Path: path, Migrations: Migrations[:1]})
	require.NoError(t, err)
	old := map[string]struct {
		state       State
		moved, text string
		want        string
	}{
		"1": {Cancelled, "", "caller: Quillfeather is in hospital", "caller"},
		"2": {Cancelled, "", "mistake", "mistake"},
		"3": {Cancelled, "", "callers name is Quillfeather", "other"},
		"4": {Cancelled, "9", "moved to 7K3Q", "moved"},
		"5": {Cancelled, "", "", ""},
		"6": {Lost, "", "the EMR says the time is not free", "the EMR says the time is not free"},
	}
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		for id, o := range old {
			r := Booking{ID: id, Code: "C" + id, State: o.state, Provider: "1", Duration: 15, MovedTo: o.moved, Reason: o.text}
			r.Date.Year, r.Date.Month, r.Date.Day = 2026, 3, 10
			if err := insert(tx, r); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, db.Close())
	db, err = store.Open(t.Context(), store.Options{Path: path, Migrations: Migrations})
	require.NoError(t, err)
	for id, o := range old {
		require.NoError(t, db.Read(t.Context(), func(tx *store.Tx) error {
			r, err := load(tx, id)
			require.Equal(t, o.want, r.Reason, id)
			return err
		}))
	}
	require.NoError(t, db.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(data), "Quillfeather")
}
