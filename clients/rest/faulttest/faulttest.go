// Package faulttest lets every operation of a vendor's client go wrong in every
// way the sandbox knows, and compares what a caller is told, and what the
// vendor did, with what is declared. It is used by tests only.
//
// It knows the faults of the sandbox and the errors of package rest. It must
// not know any vendor: a client brings its operations, the troubles and rules
// that are its own, and the exceptions from them.
package faulttest

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

// Soak tells whether the long runs are asked for in full.
var Soak = os.Getenv("FRONTDESK_SOAK") == "1"

// A Desk is a client of a played vendor that nobody else uses meanwhile, in one
// test: a *testing.T and a *sandbox.Server in one.
type Desk interface {
	testing.TB
	Requests(route string) int
	Executions(route string) int
	ResetCounts()
	SetFault(route string, f sandbox.Fault)
	ClearFaults()
	ExpireTokens()
}

// A Use is one call, with what it answers in a form that can be compared.
type Use = func(context.Context) (any, error)

// Quietly is the use of a call that answers nothing.
func Quietly(f func(context.Context) error) Use {
	return func(ctx context.Context) (any, error) { return nil, f(ctx) }
}

// An Operation is one method of the client, seen at one of its routes.
type Operation[D Desk] struct {
	Name  string
	Route string // which goes wrong
	Then  string // a route that is called once when this one went well, else never
	Class Class
	Ready func(D) Use // what has to be there before, from a healthy vendor
}

// Writes tells whether its class is one of those that change something.
func (op Operation[D]) Writes() bool {
	return op.Class(Rule{Create: Outcome{OK: true}, Sure: Outcome{OK: true}}).OK
}

// KindOf is the kind of a rest.Error, which err has to be, as a word.
func KindOf(t require.TestingT, err error) string {
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	return e.Kind.String()
}

// AtOnce runs the jobs, so many at a time. They wait for the vendor more than
// they work, so go test's own limit for parallel tests is far too low.
func AtOnce(limit int, jobs []func()) {
	var all sync.WaitGroup
	defer all.Wait()
	slot := make(chan struct{}, limit)
	for _, job := range jobs {
		slot <- struct{}{}
		all.Go(func() {
			defer func() { <-slot }()
			job()
		})
	}
}

// Unhurried are the limits of a client whose calls only the vendor's troubles
// end, however busy the machine is.
var Unhurried = rest.Limits{Read: time.Hour, Write: time.Hour, Header: time.Hour, Stall: time.Hour}

// RequireLimited takes a call of a client that gives reads a millisecond to a
// vendor who never answers, and fails if it is not the client's limit that ends
// it. Its caller's patience is less than any default.
func RequireLimited(d Desk, route string, call func(context.Context) error) {
	d.Helper()
	d.SetFault(route, sandbox.Fault{Kind: sandbox.FaultStall})
	ctx, cancel := context.WithTimeout(d.Context(), 8*time.Second)
	defer cancel()
	require.Equal(d, rest.KindTransport.String(), KindOf(d, call(ctx)))
}

// RequireUnquoted has a vendor refuse a call in words that quote a secret, and
// fails if they are told to a person.
func RequireUnquoted(d Desk, route, secret string, call func(context.Context) error) {
	d.Helper()
	for _, body := range []string{
		`{"successful":false,"responseCode":4000,"message":"no ` + secret + `","responseMessage":"no ` + secret + `"}`,
		`{"errors":{"` + secret + `":["is unknown"],"key":["not ` + secret + `"]}}`,
	} {
		d.SetFault(route, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Body: body})
		err := call(d.Context())
		require.Error(d, err)
		require.NotContains(d, rest.UserMessage(err), secret)
		require.NotContains(d, err.Error(), secret)
		for field, words := range rest.Complaints(err) {
			require.NotContains(d, field+words, secret)
		}
	}
}

// Whenever calls do once the condition holds.
func Whenever(ctx context.Context, do func(), holds func() bool) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	do()
}
