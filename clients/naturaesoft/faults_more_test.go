package naturaesoft_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/sandbox"
)

// Fifty calls of many kinds meet the end of the session together.
func TestFiftyCallersSignInOnce(t *testing.T) {
	t.Parallel()
	const callers = 50
	d := newDesk(t, func(c *naturaesoft.Config) { c.Concurrency = callers })
	var calls []use
	// The same call twice finds no tag, or a record changed by the first.
	unrepeatable := []string{"RemoveTag", "UpdateArticle", "UpdateTicket"}
	for _, op := range operations {
		if op.Then == "" && !slices.Contains(unrepeatable, op.Name) {
			calls = append(calls, op.Ready(d))
		}
	}
	together := func(t *testing.T) {
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				if _, err := calls[i%len(calls)](t.Context()); err != nil {
					t.Errorf("call %d: %v", i, err)
				}
			})
		}
		all.Wait()
	}
	t.Run("before the first session", func(t *testing.T) {
		d.c.Reset()
		d.ResetCounts()
		together(t)
		require.Equal(t, 1, d.Requests(tokenRoute))
	})
	t.Run("when it has ended", func(t *testing.T) {
		d.ExpireTokens()
		d.ResetCounts()
		d.SetFault(sandbox.AnyRoute, sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 100 * time.Millisecond})
		defer d.ClearFaults()
		together(t)
		require.Equal(t, 1, d.Requests(tokenRoute))
		require.Equal(t, 1, d.Executions(tokenRoute))
		refused := d.Requests("*") - d.Executions("*")
		require.Greater(t, refused, 1, "only one call met the end of the session")
		t.Logf("%d requests were refused, one sign-in", refused)
	})
}

// A vendor that refuses every session is asked for a new one once, by all
// callers together, and not again before Reset.
func TestRefusedKeyIsNotTriedOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	tagsUse := listTags(d)
	_, err := tagsUse(t.Context())
	require.NoError(t, err)
	d.ResetCounts()
	d.SetFault(sandbox.AnyRoute, sandbox.Fault{Kind: sandbox.FaultUnauthorized})
	failed := make([]error, 20)
	var all sync.WaitGroup
	for i := range failed {
		all.Go(func() { _, failed[i] = tagsUse(t.Context()) })
	}
	all.Wait()
	for _, err := range failed {
		require.Equal(t, rest.KindAuth.String(), faulttest.KindOf(t, err))
	}
	require.Equal(t, 1, d.Requests(tokenRoute))
	require.Equal(t, "auth", d.c.Health().Word)
	d.ClearFaults()
	d.ExpireTokens()
	_, err = tagsUse(t.Context())
	require.Equal(t, rest.KindAuth.String(), faulttest.KindOf(t, err))
	require.Equal(t, 1, d.Requests(tokenRoute), "no sign-in before Reset")
	d.c.Reset()
	_, err = tagsUse(t.Context())
	require.NoError(t, err)
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	named := map[string]operation{}
	for _, op := range operations {
		named[op.Name] = op
	}
	for _, c := range []struct {
		name  string
		after func() string
		told  time.Duration // at least
		waits bool
	}{
		{"seconds", func() string { return "1" }, time.Second, true},
		{"date", func() string {
			return time.Now().Add(3 * time.Second).UTC().Format(http.TimeFormat) // whole seconds: from 2 to 3
		}, time.Second, true},
		{"a date tomorrow", func() string {
			return time.Now().Add(23 * time.Hour).UTC().Format(http.TimeFormat)
		}, 22 * time.Hour, false},
		{"more than a minute", func() string { return "61" }, 61 * time.Second, false},
		{"absurd", func() string { return strings.Repeat("9", 40) }, time.Hour, false},
	} {
		for _, name := range []string{"Slots", "UpdateProspect", "CreateProspect", "AssignTag", "RemoveTag"} {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				d, op := newDesk(t), named[name]
				call := op.Ready(d)
				d.ResetCounts()
				d.SetFault(op.Route, sandbox.Fault{Kind: sandbox.FaultRateLimited, RetryAfter: c.after(), Times: 1})
				began := time.Now()
				_, err := call(t.Context())
				took := time.Since(began)
				once := op.Writes()
				if c.waits && !once {
					require.NoError(t, err)
					require.GreaterOrEqual(t, took, c.told)
					require.Equal(t, 2, d.Requests(op.Route))
					return
				}
				var e *rest.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, rest.KindRateLimited, e.Kind)
				require.Equal(t, rest.Refused, e.Phase)
				require.False(t, e.Ambiguous)
				require.GreaterOrEqual(t, e.RetryAfter, c.told)
				require.Equal(t, 1, d.Requests(op.Route))
				require.Zero(t, d.Executions(op.Route))
				require.Equal(t, "limited", d.c.Health().Word)
				_, err = call(t.Context())
				require.NoError(t, err, "a refusal may be tried again at once")
			})
		}
	}
}

