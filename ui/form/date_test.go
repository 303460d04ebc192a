package form

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDaysAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"2026-03-01": "2026-03-01", "2026-3-1": "2026-03-01", "3/1/2026": "2026-03-01", "03/01/2026": "2026-03-01",
		"03-01-2026": "2026-03-01", "2026/03/01": "2026-03-01", "2024-02-29": "2024-02-29", "2000-02-29": "2000-02-29",
		"today": "2026-03-10", "Tomorrow": "2026-03-11", "yesterday": "2026-03-09", "+3": "2026-03-13", "-10": "2026-02-28",
		"+0": "2026-03-10", "mon": "2026-03-16", "Tue": "2026-03-17", "wednesday": "2026-03-11", "thurs": "2026-03-12", " fri ": "2026-03-13",
	} {
		f := New(plain(), Date("d", "D").Today(func() civil.Date { return tuesday }), Text("z", "Z"))
		play(f, typed+"<tab>")
		require.Equal(t, want, f.Value("d"), typed)
		require.Equal(t, want, f.Draft()["d"], "%s is spelled out on leaving", typed)
		require.Empty(t, f.fields[0].props().complaint)
	}
	for _, typed := range []string{
		"1900-02-29", "2026-02-30", "2026-04-31", "2026-00-10", "2026-01-00", "0000-01-01", "32/1/2026", "1.2.2026",
		"20260301", "tu", "+12345", "3/1", "2026-03-01x", "--", "2026-03",
	} {
		_, words := readDay(typed, tuesday, false)
		require.NotEmpty(t, words, typed)
	}
}

// A day without a year is the next such day where days to come are asked for;
// of a birth date the year is asked for.
func TestDaysWithoutAYear(t *testing.T) {
	for typed, want := range map[string]string{
		"3/10": "2026-03-10", "3/11": "2026-03-11", "3/9": "2027-03-09", "12/1": "2026-12-01", "01-02": "2027-01-02", "2/29": "2028-02-29", " 4/30 ": "2026-04-30",
	} {
		f := New(plain(), Date("d", "D").Today(func() civil.Date { return tuesday }).Coming(), Text("z", "Z"))
		f.Resize(80, 24)
		play(f, typed)
		require.Contains(t, see(f), ", "+want, "%s is told before the field is left", typed)
		play(f, "<tab>")
		require.Equal(t, want, f.Value("d"), typed)
		require.Equal(t, want, f.Draft()["d"], "%s is spelled out", typed)
	}
	day, words := readDay("2/29", civil.Date{Year: 2096, Month: 3, Day: 1}, true)
	require.Empty(t, words)
	require.Equal(t, civil.Date{Year: 2104, Month: 2, Day: 29}, day, "2100 has none")
	for typed, want := range map[string]string{
		"13/1": "there is no month 13.", "0/5": "there is no month 0.", "2/30": "30 February does not exist.", "4/31": "31 April does not exist.", "4/0": "0 April does not exist.",
	} {
		_, words := readDay(typed, tuesday, true)
		require.Contains(t, words, want, typed)
	}
	f := New(plain(), Date("d", "Born").Today(func() civil.Date { return tuesday }).Until(tuesday), Text("z", "Z"))
	f.Resize(100, 24)
	play(f, "12/1<tab>")
	require.Contains(t, see(f), "Born: “12/1” has no year. Type it with the year, like 12/1/1987.")
	require.Equal(t, "12/1", f.Draft()["d"])
}

func TestEveryDayIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := civil.Date{Year: 1, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3652058).Draw(t, "n"))
		for _, layout := range []string{"2006-01-02", "1/2/2006", "01-02-2006"} {
			got, words := readDay(day.In(time.UTC).Format(layout), tuesday, true)
			require.Empty(t, words)
			require.Equal(t, day, got)
		}
	})
}

func open(day string, opts ...func(*DateField)) *Form {
	d := Date("d", "D").Today(func() civil.Date { return tuesday })
	for _, o := range opts {
		o(d)
	}
	f := New(plain(), d, Text("z", "Z"))
	play(f, day+"<ctrl+g>")
	return f
}

func TestTheMonth(t *testing.T) {
	for _, c := range []struct{ day, script, want string }{
		{"2024-02-28", "<right>", "2024-02-29"}, {"2023-02-28", "<right>", "2023-03-01"},
		{"1900-02-28", "<right>", "1900-03-01"}, {"2000-02-28", "<right>", "2000-02-29"},
		{"2024-01-31", "<pgdown>", "2024-02-29"}, {"2023-01-31", "<pgdown>", "2023-02-28"},
		{"2024-03-31", "<pgup>", "2024-02-29"}, {"2024-12-15", "<pgdown>", "2025-01-15"},
		{"2024-02-10", "<end>", "2024-02-29"}, {"2024-02-10", "<home>", "2024-02-01"},
		{"2024-02-10", "<down><down><up>", "2024-02-17"}, {"2024-01-01", "<left>", "2023-12-31"},
		{"", "", "2026-03-10"}, {"rubbish", "<right>", "2026-03-11"},
		{"0001-01-01", "<left><pgup>", "0001-01-01"}, {"9999-12-31", "<right><pgdown>", "9999-12-31"},
		// Clocks change here in New York, on Lord Howe and in Samoa, which
		// has no 2011-12-30.
		{"2026-03-07", "<right><right>", "2026-03-09"}, {"2026-11-02", "<left><left>", "2026-10-31"},
		{"2011-12-29", "<right>", "2011-12-30"},
	} {
		f := open(c.day)
		play(f, c.script+"<enter>")
		require.Equal(t, c.want, f.Value("d"), "%s %s", c.day, c.script)
		require.Equal(t, "z", f.Focused())
	}
}

