package rest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync/atomic"
	"time"
)

// attempt sends the request once and says how it ended.
func (j *job) attempt(ctx context.Context, token held) *Error {
	if err := j.c.turn(ctx); err != nil {
		return cancelled(err)
	}
	defer func() { <-j.c.slots }()
	j.attempts++
	start := time.Now()
	e := j.exchange(ctx, token)
	j.last = time.Since(start)
	j.spent += j.last
	j.left -= j.last
	j.log(ctx, e)
	return e
}

// log writes the attempt's line. Nothing may be added that could hold a
// secret, a name or an address.
func (j *job) log(ctx context.Context, e *Error) {
	level, kind, status := slog.LevelInfo, Kind(0), 0
	if e != nil {
		level, kind, status = slog.LevelWarn, e.Kind, e.Status
	} else {
		status = j.status
	}
	j.c.o.Log.LogAttrs(ctx, level, "request",
		slog.String("vendor", j.c.o.Vendor),
		slog.String("op", j.op.Name),
		slog.String("route", j.op.Method+" "+j.op.Path),
		slog.Int("status", status),
		slog.Duration("duration", j.last),
		slog.Int("attempt", j.attempts),
		slog.String("kind", kind.String()))
}

// exchange is one request and its answer, under all limits.
func (j *job) exchange(outer context.Context, token held) *Error {
	ctx, cancel := context.WithCancelCause(outer)
	defer cancel(nil)
	ctx, stop := context.WithTimeoutCause(ctx, j.left, noAnswer)
	defer stop()

	// From here on a connection counts as used. Finer hooks of net/http run
	// beside a cancelled request and may come too late.
	var sent, reused, answered atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) {
			sent.Store(true)
			reused.Store(i.Reused)
		},
		GotFirstResponseByte: func() { answered.Store(true) },
	})
	j.status, j.stale = 0, false
	response, err := j.send(ctx, token)
	if err != nil {
		j.stale = reused.Load() && !answered.Load()
		return j.failed(outer, ctx, err, sent.Load())
	}
	defer response.Body.Close()
	j.status = response.StatusCode
	j.c.track.clock(response.Header)
	var body []byte
	if !redirect(response.StatusCode) {
		body, err = read(response, cancel, j.c.o.Limits.Stall)
	}
	if err != nil && response.StatusCode < 300 {
		e := j.failed(outer, ctx, err, true)
		e.Status = response.StatusCode
		return e
	}
	return j.verdict(response, inUTF8(response.Header, body))
}

// send builds the request and hands it to the wire.
func (j *job) send(ctx context.Context, token held) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, j.op.Method, j.c.base.String(), nil)
	if err != nil {
		return nil, badMethod
	}
	r.URL.RawQuery = j.call.Query.Encode()
	if j.call.Header != nil {
		r.Header = j.call.Header.Clone()
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "frontdesk")
	j.load(r)
	if !j.op.Public {
		maps.Copy(r.Header, token.Header)
		j.c.o.Sign(r, token.Token)
	}
	w := wire{base: j.c.base, path: j.path, token: token.Value, next: j.c.kept}
	if j.op.Effect == Create {
		w.next = j.c.single
	}
	return w.RoundTrip(r)
}

// load puts the body on the request, in a form net/http cannot rewind: that
// keeps it from sending anything again by itself. For the methods it would
// repeat although they have no body, it gets an empty one, and "identity" so
// that nothing of it shows on the wire.
func (j *job) load(r *http.Request) {
	switch {
	case j.body != nil:
		r.Body = io.NopCloser(bytes.NewReader(j.body))
		r.ContentLength = int64(len(j.body))
		r.Header.Set("Content-Type", j.kind)
	case slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE"}, r.Method):
		r.Body = io.NopCloser(bytes.NewReader(nil))
		r.TransferEncoding = []string{"identity"}
	default:
		r.Body = http.NoBody
	}
}

// read takes the body, as long as it keeps coming and does not grow too large.
// One that is announced as too large is not even begun.
func read(response *http.Response, cancel context.CancelCauseFunc, stall time.Duration) ([]byte, error) {
	if response.ContentLength > maxBody {
		return nil, bigBody
	}
	timer := time.AfterFunc(stall, func() { cancel(stalled) })
	defer timer.Stop()
	body, err := io.ReadAll(io.LimitReader(moving{response.Body, timer, stall}, maxBody+1))
	if len(body) > maxBody {
		return nil, bigBody
	}
	return body, err
}

// moving puts the timer off with every byte.
type moving struct {
	io.Reader
	timer *time.Timer
	stall time.Duration
}

// Read reads and puts the timer off.
func (m moving) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if n > 0 {
		m.timer.Reset(m.stall)
	}
	return n, err
}

// failed is the end of an exchange without a complete answer.
func (j *job) failed(outer, ctx context.Context, err error, sent bool) *Error {
	e := &Error{}
	if outer.Err() != nil {
		e = cancelled(outer.Err())
	} else {
		e.why, e.cause = broken(ctx, err)
		e.Kind = e.why.kind()
	}
	if sent {
		e.Phase = Unknown
	}
	return e
}

// verdict reads a complete answer.
func (j *job) verdict(response *http.Response, body []byte) *Error {
	status, header := response.StatusCode, response.Header
	good := status >= 200 && status < 300
	var e *Error
	if !redirect(status) {
		if check := j.c.o.Check; check != nil && !(good && page(header, body)) {
			e = check(j.op, status, header, trim(body))
		}
	}
	if e == nil && good {
		return j.accept(header, body)
	}
	if e == nil {
		e = &Error{}
	}
	if e.Kind != KindDecode && e.Message.Empty() && len(e.Fields) == 0 {
		o, _ := ParseObject(trim(body)) // anything else says nothing
		said := o.Words()
		e.Message, e.Fields = said.Message, said.Fields
	}
	e.Status, e.Page = status, page(header, body)
	if e.Kind == 0 {
		e.Kind = kindOf(status)
	}
	if e.Kind == KindForbidden && !j.op.Public && j.c.o.SignIn != nil && ended(status, header, e.Message) {
		e.Kind = KindAuth
	}
	if e.Kind == KindRedirect {
		e.why = moved
	}
	e.Phase = phaseOf(status, e.Kind)
	if e.RetryAfter == 0 {
		e.RetryAfter = retryAfter(header)
	}
	return e
}

func redirect(status int) bool { return status >= 300 && status < 400 }

// accept decodes the body of a success. A write whose answer nobody can read
// may have been carried out or not; a read has at least changed nothing.
func (j *job) accept(header http.Header, body []byte) *Error {
	why := webPage
	if !page(header, body) {
		why = j.into(body)
	}
	if why == "" {
		return nil
	}
	e := &Error{Status: j.status, Kind: KindDecode, Phase: Unknown, why: why}
	if j.op.Effect == Read {
		e.Phase = Done
	}
	return e
}
