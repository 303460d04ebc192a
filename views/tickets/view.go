// Package tickets is the board over both ticket systems: Connect4Healthcare's
// about residents and the EMR's own. It shows, orders and filters what either
// lists, reads a ticket's conversation, and writes comments, statuses and new
// tickets. What counts as waiting, urgent or ours is decided in state/tickets;
// what a vendor does is the clients' business. One vendor that is down takes
// nothing away from the other.
package tickets

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// EMR is what the tab asks of the practice's medical record.
type EMR interface {
	Tickets(context.Context) ([]naturaesoft.Ticket, error)
	Ticket(context.Context, naturaesoft.ID) (naturaesoft.Ticket, error)
	UpdateTicket(context.Context, naturaesoft.Ticket, naturaesoft.Edits) error
	CommentTicket(ctx context.Context, id naturaesoft.ID, text string) error
}

// Care is what the tab asks of Connect4Healthcare.
type Care interface {
	Tickets(context.Context) ([]connect4healthcare.Ticket, error)
	TicketDetail(context.Context, connect4healthcare.ID) (connect4healthcare.Detail, error)
	Residents(context.Context) ([]connect4healthcare.Resident, error)
	Categories(ctx context.Context, resident connect4healthcare.ID) ([]connect4healthcare.Category, error)
	CreateTicket(context.Context, connect4healthcare.NewTicket) (connect4healthcare.ID, error)
	UpdateStatus(ctx context.Context, ticket connect4healthcare.ID, status string) error
	Comment(ctx context.Context, ticket connect4healthcare.ID, text string) error
	CommentCategory(ctx context.Context, ticket, category connect4healthcare.ID, text string) error
	Warning(connect4healthcare.NewTicket) string
	CreatesByPost() bool
	Since(time.Time) time.Time
}

// Article is a page of the knowledge base.
type Article struct{ Title, Text string }

// Options are the practice's habits and where things are kept.
type Options struct {
	// Names are who speaks for this desk, as vendors write it.
	Names []string
	// Who sits here.
	Who tickets.Who
	// Claims are shared with the colleagues' desks; nil: there are none.
	Claims *tickets.Claims
	// Memory opens what this account remembers, in a command; nil: nothing
	// outlives the session.
	Memory func(context.Context) (*tickets.Memory, error)
	// Dir is where threads are exported to and drafts for the editor lie for a
	// moment. It is this account's alone.
	Dir string
	// Editor is the command line of the person's own editor, "" for none.
	Editor string
	// Lend gives a program the terminal's files, once what was drawn is out. It
	// is needed with Editor.
	Lend func(*exec.Cmd)
	// Marker allows a mark in the title of new tickets, to find one again whose
	// creation had no answer.
	Marker bool
	// Articles finds pages for the words of a ticket; nil: there are none.
	Articles func(ctx context.Context, words string) ([]Article, error)
	// Now is a clock that may be asked anywhere; nil: the real one.
	Now func() time.Time
	// Jitter is a number from 0 up to 1 that keeps desks from asking all at
	// once; nil: chance.
	Jitter func() float64
}

// View is the tickets tab. It shows one page at a time.
type View struct {
	ui.Pages
	env   *ui.Env
	emr   EMR
	care  Care
	opt   Options
	keys  keyMap
	feeds []*feed
	read  tickets.Reading

	base      map[tickets.Key]*tickets.Ticket // as the vendors list them
	talks     map[tickets.Key]*tickets.Talk
	moving    map[tickets.Key]moving // statuses on their way
	all       map[tickets.Key]*tickets.Ticket
	residents map[string]connect4healthcare.Resident
	claims    map[tickets.Key]tickets.Claim
	asked     map[tickets.Key]bool // claims somebody here has asked for
	unwritten map[tickets.Key]bool // our claims the ledger has not answered for
	adrift    bool                 // claims could not be read last: they are as they were
	notes     tickets.Notes
	own       map[tickets.Key]time.Time // changed from here, see touched
	sent      map[tickets.Key][]sentNote
	memory    *tickets.Memory
	drafts    map[string]string // put aside in this session, by record

	board  *board
	detail *detail

	peek     *ui.Stream[peeked]
	peekMore bool // a list came in while conversations were being read
	remember *ui.Call[remembered]
	claiming *ui.Call[map[tickets.Key]tickets.Claim]
	take     *ui.Call[taken]
	flights  []*flight
	doubts   []*flight
	here     *sync.Map // nonces of writes this session knows how to offer again
	found    *sync.Map // what reading back said, by nonce
	looks    int
	follows  []*ui.Call[full]
	writing  *composer
	picking  *picking
}

// New makes the tab over one system or both; a nil client is a system the
// practice does not use.
func New(env *ui.Env, emr EMR, care Care, opt Options) *View {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Editor = strings.TrimSpace(opt.Editor); opt.Lend == nil {
		opt.Editor = ""
	}
	v := &View{
		env: env, emr: emr, care: care, opt: opt, keys: newKeyMap(),
		base: map[tickets.Key]*tickets.Ticket{}, talks: map[tickets.Key]*tickets.Talk{},
		moving: map[tickets.Key]moving{}, all: map[tickets.Key]*tickets.Ticket{},
		claims: map[tickets.Key]tickets.Claim{}, asked: map[tickets.Key]bool{}, unwritten: map[tickets.Key]bool{}, notes: tickets.NoNotes(),
		drafts: map[string]string{}, own: map[tickets.Key]time.Time{}, sent: map[tickets.Key][]sentNote{},
		peek: ui.NewStream[peeked](env), here: new(sync.Map), found: new(sync.Map),
		remember: ui.NewCall[remembered](env, "remember"),
		claiming: ui.NewCall[map[tickets.Key]tickets.Claim](env, "read claims"),
		take:     ui.NewCall[taken](env, "take the ticket"),
	}
	v.read = tickets.Reading{Zone: env.Zone, Ours: ours(opt.Names)}
	v.declare()
	v.feeds = v.newFeeds()
	v.board, v.detail = newBoard(v), newDetail(v)
	v.Pages = ui.NewPages(v.board, v.detail)
	return v
}

