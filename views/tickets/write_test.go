package tickets_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

// The sandbox's routes.
const (
	careList    = "connect4healthcare GET /{token}/tickets"
	careDetail  = "connect4healthcare GET /{token}/ticket_detail"
	careCreate  = "connect4healthcare GET /{token}/create_ticket"
	careComment = "connect4healthcare POST /{token}/create_comment"
	careStatus  = "connect4healthcare POST /{token}/update_status"
	emrList     = "GET /v1/{ppass}/tickets"
	emrComment  = "POST /v1/{ppass}/tickets/{id}/comment"
	emrUpdate   = "PUT /v1/{ppass}/ticket/{id}"
)

// boxed is a practice whose desks have an outbox.
func boxed(t testing.TB) *practice {
	p := newPractice(t)
	p.box = outbox(10 * time.Second)
	p.opt.Now = func() time.Time { return monday.Add(10 * time.Second) }
	return p
}

// outbox lets a comment be taken back for a while.
func outbox(undo time.Duration) *uitest.Outbox {
	return &uitest.Outbox{Undo: map[string]time.Duration{"comment": undo}, Created: monday}
}

// filtered types a filter.
func filtered(d *uitest.Desk, filter string) *uitest.Desk {
	d.Type("/<ctrl+u>").Paste(filter)
	return d.Type("<enter>").Settle()
}

func TestACommentWaitsItsWindowAndIsSentOnce(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("<enter>").Settle().Type("cTold the nurse.<ctrl+s>").Settle().See("comment on C4H 202: sent in 10 s")
	require.Zero(t, p.server.Executions(careComment))
	d.Advance(11*time.Second).Settle().See("is sent.", "sent, not shown by the vendor", "we answered")
	require.Equal(t, 1, p.server.Executions(careComment))
	require.Contains(t, p.server.Connect4Healthcare().Comments(202, 0), "Told the nurse.")
	require.Equal(t, []string{"done"}, p.box.States())
}

func TestATakenBackCommentIsADraftAgain(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("cOops<ctrl+s>").Settle().See("take back").Type("<ctrl+x>").Settle().See("Taken back", "; c opens it")
	d.Advance(time.Minute).Settle()
	require.Zero(t, p.server.Executions(careComment))
	d.Type("c").Settle().See("Oops", "Comment on")
}

func TestWhatComesBackIsPutBesideWhatWasTypedSince(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("cfirst<ctrl+s>").Settle().Type("csecond<esc>").Settle().Type("<ctrl+x>").Settle().See("Taken back")
	d.Type("c").Settle().See("first", "second", "Comment on")
	d.Type("<ctrl+s>").Settle().Type("cthird").Settle().Type("<ctrl+x>").Settle().See("back in the open form", "first", "second", "third")
	d.Type(" and fourth<esc>").Settle().Type("c").Settle().See("first", "second", "third and fourth")
	d.Advance(time.Minute).Settle()
	require.Zero(t, p.server.Executions(careComment))
}

func TestDraftsArePerTicketAndSurviveLeaving(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("cfirst one<esc>").Settle().See("Kept as a draft").Type("<down>csecond one<esc>").Settle()
	d.Type("<up>c").Settle().See("first one").Type("<esc>").Settle()
	d.Type("<down>c").Settle().See("second one")
	require.Zero(t, p.server.Executions(careComment))
}

func TestTwoAnswersGoOutSideBySide(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("cone<ctrl+s>").Settle().Type("<down>ctwo<ctrl+s>").Settle()
	d.Advance(11 * time.Second).Settle()
	require.Equal(t, 2, p.server.Executions(careComment))
}

func TestACategoryCommentGoesToItsCategory(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	d.Type("<enter>").Settle().See("[! Weight Gain").Type("C").Settle().See("Comment on Weight Gain of C4H 202")
	d.Type("Weighed again.<ctrl+s>").Settle().Advance(11*time.Second).Settle().See("Weighed again.", "Example Provider (we)", "on Weight Gain")
	require.Contains(t, p.server.Connect4Healthcare().Comments(202, 12), "Weighed again.")
}

