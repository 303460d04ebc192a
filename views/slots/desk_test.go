package slots_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/slots"
)

// TestEnterOnOurOwnHoldLeadsBackToIt: the caller is still on the line when the
// list was looked at once more.
func TestEnterOnOurOwnHoldLeadsBackToIt(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	code := regexp.MustCompile(`code (\S+)`).FindString(d.Screen())
	d.Type("<esc>").See("◊ you").Type("<enter>").Settle().See("HELD", "nobody yet", code)
	d.Type("<esc>]").Settle().See("30 min").Type("<enter>").Settle()
	require.NotContains(t, d.Screen(), code, "another length is another hold")
	d.Type("[").Settle().See("15 min").Type("d").Settle().Type("<enter>").Settle().See("HELD", code)
}

// TestOurHoldOfSomebodyElseIsNotGivenToWhoIsNext: a person another tab sent
// wants a time that is nobody's.
func TestOurHoldOfSomebodyElseIsNotGivenToWhoIsNext(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("<esc>").Settle()
	d.Deliver(ui.GoMsg{Tab: "Slots", Subject: p.zoe()}).Settle().See("For Zoë")
	d.Type("<enter>").Settle().See("You hold this yourself", "For Zoë")
}

// TestTheWeekShowsFreeTimeBesideAVisit: half an hour of the week can begin free
// and end busy.
func TestTheWeekShowsFreeTimeBesideAVisit(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 60).See("openings")
	d.Type("f<tab><tab>2026-03-16<tab><ctrl+u>1<ctrl+s>").Settle().Type("/Jane Smith<enter>d").Settle()
	day := regexp.MustCompile(`◦ \d\d:\d\d`).FindAllString(d.Screen(), -1)
	require.Regexp(t, ` \d\d:00  ▬.*\n +►?◦ \d\d:15`, d.Screen(), "an hour begins busy and goes on free")
	d.Type("w").Settle().See("Tue 17")
	for _, free := range day {
		require.Contains(t, d.Screen(), free)
	}
}

// TestANarrowWeekStillSaysEveryTime: where nothing else has room, a free time
// does, and the day the cursor is on keeps its date.
func TestANarrowWeekStillSaysEveryTime(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 60, 20).See("openings").Type("w").Settle().See("►Mo 09", "Tu 10")
	require.Regexp(t, ` ►\d\d:\d\d `, d.Screen())
	require.NotRegexp(t, `\d\d…`, d.Screen())
	d.Golden("week-60x20")
}

// TestTheDayOpensAtTheTimeChosen and keeps it when it becomes the week.
func TestTheDayOpensAtTheTimeChosen(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("openings")
	d.Type("f<tab><tab>2026-03-16<tab><ctrl+u>1<tab>13:00<ctrl+s>").Settle().Type("<down><down><down>")
	at := regexp.MustCompile(`► Mon 16 Mar  (\d\d:\d\d)`).FindStringSubmatch(d.Screen())
	require.NotNil(t, at, d.Screen())
	for _, k := range []string{"d", "w", "w"} {
		d.Type(k).Settle()
		require.Regexp(t, "►◦ "+at[1], d.Screen())
	}
}

// TestAFailedReloadKeepsTheOpenings, also when it is asked for with n.
func TestAFailedReloadKeepsTheOpenings(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("12 openings")
	p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503})
	d.Type("n").Settle().See("no answer for 12 of 12 providers; r asks again", "earlier answer", "► Mon")
}

// TestWhatHappenedGoesOnWithTheVisit: the schedule is compared while the page
// is open.
func TestWhatHappenedGoesOnWithTheVisit(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.enter(d)
	before := strings.Count(d.Screen(), "maria@desk")
	d.Advance(20 * time.Second).See("SEEN").Settle()
	require.Greater(t, strings.Count(d.Screen(), "maria@desk"), before, d.Screen())
}

// TestTheBookSaysHowLongAHoldLasts in full at the usual size.
func TestTheBookSaysHowLongAHoldLasts(t *testing.T) {
	p := newPractice(t)
	d := held(p.sit("maria", 80, 24))
	d.Type("<esc>b").Settle()
	require.Regexp(t, `you [0-5]:\d\d`, d.Screen())
}

// TestALongSearchSaysWhereItEnds: days that were not asked for must not look
// like days without free time.
func TestALongSearchSaysWhereItEnds(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("openings")
	d.Type("f<tab><tab><tab><ctrl+u>90<ctrl+s>").Settle().See("90 days from today", "complete up to", "f for later days")
	d.Type("n").Settle().Gone("complete up to")
}

// TestASearchThatWasStoppedSaysSo as long as its rows are shown.
func TestASearchThatWasStoppedSaysSo(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("openings")
	p.server.SetFault(availability+"slots", sandbox.Fault{Kind: sandbox.FaultStall})
	d.Type("f<ctrl+s>").See("asking 12/").Type("<esc>").Settle().Advance(time.Minute)
	d.See("12 openings", "stopped, some are missing; r asks again")
	p.server.ClearFaults()
	d.Type("r").Settle().Gone("some are missing")
}

// TestNextIsForEverybody also after a search for one provider, and a filter
// does not change how many openings there are.
func TestNextIsForEverybody(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24).See("12 openings")
	d.Type("b").Settle().Type("<esc>")
	d.Type("f<shift+tab><shift+tab>").See("Specialty")
	d.Type("Cardiology<ctrl+s>").Settle().See("15 min, Cardiology, 14 days")
	d.Type("n").Settle().See("next for everybody: 15 min, all 12 providers", "12 openings")
	d.Type("/smith").See("1 of 12", "12 openings")
}

