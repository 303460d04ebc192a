package updox

import (
	"context"
	"net/http"

	"frontdesk/clients/rest"
)

var (
	opPing        = rest.Op{Name: "ping", Method: http.MethodPost, Path: "/Ping", Public: true}
	opPingApp     = rest.Op{Name: "ping with application", Method: http.MethodPost, Path: "/PingWithApplicationAuth"}
	opPingAccount = rest.Op{Name: "ping with account", Method: http.MethodPost, Path: "/PingWithAccountAuth"}
	opPingUser    = rest.Op{Name: "ping with user", Method: http.MethodPost, Path: "/PingWithAuth"}
)

// Ping asks whether Updox answers at all; no credentials are sent. Ping.
func (c *Client) Ping(ctx context.Context) error {
	_, err := ask(ctx, c, opPing, rest.Call{Body: struct{}{}}, nothing)
	return err
}

// PingApplication tests the application's id and password.
// PingWithApplicationAuth.
func (c *Client) PingApplication(ctx context.Context) error {
	return c.ping(ctx, opPingApp, "", "")
}

// PingAccount tests whether an account lets the application in. An inactive
// account and wrong credentials are one answer; see IsDenied.
// PingWithAccountAuth.
func (c *Client) PingAccount(ctx context.Context, account string) error {
	return c.ping(ctx, opPingAccount, account, "")
}

// PingUser is PingAccount for one user of the account, by your own id of the
// user. PingWithAuth.
func (c *Client) PingUser(ctx context.Context, account, user string) error {
	return c.ping(ctx, opPingUser, account, user)
}

func (c *Client) ping(ctx context.Context, op rest.Op, account, user string) error {
	call, err := c.call(ctx, op, nil, account, user)
	if err != nil {
		return err
	}
	_, err = ask(ctx, c, op, call, nothing)
	return err
}

func nothing(answer) (struct{}, error) { return struct{}{}, nil }
