package console

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/state/desk"
	"frontdesk/state/onboard"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/views/cli"
)

func opened(t *testing.T, dir string) bench {
	k := cli.Keys{Seal: make([]byte, 32), Clinic: make([]byte, 32)}
	d, err := cli.OpenDesk(t.Context(), dir, k, cli.Choices{})
	require.NoError(t, err)
	t.Cleanup(d.Shut)
	return bench{d}
}

func queue(t *testing.T, b bench) string {
	id, undo, err := b.Queue(t.Context(), ui.Intent{Vendor: "EMR", Op: "create prospect", Record: "7", Payload: []byte(`{"a":1}`)})
	require.NoError(t, err)
	require.Zero(t, undo)
	return id
}

func state(t *testing.T, b bench, id string) desk.State {
	all, err := b.Outbox.List(t.Context(), desk.Filter{})
	require.NoError(t, err)
	for _, it := range all {
		if it.ID == id {
			return it.State
		}
	}
	t.Fatal("the entry is gone")
	return ""
}

// Whatever is not known to have failed may have landed.
func TestHowAWriteEnded(t *testing.T) {
	refused := &rest.Error{Vendor: "EMR", Op: "create prospect", Kind: rest.KindValidation, Phase: rest.Refused}
	lost := &rest.Error{Vendor: "EMR", Op: "create prospect", Kind: rest.KindTransport, Phase: rest.Unknown, Ambiguous: true}
	for want, errs := range map[desk.State][]error{
		desk.Done:    {nil, landedError{}},
		desk.Refused: {refused, fmt.Errorf("wrapped: %w", refused), errors.New("the form is not complete"), &booking.LostError{}},
		desk.Unknown: {lost, fmt.Errorf("wrapped: %w", lost), &booking.UnknownError{}, &onboard.UnknownError{}, context.Canceled, context.DeadlineExceeded},
	} {
		for _, err := range errs {
			b := opened(t, t.TempDir())
			id := queue(t, b)
			runs := 0
			require.Equal(t, err, b.Send(t.Context(), id, func(context.Context) error { runs++; return err }))
			require.Equal(t, want, state(t, b, id), "%v", err)
			require.Error(t, b.Send(t.Context(), id, func(context.Context) error { runs++; return nil }), "an entry is sent once")
			require.Equal(t, 1, runs)
		}
	}
}

type landedError struct{}

func (landedError) Error() string { return "added, and not found again" }
func (landedError) Landed() bool  { return true }

func TestOutcomeIsKeptThoughNobodyWaits(t *testing.T) {
	b := opened(t, t.TempDir())
	id := queue(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	_ = b.Send(ctx, id, func(context.Context) error { cancel(); return nil })
	require.Equal(t, desk.Done, state(t, b, id))
}

func TestUnsettledAndResolved(t *testing.T) {
	dir := t.TempDir()
	b := opened(t, dir)
	var ids []string
	for range 4 {
		id := queue(t, b)
		ids = append(ids, id)
		_ = b.Send(t.Context(), id, func(context.Context) error { return context.DeadlineExceeded })
	}
	left, err := b.Unsettled(t.Context())
	require.NoError(t, err)
	require.Len(t, left, 4)
	require.True(t, left[0].Unknown)
	require.Equal(t, `{"a":1}`, string(left[0].Payload))
	var soon *desk.SoonError
	for i, l := range map[int]ui.Landing{2: ui.DidNot, 3: ui.Reopened} {
		require.ErrorAs(t, b.Resolve(t.Context(), ids[i], l), &soon, "it may still be on its way")
		require.Equal(t, desk.Unknown, state(t, b, ids[i]))
	}
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "desk.db"), Migrations: desk.Migrations})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE outbox SET changed_ms = changed_ms - ?", desk.Patience.Milliseconds())
		return err
	}))
	for i, c := range []struct {
		landing ui.Landing
		want    desk.State
	}{{ui.CannotTell, desk.Unknown}, {ui.Landed, desk.Done}, {ui.DidNot, desk.Queued}, {ui.Reopened, desk.Withdrawn}} {
		require.NoError(t, b.Resolve(t.Context(), ids[i], c.landing))
		require.Equal(t, c.want, state(t, b, ids[i]))
	}
	left, err = b.Unsettled(t.Context())
	require.NoError(t, err)
	require.Len(t, left, 2)
	require.False(t, left[1].Unknown, "what did not land waits for a person")
	require.NoError(t, b.Send(t.Context(), ids[2], func(context.Context) error { return nil }))
	require.Equal(t, desk.Done, state(t, b, ids[2]))
}

// Two sessions of one person: the second is told of the first one's text and
// can take it over; what the first types then is kept beside it.
func TestTextIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	one, two := opened(t, dir), opened(t, dir)
	one.Note("prospects.edit", "7", map[string]string{"LastName": "Teste"})
	one.Flush()
	other, found, err := two.Look(t.Context(), "prospects.edit", "7")
	require.NoError(t, err)
	require.True(t, found)
	require.True(t, other.Live)
	require.Contains(t, other.Where, "since")
	values, err := two.Take(t.Context(), other)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"LastName": "Teste"}, values)
	require.False(t, one.Second("prospects.edit", "7"))
	one.Note("prospects.edit", "7", map[string]string{"LastName": "Tester"})
	one.Flush()
	require.True(t, one.Second("prospects.edit", "7"))
	two.Note("prospects.edit", "7", map[string]string{"LastName": "Testperson"})
	two.Flush()
	drafts, _, err := two.Drafts.List(t.Context())
	require.NoError(t, err)
	var kept []string
	for _, d := range drafts {
		kept = append(kept, d.Values["LastName"])
	}
	require.ElementsMatch(t, []string{"Tester", "Testperson"}, kept)
	_, found, err = two.Look(t.Context(), "prospects.edit", "8")
	require.NoError(t, err)
	require.False(t, found)
}
