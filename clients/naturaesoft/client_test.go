package naturaesoft

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// TestDocument reads every answer the document shows, whole.
func TestDocument(t *testing.T) {
	e := newEMR(t)
	const providers = "GET /v1/DemoOffice/availability/providers/1/"
	e.On("POST /v1/DemoOffice/auth/token", http.StatusOK, document(t, "token.json"))
	e.On(providers+"schedule", http.StatusOK, document(t, "schedule.json"))
	e.On(providers+"check", http.StatusOK, document(t, "check.json"))
	e.On(providers+"slots", http.StatusOK, document(t, "slots.json"))
	e.On(providers+"next-slot", http.StatusOK, document(t, "next-slot.json"))
	e.On("GET /v1/kb/12", http.StatusOK, document(t, "article.json"))
	c := e.client(t, func(cfg *Config) { cfg.Key = func(context.Context) (string, error) { return "your_api_key_here", nil } })

	s, err := c.Schedule(t.Context(), "1", ninth, ninth.AddDays(6), "")
	require.NoError(t, err)
	require.Equal(t, Provider{"1", safe.Line("Jane Smith"), safe.Line("PA-C"), safe.Line("Aesthetics")}, s.Provider)
	require.Equal(t, s.Total, s.Count())
	require.Equal(t, "/v1/DemoOffice/auth/token", e.All()[0].Path)
	requireBody(t, document(t, "token.request.json"), e.All()[0])
	require.Empty(t, e.All()[0].Header.Get("Authorization"))
	require.Equal(t, "Bearer eyJhbGciOiJIUzI1NiIs...", e.Last(t).Header.Get("Authorization"))

	free, err := c.Check(t.Context(), "1", ninth, ten15, 30)
	require.NoError(t, err)
	require.True(t, free)
	slots, err := c.Slots(t.Context(), "1", ninth, 30)
	require.NoError(t, err)
	require.Len(t, slots, 3)
	next, ok, err := c.NextSlot(t.Context(), "1", 30, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "2026-03-10", next.Date.String())
	require.False(t, e.Last(t).Query.Has("maxDays"), "left to the vendor")

	a, err := c.Article(t.Context(), "12")
	require.NoError(t, err)
	a.row = nil
	require.Equal(t, Article{
		ID: "12", Title: safe.Line("Insurance Verification Workflow"), Text: safe.Paragraphs("Step-by-step process..."),
		Category: safe.Line("Billing"), Type: safe.Line("HowTo"), Tags: safe.Line("insurance, verification"),
		Active: true, ActiveKnown: true,
	}, a)
	require.Len(t, Fields(), 33)
}

func TestCheckNeverGuesses(t *testing.T) {
	const route = "GET /v1/DemoOffice/availability/providers/1/check"
	for body, want := range map[string]bool{
		`{"Available":true}`: true, `{"Available":1}`: true, `{"Available":"true"}`: true,
		`{"Available":false}`: false, `{"Available":0}`: false, `{"Available":"false"}`: false,
		`{"ProviderID":"1","Date":"2026-03-09","Time":"10:15","Duration":"30","Available":true}`: true,
		`{"ProviderID":null,"Date":null,"Time":null,"Duration":null,"Available":true}`:           true,
	} {
		c, _ := start(t, route, `{"data":`+body+`}`)
		free, err := c.Check(t.Context(), "1", ninth, ten15, 30)
		require.NoError(t, err, body)
		require.Equal(t, want, free, body)
	}
	for _, body := range []string{
		`{}`, `{"Available":null}`, `{"Available":""}`, `{"Available":"perhaps"}`, `{"Available":2}`, `{"Available":[true]}`,
		`{"ProviderID":2,"Available":true}`, `{"Date":"2026-03-10","Available":true}`,
		`{"Time":"10:30:00","Available":true}`, `{"Duration":60,"Available":true}`,
		`{"ProviderID":{"id":1},"Available":true}`, `{"Time":"10.15","Available":true}`,
	} {
		c, _ := start(t, route, `{"data":`+body+`}`)
		free, err := c.Check(t.Context(), "1", ninth, ten15, 30)
		requireKind(t, err, rest.KindDecode)
		require.False(t, free)
	}
	t.Run("bad questions are not sent", func(t *testing.T) {
		e := newEMR(t)
		c := e.client(t)
		for field, q := range map[string]Slot{
			"date":     {Date: civil.Date{Year: 2026, Month: 2, Day: 31}, Time: ten15, Duration: 30},
			"time":     {Date: ninth, Time: civil.Time{Hour: 24}, Duration: 30},
			"duration": {Date: ninth, Time: ten15, Duration: 1441},
		} {
			_, err := c.Check(t.Context(), "1", q.Date, q.Time, q.Duration)
			require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, field)
		}
		_, _, err := c.NextSlot(t.Context(), "1", 0, 30)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "duration")
		_, _, err = c.NextSlot(t.Context(), "1", 30, -1)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "maxDays")
		require.Empty(t, e.All())
	})
}

