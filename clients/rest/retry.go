package rest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxTries     = 3
	firstBackoff = 250 * time.Millisecond
	maxBackoff   = 4 * time.Second
	maxAsked     = time.Minute // the longest Retry-After that is waited for
)

// of is the time a call may spend with the vendor and between attempts.
// Waiting for a turn, or because the vendor asked for it, does not count.
func (l Limits) of(e Effect) time.Duration {
	if e == Read {
		return l.Read
	}
	return l.Write
}

// backoff returns a random wait before try number n+1. Spreading it over the
// whole range keeps a clinic's machines from coming back all at once.
func backoff(n int) time.Duration {
	return rand.N(min(maxBackoff, firstBackoff<<(n-1))) + 1
}

// retryAfter reads the header's seconds or date; 0 is none or nonsense. A date
// is compared with the vendor's own clock if it says what that is.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(day/time.Second))) * time.Second
	}
	date, err := http.ParseTime(text)
	if err != nil {
		if text != "" && strings.Trim(text, "0123456789") == "" {
			return day
		}
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(0, date.Sub(now)), day)
}

// day is as much waiting as is worth telling apart.
const day = 24 * time.Hour

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
