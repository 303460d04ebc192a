package slots_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/slots"
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

// practice is a sandbox, a ledger and the clients between them.
type practice struct {
	t      testing.TB
	server *sandbox.Server
	ledger string
	zone   *time.Location
	// through is what the tab sees the EMR through; nil: as it is.
	through func(slots.EMR) slots.EMR
}

func newPractice(t testing.TB) *practice {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	s, err := sandbox.Start(sandbox.Options{Zone: zone, Now: func() time.Time { return monday }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return &practice{t: t, server: s, ledger: filepath.Join(t.TempDir(), "ledger.db"), zone: zone}
}

// sit is one person at a terminal of the practice.
func (p *practice) sit(who string, width, height int) *uitest.Desk {
	p.t.Helper()
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: p.server.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: who,
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(p.t, err)
	db, err := store.Open(context.Background(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { emr.Close(); _ = db.Close() })
	actor := booking.Actor{UID: len(who), User: who, Host: "desk", Session: who}
	env := uitest.Env(p.t, monday)
	book := booking.Open(db, emr, booking.Options{
		Practice: env.Practice, Zone: p.zone, Actor: actor, RequestedTag: "Appointment requested", Now: env.Now,
	})
	seen := slots.EMR(emr)
	if p.through != nil {
		seen = p.through(emr)
	}
	tab := slots.New(env, seen, book, slots.Options{
		Durations: []int{15, 30, 60}, VisitTypes: []string{"NEW", "FOLLOWUP"}, Actor: actor, Dir: p.t.TempDir(),
	})
	env.Health = func() []ui.Health { return []ui.Health{{Vendor: "EMR", Word: emr.Health().Word}} }
	return uitest.New(p.t, env, width, height, tab).Settle()
}

const availability = "GET /v1/{ppass}/availability/providers/{id}/"

// held types what holds the first opening.
func held(d *uitest.Desk) *uitest.Desk {
	return d.See("openings").Type("<enter>").See("HELD", "nobody yet").Settle()
}

// ready is a hold with a person and the caller's word.
func ready(d *uitest.Desk) *uitest.Desk {
	held(d)
	d.Type("p").Type("a").Type("n")
	d.Advance(time.Second).Settle()
	return d.Type("<enter>").Settle().Type("s").See("Read back").Type("<enter>").See("the caller agreed")
}

func TestFirstScreen(t *testing.T) {
	p := newPractice(t)
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		d := p.sit("maria", size[0], size[1]).See("next for everybody")
		d.Fits(size[0], size[1])
		d.Golden("finder-" + map[int]string{80: "80x24", 120: "120x40"}[size[0]])
	}
}

func TestTheWholeWayToConfirmed(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	require.Equal(t, 1, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"))
	p.enter(d)
	d.Advance(20 * time.Second).See("SEEN").Settle()
	d.Type("C").See("Confirm the visit?", "is it for").Type("y").See("CONFIRMED").Settle()
	d.Type("<esc>b").See("CONFIRMED", "Book")
}

// A request is followed on as well after its page was left for a while.
func TestTheBookGoesOnWatching(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.enter(d)
	d.Type("<esc>").See("openings").Advance(time.Minute).Settle()
	d.Type("b").See("REQUESTED").Settle().Advance(20 * time.Second).See("SEEN")
}

// A state that wants a person is told as a fault, with where and what to do.
func TestAVisitThatIsOverdueIsNoGoodNews(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.sql("UPDATE booking SET due_at = 1")
	d.Type("<esc>").Settle().Type("br").Settle().See("✗ Mon 09 Mar", "is OVERDUE now. In the book,", "b under Slots: not on the schedule by its deadline")
}

// sql works on the ledger.
func (p *practice) sql(statement string) {
	p.t.Helper()
	db, err := store.Open(p.t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	require.NoError(p.t, db.Write(p.t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(statement); return err }))
}

// enter types the visit into the EMR, as the person at the EMR would from the
// entry card.
func (p *practice) enter(d *uitest.Desk) {
	p.t.Helper()
	d.Type("c").Settle()
	require.NotEmpty(p.t, d.Copied)
	db, err := store.Open(context.Background(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	all, err := booking.Open(db, nil, booking.Options{}).List(context.Background(), booking.Filter{})
	require.NoError(p.t, err)
	for _, b := range all {
		if b.State == booking.Requested {
			p.server.Book(number(b.Provider), b.Date.String(), b.Time.String(), b.Duration, b.VisitType)
		}
	}
}

func number(id naturaesoft.ID) int {
	n := 0
	for _, r := range string(id) {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestAColleaguesHoldIsShownAndCannotBeTaken(t *testing.T) {
	p := newPractice(t)
	held(p.sit("maria", 80, 24))
	d := p.sit("jo", 80, 24).See("◊ maria")
	d.Type("<enter>").See("maria").Settle()
	require.NotContains(t, d.Screen(), "nobody yet")
}

func TestASlotTakenInTheEMRIsLost(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("openings")
	p.server.SetFault(availability+"check", sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Millisecond})
	line := firstRow(d)
	all := strings.Fields(line)
	require.GreaterOrEqual(t, len(all), 4, line)
	p.server.SetFault(availability+"check", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200,
		Body: `{"data":{"Available":false}}`})
	d.Type("<enter>").See("no longer free").Settle()
	require.NotEqual(t, line, firstRow(d), "the slot that is gone leaves the list")
}

// firstRow is the row under the cursor.
func firstRow(d *uitest.Desk) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.HasPrefix(l, "► Mon") {
			return l
		}
	}
	return ""
}

func TestWithoutPersonOrReadBackNothingIsSent(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("y").See("Nobody is picked yet").Settle()
	d.Type("p").Type("an").Advance(time.Second).Settle().Type("<enter>").Settle()
	d.Type("y").See("has not been read back").Settle()
	require.Zero(t, p.server.Requests("PUT /v1/{ppass}/prospects/{id}"))
}

func TestALostReplyIsUnknownAndReadBack(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	p.server.SetFault("PUT /v1/{ppass}/prospects/{id}", sandbox.Fault{Kind: sandbox.FaultResetAfter})
	d.Type("y").See("UNKNOWN", "may have").Settle()
	p.server.ClearFaults()
	executed := p.server.Executions("PUT /v1/{ppass}/prospects/{id}")
	d.Type("u").See("REQUESTED").Settle()
	require.Equal(t, executed, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"), "found by its code, not sent again")
}

func TestAVendorFaultIsSaidAndOffersAKey(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultHTML, Status: 502})
	d := p.sit("maria", 80, 24)
	d.See("Naturaesoft EMR failed", "try again")
	p.server.ClearFaults()
	d.Advance(time.Minute)
	d.Type("r").See("openings")
}

func TestBadCriteriaGetASentenceUnderTheirField(t *testing.T) {
	p := newPractice(t)
	cases := map[string]string{
		"<ctrl+u>0<ctrl+s>":                                               "between 1 and 480",
		"<ctrl+u>9999<ctrl+s>":                                            "between 1 and 480",
		"<ctrl+u>abc<ctrl+s>":                                             "whole number",
		"<tab><tab>2026-02-31<ctrl+s>":                                    "2026",
		"<tab><tab>2026-03-01<ctrl+s>":                                    "past",
		"<tab><tab><tab><tab>14:00<tab>9:00<ctrl+s>":                      "must be after",
		"<tab><tab>2027-03-14<tab><ctrl+u>1<tab>02:30<ctrl+s>":            "02:30 does not exist on Sun 14 Mar",
		"<tab><tab><tab><tab><tab><tab><tab>Cardio<enter><space><ctrl+s>": "at least one provider",
	}
	for script, words := range cases {
		d := p.sit("maria", 140, 40).See("openings")
		d.Type("f").See("Find free time").Type(script).See(words, "Find free time")
	}
}

func TestEveryKeyIsInTheHelpOnEveryPage(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	for _, page := range []string{"", "p", "<esc>", "<esc>b", "/", "<esc><esc>w", "d"} {
		d.Type(page).Settle()
		d.Bound()
	}
}

func TestSizes(t *testing.T) {
	p := newPractice(t)
	for _, size := range [][2]int{{80, 24}, {60, 20}, {200, 60}} {
		d := held(p.sit("maria", size[0], size[1]))
		for _, page := range []string{"", "p", "<esc>a", "<esc>", "s", "<esc>x", "b", "<esc>w", "w", "<esc>f", "<esc>?"} {
			d.Type(page).Settle()
			d.Fits(size[0], size[1])
		}
	}
}

// TestChunks types random scripts all at once and in random pieces, and wants
// what slow typing gives. Two desks on ledgers of their own see the same EMR.
func TestChunks(t *testing.T) {
	keys := []string{"<down>", "<up>", "j", "<enter>", "p", "an", "<tab>", "s", "x", "b", "w", "d", "f", "/", "zo",
		"<backspace>", "<ctrl+s>", "<right>", "e", "a", "[", "]", "t", "é", "Esc"}
	server := newPractice(t)
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(keys), 1, 25).Draw(rt, "script")
		cuts := rapid.SliceOfN(rapid.Bool(), len(script), len(script)).Draw(rt, "cuts")
		// A test of its own closes the desk before the next one opens.
		run := func(cut func(i int) bool) (screen string) {
			if !t.Run("desk", func(t *testing.T) {
				p := &practice{t: t, server: server.server, zone: server.zone, ledger: filepath.Join(t.TempDir(), "l.db")}
				d := p.sit("maria", 80, 24).See("openings")
				for i, k := range script {
					if k == "Esc" { // leaving is the way out of waiting, on purpose
						d.Settle().Advance(300 * time.Millisecond).Settle()
						k = "<esc>"
					}
					d.Type(k)
					if cut(i) {
						d.Advance(300 * time.Millisecond).Settle()
					}
				}
				for screen != words(d.Settle().Screen()) { // keys that waited may ask for more
					screen = words(d.Screen())
					d.Advance(10 * time.Second)
				}
				screen += words(d.Resize(80, 800).Settle().Screen()) // the lists in full
			}) {
				rt.FailNow()
			}
			return screen
		}
		slow := run(func(int) bool { return true })
		require.Equal(rt, slow, run(func(i int) bool { return cuts[i] }), "%v", script)
	})
}

