package enrollment

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/form"
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

	ask1, ask2    *ui.FormDialog
	done, all     int
	width, height int
}

// opened is a file as it was read, with the columns as they were mapped before.
type opened struct {
	name    string
	table   enroll.Table
	mapping enroll.Mapping
}

// stored is a census in the book, and where its rejected rows were saved.
type stored struct{ id, rejects string }

func newCensusPage(v *View) *censusPage {
	p := &censusPage{
		v: v, open: ui.NewCall[opened](v.env, "read the file"), check: ui.NewCall[enroll.Census](v.env, "check the rows"),
		store: ui.NewCall[stored](v.env, "write the census down"), jobs: ui.NewCall[[]enroll.Job](v.env, "list families"),
		turn: ui.NewCall[int](v.env, "turn the census"), run: ui.NewStream[enroll.Progress](v.env),
	}
	p.table = table.New(v.env.Theme, func(r censusRow) string { return r.id },
		table.Column[censusRow]{Title: "Line", Min: 5, Max: 5, Right: true, Cell: func(r censusRow) string { return strconv.Itoa(r.line) }},
		table.Column[censusRow]{Title: "State", Min: 10, Max: 11, Cell: p.state, Style: p.tint},
		table.Column[censusRow]{Title: "Who", Min: 18, Max: 30, Cell: p.who},
		table.Column[censusRow]{Title: "What", Min: 30, Cell: p.what},
	).WithoutMarks()
	return p
}

func (p *censusPage) state(r censusRow) string {
	switch {
	case r.reject != nil && r.reject.Held:
		return p.v.env.Theme.Glyph.Bullet + " held back"
	case r.reject != nil:
		return p.v.env.Theme.Glyph.Cross + " rejected"
	case r.job.ID == "":
		return p.v.env.Theme.Glyph.Ok + " ready"
	}
	return p.v.state(r.job.State)
}

func (p *censusPage) tint(r censusRow) lipgloss.Style {
	switch {
	case r.reject != nil:
		return p.v.env.Theme.Danger
	case r.job.ID == "":
		return p.v.env.Theme.Good
	}
	return p.v.tint(r.job.State)
}

func (p *censusPage) who(r censusRow) string {
	if r.reject != nil {
		var words []string
		for _, f := range []enroll.Field{"first_name", "last_name"} {
			if i, ok := p.mapping[f]; ok && i < len(r.reject.Row.Cells) {
				words = append(words, r.reject.Row.Cells[i])
			}
		}
		return safe.Clean(strings.Join(words, " "))
	}
	s := p.v.who(r.plan.Hire.Employee.ID)
	if n := len(r.plan.Hire.Dependents); n > 0 {
		s += fmt.Sprintf(" +%d", n)
	}
	return safe.Clean(s)
}

func (p *censusPage) what(r censusRow) string {
	switch {
	case r.reject != nil:
		return safe.Clean(strings.Join(r.reject.Reasons, " "))
	case r.job.Note != "":
		return r.job.Note
	case r.job.ID != "" && r.job.State != enroll.Draft && r.job.State != enroll.Queued:
		return r.job.State.Word()
	}
	h := r.plan.Hire
	return fmt.Sprintf("%s, %s, %s from %s", h.Group, plan(h.Employee.Plans[anglehealth.Medical]), plan(h.Employee.Plans[anglehealth.Dental]), h.Start)
}

// ask asks for the file.
func (p *censusPage) ask() tea.Cmd {
	if p.run.Out() {
		p.v.open(p)
		return nil
	}
	f := form.New(p.v.env.Theme, form.Text("path", "File").Required().Max(1000).
		Help("CSV in UTF-8 with a header: a row for each employee, each dependent below its employee"))
	p.ask1 = ui.NewFormDialog(p.v.env, "Import a census", f, func(values map[string]string) tea.Cmd {
		book, path := p.v.book, values["path"]
		return p.open.Once(func(ctx ctx) (opened, error) {
			t, err := read(path)
			if err != nil {
				return opened{}, err
			}
			m, err := book.Recall(ctx, t.Header)
			return opened{filepath.Base(path), t, m}, err
		})
	})
	p.ask1.Busy = p.open.Out
	p.v.env.Open(p.ask1)
	return nil
}

// fileError is a file that cannot be opened.
type fileError struct{ words string }

func (e *fileError) Error() string       { return "the census file cannot be opened" }
func (e *fileError) UserMessage() string { return e.words }

