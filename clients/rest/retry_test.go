package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func fine(_ int, _ *http.Request, c net.Conn) { answer(c, 200, "", `{"id":1}`) }

// timed makes a call inside a bubble and returns how long it took.
func timed(t *testing.T, c *Client, op Op) (*Error, time.Duration) {
	start := time.Now()
	_, err := Do[thing](t.Context(), c, op, Call{})
	took := time.Since(start)
	if err == nil {
		return nil, took
	}
	return typed(t, err), took
}

func TestFailingReadsAreRetriedWithPauses(t *testing.T) {
	for _, status := range []int{500, 502, 503, 504, 429, 408} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			c := connectBy(t, local, piped(func(n int, _ *http.Request, conn net.Conn) {
				requests.Store(int64(n))
				answer(conn, status, "", "")
			}))
			e, took := timed(t, c, list)
			require.Equal(t, kindOf(status), e.Kind)
			require.EqualValues(t, 3, requests.Load())
			require.Greater(t, took, time.Duration(0))
			require.LessOrEqual(t, took, 751*time.Millisecond)
		})
	}
}

func TestRefusalsAreNotRetried(t *testing.T) {
	for _, status := range []int{301, 400, 401, 403, 404, 405, 409, 422, 501} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			c := connectBy(t, local, piped(func(n int, _ *http.Request, conn net.Conn) {
				requests.Store(int64(n))
				answer(conn, status, "", "")
			}))
			_, took := timed(t, c, list)
			require.EqualValues(t, 1, requests.Load(), "%d", status)
			require.Zero(t, took)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		header string
		op     Op
		waits  time.Duration // -1: any backoff
		told   time.Duration
		tries  int
	}{
		{"Retry-After: 7\r\n", list, 7 * time.Second, 7 * time.Second, 2},
		{"Retry-After: 60\r\n", update, time.Minute, time.Minute, 2},
		{"Retry-After: 61\r\n", list, 0, 61 * time.Second, 1},
		{"Retry-After: 7\r\n", post, 0, 7 * time.Second, 1},
		{"Retry-After: 99999999999999999999999\r\n", list, 0, day, 1},
		{"Retry-After: 999999999999\r\n", list, 0, day, 1},
		{"Retry-After: -5\r\n", list, -1, 0, 2},
		{"Retry-After: soon\r\n", list, -1, 0, 2},
		{"Retry-After: 0\r\n", list, -1, 0, 2},
		// The vendor's clock may be wrong; only the distance counts.
		{"Retry-After: Wed, 01 Jan 2020 10:00:20 GMT\r\nDate: Wed, 01 Jan 2020 10:00:08 GMT\r\n", list, 12 * time.Second, 12 * time.Second, 2},
		{"Retry-After: Sat, 01 Jan 2000 00:00:09 GMT\r\n", list, 9 * time.Second, 9 * time.Second, 2},
		{"Retry-After: Fri, 31 Dec 1999 00:00:00 GMT\r\n", list, -1, 0, 2},
		{"Retry-After: Sat, 01 Jan 2050 00:00:00 GMT\r\n", list, 0, day, 1},
	} {
		for _, status := range []int{429, 503} {
			synctest.Test(t, func(t *testing.T) {
				var requests atomic.Int64
				client := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
					requests.Store(int64(n))
					if n == 1 {
						answer(conn, status, c.header, "")
						return
					}
					fine(n, r, conn)
				}))
				e, took := timed(t, client, c.op)
				require.EqualValues(t, c.tries, requests.Load(), c.header)
				if c.waits >= 0 {
					require.Equal(t, c.waits, took, c.header)
				} else {
					require.LessOrEqual(t, took, firstBackoff+1, c.header)
				}
				if c.tries > 1 {
					require.Nil(t, e)
					return
				}
				require.Equal(t, c.told, e.RetryAfter, c.header)
				require.Equal(t, status == 503 && c.op.Effect == Create, e.Ambiguous)
			})
		}
	}
}

// silence answers nothing.
func silence(_ int, _ *http.Request, c net.Conn) { hang(c) }

