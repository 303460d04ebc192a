package secrets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/require"
)

func TestBusAddress(t *testing.T) {
	root := t.TempDir()
	defer func(old string) { runUser = old }(runUser)
	runUser = filepath.Join(root, "user")
	own := filepath.Join(runUser, strconv.Itoa(os.Getuid()))
	runtime := filepath.Join(root, "run time")
	for _, dir := range []string{own, runtime} {
		require.NoError(t, os.MkdirAll(dir, 0o700))
	}
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	for _, unusable := range []string{"", "autolaunch:", "autolaunch:scope=*", "tcp:host=10.0.0.1,port=5",
		"unixexec:path=/bin/touch", "nonce-tcp:host=x", "unix:path=/a;tcp:host=x"} {
		t.Setenv(busVar, unusable)
		require.Empty(t, busAddress(), unusable)
	}
	t.Setenv(busVar, "unix:abstract=/tmp/dbus-x,guid=1")
	require.Equal(t, "unix:abstract=/tmp/dbus-x,guid=1", busAddress())
	t.Setenv(busVar, "")

	note := filepath.Join(own, "dbus-session")
	require.NoError(t, os.WriteFile(note, []byte(busVar+"=unix:abstract=/tmp/note\nDBUS_SESSION_BUS_PID=5\n"), 0o600))
	require.Equal(t, "unix:abstract=/tmp/note", busAddress())
	require.NoError(t, os.WriteFile(note, []byte(busVar+"=unixexec:path=/bin/touch\n"), 0o600))
	require.Empty(t, busAddress())
	listen(t, filepath.Join(own, "bus"))
	require.Equal(t, "unix:path="+dbus.EscapeBusAddressValue(filepath.Join(own, "bus")), busAddress())
	listen(t, filepath.Join(runtime, "bus"))
	require.Equal(t, "unix:path="+dbus.EscapeBusAddressValue(runtime)+"/bus", busAddress())
	require.NotContains(t, busAddress(), " ")
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(filepath.Join(runtime, "bus"), 12345, 12345))
		require.Contains(t, busAddress(), own, "somebody else's bus is passed over")
	}
}

// listen makes a socket that takes connections and says nothing.
func listen(t *testing.T, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
}

// A bus that takes the connection and never greets: the look ends in time and
// leaves no goroutine (TestMain looks).
func TestBusThatSaysNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	listen(t, path)
	t.Setenv(busVar, "unix:path="+path)
	start := time.Now()
	s := Open(t.Context(), Options{Dir: t.TempDir()})
	require.Equal(t, Hung, s.State())
	require.Less(t, time.Since(start), callLimit)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start = time.Now()
	Open(ctx, Options{Dir: t.TempDir()})
	require.Less(t, time.Since(start), lookLimit, "ctx ends it sooner")
}

func TestBusThatHangsUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	t.Setenv(busVar, "unix:path="+path)
	require.Equal(t, BusUnreachable, Open(t.Context(), Options{Dir: t.TempDir()}).State())
}

func TestClassify(t *testing.T) {
	named := func(name string) error { return dbus.Error{Name: name, Body: []any{planted}} }
	for want, errs := range map[finding][]error{
		{state: Locked}: {errors.New("failed to unlock correct collection '/x'"), named("org.freedesktop.Secret.Error.IsLocked"),
			dbus.Error{Name: "org.x", Body: []any{"Cannot create an item in a locked collection"}}},
		{state: NoService}: {named("org.freedesktop.DBus.Error.ServiceUnknown"), named("org.freedesktop.DBus.Error.NoReply"),
			named("org.freedesktop.DBus.Error.NameHasNoOwner")},
		{state: BusUnreachable}: {dbus.ErrClosed, io.EOF, fmt.Errorf("x: %w",
			&net.OpError{Op: "dial", Net: "unix", Err: syscall.ECONNREFUSED})},
		{state: Hung}:                       {context.DeadlineExceeded, context.Canceled},
		{Failed, "org.freedesktop.Refused"}: {named("org.freedesktop.Refused")},
		{state: Failed}:                     {errors.New(planted), named("not a name " + planted)},
	} {
		for _, err := range errs {
			require.Equal(t, want, classify(err), err)
			require.NotContains(t, classify(err).sentence(), planted)
		}
	}
}