func read(path string) (enroll.Table, error) {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, "~/") {
		path = filepath.Join(home, path[2:])
	}
	f, err := os.Open(path)
	if err != nil {
		return enroll.Table{}, &fileError{"File: it cannot be opened. Check the path, and that this account may read it."}
	}
	defer func() { _ = f.Close() }()
	if i, err := f.Stat(); err != nil || !i.Mode().IsRegular() {
		return enroll.Table{}, &fileError{"File: that is no file. Give the path of a CSV file."}
	}
	return enroll.Read(f)
}

func (p *censusPage) update(msg tea.Msg) tea.Cmd {
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

func (p *censusPage) opened(r ui.Result[opened]) tea.Cmd {
	if !p.open.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.ask1.SetErrors(map[string]string{"path": rest.UserMessage(r.Err)})
		return nil
	}
	p.ask1.Sent()
	p.file, p.found, p.mapping = safe.Clean(r.Value.name), r.Value.table, r.Value.mapping
	p.id, p.checked, p.halted, p.census = "", false, "", enroll.Census{}
	p.table.Set(nil)
	p.v.open(p)
	if len(p.mapping.Missing()) > 0 {
		p.columns()
		return nil
	}
	return p.vet()
}

// first are the fields everybody needs; the others follow in order of name.
var first = []enroll.Field{enroll.FieldType, enroll.FieldGroup, enroll.FieldStart, enroll.FieldMedical, enroll.FieldDental,
	enroll.FieldID, enroll.FieldEmployee, "first_name", "last_name", enroll.FieldDOB, enroll.FieldSSN}

// columns asks which column holds what; the answer is remembered for files with
// the same header.
func (p *censusPage) columns() {
	var opts []form.Option
	for i, h := range p.found.Header {
		opts = append(opts, form.Option{Value: strconv.Itoa(i), Label: fmt.Sprintf("%d %s", i+1, safe.Clean(h))})
	}
	var fields []form.Field
	seen := map[enroll.Field]bool{}
	for _, f := range append(first[:len(first):len(first)], enroll.Fields()...) {
		if seen[f] {
			continue
		}
		seen[f] = true
		field := form.Combo(string(f), label(string(f)), opts...)
		if i, ok := p.mapping[f]; ok {
			field.Default(strconv.Itoa(i))
		}
		fields = append(fields, field)
	}
	p.ask2 = ui.NewFormDialog(p.v.env, "Which column holds what?", form.New(p.v.env.Theme, fields...), p.mapped)
	p.ask2.Below = func(int) string {
		return "ctrl+g lists the columns. Empty: it is not in the file."
	}
	p.v.env.Open(p.ask2)
}

func (p *censusPage) mapped(values map[string]string) tea.Cmd {
	m := enroll.Mapping{}
	for name, s := range values {
		if i, err := strconv.Atoi(s); err == nil {
			m[enroll.Field(name)] = i
		}
	}
	if missing := m.Missing(); len(missing) > 0 {
		wrong := map[string]string{}
		for _, f := range missing {
			wrong[string(f)] = "Nobody can be enrolled without it. Choose the column that holds it."
		}
		p.ask2.SetErrors(wrong)
		return nil
	}
	p.ask2.Sent()
	p.mapping = m
	return p.vet()
}

// vet checks every row; groups and plans the file names are asked about once.
func (p *censusPage) vet() tea.Cmd {
	book, t, m := p.v.book, p.found, p.mapping
	p.table.SetLoading("checking every row...")
	return p.check.Latest(func(ctx ctx) (enroll.Census, error) {
		if err := book.Remember(ctx, t.Header, m); err != nil {
			return enroll.Census{}, err
		}
		known, err := book.Known(ctx, t, m)
		if err != nil {
			return enroll.Census{}, err
		}
		return enroll.Check(t, m, known), nil
	})
}

func (p *censusPage) vetted(r ui.Result[enroll.Census]) tea.Cmd {
	if !p.check.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	p.census, p.checked = r.Value, true
	var rows []censusRow
	for i := range p.census.Rejects {
		rej := &p.census.Rejects[i]
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", rej.Row.Line), line: rej.Row.Line, reject: rej})
	}
	for _, plan := range p.census.Plans {
		p.v.meet(plan.People)
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", plan.Line), line: plan.Line, plan: plan})
	}
	p.table.Set(rows)
	return nil
}

