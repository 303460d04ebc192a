package config

import (
	"errors"
	"maps"
	"os/user"
	"slices"
	"strings"
	"time"
)

// The two environments a profile can name.
const (
	Live    = "live"
	Sandbox = "sandbox"
)

// Profile is one practice, merged and checked: every field can be used as it
// is. What is said beside a field that has a key stands in the README too.
type Profile struct {
	Name         string         // the profile's name, safe as a file name
	Practice     string         // the practice's name, for the header
	Environment  string         // live or sandbox; the header says which
	Zone         *time.Location // the practice's own zone, which has to be written: every time is shown in it, none is converted
	Operator     string         // who works here, the author of comments
	Durations    []int          // usual visit lengths in minutes, 1 to 480; the first is offered first
	VisitTypes   []string       // usual visit types; none: any
	RequestedTag string         // the tag put on a person whose visit is requested; empty: no tag
	Hold         time.Duration  // how long a slot is held, 1m to 30m
	Overdue      time.Duration  // after this a requested visit that was not seen is OVERDUE, 1m to 168h
	Ledger       string         // full path of a file shared by the accounts of this host, or postgres://role@host/database; empty: one of this account's own
	LedgerServer string         // the address of a ledger on a server, which Ledger was; empty: a file
	LedgerGroup  string         // the Unix group that shares a ledger's file; empty: nobody
	Theme        string         // auto, light, dark or contrast; NO_COLOR is honoured
	ASCII        bool           // borders and marks in ASCII
	Log          bool           // write the log file: no names, addresses or bodies
	Mouse        bool           // the mouse works in the console; the terminal's own selecting then needs a key

	LockAfter       time.Duration // without a key for this long the desk locks, 30s to 1h; warned 30 s before
	LogOff          time.Duration // without a key for this long the program ends, tokens dropped, what is typed kept; to 12h, longer than lock_after
	BlankOnBlur     bool          // show nothing while the terminal has lost focus
	CopyPatientData bool          // entry cards and other data of patients may go to the clipboard
	UndoComment     time.Duration // how long a comment can be taken back, to 10m; 0s: sent at once
	UndoMoney       time.Duration // the same for what moves money
	UndoTermination time.Duration // the same for terminations and deactivations
	TicketMarker    bool          // put [fd:...] into the titles of new tickets, to find one again after a lost answer

	// The vendors. Check Used before dialling.
	Naturaesoft        Naturaesoft
	Connect4Healthcare Connect4Healthcare
	InboxHealth        InboxHealth
	Updox              Updox
	AngleHealth        AngleHealth

	origins map[string]string
}

// Origin tells where a key's value came from: "flag --zone",
// "FRONTDESK_ZONE", the path of the file, "default", or "" for a key that
// does not exist. Keys are written as in the file ("zone",
// "naturaesoft.base"); "profile" is the choice of the profile itself.
func (p Profile) Origin(key string) string { return p.origins[key] }

// Origins is what Origin says of every key.
func (p Profile) Origins() map[string]string { return maps.Clone(p.origins) }

// Overrides are the values given by flags, by key as in the file ("zone",
// "naturaesoft.base"), and "profile" for the profile to use. Lists are
// separated by commas. A key that is present counts even when it is empty.
type Overrides map[string]string

// defaults are the values of keys that nobody wrote.
func defaults() Settings {
	no, yes := false, true
	return Settings{
		Environment: Live,
		Durations:   []int{15, 30, 45, 60},
		Hold:        "5m",
		Overdue:     "2h",
		LockAfter:   "5m", LogOff: "30m", BlankOnBlur: &no, TicketMarker: &no,
		UndoComment: "10s", UndoMoney: "30s", UndoTermination: "60s",
		Common: Common{Operator: account(), Theme: "auto", ASCII: &no, Log: &no, Mouse: &yes},
	}
}

// Resolve picks the profile and merges flag over environment (FRONTDESK_ZONE,
// FRONTDESK_NATURAESOFT_BASE ...; empty counts as not set) over file over
// default. It returns ErrNoProfile when none is set up, else an error with
// one sentence a line, each naming the key, where it came from and the remedy.
func Resolve(f *File, flags Overrides, env func(string) string) (Profile, error) {
	m := merge{file: f, flags: flags, env: env, origins: map[string]string{}}
	if m.file == nil {
		m.file = &File{}
	}
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		if !m.knows(key) {
			return Profile{}, &Error{Key: flagName(key), words: "is not a flag for any key of the configuration"}
		}
	}
	name, own, err := m.choose()
	if err != nil {
		return Profile{}, err
	}
	merged, err := m.settings(own)
	if err != nil {
		return Profile{}, err
	}
	c := checker{name: name, path: m.file.path, origins: m.origins}
	p := c.profile(merged)
	return p, errors.Join(c.found...)
}

// account is the person's name on this computer, or the account's.
func account() string {
	u, err := user.Current()
	if err != nil {
		return "operator"
	}
	if name, _, _ := strings.Cut(u.Name, ","); strings.TrimSpace(name) != "" {
		return strings.TrimSpace(name)
	}
	return u.Username
}
