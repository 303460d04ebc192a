package slots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// finder lists free time across providers, earliest first.
type finder struct {
	v      *View
	what   criteria
	table  *table.Table[row]
	search *ui.Stream[booking.Event]
	holds  *ui.Call[[]booking.Booking]
	blind  bool // the ledger did not answer: who holds what is not known

	asked, total int
	until        civil.Date             // the last day that is listed in full, when it is not the last of the search
	stopped      bool                   // by the person
	failed       []naturaesoft.Provider // did not answer
	none         []naturaesoft.Provider // have no next opening
	lastErr      error
	taken        []booking.Booking // live claims of everybody
	reads        int               // of the claims
	answered     time.Time
	fresh        bool // the search began a moment ago
	searches     int
	keep         bool             // the next search leaves the rows until it has better ones
	moved        bool             // the person chose a row; until then the first one is chosen
	moving       *booking.Booking // the visit that gets a new time
	instead      *booking.Booking // the hold that gives way to the next one
	insteadAsOf  time.Time        // when it was read
	width        int
}

func newFinder(v *View) *finder {
	f := &finder{
		v: v, search: ui.NewStream[booking.Event](v.env),
		holds: ui.NewCall[[]booking.Booking](v.env, "read the ledger"),
	}
	f.what = newCriteria(v)
	f.table = table.New(v.env.Theme, func(r row) string { return r.Key() },
		table.Column[row]{Title: "Day", Min: 10, Max: 10, Cell: func(r row) string { return day(r.Date) }, Less: byTime},
		table.Column[row]{Title: "Time", Min: 5, Max: 5, Cell: func(r row) string { return clock(r.Time) }},
		table.Column[row]{Title: "Min", Min: 3, Max: 3, Right: true, Drop: 2, Cell: func(r row) string { return fmt.Sprint(r.Duration) }},
		table.Column[row]{Title: "Provider", Min: 24, Max: 34, Cell: func(r row) string { return titled(r.Provider) }, Less: byProvider},
		table.Column[row]{Title: "Specialty", Min: 8, Max: 24, Drop: 3, Cell: func(r row) string { return r.Provider.Specialty.String() }},
		table.Column[row]{Title: "Held by", Min: 12, Drop: 1, Cell: func(r row) string { return r.held }, Style: func(row) lipgloss.Style { return v.env.Theme.Warn }},
		table.Column[row]{Title: "Age", Min: 4, Max: 4, Right: true, Drop: 4, Cell: func(r row) string { return age(v.env.Now().Sub(r.AsOf)) }},
	).WithoutMarks()
	f.table.Sort(0, false)
	return f
}

// row is an opening and the colleague's claim that lies over it, if any.
type row struct {
	booking.Opening
	held   string
	search int // the search that found it
}

func byTime(a, b row) int { return booking.Order(a.Opening, b.Opening) }

func byProvider(a, b row) int {
	return cmp.Or(cmp.Compare(a.Provider.Name.String(), b.Provider.Name.String()), byTime(a, b))
}

// maxDays is how far ahead anybody books.
const maxDays = 366

// rows puts openings and claims side by side.
func (f *finder) rows(openings []booking.Opening) []row {
	all := make([]row, len(openings))
	for i, o := range openings {
		all[i] = row{o, f.heldBy(o), f.searches}
	}
	return all
}

// holdsMsg looks again who holds what.
type holdsMsg struct{ gen int }

// holdsEvery is how often that is while somebody looks at the tab.
const holdsEvery = 15 * time.Second

// claims draws everybody's claims over the openings, and comes back for what
// colleagues hold and give back meanwhile.
func (f *finder) claims(r ui.Result[[]booking.Booking]) tea.Cmd {
	if !f.holds.Accept(r) {
		return nil
	}
	f.blind = r.Err != nil
	if !f.blind {
		f.taken = r.Value
	}
	f.reads++
	rows := slices.Clone(f.table.Rows())
	for i := range rows {
		rows[i].held = f.heldBy(rows[i].Opening)
	}
	f.table.Upsert(rows...)
	return f.lookAgain()
}

func (f *finder) lookAgain() tea.Cmd { return f.v.env.After(holdsEvery, holdsMsg{f.reads}) }

// heldBy says which claim lies over an opening.
func (f *finder) heldBy(o booking.Opening) string {
	for _, b := range f.taken {
		if b.Provider == o.Provider.ID && b.Start().Before(end(o)) && o.Start().Before(b.End()) {
			if b.State != booking.Held {
				return f.v.state(b.State)
			}
			return f.v.env.Theme.Glyph.Held + " " + f.v.owner(b)
		}
	}
	if f.blind {
		return "not known"
	}
	return ""
}

// remove takes the opening of a lost claim off the list.
func (f *finder) remove(b booking.Booking) {
	for _, r := range f.table.Rows() {
		if r.Provider.ID == b.Provider && r.Start() == b.Start() && r.Duration == b.Duration {
			f.table.Remove(r.Key())
			return
		}
	}
}

func (f *finder) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return f.press(msg)
	case ui.Batch[booking.Event]:
		return f.arrived(msg)
	case restedMsg:
		f.fresh = f.fresh && msg.gen != f.searches
		return nil
	case ui.Result[[]booking.Booking]:
		return f.claims(msg)
	case holdsMsg:
		switch {
		case msg.gen != f.reads:
			return nil
		case !f.v.env.Watched(f.v):
			return f.lookAgain()
		}
		return f.readHolds()
	}
	_, cmd := f.table.Update(ui.Shift(msg, 0, 2))
	return cmd
}