// sure asks and writes all families down; what was rejected is saved first.
func (p *censusPage) sure() {
	people := 0
	for _, plan := range p.census.Plans {
		people += len(plan.Hire.Members())
	}
	text := fmt.Sprintf("%d families with %d people are written down and sent, one family per request.", len(p.census.Plans), people)
	if n := len(p.census.Rejects); n > 0 {
		text += fmt.Sprintf(" %d rows are not sent; they are saved to a file with their reasons.", n)
	}
	book, census, dir, stamp := p.v.book, p.census, p.v.opt.Dir, p.v.env.PracticeNow().Format("20060102-150405")
	p.v.env.Open(ui.NewConfirm(p.v.env, "Enroll the census?", text+" An enrolment cannot be undone, only ended.", "Enroll", func() tea.Cmd {
		return p.store.Once(func(ctx ctx) (stored, error) {
			var s stored
			var err error
			if len(census.Rejects) > 0 {
				if s.rejects, err = save(census, dir, stamp); err != nil {
					return s, err
				}
			}
			if s.id, err = book.Import(ctx, census); err != nil {
				return s, err
			}
			_, err = book.ReleaseAll(ctx, s.id)
			return s, err
		})
	}))
}

// save writes the rejected rows into a file of their own.
func save(c enroll.Census, dir, stamp string) (path string, err error) {
	failed := func(error) error {
		return &fileError{"The file of rejected rows cannot be written, so nothing was sent. Make room on the disk, or check the folder's rights."}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", failed(err)
	}
	for n := 1; ; n++ {
		path = filepath.Join(dir, fmt.Sprintf("census-rejects-%s-%d.csv", stamp, n))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if os.IsExist(err) && n < 100 {
			continue
		}
		if err != nil {
			return "", failed(err)
		}
		err = c.WriteRejects(f)
		if bad := f.Close(); err == nil {
			err = bad
		}
		if err != nil {
			return "", failed(err)
		}
		return path, nil
	}
}

func (p *censusPage) written(r ui.Result[stored]) tea.Cmd {
	if !p.store.Accept(r) {
		return nil
	}
	var said tea.Cmd
	if r.Value.rejects != "" {
		said = p.v.env.Say("Rejected rows: " + r.Value.rejects)
	}
	if r.Err != nil {
		return p.v.fail(r.Err)
	}
	if r.Value.id == "" { // only the file was wanted
		return said
	}
	p.id = r.Value.id
	return tea.Batch(said, p.list(), p.send(), p.v.requests.reload())
}

// resume shows a census of the book, of this session or an earlier one.
func (p *censusPage) resume(id string) tea.Cmd {
	p.v.open(p)
	if id == p.id {
		return p.list()
	}
	if p.run.Out() {
		p.v.env.Fail("Another census is being sent. Stop it with c first, or wait for its end.")
		return nil
	}
	p.file, p.id, p.checked, p.halted, p.census = "", id, false, "", enroll.Census{}
	p.table.Set(nil)
	return p.list()
}

func (p *censusPage) list() tea.Cmd {
	book, id := p.v.book, p.id
	return p.jobs.Latest(func(ctx ctx) ([]enroll.Job, error) { return book.Jobs(ctx, id) })
}

func (p *censusPage) listed(r ui.Result[[]enroll.Job]) tea.Cmd {
	if !p.jobs.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.table.SetFailed(rest.UserMessage(r.Err))
		return nil
	}
	var rows []censusRow
	for i := range p.census.Rejects {
		rej := &p.census.Rejects[i]
		rows = append(rows, censusRow{id: fmt.Sprintf("line %d", rej.Row.Line), line: rej.Row.Line, reject: rej})
	}
	for _, j := range r.Value {
		p.v.meet(j.People)
		rows = append(rows, row(j))
	}
	p.table.Set(rows)
	return nil
}

func row(j enroll.Job) censusRow {
	return censusRow{id: fmt.Sprintf("line %d", j.Line), line: j.Line, plan: j.Plan, job: j}
}

// send sends every family that is open. The book goes through them once more
// from the start, so it is the same after a stop and after a kill.
func (p *censusPage) send() tea.Cmd {
	book, id := p.v.book, p.id
	p.halted, p.done, p.all = "", 0, 0
	return p.run.Start(func(ctx ctx, emit func(enroll.Progress)) error { return book.Run(ctx, id, emit) })
}

func (p *censusPage) progressed(b ui.Batch[enroll.Progress]) tea.Cmd {
	ok, next := p.run.Accept(b)
	if !ok {
		return nil
	}
	for _, g := range b.Items {
		p.done, p.all = g.Done, g.All
		p.table.Upsert(row(g.Job))
		if g.Err != nil {
			p.halted = rest.UserMessage(g.Err)
		}
	}
	if !b.Done {
		return next
	}
	if b.Err != nil {
		p.halted = rest.UserMessage(b.Err)
	}
	return tea.Batch(p.list(), p.v.requests.reload(), p.v.groups.reload())
}

// change turns families of the census and, if that left some to send, goes on.
func (p *censusPage) change(f func(ctx) (int, error)) tea.Cmd { return p.turn.Once(f) }

func (p *censusPage) turned(r ui.Result[int]) tea.Cmd {
	if !p.turn.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return tea.Batch(p.v.fail(r.Err), p.list())
	}
	return tea.Batch(p.list(), p.send())
}

