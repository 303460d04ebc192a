package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
)

// opening is a free time, for both forms of output.
type opening struct {
	Provider     string `json:"provider" head:"id"`
	ProviderName string `json:"provider_name" head:"provider"`
	Date         string `json:"date" head:"date"`
	Time         string `json:"time" head:"time"`
	Minutes      int    `json:"minutes" head:"minutes"`
	HeldBy       string `json:"held_by" head:"held by"`
	AsOf         moment `json:"as_of"`
}

func (s *suite) slots() *cobra.Command {
	return group("slots", "Find, hold, request and follow visits",
		"frontdesk slots next\nfrontdesk slots list --from +1 --days 7 --after 13:00\nfrontdesk slots hold 2 2026-03-10 09:00 --type NEW\n"+
			"frontdesk slots request 7K3Q --person 1042 --dry-run\nfrontdesk slots reconcile",
		s.slotsNext(), s.slotsList(), s.slotsCheck(), s.slotsHold(), s.slotsRequest(), s.slotsBook(), s.slotsReconcile())
}

// seek are the flags of a search.
type seek struct {
	providers           []string
	minutes, days       int
	from, after, before string
	weekdays            []string
	limit               int
}

func (k *seek) flags(c *cobra.Command) {
	c.Flags().StringSliceVarP(&k.providers, "provider", "p", nil, "only the providers with these `ids`: 1,2")
	length(c, &k.minutes)
}

// length is the flag of a visit's length.
func length(c *cobra.Command, minutes *int) {
	c.Flags().IntVarP(minutes, "minutes", "m", 0, "length of the visit in `minutes`; 0: the first of the profile's durations")
}

// minutesOr is the length given, or the profile's usual one.
func (r *run) minutesOr(given int) int {
	if given == 0 && len(r.Profile.Durations) > 0 {
		return r.Profile.Durations[0]
	}
	return given
}

// query is what is searched for, checked.
func (r *run) query(k seek, book *booking.Book) (booking.Query, error) {
	q := booking.Query{Duration: r.minutesOr(k.minutes), From: book.Today(), Days: k.days, Limit: k.limit,
		Parallel: r.Profile.Naturaesoft.Parallel, Now: book.Now()}
	all, err := r.to.EMR.Providers(r.ctx)
	if err != nil {
		return q, err
	}
	if q.Providers, err = chosen(all, k.providers); err != nil {
		return q, err
	}
	if k.from != "" {
		if q.From, err = day(k.from, book.Today()); err != nil {
			return q, err
		}
	}
	for _, at := range []struct {
		text string
		to   *civil.Time
	}{{k.after, &q.After}, {k.before, &q.Before}} {
		if at.text != "" {
			if *at.to, err = clock(at.text); err != nil {
				return q, err
			}
		}
	}
	for _, name := range k.weekdays {
		d, err := weekday(name)
		if err != nil {
			return q, err
		}
		q.Weekdays = append(q.Weekdays, d)
	}
	if bad := q.Check(q.Now); len(bad) > 0 {
		field := slices.Sorted(maps.Keys(bad))[0]
		return q, Usage(errors.New(bad[field]))
	}
	return q, nil
}

// chosen are the providers of the ids, or all.
func chosen(all []naturaesoft.Provider, ids []string) ([]naturaesoft.Provider, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var some []naturaesoft.Provider
	for _, id := range ids {
		i := slices.IndexFunc(all, func(p naturaesoft.Provider) bool { return string(p.ID) == id })
		if i < 0 {
			return nil, Usage(fmt.Errorf("there is no provider %q: see frontdesk slots next", id))
		}
		some = append(some, all[i])
	}
	return some, nil
}

const whoFails = "Where the EMR does not answer for a provider the others' are written, and it does not end with 0."

func (s *suite) slotsNext() *cobra.Command {
	var k seek
	return s.command(deed{
		use: "next", short: "The next opening of every provider", json: shape[opening]("openings", true), flags: k.flags, values: seeking,
		long: "next writes the next opening of every provider, and says who has none within a year. " + whoFails,
		do:   func(r *run, _ []string) error { return r.search(k, booking.NextForAll, true) },
	})
}

func (s *suite) slotsList() *cobra.Command {
	var k seek
	return s.command(deed{
		use: "list", short: "Openings day by day", json: shape[opening]("openings", true), values: seeking,
		long:    "list writes openings day by day. " + whoFails,
		example: "frontdesk slots list --from +1 --days 7 --after 13:00 --weekday mon,thu --limit 20",
		flags: func(c *cobra.Command) {
			k.flags(c)
			c.Flags().StringVar(&k.from, "from", "", "the first `day`: YYYY-MM-DD, today or +3")
			c.Flags().IntVar(&k.days, "days", 14, "so many `days`, from 1 to 366")
			c.Flags().StringVar(&k.after, "after", "", "starts at this `time` or later: HH:MM")
			c.Flags().StringVar(&k.before, "before", "", "starts before this `time`: HH:MM")
			c.Flags().StringSliceVar(&k.weekdays, "weekday", nil, "only on these `days`: mon,tue,wed,thu,fri,sat,sun")
			c.Flags().IntVar(&k.limit, "limit", 50, "a `number` of openings that is enough; 0: all")
		},
		do: func(r *run, _ []string) error {
			if k.days == 0 {
				return Usage(errors.New("--days wants a number from 1 to 366"))
			}
			return r.search(k, booking.Search, false)
		},
	})
}

