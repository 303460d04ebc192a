package enrollment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/sandbox"
	"frontdesk/state/desk"
	"frontdesk/state/enroll"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/enrollment"
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

// The sandbox's routes.
const (
	hire      = "POST /broker/new_hire_enrollment"
	terminate = "POST /broker/termination"
	change    = "POST /broker/demographic_change"
	event     = "POST /broker/qualifying_life_event"
	season    = "POST /broker/open_enrollment"
	register  = "POST /broker/broker/register_group"
	snapshot  = "POST /broker/member_snapshot"
)

// office is a sandbox, a book and the client between them.
type office struct {
	t      testing.TB
	server *sandbox.Server
	db     *store.DB
	dir    string
	key    []byte
	box    *uitest.Outbox
	plans  []string
	groups []anglehealth.ID // the book knows of
	waits  []ui.Left        // of an earlier session, confirmed and never sent
	trail  []string
}

// outbox has what waits too.
type outbox struct {
	*uitest.Outbox
	o *office
}

func (b outbox) Unsettled(ctx context.Context) ([]ui.Left, error) {
	left, err := b.Outbox.Unsettled(ctx)
	return append(left, b.o.waits...), err
}

func newOffice(t testing.TB) *office {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1, Zone: zone, Now: func() time.Time { return monday }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	o := &office{t: t, server: s, dir: t.TempDir(), key: desk.NewKey(), box: &uitest.Outbox{Undo: map[string]time.Duration{"termination": time.Minute}, Created: monday}, groups: []anglehealth.ID{"fake-group-bakery", "fake-group-garage"},
		plans: []string{"silver_ppo", "bronze_epo", "delta_dental", "clear_vision", "no_such_plan"}}
	o.db, err = store.Open(t.Context(), store.Options{Path: filepath.Join(o.dir, "enrollment.db"), Migrations: enroll.Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _ = o.db.Close() })
	o.clock(monday)
	return o
}

// clock sets the clock of the book.
func (o *office) clock(now time.Time) {
	require.NoError(o.t, o.db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE store_clock SET now_ms = ?, host_ms = ?", now.UnixMilli(), time.Now().UnixMilli())
		return err
	}))
}

// sit is somebody at a terminal of the office, who knows of two groups.
func (o *office) sit(width, height int, beside ...ui.View) *uitest.Desk {
	o.t.Helper()
	angle, err := anglehealth.New(anglehealth.Config{Base: o.server.URL("anglehealth"), Credentials: func(context.Context) (string, string, error) {
		return sandbox.FakeAngleClient, sandbox.FakeAngleSecret, nil
	}})
	require.NoError(o.t, err)
	o.t.Cleanup(angle.Close)
	seal, err := desk.NewSeal(o.key)
	require.NoError(o.t, err)
	book := enroll.Open(o.db, angle, enroll.Options{Sealer: seal})
	for _, g := range o.groups {
		_, err := book.Roster(context.Background(), g)
		require.NoError(o.t, err)
	}
	env := uitest.Env(o.t, monday)
	env.Outbox = outbox{o.box, o}
	env.Audit = func(op, record string) { o.trail = append(o.trail, op+" "+record) }
	tab := enrollment.New(env, angle, book, enrollment.Options{Plans: o.plans, Dir: filepath.Join(o.dir, "census")})
	env.Health = func() []ui.Health { return []ui.Health{{Vendor: "Angle", Word: angle.Health().Word}} }
	return uitest.New(o.t, env, width, height, append([]ui.View{tab}, beside...)...).Settle()
}

// sizes runs a test at both sizes and holds what it shows to a golden.
func sizes(t *testing.T, name string, show func(*office, *uitest.Desk)) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		o := newOffice(t)
		d := o.sit(size[0], size[1])
		show(o, d)
		d.Fits(size[0], size[1])
		d.Bound()
		d.Golden(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]))
		d.Resize(60, 20).Fits(60, 20)
	}
}

// bakery opens the roster of the first group.
func bakery(d *uitest.Desk) *uitest.Desk { return d.Type("<enter>").Settle().See("Ada Sample") }

// ada opens the first member.
func ada(d *uitest.Desk) *uitest.Desk {
	return bakery(d).Type("<enter>").Settle().See("fake-member-001", "Coverage")
}

func TestPages(t *testing.T) {
	for name, show := range map[string]func(*office, *uitest.Desk){
		"groups":   func(_ *office, d *uitest.Desk) {},
		"roster":   func(_ *office, d *uitest.Desk) { bakery(d) },
		"member":   func(_ *office, d *uitest.Desk) { ada(d) },
		"history":  func(_ *office, d *uitest.Desk) { ada(d).Type("h").Settle() },
		"plans":    func(_ *office, d *uitest.Desk) { d.Type("p").Settle() },
		"known":    func(_ *office, d *uitest.Desk) { d.Type("a").Settle() },
		"register": func(_ *office, d *uitest.Desk) { d.Type("R<tab><tab><ctrl+u>fake-group-dairy").Settle() },
		"hire":     func(_ *office, d *uitest.Desk) { bakery(d).Type("n<right><enter>").Settle() },
		"terminate": func(_ *office, d *uitest.Desk) {
			ada(d).Type("tToday<enter>").Settle().See("Type fake-member-001")
		},
		"event": func(_ *office, d *uitest.Desk) {
			ada(d).Type("l").Settle().See("Life event").Type("marriage<tab>today<tab><right>").Settle()
		},
		"person": func(_ *office, d *uitest.Desk) { ada(d).Type("e").Settle() },
		"terminations": func(_ *office, d *uitest.Desk) {
			ada(d).Type("ttoday<enter>").Settle().Type("fake-member-001<enter>").Settle().Advance(61 * time.Second).Settle().Type("<esc>").Settle()
			d.Type("<down><down><down><enter>").Settle().Type("ttoday<enter>").Settle().Type("fake-member-004<enter>").Settle().Type("T").See("Angle Health answered")
		},
		"season": func(_ *office, d *uitest.Desk) { ada(d).Type("o").Settle().Type("today<tab>b").Settle() },
		"day": func(_ *office, d *uitest.Desk) {
			ada(d).Type("h").Settle().Type("d2026-05-03<enter>").See("Coverage of Ada Sample")
		},
		"record": func(_ *office, d *uitest.Desk) { ada(d).Type("h").Settle().Type("<enter>").See("Record of") },
		"changed": func(_ *office, d *uitest.Desk) {
			ada(d).Type("e" + strings.Repeat("<tab>", 4) + "<ctrl+u>9 Sample Lane, Faketown<ctrl+s>").Settle().Type("y").Settle().See("Verified by a snapshot")
		},
		"requests": func(_ *office, d *uitest.Desk) {
			hired(d)
			d.Type("<esc>").Settle().Type("<esc>").Settle().Type("w").Settle()
		},
		"job": func(_ *office, d *uitest.Desk) { hired(d) },
		"verified": func(_ *office, d *uitest.Desk) {
			hired(d).Type("sy").Settle().See("verified")
		},
	} {
		t.Run(name, func(t *testing.T) { sizes(t, name, show) })
	}
}