// The months drawn are those of the calendar, in any zone of the machine.
func TestEveryMonthIsDrawnRight(t *testing.T) {
	zone := time.Local
	defer func() { time.Local = zone }()
	for _, name := range []string{"UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"} {
		loc, err := time.LoadLocation(name)
		require.NoError(t, err)
		time.Local = loc
		for year := 1896; year < 2105; year++ {
			for mon := time.January; mon <= time.December; mon++ {
				m := month{day: civil.Date{Year: year, Month: mon, Day: 1}}
				rows, _, _ := m.draw(pen{&inks{}, plain(), true})
				require.LessOrEqual(t, len(rows), 8)
				days := strings.Fields(strings.ReplaceAll(strings.Join(rows[2:], " "), "►", " "))
				first := time.Date(year, mon, 1, 12, 0, 0, 0, time.UTC)
				require.Len(t, days, first.AddDate(0, 1, -1).Day())
				require.Equal(t, 1+4*int(first.Weekday()), strings.Index(strings.ReplaceAll(rows[2], "►", " "), " 1"))
			}
		}
	}
}

func TestTheMonthKeepsToItsLimits(t *testing.T) {
	limits := func(d *DateField) { d.From(tuesday).Until(tuesday.AddDays(9)) }
	for _, c := range []struct{ day, script, want string }{
		{"", "<left>", "2026-03-10"}, {"", "<pgdown>", "2026-03-19"}, {"", "<end><down>", "2026-03-19"},
		{"2020-01-01", "", "2026-03-10"}, {"2030-01-01", "", "2026-03-19"}, {"", "<down><up><up>", "2026-03-10"},
	} {
		f := open(c.day, limits)
		play(f, c.script+"<enter>")
		require.Equal(t, c.want, f.Value("d"), "%s %s", c.day, c.script)
	}
	f := open("", limits)
	require.Contains(t, see(f), "  ∙   ∙ ►10  11 ", "days that cannot be taken are dots")
	play(f, "<esc><ctrl+u>2026-03-20<tab>")
	f.Resize(100, 24)
	require.Contains(t, see(f), "D: 2026-03-20 is too late. The last day that can be taken is 2026-03-19.")
	play(f, "<shift+tab><ctrl+u>yesterday<tab>")
	require.Contains(t, see(f), "D: 2026-03-09 is too early. The first day that can be taken is 2026-03-10.")
}

func TestTypingClosesTheMonth(t *testing.T) {
	f := open("2026-03-1")
	play(f, "2<tab>")
	require.Equal(t, "2026-03-12", f.Value("d"))
	f = open("2026-03-1")
	play(f, "<right><tab>x")
	require.Equal(t, "x", f.Value("z"), "tab leaves without taking a day")
	require.Equal(t, "2026-03-01", f.Value("d"))
	f = open("2026-03-12")
	require.Empty(t, play(f, "<ctrl+g><right>"))
	require.Equal(t, "2026-03-12", f.Value("d"))
}

func TestClock(t *testing.T) {
	for typed, want := range map[string]string{
		"9": "09:00", "09": "09:00", "930": "09:30", "0930": "09:30", "9:30": "09:30", "1430": "14:30", "14:30": "14:30",
		"9am": "09:00", "9 AM": "09:00", "9 a.m.": "09:00", "9p": "21:00", "12am": "00:00", "12pm": "12:00", "12:30a": "00:30",
		"noon": "12:00", "midnight": "00:00", "0": "00:00", "2359": "23:59", "9:30:00": "09:30", "14:30:00": "14:30", "230pm": "14:30",
	} {
		require.Equal(t, want, readClock(typed).value, typed)
	}
	for _, typed := range []string{"24", "24:00", "9:60", "960", "13pm", "0am", "9:3", "99", "930:00:1", "9:30:01", "am", ":30", "9-30", "12345", "-9"} {
		require.NotEmpty(t, readClock(typed).fault, typed)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := civil.Time{Hour: rapid.IntRange(0, 23).Draw(t, "h"), Minute: rapid.IntRange(0, 59).Draw(t, "m")}
		r := readClock(at.String())
		require.Equal(t, at.String()[:5], r.value)
		require.Equal(t, r.value, readClock(r.hint).value, "the hint is the same time")
		require.Equal(t, r.value, readClock(strings.Replace(r.value, ":", "", 1)).value)
	})
}
