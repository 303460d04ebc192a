package sandbox

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A behaviour is how a kind of fault shows. Exactly the parts that are set act.
type behaviour struct {
	before func(*exchange)            // answers in place of the call
	alter  func(Fault, answer) answer // changes what the call answers
	after  func(*exchange, answer)    // sends the answer in its own way
	spares bool                       // set for many routes at once, it leaves signing in alone
}

// behaviours has every kind; FaultResetBefore acts in serve, before reading.
var behaviours = map[FaultKind]behaviour{
	FaultDelay: {},

	FaultStatus:       {before: func(x *exchange) { statusAnswer(x.fault).write(x.w) }},
	FaultStatusAfter:  {alter: func(f Fault, _ answer) answer { return statusAnswer(f) }},
	FaultUnauthorized: {before: unauthorized, spares: true},
	FaultRateLimited:  {before: rateLimited},
	FaultHTML:         {before: htmlPage},
	FaultRedirect:     {before: redirect},

	FaultResetBefore:    {},
	FaultFinBefore:      {before: func(x *exchange) { x.cut(false) }},
	FaultResetAfter:     {after: func(x *exchange, _ answer) { x.cut(true) }},
	FaultFinAfter:       {after: func(x *exchange, _ answer) { x.cut(false) }},
	FaultFinAfterReused: {after: func(x *exchange, _ answer) { x.cut(false) }},
	FaultStall:          {before: (*exchange).stall},
	FaultStallAfter:     {after: func(x *exchange, _ answer) { x.stall() }},
	FaultGarbage:        {after: garbage},
	FaultCutBody:        {after: cutBody},
	FaultDrip:           {after: drip},

	FaultTruncated:    {alter: alterBody(func(b []byte) []byte { return b[:len(b)/2] })},
	FaultTrailing:     {alter: alterBody(trailingComma)},
	FaultBOM:          {alter: alterBody(func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) })},
	FaultEmpty:        {alter: alterBody(func([]byte) []byte { return nil })},
	FaultOversize:     {after: oversize, spares: true},
	FaultGzipBomb:     {after: gzipBomb, spares: true},
	FaultHugeHeader:   {alter: hugeHeader, spares: true},
	FaultEmptyAsArray: {alter: alterJSON(emptyAsArray), spares: true},

	FaultIDsAsStrings:     {alter: alterJSON(idsAsStrings), spares: true},
	FaultNumbersAsStrings: {alter: alterJSON(numbersAsStrings), spares: true},
	FaultNulls:            {alter: alterJSON(nulls), spares: true},
	FaultHostile:          {alter: hostile, spares: true},
	FaultEnvelope:         {alter: envelope, spares: true},
	FaultWrongProvider:    {alter: alterJSON(wrongProvider), spares: true},
}

// An exchange is one request going wrong.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	fault Fault
}

// pause waits unless the client gives up first.
func (x *exchange) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-x.r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) stall() {
	<-x.r.Context().Done()
	panic(http.ErrAbortHandler)
}

// hijack takes the connection away from the HTTP server.
func (x *exchange) hijack() net.Conn {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

// cut ends the connection, by a reset or by an orderly close.
func (x *exchange) cut(reset bool) {
	conn := x.hijack()
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func statusAnswer(f Fault) answer {
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	if f.Body != "" {
		return answer{status: status, body: []byte(f.Body)}
	}
	return refusal{status, http.StatusText(status)}.answer()
}

func unauthorized(x *exchange) {
	refusal{http.StatusUnauthorized, "Token is invalid or has expired."}.answer().write(x.w)
}

func rateLimited(x *exchange) {
	x.w.Header().Set("Retry-After", cmp.Or(x.fault.RetryAfter, "1"))
	refusal{http.StatusTooManyRequests, "Too many requests."}.answer().write(x.w)
}

const signInPage = `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><h1>Please sign in to the network</h1></body></html>
`

func htmlPage(x *exchange) {
	answer{
		status: cmp.Or(x.fault.Status, http.StatusOK),
		header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body:   []byte(cmp.Or(x.fault.Body, signInPage)),
	}.write(x.w)
}

// redirect points at the address that was asked for unless told another one:
// with Times 1 a client that follows ends up executing the call, and the
// counts show it.
func redirect(x *exchange) {
	to := cmp.Or(x.fault.Body, x.r.RequestURI)
	x.w.Header().Set("Location", to)
	answer{status: cmp.Or(x.fault.Status, http.StatusTemporaryRedirect), body: []byte("{}")}.write(x.w)
}

func garbage(x *exchange, _ answer) {
	conn := x.hijack()
	_, _ = conn.Write([]byte("\x16\x03\x01 this is not HTTP\r\n\r\n"))
	_ = conn.Close()
}

func cutBody(x *exchange, a answer) {
	x.w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	a.body = a.body[:len(a.body)/2]
	a.write(x.w)
	_ = http.NewResponseController(x.w).Flush()
	panic(http.ErrAbortHandler) // the other half was promised
}

func drip(x *exchange, a answer) {
	interval := cmp.Or(x.fault.Delay, 50*time.Millisecond)
	rest := a.body
	x.w.Header().Set("Content-Length", strconv.Itoa(len(rest)))
	a.body = nil
	a.write(x.w)
	drops := min(len(rest), cmp.Or(x.fault.Size, len(rest)))
	for i := range drops {
		if http.NewResponseController(x.w).Flush() != nil {
			panic(http.ErrAbortHandler)
		}
		x.pause(interval)
		_, _ = x.w.Write(rest[i : i+1])
	}
	_, _ = x.w.Write(rest[drops:])
}

// mebibyte of spaces, which JSON allows between any two tokens.
var mebibyte = sync.OnceValue(func() []byte { return bytes.Repeat([]byte(" "), 1<<20) })

// oversize sends valid JSON, so that only a limit on its size can refuse it.
func oversize(x *exchange, a answer) {
	size := max(cmp.Or(x.fault.Size, 16<<20), len(a.body))
	x.w.Header().Set("Content-Length", strconv.Itoa(size))
	pad := size - len(a.body)
	a.write(x.w)
	for pad > 0 {
		n, err := x.w.Write(mebibyte()[:min(pad, 1<<20)])
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		pad -= n
	}
}

// zippedMebibyte is one gzip member; members may follow each other.
var zippedMebibyte = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(mebibyte())
	_ = z.Close()
	return b.Bytes()
})

func gzipBomb(x *exchange, a answer) {
	x.w.Header().Set("Content-Encoding", "gzip")
	members := max(1, cmp.Or(x.fault.Size, 64<<20)>>20)
	a.body = bytes.Repeat(zippedMebibyte(), members)
	a.write(x.w)
}

func hugeHeader(f Fault, a answer) answer {
	a.header = http.Header{"X-Sandbox-Padding": {strings.Repeat("x", cmp.Or(f.Size, 2<<20))}}
	return a
}
