package inboxhealth

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/time/rate"
)

// gateway plays the vendor's token bucket inside a bubble of its own time,
// where sockets cannot be used. It answers late, by a little more each time.
type gateway struct {
	mu       sync.Mutex
	bucket   *rate.Limiter
	asked    int
	overdone int
}

func (g *gateway) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		in := bufio.NewReader(far)
		for {
			if _, err := http.ReadRequest(in); err != nil {
				return
			}
			status, body, delay := g.answer()
			<-time.After(delay) // of the bubble
			fmt.Fprintf(far, "HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
		}
	}()
	return near, nil
}

func (g *gateway) answer() (status int, body string, delay time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked++
	delay = time.Duration(50+g.asked%7*20) * time.Millisecond
	if !g.bucket.Allow() {
		g.overdone++
		return http.StatusTooManyRequests, `{"message":"Too Many Requests"}`, delay
	}
	return http.StatusOK, `{"patient": {"id": 1}}`, delay
}

// 500 reads at once stay under the documented limit and take hardly longer than
// it makes them.
func TestABulkOfReadsKeepsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const reads, ideal = 500, (500 - 100) * time.Second / 10
		g := &gateway{bucket: rate.NewLimiter(10, 100)}
		c, err := New(Config{
			Base: "http://127.0.0.1:1/partner/v2", dial: g.dial, Concurrency: 8,
			Key: func(context.Context) (string, error) { return fakeKey, nil },
		})
		require.NoError(t, err)
		began := time.Now()
		var all sync.WaitGroup
		for range reads {
			all.Go(func() {
				if _, err := c.Patient(t.Context(), 1); err != nil {
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		took := time.Since(began)
		require.Equal(t, reads, g.asked)
		require.Zero(t, g.overdone, "answered with 429")
		require.LessOrEqual(t, took, ideal*11/10)
		t.Logf("%d reads in %v, of which the limit makes %v", reads, took, ideal)
		c.Close()
	})
}

// Another console with the same key empties the bucket: reads come back later
// by themselves, writes are refused and were not processed.
func TestTheLimitIsSharedWithOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{bucket: rate.NewLimiter(10, 100)}
		c, err := New(Config{
			Base: "http://127.0.0.1:1/partner/v2", dial: g.dial,
			Key: func(context.Context) (string, error) { return fakeKey, nil },
		})
		require.NoError(t, err)
		require.True(t, g.bucket.ReserveN(time.Now(), 100).OK())
		_, err = c.CreatePractice(t.Context(), NewPractice{Name: "x", EnterpriseID: 1})
		require.Error(t, err)
		require.Equal(t, 1, g.asked, "sent once")
		<-time.After(time.Second)
		_, err = c.Patient(t.Context(), 1)
		require.NoError(t, err)
		c.Close()
	})
}
