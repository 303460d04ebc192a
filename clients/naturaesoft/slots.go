package naturaesoft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/golang-sql/civil"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

var (
	opCheck = rest.Op{Name: "check slot", Method: http.MethodGet,
		Path: tenant("/availability/providers/{id}/check"), Scope: scopeProviders}
	opSlots = rest.Op{Name: "list slots", Method: http.MethodGet,
		Path: tenant("/availability/providers/{id}/slots"), Scope: scopeProviders}
	opNextSlot = rest.Op{Name: "find next slot", Method: http.MethodGet,
		Path: tenant("/availability/providers/{id}/next-slot"), Scope: scopeProviders}
)

// Slot is a free time of one provider, in the practice's zone. It is advice: it
// can be gone a second later, and nothing here books it (NS-9).
type Slot struct {
	Provider ID
	Date     civil.Date
	Time     civil.Time
	Duration int // minutes
}

// Check asks whether a time is free for a visit of that many minutes (1 to
// 1440). The answer is true only when the vendor says so about this very
// provider, date, time and duration: an answer without Available, or about
// another slot, is KindDecode.
// GET /v1/{PPass}/availability/providers/{id}/check, scope Providers; date
// YYYY-MM-DD, time HH:MM:SS in the practice's zone.
func (c *Client) Check(ctx context.Context, id ID, d civil.Date, t civil.Time, minutes int) (bool, error) {
	t.Nanosecond = 0
	if err := checkSlot(opCheck, id, d, t, minutes); err != nil {
		return false, err
	}
	q := url.Values{"date": {d.String()}, "time": {t.String()}, "duration": {strconv.Itoa(minutes)}}
	return ask(ctx, c, opCheck, rest.Call{Path: c.path("id", string(id)), Query: q},
		func(raw json.RawMessage) (bool, error) {
			return decodeCheck(raw, Slot{id, d, t, minutes})
		})
}

// Slots lists the free times of a provider on a day for a visit of that many
// minutes (1 to 1440), in order and without repeats. An answer about another
// provider, date or duration is KindDecode, as is one without a list.
// GET /v1/{PPass}/availability/providers/{id}/slots, scope Providers; date
// YYYY-MM-DD, times HH:MM:SS in the practice's zone.
func (c *Client) Slots(ctx context.Context, id ID, d civil.Date, minutes int) ([]civil.Time, error) {
	if err := checkSlot(opSlots, id, d, civil.Time{}, minutes); err != nil {
		return nil, err
	}
	q := url.Values{"date": {d.String()}, "duration": {strconv.Itoa(minutes)}}
	return ask(ctx, c, opSlots, rest.Call{Path: c.path("id", string(id)), Query: q},
		func(raw json.RawMessage) ([]civil.Time, error) {
			return decodeSlots(raw, Slot{Provider: id, Date: d, Duration: minutes})
		})
}

// NextSlot finds the next free time of a provider within maxDays days (0 is the
// vendor's default, 365) for a visit of that many minutes (1 to 1440). false
// means that the vendor says there is none in that window; if it says so about
// a shorter window, or answers about another provider, that is KindDecode.
// GET /v1/{PPass}/availability/providers/{id}/next-slot, scope Providers; date
// YYYY-MM-DD, time HH:MM:SS in the practice's zone.
func (c *Client) NextSlot(ctx context.Context, id ID, minutes, maxDays int) (Slot, bool, error) {
	if err := checkSlot(opNextSlot, id, civil.Date{Year: 1, Month: 1, Day: 1}, civil.Time{}, minutes); err != nil {
		return Slot{}, false, err
	}
	if maxDays < 0 {
		return Slot{}, false, refuseFields(opNextSlot, map[string]safe.Text{
			"maxDays": safe.Line("The number of days to search must not be negative."),
		})
	}
	q := url.Values{"duration": {strconv.Itoa(minutes)}}
	if maxDays > 0 {
		q.Set("maxDays", strconv.Itoa(maxDays))
	}
	s, err := ask(ctx, c, opNextSlot, rest.Call{Path: c.path("id", string(id)), Query: q},
		func(raw json.RawMessage) (*Slot, error) { return decodeNextSlot(raw, id, minutes, maxDays) })
	if s == nil || err != nil {
		return Slot{}, false, err
	}
	return *s, true, nil
}

