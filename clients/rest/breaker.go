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
// it counts and what it tries with: a write that fails costs people's time.
type breaker struct {
	mu      sync.Mutex
	fails   int
	until   time.Time
	probing bool
}

// allow reports whether a call may go out, and if it does so as the trial.
// Otherwise wait is the time until there may be one.
func (b *breaker) allow(e Effect) (ok, probe bool, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails < restAfter {
		return true, false, 0
	}
	if wait := time.Until(b.until); wait > 0 {
		return false, false, wait
	}
	if e != Read || b.probing {
		return false, false, 0
	}
	b.probing = true
	return true, true, 0
}

// verdict is what a finished call says about the vendor's health.
type verdict uint8

const (
	silent verdict = iota // nothing: it did not get that far
	healthy
	failing
)

// done counts the end of a call.
func (b *breaker) done(e Effect, probe bool, v verdict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	switch {
	case e != Read || v == silent:
	case v == healthy:
		b.fails = 0
	default:
		b.fails++
		if probe || b.fails == restAfter {
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
