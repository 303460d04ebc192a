package sandbox

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"sync"
)

// The application the played Updox knows.
const (
	FakeUpdoxApplication = "fake-application"
	FakeUpdoxPassword    = "fake-updox-password-for-training-only"
)

// updox plays the practice accounts of Updox. Everything is a POST of JSON and
// answered with status 200; the envelope says how it went.
type updox struct {
	srv *Server

	mu       sync.RWMutex // guards all below
	accounts map[string]row
	order    []string // ids as they were made
	shuts    bool     // an inactive account cannot even be read
	seedOnly bool     // only the three documented methods are there
}

func newUpdox(s *Server) *updox {
	u := &updox{srv: s, accounts: map[string]row{}}
	for _, fields := range updoxSeed() {
		u.keep(fields)
	}
	return u
}

// expireTokens does nothing: every request brings its credentials.
func (u *updox) expireTokens() {}

// Response codes of the document and of the table beside it.
const (
	updoxOK           = 2000
	updoxBadRequest   = 4000
	updoxUnauthorized = 4010
	updoxNoPractice   = 4011
	updoxNoUser       = 4012
	updoxInvalid      = 4060
	updoxNoID         = 4110
	updoxExists       = 4130
	updoxMissing      = 4131
	updoxWebsiteTaken = 4140
	updoxAddressTaken = 4610
)

// updoxWords are the messages of the codes.
var updoxWords = map[int]string{
	updoxOK:           "OK",
	updoxBadRequest:   "Bad Request",
	updoxUnauthorized: "Unauthorized",
	updoxNoPractice:   "Unauthorized", // the same as for wrong credentials
	updoxNoUser:       "Unauthorized",
	updoxNoID:         "no practice ID",
	updoxExists:       "account already exists",
	updoxMissing:      "account does not exist",
	updoxWebsiteTaken: "web address is already taken",
	updoxAddressTaken: "direct address taken",
}

// A updoxNo is a refusal: a code, and words where the code has none.
type updoxNo struct {
	code  int
	words string
}

func (n updoxNo) Error() string { return n.words }

func no(code int) error { return updoxNo{code, updoxWords[code]} }

// updoxCall is one request: its body, and the auth block in it.
type updoxCall struct {
	body, auth map[string]any
}

func textIn(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// account is the id a request is about: at the top of the body, else in auth.
func (c updoxCall) account() (string, error) {
	if id := textIn(c.body, "accountId"); id != "" {
		return id, nil
	}
	if id := textIn(c.auth, "accountId"); id != "" {
		return id, nil
	}
	return "", no(updoxNoID)
}

// updoxMethod is one method of the API.
type updoxMethod struct {
	documented bool // in the document itself
	open       bool // needs no credentials
	act        func(updoxCall) (row, error)
}

func (u *updox) methods() map[string]updoxMethod {
	return map[string]updoxMethod{
		"PracticeCreate":          {documented: true, act: u.create},
		"PracticeUpdate":          {documented: true, act: u.update},
		"PracticeSave":            {documented: true, act: u.save},
		"PracticeGet":             {act: u.get},
		"PracticeList":            {act: u.list},
		"Ping":                    {open: true, act: pong},
		"PingWithApplicationAuth": {act: pong},
		"PingWithAccountAuth":     {act: u.pingAccount},
		"PingWithAuth":            {act: u.pingUser},
	}
}

// updoxRoute is the name of a method's route.
func updoxRoute(method string) string { return "updox POST " + method }

// handler takes both mounts and any case of a method's name, as seen in use.
func (u *updox) handler() http.Handler {
	routes := map[string]http.Handler{}
	for name, m := range u.methods() {
		routes[strings.ToLower(name)] = u.srv.handle(&route{
			vendor: "updox", name: updoxRoute(name), public: m.open,
			run: func(_ *http.Request, body []byte) answer { return u.perform(m, body) },
		})
	}
	nothing := u.srv.handle(&route{vendor: "updox", name: "unmatched updox", run: noSuchPath})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dir, name := path.Split(r.URL.Path)
		h := routes[strings.ToLower(name)]
		switch {
		case h == nil || dir != "/io/" && dir != "/api/io/":
			h = nothing
		case r.Method != http.MethodPost:
			refusal{http.StatusMethodNotAllowed, "Only POST is answered."}.answer().write(w)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// perform answers in the envelope. Everything refused is refused before
// anything was done.
func (u *updox) perform(m updoxMethod, body []byte) answer {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seedOnly && !m.documented {
		return refusal{http.StatusNotFound, "Cannot POST this path."}.answer()
	}
	said, err := u.admitted(m, body)
	if err == nil {
		return updoxAnswer(said, updoxNo{updoxOK, updoxWords[updoxOK]})
	}
	n, _ := err.(updoxNo)
	return updoxAnswer(nil, n)
}

func updoxAnswer(said row, n updoxNo) answer {
	all := row{"successful": n.code == updoxOK, "responseCode": n.code, "responseMessage": n.words}
	for k, v := range said {
		all[k] = v
	}
	a := jsonAnswer(http.StatusOK, all)
	a.refused = n.code != updoxOK
	return a
}

func (u *updox) admitted(m updoxMethod, body []byte) (row, error) {
	var c updoxCall
	if json.Unmarshal(body, &c.body) != nil || c.body == nil {
		return nil, no(updoxBadRequest)
	}
	c.auth, _ = c.body["auth"].(map[string]any)
	if !m.open && (textIn(c.auth, "applicationId") != FakeUpdoxApplication ||
		textIn(c.auth, "applicationPassword") != FakeUpdoxPassword) {
		return nil, no(updoxUnauthorized)
	}
	return m.act(c)
}

func pong(updoxCall) (row, error) { return nil, nil }

// pingAccount denies an inactive account in the words of wrong credentials.
func (u *updox) pingAccount(c updoxCall) (row, error) {
	a, ok := u.accounts[textIn(c.auth, "accountId")]
	if !ok || a["active"] != true {
		return nil, no(updoxNoPractice)
	}
	return nil, nil
}

// pingUser knows one user in each account.
func (u *updox) pingUser(c updoxCall) (row, error) {
	if _, err := u.pingAccount(c); err != nil {
		return nil, err
	}
	if textIn(c.auth, "userId") != FakeUpdoxUser {
		return nil, no(updoxNoUser)
	}
	return nil, nil
}

// FakeUpdoxUser is the user every played account has.
const FakeUpdoxUser = "fake-user"