type searcher func(context.Context, booking.Finder, booking.Query, func(booking.Event)) error

// search asks, tells of providers that failed or, when each is asked for the
// next one, have none, and writes what was found.
func (r *run) search(k seek, how searcher, next bool) error {
	book, err := r.ledger()
	if err != nil {
		return err
	}
	q, err := r.query(k, book)
	if err != nil {
		return err
	}
	var found []booking.Opening
	failed := map[naturaesoft.ID]error{}
	var none []naturaesoft.Provider
	answers := 0
	err = how(r.ctx, r.to.EMR, q, func(e booking.Event) {
		found = append(found, e.Openings...)
		switch {
		case e.Err != nil:
			failed[e.Provider.ID] = e.Err
		case next && len(e.Openings) == 0:
			none = append(none, e.Provider)
			answers++
		default:
			answers++
		}
		r.progress("asked %d of %d, %d openings", e.Answered, e.Total, len(found))
	})
	r.over()
	if err != nil {
		return err
	}
	slices.SortFunc(found, booking.Order)
	for _, p := range q.Providers {
		if failed[p.ID] != nil {
			r.say("%s: %s", p.Name, Sentence(failed[p.ID]))
			err = failed[p.ID]
		}
	}
	for _, p := range none {
		r.say("%s: no opening within a year.", named(p))
	}
	if answers == 0 && err != nil {
		return err
	}
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	r.limited(len(found), q.Limit)
	if err != nil {
		err = &partly{fmt.Sprintf("%d of %d providers", len(failed), len(q.Providers)), err}
	}
	return errors.Join(r.openings(book, found), err)
}

// openings writes what is free, with who holds what of it.
func (r *run) openings(book *booking.Book, found []booking.Opening) error {
	var held []booking.Booking
	unsaid := "" // of a time that nobody is known to hold
	if len(found) > 0 {
		var err error
		held, err = book.Holds(r.ctx, found[0].Date, found[len(found)-1].Date)
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		if err != nil {
			unsaid = "not known"
			r.say("Who holds what is not known. %s", Sentence(err))
		}
	}
	var rows []opening
	for _, o := range found {
		row := opening{string(o.Provider.ID), named(o.Provider), o.Date.String(), hhmm(o.Time), o.Duration, unsaid, stamp(o.AsOf)}
		for _, b := range held {
			if b.Provider == o.Provider.ID && b.Start().Before(end(o)) && o.Start().Before(b.End()) {
				row.HeldBy = b.Owner.String()
			}
		}
		rows = append(rows, row)
	}
	return list(r, "openings", rows)
}

func end(o booking.Opening) civil.DateTime {
	return booking.Booking{Date: o.Date, Time: o.Time, Duration: o.Duration}.End()
}

// named is a provider with the title.
func named(p naturaesoft.Provider) string {
	if p.Title.Empty() {
		return p.Name.String()
	}
	return p.Name.String() + ", " + p.Title.String()
}

// slot is the opening that three arguments name.
func (r *run) slot(args []string, minutes int) (booking.Opening, error) {
	book, err := r.ledger()
	if err != nil {
		return booking.Opening{}, err
	}
	o := booking.Opening{Duration: r.minutesOr(minutes), AsOf: time.Now()}
	if o.Date, err = day(args[1], book.Today()); err != nil {
		return o, err
	}
	if o.Time, err = clock(args[2]); err != nil {
		return o, err
	}
	if !naturaesoft.ID(args[0]).Valid() {
		return o, Usage(errors.New("the id of a provider has letters, digits, - and _ only"))
	}
	o.Provider, err = r.to.EMR.Provider(r.ctx, naturaesoft.ID(args[0]))
	return o, err
}

const slotArgs = "<provider> <date> <time>"

func (s *suite) slotsCheck() *cobra.Command {
	var minutes int
	type answer struct {
		Provider string `json:"provider" head:"provider"`
		Date     string `json:"date" head:"date"`
		Time     string `json:"time" head:"time"`
		Minutes  int    `json:"minutes" head:"minutes"`
		Free     bool   `json:"free" head:"free"`
	}
	return s.command(deed{
		use: "check " + slotArgs, short: "Ask the EMR whether a time is free", args: cobra.ExactArgs(3),
		long: "check asks the EMR whether a time is free. It ends with 0 when it is, with 1 when it is not.",
		json: shape[answer]("check", false), flags: func(c *cobra.Command) { length(c, &minutes) }, ids: slotIDs, values: seeking,
		do: func(r *run, args []string) error {
			o, err := r.slot(args, minutes)
			if err != nil {
				return err
			}
			free, err := r.to.EMR.Check(r.ctx, o.Provider.ID, o.Date, o.Time, o.Duration)
			if err != nil {
				return err
			}
			err = one(r, "check", "", answer{string(o.Provider.ID), o.Date.String(), hhmm(o.Time), o.Duration, free})
			if err == nil && !free {
				err = errTaken
			}
			return err
		},
	})
}

var errTaken error = &takenError{}

// takenError is the answer no.
type takenError struct{}

func (*takenError) Error() string { return "the time is not free" }

// UserMessage says it.
func (*takenError) UserMessage() string { return "The EMR says that this time is not free." }
