// Package naturaesoft is the client of the Naturaesoft EMR partner API:
// prospects, tags, providers and their availability, products, the knowledge
// base, tickets and the partner's own profile.
//
// The document behind it is a beta and shows few answers, so decoding is
// tolerant of shape and strict about meaning: an answer about something else
// than what was asked, or one that leaves the question open, is an error and
// never a value. The API reads availability and cannot book; nothing here says
// otherwise. Dates and times are civil values in the practice's zone, which the
// API does not name; they are never converted.
//
// The package must not know screens, storage, profiles or any other vendor.
package naturaesoft

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

const vendor = "Naturaesoft EMR"

// Config is what New needs to know of a practice's account.
type Config struct {
	// Base is the address before "/v1": https, or http to a literal loopback
	// IP; a path prefix is allowed.
	Base string
	// PPass is the practice's name in the vendor's paths ("DemoOffice").
	PPass string
	// Operator is the person at the console: the author of ticket comments.
	Operator string
	// Key supplies the API key, asked for at each sign-in and kept nowhere.
	Key func(context.Context) (string, error)

	Rate        float64     // requests per second; 0 is the transport's default
	Burst       int         // 0 is the transport's default
	Concurrency int         // calls at the same time; 0 is the transport's default
	Limits      rest.Limits // zero ones are the transport's defaults

	Log   *slog.Logger // nil means none
	Trail rest.Trail   // is told of every write; nil means nobody
}

// transport is embedded by a name of this package: nobody else sends with it.
type transport = rest.Client

// Client talks to the EMR for one practice. It is safe for concurrent use.
type Client struct {
	*transport
	ppass, operator string
	key             func(context.Context) (string, error)
}

// New checks the configuration and makes a client; nothing is sent. The error
// is a sentence naming the setting and the remedy.
func New(cfg Config) (*Client, error) {
	if err := checkConfig(cfg); err != nil {
		return nil, err
	}
	c := &Client{ppass: cfg.PPass, operator: cfg.Operator, key: cfg.Key}
	var err error
	c.transport, err = rest.New(rest.Options{
		Vendor: vendor, Base: cfg.Base,
		Rate: cfg.Rate, Burst: cfg.Burst, Concurrency: cfg.Concurrency, Limits: cfg.Limits,
		SignIn: c.signIn, Check: check, Log: cfg.Log, Trail: cfg.Trail,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// checkConfig refuses a PPass that would turn a practice's path into a global
// one (NS-22) or into another practice's, and a base that already holds "/v1".
func checkConfig(cfg Config) error {
	no := func(sentence string) error {
		return rest.Refusal(vendor, "set up", rest.KindConfig, sentence)
	}
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\?#%`, r)
	}
	shared := func(word string) bool { return strings.EqualFold(cfg.PPass, word) }
	switch {
	case cfg.PPass == "":
		return no("The PPass of the Naturaesoft EMR is missing: enter the practice's name as it stands in the API address.")
	case strings.ContainsFunc(cfg.PPass, odd) || strings.Trim(cfg.PPass, ".") == "":
		return no("The PPass of the Naturaesoft EMR must be one word without slashes: enter the practice's name as it stands in the API address.")
	case slices.ContainsFunc([]string{"kb", "products", "me"}, shared):
		return no("The PPass of the Naturaesoft EMR cannot be kb, products or me: those addresses are shared by all practices.")
	case slices.Contains(strings.Split(cfg.Base, "/"), "v1"):
		return no("The base address of the Naturaesoft EMR must end before /v1: remove /v1 and what follows it.")
	case cfg.Key == nil:
		return no("The Naturaesoft EMR needs an API key: run \"frontdesk login naturaesoft\".")
	}
	return nil
}

// tenant is the template of a route of one practice, global of one that all
// practices share. The token of the practice serves for both (NS-8).
func tenant(path string) string { return "/v1/{ppass}" + path }

func global(path string) string { return "/v1" + path }

// path fills a tenant route: names and values in turns.
func (c *Client) path(pairs ...string) map[string]string {
	m := map[string]string{"ppass": c.ppass}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// ask makes a call and decodes the answer; what decode complains about becomes
// a KindDecode error.
func ask[T any](ctx context.Context, c *Client, op rest.Op, call rest.Call, decode func(json.RawMessage) (T, error)) (T, error) {
	var none T
	raw, err := rest.Do[json.RawMessage](ctx, c.transport, op, call)
	if err != nil {
		return none, err
	}
	v, err := decode(raw)
	if err != nil {
		return none, unclear(op, err.Error())
	}
	return v, nil
}

// tell makes a call whose answer holds nothing that is needed.
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
	err := refuse(op, "Some fields cannot be sent to the Naturaesoft EMR as they are: correct the marked ones.")
	err.Fields = wrong
	return err
}

// unclear is an answer that arrived and cannot be used. Reason never quotes
// what a vendor sent.
func unclear(op rest.Op, reason string) *rest.Error {
	err := rest.Refusal(vendor, op.Name, rest.KindDecode,
		"The Naturaesoft EMR answered something that cannot be used: "+reason+". Press r to try again.")
	err.Status, err.Phase = http.StatusOK, rest.Done
	return err
}

// checkIDs refuses ids that must not stand in a path (NS-4).
func checkIDs(op rest.Op, what string, ids ...ID) error {
	for _, id := range ids {
		if !id.Valid() {
			return refuse(op, "The "+what+" has no usable number, so nothing was sent. Press r to read the list again.")
		}
	}
	return nil
}
