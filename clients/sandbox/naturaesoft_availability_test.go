package sandbox

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const providersPath = "/v1/DemoOffice/availability/providers"

func (d *desk) slots(provider int, date string, minutes int) []string {
	d.Helper()
	o := d.object(fmt.Sprintf("%s/%d/slots?date=%s&duration=%d", providersPath, provider, date, minutes))
	all, _ := o["Slots"].([]any)
	require.NotNil(d, all, "an empty list, not null")
	require.Equal(d, len(all), number(o["Count"]))
	times := []string{}
	for _, v := range all {
		s, _ := v.(string)
		times = append(times, s)
	}
	return times
}

func (d *desk) available(provider int, date, time string, minutes int) bool {
	d.Helper()
	q := url.Values{"date": {date}, "time": {time}, "duration": {fmt.Sprint(minutes)}}
	free, isBool := d.object(fmt.Sprintf("%s/%d/check?%s", providersPath, provider, q.Encode()))["Available"].(bool)
	require.True(d, isBool)
	return free
}

type shownVisit struct {
	id, from, minutes int
	kind              string
}

func (d *desk) visits(provider int, from, to, kind string) map[string][]shownVisit {
	d.Helper()
	q := url.Values{"startDate": {from}, "endDate": {to}}
	if kind != "" {
		q.Set("visitType", kind)
	}
	o := d.object(fmt.Sprintf("%s/%d/schedule?%s", providersPath, provider, q.Encode()))
	days, isMap := o["schedule"].(map[string]any)
	require.True(d, isMap)
	shown, total := map[string][]shownVisit{}, 0
	for day, list := range days {
		visits, _ := list.([]any)
		require.NotEmpty(d, visits, "days without visits do not appear")
		for _, v := range visits {
			m, _ := v.(map[string]any)
			require.Equal(d, true, m["booked"])
			clockTime, _ := m["time"].(string)
			at, err := minuteOfDay(clockTime, "15:04:05")
			require.NoError(d, err)
			kind, _ := m["type"].(string)
			shown[day] = append(shown[day], shownVisit{number(m["VisitID"]), at, number(m["duration"]), kind})
			total++
		}
	}
	require.Equal(d, total, number(o["totalVisits"]))
	return shown
}

// What is offered, what check says and what the schedule shows are one truth,
// whoever booked what directly, on the grid or off it.
func TestSlotsCheckAndScheduleAgree(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		provider := rapid.IntRange(1, 12).Draw(rt, "provider")
		date := civil.DateOf(monday).AddDays(rapid.IntRange(-1, 63).Draw(rt, "day"))
		minutes := rapid.OneOf(rapid.IntRange(1, 120), rapid.IntRange(1, 480)).Draw(rt, "minutes")
		for range rapid.IntRange(0, 2).Draw(rt, "others") {
			at := rapid.IntRange(0, 1439).Draw(rt, "at")
			id := s.Book(provider, date.String(), clock(at)[:5], rapid.IntRange(1, 90).Draw(rt, "length"), "OTHER")
			defer s.Unbook(id)
		}
		busy := d.visits(provider, date.String(), date.String(), "")[date.String()]
		fits := func(at int) bool { // from the schedule alone
			for _, v := range busy {
				if v.from < at+minutes && at < v.from+v.minutes {
					return false
				}
			}
			return !date.Before(civil.DateOf(monday)) && worked(provider, date, span{at, at + minutes})
		}
		want := []string{}
		for at := 0; at < 24*60; at += grid {
			if fits(at) {
				want = append(want, clock(at))
			}
		}
		require.Equal(rt, want, d.slots(provider, date.String(), minutes))
		for _, at := range rapid.SliceOfN(rapid.IntRange(0, 1439), 4, 8).Draw(rt, "asked") {
			require.Equal(rt, fits(at), d.available(provider, date.String(), clock(at), minutes), clock(at))
		}
		for _, at := range want {
			require.True(rt, d.available(provider, date.String(), at, minutes), at)
		}
	})
}

