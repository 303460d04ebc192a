package prospects_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

func (p *practice) row(id int) map[string]any {
	p.t.Helper()
	row, ok := p.server.Prospect(id)
	require.True(p.t, ok)
	return row
}

// field gives the keyboard to a field of the form and empties it.
func field(d *uitest.Desk, downs int) *uitest.Desk {
	return d.Type(strings.Repeat("<tab>", downs) + "<ctrl+u>")
}

func TestAnEditSendsTheWholeRowAndNothingElseIsLost(t *testing.T) {
	for _, replaces := range []bool{false, true} {
		p := newPractice(t, sandbox.Options{})
		n := p.plant(nil)
		before := p.row(n)
		p.server.SetReplaceOnPut(replaces)
		d := opened(p.sit(80, 24)).Type("e").See("Edit")
		field(d, 4).Type("Zozo<ctrl+s>")
		if replaces { // the picture is never sent, so a vendor that replaces loses it
			d.See("Stop: the EMR lost data", "Picture").Settle().Type("<esc>").Settle()
			d.Type("e").See("Editing is stopped")
		} else {
			d.See("Saved and read back: Nickname").Settle()
		}
		after := p.row(n)
		for name, was := range before {
			switch {
			case name == "NickName":
				require.Equal(t, "Zozo", after[name])
			case name == "PtImg" && replaces:
			default:
				require.Equal(t, was, after[name], name)
			}
		}
		require.Equal(t, 1, p.server.Executions(updateRoute))
	}
}

func TestAColleaguesChangeIsShownInThreeVersions(t *testing.T) {
	for _, size := range sizes {
		p := newPractice(t, sandbox.Options{})
		n := p.plant(nil)
		d := opened(p.sit(size[0], size[1])).Type("e").See("Edit")
		field(d, 4).Type("Zozo")
		p.server.PutProspect(map[string]any{"ProspectID": n, "NickName": "Zizi", "City": "Shelbyville"})
		d.Type("<ctrl+s>").See("Changed by a colleague", "was:    (empty)", "theirs: Zizi", "yours:  Zozo", "Shelbyville", "not edited, theirs stays").Settle()
		d.Fits(size[0], size[1])
		d.Golden(sized("conflict", size))
		require.Zero(t, p.server.Executions(updateRoute), "nothing is sent before somebody decides")
		d.Type("m").See("Saved and read back").Settle()
		require.Equal(t, "Zozo", p.row(n)["NickName"])
		require.Equal(t, "Shelbyville", p.row(n)["City"], "the colleague's other change stays")
	}
}

func TestTheirsCanBeKept(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	d := opened(p.sit(80, 24)).Type("e").See("Edit")
	field(d, 4).Type("Zozo")
	p.server.PutProspect(map[string]any{"ProspectID": n, "NickName": "Zizi"})
	d.Type("<ctrl+s>").See("theirs: Zizi").Settle().Type("t").See("theirs stays").Settle().Gone("Edit Zoë")
	require.Equal(t, "Zizi", p.row(n)["NickName"])
	require.Zero(t, p.server.Executions(updateRoute))
}

