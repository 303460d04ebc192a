// Package connect4healthcare is the client of the Connect4Healthcare API:
// tickets about the residents of care homes, with their categories, comments
// and status.
//
// The document behind it creates a ticket with a GET that carries everything in
// its query, puts the session token into every path, and reports errors in the
// body, with whatever HTTP status. So the token is filled in by the transport at
// the last moment, what writes is sent once on a connection of its own, and
// success is what the body says. Where the document contradicts itself the
// decoding is tolerant of shape; what cannot be told is told as unknown.
//
// The package must not know screens, storage, profiles or any other vendor.
package connect4healthcare

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

const vendor = "Connect4Healthcare"

// PollEvery is the shortest time between two readings of the ticket list that
// nobody asked for: each is the whole list (C4-20).
const PollEvery = time.Minute

// Spelling is how the names of the credential headers are written. Both are
// never sent together: some servers merge them into one (C4-2).
type Spelling uint8

// The spellings. Either begins with the underscores of the document, tries the
// hyphens of its next revision when those are refused, and stays with what
// worked.
const (
	Either      Spelling = iota
	Underscores          // api_key, api_secret
	Hyphens              // api-key, api-secret
)

// Config is what New needs to know of an account.
type Config struct {
	// Base is the address up to and with "/api": https, or http to a literal
	// loopback IP. The document's own http:// address is refused (C4-9).
	Base string
	// Credentials supplies the API key and secret, asked for at each sign-in
	// and kept with the session only.
	Credentials func(context.Context) (key, secret string, err error)
	// CreateByPost creates tickets with a POST in place of the documented GET,
	// which keeps what was typed out of addresses and so out of the logs of
	// servers in between. Attachments need it (C4-1).
	CreateByPost bool
	Headers      Spelling

	Rate        float64     // requests per second; 0 is the transport's default
	Burst       int         // 0 is the transport's default
	Concurrency int         // calls at the same time; 0 is the transport's default
	Limits      rest.Limits // zero ones are the transport's defaults

	Log   *slog.Logger // nil means none
	Trail rest.Trail   // is told of every write; nil means nobody
}

// transport is embedded by a name of this package: nobody else sends with it.
type transport = rest.Client

// Client talks to Connect4Healthcare for one provider. It is safe for
// concurrent use.
type Client struct {
	*transport
	credentials  func(context.Context) (key, secret string, err error)
	createByPost bool
	headers      Spelling
	worked       atomic.Uint32 // the Spelling that signed in last, 0 none
	creating     atomic.Bool
}

// New checks the configuration and makes a client; nothing is sent. The error
// is a sentence naming the setting and the remedy.
func New(cfg Config) (*Client, error) {
	no := func(sentence string) error {
		return rest.Refusal(vendor, "set up", rest.KindConfig, sentence)
	}
	switch {
	case cfg.Credentials == nil:
		return nil, no(noCredentials)
	case cfg.Headers > Hyphens:
		return nil, no("The header spelling for Connect4Healthcare must be either, underscores or hyphens.")
	}
	c := &Client{credentials: cfg.Credentials, createByPost: cfg.CreateByPost, headers: cfg.Headers}
	var err error
	c.transport, err = rest.New(rest.Options{
		Vendor: vendor, Base: cfg.Base,
		Rate: cfg.Rate, Burst: cfg.Burst, Concurrency: cfg.Concurrency, Limits: cfg.Limits,
		SignIn: c.signIn,
		Sign:   func(*http.Request, rest.Token) {}, // the token stands in the path
		Check:  check, Log: cfg.Log, Trail: cfg.Trail,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// CreatesByPost reports that tickets are created with a POST, and so may have
// attachments.
func (c *Client) CreatesByPost() bool { return c.createByPost }

// tell makes a call whose answer holds nothing that is needed: that it says yes
// was checked already.
func (c *Client) tell(ctx context.Context, op rest.Op, call rest.Call) error {
	_, err := rest.Do[struct{}](ctx, c.transport, op, call)
	return err
}

// refuse is an error made before anything was sent.
func refuse(op rest.Op, sentence string) *rest.Error {
	return rest.Refusal(vendor, op.Name, rest.KindValidation, sentence)
}

// refuseFields refuses fields by their wire names.
func refuseFields(op rest.Op, wrong map[string]safe.Text) *rest.Error {
	err := refuse(op, "Some fields cannot be sent to Connect4Healthcare as they are: correct the marked ones.")
	err.Fields = wrong
	return err
}

// checkID refuses ids no record can have.
func checkID(op rest.Op, what string, id ID) error {
	if id <= 0 {
		return refuse(op, "The "+what+" has no usable number, so nothing was sent. Press r to read the list again.")
	}
	return nil
}
