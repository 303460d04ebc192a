package sandbox

import (
	"net/http"
	"sync"
	"time"
)

// The broker's account at the played Angle Health.
const (
	FakeAngleClient = "fake-angle-client"
	FakeAngleSecret = "fake-angle-secret-for-training-only"
)

// anglehealth plays the insurer's broker API. Its base is the document's
// http://api.anglehealth.com/broker, so that /auth is the document's
// /broker/auth; routes are named as the document has them.
type anglehealth struct {
	srv *Server

	mu       sync.Mutex // guards all below
	auth     angleTokens
	scheme   string          // the word before a session token, in lower case
	paths    map[string]bool // of register_group, those which are served
	lingers  bool            // ended coverage is shown until its last day
	groups   map[string]row  // by group_id
	rosters  map[string][]string
	members  map[string]*insured
	plans    map[string]row
	enrolled map[string]int // how often a member was enrolled by a request
}

// An insured is a member as the insurer holds it.
type insured struct {
	id, group string
	employee  bool
	parent    string // the employee's id; an employee's own
	relation  string
	fields    row                  // first_name ... as a snapshot shows them
	cover     map[string]*coverage // by line
	left      bool                 // terminated
}

// A coverage is one line of an insured. Over is set when somebody ended it.
type coverage struct {
	plan       string
	start, end time.Time
	rate       string
	over       bool
}

func newAngleHealth(s *Server) *anglehealth {
	a := &anglehealth{
		srv:      s,
		auth:     newAngleTokens(),
		scheme:   "bearer",
		paths:    map[string]bool{doubledPath: true, singlePath: true},
		groups:   map[string]row{},
		rosters:  map[string][]string{},
		members:  map[string]*insured{},
		enrolled: map[string]int{},
	}
	year := s.local().Date.Year
	a.plans = anglePlans(year)
	a.settle(year)
	return a
}

func (a *anglehealth) expireTokens() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.auth.expireAll()
}

// The two paths of register_group below the base: as documented, and as it was
// most likely meant.
const (
	doubledPath = "/broker/register_group"
	singlePath  = "/register_group"
)

// An angleCall is a documented route. It is run with the lock held.
type angleCall func(body map[string]any) (any, error)

func (a *anglehealth) calls() map[string]angleCall {
	return map[string]angleCall{
		"/plan_metadata":         a.planMetadata,
		"/new_hire_enrollment":   a.newHire,
		"/termination":           a.termination,
		"/demographic_change":    a.demographicChange,
		"/qualifying_life_event": a.lifeEvent,
		"/open_enrollment":       a.openEnrollment,
		doubledPath:              a.registerGroup,
		singlePath:               a.registerGroup,
		"/member_snapshot":       a.memberSnapshot,
		"/group_snapshot":        a.groupSnapshot,
	}
}

func (a *anglehealth) handler() http.Handler {
	mux := http.NewServeMux()
	serve := func(path string, run func(*http.Request, []byte) answer) {
		mux.Handle("POST "+path, a.srv.handle(&route{
			vendor: "anglehealth", name: "POST /broker" + path, public: path == "/auth", run: run,
		}))
	}
	serve("/auth", a.signIn)
	for path, call := range a.calls() {
		serve(path, func(r *http.Request, body []byte) answer { return a.perform(path, call, r, body) })
	}
	mux.Handle("/", a.srv.handle(&route{vendor: "anglehealth", name: "unmatched anglehealth", run: noSuchPath}))
	return mux
}

// perform asks for the token and carries the call out. What is refused is
// refused before anything was done.
func (a *anglehealth) perform(path string, call angleCall, r *http.Request, body []byte) answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	if served, switched := a.paths[path]; switched && !served {
		return noSuchPath(r, body)
	}
	if err := a.auth.check(r.Header.Get("Authorization"), a.scheme); err != nil {
		return err.(refusal).answer()
	}
	given, err := decodeBody(r, body)
	if err != nil {
		return err.(refusal).answer()
	}
	v, err := call(given)
	switch err := err.(type) {
	case nil:
		return jsonAnswer(http.StatusOK, v)
	case refusal:
		return err.answer()
	case objections:
		return jsonAnswer(http.StatusBadRequest, map[string]any{"error": "validation", "fields": err})
	}
	panic("sandbox: " + err.Error())
}

// objections are complaints by the name of the field.
type objections map[string]string

func (objections) Error() string { return "validation" }

func objection(field, words string) objections { return objections{field: words} }
