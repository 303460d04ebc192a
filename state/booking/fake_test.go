package booking

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
	"frontdesk/state/store/pgtest"
)

func TestMain(m *testing.M) {
	switch os.Getenv("BOOKING_TEST_CHILD") {
	case "claims":
		claimChild()
	case "crash":
		crashChild()
	default:
		goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { pgtest.StopShared(); os.Exit(code) }))
	}
}

// fakeEMR is an EMR in memory. Every call can be made to fail before or after
// it took effect.
type fakeEMR struct {
	mu     sync.Mutex
	days   map[naturaesoft.ID]map[civil.Date][]naturaesoft.Visit
	people map[naturaesoft.ID]naturaesoft.Prospect
	tags   []naturaesoft.Tag
	has    map[naturaesoft.ID][]naturaesoft.ID // tags of people
	calls  map[string]int
	puts   int // prospect writes that took effect
	ranges []string

	before func(op string) error // nil error: the call goes on
	after  func(op string) error // it took effect; the answer is this
}

func newFake() *fakeEMR {
	return &fakeEMR{
		days: map[naturaesoft.ID]map[civil.Date][]naturaesoft.Visit{},
		people: map[naturaesoft.ID]naturaesoft.Prospect{
			"55": {ID: "55", LastName: safe.Line("Example"), Notes: safe.Paragraphs("Allergy: none\r\nsecond line")},
			"56": {ID: "56", LastName: safe.Line("Sample")},
		},
		tags:  []naturaesoft.Tag{{ID: "9", Name: safe.Line("Appointment Requested")}},
		has:   map[naturaesoft.ID][]naturaesoft.ID{},
		calls: map[string]int{},
	}
}

// do counts a call, runs its effect and its faults.
func (f *fakeEMR) do(ctx context.Context, op string, effect func()) error {
	if f.before != nil {
		if err := f.before(op); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return &rest.Error{Vendor: "EMR", Op: op, Kind: rest.KindCancelled, Phase: rest.NotSent}
	}
	f.mu.Lock()
	f.calls[op]++
	effect()
	f.mu.Unlock()
	if f.after != nil {
		return f.after(op)
	}
	return nil
}

func (f *fakeEMR) count(op string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[op]
}

// put types a visit into the schedule, the way the EMR operator does.
func (f *fakeEMR) put(provider, id, day, at string, minutes int, kind string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.days[naturaesoft.ID(provider)] == nil {
		f.days[naturaesoft.ID(provider)] = map[civil.Date][]naturaesoft.Visit{}
	}
	d := date(day)
	f.days[naturaesoft.ID(provider)][d] = append(f.days[naturaesoft.ID(provider)][d], naturaesoft.Visit{
		ID: naturaesoft.ID(id), Time: tod(at), Duration: minutes, Type: safe.Line(kind), Booked: true})
}

// remove takes a visit off every schedule.
func (f *fakeEMR) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, days := range f.days {
		for d := range days {
			days[d] = slices.DeleteFunc(days[d], func(v naturaesoft.Visit) bool { return string(v.ID) == id })
		}
	}
}

func (f *fakeEMR) Schedule(ctx context.Context, id naturaesoft.ID, from, to civil.Date, _ string) (naturaesoft.Schedule, error) {
	s := naturaesoft.Schedule{Start: from, End: to, Days: map[civil.Date][]naturaesoft.Visit{}}
	err := f.do(ctx, "schedule "+string(id), func() {
		f.ranges = append(f.ranges, string(id)+" "+from.String()+" "+to.String())
		for d, visits := range f.days[id] {
			if !d.Before(from) && !d.After(to) {
				s.Days[d] = slices.Clone(visits)
			}
		}
	})
	return s, err
}