// No address a vendor points to is ever called: neither another host, nor the
// same one again, whatever the status and the form of the address.
func TestRedirectsReachNoSecondHost(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer elsewhere.Close()
	host, err := url.Parse(elsewhere.URL)
	require.NoError(t, err)
	addresses := []string{elsewhere.URL + "/v1/", "//" + host.Host + "/", "http://user:word@" + host.Host}

	// The trap works: a client that follows is caught.
	d := newDesk(t)
	d.SetFault(readMe, sandbox.Fault{Kind: sandbox.FaultRedirect, Body: addresses[1]})
	answer, err := http.Get(d.URL("naturaesoft") + "/v1/me")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.EqualValues(t, 1, reached.Swap(0))

	var jobs []func()
	var tried atomic.Int64
	for _, op := range operations {
		jobs = append(jobs, func() {
			t.Run(op.Name, func(t *testing.T) {
				d := newDesk(t)
				for _, status := range []int{300, 301, 302, 303, 305, 307, 308} {
					call := op.Ready(d)
					d.ResetCounts()
					address := addresses[status%len(addresses)]
					d.SetFault(op.Route, sandbox.Fault{Kind: sandbox.FaultRedirect, Status: status, Body: address})
					_, err := call(t.Context())
					require.Equal(t, rest.KindRedirect.String(), faulttest.KindOf(t, err))
					require.NotContains(t, err.Error(), host.Host)
					require.NotContains(t, rest.UserMessage(err), host.Host)
					require.Zero(t, d.Executions(op.Route))
					tried.Add(1)
					d.ClearFaults()
				}
			})
		})
	}
	faulttest.AtOnce(16, jobs)
	require.Zero(t, reached.Load())
	t.Logf("%d redirections, none followed", tried.Load())
}

// Each answer goes to the one who asked for it, however late and in whatever
// order, and to nobody when the one who asked is gone.
func TestLateAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := func(ctx context.Context, n int) (naturaesoft.Provider, error) {
		return d.c.Provider(ctx, naturaesoft.ID(strconv.Itoa(n)))
	}
	first, err := ask(t.Context(), 1)
	require.NoError(t, err)

	t.Run("out of order", func(t *testing.T) {
		asked, answer := make(chan struct{}), make(chan struct{})
		emr, err := url.Parse(d.URL("naturaesoft"))
		require.NoError(t, err)
		between := &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(emr) },
			ModifyResponse: func(r *http.Response) error {
				if strings.HasSuffix(r.Request.URL.Path, "/providers/1") {
					close(asked)
					<-answer
				}
				return nil
			},
		}
		server := httptest.NewServer(between)
		defer server.Close()
		c := connect(t, d.Server, func(cfg *naturaesoft.Config) { cfg.Base = server.URL })
		done := make(chan error, 1)
		go func() {
			p, err := c.Provider(t.Context(), "1")
			if err == nil && p != first {
				t.Errorf("asked for %v, got %v", first.ID, p.ID)
			}
			done <- err
		}()
		<-asked
		p, err := c.Provider(t.Context(), "2")
		require.NoError(t, err)
		require.EqualValues(t, "2", p.ID)
		require.Empty(t, done, "the second answer came first")
		close(answer)
		require.NoError(t, <-done)
	})
	t.Run("after the caller has gone", func(t *testing.T) {
		for _, kind := range []sandbox.FaultKind{sandbox.FaultDelay, sandbox.FaultStallAfter, sandbox.FaultDrip} {
			d.ResetCounts()
			d.SetFault(oneProvider, sandbox.Fault{Kind: kind, Delay: 50 * time.Millisecond, Times: 1})
			ctx, cancel := context.WithCancel(t.Context())
			go faulttest.Whenever(ctx, cancel, func() bool { return d.Requests(oneProvider) == 1 })
			_, err := ask(ctx, 1)
			cancel()
			require.Equal(t, rest.KindCancelled.String(), faulttest.KindOf(t, err))
			for n := 2; n <= 4; n++ {
				p, err := ask(t.Context(), n)
				require.NoError(t, err)
				require.EqualValues(t, strconv.Itoa(n), p.ID, kind)
			}
		}
	})
	t.Run("a deadline is kept", func(t *testing.T) {
		d.SetFault(oneProvider, sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour, Times: 1})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := ask(ctx, 1)
		require.Equal(t, rest.KindCancelled.String(), faulttest.KindOf(t, err))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// What became of a create whose answer was lost can be read afterwards.
func TestUnknownOutcomeIsFoundByReading(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind sandbox.FaultKind
		made int
	}{{sandbox.FaultFinBefore, 0}, {sandbox.FaultFinAfter, 1}, {sandbox.FaultCutBody, 1}} {
		d := newDesk(t)
		d.SetFault(newProspect, sandbox.Fault{Kind: c.kind})
		_, err := d.c.CreateProspect(t.Context(), naturaesoft.Edits{"LastName": "Lost", "EMail": mark(1)})
		var e *rest.Error
		require.ErrorAs(t, err, &e)
		require.True(t, e.Ambiguous)
		page, err := d.c.Prospects(t.Context(), naturaesoft.ProspectQuery{Search: mark(1)})
		require.NoError(t, err)
		require.Len(t, page.Items, c.made, c.kind)
	}
}

