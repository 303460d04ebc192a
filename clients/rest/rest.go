// Package rest carries one request of a vendor client to its vendor and back:
// addresses, tokens, limits, retries by effect, one typed error, redaction.
// It must not know any vendor, and nothing of screens or storage.
package rest

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Do makes the call and decodes the 2xx body into a T. With T = struct{} the
// body is ignored and may be empty. Every error is an *Error.
//
// A Create is sent once, on a connection of its own; reads and idempotent
// writes up to three times. A refused session token is renewed once, and the
// call made again, whatever its effect: the refusal came before anything else.
func Do[T any](ctx context.Context, c *Client, op Op, call Call) (T, error) {
	var v, none T
	into := func(body []byte) reason { return decode(body, &v) }
	if _, ignore := any(v).(struct{}); ignore {
		into = func([]byte) reason { return "" }
	}
	if e := c.do(ctx, op, call, into); e != nil {
		return none, e
	}
	return v, nil
}

// A job is a call on its way.
type job struct {
	c    *Client
	op   Op
	path []string
	call Call
	body []byte // as sent, in each attempt
	kind string // the body's Content-Type
	into func([]byte) reason

	attempts int
	left     time.Duration // that may still be spent
	spent    time.Duration // with the vendor
	last     time.Duration // in the last attempt
	status   int           // of the last attempt
	stale    bool          // the last attempt died with a reused connection
	unknown  bool          // some attempt may have landed
}

func (c *Client) do(ctx context.Context, op Op, call Call, into func([]byte) reason) *Error {
	j := &job{c: c, op: op, call: call, into: into, left: c.o.Limits.of(op.Effect)}
	inSignIn := ctx.Value(signingIn{}) != nil
	var trial bool
	e := j.prepare()
	if e == nil && !inSignIn {
		trial, e = j.pass(ctx)
	}
	if e == nil {
		e = j.allowed(ctx)
	}
	if e == nil {
		e = j.run(ctx)
		j.told(ctx, e)
	}
	if e != nil {
		e.Vendor, e.Op, e.effect = c.o.Vendor, op.Name, op.Effect
		if e.Scope == "" {
			e.Scope = op.Scope
		}
		if j.unknown {
			e.Phase = Unknown
		}
		e.Ambiguous = e.Phase == Unknown && op.Effect != Read
	}
	if !inSignIn {
		c.breaker.done(op.Effect, trial, judge(e))
	}
	c.track.done(op.Name, j.attempts, j.spent, j.last, e, c.breaker.open())
	return e
}

// judge reads a call's end as news of the vendor's health.
func judge(e *Error) verdict {
	switch {
	case e == nil:
		return healthy
	case e.Kind == KindTransport || e.Kind == KindServer:
		return failing
	case e.Phase == NotSent || e.Kind == KindCancelled:
		return silent
	}
	return healthy
}

// prepare checks and writes everything that is the same in each attempt.
func (j *job) prepare() *Error {
	path, why := expand(j.op.Path, j.call.Path)
	if why != "" {
		return &Error{Kind: KindConfig, why: why}
	}
	j.path = path
	if j.body, j.kind, why = packed(j.call.Body); why != "" {
		return &Error{Kind: KindConfig, why: why}
	}
	return nil
}

// audited reports that the call is a write that leaves a trail.
func (j *job) audited() bool {
	return j.c.o.Trail != nil && j.op.Effect != Read && !j.op.Public
}

// allowed asks the trail: what cannot be audited is not sent.
func (j *job) allowed(ctx context.Context) *Error {
	if !j.audited() {
		return nil
	}
	if err := j.c.o.Trail.Allow(ctx, j.c.o.Vendor, j.op.Name); err != nil {
		return &Error{Kind: KindConfig, sentence: "Nothing was sent to " + j.c.o.Vendor +
			", because it could not be put on the audit trail. " + UserMessage(err), why: noTrail}
	}
	return nil
}

// told tells the trail how a write ended, whether or not its caller waits.
func (j *job) told(ctx context.Context, e *Error) {
	if !j.audited() {
		return
	}
	outcome := "done"
	if e != nil {
		outcome = e.Kind.String() + " " + e.Phase.String()
	}
	record := cmp.Or(j.call.Record, j.call.Path["id"])
	j.c.o.Trail.Done(context.WithoutCancel(ctx), j.c.o.Vendor, j.op.Name, record, outcome)
}

// pass asks the breaker, and waits with other reads for the one that tries.
func (j *job) pass(ctx context.Context) (trial bool, e *Error) {
	for {
		l := j.c.breaker.allow(j.op.Effect)
		switch {
		case l.ok:
			return l.trial, nil
		case l.after == nil:
			return false, &Error{Kind: KindResting, why: resting, RetryAfter: l.wait}
		}
		select {
		case <-l.after:
		case <-ctx.Done():
			return false, cancelled(ctx.Err())
		}
	}
}

// run makes attempts until one ends the call.
func (j *job) run(ctx context.Context) *Error {
	var token held
	renewed := false
	for tries := 1; ; tries++ {
		if !j.op.Public && token.number == 0 {
			var e *Error
			if token, e = j.c.token(ctx, token.number); e != nil {
				return e
			}
		}
		e := j.attempt(ctx, token)
		if e == nil {
			if token.number != 0 {
				j.c.session.accepted(token.number)
			}
			return nil
		}
		e.unquote(j.call, token)
		j.unknown = j.unknown || e.Phase == Unknown
		if e.Kind == KindAuth && e.Phase == Refused && token.number != 0 {
			if renewed {
				j.c.session.lock(token.number)
				return e
			}
			renewed = true
			fresh, failed := j.c.token(ctx, token.number)
			if failed != nil {
				return j.renewalFailed(e, failed)
			}
			token, j.left = fresh, j.c.o.Limits.of(j.op.Effect)
			continue
		}
		if tries >= maxTries || j.op.Effect == Create || !e.transient() || e.RetryAfter > maxAsked {
			return e
		}
		if stop := j.pause(ctx, tries, e); stop != nil {
			return stop
		}
	}
}

// renewalFailed is the end of a call whose token was refused and could not be
// renewed. When our own lock is why, the refusal itself says more.
func (j *job) renewalFailed(refusal, failed *Error) *Error {
	if failed.Kind == KindAuth && failed.cause == nil {
		refusal.why = keyRefused
		return refusal
	}
	failed.Phase = Refused
	return failed
}

// pause waits before the next try, or returns the error to end with.
func (j *job) pause(ctx context.Context, tries int, e *Error) *Error {
	wait := backoff(tries)
	switch {
	case j.left <= 0:
		return e
	case e.RetryAfter > 0:
		wait = e.RetryAfter
	case j.stale:
		// The vendor had hung up on an idle connection: that says nothing of
		// its health, and the other idle ones are likely dead too.
		j.c.kept.CloseIdleConnections()
		return nil
	case wait >= j.left:
		return e
	default:
		j.left -= wait
	}
	if end, limited := ctx.Deadline(); limited && time.Until(end) < wait {
		return e // which says more than that our time ran out
	}
	if err := sleep(ctx, wait); err != nil {
		return cancelled(err)
	}
	return nil
}

// cancelled is the error of a call our side gave up.
func cancelled(err error) *Error {
	e := &Error{Kind: KindCancelled, cause: err}
	if why, ok := errors.AsType[reason](err); ok {
		e.why, e.cause = why, nil
	} else if errors.Is(err, context.DeadlineExceeded) {
		e.why = noAnswer
	}
	return e
}