func (f *fakeEMR) Check(ctx context.Context, id naturaesoft.ID, d civil.Date, t civil.Time, minutes int) (bool, error) {
	free := true
	err := f.do(ctx, "check", func() {
		start := civil.DateTime{Date: d, Time: t}
		for _, v := range f.days[id][d] {
			at := civil.DateTime{Date: d, Time: v.Time}
			if at.Before(plus(start, minutes)) && start.Before(plus(at, v.Duration)) {
				free = false
			}
		}
	})
	return free && err == nil, err
}

func (f *fakeEMR) Slots(context.Context, naturaesoft.ID, civil.Date, int) ([]civil.Time, error) {
	return nil, errors.New("not used here")
}

func (f *fakeEMR) NextSlot(context.Context, naturaesoft.ID, int, int) (naturaesoft.Slot, bool, error) {
	return naturaesoft.Slot{}, false, errors.New("not used here")
}

func (f *fakeEMR) Reread(ctx context.Context, p naturaesoft.Prospect) (naturaesoft.Prospect, error) {
	var got naturaesoft.Prospect
	var ok bool
	err := f.do(ctx, "reread", func() { got, ok = f.people[p.ID] })
	if err == nil && !ok {
		err = &rest.Error{Vendor: "EMR", Op: "reread", Kind: rest.KindNotFound, Phase: rest.Done}
	}
	return got, err
}

func (f *fakeEMR) Prospects(ctx context.Context, q naturaesoft.ProspectQuery) (naturaesoft.Page[naturaesoft.Prospect], error) {
	page := naturaesoft.Page[naturaesoft.Prospect]{Page: q.Page, Limit: q.Limit, Total: -1}
	err := f.do(ctx, "prospects", func() {
		if q.Patients {
			return
		}
		for _, p := range f.people {
			page.Items = append(page.Items, p)
		}
		slices.SortFunc(page.Items, func(a, b naturaesoft.Prospect) int { return strings.Compare(string(a.ID), string(b.ID)) })
		page.Items = page.Items[min(q.Page-1, len(page.Items)):min(q.Page, len(page.Items))] // one to a page
	})
	return page, err
}

func (f *fakeEMR) UpdateProspect(ctx context.Context, p naturaesoft.Prospect, e naturaesoft.Edits) error {
	return f.do(ctx, "put", func() {
		f.puts++
		if notes, ok := e["Notes"]; ok {
			p.Notes = safe.Paragraphs(notes)
		}
		if id, ok := e["ProviderID"]; ok {
			p.ProviderID = naturaesoft.ID(id)
		}
		f.people[p.ID] = p
	})
}

func (f *fakeEMR) Tags(ctx context.Context) ([]naturaesoft.Tag, error) {
	return f.tags, f.do(ctx, "tags", func() {})
}

func (f *fakeEMR) AssignTag(ctx context.Context, prospect, tag naturaesoft.ID) error {
	return f.do(ctx, "assign", func() {
		if !slices.Contains(f.has[prospect], tag) {
			f.has[prospect] = append(f.has[prospect], tag)
		}
	})
}

func (f *fakeEMR) RemoveTag(ctx context.Context, prospect, tag naturaesoft.ID) error {
	return f.do(ctx, "untag", func() {
		f.has[prospect] = slices.DeleteFunc(f.has[prospect], func(id naturaesoft.ID) bool { return id == tag })
	})
}

func (f *fakeEMR) notes(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.people[naturaesoft.ID(id)].Notes.Raw()
}

// Faults of one operation.
var (
	refusedErr = &rest.Error{Vendor: "EMR", Op: "x", Kind: rest.KindValidation, Phase: rest.Refused, Status: 422}
	unsentErr  = &rest.Error{Vendor: "EMR", Op: "x", Kind: rest.KindTransport, Phase: rest.NotSent}
	unclearErr = &rest.Error{Vendor: "EMR", Op: "x", Kind: rest.KindTransport, Phase: rest.Unknown, Ambiguous: true}
)

// on answers one operation with an error.
func on(op string, err error) func(string) error {
	return func(got string) error {
		if got == op {
			return err
		}
		return nil
	}
}

