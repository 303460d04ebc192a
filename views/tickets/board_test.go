package tickets_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

func TestOneVendorDownLeavesTheOtherAlone(t *testing.T) {
	for _, c := range []struct{ down, up, sentence string }{
		{careList, "EMR    ", "Connect4Healthcare failed on its side"},
		{emrList, "C4H    ", "Naturaesoft EMR failed on its side"},
	} {
		p := newPractice(t)
		p.server.SetFault(c.down, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, Body: "down"})
		d := p.sit("maria", 120, 40).See("try", c.sentence, strings.TrimSpace(c.up)+" ")
		p.server.ClearFaults()
		d.Advance(2*time.Minute).Type("r").Settle().Gone("failed on its side").See("C4H", "EMR")
	}
}

func TestADownVendorsRowsStayAndSayTheirAge(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40).See("Connect4Healthcare as of 09:30")
	p.server.SetFault(careList, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, Body: "down"})
	d.Advance(5*time.Minute).Type("r").Settle().See("C4H rows as of 09:3", "failed on its side", "Did not sleep", "Naturaesoft EMR as of 09:35")
}

func TestAskingAgainIsSeenAndAFailureSaysOnceWhatToDo(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24)
	p.server.SetFault(careList, sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 300 * time.Millisecond})
	d.Type("r").See("Connect4Healthcare as of 09:30, asking again...").Settle().Gone("asking")
	p.server.SetFault(careDetail, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, Body: "down"})
	d.Type("<enter>").Settle().See("failed on its side")
	require.Equal(t, 1, strings.Count(strings.ToLower(d.Screen()), "again"), d.Screen())
}

func TestAMistakeInTheFilterIsReadUncut(t *testing.T) {
	d := newPractice(t).sit("maria", 60, 20)
	d.Type("/<ctrl+u>stat:open").See("There is no filter called", "waiting or is").Fits(60, 20)
	d.Type("<ctrl+u>").Gone("no filter called").Type("<esc>").Settle()
}

func TestBothDownSaysHowToGoOn(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, Body: "down"})
	d := p.sit("maria", 80, 24).See("No ticket system can be asked now", "Press r")
	p.server.ClearFaults()
	d.Advance(2 * time.Minute).Type("r").Settle().See("Did not sleep")
}

// TestPollingOnlyWhileSomebodyLooks counts what the vendors are asked: once a
// minute at most, and not while the terminal has lost the focus.
func TestPollingOnlyWhileSomebodyLooks(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 80, 24)
	asked := func() [2]int { return [2]int{p.server.Requests(careList), p.server.Requests(emrList)} }
	pass := func(of time.Duration) {
		for range int(of / (15 * time.Second)) {
			d.Advance(15 * time.Second).Settle()
		}
	}
	require.Equal(t, [2]int{1, 1}, asked())
	pass(45 * time.Second)
	require.Equal(t, [2]int{1, 1}, asked(), "not before a minute has passed")
	pass(5 * time.Minute)
	first := asked()
	for _, n := range first {
		require.GreaterOrEqual(t, n, 4)
		require.LessOrEqual(t, n, 6)
	}
	d.App.Update(tea.BlurMsg{})
	pass(10 * time.Minute)
	require.Equal(t, first, asked(), "nobody looks at a terminal without focus")
	d.App.Update(tea.FocusMsg{})
	pass(15 * time.Second)
	require.Equal(t, [2]int{first[0] + 1, first[1] + 1}, asked(), "who comes back sees the present")
}

func TestRowsArePatchedAndTheCursorStays(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40).Type("<down><down><space>").See("1 marked")
	row := under(d)
	p.server.Connect4Healthcare().Plant("tickets", map[string]any{"title": "Brand new", "resident_id": 500_000_001, "urgency_status_id": 9})
	d.Type("r").Settle().See("Brand new", "1 marked", "#9")
	require.Equal(t, row, under(d), "the cursor is on the same ticket")
}

// under is the row with the cursor.
func under(d *uitest.Desk) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.HasPrefix(l, "►") && !strings.Contains(l, "Tickets ") {
			return l
		}
	}
	return ""
}

func TestUnreadAndNewComments(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "did sleep").See("◉")
	d.Type("<enter>").Settle().Type("<esc>").Settle().See("◉") // only passed by
	d.Type("<enter>").Settle().Advance(3 * time.Second).Settle().Type("<esc>").Settle()
	require.NotContains(t, under(d), "◉")
	p.server.Connect4Healthcare().Say(202, 13, "Medication", "Sample Nurse", "One more.")
	p.server.Connect4Healthcare().Say(202, 13, "Medication", "Sample Nurse", "And another.")
	p.server.Connect4Healthcare().Plant("tickets", map[string]any{"id": 202, "updated_at": "2026/03/09 09:31:00 -0400"})
	d.Type("r").Settle()
	require.Contains(t, under(d), "+2")
	d.Type("m").Settle()
	require.NotContains(t, under(d), "+2")

	again := p.sit("maria", 120, 40) // another session of the same account
	filtered(again, "did sleep")
	require.NotContains(t, under(again), "◉")
	filtered(again, "is:unread state:open")
	require.NotContains(t, again.Screen(), "Did not sleep")
}

