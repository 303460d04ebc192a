package sandbox

import (
	"bytes"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// What the played Connect4Healthcare accepts, sent with every call.
const (
	FakeCareKey    = "fake-connect4-key-for-training-only"
	FakeCareSecret = "fake-connect4-secret-for-training-only"
)

// Connect4Healthcare plays the ticket system of a care home. A GET creates
// tickets there, the token stands in every path, and whether an error comes
// with a status of its own is a switch, since the document does not say. It is
// reached by Server.Connect4Healthcare; the routes are named as in its document
// with "connect4healthcare" in front: "connect4healthcare GET /{token}/tickets".
type Connect4Healthcare struct {
	srv *Server

	mu         sync.RWMutex // guards all below
	sessions   map[string]bool
	residents  *careTable
	categories *careTable
	tickets    *careTable
	talk       map[int]*careTalk // by the ticket's number
	comments   int               // the last number given to a comment
	careMode
}

// careMode is how it behaves where the document is silent.
type careMode struct {
	always200 bool // refusals come with status 200
	drops     bool // a server in front drops headers with an underscore
	shows     bool // ticket_detail shows general comments
}

// careTalk is what ticket_detail says beside the ticket itself.
type careTalk struct {
	general     []careComment
	categories  []careState // in the order of the provider's list
	attachments []string
}

type careState struct {
	id            int
	title, status string
	comments      []careComment
}

type careComment struct {
	id           int
	by, on, text string
}

// A careCall is a documented call.
type careCall struct {
	method, path string
	writes       bool
	act          func(*Connect4Healthcare, url.Values, *http.Request) (row, error)
}

var careCalls = []careCall{
	{"POST", "/authorize", true, (*Connect4Healthcare).authorize},
	{"GET", "/{token}/tickets", false, (*Connect4Healthcare).listTickets},
	{"GET", "/{token}/ticket_detail", false, (*Connect4Healthcare).detail},
	{"GET", "/{token}/all_residents", false, (*Connect4Healthcare).listResidents},
	{"GET", "/{token}/provider_categories", false, (*Connect4Healthcare).listCategories},
	{"GET", "/{token}/create_ticket", true, (*Connect4Healthcare).createTicket},
	{"POST", "/{token}/create_ticket", true, (*Connect4Healthcare).createTicket},
	{"POST", "/{token}/update_status", true, (*Connect4Healthcare).updateStatus},
	{"POST", "/{token}/create_comment", true, (*Connect4Healthcare).createComment},
}

func (c *Connect4Healthcare) expireTokens() { c.ExpireTokens() }

func (c *Connect4Healthcare) handler() http.Handler {
	const vendor = "connect4healthcare"
	mux := http.NewServeMux()
	other := map[string]bool{}
	nothing := c.srv.handle(&route{vendor: vendor, name: "unmatched " + vendor, run: c.unmatched})
	for _, call := range careCalls {
		name := call.method + " " + call.path
		mux.Handle(name, c.srv.handle(&route{
			vendor: vendor, name: vendor + " " + name, public: call.path == "/authorize",
			run: func(r *http.Request, body []byte) answer { return c.perform(call, r, body) },
		}))
		if !other[call.path] {
			mux.Handle(call.path, nothing)
		}
		other[call.path] = true
	}
	mux.Handle("/", nothing)
	return mux
}

// unmatched is another verb on a known path, or another path.
func (c *Connect4Healthcare) unmatched(r *http.Request, _ []byte) answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, call := range careCalls {
		if _, last, _ := strings.Cut(call.path[1:], "/"); strings.HasSuffix(r.URL.Path, "/"+last) && last != "" || r.URL.Path == call.path {
			return c.refuse(refusal{http.StatusMethodNotAllowed, "Invalid method"})
		}
	}
	return c.refuse(refusal{http.StatusNotFound, "The specified message could not be found"})
}

// refuse is {"status":false,...}. The lock is held by the caller.
func (c *Connect4Healthcare) refuse(no refusal) answer {
	if c.always200 {
		no.status = http.StatusOK
	}
	a := jsonAnswer(no.status, row{"status": false, "message": no.words})
	a.refused = true
	return a
}

func (c *Connect4Healthcare) perform(call careCall, r *http.Request, body []byte) answer {
	if call.writes {
		c.mu.Lock()
		defer c.mu.Unlock()
	} else {
		c.mu.RLock()
		defer c.mu.RUnlock()
	}
	fields, err := c.admitted(call, r, body)
	if err != nil {
		no, _ := err.(refusal)
		return c.refuse(no)
	}
	fields["status"] = true
	return jsonAnswer(http.StatusOK, fields)
}

var errCareCredentials = refusal{http.StatusUnauthorized, "Invalid Credentials"}

// admitted asks for the headers, then for the token. Everything refused here is
// refused before anything was done.
func (c *Connect4Healthcare) admitted(call careCall, r *http.Request, body []byte) (row, error) {
	if r.Method != call.method { // HEAD, which the mux takes for GET
		return nil, refusal{http.StatusMethodNotAllowed, "Invalid method"}
	}
	known := c.header(r, "key") == FakeCareKey && c.header(r, "secret") == FakeCareSecret
	if call.path == "/authorize" {
		if !known {
			return nil, refusal{http.StatusUnauthorized, "Invalid API key or API secret"}
		}
	} else if !known || !c.sessions[r.PathValue("token")] {
		return nil, errCareCredentials
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseMultipartForm(bodyLimit); err != nil {
			return nil, refusal{http.StatusBadRequest, "Message cannot be created The form cannot be read"}
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, refusal{http.StatusBadRequest, "Message cannot be created The form cannot be read"}
	}
	return call.act(c, r.Form, r) // query and body, as the vendor's framework merges them
}

// header reads a credential as a server does that hands headers on in
// variables: "-" and "_" are one name, and values of one name are joined.
func (c *Connect4Healthcare) header(r *http.Request, name string) string {
	values := r.Header[http.CanonicalHeaderKey("api-"+name)]
	if !c.drops {
		values = append(values[:len(values):len(values)], r.Header[http.CanonicalHeaderKey("api_"+name)]...)
	}
	return strings.Join(values, ", ")
}

// authorize is POST /authorize.
func (c *Connect4Healthcare) authorize(url.Values, *http.Request) (row, error) {
	token := strings.ToLower(rand.Text())
	c.sessions[token] = true
	return row{
		"message":      "Authorized Successfully, Use the Provided Access Token for Future Requests. Thanks for connecting with Example Provider",
		"access_token": token,
	}, nil
}