func TestAStatusIsShownAtOnceAndTakenBackWithTheReason(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	d.Type("<enter>").Settle().Type("s<tab>Closed<ctrl+s>").See("Closed…").Settle().See("is Closed now", " Closed ∙ urgency").Gone("∙ closed")
	require.Equal(t, 1, p.server.Executions(careStatus))
	d.Type("<esc>").Settle().Gone("Did not sleep")
	p.server.SetFault(careStatus, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Body: `{"status":false,"message":"Message cannot be changed"}`})
	d.Type("<enter>").Settle().Type("s<tab>Gone<ctrl+s>").Settle().See("stays New", "did not accept")
	require.Equal(t, []string{"done", "refused"}, p.box.States())
}

func TestAnEMRStatusIsAnUpdateThatSeesAColleaguesChange(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	filtered(d, "source:emr").Type("<enter>").Settle().See("EMR 12")
	p.server.Plant("tickets", map[string]any{"TicketID": 12, "Status": "Pending"})
	d.Type("s<tab>Closed<ctrl+s>").Settle().See("stays", "somebody else")
	require.Zero(t, p.server.Executions(emrUpdate))
	d.Type("r").Settle().See("Pending").Type("s<tab>Closed<ctrl+s>").Settle().See("is Closed now")
	require.Equal(t, 1, p.server.Executions(emrUpdate))
}

func TestEditingAnEMRTicket(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	filtered(d, "source:emr").Type("<enter>").Settle().Type("e").See("AssignedTo").Type("<tab>Ivy Formfield<ctrl+s>").Settle()
	d.See("is saved", "assigned to Ivy Formfield")
	d.Type("<esc>").Settle()
	filtered(d, "source:c4").Type("<enter>").Settle().Type("e").See("changes the status")
}

// newTicket fills the form of a ticket about the first resident.
func newTicket(d *uitest.Desk) *uitest.Desk {
	d.Type("a").See("whom is it about").Type("<down><enter>").Settle().See("New ticket about", "Title")
	return d.Type("Wants a new chair<tab><right><tab>")
}

func TestCreateCutAfterExecuting(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 40)
	before := p.server.Connect4Healthcare().Tickets()
	p.server.SetFault(careCreate, sandbox.Fault{Kind: sandbox.FaultFinAfter})
	newTicket(d).Type("<ctrl+s>").Settle().See("may have been created", "frontdesk looks")
	require.Equal(t, before+1, p.server.Connect4Healthcare().Tickets())
	d.Type("<ctrl+s>").Settle().See("not sent again")
	d.Advance(3 * time.Second).Settle().See("did land")
	require.Equal(t, 1, p.server.Executions(careCreate))
	require.Equal(t, before+1, p.server.Connect4Healthcare().Tickets())
	require.Equal(t, []string{"landed"}, p.box.States())
	filtered(d.Gone("New ticket about"), "chair").See("Wants a new chair", "1 row")
}

func TestCreateCutBeforeExecutingIsOfferedAgain(t *testing.T) {
	p := boxed(t)
	late := monday.Add(10 * time.Second)
	p.opt.Now = func() time.Time { return late }
	d := p.sit("maria", 80, 40)
	before := p.server.Connect4Healthcare().Tickets()
	p.server.SetFault(careCreate, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	newTicket(d).Type("<ctrl+s>").Settle().See("may have been created")
	d.Advance(3 * time.Second).Settle()
	require.Equal(t, []string{"unknown"}, p.box.States(), "a request may still be on its way")
	late = monday.Add(3 * time.Minute)
	d.Advance(130*time.Second).Settle().See("New ticket about", "Wants a new chair")
	require.Equal(t, []string{"reopened"}, p.box.States())
	d.Type("<ctrl+s>").Settle().See("Created as C4H")
	require.Equal(t, before+1, p.server.Connect4Healthcare().Tickets())
	require.Equal(t, 1, p.server.Executions(careCreate))
}

func TestTheMarkerStandsInTheTitleOnlyWhereItMay(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		p := boxed(t)
		p.opt.Marker = allowed
		d := p.sit("maria", 80, 40)
		newTicket(d).Type("<ctrl+s>").Settle().See("Created as C4H 214")
		made, ok := p.server.Connect4Healthcare().Ticket(214)
		require.True(t, ok)
		require.Equal(t, allowed, regexp.MustCompile(` \[fd:[0-9A-Z]{8}\]$`).MatchString(made["title"].(string)))
		d.See("C4H 214", "Wants a new chair")
	}
}

