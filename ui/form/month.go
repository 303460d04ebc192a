package form

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"
)

// month is one month to choose a day from. Days are civil: no zone and no
// change of clocks plays a part.
type month struct {
	day      civil.Date // under the cursor
	from, to civil.Date // zero: open
}

var (
	firstDay = civil.Date{Year: 1, Month: 1, Day: 1}
	lastDay  = civil.Date{Year: 9999, Month: 12, Day: 31}
)

// turn puts the cursor on day or the nearest that can be taken.
func (m *month) turn(day civil.Date) {
	for _, first := range []civil.Date{m.from, firstDay} {
		if !first.IsZero() && day.Before(first) {
			day = first
		}
	}
	for _, last := range []civil.Date{m.to, lastDay} {
		if !last.IsZero() && day.After(last) {
			day = last
		}
	}
	m.day = day
}

// sameDay is the day n months on, or the last of that month if it is shorter.
func sameDay(d civil.Date, n int) civil.Date {
	first := civil.DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	return first.AddDays(min(d.Day, length(first)) - 1)
}

// length is the number of days in the month of d.
func length(d civil.Date) int {
	return time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (m *month) press(k tea.KeyPressMsg) bool {
	switch {
	case is(k, keyDayNext):
		m.turn(m.day.AddDays(1))
	case is(k, keyDayBack):
		m.turn(m.day.AddDays(-1))
	case is(k, keyWeekNext):
		m.turn(m.day.AddDays(7))
	case is(k, keyWeekBack):
		m.turn(m.day.AddDays(-7))
	case is(k, keyMonthNext):
		m.turn(sameDay(m.day, 1))
	case is(k, keyMonthBack):
		m.turn(sameDay(m.day, -1))
	case is(k, keyMonthStart):
		m.turn(m.day.AddDays(1 - m.day.Day))
	case is(k, keyMonthEnd):
		m.turn(m.day.AddDays(length(m.day) - m.day.Day))
	default:
		return false
	}
	return true
}

func monthKeys() []key.Binding {
	return []key.Binding{
		keyDayNext, keyDayBack, keyWeekNext, keyWeekBack,
		keyMonthNext, keyMonthBack, keyMonthStart, keyMonthEnd,
	}
}

// blanks is the number of cells before the first of the month; weeks start on
// Sunday.
func (m *month) blanks() int { return int(weekday(m.day.AddDays(1 - m.day.Day))) }

// allowed reports whether day can be taken.
func (m *month) allowed(day civil.Date) bool {
	return (m.from.IsZero() || !day.Before(m.from)) && (m.to.IsZero() || !day.After(m.to))
}

// dayCells is the width of a day: its mark, two digits and a gap.
const dayCells = 4

// draw is the name of the month, the days of the week and five to six weeks,
// with the place of the cursor. Days that cannot be taken are dots.
func (m *month) draw(p pen) (rows []string, x, y int) {
	title := fmt.Sprintf(" %s %d", m.day.Month, m.day.Year)
	rows = []string{p.title.of(title), p.muted.of(" Su  Mo  Tu  We  Th  Fr  Sa")}
	first, blanks := m.day.AddDays(1-m.day.Day), m.blanks()
	var b strings.Builder
	for i := range blanks + length(m.day) {
		if i > 0 && i%7 == 0 {
			rows = append(rows, b.String())
			b.Reset()
		}
		day := first.AddDays(i - blanks)
		switch {
		case i < blanks:
			b.WriteString("    ")
		case day == m.day:
			x, y = i%7*dayCells+1, len(rows)
			b.WriteString(p.selected.of(fmt.Sprintf("%s%2d", p.th.Glyph.Cursor, day.Day)) + " ")
		case !m.allowed(day):
			b.WriteString(p.muted.of("  "+p.th.Glyph.Bullet) + " ")
		default:
			b.WriteString(p.text.of(fmt.Sprintf(" %2d ", day.Day)))
		}
	}
	return append(rows, b.String()), x, y
}

// hit is the day drawn at a cell.
func (m *month) hit(x, y int) (day civil.Date, ok bool) {
	n := (y-2)*7 + x/dayCells - m.blanks() + 1
	if y < 2 || x < 0 || x >= 7*dayCells || n < 1 || n > length(m.day) {
		return day, false
	}
	day = m.day.AddDays(n - m.day.Day)
	return day, m.allowed(day)
}