func checkSlot(op rest.Op, id ID, d civil.Date, t civil.Time, minutes int) error {
	if err := checkIDs(op, "provider", id); err != nil {
		return err
	}
	wrong := map[string]safe.Text{}
	if !d.IsValid() {
		wrong["date"] = safe.Line("The date is not a day of the calendar.")
	}
	if !t.IsValid() {
		wrong["time"] = safe.Line("The time is not a time of day.")
	}
	if minutes < 1 || minutes > 24*60 {
		wrong["duration"] = safe.Line("The duration must be between 1 and 1440 minutes.")
	}
	if len(wrong) > 0 {
		return refuseFields(op, wrong)
	}
	return nil
}

var errOtherSlot = errors.New("the answer is about another slot than the one asked about")

// same complains when the answer names another provider, date, time or
// duration than asked; what it leaves out is taken as asked.
func (r *reader) same(asked Slot, withTime bool) {
	id := r.id("ProviderID")
	d, dated := r.date("Date")
	t, timed := r.clock("Time")
	minutes := r.number("Duration")
	if r.err != nil {
		return
	}
	if id != "" && id != asked.Provider ||
		dated && !asked.Date.IsZero() && d != asked.Date ||
		timed && withTime && t != asked.Time ||
		minutes >= 0 && minutes != asked.Duration {
		r.err = errOtherSlot
	}
}

func decodeCheck(raw json.RawMessage, asked Slot) (bool, error) {
	o, _, err := one(raw)
	if err != nil {
		return false, err
	}
	r := reader{o: o}
	r.same(asked, true)
	free, known := r.flag("Available")
	if !known {
		r.complain("Available", "true or false")
	}
	return free, r.err
}

func decodeSlots(raw json.RawMessage, asked Slot) ([]civil.Time, error) {
	o, _, err := one(raw)
	if err != nil {
		return nil, err
	}
	r := reader{o: o}
	if r.same(asked, false); r.err != nil {
		return nil, r.err
	}
	list := o.Find("Slots")
	if list == nil {
		return nil, errors.New("the answer holds no list of slots")
	}
	var items []json.RawMessage
	if json.Unmarshal(list, &items) != nil {
		return nil, errors.New("the slots are not a list")
	}
	times := make([]civil.Time, len(items))
	for i, item := range items {
		if times[i], err = clock(item); err != nil {
			return nil, fmt.Errorf("slot %d is not a time HH:MM:SS", i+1)
		}
	}
	slices.SortFunc(times, compareTimes)
	return slices.Compact(times), nil
}

// decodeNextSlot returns nil when the vendor says that there is none.
func decodeNextSlot(raw json.RawMessage, id ID, minutes, window int) (*Slot, error) {
	if isNull(unwrap(raw)) {
		return nil, nil
	}
	o, _, err := one(raw)
	if err != nil {
		return nil, err
	}
	r := reader{o: o}
	r.same(Slot{Provider: id, Duration: minutes}, false)
	searched := r.number("SearchWindowDays")
	if r.err != nil {
		return nil, r.err
	}
	next := o.Find("TheNextSlot")
	if rest.Void(next) || string(next) == "false" {
		switch {
		case len(o) > 0 && next == nil && searched < 0 && rest.Void(o.Find("ProviderID")):
			return nil, errors.New("the answer does not speak of a next slot")
		case searched >= 0 && searched < window:
			return nil, fmt.Errorf("only %d days were searched", searched)
		}
		return nil, nil
	}
	inner, err := rest.ParseObject(next)
	if err != nil {
		return nil, errors.New("the next slot is not a record")
	}
	return decodeFound(inner, id, minutes)
}

func decodeFound(o rest.Object, id ID, minutes int) (*Slot, error) {
	r := reader{o: o}
	r.same(Slot{Provider: id, Duration: minutes}, false)
	d, dated := r.date("Date")
	t, timed := r.clock("Time")
	if !dated {
		r.complain("Date", "a date YYYY-MM-DD")
	}
	if !timed {
		r.complain("Time", "a time HH:MM:SS")
	}
	if r.err != nil {
		return nil, r.err
	}
	return &Slot{Provider: id, Date: d, Time: t, Duration: minutes}, nil
}

func compareTimes(a, b civil.Time) int {
	return seconds(a) - seconds(b)
}

func seconds(t civil.Time) int { return (t.Hour*60+t.Minute)*60 + t.Second }
