package rest

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// slowAfter is how long an answer takes that a caller on the phone notices.
const slowAfter = 2 * time.Second

// Health is how a vendor is doing, from the calls made so far.
type Health struct {
	// Word is one of "idle" (not used yet), "up", "slow", "limited" (asks for
	// fewer requests), "auth" (key refused), "down" and "resting" (left alone
	// after repeated failures).
	Word     string
	Since    time.Time     // when Word became true; zero while idle
	LastGood time.Time     // end of the last successful call; zero if none
	Skew     time.Duration // the vendor's clock minus ours, to a second
}

// A Stat counts the calls of one Op since the client was made.
type Stat struct {
	Op      string
	Calls   int // finished calls
	Errors  int // of these, failed
	Retries int // attempts beyond each call's first
	Total   time.Duration
	Last    time.Time // end of the last call
}

// Average returns the time a call spent with the vendor on average.
func (s Stat) Average() time.Duration {
	if s.Calls == 0 {
		return 0
	}
	return s.Total / time.Duration(s.Calls)
}

// A tracker keeps what Health and Stats tell.
type tracker struct {
	mu    sync.Mutex
	word  string
	since time.Time
	good  time.Time
	skew  time.Duration
	stats map[string]*Stat
}

// Health returns how the vendor is doing.
func (c *Client) Health() Health {
	t := &c.track
	t.mu.Lock()
	defer t.mu.Unlock()
	return Health{Word: t.word, Since: t.since, LastGood: t.good, Skew: t.skew}
}

// Stats returns one Stat for each Op used so far, sorted by name.
func (c *Client) Stats() []Stat {
	t := &c.track
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Stat
	for _, name := range slices.Sorted(maps.Keys(t.stats)) {
		all = append(all, *t.stats[name])
	}
	return all
}

// clock compares the vendor's clock with ours.
func (t *tracker) clock(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.skew = time.Until(date).Round(time.Second)
}

// done counts a finished call: its attempts, the time it spent with the vendor
// altogether and in the last attempt, and how it ended.
func (t *tracker) done(op string, attempts int, spent, last time.Duration, e *Error, rests bool) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stats[op]
	if s == nil {
		s = &Stat{Op: op}
		t.stats[op] = s
	}
	s.Calls++
	s.Retries += max(0, attempts-1)
	s.Total += spent
	s.Last = now
	if e != nil {
		s.Errors++
	} else {
		t.good = now
	}
	if w := word(e, last, rests); w != "" && w != t.word {
		t.word, t.since = w, now
	}
}

// word is what the end of a call says about the vendor; "" is nothing.
func word(e *Error, took time.Duration, rests bool) string {
	switch {
	case rests:
		return "resting"
	case e == nil && took > slowAfter:
		return "slow"
	case e == nil:
		return "up"
	case e.Kind == KindRateLimited:
		return "limited"
	case e.Kind == KindAuth:
		return "auth"
	case e.Kind == KindServer, e.Kind == KindTransport, e.Kind == KindRedirect, e.why == webPage:
		return "down"
	case e.Phase == NotSent, e.Kind == KindCancelled:
		return ""
	}
	return "up"
}
