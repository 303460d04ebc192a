package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/assets"
)

// Limits of the availability calls; the document gives the default only.
const (
	maxDuration    = 480
	defaultMaxDays = 365
	maxMaxDays     = 3650
)

func providerRows(count int) *table {
	t := &table{key: "id"}
	people := assets.Providers()
	for i := range count {
		p := people[i%len(people)]
		if again := i / len(people); again > 0 {
			p.Name = fmt.Sprintf("%s %d", p.Name, again+1)
		}
		t.add(row{"name": p.Name, "title": p.Title, "specialty": p.Specialty})
	}
	return t
}

// listProviders is GET …/availability/providers.
func (n *naturaesoft) listProviders(*call) (reply, error) { return whole(n.providers.rows), nil }

// oneProvider is GET …/availability/providers/{id}.
func (n *naturaesoft) oneProvider(c *call) (reply, error) {
	_, r, err := c.row(n.providers, "Provider")
	return data(r), err
}

// A scheduledVisit is how the schedule shows a visit: not whose it is.
type scheduledVisit struct {
	VisitID  int    `json:"VisitID"`
	Time     string `json:"time"`
	Duration int    `json:"duration"`
	Type     string `json:"type"`
	Booked   bool   `json:"booked"`
}

// schedule is GET …/providers/{id}/schedule. Days without visits are left out.
func (n *naturaesoft) schedule(c *call) (reply, error) {
	id, provider, err := c.row(n.providers, "Provider")
	if err != nil {
		return reply{}, err
	}
	from, err := c.date("startDate")
	if err != nil {
		return reply{}, err
	}
	to, err := c.date("endDate")
	if err != nil {
		return reply{}, err
	}
	if to.Before(from) {
		return reply{}, refusal{400, "endDate must not be before startDate."}
	}
	kind := c.query.Get("visitType")
	days, total := map[string][]scheduledVisit{}, 0
	for _, v := range n.book.between(id, from, to) {
		if kind != "" && !strings.EqualFold(kind, v.kind) {
			continue
		}
		day := v.date.String()
		days[day] = append(days[day], scheduledVisit{v.id, clock(v.from), v.to - v.from, v.kind, true})
		total++
	}
	return data(map[string]any{
		"provider":    provider,
		"startDate":   from.String(),
		"endDate":     to.String(),
		"schedule":    days,
		"totalVisits": total,
	}), nil
}

// check is GET …/providers/{id}/check.
func (n *naturaesoft) check(c *call) (reply, error) {
	id, _, err := c.row(n.providers, "Provider")
	if err != nil {
		return reply{}, err
	}
	date, err := c.date("date")
	if err != nil {
		return reply{}, err
	}
	at, err := minuteOfDay(c.query.Get("time"), "15:04:05")
	if err != nil {
		return reply{}, refusal{400, "time must be given as HH:MM:SS."}
	}
	minutes, err := c.count("duration", 0, maxDuration)
	if err != nil {
		return reply{}, err
	}
	return data(map[string]any{
		"ProviderID": id,
		"Date":       date.String(),
		"Time":       c.query.Get("time"),
		"Duration":   minutes,
		"Available":  n.book.available(id, date, span{at, at + minutes}, n.srv.local()),
	}), nil
}

// slots is GET …/providers/{id}/slots.
func (n *naturaesoft) slots(c *call) (reply, error) {
	id, _, err := c.row(n.providers, "Provider")
	if err != nil {
		return reply{}, err
	}
	date, err := c.date("date")
	if err != nil {
		return reply{}, err
	}
	minutes, err := c.count("duration", 0, maxDuration)
	if err != nil {
		return reply{}, err
	}
	times := []string{}
	for _, at := range n.book.slots(id, date, minutes, n.srv.local()) {
		times = append(times, clock(at))
	}
	return data(map[string]any{
		"ProviderID": id,
		"Date":       date.String(),
		"Duration":   minutes,
		"Slots":      times,
		"Count":      len(times),
	}), nil
}

// nextSlot is GET …/providers/{id}/next-slot. As in the document's example the
// inner ProviderID is quoted and the outer one is not.
func (n *naturaesoft) nextSlot(c *call) (reply, error) {
	id, _, err := c.row(n.providers, "Provider")
	if err != nil {
		return reply{}, err
	}
	minutes, err := c.count("duration", 0, maxDuration)
	if err != nil {
		return reply{}, err
	}
	maxDays, err := c.count("maxDays", defaultMaxDays, maxMaxDays)
	if err != nil {
		return reply{}, err
	}
	var next any
	if date, at, found := n.book.next(id, minutes, maxDays, n.srv.local()); found {
		next = map[string]string{"ProviderID": strconv.Itoa(id), "Date": date.String(), "Time": clock(at)}
	}
	return data(map[string]any{
		"ProviderID":       id,
		"Duration":         minutes,
		"SearchWindowDays": maxDays,
		"TheNextSlot":      next,
	}), nil
}

func (c *call) date(name string) (civil.Date, error) {
	d, err := civil.ParseDate(c.query.Get(name))
	if err != nil {
		return d, refusal{400, name + " must be given as YYYY-MM-DD."}
	}
	return d, nil
}

// count reads a whole number from 1 to most; without a default it is required.
func (c *call) count(name string, byDefault, most int) (int, error) {
	if byDefault > 0 && !c.query.Has(name) {
		return byDefault, nil
	}
	n, err := strconv.Atoi(c.query.Get(name))
	if err != nil || n < 1 || n > most {
		return 0, refusal{400, fmt.Sprintf("%s must be a whole number from 1 to %d.", name, most)}
	}
	return n, nil
}

// clock writes minutes since midnight as HH:MM:SS.
func clock(at int) string { return fmt.Sprintf("%02d:%02d:00", at/60, at%60) }

// minuteOfDay reads a time written exactly in the layout, without fractions of
// a minute.
func minuteOfDay(s, layout string) (int, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, err
	}
	if len(s) != len(layout) || t.Second() != 0 {
		return 0, fmt.Errorf("not a whole minute: %q", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}