func TestNotifyingAsksByName(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 60)
	newTicket(d)
	d.Type(strings.Repeat("<tab>", 14)).Type("<space>") // sms
	d.Type("<ctrl+s>").See("will notify", "by SMS").Type("n").Settle()
	require.Zero(t, p.server.Executions(careCreate))
	name := regexp.MustCompile(`New ticket about ([^─]+) ─`).FindStringSubmatch(d.Screen())[1]
	d.Type("<ctrl+s>").See("Notify about " + name).Type("y").Settle()
	made, ok := p.server.Connect4Healthcare().Ticket(214)
	require.True(t, ok)
	require.Equal(t, true, made["sms"])
	require.Nil(t, made["email"])
}

func TestAttachmentsGoByPostOnly(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 60)
	newTicket(d)
	require.NotContains(t, d.Screen(), "Attachments")
	d.Type("<esc>y").Settle()
	p.post = true
	path := filepath.Join(t.TempDir(), "note.txt")
	require.NoError(t, os.WriteFile(path, []byte("made up"), 0o600))
	d = p.sit("jo", 120, 60)
	newTicket(d)
	d.See("Attachments").Type(strings.Repeat("<tab>", 16)).Type("/no/such/file<ctrl+s>").See("cannot be opened")
	d.Type("<ctrl+u>").Paste(path).Type("<ctrl+s>").Settle().See("Created as C4H", "note.txt")
	d.Type("x<enter>").Settle().See("Saved as")
	data, err := os.ReadFile(filepath.Join(p.opt.Dir, "ticket-c4-214.txt"))
	require.NoError(t, err)
	require.Contains(t, string(data), "Attachments, not in this file: note.txt")
	require.Zero(t, p.server.Executions(careCreate))
}

func TestTheEMRCannotCreate(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 40)
	filtered(d, "source:emr").Type("a").See("not possible").Type("c").See("whom is it about")
	d.Type("<down><enter>").Settle().Type("Headset again<tab><right><tab><ctrl+s>").Settle().See("Created as C4H 214", "linked to EMR 12")
}

func TestSeveralTicketsAtOnceWithAResultForEach(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "source:c4 state:new").Type("<space><down><space><down><space>").See("3 marked")
	p.server.SetFault(careStatus, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, After: 1, Times: 1, Body: `{"status":false,"message":"no"}`})
	d.Type("s<right><enter><enter>").Settle().See("2 of 3 done, 1 failed", "did not accept")
	require.Equal(t, 2, p.server.Executions(careStatus))
	d.Type("r").Settle().See("3 of 3 done")
	require.Equal(t, 3, p.server.Executions(careStatus), "only the failed one was sent again")
	d.Type("<esc>").Settle()
}

func TestOneCommentToSeveral(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "source:c4 state:new").Type("<space><down><space>").Type("cCalled back.<ctrl+s>").See("Send to all of them?").Type("y").Settle()
	d.See("Comment on 2 tickets", "not sent yet, can be taken back").Gone("on its way").Type("<ctrl+x>").Settle().See("taken back")
	require.Zero(t, p.server.Executions(careComment))
	d.Advance(11 * time.Second).Settle().See("1 of 2 done, 1 taken back").Gone("send the failed ones")
	d.Type("r").Settle().Advance(11 * time.Second).Settle()
	require.Equal(t, 1, p.server.Executions(careComment), "what was taken back stays so")
}

func TestOneCommentToSeveralTakenBackIsADraftOfThemAll(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "source:c4 state:new").Type("<space><down><space>").Type("cCaled back.<ctrl+s>y").Settle()
	d.Type("<ctrl+x>").Settle().Type("<ctrl+x>").Settle().See("0 of 2 done, 2 taken back").Type("<esc>").Settle()
	d.Type("<space><up><space>c").Settle().See("Comment on 2 tickets", "Caled back.").Type("<esc>").Settle()
	d.Type("<space>c").Settle().See("Comment on C4H").Gone("Caled back.")
}

func TestWhatFailsBehindAClosedListIsSaid(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	filtered(d, "source:c4 state:new").Type("<space><down><space>").Type("cCalled back.<ctrl+s>y").Settle().Type("<esc>").Settle()
	p.server.SetFault(careComment, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Times: 1, Body: `{"status":false,"message":"no"}`})
	d.Advance(11*time.Second).Settle().See("did not accept", "as a draft of C4H")
}

