package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// vault is a vendor with tokens t1, t2 and so on, of which one is good.
type vault struct {
	good, signIns, calls atomic.Int64
	refuseKey            atomic.Bool
	c                    *Client
}

var authorize = Op{Name: "authorize", Method: "POST", Path: "/auth", Public: true}

func newVault(t *testing.T) *vault {
	v := &vault{}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth" {
			n := v.signIns.Add(1)
			if v.refuseKey.Load() {
				w.WriteHeader(401)
				return
			}
			fmt.Fprintf(w, `{"token":"t%d"}`, n)
			return
		}
		v.calls.Add(1)
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", v.good.Load()) || r.URL.Path == "/never" {
			w.WriteHeader(401)
			return
		}
		io.WriteString(w, `{"id":1}`)
	})
	v.c = connect(t, base, func(o *Options) { o.SignIn = v.signIn })
	return v
}

func (v *vault) signIn(ctx context.Context) (Token, error) {
	a, err := Do[struct{ Token string }](ctx, v.c, authorize, Call{})
	return Token{Value: a.Token}, err
}

func TestFiftyCallersWithAnExpiredTokenSignInOnce(t *testing.T) {
	v := newVault(t)
	v.good.Store(1)
	_, err := Do[thing](t.Context(), v.c, signed(list), Call{})
	require.NoError(t, err)
	require.EqualValues(t, 1, v.signIns.Load())

	v.good.Store(2) // t1 is refused from now on
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, err := Do[thing](context.Background(), v.c, signed(list), Call{})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 2, v.signIns.Load())
}

func TestFiftyCallersWithoutATokenSignInOnce(t *testing.T) {
	v := newVault(t)
	v.good.Store(1)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := Do[thing](context.Background(), v.c, signed(list), Call{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, v.signIns.Load())
	require.EqualValues(t, 50, v.calls.Load())
}

func TestACreateIsRepeatedAfterARefusedToken(t *testing.T) {
	v := newVault(t)
	v.good.Store(2)
	_, err := Do[thing](t.Context(), v.c, signed(post), Call{Body: 1})
	require.NoError(t, err)
	require.EqualValues(t, 2, v.calls.Load())
}

// What broke on the vendor's side may have been carried out, whatever else it
// says of the session.
func TestACreateIsNotRepeatedWhenTheVendorBroke(t *testing.T) {
	var calls atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(500)
		io.WriteString(w, `{"error":"token expired"}`)
	})
	c := connect(t, base, func(o *Options) {
		o.SignIn = func(context.Context) (Token, error) { return Token{Value: "t"}, nil }
		o.Check = func(Op, int, http.Header, []byte) *Error { return &Error{Kind: KindAuth} }
	})
	require.True(t, fails(t, c, signed(post), Call{Body: 1}).Ambiguous)
	require.EqualValues(t, 1, calls.Load())
}

func TestRefusedForEverSignsInTwice(t *testing.T) {
	v := newVault(t) // no token is good
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := Do[thing](context.Background(), v.c, signed(list), Call{})
			if e, ok := err.(*Error); !ok || e.Kind != KindAuth || e.Phase != Refused {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for range 5 {
		e := fails(t, v.c, signed(post), Call{})
		require.Equal(t, KindAuth, e.Kind)
		require.False(t, e.Ambiguous)
	}
	require.EqualValues(t, 2, v.signIns.Load())
	require.Equal(t, "auth", v.c.Health().Word)

	v.good.Store(3)
	v.c.Reset()
	_, err := Do[thing](t.Context(), v.c, signed(list), Call{})
	require.NoError(t, err)
	require.EqualValues(t, 3, v.signIns.Load())
	require.Equal(t, "up", v.c.Health().Word)
}

// A caller that comes with the renewed token, while who renewed it has not heard
// what becomes of it, is refused and does not sign in a third time.
func TestARenewedTokenIsNotRenewedByOthers(t *testing.T) {
	var signIns atomic.Int64
	asked, gate := make(chan struct{}), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("Authorization")
		switch {
		case r.URL.Path == "/auth":
			fmt.Fprintf(w, `{"token":"t%d"}`, signIns.Add(1))
			return
		case r.URL.Path == "/wait" && token == "Bearer t2":
			close(asked)
			<-gate
		}
		w.WriteHeader(401)
	})
	v := &vault{}
	v.c = connect(t, base, func(o *Options) { o.SignIn = v.signIn })
	first := make(chan error, 1)
	go func() {
		_, err := Do[thing](context.Background(), v.c, Op{Name: "wait", Method: "GET", Path: "/wait"}, Call{})
		first <- err
	}()
	<-asked
	e := fails(t, v.c, signed(list), Call{})
	require.Equal(t, KindAuth, e.Kind)
	require.Equal(t, Refused, e.Phase)
	require.Contains(t, e.UserMessage(), "Store its key again")
	close(gate)
	require.Equal(t, KindAuth, typed(t, <-first).Kind)
	require.EqualValues(t, 2, signIns.Load())
}

func TestARefusedKeyIsTriedOnce(t *testing.T) {
	v := newVault(t)
	v.refuseKey.Store(true)
	for range 5 {
		e := fails(t, v.c, signed(post), Call{})
		require.Equal(t, KindAuth, e.Kind)
		require.Equal(t, NotSent, e.Phase)
		require.Contains(t, e.UserMessage(), "Nothing was changed. Store its key again")
	}
	require.EqualValues(t, 1, v.signIns.Load())
	require.Zero(t, v.calls.Load())
}

