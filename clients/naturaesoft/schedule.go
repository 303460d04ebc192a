package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var opSchedule = rest.Op{Name: "read schedule", Method: http.MethodGet,
	Path: tenant("/availability/providers/{id}/schedule"), Scope: scopeProviders}

// Visit is one entry of a provider's schedule. The API does not tell whose
// visit it is.
type Visit struct {
	ID       ID         // VisitID; "" if the answer named none
	Time     civil.Time // in the practice's zone
	Duration int        // minutes
	Type     safe.Text
	Booked   bool // true also when the answer left it out: the route lists scheduled visits
}

// Schedule is a provider's scheduled visits from Start to End, both included,
// as they were asked for. Days without visits are usually missing from Days
// (NS-11); days the vendor added outside the range are kept there and left out
// of Dates. Total is the number of visits the vendor states, -1 if it does not:
// a cross-check for Count, nothing else. Free time must not be computed from a
// Schedule (NS-12); Slots tells it.
type Schedule struct {
	Provider   Provider
	Start, End civil.Date
	Days       map[civil.Date][]Visit // by time of day
	Total      int
}

// Dates are the days that were asked for, in order, also those without visits.
func (s Schedule) Dates() []civil.Date {
	var out []civil.Date
	for d := s.Start; !d.After(s.End); d = d.AddDays(1) {
		out = append(out, d)
	}
	return out
}

// Count is the number of visits that arrived.
func (s Schedule) Count() int {
	n := 0
	for _, visits := range s.Days {
		n += len(visits)
	}
	return n
}

// maxDays bounds a range of days: a mistyped year must not ask for centuries.
const maxDays = 366

// Schedule lists the scheduled visits of a provider from one day to another,
// both included and at most 366 days; visitType "" means every type. An answer
// about another provider, or about a range that does not cover the days asked
// for, is KindDecode: a day nobody answered about must not look free.
// GET /v1/{PPass}/availability/providers/{id}/schedule, scope Providers; dates
// YYYY-MM-DD, times HH:MM:SS in the practice's zone, durations in minutes.
func (c *Client) Schedule(ctx context.Context, id ID, from, to civil.Date, visitType string) (Schedule, error) {
	if err := checkIDs(opSchedule, "provider", id); err != nil {
		return Schedule{}, err
	}
	if err := checkRange(from, to); err != nil {
		return Schedule{}, err
	}
	q := url.Values{"startDate": {from.String()}, "endDate": {to.String()}}
	if visitType != "" {
		q.Set("visitType", visitType)
	}
	return ask(ctx, c, opSchedule, rest.Call{Path: c.path("id", string(id)), Query: q},
		func(raw json.RawMessage) (Schedule, error) { return decodeSchedule(raw, id, from, to) })
}

func checkRange(from, to civil.Date) error {
	wrong := map[string]safe.Text{}
	switch {
	case !from.IsValid():
		wrong["startDate"] = safe.Line("The first day is not a day of the calendar.")
	case !to.IsValid():
		wrong["endDate"] = safe.Line("The last day is not a day of the calendar.")
	case to.Before(from):
		wrong["endDate"] = safe.Line("The last day lies before the first.")
	case to.DaysSince(from) >= maxDays:
		wrong["endDate"] = safe.Line("A schedule is read for at most a year at a time.")
	default:
		return nil
	}
	return refuseFields(opSchedule, wrong)
}

func decodeSchedule(raw json.RawMessage, id ID, from, to civil.Date) (Schedule, error) {
	o, _, err := one(raw)
	if err != nil {
		return Schedule{}, err
	}
	r := reader{o: o}
	s := Schedule{
		Provider: Provider{ID: id}, Start: from, End: to,
		Total: r.number("totalVisits"),
	}
	if d, known := r.date("startDate"); known && d.After(from) {
		r.err = errors.New("the schedule begins after the day asked for")
	}
	if d, known := r.date("endDate"); known && d.Before(to) {
		r.err = errors.New("the schedule ends before the day asked for")
	}
	if other := r.id("ProviderID"); other != "" && other != id {
		r.err = errOtherProvider
	}
	if r.err != nil {
		return Schedule{}, r.err
	}
	if p, err := rest.ParseObject(o.Find("provider")); err == nil {
		if s.Provider, err = decodeProvider(p, id); err != nil {
			return Schedule{}, err
		}
	}
	s.Days, err = decodeDays(o)
	return s, err
}

// decodeDays reads the visits by date. null and [] are a schedule without
// visits; a missing schedule is not an answer.
func decodeDays(o rest.Object) (map[civil.Date][]Visit, error) {
	days := map[civil.Date][]Visit{}
	raw := o.Find("schedule")
	if raw == nil {
		return nil, errors.New("the answer holds no schedule")
	}
	if rest.Void(raw) {
		return days, nil
	}
	byDate, err := rest.ParseObject(raw)
	if err != nil {
		return nil, errors.New("the schedule is not ordered by date")
	}
	for i, day := range byDate {
		d, err := parseDate(day.Name)
		if err != nil && first(day.Value) != '[' && first(day.Value) != '{' {
			continue // neither a day by its name nor visits by its value
		}
		if err != nil {
			return nil, fmt.Errorf("day %d of the schedule has no date YYYY-MM-DD", i+1)
		}
		visits, err := decodeVisits(day.Value)
		if err != nil {
			return nil, fmt.Errorf("%s of the schedule: %w", d, err)
		}
		days[d] = append(days[d], visits...)
	}
	for _, visits := range days {
		slices.SortStableFunc(visits, func(a, b Visit) int { return compareTimes(a.Time, b.Time) })
	}
	return days, nil
}

func decodeVisits(raw json.RawMessage) ([]Visit, error) {
	if rest.Void(raw) {
		return nil, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil, errors.New("it is not a list of visits")
	}
	out := make([]Visit, len(items))
	for i, item := range items {
		o, err := rest.ParseObject(item)
		if err != nil {
			return nil, fmt.Errorf("visit %d is not a record", i+1)
		}
		r := reader{o: o}
		v := Visit{
			ID: r.id("VisitID", "id"), Duration: r.number("duration"),
			Type: r.text("type"), Booked: true,
		}
		at, known := r.clock("time")
		if !known {
			r.complain("time", "a time HH:MM:SS")
		}
		if v.Duration < 0 {
			r.complain("duration", "a number of minutes")
		}
		if booked, known := r.flag("booked"); known {
			v.Booked = booked
		}
		if r.err != nil {
			return nil, fmt.Errorf("visit %d: %w", i+1, r.err)
		}
		v.Time = at
		out[i] = v
	}
	return out, nil
}
