package rest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// signInLimit ends a sign-in nobody may be waiting for any more.
const signInLimit = 30 * time.Second

// A session holds the token all callers share. Tokens are numbered, so that
// fifty callers whose token was refused sign in once.
type session struct {
	mu     sync.Mutex
	held   held
	era    era
	proven bool // the token was accepted at least once
	locked bool // a fresh token was refused: no more sign-ins
	flight singleflight.Group
}

// An era is the time between two Resets. Nobody waits for a sign-in of an
// earlier one: it may be stuck, and it is for other credentials.
type era struct {
	number int
	ctx    context.Context // ends with the era
	end    context.CancelFunc
}

// begin starts the next era within life. The lock is held, or not needed yet.
func (s *session) begin(life context.Context) {
	s.era.number++
	s.era.ctx, s.era.end = context.WithCancel(life)
}

// held is a numbered token; number 0 is none.
type held struct {
	Token
	number  int
	taken   time.Time
	renewed bool // in place of a refused one
}

// hopeless is how young a renewed token is when its being refused means that a
// third one would be too.
const hopeless = time.Minute

// expired reports that the token is about to end. Short-lived ones are used up
// to nine tenths of their life; an end before the beginning is a clock's error.
func (h held) expired(now time.Time) bool {
	if !h.Expires.After(h.taken) {
		return false
	}
	return !now.Before(h.Expires.Add(-min(time.Minute, h.Expires.Sub(h.taken)/10)))
}

// current returns the token if it is newer than the refused one. Otherwise ok
// is false, and may tells whether signing in is allowed.
func (s *session) current(refused int) (h held, now era, ok, may bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ended := s.held.Value == "" || s.held.expired(time.Now())
	if !ended && s.held.number > refused {
		return s.held, s.era, true, true
	}
	// Whoever comes with the renewed one before the caller that renewed it has
	// heard of it does not sign in once more.
	if h := s.held; h.renewed && h.number == refused && !s.proven && time.Since(h.taken) < hopeless {
		s.locked = true
	}
	// The end of a token that worked is no reason to distrust the key.
	return held{}, s.era, false, !s.locked || s.proven && ended
}

// accepted notes that the vendor took the token.
func (s *session) accepted(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proven = s.proven || number == s.held.number
}

// lock ends signing in, unless somebody has a newer token.
func (s *session) lock(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked = s.locked || number == s.held.number
}

func (s *session) reset(life context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = held{number: s.held.number + 1}
	s.era.end()
	s.begin(life)
	s.proven, s.locked = false, false
}

// signingIn marks the context of a sign-in: its calls need no token and are
// not held back by the breaker, for the call behind them has passed it.
type signingIn struct{}

// token returns a token newer than the refused one, signing in if need be.
func (c *Client) token(ctx context.Context, refused int) (held, *Error) {
	if c.o.SignIn == nil {
		return held{}, nil
	}
	if ctx.Value(signingIn{}) != nil {
		return held{}, &Error{Kind: KindConfig, why: inSignIn}
	}
	for {
		h, now, ok, may := c.session.current(refused)
		if ok {
			return h, nil
		}
		if !may {
			return held{}, &Error{Kind: KindAuth, why: keyRefused}
		}
		flight := c.session.flight.DoChan(strconv.Itoa(now.number), func() (any, error) { return c.signIn(refused, now) })
		select {
		case r := <-flight:
			if r.Err != nil {
				return held{}, signInError(r.Err)
			}
			// Older ones are for callers who had an older one refused, or
			// from before the credentials were changed.
			if h := r.Val.(held); h.number > refused {
				return h, nil
			}
		case <-now.ctx.Done():
			if err := c.life.Err(); err != nil {
				return held{}, cancelled(err)
			}
		case <-ctx.Done():
			return held{}, cancelled(ctx.Err())
		}
	}
}

// signIn asks for a token and keeps it, unless the era is over by then.
func (c *Client) signIn(refused int, asked era) (any, error) {
	s := &c.session
	h, now, ok, _ := s.current(refused)
	if ok || now.number != asked.number {
		return h, nil
	}
	ctx, cancel := context.WithTimeout(asked.ctx, signInLimit)
	defer cancel()
	t, err := c.o.SignIn(context.WithValue(ctx, signingIn{}, true))
	if err == nil && t.Value == "" {
		err = &Error{Kind: KindDecode, why: emptyBody}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.era.number != asked.number {
		return held{}, nil
	}
	if err != nil {
		s.locked = s.locked || denied(err)
		return held{}, err
	}
	s.held = held{Token: t, number: s.held.number + 1, taken: time.Now(), renewed: refused > 0}
	s.proven, s.locked = false, false
	return s.held, nil
}

// denied reports that the vendor said no to the credentials themselves. Of web
// pages only a 401 says so: others come from what stands before the vendor.
func denied(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Phase != Refused {
		return false
	}
	switch e.Kind {
	case KindAuth:
		return true
	case KindForbidden, KindNotFound, KindValidation:
		return !e.Page
	}
	return false
}

// signInError is the error of a call that was not sent for want of a token.
func signInError(err error) *Error {
	e := &Error{Kind: KindAuth, why: signInFailed, cause: err}
	var inner *Error
	if !errors.As(err, &inner) {
		return e
	}
	e.Status, e.Code, e.Message, e.RetryAfter = inner.Status, inner.Code, inner.Message, inner.RetryAfter
	e.sentence = inner.sentence
	switch {
	case denied(err):
		e.why = keyRefused
	case inner.Page && (inner.Kind == KindForbidden || inner.Kind == KindNotFound || inner.Kind == KindValidation):
		e.Kind, e.why = KindDecode, webPage // not "no such record" of the call behind it
	default:
		e.Kind, e.why = inner.Kind, inner.why
	}
	return e
}