func TestSnoozeHidesUntilTheTimeOrAChange(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40).See("Did not sleep").Type("z").See("Snooze").Type("<enter>").Settle()
	d.Gone("C4H      202").See("hidden until Mon 09 Mar 13:30")
	filtered(d, "is:snoozed").See("Did not sleep")
	d.Type("<esc>").Settle()
	p.server.Connect4Healthcare().Plant("tickets", map[string]any{"id": 202, "updated_at": "2026/03/09 09:31:00 -0400"})
	d.Type("r").Settle().See("Did not sleep")
}

func TestViewsAreSavedWithoutNames(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "beispiel").Type("V").See("may be somebody's name")
	filtered(d, "state:open urgency:>2 source:c4").Type("V").See("Keep this filter").Type("4<enter>").Settle().See("Kept as view 4")
	again := p.sit("maria", 120, 40).Type("v").See("4  state:open urgency:>2 source:c4").Type("4").Settle()
	again.See("View 4  state:open urgency:>2 source:c4")
}

func TestTheBoardTakesASubjectOfAnotherTab(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 100, 30)
	d.App.Update(ui.GoMsg{Tab: "Tickets", Subject: ui.Person{First: "günter", Last: "BEISPIEL"}})
	d.Settle().See("about günter BEISPIEL", "Did not sleep")
	d, tab := p.desk("jo", 100, 30)
	d.Settle()
	tab.Update(ui.GoMsg{Subject: ui.Ticket{Source: "emr", ID: "999999"}})
	require.NotEmpty(t, tab.Found())
	d.Type("<ctrl+p>").See("Find").Type("labels print").Settle().See("EMR 2").Type("<enter>").Settle().See("EMR 2", "specimen")
}

func TestTheMouseWorksOnTheList(t *testing.T) {
	p := newPractice(t)
	d := p.sit("maria", 120, 40)
	click := func(y int) { d.App.Update(tea.MouseClickMsg{X: 10, Y: y, Button: tea.MouseLeft}) }
	click(7)
	require.Contains(t, under(d), " 205 ", "the header, the tabs, two lines of ours and the titles stand above")
}

// pages are scripts that lead to every page and dialog.
var pages = []string{"", "b", "/", "<enter>", "c", "s", "z", "v", "V", "a", "<enter>C", "<enter>L", "<enter>x", "/<ctrl+u>source:emr<enter>a", "/<ctrl+u>source:emr<enter><enter>e", "?"}

func TestEveryPageFitsEverySize(t *testing.T) {
	p := newPractice(t)
	for _, size := range [][2]int{{60, 20}, {200, 60}, {40, 10}} { // the usual ones have goldens
		for _, page := range pages {
			d := p.sit("maria", size[0], size[1])
			d.Type(page).Settle()
			d.Fits(size[0], size[1])
		}
	}
}

// TestWhatAKeyDoesIsInTheHelp presses every key on the board, its columns and
// a ticket; one that changes the screen must be in the help of that page.
func TestWhatAKeyDoesIsInTheHelp(t *testing.T) {
	var all []string
	for r := '!'; r <= '~'; r++ {
		all = append(all, string(r))
	}
	for r := 'a'; r <= 'z'; r++ {
		all = append(all, "ctrl+"+string(r))
	}
	all = append(all, "enter", "tab", "shift+tab", "esc", "space", "backspace", "delete", "up", "down", "left", "right",
		"home", "end", "pgup", "pgdown", "f1")
	p := newPractice(t)
	for _, page := range []string{"", "b", "/", "<enter>", "/<ctrl+u>source:emr<enter><enter>"} {
		d := p.sit("maria", 80, 24).Type("<down>").Settle().Type(page).Settle().Advance(10 * time.Second).Settle()
		bound, before := d.Bound(), d.Screen()
		for _, k := range all {
			press := uitest.Key(k)
			_, ok := bound[press.String()]
			if ok || page == "/" && press.Text != "" || page == "/" && strings.Contains("ctrl+a ctrl+b ctrl+e ctrl+f ctrl+h ctrl+d ctrl+w ctrl+u ctrl+k backspace delete left right home end", k) {
				continue
			}
			d.Press(press).Settle()
			require.Equal(t, before, d.Screen(), "page %q: the key %q does something and is not in the help", page, k)
		}
	}
}

