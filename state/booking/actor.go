package booking

import (
	"os"
	"os/user"
	"strings"

	"github.com/google/uuid"

	"frontdesk/clients/safe"
)

// Actor is who does something, as the host knows them. No patient is ever an
// Actor.
type Actor struct {
	UID     int
	User    string
	Host    string
	TTY     string
	Session string // one run of the program
}

// Here is the account, host and terminal this process runs on, as a new
// session.
func Here() Actor {
	a := Actor{UID: os.Getuid(), User: "uid", Session: uuid.NewString()}
	if u, err := user.Current(); err == nil {
		a.User = u.Username
	}
	a.Host, _ = os.Hostname()
	if tty, err := os.Readlink("/proc/self/fd/0"); err == nil && strings.HasPrefix(tty, "/dev/") {
		a.TTY = strings.TrimPrefix(tty, "/dev/")
	}
	return a
}

// String is the short name colleagues know: maria@desk2.
func (a Actor) String() string {
	host, _, _ := strings.Cut(a.Host, ".")
	return safe.Clean(a.User) + "@" + safe.Clean(host)
}

// Same reports that both are one person on one host, in whatever session: who
// reconnects still owns what they held.
func (a Actor) Same(b Actor) bool {
	return a.UID == b.UID && a.User == b.User && a.Host == b.Host
}
