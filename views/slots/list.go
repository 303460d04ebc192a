package slots

import (
	"fmt"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// worklist is the desk's book: every visit with its state, what waits for a
// person on top.
type worklist struct {
	v        *View
	table    *table.Table[booking.Booking]
	read     *ui.Call[[]booking.Booking]
	all      []booking.Booking
	show     int            // index into shows
	of       naturaesoft.ID // only this person's; "": everybody's
	asOf     time.Time      // when all was read, for countdowns
	ticks    int
	at       string // the visit held last, for the cursor, until the book is read
	compared time.Time
	fault    string
	width    int
}

// bookTickMsg draws the countdowns of the book anew.
type bookTickMsg struct{ gen int }

// shows are the choices of the state filter.
var shows = []struct {
	words string
	ok    func(booking.Booking) bool
}{
	{"open", func(b booking.Booking) bool { return !b.State.Done() || b.Watch }},
	{"needing a person", func(b booking.Booking) bool {
		return slices.Contains([]booking.State{booking.Clash, booking.Overdue, booking.Differs, booking.Unknown, booking.Vanished, booking.Partial, booking.Seen}, b.State)
	}},
	{"confirmed", func(b booking.Booking) bool { return b.State == booking.Confirmed }},
	{"of every state", func(booking.Booking) bool { return true }},
}

func newWorklist(v *View) *worklist {
	l := &worklist{v: v, read: ui.NewCall[[]booking.Booking](v.env, "read the book")}
	id := func(b booking.Booking) string { return b.ID }
	l.table = table.New(v.env.Theme, id,
		table.Column[booking.Booking]{Title: "State", Min: 11, Max: 11, Cell: func(b booking.Booking) string { return v.state(b.State) }, Style: func(b booking.Booking) lipgloss.Style { return v.tint(b.State) }},
		table.Column[booking.Booking]{Title: "Day", Min: 10, Max: 10, Cell: func(b booking.Booking) string { return day(b.Date) }, Less: byStart},
		table.Column[booking.Booking]{Title: "Time", Min: 5, Max: 5, Cell: func(b booking.Booking) string { return clock(b.Time) }},
		table.Column[booking.Booking]{Title: "Provider", Min: 12, Cell: func(b booking.Booking) string { return v.provider(b.Provider) }},
		table.Column[booking.Booking]{Title: "Person", Min: 14, Cell: func(b booking.Booking) string { return v.person(b.Prospect) }},
		table.Column[booking.Booking]{Title: "Code", Min: 5, Max: 5, Drop: 1, Cell: func(b booking.Booking) string { return b.Code }},
		table.Column[booking.Booking]{Title: "By", Min: 8, Max: 14, Drop: 2, Cell: func(b booking.Booking) string { b.Left -= v.env.Now().Sub(l.asOf); return v.owner(b) }},
	)
	l.table.WithoutMarks().SetEmpty("Nothing here yet. Press esc, choose a time and press enter to hold it.")
	return l
}

func byStart(a, b booking.Booking) int {
	switch {
	case a.Start().Before(b.Start()):
		return -1
	case b.Start().Before(a.Start()):
		return 1
	}
	return 0
}

func (l *worklist) reload() tea.Cmd {
	book := l.v.book
	return l.read.Latest(func(ctx ctx) ([]booking.Booking, error) { return book.List(ctx, booking.Filter{}) })
}

func (l *worklist) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return l.press(msg)
	case ui.Result[[]booking.Booking]:
		return l.loaded(msg)
	case bookTickMsg:
		return l.ticked(msg)
	}
	_, cmd := l.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (l *worklist) loaded(r ui.Result[[]booking.Booking]) tea.Cmd {
	if !l.read.Accept(r) {
		return nil
	}
	if r.Err != nil {
		return l.alone(r.Value, r.Err)
	}
	l.all, l.asOf = r.Value, l.v.env.Now()
	cmds := []tea.Cmd{l.tick()}
	if l.v.Page() == l && slices.ContainsFunc(l.all, func(b booking.Booking) bool { return b.State == booking.Requested }) {
		cmds = append(cmds, l.v.watch()) // it ended on a page that shows no visits
	}
	for _, b := range l.all {
		l.v.find.follow(b)
		cmds = append(cmds, l.v.visit.refresh(b))
	}
	l.refill()
	l.table.Select(l.at)
	l.at = ""
	return tea.Batch(cmds...)
}

// alone puts what was booked on this machine while the ledger is away beside
// what was read before.
func (l *worklist) alone(here []booking.Booking, err error) tea.Cmd {
	now := l.v.env.Now()
	if l.all == nil {
		l.asOf = now
	}
	var cmds []tea.Cmd
	for _, b := range here {
		cmds = append(cmds, l.v.visit.refresh(b))
		b.Left += now.Sub(l.asOf)
		if i := slices.IndexFunc(l.all, func(have booking.Booking) bool { return have.ID == b.ID }); i >= 0 {
			l.all[i] = b
		} else {
			l.all = append(l.all, b)
		}
	}
	l.refill()
	l.at = ""
	l.table.SetFailed(rest.UserMessage(err))
	return tea.Batch(cmds...)
}

