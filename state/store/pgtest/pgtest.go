//go:build unix

// Package pgtest starts a private PostgreSQL server for tests. It must not be
// imported by anything but tests, and knows nothing of what is kept in it.
package pgtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Cluster is one running server with the database frontdesk, owned by the role
// frontdesk, on loopback.
type Cluster struct {
	URL string // of the database, without a password: this machine is trusted

	dir, data, port string
	as              *syscall.SysProcAttr
	cmd             *exec.Cmd
	hold            io.Closer // the server lives as long as this is open
}

// bin are the folders a server's programs may be in besides PATH.
const bin = "/usr/lib/postgresql/*/bin"

func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob(filepath.Join(bin, name))
	if len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed: " + name + " was not found (apt-get install postgresql)")
	}
	return found[len(found)-1], nil
}

// account is whom the server runs as: it refuses to be root's.
func account() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody")
}

// Start makes a cluster in a folder of its own and starts it. The error says
// why this machine cannot.
func Start() (*Cluster, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	c := &Cluster{}
	if c.as, err = account(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "frontdesk-pg-"); err != nil {
		return nil, err
	}
	c.data = filepath.Join(c.dir, "data")
	if cred := c.as.Credential; cred != nil {
		err = os.Chown(c.dir, int(cred.Uid), int(cred.Gid))
	}
	if err == nil {
		err = c.run(initdb, "-D", c.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	}
	if err == nil {
		c.port, err = port()
	}
	if err == nil {
		err = c.Up()
	}
	if err == nil {
		err = c.create()
	}
	if err != nil {
		c.Stop()
		return nil, err
	}
	c.URL = "postgres://frontdesk@127.0.0.1:" + c.port + "/frontdesk"
	return c, nil
}

// port is one nobody listens on.
func port() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// run runs a program as the server's account.
func (c *Cluster) run(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, out)
	}
	return nil
}

// guardian ends the server when its standard input ends, as it does when the
// test's process ends in whatever way.
const guardian = `exec 3<&0; "$@" </dev/null 3<&- & p=$!; (cat <&3; kill -INT $p) >/dev/null 2>&1 & exec 3<&-; wait $p`

// Up starts the server and waits until it answers.
func (c *Cluster) Up() error {
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c.cmd = exec.Command("sh", "-c", guardian, "sh", postgres, "-D", c.data, "-k", c.dir, "-p", c.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "shared_buffers=64MB",
		"-c", "fsync="+fsync())
	c.cmd.Dir, c.cmd.SysProcAttr, c.cmd.Stdout, c.cmd.Stderr = c.dir, c.as, log, log
	if c.hold, err = c.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	return c.ready()
}

// fsync is off but for the long runs, whose figures count: no test takes the
// machine's power away.
func fsync() string {
	if os.Getenv("FRONTDESK_SOAK") != "" {
		return "on"
	}
	return "off"
}

// ready waits for the first answer.
func (c *Cluster) ready() error {
	isready, err := program("pg_isready")
	if err != nil {
		return err
	}
	for try := 0; try < 30; try++ {
		// -t bounds the wait for an answer; where nobody listens yet it returns
		// at once, so that the shell is asked to wait a little.
		if c.run("sh", "-c", "sleep 0.2; "+isready+" -q -h 127.0.0.1 -t 2 -p "+c.port) == nil {
			return nil
		}
	}
	text, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	return fmt.Errorf("the server did not start: %s", text)
}

// create makes the role and the database.
func (c *Cluster) create() error {
	return errors.Join(c.SQL("postgres", "CREATE ROLE frontdesk LOGIN"),
		c.SQL("postgres", "CREATE DATABASE frontdesk OWNER frontdesk"))
}

// SQL runs a statement as the server's administrator.
func (c *Cluster) SQL(database, statement string) error {
	_, err := c.Ask(database, statement)
	return err
}

// Ask is what psql prints for a statement of the server's administrator.
func (c *Cluster) Ask(database, statement string) (string, error) {
	psql, err := program("psql")
	if err != nil {
		return "", err
	}
	cmd := exec.Command(psql, "-X", "-A", "-t", "-h", "127.0.0.1", "-p", c.port, "-U", "postgres", "-d", database, "-c", statement)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// Secure turns TLS on with a certificate and its key, as PEM.
func (c *Cluster) Secure(cert, key []byte) error {
	for name, text := range map[string][]byte{"server.crt": cert, "server.key": key} {
		path := filepath.Join(c.data, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
		if cred := c.as.Credential; cred != nil {
			if err := os.Chown(path, int(cred.Uid), int(cred.Gid)); err != nil {
				return err
			}
		}
	}
	return errors.Join(c.SQL("postgres", "ALTER SYSTEM SET ssl = on"), c.SQL("postgres", "SELECT pg_reload_conf()"))
}

// Down ends the server: with kill as a machine that loses its power, else
// cutting every connection but leaving the data in order.
func (c *Cluster) Down(kill bool) {
	if c.cmd == nil {
		return
	}
	if kill {
		if text, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid")); err == nil {
			first, _, _ := strings.Cut(string(text), "\n")
			if pid, err := strconv.Atoi(first); err == nil && pid > 1 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	_ = c.hold.Close()
	_ = c.cmd.Wait()
	c.cmd = nil
	// What a killed server leaves behind ends by itself, in a moment, and keeps
	// the next one from starting.
	for try := 0; try < 100 && c.busy(); try++ {
		_ = c.run("sleep", "0.1")
	}
}

// busy reports that some process still works in the data folder.
func (c *Cluster) busy() bool {
	all, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, cwd := range all {
		if dir, err := os.Readlink(cwd); err == nil && dir == c.data {
			return true
		}
	}
	return false
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() {
	c.Down(false)
	_ = os.RemoveAll(c.dir)
}

var (
	once   sync.Once
	shared *Cluster
	whyNot error
)

// Shared is the one cluster of a test binary. It is stopped by StopShared, and
// ends with the process in any case.
func Shared() (*Cluster, error) {
	once.Do(func() { shared, whyNot = Start() })
	return shared, whyNot
}

// StopShared ends the shared cluster, if it was started.
func StopShared() {
	if shared != nil {
		shared.Stop()
	}
}
