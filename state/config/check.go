package config

import (
	"math"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // clinic machines without zone files still know the zones
)

// checker turns merged settings into a Profile and collects what is wrong
// with them.
type checker struct {
	name, path string
	origins    map[string]string
	found      []error
}

// say notes a complaint about key, with where its value came from.
func (c *checker) say(key, words string) {
	e := &Error{Key: "profile." + c.name + "." + key, words: words}
	switch origin := c.origins[key]; origin {
	case c.path:
		e.Path = c.path
	case "", "default", "file":
	default:
		e.Key += " (from " + origin + ")"
	}
	c.found = append(c.found, e)
}

func (c *checker) profile(s Settings) Profile {
	p := Profile{
		Name: c.name, Practice: s.Practice, Environment: s.Environment, Operator: s.Operator,
		Durations: s.Durations, VisitTypes: s.VisitTypes, RequestedTag: s.RequestedTag,
		Ledger: s.Ledger, LedgerGroup: s.LedgerGroup, Theme: s.Theme,
		ASCII: s.ASCII != nil && *s.ASCII, Log: s.Log != nil && *s.Log,
		Mouse: *s.Mouse, BlankOnBlur: *s.BlankOnBlur, TicketMarker: *s.TicketMarker,
		CopyPatientData: s.Environment == Sandbox,
		Naturaesoft:     s.Naturaesoft, Connect4Healthcare: s.Connect4Healthcare, InboxHealth: s.InboxHealth,
		Updox: s.Updox, AngleHealth: s.AngleHealth, origins: c.origins,
	}
	if s.CopyPatientData != nil {
		p.CopyPatientData = *s.CopyPatientData
	}
	if p.Practice == "" {
		p.Practice = c.name
	}
	c.oneOf("environment", s.Environment, Live, Sandbox)
	c.oneOf("theme", s.Theme, "auto", "light", "dark", "contrast")
	p.Zone = c.zone(s.Zone)
	p.Hold = c.span("hold", s.Hold, time.Minute, 30*time.Minute)
	p.Overdue = c.span("overdue", s.Overdue, time.Minute, 7*24*time.Hour)
	c.visits(s)
	c.ledger(&p)
	c.guard(&p, s)
	c.naturaesoft(&p)
	c.others(&p)
	return p
}

func (c *checker) oneOf(key, value string, words ...string) {
	if !slices.Contains(words, value) {
		c.say(key, "is "+strconv.Quote(value)+". Use one of: "+strings.Join(words, ", "))
	}
}

// zones are the names people in clinics here mean.
var zones = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix",
	"America/Los_Angeles", "America/Anchorage", "America/Puerto_Rico", "Pacific/Honolulu"}

func (c *checker) zone(name string) *time.Location {
	if name == "" {
		c.say("zone", `is missing. Name the practice's time zone, such as zone = "America/New_York"`)
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	// Names without a region are this computer's zone or have no summer time.
	if err == nil && (name == "UTC" || strings.Contains(name, "/")) {
		return zone
	}
	words := "is " + strconv.Quote(name) + ", which is not a zone of a place"
	if near := nearest(strings.ReplaceAll(name, " ", "_"), zones); near != "" {
		words += ". Did you mean " + near + "?"
	} else {
		words += ". Use an IANA name such as America/New_York"
	}
	c.say("zone", words)
	return time.UTC
}

func (c *checker) span(key, text string, least, most time.Duration) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		c.say(key, "is "+strconv.Quote(text)+`, which is not a length of time. Write it as "5m" or "1h30m"`)
	} else if d < least || d > most {
		c.say(key, "is "+text+". It can be from "+short(least)+" to "+short(most))
	}
	return d
}

// guard checks what protects a desk that was left, and slips of the hand.
func (c *checker) guard(p *Profile, s Settings) {
	p.LockAfter = c.span("lock_after", s.LockAfter, 30*time.Second, time.Hour)
	p.LogOff = c.span("log_off", s.LogOff, time.Minute, 12*time.Hour)
	if p.LockAfter >= p.LogOff && p.LogOff > 0 {
		c.say("log_off", "is "+short(p.LogOff)+", which is not after the lock at "+short(p.LockAfter)+". Make it longer than lock_after")
	}
	p.UndoComment = c.span("undo_comment", s.UndoComment, 0, 10*time.Minute)
	p.UndoMoney = c.span("undo_money", s.UndoMoney, 0, 10*time.Minute)
	p.UndoTermination = c.span("undo_termination", s.UndoTermination, 0, 10*time.Minute)
}

