package console

import (
	"context"
	"path/filepath"

	"frontdesk/state/booking"
	"frontdesk/state/onboard"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/views/billing"
)

// billingTab opens what the tab about money and practice accounts stands on. tab
// makes it; nil where the profile uses neither of its vendors. shut closes.
func billingTab(ctx context.Context, env *ui.Env, o Options, to *vendors, who booking.Actor) (tab func() ui.View, shut func(), err error) {
	shut = func() {}
	if to.inbox == nil && to.updox == nil {
		return nil, shut, nil
	}
	var jobs *onboard.Jobs
	if to.updox != nil {
		// Beside the ledger, so that all desks of the practice share it.
		path := filepath.Join(filepath.Dir(o.Ledger), "onboard-"+filepath.Base(o.Ledger))
		db, err := store.Open(ctx, store.Options{Path: path, Group: o.Profile.LedgerGroup, Migrations: onboard.Migrations})
		if err != nil {
			return nil, shut, err
		}
		shut = func() { _ = db.Close() }
		var enterprises onboard.Enterprises
		if to.inbox != nil {
			enterprises = onboard.Through(to.inbox)
		}
		jobs = onboard.Open(db, enterprises, to.updox, who.User+"@"+who.Host)
	}
	return func() ui.View {
		return billing.New(env, to.inbox, to.updox, jobs, billing.Options{
			ChargeCards: o.Profile.InboxHealth.ChargeCards, Dir: filepath.Join(filepath.Dir(o.Files), "bills"),
		})
	}, shut, nil
}
