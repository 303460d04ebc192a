// Package slots is the provider slot finder: search free time, hold it, pick
// or add the person, read back, request the visit, and follow it in the book
// until a person confirms it. It draws and asks; what may be claimed and what
// became of a request is decided in state/booking.
package slots

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
)

// EMR is what the tab asks of the practice's medical record.
type EMR interface {
	booking.EMR
	Providers(context.Context) ([]naturaesoft.Provider, error)
	CreateProspect(context.Context, naturaesoft.Edits) (naturaesoft.ID, error)
}

// Options are the practice's habits.
type Options struct {
	// Durations are the usual lengths in minutes; the first is the default.
	Durations []int
	// VisitTypes are offered besides those seen on the schedule.
	VisitTypes []string
	// Script is the read-back template, "" for the built-in one.
	Script string
	// Actor is who sits here, to tell one's own claims from a colleague's.
	Actor booking.Actor
	// Dir is where entry cards and calendar files are saved.
	Dir string
}

// View is the slots tab. It shows one page at a time.
type View struct {
	ui.Pages
	env  *ui.Env
	emr  EMR
	book *booking.Book
	opt  Options
	keys keyMap

	find  *finder
	grid  *grid
	visit *visit
	list  *worklist

	providers []naturaesoft.Provider
	// people are those met in this session: the ledger keeps no names.
	people map[naturaesoft.ID]naturaesoft.Prospect

	wanted booking.Opening      // what was last to be held
	next   naturaesoft.Prospect // whom the next hold is for; no ID: not known yet

	load      *ui.Call[[]naturaesoft.Provider]
	hold      *ui.Call[booking.Booking]
	reconcile *ui.Call[booking.Report]
	replaced  *replaced
	polling   bool
	parted    bool   // the ledger could not be asked by the last comparison
	told      bool   // somebody asked for the comparison that is out
	stale     string // what was said of why a time is not held
	looked    bool   // back at the book of earlier sessions
}

// New makes the tab.
func New(env *ui.Env, emr EMR, book *booking.Book, opt Options) *View {
	v := &View{
		env: env, emr: emr, book: book, opt: opt, keys: newKeyMap(),
		people:    map[naturaesoft.ID]naturaesoft.Prospect{},
		load:      ui.NewCall[[]naturaesoft.Provider](env, "list providers"),
		hold:      ui.NewCall[booking.Booking](env, "hold the slot"),
		reconcile: ui.NewCall[booking.Report](env, "compare with the schedule"),
	}
	v.find, v.grid, v.visit, v.list = newFinder(v), newGrid(v), newVisit(v), newWorklist(v)
	v.replaced = newReplaced(v)
	v.Pages = ui.NewPages(v.find, v.grid, v.visit, v.list)
	return v
}

func (v *View) Title() string { return "Slots" }

// Init lists the providers; their next openings follow from it, and then what
// an earlier session left in the book.
func (v *View) Init() tea.Cmd { return v.loadProviders() }

// Update takes what is the tab's own; the rest is the pages'.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.GoMsg:
		return v.visited(msg.Subject)
	case ui.LookedBack:
		return v.list.reload()
	case ui.Result[[]naturaesoft.Provider]:
		return v.providersLoaded(msg)
	case ui.Result[booking.Booking]:
		if v.hold.Accept(msg) {
			return v.held(msg)
		}
		if cmd, ok := v.replaced.ended(msg); ok {
			return cmd
		}
	case ui.Result[booking.Report]:
		return v.reconciled(msg)
	case pollMsg:
		return v.poll()
	}
	return v.Pages.Update(msg)
}

// Waiting keeps keys back while a slot is being held: they belong to the page
// that opens, or to the list if it was taken.
func (v *View) Waiting(key tea.Msg) bool { return v.hold.Out() || v.Pages.Waiting(key) }

// Found offers the palette the people met and the providers.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	for _, p := range v.providers {
		all = append(all, ui.Found{Kind: "provider", ID: string(p.ID), Name: titled(p), Detail: p.Specialty.String(), Go: ui.GoMsg{Tab: v.Title(), Subject: p.ID}})
	}
	return all
}

// HelpText says what booking can and cannot promise.
func (v *View) HelpText() string { return promise }

const promise = "The EMR's API shows free time and cannot book it. frontdesk requests a visit\n" +
	"and watches the schedule until it is there. Nobody else at this desk's ledger\n" +
	"can hold or request overlapping time. It cannot stop somebody from booking in\n" +
	"the EMR itself between the last check and the entry, and it cannot see whose\n" +
	"visit it is: a person confirms. Held by is read anew every 15 seconds; enter\n" +
	"asks the ledger and the EMR at that moment."

// Leaving names the hold that would be left behind.
func (v *View) Leaving() string {
	b, ok := v.visit.current()
	if !ok || b.State != booking.Held {
		return ""
	}
	return fmt.Sprintf("You still hold %s. It stays held until %s and can be taken up again from the book.",
		v.when(b), v.env.PracticeNow().Add(v.visit.left()).Format("15:04"))
}

// now is the practice's wall clock as the EMR writes it.
func (v *View) now() civil.DateTime { return civil.DateTimeOf(v.env.PracticeNow()) }

// provider finds one by ID; a provider that is not listed keeps its number.
func (v *View) provider(id naturaesoft.ID) string {
	for _, p := range v.providers {
		if p.ID == id {
			return titled(p)
		}
	}
	return "provider " + string(id)
}

func titled(p naturaesoft.Provider) string {
	if p.Title.Empty() {
		return p.Name.String()
	}
	return p.Name.String() + ", " + p.Title.String()
}

// person names somebody met in this session; else only the number is known.
func (v *View) person(id naturaesoft.ID) string {
	if id == "" {
		return "nobody yet"
	}
	if p, ok := v.people[id]; ok {
		return p.Name().String()
	}
	return "prospect " + string(id)
}

// met is the name of somebody met in this session, or "".
func (v *View) met(id naturaesoft.ID) string {
	if p, ok := v.people[id]; ok {
		return p.Name().String()
	}
	return ""
}

// fail says in a notice what went wrong.
func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}

// pollEvery is how often the schedule is compared while somebody waits for a
// request to be seen.
const pollEvery = 10 * time.Second
