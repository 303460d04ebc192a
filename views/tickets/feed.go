package tickets

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

const (
	// pollEvery is the least time between two readings of one system's list
	// that nobody asked for.
	pollEvery = connect4healthcare.PollEvery
	// pollSpread is added at random, so that desks do not ask all at once.
	pollSpread = 15 * time.Second
	// tickEvery is how often it is looked whether something is due. It asks no
	// vendor by itself.
	tickEvery = 15 * time.Second
	// peekMost is how many conversations are read after a reading of the lists:
	// those on top, one after the other.
	peekMost = 20
)

// feed is one system's list: what it said last, and how it is doing.
type feed struct {
	v      *View
	source tickets.Source
	call   *ui.Call[listed]
	err    error
	good   time.Time // end of the last good reading
	due    time.Time // no reading by itself before
	wanted bool      // somebody waits for the reading under way
	last   map[tickets.Key]*tickets.Ticket
}

// listed is what one reading of a list brought, compared with the one before
// outside of Update: what did not change costs nothing there.
type listed struct {
	all       map[tickets.Key]*tickets.Ticket // never changed
	changed   []*tickets.Ticket
	gone      []tickets.Key
	residents map[string]connect4healthcare.Resident // nil: as before
}

type tickMsg struct{}

func (v *View) newFeeds() []*feed {
	var all []*feed
	for _, source := range []tickets.Source{tickets.Care, tickets.EMR} {
		if source == tickets.Care && v.care == nil || source == tickets.EMR && v.emr == nil {
			continue
		}
		all = append(all, &feed{v: v, source: source, call: ui.NewCall[listed](v.env, "list tickets")})
	}
	return all
}

// feed is the one of a source, nil if the practice does not use it.
func (v *View) feed(s tickets.Source) *feed {
	for _, f := range v.feeds {
		if f.source == s {
			return f
		}
	}
	return nil
}

// load reads the list anew, whatever the time.
func (f *feed) load() tea.Cmd {
	v := f.v
	f.due = v.env.Now().Add(pollEvery + v.jitter())
	reading, last := v.read, f.last
	if f.source == tickets.EMR {
		emr := v.emr
		return f.call.Latest(func(ctx ctx) (listed, error) {
			all, err := emr.Tickets(ctx)
			return compared(last, converted(all, reading.FromEMR)), err
		})
	}
	care, known := v.care, v.residents
	return f.call.Latest(func(ctx ctx) (listed, error) {
		now, people, err := careList(ctx, care, reading, known)
		l := compared(last, now)
		l.residents = people
		return l, err
	})
}

// compared tells what differs between two readings.
func compared(last map[tickets.Key]*tickets.Ticket, now []*tickets.Ticket) listed {
	l := listed{all: make(map[tickets.Key]*tickets.Ticket, len(now))}
	for _, t := range now {
		l.all[t.Key] = t
		if old, ok := last[t.Key]; !ok || differ(old, t) {
			l.changed = append(l.changed, t)
		}
	}
	for k := range last {
		if _, there := l.all[k]; !there {
			l.gone = append(l.gone, k)
		}
	}
	return l
}

func differ(a, b *tickets.Ticket) bool {
	return a.Stamp != b.Stamp || a.Person != b.Person || a.Subject != b.Subject || a.Urgency != b.Urgency
}

func (v *View) jitter() time.Duration {
	chance := v.opt.Jitter
	if chance == nil {
		chance = rand.Float64
	}
	return time.Duration(chance() * float64(pollSpread))
}

func converted[T any](all []T, one func(T) *tickets.Ticket) []*tickets.Ticket {
	out := make([]*tickets.Ticket, len(all))
	for i, t := range all {
		out[i] = one(t)
	}
	return out
}

// careList lists tickets with the names of those they are about. The residents
// are read again only when a ticket is about an unknown one; a list without
// names is better than none.
func careList(ctx ctx, care Care, reading tickets.Reading, known map[string]connect4healthcare.Resident) ([]*tickets.Ticket, map[string]connect4healthcare.Resident, error) {
	all, err := care.Tickets(ctx)
	if err != nil {
		return nil, nil, err
	}
	now := converted(all, reading.FromCare)
	var read map[string]connect4healthcare.Resident
	unknown := func(t *tickets.Ticket) bool { _, ok := known[t.Resident]; return !ok }
	if slices.ContainsFunc(now, unknown) {
		if people, err := care.Residents(ctx); err == nil {
			read = make(map[string]connect4healthcare.Resident, len(people))
			for _, r := range people {
				read[r.ID.String()] = r
			}
			known = read
		}
	}
	for i, t := range now {
		if r, ok := known[t.Resident]; ok {
			now[i] = t.With(nil, time.Time{}, r.Name())
		}
	}
	return now, read, nil
}

