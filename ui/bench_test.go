package ui_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui/theme"
	"frontdesk/ui/uitest"
	"frontdesk/views/slots"
)

// loaded is the console at 120x40 in 256 colours with the slots tab full of
// openings, past the moment in which keys wait for the list to come to rest.
func loaded(b *testing.B) *uitest.Desk {
	b.Helper()
	env := uitest.Env(b, monday)
	env.Theme = theme.New(theme.Options{Name: theme.Dark, Dark: true, Colors: 256})
	s, err := sandbox.Start(sandbox.Options{Zone: env.Zone, Providers: 60, Now: env.Now})
	require.NoError(b, err)
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria",
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(b, err)
	db, err := store.Open(env.Ctx, store.Options{Path: filepath.Join(b.TempDir(), "ledger.db"), Migrations: booking.Migrations})
	require.NoError(b, err)
	b.Cleanup(func() { emr.Close(); _ = db.Close(); _ = s.Close() })
	actor := booking.Actor{UID: 1, User: "maria", Host: "desk", Session: "bench"}
	book := booking.Open(db, emr, booking.Options{Practice: env.Practice, Zone: env.Zone, Actor: actor, Now: env.Now})
	tab := slots.New(env, emr, book, slots.Options{Durations: []int{15, 30}, VisitTypes: []string{"NEW"}, Actor: actor})
	return uitest.New(b, env, 120, 40, tab).Settle().See("openings, answered").Advance(time.Second).Settle()
}

// BenchmarkView draws the whole screen once; the budget is 2 ms.
func BenchmarkView(b *testing.B) {
	for _, c := range []struct{ name, keys, see string }{
		{"plain", "", "openings, answered"},
		{"help", "?", "Everywhere"},
		{"form", "f", "Find free time"},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := loaded(b)
			d.Type(c.keys).Settle().See(c.see)
			b.ReportAllocs()
			for b.Loop() {
				_ = d.App.View()
			}
		})
	}
}

// BenchmarkUpdateKey moves the cursor and draws what that changes.
func BenchmarkUpdateKey(b *testing.B) {
	d := loaded(b)
	down, up := uitest.Key("down"), uitest.Key("up")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		key := down
		if i/40%2 == 1 {
			key = up
		}
		_, _ = d.App.Update(key)
		_ = d.App.View()
	}
}
