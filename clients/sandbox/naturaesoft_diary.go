package sandbox

import (
	"cmp"
	"slices"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/assets"
)

// grid is the distance between offered times, in minutes.
const grid = 15

// A span is a part of a day in minutes since midnight, without its end.
type span struct{ from, to int }

// A visit is an entry of the schedule.
type visit struct {
	id, provider int
	date         civil.Date
	span
	kind string
}

// diary is the schedule of every provider: who works when, and which visits
// have been entered. Free is what is worked and not visited, nothing else.
//
// The visits it began with are worked out from provider and date whenever a day
// is looked at; a day somebody wrote into is kept.
type diary struct {
	types     []assets.VisitType
	providers int
	from      civil.Date // the first of the seededDays
	kept      map[providerDay][]visit
	entered   map[int]providerDay // the day of each visit entered since
	nextID    int
}

type providerDay struct {
	provider int
	date     civil.Date
}

// seededDays is how far ahead the practice is filled; firstID numbers the
// first of those visits, idsPerDay keeps the numbers of two days apart.
const (
	seededDays = 60
	firstID    = 101
	idsPerDay  = 64
)

func newDiary(providers int, today civil.Date, types []assets.VisitType) *diary {
	return &diary{
		types:     types,
		providers: providers,
		from:      today,
		kept:      map[providerDay][]visit{},
		entered:   map[int]providerDay{},
		nextID:    firstID + providers*seededDays*idsPerDay,
	}
}

// on returns the visits of a day by time. They must not be changed.
func (d *diary) on(day providerDay) []visit {
	if visits, ok := d.kept[day]; ok {
		return visits
	}
	return d.seeded(day)
}

// add enters a visit, whether or not the time is free: people do double-book.
func (d *diary) add(v visit) int {
	v.id = d.nextID
	d.nextID++
	day := providerDay{v.provider, v.date}
	visits := slices.Clone(d.on(day))
	at, _ := slices.BinarySearchFunc(visits, v.from+1, func(o visit, from int) int { return o.from - from })
	d.kept[day] = slices.Insert(visits, at, v)
	d.entered[v.id] = day
	return v.id
}

// remove tells whether there was such a visit.
func (d *diary) remove(id int) bool {
	day, ok := d.entered[id]
	if !ok && id >= firstID {
		n := (id - firstID) / idsPerDay
		day = providerDay{1 + n/seededDays, d.from.AddDays(n % seededDays)}
	}
	visits := slices.Clone(d.on(day))
	at := slices.IndexFunc(visits, func(v visit) bool { return v.id == id })
	if at < 0 {
		return false
	}
	delete(d.entered, id)
	d.kept[day] = slices.Delete(visits, at, at+1)
	return true
}

// free tells whether no visit overlaps the span.
func (d *diary) free(provider int, date civil.Date, want span) bool {
	return unvisited(d.on(providerDay{provider, date}), want)
}

func unvisited(visits []visit, want span) bool {
	return !slices.ContainsFunc(visits, func(v visit) bool { return v.from < want.to && want.from < v.to })
}

// available tells whether the span is worked, free and not past.
func (d *diary) available(provider int, date civil.Date, want span, now civil.DateTime) bool {
	return !past(date, want.from, now) && worked(provider, date, want) && d.free(provider, date, want)
}

// slots returns the times of a day at which a visit of so many minutes could
// begin, in minutes since midnight.
func (d *diary) slots(provider int, date civil.Date, minutes int, now civil.DateTime) []int {
	var found []int
	visits := d.on(providerDay{provider, date})
	for _, h := range hours(provider, date) {
		for at := (h.from + grid - 1) / grid * grid; at+minutes <= h.to; at += grid {
			if !past(date, at, now) && unvisited(visits, span{at, at + minutes}) {
				found = append(found, at)
			}
		}
	}
	return found
}

