package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// bodyLimit is how much of a request is read.
const bodyLimit = 1 << 20

// A route is one documented call. Its name is the method and the path template
// as the document writes it, without the vendor's prefix.
type route struct {
	vendor string
	name   string
	public bool // signing in: no token is asked for
	run    func(*http.Request, []byte) answer

	requests, executions atomic.Int64
}

// An answer is what a vendor would send when nothing goes wrong on the way.
type answer struct {
	status  int
	header  http.Header // may be nil
	body    []byte
	refused bool // says no, whatever the status
}

// A refusal is an error a vendor answers with.
type refusal struct {
	status int
	words  string
}

func (r refusal) Error() string { return r.words }

func (r refusal) answer() answer {
	return jsonAnswer(r.status, map[string]string{"error": r.words})
}

func jsonAnswer(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: an answer cannot be written as JSON: " + err.Error())
	}
	return answer{status: status, body: body}
}

func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if h.Get("Content-Length") == "" {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// handle makes a route known under its name and returns what serves it. Two
// routes of one name are a mistake of the workshop.
func (s *Server) handle(rt *route) http.Handler {
	if _, twice := s.routes[rt.name]; twice {
		panic("sandbox: two routes are named " + rt.name)
	}
	s.routes[rt.name] = rt
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(rt, w, r) })
}

// serve is the way of every request: count, the fault's say before, the call
// itself, the fault's say after.
func (s *Server) serve(rt *route, w http.ResponseWriter, r *http.Request) {
	// Who sees the count may clear the faults: this request has its own by then.
	f := s.faults.take(rt, reused(r))
	rt.requests.Add(1)
	x := &exchange{w: w, r: r, fault: f}
	b := behaviours[f.Kind]
	if f.Kind == FaultResetBefore { // the only one that must not read on
		x.pause(f.Delay)
		x.cut(true)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		tooLong(w, err)
		return
	}
	if f.Kind != FaultDrip { // there the delay is the time between bytes
		x.pause(f.Delay)
	}
	if b.before != nil {
		b.before(x)
		return
	}
	a := rt.run(r, body)
	if a.status/100 == 2 && !a.refused {
		rt.executions.Add(1)
	}
	if b.alter != nil {
		a = b.alter(f, a)
	}
	if b.after != nil {
		b.after(x, a)
		return
	}
	a.write(w)
}

func tooLong(w http.ResponseWriter, err error) {
	var tooLarge *http.MaxBytesError
	if !errors.As(err, &tooLarge) {
		panic(http.ErrAbortHandler) // the client went away while sending
	}
	refusal{http.StatusRequestEntityTooLarge, "The request is too large."}.answer().write(w)
}

// decodeBody reads a JSON object. Numbers stay as they were written.
func decodeBody(r *http.Request, body []byte) (map[string]any, error) {
	if t := r.Header.Get("Content-Type"); !strings.HasPrefix(strings.ToLower(t), "application/json") {
		return nil, refusal{http.StatusBadRequest, "Content-Type must be application/json."}
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil || v == nil {
		return nil, refusal{http.StatusBadRequest, "The request body is not a JSON object."}
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, refusal{http.StatusBadRequest, "The request body goes on after the JSON object."}
	}
	return v, nil
}

// Requests tells how many requests reached a route; "*" means all routes
// together. It panics on a name no route has, since a misspelt name would make
// a count of zero look right.
func (s *Server) Requests(name string) int {
	return s.sum(name, func(rt *route) int64 { return rt.requests.Load() })
}

// Executions tells how many calls of a route were carried out, that is, ended
// in a 2xx answer that is no refusal, whether or not that answer arrived. Names
// as in Requests.
func (s *Server) Executions(name string) int {
	return s.sum(name, func(rt *route) int64 { return rt.executions.Load() })
}

// ResetCounts sets all counts to zero.
func (s *Server) ResetCounts() {
	for _, rt := range s.routes {
		rt.requests.Store(0)
		rt.executions.Store(0)
	}
}

func (s *Server) sum(name string, count func(*route) int64) int {
	if name != "*" {
		rt, ok := s.routes[name]
		if !ok {
			panic("sandbox: no route is named " + strconv.Quote(name))
		}
		return int(count(rt))
	}
	var n int64
	for _, rt := range s.routes {
		n += count(rt)
	}
	return int(n)
}

// Routes returns the names of all routes in order, as SetFault and the counts
// take them.
func (s *Server) Routes() []string {
	names := make([]string, 0, len(s.routes))
	for name := range s.routes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