// words drops what differs between two runs by nature: codes, clocks and
// countdowns.
func words(screen string) string {
	screen = regexp.MustCompile(`code [0-9A-Z]{4,5}`).ReplaceAllString(screen, "code ----")
	screen = regexp.MustCompile(`\d\d:\d\d:\d\d`).ReplaceAllString(screen, "--:--:--")
	screen = regexp.MustCompile(`[0-5]:\d\d\b`).ReplaceAllString(screen, "-:--")
	return regexp.MustCompile(` [0-9A-Z]{4,5}  `).ReplaceAllString(screen, " ----  ")
}

// TestWhatAKeyDoesIsInTheHelp presses every key on every page; one that changes
// the screen must be in the help of that page.
func TestWhatAKeyDoesIsInTheHelp(t *testing.T) {
	var all []string
	for r := ' '; r <= '~'; r++ {
		all = append(all, string(r))
	}
	for r := 'a'; r <= 'z'; r++ {
		all = append(all, "ctrl+"+string(r))
	}
	all = append(all, "enter", "tab", "shift+tab", "esc", "space", "backspace", "delete", "up", "down", "left", "right",
		"home", "end", "pgup", "pgdown", "f1")
	server := newPractice(t)
	for _, page := range []string{"", "<enter>", "b", "w", "d"} {
		open := func() *uitest.Desk {
			p := &practice{t: t, server: server.server, zone: server.zone, ledger: filepath.Join(t.TempDir(), "l.db")}
			d := p.sit("maria", 80, 24).See("openings").Type("<down><down>").Settle()
			return d.Type(page).Settle()
		}
		d := open()
		bound, before := d.Bound(), words(d.Screen())
		for _, k := range all {
			press := uitest.Key(k)
			if _, ok := bound[press.String()]; ok {
				continue
			}
			d.Press(press).Settle()
			require.Equal(t, before, words(d.Screen()), "page %q: the key %q does something and is not in the help", page, k)
		}
	}
}

