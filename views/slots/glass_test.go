package slots_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui/uitest"
	"frontdesk/views/slots"
)

// A ledger on a server where nobody listens: openings are found, nothing is
// held, and the second press of enter asks for a reason.
func TestHoldPastALedgerThatIsAway(t *testing.T) {
	p := newPractice(t)
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: p.server.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria",
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(t, err)
	t.Cleanup(emr.Close)
	db, err := store.Open(t.Context(), store.Options{Server: &store.Server{URL: "postgres://r@127.0.0.1:1/f"}, Migrations: booking.Migrations})
	require.NoError(t, err)
	aside, err := store.Open(t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = db.Close(), aside.Close() })
	env := uitest.Env(t, monday)
	var trail []string
	actor := booking.Actor{UID: 1, User: "maria", Host: "desk", Session: "s"}
	book := booking.Open(db, emr, booking.Options{Practice: env.Practice, Zone: p.zone, Actor: actor, Now: env.Now,
		Aside: aside, Trace: func(op, _ string) { trail = append(trail, op) }})
	d := uitest.New(t, env, 80, 24, slots.New(env, emr, book, slots.Options{Durations: []int{15}, Actor: actor, Dir: t.TempDir()}))
	d.Settle().See("openings").Type("<enter>").See("although the ledger is away?", "Colleagues on other machines")
	d.Golden("past-the-ledger-80x24")
	d.Type("<ctrl+s>").Settle().See("although the ledger is away?")
	d.Type("caller is in pain<ctrl+s>").Settle().See("HELD", "nobody yet", "caller is in pain")
	require.Equal(t, []string{"break-glass"}, trail)
}