func TestCoverageComesWithoutAYear(t *testing.T) {
	d := newOffice(t).sit(80, 24)
	bakery(d).Type("n<right><enter>").Settle().See("Employee").Type("<tab><tab>12/1<tab>").See("2026-12-01")
	d.Type("Nora<tab>Newperson<tab>12/1<tab>").See("“12/1” has no year")
}

// hired writes a family of two down.
func hired(d *uitest.Desk) *uitest.Desk {
	bakery(d).Type("n<right><enter>").Settle().See("Employee")
	d.Type("<tab>2026-03-16<tab><tab>")
	d.Type("Nora<tab>Newperson<tab>1990-04-05<tab>F<tab>987654321<tab>987-65-4321<tab>s<tab>d<tab>")
	d.Type("<tab><tab>1 Example Street, Faketown<tab>")
	d.Type("Ned<tab>Newperson<tab>2019-06-07<tab>M<tab><tab><tab>s<tab><ctrl+s>")
	return d.Settle().See("New hire of Nora Newperson", "draft")
}

func TestNoGroupIsKnownAtFirst(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		o := newOffice(t)
		o.groups, o.plans = nil, nil
		d := o.sit(size[0], size[1])
		d.Fits(size[0], size[1])
		d.Golden(fmt.Sprintf("empty-%dx%d", size[0], size[1]))
		d.Type("a").Type("fake-group-nowhere<enter>").Settle().See("knows no group of this id")
		d.Type("<ctrl+u>fake-group-garage<enter>").Settle().See("Cleo Specimen", "Cy Specimen")
	}
}

func TestANewHireIsVerifiedStepByStep(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(80, 24))
	require.Zero(t, o.server.Executions(hire), "nothing is sent before it is confirmed")
	d.Type("s").See("Enroll this family?").Type("y").Settle().See("verified")
	require.Equal(t, 1, o.server.Executions(hire))
	require.Equal(t, 2, o.server.Executions(change))
	d.Type("<esc>").Settle().See("Nora Newperson", "Ned Newperson")
}

// What became of a member is what the page is read for, so it is never cut.
func TestTheResultOfAMemberIsWholeOnANarrowScreen(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(80, 24))
	o.server.SetFault(change, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	d.Type("sy").Settle().See("enrolled, data UNKNOWN (it may have landed)")
	d.Fits(80, 24)
}

func TestALostEnrolmentIsUnknownAndFoundOut(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(80, 24))
	o.server.SetFault(hire, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type("sy").Settle().See("UNKNOWN", "The answer did not arrive.", "Angle Health broke", "Check before sending again.")
	require.Equal(t, 1, o.server.Executions(hire))
	d.Type("u").Settle().See("verified")
	require.NotContains(t, d.Screen(), "broke", "a verified family has nothing to do")
	require.Equal(t, 1, o.server.Executions(hire))
}

func TestAnUnknownPlanIsCaughtBeforeAnythingIsSent(t *testing.T) {
	o := newOffice(t)
	o.plans = nil
	d := o.sit(80, 40)
	bakery(d).Type("n<enter>").Settle().See("Employee")
	d.Type("<tab>2026-03-16<tab><tab>Nora<tab>Newperson<tab><tab><tab><tab><tab>imaginary_plan<ctrl+s>").Settle()
	d.See("knows no plan of the name")
	require.Zero(t, o.server.Executions(hire))
	d.Type("<esc>").See("Discard").Type("y").Settle().Type("<esc>w").Settle().See("Nothing was enrolled")
}

// The requests are one key away where the new hire was sent from.
func TestRequestsOpenFromAGroup(t *testing.T) {
	d := newOffice(t).sit(120, 40)
	bakery(d).Settle().See("w requests").Type("w").Settle().See("Nothing was enrolled")
	d.Type("<esc>").Settle().See("fake-group-bakery", "read again")
}

func TestSecondEntryOfTheNumberMustAgree(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40)).Type("e").Settle()
	d.Type(strings.Repeat("<tab>", 12) + "987654321<tab>987654322<tab>").See("the two entries differ")
	d.Type("<ctrl+s>").Settle().See("the two entries differ")
	require.Zero(t, o.server.Executions(change))
	d.Type("<shift+tab><ctrl+u>987-65-4322<tab>")
	require.NotContains(t, d.Screen(), "differ", "the first was the wrong one")
	require.NotContains(t, d.Screen(), "987654321")
}

// While the new hire is still at the desk, not after the whole form.
func TestANewHiresNumberIsComparedAtOnce(t *testing.T) {
	d := newOffice(t).sit(80, 40)
	bakery(d).Type("n<enter>").Settle().See("Employee")
	d.Type(strings.Repeat("<tab>", 7) + "123-45-6789<tab>123456780<tab>").See("the two entries differ")
	d.Type("<shift+tab><ctrl+u>123456789<tab>")
	require.NotContains(t, d.Screen(), "differ", "another spelling of the same")
}