func TestALostAnswerToACommentIsReadBack(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	filtered(d, "source:emr").Type("<enter>").Settle()
	p.server.SetFault(emrComment, sandbox.Fault{Kind: sandbox.FaultFinAfter})
	d.Type("cIt works now.<ctrl+s>").Settle().Advance(11*time.Second).Settle().See("frontdesk looks", "may have landed")
	d.Advance(3*time.Second).Settle().See("It works now.", "we answered just now")
	require.Equal(t, 1, p.server.Executions(emrComment))
	require.Equal(t, []string{"landed"}, p.box.States())
}

func TestGeneralCommentsCannotBeToldAndStayOpen(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	p.server.SetFault(careComment, sandbox.Fault{Kind: sandbox.FaultFinAfter})
	d.Type("<enter>").Settle().Type("cSee above.<ctrl+s>").Settle().Advance(11 * time.Second).Settle()
	d.Advance(40*time.Second).Settle().See("may have landed; nothing is sent again", "See above.").Gone("the outbox")
	d.Advance(3*time.Minute).Settle().See("may have landed; nothing is sent again", "See above.", "They wait for you", "outbox, u under Connections.")
	require.Equal(t, 1, p.server.Executions(careComment))
	require.Equal(t, []string{"unknown"}, p.box.States())
}

func TestWhatAPersonHasSettledIsInDoubtNoMore(t *testing.T) {
	for name, landed := range map[string]bool{"landed": true, "did not": false} {
		t.Run(name, func(t *testing.T) {
			p := boxed(t)
			d := p.sit("maria", 80, 24)
			p.server.SetFault(careComment, sandbox.Fault{Kind: sandbox.FaultFinAfter})
			d.Type("<enter>").Settle().Type("cSee above.<ctrl+s>").Settle().Advance(11 * time.Second).Settle().See("may have landed; nothing is sent again")
			d.Deliver(ui.Decided{Payload: []byte(p.box.Payload(0)), Landed: landed}).Settle().Gone("may have landed; nothing")
			if landed {
				d.See("sent, not shown by the vendor", "See above.")
			}
			p.server.SetFault(careStatus, sandbox.Fault{Kind: sandbox.FaultFinAfter})
			d.Type("s<tab>Gone<ctrl+s>").Settle().See("? Gone")
			d.Deliver(ui.Decided{Payload: []byte(p.box.Payload(1)), Landed: landed}).Settle().Gone("? Gone")
		})
	}
}

func TestExportIsSafeForSpreadsheetsAndOnTheTrail(t *testing.T) {
	p := boxed(t)
	p.server.Connect4Healthcare().Say(202, 13, "Medication", "=cmd|' /C calc'!A0", "+1 tablet\nthen none")
	d := p.sit("maria", 120, 40)
	var trail []string
	d.Env.Audit = func(op, record string) { trail = append(trail, op) }
	d.Type("<enter>").Settle().Type("x<right><enter>").Settle().See("Saved as")
	path := filepath.Join(p.opt.Dir, "ticket-c4-202.csv")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(data), "'=cmd")
	require.Contains(t, string(data), "'+1 tablet")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, []string{"export"}, trail)
	d.Type("x<enter>").Settle()
	data, err = os.ReadFile(filepath.Join(p.opt.Dir, "ticket-c4-202.txt"))
	require.NoError(t, err)
	require.Contains(t, string(data), "does not show general comments")
}

// What the vendor does not show is in the file when it was sent from here, and
// what may have landed is called that.
func TestAnExportHasWhatWasSentFromHere(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40)
	send := func(text string) { d.Type("c" + text + "<ctrl+s>").Settle().Advance(11 * time.Second).Settle() }
	d.Type("<enter>").Settle()
	send("Told the nurse.")
	p.server.SetFault(careComment, sandbox.Fault{Kind: sandbox.FaultFinAfter})
	send("Called her son.")
	for as, keys := range map[string]string{"txt": "x<enter>", "csv": "x<right><enter>"} {
		d.Type(keys).Settle().See("Saved as")
		data, err := os.ReadFile(filepath.Join(p.opt.Dir, "ticket-c4-202."+as))
		require.NoError(t, err)
		require.Regexp(t, "(?s)we, sent, not shown by the vendor.*Told the nurse\\..*[Ww]e, may have landed.*Called her son\\.", string(data))
	}
}

