package faulttest

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// A Matrix is every operation of a client in every trouble. P is the played
// vendor, of which one cell at a time has a client.
type Matrix[P io.Closer, D Desk] struct {
	Open func(*testing.T) P    // which the matrix closes
	Sit  func(*testing.T, P) D // a client of its own

	Operations []Operation[D]
	Troubles   []Trouble
	Exceptions Exceptions

	// Short tells the cells that are run each time; FRONTDESK_SOAK=1 runs all.
	Short func(operation string, tr Trouble) bool

	// Limit is of cells at a time. They wait side by side, but they work one
	// after the other: so fewer where a vendor's answers are long. Their clients
	// have Unhurried limits.
	Limit     int
	Unmatched string // the sandbox's name for requests of no route

	// Of vendors with sessions: the route that gives a token, and a person
	// saying that the credentials are right now.
	SignIn string
	Reset  func(D)
}

// LargeOnlyFor are all cells but those of answers over 10 MiB, which the race
// detector makes slow and where all operations of a class run the same code:
// one of each class is named.
func LargeOnlyFor(operations ...string) func(string, Trouble) bool {
	return func(name string, tr Trouble) bool { return !tr.Large || slices.Contains(operations, name) }
}

// Run lets every route go wrong in every way, and compares what a caller is
// told and what the vendor did with what is declared for the cell.
func (m Matrix[P, D]) Run(t *testing.T) {
	var jobs, heavy []func()
	left := 0
	free := make(chan P, m.Limit) // those nobody uses at the moment
	for _, op := range m.Operations {
		for _, tr := range m.Troubles {
			if !Soak && !m.Short(op.Name, tr) {
				left++
				continue
			}
			job := func() { t.Run(op.Name+"/"+tr.Name, func(t *testing.T) { m.cell(t, free, op, tr) }) }
			if tr.Large {
				heavy = append(heavy, job)
			} else {
				jobs = append(jobs, job)
			}
		}
	}
	AtOnce(m.Limit, jobs)
	AtOnce(1, heavy) // each keeps a processor busy
	close(free)
	for p := range free {
		require.NoError(t, p.Close())
	}
	t.Logf("%d cells of %d operations and %d troubles", len(jobs)+len(heavy), len(m.Operations), len(m.Troubles))
	if left > 0 {
		t.Logf("left out: %d cells that run the same code as others; FRONTDESK_SOAK=1 runs them", left)
	}
}

// cell borrows a vendor no other cell uses, or opens one. A cell that fails
// does not give it back.
func (m Matrix[P, D]) cell(t *testing.T, free chan P, op Operation[D], tr Trouble) {
	var p P
	select {
	case p = <-free:
	default:
		p = m.Open(t)
	}
	m.try(m.Sit(t, p), op, tr)
	free <- p
}

// declared is the outcome of a cell.
func (m Matrix[P, D]) declared(op Operation[D], tr Trouble) Outcome {
	if o, ok := m.Exceptions[tr.Name][op.Name]; ok {
		return o
	}
	return op.Class(tr.Rule)
}

// try is one cell: the call on a healthy vendor, on a faulty one, and on one
// that is healthy again.
func (m Matrix[P, D]) try(d D, op Operation[D], tr Trouble) {
	want := m.declared(op, tr)
	healthy := succeed(d, op)

	call := op.Ready(d)
	d.ResetCounts()
	d.SetFault(op.Route, tr.Fault)
	got, err := Give(d, call, op.Route, tr.Gives, want)
	requireOutcome(d, op, want, err)
	require.Zero(d, d.Requests(m.Unmatched))
	if want.OK {
		require.Equal(d, alter("", said(d, healthy), tr.Alters), said(d, got))
	}
	if want.Locks {
		d.ResetCounts()
		_, err := call(d.Context())
		require.Equal(d, rest.KindAuth.String(), KindOf(d, err))
		require.Zero(d, d.Requests(m.SignIn), "signed in again with a refused key")
		m.Reset(d)
	}
	d.ClearFaults()
	require.Equal(d, said(d, healthy), said(d, succeed(d, op)), "does not recover")
}

// succeed makes the call on a healthy vendor.
func succeed[D Desk](d D, op Operation[D]) any {
	d.Helper()
	call := op.Ready(d)
	d.ResetCounts()
	v, err := call(d.Context())
	require.NoError(d, err, rest.UserMessage(err))
	require.Equal(d, 1, d.Executions(op.Route))
	require.LessOrEqual(d, d.Executions("*"), 3)
	return v
}

// Give makes the call with the patience the trouble leaves.
func Give[D Desk](d D, call Use, route string, p Patience, want Outcome) (any, error) {
	ctx, cancel := context.WithCancel(d.Context())
	defer cancel()
	switch p {
	case None:
		cancel()
	case Arrived:
		go Whenever(ctx, cancel, func() bool {
			return d.Requests(route) >= want.Requests && d.Executions(route) >= want.Executions
		})
	}
	return call(ctx)
}

// requireOutcome compares the error and the vendor's counts. Whatever is
// declared, no write is done twice and no error says where it went, or what
// somebody else than the program wrote.
func requireOutcome[D Desk](d D, op Operation[D], want Outcome, err error) {
	d.Helper()
	if want.OK {
		require.NoError(d, err, rest.UserMessage(err))
	} else {
		var e *rest.Error
		require.ErrorAs(d, err, &e)
		require.Equal(d, want.Kind.String(), e.Kind.String(), e)
		require.Equal(d, want.Phase.String(), e.Phase.String(), e)
		require.Equal(d, want.Phase == rest.Unknown && op.Writes(), e.Ambiguous, e)
		require.NotEmpty(d, e.UserMessage())
		require.NotContains(d, err.Error(), "://")
		require.NotContains(d, err.Error(), "PWNED")
	}
	require.Equal(d, want.Requests, d.Requests(op.Route), "requests of the route")
	require.Equal(d, want.Executions, d.Executions(op.Route), "executions of the route")
	if op.Writes() {
		require.LessOrEqual(d, d.Executions(op.Route), 1, "a write done twice")
	}
	if op.Then == "" {
		return
	}
	after := 0
	if want.OK {
		after = 1
	}
	require.Equal(d, after, d.Requests(op.Then), "what follows is sent only when this went well")
	require.Equal(d, after, d.Executions(op.Then))
}
