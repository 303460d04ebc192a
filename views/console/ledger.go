package console

import (
	"context"

	"golang.org/x/sync/errgroup"

	"frontdesk/state/booking"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/views/cli"
)

// ledger is who keeps which time: a file, or a server with a file beside it for
// what is booked while that is away; aside is nil without a server, or when
// that file cannot be used.
type ledger struct {
	db, aside *store.DB
	server    bool
}

// openLedger opens the ledger of the profile. A file that cannot be used takes
// only what needs it: nothing can be held, and each try says why.
func openLedger(ctx context.Context, o Options) (l ledger, err error) {
	file, shut := store.Open(ctx, store.Options{Path: o.Ledger, Group: o.Profile.LedgerGroup, Migrations: booking.Migrations})
	if o.Profile.LedgerServer == "" {
		if shut != nil {
			file = store.Shut(shut)
		}
		return ledger{db: file}, nil
	}
	l = ledger{aside: file, server: true}
	l.db, err = store.Open(ctx, store.Options{Server: cli.Ledger(o.Secrets, o.Profile), Migrations: booking.Migrations})
	return l, err
}

// close leaves what was opened.
func (l ledger) close() {
	for _, db := range []*store.DB{l.db, l.aside} {
		if db != nil {
			_ = db.Close()
		}
	}
}

// health adds the ledger's word to the vendors' when it is on a server, or is
// not there.
func (l ledger) health(vendors func() []ui.Health) func() []ui.Health {
	if !l.server && l.db.Trouble() == "" {
		return vendors
	}
	return func() []ui.Health {
		word := "up"
		switch {
		case l.db.Trouble() == "":
		case l.server:
			word = "away, no holds"
		default:
			word = "shut"
		}
		return append(vendors(), ui.Health{Vendor: "ledger", Word: word})
	}
}

// open opens ledger and desk side by side. What did open is returned even with
// an error.
func open(ctx context.Context, o Options) (l ledger, kept *cli.Desk, err error) {
	var opening errgroup.Group
	opening.Go(func() (err error) { kept, err = cli.OpenDesk(ctx, o.State, o.Keys, choices(ctx, o)); return err })
	opening.Go(func() (err error) { l, err = openLedger(ctx, o); return err })
	err = opening.Wait()
	return l, kept, err
}