func TestProviders(t *testing.T) {
	const route = "GET /v1/DemoOffice/availability/providers"
	jane := Provider{"1", safe.Line("Jane Smith"), safe.Line("PA-C"), safe.Line("Aesthetics")}
	for name, row := range map[string]string{
		"as in a schedule": `{"id":1,"name":"Jane Smith","title":"PA-C","specialty":"Aesthetics"}`,
		"as elsewhere":     `{"ProviderID":"1","Name":"Jane Smith","Title":"PA-C","Specialty":"Aesthetics"}`,
		"name in parts":    `{"ProviderID":1,"FirstName":"Jane","LastName":"Smith","Title":"PA-C","Specialty":"Aesthetics"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, route, `{"data":{"providers":[`+row+`]}}`)
			list, err := c.Providers(t.Context())
			require.NoError(t, err)
			require.Equal(t, []Provider{jane}, list)
			for _, body := range []string{`{"data":` + row + `}`, `{"provider":` + row + `}`, row} {
				e.On(route+"/1", http.StatusOK, body)
				one, err := c.Provider(t.Context(), "1")
				require.NoError(t, err)
				require.Equal(t, jane, one)
			}
			e.On(route+"/2", http.StatusOK, row)
			_, err = c.Provider(t.Context(), "2")
			requireKind(t, err, rest.KindDecode)
		})
	}
	t.Run("a large id stays exact", func(t *testing.T) {
		c, _ := start(t, route, `[{"id":90071992547409931},{"id":"90071992547409932"}]`)
		list, err := c.Providers(t.Context())
		require.NoError(t, err)
		require.Equal(t, []ID{"90071992547409931", "90071992547409932"}, []ID{list[0].ID, list[1].ID})
	})
	t.Run("an id is plain", func(t *testing.T) {
		for _, id := range []string{`"\u001b[31m1"`, `"1\u202e"`, `"a\nb"`, `"` + strings.Repeat("7", 101) + `"`, `[1]`, `{"id":1}`, `true`, `1.5`, `1e999999999`} {
			c, _ := start(t, route, `[{"id":`+id+`}]`)
			_, err := c.Providers(t.Context())
			requireKind(t, err, rest.KindDecode)
		}
	})
	t.Run("hostile text is shown harmless", func(t *testing.T) {
		c, _ := start(t, route, `[{"id":1,"name":"\u001b[31mJane\nSmith\u202e"}]`)
		list, err := c.Providers(t.Context())
		require.NoError(t, err)
		require.NotContains(t, list[0].Name.String(), "\x1b")
		require.NotContains(t, list[0].Name.String(), "\n")
		require.Equal(t, "\x1b[31mJane\nSmith\u202e", list[0].Name.Raw())
	})
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		kind   rest.Kind
		said   string
		fields []string
	}{
		"text":               {400, `{"error":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"message":            {422, `{"message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"messages":           {422, `{"message":["bad e-mail","and more"]}`, rest.KindValidation, "bad e-mail; and more", nil},
		"nested":             {409, `{"error":{"message":"exists","code":"DUP"}}`, rest.KindConflict, "exists", nil},
		"fields":             {422, `{"error":"invalid","errors":{"email":"bad e-mail","DOB":["bad date"]}}`, rest.KindValidation, "invalid", []string{"EMail", "DOB"}},
		"records":            {422, `{"errors":[{"field":"email","message":"bad e-mail"},{"path":"zip","msg":"bad"}]}`, rest.KindValidation, "", []string{"EMail", "Zip"}},
		"list":               {422, `{"errors":["bad e-mail"]}`, rest.KindValidation, "bad e-mail", nil},
		"not JSON":           {404, `gone`, rest.KindNotFound, "", nil},
		"error in a 200":     {200, `{"error":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"no success in 200":  {200, `{"success":false,"message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"status in a 200":    {200, `{"status":"error","message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"not ok in a 200":    {200, `{"ok":false,"message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"status false":       {200, `{"status":false,"message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"status 400 in 200":  {200, `{"status":400,"message":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"code 500 in 200":    {200, `{"statusCode":500,"message":"database"}`, rest.KindServer, "database", nil},
		"fail with data":     {200, `{"status":"fail","message":"bad e-mail","data":{"EMail":"bad"}}`, rest.KindServer, "bad e-mail", nil},
		"error in data":      {200, `{"data":{"error":"bad e-mail"}}`, rest.KindServer, "bad e-mail", nil},
		"no success in data": {200, `{"data":{"success":false,"message":"bad e-mail"}}`, rest.KindServer, "bad e-mail", nil},
		"false in data":      {200, `{"data":false}`, rest.KindDecode, "", nil},
		"false":              {200, `false`, rest.KindDecode, "", nil},
		"byte order mark":    {200, "\xEF\xBB\xBF" + `{"error":"bad e-mail"}`, rest.KindValidation, "bad e-mail", nil},
		"done in part":       {200, `{"data":{"ProspectID":5},"errors":["no phone"]}`, rest.KindServer, "no phone", nil},
		"text in a 200":      {200, `Welcome`, rest.KindDecode, "", nil},
		"a page in a 200":    {200, `<html>sign in`, rest.KindDecode, "", nil},
		"cut JSON in a 200":  {200, `{"data":{"Prosp`, rest.KindDecode, "", nil},
		"a page with a 502":  {502, `<html>bad gateway`, rest.KindServer, "", nil},
		"error 500 in words": {500, `{"error":"database"}`, rest.KindServer, "database", nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEMR(t)
			e.On("POST /v1/DemoOffice/prospects", tc.status, tc.body)
			c := e.client(t)
			_, err := c.CreateProspect(t.Context(), Edits{"FirstName": "Ann"})
			got := requireKind(t, err, tc.kind, "e-mail", "Ann")
			require.Equal(t, tc.said, got.Message.String())
			for _, f := range tc.fields {
				require.Contains(t, got.Fields, f)
			}
			require.Len(t, got.Fields, len(tc.fields))
			require.Len(t, e.Requests(), 1, "sent once")
			unknown := tc.kind == rest.KindServer || tc.kind == rest.KindDecode
			require.Equal(t, unknown, got.Ambiguous, "%v", got)
		})
	}
	t.Run("nothing is wrong", func(t *testing.T) {
		for _, body := range []string{
			`{"success":true,"error":null,"errors":[],"data":{"id":5}}`, `{"error":false,"id":5}`,
			`{"error":"","id":5}`, `{"status":"ok","id":5}`, `{"status":201,"message":"done","data":{"id":5}}`,
			`{"data":{"ok":true,"success":1,"error":null,"errors":[],"id":5}}`, `{"status":"created","message":"done","data":{"id":5}}`,
		} {
			e := newEMR(t)
			e.On("POST /v1/DemoOffice/prospects", http.StatusOK, body)
			id, err := e.client(t).CreateProspect(t.Context(), Edits{"FirstName": "Ann"})
			require.NoError(t, err)
			require.Equal(t, ID("5"), id)
		}
	})
	t.Run("a read with warnings", func(t *testing.T) {
		c, _ := start(t, "GET /v1/DemoOffice/tags", `{"data":[{"TagID":1,"Tag":"VIP"}],"errors":["slow"]}`)
		tags, err := c.Tags(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Tag{{"1", safe.Line("VIP")}}, tags)
	})
	t.Run("a ticket whose status is error", func(t *testing.T) {
		c, _ := start(t, "GET /v1/DemoOffice/ticket/3", `{"id":3,"status":"error","title":"It fails"}`)
		ticket, err := c.Ticket(t.Context(), "3")
		require.NoError(t, err)
		require.Equal(t, "error", ticket.Status.String())
	})
}

// TestStatusWords: a web server that is given nothing to say writes the words
// of the status, as plain text.
func TestStatusWords(t *testing.T) {
	for status, word := range map[int]string{200: "OK", 201: "Created", 202: "Accepted"} {
		e := newEMR(t)
		e.On("POST /v1/DemoOffice/prospects", status, word)
		e.On("DELETE /v1/DemoOffice/tags/prospects/5", status, word)
		c := e.client(t)
		id, err := c.CreateProspect(t.Context(), Edits{"FirstName": "Ann"})
		require.NoError(t, err)
		require.Empty(t, id)
		require.NoError(t, c.RemoveAllTags(t.Context(), "5"))
		require.Len(t, e.Requests(), 2)
	}
	c, _ := start(t, "GET /v1/DemoOffice/tags", "OK")
	_, err := c.Tags(t.Context())
	requireKind(t, err, rest.KindDecode)
}

// TestSomeProductsRefused: several products are one write, so complaints about
// some of them tell nothing about the others.
func TestSomeProductsRefused(t *testing.T) {
	products := []Product{
		{VendorCode: safe.Line("V"), ProductCode: safe.Line("1"), Name: safe.Line("A"), PriceKnown: true},
		{VendorCode: safe.Line("V"), ProductCode: safe.Line("2"), Name: safe.Line("B"), PriceKnown: true},
	}
	for body, kind := range map[string]rest.Kind{
		`{"created":1,"errors":[{"ProductCode":"2","error":"no such vendor"}]}`:             rest.KindServer,
		`{"data":{"created":1,"failed":1,"errors":[{"ProductCode":"2"}]}}`:                  rest.KindServer,
		`{"data":[{"ProductCode":"1","success":true},{"ProductCode":"2","success":false}]}`: rest.KindServer,
		`{"results":[{"ProductCode":"1"},{"ProductCode":"2","error":"no such vendor"}]}`:    rest.KindServer,
		`[{"ProductCode":"1","status":"updated"},{"ProductCode":"2","status":"error"}]`:     rest.KindServer,
		`{"error":"no such vendor"}`: rest.KindValidation,
		`{"data":[{"ProductCode":"1","status":"updated"},{"ProductCode":"2","error":null}]}`: 0,
		`{"data":{"created":1,"updated":1,"errors":[]}}`:                                     0,
	} {
		t.Run(body, func(t *testing.T) {
			c, e := start(t, "POST /v1/products", body)
			err := c.UpsertProducts(t.Context(), products)
			require.Len(t, e.Requests(), 1, "sent once")
			if kind == 0 {
				require.NoError(t, err)
				return
			}
			require.Equal(t, kind == rest.KindServer, requireKind(t, err, kind).Ambiguous)
		})
	}
}

func TestSignIn(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		kind   rest.Kind
	}{
		"bad key":           {401, `{"error":"bad key"}`, rest.KindAuth},
		"bad key, 400":      {400, `{"error":"bad key"}`, rest.KindAuth},
		"bad key, 403":      {403, `{"error":"bad key"}`, rest.KindAuth},
		"bad key in a 200":  {200, `{"error":"bad key"}`, rest.KindAuth},
		"bad key in data":   {200, `{"data":{"error":"bad key"}}`, rest.KindAuth},
		"a failure":         {200, `{"status":"fail","data":{"apiKey":"bad key"}}`, rest.KindAuth},
		"no token":          {200, `{"data":{}}`, rest.KindDecode},
		"empty token":       {200, `{"accessToken":""}`, rest.KindDecode},
		"token of a number": {200, `{"accessToken":5}`, rest.KindDecode},
		"token with breaks": {200, `{"accessToken":"a\r\nX-Evil: 1"}`, rest.KindDecode},
		"another type":      {200, `{"accessToken":"x","tokenType":"MAC"}`, rest.KindDecode},
		"a page":            {200, `<html>welcome`, rest.KindDecode},
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, "GET /v1/DemoOffice/tags", `[]`)
			e.On("POST /v1/DemoOffice/auth/token", tc.status, tc.body)
			_, err := c.Tags(t.Context())
			requireKind(t, err, tc.kind, "bad key")
			require.Empty(t, e.Requests())
			require.Len(t, e.All(), 1, "asked once")
		})
	}
	t.Run("the key is quoted", func(t *testing.T) {
		for _, body := range []string{
			`{"error":"no such key: ` + fakeKey + `"}`, `{"errors":{"apiKey":"` + fakeKey + ` is unknown","other":"x"}}`,
		} {
			e := newEMR(t)
			e.On("POST /v1/DemoOffice/auth/token", http.StatusUnauthorized, body)
			_, err := e.client(t).Tags(t.Context())
			require.NotContains(t, requireKind(t, err, rest.KindAuth).UserMessage(), fakeKey)
			_, err = e.client(t).signIn(t.Context())
			got := requireKind(t, err, rest.KindAuth)
			require.NotContains(t, got.UserMessage(), fakeKey)
			require.NotContains(t, got.Fields, "apiKey")
		}
	})
	t.Run("no key", func(t *testing.T) {
		e := newEMR(t)
		c := e.client(t, func(cfg *Config) { cfg.Key = func(context.Context) (string, error) { return "", nil } })
		_, err := c.Tags(t.Context())
		requireKind(t, err, rest.KindAuth)
		cfg := e.config()
		cfg.Key = nil
		_, err = New(cfg)
		requireKind(t, err, rest.KindConfig)
		require.Empty(t, e.All())
	})
	t.Run("the key cannot be had", func(t *testing.T) {
		e := newEMR(t)
		locked := errors.New("locked")
		c := e.client(t, func(cfg *Config) { cfg.Key = func(context.Context) (string, error) { return "", locked } })
		_, err := c.Tags(t.Context())
		require.ErrorIs(t, err, locked)
		require.Empty(t, e.All())
	})
}

// cut ends the connection in the place of an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestWritesHappenOnce(t *testing.T) {
	e := newEMR(t)
	routes := map[string]func(context.Context, *Client) error{
		"POST /v1/DemoOffice/prospects": func(ctx context.Context, c *Client) error {
			return second(c.CreateProspect(ctx, Edits{"FirstName": "Ann"}))
		},
		"POST /v1/DemoOffice/tickets/3/comment": func(ctx context.Context, c *Client) error { return c.CommentTicket(ctx, "3", "hello") },
		"POST /v1/DemoOffice/tags/prospects/5":  func(ctx context.Context, c *Client) error { return c.AssignTag(ctx, "5", "9") },
		"DELETE /v1/DemoOffice/tags/prospects/5": func(ctx context.Context, c *Client) error {
			return c.RemoveAllTags(ctx, "5")
		},
		"POST /v1/products": func(ctx context.Context, c *Client) error {
			return c.UpsertProducts(ctx, []Product{{VendorCode: safe.Line("V"), ProductCode: safe.Line("P"), Name: safe.Line("N"), PriceKnown: true}})
		},
	}
	for route, do := range routes {
		e.Do(route, cut)
		before := len(e.Requests())
		got := requireKind(t, do(t.Context(), e.client(t)), rest.KindTransport)
		require.True(t, got.Ambiguous, route)
		require.Len(t, e.Requests(), before+1, route)
	}
}

func TestRemoveTagIsSentOnce(t *testing.T) {
	const route = "DELETE /v1/DemoOffice/tags/prospects/5/9"
	says := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for name, tc := range map[string]struct {
		answer  http.HandlerFunc
		kind    rest.Kind // 0 is done
		unknown bool
	}{
		"done":        {says(204), 0, false},
		"never there": {says(404), rest.KindNotFound, false},
		"lost answer": {cut, rest.KindTransport, true},
		"failed":      {says(500), rest.KindServer, true},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEMR(t)
			e.Do(route, tc.answer)
			err := e.client(t).RemoveTag(t.Context(), "5", "9")
			require.Len(t, e.Requests(), 1)
			if tc.kind == 0 {
				require.NoError(t, err)
				return
			}
			require.Equal(t, tc.unknown, requireKind(t, err, tc.kind).Ambiguous)
		})
	}
}

