package billing

import (
	"errors"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/clients/updox"
	"frontdesk/state/onboard"
	"frontdesk/state/phone"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// accounts are the practices' accounts at Updox.
type accounts struct {
	*list[updox.Account]
	off    map[string]onboard.Off // deactivated from here
	memory *ui.Call[map[string]onboard.Off]
	one    *ui.Call[updox.Account]
	again  *ui.Call[updox.Account]
	ping   *ui.Call[string]
	form   *accountForm
	asked  updox.Account // the row that is being read
	toggle bool          // to be deactivated or activated, not edited
}

func newAccounts(v *View) *accounts {
	a := &accounts{
		memory: ui.NewCall[map[string]onboard.Off](v.env, "read what was deactivated"),
		one:    ui.NewCall[updox.Account](v.env, "read the account"),
		again:  ui.NewCall[updox.Account](v.env, "read the account again"),
		ping:   ui.NewCall[string](v.env, "test access"),
	}
	type row = updox.Account
	t := table.New(v.env.Theme, func(r row) string { return r.ID.Raw() },
		table.Column[row]{Title: "Account", Min: 12, Max: 16, Cell: func(r row) string { return r.ID.String() }},
		table.Column[row]{Title: "Practice", Min: 22, Cell: func(r row) string { return r.Name.String() }},
		table.Column[row]{Title: "Place", Min: 14, Drop: 2, Cell: func(r row) string { return strings.Trim(r.City.String()+", "+r.State.String(), ", ") }},
		table.Column[row]{Title: "Active", Min: 6, Max: 6, Cell: func(r row) string { return activeWord(r) }},
		table.Column[row]{Title: "Time zone", Min: 16, Max: 20, Drop: 1, Cell: func(r row) string { return r.TimeZone.String() }},
		table.Column[row]{Title: "Website label", Min: 13, Cell: func(r row) string { return r.WebsiteAddress.String() }},
	)
	a.list = newList(v, "list practice accounts", t)
	a.head = func() string {
		return v.env.Theme.Strong.Render("Practice accounts") + fmt.Sprintf("  %d at Updox", len(t.Rows()))
	}
	a.act = a.do
	a.keys = func() []key.Binding {
		k := v.keys
		a.needRow(&k.Open, &k.Edit, &k.Deactivate, &k.Test)
		return []key.Binding{k.Open, k.New, k.Edit, k.Deactivate, k.Test}
	}
	client := v.updox
	a.fetch = func(c ctx) ([]row, error) { return client.Accounts(c) }
	t.SetEmpty("No accounts. Press n to make one.")
	return a
}

func activeWord(a updox.Account) string {
	switch {
	case !a.Shown("active"):
		return "?"
	case a.Deactivated:
		return "NO"
	}
	return "yes"
}

// enter reads what was deactivated from here along with the accounts.
func (a *accounts) enter() tea.Cmd { return tea.Batch(a.recall(), a.list.enter()) }

func (a *accounts) reload() tea.Cmd { return tea.Batch(a.recall(), a.list.reload()) }

func (a *accounts) recall() tea.Cmd {
	jobs := a.v.jobs
	if jobs == nil {
		return nil
	}
	return a.memory.Latest(func(c ctx) (map[string]onboard.Off, error) { return jobs.Deactivated(c) })
}

func (a *accounts) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[map[string]onboard.Off]:
		if a.memory.Accept(msg) && msg.Err == nil {
			a.off = msg.Value
		}
		return nil
	case ui.Result[updox.Account]:
		if a.again.Accept(msg) {
			return a.readAgain(msg)
		}
		if a.one.Accept(msg) {
			return a.opened(msg)
		}
		return nil
	case ui.Result[string]:
		return a.pinged(msg)
	case tea.KeyPressMsg:
		if key.Matches(msg, a.v.keys.Reload) && !a.table.Filtering() {
			return a.reload()
		}
	}
	return a.list.Update(msg)
}

func (a *accounts) do(msg tea.KeyPressMsg, row updox.Account, some bool) (tea.Cmd, bool) {
	k := a.v.keys
	switch {
	case key.Matches(msg, k.New):
		a.create()
	case some && key.Matches(msg, k.Open):
		a.v.read(row.Name.String(), row.ID.Raw(), "account", a.text(row))
	case some && key.Matches(msg, k.Edit):
		return a.load(row, false), true
	case some && key.Matches(msg, k.Deactivate):
		return a.load(row, true), true
	case some && key.Matches(msg, k.Test):
		client, jobs, id := a.v.updox, a.v.jobs, row.ID.Raw()
		a.asked = row
		return a.ping.Latest(func(c ctx) (string, error) { return id, recalled(c, jobs, id, client.PingAccount(c, id)) }), true
	default:
		return nil, false
	}
	return nil, true
}

