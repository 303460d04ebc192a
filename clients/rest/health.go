package rest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
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
	Dated    bool          // an answer told the vendor's time: Skew is known
}

// A Stat counts the calls of one Op since the client was made.
type Stat struct {
	Op      string
	Calls   int // finished calls
	Errors  int // of these, failed
	Retries int // attempts beyond each call's first
	Total   time.Duration
	Last    time.Time // end of the last call
	Recent  []Timing  // of the last calls that reached the vendor, oldest first
}

// A Timing is how long one call spent with the vendor.
type Timing struct {
	At   time.Time // end of the call
	Took time.Duration
}

// A Failure is a call that failed, without a value, a name or the vendor's
// words: what may be shown on a screen for support and kept for the session.
type Failure struct {
	At    time.Time
	Op    string
	Kind  Kind
	Phase Phase
	// Status is the HTTP status, 0 if none arrived.
	Status int
	// Sentence says what happened and whether it may have landed.
	Sentence string
}

const (
	keptTimings  = 24 // of each Op
	keptFailures = 20
)

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
	dated bool
	stats map[string]*Stat
	fails []Failure // the last ones, oldest first
}

// Health returns how the vendor is doing.
func (c *Client) Health() Health {
	t := &c.track
	t.mu.Lock()
	defer t.mu.Unlock()
	return Health{Word: t.word, Since: t.since, LastGood: t.good, Skew: t.skew, Dated: t.dated}
}

// Stats returns one Stat for each Op used so far, sorted by name.
func (c *Client) Stats() []Stat {
	t := &c.track
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Stat
	for _, name := range slices.Sorted(maps.Keys(t.stats)) {
		s := *t.stats[name]
		s.Recent = slices.Clone(s.Recent)
		all = append(all, s)
	}
	return all
}

// LastErrors returns the last 20 calls that failed, the newest first. Calls
// that our side gave up, because nobody waited for them any more, are not
// among them.
func (c *Client) LastErrors() []Failure {
	t := &c.track
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Clone(t.fails)
	slices.Reverse(all)
	return all
}

// failed keeps what may be kept of an error.
func (t *tracker) failed(now time.Time, e *Error) {
	if e.Kind == KindCancelled && e.why == "" {
		return
	}
	words := "Signing in to " + e.Vendor + " did not work, so nothing was sent."
	if e.why != signInFailed { // whose cause may be anybody's words
		plain := &Error{Vendor: e.Vendor, Op: e.Op, Status: e.Status, Kind: e.Kind, Phase: e.Phase,
			Ambiguous: e.Ambiguous, Scope: e.Scope, effect: e.effect, why: e.why}
		words = strings.TrimSpace(plain.happened() + " " + plain.outcome())
	}
	t.fails = recent(t.fails, Failure{At: now, Op: e.Op, Kind: e.Kind, Phase: e.Phase, Status: e.Status,
		Sentence: words}, keptFailures)
}

// recent appends to a list that keeps its last n.
func recent[T any](list []T, v T, n int) []T {
	if len(list) >= n {
		list = append(list[:0], list[len(list)-n+1:]...)
	}
	return append(list, v)
}

// clock compares the vendor's clock with ours.
func (t *tracker) clock(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.skew, t.dated = time.Until(date).Round(time.Second), true
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
	if attempts > 0 {
		s.Recent = recent(s.Recent, Timing{now, spent}, keptTimings)
	}
	if e != nil {
		s.Errors++
		t.failed(now, e)
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