// short writes 30m0s as 30m and 1h0m0s as 1h.
func short(d time.Duration) string {
	s := strings.Replace(d.String(), "m0s", "m", 1)
	return strings.Replace(s, "h0m", "h", 1)
}

func (c *checker) visits(s Settings) {
	for _, m := range s.Durations {
		if m <= 0 || m > 480 {
			c.say("durations", "holds "+strconv.Itoa(m)+". A visit lasts from 1 to 480 minutes")
			break
		}
	}
	if slices.ContainsFunc(s.VisitTypes, blank) {
		c.say("visit_types", "holds an empty name. Remove it")
	}
}

// ledger is a file, or a server that several machines share.
func (c *checker) ledger(p *Profile) {
	low := strings.ToLower(p.Ledger)
	switch server := strings.HasPrefix(low, "postgres://") || strings.HasPrefix(low, "postgresql://"); {
	case server && p.LedgerGroup != "":
		c.say("ledger_group", "has nothing to share: the ledger is on a server, which has roles of its own. Remove it")
	case server:
		p.LedgerServer, p.Ledger = p.Ledger, ""
		c.server(p.LedgerServer)
	case p.Ledger != "" && !filepath.IsAbs(p.Ledger):
		c.say("ledger", "is not a full path. Start it at the root, such as /srv/frontdesk/ledger.db, "+
			"or write postgres://role@host/database")
	case p.Ledger == "" && p.LedgerGroup != "":
		c.say("ledger_group", "has nothing to share: the ledger is this account's own. "+
			"Give ledger the full path of a file in a folder of the group")
	}
}

// server checks the address of a ledger, which is not quoted: it can hold a
// password.
func (c *checker) server(text string) {
	u, err := url.Parse(text)
	if err != nil {
		c.say("ledger", "is not an address. Write it as postgres://role@host/database")
		return
	}
	_, password := u.User.Password()
	q := u.Query()
	mode := q.Get("sslmode")
	switch {
	case password, q.Has("password"), q.Has("sslpassword"):
		c.say("ledger", "holds a password, and secrets do not belong here: run frontdesk login ledger, or use PGPASSFILE")
	case u.Hostname() == "" && !q.Has("service") && !q.Has("host"):
		c.say("ledger", "names no server. Write it as postgres://role@host/database")
	case mode != "" && mode != "verify-full" && u.Hostname() != "" && !loopback(u.Hostname()):
		c.say("ledger", "asks for a weaker sslmode to another machine, which does not prove who answers. "+
			"Write sslmode=verify-full, with sslrootcert if the practice signs its own certificates")
	}
}

// base checks a vendor's address. It is not quoted: people paste passwords
// into addresses.
func (c *checker) base(key, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		c.say(key, "is not an address. Write it as https://host")
	case u.User != nil:
		c.say(key, "holds a user name or password, and secrets do not belong here: run frontdesk login")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		c.say(key, "goes on after a question mark or a hash sign. Leave only https://host and a path")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
	default:
		c.say(key, "has to start with https://. Plain http:// is for this computer's own address only, "+
			"such as http://127.0.0.1:8080")
	}
}

// loopback tells that host is a literal address of this computer; a name
// could be made to mean another one.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func (c *checker) limit(key string, n, most float64) {
	if n < 0 || n > most || math.IsNaN(n) {
		c.say(key, "can be from 0 to "+strconv.FormatFloat(most, 'f', -1, 64)+"; 0 leaves it to frontdesk")
	}
}

var profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// checkName holds profile names to what is safe in file and item names.
func checkName(name string) error {
	if len(name) <= 32 && profileName.MatchString(name) {
		return nil
	}
	return &Error{Key: "profile." + dotted([]string{name}), words: "is not a name for a profile. " +
		"Use up to 32 small letters, digits, dashes and underscores"}
}
