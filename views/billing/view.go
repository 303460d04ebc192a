// Package billing is the tab about money and practice accounts: what patients
// owe and paid, the enterprises they are billed by, the practices' accounts at
// Updox, and taking a practice into both. It draws, asks and explains before
// anything is sent; what a vendor does is known by the vendors' clients, and how
// far a practice came by state/onboard.
package billing

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/state/onboard"
	"frontdesk/ui"
)

type ctx = context.Context

// Options are the practice's habits.
type Options struct {
	// ChargeCards offers payments that take real money from a saved card.
	ChargeCards bool
	// Dir is where receipts and lists are saved.
	Dir string
}

// View is the billing tab. It shows one page at a time.
type View struct {
	ui.Pages
	env   *ui.Env
	inbox *inboxhealth.Client // nil: the profile does not use Inbox Health
	updox *updox.Client       // nil: the profile does not use Updox
	jobs  *onboard.Jobs       // nil: unless Updox is used
	opt   Options
	keys  keyMap

	people      *people
	person      *person
	aging       *aging
	enterprises *enterprises
	places      *places
	accounts    *accounts
	onboarding  *onboarding

	offered inboxhealth.Offer
	offers  *ui.Call[inboxhealth.Offer]
	write   writes

	width, height int
}

// A page of the tab is read when it is shown, and after a write.
type page interface {
	ui.Page
	enter() tea.Cmd  // it is shown
	reload() tea.Cmd // what is shown may have changed
}

// New makes the tab. A client is nil when the profile does not use its vendor;
// jobs are needed where it uses Updox.
func New(env *ui.Env, inbox *inboxhealth.Client, accounts *updox.Client, jobs *onboard.Jobs, opt Options) *View {
	v := &View{
		env: env, inbox: inbox, updox: accounts, jobs: jobs, opt: opt, keys: newKeyMap(),
		offers: ui.NewCall[inboxhealth.Offer](env, "ask what is offered"),
	}
	v.people, v.person, v.aging = newPeople(v), newPerson(v), newAging(v)
	v.enterprises, v.places, v.accounts, v.onboarding = newEnterprises(v), newPlaces(v), newAccounts(v), newOnboarding(v)
	v.declareWrites()
	v.Pages = ui.NewPages(v.people, v.person, v.aging, v.enterprises, v.places, v.accounts, v.onboarding)
	if inbox == nil {
		v.Open(v.accounts)
	}
	return v
}

func (v *View) Title() string { return "Billing" }

// Init finds out what Inbox Health offers, and reads the first page.
func (v *View) Init() tea.Cmd {
	if v.inbox == nil {
		return v.accounts.enter()
	}
	return tea.Batch(v.ask(), v.enterprises.enter(), v.people.enter())
}

func (v *View) ask() tea.Cmd {
	inbox := v.inbox
	return v.offers.Latest(func(c ctx) (inboxhealth.Offer, error) { return inbox.Offers(c) })
}

// Resize leaves a line to the names of the pages.
func (v *View) Resize(width, height int) {
	v.width, v.height = width, height
	v.Pages.Resize(width, max(1, height-1))
}

// Update takes what is the tab's own; the rest is the pages'.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return v.press(msg)
	case tea.MouseMsg:
		return v.mouse(msg)
	case ui.GoMsg:
		return v.goTo(msg.Subject)
	case ui.LookedBack:
		return v.lookedBack(msg)
	case ui.Result[inboxhealth.Offer]:
		if v.offers.Accept(msg) && msg.Err == nil {
			v.offered = msg.Value
		}
		return nil
	case ui.Result[outcome]:
		return v.arrived(msg)
	}
	return v.Pages.Update(msg)
}

// drop gives up what a page waits for before it can open something, and reports
// whether there was anything.
func (v *View) drop() bool {
	p := v.person
	out := false
	for _, c := range []interface {
		Out() bool
		Cancel()
	}{p.detail, p.spent, p.codes, p.places, v.people.look, v.accounts.one, v.accounts.ping} {
		if c.Out() {
			c.Cancel()
			out = true
		}
	}
	return out
}

// press turns to another page or is the page's own. Esc is first of all the way
// out of a slow vendor.
func (v *View) press(msg tea.KeyPressMsg) tea.Cmd {
	if key.Matches(msg, v.keys.Back) && v.drop() {
		return nil
	}
	if !v.Typing() {
		for _, t := range v.turns() {
			if key.Matches(msg, t.key) {
				return v.turn(t.to)
			}
		}
		if n := len(v.write.laid); n > 0 && key.Matches(msg, v.keys.Undone) {
			v.env.Open(v.write.laid[n-1])
			v.write.laid = v.write.laid[:n-1]
			return nil
		}
	}
	return v.Pages.Update(msg)
}

// turning is a page that is a key away.
type turning struct {
	key   key.Binding
	title string
	to    page
}