func TestReread(t *testing.T) {
	const route = "GET /v1/DemoOffice/prospects"
	ann := Prospect{ID: "5", EMail: safe.Line("ann@example.invalid"), Phone: safe.Line("(555) 0100"), CellPhone: safe.Line("555-0100"), LastName: safe.Line("Fake")}
	// people answers searches from a list by term; "" is every other term.
	people := func(t *testing.T, found func(term, page string, patients bool) string) (*Client, *emr) {
		e := newEMR(t)
		e.Do(route, func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			_, _ = io.WriteString(w, found(q.Get("search"), q.Get("page"), !q.Has("prospect")))
		})
		return e.client(t), e
	}
	terms := func(e *emr) []string {
		var out []string
		for _, s := range e.Requests() {
			out = append(out, s.Query.Get("search")+" "+s.Query.Get("prospect"))
		}
		return out
	}
	t.Run("by e-mail", func(t *testing.T) {
		c, e := people(t, func(term, _ string, _ bool) string {
			return `{"data":[{"ProspectID":50},{"ProspectID":"5","City":"X"}],"total":2}`
		})
		p, err := c.Reread(t.Context(), ann)
		require.NoError(t, err)
		require.Equal(t, "X", p.City.String())
		require.Equal(t, []string{"ann@example.invalid true"}, terms(e))
	})
	t.Run("by every term, then among everybody", func(t *testing.T) {
		c, e := people(t, func(term, _ string, patients bool) string {
			if term == "Fake" && patients {
				return `{"data":[{"ProspectID":5}],"total":1}`
			}
			return `{"data":[],"total":0}`
		})
		_, err := c.Reread(t.Context(), ann)
		require.NoError(t, err)
		require.Equal(t, []string{"ann@example.invalid true", "5550100 true", "Fake true", "ann@example.invalid ", "5550100 ", "Fake "}, terms(e))
	})
	t.Run("absent", func(t *testing.T) {
		c, _ := people(t, func(string, string, bool) string { return `[]` })
		_, err := c.Reread(t.Context(), ann)
		requireKind(t, err, rest.KindNotFound)
	})
	t.Run("on a later page", func(t *testing.T) {
		c, e := people(t, func(_, page string, _ bool) string {
			if page == "3" {
				return `[{"ProspectID":5}]`
			}
			return `[{"ProspectID":1` + page + `},{"ProspectID":2` + page + `}]` // smaller than asked for
		})
		p, err := c.Reread(t.Context(), ann)
		require.NoError(t, err)
		require.Equal(t, ID("5"), p.ID)
		require.Len(t, e.Requests(), 3)
	})
	t.Run("a search without an end proves nothing", func(t *testing.T) {
		c, e := people(t, func(_, page string, _ bool) string { return `[{"ProspectID":1` + page + `}]` })
		_, err := c.Reread(t.Context(), Prospect{ID: "5", LastName: safe.Line("Fake")})
		requireKind(t, err, rest.KindDecode)
		require.Len(t, e.Requests(), 20, "ten pages, among prospects and among everybody")
	})
	t.Run("a list that ignores pages", func(t *testing.T) {
		c, e := people(t, func(string, string, bool) string { return `[{"ProspectID":1},{"ProspectID":2}]` })
		_, err := c.Reread(t.Context(), Prospect{ID: "5", LastName: safe.Line("Fake")})
		requireKind(t, err, rest.KindNotFound)
		require.Len(t, e.Requests(), 4)
	})
	t.Run("nothing to search by", func(t *testing.T) {
		c, e := people(t, func(string, string, bool) string { return `[]` })
		_, err := c.Reread(t.Context(), Prospect{ID: "5", LastName: safe.Line("O"), Phone: safe.Line("-")})
		requireKind(t, err, rest.KindValidation)
		require.Empty(t, e.All())
	})
	t.Run("a failed search is not an absence", func(t *testing.T) {
		e := newEMR(t)
		e.On(route, http.StatusBadRequest, `{}`)
		_, err := e.client(t).Reread(t.Context(), ann)
		requireKind(t, err, rest.KindValidation)
		require.Len(t, e.Requests(), 1)
	})
}

