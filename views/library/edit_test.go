package library_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/ui"
)

// TestAnEditReachesTheGlobalRouteOnce follows one edit to the wire (NS-8).
func TestAnEditReachesTheGlobalRouteOnce(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e").See("Edit for every practice", "GLOBAL").Type("<tab><ctrl+u>Money<ctrl+s>").See("What would be sent", "- Billing", "+ Money").Settle()
	require.Zero(t, p.server.Requests(putArticle), "nothing is sent before the question is answered")
	d.Type("y").See("changes for every", "practice at once", "Category").Type("y").See("Saved. Every practice sees it now.", "category Money").Settle()
	sent := p.written()
	require.Len(t, sent, 1)
	require.True(t, strings.HasPrefix(sent[0], "PUT /v1/kb/12 {"), "no practice in the path: %s", sent[0])
	require.Contains(t, sent[0], `"Category":"Money"`)
	require.Contains(t, sent[0], `"Active":true`, "what was not edited goes with it as it came")
	require.Equal(t, 1, p.server.Executions(putArticle))
	require.Equal(t, "Money", p.article(insuranceID).Category.Raw())
	d.Type("<esc>").See("Money")
}

func TestNoIsTheDefaultAndKeepsTheForm(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>Money<ctrl+s>").See("What would be sent").Settle()
	d.Type("y<enter>").Settle()
	require.Empty(t, p.written())
	d.Type("<esc>").See("Edit for every practice", "Money").Type("<esc>").See("Discard").Type("y").Gone("Edit for every practice")
}

func TestAnUnchangedArticleIsNotSent(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<ctrl+s>").See("Nothing is changed yet").Settle()
	require.Empty(t, p.written())
}

// TestAColleaguesWorkIsShownAndKept: they changed another field and another
// line than this desk.
func TestAColleaguesWorkIsShownAndKept(t *testing.T) {
	p := newPractice(t)
	text := p.article(insuranceID).Text.Raw()
	d := insurance(p.sit(120, 40))
	d.Type("e<tab><ctrl+u>Money<tab><tab><tab><tab>").Type("<ctrl+end> Ask twice.")
	p.colleague(insuranceID, naturaesoft.Edits{"Type": "Policy", "Article": strings.Replace(text, "Keep the reference number", "Write the number down", 1)})
	d.Type("<ctrl+s>").See("A colleague changed this article", "was    HowTo", "theirs Policy", "Write the number down", "both changes are kept", "+ Never tell", "twice.").Settle()
	d.Type("yy").See("Saved.").Settle()
	now := p.article(insuranceID)
	require.Equal(t, "Policy", now.Type.Raw())
	require.Equal(t, "Money", now.Category.Raw())
	require.Contains(t, now.Text.Raw(), "Write the number down")
	require.Contains(t, now.Text.Raw(), "Ask twice.")
}

func TestWhereBothChangedItAPersonDecides(t *testing.T) {
	for keys, want := range map[string]string{"": "Mine", "t": "Theirs", "tt": "Mine"} {
		p := newPractice(t)
		d := insurance(p.sit(80, 24))
		d.Type("e<tab><ctrl+u>Mine<tab><ctrl+u>Note")
		p.colleague(insuranceID, naturaesoft.Edits{"Category": "Theirs"})
		d.Type("<ctrl+s>").See("both changed Category", "was    Billing", "theirs Theirs", "yours  Mine").Settle()
		d.Type(keys).Settle().Type("yy").See("Saved.").Settle()
		require.Equal(t, want, p.article(insuranceID).Category.Raw(), keys)
		require.Equal(t, "Note", p.article(insuranceID).Type.Raw())
	}
}

// TestAChangeAtTheLastMomentIsRefused: between the review and the yes.
func TestAChangeAtTheLastMomentIsRefused(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>Mine<ctrl+s>").See("What would be sent").Settle()
	p.colleague(insuranceID, naturaesoft.Edits{"Category": "Theirs"})
	before := p.server.Requests(putArticle)
	d.Type("yy").See("A colleague changed this article just now").Settle()
	require.Equal(t, before, p.server.Requests(putArticle))
	d.Type("<ctrl+s>").See("theirs Theirs", "yours  Mine").Settle()
}

// TestALostAnswerIsNotSentAgain: the review stays, and comparing tells that it
// landed.
func TestALostAnswerIsNotSentAgain(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>Mine<ctrl+s>").See("What would be sent").Settle()
	p.server.SetFault(putArticle, sandbox.Fault{Kind: sandbox.FaultResetAfter})
	d.Type("yy").See("may have").Settle()
	p.server.ClearFaults()
	require.Equal(t, 1, p.server.Executions(putArticle))
	d.Advance(time.Minute).Type("<ctrl+s>").See("exactly this already").Settle()
	require.Equal(t, 1, p.server.Executions(putArticle))
}

func TestAVendorsRefusalLeavesTheForm(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>Mine<ctrl+s>").See("What would be sent").Settle()
	p.server.SetFault(putArticle, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Body: `{"error":"Category is not on the list."}`})
	d.Type("yy").See("did not accept", "Edit for every practice", "Mine").Settle()
	require.Zero(t, p.server.Executions(putArticle))
}

