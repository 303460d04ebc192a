package config

import (
	"path/filepath"
	"sync"

	"github.com/adrg/xdg"
)

// Places are the files and folders of this account. Nothing is made here:
// who writes makes the folder, 0700.
type Places struct {
	Config string // the configuration file
	State  string // folder of what outlives a session: ledger, vault, log
	Cache  string // folder that may be emptied at any time
	Log    string // the log file
}

var reload sync.Mutex

// Paths reads the XDG variables as they are now.
func Paths() Places {
	reload.Lock() // xdg keeps its answer in package variables
	defer reload.Unlock()
	xdg.Reload()
	state := filepath.Join(xdg.StateHome, "frontdesk")
	return Places{
		Config: filepath.Join(xdg.ConfigHome, "frontdesk", "config.toml"),
		State:  state,
		Cache:  filepath.Join(xdg.CacheHome, "frontdesk"),
		Log:    filepath.Join(state, "frontdesk.log"),
	}
}

// Ledger is the file of the profile's ledger: the one it names, else one of
// its own under the state folder. With a ledger on a server it is the file for
// what is booked while that is away.
func (p Places) Ledger(profile Profile) string {
	if profile.Ledger != "" {
		return profile.Ledger
	}
	name := profile.Name + ".db"
	if profile.LedgerServer != "" {
		name = profile.Name + ".away.db"
	}
	return filepath.Join(p.State, "ledger", name)
}
