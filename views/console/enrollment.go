package console

import (
	"context"
	"path/filepath"

	"frontdesk/state/desk"
	"frontdesk/state/enroll"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/views/enrollment"
)

// enrolling opens the book of the insurer's tab: a database of its own beside
// the desk's, sealed with this account's key. tab makes the tab; nil where the
// profile does not use it. shut must be called.
func enrolling(ctx context.Context, env *ui.Env, o Options, to *vendors) (tab func() ui.View, shut func(), err error) {
	if to.angle == nil {
		return nil, func() {}, nil
	}
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(o.State, "enrollment.db"), Migrations: enroll.Migrations})
	if err != nil {
		return nil, func() {}, err
	}
	shut = func() { _ = db.Close() }
	var eo enroll.Options
	if len(o.Keys.Seal) > 0 {
		seal, err := desk.NewSeal(o.Keys.Seal)
		if err != nil {
			return nil, shut, err
		}
		eo.Sealer = seal
	}
	book := enroll.Open(db, to.angle, eo)
	return func() ui.View {
		return enrollment.New(env, to.angle, book, enrollment.Options{
			Plans: o.Profile.AngleHealth.Plans, Dir: filepath.Join(o.State, "census"),
		})
	}, shut, nil
}
