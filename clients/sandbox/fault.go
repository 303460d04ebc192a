package sandbox

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// FaultKind names what goes wrong. The words are also those of the control
// endpoint.
type FaultKind string

// The kinds. "Before" means the vendor did nothing, "after" that it carried
// the call out; a client cannot tell the two apart by itself. Kinds without
// either word are carried out and answered, unless they say otherwise.
const (
	FaultDelay FaultKind = "delay" // only waits for Delay; every kind but drip waits first when Delay is set

	FaultStatus       FaultKind = "status"       // Status (500) and Body in place of the call
	FaultStatusAfter  FaultKind = "status-after" // the same, after the call
	FaultUnauthorized FaultKind = "unauthorized" // 401 in place of the call
	FaultRateLimited  FaultKind = "rate-limited" // 429 in place of the call, with Retry-After as in RetryAfter ("1")
	FaultHTML         FaultKind = "html"         // an HTML page (Body) with Status (200) in place of the call
	FaultRedirect     FaultKind = "redirect"     // Status (307) in place of the call, to Body (the same address)

	FaultResetBefore    FaultKind = "reset-before"     // the connection is reset before the request is read
	FaultFinBefore      FaultKind = "fin-before"       // closed after reading
	FaultResetAfter     FaultKind = "reset-after"      // reset in place of the answer
	FaultFinAfter       FaultKind = "fin-after"        // closed in place of the answer
	FaultFinAfterReused FaultKind = "fin-after-reused" // the same, only on a connection that carried a request before
	FaultStall          FaultKind = "stall"            // nothing is done nor said until the client gives up
	FaultStallAfter     FaultKind = "stall-after"      // done, but nothing said until the client gives up
	FaultGarbage        FaultKind = "garbage"          // bytes which are not HTTP in place of the answer
	FaultCutBody        FaultKind = "cut-body"         // closed half-way through the body
	FaultDrip           FaultKind = "drip"             // a byte every Delay (50 ms), for the first Size bytes (all); the rest comes at once

	FaultTruncated    FaultKind = "truncated"      // half of the JSON, sent as if it were all
	FaultTrailing     FaultKind = "trailing-comma" // a comma before the last brace
	FaultBOM          FaultKind = "bom"            // a byte order mark before the JSON
	FaultEmpty        FaultKind = "empty"          // the status without a body
	FaultOversize     FaultKind = "oversize"       // JSON of Size bytes (16 MiB)
	FaultGzipBomb     FaultKind = "gzip-bomb"      // Size bytes (64 MiB) in a few kilobytes of gzip
	FaultHugeHeader   FaultKind = "huge-header"    // a header of Size bytes (2 MiB)
	FaultEmptyAsArray FaultKind = "empty-as-array" // every empty object comes as []

	FaultIDsAsStrings     FaultKind = "ids-as-strings"     // "ProspectID": "5"
	FaultNumbersAsStrings FaultKind = "numbers-as-strings" // every number in quotes
	FaultNulls            FaultKind = "nulls"              // null for every text
	FaultHostile          FaultKind = "hostile"            // Body for every text (not dates, times, numbers in quotes)
	FaultEnvelope         FaultKind = "envelope"           // lists wrapped as Body says: bare, plain, named, meta, top
	FaultWrongProvider    FaultKind = "wrong-provider"     // the answer speaks of another provider
)

// AnyRoute as a route's name means every route. A vendor's name followed by
// " *" means every route of that vendor. The nearest name wins. Set for many
// routes at once, the 401 and the kinds which change what an answer says leave
// signing in alone, or nothing but that would be seen.
const AnyRoute = "*"

// A Fault is something that goes wrong with a route. Fields a kind does not
// name are ignored; the value in parentheses beside a kind is what a zero
// field means.
type Fault struct {
	Kind       FaultKind
	Status     int           // HTTP status
	Delay      time.Duration // waited before; for drip between bytes
	Times      int           // how often it happens; 0 until cleared
	After      int           // how many requests pass unharmed before
	Body       string
	RetryAfter string // seconds or an HTTP date, sent as it stands
	Size       int    // bytes
}

// faults are those set, by the name of the route.
type faults struct {
	mu  sync.Mutex
	set map[string]*Fault
}

// SetFault makes a route go wrong from the next request on, in place of an
// earlier fault of that route. It panics on a route or kind which does not
// exist: a fault that never happens makes a test that cannot fail.
func (s *Server) SetFault(route string, f Fault) {
	if err := s.setFault(route, f); err != nil {
		panic(err.Error())
	}
}

// ClearFaults makes everything go right again, except what stalls already.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.set = nil
}

func (s *Server) setFault(route string, f Fault) error {
	if !s.known(route) {
		return fmt.Errorf("sandbox: no route is named %q", route)
	}
	if err := f.check(); err != nil {
		return err
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.set == nil {
		s.faults.set = map[string]*Fault{}
	}
	s.faults.set[route] = &f
	return nil
}

func (s *Server) known(route string) bool {
	if route == AnyRoute || s.routes[route] != nil {
		return true
	}
	name, all := strings.CutSuffix(route, " *")
	return all && s.vendors[name] != nil
}

func (f Fault) check() error {
	switch _, ok := behaviours[f.Kind]; {
	case !ok:
		return fmt.Errorf("sandbox: there is no fault of the kind %q", f.Kind)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("sandbox: status %d cannot be answered with", f.Status)
	case f.Delay < 0 || f.Times < 0 || f.After < 0 || f.Size < 0:
		return fmt.Errorf("sandbox: delay, times, after and size of a fault cannot be negative")
	case f.Kind == FaultEnvelope && envelopes[f.Body] == nil:
		return fmt.Errorf("sandbox: there is no list envelope %q", f.Body)
	}
	return nil
}

// take returns what goes wrong with this request and counts it down. The zero
// Fault means nothing does.
func (fs *faults) take(rt *route, reused bool) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, name := range []string{rt.name, rt.vendor + " *", AnyRoute} {
		f, ok := fs.set[name]
		if !ok {
			continue
		}
		wild := name != rt.name
		if wild && rt.public && behaviours[f.Kind].spares || f.Kind == FaultFinAfterReused && !reused {
			return Fault{}
		}
		if f.After > 0 {
			f.After--
			return Fault{}
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				delete(fs.set, name)
			}
		}
		return *f
	}
	return Fault{}
}
