package store

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Server is a PostgreSQL server that several machines share.
type Server struct {
	// URL is postgres://role@host/database, and never holds a password. Off
	// loopback the connection is TLS with sslmode=verify-full, said or not.
	URL string
	// Schema is the set of tables; default frontdesk. Sets of one database do
	// not know each other.
	Schema string
	// Password is asked at every connect; nil or empty: what PGPASSFILE, a
	// service file or a certificate say.
	Password func(context.Context) (string, error)
}

// Limits of one transaction. Those of the server end before ours, so that its
// own words are heard while it answers.
const (
	connectLimit = 3 * time.Second
	txLimit      = 10 * time.Second
	lookLimit    = 8 * time.Second // for what became of a lost commit
	poolSize     = 3
)

// params are set at every connect.
var params = map[string]string{
	"application_name":                    "frontdesk",
	"statement_timeout":                   "5000",
	"lock_timeout":                        "3000",
	"idle_in_transaction_session_timeout": "10000",
	"synchronous_commit":                  "on",
	"default_transaction_isolation":       "read committed",
}

// server is what a DB on a server knows besides its pool.
type server struct {
	name   string // host:port/database
	schema string
	want   int // version of the tables

	mu   sync.Mutex
	away string // why it cannot be reached; empty: it answered last
}

// openServer prepares the pool and looks once whether the server has our
// tables. A server that is away is taken as it is: looking at other things
// must go on, and each use of the ledger says it.
func openServer(ctx context.Context, o Options) (*DB, error) {
	d, err := dial(*o.Server, len(o.Migrations))
	if err != nil {
		return nil, err
	}
	limited, done := context.WithTimeout(ctx, txLimit)
	defer done()
	_, err = d.writer.ExecContext(limited, `DELETE FROM store_write WHERE token IN (SELECT token FROM store_write
		WHERE at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)`)
	if err = d.said(ctx, err); err != nil && !away(err) {
		_ = d.writer.Close()
		return nil, err
	}
	return d, nil
}

// dial makes the one small pool; nothing is sent.
func dial(s Server, want int) (*DB, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	v := &server{name: label(c), schema: c.RuntimeParams["search_path"], want: want}
	pool := stdlib.OpenDB(*c, stdlib.OptionAfterConnect(v.welcome),
		stdlib.OptionBeforeConnect(func(ctx context.Context, c *pgx.ConnConfig) error { return s.signIn(ctx, v.name, c) }))
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(1)
	pool.SetConnMaxIdleTime(time.Minute)
	return &DB{path: v.name, server: v, writer: pool, reader: pool}, nil
}

// signIn puts the password into a connection about to be made. It is kept
// nowhere.
func (s Server) signIn(ctx context.Context, name string, c *pgx.ConnConfig) error {
	if s.Password == nil {
		return nil
	}
	word, err := s.Password(ctx)
	if err != nil {
		return refused(name, "was not asked: its password cannot be read from where secrets live. "+
			"Unlock that place, or run frontdesk login ledger", err)
	}
	if word != "" {
		c.Password = word
	}
	return nil
}

// config is the connection that URL, environment and service file describe,
// with our limits; what is weaker than it must be is refused.
func (s Server) config() (*pgx.ConnConfig, error) {
	const usual = "has no usable address. Write it as postgres://role@host/database"
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, refused("", usual, nil) // err quotes the address
	}
	q := u.Query()
	if _, has := u.User.Password(); has || q.Has("password") || q.Has("sslpassword") {
		return nil, refused(u.Host, "has a password in its address, and secrets do not belong there: "+
			"run frontdesk login ledger, or use PGPASSFILE", nil)
	}
	c, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, refused(u.Host, usual+", and look at the PG variables of the environment", nil)
	}
	if mode := q.Get("sslmode"); elsewhere(c) && mode == "" {
		q.Set("sslmode", "verify-full")
		u.RawQuery = q.Encode()
		if c, err = pgx.ParseConfig(u.String()); err != nil {
			return nil, refused(u.Host, "needs TLS that can be verified, and its certificates cannot be read. "+
				"Correct sslrootcert, sslcert and sslkey", nil)
		}
	}
	if !verified(c) {
		return nil, refused(label(c), "is on another machine, so its certificate has to be verified. "+
			"Write sslmode=verify-full, with sslrootcert if the practice signs its own", nil)
	}
	if err := private(q.Get("passfile"), label(c)); err != nil {
		return nil, err
	}
	for name, value := range params {
		c.RuntimeParams[name] = value
	}
	c.RuntimeParams["search_path"] = or(s.Schema, "frontdesk")
	c.ConnectTimeout = connectLimit
	c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite // never a standby
	return c, nil
}

func or(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}

// label names a server for people: host, port and database.
func label(c *pgx.ConnConfig) string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// local tells that host is a socket or a literal address of this computer; a
// name could be made to mean another one.
func local(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@")
}

// elsewhere reports that some host of c is on another machine.
func elsewhere(c *pgx.ConnConfig) bool {
	for _, f := range c.Fallbacks {
		if !local(f.Host) {
			return true
		}
	}
	return !local(c.Host)
}

// verified reports that every host of c on another machine has to prove its
// name by a certificate, whatever the environment or a service file says.
func verified(c *pgx.ConnConfig) bool {
	all := append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	for _, f := range all {
		t := f.TLSConfig
		if !local(f.Host) && (t == nil || t.InsecureSkipVerify || t.ServerName != f.Host) {
			return false
		}
	}
	return true
}

// private refuses a password file that others may read.
func private(path, name string) error {
	if path == "" {
		path = os.Getenv("PGPASSFILE")
	}
	if home, err := os.UserHomeDir(); path == "" && err == nil {
		path = filepath.Join(home, ".pgpass")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 || os.PathSeparator == '\\' {
		return nil
	}
	return refused(name, "was not asked: the password file "+path+" is open to other accounts. Use: chmod 0600 "+path, nil)
}

// Trouble is why the database cannot be used now, a sentence; empty while it
// answers, and always for a file that was opened. It asks nobody.
func (d *DB) Trouble() string {
	if d.shut != nil {
		return d.shut.Error()
	}
	if d.server == nil {
		return ""
	}
	d.server.mu.Lock()
	defer d.server.mu.Unlock()
	return d.server.away
}
