package tickets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// board is the list of tickets, or the same in columns by status.
type board struct {
	v      *View
	table  *table.Table[*tickets.Ticket]
	query  tickets.Query
	named  string    // the view the filter came from, "" for one that was typed
	person ui.Person // whom another tab asked about
	input  textinput.Model
	typed  bool   // the filter has the keyboard
	wrong  string // what is wrong with it as it stands

	begun   bool // a key has been pressed, or every system has answered
	columns bool
	lanes   []lane
	at      tickets.Key // the cursor in the columns
	struck  tickets.Key // what a click there found chosen already
	sorted  []*tickets.Ticket
	dirty   bool

	width, height int
}

// standard are the numbered views until somebody saves others.
var standard = map[int]string{
	1: "state:open", 2: "state:open is:waiting", 3: "state:open is:unread", 4: "is:mine", 5: "is:snoozed",
	6: "source:emr state:open", 7: "source:c4 state:open", 8: "state:open older:2d", 9: "state:closed",
}

// waits is the column that orders the board.
const waits = 3

func newBoard(v *View) *board {
	b := &board{v: v, input: textinput.New(), dirty: true}
	b.input.Prompt = " Filter: "
	b.input.CharLimit = 200
	b.input.SetVirtualCursor(false)
	b.input.SetStyles(v.env.Theme.TextInput())
	b.table = table.New(v.env.Theme, func(t *tickets.Ticket) string { return t.Key.String() }, b.cells()...)
	b.table.Sort(waits, false)
	b.table.SetLoading("asking both systems...")
	b.choose(1)
	return b
}

func (b *board) cells() []table.Column[*tickets.Ticket] {
	v, th := b.v, b.v.env.Theme
	type T = *tickets.Ticket
	words := func(get func(T) string) func(a, b T) int {
		return func(a, b T) int {
			return cmp.Or(strings.Compare(strings.ToLower(get(a)), strings.ToLower(get(b))), tickets.Compare(a, b))
		}
	}
	status := func(t T) string { return v.status(t) }
	subject := func(t T) string { return t.Subject.String() }
	person := func(t T) string { return t.Person.String() }
	return []table.Column[T]{
		{Title: "New", Min: 3, Max: 3, Cell: v.news, Style: func(T) lipgloss.Style { return th.Accent }},
		{Title: "Ticket", Min: 8, Max: 12, Cell: func(t T) string { return short(t.Key) }},
		{Title: "Urg", Min: 6, Max: 8, Cell: func(t T) string { return dash(t.Urgency) }, Style: v.tint},
		{Title: "Waits", Min: 7, Max: 7, Cell: v.waits, Style: v.tint, Less: tickets.Compare},
		{Title: "Status", Min: 11, Max: 14, Cell: status, Less: words(status)},
		{Title: "Subject", Min: 18, Cell: subject, Less: words(subject)},
		{Title: "Person", Min: 10, Max: 20, Drop: 2, Cell: person, Less: words(person)},
		{Title: "Last word", Min: 14, Max: 22, Drop: 3, Cell: v.last},
		{Title: "In hand", Min: 7, Max: 20, Drop: 1, Cell: func(t T) string { return strings.Replace(v.holder(t.Key), " is answering", " writes", 1) }, Style: func(T) lipgloss.Style { return th.Warn }},
	}
}

// choose applies a numbered view.
func (b *board) choose(n int) {
	filter, ok := b.v.notes.Views[n]
	if !ok {
		filter = standard[n]
	}
	q, err := tickets.Parse(filter)
	if err != nil { // a file somebody edited
		b.v.env.Fail(fmt.Sprintf("View %d cannot be used: %s", n, err))
		return
	}
	b.query, b.named, b.person = q, fmt.Sprintf("View %d", n), ui.Person{}
	b.refill()
}

// about shows what has to do with somebody.
func (b *board) about(p ui.Person) {
	b.query, b.named, b.person = tickets.Query{}, "", p
	b.refill()
}

// match is the filter and whatever another tab asked for.
func (b *board) match(t *tickets.Ticket) bool {
	if b.person != (ui.Person{}) && !b.concerns(t) {
		return false
	}
	return b.query.Match(t, b.v.facts(t))
}

