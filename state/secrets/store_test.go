package secrets

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/stretchr/testify/require"
	"github.com/zalando/go-keyring"
)

const (
	planted = "obviously-fake-1234"
	phrase  = "correct horse battery"
)

func keys() Bundle { return Bundle{"key": planted} }

func found(s State) func(context.Context) finding {
	return func(context.Context) finding { return finding{state: s} }
}

// ready is a store on a mock of the OS keyring.
func ready(t *testing.T) *Store {
	t.Helper()
	keyring.MockInit()
	s := open(t.Context(), Options{Dir: t.TempDir()}, found(Ready))
	s.ring.api.drop = func() {}
	require.Equal(t, Where{Kind: Keyring, Sentence: "keys: OS keyring"}, s.Where())
	return s
}

func TestBundleShowsNothing(t *testing.T) {
	b := keys()
	shown := []string{b.String(), b.GoString()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10v"} {
		shown = append(shown, fmt.Sprintf(verb, b), fmt.Sprintf(verb, &b), fmt.Sprintf(verb, struct{ B Bundle }{b}),
			fmt.Sprintf(verb, map[string]Bundle{"a": b}), fmt.Sprintf(verb, []any{b}))
	}
	for _, v := range []any{b, &b, struct{ B Bundle }{b}, map[string]Bundle{"a": b}} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		shown = append(shown, string(text))
	}
	text, err := toml.Marshal(struct{ B Bundle }{b})
	require.NoError(t, err)
	shown = append(shown, string(text))
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "b", b, "p", &b)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "b", b, "p", &b)
	shown = append(shown, log.String())
	for _, s := range shown {
		require.NotContains(t, s, planted)
		require.NotContains(t, s, fmt.Sprintf("%x", planted))
		if !strings.Contains(s, "0x") { // a pointer's address
			require.Contains(t, s, dots)
		}
	}
}

func TestStoreShowsNothing(t *testing.T) {
	s := open(t.Context(), Options{Dir: t.TempDir()}, found(NoBus))
	require.NoError(t, s.Save(t.Context(), "a", "x", keys()))
	require.NoError(t, s.CreateVault([]byte(phrase)))
	s.UseSession()
	require.NoError(t, s.Save(t.Context(), "a", "y", keys()))
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "store", s)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&log, verb, s)
	}
	require.NotContains(t, log.String(), planted)
	require.NotContains(t, log.String(), phrase)
	require.NotContains(t, log.String(), fmt.Sprint([]byte(phrase)))
}

func TestKeyringRoundTrip(t *testing.T) {
	s := ready(t)
	_, err := s.Load(t.Context(), "riverside", "naturaesoft")
	require.ErrorIs(t, err, ErrNotFound)
	require.ErrorIs(t, s.Forget(t.Context(), "riverside", "naturaesoft"), ErrNotFound)
	require.NoError(t, s.Save(t.Context(), "riverside", "naturaesoft", keys()))
	b, err := s.Load(t.Context(), "riverside", "naturaesoft")
	require.NoError(t, err)
	require.True(t, b.same(keys()))
	text, err := keyring.Get("frontdesk", "riverside/naturaesoft")
	require.NoError(t, err)
	require.JSONEq(t, `{"key":"`+planted+`"}`, text)
	_, err = s.Load(t.Context(), "hilltop", "naturaesoft")
	require.ErrorIs(t, err, ErrNotFound, "profiles do not share keys")

	// F13: another session changes the item.
	require.NoError(t, keyring.Set("frontdesk", "riverside/naturaesoft", `{"key":"newer"}`))
	b, err = s.Load(t.Context(), "riverside", "naturaesoft")
	require.NoError(t, err)
	require.Equal(t, "newer", b["key"])
	for _, foreign := range []string{"", "null", planted, `{"key":5,"x":"` + planted + `"}`, `["` + planted + `"]`} {
		require.NoError(t, keyring.Set("frontdesk", "riverside/naturaesoft", foreign))
		_, err = s.Load(t.Context(), "riverside", "naturaesoft")
		require.ErrorIs(t, err, ErrUnreadable, foreign)
		require.NotContains(t, err.Error(), planted)
	}
	require.NoError(t, s.Forget(t.Context(), "riverside", "naturaesoft"))
	_, err = keyring.Get("frontdesk", "riverside/naturaesoft")
	require.ErrorIs(t, err, keyring.ErrNotFound)
}