// TestTheSearchFormAsksForWhatItSays reads the wishes back off the screen and
// the answers off the list.
func TestTheSearchFormAsksForWhatItSays(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40).See("openings")
	d.Type("f").See("Find free time")
	d.Type("<ctrl+u>30<tab><tab>2026-03-10<tab><ctrl+u>7<tab>13:00<tab>16:00<tab><space><ctrl+s>").Settle()
	d.See("30 min", "7 days from Tue 10 Mar", "after 13:00", "before 16:00", "Mon", "openings")
	rows := regexp.MustCompile(`(?m)^[ ►] (\w{3} \d\d \w{3})  (\d\d:\d\d)   30 `).FindAllStringSubmatch(d.Screen(), -1)
	require.NotEmpty(t, rows, d.Screen())
	for _, r := range rows {
		require.Equal(t, "Mon 16 Mar", r[1])
		require.GreaterOrEqual(t, r[2], "13:00")
		require.Less(t, r[2], "16:00")
	}
	d.Type("f").See("Find free time").Type("<ctrl+s>").Settle().See("30 min", "after 13:00", "Mon")
	d.Type("f").Type("<tab><tab><ctrl+u>4/1<tab>").See("2026-04-01").Type("<esc>")
	p.sit("nora", 80, 24).See("openings").Type("d").Settle().Type("g4/1<ctrl+s>").Settle().See("Wed 01 Apr")
}

