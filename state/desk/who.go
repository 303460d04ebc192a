package desk

import (
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/clients/safe"
)

// Who is the account and terminal that act, as the host knows them, in one run
// of the program.
type Who struct {
	UID     int
	User    string
	Host    string
	TTY     string
	SSH     string // SSH_CONNECTION: client address and port, server address and port
	Session string // one run of the program
}

// Here is who runs this process, as a new session.
func Here() Who {
	w := Who{UID: os.Getuid(), User: fmt.Sprintf("uid%d", os.Getuid()), Session: uuid.NewString(), SSH: os.Getenv("SSH_CONNECTION")}
	if u, err := user.Current(); err == nil {
		w.User = u.Username
	}
	w.Host, _ = os.Hostname()
	if tty, err := os.Readlink("/proc/self/fd/0"); err == nil && strings.HasPrefix(tty, "/dev/") {
		w.TTY = strings.TrimPrefix(tty, "/dev/")
	}
	return w.clean()
}

// clean makes every part one printable line.
func (w Who) clean() Who {
	for _, part := range []*string{&w.User, &w.Host, &w.TTY, &w.SSH, &w.Session} {
		*part = safe.Clean(strings.ToValidUTF8(*part, "?"))
	}
	return w
}

const (
	// beatEvery is how often a session says that it is alive.
	beatEvery = 5 * time.Second
	// lease is how long a session that says nothing is believed to be alive.
	lease = 3 * beatEvery
)

// run is a session as the database knows it.
type run struct {
	Who
	pid   int
	beat  int64
	ended bool
}

// alive tells whether the session may still be at work: it said so lately,
// and its process is there if it is one of this host.
func (r run) alive(now time.Time, here Who) bool {
	if r.Session == here.Session {
		return true
	}
	if r.Session == "" || r.ended || now.Sub(time.UnixMilli(r.beat)) > lease {
		return false
	}
	return r.Host != here.Host || r.pid == os.Getpid() || !gone(r.pid)
}
