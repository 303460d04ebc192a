package library

import (
	"fmt"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// part is how many products go into one request: bodies stay small.
const part = 200

// bulkHead is the lines above the rows.
const bulkHead = 3

// bulk is the page of a change of many products from a file: what each row
// would do, and then what it did.
type bulk struct {
	v       *View
	file    csvFile
	cols    mapping
	rows    []planned
	show    int // index into bulkShows
	table   *table.Table[planned]
	open    *ui.Call[csvFile]
	compare *ui.Call[[]planned]
	dialog  *ui.FormDialog // the file or the columns being asked for
	queue   []int          // rows that are to be sent, in order
	out     []int          // those of the request that is out
	sending bool
	stopped string // why the rest was not sent
	width   int
}

// bulkShows are the choices of which rows are shown.
var bulkShows = []struct {
	words string
	ok    func(verdict) bool
}{
	{"all rows", func(verdict) bool { return true }},
	{"rows that change something", func(v verdict) bool { return v == changed || v == fresh || v == done || v == unsure }},
	{"rows with errors", func(v verdict) bool { return v == wrong }},
}

func newBulk(v *View) *bulk {
	b := &bulk{v: v, open: ui.NewCall[csvFile](v.env, "read the file"), compare: ui.NewCall[[]planned](v.env, "compare the products")}
	type P = planned
	column := func(title string, least, most, drop int, text func(P) string) table.Column[P] {
		return table.Column[P]{Title: title, Min: least, Max: most, Drop: drop, Cell: text, Style: b.ink}
	}
	right := func(c table.Column[P]) table.Column[P] { c.Right = true; return c }
	b.table = table.New(v.env.Theme, func(p P) string { return strconv.Itoa(p.line) },
		right(column("Line", 4, 6, 0, func(p P) string { return strconv.Itoa(p.line) })),
		column("What", 11, 11, 0, b.what),
		column("Code", 6, 14, 2, func(p P) string { return safe.Clean(p.send.ProductCode) }),
		column("Product", 14, 0, 0, b.told),
		right(column("Now", 9, 12, 1, b.now)),
		right(column("Then", 9, 12, 0, b.then)),
		right(column("Change", 8, 10, 0, b.change)),
	).WithoutMarks()
	b.table.SetEmpty("No rows of this kind. Press f to see others.")
	return b
}

// start asks for the file.
func (b *bulk) start() {
	f := form.New(b.v.env.Theme, form.Text("path", "CSV file").Required().Width(60).
		Help("With a header line. The next steps show what would change; nothing is sent yet."))
	b.dialog = ui.NewFormDialog(b.v.env, "Change products by a file", f, b.readFile)
	b.dialog.Busy = b.open.Out
	b.v.env.Open(b.dialog)
}

func (b *bulk) readFile(typed map[string]string) tea.Cmd {
	path := strings.TrimSpace(typed["path"])
	return b.open.Latest(func(ctx) (csvFile, error) { return openCSV(path) })
}

func (b *bulk) opened(r ui.Result[csvFile]) tea.Cmd {
	if !b.open.Accept(r) || !b.v.env.Shows(b.dialog) { // left by esc meanwhile
		return nil
	}
	if r.Err != nil {
		b.dialog.SetErrors(map[string]string{"path": r.Err.Error()})
		return nil
	}
	b.v.env.Close(b.dialog)
	b.file, b.cols, b.rows = r.Value, guess(r.Value.header), nil
	b.askColumns()
	return nil
}

// askColumns asks which column holds what.
func (b *bulk) askColumns() {
	var all []form.Field
	for _, c := range columns {
		field := form.Choice(c.name, c.label, b.headers(c.name)...).Required()
		field.Default(strconv.Itoa(b.cols[c.name]))
		if b.cols[c.name] < 0 && (c.name == "VendorCode" || c.name == "ProductCode") {
			field.Default("")
		}
		all = append(all, field)
	}
	b.dialog = ui.NewFormDialog(b.v.env, "Columns of "+b.file.name, form.New(b.v.env.Theme, all...), b.mapped)
	b.dialog.Busy = b.compare.Out
	b.dialog.Below = func(width int) string {
		return "\n" + b.v.env.Theme.Truncate(ui.Count(len(b.file.rows), "row", "rows")+". A product is found by its two codes.", width)
	}
	b.v.env.Open(b.dialog)
}

func (b *bulk) headers(name string) []form.Option {
	var all []form.Option
	if name == "Product" || name == "RetailPrice" {
		all = append(all, form.Option{Value: "-1", Label: "(keep what is there)"})
	}
	for i, h := range b.file.header {
		label := safe.Clean(h)
		if strings.TrimSpace(label) == "" {
			label = fmt.Sprintf("column %d", i+1)
		}
		all = append(all, form.Option{Value: strconv.Itoa(i), Label: label})
	}
	return all
}

func (b *bulk) mapped(typed map[string]string) tea.Cmd {
	m, taken := mapping{}, map[string]string{}
	for _, c := range columns {
		at, err := strconv.Atoi(typed[c.name])
		if err != nil {
			at = -1
		}
		if other := taken[typed[c.name]]; other != "" && at >= 0 {
			b.dialog.SetErrors(map[string]string{c.name: c.label + ": this column is the " + strings.ToLower(other) + " already. Choose another."})
			return nil
		}
		m[c.name], taken[typed[c.name]] = at, c.label
	}
	b.cols = m
	return b.replan()
}

// replan lists the products and compares all rows with them.
func (b *bulk) replan() tea.Cmd {
	emr, file, cols := b.v.emr, b.file, b.cols
	b.table.SetLoading("comparing with the EMR...")
	return b.compare.Latest(func(ctx ctx) ([]planned, error) {
		all, err := emr.Products(ctx, "", "")
		if err != nil {
			return nil, err
		}
		return plan(file, cols, stocked(all)), nil
	})
}

func (b *bulk) compared(r ui.Result[[]planned]) tea.Cmd {
	if !b.compare.Accept(r) || b.v.Page() != b && !b.v.env.Shows(b.dialog) { // left by esc meanwhile
		return nil
	}
	if r.Err != nil {
		b.table.SetFailed(rest.UserMessage(r.Err))
		return b.v.fail(r.Err)
	}
	b.v.env.Close(b.dialog)
	b.v.Open(b)
	b.rows, b.show, b.stopped = r.Value, 0, ""
	b.refill()
	return b.v.settled()
}

func (b *bulk) refill() {
	var rows []planned
	for _, p := range b.rows {
		if bulkShows[b.show].ok(p.verdict) {
			rows = append(rows, p)
		}
	}
	b.table.Set(rows)
}

func (b *bulk) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.Result[csvFile]:
		return b.opened(msg)
	case ui.Result[[]planned]:
		return b.compared(msg)
	case tea.KeyPressMsg:
		return b.press(msg)
	}
	_, cmd := b.table.Update(ui.Shift(msg, 0, bulkHead))
	return cmd
}

