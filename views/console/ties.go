package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/state/desk"
	"frontdesk/ui"
	"frontdesk/views/connections"
)

// ties is the tab about the connections to the vendors of the profile.
func ties(env *ui.Env, o Options, to *vendors, b bench) *connections.View {
	return connections.New(env, connections.Options{
		Profile: o.Profile.Name, Keep: o.Secrets, Partner: to.emr, Outbox: b.Outbox, Audit: b.Audit,
		Resolve: func(ctx context.Context, it desk.Item) (desk.Item, error) {
			if err := env.ReadBack(ctx, left(it)); err != nil {
				return it, err
			}
			return b.item(ctx, it.ID)
		},
		Again:   func(it desk.Item) tea.Cmd { return env.Again(left(it)) },
		Vendors: to.rows(),
	})
}

// tie describes a vendor for its row; read is a cheap read to test it with.
func tie(name, title, base string, c connections.Client, read func(context.Context) error) connections.Vendor {
	return connections.Vendor{Name: name, Title: title, Base: base, Client: c,
		Test: func(ctx context.Context) (time.Duration, error) {
			start := time.Now()
			err := read(ctx)
			return time.Since(start), err
		}}
}
