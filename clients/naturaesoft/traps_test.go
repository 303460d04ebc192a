package naturaesoft

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/safe"
)

// Each trap of the document has a test of its name; what else must hold is in
// the files beside.

var (
	ninth = civil.Date{Year: 2026, Month: 3, Day: 9}
	ten15 = civil.Time{Hour: 10, Minute: 15}
)

func jwt(claims string) string {
	b := base64.RawURLEncoding.EncodeToString
	return b([]byte(`{"alg":"none"}`)) + "." + b([]byte(claims)) + ".sig"
}

func TestNS01_Expiry(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	exp := func(d time.Duration) string { return fmt.Sprintf(`"exp":%d`, now.Add(d).Unix()) }
	iat := func(d time.Duration) string { return fmt.Sprintf(`"iat":%d`, now.Add(d).Unix()) }
	for name, tc := range map[string]struct {
		expiresIn, token string
		life             time.Duration
	}{
		"documented":             {`"24h"`, "x", 24 * time.Hour},
		"Go duration":            {`"90m"`, "x", 90 * time.Minute},
		"days":                   {`"2d"`, "x", 48 * time.Hour},
		"weeks":                  {`"1w"`, "x", 7 * 24 * time.Hour},
		"blank between":          {`"12 H"`, "x", 12 * time.Hour},
		"seconds":                {`3600`, "x", time.Hour},
		"seconds in a string":    {`"3600"`, "x", time.Hour},
		"a million is seconds":   {`1000000`, "x", 1_000_000 * time.Second},
		"more is milliseconds":   {`3600000`, "x", time.Hour},
		"milliseconds in string": {`"7200000"`, "x", 2 * time.Hour},
		"missing":                {``, "x", 24 * time.Hour},
		"null":                   {`null`, "x", 24 * time.Hour},
		"nonsense":               {`"soon"`, "x", 24 * time.Hour},
		"zero":                   {`0`, "x", 24 * time.Hour},
		"negative":               {`"-1h"`, "x", 24 * time.Hour},
		"object":                 {`{"h":1}`, "x", 24 * time.Hour},
		"absurd":                 {`"1e300d"`, "x", 24 * time.Hour},
		"the token ends sooner":  {`"24h"`, jwt("{" + exp(time.Hour) + "}"), time.Hour},
		"the answer ends sooner": {`"1h"`, jwt("{" + exp(24*time.Hour) + "}"), time.Hour},
		"only the token says":    {``, jwt("{" + exp(2*time.Hour) + "}"), 2 * time.Hour},
		"our clock is ahead":     {`"24h"`, jwt("{" + iat(-5*time.Hour) + "," + exp(-4*time.Hour) + "}"), time.Hour},
		"our clock is behind":    {`"24h"`, jwt("{" + iat(5*time.Hour) + "," + exp(6*time.Hour) + "}"), time.Hour},
		"ended, no beginning":    {`"24h"`, jwt("{" + exp(-time.Hour) + "}"), 24 * time.Hour},
		"exp in milliseconds":    {``, jwt(fmt.Sprintf(`{"exp":%d}`, now.Add(time.Hour).UnixMilli())), time.Hour},
		"exp as text":            {``, jwt(fmt.Sprintf(`{"exp":"%d"}`, now.Add(time.Hour).Unix())), time.Hour},
		"exp as float":           {``, jwt(fmt.Sprintf(`{"exp":%d.0}`, now.Add(time.Hour).Unix())), time.Hour},
		"exp of another type":    {``, jwt(`{"exp":{"a":1}}`), 24 * time.Hour},
		"exp without bounds":     {``, jwt(`{"exp":1e999999999}`), 24 * time.Hour},
		"payload is no JSON":     {``, "a.!!!.c", 24 * time.Hour},
		"documented token":       {`"24h"`, "eyJhbGciOiJIUzI1NiIs...", 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.life, lifetime(raw(tc.expiresIn), tc.token, now))
		})
	}
	t.Run("renewed five minutes early", func(t *testing.T) {
		tok, err := decodeToken(raw(document(t, "token.json")), now)
		require.NoError(t, err)
		require.Equal(t, "eyJhbGciOiJIUzI1NiIs...", tok.Value)
		require.Equal(t, now.Add(24*time.Hour-5*time.Minute), tok.Expires)
	})
	t.Run("a short life is not always over", func(t *testing.T) {
		tok, err := decodeToken(raw(`{"accessToken":"x","expiresIn":"4m"}`), now)
		require.NoError(t, err)
		require.Equal(t, now.Add(2*time.Minute), tok.Expires)
	})
	t.Run("a refused token is renewed once", func(t *testing.T) {
		c, e := start(t, "GET /v1/DemoOffice/tags", `[]`)
		refusals := 0
		e.Do("GET /v1/DemoOffice/tags", func(w http.ResponseWriter, _ *http.Request) {
			if refusals++; refusals == 1 {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = w.Write([]byte(`[]`))
		})
		_, err := c.Tags(t.Context())
		require.NoError(t, err)
		require.Len(t, e.All(), 4, "sign-in, refusal, sign-in, answer")
	})
}

func TestNS02_DataIsOptional(t *testing.T) {
	bare := `{"ProviderID":1,"Date":"2026-03-09","Time":"10:15:00","Duration":30,"Available":true}`
	for name, body := range map[string]string{
		"documented": document(t, "check.json"),
		"bare":       bare,
		"Data":       `{"Data":` + bare + `}`,
		"list":       `{"data":[` + bare + `]}`,
		"and more":   `{"success":true,"data":` + bare + `,"error":null,"message":"OK"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/availability/providers/1/check", body)
			free, err := c.Check(t.Context(), "1", ninth, ten15, 30)
			require.NoError(t, err)
			require.True(t, free)
		})
	}
	for name, body := range map[string]string{
		"token bare":    `{"accessToken":"wrapped-or-not","expiresIn":"24h"}`,
		"token in data": `{"data":{"accessToken":"wrapped-or-not","expiresIn":"24h"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, "GET /v1/DemoOffice/tags", `[]`)
			e.On("POST /v1/DemoOffice/auth/token", http.StatusOK, body)
			_, err := c.Tags(t.Context())
			require.NoError(t, err)
			require.Equal(t, "Bearer wrapped-or-not", e.Last(t).Header.Get("Authorization"))
		})
	}
}