func TestATerminationNamesTheFamilyAndCanBeTakenBack(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24)).Type("ttoday<enter>").Settle()
	d.See("Coverage ends for 3", "Alan Sample", "Amy Sample", "Type fake-member-001")
	d.Type("fake-member-01<enter>").See("as it stands").Type("<ctrl+u>fake-member-001<enter>").Settle()
	d.See("sent in 60 s").Type("<ctrl+x>").Settle().See("Taken back")
	d.Advance(2 * time.Minute).Settle()
	require.Zero(t, o.server.Executions(terminate))
	require.Equal(t, []string{"withdrawn"}, o.box.States())
	d.Type("t").See("2026-03-09").Type("<enter>").Settle().Type("fake-member-001<enter>").Settle()
	d.See("not answered yet").Type("T").See("Ada Sample: confirmed at 09:32:00, waits to be sent").Type("<esc>").Settle()
	d.Advance(61 * time.Second).Settle().See("Ada Sample is terminated: coverage ends for 3")
	require.Equal(t, 1, o.server.Executions(terminate))
	d.See("none").Type("T").See("Amy Sample: coverage ends 2026-03-31", "Ada Sample: taken back")
}

// Several terminations wait at once, each for its own minute. Ctrl+x takes back
// the last, and a family is terminated once.
// The ids made here are long, and one has to be read to be typed.
func TestTheIdToTypeIsWholeOnASmallScreen(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(60, 20)).Type("sy").Settle().See("verified")
	d.Type("<esc>").Settle().Type("<end>").Settle().Type("<enter>").Settle().Type("t2026-04-01<enter>").Settle()
	require.Regexp(t, `Type fd-[a-z2-7]{26} `, d.Screen())
}

func TestSeveralTerminationsWaitSideBySide(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24)).Type("ttoday<enter>").Settle().Type("fake-member-001<enter>").Settle().See("sent in 60 s")
	d.Advance(20 * time.Second)
	d.Type("t").See("A termination of Ada Sample is on").Type("<esc><esc>").Settle()
	d.Type("<down><enter>").Settle().See("Alan Sample").Type("t").See("takes coverage from Alan").Type("<esc><esc>").Settle()
	d.Type("<down><down><enter>").Settle().See("Bo Example").Type("t").See("2026-03-09").Type("<enter>").Settle().Type("fake-member-004<enter>").Settle()
	d.See("sent in 60 s (1 before it)")
	require.Zero(t, o.server.Executions(terminate))
	d.Advance(41 * time.Second).Settle().See("Ada Sample is terminated")
	require.Equal(t, 1, o.server.Executions(terminate), "the second has a minute of its own")
	d.See("sent in 19 s").Type("<ctrl+x>").Settle().See("Bo Example was not terminated")
	d.Advance(2 * time.Minute).Settle()
	require.Equal(t, 1, o.server.Executions(terminate))
	require.Equal(t, []string{"done", "withdrawn"}, o.box.States())
	d.Type("t<ctrl+u>today<enter>").Settle().Type("fake-member-004<enter>").Settle().Advance(61 * time.Second).Settle().See("Bo Example is terminated")
	require.Equal(t, 2, o.server.Executions(terminate))
}

func TestALostTerminationIsReadBack(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24))
	o.server.SetFault(terminate, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type("ttoday<enter>").Settle().Type("fake-member-001<enter>").Settle().Advance(61 * time.Second).Settle()
	d.See("1 landed")
	require.Equal(t, []string{"landed"}, o.box.States())
	require.Equal(t, 1, o.server.Executions(terminate))
}

func TestAMarriageAddsASpouse(t *testing.T) {
	o := newOffice(t)
	d := bakery(o.sit(80, 40)).Type("<down><down><down><enter>").Settle().See("Bo Example")
	d.Type("l").Settle().See("New dependent 1").Type("marriage<tab>today<tab><tab><tab>b").Settle()
	d.See("New dependent 1 medical: none -> bronze_epo", "sent again as it is")
	d.Type("<ctrl+s>").Settle().See("Change the coverage?", "Sent as “marriage” on 2026-03-").Type("y").Settle()
	d.See("Coverage changed", "New dependent 1: covered from 2026-04-01", "verified")
	require.Equal(t, 1, o.server.Executions(event))
	d.Type("e").Settle().See("Change data of").Type("Bea<tab><tab>Example<ctrl+s>").Settle()
	d.See("first name: not told -> Bea").Type("y").Settle().See("Verified by a snapshot")
	d.Type("<esc><esc>").Settle().See("Bea Example")
}

func TestOpenEnrollmentChangesAPlan(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40)).Type("o").Settle().See("Open enrollment of Ada Sample")
	d.Type("today<tab>b").Settle().See("Ada Sample medical: silver_ppo -> bronze_epo")
	d.Type("<ctrl+s>").Settle().See("Open enrollment on 2026-03-").Type("y").Settle().See("Coverage changed", "verified")
	require.Equal(t, 1, o.server.Executions(season))
	require.Zero(t, o.server.Executions(event))
	m, _ := o.server.AngleMember("fake-member-001")
	require.Equal(t, "bronze_epo", m["medical"])
}

// The usual events are offered; another one is sent as it is typed.
func TestAnEventIsChosenOrTyped(t *testing.T) {
	d := ada(newOffice(t).sit(80, 40)).Type("l").Settle().Type("<ctrl+g>").See("Marriage", "Loss of other coverage")
	d.Type("loss<enter>today<tab>b<ctrl+s>").Settle().See("Sent as “loss_of_coverage” on 2026-03-").Type("n")
	d.Type("<shift+tab><shift+tab><ctrl+u>court order").See("as typed").Type("<tab><ctrl+s>").Settle()
	d.See("Sent as “court order” on 2026-03-")
}

