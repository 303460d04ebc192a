package slots_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui/uitest"
	"frontdesk/views/slots"
)

// away is a desk whose ledger is on a server where nobody listens, with a file
// beside it. tried is told of each try to reach the server.
func (p *practice) away(tried func()) (d *uitest.Desk, trail *[]string) {
	p.t.Helper()
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: p.server.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria",
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(p.t, err)
	p.t.Cleanup(emr.Close)
	server := &store.Server{URL: "postgres://r@127.0.0.1:1/f",
		Password: func(context.Context) (string, error) { tried(); return "", nil }}
	db, err := store.Open(p.t.Context(), store.Options{Server: server, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	aside, err := store.Open(p.t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _, _ = db.Close(), aside.Close() })
	env, trail := uitest.Env(p.t, monday), new([]string)
	actor := booking.Actor{UID: 1, User: "maria", Host: "desk", Session: "s"}
	book := booking.Open(db, emr, booking.Options{Practice: env.Practice, Zone: p.zone, Actor: actor, Now: env.Now,
		Aside: aside, Trace: func(op, _ string) { *trail = append(*trail, op) }})
	return uitest.New(p.t, env, 80, 24, slots.New(env, emr, book, slots.Options{Durations: []int{15}, Actor: actor, Dir: p.t.TempDir()})), trail
}

// A ledger that is away: openings are found, nothing is held, and the second
// press of enter asks for a reason.
func TestHoldPastALedgerThatIsAway(t *testing.T) {
	p := newPractice(t)
	d, trail := p.away(func() {})
	d.Settle().See("openings").Type("<enter>").See("although the ledger is away?", "Colleagues on other machines")
	d.Golden("past-the-ledger-80x24")
	d.Type("<ctrl+s>").Settle().See("although the ledger is away?")
	d.Type("caller is in pain<ctrl+s>").Settle().See("HELD", "nobody yet", "caller is in pain")
	require.Equal(t, []string{"break-glass"}, *trail)
	d.Type("<esc>b").Settle().See("1 row", "you 5:00").Type("<enter>").Settle().See("HELD 5:00")
	p.later(6 * time.Minute)
	d.Advance(5*time.Minute+time.Second).Settle().See("EXPIRED", "enter holds it again")
	d.Type("<enter>").See("although the ledger is away?").Type("in pain still<ctrl+s>").Settle().See("HELD", "in pain still")
}

// What was held beside the ledger is compared with the colleagues' as soon as
// that answers: it is asked again and again, whatever page is shown.
func TestALedgerThatIsAwayIsAskedAgain(t *testing.T) {
	var tries atomic.Int64
	d, _ := newPractice(t).away(func() { tries.Add(1) })
	d.Settle().See("openings").Type("<enter>").See("although the ledger is away?")
	d.Type("caller is in pain<ctrl+s>").Settle().See("HELD").Type("<esc><esc>").See("openings").Settle()
	for range 3 {
		before := tries.Load()
		d.Advance(10 * time.Second).Settle()
		require.Greater(t, tries.Load(), before)
	}
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