func TestNS03_NextSlot(t *testing.T) {
	found := Slot{"1", civil.Date{Year: 2026, Month: 3, Day: 10}, civil.Time{Hour: 9}, 30}
	for name, tc := range map[string]struct {
		body string
		slot Slot
		ok   bool
	}{
		"documented":     {document(t, "next-slot.json"), found, true},
		"numbers":        {`{"data":{"ProviderID":"1","Duration":"30","TheNextSlot":{"ProviderID":1,"Date":"2026-03-10","Time":"09:00"}}}`, found, true},
		"no provider":    {`{"data":{"TheNextSlot":{"Date":"2026-03-10","Time":"09:00:00"}}}`, found, true},
		"null":           {`{"data":{"ProviderID":1,"Duration":30,"SearchWindowDays":30,"TheNextSlot":null}}`, Slot{}, false},
		"empty":          {`{"data":{"ProviderID":1,"Duration":30,"SearchWindowDays":30,"TheNextSlot":{}}}`, Slot{}, false},
		"empty list":     {`{"data":{"ProviderID":1,"Duration":30,"TheNextSlot":[]}}`, Slot{}, false},
		"absent":         {`{"data":{"ProviderID":1,"Duration":30,"SearchWindowDays":30}}`, Slot{}, false},
		"nothing at all": {`{"data":{}}`, Slot{}, false},
		"null data":      {`{"data":null}`, Slot{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, "GET /v1/DemoOffice/availability/providers/1/next-slot", tc.body)
			s, ok, err := c.NextSlot(t.Context(), "1", 30, 30)
			require.NoError(t, err)
			require.Equal(t, tc.ok, ok)
			require.Equal(t, tc.slot, s)
			require.Equal(t, url.Values{"duration": {"30"}, "maxDays": {"30"}}, e.Last(t).Query)
		})
	}
	for name, body := range map[string]string{
		"another provider outside": `{"data":{"ProviderID":2,"TheNextSlot":{"Date":"2026-03-10","Time":"09:00:00"}}}`,
		"another provider inside":  `{"data":{"ProviderID":1,"TheNextSlot":{"ProviderID":"2","Date":"2026-03-10","Time":"09:00:00"}}}`,
		"another duration":         `{"data":{"ProviderID":1,"Duration":60,"TheNextSlot":{"Date":"2026-03-10","Time":"09:00:00"}}}`,
		"no date":                  `{"data":{"ProviderID":1,"TheNextSlot":{"Time":"09:00:00"}}}`,
		"no time":                  `{"data":{"ProviderID":1,"TheNextSlot":{"Date":"2026-03-10","Time":null}}}`,
		"31 February":              `{"data":{"ProviderID":1,"TheNextSlot":{"Date":"2026-02-31","Time":"09:00:00"}}}`,
		"a word":                   `{"data":{"ProviderID":1,"TheNextSlot":"tomorrow"}}`,
		"none in a shorter window": `{"data":{"ProviderID":1,"Duration":30,"SearchWindowDays":7,"TheNextSlot":null}}`,
		"not an answer":            `{"message":"try later"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/availability/providers/1/next-slot", body)
			_, ok, err := c.NextSlot(t.Context(), "1", 30, 30)
			requireKind(t, err, rest.KindDecode)
			require.False(t, ok)
		})
	}
}

func TestNS04_OddIDsAreNeverSent(t *testing.T) {
	e := newEMR(t)
	c := e.client(t)
	ctx := t.Context()
	row := Prospect{fields: map[string]json.RawMessage{"FirstName": raw(`"Ann"`)}}
	for _, id := range []ID{"", "0", "000", " ", "/", "..", ".", "5/9", "5?x=1", "5#", "a b", "%2F", "é", "5\n"} {
		p := row
		p.ID = id
		for name, err := range map[string]error{
			"remove tag, tag":    c.RemoveTag(ctx, "5", id),
			"remove tag, person": c.RemoveTag(ctx, id, "9"),
			"remove all":         c.RemoveAllTags(ctx, id),
			"assign, tag":        c.AssignTag(ctx, "5", id),
			"assign, person":     c.AssignTag(ctx, id, "9"),
			"update":             c.UpdateProspect(ctx, p, Edits{"FirstName": "Bo"}),
			"comment":            c.CommentTicket(ctx, id, "hello"),
			"ticket":             c.UpdateTicket(ctx, Ticket{ID: id}, Edits{"Status": "Closed"}),
			"article":            c.UpdateArticle(ctx, Article{ID: id}, Edits{"Title": "x"}),
			"read provider":      second(c.Provider(ctx, id)),
			"read ticket":        second(c.Ticket(ctx, id)),
			"read article":       second(c.Article(ctx, id)),
			"slots":              second(c.Slots(ctx, id, ninth, 30)),
			"check":              second(c.Check(ctx, id, ninth, ten15, 30)),
			"schedule":           second(c.Schedule(ctx, id, ninth, ninth, "")),
			"reread":             second(c.Reread(ctx, p)),
		} {
			got := requireKind(t, err, rest.KindValidation)
			require.Equal(t, rest.NotSent, got.Phase, "%s with %q", name, id)
			require.False(t, got.Ambiguous)
		}
	}
	require.Empty(t, e.All())
}

func second[T any](_ T, err error) error { return err }

func TestNS05_TagRoutes(t *testing.T) {
	e := newEMR(t)
	e.On("POST /v1/DemoOffice/tags/prospects/5", http.StatusOK, `{"data":{"ok":true}}`)
	e.On("DELETE /v1/DemoOffice/tags/prospects/5/123", http.StatusNoContent, "")
	e.On("DELETE /v1/DemoOffice/tags/prospects/5", http.StatusOK, "")
	c := e.client(t)
	require.NoError(t, c.AssignTag(t.Context(), "5", "123"))
	requireBody(t, document(t, "tag.request.json"), e.Last(t))
	require.NoError(t, c.RemoveTag(t.Context(), "5", "123"))
	require.Empty(t, e.Last(t).Body)
	require.NoError(t, c.RemoveAllTags(t.Context(), "5"))

	require.NoError(t, c.AssignTag(t.Context(), "5", "9007199254740993"))
	require.Contains(t, e.Last(t).Body, `{"tagId":9007199254740993}`)
	for _, text := range []ID{"VIP", "007"} {
		require.NoError(t, c.AssignTag(t.Context(), "5", text))
		require.Contains(t, e.Last(t).Body, `{"tagId":"`+string(text)+`"}`)
	}
}

func TestNS06_TagsOfAPerson(t *testing.T) {
	vip := Tag{ID: "7", Name: safe.Line("VIP")}
	for name, tc := range map[string]struct {
		field string
		tags  []Tag
		known bool
	}{
		"left out":      {``, nil, false},
		"null":          {`,"Tags":null`, nil, false},
		"none":          {`,"Tags":[]`, []Tag{}, true},
		"records":       {`,"Tags":[{"TagID":7,"Tag":"VIP"}]`, []Tag{vip}, true},
		"lower case":    {`,"tags":[{"id":"7","name":"VIP"}]`, []Tag{vip}, true},
		"names":         {`,"Tags":["VIP"]`, []Tag{{Name: safe.Line("VIP")}}, true},
		"numbers":       {`,"Tags":[7]`, []Tag{{ID: "7"}}, true},
		"a word":        {`,"Tags":"VIP, new"`, nil, false},
		"a record":      {`,"Tags":{"7":"VIP"}`, nil, false},
		"partly broken": {`,"Tags":[{"TagID":7,"Tag":"VIP"},{"x":1}]`, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/prospects", `[{"ProspectID":5`+tc.field+`}]`)
			page, err := c.Prospects(t.Context(), ProspectQuery{})
			require.NoError(t, err)
			require.Equal(t, tc.known, page.Items[0].TagsKnown)
			require.Equal(t, tc.tags, page.Items[0].Tags)
		})
	}
}

func TestNS07_TicketAndTickets(t *testing.T) {
	e := newEMR(t)
	e.On("GET /v1/DemoOffice/tickets", http.StatusOK, `{"data":[{"TicketID":3,"Subject":"Printer","Status":"Open"}]}`)
	e.On("GET /v1/DemoOffice/ticket/3", http.StatusOK, `{"data":{"TicketID":3,"Subject":"Printer","Status":"Open","Comments":[{"CommentID":1,"Comment":"Hi","Author":"Ann"}]}}`)
	e.On("PUT /v1/DemoOffice/ticket/3", http.StatusOK, `{"data":{"TicketID":3}}`)
	e.On("POST /v1/DemoOffice/tickets/3/comment", http.StatusCreated, `{}`)
	c := e.client(t)
	list, err := c.Tickets(t.Context())
	require.NoError(t, err)
	require.False(t, list[0].CommentsKnown)
	one, err := c.Ticket(t.Context(), list[0].ID)
	require.NoError(t, err)
	require.Equal(t, "Hi", one.Comments[0].Text.String())
	require.NoError(t, c.UpdateTicket(t.Context(), one, Edits{"Status": "Closed"}))
	require.NoError(t, c.CommentTicket(t.Context(), "3", "This is a new comment"))

	t.Run("a wrong form is not guessed", func(t *testing.T) {
		before := len(e.Requests())
		requireKind(t, c.CommentTicket(t.Context(), "4", "hello"), rest.KindNotFound)
		require.Len(t, e.Requests(), before+1)
	})
}

func TestNS08_GlobalRoutes(t *testing.T) {
	e := newEMR(t)
	e.On("GET /v1/products", http.StatusOK, `{"data":[]}`)
	e.On("POST /v1/products", http.StatusOK, `{}`)
	e.On("GET /v1/kb", http.StatusOK, `{"data":[]}`)
	e.On("GET /v1/kb/12", http.StatusOK, document(t, "article.json"))
	e.On("PUT /v1/kb/12", http.StatusOK, `{}`)
	e.On("GET /v1/me", http.StatusOK, `{"data":{"Name":"Demo Partner"}}`)
	e.On("PATCH /v1/me", http.StatusOK, `{}`)
	c := e.client(t)
	ctx := t.Context()
	for name, err := range map[string]error{
		"products": second(c.Products(ctx, "", "")),
		"upsert":   c.UpsertProducts(ctx, []Product{{VendorCode: safe.Line("V"), ProductCode: safe.Line("P"), Name: safe.Line("N"), PriceKnown: true}}),
		"articles": second(c.Articles(ctx, ArticleQuery{})),
		"article":  second(c.Article(ctx, "12")),
		"update":   c.UpdateArticle(ctx, Article{ID: "12"}, Edits{"Title": "New"}),
		"me":       second(c.Me(ctx)),
		"patch":    c.UpdateMe(ctx, Edits{"Name": "Other Partner"}),
	} {
		require.NoError(t, err, name)
	}
	for _, s := range e.Requests() {
		require.Equal(t, "Bearer "+fakeToken, s.Header.Get("Authorization"))
	}
	require.Equal(t, 1, len(e.All())-len(e.Requests()), "one sign-in, under the practice")
}

// TestNS09_NothingBooks: every documented route is used, and no other.
func TestNS09_NothingBooks(t *testing.T) {
	require.ElementsMatch(t, strings.Split(strings.TrimSpace(document(t, "routes.txt")), "\n"), declaredRoutes())
	for _, route := range declaredRoutes() {
		if strings.Contains(route, "availability") {
			require.True(t, strings.HasPrefix(route, "GET"), route)
		}
	}
}

func declaredRoutes() []string {
	var out []string
	for _, op := range []rest.Op{
		opToken, opProspects, opCreateProspect, opUpdateProspect, opTags, opAssignTag,
		opRemoveTag, opRemoveAllTags, opProviders, opProvider, opSchedule, opCheck,
		opSlots, opNextSlot, opProducts, opUpsertProducts, opArticles, opArticle,
		opUpdateArticle, opTickets, opTicket, opUpdateTicket, opCommentTicket, opMe,
		opUpdateMe,
	} {
		out = append(out, op.Method+" "+strings.ReplaceAll(op.Path, "{ppass}", "{PPass}"))
	}
	return out
}

// TestNS10_NoTicketIsCreated: the only write below tickets is a comment.
func TestNS10_NoTicketIsCreated(t *testing.T) {
	for _, route := range declaredRoutes() {
		if strings.HasPrefix(route, "POST") && strings.Contains(route, "/ticket") {
			require.True(t, strings.HasSuffix(route, "/{id}/comment"), route)
		}
	}
	e := newEMR(t)
	requireKind(t, e.client(t).UpdateTicket(t.Context(), Ticket{}, Edits{"Subject": "new"}), rest.KindValidation)
	require.Empty(t, e.All())
}

func TestNS11_Schedule(t *testing.T) {
	const route = "GET /v1/DemoOffice/availability/providers/1/schedule"
	to := ninth.AddDays(6)
	visit := Visit{ID: "101", Time: civil.Time{Hour: 9}, Duration: 30, Type: safe.Line("FOLLOWUP"), Booked: true}
	one := map[civil.Date][]Visit{ninth: {visit}}
	none := map[civil.Date][]Visit{}
	row := `{"VisitID":101,"time":"09:00:00","duration":30,"type":"FOLLOWUP","booked":true}`
	for name, tc := range map[string]struct {
		body  string
		days  map[civil.Date][]Visit
		total int
	}{
		"documented":        {document(t, "schedule.json"), one, 1},
		"empty list":        {`{"data":{"schedule":[],"totalVisits":0}}`, none, 0},
		"empty map":         {`{"data":{"schedule":{}}}`, none, -1},
		"null":              {`{"data":{"schedule":null}}`, none, -1},
		"an empty day":      {`{"data":{"schedule":{"2026-03-09":[` + row + `],"2026-03-10":[]}}}`, map[civil.Date][]Visit{ninth: {visit}, ninth.AddDays(1): nil}, -1},
		"strings":           {`{"schedule":{"2026-03-09":[{"VisitID":"101","time":"09:00","duration":"30","type":"FOLLOWUP","booked":"true"}]},"totalVisits":"1"}`, one, 1},
		"booked left out":   {`{"schedule":{"2026-03-09":[{"VisitID":101,"time":"09:00:00","duration":30,"type":"FOLLOWUP"}]}}`, one, -1},
		"midnight in UTC":   {`{"schedule":{"2026-03-09T00:00:00.000Z":[` + row + `]}}`, one, -1},
		"a day given twice": {`{"schedule":{"2026-03-09":[],"2026-03-09":[` + row + `]}}`, one, -1},
		"outside the range": {`{"schedule":{"2026-03-09":[` + row + `],"2027-01-01":[` + row + `]}}`,
			map[civil.Date][]Visit{ninth: {visit}, {Year: 2027, Month: 1, Day: 1}: {visit}}, -1},
		"a wider range": {`{"startDate":"2026-03-01","endDate":"2026-03-31","schedule":{"2026-03-09":[` + row + `]}}`, one, -1},
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, route, tc.body)
			s, err := c.Schedule(t.Context(), "1", ninth, to, "FOLLOWUP")
			require.NoError(t, err)
			require.Equal(t, tc.days, s.Days)
			require.Equal(t, tc.total, s.Total)
			require.Equal(t, []civil.Date{ninth, ninth.AddDays(1), ninth.AddDays(2), ninth.AddDays(3), ninth.AddDays(4), ninth.AddDays(5), to}, s.Dates())
			require.Equal(t, url.Values{"startDate": {"2026-03-09"}, "endDate": {"2026-03-15"}, "visitType": {"FOLLOWUP"}}, e.Last(t).Query)
		})
	}
	for name, body := range map[string]string{
		"another provider":  `{"provider":{"id":2},"schedule":{}}`,
		"begins later":      `{"startDate":"2026-03-10","schedule":{}}`,
		"ends earlier":      `{"endDate":"2026-03-12","schedule":{}}`,
		"no schedule":       `{"provider":{"id":1}}`,
		"a list of visits":  `{"schedule":[` + row + `]}`,
		"a day of no date":  `{"schedule":{"Monday":[` + row + `]}}`,
		"another hour":      `{"schedule":{"2026-03-09T05:00:00Z":[` + row + `]}}`,
		"no time":           `{"schedule":{"2026-03-09":[{"VisitID":1,"duration":30}]}}`,
		"no duration":       `{"schedule":{"2026-03-09":[{"VisitID":1,"time":"09:00:00"}]}}`,
		"negative duration": `{"schedule":{"2026-03-09":[{"VisitID":1,"time":"09:00:00","duration":-30}]}}`,
		"booked is a word":  `{"schedule":{"2026-03-09":[{"VisitID":1,"time":"09:00:00","duration":30,"booked":"maybe"}]}}`,
		"a number":          `{"schedule":{"2026-03-09":[7]}}`,
		"25 o'clock":        `{"schedule":{"2026-03-09":[{"VisitID":1,"time":"25:00:00","duration":30}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, route, body)
			_, err := c.Schedule(t.Context(), "1", ninth, to, "")
			requireKind(t, err, rest.KindDecode)
		})
	}
	t.Run("bad ranges are not sent", func(t *testing.T) {
		e := newEMR(t)
		c := e.client(t)
		for field, r := range map[string][2]civil.Date{
			"startDate": {{Year: 2026, Month: 2, Day: 31}, ninth},
			"endDate":   {ninth, ninth.AddDays(-1)},
		} {
			_, err := c.Schedule(t.Context(), "1", r[0], r[1], "")
			require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, field)
		}
		_, err := c.Schedule(t.Context(), "1", ninth, ninth.AddDays(366), "")
		requireKind(t, err, rest.KindValidation)
		require.Empty(t, e.All())
	})
}