func TestAnEventIsNoOpenEnrollment(t *testing.T) {
	o := newOffice(t)
	ada(o.sit(80, 40)).Type("lopen enrollment<tab>").Settle().See("Open enrollment is no life event")
}

func TestOnlyWhatWasChangedIsSent(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24)).Type("e").Settle()
	d.Type("<tab><tab><tab><tab><ctrl+u>9 Sample Lane, Faketown<ctrl+s>").Settle()
	d.See("home address: 101 Example Street", "-> 9 Sample").Type("y").Settle().See("Verified by a snapshot", "9 Sample Lane")
	require.Equal(t, 1, o.server.Executions(change))
	require.Contains(t, o.box.Payload(0), `"Fields":{"home_address":"9 Sample Lane, Faketown"}`)
	m, _ := o.server.AngleMember("fake-member-001")
	require.Equal(t, "101 Example Street, Faketown, UT 84000", m["mailing_address"])
	require.Equal(t, "Ada", m["first_name"])
}

func TestAGroupIsRegisteredOnce(t *testing.T) {
	o := newOffice(t)
	d := o.sit(80, 24).Type("R").Settle()
	d.Type("Example Dairy<tab>5 Example Plaza, Faketown<tab><ctrl+u>fake-group-dairy<tab>s<tab>d<tab>2<ctrl+s>").Settle()
	d.See("Register this group?", "2 dependents").Type("y").Settle().See("Registered as asked", "fake-group-dairy")
	require.Equal(t, 1, o.server.Executions(register))
	roster, _ := o.server.AngleRoster("fake-group-dairy")
	require.Len(t, roster, 3)
	d.Type("<enter>").Settle().See("silver_ppo        from 2026-", "delta_dental      from 2026-").Type("<esc>").Settle()
	d.Type("<esc>R").Settle().Type("Other<tab>Elsewhere 1<tab><ctrl+u>fake-group-dairy<tab>s<ctrl+s>").Settle().See("has a group of this id already")
	require.Equal(t, 1, o.server.Executions(register))
}

func TestPersonalDataIsMaskedUntilAskedFor(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40))
	for _, secret := range []string{"4321", "101 Example", "801-555", "1989-02"} {
		require.NotContains(t, d.Screen(), secret)
	}
	d.Type("<ctrl+r>").See("***-**-4321", "101 Example Street")
	require.Equal(t, []string{"reveal fake-member-001"}, o.trail)
	d.Advance(21 * time.Second).Gone("101 Example")
}

func TestCoverageOnADay(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24))
	o.clock(monday.AddDate(0, 2, 0))
	d.Type("ttoday<enter>").Settle().Type("fake-member-001<enter>").Settle().Advance(61 * time.Second).Settle()
	d.Type("h").Settle().See("dental plan").Type("d2026-03-10<enter>").See("Coverage of Ada Sample on 2026-03-10", "known    silver_ppo")
	d.Type("<esc><enter>").See("medical plan: silver_ppo -> not told")
}

// Coverage that ends later is there until then, whatever a snapshot records, and
// the page says until when.
func TestWhatEndsLaterIsToldUntilThen(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 24))
	d.Type("t2026-03-09<enter>").Settle().Type("fake-member-001<enter>").Settle().Advance(61 * time.Second).Settle()
	d.See("medical none              silver_ppo until 2026-03-31")
	d.Resize(60, 20).See("medical none", "        silver_ppo until 2026-03-31").Resize(80, 24)
	d.Type("h").Settle().See("ended", "ends 2026-03-31", "days told").Type("d2026-03-20<enter>").See("medical  known    silver_ppo", "It ends on 2026-03-31, by the answer of 2026-03-09.")
	d.Type("<esc>d2026-04-01<enter>").See("medical  known    none", "silver_ppo ended on 2026-03-31")
	d.Type("<esc><down><enter>").See("answer to the termination", "silver_ppo  ends 2026-03-31")
}

// An event's answer tells from when; a snapshot shows the plan at once.
func TestWhatAnEventBringsBeginsLater(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40))
	d.Type("ldivorce<tab>2026-03-09<tab>b<ctrl+s>").Settle().See("medical: silver_ppo -> bronze_epo").Type("y").Settle().See("Coverage changed").Type("<esc>").Settle()
	d.Gone("medical bronze_epo        days not told").See("medical bronze_epo        from ")
	d.Type("h").Settle().See("event").Type("dtoday<enter>").See("medical  NOT SURE silver_ppo", "It is bronze_epo from 2026-")
}

func TestOnlyMembersNearTheCursorAreRead(t *testing.T) {
	o := newOffice(t)
	for i := range 200 {
		o.server.PlantAngle("members", fmt.Sprintf("fake-member-x%03d", i), map[string]any{"group_id": "fake-group-garage"})
	}
	d := o.sit(80, 24)
	d.Type("<down><enter>").Settle().See("of 202 members read")
	read := o.server.Executions(snapshot)
	require.Less(t, read, 60, "only what is near the cursor is read")
	d.Type("G").Settle()
	require.Less(t, o.server.Executions(snapshot), 2*60)
	d.Type("A").Settle().See("202 rows")
	require.Equal(t, 202, o.server.Executions(snapshot))
}

// other is a tab of which nothing is wanted but to be shown.
type other struct{}

func (other) Title() string             { return "Other" }
func (other) Init() tea.Cmd             { return nil }
func (other) Update(tea.Msg) tea.Cmd    { return nil }
func (other) Resize(int, int)           {}
func (other) View() string              { return "the other tab" }
func (other) Typing() bool              { return false }
func (other) ShortHelp() []key.Binding  { return nil }
func (other) FullHelp() [][]key.Binding { return nil }