// TestMove keeps the old visit until the new one is on the schedule.
func TestMove(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.enter(d)
	d.Advance(20 * time.Second).See("SEEN").Settle()
	d.Type("<esc>").Settle().Type("b").See("SEEN").Type("m").See("Choose the new time", "openings").Settle()
	d.Type("<down><enter>").See("HELD", "replaces").Settle()
	d.Type("s<enter>").Settle().Type("y").See("REQUESTED").Settle()
	p.enter(d)
	d.Advance(20 * time.Second).See("SEEN").Settle()
	d.Type("<esc>").Settle().Type("b").Settle().Type("sss").See("CANCELLED", "SEEN")
	require.Equal(t, 3, p.server.Executions("PUT /v1/{ppass}/prospects/{id}"), "two requests and one cancellation")
}

// TestFilesAreForThisAccountOnly saves the entry card and the calendar file.
func TestFilesAreForThisAccountOnly(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 120, 24))
	for _, k := range []string{"v", "i"} {
		d.Type(k).See("Saved as ").Settle()
		path := regexp.MustCompile(`Saved as (\S+)`).FindStringSubmatch(d.Screen())[1]
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		d.Advance(10 * time.Second)
	}
}

func TestWhoWasNotFoundIsInTheFormOfANewPerson(t *testing.T) {
	d := held(newPractice(t).sit("maria", 100, 24))
	d.Type("pnora nowhere").Advance(time.Second).Settle().See("Nobody found")
	d.Type("<esc>a").See("Add a person", "Nora", "Nowhere").Type("<esc>")
	d.Type("pfern").Advance(time.Second).Settle().Type("<esc>a").See("Add a person").Gone("Nowhere")
}

// TestPersonalDataIsMaskedUntilItIsAskedFor reads the screen before, during and
// after a reveal, and the trail it leaves.
func TestPersonalDataIsMaskedUntilItIsAskedFor(t *testing.T) {
	p := newPractice(t)
	id := p.server.PutProspect(map[string]any{"FirstName": "Quentin", "LastName": "Qwerty", "DOB": "1968-03-01",
		"Phone": "555-555-0199", "EMail": "quentin@example.com", "Prospect": 1})
	d := held(p.sit("maria", 100, 24))
	var trail []string
	d.Env.Audit = func(op, record string) { trail = append(trail, op+" "+record) }
	d.Type("pqwerty").Advance(time.Second).See("Quentin Qwerty", "1968-**-**", "***0199", "q***@example.com").Settle()
	d.Type("<ctrl+r>").See("1968-03-01", "555-555-0199").Type("<ctrl+r>").See("1968-**-**")
	trail = nil
	d.Type("<enter>").Settle().See("Quentin Qwerty", "1968-**-**", "***0199")
	require.NotContains(t, d.Screen(), "1968-03-01")
	d.Type("<ctrl+r>").See("1968-03-01", "555-555-0199", "quentin@example.com")
	require.Equal(t, []string{fmt.Sprintf("reveal %d", id)}, trail)
	d.Advance(21 * time.Second).See("1968-**-**")
	require.NotContains(t, d.Screen(), "0199@")
	require.NotContains(t, d.Screen(), "555-555-0199")
}