// TestNS12_SlotsAreAsked: free times come from slots, never from the gaps of a
// schedule, and both are read by their documented names.
func TestNS12_SlotsAreAsked(t *testing.T) {
	const route = "GET /v1/DemoOffice/availability/providers/1/slots"
	three := []civil.Time{{Hour: 9}, {Hour: 11, Minute: 30}, {Hour: 14}}
	for name, tc := range map[string]struct {
		body string
		want []civil.Time
	}{
		"documented":        {document(t, "slots.json"), three},
		"out of order":      {`{"Slots":["14:00:00","09:00","11:30:00","09:00:00"]}`, three},
		"another count":     {`{"Slots":["09:00:00","11:30:00","14:00:00"],"Count":7}`, three},
		"none":              {`{"data":{"ProviderID":"1","Date":"2026-03-09","Duration":"30","Slots":[],"Count":0}}`, []civil.Time{}},
		"null means no one": {`{"data":{"ProviderID":1,"Slots":null,"Count":0}}`, []civil.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, route, tc.body)
			got, err := c.Slots(t.Context(), "1", ninth, 30)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			require.Len(t, e.Requests(), 1)
			require.Equal(t, url.Values{"date": {"2026-03-09"}, "duration": {"30"}}, e.Last(t).Query)
		})
	}
	for name, body := range map[string]string{
		"another provider": `{"ProviderID":2,"Slots":["09:00:00"]}`,
		"another date":     `{"Date":"2026-03-10","Slots":["09:00:00"]}`,
		"another duration": `{"Duration":15,"Slots":["09:00:00"]}`,
		"no list":          `{"ProviderID":1,"Date":"2026-03-09","Duration":30}`,
		"a word":           `{"Slots":"09:00:00"}`,
		"no time":          `{"Slots":["09:00:00","noon"]}`,
		"a number":         `{"Slots":[900]}`,
		"a null":           `{"Slots":[null]}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, route, body)
			_, err := c.Slots(t.Context(), "1", ninth, 30)
			requireKind(t, err, rest.KindDecode)
		})
	}
}

// TestNS13_TimesAreCivil: what was typed is what is sent and what is read, in
// whatever zone the machine is. 02:30 on that day does not exist in New York;
// that is for the EMR to say.
func TestNS13_TimesAreCivil(t *testing.T) {
	if os.Getenv("NS13_ZONE") == "" {
		for _, zone := range []string{"Pacific/Kiritimati", "America/New_York", "UTC"} {
			again := exec.Command(os.Args[0], "-test.run=^TestNS13_TimesAreCivil$", "-test.count=1", "-test.v")
			again.Env = append(os.Environ(), "TZ="+zone, "NS13_ZONE="+zone)
			out, err := again.CombinedOutput()
			require.NoError(t, err, "%s: %s", zone, out)
			require.Contains(t, string(out), "--- PASS: TestNS13_TimesAreCivil")
		}
		return
	}
	eighth, night := civil.Date{Year: 2026, Month: 3, Day: 8}, civil.Time{Hour: 2, Minute: 30}
	const provider = "GET /v1/DemoOffice/availability/providers/1/"
	c, e := start(t, provider+"check", `{"Date":"2026-03-08","Time":"02:30:00","Available":true}`)
	free, err := c.Check(t.Context(), "1", eighth, night, 45)
	require.NoError(t, err)
	require.True(t, free)
	require.Equal(t, url.Values{"date": {"2026-03-08"}, "time": {"02:30:00"}, "duration": {"45"}}, e.Last(t).Query)
	e.On(provider+"slots", http.StatusOK, `{"Date":"2026-03-08","Slots":["02:30:00"]}`)
	slots, err := c.Slots(t.Context(), "1", eighth, 45)
	require.NoError(t, err)
	require.Equal(t, []civil.Time{night}, slots)
}

func TestNS14_NothingIsLostByAnUpdate(t *testing.T) {
	row := `{"ProspectID":5,"FirstName":"Ann","LastName":"Fake","Zip":12345,"DOB":null,"ProviderID":9007199254740993,` +
		`"Prospect":1,"EMail":"ann@example.invalid","Notes":"a\nb","Phone":"555-0100","PtImg":"QUJD","Internal":"x","City":"\ud83d\ude00 <b>"}`
	c, e := start(t, "GET /v1/DemoOffice/prospects", `{"data":[`+row+`]}`)
	e.On("PUT /v1/DemoOffice/prospects/5", http.StatusOK, `{"data":{"ok":true}}`)
	page, err := c.Prospects(t.Context(), ProspectQuery{})
	require.NoError(t, err)
	p := page.Items[0]

	require.NoError(t, c.UpdateProspect(t.Context(), p, Edits{"FirstName": "Anna", "Notes": ""}))
	got := e.Last(t).Body
	require.JSONEq(t, `{"FirstName":"Anna","LastName":"Fake","Zip":12345,"DOB":null,"ProviderID":9007199254740993,`+
		`"Prospect":1,"EMail":"ann@example.invalid","Notes":"","Phone":"555-0100","City":"\ud83d\ude00 <b>"}`, got)
	require.Contains(t, got, "9007199254740993", "no digit is lost")

	t.Run("a record that was not read is not sent", func(t *testing.T) {
		before := len(e.Requests())
		requireKind(t, c.UpdateProspect(t.Context(), Prospect{ID: "5"}, Edits{"City": "x"}), rest.KindValidation)
		requireKind(t, c.UpdateProspect(t.Context(), p, Edits{}), rest.KindValidation)
		require.Len(t, e.Requests(), before)
	})
	t.Run("what vanished is told", func(t *testing.T) {
		e.On("GET /v1/DemoOffice/prospects", http.StatusOK,
			`{"data":[{"ProspectID":4},{"ProspectID":5,"FirstName":"Anna","LastName":" ","Zip":null,"Prospect":0,"ProviderID":9007199254740993,"EMail":"","DOB":"","Phone":"555-0100"}]}`)
		after, err := c.Reread(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, ID("5"), after.ID)
		require.Equal(t, []string{"LastName", "EMail", "City", "Zip", "PtImg"},
			Vanished(p, after, Edits{"FirstName": "Anna", "Notes": ""}))
		require.Empty(t, Vanished(p, p, nil))
	})
}

func TestNS15_ExactNamesAndTypes(t *testing.T) {
	c, e := start(t, "GET /v1/DemoOffice/prospects", `[{"ProspectID":"5","Prospect":"1","ProviderID":"12","EMail":"a@example.invalid","Zip":"01234"}]`)
	e.On("PUT /v1/DemoOffice/prospects/5", http.StatusOK, `{}`)
	e.On("POST /v1/DemoOffice/prospects", http.StatusCreated, `{"data":{"ProspectID":77}}`)
	page, err := c.Prospects(t.Context(), ProspectQuery{})
	require.NoError(t, err)
	p := page.Items[0]
	require.Equal(t, ID("12"), p.ProviderID)
	require.Equal(t, 1, p.Prospect)

	require.NoError(t, c.UpdateProspect(t.Context(), p, Edits{"Prospect": "0", "ProviderID": "3"}))
	requireBody(t, `{"Prospect":0,"ProviderID":3,"EMail":"a@example.invalid","Zip":"01234"}`, e.Last(t))
	require.NoError(t, c.UpdateProspect(t.Context(), p, Edits{"ProviderID": "dr-x"}))
	requireBody(t, `{"Prospect":"1","ProviderID":"dr-x","EMail":"a@example.invalid","Zip":"01234"}`, e.Last(t))
	require.NoError(t, c.UpdateProspect(t.Context(), p, Edits{"ProviderID": ""}))
	requireBody(t, `{"Prospect":"1","ProviderID":null,"EMail":"a@example.invalid","Zip":"01234"}`, e.Last(t))

	id, err := c.CreateProspect(t.Context(), Edits{"FirstName": "John", "LastName": "Doe", "EMail": "john@example.com", "Phone": "555-0123", "MI": ""})
	require.NoError(t, err)
	require.Equal(t, ID("77"), id)
	requireBody(t, document(t, "prospect.request.json"), e.Last(t))

	before := len(e.Requests())
	for name, edits := range map[string]Edits{
		"Email":     {"Email": "a@example.invalid"},
		"Nonsense":  {"FirstName": "x", "Nonsense": "y"},
		"Gender":    {"Gender": "female"},
		"LifeStage": {"LifeStage": "Old"},
		"Type":      {"Type": "patient"},
		"Prospect":  {"Prospect": "true"},
	} {
		got := requireKind(t, c.UpdateProspect(t.Context(), p, edits), rest.KindValidation)
		require.Contains(t, got.Fields, name)
		_, err := c.CreateProspect(t.Context(), edits)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, name)
		require.Equal(t, rest.NotSent, got.Phase)
	}
	require.Len(t, e.Requests(), before, "nothing was sent")
	for name, values := range map[string][]string{"Gender": Genders(), "LifeStage": LifeStages(), "Type": Types(), "Prospect": {"1", "0"}} {
		for _, v := range values {
			require.Empty(t, checkProspect(Edits{name: v}))
		}
	}
}

func TestNS16_OnlyProspects(t *testing.T) {
	c, e := start(t, "GET /v1/DemoOffice/prospects", `[]`)
	_, err := c.Prospects(t.Context(), ProspectQuery{Search: " Fake ", Page: 3, Limit: 50})
	require.NoError(t, err)
	require.Equal(t, url.Values{"search": {"Fake"}, "page": {"3"}, "limit": {"50"}, "prospect": {"true"}}, e.Last(t).Query)
	_, err = c.Prospects(t.Context(), ProspectQuery{Patients: true})
	require.NoError(t, err)
	require.Equal(t, url.Values{"page": {"1"}, "limit": {"25"}}, e.Last(t).Query)
}

func TestNS17_ListEnvelopes(t *testing.T) {
	const rows = `[{"ProspectID":1},{"ProspectID":2}]`
	for name, tc := range map[string]struct {
		body        string
		total       int
		more        bool
		page, limit int
	}{
		"bare":                  {rows, -1, true, 1, 2},
		"data":                  {`{"data":` + rows + `}`, -1, true, 1, 2},
		"data by name":          {`{"data":{"prospects":` + rows + `}}`, -1, true, 1, 2},
		"data by another name":  {`{"data":{"warnings":["x"],"found":` + rows + `}}`, -1, true, 1, 2},
		"data in data":          {`{"data":{"data":` + rows + `,"total":9}}`, 9, true, 1, 2},
		"top level":             {`{"prospects":` + rows + `}`, -1, true, 1, 2},
		"name beside others":    {`{"data":{"errors":[],"prospects":` + rows + `}}`, -1, true, 1, 2},
		"pagination":            {`{"data":` + rows + `,"pagination":{"page":1,"limit":2,"total":2,"totalPages":1}}`, 2, false, 1, 2},
		"meta":                  {`{"data":` + rows + `,"meta":{"page":"1","limit":"2","total":"3","pages":"2"}}`, 3, true, 1, 2},
		"top totals":            {`{"prospects":` + rows + `,"page":1,"limit":2,"total":5}`, 5, true, 1, 2},
		"totals inside data":    {`{"data":{"prospects":` + rows + `,"pagination":{"total":2}}}`, 2, false, 1, 2},
		"another page size":     {`{"data":` + rows + `,"pagination":{"limit":100}}`, -1, false, 1, 100},
		"another page":          {`{"data":` + rows + `,"pagination":{"page":4,"totalPages":4}}`, -1, false, 4, 2},
		"total below the rows":  {`{"data":` + rows + `,"total":0}`, -1, true, 1, 2},
		"totals of other types": {`{"data":` + rows + `,"total":{"value":2},"page":null,"limit":"all"}`, -1, true, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/prospects", tc.body)
			page, err := c.Prospects(t.Context(), ProspectQuery{Limit: 2})
			require.NoError(t, err)
			require.Len(t, page.Items, 2)
			require.Equal(t, ID("2"), page.Items[1].ID)
			require.Equal(t, [3]int{tc.total, tc.page, tc.limit}, [3]int{page.Total, page.Page, page.Limit})
			require.Equal(t, tc.more, page.More)
		})
	}
	for name, body := range map[string]string{
		"empty": `[]`, "empty data": `{"data":[]}`, "null": `{"data":null}`,
		"empty by name": `{"data":{"prospects":[]}}`, "null by name": `{"prospects":null}`,
		"empty, any name": `{"data":{"found":[]},"total":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/prospects", body)
			page, err := c.Prospects(t.Context(), ProspectQuery{Limit: 2})
			require.NoError(t, err)
			require.Empty(t, page.Items)
			require.False(t, page.More)
		})
	}
	for name, body := range map[string]string{
		"nothing": `{}`, "a word": `"none"`, "a number": `7`, "data of a word": `{"data":"none"}`,
		"two empty lists": `{"a":[],"b":[]}`,
		"a null row":      `[null]`, "a row of a number": `{"data":[{"ProspectID":1},5]}`,
		"a row without id": `[{"FirstName":"Ann"}]`, "a row with an odd id": `[{"ProspectID":1.5}]`,
		"a name of two": `[{"ProspectID":1,"LastName":["secret-name"]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/prospects", body)
			_, err := c.Prospects(t.Context(), ProspectQuery{})
			requireKind(t, err, rest.KindDecode, "secret-name")
			require.NotContains(t, rest.UserMessage(err), "secret-name")
		})
	}
	t.Run("smaller pages than asked for", func(t *testing.T) {
		p := paged(make([]int, 10), counts{-1, -1, 25, -1}, 2, 100)
		require.True(t, p.More, "20 of 25 were seen")
		p = paged(make([]int, 5), counts{-1, 10, 25, -1}, 3, 100)
		require.False(t, p.More)
	})
}

func TestNS18_CreatedID(t *testing.T) {
	for body, want := range map[string]ID{
		`{"data":{"ProspectID":77}}`:               "77",
		`{"data":{"PatientID":"77"}}`:              "77",
		`{"data":{"ID":77}}`:                       "77",
		`{"data":{"id":77}}`:                       "77",
		`{"data":{"insertId":77}}`:                 "77",
		`{"ProspectID":77}`:                        "77",
		`{"id":77,"message":"created"}`:            "77",
		`{"id":77,"data":{}}`:                      "77",
		`{"data":{"prospect":{"ProspectID":77}}}`:  "77",
		`{"data":77}`:                              "77",
		`{"data":[{"id":77}]}`:                     "77",
		`{"data":{"ProspectID":9007199254740993}}`: "9007199254740993",
		`{"data":{"ProspectID":8.198787e+07}}`:     "81987870",
		`{"success":true}`:                         "",
		`{"data":{"ProspectID":0}}`:                "",
		`{"data":{"ProspectID":null}}`:             "",
		`{"data":{"ProspectID":null,"ID":77}}`:     "77",
		`{"data":{"ProspectID":{"x":1}}}`:          "",
		`{"data":{"FirstName":"John"}}`:            "",
		`{"data":{"ProspectID":"../5"}}`:           "",
		`"created"`:                                "",
		`{"data":"created"}`:                       "",
		`null`:                                     "",
		``:                                         "",
	} {
		t.Run(body, func(t *testing.T) {
			e := newEMR(t)
			e.On("POST /v1/DemoOffice/prospects", http.StatusCreated, body)
			id, err := e.client(t).CreateProspect(t.Context(), Edits{"FirstName": "John"})
			require.NoError(t, err, "it was created")
			require.Equal(t, want, id)
			require.Len(t, e.Requests(), 1)
		})
	}
}

// TestNS18_RowID: a list of everybody can leave one kind of id empty.
func TestNS18_RowID(t *testing.T) {
	c, _ := start(t, "GET /v1/DemoOffice/prospects", `[{"ProspectID":5,"PatientID":null},{"ProspectID":null,"PatientID":6},{"ProspectID":"","ID":7}]`)
	page, err := c.Prospects(t.Context(), ProspectQuery{Patients: true})
	require.NoError(t, err)
	var ids []ID
	for _, p := range page.Items {
		ids = append(ids, p.ID)
	}
	require.Equal(t, []ID{"5", "6", "7"}, ids)
}

func TestNS19_MissingScopeIsNamed(t *testing.T) {
	calls := map[string]struct {
		scope string
		do    func(context.Context, *Client) error
	}{
		"providers": {"Providers", func(ctx context.Context, c *Client) error { return second(c.Providers(ctx)) }},
		"slots":     {"Providers", func(ctx context.Context, c *Client) error { return second(c.Slots(ctx, "1", ninth, 30)) }},
		"products":  {"ProductPro.Products", func(ctx context.Context, c *Client) error { return second(c.Products(ctx, "", "")) }},
		"articles":  {"KB", func(ctx context.Context, c *Client) error { return second(c.Articles(ctx, ArticleQuery{})) }},
		"tickets":   {"Tickets", func(ctx context.Context, c *Client) error { return second(c.Tickets(ctx)) }},
		"comment":   {"Tickets", func(ctx context.Context, c *Client) error { return c.CommentTicket(ctx, "3", "hello") }},
	}
	for name, tc := range calls {
		t.Run(name, func(t *testing.T) {
			e := newEMR(t)
			e.On(vendortest.Otherwise, http.StatusForbidden, `{"error":"insufficient scope"}`)
			err := tc.do(t.Context(), e.client(t))
			got := requireKind(t, err, rest.KindForbidden, "insufficient")
			require.Equal(t, tc.scope, got.Scope)
			require.Contains(t, rest.UserMessage(err), tc.scope)
		})
	}
}

func TestNS20_Prices(t *testing.T) {
	for in, want := range map[string]struct {
		cents int64
		known bool
	}{
		`99.99`: {9999, true}, `"99.99"`: {9999, true}, `99.9`: {9990, true}, `100`: {10000, true},
		`0.29`: {29, true}, `1.10`: {110, true}, `4.350`: {435, true}, `"$12.50"`: {1250, true},
		`90071992547409.93`: {9007199254740993, true}, `1e2`: {10000, true}, `-5.00`: {-500, true},
		`99.995`: {0, false}, `null`: {0, false}, `""`: {0, false}, `"call us"`: {0, false},
		`1e999999999`: {0, false}, `99999999999999999999`: {0, false}, `true`: {0, false},
	} {
		t.Run(in, func(t *testing.T) {
			c, _ := start(t, "GET /v1/products", `{"data":[{"VendorCode":"V001","ProductCode":"P001","Product":"Example","RetailPrice":`+in+`}]}`)
			list, err := c.Products(t.Context(), "", "")
			require.NoError(t, err)
			require.Equal(t, want.known, list[0].PriceKnown)
			require.Equal(t, want.cents, list[0].RetailPrice)
			if in == `99.995` || in == `"call us"` {
				require.Equal(t, strings.Trim(in, `"`), list[0].PriceText.String(), "kept as it came")
			}
		})
	}
	t.Run("sent with two decimals", func(t *testing.T) {
		c, e := start(t, "POST /v1/products", `{}`)
		p := Product{VendorCode: safe.Line("V001"), ProductCode: safe.Line("P001"), Name: safe.Line("Example Product"), RetailPrice: 9999, PriceKnown: true}
		require.NoError(t, c.UpsertProducts(t.Context(), []Product{p}))
		requireBody(t, document(t, "products.request.json"), e.Last(t))
		for cents, want := range map[int64]string{5: "0.05", 100: "1.00", 9007199254740993: "90071992547409.93"} {
			p.RetailPrice = cents
			require.NoError(t, c.UpsertProducts(t.Context(), []Product{p}))
			require.Contains(t, e.Last(t).Body, `"RetailPrice":`+want)
		}
	})
	t.Run("not sent when not known", func(t *testing.T) {
		e := newEMR(t)
		c := e.client(t)
		ok := Product{VendorCode: safe.Line("V"), ProductCode: safe.Line("P"), Name: safe.Line("N"), PriceKnown: true}
		unknown, negative, nameless := ok, ok, ok
		unknown.PriceKnown, negative.RetailPrice, nameless.Name = false, -1, safe.Text{}
		for _, list := range [][]Product{nil, {unknown}, {ok, negative}, {nameless}, {ok, ok}} {
			requireKind(t, c.UpsertProducts(t.Context(), list), rest.KindValidation)
		}
		require.Empty(t, e.All())
	})
}

