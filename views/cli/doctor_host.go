package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"frontdesk/state/config"
	"frontdesk/state/secrets"
)

// origins counts keys by where they came from.
func origins(places map[string]int) string {
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(places)) {
		n := places[from]
		switch {
		case from == "default":
			continue
		case n == 1:
			parts = append(parts, "1 key from "+from)
		default:
			parts = append(parts, fmt.Sprintf("%d keys from %s", n, from))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("%d defaults", places["default"])), ", ")
}

func (m Machine) zone(p config.Profile) Check {
	now := m.Now()
	words := "the practice is in " + p.Zone.String() + ", where it is " + now.In(p.Zone).Format("Mon 15:04 MST")
	_, there := now.In(p.Zone).Zone()
	if _, here := now.Local().Zone(); here != there {
		words += "; this computer is set to " + now.Local().Format("15:04 MST") + ", which is not used"
	}
	if p.Zone.String() == "UTC" && p.Environment == config.Live {
		return warn("zone", words, "UTC has no summer time. If the practice does, name its place, such as America/New_York.")
	}
	return fine("zone", words)
}

// keyring says where secrets live and tries the keyring with an item of its own.
func (m Machine) keyring(ctx context.Context) Check {
	switch w := m.Keep.Where(); {
	case w.Kind == secrets.Vault:
		return fine("keyring", "secrets live in the sealed vault. "+w.Why)
	case w.Kind == secrets.Session:
		return warn("keyring", "secrets are kept for one session only and asked for again. "+w.Why,
			"Make the keyring work, or run frontdesk login, which offers a vault sealed with a passphrase.")
	}
	if err := m.probe(ctx); err != nil {
		return fail("keyring", "the OS keyring does not keep what is put into it. "+Sentence(err),
			"Check it with its own program, or use the sealed vault.")
	}
	return fine("keyring", "the OS keyring: an item was stored, read back and removed")
}

// probe stores, reads and removes a made-up item.
func (m Machine) probe(ctx context.Context) error {
	value := make([]byte, 8)
	_, _ = rand.Read(value)
	item := "probe-" + hex.EncodeToString(value)
	err := m.Keep.Save(ctx, "doctor", item, secrets.Bundle{"probe": item})
	gone := m.Keep.Forget(context.WithoutCancel(ctx), "doctor", item)
	if err != nil {
		return err
	}
	return gone
}

// bus is the road to the keyring on systems that have one.
func (m Machine) bus() Check {
	if runtime.GOOS != "linux" {
		return fine("dbus", "not used on this system")
	}
	const remedy = "Log in through a full session (loginctl enable-linger may help over SSH), or use the sealed vault."
	switch m.Keep.State() {
	case secrets.NoBus:
		return warn("dbus", "this login has no session bus, without which there is no keyring", remedy)
	case secrets.BusUnreachable:
		return warn("dbus", "the session bus does not answer, so the keyring cannot be reached", remedy)
	case secrets.Off:
		return fine("dbus", "not asked: the keyring is switched off")
	}
	return fine("dbus", "the session bus answers")
}

// terminal is what the console would draw on.
func (m Machine) terminal(p config.Profile) []Check {
	kind := m.Env("TERM")
	w, h, some := m.Size()
	checks := []Check{fine("terminal", kind+m.inside())}
	switch {
	case kind == "" || kind == "dumb":
		checks[0] = fail("terminal", "TERM is empty or dumb, so the console cannot be drawn", "Set TERM, for instance to xterm-256color.")
	case !some:
		checks[0] = warn("terminal", kind+"; no terminal is attached here", "Run doctor in the terminal the console is to be used in.")
	}
	if some {
		size := fmt.Sprintf("%d columns, %d lines", w, h)
		if w < 80 || h < 24 {
			checks = append(checks, warn("size", size, "Make the window at least 80 columns and 24 lines, or the letters smaller."))
		} else {
			checks = append(checks, fine("size", size))
		}
	}
	return append(checks, m.colour(), m.letters(), m.background(p))
}

// inside says through what the terminal is reached.
func (m Machine) inside() string {
	words := ""
	if m.Env("SSH_TTY") != "" || m.Env("SSH_CONNECTION") != "" {
		words += ", over SSH"
	}
	if m.Env("TMUX") != "" {
		words += ", inside tmux (copying needs: set -g set-clipboard on)"
	} else if m.Env("STY") != "" {
		words += ", inside screen (which may not pass on what is copied)"
	}
	return words
}