// A comment of an earlier session that is taken back in the outbox is a draft
// of its ticket, beside the one that was there.
func TestACommentTakenBackInTheOutboxIsADraft(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	back := func(vendor, op, payload string) {
		d.Deliver(ui.TakenBack{Intent: ui.Intent{Vendor: vendor, Op: op, Payload: []byte(payload)}}).Settle()
	}
	d.Type("cTyped since.<esc>").Settle()
	back("Connect4Healthcare", "comment", `{"Ticket":"202","Text":"Said before."}`)
	d.See("Taken back: nothing was sent.", "Kept as a draft of C4H 202; c opens it.")
	d.Type("c").Settle().See("Said before.", "Typed since.").Type("<esc>").Settle()
	back("Naturaesoft EMR", "ticket comment", `{"Ticket":"3","Text":"Try again."}`)
	d.See("Kept as a draft of EMR 3")
	back("Connect4Healthcare", "status", `{"Ticket":"204","Status":"Closed"}`)
	d.Gone("draft of C4H 204")
	d.Type("<enter>").Settle().Type("cNever mind.<ctrl+s>").Settle()
	back("Connect4Healthcare", "comment", p.box.Payload(0))
	d.Type("<ctrl+x>").Settle().Type("c").Settle()
	require.Equal(t, 1, strings.Count(d.Screen(), "Never mind."))
}

func TestATokenThatExpiresIsRenewedOnce(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	const authorize = "connect4healthcare POST /authorize"
	require.Equal(t, 1, p.server.Executions(authorize))
	p.server.Connect4Healthcare().ExpireTokens()
	d.Type("<enter>").Settle().See("Sample Doctor")
	d.Type("cStill here.<ctrl+s>").Settle().Advance(11 * time.Second).Settle().See("is sent")
	require.Equal(t, 2, p.server.Executions(authorize))
	require.Equal(t, 1, p.server.Executions(careComment))
}

func TestRepliesAreFilledIn(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 100, 40)
	d.Type("cHello. ").Type("<ctrl+n>").See("Insert a reply").Type("nurse<enter>").See("Hello. The nurse on duty has been told about Günter")
	d.Type(" Bye.<ctrl+n>nurse<enter>").See("Bye. The")
}

func TestTheKnowledgeBaseIsInserted(t *testing.T) {
	p := boxed(t)
	var asked string
	p.opt.Articles = func(_ ctx, words string) ([]article, error) {
		asked = words
		return []article{{Title: "Weight charts", Text: "Weigh on Mondays."}}, nil
	}
	d := p.sit("maria", 100, 40)
	d.Type("c").Type("<ctrl+y>").See("Weight charts").Type("<enter>").Settle().See("Weigh on Mondays.")
	require.Contains(t, asked, "Did not sleep")
}

func TestAnotherTicketsAnswerIsShownAsSuchAndNothingIsWritten(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	p.server.SetFault(careDetail, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200,
		Body: `{"status":true,"ticket_with_details":{"ticket":{"id":999,"title":"Other"},"categories":{}}}`})
	d.Type("<enter>").Settle().See("another ticket than the one asked for").Type("c").See("so nothing can be").Type("s").Settle()
	require.NotContains(t, d.Screen(), "Status of")
}

func TestLinksAreNumbersOnly(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 30)
	d.Type("<enter>").Settle().Type("L<tab>Ann Carter<ctrl+s>").See("Number: a ticket is the system and its number")
	d.Type("<ctrl+u>c4h 202<ctrl+s>").See("Number: this is the ticket itself")
	d.Type("<ctrl+u>emr 3<ctrl+s>").Settle().See("linked to EMR 3")
	d.Type("<enter>").Settle().See(" EMR 3  ", "linked to C4H 202").Type("<enter>").Settle().See(" C4H 202  ")
	d.Type("L<tab>C4H 204<ctrl+s>").Settle().See("C4H 204")
	d.Type("<enter>").See("Open a linked ticket").Type("c4h 204<enter>").Settle().See(" C4H 204  ").Type("<enter>").Settle().See(" C4H 202  ")
	d.Type("L<tab>c4h/205<ctrl+s>").Settle().See("C4H 205")
	d.Type("L<right><tab>17<ctrl+s>").Settle().See("prospect 17").Type("<esc>").Settle()
	filtered(d, "source:emr state:pending").Type("<down><enter>").Settle().See("EMR 3", "linked to C4H 202")
	d.App.Update(ui.GoMsg{Tab: "Tickets", Subject: ui.Person{ID: "17", First: "Ann", Last: "Carter"}})
	d.Settle().See("about Ann Carter", "Did not sleep", "1 row")
}

