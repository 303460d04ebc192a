package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// control lets a trainer or a test drive a running sandbox over HTTP:
//
//	POST   /_sandbox/faults         {"route","kind","status","delay":"2s","times","after","body","retryAfter","size"}
//	DELETE /_sandbox/faults
//	POST   /_sandbox/visits         {"provider","date","time","minutes","type"} → {"VisitID"}
//	DELETE /_sandbox/visits/{id}
//	POST   /_sandbox/prospects      fields of a prospect → {"ProspectID"}
//	POST   /_sandbox/scopes         {"scope","granted"}
//	POST   /_sandbox/put-mode       {"replace"}
//	POST   /_sandbox/expire-tokens
//	POST   /_sandbox/connect4healthcare/mode {"always200","dropUnderscoreHeaders","showComments"}
//	POST   /_sandbox/connect4healthcare/{tickets|residents|categories} fields → {"id"}
//	GET    /_sandbox/counts
//	DELETE /_sandbox/counts
//
// There is no password: the listener is on loopback, and a page in a browser
// is told by the Origin it cannot leave out.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	for pattern, act := range map[string]func(*http.Request) (any, error){
		"POST /_sandbox/faults":                    s.controlFault,
		"DELETE /_sandbox/faults":                  func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil },
		"POST /_sandbox/visits":                    s.controlBook,
		"DELETE /_sandbox/visits/{id}":             s.controlUnbook,
		"POST /_sandbox/prospects":                 s.controlProspect,
		"POST /_sandbox/scopes":                    s.controlScope,
		"POST /_sandbox/put-mode":                  s.controlPutMode,
		"POST /_sandbox/expire-tokens":             func(*http.Request) (any, error) { s.ExpireTokens(); return nil, nil },
		"POST /_sandbox/connect4healthcare/mode":   s.care.controlMode,
		"POST /_sandbox/connect4healthcare/{what}": s.care.controlPlant,
		"GET /_sandbox/counts":                     func(*http.Request) (any, error) { return s.counts(), nil },
		"DELETE /_sandbox/counts":                  func(*http.Request) (any, error) { s.ResetCounts(); return nil, nil },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { controlled(w, r, act) })
	}
	return mux
}

func controlled(w http.ResponseWriter, r *http.Request, act func(*http.Request) (any, error)) {
	if r.Header.Get("Origin") != "" {
		refusal{http.StatusForbidden, "Web pages may not drive the sandbox."}.answer().write(w)
		return
	}
	v, err := act(r)
	switch {
	case err != nil:
		no, ok := err.(refusal)
		if !ok {
			no = refusal{http.StatusBadRequest, err.Error()}
		}
		no.answer().write(w)
	case v == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		jsonAnswer(http.StatusOK, v).write(w)
	}
}

// strictly decodes a request, refusing names it does not know.
func strictly(r *http.Request, v any) error {
	dec := json.NewDecoder(io.LimitReader(r.Body, bodyLimit))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("sandbox: the request cannot be read: %w", err)
	}
	return nil
}

func (s *Server) controlFault(r *http.Request) (any, error) {
	var in struct {
		Route      string    `json:"route"`
		Kind       FaultKind `json:"kind"`
		Status     int       `json:"status"`
		Delay      string    `json:"delay"`
		Times      int       `json:"times"`
		After      int       `json:"after"`
		Body       string    `json:"body"`
		RetryAfter string    `json:"retryAfter"`
		Size       int       `json:"size"`
	}
	if err := strictly(r, &in); err != nil {
		return nil, err
	}
	f := Fault{
		Kind: in.Kind, Status: in.Status, Times: in.Times, After: in.After,
		Body: in.Body, RetryAfter: in.RetryAfter, Size: in.Size,
	}
	if in.Delay != "" {
		d, err := time.ParseDuration(in.Delay)
		if err != nil {
			return nil, fmt.Errorf("sandbox: delay must be a duration such as 250ms or 2s, not %q", in.Delay)
		}
		f.Delay = d
	}
	return nil, s.setFault(in.Route, f)
}

func (s *Server) controlBook(r *http.Request) (any, error) {
	var in struct {
		Provider int    `json:"provider"`
		Date     string `json:"date"`
		Time     string `json:"time"`
		Minutes  int    `json:"minutes"`
		Type     string `json:"type"`
	}
	if err := strictly(r, &in); err != nil {
		return nil, err
	}
	id, err := s.emr.enter(in.Provider, in.Date, in.Time, in.Minutes, in.Type)
	if err != nil {
		return nil, err
	}
	return map[string]int{"VisitID": id}, nil
}

func (s *Server) controlUnbook(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.Unbook(id) {
		return nil, refusal{http.StatusNotFound, "There is no such visit."}
	}
	return nil, nil
}

func (s *Server) controlProspect(r *http.Request) (any, error) {
	var fields map[string]any
	if err := strictly(r, &fields); err != nil {
		return nil, err
	}
	return map[string]int{"ProspectID": s.PutProspect(fields)}, nil
}

func (s *Server) controlScope(r *http.Request) (any, error) {
	var in struct {
		Scope   string `json:"scope"`
		Granted bool   `json:"granted"`
	}
	if err := strictly(r, &in); err != nil {
		return nil, err
	}
	if !allScopes()[in.Scope] {
		return nil, fmt.Errorf("sandbox: no scope is named %q", in.Scope)
	}
	s.setScope(in.Scope, in.Granted)
	return nil, nil
}

func (s *Server) controlPutMode(r *http.Request) (any, error) {
	var in struct {
		Replace bool `json:"replace"`
	}
	if err := strictly(r, &in); err != nil {
		return nil, err
	}
	s.SetReplaceOnPut(in.Replace)
	return nil, nil
}

// routeCount is how often a route was asked and how often it did something.
type routeCount struct {
	Requests   int64 `json:"requests"`
	Executions int64 `json:"executions"`
}

func (s *Server) counts() map[string]routeCount {
	all := map[string]routeCount{}
	for name, rt := range s.routes {
		all[name] = routeCount{rt.requests.Load(), rt.executions.Load()}
	}
	return all
}
