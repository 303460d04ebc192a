package slots_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui/uitest"
)

// later moves the ledger's clock, which is not the desk's.
func (p *practice) later(by time.Duration) {
	p.t.Helper()
	db, err := store.Open(context.Background(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	require.NoError(p.t, db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE store_clock SET now_ms = now_ms + ?, host_ms = host_ms + ?", by.Milliseconds(), by.Milliseconds())
		return err
	}))
}

// step is the line of a visit's page about one of its three steps.
func step(screen, name string) string {
	return regexp.MustCompile(`(?m)^.* \d ` + name + `.*$`).FindString(screen)
}

// TestAHoldThatRanOutIsSaidAndTakenAnew for the same person, with one key.
func TestAHoldThatRanOutIsSaidAndTakenAnew(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("pzo").Advance(time.Second).Settle().Type("<enter>").Settle()
	who := step(d.Screen(), "Person")
	require.Contains(t, who, "Zo")
	p.later(6 * time.Minute)
	d.Advance(5*time.Minute+time.Second).Settle().See("EXPIRED", "ran out.", "On its page enter holds it again")
	require.NotContains(t, step(d.Screen(), "Read back"), "✓", "nobody agreed to anything")
	require.NotContains(t, step(d.Screen(), "Request"), "✓", "nothing was requested")
	d.Type("<enter>").Settle().See("HELD", "hold taken")
	require.Equal(t, who, step(d.Screen(), "Person"))
	d.Gone("ran out")
}

// TestWhatMayHaveLandedIsNotTicked: unknown is shown as unknown.
func TestWhatMayHaveLandedIsNotTicked(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	p.server.SetFault("PUT /v1/{ppass}/prospects/{id}", sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type("y").Settle().See("UNKNOWN", "may have landed")
	require.NotContains(t, step(d.Screen(), "Request"), "✓")
	require.Contains(t, step(d.Screen(), "Read back"), "✓")
	d.Type("u").Settle().See("REQUESTED")
	require.Contains(t, step(d.Screen(), "Request"), "✓")
	require.Equal(t, 1, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"))
}

// TestAnotherTimeForTheSameCaller: who changes his mind is not looked up again,
// keeps the time until there is another, and leaves no hold behind.
func TestAnotherTimeForTheSameCaller(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("pzo").Advance(time.Second).Settle().Type("<enter>").Settle()
	who := step(d.Screen(), "Person")
	for range 3 {
		d.Type("m").Settle().See("Choose another time, esc keeps yours (5:00)", "openings")
		require.Len(t, p.live(), 1, "the time is kept while another one is chosen")
		d.Type("<down><enter>").Settle().See("HELD")
		require.Len(t, p.live(), 1)
		require.Equal(t, who, step(d.Screen(), "Person"))
		require.Contains(t, step(d.Screen(), "Read back"), "not yet", "the new time has to be read back")
	}
	d.Type("m<esc>").Settle().See("You keep the time you hold", "HELD", "Read back")
	d.Type("<esc>b").Settle().See("1 row")
	d.Type("<enter>x").Settle().See("Released").Type("<esc>").Settle().Type("<enter>").Settle().See("HELD", "nobody yet")
}

// TestATimeThatIsRefusedLeavesTheOldOneHeld, and says so until it is gone.
func TestATimeThatIsRefusedLeavesTheOldOneHeld(t *testing.T) {
	p := newPractice(t)
	jo := p.sit("jo", 80, 24).See("openings")
	held(jo.Type("<down>"))
	d := held(p.sit("maria", 80, 24))
	d.Type("m").Settle().Type("<down><enter>").Settle().See("is kept by jo", "esc keeps yours")
	require.Len(t, p.live(), 2)
	jo.Type("<esc>b").Settle().See("2 rows").Type("<up>m").Settle().See("This hold belongs to maria@desk")
	p.later(6 * time.Minute)
	d.Advance(5*time.Minute + time.Second).Settle().See("the one you held is gone")
	d.Type("<esc><esc>").Settle().See("EXPIRED").Gone("You keep")
}

// TestTheBookOpensAtWhatWasHeldLast, and keeps the row that was chosen since.
func TestTheBookOpensAtWhatWasHeldLast(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("<esc><down><enter>").Settle().See("HELD").Type("<esc><down><enter>").Settle().See("HELD")
	when := regexp.MustCompile(`Mon 09 Mar \d\d:\d\d`).FindString(d.Screen())
	d.Type("<esc>b").Settle().See("3 rows")
	require.Contains(t, strings.Join(strings.Fields(line(d, "► ◊")), " "), when)
	d.Type("<up>")
	other := line(d, "► ◊")
	d.Type("<esc>b").Settle().See("3 rows")
	require.Equal(t, other, line(d, "► ◊"))
}

// live are the holds that run.
func (p *practice) live() []booking.Booking {
	p.t.Helper()
	db, err := store.Open(p.t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	all, err := booking.Open(db, nil, booking.Options{}).List(p.t.Context(), booking.Filter{States: []booking.State{booking.Held}})
	require.NoError(p.t, err)
	return all
}

// line is the first line of the screen with these words.
func line(d *uitest.Desk, words string) string {
	for l := range strings.SplitSeq(d.Screen(), "\n") {
		if strings.Contains(l, words) {
			return l
		}
	}
	return ""
}

// TestTheBookCountsHoldsDown while somebody looks at it, and sees them end.
func TestTheBookCountsHoldsDown(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("<esc>b").Settle()
	d.Advance(2 * time.Minute)
	require.Regexp(t, `you [23]:\d\d`, d.Screen())
	d.Type("<enter>").Settle()
	require.Regexp(t, `HELD [23]:\d\d`, d.Screen())
	d.Type("<esc>")
	p.later(6 * time.Minute)
	d.Advance(4 * time.Minute).Settle().Gone("◊ HELD")
}

// TestWhatToPressIsWhatWorks: r is a letter in a name, and on the page of a
// visit it asks again.
func TestWhatToPressIsWhatWorks(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503})
	d.Type("pzo").Advance(time.Second).Settle().See("Press enter").Gone("Press r")
	p.server.ClearFaults()
	d.Advance(time.Minute).Type("<enter>").Settle().See("1 Person     Zo")
	p.server.SetFault(availability+"check", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503})
	d.Type("r").Settle().See("EMR asked: not answered", "It is asked again\n   before the request.", "Press r")
	p.server.ClearFaults()
	d.Advance(time.Minute).Type("r").Settle().Gone("could not be asked")
}

