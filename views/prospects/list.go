package prospects

import (
	"iter"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

const (
	// settle is the rest in typing after which the EMR is asked.
	settle = 250 * time.Millisecond
	// pageRows is how many people one page of the list brings.
	pageRows = 100
	// wholeRows is the page when everybody is loaded.
	wholeRows = 1000
	// nearEnd is how close to the last row the next page is asked for.
	nearEnd = 40
	// mostLocal bounds what is found before the EMR answers.
	mostLocal = 200
)

// list is everybody, page by page, with a search over it. What was loaded is
// searched at once; what the EMR finds is merged with that by id.
type list struct {
	v        *View
	browse   *table.Table[row]
	hits     *table.Table[row]
	input    textinput.Model
	writing  bool // the search has the keyboard
	patients bool
	crit     criteria
	cols     []string
	habits   habits
	keeping  bool // habits are being written
	changed  bool // and have changed since
	recalls  *ui.Call[habits]

	loaded int // pages
	size   int // rows per page of this run
	total  int
	more   bool
	every  bool // go on until everybody is loaded

	load  *ui.Call[pageMsg]
	ask   *ui.Call[foundMsg]
	onto  *ui.Call[moreMsg]
	local *ui.Call[localMsg]
	gen   int
	asked string // the text whose answer is in
	down  string // why the EMR did not answer for the present text
	pages int    // of that answer
	rest  bool   // it has further ones
	enter bool   // enter waits for it
	popup bool   // opens the only one found by itself
	wide  int
	high  int
}

type (
	pageMsg struct {
		page naturaesoft.Page[whole]
		rows []row
	}
	settledMsg struct{ gen int }
	foundMsg   struct {
		rows []whole
		more bool
	}
	moreMsg  struct{ page naturaesoft.Page[whole] }
	localMsg []row
)

func newList(v *View) *list {
	l := &list{
		v: v, input: textinput.New(), total: -1, cols: usualColumns(), size: pageRows,
		load:  ui.NewCall[pageMsg](v.env, "list people"),
		ask:   ui.NewCall[foundMsg](v.env, "search people"),
		onto:  ui.NewCall[moreMsg](v.env, "search on"),
		local: ui.NewCall[localMsg](v.env, "search here"),
	}
	l.input.Prompt = ""
	l.input.CharLimit = 100
	l.input.KeyMap.Paste.SetEnabled(false)
	l.input.SetVirtualCursor(false)
	l.input.SetStyles(v.env.Theme.TextInput())
	l.tables()
	return l
}

// tables makes both tables anew, for other columns.
func (l *list) tables() {
	l.browse, l.hits = l.newTable(), l.newTable()
	l.browse.List(l.crit.lets)
	l.browse.SetEmpty("There is nobody here.")
	l.browse.SetLoading("asking the EMR...")
	l.fit()
}

func (l *list) newTable() *table.Table[row] {
	return table.New(l.v.env.Theme, func(r row) string { return string(r.id()) }, l.columns()...)
}

// table is the one on show: the hits while something is searched for.
func (l *list) table() *table.Table[row] {
	if l.text() != "" {
		return l.hits
	}
	return l.browse
}

// shown are the rows that the filter or the search lets through.
func (l *list) shown() iter.Seq[row] {
	if l.text() != "" {
		return slices.Values(l.hits.Rows())
	}
	return func(yield func(row) bool) {
		for _, r := range l.browse.Rows() {
			if l.crit.lets(r) && !yield(r) {
				return
			}
		}
	}
}

func (l *list) by(i id) (row, bool) {
	if r, ok := l.browse.Row(string(i)); ok {
		return r, true
	}
	return l.hits.Row(string(i))
}

func (l *list) text() string { return strings.TrimSpace(l.input.Value()) }

func (l *list) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if l.writing {
			return l.typed(msg)
		}
		return l.press(msg)
	case tea.PasteMsg:
		if !l.writing {
			return nil
		}
		return l.edit(ui.OneLine(msg))
	case settledMsg:
		if msg.gen == l.gen {
			return l.search()
		}
		return nil
	case ui.Result[pageMsg]:
		return l.paged(msg)
	case ui.Result[foundMsg]:
		return l.found(msg)
	case ui.Result[moreMsg]:
		return l.foundMore(msg)
	case ui.Result[localMsg]:
		return l.foundHere(msg)
	case ui.Result[habits]:
		return l.recalled(msg)
	case keptMsg:
		return l.kept(msg)
	case tea.MouseMsg:
		_, cmd := l.table().Update(ui.Shift(msg, 0, headLines))
		return tea.Batch(cmd, l.remember(), l.onwards())
	}
	_, one := l.browse.Update(msg)
	_, two := l.hits.Update(msg)
	return tea.Batch(one, two)
}