func TestALostAnswerIsLookedForAndIsNotSentAgain(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	d := opened(p.sit(80, 24)).Type("e").See("Edit")
	p.server.SetFault(updateRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	field(d, 4).Type("Zozo<ctrl+s>").Settle().See("The answer was lost, but it was saved", "Nickname     Zozo").Gone("Edit Zoë")
	require.Equal(t, 1, p.server.Executions(updateRoute))
	require.Equal(t, "Zozo", p.row(n)["NickName"])

	d.Type("e").See("Edit")
	p.server.SetFault(updateRoute, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	field(d, 4).Type("Zizi<ctrl+s>").Settle().See("Edit Zoë", "Zizi", "The EMR does not show what you typed.", "ctrl+s")
	d.Type("<ctrl+s>").See("Saved and read back: Nickname").Settle()
	require.Equal(t, "Zizi", p.row(n)["NickName"])

	d.Type("e").See("Edit")
	p.server.SetFault(updateRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	p.server.SetFault(listRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, After: 1})
	field(d, 4).Type("Zaza<ctrl+s>").Settle().See("Edit Zoë", "it is not known whether this was saved.")
	p.server.ClearFaults()
	d.Type("<ctrl+s>").See("the same as theirs").Settle().Type("m").See("theirs stays").Settle()
	require.Equal(t, 3, p.server.Executions(updateRoute))
}

func TestALostAnswerOfSomebodyNewIsLookedFor(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24)
	box := &uitest.Outbox{}
	d.Env.Outbox = box
	p.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type("n").See("New person").Type("Zed<tab>Testperson<tab>212-555-0199<ctrl+s>").Settle()
	d.See("Zed Testperson  number 251").Gone("New person")
	require.Equal(t, 1, p.server.Executions(createRoute))

	p.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	d.Type("<esc>n").See("New person").Type("Yan<tab>Example<tab>212-555-0198<ctrl+s>").Settle()
	d.See("New person", "Yan", "does not list this person, at least not yet. ctrl+s looks for them")
	d.Type("<esc>").See("Discard what you typed?", "nothing back that was sent").Gone("have not been sent").Type("n")
	d.Type("<ctrl+s>").Settle().See("Yan Example  number 252")
	require.Equal(t, 2, p.server.Executions(createRoute))
	require.Equal(t, []string{"landed", "landed", "done"}, box.States())
}

func TestTheVendorsComplaintLandsUnderItsField(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := opened(p.sit(80, 24)).Type("e").See("Edit")
	p.server.SetFault(updateRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Body: `{"error":"validation","fields":{"NickName":"is a rude word"}}`})
	field(d, 4).Type("Zozo<ctrl+s>").Settle().See("Edit Zoë", "Zozo")
	require.Zero(t, p.server.Executions(updateRoute))
}

func TestStateZipAndBirthDateAreChecked(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24).Type("N").See("all fields")
	d.Type("Zed<tab><tab>Testperson" + strings.Repeat("<tab>", 11) + "Nowhere<tab>123<ctrl+s>").Settle()
	d.See("State: there is none of this name")
	require.Zero(t, p.server.Executions(createRoute))
	d.Type("<ctrl+u>New York<ctrl+s>").See("ZIP: a code has five digits").Type("<ctrl+u>100011234" + strings.Repeat("<tab>", 10) + "2031-01-01<ctrl+s>").Settle()
	d.See("too late")
	d.Type("<ctrl+u>1990-02-03<ctrl+s>").See("Added as number").Settle()
	row := p.row(251)
	require.Equal(t, "NY", row["State"])
	require.Equal(t, "10001-1234", row["Zip"])
	require.Equal(t, "1990-02-03", row["DOB"])
	require.Equal(t, 1, row["Prospect"])
}

func TestShippingIsTheSameAsTheAddress(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	d := opened(p.sit(80, 24)).Type("e").See("Edit")
	d.Type(strings.Repeat("<tab>", 16) + "y<ctrl+s>").See("Saved and read back").Settle()
	row := p.row(n)
	require.Equal(t, []any{"Zoë Q. Testperson", "1 Example Street", "4B", "Springfield", "NY", "10001", "US"},
		[]any{row["Sh_Name"], row["Sh_Address"], row["Sh_Unit"], row["Sh_City"], row["Sh_State"], row["Sh_Zip"], row["Sh_Country"]})
}

