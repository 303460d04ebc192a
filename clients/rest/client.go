package rest

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

// Options describe a vendor to New. The functions are called from several
// goroutines at once.
type Options struct {
	Vendor string // the name in sentences: "Naturaesoft EMR"
	Base   string // https, or http to a literal loopback IP; may have a path

	Rate        float64 // requests per second; 0 means 50
	Burst       int     // 0 means 100
	Concurrency int     // calls at the same time; 0 means 8
	Limits      Limits

	// SignIn obtains a session token, usually by Do of a Public Op. It is run
	// once for all who wait for it. nil: the vendor has no session token.
	SignIn func(context.Context) (Token, error)
	// Sign puts credentials on a request whose Op is not Public. nil: the
	// header "Authorization: Bearer", if there is a token.
	Sign func(*http.Request, Token)
	// Check finds the vendor's own refusals, also inside a 200, and its words;
	// nil means no objection. The body comes without a byte order mark and
	// without white space around it. What Check leaves zero is filled in, and
	// the phase follows from the status and the Kind (KindServer: outcome
	// unknown).
	Check func(op Op, status int, header http.Header, body []byte) *Error

	Log   *slog.Logger // one line per attempt; nil means none
	Trail Trail        // is told of every write; nil means nobody

	// Dial opens connections; nil means the network. A test that lets time fly
	// puts a pipe here.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Limits are the times a call may take. A test that is about something else
// makes them longer, so that a busy machine is not taken for a slow vendor.
type Limits struct {
	Read   time.Duration // with the vendor and between attempts; 0 means 15 s
	Write  time.Duration // the same of what writes; 0 means 30 s
	Header time.Duration // from a request to its answer's header; 0 means 10 s
	Stall  time.Duration // without a byte of the answer's body; 0 means 5 s
}

// filled are the limits with the defaults in the place of zeros.
func (l Limits) filled() Limits {
	return Limits{
		Read:   cmp.Or(l.Read, 15*time.Second),
		Write:  cmp.Or(l.Write, 30*time.Second),
		Header: cmp.Or(l.Header, 10*time.Second),
		Stall:  cmp.Or(l.Stall, 5*time.Second),
	}
}

// A Trail audits writes. Op is the Op's name and record the {id} of its path,
// if it has one; neither holds a value or a name of a person.
type Trail interface {
	// Allow is asked before a write is sent; its error stops it.
	Allow(ctx context.Context, vendor, op string) error
	// Done is told how a write ended: "done", or the kind and phase of its
	// error.
	Done(ctx context.Context, vendor, op, record, outcome string)
}

// A Token is a session token. A zero Expires means that it is not known.
// Header is sent with every request the token is for: credentials that go with
// it, so that a token never travels with those of another one.
type Token struct {
	Value   string
	Expires time.Time
	Header  http.Header
}

// A Client talks to one vendor. It is safe for concurrent use. Vendors' clients
// embed it: its methods are theirs, and everybody's who has one. What sends is
// therefore a function of this package, never a method.
type Client struct {
	o       Options
	base    *url.URL
	kept    *http.Transport // reuses connections: never for a Create
	single  *http.Transport // a connection of its own for each request
	limiter *rate.Limiter
	slots   chan struct{}
	session session
	breaker breaker
	track   tracker
	life    context.Context // ends with Close
	end     context.CancelFunc
}

// New checks the options and makes a client; nothing is sent. The error is an
// *Error of KindConfig that does not quote the address.
func New(o Options) (*Client, error) {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	return open(o, o.Dial)
}

func open(o Options, dial dialer) (*Client, error) {
	base, why := parseBase(o.Base)
	if why != "" {
		return nil, Refusal(o.Vendor, "set up", KindConfig,
			"The address of "+o.Vendor+" "+string(why)+".")
	}
	if o.Rate < 0 || o.Burst < 0 || o.Concurrency < 0 {
		return nil, Refusal(o.Vendor, "set up", KindConfig,
			"The request limits for "+o.Vendor+" must not be negative.")
	}
	if o.Rate == 0 {
		o.Rate = 50
	}
	if o.Burst == 0 {
		o.Burst = 100
	}
	if o.Concurrency == 0 {
		o.Concurrency = 8
	}
	o.Limits = o.Limits.filled()
	if o.Sign == nil {
		o.Sign = bearer
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{
		o: o, base: base,
		kept:    newTransport(dial, true, o.Concurrency, o.Limits.Header),
		single:  newTransport(dial, false, o.Concurrency, o.Limits.Header),
		limiter: rate.NewLimiter(rate.Limit(o.Rate), o.Burst),
		slots:   make(chan struct{}, o.Concurrency),
		track:   tracker{word: "idle", stats: map[string]*Stat{}},
	}
	c.life, c.end = context.WithCancel(context.Background())
	c.session.begin(c.life)
	return c, nil
}

func bearer(r *http.Request, t Token) {
	if t.Value != "" {
		r.Header.Set("Authorization", "Bearer "+t.Value)
	}
}

// Reset forgets the session token, gives up a sign-in that is under way and
// allows signing in again. It is to be called after new credentials were
// entered.
func (c *Client) Reset() { c.session.reset(c.life) }

// Close ends idle connections and a sign-in that is under way.
func (c *Client) Close() {
	c.end()
	c.kept.CloseIdleConnections()
	c.single.CloseIdleConnections()
}

// turn waits for a free slot and the rate limit. The slot must be given back.
func (c *Client) turn(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := c.limiter.Wait(ctx); err != nil {
		<-c.slots
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return queueTime
	}
	return nil
}