func TestNS21_AuthorIsTheOperator(t *testing.T) {
	c, e := start(t, "POST /v1/DemoOffice/tickets/3/comment", `{}`)
	require.NoError(t, c.CommentTicket(t.Context(), "3", "This is a new comment"))
	requireBody(t, document(t, "comment.request.json"), e.Last(t))

	nobody := e.client(t, func(cfg *Config) { cfg.Operator = "" })
	requireKind(t, nobody.CommentTicket(t.Context(), "3", "hello"), rest.KindConfig)
	requireKind(t, c.CommentTicket(t.Context(), "3", " \n"), rest.KindValidation)
	require.Len(t, e.Requests(), 1)
}

func TestNS22_PPass(t *testing.T) {
	e := newEMR(t)
	for _, bad := range []string{"", "kb", "KB", "products", "Products", "me", "ME", "a/b", "/", `a\b`, ".", "..", "a b", "a?b", "a#b", "a%2fb", "a\nb"} {
		cfg := e.config()
		cfg.PPass = bad
		_, err := New(cfg)
		requireKind(t, err, rest.KindConfig)
		require.Contains(t, rest.UserMessage(err), "PPass")
	}
	for _, good := range []string{"DemoOffice", "kb2", "meadow", "demo-office_1"} {
		cfg := e.config()
		cfg.PPass = good
		c, err := New(cfg)
		require.NoError(t, err)
		c.Close()
	}
	t.Run("no base below v1", func(t *testing.T) {
		cfg := e.config()
		cfg.Base += "/v1/DemoOffice"
		_, err := New(cfg)
		requireKind(t, err, rest.KindConfig)
	})
}

