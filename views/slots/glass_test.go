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

// A clash is decided by a person: K asks why both visits stay, says what that
// means, and sends nothing; esc leaves it.
func TestKeepBothVisitsOfAClash(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.clash()
	sent := p.server.Executions("PUT /v1/{ppass}/prospects/{id}")
	d.Type("<esc>br").Settle().See("CLASH").Type("K").See("Keep both visits", "Why both stay", "both are told")
	d.Golden("keep-both-80x24")
	d.Type("<esc>").Settle().See("CLASH")
	d.Type("<enter>").See("K keeps both", "a colleague has this time too").Type("K<ctrl+s>").See("Keep both visits", "nothing is chosen")
	d.Type("<right><ctrl+s>").Settle().See("REQUESTED", "Both stay: the provider agreed to see both", "keep the provider agreed")
	require.Equal(t, sent, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"))
	d.Type("K").Settle().See("REQUESTED").Type("<esc>r").Settle().See("REQUESTED")
}

// clash gives a colleague a visit at the time of the one there is, as two desks
// end up with that are parted from their ledger.
func (p *practice) clash() {
	p.t.Helper()
	db, err := store.Open(p.t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	require.NoError(p.t, db.Write(p.t.Context(), func(tx *store.Tx) error {
		for _, step := range []string{
			"CREATE TEMP TABLE other AS SELECT * FROM booking",
			"UPDATE other SET id = 'other', code = 'OTHR', prospect = '2', owner_user = 'jan', tag = ''",
			"UPDATE booking SET state = 'CLASH', code = 'MINE', override = 'booked while the ledger was away', " +
				"warnings = 'Booked while the ledger was away, and OTHR of jan@desk (REQUESTED) keeps the time too. Call one of the two off.'",
			"INSERT INTO booking SELECT * FROM other",
		} {
			if _, err := tx.Exec(step); err != nil {
				return err
			}
		}
		return nil
	}))
}
