package config

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Limits are how hard a vendor may be asked. Zero leaves each to the client.
type Limits struct {
	Rate     float64 `toml:"rate,omitempty"`     // requests a second, to 1000; 0: the client's own choice
	Burst    int     `toml:"burst,omitempty"`    // requests at once after a rest, to 1000; 0: the client's own choice
	Parallel int     `toml:"parallel,omitempty"` // calls under way together, to 64; 0: the client's own choice
}

// Naturaesoft is where and how the EMR is asked for this practice.
type Naturaesoft struct {
	Base  string `toml:"base,omitempty"`  // the EMR's address: https, or http to a literal loopback address
	PPass string `toml:"ppass,omitempty"` // the practice's name in the EMR's addresses, which has to be written
	Limits
}

// Used tells whether the profile names this vendor at all.
func (n Naturaesoft) Used() bool { return n.PPass != "" }

// Connect4Healthcare is where and how the ticket system is asked.
type Connect4Healthcare struct {
	Base         string `toml:"base,omitempty"`           // the address, as above; empty: the vendor is not used
	CreateByPost bool   `toml:"create_by_post,omitempty"` // send new tickets as a form, not in the address as documented
	Limits
}

// Used tells whether the profile names this vendor at all.
func (c Connect4Healthcare) Used() bool { return c.Base != "" }

// The ways to show Inbox Health its key.
const (
	AuthBoth  = "both"
	AuthBasic = "basic"
	AuthKey   = "x-api-key"
)

// InboxHealth is where and how billing is asked.
type InboxHealth struct {
	Base        string `toml:"base,omitempty"`         // the address, as above; empty: the vendor is not used
	AuthMode    string `toml:"auth_mode,omitempty"`    // how the key is shown: both, basic or x-api-key
	ChargeCards bool   `toml:"charge_cards,omitempty"` // offer payments that move real money
	Limits
}

// Used tells whether the profile names this vendor at all.
func (i InboxHealth) Used() bool { return i.Base != "" }

// Updox is where and how practice accounts are asked.
type Updox struct {
	Base      string `toml:"base,omitempty"`       // the address, as above; empty: the vendor is not used
	AccountID string `toml:"account_id,omitempty"` // the id of the practice's own account, one of ours; empty: not known
	Limits
}

// Used tells whether the profile names this vendor at all.
func (u Updox) Used() bool { return u.Base != "" }

// The schemes under which Angle Health may want its session token.
const (
	TokenBearer = "bearer"
	TokenBasic  = "basic"
)

// AngleHealth is where and how enrollment is asked.
type AngleHealth struct {
	Base        string   `toml:"base,omitempty"`         // the address, as above; empty: the vendor is not used
	TokenScheme string   `toml:"token_scheme,omitempty"` // bearer or basic, before the session's token
	Plans       []string `toml:"plans,omitempty"`        // names of plans offered in forms; none: any name is typed
	Limits
}

// Used tells whether the profile names this vendor at all.
func (a AngleHealth) Used() bool { return a.Base != "" }

// words the EMR uses where a practice's name would stand in its addresses.
var reserved = []string{"kb", "products", "me"}

var slug = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

func (c *checker) naturaesoft(p *Profile) {
	n := &p.Naturaesoft
	if *n == (Naturaesoft{}) {
		return
	}
	switch {
	case n.PPass == "":
		c.say("naturaesoft.ppass", "is missing. Give the practice's PPass from the EMR's portal")
	case slices.Contains(reserved, strings.ToLower(n.PPass)):
		c.say("naturaesoft.ppass", "cannot be "+strconv.Quote(n.PPass)+": the EMR uses that word itself. "+
			"Check the PPass in the EMR's portal")
	case !slug.MatchString(n.PPass):
		c.say("naturaesoft.ppass", "can have letters, digits, dots, dashes and underscores only. "+
			"Check the PPass in the EMR's portal")
	}
	switch {
	case n.Base == "" && p.Environment == Sandbox:
		c.say("naturaesoft.base", "is missing: a sandbox profile has to say where its sandbox is")
	case n.Base == "":
		n.Base = "https://api.naturaesoft.com"
	default:
		c.base("naturaesoft.base", n.Base)
	}
	c.limits("naturaesoft", n.Limits)
}

// others checks the vendors that have no address of their own: each practice
// is given one.
func (c *checker) others(p *Profile) {
	c.vendor("connect4healthcare", p.Connect4Healthcare, p.Connect4Healthcare.Base, p.Connect4Healthcare.Limits)
	if t := &p.InboxHealth; c.vendor("inboxhealth", *t, t.Base, t.Limits) {
		c.word("inboxhealth.auth_mode", &t.AuthMode, AuthBoth, AuthBasic, AuthKey)
	}
	if t := &p.Updox; c.vendor("updox", *t, t.Base, t.Limits) && !id(t.AccountID) {
		c.say("updox.account_id", "can have up to 64 letters, digits, dots, dashes and underscores. "+
			"It is the id this practice's account was created under")
	}
	if t := &p.AngleHealth; c.vendor("anglehealth", *t, t.Base, t.Limits) {
		c.word("anglehealth.token_scheme", &t.TokenScheme, TokenBearer, TokenBasic)
		if slices.ContainsFunc(t.Plans, blank) {
			c.say("anglehealth.plans", "holds an empty name. Remove it")
		}
	}
}

// vendor checks what is the same for all, and tells whether any key of the
// vendor is written.
func (c *checker) vendor(name string, table any, base string, l Limits) bool {
	if reflect.ValueOf(table).IsZero() {
		return false
	}
	if base == "" {
		c.say(name+".base", "is missing. Give the address of the practice's account, such as https://host/path")
	} else {
		c.base(name+".base", base)
	}
	c.limits(name, l)
	return true
}

// word takes the first of words for a key that nobody wrote.
func (c *checker) word(key string, value *string, words ...string) {
	if *value == "" {
		*value = words[0]
	}
	c.oneOf(key, *value, words...)
}

// id tells that text is one of ours for an account, or none.
func id(text string) bool { return text == "" || len(text) <= 64 && slug.MatchString(text) }

func blank(text string) bool { return strings.TrimSpace(text) == "" }

func (c *checker) limits(vendor string, l Limits) {
	c.limit(vendor+".rate", l.Rate, 1000)
	c.limit(vendor+".burst", float64(l.Burst), 1000)
	c.limit(vendor+".parallel", float64(l.Parallel), 64)
}