func TestNS23_SearchIsPatientData(t *testing.T) {
	e := newEMR(t)
	e.On("GET /v1/DemoOffice/prospects", http.StatusBadRequest, `{"error":"Fakename is not allowed"}`)
	c := e.client(t)
	for _, short := range []string{"F", " F ", "é"} {
		_, err := c.Prospects(t.Context(), ProspectQuery{Search: short})
		got := requireKind(t, err, rest.KindValidation)
		require.Contains(t, got.Fields, "search")
	}
	require.Empty(t, e.Requests())
	_, err := c.Prospects(t.Context(), ProspectQuery{Search: "Fakename"})
	got := requireKind(t, err, rest.KindValidation, "Fakename", "search=")
	require.Equal(t, "Fakename is not allowed", got.Message.String(), "for the screen")
}

func TestNS24_ThePictureIsLeftAlone(t *testing.T) {
	c, e := start(t, "GET /v1/DemoOffice/prospects", `[{"ProspectID":5,"FirstName":"Ann","PtImg":"cGljdHVyZQ=="}]`)
	e.On("PUT /v1/DemoOffice/prospects/5", http.StatusOK, `{}`)
	page, err := c.Prospects(t.Context(), ProspectQuery{})
	require.NoError(t, err)
	p := page.Items[0]
	require.True(t, p.Value("PtImg").Empty())
	require.NotContains(t, fmt.Sprintf("%#v", p), "cGljdHVyZQ==", "it is not even kept")
	require.NoError(t, c.UpdateProspect(t.Context(), p, Edits{"FirstName": "Bo"}))
	require.NotContains(t, e.Last(t).Body, "PtImg")
	before := len(e.Requests())
	requireKind(t, c.UpdateProspect(t.Context(), p, Edits{"PtImg": "x"}), rest.KindValidation)
	_, err = c.CreateProspect(t.Context(), Edits{"FirstName": "Bo", "PtImg": "x"})
	requireKind(t, err, rest.KindValidation)
	require.Len(t, e.Requests(), before)
}
