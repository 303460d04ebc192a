package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
)

const request = "[FD 7K3Q] REQ 2026-03-15 09:00 30m prov=1 type=FOLLOWUP by maria@desk2"

func (d *desk) note(id int, lines ...string) {
	d.Helper()
	body := fmt.Sprintf(`{"Notes":%s}`, jsonAnswer(200, strings.Join(lines, "\n")).body)
	d.wantStatus(200, "PUT", fmt.Sprintf("%s/%d", prospectsPath, id), body)
}

// A Sunday has no visits but those asked for.
func (d *desk) sunday(provider int) []shownVisit {
	d.Helper()
	return d.visits(provider, "2026-03-15", "2026-03-15", "")["2026-03-15"]
}

func TestRequestedVisitsAreTypedIn(t *testing.T) {
	s := start(t, Options{Demo: true, DemoAfter: time.Hour})
	d := signIn(t, s)
	d.note(7, "Prefers mornings.", request)
	require.Empty(t, d.sunday(1), "not at once")
	s.Tick()
	typed := d.sunday(1)
	require.Len(t, typed, 1)
	require.Equal(t, shownVisit{typed[0].id, 9 * 60, 30, "FOLLOWUP"}, typed[0])

	d.note(7, request, "another line")
	d.note(8, request)
	s.Tick()
	require.Equal(t, typed, d.sunday(1), "a line seen before asks for nothing")

	d.note(7, request, "[FD 7K3Q] CXL wrong day by maria@desk2")
	require.Len(t, d.sunday(1), 1)
	s.Tick()
	require.Empty(t, d.sunday(1))
	d.note(7, request)
	s.Tick()
	require.Empty(t, d.sunday(1), "called off is called off")
}

func TestOnlyFreeTimeIsTypedInto(t *testing.T) {
	s := start(t, Options{Demo: true, DemoAfter: time.Hour})
	d := signIn(t, s)
	d.note(7, request)
	s.Book(1, "2026-03-15", "09:15", 30, "OTHER")
	s.Tick()
	require.Len(t, d.sunday(1), 1, "somebody was faster")
	d.note(8,
		"[FD AAAA] REQ 2026-03-15 10:00 30m prov=2 by a@b",          // no type
		"[FD BBBB] REQ 2026-03-15 10:15 30m prov=2 type=LAB by a@b", // overlaps the line above
		"[FD CCCC] REQ 2026-03-15 10:30 15m prov=2 type=LAB by a@b", // touches it
		"[FD DDDD] REQ 2026-03-15 12:00 15m prov=2 type=LAB by a@b", // called off before it is typed in
		"[FD DDDD] CXL by a@b", //
		"[FD EEEE] REQ 2026-03-15 13:00 15m prov=999 type=LAB by a@b", // nobody
		"[FD FFFF] REQ 2026-03-15 25:00 15m prov=2 type=LAB by a@b",   // no such hour
		"[FD GGGG] REQ 2026-02-30 13:00 15m prov=2 type=LAB by a@b",   // no such day
		"[FD hhhh] REQ 2026-03-15 13:00 15m prov=2 type=LAB by a@b",   // not a code
		"[FD III] REQ 2026-03-15 13:00 15m prov=2 type=LAB by a@b",    // too short
		"asked [FD JJJJ] REQ 2026-03-15 13:00 15m prov=2 by a@b",      // not at the beginning
		"[FD KKKK] REQ 2026-03-15 13:00 0m prov=2 type=LAB by a@b",    // no length
		"[FD 8LLLL] REQ 2026-03-15 14:00 15m prov=2",                  // five characters, no author
	)
	s.Tick()
	shown := []string{}
	for _, v := range d.sunday(2) {
		shown = append(shown, fmt.Sprint(clock(v.from), v.minutes, v.kind))
	}
	require.Equal(t, []string{"10:00:0030FOLLOWUP", "10:30:0015LAB", "14:00:0015FOLLOWUP"}, shown)
}

func TestCreatingWithARequestCounts(t *testing.T) {
	s := start(t, Options{Demo: true, DemoAfter: time.Hour})
	d := signIn(t, s)
	d.wantStatus(201, "POST", prospectsPath, `{"FirstName":"Ada","Notes":"`+request+`"}`)
	s.Tick()
	require.Len(t, d.sunday(1), 1)
}

func TestNobodyPlaysWithoutDemo(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	d.note(7, request)
	s.Tick()
	require.Empty(t, d.sunday(1))
}

// The running demo, on a clock that jumps.
func TestDemoKeepsItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(Options{Now: at(monday), Zone: time.UTC, Demo: true}.withDefaults())
		h := s.emr.handler()
		token := s.emr.auth.issue(time.Now())
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.emr.demo.run(ctx); close(done) }()
		put := func(notes string) {
			r := httptest.NewRequest(http.MethodPut, prospectsPath+"/7", strings.NewReader(`{"Notes":"`+notes+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, 200, w.Code)
		}
		sunday := func() int {
			s.emr.mu.RLock()
			defer s.emr.mu.RUnlock()
			return len(s.emr.book.on(providerDay{1, civil.Date{Year: 2026, Month: 3, Day: 15}}))
		}
		pass := func(d time.Duration) {
			<-time.After(d)
			synctest.Wait()
		}
		put(request)
		pass(defaultDemoAfter - time.Second)
		require.Equal(t, 0, sunday())
		pass(2 * time.Second)
		require.Equal(t, 1, sunday())
		put(request + `\n[FD 7K3Q] CXL by maria@desk2`)
		pass(defaultDemoAfter + time.Second)
		require.Equal(t, 0, sunday())

		put("[FD 9ABC] REQ 2026-03-15 09:00 30m prov=1 by maria@desk2")
		pass(3 * time.Second)
		put("[FD 9ABC] CXL by maria@desk2")
		pass(defaultDemoAfter - 2*time.Second)
		require.Equal(t, 0, sunday(), "called off in time is never typed in")

		taken := func() int { s.emr.mu.RLock(); defer s.emr.mu.RUnlock(); return len(s.emr.book.entered) }
		require.Equal(t, 0, taken())
		pass(time.Hour)
		require.InDelta(t, 60, taken(), 15, "another desk takes about one a minute")
		stop()
		<-done
	})
}

func TestOtherDeskTakesWhatWasFree(t *testing.T) {
	o := Options{Now: at(monday), Zone: time.UTC, Demo: true}.withDefaults()
	a, b := newServer(o).emr, newServer(o).emr
	now := time.Now()
	for i := range 20 {
		a.demo.tick(now.Add(time.Duration(i) * time.Minute * 2))
		b.demo.tick(now.Add(time.Duration(i) * time.Minute * 2))
	}
	require.NotEmpty(t, a.book.entered)
	require.Equal(t, a.book.entered, b.book.entered, "the same every time")
	for id, day := range a.book.entered {
		require.LessOrEqual(t, day.date.DaysSince(civil.DateOf(monday)), 5)
		var own visit
		var others []visit
		for _, v := range a.book.on(day) {
			if v.id == id {
				own = v
			} else {
				others = append(others, v)
			}
		}
		require.True(t, unvisited(others, own.span))
		require.True(t, worked(day.provider, day.date, own.span))
	}
}
