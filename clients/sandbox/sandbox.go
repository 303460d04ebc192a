// Package sandbox plays the vendors on the loopback interface by their
// documents, so that the program can be tried, taught and tested without them.
//
// It is a second, independent reading of those documents: it must not import
// any client package nor share a type with one, or a wrong JSON name would be
// wrong on both sides and never be seen. It behaves as documented even where
// that is unkind, and where a document is silent it answers in one of the ways
// the document allows. It knows nothing of the screen.
//
// Each vendor is a group of files with its name in front, a ServeMux of its
// own, and is mounted under a prefix of that name. Faults, counts, the clock
// and the control endpoint are common to all of them.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-sql/civil"
)

// Defaults for Options left zero.
const (
	defaultListen    = "127.0.0.1:0"
	defaultProspects = 250
	defaultProviders = 12
	defaultDemoAfter = 6 * time.Second
	defaultTickets   = 36
	defaultPatients  = 60
)

// Options say how large the played practice is and how it behaves. The zero
// value is a practice of 250 prospects and 12 providers on a free port.
type Options struct {
	Listen    string           // a literal loopback IP with port; default 127.0.0.1:0
	Prospects int              // generated prospects and patients; default 250
	Providers int              // active providers; default 12
	Zone      *time.Location   // the practice's zone; default time.Local
	Now       func() time.Time // the practice's clock; default time.Now
	Demo      bool             // somebody enters requested visits into the EMR
	DemoAfter time.Duration    // how long that takes; default 6 s
	Tickets   int              // open tickets at Connect4Healthcare; default 36
	Patients  int              // patients at Inbox Health; default 60
}

// Server is the running sandbox. All its methods may be called from any
// goroutine.
type Server struct {
	addr    string
	zone    *time.Location
	clock   atomic.Pointer[func() time.Time]
	faults  faults
	routes  map[string]*route
	vendors map[string]vendor
	emr     *naturaesoft
	care    *Connect4Healthcare
	updox   *updox
	billing *inboxhealth
	angle   *anglehealth

	stop context.CancelFunc
	http *http.Server
	wait sync.WaitGroup // the accept loop, open connections, the demo
}

// A vendor is one played system.
type vendor interface {
	handler() http.Handler
	expireTokens() // every session token given out so far
}

// Start opens the listener and begins to answer. It refuses an address which
// is not a literal loopback IP: the sandbox asks nobody for a password. Close
// must be called.
func Start(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := loopbackAddress(o.Listen); err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("sandbox: cannot listen on %s: %w", o.Listen, err)
	}
	s := newServer(o)
	s.addr = ln.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.http = s.httpServer(ctx)
	s.wait.Go(func() { _ = s.http.Serve(ln) })
	if s.emr.demo != nil {
		s.wait.Go(func() { s.emr.demo.run(ctx) })
	}
	return s, nil
}

// newServer builds the practice without opening a listener.
func newServer(o Options) *Server {
	s := &Server{
		zone:    o.Zone,
		routes:  map[string]*route{},
		vendors: map[string]vendor{},
	}
	s.clock.Store(&o.Now)
	s.emr = newNaturaesoft(s, o)
	s.vendors["naturaesoft"] = s.emr
	s.care = newConnect4Healthcare(s, o.Tickets)
	s.vendors["connect4healthcare"] = s.care
	s.updox = newUpdox(s)
	s.vendors["updox"] = s.updox
	s.billing = newInboxhealth(s, o)
	s.vendors["inboxhealth"] = s.billing
	s.angle = newAngleHealth(s)
	s.vendors["anglehealth"] = s.angle
	return s
}

func (o Options) withDefaults() Options {
	if o.Listen == "" {
		o.Listen = defaultListen
	}
	if o.Prospects <= 0 {
		o.Prospects = defaultProspects
	}
	if o.Providers <= 0 {
		o.Providers = defaultProviders
	}
	if o.Patients <= 0 {
		o.Patients = defaultPatients
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tickets <= 0 {
		o.Tickets = defaultTickets
	}
	if o.DemoAfter <= 0 {
		o.DemoAfter = defaultDemoAfter
	}
	return o
}

// httpServer counts open connections in s.wait, so that Close returns only
// after the last of their goroutines is done with the practice.
func (s *Server) httpServer(ctx context.Context) *http.Server {
	mux := http.NewServeMux()
	for name, v := range s.vendors {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, v.handler()))
	}
	mux.Handle("/_sandbox/", s.control())
	return &http.Server{
		Handler:           onlyLoopback(countOnConn(mux)),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // the screen is not ours
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnContext:       numberConn,
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.wait.Add(1)
			case http.StateClosed, http.StateHijacked:
				s.wait.Done()
			}
		},
	}
}

// Close cuts every connection and returns when nothing of the sandbox runs any
// more. It may be called twice.
func (s *Server) Close() error {
	s.stop()
	err := s.http.Close()
	s.wait.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// URL returns the base URL for the client of a vendor ("naturaesoft"), without
// a slash at the end; "" for a vendor which is not played.
func (s *Server) URL(vendor string) string {
	if _, ok := s.vendors[vendor]; !ok {
		return ""
	}
	return "http://" + s.addr + "/" + vendor
}

// SetNow sets the practice's clock: what is past, where next-slot begins and
// the time stamps of what is written. Tokens live by the real clock, as their
// holders do; see ExpireTokens.
func (s *Server) SetNow(now func() time.Time) { s.clock.Store(&now) }

// ExpireTokens makes every session token given out so far expired, at every
// vendor.
func (s *Server) ExpireTokens() {
	for _, v := range s.vendors {
		v.expireTokens()
	}
}

// now is the moment on the practice's clock.
func (s *Server) now() time.Time { return (*s.clock.Load())() }

// local is the same moment as date and time in the practice's zone.
func (s *Server) local() civil.DateTime { return civil.DateTimeOf(s.now().In(s.zone)) }

// loopbackAddress refuses what others on the network could reach, and names:
// a name can mean another address tomorrow.
func loopbackAddress(listen string) error {
	at, err := netip.ParseAddrPort(listen)
	if err != nil || !at.Addr().IsLoopback() {
		return fmt.Errorf("sandbox: the listen address must be a literal loopback address with a port, such as 127.0.0.1:8737 or [::1]:0, not %q", listen)
	}
	return nil
}
