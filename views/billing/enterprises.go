package billing

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui/table"
)

// enterprises are the customers patients are billed by.
type enterprises struct {
	*list[inboxhealth.Enterprise]
}

func newEnterprises(v *View) *enterprises {
	e := &enterprises{}
	type row = inboxhealth.Enterprise
	t := table.New(v.env.Theme, func(r row) string { return r.ID.String() },
		table.Column[row]{Title: "No.", Min: 5, Max: 7, Right: true, Cell: func(r row) string { return r.ID.String() }},
		table.Column[row]{Title: "Enterprise", Min: 24, Cell: func(r row) string { return r.Name.String() }},
		table.Column[row]{Title: "Place", Min: 14, Cell: func(r row) string { return strings.Trim(r.City.String()+", "+r.State.String(), ", ") }},
		table.Column[row]{Title: "Phone", Min: 14, Max: 16, Drop: 1, Cell: func(r row) string { return r.SupportPhoneNumber.String() }},
		table.Column[row]{Title: "Time zone", Min: 12, Drop: 2, Cell: func(r row) string { return r.TimeZone.String() }},
	)
	e.list = newList(v, "list enterprises", t)
	e.head = func() string {
		return v.env.Theme.Strong.Render("Enterprises") + fmt.Sprintf("  %d", len(t.Rows()))
	}
	e.act = e.do
	e.keys = func() []key.Binding {
		k := v.keys
		e.needRow(&k.Open, &k.Edit, &k.Practice)
		return []key.Binding{k.Open, k.New, k.Edit, k.Practice}
	}
	inbox := v.inbox
	e.fetch = func(c ctx) ([]row, error) {
		all, _, err := inbox.AllEnterprises(c)
		return all, err
	}
	e.got = func([]row) { v.people.named() }
	t.SetEmpty("No enterprises yet. Press n to set one up.")
	return e
}

// name is an enterprise's, or its number where the list is not there.
func (e *enterprises) name(id inboxhealth.ID) string {
	for _, r := range e.table.Rows() {
		if r.ID == id {
			return r.Name.String()
		}
	}
	if id == 0 {
		return ""
	}
	return "enterprise " + id.String()
}

func (e *enterprises) do(msg tea.KeyPressMsg, row inboxhealth.Enterprise, some bool) (tea.Cmd, bool) {
	k := e.v.keys
	switch {
	case key.Matches(msg, k.New):
		e.create()
	case some && key.Matches(msg, k.Open):
		return e.v.places.open(row), true
	case some && key.Matches(msg, k.Edit):
		e.change(row)
	case some && key.Matches(msg, k.Practice):
		e.v.addPractice(row)
	default:
		return nil, false
	}
	return nil, true
}

func enterpriseText(x inboxhealth.Enterprise) string {
	var b strings.Builder
	line := func(words, value string) { fmt.Fprintf(&b, "%-24s %s\n", words, orDash(value)) }
	line("Number", x.ID.String())
	line("Name", x.Name.String())
	line("Street", strings.Trim(x.AddressLine1.String()+", "+x.AddressLine2.String(), ", "))
	line("City", strings.TrimSpace(x.City.String()+" "+x.State.String()+" "+x.Zip.String()))
	line("Support phone", x.SupportPhoneNumber.String())
	line("Time zone", x.TimeZone.String())
	line("Sales tax", x.SalesTax.String())
	line("Quick payments are for", x.DefaultQuickPayDescription.String())
	line("On bank statements", x.StatementDescriptor.String())
	line("Logo background", x.LogoBackgroundColor.String())
	line("Check-in routes", x.DefaultCheckinRoutes.String())
	line("Letters in colour", x.ColorStatements.String())
	line("Letters first class", x.FirstClass.String())
	line("Return envelope", x.ReturnEnvelope.String())
	line("Perforation", x.Perforation.String())
	line("Smallest bill", x.MinimumBill.String())
	return b.String()
}

func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "-"
	}
	return s
}
