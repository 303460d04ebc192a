package prospects

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/people"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// intake is a file on its way in: what each line will send, exactly, and what
// became of it.
type intake struct {
	v       *View
	read    *ui.Call[opened]
	sends   *ui.Sender[bringing, people.Outcome]
	got     opened
	mapping people.Mapping
	rows    []people.Row
	leave   map[int]bool // lines not to be sent although they could be
	states  map[int]people.State
	said    map[int]string
	run     *progress
	ended   string
	saved   string
	faults  bool // only lines that are not sent
	table   *table.Table[people.Row]
	wide    int
}

type progressMsg struct{ run *progress }

// progressEvery is how often the screen asks a run how far it is.
const progressEvery = 250 * time.Millisecond

func newIntake(v *View) *intake {
	n := &intake{v: v, read: ui.NewCall[opened](v.env, "read the file"), sends: newBringer(v)}
	n.table = table.New(v.env.Theme, func(r people.Row) string { return fmt.Sprint(r.Line) },
		table.Column[people.Row]{Title: "Line", Min: 5, Max: 6, Right: true, Drop: 1, Cell: func(r people.Row) string { return fmt.Sprint(r.Line) }},
		table.Column[people.Row]{Title: "Result", Min: 12, Max: 12, Cell: func(r people.Row) string { return n.result(r) }, Style: n.tint},
		table.Column[people.Row]{Title: "Name", Min: 10, Max: 30, Cell: func(r people.Row) string { return cleaned(people.Typed(r.Edits).Full) }},
		table.Column[people.Row]{Title: "Why", Min: 30, Cell: n.why},
	).WithoutMarks()
	return n
}

// ask asks for the file.
func (n *intake) ask() tea.Cmd {
	v := n.v
	if n.sends.Out() {
		v.Open(n)
		return nil
	}
	f := form.New(v.env.Theme, form.Text("path", "File").Required().Max(400).Default(n.got.path).Help("a CSV file on this machine; its first line names the columns"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Import people from a file", f, func(m map[string]string) tea.Cmd {
		v.env.Close(d)
		return n.open(strings.TrimSpace(m["path"]))
	})
	v.env.Open(d)
	return nil
}

// open reads a file, its journal and who is there already; esc gives up.
func (n *intake) open(path string) tea.Cmd {
	emr, open := n.v.emr, n.v.opt.Book
	n.got, n.rows, n.ended, n.saved = opened{path: path}, nil, "", ""
	n.table.Set(nil)
	n.table.SetLoading("reading the file, and who is there already; esc gives up...")
	n.v.Open(n)
	return n.read.Latest(func(ctx ctx) (opened, error) { return openFile(ctx, path, emr, open) })
}

// opened shows what the file would send.
func (n *intake) opened(r ui.Result[opened]) tea.Cmd {
	if !n.read.Accept(r) {
		return nil
	}
	if r.Err != nil {
		n.table.SetFailed(rest.UserMessage(r.Err) + " Press I to choose again.")
		return nil
	}
	n.got, n.states, n.said, n.ended, n.saved, n.run = r.Value, r.Value.states, map[int]string{}, "", "", nil
	n.mapping = people.Guess(n.got.file.Header)
	n.plan()
	if n.got.unsure != nil {
		n.v.env.Fail("Who is there already could not be read, so duplicates are not flagged. " + rest.UserMessage(n.got.unsure))
	}
	return nil
}

// plan works out what each line sends, and leaves out who is there already.
func (n *intake) plan() {
	n.rows = people.Plan(n.got.file, n.mapping, rules(n.v, n.got.journal.Code, n.v.opt.Who))
	people.Flag(n.rows, n.got.there)
	n.leave = map[int]bool{}
	for _, r := range n.rows {
		if r.Like != nil {
			n.leave[r.Line] = true
		}
	}
	n.draw()
}

func (n *intake) draw() {
	rows := n.rows
	if n.faults {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r people.Row) bool { return n.goes(r) || n.states[r.Line] == people.Done })
	}
	n.table.Set(rows)
}

// goes reports that a line is to be sent.
func (n *intake) goes(r people.Row) bool {
	return r.Good() && !n.leave[r.Line] && n.states[r.Line] != people.Done && n.states[r.Line] != people.Refused
}

func (n *intake) result(r people.Row) string {
	g := n.v.env.Theme.Glyph
	switch {
	case n.states[r.Line] == people.Done:
		return g.Ok + " created"
	case n.states[r.Line] == people.Refused:
		return g.Cross + " refused"
	case n.states[r.Line] == people.Sending:
		return g.Unknown + " unknown"
	case !r.Good():
		return g.Cross + " bad"
	case n.leave[r.Line]:
		return g.Warn + " left out"
	case n.said[r.Line] != "":
		return g.Cross + " not sent"
	}
	return "  to send"
}