func TestTimeLimits(t *testing.T) {
	drip := func(_ int, _ *http.Request, c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
		for {
			if _, err := c.Write([]byte(" ")); err != nil {
				return
			}
			pass(4 * time.Second)
		}
	}
	stall := func(_ int, _ *http.Request, c net.Conn) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
		hang(c)
	}
	short, long := Limits{Read: 3 * time.Second, Write: 4 * time.Second, Header: 2 * time.Second, Stall: time.Second},
		Limits{Read: 10 * time.Minute, Write: 10 * time.Minute, Header: time.Minute, Stall: time.Minute}
	for name, c := range map[string]struct {
		how    func(int, *http.Request, net.Conn)
		op     Op
		took   time.Duration
		tries  int
		why    reason
		limits Limits
	}{
		"no answer, read":     {silence, list, 15 * time.Second, 2, noAnswer, Limits{}},
		"no answer, update":   {silence, update, 30 * time.Second, 3, noAnswer, Limits{}},
		"no answer, create":   {silence, create, 10 * time.Second, 1, noAnswer, Limits{}},
		"stalled, create":     {stall, create, 5 * time.Second, 1, stalled, Limits{}},
		"stalled, read":       {stall, list, 15 * time.Second, 3, noAnswer, Limits{}},
		"dripping, read":      {drip, list, 15 * time.Second, 1, noAnswer, Limits{}},
		"dripping, create":    {drip, post, 30 * time.Second, 1, noAnswer, Limits{}},
		"dripping, idempoten": {drip, update, 30 * time.Second, 1, noAnswer, Limits{}},
		"short, read":         {silence, list, 3 * time.Second, 2, noAnswer, short},
		"short, create":       {silence, create, 2 * time.Second, 1, noAnswer, short},
		"short, dripping":     {drip, post, time.Second, 1, stalled, short},
		"short, update":       {silence, update, 4 * time.Second, 2, noAnswer, short},
		"long, create":        {silence, create, time.Minute, 1, noAnswer, long},
		"long, stalled":       {stall, create, time.Minute, 1, stalled, long},
		"long, dripping":      {drip, list, 10 * time.Minute, 1, noAnswer, long},
	} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			client := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
				requests.Store(int64(n))
				c.how(n, r, conn)
			}), func(o *Options) { o.Limits = c.limits })
			e, took := timed(t, client, c.op)
			require.Equal(t, KindTransport, e.Kind, name)
			require.Equal(t, Unknown, e.Phase, name)
			require.Equal(t, c.why, e.why, name)
			require.EqualValues(t, c.tries, requests.Load(), name)
			require.LessOrEqual(t, took, c.took, name)
			require.Greater(t, took, c.took-min(4*time.Second, c.took/2), name)
			client.Close()
			pass(5 * time.Second) // the vendor's side notices
		})
	}
}

func TestConnectLimit(t *testing.T) {
	for _, c := range []struct {
		op    Op
		took  time.Duration
		dials int
	}{{list, 15 * time.Second, 3}, {create, 5 * time.Second, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var dials atomic.Int64
			client := connectBy(t, local, func(ctx context.Context, _, _ string) (net.Conn, error) {
				dials.Add(1)
				<-ctx.Done()
				return nil, ctx.Err()
			})
			e, took := timed(t, client, c.op)
			require.Equal(t, NotSent, e.Phase)
			require.Equal(t, noConnection.kind(), e.Kind)
			require.EqualValues(t, c.dials, dials.Load())
			require.LessOrEqual(t, took, c.took)
			require.Greater(t, took, c.took-2*time.Second)
			client.Close()
			pass(connectLimit) // net/http dials on for other requests
		})
	}
}

func TestCancelling(t *testing.T) {
	overloaded := func(_ int, _ *http.Request, c net.Conn) { answer(c, 503, "Retry-After: 30\r\n", "") }
	for name, c := range map[string]struct {
		how    func(int, *http.Request, net.Conn)
		change func(*Options)
		busy   int // calls made before
		op     Op
		phase  Phase
	}{
		"while unanswered":        {silence, func(*Options) {}, 0, post, Unknown},
		"while unanswered, read":  {silence, func(*Options) {}, 0, list, Unknown},
		"in the pause":            {overloaded, func(*Options) {}, 0, list, Unknown},
		"in the pause, update":    {overloaded, func(*Options) {}, 0, update, Unknown},
		"waiting for a slot":      {silence, func(o *Options) { o.Concurrency = 2 }, 2, post, NotSent},
		"waiting for the limiter": {fine, func(o *Options) { o.Rate, o.Burst = 0.001, 1 }, 1, post, NotSent},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := connectBy(t, local, piped(c.how), c.change)
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			for range c.busy {
				all.Go(func() { _, _ = Do[thing](ctx, client, list, Call{}) })
			}
			synctest.Wait()
			var err error
			start := time.Now()
			all.Go(func() { _, err = Do[thing](ctx, client, c.op, Call{}) })
			pass(2 * time.Second)
			synctest.Wait()
			cancel()
			all.Wait()
			e := typed(t, err)
			require.Equal(t, KindCancelled, e.Kind, name)
			if e.effect != Read {
				require.Equal(t, c.phase, e.Phase, name)
			}
			require.ErrorIs(t, err, context.Canceled, name)
			require.Equal(t, 2*time.Second, time.Since(start), name)
			require.Empty(t, client.slots, name)
		})
	}
}