func TestBookingShrinksSlotsAndUnbookingRestoresThem(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	rapid.Check(t, func(rt *rapid.T) {
		provider := rapid.IntRange(1, 12).Draw(rt, "provider")
		date := civil.DateOf(monday).AddDays(rapid.IntRange(0, 59).Draw(rt, "day")).String()
		before := d.slots(provider, date, 30)
		if len(before) == 0 {
			return
		}
		taken := rapid.SampledFrom(before).Draw(rt, "taken")
		id := s.Book(provider, date, taken, 30, "TAKEN")
		require.False(rt, d.available(provider, date, taken, 30))
		after := d.slots(provider, date, 30)
		require.NotContains(rt, after, taken)
		require.Subset(rt, before, after)
		require.Contains(rt, d.visits(provider, date, date, "taken")[date], shownVisit{id, minuteOf(rt, taken), 30, "TAKEN"})
		require.True(rt, s.Unbook(id))
		require.False(rt, s.Unbook(id), "only once")
		require.Equal(rt, before, d.slots(provider, date, 30))
	})
}

func minuteOf(t require.TestingT, s string) int {
	at, err := minuteOfDay(s, "15:04:05")
	require.NoError(t, err)
	return at
}

func TestSeededVisitsCanBeRemoved(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	ids := map[int]bool{}
	for provider := 1; provider <= 12; provider++ {
		for _, day := range d.visits(provider, "2026-03-09", "2026-06-30", "") {
			for _, v := range day {
				require.False(t, ids[v.id], "a number of its own")
				ids[v.id] = true
			}
		}
	}
	require.Greater(t, len(ids), 1000)
	for id := range ids {
		require.True(t, s.Unbook(id))
	}
	require.Empty(t, d.visits(3, "2026-03-01", "2026-12-31", ""))
	require.Panics(t, func() { s.Book(99, "2026-03-09", "09:00", 30, "X") })
	require.False(t, s.Unbook(0))
	require.False(t, s.Unbook(-5))
	require.False(t, s.Unbook(1<<40))
}

func TestNextSlotIsTheFirstOfThem(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	none := 0
	for provider := 1; provider <= 12; provider++ {
		for _, minutes := range []int{15, 60, 240} {
			for _, days := range []int{1, 5, 30} {
				var want any
				for i := days - 1; i >= 0; i-- {
					date := civil.DateOf(monday).AddDays(i).String()
					if times := d.slots(provider, date, minutes); len(times) > 0 {
						want = map[string]any{"ProviderID": fmt.Sprint(provider), "Date": date, "Time": times[0]}
					}
				}
				o := d.object(fmt.Sprintf("%s/%d/next-slot?duration=%d&maxDays=%d", providersPath, provider, minutes, days))
				require.Equal(t, want, o["TheNextSlot"])
				require.Equal(t, days, number(o["SearchWindowDays"]))
				if want == nil {
					none++
				}
			}
		}
	}
	require.Positive(t, none, "some searches must find nothing")
	o := d.object(providersPath + "/1/next-slot?duration=30")
	require.Equal(t, 365, number(o["SearchWindowDays"]), "documented default")
	o = d.object(providersPath + "/1/next-slot?duration=480")
	require.Contains(t, o, "TheNextSlot")
	require.Nil(t, o["TheNextSlot"], "nobody works eight hours without lunch")
}

func TestPastTimesAreNotOffered(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	clear := func() { // a day without visits shows the clock's part alone
		for _, day := range d.visits(1, "2026-03-09", "2026-03-09", "") {
			for _, v := range day {
				s.Unbook(v.id)
			}
		}
	}
	clear()
	require.Equal(t, "08:00:00", d.slots(1, "2026-03-09", 30)[0])
	s.SetNow(at(monday.Add(3*time.Hour + 15*time.Minute)))
	require.Equal(t, "10:15:00", d.slots(1, "2026-03-09", 30)[0], "now itself is not past")
	s.SetNow(at(monday.Add(3*time.Hour + 15*time.Minute + time.Second)))
	require.Equal(t, "10:30:00", d.slots(1, "2026-03-09", 30)[0])
	require.False(t, d.available(1, "2026-03-09", "10:15:00", 30))
	require.True(t, d.available(1, "2026-03-09", "10:30:00", 30))
	s.SetNow(at(monday.AddDate(0, 0, 1)))
	require.Empty(t, d.slots(1, "2026-03-09", 30))
	require.False(t, d.available(1, "2026-03-09", "14:00:00", 30))
}

func TestNowIsThePracticesTime(t *testing.T) {
	zone := time.FixedZone("practice", -5*60*60)
	d := signIn(t, start(t, Options{Zone: zone, Now: at(time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC))}))
	require.Empty(t, d.slots(1, "2026-03-09", 30), "nine in the evening there")
	require.NotEmpty(t, d.slots(1, "2026-03-10", 15))
}

