package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
)

// seeking completes the flags of a search, of a check and of a hold.
var seeking = map[string]ids{
	"provider": anyProvider, "minutes": usualLengths, "type": usualTypes, "person": somebody,
	"weekday": fixed("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}

// anyProvider completes a flag that names providers.
func anyProvider(r *run, _ []string) ([]string, error) {
	all, err := r.to.EMR.Providers(r.ctx)
	var found []string
	for _, p := range all {
		found = append(found, hinted(string(p.ID), named(p)))
	}
	return found, err
}

func usualLengths(r *run, _ []string) ([]string, error) {
	var found []string
	for _, n := range r.Profile.Durations {
		found = append(found, strconv.Itoa(n))
	}
	return found, nil
}

func usualTypes(r *run, _ []string) ([]string, error) { return r.Profile.VisitTypes, nil }

// slotIDs completes a provider, then the day of the next opening, then that
// day's times.
func slotIDs(r *run, args []string) ([]string, error) {
	if len(args) == 0 {
		return anyProvider(r, nil)
	}
	now := civil.DateTimeOf(time.Now().In(r.Profile.Zone))
	q := booking.Query{Providers: []naturaesoft.Provider{{ID: naturaesoft.ID(args[0])}}, Duration: r.minutesOr(0),
		From: now.Date, Days: 366, Now: now}
	how := booking.NextForAll
	if len(args) == 2 {
		how, q.Days = booking.Search, 1
		var err error
		if q.From, err = day(args[1], now.Date); err != nil {
			return nil, err
		}
	}
	return r.openTimes(len(args), q, how)
}

func (r *run) openTimes(given int, q booking.Query, how searcher) ([]string, error) {
	if given > 2 || !q.Providers[0].ID.Valid() || len(q.Check(q.Now)) > 0 {
		return nil, nil
	}
	var found []string
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	err := how(ctx, r.to.EMR, q, func(e booking.Event) {
		for _, o := range e.Openings {
			found = append(found, map[int]string{1: o.Date.String(), 2: hhmm(o.Time)}[given])
		}
	})
	return distinct(found, func(s string) string { return s }), err
}