// A caller's deadline the limiter cannot keep is said at once.
func TestNoTurnInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := connectBy(t, local, piped(fine), func(o *Options) { o.Rate, o.Burst = 0.01, 1 })
		_, err := Do[thing](t.Context(), client, list, Call{})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = Do[thing](ctx, client, post, Call{})
		e := typed(t, err)
		require.Equal(t, KindCancelled, e.Kind)
		require.Equal(t, NotSent, e.Phase)
		require.Equal(t, "The request to Example EMR waited too long and was given up. Nothing was changed. You can send it again.", e.UserMessage())
	})
}

func TestRateAndConcurrencyAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var now, most int
		client := connectBy(t, local, piped(func(_ int, _ *http.Request, c net.Conn) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			pass(100 * time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
			answer(c, 200, "", `{}`)
		}), func(o *Options) { o.Rate, o.Burst, o.Concurrency = 10, 5, 3 })
		start := time.Now()
		var all sync.WaitGroup
		for range 25 {
			all.Go(func() {
				_, err := Do[thing](t.Context(), client, list, Call{})
				require.NoError(t, err)
			})
		}
		all.Wait()
		require.Equal(t, 3, most)
		require.Equal(t, 2100*time.Millisecond, time.Since(start)) // 5 at once, 20 at 10/s
	})
}

func TestSlowQueueIsNotTheVendorsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := connectBy(t, local, piped(func(_ int, _ *http.Request, c net.Conn) {
			pass(8 * time.Second)
			answer(c, 200, "", `{}`)
		}), func(o *Options) { o.Concurrency = 1 })
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := Do[thing](t.Context(), client, list, Call{})
				require.NoError(t, err)
			})
		}
		all.Wait()
		require.Equal(t, 8*time.Second, stat(client, list.Name).Average())
		require.Equal(t, "slow", client.Health().Word)
	})
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := false
		var requests atomic.Int64
		c := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
			requests.Store(int64(n))
			if up {
				fine(n, r, conn)
				return
			}
			answer(conn, 502, "", "")
		}))
		for range 3 { // writes do not count
			e, _ := timed(t, c, post)
			require.Equal(t, KindServer, e.Kind)
		}
		for range 5 {
			e, _ := timed(t, c, list)
			require.Equal(t, KindServer, e.Kind)
		}
		require.Equal(t, "resting", c.Health().Word)
		require.EqualValues(t, 3+5*3, requests.Load())
		since := c.Health().Since

		for _, op := range []Op{list, update, post} {
			e, took := timed(t, c, op)
			require.Equal(t, KindResting, e.Kind)
			require.Equal(t, NotSent, e.Phase)
			require.Equal(t, restTime, e.RetryAfter)
			require.Zero(t, took)
			require.Contains(t, e.UserMessage(), "Press r in 15 s to ")
		}
		require.EqualValues(t, 3+5*3, requests.Load())

		// Half open: a write does not try, a read does and fails.
		pass(restTime)
		for _, op := range []Op{update, create} {
			e, _ := timed(t, c, op)
			require.Equal(t, KindResting, e.Kind)
			require.Contains(t, e.UserMessage(), "Press r to reload first")
		}
		require.EqualValues(t, 18, requests.Load())
		e, _ := timed(t, c, list)
		require.Equal(t, KindServer, e.Kind)
		require.EqualValues(t, 21, requests.Load())
		e, _ = timed(t, c, list)
		require.Equal(t, KindResting, e.Kind)
		require.Equal(t, since, c.Health().Since)

		// Half open again, and it is back: one read tries, the others wait.
		pass(restTime)
		up = true
		e, _ = timed(t, c, list)
		require.Nil(t, e)
		require.Equal(t, "up", c.Health().Word)
		for _, op := range []Op{list, update, post} {
			e, _ := timed(t, c, op)
			require.Nil(t, e)
		}
	})
}

