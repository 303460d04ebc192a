package billing

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// places are the practices inside one enterprise.
type places struct {
	*list[inboxhealth.Practice]
	of inboxhealth.Enterprise
}

func newPlaces(v *View) *places {
	p := &places{}
	type row = inboxhealth.Practice
	t := table.New(v.env.Theme, func(r row) string { return r.ID.String() },
		table.Column[row]{Title: "No.", Min: 5, Max: 7, Right: true, Cell: func(r row) string { return r.ID.String() }},
		table.Column[row]{Title: "Practice", Min: 24, Cell: func(r row) string { return r.Name.String() }},
		table.Column[row]{Title: "Place", Min: 14, Cell: func(r row) string { return strings.Trim(r.City.String()+", "+r.State.String(), ", ") }},
		table.Column[row]{Title: "Street", Min: 14, Drop: 2, Cell: func(r row) string { return r.AddressLine1.String() }},
		table.Column[row]{Title: "Time zone", Min: 12, Drop: 1, Cell: func(r row) string { return r.TimeZone.String() }},
	)
	p.list = newList(v, "list practices", t)
	p.head = p.title
	p.act = p.do
	p.keys = func() []key.Binding {
		k := v.keys
		p.needRow(&k.Open, &k.Edit)
		return []key.Binding{k.Open, k.Edit, k.Practice, k.Fields}
	}
	p.back = func() tea.Cmd { return v.turn(v.enterprises) }
	t.SetEmpty("No practices here. Press a to add one.")
	return p
}

func (p *places) title() string {
	return p.v.env.Theme.Strong.Render("Practices inside "+p.of.Name.String()) + fmt.Sprintf("  enterprise %s, %d", p.of.ID, len(p.table.Rows()))
}

// open shows the practices of an enterprise.
func (p *places) open(of inboxhealth.Enterprise) tea.Cmd {
	inbox := p.v.inbox
	p.of, p.there = of, false
	p.table.SetFilter("")
	p.table.Set(nil)
	p.fetch = func(c ctx) ([]inboxhealth.Practice, error) {
		all, whole, err := inboxhealth.Every(func(q inboxhealth.Query) (inboxhealth.Page[inboxhealth.Practice], error) {
			return inbox.EnterprisePractices(c, of.ID, q)
		}, func(r inboxhealth.Practice) inboxhealth.ID { return r.ID })
		if err == nil && !whole {
			err = refusal("list practices", "There are more practices in this enterprise than can be read at once.")
		}
		return all, err
	}
	p.v.Open(p)
	return p.reload()
}

func (p *places) do(msg tea.KeyPressMsg, row inboxhealth.Practice, some bool) (tea.Cmd, bool) {
	k := p.v.keys
	switch {
	case key.Matches(msg, k.Practice):
		p.v.addPractice(p.of)
	case key.Matches(msg, k.Fields):
		p.v.read(p.of.Name.String(), "enterprise "+p.of.ID.String(), "enterprise-"+p.of.ID.String(), enterpriseText(p.of))
	case some && key.Matches(msg, k.Open):
		p.v.read(row.Name.String(), "practice "+row.ID.String(), "practice-"+row.ID.String(), practiceText(row, p.of))
	case some && key.Matches(msg, k.Edit):
		ed := &editor{v: p.v, sender: p.v.write.place, id: row.ID, seen: practiceValues(row), ask: "Change the practice?"}
		ed.open("Change "+row.Name.String(), "billing.practice", practiceFields()...)
	default:
		return nil, false
	}
	return nil, true
}

func practiceText(r inboxhealth.Practice, of inboxhealth.Enterprise) string {
	var b strings.Builder
	for _, l := range [][2]string{{"Number", r.ID.String()}, {"Name", r.Name.String()}, {"Enterprise", of.ID.String() + " " + of.Name.String()},
		{"Street", strings.Trim(r.AddressLine1.String()+", "+r.AddressLine2.String(), ", ")},
		{"City", strings.TrimSpace(r.City.String() + " " + r.State.String() + " " + r.Zip.String())}, {"Time zone", r.TimeZone.String()}} {
		fmt.Fprintf(&b, "%-12s %s\n", l[0], orDash(l[1]))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// practiceFields are all the document shows of a practice.
func practiceFields() []form.Field {
	return []form.Field{
		form.Text("name", "Name").Required().Max(120),
		form.Text("address_line_1", "Street").Max(120),
		form.Text("address_line_2", "Street, second line").Max(120),
		form.Text("city", "City").Max(80),
		form.Combo("state", "State", stateOptions()...),
		form.Text("zip", "ZIP").Check(zip),
		form.Combo("time_zone", "Time zone", zoneOptions()...),
	}
}

// addPractice adds a place to an enterprise.
func (v *View) addPractice(x inboxhealth.Enterprise) {
	if !v.can(inboxhealth.ForPractices) {
		return
	}
	f := form.New(v.env.Theme, practiceFields()...)
	f.Set("time_zone", x.TimeZone.Raw())
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "New practice of "+x.Name.String(), f, func(values map[string]string) tea.Cmd {
		n := inboxhealth.NewPractice{Name: values["name"], EnterpriseID: x.ID, AddressLine1: values["address_line_1"], AddressLine2: values["address_line_2"],
			City: values["city"], State: values["state"], Zip: values["zip"], TimeZone: values["time_zone"]}
		return start(v, v.write.practice, x.ID.String(), n, composer{dialog: d}, false)
	})
	d.Busy = v.sending(d)
	v.env.Open(d.Keep("billing.place", x.ID.String()))
}