// TestShippingFollowsTheAddress moves somebody whose shipping address is the
// same, as the form says.
func TestShippingFollowsTheAddress(t *testing.T) {
	here := map[string]any{"Sh_Name": "Zoë Q. Testperson", "Sh_Address": "1 Example Street", "Sh_Unit": "4B",
		"Sh_City": "Springfield", "Sh_State": "NY", "Sh_Zip": "10001", "Sh_Country": "US"}
	p := newPractice(t, sandbox.Options{})
	n := p.plant(here)
	d := opened(p.sit(80, 24)).Type("e").See("Edit")
	field(d, 2).Type("Otherwise")
	field(d, 8).Type("2 Moved Road<ctrl+s>").See("Saved and read back").Settle()
	require.Equal(t, []any{"2 Moved Road", "2 Moved Road", "Zoë Q. Otherwise"},
		[]any{p.row(n)["Address"], p.row(n)["Sh_Address"], p.row(n)["Sh_Name"]})

	d.Type("e").See("Edit")
	field(d, 10).Type("3 Again Road")
	field(d, 8).Type("5 Parcel Road<ctrl+s>").See("Saved and read back").Settle()
	require.Equal(t, []any{"3 Again Road", "5 Parcel Road"}, []any{p.row(n)["Address"], p.row(n)["Sh_Address"]}, "what is typed there stays")

	here["Sh_Name"] = "Somebody Else"
	m := p.plant(here)
	d = p.sit(80, 24)
	find(d, "testperson").Type("<enter>").Settle().See("Springfield").Type("e").See("Edit")
	field(d, 10).Type("2 Moved Road<ctrl+s>").See("Saved and read back").Settle()
	require.Equal(t, "1 Example Street", p.row(m)["Sh_Address"], "it is another person's")
}

func TestSomebodyNewWhoIsThereAlready(t *testing.T) {
	for _, size := range sizes {
		p := newPractice(t, sandbox.Options{})
		p.plant(nil)
		d := p.sit(size[0], size[1]).Type("n").See("New person").Type("Zoe<tab>Testperson<tab>212.555.0177")
		d.Advance(time.Second).Settle().See("same phone and name", "Zoë Q. Testperson")
		d.Fits(size[0], size[1])
		d.Golden(sized("twins", size))
		d.Type("<ctrl+s>").Settle().See("Already there?", "number 251")
		require.Zero(t, p.server.Executions(createRoute))
		d.Type("<enter>").Gone("Already there?").See("New person").Type("<ctrl+s>").Settle().See("Already there?").Type("y").See("Added as number 252").Settle()
		require.Equal(t, 1, p.server.Executions(createRoute), "it warns and never blocks")
	}
}

// TestWhoIsThereAlreadyIsOpenedWithOneKey, and the form is not offered again.
func TestWhoIsThereAlreadyIsOpenedWithOneKey(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24).Type("n").See("New person").Type("Zoe<tab>Testperson<tab>212.555.0177<ctrl+s>").Settle()
	d.See("1  Zoë Q. Testperson (number 251): same phone and name", "1 opens them instead", "1 open them instead")
	d.Golden("already-there-80x24")
	d.Type("2").See("Already there?").Type("1").Settle().Gone("Already there?").Gone("New person").See("Zoë Q. Testperson", "number 251")
	require.Zero(t, p.server.Executions(createRoute))
	d.Type("<esc>n").See("New person").Gone("Testperson")
}

// TestSomebodyOfAnotherCountryIsEdited: a number the import takes does not keep
// anything else from being saved.
func TestSomebodyOfAnotherCountryIsEdited(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"Phone": "+44 20 7946 0000", "CellPhone": "", "SMSPhone": ""})
	d := p.sit(80, 24)
	find(d, "testperson").Type("<enter>").Settle().Type("e").See("Edit", "+44")
	field(d, 5).Type("they<ctrl+s>").See("Saved and read back: Pronouns.").Settle()
	d.Type("<esc>n").See("New person").Type("Ida<tab>Abroad<tab>+49 (0)30 901820<ctrl+s>").Settle().See("Added as number")
}

func TestACreatedPersonWhoseIDIsNotNamed(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.server.SetFault(createRoute, sandbox.Fault{Kind: sandbox.FaultEmpty})
	d := p.sit(80, 24).Type("n").See("New person").Type("Zed<tab>Testperson<tab>212-555-0199<tab>zed@example.com<ctrl+s>")
	d.See("Added as number 251").Settle()
	require.Equal(t, 1, p.server.Executions(createRoute))
}

