package secrets

import (
	"context"
	"errors"
	"os/exec"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
)

// How long the keyring may take: a look at it, and one call to it.
const (
	lookLimit = 1500 * time.Millisecond
	callLimit = 2500 * time.Millisecond // what is wrong is said within three
)

// ring calls the OS keyring, one call at a time, each after a look that finds
// it ready. The calls of go-keyring have no limit of their own and can block
// for ever: one that takes too long is cut off, and no other is made.
type ring struct {
	service string
	look    func(context.Context) finding
	api     api
	turn    chan struct{} // holds the one call that may be out
	hung    chan struct{} // closed when a call took too long
	hang    sync.Once
}

// api is the part of go-keyring in use.
type api struct {
	set func(service, user, text string) error
	get func(service, user string) (string, error)
	del func(service, user string) error

	drop func() // cuts the connection that calls go through
}

func newRing(service string, look func(context.Context) finding) *ring {
	return &ring{
		service: service, look: look,
		api:  api{keyring.Set, keyring.Get, keyring.Delete, drop},
		turn: make(chan struct{}, 1),
		hung: make(chan struct{}),
	}
}

func (r *ring) get(ctx context.Context, item string) (string, error) {
	return r.call(ctx, func() (string, error) { return r.api.get(r.service, item) })
}

func (r *ring) set(ctx context.Context, item, text string) error {
	_, err := r.call(ctx, func() (string, error) { return "", r.api.set(r.service, item, text) })
	return err
}

func (r *ring) del(ctx context.Context, item string) error {
	_, err := r.call(ctx, func() (string, error) { return "", r.api.del(r.service, item) })
	return err
}

// glance looks at the keyring within the limit. The answer is Hung when the
// limit or ctx ends first.
func (r *ring) glance(ctx context.Context) finding {
	select {
	case <-r.hung:
		return finding{state: Hung}
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	found := make(chan finding, 1)
	go func() { found <- r.look(ctx) }()
	select {
	case f := <-found:
		return f
	case <-ctx.Done():
		return finding{state: Hung}
	}
}

// giveUp leaves the keyring alone for the rest of the session. A call that is
// out is cut off: it would go on once the service dies, and make the bus start
// another.
func (r *ring) giveUp() {
	r.hang.Do(func() {
		close(r.hung)
		go r.api.drop()
	})
}

type answer struct {
	text string
	err  error
}

func (r *ring) call(ctx context.Context, do func() (string, error)) (string, error) {
	select {
	case r.turn <- struct{}{}:
	case <-r.hung:
		return "", ErrHung
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if f := r.glance(ctx); f.state != Ready {
		<-r.turn
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if f.state == Hung {
			r.giveUp()
		}
		return "", f.err()
	}
	answers := make(chan answer, 1)
	alarm := time.AfterFunc(callLimit, r.giveUp)
	go func() {
		text, err := guarded(do)
		if alarm.Stop() { // else abandoned: the turn is never given back
			answers <- answer{text, err}
			<-r.turn
		}
	}()
	select {
	case a := <-answers:
		return a.text, explain(a.err)
	case <-r.hung:
		return "", ErrHung
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

var errBroke = errors.New("the call broke down")

// guarded makes an error of a panic: go-keyring trusts the service's answers
// and reads a closed channel when the bus goes away during a prompt.
func guarded(do func() (string, error)) (text string, err error) {
	defer func() {
		if recover() != nil {
			text, err = "", errBroke
		}
	}()
	return do()
}

// needsPerson is the exit code of macOS's security, which go-keyring runs
// there, when it may not ask anybody to unlock.
const needsPerson = 36

// explain turns what go-keyring says into our errors.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooBig
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == needsPerson {
		return finding{state: Locked}.err()
	}
	return classify(err).err()
}
