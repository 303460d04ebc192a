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

// enrollment is the insurer's tab over a database of its own beside the desk's,
// sealed with this account's key; nil where the profile does not use it.
func (s *stage) enrollment(ctx context.Context) (ui.View, error) {
	o, to := s.o, s.to
	if to.angle == nil {
		return nil, nil
	}
	var eo enroll.Options
	if len(o.Keys.Seal) > 0 {
		seal, err := desk.NewSeal(o.Keys.Seal)
		if err != nil {
			return nil, err
		}
		eo.Sealer = seal
	}
	db := lazily(func() (*store.DB, error) {
		return own(ctx, filepath.Join(o.State, "enrollment.db"), enroll.Migrations)
	})
	s.ends = append(s.ends, db.close)
	return enrollment.New(s.env, to.angle, enroll.Open(db, to.angle, eo), enrollment.Options{
		Plans: o.Profile.AngleHealth.Plans, Dir: filepath.Join(o.State, "census"),
	}), nil
}