// The played practice has what booking must cope with.
func TestTheWeekLooksLikeAPractice(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	fullWeeks, freeMondays, saturdays := 0, 0, 0
	for provider := 1; provider <= 12; provider++ {
		full := true
		for i := range seededDays {
			date := civil.DateOf(monday).AddDays(i)
			free := len(d.slots(provider, date.String(), 1))
			switch date.In(time.UTC).Weekday() {
			case time.Sunday:
				require.Zero(t, free)
				if full {
					fullWeeks++
				}
				full = true
			case time.Saturday:
				saturdays += min(free, 1)
			case time.Monday:
				freeMondays += min(free, 1)
				full = full && free == 0
			default:
				full = full && free == 0
			}
		}
	}
	require.Positive(t, fullWeeks)
	require.Positive(t, saturdays)
	require.Greater(t, freeMondays, 50)
	for _, outside := range []string{"07:45:00", "12:30:00", "16:45:00", "23:45:00"} {
		require.False(t, d.available(1, "2026-04-01", outside, 30), outside)
	}
}

func TestWorkingHours(t *testing.T) {
	weekdays := func(p int) (days int) {
		for i := range 7 {
			if hours(p, civil.DateOf(monday).AddDays(i)) != nil {
				days++
			}
		}
		return days
	}
	require.Equal(t, 5, weekdays(1))
	require.Equal(t, 3, weekdays(3), "part of the week")
	require.Equal(t, []span{{480, 750}, {795, 1020}}, hours(1, civil.DateOf(monday)))
	require.Len(t, hours(5, civil.DateOf(monday)), 1, "mornings only")
	require.Nil(t, hours(1, civil.DateOf(monday).AddDays(6)))
}

func TestScheduleFiltersByType(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	all, some := 0, 0
	for _, day := range d.visits(1, "2026-03-09", "2026-03-31", "") {
		for _, v := range day {
			all++
			if v.kind == "LAB" {
				some++
			}
		}
	}
	found := 0
	for _, day := range d.visits(1, "2026-03-09", "2026-03-31", "lab") {
		for _, v := range day {
			require.Equal(t, "LAB", v.kind)
			found++
		}
	}
	require.Positive(t, some)
	require.Equal(t, some, found)
	require.Less(t, some, all)
	require.Empty(t, d.visits(1, "2026-03-09", "2026-03-31", "NOSUCH"))
}

func TestAvailabilityRefusals(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	for path, want := range map[string]int{
		"/99": 404, "/0": 400, "/x": 400, "/-1": 400, "/1%2F2": 400,
		"/1/slots":                                           400,
		"/1/slots?date=2026-03-09":                           400,
		"/1/slots?date=2026-3-9&duration=30":                 400,
		"/1/slots?date=03/09/2026&duration=30":               400,
		"/1/slots?date=2026-02-30&duration=30":               400,
		"/1/slots?date=2026-03-09&duration=0":                400,
		"/1/slots?date=2026-03-09&duration=481":              400,
		"/1/slots?date=2026-03-09&duration=30m":              400,
		"/1/slots?date=2026-03-09&duration=480":              200,
		"/99/slots?date=2026-03-09&duration=30":              404,
		"/1/check?date=2026-03-09&duration=30":               400,
		"/1/check?date=2026-03-09&time=9:00:00&duration=30":  400,
		"/1/check?date=2026-03-09&time=09:00&duration=30":    400,
		"/1/check?date=2026-03-09&time=24:00:00&duration=30": 400,
		"/1/check?date=2026-03-09&time=09:00:00&duration=30": 200,
		"/1/next-slot":                                                   400,
		"/1/next-slot?duration=30&maxDays=0":                             400,
		"/1/next-slot?duration=30&maxDays=":                              400,
		"/1/next-slot?duration=30&maxDays=x":                             400,
		"/1/schedule?startDate=2026-03-09":                               400,
		"/1/schedule?startDate=2026-03-09&endDate=2026-03-08":            400,
		"/1/schedule?startDate=2026-03-09&endDate=tomorrow":              400,
		"/1/schedule?startDate=2026-03-09&endDate=2026-03-09":            200,
		"/1/schedule?startDate=0001-01-01&endDate=9999-12-31&visitType=": 200,
	} {
		status, answer := d.do("GET", providersPath+path, "")
		require.Equal(t, want, status, path)
		if want != 200 {
			require.NotEmpty(t, answer["error"], path)
		}
	}
}