// tick moves the countdowns once a second while somebody looks at one.
func (l *worklist) tick() tea.Cmd {
	l.ticks++
	if l.v.Page() != l || !slices.ContainsFunc(l.all, func(b booking.Booking) bool { return b.State == booking.Held }) {
		return nil
	}
	return l.v.env.After(second, bookTickMsg{l.ticks})
}

// ticked asks the ledger anew when a hold has run out.
func (l *worklist) ticked(msg bookTickMsg) tea.Cmd {
	passed := l.v.env.Now().Sub(l.asOf)
	switch {
	case msg.gen != l.ticks:
		return nil
	case slices.ContainsFunc(l.all, func(b booking.Booking) bool { return b.State == booking.Held && b.Left <= passed }):
		return l.reload()
	}
	return l.tick()
}

func (l *worklist) refill() {
	var rows []booking.Booking
	for _, b := range l.all {
		if l.of != "" && b.Prospect != l.of {
			continue
		}
		if l.of != "" || shows[l.show].ok(b) {
			rows = append(rows, b)
		}
	}
	l.table.Set(rows)
}

func (l *worklist) press(msg tea.KeyPressMsg) tea.Cmd {
	k := l.v.keys
	if l.table.Filtering() {
		_, cmd := l.table.Update(msg)
		return cmd
	}
	b, some := l.table.Selected()
	b.Left -= l.v.env.Now().Sub(l.asOf)
	switch {
	case key.Matches(msg, k.Back) && l.table.Filter() == "":
		l.of = ""
		l.v.Back()
		return nil
	case key.Matches(msg, k.Compare):
		l.v.told = true
		return tea.Batch(l.reload(), l.v.compare())
	case key.Matches(msg, k.State):
		l.show, l.of = (l.show+1)%len(shows), ""
		l.refill()
		return nil
	case some && key.Matches(msg, k.Open):
		l.v.Open(l.v.visit)
		return l.v.visit.show(b)
	case some && key.Matches(msg, k.Confirm):
		l.v.confirm(b)
		return nil
	case some && key.Matches(msg, k.Cancel):
		l.v.cancel(b)
		return nil
	case some && b.State == booking.Clash && key.Matches(msg, k.Keep):
		l.v.keep(b)
		return nil
	case some && key.Matches(msg, k.Move):
		return l.v.move(b)
	case some && key.Matches(msg, k.Card):
		return l.v.copyCard(b)
	}
	_, cmd := l.table.Update(msg)
	return cmd
}

func (l *worklist) Resize(width, height int) {
	l.width = width
	l.table.Resize(width, max(1, height-2))
}

func (l *worklist) View() string {
	th := l.v.env.Theme
	head := th.Strong.Render(" Book") + "  visits " + shows[l.show].words
	if l.of != "" {
		head = th.Strong.Render(" Book") + "  every visit of " + l.v.person(l.of) + " that frontdesk knows"
	}
	status := " not compared with the schedule yet; r compares"
	switch {
	case l.v.reconcile.Out():
		status = " comparing with the schedule..."
	case l.fault != "":
		status = th.Danger.Render(" " + th.Glyph.Cross + " " + l.fault)
	case !l.compared.IsZero():
		status = fmt.Sprintf(" compared with the schedule at %s", l.compared.In(l.v.env.Zone).Format("15:04"))
	}
	return th.Truncate(head, l.width) + "\n" + th.Truncate(status, l.width) + "\n" + l.table.View()
}

func (l *worklist) Typing() bool { return l.table.Filtering() }

// Waiting keeps back what acts on a row until the book has been read once, and
// while the cursor is about to go to what was held last.
func (l *worklist) Waiting(msg tea.Msg) bool {
	return l.read.Out() && (l.all == nil || l.at != "") && !key.Matches(ui.Pressed(msg), l.v.keys.State, l.v.keys.Compare)
}
func (l *worklist) Cursor() *tea.Cursor { return below(l.table.Cursor(), 2) }

func (l *worklist) Groups() [][]key.Binding {
	k := l.v.keys
	if l.table.Filtering() {
		return [][]key.Binding{l.table.Keys()}
	}
	keep := k.Keep
	b, _ := l.table.Selected()
	keep.SetEnabled(b.State == booking.Clash)
	return [][]key.Binding{{k.Open, keep, k.Compare, k.Confirm, k.Cancel, k.Move, k.State, k.Card, k.Back}, l.table.Keys()}
}
