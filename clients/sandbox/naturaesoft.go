package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"frontdesk/assets"
)

// PracticeID is the practice played at the EMR, the {ppass} of its routes.
const PracticeID = "DemoOffice"

// FakeEMRKey is the API key the played EMR accepts.
const FakeEMRKey = "fake-emr-key-for-training-only"

// naturaesoft plays the EMR: prospects, tags, availability, tickets of one
// practice and the vendor's global products, articles and partner profile.
type naturaesoft struct {
	srv  *Server
	auth tokens
	demo *demo // nil unless asked for

	mu        sync.RWMutex // guards all below
	people    *people
	book      *diary
	providers *table
	tags      *table
	tickets   *table
	products  *table
	articles  *table
	me        row
	scopes    map[string]bool
	replaces  bool // PUT prospects empties the fields not given
}

func newNaturaesoft(s *Server, o Options) *naturaesoft {
	today := s.local().Date
	n := &naturaesoft{
		srv:       s,
		auth:      newTokens(),
		people:    newPeople(o.Prospects, o.Providers, today.Year),
		book:      newDiary(o.Providers, today, assets.VisitTypes()),
		providers: providerRows(o.Providers),
		tags:      tagRows(),
		tickets:   ticketRows(s.now()),
		products:  productRows(),
		articles:  articleRows(),
		me:        partner(),
		scopes:    allScopes(),
	}
	if o.Demo {
		n.demo = newDemo(n, o.DemoAfter)
	}
	return n
}

func (n *naturaesoft) expireTokens() { n.auth.expireAll() }

// An endpoint is a documented call of the EMR.
type endpoint struct {
	method, path string
	scope        string // "" when the document asks for none
	act          func(*call) (reply, error)
}

func (n *naturaesoft) tenantCalls() []endpoint {
	const p, avail = "/v1/{ppass}", "/v1/{ppass}/availability/providers"
	return []endpoint{
		{"POST", p + "/auth/token", "", n.signIn},
		{"GET", p + "/prospects", "", n.listProspects},
		{"POST", p + "/prospects", "", n.createProspect},
		{"PUT", p + "/prospects/{id}", "", n.updateProspect},
		{"GET", p + "/tags", "", n.listTags},
		{"POST", p + "/tags/prospects/{id}", "", n.assignTag},
		{"DELETE", p + "/tags/prospects/{id}/{tagId}", "", n.removeTag},
		{"DELETE", p + "/tags/prospects/{id}", "", n.removeAllTags},
		{"GET", avail, scopeProviders, n.listProviders},
		{"GET", avail + "/{id}", scopeProviders, n.oneProvider},
		{"GET", avail + "/{id}/schedule", scopeProviders, n.schedule},
		{"GET", avail + "/{id}/check", scopeProviders, n.check},
		{"GET", avail + "/{id}/slots", scopeProviders, n.slots},
		{"GET", avail + "/{id}/next-slot", scopeProviders, n.nextSlot},
		{"GET", p + "/tickets", scopeTickets, n.listTickets},
		{"GET", p + "/ticket/{id}", scopeTickets, n.oneTicket},
		{"PUT", p + "/ticket/{id}", scopeTickets, n.updateTicket},
		{"POST", p + "/tickets/{id}/comment", scopeTickets, n.commentTicket},
	}
}

func (n *naturaesoft) globalCalls() []endpoint {
	return []endpoint{
		{"GET", "/v1/products", scopeProducts, n.listProducts},
		{"POST", "/v1/products", scopeProducts, n.upsertProducts},
		{"GET", "/v1/kb", scopeKB, n.listArticles},
		{"GET", "/v1/kb/{id}", scopeKB, n.oneArticle},
		{"PUT", "/v1/kb/{id}", scopeKB, n.updateArticle},
		{"GET", "/v1/me", "", n.showMe},
		{"PATCH", "/v1/me", "", n.updateMe},
	}
}