// counts are families by state.
func (p *censusPage) counts() map[enroll.State]int {
	n := map[enroll.State]int{}
	for _, r := range p.table.Rows() {
		if r.job.ID != "" {
			n[r.job.State]++
		}
	}
	return n
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
		p.v.back()
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

func (p *censusPage) retry() {
	book, id, n := p.v.book, p.id, p.counts()[enroll.Failed]
	p.v.env.Open(ui.NewConfirm(p.v.env, "Send the failed ones again?",
		fmt.Sprintf("%d families failed; they alone are sent again. Their ids are looked up before that.", n), "Send again",
		func() tea.Cmd { return p.change(func(ctx ctx) (int, error) { return book.RetryAll(ctx, id) }) }))
}

// show opens a family, or reads out what is wrong with a row.
func (p *censusPage) show(r censusRow) tea.Cmd {
	switch {
	case r.reject != nil:
		var text []string
		for _, s := range r.reject.Reasons {
			text = append(text, p.v.env.Theme.Glyph.Cross+" "+safe.Clean(s))
		}
		p.v.env.Open(ui.NewReader(p.v.env, fmt.Sprintf("Line %d is not sent", r.line), strings.Join(text, "\n\n")))
	case r.job.ID != "":
		return p.v.job.show(r.job)
	default:
		preview := jobPage{v: p.v, job: enroll.Job{Plan: r.plan, State: enroll.Draft, Step: enroll.Checking}}
		p.v.env.Open(ui.NewReader(p.v.env, fmt.Sprintf("Line %d will be sent so", r.line), strings.Join(preview.members(), "\n")))
	}
	return nil
}

// turns are what can be done with the census as it is.
type turns struct{ columns, rejects, first, send, stop, retry, find bool }

func (p *censusPage) able() turns {
	n := p.counts()
	out := p.run.Out()
	idle := !out && !p.store.Out() && !p.turn.Out() && !p.check.Out()
	return turns{
		columns: idle && p.id == "" && len(p.found.Header) > 0,
		rejects: idle && len(p.census.Rejects) > 0,
		first:   idle && p.id == "" && len(p.census.Plans) > 0,
		send:    idle && p.id != "" && n[enroll.Draft]+n[enroll.Queued]+n[enroll.Accepted]+n[enroll.Sent] > 0,
		stop:    out,
		retry:   idle && n[enroll.Failed] > 0,
		find:    idle && n[enroll.Unknown] > 0,
	}
}

func (p *censusPage) resize(width, height int) {
	p.width, p.height = width, height
	p.table.Resize(width, max(1, height-3))
}

func (p *censusPage) view() string {
	th := p.v.env.Theme
	head := th.Strong.Render(" Census") + "  " + p.file
	second, third := p.progress(), ""
	switch {
	case p.check.Out():
		second = " checking every row; groups and plans are asked about once..."
	case p.id == "" && p.checked:
		second = fmt.Sprintf(" %d families ready, %d of %d rows rejected or held back", len(p.census.Plans), len(p.census.Rejects), len(p.found.Rows))
		third = " nothing is sent yet; exactly what is listed as ready is sent with s"
	}
	if p.halted != "" {
		third = th.Warn.Render(" " + th.Glyph.Warn + " " + p.halted)
	}
	return th.Truncate(head, p.width) + "\n" + th.Truncate(second, p.width) + "\n" + th.Truncate(third, p.width) + "\n" + p.table.View()
}

// progress is a bar of the families that are over, with the others by state.
func (p *censusPage) progress() string {
	n, all, over := p.counts(), 0, 0
	var words []string
	for _, s := range order {
		all += n[s]
		if s.Over() {
			over += n[s]
		}
		if n[s] > 0 {
			words = append(words, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	if all == 0 {
		return ""
	}
	const cells = 20
	full := over * cells / all
	bar := "[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "]"
	word := ""
	if p.run.Out() {
		word = "  sending, c stops"
	}
	return fmt.Sprintf(" %s %d of %d families: %s%s", bar, over, all, strings.Join(words, ", "), word)
}

func (p *censusPage) typing() bool { return p.table.Filtering() }

// waiting keeps keys back until rows or families are there.
func (p *censusPage) waiting(msg tea.Msg) bool {
	busy := p.check.Out() || p.store.Out() || p.turn.Out() || p.jobs.Out() && len(p.table.Rows()) == 0
	return busy && !key.Matches(press(msg), p.v.keys.Back)
}

func (p *censusPage) cursor() *tea.Cursor { return below(p.table.Cursor(), 3) }

func (p *censusPage) groups() [][]key.Binding {
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
