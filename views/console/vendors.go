package console

import (
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

// vendors are the clients of the vendors a profile uses, for the tabs; those it
// does not use are nil. The EMR is always there.
type vendors struct {
	*cli.Clients
	emr   *naturaesoft.Client
	care  *connect4healthcare.Client
	inbox *inboxhealth.Client
	updox *updox.Client
	angle *anglehealth.Client
}

// dial makes the clients; nothing is sent.
func dial(o Options, trail rest.Trail) (*vendors, error) {
	v, err := cli.Dial(cli.Dialling{Profile: o.Profile, Credentials: o.Credentials, Log: o.Log, Trail: trail})
	if err != nil {
		return nil, err
	}
	return &vendors{v, v.EMR, v.Care, v.Inbox, v.Updox, v.Angle}, nil
}

// health is one word per vendor that has been asked anything, for the header,
// and always the EMR's.
func (v *vendors) health() []ui.Health {
	var words []ui.Health
	for i, l := range v.All {
		if word := l.Conn.Health().Word; i == 0 || word != "idle" {
			words = append(words, ui.Health{Vendor: l.Short, Word: word})
		}
	}
	return words
}

// rows are the vendors for the connections tab.
func (v *vendors) rows() []connections.Vendor {
	var rows []connections.Vendor
	for _, l := range v.All {
		row := tie(l.Name, l.Title, l.Base, l.Conn, l.Read)
		for _, f := range cli.Fields(l.Name) {
			row.Secrets = append(row.Secrets, connections.Secret{Name: f.Name, Words: f.Words})
		}
		rows = append(rows, row)
	}
	return rows
}