func (f *finder) press(msg tea.KeyPressMsg) tea.Cmd {
	k := f.v.keys
	if f.table.Filtering() {
		_, cmd := f.table.Update(msg)
		return cmd
	}
	switch {
	case key.Matches(msg, k.Hold):
		if o, ok := f.table.Selected(); ok {
			return f.v.claim(o.Opening)
		}
		return nil
	case key.Matches(msg, k.Find):
		f.what.edit(f.v)
		return nil
	case key.Matches(msg, k.Next):
		f.keep = f.what.next && f.what.everybody()
		f.what.next, f.what.providers, f.what.specialty = true, nil, ""
		return f.start()
	case key.Matches(msg, k.Shorter):
		return f.lengthen(-1)
	case key.Matches(msg, k.Longer):
		return f.lengthen(+1)
	case key.Matches(msg, k.Day), key.Matches(msg, k.Week):
		if o, ok := f.table.Selected(); ok {
			f.v.Open(f.v.grid)
			return f.v.grid.showAt(o.Provider, o.Date, key.Matches(msg, k.Week), minute(o.Time))
		}
		return nil
	case key.Matches(msg, k.Book):
		f.v.list.of = ""
		f.v.Open(f.v.list)
		return f.v.list.reload()
	case key.Matches(msg, k.Again):
		f.keep = true
		return f.v.loadProviders() // and then their openings
	case key.Matches(msg, k.Stop) && f.table.Filter() == "":
		return f.stop()
	}
	mine, cmd := f.table.Update(msg)
	f.moved = f.moved || mine
	return cmd
}

// lengthen takes the next of the practice's usual durations.
func (f *finder) lengthen(step int) tea.Cmd {
	if !f.what.lengthen(f.v.opt.Durations, step) {
		return nil
	}
	return f.start()
}

func (f *finder) Resize(width, height int) {
	f.width = width
	f.table.Resize(width, max(1, height-2))
}

func (f *finder) View() string {
	th := f.v.env.Theme
	first := th.Strong.Render(th.Truncate(" "+f.what.words(f.v), f.width))
	if f.moving != nil {
		first = th.Warn.Render(th.Truncate(" Choose the new time, esc keeps the old one: "+f.v.when(*f.moving), f.width))
	}
	if f.instead != nil {
		first = th.Warn.Render(th.Truncate(" "+f.insteadWords(), f.width))
	}
	if p := f.v.next; p.ID != "" && f.moving == nil && f.instead == nil {
		first = th.Accent.Render(th.Truncate(" For "+p.Name().String()+": enter holds a time, esc lets go of them", f.width))
	}
	return first + "\n" + th.Truncate(" "+f.status(), f.width) + "\n" + f.table.View()
}

// follow keeps up with the hold that gives way.
func (f *finder) follow(b booking.Booking) {
	if f.instead != nil && f.instead.ID == b.ID {
		f.instead, f.insteadAsOf = &b, f.v.env.Now()
	}
}

// insteadWords tells of the hold that is kept until another one is ours.
func (f *finder) insteadWords() string {
	b, left := *f.instead, f.instead.Left-f.v.env.Now().Sub(f.insteadAsOf)
	if b.State != booking.Held || left <= 0 {
		return "Choose another time; the one you held is gone: " + f.v.when(b)
	}
	return "Choose another time, esc keeps yours (" + countdown(left) + "): " + f.v.when(b)
}

// status says how far the search is and who did not answer.
func (f *finder) status() string {
	th := f.v.env.Theme
	var parts []string
	switch {
	case f.v.load.Out():
		parts = append(parts, "asking who works here...")
	case f.search.Out() && f.total == 0:
		parts = append(parts, "asking, esc stops")
	case f.search.Out():
		parts = append(parts, fmt.Sprintf("asking %d/%d, esc stops", f.asked, f.total))
	case !f.answered.IsZero():
		parts = append(parts, fmt.Sprintf("%s, answered %s", ui.Count(len(f.table.Rows()), "opening", "openings"), f.answered.In(f.v.env.Zone).Format("15:04")))
	}
	switch {
	case f.stopped:
		parts = append(parts, th.Warn.Render(th.Glyph.Warn+" stopped, some are missing; r asks again"))
	case !f.until.IsZero():
		parts = append(parts, th.Warn.Render(th.Glyph.Warn+" complete up to "+day(f.until)+"; f for later days"))
	}
	if len(f.failed) > 0 {
		parts = append(parts, th.Danger.Render(fmt.Sprintf("%s no answer for %s; r asks again",
			th.Glyph.Cross, f.named(f.failed))))
	}
	if len(f.none) > 0 {
		parts = append(parts, "none within a year: "+f.named(f.none))
	}
	return strings.Join(parts, "  ")
}

func (f *finder) Typing() bool { return f.table.Filtering() }

func (f *finder) Cursor() *tea.Cursor { return below(f.table.Cursor(), 2) }

func (f *finder) Groups() [][]key.Binding {
	k := f.v.keys
	if f.table.Filtering() {
		return [][]key.Binding{f.table.Keys()}
	}
	stop := k.Stop
	stop.SetEnabled(f.search.Out() || f.moving != nil || f.instead != nil || f.v.next.ID != "")
	return [][]key.Binding{
		{k.Hold, k.Find, k.Next, k.Week, k.Book, k.Day, k.Longer, k.Shorter, k.Again, stop},
		f.table.Keys(),
	}
}
