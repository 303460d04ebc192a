// Package enrollment is the tab of the insurer: groups and their members, new
// hires, terminations, changes of coverage and of persons, a census of many
// families, and what snapshots said in the past. It draws and asks; how a
// family is carried to the insurer, and what became of it, is decided in
// state/enroll.
//
// What is sent goes one of two ways, and both are safe. New hires and censuses
// go through the book of state/enroll, an outbox of its own: see jobPage. All
// else goes through the desk's outbox with a ReadBack that asks snapshots. In
// either a write is on the disk before it is sent, is sent once, and an answer
// that was lost leaves it UNKNOWN until it was looked for.
//
// The package must not know how anything is sealed, nor any vendor but Angle
// Health.
package enrollment

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
)

// Insurer is what the tab asks of Angle Health.
type Insurer interface {
	enroll.Insurer
	Members(ctx context.Context, ids []anglehealth.ID, each func(anglehealth.ID, anglehealth.Member, error))
	Terminate(ctx context.Context, ts ...anglehealth.Termination) (anglehealth.Answer[anglehealth.Ended], error)
	TerminationLanded(ctx context.Context, before []anglehealth.Member) (anglehealth.Finding, error)
	ReportLifeEvent(ctx context.Context, e anglehealth.Event) (anglehealth.Answer[anglehealth.Changed], error)
	OpenEnrollment(ctx context.Context, e anglehealth.Event) (anglehealth.Answer[anglehealth.Changed], error)
	EventLanded(ctx context.Context, e anglehealth.Event) (anglehealth.Finding, error)
	RegisterGroup(ctx context.Context, r anglehealth.Registration) (anglehealth.Answer[anglehealth.Covered], error)
	GroupLanded(ctx context.Context, r anglehealth.Registration) (anglehealth.Finding, error)
}

// Options are the practice's habits.
type Options struct {
	// Plans are the names of the plans to offer. None: any name is typed.
	Plans []string
	// Dir is where files of rejected rows are saved.
	Dir string
	// Settling is how long after a write the absence of what it should have
	// done proves that it did not land; 0 means a minute.
	Settling time.Duration
}

// View is the enrollment tab. It shows one page at a time.
type View struct {
	ui.Pages
	env   *ui.Env
	angle Insurer
	book  *enroll.Book
	opt   Options
	keys  keyMap

	groups   *groupPage
	roster   *rosterPage
	member   *memberPage
	history  *historyPage
	plans    *planPage
	requests *requestPage
	job      *jobPage
	census   *censusPage

	// met are the members read in this session: the disk keeps no names.
	met map[anglehealth.ID]anglehealth.Member
	// called are the names of those enrolled in this session, of whom the book
	// forgets everything once they are verified.
	called map[anglehealth.ID]string

	hiring   *hiring
	ending   *ending
	event    *eventing
	change   *changing
	register *registering
	unsure   *unsure
}

type ctx = context.Context

// New makes the tab.
func New(env *ui.Env, angle Insurer, book *enroll.Book, opt Options) *View {
	if opt.Settling <= 0 {
		opt.Settling = time.Minute
	}
	v := &View{env: env, angle: angle, book: book, opt: opt, keys: newKeyMap(), met: map[anglehealth.ID]anglehealth.Member{}, called: map[anglehealth.ID]string{}}
	v.groups, v.roster, v.member, v.history = newGroupPage(v), newRosterPage(v), newMemberPage(v), newHistoryPage(v)
	v.plans, v.requests, v.job, v.census = newPlanPage(v), newRequestPage(v), newJobPage(v), newCensusPage(v)
	v.hiring, v.ending, v.event = newHiring(v), newEnding(v), newEventing(v)
	v.change, v.register = newChanging(v), newRegistering(v)
	v.unsure = newUnsure(v)
	v.Pages = ui.NewPages(v.groups, v.roster, v.member, v.history, v.plans, v.requests, v.job, v.census)
	return v
}

// Title is the word on the tab.
func (v *View) Title() string { return "Enrollment" }

// Init lists the groups the book knows, reads the plans to offer, and finds
// what an earlier session left on its way. Nothing is sent.
func (v *View) Init() tea.Cmd {
	return tea.Batch(v.groups.reload(), v.plans.load(), v.requests.recover(), v.unsure.reload())
}

// Update hands what is not the tab's own to the pages, and to what is under
// way over them.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		if key.Matches(ui.Pressed(msg), v.keys.Ended) && !v.Typing() && v.ending.some() {
			v.ending.show()
			return nil
		}
		before := v.Page()
		cmd := v.Pages.Update(msg)
		if v.Page() != before && v.Page() == v.roster {
			return tea.Batch(cmd, v.roster.more())
		}
		return cmd
	case ui.GoMsg:
		return v.asked(msg.Subject)
	case ui.LookedBack:
		cmds := []tea.Cmd{v.groups.reload(), v.requests.reload(), v.unsure.reload()}
		if v.Page() == v.member {
			cmds = append(cmds, v.member.again())
		}
		return tea.Batch(cmds...)
	}
	cmds := []tea.Cmd{v.Pages.Update(msg)}
	for _, w := range []interface{ update(tea.Msg) tea.Cmd }{v.hiring, v.ending, v.event, v.change, v.register, v.unsure} {
		cmds = append(cmds, w.update(msg))
	}
	return tea.Batch(cmds...)
}

