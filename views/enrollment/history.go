package enrollment

import (
	"fmt"
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

// pastRow is one record of a member with what changed since the one before.
type pastRow struct {
	enroll.Record
	at      int
	changed []enroll.Delta
	first   bool
}

// pastRead is what the book holds of a member.
type pastRead struct {
	all  []enroll.Record
	lost int
}

// historyPage is what was said of one member over time.
type historyPage struct {
	v     *View
	id    anglehealth.ID
	all   []enroll.Record
	lost  int
	read  *ui.Call[pastRead]
	table *table.Table[pastRow]
	width int
}

func newHistoryPage(v *View) *historyPage {
	p := &historyPage{v: v, read: ui.NewCall[pastRead](v.env, "read history")}
	col := func(l anglehealth.Line) func(pastRow) string {
		return func(r pastRow) string {
			switch key := string(l); {
			case r.Ended[key] != "":
				return "ends " + r.Until[key]
			case r.Partial() && r.Plans[key] == "":
				return "" // it is not about this line
			default:
				return plan(r.Plans[key])
			}
		}
	}
	p.table = table.New(v.env.Theme, func(r pastRow) string { return fmt.Sprint(r.at) },
		table.Column[pastRow]{Title: "Taken", Min: 16, Max: 16, Cell: func(r pastRow) string { return v.moment(r.Taken) }},
		table.Column[pastRow]{Title: "What", Min: 9, Max: 9, Cell: func(r pastRow) string {
			switch {
			case r.To == enroll.ToEvent:
				return "event"
			case r.To == enroll.ToSeason:
				return "open enr."
			case r.To == enroll.ToEnd:
				return "ended"
			case r.Answer:
				return "enrolled"
			}
			return "snapshot"
		}},
		table.Column[pastRow]{Title: "Medical", Min: 12, Max: 16, Cell: col(anglehealth.Medical)},
		table.Column[pastRow]{Title: "Dental", Min: 12, Max: 16, Cell: col(anglehealth.Dental)},
		table.Column[pastRow]{Title: "Changed", Min: 14, Cell: func(r pastRow) string {
			switch {
			case r.Partial():
				return "days told"
			case r.first:
				return "first record"
			case len(r.changed) == 0:
				return "nothing"
			}
			var names []string
			for _, d := range r.changed {
				names = append(names, d.Field)
			}
			return strings.Join(names, ", ")
		}},
	).WithoutMarks()
	return p
}

// open shows the history of a member. No vendor is asked.
func (p *historyPage) open(id anglehealth.ID) tea.Cmd {
	p.v.Open(p)
	if id != p.id {
		p.id, p.all = id, nil
		p.table.Set(nil)
	}
	book := p.v.book
	return p.read.Latest(func(ctx ctx) (pastRead, error) {
		all, lost, err := book.History(ctx, id)
		return pastRead{all, lost}, err
	})
}

func (p *historyPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[pastRead]:
		p.loaded(msg)
		return nil
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (p *historyPage) loaded(r ui.Result[pastRead]) {
	if !p.read.Accept(r) {
		return
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return
	}
	p.all, p.lost = r.Value.all, r.Value.lost
	var rows []pastRow
	whole := -1 // the last record of all lines
	for i, rec := range p.all {
		row := pastRow{Record: rec, at: i, first: whole < 0}
		if !rec.Partial() {
			if whole >= 0 {
				row.changed = enroll.Difference(p.all[whole], rec)
			}
			whole = i
		}
		rows = append([]pastRow{row}, rows...) // the newest first
	}
	p.table.Set(rows)
	p.table.SetEmpty("No snapshot of this member is kept here. One is kept whenever the member is read and drafts are sealed.")
}

func (p *historyPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	r, some := p.table.Selected()
	switch {
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.v.Back()
	case key.Matches(msg, k.Day):
		p.day()
	case key.Matches(msg, k.Again):
		return p.open(p.id)
	case some && key.Matches(msg, k.Open):
		p.detail(r)
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}

// detail shows one record and what changed before it.
func (p *historyPage) detail(r pastRow) {
	what := "Angle Health's snapshot of "
	switch {
	case r.Partial():
		what = "Angle Health's answer to the " + r.To + " of "
	case r.Answer:
		what = "The answer to an enrollment of "
	}
	text := []string{what + p.v.moment(r.Taken) + ".", ""}
	for _, l := range lines {
		s := p.v.env.Theme.Pad(string(l), 10) + plan(r.Plans[string(l)])
		switch {
		case r.Ended[string(l)] != "":
			s = p.v.env.Theme.Pad(string(l), 10) + plan(r.Ended[string(l)]) + "  ends " + r.Until[string(l)]
		case r.Partial() && r.Plans[string(l)] == "":
			continue
		}
		if r.From[string(l)] != "" {
			s += "  from " + r.From[string(l)] + " to " + told(r.Until[string(l)])
		}
		text = append(text, s)
	}
	if r.Partial() {
		p.v.env.Open(ui.NewReader(p.v.env, "Record of "+p.v.who(p.id), strings.Join(text, "\n")))
		return
	}
	text = append(text, "", "Since the record before:")
	for _, d := range r.changed {
		before, after := told(d.Before), told(d.After)
		if !strings.HasSuffix(d.Field, "plan") {
			before, after = p.v.env.Veil(string(p.id), before), p.v.env.Veil(string(p.id), after)
		}
		text = append(text, "  "+d.Field+": "+before+" -> "+after)
	}
	switch {
	case r.first:
		text[len(text)-1] = "This is the first record kept here."
	case len(r.changed) == 0:
		text = append(text, "  nothing changed")
	}
	p.v.env.Open(ui.NewReader(p.v.env, "Record of "+p.v.who(p.id), strings.Join(text, "\n")))
}

// day asks for a day and tells the coverage on it.
func (p *historyPage) day() {
	f := form.New(p.v.env.Theme, form.Date("day", "Day").Required().Today(p.v.today))
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Coverage on a day", f, func(values map[string]string) tea.Cmd {
		d.Sent()
		day := date(values["day"])
		var text []string
		for _, s := range enroll.On(p.all, day, p.v.env.Zone) {
			sure := "known   "
			if !s.Known {
				sure = "NOT SURE"
			}
			text = append(text, p.v.env.Theme.Pad(string(s.Line), 8)+" "+sure+" "+plan(s.Plan), "         "+s.Why, "")
		}
		p.v.env.Open(ui.NewReader(p.v.env, "Coverage of "+p.v.who(p.id)+" on "+day.String(), strings.TrimSpace(strings.Join(text, "\n"))))
		return nil
	})
	p.v.env.Open(d)
}

func (p *historyPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-2))
}

func (p *historyPage) View() string {
	th := p.v.env.Theme
	line := " d tells the coverage on a day, as far as it is known"
	if p.lost > 0 {
		line = th.Warn.Render(" " + th.Glyph.Warn + " " + ui.Count(p.lost, "record", "records") + " cannot be opened with this desk's key")
	}
	return th.Truncate(th.Strong.Render(" History of "+p.v.who(p.id)), p.width) + "\n" + th.Truncate(line, p.width) + "\n" + p.table.View()
}

func (p *historyPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps what needs the records back until they are there.
func (p *historyPage) Waiting(msg tea.Msg) bool {
	return p.read.Out() && key.Matches(ui.Pressed(msg), p.v.keys.Open, p.v.keys.Day)
}

func (p *historyPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 2) }

func (p *historyPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.Open.SetEnabled(!p.table.Bare())
	return [][]key.Binding{{k.Open, k.Day, k.Again, k.Back}, p.table.Keys()}
}
