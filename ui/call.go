package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// A Call is one kind of request of a view. Its zero value is not usable: see
// NewCall. A Call is used inside Update only; the function it runs is not, and
// must capture locals.
type Call[T any] struct {
	env    *Env
	words  string
	gen    int
	out    bool
	cancel context.CancelFunc
}

// Result is what came of a Call. Exactly the Call that made it accepts it.
type Result[T any] struct {
	Value T
	Err   error

	call *Call[T]
	gen  int
}

// NewCall makes a call. The words name it in the footer while it is out as a
// write, for instance "request visit".
func NewCall[T any](env *Env, words string) *Call[T] {
	return &Call[T]{env: env, words: words}
}

// Latest runs a read: the newest wins and the one before it is cancelled.
func (c *Call[T]) Latest(run func(context.Context) (T, error)) tea.Cmd {
	c.Cancel()
	return c.start(run)
}

// Once runs a write. It returns nil, and runs nothing, while one is out.
func (c *Call[T]) Once(run func(context.Context) (T, error)) tea.Cmd {
	if c.out {
		return nil
	}
	c.env.writing(c, c.words)
	return c.start(run)
}

// begin counts as a run whose way through commands is its owner's; end makes
// its result.
func (c *Call[T]) begin() (end func(T, error) Result[T]) {
	c.env.writing(c, c.words)
	c.gen++
	c.out, c.cancel = true, nil
	gen := c.gen
	return func(v T, err error) Result[T] { return Result[T]{Value: v, Err: err, call: c, gen: gen} }
}

func (c *Call[T]) start(run func(context.Context) (T, error)) tea.Cmd {
	ctx, cancel := context.WithCancel(c.env.Ctx)
	c.gen++
	c.out, c.cancel = true, cancel
	gen := c.gen
	return func() tea.Msg {
		defer cancel()
		v, err := run(ctx)
		return Result[T]{Value: v, Err: err, call: c, gen: gen}
	}
}

// Cancel gives up the run that is out, if any; its result will not be accepted.
func (c *Call[T]) Cancel() {
	if c.cancel != nil {
		c.cancel()
	}
	c.gen++
	c.out, c.cancel = false, nil
	c.env.done(c)
}

// Out reports that a run has not been accepted yet.
func (c *Call[T]) Out() bool { return c.out }

// Accept reports that r is the newest result of this very call. A result is
// accepted once; overtaken and foreign ones are not.
func (c *Call[T]) Accept(r Result[T]) bool {
	if r.call != c || r.gen != c.gen || !c.out {
		return false
	}
	c.out, c.cancel = false, nil
	c.env.done(c)
	return true
}
