package enrollment

import (
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// censusRow is a family, before or after it was written down, or a row that is
// not sent.
type censusRow struct {
	id     string
	line   int
	plan   enroll.Plan
	job    enroll.Job // zero until it is written down
	reject *enroll.Reject
}

// censusPage imports a file of families: its columns are mapped, every row is
// checked, and exactly what is shown is written into the book and sent, one
// family per request.
//
// Like a single new hire it does not go through the outbox, because the book
// writes each family down and marks it before it is sent, sends it once, and
// finds it again after a kill; see jobPage.
type censusPage struct {
	v       *View
	file    string // the name alone
	found   enroll.Table
	mapping enroll.Mapping
	census  enroll.Census
	id      string // in the book; "" until it is written down
	checked bool
	halted  string // why the last run ended early

	table *table.Table[censusRow]
	open  *ui.Call[opened]
	check *ui.Call[enroll.Census]
	store *ui.Call[stored]
	jobs  *ui.Call[[]enroll.Job]
	turn  *ui.Call[int]
	run   *ui.Stream[enroll.Progress]

	ask1, ask2 *ui.FormDialog
	width      int
}

func newCensusPage(v *View) *censusPage {
	p := &censusPage{
		v: v, open: ui.NewCall[opened](v.env, "read the file"), check: ui.NewCall[enroll.Census](v.env, "check the rows"),
		store: ui.NewCall[stored](v.env, "write the census down"), jobs: ui.NewCall[[]enroll.Job](v.env, "list families"),
		turn: ui.NewCall[int](v.env, "turn the census"), run: ui.NewStream[enroll.Progress](v.env),
	}
	p.table = table.New(v.env.Theme, func(r censusRow) string { return r.id },
		table.Column[censusRow]{Title: "Line", Min: 5, Max: 5, Right: true, Cell: func(r censusRow) string { return strconv.Itoa(r.line) }},
		table.Column[censusRow]{Title: "State", Min: 10, Max: 11, Cell: p.state, Style: p.tint},
		table.Column[censusRow]{Title: "Who", Min: 14, Max: 26, Cell: p.who},
		table.Column[censusRow]{Title: "What", Min: 42, Cell: p.what},
	).WithoutMarks()
	return p
}

func (p *censusPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[opened]:
		return p.opened(msg)
	case ui.Result[enroll.Census]:
		return p.vetted(msg)
	case ui.Result[stored]:
		return p.written(msg)
	case ui.Result[[]enroll.Job]:
		return p.listed(msg)
	case ui.Result[int]:
		return p.turned(msg)
	case ui.Batch[enroll.Progress]:
		return p.progressed(msg)
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 3))
	return cmd
}

func (p *censusPage) press(msg tea.KeyPressMsg) tea.Cmd {
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	k, n, book, id := p.v.keys, p.able(), p.v.book, p.id
	r, some := p.table.Selected()
	switch {
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.v.Back()
	case some && key.Matches(msg, k.Open):
		return p.show(r)
	case n.columns && key.Matches(msg, k.Columns):
		p.columns()
	case n.rejects && key.Matches(msg, k.Rejects):
		census, dir, stamp := p.census, p.v.opt.Dir, p.v.env.PracticeNow().Format("20060102-150405")
		return p.store.Once(func(ctx) (stored, error) { path, err := save(census, dir, stamp); return stored{rejects: path}, err })
	case n.first && key.Matches(msg, k.Send):
		p.sure()
	case n.send && key.Matches(msg, k.Send):
		return p.change(func(ctx ctx) (int, error) { return book.ReleaseAll(ctx, id) })
	case n.stop && key.Matches(msg, k.Stop):
		p.run.Cancel()
		p.halted = "Stopped by you between two requests. s goes on."
		return tea.Batch(p.list(), p.v.requests.reload())
	case n.retry && key.Matches(msg, k.Failed):
		p.retry()
	case n.find && key.Matches(msg, k.Find):
		return p.change(func(ctx ctx) (int, error) { return 0, book.SettleAll(ctx, id, nil) })
	case id != "" && key.Matches(msg, k.Again):
		return p.list()
	default:
		_, cmd := p.table.Update(msg)
		return cmd
	}
	return nil
}

func (p *censusPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps keys back until rows or families are there.
func (p *censusPage) Waiting(msg tea.Msg) bool {
	busy := p.check.Out() || p.store.Out() || p.turn.Out() || p.jobs.Out() && len(p.table.Rows()) == 0
	return busy && !key.Matches(ui.Pressed(msg), p.v.keys.Back)
}

func (p *censusPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 3) }

func (p *censusPage) Groups() [][]key.Binding {
	k, n := p.v.keys, p.able()
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	all := []key.Binding{}
	for _, o := range []struct {
		can bool
		k   key.Binding
	}{{n.first || n.send, k.Send}, {n.stop, k.Stop}, {n.find, k.Find}, {n.retry, k.Failed}, {n.columns, k.Columns}, {n.rejects, k.Rejects}} {
		if o.can {
			all = append(all, o.k)
		}
	}
	all = append(all, k.Open)
	if p.id != "" {
		all = append(all, k.Again)
	}
	return [][]key.Binding{append(all, k.Back), p.table.Keys()}
}