// TestARefusalIsOfTheTimeItWasAbout, not of the one that is held next.
func TestARefusalIsOfTheTimeItWasAbout(t *testing.T) {
	p := newPractice(t)
	held(p.sit("maria", 80, 24))
	d := p.sit("jo", 80, 24).See("◊ maria")
	d.Type("<enter>").Settle().See("on Mon 09 Mar is kept by maria")
	d.Type("<down><enter>").Settle().See("HELD", "nobody yet").Gone("kept by maria")
}

// TestWhatToDoNextIsReadWholeOnANarrowScreen, in every state.
func TestWhatToDoNextIsReadWholeOnANarrowScreen(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 60, 20))
	d.Type("y").Settle().See("REQUESTED")
	require.Equal(t, 1, strings.Count(d.Screen(), "person: chosen"), "requesting chooses nobody")
	p.enter(d)
	d.Advance(20*time.Second).Settle().See("SEEN", "on the schedule; compare with the EMR, then", "C confirms")
	d.Fits(60, 20)
}

// TestAColleaguesHoldAppears while nobody presses a key, also where nobody held
// anything before.
func TestAColleaguesHoldAppears(t *testing.T) {
	p := newPractice(t)
	jo := p.sit("jo", 80, 24).See("openings")
	day := p.sit("jan", 80, 24).See("openings").Type("d").Settle().Gone("maria")
	d := held(p.sit("maria", 80, 24))
	jo.Advance(16 * time.Second).Settle().See("◊ maria")
	day.Advance(16 * time.Second).Settle().See("maria")
	d.Type("x").Settle().See("Released")
	jo.Advance(16 * time.Second).Settle().Gone("◊ maria")
}

// TestWhoIsThereAlreadyIsPickedFromTheForm in which they were about to be added.
func TestWhoIsThereAlreadyIsPickedFromTheForm(t *testing.T) {
	p := newPractice(t)
	p.server.PutProspect(map[string]any{"ProspectID": 251, "FirstName": "Zoë", "LastName": "Testperson", "FullName": "Zoë Testperson", "CellPhone": "212-555-0177", "Prospect": 1})
	d := held(p.sit("maria", 80, 24)).Type("a").See("Add a person").Gone("ctrl+n").Type("<ctrl+n>").See("Add a person")
	d.Type("Zoe<tab>Testperson<tab>212.555.0177").Advance(time.Second).Settle().See("same phone and name", "ctrl+n picks them and drops this form")
	d.Type("<ctrl+n>").Settle().Gone("Add a person").See("1 Person     Zoë Testperson", "HELD")
	require.Zero(t, p.server.Executions("POST /v1/{ppass}/prospects"))
	d.Type("a").See("Add a person").Gone("ctrl+n")
	require.NotContains(t, line(d, "Last name"), "Testperson")
}

// TestWhatIsFoundOutIsNotUnknownAnyMore: a cancellation whose answer was lost is
// looked up by cancelling again, and then nothing says that it may have landed.
func TestWhatIsFoundOutIsNotUnknownAnyMore(t *testing.T) {
	const put = "PUT /v1/{ppass}/prospects/{id}"
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").Settle().See("REQUESTED")
	p.server.SetFault(put, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type("X<ctrl+s>").Settle().See("REQUESTED", "Cancel again: it", "may or may not have taken the note")
	d.Type("X<ctrl+s>").Settle().See("CANCELLED", "cancel found").Gone("may or may not")
	require.Equal(t, 2, p.server.Executions(put))
}

// TestADayShowsWhatWasHeldFromIt at once, and what was given back.
func TestADayShowsWhatWasHeldFromIt(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("openings").Type("d").Settle()
	d.Type("<enter>").Settle().See("HELD").Type("<esc>").Settle().See("HELD you")
	d.Type("<enter>").Settle().See("HELD").Type("x").Settle().Gone("HELD you")
}
