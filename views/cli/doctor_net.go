package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"frontdesk/state/secrets"
)

// visitLimit bounds the asking of one address.
const visitLimit = 10 * time.Second

// step is how far a visit came.
type step int32

const (
	stepNone step = iota
	stepFound
	stepConnected
	stepSecured
	stepAnswered
)

// visit is what an address did when it was asked without a key.
type visit struct {
	reached step
	proxied bool
	status  int
	astray  bool // it points to another host
	took    time.Duration
	skew    time.Duration // the address's clock minus ours
	dated   bool
}

// vendor asks a vendor's address and looks whether its secret is there.
func (m Machine) vendor(ctx context.Context, profile string, e endpoint) []Check {
	name := "endpoint." + e.vendor
	u, err := url.Parse(e.base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return []Check{fail(name, "its address cannot be used", "Correct "+e.vendor+".base in the profile: https://host and a path.")}
	}
	a, err := netip.ParseAddr(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || err != nil || !a.IsLoopback()) {
		return []Check{fail(name, u.Host+" is not asked: without https anybody on the way could read along",
			"Write "+e.vendor+".base with https://. Plain http is for this computer only.")}
	}
	v := m.Visit(ctx, e.base)
	return []Check{v.endpoint(name, u.Host), v.clock("clock." + e.vendor), m.stored(ctx, profile, e.vendor)}
}

// endpoint says how far the visit came.
func (v visit) endpoint(name, host string) Check {
	way := ""
	if v.proxied {
		way = " through this network's proxy"
	}
	const network = "Ask whoever looks after the network; the address stands in the profile."
	switch {
	case v.reached == stepAnswered && v.status >= 500:
		return warn(name, fmt.Sprintf("%s answers%s, but with status %d", host, way, v.status), "Wait and try again, then ask the vendor.")
	case v.reached == stepAnswered && v.astray:
		return warn(name, fmt.Sprintf("%s points to another host (status %d), which is never followed", host, v.status),
			"Correct the address in the profile, or sign in to this network first if it wants that.")
	case v.reached == stepAnswered:
		return fine(name, fmt.Sprintf("%s answers%s after %d ms, status %d without a key", host, way, v.took.Milliseconds(), v.status))
	case v.proxied:
		return fail(name, host+" cannot be reached through this network's proxy", network)
	case v.reached == stepNone:
		return fail(name, host+" is not known to DNS, or this computer is offline", network)
	case v.reached == stepFound:
		return fail(name, host+" does not take connections", network)
	case v.reached == stepConnected:
		return fail(name, host+" offers no secure connection that can be trusted (TLS)", "Check this computer's clock and certificates. "+network)
	}
	return fail(name, host+" takes a connection and does not answer as a web service", "Check the address in the profile.")
}

// clock compares the clocks.
func (v visit) clock(name string) Check {
	off := v.skew.Round(time.Second)
	words := "this computer is " + off.Abs().String() + " behind it"
	if off < 0 {
		words = "this computer is " + off.Abs().String() + " ahead of it"
	}
	const remedy = "Let this computer set its clock by the network (timedatectl set-ntp true)."
	switch {
	case !v.dated:
		return warn(name, "unknown: no answer told the time", "See the check of the endpoint.")
	case off.Abs() > 5*time.Minute:
		return fail(name, words, remedy)
	case off.Abs() > time.Minute:
		return warn(name, words, remedy)
	case off.Abs() < 2*time.Second:
		return fine(name, "agrees with this computer's")
	}
	return fine(name, words)
}

// stored tells whether the vendor's secret is there; what it is stays unread.
func (m Machine) stored(ctx context.Context, profile, vendor string) Check {
	name := "secret." + vendor
	b, err := m.Keep.Load(ctx, profile, vendor)
	clear(b)
	switch {
	case err == nil:
		return fine(name, "stored")
	case errors.Is(err, secrets.ErrNotFound):
		return warn(name, "none is stored", "Run: frontdesk login "+vendor)
	case errors.Is(err, secrets.ErrLocked):
		return fine(name, "in the sealed vault, if there is one: the vault is locked, and is opened at the start")
	}
	return fail(name, Sentence(err), "Make the place where secrets live work: see the check of the keyring.")
}

// knock asks an address once, without a key, and follows nothing. trust adds to
// what TLS accepts; nil: the system's certificates.
func knock(trust *tls.Config) func(context.Context, string) visit {
	return func(ctx context.Context, base string) visit {
		ctx, cancel := context.WithTimeout(ctx, visitLimit)
		defer cancel()
		transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: trust, DisableKeepAlives: true}
		defer transport.CloseIdleConnections()
		var reached atomic.Int32
		at := func(s step) { reached.Store(max(reached.Load(), int32(s))) }
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			ConnectStart: func(string, string) { at(stepFound) },
			ConnectDone: func(_, _ string, err error) {
				if err == nil {
					at(stepConnected)
				}
			},
			GotConn: func(httptrace.GotConnInfo) { at(stepSecured) },
		}), http.MethodGet, base, nil)
		if err != nil {
			return visit{}
		}
		r.Header.Set("User-Agent", "frontdesk doctor")
		via, _ := http.ProxyFromEnvironment(r)
		start := time.Now()
		response, err := transport.RoundTrip(r)
		v := visit{took: time.Since(start), proxied: via != nil, reached: step(reached.Load())}
		if err != nil {
			return v
		}
		_ = response.Body.Close()
		v.reached, v.status = stepAnswered, response.StatusCode
		to, err := response.Location()
		v.astray = err == nil && (to.Host != r.URL.Host || to.Scheme != r.URL.Scheme)
		if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
			// Date has no fractions: half a second is what it lacks on average.
			v.skew, v.dated = date.Add(500*time.Millisecond).Sub(start.Add(v.took/2)), true
		}
		return v
	}
}
