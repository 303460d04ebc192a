package enrollment

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// planRow is a plan by the name it was asked for.
type planRow struct {
	anglehealth.Plan
	name  string
	fault string // why nothing is known of it
}

// planPage is the catalogue: what Angle Health says of the plans whose names
// the profile offers, or that were looked up here. There is no list of plans.
type planPage struct {
	v     *View
	names []string
	read  *ui.Call[[]planRow]
	table *table.Table[planRow]
	width int
}

func newPlanPage(v *View) *planPage {
	p := &planPage{v: v, names: slices.Clone(v.opt.Plans), read: ui.NewCall[[]planRow](v.env, "read plans")}
	cell := func(f func(planRow) string) func(planRow) string {
		return func(r planRow) string {
			if r.fault != "" {
				return ""
			}
			return told(f(r))
		}
	}
	p.table = table.New(v.env.Theme, func(r planRow) string { return r.name },
		table.Column[planRow]{Title: "Plan", Min: 16, Cell: func(r planRow) string {
			if r.fault != "" {
				return v.env.Theme.Glyph.Cross + " " + r.name
			}
			return r.name
		}},
		table.Column[planRow]{Title: "Line", Min: 8, Max: 8, Cell: cell(func(r planRow) string { return r.Line.String() })},
		table.Column[planRow]{Title: "Tier", Min: 8, Max: 8, Cell: cell(func(r planRow) string { return r.Tier.String() })},
		table.Column[planRow]{Title: "From", Min: 10, Max: 10, Drop: 2, Cell: cell(func(r planRow) string { return r.Effective.String() })},
		table.Column[planRow]{Title: "Until", Min: 10, Max: 10, Drop: 1, Cell: cell(func(r planRow) string { return r.Ends.String() })},
		table.Column[planRow]{Title: "Rates", Min: 18, Max: 40, Cell: func(r planRow) string {
			if r.fault != "" {
				return r.fault
			}
			return told(r.Rates.Text.String())
		}},
	).WithoutMarks()
	p.table.SetEmpty("The profile offers no plans. Press a to look one up by its exact name; plans = [...] under anglehealth offers them always.")
	return p
}

// load asks for every name once more.
func (p *planPage) load() tea.Cmd {
	names, angle := slices.Clone(p.names), p.v.angle
	if len(names) == 0 {
		return nil
	}
	p.table.SetLoading("asking...")
	return p.read.Latest(func(ctx ctx) ([]planRow, error) {
		var rows []planRow
		for _, name := range names {
			plan, err := angle.Plan(ctx, name)
			row := planRow{Plan: plan, name: name}
			switch {
			case anglehealth.NotFound(err):
				row.fault = "not known by name"
			case err != nil:
				return rows, err
			}
			rows = append(rows, row)
		}
		return rows, nil
	})
}

func (p *planPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[[]planRow]:
		if p.read.Accept(msg) {
			p.table.Set(msg.Value)
			if msg.Err != nil {
				p.table.SetFailed(rest.UserMessage(msg.Err))
			}
		}
		return nil
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (p *planPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	switch {
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.v.Back()
	case key.Matches(msg, k.Again):
		return p.load()
	case key.Matches(msg, k.Look):
		p.look()
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}

// look takes another name into the catalogue of this session.
func (p *planPage) look() {
	f := form.New(p.v.env.Theme, form.Text("plan_name", "Name").Required().Help("exactly as Angle Health writes it, for instance silver_ppo"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Look up a plan", f, func(values map[string]string) tea.Cmd {
		d.Sent()
		if name := values["plan_name"]; !slices.Contains(p.names, name) {
			p.names = append(p.names, name)
		}
		return p.load()
	})
	p.v.env.Open(d)
}

// offered are the plans of a line, and those of the members' own.
func (p *planPage) offered(l anglehealth.Line, also ...string) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, r := range p.table.Rows() {
		if r.fault == "" && r.Covers(l) {
			add(r.name)
		}
	}
	for _, name := range also {
		add(name)
	}
	return names
}

// field asks for the plan of a line: from the catalogue, or typed where there
// is none.
func (p *planPage) field(name, label string, l anglehealth.Line, now string) form.Field {
	offered := p.offered(l, now)
	if len(p.offered(l)) == 0 {
		return form.Text(name, label).Default(now).Help("the exact name of a plan; empty for none")
	}
	opts := []form.Option{{Value: "", Label: "none"}}
	for _, o := range offered {
		opts = append(opts, form.Option{Value: o, Label: o})
	}
	return form.Choice(name, label, opts...).Default(now)
}

// vet asks about plans by the field they were typed into. It returns a sentence
// for each that cannot be meant for coverage counted from a day, which is zero
// where there is none.
func vet(ctx ctx, angle Insurer, chosen map[string]choice, from civil.Date) (map[string]string, error) {
	wrong := map[string]string{}
	read := map[string]anglehealth.Plan{}
	for field, c := range chosen {
		plan, ok := read[c.plan]
		if !ok {
			var err error
			plan, err = angle.Plan(ctx, c.plan)
			if anglehealth.NotFound(err) {
				wrong[field] = fmt.Sprintf("Angle Health knows no plan of the name %s. Check it in the plan list (p).", c.plan)
				continue
			} else if err != nil {
				return nil, err
			}
			read[c.plan] = plan
		}
		switch {
		case !plan.Covers(c.line):
			wrong[field] = fmt.Sprintf("The plan %s is no %s plan, but %s.", c.plan, c.line, strings.ToLower(plan.Line.String()))
		case plan.Ends.Known && from.After(plan.Ends.Day):
			wrong[field] = fmt.Sprintf("The plan %s ends on %s, before %s. Correct the day, or choose another plan.", c.plan, plan.Ends.Day, from)
		}
	}
	return wrong, nil
}

// choice is a plan somebody chose for a line.
type choice struct {
	line anglehealth.Line
	plan string
}

// wrongError carries complaints about fields of a form.
type wrongError map[string]string

func (wrongError) Error() string { return "some fields are not right" }

// UserMessage says where to look.
func (wrongError) UserMessage() string {
	return "Some of this cannot be sent as it is. Nothing was sent; see below the fields."
}

func (p *planPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-2))
}

func (p *planPage) View() string {
	th := p.v.env.Theme
	line := " what Angle Health says of the plans this desk offers; it has no list of its own"
	return th.Strong.Render(" Plans") + "\n" + th.Truncate(line, p.width) + "\n" + p.table.View()
}

func (p *planPage) Typing() bool { return p.table.Filtering() }

func (p *planPage) Waiting(tea.Msg) bool { return false }

func (p *planPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 2) }

func (p *planPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	return [][]key.Binding{{k.Look, k.Again, k.Back}, p.table.Keys()}
}

// headed puts a field of planPage.field under a heading.
func headed(f form.Field, title string) form.Field {
	switch f := f.(type) {
	case *form.ChoiceField:
		return f.Section(title)
	case *form.TextField:
		return f.Section(title)
	}
	return f
}