func TestRefusedBeforeAnythingIsCalled(t *testing.T) {
	s := ready(t)
	s.ring.api.set = func(string, string, string) error {
		t.Error("the keyring was called")
		return nil
	}
	fits := Bundle{"k": strings.Repeat("x", largest-len(`{"k":""}`))}
	_, err := fits.encode()
	require.NoError(t, err)
	long := Bundle{"k": fits["k"] + "x"}
	for name, c := range map[string]struct {
		profile, vendor string
		b               Bundle
		want            string
	}{
		"too big":       {"a", "x", long, ErrTooBig.Error()},
		"empty":         {"a", "x", Bundle{}, "There are no keys to save."},
		"nil":           {"a", "x", nil, "There are no keys to save."},
		"not text":      {"a", "x", Bundle{"k": "\xff\xfe" + planted}, "they hold bytes that are not text."},
		"no profile":    {"", "x", keys(), "stored under a profile's and a vendor's name"},
		"slash":         {"a/b", "x", keys(), "stored under a profile's and a vendor's name"},
		"vendor's case": {"a", "X", keys(), "stored under a profile's and a vendor's name"},
	} {
		err := s.Save(t.Context(), c.profile, c.vendor, c.b)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), planted, name)
		s.UseSession()
		require.ErrorContains(t, s.Save(t.Context(), c.profile, c.vendor, c.b), c.want, name)
		require.NoError(t, s.UseKeyring(t.Context()))
	}
	_, err = s.Load(t.Context(), "a/b", "x")
	require.Error(t, err)
	require.Error(t, s.Forget(t.Context(), "a", "../x"))
}

func TestKeyringThatLies(t *testing.T) {
	s := ready(t)
	s.ring.api.get = func(string, string) (string, error) { return `{"key":"other"}`, nil }
	require.ErrorIs(t, s.Save(t.Context(), "a", "x", keys()), ErrDiffers)
	require.ErrorIs(t, s.Forget(t.Context(), "a", "x"), ErrStillThere)
	s.ring.api.get = func(string, string) (string, error) { return "", keyring.ErrNotFound }
	require.ErrorIs(t, s.Save(t.Context(), "a", "x", keys()), ErrNotFound, "gone right after it was set")
}

func TestKeyringErrors(t *testing.T) {
	s := ready(t)
	mac := exec.Command("sh", "-c", "exit 36").Run() // F15
	require.Error(t, mac)
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"on a Mac": {mac, &Error{State: Locked}},
		"too big":  {keyring.ErrSetDataTooBig, ErrTooBig},
		"locked":   {errors.New("failed to unlock correct collection '/x'"), &Error{State: Locked}},
		"other":    {errors.New("secret " + planted), &Error{State: Failed}},
	} {
		keyring.MockInitWithError(c.err)
		err := s.Save(t.Context(), "a", "x", keys())
		require.ErrorIs(t, err, c.want, name)
		require.NotContains(t, err.Error(), planted, name)
		if e := c.want.(*Error); e.State != Ready {
			w := s.Where()
			require.Equal(t, Keyring, w.Kind)
			require.True(t, w.Locked)
			require.Contains(t, w.Sentence, e.State.String())
			require.Equal(t, e.State.Sentence()+".", w.Why)
		}
	}
	keyring.MockInit()
	require.NoError(t, s.Save(t.Context(), "a", "x", keys()), "the keyring works again")
	require.False(t, s.Where().Locked)
}

func TestOpenPicksTheBestPlace(t *testing.T) {
	for _, state := range []State{NoBus, BusUnreachable, NoService, NoCollection, Locked, Hung, Failed} {
		dir := t.TempDir() + "/frontdesk"
		s := open(t.Context(), Options{Dir: dir}, found(state))
		require.Equal(t, Where{Kind: Session, Sentence: "keys: this session only - will be asked again",
			Why: state.Sentence() + "."}, s.Where())
		require.Equal(t, state, s.State())
		require.ErrorIs(t, s.UseKeyring(t.Context()), &Error{State: state})
		require.ErrorIs(t, s.UseVault(), ErrNoVault)
		require.ErrorIs(t, s.Unlock([]byte(phrase)), ErrNoVault)
		require.NoDirExists(t, dir, "looking writes nothing")
		require.NoError(t, s.CreateVault([]byte(phrase)))
		require.Equal(t, Where{Kind: Vault, Sentence: "keys: sealed vault", Why: state.Sentence() + "."}, s.Where())

		s = open(t.Context(), Options{Dir: dir}, found(state))
		require.Equal(t, Where{Kind: Vault, Locked: true, Sentence: "keys: sealed vault (locked)",
			Why: state.Sentence() + "."}, s.Where())
		_, err := s.Load(t.Context(), "a", "x")
		require.ErrorIs(t, err, ErrLocked)
		require.ErrorIs(t, s.Save(t.Context(), "a", "x", keys()), ErrLocked)
		require.ErrorIs(t, s.Forget(t.Context(), "a", "x"), ErrLocked)
	}
	off := open(t.Context(), Options{Dir: t.TempDir(), KeyringOff: true}, func(context.Context) finding {
		t.Error("the keyring was looked at")
		return finding{}
	})
	require.Equal(t, Off, off.State())
	require.ErrorIs(t, off.UseKeyring(t.Context()), &Error{State: Off})
}