// After an outage one read tries and the others wait for what becomes of it,
// as long as their callers do. A write waits for nothing.
func TestOnlyOneReadTries(t *testing.T) {
	for name, tries := range map[string]struct {
		status   int   // of the answers to the read that tries
		requests int64 // which it sends
		all      int64 // requests in the end
	}{
		"and succeeds":   {200, 1, 10},
		"and is refused": {404, 1, 10}, // by a vendor that is there
		"and fails":      {503, maxTries, maxTries},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var requests atomic.Int64
				c := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
					if requests.Add(1) > tries.requests {
						fine(n, r, conn)
						return
					}
					pass(time.Second)
					answer(conn, tries.status, "", `{"id":1}`)
				}))
				c.breaker.fails, c.breaker.until = restAfter, time.Now()
				ends := make(chan error, 10)
				go func() { _, err := Do[thing](t.Context(), c, list, Call{}); ends <- err }()
				synctest.Wait()
				for range 9 {
					go func() { _, err := Do[thing](t.Context(), c, list, Call{}); ends <- err }()
				}
				hasty, giveUp := context.WithCancel(t.Context())
				gone := make(chan error, 1)
				go func() { _, err := Do[thing](hasty, c, list, Call{}); gone <- err }()
				synctest.Wait()
				require.EqualValues(t, 1, requests.Load(), "one tries")
				require.Empty(t, ends, "the others wait")
				for _, op := range []Op{update, create} {
					e, took := timed(t, c, op)
					require.Equal(t, KindResting, e.Kind, "a write is refused")
					require.Zero(t, took, "at once")
				}
				giveUp()
				e := typed(t, <-gone)
				require.Equal(t, KindCancelled, e.Kind)
				require.Equal(t, NotSent, e.Phase)
				require.Empty(t, ends, "who gives up waits no longer, and nobody else minds")

				if first := <-ends; tries.status != 200 { // the others cannot end before
					require.Equal(t, tries.status, typed(t, first).Status)
				}
				failed := tries.status == 503
				for range 9 {
					err := <-ends
					if !failed {
						require.NoError(t, err)
						continue
					}
					e := typed(t, err)
					require.Equal(t, KindResting, e.Kind)
					require.Equal(t, restTime, e.RetryAfter, "when there may be another trial")
				}
				require.Equal(t, tries.all, requests.Load())
				require.Equal(t, failed, c.Health().Word == "resting")
			})
		})
	}
}

// A trial that is given up says nothing: the next read in line tries.
func TestWhoWaitsTriesWhenTheTrialIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		c := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
			if requests.Add(1) == 1 {
				hang(conn)
				return
			}
			pass(time.Second)
			fine(n, r, conn)
		}))
		c.breaker.fails, c.breaker.until = restAfter, time.Now()
		ctx, giveUp := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() { _, err := Do[thing](ctx, c, list, Call{}); gone <- err }()
		synctest.Wait()
		ends := make(chan error, 5)
		for range 5 {
			go func() { _, err := Do[thing](t.Context(), c, list, Call{}); ends <- err }()
		}
		synctest.Wait()
		giveUp()
		require.Equal(t, KindCancelled, typed(t, <-gone).Kind)
		synctest.Wait()
		require.EqualValues(t, 2, requests.Load(), "again one tries")
		for range 5 {
			require.NoError(t, <-ends)
		}
		require.EqualValues(t, 6, requests.Load())
		require.Equal(t, "up", c.Health().Word)
	})
}

// The trial of a vendor with tokens may need a new one.
func TestTryingMaySignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c *Client
		c = connectBy(t, local, piped(func(_ int, _ *http.Request, conn net.Conn) {
			answer(conn, 200, "", `{"token":"t","id":1}`)
		}), func(o *Options) {
			o.SignIn = func(ctx context.Context) (Token, error) {
				a, err := Do[struct{ Token string }](ctx, c, authorize, Call{})
				return Token{Value: a.Token}, err
			}
		})
		c.breaker.fails, c.breaker.until = restAfter, time.Now()
		e, _ := timed(t, c, signed(list))
		require.Nil(t, e)
	})
}

func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) })
	c := connect(t, base)
	for range 10 {
		require.Equal(t, KindNotFound, fails(t, c, list, Call{}).Kind)
	}
	require.Equal(t, "up", c.Health().Word)
}

func TestHealthWords(t *testing.T) {
	status, body := 200, `{}`
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
	c := connect(t, base)
	require.Equal(t, Health{Word: "idle"}, c.Health())
	for _, step := range []struct {
		status int
		body   string
		word   string
	}{
		{200, `{}`, "up"}, {429, "", "limited"}, {401, "", "auth"}, {404, "", "up"},
		{502, "", "down"}, {422, "", "up"}, {200, "<html>", "down"}, {200, "{", "up"}, {301, "", "down"},
	} {
		status, body = step.status, step.body
		_, _ = Do[thing](t.Context(), c, post, Call{})
		require.Equal(t, step.word, c.Health().Word, "%d %s", status, body)
		require.NotZero(t, c.Health().Since)
	}
	require.NotZero(t, c.Health().LastGood)
	fails(t, c, Op{Method: "GET", Path: "/{x}", Public: true}, Call{})
	require.Equal(t, "down", c.Health().Word, "a mistake of ours says nothing about the vendor")
}

func TestClockSkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := "Date: Sat, 01 Jan 2000 01:00:00 GMT\r\n" // the bubble begins at 0:00
		c := connectBy(t, local, piped(func(_ int, _ *http.Request, conn net.Conn) {
			answer(conn, 200, date, `{}`)
		}))
		timed(t, c, list)
		require.Equal(t, time.Hour, c.Health().Skew)
		require.True(t, c.Health().Dated)
		date = "Date: nonsense\r\n"
		timed(t, c, list)
		require.Equal(t, time.Hour, c.Health().Skew)
	})
}

// An answer without a Date leaves the skew unknown, which is not zero.
func TestSkewIsUnknownWithoutDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connectBy(t, local, piped(func(_ int, _ *http.Request, conn net.Conn) { answer(conn, 200, "", `{}`) }))
		timed(t, c, list)
		require.False(t, c.Health().Dated)
	})
}

func TestLastErrorsHoldNoValue(t *testing.T) {
	const planted = "Needle-Testperson"
	status, body := 0, ""
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
	c := connect(t, base)
	require.Empty(t, c.LastErrors())
	for _, step := range []struct {
		status int
		body   string
	}{
		{422, `{"error":"` + planted + ` is no name"}`}, {404, `{"message":"` + planted + `"}`},
		{422, `{"errors":{"` + planted + `":["` + planted + `"]}}`}, {200, planted}, {500, planted},
	} {
		status, body = step.status, step.body
		_, err := Do[thing](t.Context(), c, post, Call{Body: map[string]string{"name": planted}})
		require.Error(t, err)
	}
	got := c.LastErrors()
	require.Len(t, got, 5)
	require.Equal(t, "post thing", got[0].Op)
	require.Equal(t, KindServer, got[0].Kind, "the newest first")
	require.Equal(t, 500, got[0].Status)
	require.Equal(t, Unknown, got[0].Phase)
	require.Equal(t, "Example EMR failed on its side (status 500). The request may have been carried out.", got[0].Sentence)
	require.Equal(t, KindValidation, got[4].Kind)
	require.NotContains(t, fmt.Sprintf("%+v", got), planted)
	for range 30 {
		_, _ = Do[thing](t.Context(), c, post, Call{})
	}
	require.Len(t, c.LastErrors(), 20)
	require.Len(t, c.Stats()[0].Recent, 24)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Do[thing](ctx, c, Op{Name: "overtaken", Method: "GET", Path: "/things", Public: true}, Call{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "post thing", c.LastErrors()[0].Op, "a read that was given up is nobody's error")
}

// What a sign-in failed with can be anybody's words: the ring has its own.
func TestLastErrorsOfASignIn(t *testing.T) {
	c := connect(t, serve(t, func(http.ResponseWriter, *http.Request) {}), func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) { return Token{}, errors.New("Needle-Testperson") }
	})
	_, err := Do[thing](t.Context(), c, signed(list), Call{})
	require.Error(t, err)
	require.Equal(t, "Signing in to Example EMR did not work, so nothing was sent.", c.LastErrors()[0].Sentence)
	require.Empty(t, c.Stats()[0].Recent, "nothing reached the vendor")
}

func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connectBy(t, local, piped(func(n int, r *http.Request, conn net.Conn) {
			pass(2 * time.Second)
			if n == 1 {
				answer(conn, 503, "Retry-After: 5\r\n", "")
				return
			}
			fine(n, r, conn)
		}))
		timed(t, c, list)
		timed(t, c, list)
		timed(t, c, post)
		timed(t, c, Op{Name: "bad", Method: "GET", Path: "/{id}"})
		want := []Stat{
			{Op: "bad", Calls: 1, Errors: 1, Last: time.Now()},
			{Op: "list things", Calls: 2, Retries: 1, Total: 6 * time.Second, Last: time.Now().Add(-2 * time.Second),
				Recent: []Timing{{At: time.Now().Add(-4 * time.Second), Took: 4 * time.Second}, {At: time.Now().Add(-2 * time.Second), Took: 2 * time.Second}}},
			{Op: "post thing", Calls: 1, Total: 2 * time.Second, Last: time.Now(),
				Recent: []Timing{{At: time.Now(), Took: 2 * time.Second}}},
		}
		require.Equal(t, want, c.Stats())
		require.Equal(t, 3*time.Second, c.Stats()[1].Average())
		require.Zero(t, Stat{}.Average())
	})
}