func TestAPhoneIsFoundInAnySpelling(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24)
	for _, s := range []string{"2125550177", "212 555 0177", "(212) 555-0177", "+1 212.555.0177", "1-917-555-0178"} {
		find(d, s).See("Zoë Q. Testperson", "1 found").Type("<esc><esc>").See("loaded")
	}
}

func TestTheCallerIsFoundFromAnyTab(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24).Type("2").See("came").Type("#").See("Who is calling?").Type("+1 (212) 555 0177<enter>")
	d.See("Zoë Q. Testperson", "as of").Settle()
	d.Type("<esc>#212-555-0999<enter>").See("Nobody has this number").Settle()
	d.Type("#12<enter>").See("at least three digits")
}

func TestJumpsFromAPerson(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := opened(p.sit(120, 40))
	d.Type("s").See("came:", "ui.Person", `ID:"251"`, "zoe.testperson@example.com").Type("1v").See("ui.Visits")
	for k, tab := range map[string]string{"m": "Tickets", "b": "Billing", "l": "Enrollment"} {
		d.Type("1" + k).See("There is no tab called " + tab)
	}
}

func TestTagsOfOnePerson(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	d := opened(p.sit(80, 24)).See("No tags")
	d.Type("t").See("Tag Zoë").Type("call ba<enter>").Type("<ctrl+s>").Settle().See("Tagged Call back")
	d.Type("tvip<enter><ctrl+s>").Settle().See("[Call back] [VIP]")
	d.Type("X").See("Take all tags off?", "Type REMOVE").Type("REMOVE<enter>").Settle().See("All tags are off", "No tags")
	require.Empty(t, p.row(n)["Tags"])
	d.Type("z").Settle().See("Putting the tags back", "2 of 2 done").Type("<esc>").See("[Call back] [VIP]")
	d.Type("uvip<enter><ctrl+s>").Settle().See("is off").Gone("[VIP]")
	d.Type("u").See("Call back").Gone("cannot make one").Type("<ctrl+s>").Settle().See("The tag Call back is off", "No tags")
	d.Type("X").See("This person has no tags").Gone("Take all tags off?")
}

// TestEveryTagOfACardCanBeRead on a narrow screen too, and the rest of the card
// still ends with the notes.
func TestEveryTagOfACardCanBeRead(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := opened(p.sit(80, 24))
	for _, tag := range []string{"do not call", "appointment req", "new this", "health", "interpreter", "spanish"} {
		d.Type("t" + tag + "<enter><ctrl+s>").Settle()
	}
	for _, size := range [][2]int{{80, 24}, {60, 20}} {
		d.Resize(size[0], size[1]).See("[Do not call before 10]", "[Appointment requested]", "[New this month]", "[Health fair]", "[Interpreter needed]", "[Spanish preferred]")
		d.Fits(size[0], size[1])
		d.Type("G").See("Likes mornings.").Type("g").See("First name")
	}
}

// TestATagThatIsNotOnTheListIsTakenOff has a tag the closed list does not name.
func TestATagThatIsNotOnTheListIsTakenOff(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	d := opened(p.sit(80, 24)).Type("tvip<enter><ctrl+s>").Settle().See("[VIP]")
	p.server.SetFault("GET /v1/{ppass}/tags", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: `{"data":[{"TagID":3,"Tag":"Call back"}]}`})
	d.Type("r").Settle().Type("u").See("Take a tag off", "VIP").Type("<ctrl+s>").Settle().See("The tag VIP is off", "No tags")
	require.Empty(t, p.row(n)["Tags"])
}

func TestTagsThatTheListDoesNotTell(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	body := fmt.Sprintf(`{"data":[{"ProspectID":%d,"FirstName":"Zoë","LastName":"Testperson","City":"Springfield"}]}`, n)
	p.server.SetFault(listRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: body})
	d := p.sit(80, 24).See("?").Type("<enter>").Settle().See("not known until they are changed here")
	d.Type("tvip<enter><ctrl+s>").Settle().See("Tags set here: [VIP]", "others are not known")
	d.Type("r").Settle().See("Tags set here: [VIP]")
}

