package billing

import (
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
)

// Found offers the palette what is loaded.
func (v *View) Found() []ui.Found {
	var all []ui.Found
	for _, p := range v.people.list.table.Rows() {
		all = append(all, ui.Found{Kind: "patient", ID: p.ID.String(), Name: p.Name().String(), Detail: p.owner,
			Go: ui.GoMsg{Tab: v.Title(), Subject: p.ID}})
	}
	for _, e := range v.enterprises.list.table.Rows() {
		all = append(all, ui.Found{Kind: "enterprise", ID: e.ID.String(), Name: e.Name.String(), Detail: e.City.String(),
			Go: ui.GoMsg{Tab: v.Title(), Subject: enterpriseID(e.ID)}})
	}
	for _, a := range v.accounts.list.table.Rows() {
		all = append(all, ui.Found{Kind: "account", ID: a.ID.Raw(), Name: a.Name.String(), Detail: a.ID.String(),
			Go: ui.GoMsg{Tab: v.Title(), Subject: accountID(a.ID.Raw())}})
	}
	return all
}

// The subjects this tab hands itself through the palette.
type (
	enterpriseID inboxhealth.ID
	accountID    string
)

// goTo shows what another tab or the palette is about.
func (v *View) goTo(subject any) tea.Cmd {
	v.drop()
	switch s := subject.(type) {
	case ui.Person:
		if v.inbox == nil {
			v.env.Fail("This profile does not use Inbox Health, so there are no bills here.")
			return nil
		}
		return v.people.find(s)
	case inboxhealth.ID:
		v.Open(v.person)
		return v.person.open(s)
	case enterpriseID:
		v.Open(v.enterprises)
		v.enterprises.list.table.Select(inboxhealth.ID(s).String())
	case accountID:
		v.Open(v.accounts)
		v.accounts.list.table.Select(string(s))
	}
	return nil
}