// late answers for one provider's day when the gate opens.
type late struct {
	slots.EMR
	id   naturaesoft.ID
	day  string
	gate chan struct{}
}

func (l late) Slots(ctx context.Context, id naturaesoft.ID, d civil.Date, minutes int) ([]civil.Time, error) {
	if id == l.id && d.String() == l.day {
		select {
		case <-l.gate:
		case <-ctx.Done():
		}
	}
	return l.EMR.Slots(ctx, id, d, minutes)
}

// TestTheFirstOpeningIsChosenAlsoUnderAFilter, though it is answered last.
func TestTheFirstOpeningIsChosenAlsoUnderAFilter(t *testing.T) {
	p := newPractice(t)
	gate := make(chan struct{})
	p.through = func(emr slots.EMR) slots.EMR { return late{emr, "1", "2026-03-16", gate} }
	d := p.sit("maria", 80, 24).See("12 openings").Type("/smith<enter>").Settle()
	d.Type("f<tab><tab>2026-03-16<tab><ctrl+u>3<ctrl+s>").See("► Tue 17 Mar")
	close(gate)
	d.Settle().See("► Mon 16 Mar")
}

// click presses the mouse on the words, times times.
func click(t *testing.T, d *uitest.Desk, words string, times int) {
	t.Helper()
	for y, line := range strings.Split(d.Screen(), "\n") {
		if i := strings.Index(line, words); i >= 0 {
			for range times {
				d.Deliver(tea.MouseClickMsg{X: ansi.StringWidth(line[:i]), Y: y, Button: tea.MouseLeft})
			}
			d.Settle()
			return
		}
	}
	require.Fail(t, words+" is not on the screen", d.Screen())
}

// TestAClickOnAPersonIsOnThatPerson and on nobody above or below; the text's
// cursor is in its line.
func TestAClickOnAPersonIsOnThatPerson(t *testing.T) {
	for _, way := range []string{"", "moved"} {
		d := newPractice(t).sit("maria", 80, 24)
		if way == "moved" { // one line more says what is replaced
			ready(d).Type("y").See("REQUESTED").Settle().Type("m").Settle().Type("<down><enter>").Settle().See("it replaces")
		} else {
			held(d)
		}
		d.Type("pan").Advance(time.Second).Settle().See("Name, phone or e-mail: an")
		lines := strings.Split(d.Screen(), "\n")
		require.Contains(t, lines[d.App.View().Cursor.Y], "Name, phone or e-mail: an")
		rows := regexp.MustCompile(`(?m)^.  (\S.{20,26}?)  +\d{4}-\*\*`).FindAllStringSubmatch(d.Screen(), -1)
		require.GreaterOrEqual(t, len(rows), 4, d.Screen())
		name := rows[3][1]
		click(t, d, name, 1)
		d.See("►  " + name)
		d.Advance(time.Second)
		click(t, d, name, 2)
		d.See("1 Person     " + strings.TrimSpace(name))
	}
}

// TestTheGridTakesTheMouse as the lists do.
func TestTheGridTakesTheMouse(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40).See("openings").Type("w").Settle().See("March 2026")
	free := regexp.MustCompile(`◦ \d\d:\d\d`).FindAllString(d.Screen(), -1)
	at := free[len(free)-1]
	click(t, d, at, 1)
	d.See("►" + at)
	d.Deliver(tea.MouseWheelMsg{X: 30, Y: 20, Button: tea.MouseWheelUp}).Gone("►" + at)
	d.Deliver(tea.MouseWheelMsg{X: 30, Y: 20, Button: tea.MouseWheelDown}).See("►" + at)
	d.Advance(time.Second)
	click(t, d, at, 2)
	d.See("HELD", at[len("◦ "):])
}

// TestADayThatIsNoneIsNotExplainedWithABirthDate.
func TestADayThatIsNoneIsNotExplainedWithABirthDate(t *testing.T) {
	d := newPractice(t).sit("maria", 80, 24).See("openings").Type("d").Settle()
	d.Type("gtomorow<ctrl+s>").See("is not a day", "like mon, +14, 12/1 or", "2026-03-23").Gone("1987")
}

// TestTheBookSaysInFullWhyItCouldNotCompare.
func TestTheBookSaysInFullWhyItCouldNotCompare(t *testing.T) {
	p := newPractice(t)
	d := ready(p.sit("maria", 80, 24))
	d.Type("y").See("REQUESTED").Settle()
	p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503})
	d.Type("r").Settle().See("REQUESTED", "Press r to try again.").Type("<esc><esc>b").Settle().Gone("Press r to try")
	d.Type("r").Settle().See("Book", "Press r")
	p.server.ClearFaults()
	d.Advance(time.Minute).Type("<enter>r").Settle().See("REQUESTED", "Compared with the schedule.")
}

// TestWhoHasNoNextOpeningIsNamed and is not left out as if not asked.
func TestWhoHasNoNextOpeningIsNamed(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 24).See("12 openings").Type("f<ctrl+u>240<tab><tab><tab><ctrl+u>1<ctrl+s>").Settle().Type("n").Settle()
	d.See("10 openings", "none within a year: Theodore Quillfeather, DO; Zoë–Ann Spécimen, PA-C")
	d.Type("f<ctrl+u>15<ctrl+s>").Settle().Gone("within a year")
}