func (n *intake) tint(r people.Row) lipgloss.Style {
	th := n.v.env.Theme
	switch {
	case n.states[r.Line] == people.Done:
		return th.Good
	case !r.Good(), n.states[r.Line] == people.Refused:
		return th.Danger
	case n.leave[r.Line], n.states[r.Line] == people.Sending:
		return th.Warn
	}
	return th.Muted
}

// why says what is wrong with a line, or who it looks like.
func (n *intake) why(r people.Row) string {
	if n.states[r.Line] == people.Done {
		return ""
	}
	if words := n.said[r.Line]; words != "" {
		return cleaned(words)
	}
	var parts []string
	for _, f := range r.Faults {
		if f.Column != "" {
			parts = append(parts, f.Column+": "+f.Words)
		} else {
			parts = append(parts, f.Words)
		}
	}
	if l := r.Like; l != nil {
		who := fmt.Sprintf("line %d", r.LikeOf)
		if l.Person.ID != "" {
			who = l.Person.Full + " (number " + string(l.Person.ID) + ")"
		}
		parts = append(parts, "like "+who+": "+l.Words())
	}
	return cleaned(strings.Join(parts, " "))
}

func (n *intake) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return n.press(msg)
	case ui.Result[opened]:
		return n.opened(msg)
	case ui.Result[people.Outcome]:
		return n.finished(msg)
	case progressMsg:
		if msg.run == n.run && n.run != nil {
			return n.v.env.After(progressEvery, msg)
		}
		return nil
	case rejectsMsg:
		if msg.err != nil {
			n.v.env.Fail("The rejects file " + msg.path + " could not be written: is the disk full or the folder closed?")
			return nil
		}
		n.saved = msg.path
		return n.v.env.Say(ui.Count(msg.n, "line was not created; it is", "lines were not created; they are") + " in " + msg.path)
	}
	_, cmd := n.table.Update(ui.Shift(msg, 0, headLines))
	return cmd
}

func (n *intake) press(msg tea.KeyPressMsg) tea.Cmd {
	k := n.v.keys
	r, some := n.table.Selected()
	switch {
	case n.table.Filtering():
	case key.Matches(msg, k.Back) && n.table.Filter() == "":
		n.read.Cancel()
		n.v.Back()
		return nil
	case n.rows == nil:
		if key.Matches(msg, k.Import) {
			return n.ask()
		}
		return nil
	case some && key.Matches(msg, k.Open):
		n.detail(r)
		return nil
	case key.Matches(msg, k.Faults):
		n.faults = !n.faults
		n.draw()
		return nil
	case n.run != nil && key.Matches(msg, k.Stop):
		n.run.halt.Store(true)
		return nil
	case n.run == nil:
		if cmd, ok := n.prepare(msg, r, some); ok {
			return cmd
		}
	}
	_, cmd := n.table.Update(msg)
	return cmd
}

// prepare works the keys that change what will be sent.
func (n *intake) prepare(msg tea.KeyPressMsg, r people.Row, some bool) (tea.Cmd, bool) {
	k := n.v.keys
	switch {
	case key.Matches(msg, k.Map):
		n.editMapping()
	case some && r.Good() && key.Matches(msg, k.Take):
		n.leave[r.Line] = !n.leave[r.Line]
		n.draw()
	case key.Matches(msg, k.TakeAll):
		clear(n.leave)
		n.draw()
	case key.Matches(msg, k.Start):
		return n.start(), true
	case key.Matches(msg, k.Rejects):
		return n.rejects(), true
	default:
		return nil, false
	}
	return nil, true
}

func (n *intake) Resize(width, height int) {
	n.wide = width
	n.table.Resize(width, max(1, height-headLines))
}

func (n *intake) Typing() bool         { return n.table.Filtering() }
func (n *intake) Waiting(tea.Msg) bool { return n.read.Out() }
func (n *intake) Cursor() *tea.Cursor  { return below(n.table.Cursor(), headLines) }

func (n *intake) Groups() [][]key.Binding {
	k := n.v.keys
	if n.table.Filtering() {
		return [][]key.Binding{n.table.Keys()}
	}
	if n.rows == nil { // there is no file yet
		choose := k.Import
		choose.SetEnabled(!n.read.Out())
		return [][]key.Binding{{choose, k.Back}}
	}
	stop := k.Stop
	stop.SetEnabled(n.run != nil)
	idle := []key.Binding{k.Start, k.Map, k.Take, k.TakeAll, k.Rejects}
	for i := range idle {
		idle[i].SetEnabled(n.run == nil)
	}
	return [][]key.Binding{append(append([]key.Binding{stop}, idle...), k.Open, k.Faults, k.Back), n.table.Keys()}
}