func TestBulkTagsWithOneResultPerRow(t *testing.T) {
	for _, size := range sizes {
		p := newPractice(t, sandbox.Options{})
		d := p.sit(size[0], size[1]).See("loaded")
		p.server.SetFault(assignRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1, After: 1})
		d.Type(" <down> <down> <down> t").See("4 marked people").Type("health<enter><tab><ctrl+s>").Settle()
		d.See("3 of 4 done, 1 failed").Type("<down>").See("did not accept")
		d.Fits(size[0], size[1])
		d.Golden(sized("bulk", size))
		require.Equal(t, 3, p.server.Executions(assignRoute))
		d.Type("r").Settle().See("4 of 4 done")
		require.Equal(t, 4, p.server.Executions(assignRoute), "only the failed one is sent again")
	}
}

// TestWhoeverWasNotDoneStaysMarked leaves the page of results: who is still to
// be done is what the list has marked.
func TestWhoeverWasNotDoneStaysMarked(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24).See("loaded")
	p.server.SetFault(assignRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1, After: 1})
	d.Type(" <down> <down> t").See("3 marked people").Type("health<enter><tab><ctrl+s>").Settle().See("2 of 3 done, 1 failed")
	d.Type("<esc><esc>").See("1 marked").Type("t").See("Tag Winifred Placeholder")
}

// TestABulkOverMoreThanAreKeptInFull tags everybody loaded: the list shows it
// for those too whose whole rows were dropped from memory.
func TestABulkOverMoreThanAreKeptInFull(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 1400})
	d := p.sit(120, 40).Type("PA").Settle().See("1400 of 1400")
	d.Type("<ctrl+a>t").See("1400 marked people").Type("health<enter><tab><ctrl+s>").Settle().See("1400 of 1400 done")
	d.Type("<esc>F").See("Show only").Type("health<enter><ctrl+s>").Settle().See("filter: [Health fair]", "1400 rows")
	require.NotContains(t, d.Screen(), "marked", "what was sent is not sent again by the next key")
}

func TestABulkAnswerThatIsLostIsFoundOut(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24).See("loaded")
	p.server.SetFault(assignRoute, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	d.Type(" <down> t").See("2 marked people").Type("health<enter><tab><ctrl+s>").Settle()
	d.See("✗ 1 of 2 done, 1 unknown").Type("r").Settle().See("1 unknown")
	require.Equal(t, 2, p.server.Executions(assignRoute))
	d.Type("u").Settle().See("2 of 2 done")
	require.Equal(t, 2, p.server.Executions(assignRoute))
}

func TestWithoutThePermissionItIsSaid(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.server.SetFault(listRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403})
	p.sit(80, 24).See("does not allow this", "Press r to read the list again")
}

func TestOnlyProspectsUnlessPatientsAreWanted(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"Prospect": 0})
	d := p.sit(80, 24)
	find(d, "testperson").See("Nobody found").Type("<esc>P")
	d.Settle().See("prospects and patients", "Zoë Q. Testperson")
}

func TestASearchOfOneLetterAsksNobody(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24)
	before := p.server.Requests(listRoute)
	find(d, "z").See("at least two characters")
	require.Equal(t, before, p.server.Requests(listRoute))
}

func TestTypingAsksOnceAndNeverOpensSomebodyElse(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24)
	before := p.server.Requests(listRoute)
	d.Type("/testp<enter>e")
	d.Settle().See("Edit Zoë Q. Testperson")
	require.LessOrEqual(t, p.server.Requests(listRoute)-before, 2, "one search, and the person read anew")
}

