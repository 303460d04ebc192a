package console

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/ui/theme"
	"frontdesk/ui/tty"
	"frontdesk/ui/uitest"
	"frontdesk/views/cli"
)

// practice is a desk at a sandbox with every vendor and every tab.
func practice(t testing.TB, now time.Time) (d *uitest.Desk, tabs []ui.View) {
	e := uitest.Env(t, now)
	e.Theme = theme.New(theme.Options{Name: theme.Dark, Dark: true, Colors: 256})
	s, err := sandbox.Start(sandbox.Options{Zone: e.Zone, Now: e.Now, Demo: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	join, dir := strings.TrimSuffix(s.URL("naturaesoft"), "/naturaesoft"), t.TempDir()
	o := Options{
		Ledger: filepath.Join(dir, "ledger.db"), State: dir, Files: filepath.Join(dir, "visits"), Keys: cli.NewKeys(),
		Secrets: secrets.Open(e.Ctx, secrets.Options{Dir: dir, KeyringOff: true}),
		Credentials: func(_ context.Context, vendor string) (secrets.Bundle, error) {
			return sandbox.Credentials(vendor), nil
		},
		Profile: config.Profile{
			Name: "demo", Practice: e.Practice, Environment: config.Sandbox, Zone: e.Zone, Operator: "maria",
			Durations: []int{15, 30}, VisitTypes: []string{"NEW"}, RequestedTag: "Appointment requested",
			Naturaesoft:        config.Naturaesoft{Base: sandbox.Base(join, "naturaesoft"), PPass: sandbox.PracticeID},
			Connect4Healthcare: config.Connect4Healthcare{Base: sandbox.Base(join, "connect4healthcare")},
			InboxHealth:        config.InboxHealth{Base: sandbox.Base(join, "inboxhealth"), AuthMode: config.AuthBoth},
			Updox:              config.Updox{Base: sandbox.Base(join, "updox")},
			AngleHealth:        config.AngleHealth{Base: sandbox.Base(join, "anglehealth"), TokenScheme: config.TokenBearer},
		},
	}
	held, kept, err := open(e.Ctx, o)
	require.NoError(t, err)
	t.Cleanup(func() { kept.Shut(); held.close() })
	to, err := dial(o, kept)
	require.NoError(t, err)
	t.Cleanup(to.Close)
	box, actor := bench{kept}, booking.Here()
	e.Drafts, e.Outbox, e.Audit = box, box, kept.Did
	book := booking.Open(held.db, to.emr, booking.Options{Practice: e.Practice, Zone: e.Zone, Actor: actor, Now: e.Now})
	on := &stage{o: o, env: e, to: to, box: box, ledger: held.db, book: book, actor: actor, wall: tty.NewWall(os.Stdout, "")}
	t.Cleanup(on.close)
	tabs, err = on.tabs(e.Ctx)
	require.NoError(t, err)
	return uitest.New(t, e, 120, 40, tabs...), tabs
}

// BenchmarkFrame draws the whole screen once with each tab on it, loaded; the
// budget is 2 ms.
func BenchmarkFrame(b *testing.B) {
	d, tabs := practice(b, time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC))
	for i, tab := range tabs {
		b.Run(tab.Title(), func(b *testing.B) {
			d.Type(strconv.Itoa(i + 1)).Settle().Advance(time.Second).Settle()
			b.ReportAllocs()
			for b.Loop() {
				_ = d.App.View()
			}
		})
	}
}
