// Package connections is the tab about the program's own ties: to each vendor,
// with where its secret lives, how it is doing and what went wrong last; the
// partner's profile; the outbox of writes; the audit trail. It draws and asks.
// It must not know how a vendor signs in or what a write holds, and shows of a
// secret only whether there is one.
package connections

import (
	"context"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/desk"
	"frontdesk/state/secrets"
	"frontdesk/ui"
)

// Client is what every vendor's client tells of itself.
type Client interface {
	Health() rest.Health
	Stats() []rest.Stat
	LastErrors() []rest.Failure
	// Reset forgets the session token: the next call signs in anew.
	Reset()
}

// Secret is one long-lived secret a vendor wants, by the name it is stored
// under and in words.
type Secret struct{ Name, Words string }

// Vendor is one vendor the profile uses.
type Vendor struct {
	Name    string // as in the configuration, and of the stored secrets
	Title   string // for people
	Base    string // its address, without a secret
	Secrets []Secret
	Client  Client
	// Test makes a cheap read and tells how long it took.
	Test func(context.Context) (time.Duration, error)
}

// Keep is where secrets live. Its methods but Where can block.
type Keep interface {
	Where() secrets.Where
	Load(ctx context.Context, profile, vendor string) (secrets.Bundle, error)
	Save(ctx context.Context, profile, vendor string, b secrets.Bundle) error
	Forget(ctx context.Context, profile, vendor string) error
}

// Partner is the EMR's profile of the partner, which is the same for every
// practice.
type Partner interface {
	Me(context.Context) (naturaesoft.Me, error)
	UpdateMe(context.Context, naturaesoft.Edits) error
}

// Outbox is the list of writes and what a person can decide about one.
type Outbox interface {
	List(context.Context, desk.Filter) ([]desk.Item, error)
	TakeBack(ctx context.Context, id string) (desk.Item, error)
	Resolve(ctx context.Context, id string, f desk.Finding) (desk.Item, error)
}

// Audit is the trail of what was done from this account.
type Audit interface {
	Read(context.Context, desk.Search) ([]desk.Line, error)
	Verify(context.Context) (desk.Report, error)
}

// Options are what the tab shows. What is nil is not offered.
type Options struct {
	Profile string // whose secrets
	Vendors []Vendor
	Keep    Keep
	Partner Partner
	Outbox  Outbox
	Audit   Audit
	// Resolve reads an UNKNOWN write back at its vendor and settles it by what
	// is found: the item it returns is Done, waits again, or is still Unknown.
	Resolve func(context.Context, desk.Item) (desk.Item, error)
	// Again sends an entry that waits, once more confirmed; it ends in a
	// ui.LookedBack.
	Again func(desk.Item) tea.Cmd
}

// View is the tab. It shows one page at a time.
type View struct {
	ui.Pages
	env  *ui.Env
	opt  Options
	keys keyMap

	vendors *vendorPage
	partner *partnerPage
	outbox  *outboxPage
	audit   *auditPage
}

// A page of the tab is read when it is opened.
type page interface {
	ui.Page
	open() tea.Cmd
}

// New makes the tab.
func New(env *ui.Env, opt Options) *View {
	v := &View{env: env, opt: opt, keys: newKeyMap()}
	v.vendors, v.partner = newVendorPage(v), newPartnerPage(v)
	v.outbox, v.audit = newOutboxPage(v), newAuditPage(v)
	v.Pages = ui.NewPages(v.vendors, v.partner, v.outbox, v.audit)
	v.keys.Partner.SetEnabled(opt.Partner != nil)
	v.keys.Outbox.SetEnabled(opt.Outbox != nil)
	v.keys.Audit.SetEnabled(opt.Audit != nil)
	v.keys.Find.SetEnabled(opt.Resolve != nil)
	v.keys.Send.SetEnabled(opt.Again != nil)
	return v
}

// Title is the word on the tab.
func (v *View) Title() string { return "Connections" }

// Init looks whether secrets are stored; no vendor is asked anything.
func (v *View) Init() tea.Cmd { return v.vendors.open() }

// pageName is the subject of a ui.GoMsg that asks for a page.
type pageName string

// Found offers the pages behind the first one, which are reached from any tab.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	add := func(b key.Binding, name, detail string) {
		if b.Enabled() {
			all = append(all, ui.Found{Kind: "page", ID: name, Name: name, Detail: detail, Go: ui.GoMsg{Tab: v.Title(), Subject: pageName(name)}})
		}
	}
	add(v.keys.Outbox, "outbox", "what was not sent or may have landed")
	add(v.keys.Audit, "audit trail", "what was done from this account")
	add(v.keys.Partner, "partner profile", "GLOBAL")
	return all
}

// goTo opens a page that was asked for by its name.
func (v *View) goTo(subject any) tea.Cmd {
	to, ok := map[any]page{pageName("outbox"): v.outbox, pageName("audit trail"): v.audit, pageName("partner profile"): v.partner}[subject]
	if !ok {
		return nil
	}
	v.Home()
	v.Open(to)
	return to.open()
}

// Update goes between the pages; the rest is theirs.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	if to, ok := msg.(ui.GoMsg); ok {
		return v.goTo(to.Subject)
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && v.Page() == v.vendors && !v.Typing() {
		for to, b := range map[page]key.Binding{v.partner: v.keys.Partner, v.outbox: v.keys.Outbox, v.audit: v.keys.Audit} {
			if key.Matches(k, b) {
				v.Open(to)
				return to.open()
			}
		}
	}
	return v.Pages.Update(msg)
}

// HelpText says what is not shown.
func (v *View) HelpText() string {
	return "Secrets are never shown, here or elsewhere: only whether one is stored. Errors\n" +
		"are listed without what was sent or answered. The trail names records by a code\n" +
		"of this clinic's own, not by their numbers."
}

// fail says in a notice what went wrong.
func (v *View) fail(err error) { v.env.Fail(rest.UserMessage(err)) }

// clock is a time of day in the practice; another day has its date before it.
func (v *View) clock(t time.Time) string {
	t = t.In(v.env.Zone)
	if t.Format(time.DateOnly) != v.env.PracticeNow().Format(time.DateOnly) {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}

// vendor is a vendor's title, or the name it goes by where it has none here.
func (v *View) vendor(name string) string {
	for _, o := range v.opt.Vendors {
		if o.Name == name {
			return o.Title
		}
	}
	return name
}
