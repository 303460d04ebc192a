package rest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// The proxy variables are read once per process, so the proxy of the proxy
// tests is there from the start.
var testProxy net.Listener

func TestMain(m *testing.M) {
	var err error
	if testProxy, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		panic(err)
	}
	go refuseAll(testProxy)
	for _, name := range []string{"NO_PROXY", "no_proxy", "https_proxy"} {
		os.Unsetenv(name)
	}
	os.Setenv("HTTPS_PROXY", "http://"+testProxy.Addr().String())
	code := m.Run()
	testProxy.Close()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func refuseAll(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		}
		c.Close()
	}
}

type thing struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

var (
	list   = Op{Name: "list things", Method: "GET", Path: "/things", Public: true}
	update = Op{Name: "update thing", Method: "PUT", Path: "/things", Effect: Idempotent, Public: true}
	// As Connect4Healthcare's create_ticket: a GET that creates.
	create = Op{Name: "create thing", Method: "GET", Path: "/create", Effect: Create, Public: true}
	post   = Op{Name: "post thing", Method: "POST", Path: "/things", Effect: Create, Public: true}
)

// signed is op for a signed-in caller.
func signed(op Op) Op {
	op.Public = false
	return op
}

func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// connect makes a client that is closed before its server.
func connect(t testing.TB, base string, change ...func(*Options)) *Client {
	t.Helper()
	return connectBy(t, base, (&net.Dialer{}).DialContext, change...)
}

func connectBy(t testing.TB, base string, dial dialer, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{Vendor: "Example EMR", Base: base, Rate: 1e6, Burst: 1e6}
	for _, f := range change {
		f(&o)
	}
	c, err := open(o, dial)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// fails makes the call and returns its error.
func fails(t testing.TB, c *Client, op Op, call Call) *Error {
	t.Helper()
	_, err := Do[thing](context.Background(), c, op, call)
	return typed(t, err)
}

func typed(t testing.TB, err error) *Error {
	t.Helper()
	require.Error(t, err)
	var e *Error
	require.True(t, errors.As(err, &e), "%T", err)
	require.Equal(t, e.Phase == Unknown && e.effect != Read, e.Ambiguous)
	return e
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		c.Close()
	}
}

// reset ends the connection as a crash does.
func reset(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
}

// reply is a raw answer.
func reply(w http.ResponseWriter, raw string) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		io.WriteString(c, raw)
		c.Close()
	}
}

// piped plays a vendor inside a synctest bubble, where sockets cannot be used.
// Handle is given the number of the request.
func piped(handle func(n int, r *http.Request, c net.Conn)) dialer {
	var mu sync.Mutex
	n := 0
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			in := bufio.NewReader(far)
			for {
				r, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				io.Copy(io.Discard, r.Body)
				mu.Lock()
				n++
				number := n
				mu.Unlock()
				handle(number, r, far)
			}
		}()
		return near, nil
	}
}

// answer writes a complete answer.
func answer(c net.Conn, status int, header, body string) {
	fmt.Fprintf(c, "HTTP/1.1 %d x\r\n%sContent-Length: %d\r\n\r\n%s", status, header, len(body), body)
}

// hang reads until the other side gives up.
func hang(c net.Conn) { io.Copy(io.Discard, c) }

const local = "http://127.0.0.1:1"

// journal is a log that may be read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func (j *journal) lines() []string {
	return strings.Split(strings.TrimSpace(j.String()), "\n")
}

func logTo(j *journal) func(*Options) {
	return func(o *Options) { o.Log = slog.New(slog.NewJSONHandler(j, nil)) }
}

// pass lets time go by in a synctest bubble.
func pass(d time.Duration) { <-time.After(d) }
