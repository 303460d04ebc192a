package booking

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/store"
)

func TestEveryStateIsReachedFromAHoldAndKnown(t *testing.T) {
	reached, open := []State{Held}, []State{Held}
	for len(open) > 0 {
		s := open[0]
		open = open[1:]
		for _, to := range next[s] {
			if !slices.Contains(reached, to) {
				reached, open = append(reached, to), append(open, to)
			}
		}
	}
	require.ElementsMatch(t, urgency, reached)
}

// Time that was given up may only be taken back where the overlap rule is
// asked again; match.take does so for VANISHED.
func TestNothingComesBackToLifeUnasked(t *testing.T) {
	for from, to := range next {
		for _, s := range to {
			if !from.Live() && s.Live() {
				require.Equal(t, Vanished, from)
				require.Equal(t, Seen, s)
			}
		}
	}
}

func TestDoneStatesKeepNoTime(t *testing.T) {
	for _, s := range urgency {
		if s.Done() {
			require.False(t, s.Live(), s)
		}
	}
	require.False(t, Confirmed.Done(), "a confirmed visit can still vanish")
	require.True(t, Expired.Done())
}

// A move that is not in the table is refused by the ledger itself.
func TestIllegalMoveIsRefused(t *testing.T) { onBoth(t, testIllegalMoveIsRefused) }

func testIllegalMoveIsRefused(t *testing.T) {
	d := newDesk(t)
	r := d.hold("1", "2026-03-10", "09:00", 30)
	_, err := d.Confirm(t.Context(), r.ID, "")
	require.ErrorContains(t, err, "HELD cannot be confirmed")
	_, err = d.Cancel(t.Context(), r.ID, "")
	require.ErrorContains(t, err, "HELD cannot be cancelled")
	_, err = d.change(t.Context(), r.ID, "x", "y", setState(Overdue))
	require.ErrorContains(t, err, "HELD cannot become OVERDUE")
	require.Equal(t, Held, d.load(r.ID).State)
}

func setState(to State) func(*store.Tx, *Booking) error {
	return func(_ *store.Tx, r *Booking) error {
		r.State = to
		return nil
	}
}

// The constraint of a server knows every state that keeps its time, and none
// that does not.
func TestConstraintKnowsTheLiveStates(t *testing.T) {
	_, rule, found := strings.Cut(schema, "ADD CONSTRAINT booking_alone")
	require.True(t, found)
	for _, s := range urgency {
		require.Equal(t, s.Live(), strings.Contains(rule, "'"+s.Word()+"'"), s)
	}
}
