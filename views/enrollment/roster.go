package enrollment

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// rosterRow is one member of the group on show, in the order of families.
type rosterRow struct {
	id     anglehealth.ID
	parent anglehealth.ID
	member anglehealth.Member
	read   bool
	fault  string
	depth  int
}

// reading is one member that arrived, or did not.
type reading struct {
	id     anglehealth.ID
	member anglehealth.Member
	err    error
}

// rosterPage shows the members of one group as families. The members near the
// cursor are read, three at a time by the client's own limit, and only while
// somebody looks.
type rosterPage struct {
	v             *View
	id            anglehealth.ID
	group         anglehealth.Group
	known         bool
	rows          []rosterRow
	parents       map[anglehealth.ID]anglehealth.ID // from the book, until a snapshot tells
	table         *table.Table[rosterRow]
	call          *ui.Call[rosterRead]
	stream        *ui.Stream[reading]
	all           bool // not only those near the cursor
	width, height int
}

// rosterRead is a group with what the book knows of its members.
type rosterRead struct {
	group   anglehealth.Group
	parents map[anglehealth.ID]anglehealth.ID
}

func newRosterPage(v *View) *rosterPage {
	p := &rosterPage{v: v, call: ui.NewCall[rosterRead](v.env, "read group"), stream: ui.NewStream[reading](v.env)}
	line := func(l anglehealth.Line) func(rosterRow) string {
		return func(r rosterRow) string {
			if !r.read {
				return ""
			}
			return plan(r.member.Plan(l).String())
		}
	}
	p.table = table.New(v.env.Theme, func(r rosterRow) string { return string(r.id) },
		table.Column[rosterRow]{Title: "Member", Min: 24, Cell: p.label},
		table.Column[rosterRow]{Title: "Type", Min: 9, Max: 9, Drop: 2, Cell: func(r rosterRow) string { return r.member.Type.String() }},
		table.Column[rosterRow]{Title: "Medical", Min: 12, Max: 16, Cell: line(anglehealth.Medical)},
		table.Column[rosterRow]{Title: "Dental", Min: 12, Max: 16, Cell: line(anglehealth.Dental)},
		table.Column[rosterRow]{Title: "Vision", Min: 8, Max: 14, Drop: 3, Cell: line(anglehealth.Vision)},
		table.Column[rosterRow]{Title: "Id", Min: 15, Max: 30, Drop: 1, Cell: func(r rosterRow) string { return string(r.id) }},
	).WithoutMarks()
	return p
}

// label is a member in the tree: dependents stand under their employee.
func (p *rosterPage) label(r rosterRow) string {
	lead := strings.Repeat("  "+p.v.env.Theme.Glyph.Bullet+" ", r.depth)
	switch {
	case r.fault != "":
		return lead + p.v.env.Theme.Glyph.Cross + " not read: " + string(r.id)
	case !r.read:
		return lead + p.v.env.Theme.Glyph.Ellipsis + " " + string(r.id)
	}
	return lead + name(r.member)
}

// open shows a group and reads it.
func (p *rosterPage) open(id anglehealth.ID) tea.Cmd {
	p.v.Open(p)
	if id != p.id {
		p.id, p.known, p.rows, p.group, p.all = id, false, nil, anglehealth.Group{}, false
		p.table.Set(nil)
	}
	return p.reload()
}

func (p *rosterPage) reload() tea.Cmd {
	if p.id == "" {
		return nil
	}
	p.stream.Cancel()
	book, id := p.v.book, p.id
	p.table.SetLoading("asking...")
	return p.call.Latest(func(ctx ctx) (rosterRead, error) {
		g, err := book.Roster(ctx, id)
		if err != nil {
			return rosterRead{}, err
		}
		entries, err := book.Members(ctx, id)
		parents := map[anglehealth.ID]anglehealth.ID{}
		for _, e := range entries {
			parents[e.ID] = e.Parent
		}
		return rosterRead{g, parents}, err
	})
}