func TestReadingStopsWhenAnotherTabIsShown(t *testing.T) {
	o := newOffice(t)
	for i := range 30 {
		o.server.PlantAngle("members", fmt.Sprintf("fake-member-x%03d", i), map[string]any{"group_id": "fake-group-garage"})
	}
	d := o.sit(80, 24, other{})
	o.server.SetFault(snapshot, sandbox.Fault{Kind: sandbox.FaultStall, After: 3})
	d.Type("<down><enter>").See("reading members: 3 of 32")
	d.Type("2").Settle().See("the other tab")
	stopped := o.server.Executions(snapshot)
	require.Less(t, stopped, 20)
	o.server.ClearFaults()
	d.Type("1").Settle().See("Cleo Specimen").Gone("of 32")
	require.Greater(t, o.server.Executions(snapshot), stopped)
}

const heading = "member_type,first_name,last_name,group_id,start_date,medical,dental,dob,ssn\n"

// file writes a census.
func (o *office) file(rows ...string) string {
	path := filepath.Join(o.dir, "census.csv")
	require.NoError(o.t, os.WriteFile(path, []byte(heading+strings.Join(rows, "\n")), 0o600))
	return path
}

func (o *office) small() string {
	return o.file(
		"employee,Ann,One,fake-group-bakery,2026-04-01,silver_ppo,delta_dental,1980-01-02,987-65-0001",
		"dependent,Abe,One,,,silver_ppo,,2010-01-02,",
		"employee,Ben,Two,fake-group-bakery,04/01/26,silver_ppo,,1980-01-02,",
		"employee,Cid,Three,fake-group-nowhere,2026-04-01,bronze_epo,,1980-01-02,12",
		"employee,Dot,Four,fake-group-garage,2026-04-01,bronze_epo,,1980-01-02,",
	)
}

func census(d *uitest.Desk, path string) *uitest.Desk {
	d.Type("i").See("Import a census").Paste(path)
	return d.Type("<ctrl+s>").Settle()
}

func TestCensusPages(t *testing.T) {
	sizes(t, "census-checked", func(o *office, d *uitest.Desk) { census(d, o.small()).See("2 families ready") })
	sizes(t, "census-sent", func(o *office, d *uitest.Desk) {
		census(d, o.small()).Type("sy").Settle().See("2 of 2 families")
		d.Advance(10 * time.Second)
	})
	sizes(t, "census-row", func(o *office, d *uitest.Desk) { census(d, o.small()).Type("<enter>").Settle() })
	sizes(t, "census-columns", func(o *office, d *uitest.Desk) { census(d, o.small()).Type("m").Settle() })
}