// next returns the first slot within so many days, today being the first.
func (d *diary) next(provider, minutes, maxDays int, now civil.DateTime) (civil.Date, int, bool) {
	for i := range maxDays {
		date := now.Date.AddDays(i)
		if found := d.slots(provider, date, minutes, now); len(found) > 0 {
			return date, found[0], true
		}
	}
	return civil.Date{}, 0, false
}

// between returns the visits of a provider from one date to another, both
// included, by date and time.
func (d *diary) between(provider int, from, to civil.Date) []visit {
	days := map[providerDay]bool{}
	for i := range seededDays {
		days[providerDay{provider, d.from.AddDays(i)}] = true
	}
	for day := range d.kept {
		days[day] = true
	}
	var found []visit
	for day := range days {
		if day.provider == provider && !day.date.Before(from) && !day.date.After(to) {
			found = append(found, d.on(day)...)
		}
	}
	slices.SortStableFunc(found, func(a, b visit) int {
		return cmp.Or(a.date.DaysSince(b.date), a.from-b.from)
	})
	return found
}

func past(date civil.Date, at int, now civil.DateTime) bool {
	if date != now.Date {
		return date.Before(now.Date)
	}
	t := now.Time
	return time.Duration(at)*time.Minute < time.Duration(t.Hour)*time.Hour+
		time.Duration(t.Minute)*time.Minute+time.Duration(t.Second)*time.Second
}

func worked(provider int, date civil.Date, want span) bool {
	return slices.ContainsFunc(hours(provider, date), func(h span) bool {
		return h.from <= want.from && want.to <= h.to
	})
}

// hours are a provider's working hours: eight to five with a lunch of its own
// on weekdays, fewer for those who work part of the week or of the day, and
// every other Saturday morning for a few.
func hours(provider int, date civil.Date) []span {
	lunch := []span{{12 * 60, 13 * 60}, {12*60 + 30, 13*60 + 15}, {11*60 + 30, 12*60 + 30}}[provider%3]
	day := []span{{8 * 60, lunch.from}, {lunch.to, 17 * 60}}
	switch weekday := date.In(time.UTC).Weekday(); {
	case weekday == time.Sunday:
		return nil
	case weekday == time.Saturday:
		if provider%5 == 2 && week(date)%2 == 0 {
			return []span{{9 * 60, 12 * 60}}
		}
		return nil
	case provider%4 == 3 && (weekday == time.Tuesday || weekday == time.Thursday):
		return nil
	case provider%6 == 5:
		return day[:1]
	}
	return day
}

// epoch is a Monday from which days and weeks are numbered.
var epoch = civil.Date{Year: 1970, Month: time.January, Day: 5}

// week numbers the weeks from Monday to Sunday.
func week(date civil.Date) int { return date.DaysSince(epoch) / 7 }

// seeded works out a day as the practice began with it. What it holds depends
// on the provider and the date alone.
func (d *diary) seeded(day providerDay) []visit {
	ahead := day.date.DaysSince(d.from)
	if ahead < 0 || ahead >= seededDays || day.provider < 1 || day.provider > d.providers {
		return nil
	}
	id := firstID + ((day.provider-1)*seededDays+ahead)*idsPerDay
	dc := roll(streamVisits+day.provider<<8, day.date.DaysSince(epoch))
	busy, full := 50+dc.pick(40), bookedOut(day.provider, day.date)
	var visits []visit
	for _, h := range hours(day.provider, day.date) {
		for at := h.from; at < h.to; {
			t := oneOf(&dc, d.types)
			length := t.Minutes
			if full { // to the last minute
				length = min(length, h.to-at)
			} else if at+length > h.to || !dc.in(busy) {
				at += grid
				continue
			}
			visits = append(visits, visit{id, day.provider, day.date, span{at, at + length}, t.Code})
			id++
			at += length
		}
	}
	return visits
}

// bookedOut tells of the weeks in which a sought-after provider has no minute
// left.
func bookedOut(provider int, date civil.Date) bool {
	return provider%3 == 2 && (week(date)+provider)%4 == 0
}