func (b *bulk) press(msg tea.KeyPressMsg) tea.Cmd {
	k := b.v.keys
	switch {
	case b.table.Filtering():
	case key.Matches(msg, k.Back) && b.table.Filter() == "":
		b.v.Back()
		return nil
	case key.Matches(msg, k.Send):
		b.ask()
		return nil
	case key.Matches(msg, k.Rejects):
		return b.save()
	case key.Matches(msg, k.Mapping):
		b.askColumns()
		return nil
	case key.Matches(msg, k.Replan):
		return b.replan()
	case key.Matches(msg, k.Show):
		b.show = (b.show + 1) % len(bulkShows)
		b.refill()
		return nil
	case key.Matches(msg, k.Why):
		if p, ok := b.table.Selected(); ok {
			b.v.env.Open(ui.NewReader(b.v.env, fmt.Sprintf("Line %d", p.line), b.whole(p)))
		}
		return nil
	}
	_, cmd := b.table.Update(msg)
	return cmd
}

// save writes the file of rejected rows, for this account only.
func (b *bulk) save() tea.Cmd {
	if count(b.rows).wrong == 0 {
		return b.v.env.Say("No row is rejected, so there is no file to save.")
	}
	data, dir := rejects(b.file, b.rows), b.v.opt.Dir
	name := "rejected-" + b.v.env.PracticeNow().Format("20060102-150405") + ".csv"
	return b.v.env.Save("products", dir, name, data)
}

func (b *bulk) Resize(width, height int) {
	b.width = width
	b.table.Resize(width, max(1, height-bulkHead))
}

func (b *bulk) Typing() bool { return b.table.Filtering() }

// Waiting keeps keys back while a request is out: whether the next one goes
// depends on it.
func (b *bulk) Waiting(tea.Msg) bool { return b.sending || b.compare.Out() }

func (b *bulk) Cursor() *tea.Cursor { return below(b.table.Cursor(), bulkHead) }

func (b *bulk) Groups() [][]key.Binding {
	k := b.v.keys
	if b.table.Filtering() {
		return [][]key.Binding{b.table.Keys()}
	}
	own := []key.Binding{k.Send, k.Why, k.Show, k.Rejects, k.Mapping, k.Replan}
	if b.table.Filter() == "" {
		own = append(own, k.Back)
	}
	return [][]key.Binding{own, b.table.Keys()}
}

func (b *bulk) ink(p planned) lipgloss.Style {
	th := b.v.env.Theme
	switch p.verdict {
	case wrong, unsure:
		return th.Danger
	case same:
		return th.Muted
	case done:
		return th.Good
	}
	return th.Text
}