// headLines stand above the rows.
const headLines = 2

// press works a key while the rows have the keyboard.
func (l *list) press(msg tea.KeyPressMsg) tea.Cmd {
	k := l.v.keys
	r, some := l.table().Selected()
	switch {
	case key.Matches(msg, k.Search):
		l.writing = true
		l.input.Focus()
		l.input.CursorEnd()
		l.nobody()
		return nil
	case key.Matches(msg, k.Clear) && l.every:
		l.every = false
		l.browse.SetLoading("")
		return nil
	case key.Matches(msg, k.Clear) && l.text() != "":
		l.clear()
		return nil
	case some && key.Matches(msg, k.Open):
		return l.openRow(r)
	case key.Matches(msg, k.Again):
		return tea.Batch(l.again(), l.v.askTags(), l.v.askProviders())
	case key.Matches(msg, k.All):
		l.every = true
		return l.everybody()
	case key.Matches(msg, k.Patients):
		l.patients = !l.patients
		l.fit()
		return l.again()
	}
	if cmd, ok := l.act(msg, r, some); ok {
		return cmd
	}
	_, cmd := l.table().Update(msg)
	return tea.Batch(cmd, l.remember(), l.reached())
}

// act works the keys that open something else.
func (l *list) act(msg tea.KeyPressMsg, r row, some bool) (tea.Cmd, bool) {
	k := l.v.keys
	switch {
	case key.Matches(msg, k.Quick):
		return l.v.add(false), true
	case key.Matches(msg, k.Full):
		return l.v.add(true), true
	case some && key.Matches(msg, k.Tag):
		return l.v.bulkTag(l.chosen(r), l.table()), true
	case key.Matches(msg, k.Filter):
		return l.editFilter(), true
	case key.Matches(msg, k.Saved):
		return l.pickFilter(), true
	case key.Matches(msg, k.Columns):
		return l.editColumns(), true
	case key.Matches(msg, k.Scan):
		l.v.Open(l.v.twins)
		return l.v.twins.start(), true
	case key.Matches(msg, k.Import):
		return l.v.bring.ask(), true
	case key.Matches(msg, k.Export):
		return l.v.askExport(), true
	case some && key.Matches(msg, k.Reveal):
		return l.v.env.Reveal(string(r.id())), true
	}
	return nil, false
}

// chosen are the marked rows, or else the one under the cursor.
func (l *list) chosen(r row) []row {
	if marked := l.table().Marked(); len(marked) > 0 {
		return marked
	}
	return []row{r}
}

func (l *list) openRow(r row) tea.Cmd {
	if p, ok := l.v.seen.rows[r.id()]; ok {
		return l.v.show(p)
	}
	return l.v.show(r.seed())
}

// again reads anew what is on show.
func (l *list) again() tea.Cmd {
	if l.text() != "" {
		l.gen++
		return l.search()
	}
	return l.start()
}

func (l *list) Resize(width, height int) {
	l.wide, l.high = width, height
	l.fit()
}

func (l *list) fit() {
	l.input.SetWidth(max(5, l.wide-lengthOf(searchLabel)-lengthOf(l.who())-4))
	for _, t := range []*table.Table[row]{l.browse, l.hits} {
		t.Resize(l.wide, max(1, l.high-headLines))
	}
}

func (l *list) Typing() bool { return l.writing }

// Waiting keeps back what belongs to the person who is being looked for.
func (l *list) Waiting(msg tea.Msg) bool {
	k := ui.Pressed(msg)
	switch {
	case l.enter || l.popup:
		return true
	case l.writing:
		return false
	}
	return l.text() == "" && l.loaded == 0 && l.load.Out() &&
		key.Matches(k, l.v.keys.Open, l.v.keys.Tag, l.v.keys.Reveal)
}
