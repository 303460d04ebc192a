package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	careCreate = "connect4healthcare GET /{token}/create_ticket"
	careList   = "connect4healthcare GET /{token}/tickets"
)

// A ward is a plain HTTP client signed in at Connect4Healthcare.
type ward struct {
	testing.TB
	s      *Server
	http   *http.Client
	header http.Header
	token  string
}

func admit(t testing.TB, s *Server) *ward {
	t.Helper()
	w := &ward{TB: t, s: s, http: &http.Client{Transport: &http.Transport{}},
		header: http.Header{"api_key": {FakeCareKey}, "api_secret": {FakeCareSecret}}}
	t.Cleanup(w.http.CloseIdleConnections)
	w.signIn()
	return w
}

func (w *ward) signIn() {
	w.Helper()
	status, a := w.do("POST", "/authorize", "", "")
	require.Equal(w, 200, status)
	w.token, _ = a["access_token"].(string)
	require.NotEmpty(w, w.token)
}

func (w *ward) do(method, path, kind, body string) (int, map[string]any) {
	w.Helper()
	r, err := http.NewRequest(method, w.s.URL("connect4healthcare")+path, strings.NewReader(body))
	require.NoError(w, err)
	for name, v := range w.header {
		r.Header[name] = v
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := w.http.Do(r)
	require.NoError(w, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(w, err)
	var v map[string]any
	require.NoError(w, json.Unmarshal(b, &v), "%s", b)
	return resp.StatusCode, v
}

func (w *ward) get(call string, query url.Values) map[string]any {
	w.Helper()
	status, v := w.do("GET", "/"+w.token+"/"+call+"?"+query.Encode(), "", "")
	require.Equal(w, 200, status, v)
	require.Equal(w, true, v["status"])
	return v
}

func (w *ward) form(call string, values url.Values) (int, map[string]any) {
	w.Helper()
	return w.do("POST", "/"+w.token+"/"+call, "application/x-www-form-urlencoded", values.Encode())
}

// fallen is a complete ticket.
func fallen() url.Values {
	v := url.Values{"title": {"new test ticket"}, "resident_id": {fmt.Sprint(firstCareResident)},
		"urgency_status": {"No Issue"}, "ticket_status": {"New"}}
	for _, c := range careCategories {
		v.Set(fmt.Sprintf("category_%d", c.id), " No Issue")
	}
	return v
}

func TestCareAnswersInTheDocumentsForm(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	w := admit(t, s)
	list, _ := w.get("tickets", nil)["ticket"].([]any)
	require.Len(t, list, 3)
	ticket, _ := list[0].(map[string]any)
	for _, name := range []string{
		"start_date", "sentsent_to_primary", "urgency_status_id", "ticket_type", "resident_id", "updated_at", "created_at", "email",
		"sent_to_healthcare_pro", "state", "sms", "id", "end_date", "ticket_status", "sent_to_family", "title", "employee_id",
	} {
		require.Contains(t, ticket, name)
	}
	require.Len(t, ticket, 17)
	require.EqualValues(t, 202, ticket["id"])
	require.Regexp(t, `^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d [+-]\d{4}$`, ticket["created_at"])

	people, _ := w.get("all_residents", nil)["residents"].([]any)
	require.Len(t, people, careResidents)
	nameless := 0
	for _, p := range people {
		one, _ := p.(map[string]any)
		require.Len(t, one, 31)
		require.Regexp(t, `^\d{4}/\d\d/\d\d$`, one["dob"])
		if one["last_name"] == nil {
			nameless++
		}
	}
	require.NotZero(t, nameless)
	ids := map[any]bool{}
	kinds, _ := w.get("provider_categories", url.Values{"resident_id": {"1"}})["categories"].([]any)
	for _, c := range kinds {
		one, _ := c.(map[string]any)
		ids[one["id"]] = true
	}
	require.Len(t, ids, len(careCategories), "every category has an id of its own")

	s.Connect4Healthcare().Say(202, 6, "check now", "Sample", "comment 1")
	details, _ := w.get("ticket_detail", url.Values{"id": {"202"}})["ticket_with_details"].(map[string]any)
	require.NotContains(t, details, "comments")
	categories, _ := details["categories"].(map[string]any)
	six, _ := categories["6"].(map[string]any)
	require.Equal(t, "check now", six["title"])
	require.Contains(t, fmt.Sprint(six), "commented_by:Sample")
	require.Equal(t, []any{}, details["ticket_attachments"])
}

func TestCareCreatesByGet(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	w := admit(t, s)
	in := fallen()
	in.Set("category_comments_6", "Careful")
	in.Set("sms", "true")
	a := w.get("create_ticket", in)
	require.EqualValues(t, 205, a["ticket_id"])
	require.Equal(t, "Ticket Created Successfully!!", a["message"])
	require.Equal(t, 1, s.Executions(careCreate))
	held, ok := s.Connect4Healthcare().Ticket(205)
	require.True(t, ok)
	require.Equal(t, "new test ticket true <nil>", fmt.Sprint(held["title"], " ", held["sms"], held["email"]))
	require.Equal(t, []string{"Careful"}, s.Connect4Healthcare().Comments(205, 6))
	require.Equal(t, 4, s.Connect4Healthcare().Tickets())

	r, err := http.NewRequest("HEAD", s.URL("connect4healthcare")+"/"+w.token+"/create_ticket?"+in.Encode(), nil)
	require.NoError(t, err)
	r.Header = w.header
	resp, err := w.http.Do(r)
	require.NoError(t, err)
	_ = resp.Body.Close()
	require.Equal(t, 405, resp.StatusCode, "looking is not creating")
	require.Equal(t, 4, s.Connect4Healthcare().Tickets())
}

func TestCareTakesFormsAndFiles(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	w := admit(t, s)
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, v := range fallen() {
		require.NoError(t, m.WriteField(name, v[0]))
	}
	part, err := m.CreateFormFile("attachment_1", "fake.txt")
	require.NoError(t, err)
	_, err = part.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, m.Close())
	status, a := w.do("POST", "/"+w.token+"/create_ticket", m.FormDataContentType(), b.String())
	require.Equal(t, 200, status, a)
	details := w.get("ticket_detail", url.Values{"id": {"205"}})
	require.Contains(t, fmt.Sprint(details), "fake.txt")

	status, _ = w.form("update_status?id=202&status=Reopen", nil) // as in the document's sample
	require.Equal(t, 200, status)
	held, _ := s.Connect4Healthcare().Ticket(202)
	require.Equal(t, "Reopen", held["ticket_status"])
	before := len(s.Connect4Healthcare().Comments(202, 0))
	status, _ = w.form("create_comment", url.Values{"ticket_id": {"202"}, "comment": {"Hi! Welcome!"}})
	require.Equal(t, 200, status)
	status, _ = w.form("create_comment?ticket_id=202&comment=x&category_id=6", nil)
	require.Equal(t, 200, status)
	require.Len(t, s.Connect4Healthcare().Comments(202, 0), before+1)
	s.Connect4Healthcare().ShowComments(true)
	require.Contains(t, fmt.Sprint(w.get("ticket_detail", url.Values{"id": {"202"}})), "Hi! Welcome!")
}

func TestCareRefusesInBothModes(t *testing.T) {
	for _, always200 := range []bool{false, true} {
		s := start(t, Options{Tickets: 3})
		w := admit(t, s)
		s.Connect4Healthcare().Always200(always200)
		token := w.token
		s.ResetCounts()
		but := func(name, value string) url.Values {
			v := fallen()
			v.Set(name, value)
			return v
		}
		for _, c := range []struct {
			status             int
			method, path, body string
			words              string
		}{
			{404, "GET", "/ticket_detail?id=7", "", "Invalid Ticket ID"},
			{404, "GET", "/ticket_detail", "", "Invalid Ticket ID"},
			{400, "GET", "/create_ticket?" + but("title", " ").Encode(), "", "title/regarding required"},
			{400, "GET", "/create_ticket?" + but("resident_id", "5").Encode(), "", "Message cannot be created Resident not found"},
			{400, "GET", "/create_ticket?" + but("urgency_status", "x").Encode(), "", "Message cannot be created Urgency status is not included in the list"},
			{400, "GET", "/create_ticket?" + but("ticket_status", "").Encode(), "", "Message cannot be created Ticket status can't be blank"},
			{400, "GET", "/create_ticket?" + but("category_6", "").Encode(), "", "Message cannot be created Category status can't be blank"},
			{400, "GET", "/create_ticket?" + but("category_6", "x").Encode(), "", "Message cannot be created Category status is not included in the list"},
			{404, "POST", "/update_status?id=7&status=New", "", "Invalid Ticket ID"},
			{400, "POST", "/update_status?id=202", "", "Invalid Ticket ID/ Status can't be blank"},
			{404, "POST", "/create_comment", "comment=x", "Invalid Ticket ID"},
			{400, "POST", "/create_comment", "ticket_id=202", "Comment can't be blank"},
			{400, "POST", "/create_comment", "ticket_id=202&comment=x&category_id=99", "Invalid Category ID"},
			{405, "POST", "/tickets", "", "Invalid method"},
			{405, "GET", "/update_status?id=202&status=New", "", "Invalid method"},
			{404, "GET", "/nothing", "", "The specified message could not be found"},
		} {
			status, v := w.do(c.method, "/"+token+c.path, "application/x-www-form-urlencoded", c.body)
			if always200 {
				c.status = 200
			}
			require.Equal(t, c.status, status, c.path)
			require.Equal(t, false, v["status"], c.path)
			require.Equal(t, c.words, v["message"], c.path)
		}
		require.Zero(t, s.Executions("*"), "a refusal inside a 200 is no execution")
		require.Equal(t, 3, s.Connect4Healthcare().Tickets())
	}
}

func TestCareAsksForKeyAndToken(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	w := admit(t, s)
	play := s.Connect4Healthcare()
	under, hyphen := w.header, http.Header{"Api-Key": {FakeCareKey}, "Api-Secret": {FakeCareSecret}}
	both := http.Header{"api_key": {FakeCareKey}, "api_secret": {FakeCareSecret}, "Api-Key": {FakeCareKey}, "Api-Secret": {FakeCareSecret}}
	for _, c := range []struct {
		header http.Header
		drops  bool
		status int
	}{
		{under, false, 200}, {hyphen, false, 200}, {both, false, 401}, {http.Header{}, false, 401},
		{under, true, 401}, {hyphen, true, 200}, {both, true, 200},
		{http.Header{"api_key": {FakeCareKey}, "api_secret": {"wrong"}}, false, 401},
	} {
		w.header = c.header
		play.DropUnderscoreHeaders(c.drops)
		status, v := w.do("GET", "/"+w.token+"/tickets", "", "")
		require.Equal(t, c.status, status, c)
		if status == 401 {
			require.Equal(t, "Invalid Credentials", v["message"])
		}
		status, v = w.do("POST", "/authorize", "", "")
		require.Equal(t, c.status, status, c)
		if status == 401 {
			require.Equal(t, "Invalid API key or API secret", v["message"])
		}
	}
	w.header = under
	play.DropUnderscoreHeaders(false)
	for _, expire := range []func(){play.ExpireTokens, s.ExpireTokens} {
		w.signIn()
		w.get("tickets", nil)
		expire()
		status, v := w.do("GET", "/"+w.token+"/tickets", "", "")
		require.Equal(t, 401, status)
		require.Equal(t, "Invalid Credentials", v["message"])
	}
}

func TestCareOverControl(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	d, w := signIn(t, s), admit(t, s)
	status, _ := d.control("POST", "connect4healthcare/mode", `{"always200":true}`)
	require.Equal(t, 204, status)
	status, _ = w.do("GET", "/none/tickets", "", "")
	require.Equal(t, 200, status)
	status, _ = d.control("POST", "connect4healthcare/mode", `{"always200":false,"showComments":true,"dropUnderscoreHeaders":true}`)
	require.Equal(t, 204, status)
	status, _ = w.do("GET", "/"+w.token+"/tickets", "", "")
	require.Equal(t, 401, status)
	status, v := d.control("POST", "connect4healthcare/tickets", `{"title":"Planted","id":7}`)
	require.Equal(t, 200, status)
	require.EqualValues(t, 7, v["id"])
	held, _ := s.Connect4Healthcare().Ticket(7)
	require.Equal(t, "Planted", held["title"])
	for _, bad := range []string{"connect4healthcare/mode", "connect4healthcare/nothing"} {
		status, _ = d.control("POST", bad, `{"never":1}`)
		require.Equal(t, 400, status)
	}
	status, _ = d.control("POST", "faults", `{"route":"`+careList+`","kind":"status","status":503}`)
	require.Equal(t, 204, status)
	w.header = http.Header{"Api-Key": {FakeCareKey}, "Api-Secret": {FakeCareSecret}}
	status, v = w.do("GET", "/"+w.token+"/tickets", "", "")
	require.Equal(t, 503, status, v)
	require.Panics(t, func() { s.Connect4Healthcare().Plant("misspelt", nil) })
	require.Panics(t, func() { s.Connect4Healthcare().Say(99999, 0, "", "", "") })
}

// Everything at once: the race detector is the judge.
func TestManyWardsAtOnce(t *testing.T) {
	s := start(t, Options{Tickets: 3})
	w := admit(t, s)
	s.ResetCounts()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				w.get("tickets", nil)
				w.get("create_ticket", fallen())
				w.get("ticket_detail", url.Values{"id": {"202"}})
				_, _ = w.form("create_comment", url.Values{"ticket_id": {"202"}, "comment": {"x"}, "category_id": {"6"}})
				_, _ = w.form("update_status", url.Values{"id": {"202"}, "status": {"In Progress"}})
				s.Connect4Healthcare().Plant("residents", map[string]any{"first_name": "Ada"})
				s.Connect4Healthcare().Comments(202, 6)
			}
		})
	}
	all.Wait()
	require.Equal(t, 40, s.Executions(careCreate))
	require.Equal(t, 43, s.Connect4Healthcare().Tickets())
}