// listed takes a reading: only what changed touches the board.
func (v *View) listed(r ui.Result[listed]) tea.Cmd {
	i := slices.IndexFunc(v.feeds, func(f *feed) bool { return f.call.Accept(r) })
	if i < 0 {
		return nil
	}
	f := v.feeds[i]
	f.err, f.wanted = r.Err, false
	if r.Err != nil {
		v.board.said()
		return nil
	}
	f.good = v.env.Now()
	if r.Value.residents != nil {
		v.residents = r.Value.residents
	}
	f.last = r.Value.all
	changed, noted := v.merge(r.Value)
	v.board.patch(changed, r.Value.gone)
	v.board.begin()
	return tea.Batch(noted, v.peekOn(), v.detail.keepUp())
}

// merge puts a reading into what is known and tells what differs on the board:
// a ticket that was read by itself meanwhile may be there already.
func (v *View) merge(l listed) (changed []*tickets.Ticket, cmd tea.Cmd) {
	var cmds []tea.Cmd
	for _, t := range l.changed {
		if old, ok := v.base[t.Key]; ok && !differ(old, t) {
			continue
		}
		v.base[t.Key] = t
		changed = append(changed, v.compose(t.Key))
		cmds = append(cmds, v.ownChange(t))
	}
	for _, k := range l.gone {
		delete(v.base, k)
		delete(v.all, k)
		delete(v.talks, k)
	}
	return changed, tea.Batch(cmds...)
}

// touched remembers that this desk is about to change a ticket it has read: the
// vendor's sign of that change is no news here.
func (v *View) touched(k tickets.Key) {
	if t := v.all[k]; t != nil && !v.unread(t) {
		v.own[k] = v.env.Now()
	}
}

// ownChange marks a ticket as read that changed only when this desk wrote to
// it.
func (v *View) ownChange(t *tickets.Ticket) tea.Cmd {
	at, ok := v.own[t.Key]
	if !ok {
		return nil
	}
	delete(v.own, t.Key)
	if t.Updated.Sub(at).Abs() > ownWithin {
		return nil
	}
	l := v.notes.Looks[t.Key]
	l.Stamp = t.Digest()
	v.notes.Looks[t.Key] = l
	k := t.Key
	return v.note(func(ctx ctx, m *tickets.Memory) error { return m.Saw(ctx, k, l) })
}

// ownWithin is how far apart our clock and a vendor's may say one change was,
// its undo window included.
const ownWithin = time.Minute

// compose makes the ticket as it is shown out of all that is known of it.
func (v *View) compose(k tickets.Key) *tickets.Ticket {
	t, ok := v.base[k]
	if !ok {
		return nil
	}
	talk, answered := v.talks[k], v.notes.Answers[k]
	if talk != nil || !answered.IsZero() {
		t = t.With(talk, answered, t.Person)
	}
	if m, ok := v.moving[k]; ok {
		t = t.Moved(safe.Line(m.to))
	}
	v.all[k] = t
	return t
}

// redo composes a ticket again and shows it.
func (v *View) redo(k tickets.Key) {
	if t := v.compose(k); t != nil {
		v.board.patch([]*tickets.Ticket{t}, nil)
	}
}

// tick looks whether something is due. While nobody looks nothing is.
func (v *View) tick() tea.Cmd {
	cmds := []tea.Cmd{v.env.After(tickEvery, tickMsg{})}
	if v.env.Watched(v) {
		for _, f := range v.feeds {
			if !f.call.Out() && !v.env.Now().Before(f.due) {
				cmds = append(cmds, f.load())
			}
		}
		if renewed := v.renew(); renewed != nil { // and then they are read
			cmds = append(cmds, renewed)
		} else {
			cmds = append(cmds, v.readClaims())
		}
	}
	return tea.Batch(cmds...)
}

// reload asks both systems again because somebody wants it.
func (v *View) reload() tea.Cmd {
	var cmds []tea.Cmd
	for _, f := range v.feeds {
		f.wanted = true
		cmds = append(cmds, f.load())
	}
	return tea.Batch(append(cmds, v.readClaims())...)
}

// state is a line about one system: how old its rows are and what is wrong.
func (f *feed) state() (line string, bad bool) {
	at := f.good.In(f.v.env.Zone).Format("15:04")
	switch {
	case f.err != nil && f.good.IsZero():
		return rest.UserMessage(f.err), true
	case f.err != nil:
		return fmt.Sprintf("%s rows as of %s. %s", f.source.Badge(), at, rest.UserMessage(f.err)), true
	case f.good.IsZero():
		return f.source.Vendor() + ": asking...", false
	case f.wanted:
		return fmt.Sprintf("%s as of %s, asking again...", f.source.Vendor(), at), false
	}
	return fmt.Sprintf("%s as of %s", f.source.Vendor(), at), false
}
