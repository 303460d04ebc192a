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

// enrolling is the tab of the insurer, none when the profile does not use it.
// Its book lies in a database of its own beside the desk's: it is closed with
// this account's key. shut must be called.
func enrolling(ctx context.Context, env *ui.Env, o Options, to *vendors) (tabs []ui.View, shut func(), err error) {
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
	return []ui.View{enrollment.New(env, to.angle, book, enrollment.Options{
		Plans: o.Profile.AngleHealth.Plans, Dir: filepath.Join(o.State, "census"),
	})}, shut, nil
}