// No write is sent a second time by itself, not even one that would do no more
// harm than to undo what a colleague did in between.
func TestNoWriteIsSentTwice(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		if !op.Writes() || op.Then != "" {
			continue
		}
		for kind, executed := range map[sandbox.FaultKind]int{sandbox.FaultFinBefore: 0, sandbox.FaultFinAfter: 1} {
			d := newDesk(t)
			call := op.Ready(d)
			d.ResetCounts()
			d.SetFault(op.Route, sandbox.Fault{Kind: kind, Times: 1})
			_, err := call(t.Context())
			var e *rest.Error
			require.ErrorAs(t, err, &e, op.Name)
			require.Equal(t, rest.Unknown, e.Phase, op.Name)
			require.True(t, e.Ambiguous, op.Name)
			require.Equal(t, 1, d.Requests(op.Route), op.Name)
			require.Equal(t, executed, d.Executions(op.Route), op.Name)
		}
	}
}

// Reads that fail in a row give the vendor a rest, in which nothing is sent,
// creates least of all. Afterwards one read tries; that takes a real quarter of
// a minute and is left to FRONTDESK_SOAK=1.
func TestFailingVendorIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	read, create := listTags(d), createProspect(d)
	d.SetFault(tags, sandbox.Fault{Kind: sandbox.FaultGarbage}) // fails without being tried again
	var err error
	for n := 0; n < 10; n++ {
		if _, err = read(t.Context()); faulttest.KindOf(t, err) == rest.KindResting.String() {
			break
		}
		require.Equal(t, rest.KindTransport.String(), faulttest.KindOf(t, err))
	}
	require.Equal(t, rest.KindResting.String(), faulttest.KindOf(t, err))
	require.Equal(t, "resting", d.c.Health().Word)
	d.ClearFaults()
	d.ResetCounts()
	for _, call := range []use{read, create} {
		_, err := call(t.Context())
		var e *rest.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, rest.KindResting, e.Kind)
		require.Equal(t, rest.NotSent, e.Phase)
		require.False(t, e.Ambiguous)
		require.Positive(t, e.RetryAfter)
		require.Zero(t, d.Requests("*"))
	}
	if !faulttest.Soak {
		t.Log("the end of the rest is left out; FRONTDESK_SOAK=1 waits for it")
		return
	}
	var e *rest.Error
	_, err = read(t.Context())
	require.ErrorAs(t, err, &e)
	<-time.After(e.RetryAfter)
	_, err = create(t.Context())
	require.Equal(t, rest.KindResting.String(), faulttest.KindOf(t, err), "a create is no trial")
	_, err = read(t.Context())
	require.NoError(t, err)
	_, err = create(t.Context())
	require.NoError(t, err)
}

// With nobody at the address, nothing was sent, whatever the operation; when
// the vendor is back, everything works again.
func TestNobodyThere(t *testing.T) { // alone: others could be given the port
	p := openPractice(t)
	address := strings.TrimSuffix(strings.TrimPrefix(p.URL("naturaesoft"), "http://"), "/naturaesoft")
	type party struct {
		*desk
		operation
		call use
	}
	var parties []party
	for _, op := range operations {
		d := &desk{t, p, connect(t, p.Server)}
		parties = append(parties, party{d, op, op.Ready(d)})
	}
	require.NoError(t, p.Close())
	var jobs []func()
	for _, p := range parties {
		op := p.operation
		jobs = append(jobs, func() {
			t.Run(op.Name, func(t *testing.T) {
				_, err := p.call(t.Context())
				var e *rest.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, rest.KindTransport.String(), e.Kind.String())
				// A read, also the one some writes begin with, may have gone
				// into a connection nobody had told the client was dead.
				if e.Phase == rest.Unknown && !e.Ambiguous {
					return
				}
				require.Equal(t, rest.NotSent.String(), e.Phase.String())
				require.False(t, e.Ambiguous)
			})
		})
	}
	faulttest.AtOnce(len(jobs), jobs)
	again, err := sandbox.Start(sandbox.Options{Listen: address, Prospects: 21, Providers: 4, Zone: time.UTC, Now: func() time.Time { return opening }})
	require.NoError(t, err)
	defer func() { require.NoError(t, again.Close()) }()
	// About a person of the EMR that is gone, or a record changed by the call
	// before.
	unrepeatable := []string{"Reread", "RemoveTag", "UpdateArticle reading", "UpdateTicket reading"}
	for _, p := range parties {
		if slices.Contains(unrepeatable, p.Name) {
			continue
		}
		_, err := p.call(t.Context())
		require.NoError(t, err, p.Name)
	}
}