func TestACensusIsCheckedSentAndItsRejectsSaved(t *testing.T) {
	o := newOffice(t)
	d := census(o.sit(80, 24), o.small()).See("2 families ready, 2 of 5 rows rejected", "nothing is sent yet")
	require.Zero(t, o.server.Executions(hire))
	d.Type("x").Settle().See("SSNs are masked")
	d.Type("s").See("3 people of 2 families", "masked").Type("y").Settle().See("2 verified", "SSNs are masked")
	require.Equal(t, 2, o.server.Executions(hire))
	files, err := filepath.Glob(filepath.Join(o.dir, "census", "*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 2, "with w, and before sending")
	rejects, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Contains(t, string(rejects), "Ben")
	require.Contains(t, string(rejects), "fake-group-nowhere")
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestOnlyTheFailedAreSentAgain(t *testing.T) {
	o := newOffice(t)
	d := census(o.sit(80, 24), o.small())
	o.server.SetFault(hire, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Times: 1, Body: `{"error":"validation"}`})
	d.Type("sy").Settle().See("1 failed", "1 verified")
	before := o.server.Executions(hire)
	d.Type("f").See("1 family failed").Type("y").Settle().See("2 verified")
	require.Equal(t, before+1, o.server.Executions(hire))
}

func TestColumnsAreRemembered(t *testing.T) {
	o := newOffice(t)
	path := filepath.Join(o.dir, "odd.csv")
	require.NoError(t, os.WriteFile(path, []byte("Kind,Firm,Begin,Plan\nemployee,fake-group-bakery,2026-04-01,silver_ppo\n"), 0o600))
	d := census(o.sit(80, 40), path).See("Which column holds what?")
	d.Type("1 K<enter>2 F<enter>3 B<enter>4 P<enter><ctrl+s>").Settle().See("1 family ready")
	d.Type("<esc>").Settle()
	census(d, path).See("1 family ready")
}

// TestACensusOfOneGroup is a file without a column of groups, and with the hire
// date alone, as a client sends it.
func TestACensusOfOneGroup(t *testing.T) {
	o := newOffice(t)
	path := filepath.Join(o.dir, "staff.csv")
	require.NoError(t, os.WriteFile(path, []byte("Type,First Name,Hire Date,Medical\nemployee,Ann,2026-04-01,silver_ppo\n"), 0o600))
	d := census(o.sit(80, 24), path).See("Which column holds what?").Type("<ctrl+s>").See("or press esc and name")
	d.Type("<esc>").Settle().Type("<esc>").Settle()
	d = bakery(d).Type("i").See("Sample Bakery (training)").Paste(path).Type("<ctrl+s>").Settle()
	d.See("1 family ready", "fake-group-bakery, silver_ppo")
	d.Type("s").See("Everybody is enrolled into Sample Bakery (training).").Type("y").Settle().See("1 verified")
	require.Equal(t, 1, o.server.Executions(hire))
}

func TestACensusOfAnEarlierSessionGoesOn(t *testing.T) {
	o := newOffice(t)
	d := census(o.sit(80, 24), o.small())
	o.server.SetFault(hire, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429})
	d.Type("sy").Settle().See("0 of 2 families", "2 queued")
	o.server.ClearFaults()
	d = o.sit(80, 24).See("requests: 2 queued").Type("w").Settle().See("census: 2 families").Type("<enter>").Settle()
	d.Type("s").Settle().See("2 of 2 families: 2 verified")
	require.Equal(t, 2, o.server.Executions(hire))
}

func TestAPersonFromAnotherTab(t *testing.T) {
	o := newOffice(t)
	d := bakery(o.sit(80, 24))
	d.Deliver(ui.GoMsg{Tab: "Enrollment", Subject: ui.Person{First: "Amy", Last: "Sample"}}).Settle().See("fake-member-003")
	d.Deliver(ui.GoMsg{Tab: "Enrollment", Subject: ui.Person{First: "Zoe", Last: "Testperson", DOB: "02/03/1991"}}).See("Enroll as a new hire?")
	d.Type("y<enter>").Settle().See("Zoe", "Testperson", "1991-02-03")
}

// A family of which only one was read does not look like somebody alone.
func TestAFamilyIsNotTakenForWhole(t *testing.T) {
	o := newOffice(t)
	d := o.sit(80, 24)
	d.Deliver(ui.GoMsg{Tab: "Enrollment", Subject: anglehealth.ID("fake-member-001")}).Settle().See("Ada Sample", "others are not known: not everybody of the group was read")
	d.Type("<esc>").Settle()
	ada(d).See("Alan Sample spouse", "Amy Sample child").Gone("not known")
}

func TestThePaletteFindsMembers(t *testing.T) {
	o := newOffice(t)
	d := bakery(o.sit(80, 24))
	d.Type("<ctrl+p>Amy Sample").See("member").Type("<enter>").Settle().See("fake-member-003", "Coverage")
}

func TestTypedAhead(t *testing.T) {
	o := newOffice(t)
	d := o.sit(80, 24)
	d.Type("<enter><enter>ttoday<enter>fake-member-001<enter>").Settle().See("sent in 60 s")
	require.Contains(t, o.box.Payload(0), `"ID":"fake-member-001","LastWork":"2026-03-09"`)
}

// A write whose answer is lost is never offered to be sent again from its form,
// and is settled by reading.
func TestLostAnswersAreReadBack(t *testing.T) {
	for route, do := range map[string]func(*uitest.Desk){
		event:    func(d *uitest.Desk) { ada(d).Type("lmarriage<tab>today<tab>b<ctrl+s>").Settle().Type("y").Settle() },
		season:   func(d *uitest.Desk) { ada(d).Type("otoday<tab>b<ctrl+s>").Settle().Type("y").Settle() },
		change:   func(d *uitest.Desk) { ada(d).Type("e<ctrl+u>Adele<ctrl+s>").Settle().Type("y").Settle() },
		register: func(d *uitest.Desk) { d.Type("RDairy<tab>Plaza 1<tab><tab>s<ctrl+s>").Settle().Type("y").Settle() },
	} {
		t.Run(route, func(t *testing.T) {
			o := newOffice(t)
			d := o.sit(80, 40)
			o.server.SetFault(route, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
			do(d)
			d.See("1 landed")
			require.Equal(t, []string{"landed"}, o.box.States())
			require.Equal(t, 1, o.server.Executions(route))
		})
	}
}

func TestALostWriteThatDidNotLandStaysUnknownAtFirst(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40))
	o.server.SetFault(change, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	d.Type("e<ctrl+u>Adele<ctrl+s>").Settle().Type("y").Settle().See("1 may have landed")
	require.Equal(t, []string{"unknown"}, o.box.States())
	d.Advance(2 * time.Minute).Run(d.Env.LookBack()).Settle()
	require.Equal(t, []string{"did not"}, o.box.States())
	require.Zero(t, o.server.Executions(change))
}

// A life event that snapshots cannot settle stands on the pages of everybody it
// is about until a person decides, and warns whoever would send another.
func TestAnUnknownEventSaysWhatToDo(t *testing.T) {
	for answer, want := range map[string]string{"y": "landed", "n": "did not"} {
		o := newOffice(t)
		d := ada(o.sit(80, 24))
		o.server.SetFault(event, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
		d.Type("ldivorce<tab>today<tab><tab><tab>n<ctrl+s>").Settle().See("Alan Sample medical: silver_ppo -> none").Type("y").Settle()
		require.Equal(t, []string{"unknown"}, o.box.States())
		d.Advance(10*time.Second).See("UNKNOWN: life event “divorce” of 2026-03-09, confirmed 2026-03-09 09:30", "do not send it again", "and press L.", "u find out")
		if answer == "y" {
			d.Golden("unknown-80x24")
		}
		d.Type("l").Settle().Type("again<tab>today<tab>b").See("Not settled yet: life event “divorce” of 2026-03-09").Type("<esc>y").Settle()
		d.Type("ttoday<enter>").Settle().See("Not settled yet: life event").Type("<esc>")
		d.Type("e<ctrl+u>Adele<ctrl+s>").Settle().See("Not settled yet").Type("n<esc>y").Settle()
		d.Type("<esc>") // the notice
		d.Type("<esc><down><enter>").Settle().See("fake-member-002", "UNKNOWN: life event")
		d.Type("<esc><down><enter>").Settle().See("fake-member-003").Gone("UNKNOWN")
		d.Type("<esc><esc>").Settle().See("1 write may have landed, and nobody knows yet: Ada Sample")
		d.Type("<enter>").Settle().Type("<home><enter>").Settle().Type("u").Settle().See("1 may have landed", "UNKNOWN")
		d.Type("L").See("What became of it?", "Life event “divorce” of 2026-03-09").Type(answer).Settle().Gone("UNKNOWN")
		require.Equal(t, []string{want}, o.box.States())
		require.Zero(t, o.server.Executions(event))
	}
}

// What was confirmed and never sent is on the member's page, so that nobody
// enters it again.
func TestAWaitingWriteIsOnTheMembersPage(t *testing.T) {
	o := newOffice(t)
	o.waits = []ui.Left{{ID: "7", Created: monday, Intent: ui.Intent{Vendor: "Angle Health", Op: "change person", Record: "fake-member-001",
		Payload: []byte(`{"ID":"fake-member-001","Fields":{"first_name":"Adele"}}`)}}}
	d := ada(o.sit(80, 24)).See("NOT SENT: change of first name, confirmed 2026-03-09 09:30", "shows it, S sends it there").Gone("find out")
	d.Type("e<ctrl+u>Adele<ctrl+s>").Settle().See("Waiting in the outbox: change of first name").Type("n<esc>y").Settle()
	d.Type("<esc><esc>").Settle().Gone("nobody knows yet")
}

// A refusal stands under the field and loses nothing.
func TestARefusedChangeStaysInItsForm(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40))
	o.server.SetFault(change, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Times: 1,
		Body: `{"error":"validation","fields":{"name_change.first_name":"is too short"}}`})
	d.Type("e<ctrl+u>A<ctrl+s>").Settle().Type("y").Settle().See("is too short", "Change data of Ada Sample")
	require.Equal(t, []string{"refused"}, o.box.States())
}

