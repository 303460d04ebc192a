package onboard

import (
	"context"
	_ "embed"
	"time"

	"frontdesk/state/store"
)

//go:embed off.sql
var offSchema string

// Off tells who deactivated an account from here, and when.
type Off struct {
	At  time.Time
	Who string
}

// Remember writes down that an account was deactivated from here, or activated
// again. Updox answers a deactivated account like wrong credentials; this is
// what tells the two apart later.
func (j *Jobs) Remember(ctx context.Context, account string, off bool) error {
	return j.write(ctx, "remember", func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM onboard_off WHERE account = ?", account); err != nil || !off {
			return err
		}
		_, err := tx.Exec("INSERT INTO onboard_off (account, at, who) VALUES (?, ?, ?)", account, ms(tx.Now), j.who)
		return err
	})
}

// Deactivated are the accounts that were deactivated from here and not
// activated again, by their ids.
func (j *Jobs) Deactivated(ctx context.Context) (map[string]Off, error) {
	all := map[string]Off{}
	err := j.db.Read(ctx, func(tx *store.Tx) error {
		clear(all)
		return tx.Query(func(scan func(...any) error) error {
			var id string
			var when int64
			var o Off
			err := scan(&id, &when, &o.Who)
			o.At = at(when)
			all[id] = o
			return err
		}, "SELECT account, at, who FROM onboard_off")
	})
	return all, err
}