// turns are the pages the profile's vendors allow.
func (v *View) turns() []turning {
	var all []turning
	if v.inbox != nil {
		all = append(all, turning{v.keys.People, "Patients", v.people}, turning{v.keys.Aging, "Aging", v.aging},
			turning{v.keys.Enterprises, "Enterprises", v.enterprises})
	}
	if v.updox != nil {
		all = append(all, turning{v.keys.Accounts, "Practice accounts", v.accounts})
	}
	if v.onboards() {
		all = append(all, turning{v.keys.Onboarding, "Onboarding", v.onboarding})
	}
	return all
}

// onboards reports that practices can be taken into both vendors.
func (v *View) onboards() bool { return v.inbox != nil && v.updox != nil && v.jobs != nil }

func (v *View) turn(to page) tea.Cmd {
	v.drop()
	v.Open(to)
	return to.enter()
}

// Open shows another page. Where esc leads, that page says: there is no trail.
func (v *View) Open(p ui.Page) {
	v.Home()
	v.Pages.Open(p)
}

// View draws the names of the pages above the one on show.
func (v *View) View() string {
	return v.env.Theme.Truncate(strings.Join(v.names(), ""), v.width) + "\n" + v.Pages.View()
}

// names are the pages above the one on show, in the order of turns.
func (v *View) names() []string {
	th, now := v.env.Theme, v.Page()
	var all []string
	for _, t := range v.turns() {
		on := t.to == now || t.to == v.person.from && now == v.person || t.to == v.enterprises && now == v.places
		if on {
			all = append(all, " "+th.Strong.Render("["+t.title+"]"))
		} else {
			all = append(all, "  "+th.KeyHint(t.key.Help().Key, t.title)+" ")
		}
	}
	return all
}

// mouse turns to the page whose name is clicked; all else is the page's own.
func (v *View) mouse(msg tea.MouseMsg) tea.Cmd {
	if m := msg.Mouse(); m.Y == 0 {
		if _, click := msg.(tea.MouseClickMsg); click && !v.Typing() {
			if i := under(v.names(), m.X); i >= 0 {
				return v.turn(v.turns()[i].to)
			}
		}
		return nil
	}
	return v.Pages.Update(ui.Shift(msg, 0, 1))
}

// under is the one of texts side by side that is under a cell, or -1.
func under(texts []string, x int) int {
	for i, t := range texts {
		if x -= lipgloss.Width(t); x < 0 {
			return i
		}
	}
	return -1
}

// Cursor is the page's, below the names.
func (v *View) Cursor() *tea.Cursor { return below(v.Pages.Cursor(), 1) }

// Waiting keeps keys back while what they belong to is still being read.
func (v *View) Waiting(k tea.Msg) bool {
	if press, ok := k.(tea.KeyPressMsg); ok && !v.Typing() {
		for _, t := range v.turns() {
			if key.Matches(press, t.key) {
				return false
			}
		}
	}
	return v.Pages.Waiting(k)
}

// FullHelp is all the page offers, and the ways to the others.
func (v *View) FullHelp() [][]key.Binding {
	all := v.Pages.FullHelp()
	if v.Typing() {
		return all
	}
	var turns []key.Binding
	for _, t := range v.turns() {
		turns = append(turns, t.key)
	}
	if len(v.write.laid) > 0 {
		turns = append(turns, v.keys.Undone)
	}
	return append(all, turns)
}

// HelpText says what the vendors do with money and accounts.
func (v *View) HelpText() string { return promise }

const promise = "A balance nobody stated is shown as unknown, never as nothing. A refund gives\n" +
	"money back and changes no balance; a void takes the whole payment off all\n" +
	"invoices, so the patient owes it again. A payment cannot be edited. Every\n" +
	"change is sent once; when its answer is lost it is looked for, not repeated.\n" +
	"An update of an Updox account replaces all of it: what is left empty is erased."

// lacking says why Inbox Health cannot be asked for something, "" if it can.
func (v *View) lacking(what inboxhealth.Resource) string {
	if v.offered[what] == inboxhealth.NotOffered {
		return "Inbox Health does not offer " + string(what) + " to this key: it answered that there is no such route. Ask the partner's administrator."
	}
	return ""
}

// without names what a patient's page cannot do; its keys tell why.
func (v *View) without() string {
	var names []string
	for _, what := range []inboxhealth.Resource{inboxhealth.ForPayments, inboxhealth.ForQuickPay, inboxhealth.ForAdjustments, inboxhealth.ForWriteOffs} {
		if v.lacking(what) != "" {
			names = append(names, string(what))
		}
	}
	return strings.Join(names, ", ")
}

// can says why not, or is true.
func (v *View) can(what inboxhealth.Resource) bool {
	if words := v.lacking(what); words != "" {
		v.env.Fail(words)
		return false
	}
	return true
}

// today is the practice's day.
func (v *View) today() civil.Date { return civil.DateOf(v.env.PracticeNow()) }

// fail says in a notice what went wrong.
func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}

// below moves a cursor down by the lines drawn above its owner.
func below(c *tea.Cursor, lines int) *tea.Cursor {
	if c != nil {
		c.Y += lines
	}
	return c
}