// ours knows the authors that speak for this desk.
func ours(names []string) func(string) bool {
	return func(author string) bool {
		for _, n := range names {
			if n != "" && tickets.Same(n, author) {
				return true
			}
		}
		return false
	}
}

// Title is the tab's name.
func (v *View) Title() string { return "Tickets" }

// Init asks both systems and opens what this account remembers.
func (v *View) Init() tea.Cmd {
	cmds := []tea.Cmd{v.recall(), v.readClaims(), v.env.After(tickEvery, tickMsg{})}
	for _, f := range v.feeds {
		cmds = append(cmds, f.load())
	}
	return tea.Batch(cmds...)
}

// Update hands keys to the page on show and answers to whoever asked.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		return v.Pages.Update(msg)
	}
	cmd := v.arrived(msg)
	if v.Page() == v.detail {
		v.detail.refresh()
	}
	return cmd
}

// arrived takes what is not from the keyboard.
func (v *View) arrived(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.GoMsg:
		return v.goTo(msg.Subject)
	case ui.LookedBack:
		return v.lookedBack()
	case ui.Decided:
		return v.decided(msg)
	case ui.TakenBack:
		return v.withdrawn(msg)
	case lookMsg:
		return v.look(msg)
	case tickMsg:
		return v.tick()
	case seenMsg:
		return v.seen(msg)
	case ui.Result[listed]:
		return v.listed(msg)
	case ui.Batch[peeked]:
		return v.peeked(msg)
	case ui.Result[remembered]:
		return v.recalled(msg)
	case ui.Result[map[tickets.Key]tickets.Claim]:
		return v.claimsRead(msg)
	case ui.Result[taken]:
		return v.taken(msg)
	case heldMsg:
		return v.held(msg)
	case ui.Result[wrote]:
		return v.landed(msg)
	case ui.Result[full]:
		return tea.Batch(v.followed(msg), v.detail.Update(msg))
	case ui.Result[choices]:
		return v.choicesRead(msg)
	case ui.Result[[]Article]:
		return v.articlesFound(msg)
	case editedMsg:
		return v.edited(msg)
	}
	return v.Pages.Update(msg)
}

// Waiting keeps keys back while it is being found out which ticket is next, or
// what a new one can say: they belong to what opens then.
func (v *View) Waiting(key tea.Msg) bool {
	return v.take.Out() || v.picking != nil && v.picking.call.Out() || v.Pages.Waiting(key)
}

// HelpText explains the filter language and what the board cannot know.
func (v *View) HelpText() string {
	return "Filters, typed behind /:\n" + tickets.Language + "\n\n" +
		"Tickets come by urgency, then by how long somebody has waited for us, then\n" +
		"by age. The clock stops when we spoke last. Connect4Healthcare explains its\n" +
		"urgency numbers nowhere: the higher one is taken as more urgent. It shows\n" +
		"no general comments either, so those sent from here are marked as sent.\n" +
		"cat: and \"<\" in Waits depend on conversations, which are read from the top of\n" +
		"the board down; \"<\" says that one has not been read yet.\n" +
		"A claim is a notice to colleagues on this desk's ledger; the vendors do not\n" +
		"know of it. It ends " + leaseWords + " after you leave the ticket."
}

// Found offers the palette the tickets, in the order they are taken.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	for _, t := range v.board.rows(foundMost) {
		all = append(all, ui.Found{
			Kind: "ticket", ID: t.Key.String(), Name: t.Subject.String(),
			Detail: t.Source.Badge() + " " + t.ID + " " + t.Person.String(),
			Go:     ui.GoMsg{Tab: v.Title(), Subject: ui.Ticket{Source: string(t.Source), ID: t.ID}},
		})
	}
	return all
}

// foundMost bounds what the palette is offered.
const foundMost = 1000

// goTo shows what another tab is about.
func (v *View) goTo(subject any) tea.Cmd {
	switch s := subject.(type) {
	case ui.Ticket:
		k := tickets.Key{Source: tickets.Source(s.Source), ID: s.ID}
		if v.feed(k.Source) == nil {
			v.env.Fail("That ticket is in a system this practice does not use.")
			return nil
		}
		return v.open(k)
	case ui.Person:
		v.Home()
		v.board.about(s)
	}
	return nil
}

// open shows a ticket, whether it is on the board or not.
func (v *View) open(k tickets.Key) tea.Cmd {
	v.Open(v.detail)
	v.board.keep(k)
	return v.detail.show(k)
}

// fail says in a notice what went wrong.
func (v *View) fail(err error) tea.Cmd {
	v.env.Fail(rest.UserMessage(err))
	return nil
}

type ctx = context.Context
