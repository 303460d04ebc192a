package slots

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/booking"
	"frontdesk/ui"
)

// start asks for openings by the present criteria. Asked again, the rows stay
// until there are newer ones; other criteria begin with an empty list.
func (f *finder) start() tea.Cmd {
	if len(f.v.providers) == 0 {
		return f.v.loadProviders()
	}
	q := f.what.query(f.v)
	f.asked, f.total, f.failed, f.none, f.lastErr = 0, 0, nil, nil, nil
	f.until, f.stopped = civil.Date{}, false
	f.searches++
	f.fresh = true
	if !f.keep {
		f.moved, f.answered = false, time.Time{}
		f.table.Set(nil)
	}
	f.keep = false
	f.table.SetLoading("asking the providers...")
	emr, next := f.v.emr, f.what.next
	return tea.Batch(f.v.env.After(settling, restedMsg{f.searches}), f.readHolds(),
		f.search.Start(func(ctx ctx, emit func(booking.Event)) error {
			if next {
				return booking.NextForAll(ctx, emr, q, emit)
			}
			return booking.Search(ctx, emr, q, emit)
		}))
}

func (f *finder) readHolds() tea.Cmd {
	book, today := f.v.book, f.v.now().Date
	return f.holds.Latest(func(ctx ctx) ([]booking.Booking, error) { return book.Holds(ctx, today, today.AddDays(maxDays)) })
}

// arrived lays a batch of answers into the table.
func (f *finder) arrived(b ui.Batch[booking.Event]) tea.Cmd {
	ok, more := f.search.Accept(b)
	if !ok {
		return nil
	}
	for _, e := range b.Items {
		f.asked, f.total, f.until = e.Answered, e.Total, e.Until
		f.table.Upsert(f.rows(e.Openings)...)
		if e.Err == nil {
			f.answered = f.v.env.Now()
			if f.what.next && len(e.Openings) == 0 {
				f.none = append(f.none, e.Provider)
			}
		} else if !errors.Is(e.Err, errCancelled) {
			f.fault(e)
		}
	}
	if !f.moved {
		f.table.Top()
	}
	if b.Done {
		f.ended(b.Err)
		return f.v.lookBack()
	}
	return more
}

// fault notes once per provider that it could not be asked.
func (f *finder) fault(e booking.Event) {
	f.lastErr = e.Err
	if !slices.ContainsFunc(f.failed, func(p naturaesoft.Provider) bool { return p.ID == e.Provider.ID }) {
		f.failed = append(f.failed, e.Provider)
	}
}

// ended brings the list to rest: by time, and without what this search did not
// find again. Only rows of providers that did not answer stay, and their age is
// said. Days that were not asked for in full go.
func (f *finder) ended(err error) {
	if err != nil && f.lastErr == nil {
		f.lastErr = err
	}
	old, at := false, row{}
	if f.moved {
		at, _ = f.table.Selected()
	}
	cut := !f.until.IsZero() && !at.Date.After(f.until) // not a row somebody chose
	rows := slices.DeleteFunc(slices.SortedFunc(slices.Values(f.table.Rows()), byTime), func(r row) bool {
		if r.search == f.searches {
			return cut && r.Date.After(f.until)
		}
		kept := err != nil || slices.ContainsFunc(f.failed, func(p naturaesoft.Provider) bool { return p.ID == r.Provider.ID })
		old = old || kept
		return !kept
	})
	f.table.Set(rows)
	switch {
	case f.lastErr != nil:
		f.table.SetFailed(rest.UserMessage(f.lastErr))
	default:
		f.table.SetEmpty("No free time " + f.what.words(f.v) + ". Press f to widen the search.")
	}
	if old {
		f.table.SetStale("some rows are from an earlier answer, see their age")
	}
}

// named names providers, or counts them.
func (f *finder) named(some []naturaesoft.Provider) string {
	if len(some) > 2 {
		return fmt.Sprintf("%d of %d providers", len(some), len(f.what.asked(f.v)))
	}
	names := make([]string, len(some))
	for i, p := range some {
		names[i] = titled(p)
	}
	slices.Sort(names) // answers come in any order
	return strings.Join(names, "; ")
}

// stop ends a running search, or else gives up moving a visit.
func (f *finder) stop() tea.Cmd {
	switch {
	case f.search.Out():
		f.search.Cancel()
		f.stopped = true
		f.ended(errCancelled)
		f.table.SetFailed("")
		return f.v.env.Say("Stopped asking. The rows that came stay; press r to ask again.")
	case f.instead != nil:
		return f.keepHold()
	case f.moving != nil:
		f.moving = nil
		return f.v.env.Say("The visit keeps its time.")
	case f.v.next.ID != "":
		f.v.next = naturaesoft.Prospect{}
		return f.v.env.Say("The next time you hold is for nobody yet.")
	}
	return nil
}

// keepHold goes back to the hold that gets no other time.
func (f *finder) keepHold() tea.Cmd {
	b := *f.instead
	f.instead, f.moving = nil, nil
	var cmds []tea.Cmd
	if f.v.visit.b.ID != b.ID {
		cmds = append(cmds, f.v.visit.show(b), f.v.list.reload())
	}
	if f.v.Open(f.v.visit); b.State == booking.Held {
		cmds = append(cmds, f.v.env.Say("You keep the time you hold."))
	}
	return tea.Batch(cmds...)
}

// Waiting keeps back what acts on a row while the list comes to rest: before
// there are any rows, and as long as nobody could have read them. Everything
// else works at once.
func (f *finder) Waiting(msg tea.Msg) bool {
	k, t := f.v.keys, f.table
	if !f.search.Out() && !f.v.load.Out() || !f.fresh && len(t.Rows()) > 0 {
		return false
	}
	return t.Filtering() || !key.Matches(ui.Pressed(msg), k.Find, k.Next, k.Shorter, k.Longer, k.Book, k.Again, k.Stop)
}

// settling is how long the rows of a new search move about before keys count for
// them: nobody reads and acts faster.
const settling = 400 * time.Millisecond

// restedMsg ends that time.
type restedMsg struct{ gen int }

// providersLoaded starts the first search.
func (v *View) providersLoaded(r ui.Result[[]naturaesoft.Provider]) tea.Cmd {
	if !v.load.Accept(r) {
		return nil
	}
	if r.Err != nil {
		v.find.table.SetFailed(rest.UserMessage(r.Err))
		return v.lookBack()
	}
	v.providers = r.Value
	return v.find.start()
}
