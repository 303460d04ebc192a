package secrets

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"
)

const (
	busVar     = "DBUS_SESSION_BUS_ADDRESS"
	secretName = "org.freedesktop.secrets"
	secretPath = dbus.ObjectPath("/org/freedesktop/secrets")
	secretAPI  = "org.freedesktop.Secret."
)

// runUser is where login managers keep the folder of each user's session.
var runUser = "/run/user"

// probe looks whether the Secret Service can be used now. It starts nothing:
// the address is looked up here, because godbus would run dbus-launch, and
// no call may activate a service. When the keyring is ready the address is in
// this process's environment, where go-keyring looks for it first.
func probe(ctx context.Context) finding {
	address := busAddress()
	if address == "" {
		return finding{state: NoBus}
	}
	conn, err := dbus.Dial(address, dbus.WithContext(ctx)) // closes when ctx ends
	if err != nil {
		return finding{state: BusUnreachable}
	}
	defer conn.Close()
	err = conn.Auth(nil)
	if err == nil {
		err = conn.Hello()
	}
	if err != nil {
		if ctx.Err() != nil {
			return finding{state: Hung}
		}
		return finding{state: BusUnreachable}
	}
	f := ask(ctx, conn)
	if f.state == Ready {
		if err := os.Setenv(busVar, address); err != nil {
			return failed("setenv")
		}
	}
	return f
}

// drop closes the connection that go-keyring shares with whoever asks godbus.
// It is looked for only where it can be, lest a bus is started.
func drop() {
	if !local(os.Getenv(busVar)) {
		return
	}
	if conn, err := dbus.SessionBus(); err == nil {
		conn.Close()
	}
}

// ask goes through what go-keyring will need, by calls that never prompt.
func ask(ctx context.Context, conn *dbus.Conn) finding {
	var owned bool
	err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretName).Store(&owned)
	if err != nil {
		return classify(err)
	}
	if !owned {
		return finding{state: NoService}
	}
	var paths []dbus.ObjectPath
	if err := property(ctx, conn, secretPath, "Service", "Collections", &paths); err != nil {
		return classify(err)
	}
	// go-keyring prefers the login keyring over the default one.
	collection := secretPath + "/collection/login"
	if !slices.Contains(paths, collection) {
		err := conn.Object(secretName, secretPath).CallWithContext(ctx, secretAPI+"Service.ReadAlias",
			dbus.FlagNoAutoStart, "default").Store(&collection)
		if err != nil {
			return classify(err)
		}
	}
	if collection == "/" {
		return finding{state: NoCollection}
	}
	var locked bool
	if err := property(ctx, conn, collection, "Collection", "Locked", &locked); err != nil {
		return classify(err)
	}
	if locked {
		return finding{state: Locked}
	}
	return finding{state: Ready}
}

func property(ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath, kind, name string, to any) error {
	var v dbus.Variant
	err := conn.Object(secretName, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get",
		dbus.FlagNoAutoStart, secretAPI+kind, name).Store(&v)
	if err != nil {
		return err
	}
	return v.Store(to)
}

// busAddress finds the session bus: the variable, else where login managers
// put it. Only sockets of this machine count: over others, and through a
// program, secrets would leave it or something would be started.
func busAddress() string {
	if address := os.Getenv(busVar); local(address) {
		return address
	}
	folders := []string{os.Getenv("XDG_RUNTIME_DIR"), filepath.Join(runUser, strconv.Itoa(os.Getuid()))}
	for _, dir := range folders {
		bus := filepath.Join(dir, "bus")
		if filepath.IsAbs(dir) && mine(bus) {
			return "unix:path=" + dbus.EscapeBusAddressValue(bus)
		}
	}
	note := filepath.Join(folders[1], "dbus-session")
	if !mine(note) {
		return ""
	}
	text, err := os.ReadFile(note)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	address := strings.TrimPrefix(strings.TrimRight(line, "\r"), busVar+"=")
	if !local(address) {
		return ""
	}
	return address
}

// local tells that every address of the list is a Unix socket.
func local(address string) bool {
	for part := range strings.SplitSeq(address, ";") {
		if !strings.HasPrefix(part, "unix:") {
			return false
		}
	}
	return true
}

// mine tells that path is there and this account's own: keys must not be
// handed to somebody else's bus.
func mine(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// classify finds the state behind an error of the bus or of go-keyring, which
// tells a locked keyring by words only.
func classify(err error) finding {
	text := err.Error()
	if strings.Contains(text, "failed to unlock") || strings.Contains(text, "locked collection") {
		return finding{state: Locked}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return finding{state: Hung}
	}
	var de dbus.Error
	if errors.As(err, &de) {
		switch strings.TrimPrefix(de.Name, "org.freedesktop.") {
		case "Secret.Error.IsLocked":
			return finding{state: Locked}
		case "DBus.Error.ServiceUnknown", "DBus.Error.NameHasNoOwner", "DBus.Error.NoReply",
			"DBus.Error.Disconnected":
			return finding{state: NoService}
		}
		return failed(de.Name)
	}
	if errors.As(err, new(net.Error)) || errors.Is(err, dbus.ErrClosed) || errors.Is(err, io.EOF) {
		return finding{state: BusUnreachable}
	}
	return failed("")
}
