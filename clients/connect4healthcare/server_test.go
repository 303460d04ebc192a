package connect4healthcare

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

const (
	fakeKey    = "fake-key-for-tests"
	fakeSecret = "fake-secret-for-tests"
	fakeToken  = "faketokenfortests"
	authorize  = "POST /api/authorize"
	allTickets = "GET /api/" + fakeToken + "/tickets"
	oneTicket  = "GET /api/" + fakeToken + "/ticket_detail"
	residents  = "GET /api/" + fakeToken + "/all_residents"
	categories = "GET /api/" + fakeToken + "/provider_categories"
	create     = "GET /api/" + fakeToken + "/create_ticket"
	createPost = "POST /api/" + fakeToken + "/create_ticket"
	update     = "POST /api/" + fakeToken + "/update_status"
	comments   = "POST /api/" + fakeToken + "/create_comment"
)

// The document's own words.
const (
	signedIn       = `{"status": true, "message": "Authorized Successfully, Use the Provided Access Token for Future Requests. Thanks for connecting with Example Provider", "access_token": "` + fakeToken + `"}`
	badCredentials = "{\n  \"status\": false,\n  \"message\": \"Invalid Credentials\",\n}\n"
	badKey         = "{\n  \"status\": false,\n  \"message\": \"Invalid API key or API secret\",\n}\n"
	created        = `{"status": true, "ticket_id": 46, "message": "Ticket Created Successfully!!"}`
	updated        = `{"status": true, "message": "Status Updated Successfully!!"}`
	commented      = `{"status": true, "message": "Comment created Successfully!!"}`
)

// care is a played vendor. Signing in has an answer from the start.
type care struct{ *vendortest.Server }

func newCare(t *testing.T) *care {
	t.Helper()
	s := &care{vendortest.Open(t)}
	s.SignIn(authorize, signedIn)
	return s
}

func (s *care) client(t *testing.T, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		Base:        s.URL + "/api",
		Credentials: func(context.Context) (string, string, error) { return fakeKey, fakeSecret, nil },
		Rate:        1e6, Burst: 1e6,
	}
	return vendortest.Client(t, New, cfg, change...)
}

func byPost(c *Config) { c.CreateByPost = true }

// start is a client against a server with one answer.
func start(t *testing.T, route, body string, change ...func(*Config)) (*Client, *care) {
	t.Helper()
	s := newCare(t)
	s.On(route, http.StatusOK, body)
	return s.client(t, change...), s
}

var document = vendortest.Document

func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	return vendortest.RequireKind(t, err, kind, append(secret, fakeKey, fakeSecret, fakeToken, "/api")...)
}

// fall is a ticket that is complete.
func fall() NewTicket {
	return NewTicket{Title: "Ada Example fell", Resident: 34333, Urgency: "Exception", Status: "New"}
}

// moment is of the document's example.
var moment = time.Date(2016, time.February, 12, 3, 0, 25, 0, time.FixedZone("", -8*3600))

func hangUp(w http.ResponseWriter, _ *http.Request) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}

func long4k() string { return strings.Repeat("long ", 1000) }
