package console

import (
	"context"
	"errors"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/ui"
	"frontdesk/views/cli"
	"frontdesk/views/connections"
)

// vendors are the clients of the vendors a profile uses; those it does not use
// are nil. The EMR is always there.
type vendors struct {
	emr   *naturaesoft.Client
	care  *connect4healthcare.Client
	inbox *inboxhealth.Client
	updox *updox.Client
	angle *anglehealth.Client

	all []line
}

// line is one vendor of the header and of the connections tab.
type line struct {
	name  string // in the configuration
	short string // in the header
	title string
	base  string
	conn  client
	read  func(context.Context) error // cheap, to test with
}

// client is what every vendor's client is besides its calls.
type client interface {
	connections.Client
	Close()
}

// dial makes the clients; nothing is sent.
func dial(o Options, trail rest.Trail) (*vendors, error) {
	v, p := &vendors{}, o.Profile
	pair := func(vendor, first, second string) func(context.Context) (string, string, error) {
		return func(ctx context.Context) (string, string, error) {
			b, err := o.Credentials(ctx, vendor)
			return b[first], b[second], err
		}
	}
	single := func(vendor, name string) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) { b, err := o.Credentials(ctx, vendor); return b[name], err }
	}
	var err error
	n := p.Naturaesoft
	v.emr, err = naturaesoft.New(naturaesoft.Config{
		Base: n.Base, PPass: n.PPass, Operator: p.Operator, Key: single("naturaesoft", "apiKey"),
		Rate: n.Rate, Burst: n.Burst, Concurrency: n.Parallel, Log: o.Log, Trail: trail,
	})
	if err != nil {
		return nil, err
	}
	v.add(line{"naturaesoft", "EMR", "Naturaesoft EMR", n.Base, v.emr,
		func(ctx context.Context) error { _, err := v.emr.Providers(ctx); return err }})
	if c := p.Connect4Healthcare; c.Used() {
		v.care, err = connect4healthcare.New(connect4healthcare.Config{
			Base: c.Base, CreateByPost: c.CreateByPost, Credentials: pair("connect4healthcare", "api_key", "api_secret"),
			Rate: c.Rate, Burst: c.Burst, Concurrency: c.Parallel, Log: o.Log, Trail: trail,
		})
		if err != nil {
			return nil, err
		}
		v.add(line{"connect4healthcare", "C4H", "Connect4Healthcare", c.Base, v.care,
			func(ctx context.Context) error { _, err := v.care.Categories(ctx, 0); return err }})
	}
	return v, v.back(o, trail, single, pair)
}

// back makes the clients of the back office: billing, practice accounts and
// enrollment.
func (v *vendors) back(o Options, trail rest.Trail, single func(string, string) func(context.Context) (string, error),
	pair func(string, string, string) func(context.Context) (string, string, error)) (err error) {
	p := o.Profile
	if i := p.InboxHealth; i.Used() {
		v.inbox, err = inboxhealth.New(inboxhealth.Config{
			Base: i.Base, AuthMode: inboxhealth.AuthMode(i.AuthMode), Key: single("inboxhealth", "api_key"),
			Rate: i.Rate, Burst: i.Burst, Concurrency: i.Parallel, Log: o.Log, Trail: trail,
		})
		if err != nil {
			return err
		}
		v.add(line{"inboxhealth", "IH", "Inbox Health", i.Base, v.inbox,
			func(ctx context.Context) error { _, err := v.inbox.Offers(ctx); return err }})
	}
	if u := p.Updox; u.Used() {
		v.updox, err = updox.New(updox.Config{
			Base: u.Base, Credentials: pair("updox", "applicationId", "applicationPassword"),
			Rate: u.Rate, Burst: u.Burst, Concurrency: u.Parallel, Log: o.Log, Trail: trail,
		})
		if err != nil {
			return err
		}
		v.add(line{"updox", "Updox", "Updox", u.Base, v.updox,
			func(ctx context.Context) error { return v.updox.PingApplication(ctx) }})
	}
	if a := p.AngleHealth; a.Used() {
		v.angle, err = anglehealth.New(anglehealth.Config{
			Base: a.Base, TokenScheme: a.TokenScheme, Credentials: pair("anglehealth", "client_id", "client_secret"),
			Rate: a.Rate, Burst: a.Burst, Concurrency: a.Parallel, Log: o.Log, Trail: trail,
		})
		if err != nil {
			return err
		}
		v.add(line{"anglehealth", "Angle", "Angle Health", a.Base, v.angle,
			func(ctx context.Context) error { return readPlan(ctx, v.angle, a.Plans) }})
	}
	return nil
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

func (v *vendors) add(l line) { v.all = append(v.all, l) }

// health is one word per vendor that has been asked anything, for the header,
// and always the EMR's.
func (v *vendors) health() []ui.Health {
	var words []ui.Health
	for i, l := range v.all {
		if word := l.conn.Health().Word; i == 0 || word != "idle" {
			words = append(words, ui.Health{Vendor: l.short, Word: word})
		}
	}
	return words
}

// reset drops every session token.
func (v *vendors) reset() {
	for _, l := range v.all {
		l.conn.Reset()
	}
}

func (v *vendors) close() {
	for _, l := range v.all {
		l.conn.Close()
	}
}

// rows are the vendors for the connections tab.
func (v *vendors) rows() []connections.Vendor {
	var rows []connections.Vendor
	for _, l := range v.all {
		row := tie(l.name, l.title, l.base, l.conn, l.read)
		for _, f := range cli.Fields(l.name) {
			row.Secrets = append(row.Secrets, connections.Secret{Name: f.Name, Words: f.Words})
		}
		rows = append(rows, row)
	}
	return rows
}
