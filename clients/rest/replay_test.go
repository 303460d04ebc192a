package rest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// trap answers /things and hangs up after carrying out anything else.
func trap(t *testing.T, done *atomic.Int64) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/things" {
			io.WriteString(w, `{}`)
			return
		}
		done.Add(1)
		hangUp(w)
	})
}

// Without this the tests below would prove nothing.
func TestTheTrapCatchesNetHTTP(t *testing.T) {
	var done atomic.Int64
	base := trap(t, &done)
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	for _, path := range []string{"/things", "/create"} {
		r, err := http.NewRequest("GET", base+path, nil)
		require.NoError(t, err)
		if response, err := tr.RoundTrip(r); err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
	require.EqualValues(t, 2, done.Load())
}

func TestCreateOverGETIsSentOnce(t *testing.T) {
	var done atomic.Int64
	c := connect(t, trap(t, &done))
	for n := 1; n <= 5; n++ {
		_, err := Do[thing](t.Context(), c, list, Call{})
		require.NoError(t, err)
		e := fails(t, c, create, Call{})
		require.EqualValues(t, n, done.Load())
		require.Equal(t, KindTransport, e.Kind)
		require.True(t, e.Ambiguous)
	}
	// The same after a create that went well.
	e := fails(t, c, create, Call{})
	require.True(t, e.Ambiguous)
	require.EqualValues(t, 6, done.Load())
}

func TestReadsAreTriedThreeTimes(t *testing.T) {
	for _, op := range []Op{
		{Name: "r", Method: "GET", Path: "/x", Public: true},
		{Name: "p", Method: "POST", Path: "/x", Public: true}, // a read over POST
		{Name: "d", Method: "DELETE", Path: "/x", Effect: Idempotent, Public: true},
		{Name: "g", Method: "GET", Path: "/x", Effect: Idempotent, Public: true},
	} {
		var done atomic.Int64
		c := connect(t, trap(t, &done))
		_, err := Do[thing](t.Context(), c, list, Call{})
		require.NoError(t, err)
		e := fails(t, c, op, Call{})
		require.EqualValues(t, 3, done.Load(), op.Name)
		require.Equal(t, KindTransport, e.Kind)
		require.Equal(t, op.Effect != Read, e.Ambiguous)
		require.Equal(t, 2, stat(c, op.Name).Retries)
	}
}

func stat(c *Client, op string) Stat {
	for _, s := range c.Stats() {
		if s.Op == op {
			return s
		}
	}
	return Stat{}
}

// A vendor that hangs up on idle connections must not cost a pause, nor all
// three tries.
func TestStaleConnectionsAreReplacedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		served := map[net.Conn]int{}
		c := connectBy(t, local, piped(func(_ int, _ *http.Request, conn net.Conn) {
			mu.Lock()
			served[conn]++
			again := served[conn] > 1
			mu.Unlock()
			if again {
				conn.Close()
				return
			}
			pass(time.Second)
			answer(conn, 200, "", `{}`)
		}))
		var all sync.WaitGroup
		for range 8 { // fills the pool
			all.Go(func() { timed(t, c, list) })
		}
		all.Wait()
		require.Len(t, served, 8)
		e, took := timed(t, c, list)
		require.Nil(t, e)
		require.Equal(t, time.Second, took, "no pause before the second try")
		require.Len(t, served, 9)
		require.Equal(t, 1, stat(c, list.Name).Retries)
	})
}

func TestIdempotentStaysAmbiguousAfterARefusal(t *testing.T) {
	var hits atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if hits.Add(1) == 1 {
			hangUp(w)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	e := fails(t, connect(t, base), update, Call{})
	require.Equal(t, KindNotFound, e.Kind)
	require.True(t, e.Ambiguous)
	require.Contains(t, e.UserMessage(), "may have been carried out")
}

// faults are ways to answer a create; each says whether to carry it out first.
var faults = []struct {
	name string
	does bool
	how  func(w http.ResponseWriter)
}{
	{"hang up", false, hangUp},
	{"hang up after", true, hangUp},
	{"reset", false, reset},
	{"reset after", true, reset},
	{"cut", true, func(w http.ResponseWriter) {
		reply(w, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\":")
	}},
	{"cut header", true, func(w http.ResponseWriter) { reply(w, "HTTP/1.1 200 OK\r\nContent-Le") }},
	{"garbage", true, func(w http.ResponseWriter) { reply(w, "220 smtp ready\r\n\r\n") }},
	{"header bomb", true, func(w http.ResponseWriter) {
		reply(w, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 100<<10)+"\r\n\r\n")
	}},
	{"page", true, func(w http.ResponseWriter) { io.WriteString(w, "<html>") }},
	{"empty", true, func(http.ResponseWriter) {}},
	{"comma", true, func(w http.ResponseWriter) { io.WriteString(w, `{"id":1,}`) }},
	{"500 after", true, func(w http.ResponseWriter) { w.WriteHeader(500) }},
	{"502", false, func(w http.ResponseWriter) { w.WriteHeader(502) }},
	{"503", false, func(w http.ResponseWriter) { w.Header().Set("Retry-After", "1"); w.WriteHeader(503) }},
	{"504 after", true, func(w http.ResponseWriter) { w.WriteHeader(504) }},
	{"401", false, func(w http.ResponseWriter) { w.WriteHeader(401) }},
	{"429", false, func(w http.ResponseWriter) { w.Header().Set("Retry-After", "1"); w.WriteHeader(429) }},
	{"422", false, func(w http.ResponseWriter) { w.WriteHeader(422) }},
	{"302 after", true, func(w http.ResponseWriter) { w.Header().Set("Location", "/create"); w.WriteHeader(302) }},
	{"307", false, func(w http.ResponseWriter) { w.Header().Set("Location", "/create"); w.WriteHeader(307) }},
	{"fine", true, func(w http.ResponseWriter) { io.WriteString(w, `{"id":1}`) }},
}

func TestThousandFaultyCreatesAreCarriedOutAtMostOnce(t *testing.T) {
	const calls = 1050
	var done [calls]atomic.Int64
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/create" {
			io.WriteString(w, `{}`)
			return
		}
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		fault := faults[n%len(faults)]
		if fault.does {
			done[n].Add(1)
		}
		fault.how(w)
	})
	c := connect(t, base, func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) { return Token{Value: "t"}, nil }
	})
	op := signed(create)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := worker; n < calls; n += 4 {
				_, _ = Do[struct{}](context.Background(), c, list, Call{}) // a connection to reuse
				_, err := Do[thing](context.Background(), c, alternate(op, n), Call{Query: url.Values{"n": {strconv.Itoa(n)}}})
				if problem := inconsistent(err, done[n].Load()); problem != "" {
					t.Errorf("%s: %s: %v", faults[n%len(faults)].name, problem, err)
				}
			}
		})
	}
	all.Wait()
}

func alternate(op Op, n int) Op {
	if n%2 == 0 {
		op.Method = "POST"
	}
	return op
}

// inconsistent compares what a caller is told with what the server did.
func inconsistent(err error, done int64) string {
	if done > 1 {
		return fmt.Sprintf("carried out %d times", done)
	}
	e, failed := err.(*Error)
	switch {
	case !failed && done == 0:
		return "a success that was not carried out"
	case failed && done == 1 && !e.Ambiguous:
		return "carried out, but told otherwise"
	case failed && e.Phase == Done:
		return "done and failed"
	}
	return ""
}
