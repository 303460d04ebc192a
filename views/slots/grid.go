package slots

import (
	"errors"
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"
	"golang.org/x/sync/errgroup"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// grid is a provider's day or week: what is busy comes from the schedule, what
// is free from the slots of the wanted length, and neither is worked out from
// the other.
type grid struct {
	v        *View
	provider naturaesoft.Provider
	from     civil.Date
	days     int // 1 or 7
	load     *ui.Call[[]column]
	holds    *ui.Call[[]booking.Booking]
	columns  []column
	taken    []booking.Booking
	asOf     time.Time
	fault    string
	row, col int
	aim      int // the minute the cursor goes to first; -1: free time
	top      int
	struck   cell // where the last click was
	twice    bool // and the one before it
	width    int
	height   int
}

// column is one day of a provider.
type column struct {
	date   civil.Date
	visits []naturaesoft.Visit
	free   []civil.Time
	err    error
}

func newGrid(v *View) *grid {
	return &grid{
		v: v, days: 1, load: ui.NewCall[[]column](v.env, "read the schedule"),
		holds: ui.NewCall[[]booking.Booking](v.env, "read the ledger"),
	}
}

// show opens a provider's day or week around a date.
func (g *grid) show(p naturaesoft.Provider, d civil.Date, wholeWeek bool) tea.Cmd {
	g.provider, g.days, g.from, g.col = p, 1, d, 0
	if wholeWeek {
		g.days = 7
		g.col = weekday(d)
		g.from = d.AddDays(-g.col)
	}
	g.columns, g.row, g.aim = nil, -1, -1
	return g.reload()
}

// showAt is show with the cursor on a minute of the day.
func (g *grid) showAt(p naturaesoft.Provider, d civil.Date, wholeWeek bool, at int) tea.Cmd {
	cmd := g.show(p, d, wholeWeek)
	g.aim = at
	return cmd
}

// weekday counts from Monday.
func weekday(d civil.Date) int { return (int(d.In(time.UTC).Weekday()) + 6) % 7 }

func (g *grid) reload() tea.Cmd {
	emr, id, from, days, minutes := g.v.emr, g.provider.ID, g.from, g.days, g.v.find.what.duration
	today := g.v.now().Date
	return tea.Batch(
		g.load.Latest(func(ctx ctx) ([]column, error) {
			return readDays(ctx, emr, id, from, days, minutes, today)
		}),
		g.readHolds(),
	)
}

func (g *grid) readHolds() tea.Cmd {
	book, from, to := g.v.book, g.from, g.from.AddDays(g.days-1)
	return g.holds.Latest(func(ctx ctx) ([]booking.Booking, error) { return book.Holds(ctx, from, to) })
}

// readDays asks for the schedule of the whole range in one call and for the
// slots of each day that is not over, side by side.
func readDays(ctx ctx, emr EMR, id naturaesoft.ID, from civil.Date, days, minutes int, today civil.Date) ([]column, error) {
	cols := make([]column, days)
	group, ctx := errgroup.WithContext(ctx)
	var schedule naturaesoft.Schedule
	group.Go(func() (err error) {
		schedule, err = emr.Schedule(ctx, id, from, from.AddDays(days-1), "")
		return err
	})
	for i := range cols {
		cols[i].date = from.AddDays(i)
		if cols[i].date.Before(today) {
			continue
		}
		group.Go(func() error {
			cols[i].free, cols[i].err = emr.Slots(ctx, id, cols[i].date, minutes)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i := range cols {
		cols[i].visits = schedule.Days[cols[i].date]
	}
	return cols, nil
}

func (g *grid) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return g.press(msg)
	case tea.MouseMsg:
		g.point(msg)
	case ui.Result[[]column]:
		g.loaded(msg)
	case ui.Result[[]booking.Booking]:
		if g.holds.Accept(msg) && msg.Err == nil {
			g.taken = msg.Value
		}
	case holdsMsg:
		if g.v.Page() == g && g.v.env.Watched(g.v) {
			return g.readHolds()
		}
	}
	return nil
}

// loaded keeps the last good picture when a reload fails.
func (g *grid) loaded(r ui.Result[[]column]) {
	if !g.load.Accept(r) {
		return
	}
	g.fault = ""
	if r.Err != nil {
		g.fault = rest.UserMessage(r.Err)
		return
	}
	g.columns, g.asOf = r.Value, g.v.env.Now()
	for _, c := range g.columns {
		if c.err != nil && !errors.Is(c.err, errCancelled) {
			g.fault = day(c.date) + ": " + rest.UserMessage(c.err)
		}
	}
	if g.row < 0 {
		g.row = g.first()
	}
}

// first is the row of what was aimed at, else of the first free time in the
// column under the cursor.
func (g *grid) first() int {
	from, _ := g.span()
	if i := (g.aim - from) / g.step(); g.aim >= from && i < g.rows() {
		return i
	}
	for i := range g.rows() {
		if _, ok := g.slotAt(g.col, from+i*g.step()); ok {
			return i
		}
	}
	return 0
}

// step is the minutes of a row.
func (g *grid) step() int {
	if g.days == 1 {
		return 15
	}
	return 30
}

// span is the part of the day in which anything happens, in whole hours.
func (g *grid) span() (from, to int) {
	from, to = 8*60, 17*60
	for _, c := range g.columns {
		for _, t := range c.free {
			from, to = min(from, minute(t)), max(to, minute(t)+g.v.find.what.duration)
		}
		for _, v := range c.visits {
			from, to = min(from, minute(v.Time)), max(to, minute(v.Time)+v.Duration)
		}
	}
	return from / 60 * 60, min(24*60, (to+59)/60*60)
}

func (g *grid) rows() int {
	from, to := g.span()
	return (to - from) / g.step()
}

func minute(t civil.Time) int { return t.Hour*60 + t.Minute }

func (g *grid) press(msg tea.KeyPressMsg) tea.Cmd {
	k := g.v.keys
	switch {
	case key.Matches(msg, k.Back):
		g.v.Back()
	case key.Matches(msg, k.Up):
		g.row = max(0, g.row-1)
	case key.Matches(msg, k.Down):
		g.row = min(g.rows()-1, g.row+1)
	case key.Matches(msg, k.Left):
		return g.sideways(-1)
	case key.Matches(msg, k.Right):
		return g.sideways(+1)
	case key.Matches(msg, k.WeekBack):
		return g.turn(-7)
	case key.Matches(msg, k.WeekOn):
		return g.turn(+7)
	case key.Matches(msg, k.Today):
		return g.show(g.provider, g.v.now().Date, g.days == 7)
	case key.Matches(msg, k.Span):
		return g.showAt(g.provider, g.date(), g.days == 1, g.minute())
	case key.Matches(msg, k.Jump):
		g.jump()
	case key.Matches(msg, k.Who):
		g.choose()
	case key.Matches(msg, k.Again):
		return g.reload()
	case key.Matches(msg, k.Hold):
		return g.hold()
	}
	return nil
}

// minute is the free time under the cursor, or where its row begins.
func (g *grid) minute() int {
	from, _ := g.span()
	at := from + g.row*g.step()
	if t, ok := g.slotAt(g.col, at); ok {
		return minute(t)
	}
	return at
}

// date is the day under the cursor.
func (g *grid) date() civil.Date { return g.from.AddDays(g.col) }

// sideways moves to the next day, and past the edge to the next page.
func (g *grid) sideways(by int) tea.Cmd {
	if col := g.col + by; col >= 0 && col < g.days {
		g.col = col
		return nil
	}
	if g.days == 1 {
		return g.turn(by)
	}
	g.col = (g.col + by + 7) % 7
	return g.turn(7 * by)
}

func (g *grid) turn(days int) tea.Cmd {
	g.from = g.from.AddDays(days)
	g.columns = nil
	return g.reload()
}

func (g *grid) hold() tea.Cmd {
	from, _ := g.span()
	t, ok := g.slotAt(g.col, from+g.row*g.step())
	if !ok {
		g.v.env.Fail(fmt.Sprintf("No free time of %d minutes begins here. Free rows carry the sign %s.", g.v.find.what.duration, g.v.env.Theme.Glyph.Free))
		return nil
	}
	return g.v.claim(booking.Opening{
		Provider: g.provider, Date: g.date(), Time: t, Duration: g.v.find.what.duration, AsOf: g.asOf,
	})
}

func (g *grid) jump() {
	f := form.New(g.v.env.Theme, form.Date("date", "Day").Coming().Today(func() civil.Date { return g.v.now().Date }).Required().Help("2026-03-09, 3/9, today, +14, mon; ctrl+g opens a calendar"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(g.v.env, "Go to a day", f, func(values map[string]string) tea.Cmd {
		date, err := civil.ParseDate(values["date"])
		if err != nil {
			f.SetErrors(map[string]string{"date": "Day: that day does not exist. Type a day like 2026-03-09."})
			return nil
		}
		g.v.env.Close(d)
		return g.show(g.provider, date, g.days == 7)
	})
	g.v.env.Open(d)
}

func (g *grid) choose() {
	f := form.New(g.v.env.Theme, form.Combo("provider", "Provider", providerOptions(g.v)...).Required())
	var d *ui.FormDialog
	d = ui.NewFormDialog(g.v.env, "Whose schedule?", f, func(values map[string]string) tea.Cmd {
		g.v.env.Close(d)
		return g.show(g.v.named(naturaesoft.ID(values["provider"])), g.date(), g.days == 7)
	})
	g.v.env.Open(d)
}

func (g *grid) Resize(width, height int) { g.width, g.height = width, height }
func (g *grid) Typing() bool             { return false }

// Waiting keeps keys back until the first picture is there: before it nobody
// can tell which row they mean.
func (g *grid) Waiting(tea.Msg) bool { return g.load.Out() && g.columns == nil }
func (g *grid) Cursor() *tea.Cursor  { return nil }

func (g *grid) Groups() [][]key.Binding {
	k := g.v.keys
	return [][]key.Binding{
		{k.Hold, k.Span, k.Left, k.Right, k.Today, k.Jump, k.Who, k.Back},
		{k.Up, k.Down, k.WeekBack, k.WeekOn, k.Again},
	}
}
