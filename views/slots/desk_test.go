package slots_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui"
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
	d.Type("<enter>").Settle().See("is kept by maria", "For Zoë")
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
	d.Type("n").Settle().See("no answer for", "earlier answer", "► Mon")
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
