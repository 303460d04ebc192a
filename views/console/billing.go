package console

import (
	"context"
	"path/filepath"

	"frontdesk/state/onboard"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/views/billing"
	"frontdesk/views/cli"
)

// bills is the tab about money and practice accounts; nil where the profile
// uses neither of its vendors.
func (s *stage) bills(ctx context.Context) ui.View {
	o, to := s.o, s.to
	if to.inbox == nil && to.updox == nil {
		return nil
	}
	var jobs *onboard.Jobs
	if to.updox != nil {
		db := lazily(func() (*store.DB, error) {
			return store.Open(ctx, store.Options{Path: cli.OnboardFile(o.Ledger), Group: o.Profile.LedgerGroup, Migrations: onboard.Migrations})
		})
		s.ends = append(s.ends, db.close)
		var enterprises onboard.Enterprises
		if to.inbox != nil {
			enterprises = onboard.Through(to.inbox)
		}
		jobs = onboard.Open(db, enterprises, to.updox, s.actor.User+"@"+s.actor.Host)
	}
	return billing.New(s.env, to.inbox, to.updox, jobs, billing.Options{
		ChargeCards: o.Profile.InboxHealth.ChargeCards, Dir: filepath.Join(filepath.Dir(o.Files), "bills"),
	})
}
