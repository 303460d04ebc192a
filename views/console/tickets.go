package console

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	board "frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/views/cli"
	"frontdesk/views/tickets"
)

// ticketTab is the tickets tab and what it holds open.
type ticketTab struct {
	*tickets.View
	mu     sync.Mutex
	memory *board.Memory
}

// Close releases what the tab remembers by.
func (t *ticketTab) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.memory != nil {
		_ = t.memory.Close()
	}
}

// ticketBoard makes the tickets tab over the systems the profile uses; the
// client is nil when it does not use Connect4Healthcare.
func ticketBoard(o Options, env *ui.Env, emr *naturaesoft.Client, db *store.DB, kept *cli.Desk, a booking.Actor, lend func(*exec.Cmd)) (*connect4healthcare.Client, *ticketTab, error) {
	p, tab := o.Profile, &ticketTab{}
	var client *connect4healthcare.Client
	var care tickets.Care
	if p.Connect4Healthcare.Used() {
		var err error
		client, err = connect4healthcare.New(connect4healthcare.Config{
			Base: p.Connect4Healthcare.Base, CreateByPost: p.Connect4Healthcare.CreateByPost,
			Credentials: func(ctx context.Context) (key, secret string, err error) {
				b, err := o.Credentials(ctx, "connect4healthcare")
				return b["api_key"], b["api_secret"], err
			},
			Rate: p.Connect4Healthcare.Rate, Burst: p.Connect4Healthcare.Burst, Concurrency: p.Connect4Healthcare.Parallel,
			Log: o.Log, Trail: kept,
		})
		if err != nil {
			return nil, nil, err
		}
		care = client
		before := env.Health
		env.Health = func() []ui.Health { return append(before(), ui.Health{Vendor: "C4H", Word: client.Health().Word}) }
	}
	tab.View = tickets.New(env, emr, care, tickets.Options{
		Names:  []string{p.Operator, p.Practice},
		Who:    board.Who{UID: a.UID, User: a.User, Host: a.Host, Session: a.Session},
		Claims: board.OpenClaims(db),
		Memory: func(ctx context.Context) (*board.Memory, error) {
			m, err := board.OpenMemory(ctx, filepath.Join(o.State, "tickets.db"))
			tab.mu.Lock()
			defer tab.mu.Unlock()
			tab.memory = m
			return m, err
		},
		Dir:    filepath.Join(filepath.Dir(o.Files), "tickets"),
		Editor: cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR")),
		Lend:   lend,
		Marker: p.TicketMarker,
	})
	return client, tab, nil
}