// Waiting keeps keys back while what they act on is being read, or a page is
// about to open.
func (v *View) Waiting(k tea.Msg) bool {
	return v.hiring.making.Out() || v.ending.read.Out() || v.event.read.Out() || v.register.check.Out() || v.Pages.Waiting(k)
}

// Hidden stops reading members: nobody sees them, and each carries a social
// security number.
func (v *View) Hidden() { v.roster.stop() }

// Shown goes on where Hidden stopped. What was not known may have been settled
// on another tab.
func (v *View) Shown() tea.Cmd {
	if v.Page() == v.roster {
		return tea.Batch(v.unsure.reload(), v.roster.more())
	}
	return v.unsure.reload()
}

// FullHelp is all the page offers.
func (v *View) FullHelp() [][]key.Binding {
	if v.Typing() || !v.ending.some() {
		return v.Pages.FullHelp()
	}
	return append(v.Pages.FullHelp(), []key.Binding{v.keys.Ended})
}

// HelpText says what the insurer's API does not do.
func (v *View) HelpText() string {
	return "Angle Health lists neither groups nor plans and makes no ids: the ids are made\n" +
		"here, and this book of them is how members are found again. An enrollment\n" +
		"carries no names; those follow as a second request, and a snapshot proves both.\n" +
		"A termination ends the coverage of every dependent too and cannot be undone\n" +
		"once it is sent. A request whose answer was lost is UNKNOWN and never sent\n" +
		"again by itself. The file of a census's rejected rows has only the last four\n" +
		"digits of an SSN: type the SSNs again before you import that file."
}

// Leaving tells of a census that is being sent.
func (v *View) Leaving() string {
	if !v.census.run.Out() {
		return ""
	}
	return "A census is being sent. If you leave now it stops between two families and goes on when you open it again."
}

// Found offers the palette the groups known and the members read.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	for _, g := range v.groups.table.Rows() {
		all = append(all, ui.Found{Kind: "group", ID: string(g.ID), Name: named(g.Name, g.ID), Detail: string(g.ID), Go: ui.GoMsg{Tab: v.Title(), Subject: groupID(g.ID)}})
	}
	for _, id := range slices.Sorted(maps.Keys(v.met)) {
		m := v.met[id]
		all = append(all, ui.Found{Kind: "member", ID: string(id), Name: name(m), Detail: m.Type.String(), Go: ui.GoMsg{Tab: v.Title(), Subject: id}})
	}
	for _, p := range v.plans.table.Rows() {
		all = append(all, ui.Found{Kind: "plan", ID: p.name, Name: p.name, Detail: p.Line.String(), Go: ui.GoMsg{Tab: v.Title(), Subject: planName(p.name)}})
	}
	return all
}

// Subjects of this tab's own, besides a member's id and a ui.Person.
type (
	groupID  anglehealth.ID
	planName string
)

// asked shows what another tab, or the palette, wants to see.
func (v *View) asked(subject any) tea.Cmd {
	switch s := subject.(type) {
	case groupID:
		v.Home()
		return v.roster.open(anglehealth.ID(s))
	case anglehealth.ID:
		v.Home()
		return v.member.open(s)
	case planName:
		v.Home()
		v.Open(v.plans)
		v.plans.table.Select(string(s))
	case ui.Person:
		return v.person(s)
	}
	return nil
}

// person opens somebody who was read in this session and has the name and the
// birth date, or offers to hire them.
func (v *View) person(p ui.Person) tea.Cmd {
	for id, m := range v.met {
		born := m.DOB.String() == p.DOB || m.DOB.Text.String() == p.DOB
		if strings.EqualFold(m.FirstName.String(), p.First) && strings.EqualFold(m.LastName.String(), p.Last) && (born || p.DOB == "") {
			v.Home()
			return v.member.open(id)
		}
	}
	v.Home()
	v.env.Open(ui.NewConfirm(v.env, "Enroll as a new hire?",
		strings.TrimSpace(p.First+" "+p.Last)+" is not among the members read in this session. Angle Health cannot be searched by name: "+
			"open the group to look, or enter them as a new hire.", "New hire", func() tea.Cmd { return v.hiring.ask("", p) }))
	return nil
}

// Open shows another page; esc leads back.
func (v *View) Open(p ui.Page) {
	if v.Page() != p {
		v.roster.stop() // what is being read is for its page alone
		v.Pages.Open(p)
	}
}

// Home returns to the groups.
func (v *View) Home() {
	v.roster.stop()
	v.Pages.Home()
}

// fail says in a notice what went wrong.
func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}

// today is the day in the practice.
func (v *View) today() civil.Date { return civil.DateOf(v.env.PracticeNow()) }
