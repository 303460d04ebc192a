// Package prospects is the tab of people: find somebody, see and change what
// the EMR holds of them, tag them, add them, look for those who are there
// twice, and take in or write out lists. It draws and asks; who is like whom
// and what becomes of an edit or an import is decided in state/people.
package prospects

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// EMR is what the tab asks of the practice's medical record.
type EMR interface {
	people.Editor
	people.Creator
	Providers(context.Context) ([]naturaesoft.Provider, error)
	Tags(context.Context) ([]naturaesoft.Tag, error)
	AssignTag(ctx context.Context, prospect, tag naturaesoft.ID) error
	RemoveTag(ctx context.Context, prospect, tag naturaesoft.ID) error
	RemoveAllTags(ctx context.Context, prospect naturaesoft.ID) error
}

// Options are what the tab stands on besides the EMR.
type Options struct {
	// Book opens what was decided about people. It is called in commands, more
	// than once, and may wait. nil: nothing is remembered.
	Book func(context.Context) (*people.Book, error)
	// Who signs lines in notes, such as maria@desk2.
	Who string
	// Dir is where exports and rejects are saved.
	Dir string
	// Settle is the age from which an imported row whose answer was lost, and
	// which is not there, was not created; 0: people.Settle.
	Settle time.Duration
}

// Title is the tab's word, for jumps to it.
const Title = "Prospects"

// emrName is the vendor of this tab's writes in the outbox.
const emrName = "Naturaesoft EMR"

type (
	ctx   = context.Context
	id    = naturaesoft.ID
	whole = naturaesoft.Prospect
)

// View is the prospects tab. It shows one page at a time.
type View struct {
	ui.Pages
	env  *ui.Env
	emr  EMR
	opt  Options
	keys keyMap

	list  *list
	card  *card
	bulk  *bulk
	twins *scan
	bring *intake

	providers []naturaesoft.Provider
	tags      []naturaesoft.Tag
	noTags    string // why the list of tags is not there
	seen      seen
	halted    []string // fields an update lost: no more edits in this session

	loadProviders *ui.Call[[]naturaesoft.Provider]
	loadTags      *ui.Call[[]naturaesoft.Tag]
	write         writes
	export        *ui.Call[exported]
	editing       *editor
}

// New makes the tab.
func New(env *ui.Env, emr EMR, opt Options) *View {
	if opt.Settle == 0 {
		opt.Settle = people.Settle
	}
	v := &View{
		env: env, emr: emr, opt: opt, keys: newKeyMap(), seen: newSeen(),
		loadProviders: ui.NewCall[[]naturaesoft.Provider](env, "list providers"),
		loadTags:      ui.NewCall[[]naturaesoft.Tag](env, "list tags"),
		export:        ui.NewCall[exported](env, "export people"),
	}
	v.write = newWrites(v)
	v.list, v.card, v.bulk, v.twins, v.bring = newList(v), newCard(v), newBulk(v), newScan(v), newIntake(v)
	v.Pages = ui.NewPages(v.list, v.card, v.bulk, v.twins, v.bring)
	return v
}

// Title is the word on the tab.
func (v *View) Title() string { return Title }

// Init lists people, providers and tags, and what this account likes.
func (v *View) Init() tea.Cmd {
	return tea.Batch(v.list.start(), v.askProviders(), v.askTags(), v.list.recall())
}

// Update takes what is the tab's own; the rest is the pages'.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.GoMsg:
		return v.visit(msg.Subject)
	case ui.Result[[]naturaesoft.Provider]:
		return v.providersLoaded(msg)
	case ui.Result[[]naturaesoft.Tag]:
		return v.tagsLoaded(msg)
	case ui.Result[people.Saved]:
		return v.saved(msg)
	case ui.Result[whole]:
		return v.arrived(msg)
	case ui.Result[sought]:
		return v.lookedFor(msg)
	case ui.Result[tagged]:
		return v.tagDone(msg)
	case ui.Result[exported]:
		return v.exportDone(msg)
	case ui.Result[[]people.Twin[whole]]:
		if v.editing != nil {
			return v.editing.twins.found(msg)
		}
		return nil
	case twinsMsg:
		if v.editing != nil {
			return v.editing.twins.rest(msg)
		}
		return nil
	}
	return v.Pages.Update(msg)
}

// HelpText says what cannot be done here.
func (v *View) HelpText() string { return limits }

const limits = "The EMR's API cannot delete a person: tag them (for instance \"duplicate\") and ask\n" +
	"whoever runs the EMR to remove the row. It cannot make a tag: ask for it in the\n" +
	"EMR, then press r here. It cannot merge two rows: fill the gaps of the one to\n" +
	"keep, tag the other. Pictures are left as they are. Which tags somebody has is\n" +
	"known only where the EMR's list says so, or after they were changed here."

// Leaving tells of an import that is under way.
func (v *View) Leaving() string { return v.bring.leaving() }

// Found offers the palette the people who are loaded.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	for r := range v.list.shown() {
		all = append(all, ui.Found{
			Kind: "person", ID: string(r.id()), Name: r.name(), Detail: r.city(),
			Go: ui.GoMsg{Tab: Title, Subject: ui.Person{ID: string(r.id())}},
		})
		if len(all) == mostFound {
			break
		}
	}
	return all
}

// mostFound is how many people the palette is offered.
const mostFound = 500

// visit follows a jump from another tab: to a person by id, or to a search by
// what is known of them.
func (v *View) visit(subject any) tea.Cmd {
	p, ok := subject.(ui.Person)
	if !ok {
		return nil
	}
	v.Home()
	if r, ok := v.list.by(id(p.ID)); ok && p.ID != "" {
		return v.show(r.seed())
	}
	switch {
	case p.ID != "" && (p.EMail != "" || p.Phone != "" || p.Last != ""):
		return v.show(people.Found(id(p.ID), map[string]string{
			"EMail": p.EMail, "Phone": p.Phone, "FirstName": p.First, "LastName": p.Last,
		}))
	case p.Phone != "":
		return v.list.pop(p.Phone)
	case p.First+p.Last+p.EMail != "":
		return v.list.pop(searchWords(p))
	case p.ID != "":
		v.env.Fail("Number " + safe.Clean(p.ID) + " is not among the people loaded here, and the EMR looks nobody up by number. Press / to search, or A to load everybody.")
	}
	return nil
}

func searchWords(p ui.Person) string {
	if p.EMail != "" {
		return p.EMail
	}
	if p.First == "" || p.Last == "" {
		return p.First + p.Last
	}
	return p.First + " " + p.Last
}

// show opens somebody's card.
func (v *View) show(p whole) tea.Cmd {
	v.Open(v.card)
	return v.card.show(p)
}

// fail says in a notice what went wrong.
func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}