// TestTypedAhead types scripts all at once and slowly; both end on one screen.
// No vendor refuses anything: a status shows before it is accepted, so that what
// is typed behind one that is refused goes by where the ticket seemed to stand.
func TestTypedAhead(t *testing.T) {
	keys := []string{"<down>", "<up>", "<enter>", "n", "c", "hello", "<ctrl+s>", "b", "/", "state:new", "<backspace>", "s", "<right>", "<tab>", "a", "x", "L", "v", "2", "t", "z", "Esc"}
	if os.Getenv("FRONTDESK_SOAK") == "" {
		require.NoError(t, flag.Set("rapid.checks", "12"))
	}
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SampledFrom(keys), 1, 14).Draw(rt, "script")
		run := func(slow bool) string {
			p := newPractice(t)
			p.box = outbox(time.Hour) // no comment is ever sent
			d := p.sit("maria", 80, 24)
			for _, k := range script {
				if k == "Esc" { // leaving is the way out of waiting, on purpose
					d.Settle()
					k = "<esc>"
				}
				if k == "<ctrl+s>" && slow {
					d.Settle()
				}
				d.Type(k)
				if slow || k == "<ctrl+s>" {
					d.Settle()
				}
			}
			// Of two sentences the later one stands, and a file may be saved late.
			d.Settle().Run(d.Env.Say("The end."))
			return d.Advance(10 * time.Second).Settle().Screen()
		}
		require.Equal(rt, run(true), run(false), "%v", script)
	})
}

// TestHostileTextIsData puts texts meant to steer terminals into every text of
// both vendors and draws every page.
func TestHostileTextIsData(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "clients", "safe", "testdata", "hostile.json"))
	require.NoError(t, err)
	var texts []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(raw, &texts))
	require.NotEmpty(t, texts)
	p := newPractice(t)
	for i, hostile := range texts {
		if (i%25 != 0 || len(hostile.Value) > 2<<10) && os.Getenv("FRONTDESK_SOAK") == "" {
			continue
		}
		p.server.SetFault("*", sandbox.Fault{Kind: sandbox.FaultHostile, Body: hostile.Value})
		for _, page := range []string{"b", "<enter>"} {
			d := p.sit("maria", 80, 24)
			d.Type(page).Settle().Fits(80, 24)
			for _, r := range d.Screen() {
				require.False(t, r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0, "%s: %q on the screen", hostile.Name, r)
			}
		}
	}
}

// BenchmarkBoard draws and moves on a board of 5,000 tickets; a frame has 16 ms,
// a key 2.
func BenchmarkBoard(b *testing.B) {
	p := newPractice(b)
	for n := range 5000 {
		p.server.Connect4Healthcare().Plant("tickets", map[string]any{
			"title": fmt.Sprintf("Ticket %d", n), "resident_id": 500_000_001 + n%40, "urgency_status_id": 1 + n%4,
			"created_at": monday.Add(-time.Duration(n) * time.Minute).Format("2006/01/02 15:04:05 -0700"),
		})
	}
	for name, keys := range map[string][2]string{
		"list": {"", "<down>"}, "columns": {"b", "<down>"}, "filter": {"", "/<ctrl+u>ticket<enter>"}, "view": {"", ""},
	} {
		b.Run(name, func(b *testing.B) {
			d := p.sit("maria", 120, 40).Type(keys[0]).Settle()
			b.ReportAllocs()
			for b.Loop() {
				d.Type(keys[1])
				_ = d.App.View()
			}
		})
	}
	b.Run("merge", func(b *testing.B) {
		d := p.sit("maria", 120, 40)
		for b.Loop() {
			d.Type("r").Settle()
		}
	})
}

func TestAPastedFilterOfTwoLinesIsOne(t *testing.T) {
	d := newPractice(t).sit("maria", 80, 24)
	filtered(d, "source:emr\r\nurgency:3\n").See("source:emr urgency:3")
}

func TestTheMouseInTheColumns(t *testing.T) {
	d := newPractice(t).sit("maria", 80, 24).Type("b").Settle()
	click := func(words string) {
		t.Helper()
		for y, l := range strings.Split(d.Screen(), "\n") {
			if i := strings.Index(l, words); i >= 0 {
				d.Deliver(tea.MouseClickMsg{X: ansi.StringWidth(l[:i]), Y: y, Button: tea.MouseLeft}).Settle()
				return
			}
		}
		require.Fail(t, words)
	}
	wheel := func(b tea.MouseButton) { d.Deliver(tea.MouseWheelMsg{X: 30, Y: 8, Button: b}).Settle() }
	click("Reminder texts")
	d.See("►◉ Reminder texts")
	click("Insurance card")
	d.See("►◉ Insurance card").Gone("►◉ Reminder")
	wheel(tea.MouseWheelDown)
	d.See("►◉ Need a report")
	wheel(tea.MouseWheelUp)
	d.See("►◉ Insurance card").Deliver(tea.MouseClickMsg{X: 30, Y: 20, Button: tea.MouseLeft}).See("►◉ Insurance card")
	click("Insurance card")
	click("Insurance card")
	d.See(" EMR 3  Insurance card")
}