func TestDuplicatesAreRememberedAsTwoPeople(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 40})
	p.plant(nil)
	p.plant(map[string]any{"FirstName": "Zoe", "Phone": "2125550177", "EMail": ""})
	d := p.sit(120, 40).Type("D").Settle().See("Zoë Q. Testperson (41)", "number 42", "same phone, name and birth date")
	d.Type("n").Settle().See("two different people", "z takes it back").Type("z").Settle().See("Taken back", "number 42")
	p.sit(80, 24).Type("D").Settle().See("Zoë Q. Testperson (41)")
	d.Type("n").Settle().See("two different people, Zoë Q. Testperson (41) and").Advance(time.Minute).Gone("(41)")
	again := p.sit(80, 24).Type("D").Settle().See("pair among")
	require.NotContains(t, again.Screen(), "(41)", "every desk remembers")
	find(again.Type("<esc>"), "testperson").See("Testperson")
}

func TestEverybodyIsLoadedAndFiltered(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 3000})
	d := p.sit(120, 40).See("100 of")
	d.Type("<end>").Settle().See("200 of")
	d.Type("A").Settle()
	total := fmt.Sprint(strings.Fields(line(d, "loaded"))[0])
	require.Contains(t, line(d, "loaded"), total+" of "+total)
	d.Type("F").See("Show only").Type("vip<enter><tab><tab><tab><tab><tab>" + "VIPs<ctrl+s>").Settle().See("filter: [VIP]")
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, "***") {
			require.Contains(t, l, "[")
		}
	}
	d = p.sit(120, 40).Type("f").See("Saved filters").Type("VIPs<enter><ctrl+s>").Settle().See("filter: [VIP]")
	d.Type("c").See("Columns of the list").Type("<esc>")
}

func line(d *uitest.Desk, words string) string {
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, words) {
			return l
		}
	}
	return ""
}

func TestTheOrderIsRemembered(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.sit(120, 40).Type("oO").Settle().See("Name ▾")
	p.sit(120, 40).Settle().See("Name ▾")
}

func TestExportIsHarmlessAndTraced(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"NickName": "=1+1", "Notes": "two\nlines"})
	d := find(p.sit(80, 24), "testperson").See("Zoë")
	d.Type("<esc>x").See("Export people?", "1 person is read again and written")
	p.server.PutProspect(map[string]any{"ProspectID": 251, "Pronouns": "as of now"})
	d.Type("y").Settle().See("1 person is in")
	files, err := filepath.Glob(filepath.Join(p.dir, "people-*.csv"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	f, err := os.Open(files[0])
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Len(t, rows[0], 34, "the number, 32 fields, the tags")
	require.Contains(t, rows[1], "'=1+1")
	require.Contains(t, rows[1], "as of now", "a colleague changed it since it was read")
	require.NotContains(t, strings.Join(rows[1], ""), "aW1hZ2U=", "the picture is never written")
	require.Contains(t, p.traced, "export 251")
}

// TestALongExportIsReadAgain, and of everybody the EMR has only as much as it
// takes.
func TestALongExportIsReadAgain(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24).See("100 of")
	for n := 1; n <= 250; n++ {
		if _, ok := p.server.Prospect(n); ok {
			p.server.PutProspect(map[string]any{"ProspectID": n, "Pronouns": "as of now"})
		}
	}
	before := p.server.Executions(listRoute)
	d.Type("x").See("100 people are read again and written", "press A first").Type("y").Settle().See("100 people are in")
	require.Equal(t, before+1, p.server.Executions(listRoute))
	files, err := filepath.Glob(filepath.Join(p.dir, "people-*.csv"))
	require.NoError(t, err)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Equal(t, 100, strings.Count(string(text), "as of now"))
}

func TestPersonalDataIsMaskedUntilRevealed(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := opened(p.sit(80, 24))
	for _, s := range []string{"1987-07-23", "555-0177", "zoe.testperson@"} {
		require.NotContains(t, d.Screen(), s)
	}
	d.Type("<ctrl+r>").See("1987-07-23", "(212) 555-0177", "zoe.testperson@example.com")
	require.Contains(t, p.traced, "reveal 251")
}

