// Package updox is the client of the Updox API for practice accounts: creating
// them, overwriting them, reading them back and testing credentials.
//
// The document behind it names the methods and fields and shows neither an
// address nor an answer, so decoding is tolerant of shape and strict about
// meaning. Every answer comes with status 200; what it says decides. An update
// replaces the whole account and what is left out is erased, so no call here
// changes one field: whoever updates hands in what was there and what shall be.
//
// The package must not know screens, storage, profiles or any other vendor.
package updox

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

const vendor = "Updox"

// Placement says where a request names the account it is about. The document
// says "in the Application Authentication Header", its samples say beside the
// fields.
type Placement uint8

// The placements. The zero value suits both readings.
const (
	InBoth Placement = iota // in auth and at the top of the body, the same id
	InAuth                  // in auth alone
	AtTop                   // at the top of the body alone
)

// Config is what New needs to know of the vendor-level application.
type Config struct {
	// Base is the address the methods' names stand behind, without them:
	// "https://myupdox.com/api/io". https, or http to a literal loopback IP.
	Base string
	// Credentials supplies the application's id and password. It is asked
	// before each call; neither is kept.
	Credentials func(context.Context) (id, password string, err error)
	Placement   Placement

	Rate        float64     // requests per second; 0 is the transport's default
	Burst       int         // 0 is the transport's default
	Concurrency int         // calls at the same time; 0 is the transport's default
	Limits      rest.Limits // zero ones are the transport's defaults

	Log   *slog.Logger // nil means none
	Trail rest.Trail   // is told of every write; nil means nobody
}

// transport is embedded by a name of this package: nobody else sends with it.
type transport = rest.Client

// Client talks to Updox as one application. It is safe for concurrent use.
type Client struct {
	*transport
	credentials func(context.Context) (string, string, error)
	placement   Placement
}

// New checks the configuration and makes a client; nothing is sent. The error
// is a sentence naming the setting and the remedy.
func New(cfg Config) (*Client, error) {
	if err := checkConfig(cfg); err != nil {
		return nil, err
	}
	c := &Client{credentials: cfg.Credentials, placement: cfg.Placement}
	var err error
	c.transport, err = rest.New(rest.Options{
		Vendor: vendor, Base: cfg.Base,
		Rate: cfg.Rate, Burst: cfg.Burst, Concurrency: cfg.Concurrency, Limits: cfg.Limits,
		// The credentials stand in the body: nothing goes on the request.
		Sign:  func(*http.Request, rest.Token) {},
		Check: check, Log: cfg.Log, Trail: cfg.Trail,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// checkConfig refuses a base that already ends in a method's name, which would
// make every call another one.
func checkConfig(cfg Config) error {
	no := func(sentence string) error {
		return rest.Refusal(vendor, "set up", rest.KindConfig, sentence)
	}
	_, last, _ := strings.Cut(strings.TrimSuffix(cfg.Base, "/"), "/io/")
	switch {
	case last != "":
		return no("The base address of Updox must end in /io: remove the method's name behind it.")
	case cfg.Placement > AtTop:
		return no("The placement of the account's id for Updox is not one of both, auth and top.")
	case cfg.Credentials == nil:
		return no("Updox needs an application id and password: run \"frontdesk login updox\".")
	}
	return nil
}

// secret shows three dots however it is printed; only JSON has its value.
type secret string

// String is three dots.
func (secret) String() string { return "•••" }

// GoString is three dots.
func (secret) GoString() string { return "•••" }

// LogValue is three dots.
func (secret) LogValue() slog.Value { return slog.StringValue("•••") }

// auth is the "header" of the document, which is an object in the body.
type auth struct {
	ApplicationID       string `json:"applicationId"`
	ApplicationPassword secret `json:"applicationPassword"`
	AccountID           string `json:"accountId"`
	UserID              string `json:"userId"`
}

// signed is the auth block of a call, or why there is none. The error names
// neither value.
func (c *Client) signed(ctx context.Context, op rest.Op, account, user string) (auth, error) {
	id, password, err := c.credentials(ctx)
	if err != nil {
		unread := refuse(op, rest.KindAuth, "Nothing was sent to Updox, because its keys could not be read. "+rest.UserMessage(err))
		return auth{}, errors.Join(unread, err)
	}
	if id == "" || password == "" {
		return auth{}, rest.Refusal(vendor, op.Name, rest.KindAuth,
			"There is no application id and password for Updox: run \"frontdesk login updox\".")
	}
	return auth{id, secret(password), account, user}, nil
}

// ask makes a call and decodes an answer that says yes; what decode complains
// about becomes a KindDecode error.
func ask[T any](ctx context.Context, c *Client, op rest.Op, call rest.Call, decode func(answer) (T, error)) (T, error) {
	var none T
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, op, call)
	if err != nil {
		return none, err
	}
	a, err := parse(raw)
	if err != nil {
		return none, unclear(op, err.Error())
	}
	if !a.yes() { // a read; for writes check has seen to it
		return none, unclear(op, "it says neither yes nor no")
	}
	v, err := decode(a)
	if err != nil {
		return none, unclear(op, err.Error())
	}
	return v, nil
}

// refuse is an error made before anything was sent.
func refuse(op rest.Op, kind rest.Kind, sentence string) *rest.Error {
	return rest.Refusal(vendor, op.Name, kind, sentence)
}

// refuseFields refuses fields by their wire names.
func refuseFields(op rest.Op, wrong map[string]string) *rest.Error {
	err := refuse(op, rest.KindValidation,
		"Nothing was sent to Updox, because some fields cannot be sent as they are: correct the marked ones.")
	err.Fields = make(map[string]safe.Text, len(wrong))
	for name, sentence := range wrong {
		err.Fields[name] = safe.Line(sentence)
	}
	return err
}

// unclear is an answer that arrived and cannot be used. Reason never quotes
// what the vendor sent. A write may have been done or not.
func unclear(op rest.Op, reason string) *rest.Error {
	said, phase := "Press r to try again.", rest.Done
	if op.Effect != rest.Read {
		said, phase = "The request may have been carried out: look the account up before sending again.", rest.Unknown
	}
	err := refuse(op, rest.KindDecode, "Updox answered something that cannot be used: "+reason+". "+said)
	err.Status, err.Phase, err.Ambiguous = http.StatusOK, phase, phase == rest.Unknown
	return err
}