// sgr are the only sequences a screen may hold.
var sgr = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func TestHostileMembersAreDrawnAsText(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var texts []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(raw, &texts))
	require.Greater(t, len(texts), 100)
	o := newOffice(t)
	d := ada(o.sit(80, 24)).Type("<ctrl+r>")
	look := func(name string) {
		d.Fits(80, 24)
		for _, r := range sgr.ReplaceAllString(d.App.View().Content, "") {
			require.False(t, r != '\n' && unicode.IsControl(r), "%s: %q on the screen", name, r)
		}
	}
	scripts := []string{"e", "o", "l", "h", "h<enter>", "hd2026-03-09<enter>", "ttoday<enter>"}
	for i, text := range texts {
		fields := map[string]any{"contact": map[string]any{"home_phone": text.Value, text.Value: "x"}, "employment": text.Value}
		for _, f := range []string{"first_name", "last_name", "home_address", "mailing_address", "sex", "marital_status", "medical", "dental", "relationship"} {
			fields[f] = text.Value
		}
		o.server.PlantAngle("members", "fake-member-001", fields)
		o.server.PlantAngle("groups", "fake-group-bakery", map[string]any{"group_name": text.Value, "group_address": text.Value})
		d.Type("r").Settle()
		look(text.Name)
		for _, k := range uitest.Keys(scripts[i%len(scripts)]) { // each page for some of the texts
			d.Press(k).Settle()
		}
		look(text.Name)
		for range 4 {
			if head := strings.Split(d.Screen(), "\n")[3]; !strings.Contains(d.Screen(), "┌─") && strings.Contains(head, "fake-member-001") {
				break
			}
			d.Type("<esc>").Settle()
			if strings.Contains(d.Screen(), "Discard") {
				d.Type("y").Settle()
			}
		}
		if i%5 == 0 {
			d.Type("<esc>r").Settle()
			look(text.Name + " on the roster")
			d.Type("<esc>r").Settle()
			look(text.Name + " among the groups")
			d.Type("<home><enter>").Settle().Type("<home><enter>").Settle()
		}
	}
}

// A file somebody made is hostile too.
func TestHostileCensusIsDrawnAsText(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var texts []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(raw, &texts))
	o := newOffice(t)
	var rows []string
	for _, text := range texts {
		cell := `"` + strings.ReplaceAll(text.Value, `"`, `""`) + `"`
		rows = append(rows, "employee,"+cell+","+cell+",fake-group-bakery,2026-04-01,"+cell+",,1980-01-02,")
	}
	d := census(o.sit(80, 24), o.file(rows...)).See("rows rejected")
	for range 60 {
		d.Fits(80, 24)
		for _, r := range sgr.ReplaceAllString(d.App.View().Content, "") {
			require.False(t, r != '\n' && unicode.IsControl(r), "%q on the screen", r)
		}
		d.Type("<enter>").Settle()
		for _, r := range sgr.ReplaceAllString(d.App.View().Content, "") {
			require.False(t, r != '\n' && unicode.IsControl(r), "%q in a row's text", r)
		}
		d.Type("<esc><down><down><down>").Settle()
	}
	require.Zero(t, o.server.Executions(hire))
}

// TestTheMouse goes from a group to a member and into a form by clicks.
func TestTheMouse(t *testing.T) {
	o := newOffice(t)
	d := o.sit(80, 24)
	point := func(words string) {
		t.Helper()
		for y, line := range strings.Split(d.Screen(), "\n") {
			if i := strings.Index(line, words); i >= 0 {
				d.Deliver(tea.MouseClickMsg{X: ansi.StringWidth(line[:i]), Y: y, Button: tea.MouseLeft}).Settle()
				return
			}
		}
		require.Fail(t, "not on the screen: "+words, d.Screen())
	}
	point("Sample Garage")
	point("Sample Bakery")
	point("enter open")
	d.See("Ada Sample")
	point("Bo Example")
	point("Ada Sample")
	point("enter open")
	d.See("fake-member-001", "lines below")
	for range 3 {
		d.Deliver(tea.MouseWheelMsg{X: 10, Y: 10, Button: tea.MouseWheelDown})
	}
	d.See("lines above")
	point("e change data...")
	point("Mailing   ")
	d.Type("<ctrl+u>9 Sample Lane<ctrl+s>").Settle().See("mailing address: 101", "Sample Lane")
	d.Type("y").Settle().See("Verified by a snapshot")
}

func TestADependentCannotKeepALineAlone(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40)).Type("ldivorce<tab>today<tab>n<ctrl+s>").Settle().See("cannot keep it alone")
	require.Zero(t, o.server.Executions(event))
	d.Type("<esc>").See("Discard")
}