func (m Machine) colour() Check {
	if m.Env("NO_COLOR") != "" {
		return fine("colour", "none: NO_COLOR is set, and words and signs say all")
	}
	var env []string
	for _, name := range []string{"TERM", "COLORTERM", "CLICOLOR", "CLICOLOR_FORCE"} {
		if v := m.Env(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	switch colorprofile.Env(env) {
	case colorprofile.TrueColor:
		return fine("colour", "16 million")
	case colorprofile.ANSI256:
		return fine("colour", "256")
	case colorprofile.ANSI:
		return fine("colour", "16, the terminal's own")
	}
	return warn("colour", "none: TERM names a terminal without any", "Set TERM to what the terminal is, for instance xterm-256color.")
}

// letters is whether the locale has more than ASCII.
func (m Machine) letters() Check {
	switch name, v := localeOf(m.Env); {
	case v == "":
		return warn("utf8", "no locale is set; UTF-8 is assumed", "Set LANG to a UTF-8 locale, such as C.UTF-8.")
	case inUTF8(v):
		return fine("utf8", "the locale is "+v)
	default:
		return warn("utf8", name+" is "+v+", which is not UTF-8: lines and signs are drawn in ASCII",
			"Set LANG to a UTF-8 locale, such as en_US.UTF-8 or C.UTF-8.")
	}
}

// background is how the console finds out whether the screen is dark.
func (m Machine) background(p config.Profile) Check {
	switch {
	case p.Theme != "" && p.Theme != "auto":
		return fine("background", "not asked: the profile names the theme "+p.Theme)
	case m.Env("SSH_TTY")+m.Env("SSH_CONNECTION") != "":
		return fine("background", "not asked over SSH, where the answer could come among the keys; dark is assumed, --theme light changes it")
	}
	return fine("background", "the terminal is asked whether it is light or dark")
}

// ledger is the file that several desks may share.
func (m Machine) ledger(p config.Profile) Check {
	if p.LedgerServer != "" {
		return fine("ledger", "on a PostgreSQL server; frontdesk migrate tells whether it answers and has the tables")
	}
	path := m.Places.Ledger(p)
	dir := filepath.Dir(path)
	if kind := m.NetworkFS(dir); kind != "" {
		return fail("ledger", path+" is on a network file system ("+kind+"), where two desks could hold the same time",
			"Choose a folder on a local disk of the host that everybody signs in to.")
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o002 != 0 {
		return fail("ledger", path+" is in a folder that every account may write to", "Use: chmod o-w "+dir)
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m.later("ledger", path)
	case err != nil:
		return fail("ledger", path+" cannot be looked at", "Check the permissions of its folder.")
	case !info.Mode().IsRegular():
		return fail("ledger", path+" is not an ordinary file", "Move it away or name another one.")
	}
	others := fs.FileMode(0o077)
	if p.LedgerGroup != "" {
		others = 0o007
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&others != 0 {
		return fail("ledger", fmt.Sprintf("%s is open to other accounts (mode %04o)", path, info.Mode().Perm()),
			fmt.Sprintf("Use: chmod %04o %s", 0o666&^others, path))
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fail("ledger", path+" cannot be opened for writing by this account", "Ask its owner for access, or for membership of its group.")
	}
	_ = f.Close()
	return fine("ledger", fmt.Sprintf("%s, mode %04o, on a local disk", path, info.Mode().Perm()))
}

// later is about what the first start makes.
func (m Machine) later(name, path string) Check {
	dir := nearest(path)
	if err := writable(dir); err != nil {
		return fail(name, path+" cannot be made: "+dir+" cannot be written to", "Correct the permissions of the folder, or free disk space.")
	}
	return fine(name, path+" is made at the first start")
}

// nearest is the nearest folder above path that is there.
func nearest(path string) string {
	dir := filepath.Dir(path)
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// writable makes a file in the folder and removes it.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".frontdesk-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// state is the folder of drafts, vault and trail.
func (m Machine) state() Check {
	dir := m.Places.State
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m.later("state", dir)
	case err != nil || !info.IsDir():
		return fail("state", dir+" is not a folder that can be used", "Move it away: frontdesk makes it anew.")
	case writable(dir) != nil:
		return fail("state", dir+" cannot be written to, so drafts are lost with the session and nothing is sent to vendors",
			"Correct the permissions of the folder, or free disk space.")
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return warn("state", fmt.Sprintf("%s is open to other accounts (mode %04o)", dir, info.Mode().Perm()), "Use: chmod 0700 "+dir)
	}
	return fine("state", dir+", for this account only")
}

const (
	little  = 100 << 20 // bytes free, of which people should know
	nothing = 5 << 20   // with less, drafts and the trail may not reach the disk
)

// disk is the room for the state folder and the ledger.
func (m Machine) disk(p config.Profile, known bool) Check {
	dirs := []string{nearest(filepath.Join(m.Places.State, "x"))}
	if known {
		dirs = append(dirs, nearest(m.Places.Ledger(p)))
	}
	least, where := ^uint64(0), ""
	for _, dir := range dirs {
		if n, ok := m.Free(dir); ok && n < least {
			least, where = n, dir
		}
	}
	words := fmt.Sprintf("%d MB free at %s", least>>20, where)
	switch {
	case where == "":
		return warn("disk", "how much room is left cannot be told on this system", "Look whether the disk is nearly full.")
	case least < nothing:
		return fail("disk", words, "Free disk space: drafts and the audit trail may not reach the disk.")
	case least < little:
		return warn("disk", words, "Free disk space soon.")
	}
	return fine("disk", words)
}