// handler splits global from tenant paths before the muxes: one mux refuses
// /v1/kb/{id} beside /v1/{ppass}/tickets, as both would match /v1/kb/tickets.
func (n *naturaesoft) handler() http.Handler {
	global, tenant := n.mux(n.globalCalls()), n.mux(n.tenantCalls())
	// Removing one tag with the tag's number left empty removes them all.
	const removeAll = "DELETE /v1/{ppass}/tags/prospects/{id}"
	rt := n.srv.routes[removeAll]
	tenant.HandleFunc(removeAll+"/{$}", func(w http.ResponseWriter, r *http.Request) { n.srv.serve(rt, w, r) })

	nothing := n.srv.handle(&route{vendor: "naturaesoft", name: "unmatched naturaesoft", run: noSuchPath})
	global.Handle("/", nothing)
	tenant.Handle("/", nothing)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
		switch first {
		case "products", "kb", "me":
			global.ServeHTTP(w, r)
		default:
			tenant.ServeHTTP(w, r)
		}
	})
}

func noSuchPath(r *http.Request, _ []byte) answer {
	return refusal{http.StatusNotFound, "Cannot " + r.Method + " this path."}.answer()
}

func (n *naturaesoft) mux(calls []endpoint) *http.ServeMux {
	mux := http.NewServeMux()
	for _, e := range calls {
		name := e.method + " " + e.path
		mux.Handle(name, n.srv.handle(&route{
			vendor: "naturaesoft",
			name:   name,
			public: strings.HasSuffix(e.path, "/auth/token"),
			run:    func(r *http.Request, body []byte) answer { return n.perform(e, r, body) },
		}))
	}
	return mux
}

// A call is a request on its way through an endpoint.
type call struct {
	*http.Request
	query url.Values
	body  []byte
}

// A reply is what an endpoint answers with when it does not refuse.
type reply struct {
	status int
	value  any
}

func (n *naturaesoft) perform(e endpoint, r *http.Request, body []byte) answer {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		n.mu.RLock()
		defer n.mu.RUnlock()
	} else {
		n.mu.Lock()
		defer n.mu.Unlock()
	}
	rep, err := n.admitted(e, &call{Request: r, query: r.URL.Query(), body: body})
	if err != nil {
		no, _ := err.(refusal)
		return no.answer()
	}
	return jsonAnswer(rep.status, rep.value)
}

// admitted asks for the token, then for its practice and scope. Everything
// refused here is refused before anything was done.
func (n *naturaesoft) admitted(e endpoint, c *call) (reply, error) {
	if strings.HasSuffix(e.path, "/auth/token") {
		return e.act(c)
	}
	if err := n.auth.check(c.Header.Get("Authorization")); err != nil {
		return reply{}, err
	}
	if strings.Contains(e.path, "{ppass}") && c.PathValue("ppass") != PracticeID {
		return reply{}, refusal{http.StatusForbidden, "This API key belongs to another practice."}
	}
	if e.scope != "" && !n.scopes[e.scope] {
		return reply{}, refusal{http.StatusForbidden, "This API key lacks the scope " + e.scope + "."}
	}
	return e.act(c)
}

// number reads a numeric part of the path.
func (c *call) number(name string) (int, error) {
	id, err := strconv.Atoi(c.PathValue(name))
	if err != nil || id < 1 {
		return 0, refusal{http.StatusBadRequest, name + " must be a number."}
	}
	return id, nil
}

// row finds the record the path names.
func (c *call) row(t *table, what string) (int, row, error) {
	id, err := c.number("id")
	if err != nil {
		return 0, nil, err
	}
	r, ok := t.at(id)
	if !ok {
		return 0, nil, refusal{http.StatusNotFound, what + " not found."}
	}
	return id, r, nil
}

func (c *call) object() (map[string]any, error) { return decodeBody(c.Request, c.body) }

func data(v any) reply { return reply{http.StatusOK, map[string]any{"data": v}} }

func created(v any) reply { return reply{http.StatusCreated, map[string]any{"data": v}} }

// list answers with rows that are one page of total.
func list(rows []row, page, limit, total int) reply {
	return reply{http.StatusOK, map[string]any{
		"data": rows,
		"pagination": map[string]int{
			"page": page, "limit": limit, "total": total, "totalPages": (total + limit - 1) / limit,
		},
	}}
}

// whole answers with a list that is not paged.
func whole(rows []row) reply { return list(rows, 1, max(len(rows), defaultLimit), len(rows)) }