// load reads the account as it is now, then edits or switches it.
func (a *accounts) load(row updox.Account, toggle bool) tea.Cmd {
	a.asked, a.toggle = row, toggle
	client, jobs, id := a.v.updox, a.v.jobs, row.ID.Raw()
	return a.one.Latest(func(c ctx) (updox.Account, error) {
		account, err := client.Account(c, id)
		return account, recalled(c, jobs, id, err)
	})
}

// shut is a refusal that may mean an inactive account, with what this practice
// did to it: Updox says the same of both.
type shut struct {
	error
	off onboard.Off
	was bool
}

func (s shut) Unwrap() error { return s.error }

// recalled adds to a refusal what is remembered here of the account, if that
// can be read.
func recalled(c ctx, jobs *onboard.Jobs, id string, err error) error {
	if jobs == nil || !updox.IsDenied(err) {
		return err
	}
	all, bad := jobs.Deactivated(c)
	if bad != nil {
		return err
	}
	off, was := all[id]
	return shut{err, off, was}
}

// opened goes on with the account as it is. One that is denied reading because
// it is inactive is known from the list, which is enough to activate it again.
func (a *accounts) opened(r ui.Result[updox.Account]) tea.Cmd {
	present := r.Value
	switch {
	case r.Err == nil:
	case updox.IsDenied(r.Err) && a.asked.Known() && a.asked.Deactivated:
		present = a.asked
	case updox.Unread(r.Err):
		a.v.env.Fail("Updox does not let accounts be read here, so what it has for this one is unknown. An update would clear what is left out: it is refused until the account can be read.")
		return nil
	default:
		a.v.env.Fail(a.explained(a.asked.ID.Raw(), r.Err))
		return nil
	}
	if a.toggle {
		return a.turn(present)
	}
	a.edit(present)
	return nil
}

// explained adds to a refusal what is known here about the account.
func (a *accounts) explained(id string, err error) string {
	words := rest.UserMessage(err)
	var s shut
	switch {
	case !errors.As(err, &s):
		return words
	case s.was:
		return fmt.Sprintf("%s was deactivated here on %s by %s: Updox answers it like wrong credentials. Press D to activate it again.",
			safe.Line(id), s.off.At.In(a.v.env.Zone).Format("2006-01-02 15:04"), s.off.Who)
	}
	return words + " It was not deactivated from here."
}

func (a *accounts) pinged(r ui.Result[string]) tea.Cmd {
	if !a.ping.Accept(r) {
		return nil
	}
	if r.Err != nil {
		a.v.env.Fail(a.explained(a.asked.ID.Raw(), r.Err))
		return nil
	}
	return a.v.env.Say("Updox lets the application into " + a.asked.ID.String() + ".")
}

// text is the account with what only this desk knows.
func (a *accounts) text(x updox.Account) string {
	var b strings.Builder
	for _, name := range updox.Fields() {
		value := x.Value(name).String()
		switch {
		case !x.Shown(name):
			value = "not shown by Updox"
		case name == "websiteAddress" && value != "":
			value += "   " + updox.PortalURL(x.WebsiteAddress.String())
		case name == "phone" || name == "fax" || name == "postal":
			value = grouped(value)
		}
		fmt.Fprintf(&b, "%-24s %s\n", label(name), orDash(value))
	}
	if o, ok := a.off[x.ID.Raw()]; ok {
		fmt.Fprintf(&b, "\nDeactivated here on %s by %s.\n", o.At.In(a.v.env.Zone).Format("2006-01-02 15:04"), o.Who)
	}
	return b.String()
}

// grouped is a phone number or a long ZIP as people read it. Of what is neither
// nothing is changed.
func grouped(s string) string {
	switch {
	case phone.Digits(s) != s:
	case len(s) == phone.Long:
		return phone.Written(s)
	case len(s) == 9:
		return s[:5] + "-" + s[5:]
	}
	return s
}

func (a *accounts) Waiting(msg tea.Msg) bool { return a.one.Out() || a.list.Waiting(msg) }