func TestSessionKeepsKeysToItself(t *testing.T) {
	dir := t.TempDir()
	s := open(t.Context(), Options{Dir: dir}, found(NoBus))
	given := keys()
	require.NoError(t, s.Save(t.Context(), "a", "x", given))
	given["key"] = "changed by the caller"
	b, err := s.Load(t.Context(), "a", "x")
	require.NoError(t, err)
	require.True(t, b.same(keys()))
	require.NoError(t, s.Forget(t.Context(), "a", "x"))
	require.ErrorIs(t, s.Forget(t.Context(), "a", "x"), ErrNotFound)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestSentencesAreWhole(t *testing.T) {
	for s := Ready; s <= Failed; s++ {
		require.NotEmpty(t, s.String())
		if s != Ready {
			require.Regexp(t, `^[A-Z].+[.,;] (or|Use|Start|Create|Unlock|Log|Check|use).+[a-z]$`, s.Sentence())
		}
	}
	e := failed("org.example.Bad").err()
	require.ErrorContains(t, e, "(org.example.Bad).")
	require.NotContains(t, failed("evil \x1b[1m text").sentence(), "evil")
	require.NotErrorIs(t, ErrNotFound, ErrLocked)
	require.NotErrorIs(t, e, ErrHung)
}

func TestKeyringThatPanics(t *testing.T) {
	s := ready(t)
	s.ring.api.get = func(string, string) (string, error) { panic(planted) }
	_, err := s.Load(t.Context(), "a", "x")
	require.ErrorIs(t, err, &Error{State: Failed})
	require.NotContains(t, err.Error(), planted)
	require.NoError(t, s.ring.set(t.Context(), "a/x", "{}"), "the turn was given on")
}

// F16: calls go out one at a time, however many ask.
func TestOneCallAtATime(t *testing.T) {
	s := ready(t)
	var out, most atomic.Int32
	s.ring.api.get = func(string, string) (string, error) {
		if n := out.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer out.Add(-1)
		return `{"key":"x"}`, nil
	}
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			if _, err := s.Load(t.Context(), "a", "x"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, most.Load())
}

// F6, F8, F9: a call that never returns.
func TestHungCallIsAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ready(t)
		free := make(chan struct{})
		defer close(free)
		var calls atomic.Int32
		s.ring.api.set = func(string, string, string) error {
			calls.Add(1)
			<-free
			return nil
		}
		start := time.Now()
		waiting := make(chan error)
		go func() {
			<-time.After(time.Second)
			_, err := s.Load(t.Context(), "a", "x")
			waiting <- err
		}()
		err := s.Save(t.Context(), "a", "x", keys())
		require.ErrorIs(t, err, ErrHung)
		require.Equal(t, callLimit, time.Since(start))
		require.ErrorIs(t, <-waiting, ErrHung)
		require.Equal(t, callLimit, time.Since(start), "who waited does not wait another three seconds")
		w := s.Where()
		require.Equal(t, Where{Kind: Keyring, Locked: true, Sentence: "keys: OS keyring (not answering)",
			Why: Hung.Sentence() + "."}, w)

		require.ErrorIs(t, s.Save(t.Context(), "a", "x", keys()), ErrHung)
		require.ErrorIs(t, s.UseKeyring(t.Context()), ErrHung)
		require.Equal(t, callLimit, time.Since(start))
		require.EqualValues(t, 1, calls.Load(), "it is never called again")
		s.UseSession()
		require.NoError(t, s.Save(t.Context(), "a", "x", keys()))
	})
}

func TestLookThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keyring.MockInit()
		free := make(chan struct{})
		defer close(free)
		start := time.Now()
		s := open(t.Context(), Options{Dir: t.TempDir()}, func(context.Context) finding {
			<-free
			return finding{}
		})
		require.Equal(t, lookLimit, time.Since(start))
		require.Equal(t, Hung, s.State())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		open(ctx, Options{Dir: t.TempDir()}, s.ring.look)
		require.Equal(t, lookLimit, time.Since(start))
	})
}

func TestCancelledCallKeepsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ready(t)
		free := make(chan struct{})
		s.ring.api.get = func(string, string) (string, error) {
			<-free
			return `{"key":"x"}`, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Load(ctx, "a", "x")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.False(t, s.Where().Locked, "a cancelled call says nothing of the keyring")
		_, err = s.Load(ctx, "a", "x")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		go func() {
			<-time.After(time.Second)
			close(free)
		}()
		_, err = s.Load(t.Context(), "a", "x")
		require.NoError(t, err, "the first call came back in time and gave its turn on")
	})
}