// Keys that come faster than the answers end where slow typing does: a group is
// registered, a family hired into it and sent.
func TestKeysTypedAheadEndWhereSlowTypingDoes(t *testing.T) {
	script := uitest.Keys("RDairy<tab>Plaza 1<tab><ctrl+u>fake-group-dairy<tab>s<ctrl+s>y" +
		"n1<enter><tab>2026-03-16<tab><tab>Nora<tab>Newperson<tab><tab><tab><tab><tab>s<tab><tab><tab><tab><tab>" +
		"Ned<tab>Newperson<tab><tab><tab><tab><tab>s<ctrl+s>sy")
	for _, chunk := range []int{1, 2, 3, 7, 19, len(script)} {
		o := newOffice(t)
		d := o.sit(80, 24)
		for i, k := range script {
			d.Press(k)
			if i%chunk == 0 {
				d.Settle()
			}
		}
		d.Settle().See("This family is verified")
		roster, _ := o.server.AngleRoster("fake-group-dairy")
		require.Len(t, roster, 3)
		require.Equal(t, []int{1, 1, 2}, []int{o.server.Executions(register), o.server.Executions(hire), o.server.Executions(change)})
		names := ""
		for _, id := range roster {
			m, _ := o.server.AngleMember(id)
			names += fmt.Sprintf("[%v %v]", m["first_name"], m["last_name"])
		}
		require.Equal(t, "[ ][Nora Newperson][Ned Newperson]", names, "in chunks of %d", chunk)
	}
}

// What a census refuses, the form of one family refuses too.
func TestCoverageBeforeTheFirstDayIsRefused(t *testing.T) {
	d := bakery(newOffice(t).sit(80, 40)).Type("n<enter>").Type("<tab>4/1/2026<tab>3/1/2026<tab>Zed<tab>Neumann<tab><tab><tab><tab><tab>s<ctrl+s>").Settle()
	d.See("it lies before the first day of work")
}

// A year that was mistyped is asked about before anything leaves.
func TestFarDaysAreAskedAbout(t *testing.T) {
	o := newOffice(t)
	d := ada(o.sit(80, 40)).Type("lbirth<tab>2062-11-20<tab>b<ctrl+s>").Settle().See("The plan bronze_epo ends on 2026-12-31, before 2062-11-20")
	d.Type("<shift+tab><ctrl+u>2024-11-20<ctrl+s>").Settle().See("Sent as “birth” on 2024-11-20, Wednesday", "That is more than a year ago: is the year right?").Type("n<esc>y").Settle()
	d.Type("t2206-03-09<enter>").Settle().See("Last day of work 2206-03-09.", "more than a year from today").Type("<esc>")
	d.Type("t").See("2206-03-09").Type("<ctrl+u>2026-03-31<enter>").Settle().See("Last day of work 2026-03-31.").Gone("is the year right")
}

// A mistake found while reading a draft over is corrected in its form, and what
// is not wanted is thrown away. Neither leaves anything that could be sent.
func TestADraftIsCorrectedOrThrownAway(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(80, 40)).Type("e").Settle().See("Correct a new hire", "Nora", "1990-04-05", "Ned", "An SSN left empty stays")
	d.Type("<tab><tab><tab><ctrl+u>Norah<tab><tab><tab><tab>").Type("<ctrl+s>").Settle().See("New hire of Norah Newperson", "draft")
	d.Type("<ctrl+r>").See("SSN ***-**-4321", "1 Example Street", "born 2019-06-07")
	d.Type("<esc>w").Settle().See("new hire of Norah Newperson", "1 row").Gone("new hire of Nora Newperson")
	d.Type("<enter>").Settle().Type("X").See("Throw it away?").Type("y").Settle().See("Thrown away: nothing was sent.", "Nothing was enrolled from here yet")
	require.Zero(t, o.server.Executions(hire))
	d.Type("<esc>").Settle()
	d.Type("<esc>").Settle().See("Sample Bakery (training)    fake-group-bakery            4")
}

// Whoever was enrolled from here is not enrolled a second time unnoticed, also
// when the first request is verified and forgotten. Who comes back may be.
func TestANewHireWhoWasEnrolledBeforeIsPointedOut(t *testing.T) {
	o := newOffice(t)
	d := hired(o.sit(80, 24)).Gone("before, or waiting")
	d.Type("e").Settle().Type("<ctrl+s>").Settle().See("draft").Gone("before, or waiting") // it replaces itself
	d.Type("sy").Settle().See("verified").Gone("before, or waiting")
	d.Type("<esc><esc><home>").Settle()
	o.clock(monday.Add(time.Hour))
	hired(d).See("Enrolled from this desk before, or waiting to be: Nora Newperson, Ned", "enrolled twice")
	d.Type("<esc>w<home><enter>").Settle().See("draft", "before, or waiting").Type("s").See("Enroll this family?", "Who comes back is a new hire")
	d.Type("y").Settle().See("verified")
	require.Equal(t, 2, o.server.Executions(hire))
	for range 2 { // of a verified one a hash is left to forget
		d.See("verified").Type("X").See("Forget who they are?").Type("y").Settle().Gone("forget")
		d.Type("<esc>").Settle().Type("<end><enter>").Settle()
	}
	d.Type("<esc><esc><esc><home>").Settle()
	hired(d).Gone("before, or waiting")
}

// A file whose columns are not found says which, and nobody is sent to a key
// that does nothing.
func TestACensusSaysWhatIsMissing(t *testing.T) {
	o := newOffice(t)
	path := filepath.Join(o.dir, "bare.csv")
	require.NoError(t, os.WriteFile(path, []byte("First Name,DOB\nAnn,1980-01-02\n"), 0o600))
	d := census(o.sit(80, 40), path).See("Which column holds what?", "Needed, and not found by its name: member type, group id, employee start", "date, medical.", "member type *", "employee start date *").Gone("dental *")
	d.Type("<esc>").Settle().See("Nothing was checked yet: press m to say which column holds what.")
	d.Type("<esc>")
	census(d, o.file("employee,Ann,One,fake-group-bakery,soon,silver_ppo,,,")).See("0 families ready, 1 of 1 rows rejected", "nothing can be sent: correct the rows").Gone("sent with s")
}