// elsewhere is another tab, which notes whom it is asked about.
type elsewhere struct {
	tab
	asked *any
}

type tab = ui.View

func (e elsewhere) Title() string { return "Prospects" }
func (e elsewhere) Update(msg tea.Msg) tea.Cmd {
	if to, ok := msg.(ui.GoMsg); ok {
		*e.asked = to.Subject
		return nil
	}
	return e.tab.Update(msg)
}

func TestThePersonOfATicketIsFound(t *testing.T) {
	p := boxed(t)
	desk, one := p.desk("maria", 80, 30)
	_, other := p.desk("jo", 80, 30)
	var asked any
	d := uitest.New(t, desk.Env, 80, 30, one, elsewhere{other, &asked}).Settle()
	d.Type("<enter>").Settle().See("Günter Beispiel").Type("p").Settle()
	require.Equal(t, ui.Person{First: "Günter", Last: "Beispiel"}, asked)
	asked = nil
	d.Type("1L<right><tab>17<ctrl+s>").Settle().See("prospect 17").Type("p").Settle()
	require.Equal(t, ui.Person{ID: "17", First: "Günter", Last: "Beispiel"}, asked)
}

func TestATicketThatNamesNobodySaysSo(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	filtered(d, "source:emr").Type("<enter>").Settle().Type("p").Settle().See("names nobody", "Press L")
}

// TestClaimsAreSeenByColleagues has two people take the next one each.
func TestClaimsAreSeenByColleagues(t *testing.T) {
	p := boxed(t)
	one, two := p.sit("maria", 120, 40), p.sit("jo", 120, 40)
	one.Type("n").Settle().See("C4H 202", "in hand: you")
	two.Type("n").Settle().See("C4H 204", "in hand: you").Type("<esc>").Advance(16 * time.Second).Settle().See("maria")
	two.Type("<home>c").Settle().See("maria has it in hand; your answer may be the second").Type("<esc>").Settle()
	one.Type("c").Settle()
	two.Advance(16 * time.Second).Settle().See("maria w").Type("<home>t").Settle().See("maria is answering this ticket")
	two.Type("c").Settle().See("your answer may be the second").Type("<esc>").Settle()
	two.Type("T").Settle().See("Taken")
}

func TestAColleagueWhoWasFasterIsSaidInTheComposer(t *testing.T) {
	p := boxed(t)
	one, two := p.sit("maria", 120, 40), p.sit("jo", 120, 40)
	one.Type("c").Settle()
	two.Type("c").Settle().See("maria is answering; your answer may be the second. esc keeps it as a draft.").Gone("press T")
}

func TestAThreadThatShowsNothingDoesNotSayThatNobodyWrote(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	newTicket(d).Type("<ctrl+s>").Settle().See("Created as C4H", "No comment is shown", "so there may be", "waits since just now", "opened just now")
	d.Type("<esc><esc>").Settle()
	newTicket(d).Type("<tab>Told her son.<ctrl+s>").Settle().See("Created as C4H", "sent, not shown by the vendor", "Told her son.")
}

func TestNextGoesOn(t *testing.T) {
	for name, alone := range map[string]bool{"with claims": false, "without a ledger": true} {
		t.Run(name, func(t *testing.T) {
			p := boxed(t)
			p.alone = alone
			d := p.sit("maria", 120, 40)
			filtered(d, "source:emr urgency:>1 is:waiting")
			seen := map[string]int{}
			for range 14 {
				d.Type("n").Settle()
				seen[regexp.MustCompile(`EMR \d+`).FindString(d.Screen())]++
			}
			require.Len(t, seen, 7, "all that wait")
			for ticket, times := range seen {
				require.Equal(t, 2, times, ticket)
			}
		})
	}
}

func TestAStatusIsOfferedWhateverTheFilterShows(t *testing.T) {
	p := boxed(t)
	p.server.Connect4Healthcare().Plant("tickets", map[string]any{"resident_id": 1, "title": "Old", "ticket_status": "Archived", "urgency_status_id": 2})
	d := p.sit("maria", 80, 24)
	filtered(d, "source:c4 state:new").Type("s").Settle().See("Status of", "( ) Archived")
}