// Civil values for tests.
func date(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func tod(s string) civil.Time {
	t, err := civil.ParseTime(s + ":00")
	if err != nil {
		panic(err)
	}
	return t
}

var (
	newYork = zoneOf("America/New_York")
	maria   = Actor{UID: 1001, User: "maria", Host: "desk2", TTY: "pts/3", Session: "s1"}
	jan     = Actor{UID: 1002, User: "jan", Host: "desk1", TTY: "pts/4", Session: "s2"}
	ann     = naturaesoft.Prospect{ID: "55", LastName: safe.Line("Example")}
	jane    = naturaesoft.Provider{ID: "1", Name: safe.Line("Jane Smith"), Title: safe.Line("PA-C")}
)

func zoneOf(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// day is the day before the visits of these tests.
func monday() time.Time { return time.Date(2026, 3, 9, 14, 2, 0, 0, newYork) }

func opening(provider, day, at string, minutes int) Opening {
	return Opening{Provider: naturaesoft.Provider{ID: naturaesoft.ID(provider)}, Date: date(day), Time: tod(at), Duration: minutes}
}

// desk is a ledger with an EMR and the book of one person.
type desk struct {
	*Book
	t     *testing.T
	place string
	emr   *fakeEMR
	trail []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return openDesk(t, newPlace(t), newFake(), maria)
}

func openDesk(t *testing.T, place string, emr *fakeEMR, who Actor) *desk {
	t.Helper()
	db, err := store.Open(t.Context(), options(place))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return &desk{t: t, place: place, emr: emr, Book: Open(db, emr, Options{
		Practice: "Example Practice", Zone: newYork, Actor: who,
		RequestedTag: "appointment requested", Now: monday,
	})}
}

// colleague is another person at the same ledger.
func (d *desk) colleague(who Actor) *desk {
	d.t.Helper()
	return openDesk(d.t, d.place, d.emr, who)
}

// pass lets time go by on the database's clock.
func (d *desk) pass(by time.Duration) {
	d.t.Helper()
	require.NoError(d.t, pass(d.db, by))
}

// pass moves the database's time on; a negative time makes the host's clock
// look as if it had just been set back by that much.
func pass(db *store.DB, by time.Duration) error {
	return db.Write(context.Background(), func(tx *store.Tx) error {
		if !tx.Alone() { // whose mark is not that of this transaction
			_, err := tx.Exec(`UPDATE store_clock SET now_ms = ?,
				host_ms = CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`, tx.Now.UnixMilli())
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec("UPDATE store_clock SET now_ms = now_ms + ?, host_ms = host_ms + ?",
			max(0, by.Milliseconds()), max(0, -by.Milliseconds()))
		return err
	})
}

func (d *desk) hold(provider, day, at string, minutes int) Booking {
	d.t.Helper()
	r, err := d.Hold(d.t.Context(), opening(provider, day, at, minutes), "FOLLOWUP", HoldOptions{})
	require.NoError(d.t, err)
	require.Equal(d.t, Held, r.State)
	return r
}

func (d *desk) request(r Booking, p naturaesoft.Prospect) Booking {
	d.t.Helper()
	r, err := d.Request(d.t.Context(), r.ID, r.Fence, p)
	require.NoError(d.t, err)
	require.Equal(d.t, Requested, r.State)
	return r
}

func (d *desk) load(id string) Booking {
	d.t.Helper()
	r, err := d.Load(d.t.Context(), id)
	require.NoError(d.t, err)
	return r
}

func (d *desk) reconcile() Report {
	d.t.Helper()
	report, err := d.Reconcile(d.t.Context())
	require.NoError(d.t, err)
	return report
}

// journal is the history of a record in short: step outcome → state.
func (d *desk) journal(id string) []string {
	d.t.Helper()
	all, err := d.History(d.t.Context(), id)
	require.NoError(d.t, err)
	var lines []string
	for _, s := range all {
		lines = append(lines, strings.TrimSpace(s.Step+" "+s.Outcome)+" > "+s.State.Word())
	}
	return lines
}
