package form

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"
)

// DateField is a day. Its value is YYYY-MM-DD.
type DateField struct {
	typed[*DateField]
	today    func() civil.Date
	from, to civil.Date // zero: open
	coming   bool       // a day without a year is the next such day
	grid     *month     // nil: closed
}

// Date makes a field for a day, typed like 1987-07-23, 7/23/1987, today,
// tomorrow, +3 (days from today) or mon (the next Monday after today); ctrl+g
// opens a month to choose from.
func Date(name, label string) *DateField {
	f := &DateField{today: func() civil.Date { return civil.DateOf(time.Now()) }}
	f.typed = newTyped(f, name, label, 12)
	f.read = func(s string) reading {
		day, words := readDay(s, f.today(), f.coming)
		if words != "" {
			return reading{text: s, fault: words}
		}
		hint := weekday(day).String()
		if s != day.String() {
			hint += ", " + day.String()
		}
		return reading{value: day.String(), text: day.String(), hint: hint}
	}
	f.emptyRemedy = "no day is typed. Type it like 1987-07-23, or press ctrl+g for the month."
	return f
}

// Today says what today is where the form's days count; without it, where the
// program runs.
func (f *DateField) Today(today func() civil.Date) *DateField { f.today = today; return f }

// Coming says that the field is for a day still to come: one without a year,
// 12/1, is the next such day, today among them. Elsewhere the year is asked for.
func (f *DateField) Coming() *DateField { f.coming = true; return f }

// From refuses days before first.
func (f *DateField) From(first civil.Date) *DateField { f.from = first; return f }

// Until refuses days after last.
func (f *DateField) Until(last civil.Date) *DateField { f.to = last; return f }

// fault holds the limits against every day, also one nobody edited: what was a
// good day when the form was opened may be past.
func (f *DateField) fault() string {
	if words := f.typed.fault(); words != "" {
		return words
	}
	day, err := civil.ParseDate(f.value())
	switch {
	case err != nil:
		return ""
	case !f.from.IsZero() && day.Before(f.from):
		return fmt.Sprintf("%s is too early. The first day that can be taken is %s.", day, f.from)
	case !f.to.IsZero() && day.After(f.to):
		return fmt.Sprintf("%s is too late. The last day that can be taken is %s.", day, f.to)
	}
	return ""
}

func (f *DateField) close() { f.grid = nil }

func (f *DateField) press(k tea.KeyPressMsg) (reply, tea.Cmd) {
	switch {
	case f.grid != nil && is(k, keyShut):
		f.grid = nil
	case f.grid != nil && is(k, keyTake):
		f.retype(f.grid.day.String())
		f.grid = nil
		return done, nil
	case f.grid != nil && f.grid.press(k):
	case is(k, keyOpenMonth):
		f.open()
	default:
		r, cmd := f.typed.press(k)
		if r == took {
			f.grid = nil
		}
		return r, cmd
	}
	return took, nil
}

// open shows the month of the day typed, or of today.
func (f *DateField) open() {
	day, err := civil.ParseDate(f.value())
	if err != nil {
		day = f.today()
	}
	f.grid = &month{from: f.from, to: f.to}
	f.grid.turn(day)
}

func (f *DateField) paste(s string) tea.Cmd {
	f.grid = nil
	return f.typed.paste(s)
}

func (f *DateField) draw(p pen) drawing {
	d := f.typed.draw(p)
	if f.grid != nil {
		x, y := 0, 0
		d.popup, x, y = f.grid.draw(p)
		d.x, d.y = x, y+len(d.rows)
	}
	return d
}

func (f *DateField) click(x, y int) {
	if y == 0 {
		f.aim(x)
		return
	}
	if day, ok := f.grid.hit(x, y-1); ok {
		f.retype(day.String())
		f.grid = nil
	}
}

func (f *DateField) keys() (own, edit []key.Binding) {
	if f.grid != nil {
		return append(monthKeys(), keyTake, keyShut), editKeys()
	}
	return []key.Binding{keyOpenMonth}, editKeys()
}

func weekday(d civil.Date) time.Weekday { return d.In(time.UTC).Weekday() }

const dayRemedy = " Type a day like 1987-07-23 or 7/23/1987."

var (
	dayShape     = shape(`^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$`)
	daySlashes   = shape(`^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$`)
	dayShortYear = shape(`^\d{1,2}[-/]\d{1,2}[-/]\d{2}$`)
	dayNoYear    = shape(`^(\d{1,2})[-/](\d{1,2})$`)
	dayFromToday = shape(`^[+-]\d{1,4}$`)
	daysByName   = map[string]int{"yesterday": -1, "today": 0, "tomorrow": 1}
)

// shape is compiled when the first value is read: most starts read none.
func shape(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// readDay reads a day as people type it. words says why it is none. One without
// a year is one only where it is coming.
func readDay(s string, today civil.Date, coming bool) (day civil.Date, words string) {
	s = strings.ToLower(s)
	if n, ok := daysByName[s]; ok {
		return today.AddDays(n), ""
	}
	if dayFromToday().MatchString(s) {
		n, _ := strconv.Atoi(s)
		return today.AddDays(n), ""
	}
	for n := 1; n <= 7; n++ {
		next := today.AddDays(n)
		if len(s) >= 3 && strings.HasPrefix(strings.ToLower(weekday(next).String()), s) {
			return next, ""
		}
	}
	var y, m, d string
	if p := dayShape().FindStringSubmatch(s); p != nil {
		y, m, d = p[1], p[2], p[3]
	} else if p := daySlashes().FindStringSubmatch(s); p != nil {
		m, d, y = p[1], p[2], p[3]
	} else if p := dayNoYear().FindStringSubmatch(s); p != nil {
		if !coming {
			return day, "“" + s + "” has no year. Type it with the year, like " + s + s[len(p[1]):][:1] + "1987."
		}
		return next(p[1], p[2], today)
	} else if dayShortYear().MatchString(s) {
		return day, "the year of “" + s + "” is not clear. Type it with four digits, like 1987-07-23."
	} else if coming {
		return day, "“" + s + "” is not a day. Type a day like mon, +14, 12/1 or " + today.AddDays(14).String() + "."
	} else {
		return day, "“" + s + "” is not a day." + dayRemedy
	}
	return existing(dated(y, m, d))
}

// dated is the day of three numbers, which may not exist.
func dated(y, m, d string) civil.Date {
	year, _ := strconv.Atoi(y)
	mon, _ := strconv.Atoi(m)
	dom, _ := strconv.Atoi(d)
	return civil.Date{Year: year, Month: time.Month(mon), Day: dom}
}

// next is the next such day, from today on.
func next(m, d string, today civil.Date) (civil.Date, string) {
	const leap = 8 // at most so many years from one 29 February to the next
	day := dated("0", m, d)
	for day.Year = today.Year; day.Year <= today.Year+leap; day.Year++ {
		if day.IsValid() && !day.Before(today) {
			return day, ""
		}
	}
	return existing(day)
}

// existing says which part of a day does not exist.
func existing(day civil.Date) (civil.Date, string) {
	switch {
	case day.Year < 1:
		return day, "there is no year 0." + dayRemedy
	case day.Month < 1 || day.Month > 12:
		return day, fmt.Sprintf("there is no month %d.%s", day.Month, dayRemedy)
	case day.IsValid():
		return day, ""
	}
	name := day.Month.String()
	if day.Month == time.February && day.Day == 29 {
		name = fmt.Sprintf("%s %d", name, day.Year)
	}
	return day, fmt.Sprintf("%d %s does not exist.%s", day.Day, name, dayRemedy)
}
