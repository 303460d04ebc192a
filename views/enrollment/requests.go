package enrollment

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// requestRow is a new hire or a census in the book.
type requestRow struct {
	id     string
	when   time.Time
	job    enroll.Job
	census enroll.Summary
}

func (r requestRow) single() bool { return r.census.ID == "" }

// requestPage lists what was, is and shall be sent through the book.
type requestPage struct {
	v     *View
	read  *ui.Call[[]requestRow]
	table *table.Table[requestRow]
	all   []requestRow
	width int
}

func newRequestPage(v *View) *requestPage {
	p := &requestPage{v: v, read: ui.NewCall[[]requestRow](v.env, "list requests")}
	p.table = table.New(v.env.Theme, func(r requestRow) string { return r.id },
		table.Column[requestRow]{Title: "State", Min: 12, Max: 30, Cell: p.state, Style: p.tint},
		table.Column[requestRow]{Title: "What", Min: 42, Cell: p.what},
		table.Column[requestRow]{Title: "Group", Min: 16, Drop: 1, Cell: func(r requestRow) string { return string(r.job.Hire.Group) }},
		table.Column[requestRow]{Title: "Written down", Min: 16, Max: 16, Cell: func(r requestRow) string { return v.moment(r.when) }},
	).WithoutMarks()
	p.table.SetEmpty("Nothing was enrolled from here yet. Press n in a group for a new hire, or i for a census.")
	return p
}

func (p *requestPage) what(r requestRow) string {
	if r.single() {
		return "new hire of " + p.v.who(r.job.Hire.Employee.ID)
	}
	return fmt.Sprintf("census: %s, %d of %s rejected", ui.Count(families(r.census), "family", "families"), r.census.Rejected, ui.Count(r.census.Rows, "row", "rows"))
}

func families(s enroll.Summary) int {
	n := 0
	for _, c := range s.States {
		n += c
	}
	return n
}

// order is how the states of a census are listed: what wants somebody first.
var order = []enroll.State{enroll.Unknown, enroll.Mismatch, enroll.Failed, enroll.Sent, enroll.Accepted, enroll.Queued, enroll.Draft, enroll.Verified}

func (p *requestPage) state(r requestRow) string {
	if r.single() {
		return p.v.state(r.job.State)
	}
	var words []string
	for _, s := range order {
		if n := r.census.States[s]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(words, ", ")
}

func (p *requestPage) tint(r requestRow) lipgloss.Style {
	if r.single() {
		return p.v.tint(r.job.State)
	}
	for _, s := range order {
		if r.census.States[s] > 0 {
			return p.v.tint(s)
		}
	}
	return p.v.env.Theme.Text
}

// summary is a few words for the first page about what wants somebody.
func (p *requestPage) summary() string {
	count := map[enroll.State]int{}
	for _, r := range p.all {
		if r.single() {
			count[r.job.State]++
		}
		for s, n := range r.census.States {
			count[s] += n
		}
	}
	var words []string
	for _, s := range order[:len(order)-1] {
		if count[s] > 0 {
			words = append(words, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return p.v.env.Theme.Warn.Render("requests: " + strings.Join(words, ", ") + " (w shows them)")
}

// recover marks what a session that is gone left on its way. Nothing is sent.
func (p *requestPage) recover() tea.Cmd {
	return p.list(func(ctx ctx) error { _, err := p.v.book.Recover(ctx); return err })
}

func (p *requestPage) reload() tea.Cmd { return p.list(func(ctx) error { return nil }) }

func (p *requestPage) list(first func(ctx) error) tea.Cmd {
	book := p.v.book
	return p.read.Latest(func(ctx ctx) ([]requestRow, error) {
		if err := first(ctx); err != nil {
			return nil, err
		}
		jobs, err := book.Jobs(ctx, "")
		if err != nil {
			return nil, err
		}
		censuses, err := book.Censuses(ctx)
		var rows []requestRow
		for _, c := range censuses {
			rows = append(rows, requestRow{id: "census " + c.ID, when: c.Added, census: c})
		}
		for i := len(jobs) - 1; i >= 0; i-- {
			rows = append(rows, requestRow{id: "job " + jobs[i].ID, when: jobs[i].Added, job: jobs[i]})
		}
		return rows, err
	})
}

func (p *requestPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[[]requestRow]:
		if !p.read.Accept(msg) {
			return nil
		}
		if msg.Err != nil {
			p.table.SetFailed(rest.UserMessage(msg.Err))
			return nil
		}
		p.all = msg.Value
		for _, r := range p.all {
			p.v.meet(r.job.People)
		}
		p.table.Set(p.all)
		return nil
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (p *requestPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	r, some := p.table.Selected()
	switch {
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.v.Back()
	case key.Matches(msg, k.Again):
		return p.recover()
	case some && key.Matches(msg, k.Open) && r.single():
		return p.v.job.show(r.job)
	case some && key.Matches(msg, k.Open):
		return p.v.census.resume(r.census.ID)
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}

func (p *requestPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-2))
}

func (p *requestPage) View() string {
	th := p.v.env.Theme
	line := " new hires and censuses; other writes are in the outbox of Connections"
	return th.Strong.Render(" Requests") + "\n" + th.Truncate(line, p.width) + "\n" + p.table.View()
}

func (p *requestPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps what acts on a row back until the book has been read once.
func (p *requestPage) Waiting(msg tea.Msg) bool {
	return p.read.Out() && p.all == nil && key.Matches(ui.Pressed(msg), p.v.keys.Open)
}

func (p *requestPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 2) }

func (p *requestPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.Open.SetEnabled(!p.table.Bare())
	return [][]key.Binding{{k.Open, k.Again, k.Back}, p.table.Keys()}
}