// A claim lasts while its ticket is on show. What ends it is said: leaving the
// ticket for long, or a colleague.
func TestTheEndOfAClaimIsSaid(t *testing.T) {
	p := boxed(t)
	one, two := p.sit("maria", 120, 40), p.sit("jo", 120, 40)
	one.Type("t").Settle().See("while you are on it").Type("<enter>").Settle()
	wait := func(ticks int) {
		for range ticks {
			p.passes(15 * time.Second)
			one.Advance(15 * time.Second).Settle()
		}
	}
	wait(30)
	one.See("in hand: you").Type("<esc>").Settle()
	wait(20)
	one.See("C4H 202: no longer in your hand", "t takes it again")
	one.Type("c<esc>").Settle() // asks for no claim, so that its end is no news
	wait(20)
	one.Gone("no longer in your hand").Type("t").Settle()
	two.Type("T").Settle().See("Taken")
	one.Type("<enter>").Settle().Advance(16*time.Second).Settle().See("jo has taken over C4H 202", "in hand: jo")
}

// passes lets time pass on the ledger.
func (p *practice) passes(by time.Duration) {
	p.t.Helper()
	db, err := store.Open(p.t.Context(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	defer func() { _ = db.Close() }()
	require.NoError(p.t, db.Write(p.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE ticket_claim SET expires_at = expires_at - ?", by.Milliseconds())
		return err
	}))
}

// TestNobodyHasInHandWhatIsNotWritten answers a ticket over a ledger that takes
// nothing: no colleague sees that, so the board does not say it.
func TestNobodyHasInHandWhatIsNotWritten(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40).Type("chello").Settle().Type("<esc>").Settle()
	require.Contains(t, under(d), "you")
	p.shut = true
	d = p.sit("jo", 120, 40).Type("chello").Settle().See("hello").Type("<esc>").Settle()
	require.Contains(t, under(d), "202")
	require.NotContains(t, under(d), "you")
	require.Regexp(t, `\?\s*$`, under(d), "nor that nobody has it")
	d.Type("t").Settle().See("Put that right and start again")
	require.NotContains(t, under(d), "you")
}

func TestCountsOfWritesAreOne(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultFinAfter, sandbox.FaultResetAfter, sandbox.FaultCutBody, sandbox.FaultFinAfterReused, sandbox.FaultStatusAfter} {
		for route, keys := range map[string]string{
			careComment: "chello<ctrl+s>", careStatus: "s<tab>Closed<ctrl+s>",
		} {
			t.Run(fmt.Sprint(kind, " ", route), func(t *testing.T) {
				p := boxed(t)
				d := p.sit("maria", 80, 24)
				p.server.SetFault(route, sandbox.Fault{Kind: kind})
				d.Type(keys).Settle().Advance(11 * time.Second).Settle().Advance(3 * time.Minute).Settle()
				require.LessOrEqual(t, p.server.Executions(route), 1)
			})
		}
	}
}

func TestWhatActsOnOneActsOnTheCursorsOwn(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40).Type("<space><down>").See("1 marked")
	d.Type("t").Settle().See("Taken")
	require.Contains(t, under(d), "you")
	d.Type("z").See("Snooze C4H 204")
}

func TestAStatusThatIsThereAlreadyIsNotSent(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 120, 40).Type("s<ctrl+s>").Settle().See("already, so nothing was sent")
	require.Zero(t, p.server.Requests(careStatus))
	d.Type("s<ctrl+s>").Settle()
}

// TestWritesOfAnEarlierSessionAreReadBack restarts after a lost answer: the new
// session finds the comment and sends nothing.
func TestWritesOfAnEarlierSessionAreReadBack(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 24)
	p.server.SetFault(careComment, sandbox.Fault{Kind: sandbox.FaultResetAfter})
	d.Type("<enter>").Settle().Type("CSeen today.<ctrl+s>").Settle().Advance(11 * time.Second).Settle().See("may have landed")
	p.server.ClearFaults()
	p.sit("maria", 80, 24).See("1 landed")
	require.Equal(t, 1, p.server.Executions(careComment))
	require.Equal(t, []string{"landed"}, p.box.States())
}

func TestTheWheelTurnsSeveralAtOnce(t *testing.T) {
	p := boxed(t)
	d := p.sit("maria", 80, 16)
	filtered(d, "source:c4").Type("<ctrl+a>s<right><ctrl+s>").Settle().See("done", "scroll down", "C4H 202    ")
	for range 40 {
		d.Deliver(tea.MouseWheelMsg{X: 20, Y: 10, Button: tea.MouseWheelDown})
	}
	d.Gone("C4H 202    ")
}
