// Package inboxhealth is the client of the Inbox Health partner API: the
// enterprises a partner looks after, their practices and doctors, patients,
// invoices, payments and what is done to them afterwards.
//
// The document behind it describes two requests in full and names the rest, so
// what it does not describe is probed (see Offers), decoding is tolerant of
// shape and strict about meaning, and whatever the vendor left out is unknown
// and never zero. Money is whole cents from end to end.
//
// The key opens the data of every enterprise of the partner. It goes into a
// header and nowhere else, and only to the address in Config: the links inside
// answers, which lead to a host that was given up, are never followed (IH-3).
//
// The package must not know screens, storage, profiles or any other vendor.
package inboxhealth

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"frontdesk/clients/rest"
)

const vendor = "Inbox Health"

// Defaults that stay a little under the documented 10 requests a second and
// burst of 100, because the vendor's bucket begins to fill when our first
// request arrives there, not when it leaves here.
const (
	defaultRate  = 9.8
	defaultBurst = 90
)

// AuthMode says in which header the key is sent.
type AuthMode string

// The modes (IH-1). The older documents want the key as the user name of HTTP
// Basic with an empty password, the present ones want x-api-key; Both satisfies
// either and is what the empty AuthMode means.
const (
	Both  AuthMode = "both"
	Basic AuthMode = "basic"
	XKey  AuthMode = "x-api-key"
)

// Config is what New needs to know.
type Config struct {
	// Base is the address up to and with "/partner/v2" or "/api/partner/v2"
	// (IH-2): https, or http to a literal loopback IP.
	Base     string
	AuthMode AuthMode
	// Key supplies the API key. It is asked for once, and again after the
	// vendor refused the key or after Reset.
	Key func(context.Context) (string, error)

	Rate        float64     // requests per second; 0 is a little under the documented 10
	Burst       int         // 0 is a little under the documented 100
	Concurrency int         // calls at the same time; 0 is the transport's default
	Limits      rest.Limits // zero ones are the transport's defaults

	Log   *slog.Logger // nil means none
	Trail rest.Trail   // is told of every write; nil means nobody

	dial func(ctx context.Context, network, addr string) (net.Conn, error) // tests
}

// transport is embedded by a name of this package: nobody else sends with it.
type transport = rest.Client

// Client talks to Inbox Health with one key. It is safe for concurrent use.
type Client struct {
	*transport
	key   func(context.Context) (string, error)
	host  string
	offer offers
	bare  atomic.Bool // the list of enterprises has no slash at its end

	mu     sync.Mutex // guards the key last handed out
	last   string
	resets int
}

// New checks the configuration and makes a client; nothing is sent. The error
// is a sentence naming the setting and the remedy.
func New(cfg Config) (*Client, error) {
	if err := checkConfig(cfg); err != nil {
		return nil, err
	}
	if cfg.Rate == 0 {
		cfg.Rate = defaultRate
	}
	if cfg.Burst == 0 {
		cfg.Burst = defaultBurst
	}
	c := &Client{key: cfg.Key, offer: newOffers()}
	if u, err := url.Parse(cfg.Base); err == nil {
		c.host = u.Hostname()
	}
	var err error
	c.transport, err = rest.New(rest.Options{
		Vendor: vendor, Base: cfg.Base,
		Rate: cfg.Rate, Burst: cfg.Burst, Concurrency: cfg.Concurrency, Limits: cfg.Limits,
		SignIn: c.signIn, Sign: sign(cfg.AuthMode), Check: check,
		Log: cfg.Log, Trail: cfg.Trail, Dial: cfg.dial,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func checkConfig(cfg Config) error {
	no := func(sentence string) error {
		return rest.Refusal(vendor, "set up", rest.KindConfig, sentence)
	}
	switch cfg.AuthMode {
	case "", Both, Basic, XKey:
	default:
		return no("The auth_mode of Inbox Health must be both, basic or x-api-key.")
	}
	base := strings.TrimRight(cfg.Base, "/")
	switch {
	case base == "":
		return no("The address of Inbox Health is missing: enter it up to and with /partner/v2.")
	case !strings.HasSuffix(base, "/partner/v2"):
		return no("The address of Inbox Health must end in /partner/v2 or /api/partner/v2: add what is missing, or remove what follows it.")
	case cfg.Key == nil:
		return no("Inbox Health needs an API key: run \"frontdesk login inboxhealth\".")
	}
	return nil
}

// Environment names what the client talks to, in a word that can stand beside
// every screen (IH-12): "this machine" for a sandbox, "demo" for the vendor's
// demo hosts, else the host itself, since no production host is documented.
func (c *Client) Environment() string {
	if ip := net.ParseIP(c.host); ip != nil && ip.IsLoopback() {
		return "this machine"
	}
	for label := range strings.SplitSeq(strings.ToLower(c.host), ".") {
		if label == "demo" {
			return "demo"
		}
	}
	return c.host
}

// Reset forgets the key and what was probed; to be called after a new key was
// entered.
func (c *Client) Reset() {
	c.mu.Lock()
	c.last = ""
	c.resets++
	c.mu.Unlock()
	c.offer.forget()
	c.transport.Reset()
}
