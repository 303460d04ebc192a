// Package anglehealth is the client of the Angle Health broker API: plans,
// enrolment of new hires and groups, terminations, changes of persons and of
// coverage, and snapshots of what the insurer holds.
//
// The document describes no refusal, no limit and no type beyond its samples.
// So decoding is tolerant of shape and strict about meaning: an answer about
// somebody else is an error, and what an answer leaves open is said and never
// filled in. Every route is a POST; which of them change anything is declared
// here, route by route. Social security numbers are sent and never kept: of one
// that arrives only the last four digits get past decoding.
//
// The package must not know screens, storage, profiles or any other vendor.
package anglehealth

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

const vendor = "Angle Health"

// snapshotsAtOnce is how many persons are read at the same time, by all callers
// together: each answer carries a social security number.
const snapshotsAtOnce = 3

// Config is what New needs to know of a broker's account.
type Config struct {
	// Base is the address that ends before "/auth", in the document
	// "/broker": https, or http to a literal loopback IP.
	Base string
	// Credentials supplies the client's id and secret. They are asked for at
	// each sign-in and kept nowhere.
	Credentials func(context.Context) (clientID, clientSecret string, err error)
	// TokenScheme is the word before the session token, "bearer" as all samples
	// of the document have it, or "basic" as its prose does. Empty is "bearer".
	TokenScheme string

	Rate        float64     // requests per second; 0 is the transport's default
	Burst       int         // 0 is the transport's default
	Concurrency int         // calls at the same time; 0 is the transport's default
	Limits      rest.Limits // zero ones are the transport's defaults

	Log   *slog.Logger // nil means none
	Trail rest.Trail   // is told of every write; nil means nobody
}

// transport is embedded by a name of this package: nobody else sends with it.
type transport = rest.Client

// Client talks to Angle Health for one broker. It is safe for concurrent use.
type Client struct {
	*transport
	credentials func(context.Context) (string, string, error)
	snapshots   chan struct{}
	plain       atomic.Bool // register_group answers under its single path
}

// New checks the configuration and makes a client; nothing is sent. The error
// is a sentence naming the setting and the remedy.
func New(cfg Config) (*Client, error) {
	no := func(sentence string) (*Client, error) {
		return nil, rest.Refusal(vendor, "set up", rest.KindConfig, sentence)
	}
	scheme := "Bearer "
	switch strings.ToLower(cfg.TokenScheme) {
	case "", "bearer":
	case "basic":
		scheme = "Basic "
	default:
		return no("The token scheme of Angle Health must be bearer or basic: correct token_scheme in the configuration.")
	}
	if cfg.Credentials == nil {
		return no("Angle Health needs a client id and secret: run \"frontdesk login anglehealth\".")
	}
	c := &Client{credentials: cfg.Credentials, snapshots: make(chan struct{}, snapshotsAtOnce)}
	var err error
	c.transport, err = rest.New(rest.Options{
		Vendor: vendor, Base: cfg.Base,
		Rate: cfg.Rate, Burst: cfg.Burst, Concurrency: cfg.Concurrency, Limits: cfg.Limits,
		SignIn: c.signIn, Check: check, Log: cfg.Log, Trail: cfg.Trail,
		Sign: func(r *http.Request, t rest.Token) { r.Header.Set("Authorization", scheme+t.Value) },
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// reading and writing declare an operation. Both are POST; repeating is what
// tells them apart.
func reading(name, path string) rest.Op {
	return rest.Op{Name: name, Method: http.MethodPost, Path: path, Effect: rest.Read}
}

func writing(name, path string) rest.Op {
	return rest.Op{Name: name, Method: http.MethodPost, Path: path, Effect: rest.Create}
}

// refuse is an error made before anything was sent.
func refuse(op rest.Op, sentence string) *rest.Error {
	return rest.Refusal(vendor, op.Name, rest.KindValidation, sentence)
}

// refuseField is the same for one field, by its wire name.
func refuseField(op rest.Op, field, sentence string) *rest.Error {
	e := refuse(op, sentence)
	e.Fields = map[string]safe.Text{field: safe.Line(sentence)}
	return e
}

// unclear is an answer to a read that arrived and cannot be used. Reason never
// quotes what a vendor sent.
func unclear(op rest.Op, reason string) *rest.Error {
	e := rest.Refusal(vendor, op.Name, rest.KindDecode,
		"Angle Health answered something that cannot be used: "+reason+". Press r to try again.")
	e.Status, e.Phase = http.StatusOK, rest.Done
	return e
}
