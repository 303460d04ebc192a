package prospects_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

func TestWhatIsLoadedIsSearchedWhileTheEMRIsDown(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"Prospect": 1})
	d := opened(p.sit(80, 24)).Type("<esc><esc><esc>").See("100 of")
	require.NotContains(t, d.Screen(), "Testperson", "only the search brought this person")
	p.server.SetFault(listRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404})
	find(d, "testp").See("Zoë Q. Testperson", "1 among those loaded; the EMR has not answered", "Press r to reload.", "1 row")
	require.Equal(t, 1, strings.Count(d.Screen(), "Press r"))
	d.Type("<backspace><backspace><backspace><backspace>x").Advance(time.Second).Settle().See("0 among those loaded")
	p.server.ClearFaults()
	d.Type("<esc>r").Settle().See("0 found, the EMR has answered")
}

func TestWhoIsOnlyRememberedGivesWayToTheEMR(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"Prospect": 1})
	d := opened(p.sit(80, 24)).Type("<esc><esc><esc>")
	p.server.PutProspect(map[string]any{"ProspectID": 251, "LastName": "Otherwise", "FullName": "Zoë Otherwise", "EMail": "other@example.com"})
	d.Type("/testperson").Settle().See("Zoë Q. Testperson")
	d.Advance(time.Second).Settle().See("0 found, the EMR has answered")
}

func TestTheNumberThatFitsIsShown(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := find(p.sit(80, 24), "212-555-0177").See("***0177")
	d.Type("<esc><esc>")
	find(d, "testperson").See("***0178")
}

func TestAPastedNameOfTwoLinesIsFound(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24).Type("/").Paste("Zoë Q.\r\nTestperson\n").Advance(time.Second).Settle()
	d.See("Search: Zoë Q. Testperson ", "1 found")
}

func TestTheWayOutOfTheSearchIsInTheFooter(t *testing.T) {
	d := newPractice(t, sandbox.Options{}).sit(80, 24)
	require.Contains(t, line(d.Type("/fern"), "up/down choose"), "esc leave the search")
}

// TestWhatCanBeDoneForNobodyIsTrue reads what the screen says of keys while
// letters are text, and after.
func TestWhatCanBeDoneForNobodyIsTrue(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := find(p.sit(80, 24), "nowhere").See("Nobody found. Press esc first: then n adds a new person, P looks among").Type("<esc>")
	d.See("Nobody found. n adds a new person, P looks among patients too.").Type("/").See("Press esc first")
	d.Type("<enter>").See("Nobody found. n adds").Type("P").Settle().See("Nobody found. n adds a new person. Patients were looked through too.")
	d.Type("<esc>/zzyzx<enter>n").Settle().See("New person", "Zzyzx")
}

func TestWhoWasNotFoundIsInTheFormOfANewPerson(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := find(p.sit(80, 24), "nora nowhere").See("Nobody found").Type("<esc>n").See("New person", "Nora", "Nowhere").Type("<esc>")
	d.See("0 found").Type("/<ctrl+u>2125550188").Advance(time.Second).Settle().See("Nobody found").Type("<esc>N")
	d.See("New person, all fields", "(212) 555-0188").Type("<esc>n").See("New person", "(212) 555-0188")
}
