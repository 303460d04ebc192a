package rest

import (
	"sync"
	"time"
)

const (
	restAfter = 5 // failed reads in a row
	restTime  = 15 * time.Second
)

// A breaker leaves a vendor alone that fails again and again. Reads are what
// it counts and what it tries with: a write that fails costs people's time. One
// read tries; the others of the same screen wait for what becomes of it, so
// that nobody has to ask twice.
type breaker struct {
	mu    sync.Mutex
	fails int
	until time.Time
	trial chan struct{} // closed when the read that tries has ended; nil: none does
}

// leave is whether a call may go out.
type leave struct {
	ok, trial bool            // and whether it does so as the trial
	after     <-chan struct{} // otherwise to ask again when this is closed, if not nil
	wait      time.Duration   // otherwise until there may be a trial
}

// allow tells whether a call may go out now.
func (b *breaker) allow(e Effect) leave {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails < restAfter {
		return leave{ok: true}
	}
	if wait := time.Until(b.until); wait > 0 {
		return leave{wait: wait}
	}
	if e != Read {
		return leave{}
	}
	if b.trial != nil {
		return leave{after: b.trial}
	}
	b.trial = make(chan struct{})
	return leave{ok: true, trial: true}
}

// verdict is what a finished call says about the vendor's health.
type verdict uint8

const (
	silent verdict = iota // nothing: it did not get that far
	healthy
	failing
)

// done counts the end of a call.
func (b *breaker) done(e Effect, trial bool, v verdict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if trial {
		close(b.trial)
		b.trial = nil
	}
	switch {
	case e != Read || v == silent:
	case v == healthy:
		b.fails = 0
	default:
		b.fails++
		if trial || b.fails == restAfter {
			b.until = time.Now().Add(restTime)
		}
	}
}

// open reports whether the vendor is being left alone.
func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fails >= restAfter
}
