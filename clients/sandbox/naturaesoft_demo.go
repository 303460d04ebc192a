package sandbox

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/golang-sql/civil"
)

// demo plays those who work in the EMR itself: what a coded line in a
// prospect's notes asks for is typed into the schedule a while later, what
// another line calls off is taken out again, and about once a minute another
// desk takes a free time for a visit of its own. It works by the real clock.
//
// All of it is guarded by the practice's lock.
type demo struct {
	emr    *naturaesoft
	after  time.Duration
	agenda []errand
	orders map[string]*order // by the code of the line
	other  dice
	taking time.Time     // when the other desk is next
	wake   chan struct{} // the agenda has become longer
}

// An order is a visit some line asked for.
type order struct {
	visit
	off bool // called off; nothing more is done about it
}

// An errand is a line somebody has read and will act on.
type errand struct {
	due time.Time
	*order
	cancel bool
}

func newDemo(emr *naturaesoft, after time.Duration) *demo {
	return &demo{
		emr: emr, after: after,
		orders: map[string]*order{},
		other:  roll(streamOtherDesk, 0),
		wake:   make(chan struct{}, 1),
	}
}

var (
	// A request, for example:
	// [FD 7K3Q] REQ 2026-03-10 09:00 30m prov=1 type=FOLLOWUP by maria@desk2
	requestLine = pattern(`(?m)^\s*\[FD ([0-9A-Z]{4,})\] REQ (\d{4}-\d\d-\d\d) (\d\d:\d\d) (\d{1,3})m prov=(\d+)(?: type=(\S+))?(?:\s|$)`)
	cancelLine  = pattern(`(?m)^\s*\[FD ([0-9A-Z]{4,})\] CXL(?:\s|$)`)
)

// pattern is compiled when it is first looked for: most programs never do.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// unnamedVisit is the type of a visit whose line names none.
const unnamedVisit = "FOLLOWUP"

// notice reads the notes somebody saved. Lines seen before mean nothing new.
// The practice's lock is held by the caller.
func (d *demo) notice(notes string) {
	due := time.Now().Add(d.after)
	for _, m := range requestLine().FindAllStringSubmatch(notes, -1) {
		code := m[1]
		if d.orders[code] != nil {
			continue
		}
		v, ok := d.emr.requested(m[2], m[3], m[4], m[5], m[6])
		d.orders[code] = &order{visit: v, off: !ok}
		if ok {
			d.agenda = append(d.agenda, errand{due: due, order: d.orders[code]})
		}
	}
	for _, m := range cancelLine().FindAllStringSubmatch(notes, -1) {
		if o := d.orders[m[1]]; o != nil && !o.off {
			o.off = true
			d.agenda = append(d.agenda, errand{due: due, order: o, cancel: true})
		}
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// requested reads the parts of a request line. A line nobody could act on is
// passed over.
func (n *naturaesoft) requested(date, at, minutes, provider, kind string) (visit, bool) {
	id, _ := strconv.Atoi(provider)
	length, _ := strconv.Atoi(minutes)
	if kind == "" {
		kind = unnamedVisit
	}
	v, err := n.entry(id, date, at, length, kind)
	return v, err == nil
}

// run acts on what is due until the context ends.
func (d *demo) run(ctx context.Context) {
	for {
		timer := time.NewTimer(time.Until(d.tick(time.Now())))
		select {
		case <-timer.C:
		case <-d.wake:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// tick does everything due by now and returns when there is something to do
// next.
func (d *demo) tick(now time.Time) time.Time {
	d.emr.mu.Lock()
	defer d.emr.mu.Unlock()
	d.act(func(e errand) bool { return !e.due.After(now) })
	switch {
	case d.taking.IsZero():
		d.taking = now.Add(d.interval())
	case !d.taking.After(now):
		d.takeOne()
		d.taking = now.Add(d.interval())
	}
	next := d.taking
	for _, e := range d.agenda {
		if e.due.Before(next) {
			next = e.due
		}
	}
	return next
}

// act runs those errands whose time has come, in the order they were noticed.
func (d *demo) act(due func(errand) bool) {
	d.agenda = slices.DeleteFunc(d.agenda, func(e errand) bool {
		if !due(e) {
			return false
		}
		book := d.emr.book
		switch {
		case e.cancel:
			book.remove(e.id)
		case !e.off && book.free(e.provider, e.date, e.span):
			e.order.id = book.add(e.visit)
		}
		return true
	})
}

// interval is about a minute.
func (d *demo) interval() time.Duration {
	return time.Duration(45+d.other.pick(31)) * time.Second
}

// takeOne enters another desk's visit within the next five days.
func (d *demo) takeOne() {
	const tries = 20 // the days and providers drawn may be full
	now := d.emr.srv.local()
	for range tries {
		provider := 1 + d.other.pick(len(d.emr.providers.rows))
		date := now.Date.AddDays(d.other.pick(6))
		found := d.emr.book.slots(provider, date, 30, now)
		if len(found) == 0 {
			continue
		}
		at := oneOf(&d.other, found)
		d.emr.book.add(visit{provider: provider, date: date, span: span{at, at + 30}, kind: unnamedVisit})
		return
	}
}

// entry reads a visit as people write one: time as HH:MM or HH:MM:SS.
func (n *naturaesoft) entry(provider int, date, at string, minutes int, kind string) (visit, error) {
	day, err := civil.ParseDate(date)
	if err != nil {
		return visit{}, refusal{400, "date must be given as YYYY-MM-DD."}
	}
	from, err := minuteOfDay(at, "15:04")
	if err != nil {
		from, err = minuteOfDay(at, "15:04:05")
	}
	if err != nil {
		return visit{}, refusal{400, "time must be given as HH:MM."}
	}
	if _, ok := n.providers.at(provider); !ok {
		return visit{}, refusal{400, "provider names no provider of this practice."}
	}
	if minutes < 1 || minutes > maxDuration {
		return visit{}, refusal{400, "minutes must be from 1 to 480."}
	}
	return visit{provider: provider, date: day, span: span{from, from + minutes}, kind: kind}, nil
}