func (p *rosterPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return tea.Batch(p.press(msg), p.more())
	case ui.Result[rosterRead]:
		return p.loaded(msg)
	case ui.Batch[reading]:
		return p.arrived(msg)
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (p *rosterPage) loaded(r ui.Result[rosterRead]) tea.Cmd {
	if !p.call.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	p.group, p.parents, p.known = r.Value.group, r.Value.parents, true
	p.rows = nil
	for _, id := range p.group.Members {
		parent := p.parents[id]
		if m, met := p.v.met[id]; met && m.Parent != "" {
			parent = m.Parent
		}
		p.rows = append(p.rows, rosterRow{id: id, parent: parent})
	}
	p.arrange()
	p.table.SetEmpty("This group has no members yet. Press n for a new hire.")
	return tea.Batch(p.more(), p.v.groups.reload())
}

// arrange puts dependents behind their employee, both in the group's order.
func (p *rosterPage) arrange() {
	at, here := map[anglehealth.ID]rosterRow{}, map[anglehealth.ID]bool{}
	for _, r := range p.rows {
		at[r.id] = r
	}
	under := map[anglehealth.ID][]anglehealth.ID{}
	for _, id := range p.group.Members {
		if parent := at[id].parent; parent != id && at[parent].id != "" {
			under[parent] = append(under[parent], id)
		}
	}
	var all []rosterRow
	var put func(id anglehealth.ID, depth int)
	put = func(id anglehealth.ID, depth int) {
		if here[id] {
			return
		}
		here[id] = true
		r := at[id]
		r.depth = min(depth, 1)
		all = append(all, r)
		for _, d := range under[id] {
			put(d, depth+1)
		}
	}
	for _, id := range p.group.Members {
		if parent := at[id].parent; parent == id || at[parent].id == "" {
			put(id, 0)
		}
	}
	for _, id := range p.group.Members { // who name each other as parent stand somewhere too
		put(id, 0)
	}
	p.rows = all
	p.table.Set(all)
}

// more reads the members near the cursor that have not been read yet.
func (p *rosterPage) more() tea.Cmd {
	if p.stream.Out() || p.v.Page() != p || !p.known {
		return nil
	}
	want := p.near()
	if len(want) == 0 {
		return nil
	}
	angle := p.v.angle
	return p.stream.Start(func(ctx ctx, emit func(reading)) error {
		angle.Members(ctx, want, func(id anglehealth.ID, m anglehealth.Member, err error) { emit(reading{id, m, err}) })
		return ctx.Err()
	})
}

// near are the unread members about two screens around the cursor, or all of
// them when a person wants that or filters.
func (p *rosterPage) near() []anglehealth.ID {
	at := 0
	sel, some := p.table.Selected()
	for i, r := range p.rows {
		if some && r.id == sel.id {
			at = i
		}
	}
	from, to := max(0, at-2*p.height), min(len(p.rows), at+2*p.height)
	if p.all {
		from, to = 0, len(p.rows)
	}
	var want []anglehealth.ID
	for _, r := range p.rows[from:to] {
		if !r.read && r.fault == "" {
			want = append(want, r.id)
		}
	}
	return want
}

func (p *rosterPage) arrived(b ui.Batch[reading]) tea.Cmd {
	ok, next := p.stream.Accept(b)
	if !ok {
		return nil
	}
	for _, got := range b.Items {
		p.take(got)
	}
	if len(b.Items) > 0 {
		p.arrange()
	}
	if b.Done {
		return p.more()
	}
	return next
}

func (p *rosterPage) take(got reading) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.id != got.id {
			continue
		}
		if got.err != nil {
			r.fault = rest.UserMessage(got.err)
			return
		}
		r.member, r.read, r.fault = got.member, true, ""
		if got.member.Parent != "" {
			r.parent = got.member.Parent
		}
		p.v.met[got.id] = got.member
	}
}

// stop gives up what is being read.
func (p *rosterPage) stop() { p.stream.Cancel() }

func (p *rosterPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	r, some := p.table.Selected()
	switch {
	case key.Matches(msg, k.Requests):
		p.v.Open(p.v.requests)
		return p.v.requests.reload()
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.stop()
		p.v.Back()
	case some && key.Matches(msg, k.Open):
		return p.v.member.open(r.id)
	case key.Matches(msg, k.Hire):
		return p.v.hiring.ask(p.id, ui.Person{})
	case key.Matches(msg, k.All):
		p.all = true
	case key.Matches(msg, k.Import):
		return p.v.census.ask(p.id)
	case key.Matches(msg, k.Again):
		return p.reload()
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}
