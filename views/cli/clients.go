package cli

import (
	"context"
	"errors"
	"log/slog"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/state/config"
	"frontdesk/state/secrets"
)

// Dialling is what the vendors' clients of a profile are made from.
type Dialling struct {
	Profile config.Profile
	// Credentials are what signs in at a vendor, by the vendor's name.
	Credentials func(ctx context.Context, vendor string) (secrets.Bundle, error)
	Log         *slog.Logger // nil: none
	Trail       rest.Trail   // is told of every write; nil means nobody
}

// Clients are the clients of the vendors a profile uses; those it does not use
// are nil. The EMR is always there.
type Clients struct {
	EMR   *naturaesoft.Client
	Care  *connect4healthcare.Client
	Inbox *inboxhealth.Client
	Updox *updox.Client
	Angle *anglehealth.Client

	All []Client // in the order of the header
}

// Client is one vendor that the profile uses.
type Client struct {
	Name  string // in the configuration
	Short string // in the header
	Title string
	Base  string
	Conn  Conn
	Read  func(context.Context) error // a cheap read, to test with
}

// Conn is what every vendor's client is besides its calls.
type Conn interface {
	Health() rest.Health
	Stats() []rest.Stat
	LastErrors() []rest.Failure
	Reset()
	Close()
}

func (d Dialling) one(vendor, name string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		b, err := d.Credentials(ctx, vendor)
		return b[name], err
	}
}

func (d Dialling) two(vendor, first, second string) func(context.Context) (string, string, error) {
	return func(ctx context.Context) (string, string, error) {
		b, err := d.Credentials(ctx, vendor)
		return b[first], b[second], err
	}
}

// Dial makes the clients; nothing is sent.
func Dial(d Dialling) (*Clients, error) {
	v := &Clients{}
	for _, make := range []func(Dialling) error{v.dialEMR, v.dialCare, v.dialInbox, v.dialUpdox, v.dialAngle} {
		if err := make(d); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *Clients) dialEMR(d Dialling) (err error) {
	n := d.Profile.Naturaesoft
	if !n.Used() {
		return &noEMR{d.Profile.Name}
	}
	v.EMR, err = naturaesoft.New(naturaesoft.Config{
		Base: n.Base, PPass: n.PPass, Operator: d.Profile.Operator, Key: d.one("naturaesoft", "apiKey"),
		Rate: n.Rate, Burst: n.Burst, Concurrency: n.Parallel, Log: d.Log, Trail: d.Trail,
	})
	return v.add(err, Client{"naturaesoft", "EMR", "Naturaesoft EMR", n.Base, v.EMR,
		func(ctx context.Context) error { _, err := v.EMR.Providers(ctx); return err }})
}

func (v *Clients) dialCare(d Dialling) (err error) {
	c := d.Profile.Connect4Healthcare
	if !c.Used() {
		return nil
	}
	v.Care, err = connect4healthcare.New(connect4healthcare.Config{
		Base: c.Base, CreateByPost: c.CreateByPost, Credentials: d.two("connect4healthcare", "api_key", "api_secret"),
		Rate: c.Rate, Burst: c.Burst, Concurrency: c.Parallel, Log: d.Log, Trail: d.Trail,
	})
	return v.add(err, Client{"connect4healthcare", "C4H", "Connect4Healthcare", c.Base, v.Care,
		func(ctx context.Context) error { _, err := v.Care.Categories(ctx, 0); return err }})
}

func (v *Clients) dialInbox(d Dialling) (err error) {
	i := d.Profile.InboxHealth
	if !i.Used() {
		return nil
	}
	v.Inbox, err = inboxhealth.New(inboxhealth.Config{
		Base: i.Base, AuthMode: inboxhealth.AuthMode(i.AuthMode), Key: d.one("inboxhealth", "api_key"),
		Rate: i.Rate, Burst: i.Burst, Concurrency: i.Parallel, Log: d.Log, Trail: d.Trail,
	})
	return v.add(err, Client{"inboxhealth", "IH", "Inbox Health", i.Base, v.Inbox,
		func(ctx context.Context) error { _, err := v.Inbox.Offers(ctx); return err }})
}

func (v *Clients) dialUpdox(d Dialling) (err error) {
	u := d.Profile.Updox
	if !u.Used() {
		return nil
	}
	v.Updox, err = updox.New(updox.Config{
		Base: u.Base, Credentials: d.two("updox", "applicationId", "applicationPassword"),
		Rate: u.Rate, Burst: u.Burst, Concurrency: u.Parallel, Log: d.Log, Trail: d.Trail,
	})
	return v.add(err, Client{"updox", "Updox", "Updox", u.Base, v.Updox,
		func(ctx context.Context) error { return v.Updox.PingApplication(ctx) }})
}

func (v *Clients) dialAngle(d Dialling) (err error) {
	a := d.Profile.AngleHealth
	if !a.Used() {
		return nil
	}
	v.Angle, err = anglehealth.New(anglehealth.Config{
		Base: a.Base, TokenScheme: a.TokenScheme, Credentials: d.two("anglehealth", "client_id", "client_secret"),
		Rate: a.Rate, Burst: a.Burst, Concurrency: a.Parallel, Log: d.Log, Trail: d.Trail,
	})
	return v.add(err, Client{"anglehealth", "Angle", "Angle Health", a.Base, v.Angle,
		func(ctx context.Context) error { return readPlan(ctx, v.Angle, a.Plans) }})
}

// readPlan asks for a plan. That there is none of that name is an answer too.
func readPlan(ctx context.Context, angle *anglehealth.Client, plans []string) error {
	_, err := angle.Plan(ctx, append(plans[:len(plans):len(plans)], "silver_ppo")[0])
	var no *rest.Error
	if errors.As(err, &no) && no.Kind == rest.KindNotFound {
		return nil
	}
	return err
}

// add lists a client that could be made.
func (v *Clients) add(err error, l Client) error {
	if err == nil {
		v.All = append(v.All, l)
	}
	return err
}

// Reset drops every session token.
func (v *Clients) Reset() {
	for _, l := range v.All {
		l.Conn.Reset()
	}
}

// Close ends idle connections.
func (v *Clients) Close() {
	for _, l := range v.All {
		l.Conn.Close()
	}
}