// One operation the key is not good for must not take the others with it.
func TestOneRefusedOperationLeavesTheOthers(t *testing.T) {
	v := newVault(t)
	v.good.Store(1)
	never := Op{Name: "never", Method: "GET", Path: "/never"}
	_, err := Do[thing](t.Context(), v.c, signed(list), Call{})
	require.NoError(t, err)
	v.good.Store(2)
	for range 5 {
		require.Equal(t, KindAuth, fails(t, v.c, never, Call{}).Kind)
		_, err := Do[thing](t.Context(), v.c, signed(list), Call{})
		require.NoError(t, err)
	}
	require.EqualValues(t, 2, v.signIns.Load())
}

func TestWaitingForASignInEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connect(t, local, func(o *Options) {
			o.SignIn = func(ctx context.Context) (Token, error) {
				<-ctx.Done()
				return Token{}, ctx.Err()
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := Do[thing](ctx, c, signed(post), Call{})
		e := typed(t, err)
		require.Equal(t, KindCancelled, e.Kind)
		require.Equal(t, NotSent, e.Phase)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestSignInIsNotCancelledWithTheFirstCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signIns := 0
		c := connectBy(t, local, piped(fine), func(o *Options) {
			o.SignIn = func(ctx context.Context) (Token, error) {
				signIns++
				return Token{Value: "t"}, sleep(ctx, 3*time.Second)
			}
		})
		first, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			_, err := Do[thing](first, c, signed(list), Call{})
			require.Equal(t, KindCancelled, typed(t, err).Kind)
		})
		all.Go(func() {
			_, err := Do[thing](t.Context(), c, signed(list), Call{})
			require.NoError(t, err)
		})
		all.Wait()
		require.Equal(t, 1, signIns)
	})
}

func TestTokensAreRenewedBeforeTheyEnd(t *testing.T) {
	for _, c := range []struct {
		life, use time.Duration
		signIns   int
	}{
		{24 * time.Hour, 23*time.Hour + 58*time.Minute, 1},
		{24 * time.Hour, 23*time.Hour + 59*time.Minute + time.Second, 2},
		{10 * time.Second, 8 * time.Second, 1}, // not renewed for each call
		{10 * time.Second, 9*time.Second + 1, 2},
		{-time.Hour, time.Hour, 1}, // nonsense: used until it is refused
		{0, 1000 * time.Hour, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			signIns := 0
			client := connectBy(t, local, piped(fine), func(o *Options) {
				o.SignIn = func(context.Context) (Token, error) {
					signIns++
					if c.life == 0 {
						return Token{Value: "t"}, nil
					}
					return Token{Value: "t", Expires: time.Now().Add(c.life)}, nil
				}
			})
			for range 2 {
				_, err := Do[thing](t.Context(), client, signed(list), Call{})
				require.NoError(t, err)
				require.NoError(t, sleep(t.Context(), c.use))
			}
			require.Equal(t, c.signIns, signIns, "%v", c.life)
		})
	}
}

// While the key is being replaced, a token for the old one may still come in.
func TestATokenForOldCredentialsIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := "old"
		var used string
		c := connectBy(t, local, piped(fine), func(o *Options) {
			o.SignIn = func(ctx context.Context) (Token, error) {
				token := Token{Value: key}
				return token, sleep(ctx, time.Second)
			}
			o.Sign = func(_ *http.Request, token Token) { used = token.Value }
		})
		var all sync.WaitGroup
		all.Go(func() {
			_, err := Do[thing](t.Context(), c, signed(list), Call{})
			require.NoError(t, err)
		})
		synctest.Wait()
		key = "new"
		c.Reset()
		all.Wait()
		require.Equal(t, "new", used)
	})
}

func TestSignInErrors(t *testing.T) {
	locked := errors.New("the keyring is locked")
	for name, c := range map[string]struct {
		err   error
		kind  Kind
		words string
	}{
		"keyring": {locked, KindAuth, "Signing in to Example EMR did not work, so nothing was sent. Something went wrong: the keyring is locked."},
		"no key":  {Refusal("Example EMR", "sign in", KindAuth, "Enter the key first."), KindAuth, "Enter the key first."},
		"outage":  {&Error{Vendor: "Example EMR", Op: "authorize", Kind: KindServer, Status: 502, Phase: Unknown}, KindServer, "Example EMR failed on its side (status 502). Nothing was changed. You can send it again."},
	} {
		calls := 0
		client := connect(t, local, func(o *Options) {
			o.SignIn = func(context.Context) (Token, error) { calls++; return Token{}, c.err }
		})
		for range 2 {
			e := fails(t, client, signed(post), Call{})
			require.Equal(t, c.kind, e.Kind, name)
			require.Equal(t, NotSent, e.Phase, name)
			require.ErrorIs(t, e, c.err, name)
			require.Equal(t, c.words, e.UserMessage(), name)
			require.NotContains(t, e.Error(), "keyring")
		}
		require.Equal(t, 2, calls, "%s: a sign-in that reached nobody may be tried again", name)
	}
}

func TestSignInMustNotNeedAToken(t *testing.T) {
	var c *Client
	c = connect(t, local, func(o *Options) {
		o.SignIn = func(ctx context.Context) (Token, error) {
			_, err := Do[thing](ctx, c, signed(list), Call{})
			return Token{}, err
		}
	})
	require.Equal(t, KindConfig, fails(t, c, signed(list), Call{}).Kind)
}
