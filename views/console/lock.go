package console

import (
	"context"

	"frontdesk/state/config"
	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/views/cli"
)

// locking is how this desk is locked: by the vault's passphrase where keys
// live in the vault, else by a PIN.
func locking(ctx context.Context, o Options, kept *cli.Desk, dropTokens func()) *ui.LockOptions {
	lock := secrets.NewLock(o.Secrets, o.Profile.Name)
	ready := lock.Ready(ctx)
	word := "PIN"
	if lock.Passphrase() {
		word = "Passphrase"
	}
	return &ui.LockOptions{
		Word:  word,
		After: o.Profile.LockAfter, LogOff: o.Profile.LogOff, BlurBlank: o.Profile.BlankOnBlur,
		User: o.Profile.Operator, Ready: ready, Must: o.Profile.Environment == config.Live,
		Unlock: lock.Open, SetPIN: lock.SetPIN,
		Locked: func(on bool) {
			if on {
				kept.Did("lock", "")
			} else {
				kept.Did("unlock", "")
			}
		},
		LogOut: func(context.Context) {
			dropTokens()
			kept.Did("logoff", "")
			kept.Flush()
			o.Secrets.Shut()
		},
	}
}