func TestAnArticleThatCannotBeReadIsSaid(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault(readArticle, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404})
	d := p.sit(80, 24).Type("<enter>").See("Press r to try again").Settle()
	p.server.ClearFaults()
	d.Advance(time.Minute).Type("r").See("active").Settle()
}

func TestInactiveOnesAreMarked(t *testing.T) {
	p := newPractice(t)
	d := p.sit(80, 24).See("✗ inactive")
	d.Type("sfire<enter>").See("1 row").Settle().Type("<enter>").See("inactive: not in use")
}

// TestSearchCategoryAndType narrows by each of the three.
func TestSearchCategoryAndType(t *testing.T) {
	p := newPractice(t)
	d := p.sit(80, 24)
	d.Type("c").See("category Access", "1 row").Settle()
	d.Type("<esc>").See("12 rows").Settle().Type("t").See("type Checklist", "2 rows").Settle()
	d.Type("<esc>").See("12 rows").Settle().Type("s").Type("insur").Advance(time.Second).See("Insurance").Settle()
	d.Type("<esc><esc>").See("all articles", "12 rows")
}

// drafts is a journal in memory.
type drafts struct {
	noted map[string]map[string]string
	kept  map[string]map[string]string
}

func (j *drafts) Note(kind, record string, v map[string]string) { j.noted[kind+" "+record] = v }
func (j *drafts) Drop(kind, record string)                      { delete(j.noted, kind+" "+record) }
func (j *drafts) Flush()                                        {}
func (j *drafts) Trouble() string                               { return "" }
func (j *drafts) Second(string, string) bool                    { return false }
func (j *drafts) Look(context.Context, string, string) (ui.Other, bool, error) {
	return ui.Other{}, false, nil
}

func (j *drafts) Take(context.Context, ui.Other) (map[string]string, error) { return nil, nil }

func (j *drafts) Kept(kind, record string) (map[string]string, bool) {
	v, ok := j.kept[kind+" "+record]
	delete(j.kept, kind+" "+record)
	return v, ok
}

// TestADraftOfAnotherDayDoesNotUndoAColleague: the draft holds every field as
// it was then.
func TestADraftOfAnotherDayDoesNotUndoAColleague(t *testing.T) {
	p := newPractice(t)
	j := &drafts{noted: map[string]map[string]string{}}
	with := func(e *ui.Env) { e.Drafts = j }
	d := insurance(p.sit(80, 24, with))
	d.Type("e<tab><ctrl+u>Mine")
	require.Len(t, j.noted, 1, "what was typed, with what it began with")
	p.colleague(insuranceID, naturaesoft.Edits{"Type": "Policy"})

	j = &drafts{noted: map[string]map[string]string{}, kept: j.noted}
	d = insurance(p.sit(80, 24, with))
	d.Type("e").See("What was typed here before is back", "Mine").Type("<ctrl+s>").See("theirs Policy", "+ Mine").Settle()
	d.Type("yy").See("Saved.").Settle()
	require.Equal(t, "Policy", p.article(insuranceID).Type.Raw())
	require.Equal(t, "Mine", p.article(insuranceID).Category.Raw())
	require.Empty(t, j.noted, "what has arrived is not kept")
}

func TestThePaletteLeadsToAnArticle(t *testing.T) {
	p := newPractice(t)
	d := p.sit(80, 24).See("12 rows")
	d.Type("<ctrl+p>").See("Find").Type("fire drill<enter>").See("inactive: not in use").Settle()
	d.Type("<esc>p").See("$99.99").Settle().Type("<ctrl+p>").Type("magnesium gly<enter>").Settle()
	require.Contains(t, d.Screen(), "► V003")
}

// TestWhatCannotBeShownWholeIsNotEdited: nobody changes what they cannot see.
func TestWhatCannotBeShownWholeIsNotEdited(t *testing.T) {
	p := newPractice(t)
	p.server.SetFault(readArticle, sandbox.Fault{Kind: sandbox.FaultHostile, Body: strings.Repeat("long ", 3500)})
	d := p.sit(80, 24).Type("<enter>").See("long long").Settle().Type("e").See("Title, Category, Type, Tags, Text: too long")
	require.NotContains(t, d.Screen(), "ctrl+s")
}

// TestEscWhileItIsReadOnceMore is a way out, and nothing opens behind it.
func TestEscWhileItIsReadOnceMore(t *testing.T) {
	p := newPractice(t)
	d := insurance(p.sit(80, 24))
	d.Type("e<tab><ctrl+u>Money<ctrl+s><esc>").Settle().See("Discard what you typed?").Type("n").See("Edit for every practice", "Money")
	d.Type("<ctrl+s><esc>").Settle().Type("y").Settle()
	require.NotContains(t, d.Screen(), "What would be sent")
	d.See("category Billing").Type("<esc><esc>").Settle().Type("p").See("$99.99").Settle()
	d.Type("e<tab><ctrl+u>5<ctrl+s><esc>").Settle().Type("y").Settle()
	require.NotContains(t, d.Screen(), "Change it for every practice?")
	d.Type("i" + prices(p) + "<ctrl+s>").See("Columns of").Settle().Type("<ctrl+s><esc>").Settle()
	require.NotContains(t, d.Screen(), "Products from")
	require.Empty(t, p.written())
}
