package updox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
)

// The routes as the sandbox names them.
const (
	createRoute = "updox POST PracticeCreate"
	updateRoute = "updox POST PracticeUpdate"
	saveRoute   = "updox POST PracticeSave"
	readRoute   = "updox POST PracticeGet"
	listRoute   = "updox POST PracticeList"
	pingRoute   = "updox POST Ping"
	pingApp     = "updox POST PingWithApplicationAuth"
	pingAccount = "updox POST PingWithAccountAuth"
	pingUser    = "updox POST PingWithAuth"
)

// seeded is an account the sandbox has from the start.
const seeded = "PRACTICE-101"

// A practice is a played Updox, with a number for ids of one's own.
type practice struct {
	*sandbox.Server
	number int
}

// A desk is a client of a practice.
type desk struct {
	*testing.T
	*practice
	c *updox.Client
}

// openPractice leaves it to the caller to close it.
func openPractice(t *testing.T) *practice {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1, Zone: time.UTC})
	require.NoError(t, err)
	return &practice{Server: s}
}

// newDesk is a desk of a practice of its own.
func newDesk(t *testing.T, options ...func(*updox.Config)) *desk {
	t.Helper()
	p := openPractice(t)
	t.Cleanup(func() { _ = p.Close() })
	return &desk{t, p, connect(t, p.Server, options...)}
}

func connect(t *testing.T, s *sandbox.Server, options ...func(*updox.Config)) *updox.Client {
	t.Helper()
	cfg := updox.Config{
		Base: s.URL("updox") + "/api/io",
		Credentials: func(context.Context) (string, string, error) {
			return sandbox.FakeUpdoxApplication, sandbox.FakeUpdoxPassword, nil
		},
		Rate: 1e6, Burst: 1e6, Limits: faulttest.Unhurried,
	}
	return vendortest.Client(t, updox.New, cfg, options...)
}

type (
	use       = faulttest.Use
	operation = faulttest.Operation[*desk]
)

// operations are all methods of the client that send something.
var operations = []operation{
	{Name: "Accounts", Route: listRoute, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			all, err := d.c.Accounts(ctx)
			for i := range all {
				all[i] = timeless(all[i])
			}
			return all, err
		}
	}},
	{Name: "Account", Route: readRoute, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			a, err := d.c.Account(ctx, seeded)
			return timeless(a), err
		}
	}},
	{Name: "Ping", Route: pingRoute, Class: faulttest.Reading, Ready: func(d *desk) use { return faulttest.Quietly(d.c.Ping) }},
	{Name: "PingApplication", Route: pingApp, Class: faulttest.Reading, Ready: func(d *desk) use { return faulttest.Quietly(d.c.PingApplication) }},
	{Name: "PingAccount", Route: pingAccount, Class: faulttest.Reading, Ready: func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.PingAccount(ctx, seeded) })
	}},
	{Name: "PingUser", Route: pingUser, Class: faulttest.Reading, Ready: func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.PingUser(ctx, seeded, sandbox.FakeUpdoxUser) })
	}},

	{Name: "Create", Route: createRoute, Class: faulttest.Creating, Ready: func(d *desk) use {
		next := d.fresh()
		return action(func(ctx context.Context) (updox.Saved, error) { return d.c.Create(ctx, next) })
	}},
	{Name: "Update", Route: updateRoute, Class: faulttest.Creating, Ready: update},
	{Name: "Update reading", Route: readRoute, Then: updateRoute, Class: faulttest.Reading, Ready: update},
	{Name: "Save", Route: saveRoute, Class: faulttest.Creating, Ready: save},
	{Name: "Save reading", Route: readRoute, Then: saveRoute, Class: faulttest.Reading, Ready: save},
	{Name: "Save new", Route: saveRoute, Class: faulttest.Creating, Ready: func(d *desk) use {
		next := d.fresh()
		return action(func(ctx context.Context) (updox.Saved, error) { return d.c.Save(ctx, updox.Account{}, next) })
	}},
	{Name: "Settle", Route: readRoute, Class: faulttest.Reading, Ready: func(d *desk) use {
		a := d.account(seeded)
		return func(ctx context.Context) (any, error) {
			_, _, err := d.c.Settle(ctx, a, a)
			return nil, err
		}
	}},
}

func timeless(a updox.Account) updox.Account {
	a.Read = time.Time{}
	return a
}

func action(f func(context.Context) (updox.Saved, error)) use {
	return func(ctx context.Context) (any, error) {
		saved, err := f(ctx)
		return saved.Action, err
	}
}

func update(d *desk) use {
	present, next := d.edit()
	return action(func(ctx context.Context) (updox.Saved, error) { return d.c.Update(ctx, present, next) })
}

func save(d *desk) use {
	present, next := d.edit()
	return action(func(ctx context.Context) (updox.Saved, error) { return d.c.Save(ctx, present, next) })
}

// fresh is an account nobody has yet.
func (d *desk) fresh() updox.Account {
	d.number++
	return updox.Account{
		ID: safe.Line(fmt.Sprintf("NEW-%d", d.number)), Name: safe.Line("Invented Practice"),
		City: safe.Line("Nowhere"), State: safe.Line("CT"), Postal: safe.Line("06512"), Phone: safe.Line("(555) 555-0100"),
	}
}

func (d *desk) account(id string) updox.Account {
	d.Helper()
	a, err := d.c.Account(d.Context(), id)
	require.NoError(d, err)
	return a
}

// edit is an account as it is and as it shall be.
func (d *desk) edit() (present, next updox.Account) {
	d.Helper()
	present = d.account(seeded)
	d.number++
	return present, present.With("address2", fmt.Sprintf("Suite %d", d.number))
}
