package enrollment

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// groupRow is a group with the number of members that snapshots named.
type groupRow struct {
	enroll.Group
	members int
}

// groupPage is the first page: the groups the book knows of.
type groupPage struct {
	v     *View
	table *table.Table[groupRow]
	read  *ui.Call[[]groupRow]
	add   *ui.Call[anglehealth.Group]
	form  *ui.FormDialog
	width int
}

func newGroupPage(v *View) *groupPage {
	p := &groupPage{v: v, read: ui.NewCall[[]groupRow](v.env, "list groups"), add: ui.NewCall[anglehealth.Group](v.env, "read group")}
	p.table = table.New(v.env.Theme, func(g groupRow) string { return string(g.ID) },
		table.Column[groupRow]{Title: "Group", Min: 20, Cell: func(g groupRow) string { return named(g.Name, g.ID) }},
		table.Column[groupRow]{Title: "Id", Min: 16, Drop: 1, Cell: func(g groupRow) string { return string(g.ID) }},
		table.Column[groupRow]{Title: "Members", Min: 7, Max: 7, Right: true, Cell: func(g groupRow) string { return fmt.Sprint(g.members) }},
		table.Column[groupRow]{Title: "Seen by a snapshot", Min: 18, Max: 18, Cell: func(g groupRow) string {
			if g.Seen.IsZero() {
				return "not yet"
			}
			return v.moment(g.Seen)
		}},
	).WithoutMarks()
	words := "No group is known here yet. Press a to add one by its id, or R to register a new one."
	if !v.env.Live {
		words += " The built-in sandbox has fake-group-bakery and fake-group-garage."
	}
	p.table.SetEmpty(words)
	return p
}

func (p *groupPage) reload() tea.Cmd {
	book := p.v.book
	return p.read.Latest(func(ctx ctx) ([]groupRow, error) {
		groups, err := book.Groups(ctx)
		if err != nil {
			return nil, err
		}
		all, err := book.Members(ctx, "")
		count := map[anglehealth.ID]int{}
		for _, e := range all {
			if !e.Seen.IsZero() { // an id made here may never have been sent
				count[e.Group]++
			}
		}
		var rows []groupRow
		for _, g := range groups {
			rows = append(rows, groupRow{g, count[g.ID]})
		}
		return rows, err
	})
}

// options are the groups for a form to choose from.
func (p *groupPage) options() []form.Option {
	var all []form.Option
	for _, g := range p.table.Rows() {
		all = append(all, form.Option{Value: string(g.ID), Label: named(g.Name, g.ID), Detail: string(g.ID)})
	}
	return all
}

// title is the name of a group, or its id.
func (p *groupPage) title(id anglehealth.ID) string {
	for _, g := range p.table.Rows() {
		if g.ID == id {
			return named(g.Name, id)
		}
	}
	return string(id)
}

func (p *groupPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[[]groupRow]:
		if p.read.Accept(msg) {
			if msg.Err != nil {
				p.table.SetFailed(rest.UserMessage(msg.Err))
				return nil
			}
			p.table.Set(msg.Value)
		}
		return nil
	case ui.Result[anglehealth.Group]:
		return p.added(msg)
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (p *groupPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	g, some := p.table.Selected()
	switch {
	case some && key.Matches(msg, k.Open):
		return p.v.roster.open(g.ID)
	case some && key.Matches(msg, k.Hire):
		return p.v.hiring.ask(g.ID, ui.Person{})
	case key.Matches(msg, k.Known):
		p.known()
	case key.Matches(msg, k.Register):
		return p.v.register.ask()
	case key.Matches(msg, k.Plans):
		p.v.Open(p.v.plans)
	case key.Matches(msg, k.Requests):
		p.v.Open(p.v.requests)
		return p.v.requests.reload()
	case key.Matches(msg, k.Import):
		return p.v.census.ask("")
	case key.Matches(msg, k.Again):
		return p.reload()
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}

// known asks for the id of a group that somebody registered elsewhere.
func (p *groupPage) known() {
	f := form.New(p.v.env.Theme, form.Text("group_id", "Group id").Required().Max(100).
		Help("the id under which the group was registered; Angle Health cannot list groups").
		Check(func(s string) string {
			if s == "" {
				return ""
			}
			return anglehealth.ID(s).Problem()
		}))
	p.form = ui.NewFormDialog(p.v.env, "Add a known group", f, func(values map[string]string) tea.Cmd {
		book, id := p.v.book, anglehealth.ID(values["group_id"])
		return p.add.Latest(func(ctx ctx) (anglehealth.Group, error) { return book.Roster(ctx, id) })
	})
	p.form.Busy = p.add.Out
	p.v.env.Open(p.form)
}

func (p *groupPage) added(r ui.Result[anglehealth.Group]) tea.Cmd {
	if !p.add.Accept(r) || !p.form.Shown() {
		return nil
	}
	if r.Err != nil {
		words := rest.UserMessage(r.Err)
		if anglehealth.NotFound(r.Err) {
			words = "Angle Health knows no group of this id. Check it, or register the group with R."
		}
		p.form.SetErrors(map[string]string{"group_id": words})
		return nil
	}
	p.form.Sent()
	return tea.Batch(p.reload(), p.v.roster.open(r.Value.ID))
}

func (p *groupPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-2))
}

func (p *groupPage) View() string {
	th := p.v.env.Theme
	head := th.Strong.Render(" Groups") + "  " + p.v.requests.summary()
	return th.Truncate(head, p.width) + "\n" + th.Truncate(p.lost(), p.width) + "\n" + p.table.View()
}

// lost tells for whom something was sent whose outcome is not known.
func (p *groupPage) lost() string {
	th, all := p.v.env.Theme, p.v.unsure.all
	if len(all) == 0 {
		return ""
	}
	var names []string
	for _, w := range all {
		if who := p.v.who(w.about[0]); !slices.Contains(names, who) {
			names = append(names, who)
		}
	}
	return th.Danger.Render(" " + th.Glyph.Unknown + " " + ui.Count(len(all), "write", "writes") + " may have landed, and nobody knows yet: " + strings.Join(names, ", "))
}

func (p *groupPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps what acts on a row back until the book has been read once.
func (p *groupPage) Waiting(msg tea.Msg) bool {
	return p.read.Out() && len(p.table.Rows()) == 0 && key.Matches(ui.Pressed(msg), p.v.keys.Open, p.v.keys.Hire)
}

func (p *groupPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 2) }

func (p *groupPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.Open.SetEnabled(!p.table.Bare())
	k.Hire.SetEnabled(!p.table.Bare())
	return [][]key.Binding{{k.Open, k.Hire, k.Known, k.Register, k.Requests, k.Plans, k.Import, k.Again}, p.table.Keys()}
}