func TestNobodyElseIsRevealed(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	p.plant(map[string]any{"FirstName": "Yan", "DOB": "1971-02-03", "CellPhone": "917-555-0133", "EMail": "yan@example.com"})
	d := find(p.sit(120, 24), "testperson").See("1987-**-**", "1971-**-**")
	d.Type("<ctrl+r>").See("1987-07-23", "917-555-0178", "1971-**-**", "***0133", "y***@example.com")
	require.Equal(t, []string{"reveal 251"}, p.traced)
	d.Type("<down><ctrl+r>").See("1971-02-03", "917-555-0133", "1987-**-**", "***0178")
	require.Equal(t, []string{"reveal 251", "reveal 252"}, p.traced)
	d.Type("<ctrl+r>").See("1971-**-**", "1987-**-**")
	require.Len(t, p.traced, 2)
}

func TestTheKeysOfEveryPageAreInTheHelp(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := p.sit(80, 24)
	require.NotEmpty(t, d.Bound())
	opened(d)
	require.NotEmpty(t, d.Bound())
	d.Type("<esc><esc>D").Settle()
	require.NotEmpty(t, d.Bound())
}

// journal is what earlier sessions typed.
type journal map[[2]string]map[string]string

func (j journal) Note(kind, record string, values map[string]string) {
	j[[2]string{kind, record}] = maps.Clone(values)
}
func (j journal) Drop(kind, record string) { delete(j, [2]string{kind, record}) }
func (j journal) Flush()                   {}
func (j journal) Trouble() string          { return "" }
func (j journal) Second(_, _ string) bool  { return false }
func (j journal) Look(context.Context, string, string) (ui.Other, bool, error) {
	return ui.Other{}, false, nil
}
func (j journal) Take(context.Context, ui.Other) (map[string]string, error) { return nil, nil }
func (j journal) Kept(kind, record string) (map[string]string, bool) {
	values, ok := j[[2]string{kind, record}]
	return values, ok
}

// TestADraftOfAnEarlierSessionMeetsAColleaguesChange takes an edit up again: what
// a colleague changed since must not be put back by it.
func TestADraftOfAnEarlierSessionMeetsAColleaguesChange(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	n := p.plant(nil)
	kept := journal{}
	p.drafts = kept
	field(opened(p.sit(80, 24)).Type("e").See("Edit"), 4).Type("Zozo")
	p.server.PutProspect(map[string]any{"ProspectID": n, "Unit": "9"})
	d := opened(p.sit(80, 24)).Type("e").See("What was typed here before is back", "Zozo")
	d.Type("<ctrl+s>").See("Changed by a colleague", "was:    4B", "theirs: 9", "not edited, theirs stays").Settle()
	d.Type("m").See("Saved and read back").Settle()
	require.Equal(t, []any{"9", "Zozo"}, []any{p.row(n)["Unit"], p.row(n)["NickName"]})
	require.Empty(t, kept, "nothing is left of a draft that was sent")
}

func TestWhatIsFoundComesPageByPage(t *testing.T) {
	p := newPractice(t, sandbox.Options{Prospects: 4000})
	d := find(p.sit(80, 24), "be").See("found, the EMR has answered")
	before := strings.Fields(line(d, "found,"))[0]
	d.Type("<esc><end>").Settle().Type("<end>").Settle()
	after := strings.Fields(line(d, "found,"))[0]
	require.Greater(t, len(after), 2, "more than 99")
	require.NotEqual(t, before, after)
}

func TestLeavingTheLastLookBeforeSavingSendsNothing(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(80, 24).Type("n").See("New person").Type("Zed<tab>Testperson<tab>2125550177")
	p.server.SetFault(listRoute, sandbox.Fault{Kind: sandbox.FaultStall})
	d.Type("<ctrl+s>").See("Looking for people").Type("<esc>").Gone("Looking for people").See("New person", "Zed")
	p.server.ClearFaults()
	d.Type("<esc>").See("Discard what you typed?").Type("y").Gone("New person").Settle()
	require.Zero(t, p.server.Executions(createRoute))
}

func TestColumnsAreChosenAndRemembered(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	d := p.sit(120, 40).Type("c").See("Columns of the list")
	d.Type("<down><down><down><down><down> <ctrl+s>").Settle().See("State")
	p.sit(120, 40).Settle().See("State")
}