func TestName(t *testing.T) {
	require.Equal(t, "Ann B Fake", Prospect{FirstName: safe.Line("Ann "), MI: safe.Line("B"), LastName: safe.Line("Fake")}.Name().String())
	require.Equal(t, "Ann Fake", Prospect{FirstName: safe.Line("Ann"), LastName: safe.Line("Fake")}.Name().String())
	require.Equal(t, "Dr Ann", Prospect{FirstName: safe.Line("Ann"), FullName: safe.Line("Dr Ann")}.Name().String())
	require.True(t, Prospect{}.Name().Empty())
}

func TestValue(t *testing.T) {
	c, _ := start(t, "GET /v1/DemoOffice/prospects", `[{"ProspectID":5,"email":"a@example.invalid","Zip":123,"Prospect":true,"ProviderID":7,"Sh_Zip":"9"}]`)
	page, err := c.Prospects(t.Context(), ProspectQuery{})
	require.NoError(t, err)
	p := page.Items[0]
	for field, want := range map[string]string{"EMail": "a@example.invalid", "Zip": "123", "Prospect": "true", "ProviderID": "7", "DOB": ""} {
		require.Equal(t, want, p.Value(field).String(), field)
	}
	require.Equal(t, 1, p.Prospect)
	require.Equal(t, "9", p.ShZip.String())
}

func TestHealthAndStats(t *testing.T) {
	c, _ := start(t, "GET /v1/DemoOffice/tags", `[]`)
	require.Equal(t, "idle", c.Health().Word)
	_, err := c.Tags(t.Context())
	require.NoError(t, err)
	require.Equal(t, "up", c.Health().Word)
	var names []string
	for _, s := range c.Stats() {
		names = append(names, s.Op+" "+strconv.Itoa(s.Calls))
	}
	require.Equal(t, "list tags 1, sign in 1", strings.Join(names, ", "))
	c.Reset()
	_, err = c.Tags(t.Context())
	require.NoError(t, err)
}