// concerns reports that a ticket is about a person, by a link or by name.
func (b *board) concerns(t *tickets.Ticket) bool {
	if b.person.ID != "" && slices.Contains(b.v.notes.Links[t.Key], tickets.Link{Kind: tickets.ToProspect, Target: b.person.ID}) {
		return true
	}
	name := b.person.First + " " + b.person.Last
	return strings.TrimSpace(name) != "" && tickets.Same(t.Person.Raw(), name)
}

// refill judges every ticket anew.
func (b *board) refill() {
	b.dirty = true
	rows := make([]*tickets.Ticket, 0, len(b.v.all))
	for _, t := range b.v.all {
		if b.match(t) {
			rows = append(rows, t)
		}
	}
	b.table.Set(rows)
	b.said()
}

// patch touches only the rows that changed: the cursor stays where it is.
func (b *board) patch(changed []*tickets.Ticket, gone []tickets.Key) {
	var ids []string
	var rows []*tickets.Ticket
	for _, t := range changed {
		if b.match(t) {
			rows = append(rows, t)
		} else {
			ids = append(ids, t.Key.String())
		}
	}
	for _, lost := range gone {
		ids = append(ids, lost.String())
	}
	if len(rows)+len(ids) > 0 {
		b.dirty = true
		b.table.Upsert(rows...)
		b.table.Remove(ids...)
	}
	b.said()
}

// begin puts the cursor on the first ticket as long as the first answers come
// in and nobody has pressed a key.
func (b *board) begin() {
	if b.begun {
		return
	}
	if first := b.rows(1); len(first) > 0 {
		b.keep(first[0].Key)
	}
	for _, f := range b.v.feeds {
		if f.good.IsZero() && f.err == nil {
			return
		}
	}
	b.begun = true
}

// rows are at most n tickets of the filter in the order they are taken, 0: all.
func (b *board) rows(n int) []*tickets.Ticket {
	if b.dirty {
		b.sorted = slices.SortedFunc(slices.Values(b.table.Rows()), tickets.Compare)
		b.lanes, b.dirty = laneUp(b.sorted), false
	}
	if n > 0 && len(b.sorted) > n {
		return b.sorted[:n]
	}
	return b.sorted
}

// said puts what is known of the systems where it is seen, and gives the rows
// the cells that are left.
func (b *board) said() {
	loading, bad, good := false, 0, false
	for _, f := range b.v.feeds {
		_, failed := f.state()
		bad += yes(failed)
		good = good || !f.good.IsZero()
		loading = loading || f.call.Out()
	}
	switch {
	case bad == len(b.v.feeds) && bad > 0:
		b.table.SetFailed("No ticket system can be asked now: the lines above say why. Press r to try again.")
	case loading && !good:
		b.table.SetLoading("asking...")
	default:
		b.table.SetLoading("")
		b.table.SetFailed("")
		b.table.SetEmpty("No ticket is like this. Press esc for all open ones, v for other views.")
	}
	b.table.Resize(b.width, max(1, b.height-len(b.head())))
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (b *board) Resize(width, height int) {
	if b.width != width || b.height != height {
		b.width, b.height = width, height
		b.input.SetWidth(max(5, width-12))
		b.said()
	}
}

// selected is the ticket under the cursor.
func (b *board) selected() (*tickets.Ticket, bool) {
	if !b.columns {
		return b.table.Selected()
	}
	if t, ok := b.v.all[b.at]; ok && b.match(t) {
		return t, true
	}
	return nil, false
}

// chosen are the marked tickets, else the one under the cursor.
func (b *board) chosen() []*tickets.Ticket {
	if marked := b.table.Marked(); len(marked) > 0 && !b.columns {
		return marked
	}
	if t, ok := b.selected(); ok {
		return []*tickets.Ticket{t}
	}
	return nil
}

// keep puts the cursor on a ticket, if it is shown.
func (b *board) keep(ticket tickets.Key) {
	b.table.Select(ticket.String())
	b.at = ticket
}

func (b *board) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if b.typed {
			return b.type_(msg)
		}
		return b.press(msg)
	case tea.PasteMsg:
		if b.typed {
			b.input, _ = b.input.Update(ui.OneLine(msg))
			b.judge()
		}
		return nil
	case tea.MouseMsg:
		if b.columns {
			if m, ok := ui.Shift(msg, 0, len(b.head())).(tea.MouseMsg); ok {
				b.point(m)
			}
			return nil
		}
	case noteMsg:
		return b.v.fail(msg.err)
	}
	_, cmd := b.table.Update(ui.Shift(msg, 0, len(b.head())))
	return cmd
}
