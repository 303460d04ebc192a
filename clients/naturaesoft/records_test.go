package naturaesoft

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

func TestArticles(t *testing.T) {
	c, e := start(t, "GET /v1/kb", `{"data":[{"KBID":12,"Title":"One","Active":"0","Tags":["a","b"]},{"KBID":"13"}]}`)
	list, err := c.Articles(t.Context(), ArticleQuery{Search: "one", Category: "Billing", Type: "HowTo"})
	require.NoError(t, err)
	require.Equal(t, url.Values{"search": {"one"}, "category": {"Billing"}, "type": {"HowTo"}}, e.Last(t).Query)
	require.Equal(t, "a, b", list[0].Tags.String())
	require.True(t, list[0].ActiveKnown)
	require.False(t, list[0].Active)
	require.False(t, list[1].ActiveKnown)
	_, err = c.Articles(t.Context(), ArticleQuery{})
	require.NoError(t, err)
	require.Empty(t, e.Last(t).Query)

	e.On("GET /v1/kb/14", http.StatusOK, document(t, "article.json"))
	_, err = c.Article(t.Context(), "14")
	requireKind(t, err, rest.KindDecode)
}

// TestNothingIsNoRecord: an answer that holds no record is not an empty one,
// and above all is not saved back.
func TestNothingIsNoRecord(t *testing.T) {
	for _, body := range []string{
		`{}`, `{"data":{}}`, `{"data":{"data":{"KBID":12,"TicketID":3,"id":1,"Name":"Demo"}}}`,
		`{"data":{"KBID":null,"Title":null,"TicketID":null,"Subject":"","id":null,"name":null}}`,
		`{"success":true,"message":"Not found"}`,
	} {
		t.Run(body, func(t *testing.T) {
			e := newEMR(t)
			for _, route := range []string{"/v1/kb/12", "/v1/DemoOffice/ticket/3", "/v1/DemoOffice/availability/providers/1"} {
				e.On(route, http.StatusOK, body)
			}
			c := e.client(t)
			_, err := c.Article(t.Context(), "12")
			requireKind(t, err, rest.KindDecode)
			requireKind(t, c.UpdateArticle(t.Context(), Article{ID: "12"}, Edits{"Title": "New"}), rest.KindDecode)
			_, err = c.Ticket(t.Context(), "3")
			requireKind(t, err, rest.KindDecode)
			requireKind(t, c.UpdateTicket(t.Context(), Ticket{ID: "3"}, Edits{"Status": "Closed"}), rest.KindDecode)
			_, err = c.Provider(t.Context(), "1")
			requireKind(t, err, rest.KindDecode)
			require.Empty(t, e.To("PUT /v1/kb/12"))
			require.Empty(t, e.To("PUT /v1/DemoOffice/ticket/3"))
		})
	}
	for _, body := range []string{`{}`, `{"data":{}}`, `{"data":{"data":{"Name":"Demo"}}}`} {
		c, _ := start(t, "GET /v1/me", body)
		_, err := c.Me(t.Context())
		requireKind(t, err, rest.KindDecode)
	}
}

func TestUpdateArticle(t *testing.T) {
	c, e := start(t, "GET /v1/kb/12", document(t, "article.json"))
	e.On("PUT /v1/kb/12", http.StatusOK, `{"data":{}}`)
	a, err := c.Article(t.Context(), "12")
	require.NoError(t, err)
	require.NoError(t, c.UpdateArticle(t.Context(), a, Edits{"Title": "New", "Active": "0"}))
	requireBody(t, `{"Title":"New","Article":"Step-by-step process...","Category":"Billing","Type":"HowTo","Tags":"insurance, verification","Active":false}`, e.Last(t))

	t.Run("from a row of a list nothing is lost", func(t *testing.T) {
		require.NoError(t, c.UpdateArticle(t.Context(), Article{ID: "12"}, Edits{"Type": "Note"}))
		require.Contains(t, e.Last(t).Body, "Step-by-step process...")
	})
	t.Run("somebody else was faster", func(t *testing.T) {
		e.On("GET /v1/kb/12", http.StatusOK, `{"KBID":12,"Title":"Theirs","Article":"Step-by-step process...","Active":1}`)
		got := requireKind(t, c.UpdateArticle(t.Context(), a, Edits{"Title": "Mine"}), rest.KindConflict, "Theirs")
		require.Contains(t, got.Fields, "Title")
		require.Equal(t, "GET", e.Last(t).Method, "nothing was sent")
		require.NoError(t, c.UpdateArticle(t.Context(), Article{ID: "12"}, Edits{"Active": "no"}))
		requireBody(t, `{"Title":"Theirs","Article":"Step-by-step process...","Active":0}`, e.Last(t))
	})
	t.Run("wrong edits are not sent", func(t *testing.T) {
		before := len(e.Requests())
		for field, edits := range map[string]Edits{
			"KBID": {"KBID": "13"}, "Active": {"Active": "perhaps"}, "title": {"title": "x"},
		} {
			require.Contains(t, requireKind(t, c.UpdateArticle(t.Context(), a, edits), rest.KindValidation).Fields, field)
		}
		requireKind(t, c.UpdateArticle(t.Context(), a, nil), rest.KindValidation)
		require.Len(t, e.Requests(), before)
	})
}

func TestTickets(t *testing.T) {
	const row = `{"TicketID":3,"Subject":"Printer","Description":"a\nb","Status":"Open","Priority":2,"Category":null,` +
		`"AssignedTo":{"id":1,"name":"Bo"},"CreatedAt":"2026-03-01T10:00:00Z","Comments":[{"CommentID":1,"Comment":"Hi\nthere","Author":"Ann","CreatedAt":"2026-03-02"},"plain"]}`
	want := []Comment{
		{ID: "1", Text: safe.Paragraphs("Hi\nthere"), Author: safe.Line("Ann"), Created: safe.Line("2026-03-02")},
		{Text: safe.Paragraphs("plain")},
	}
	for name, body := range map[string]string{
		"in data":       `{"data":` + row + `}`,
		"bare":          row,
		"under ticket":  `{"ticket":` + row + `}`,
		"under both":    `{"data":{"ticket":` + row + `}}`,
		"comments near": `{"data":{"ticket":{"id":"3","title":"Printer","body":"a\nb","status":"Open","priority":2,"assignee":"Bo","created":"2026-03-01T10:00:00Z"},"comments":[{"id":1,"text":"Hi\nthere","author":"Ann","created":"2026-03-02"},"plain"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/ticket/3", body)
			ticket, err := c.Ticket(t.Context(), "3")
			require.NoError(t, err)
			ticket.row = nil
			require.Equal(t, Ticket{
				ID: "3", Subject: safe.Line("Printer"), Description: safe.Paragraphs("a\nb"), Status: safe.Line("Open"),
				Priority: safe.Line("2"), AssignedTo: safe.Line("Bo"), Created: safe.Line("2026-03-01T10:00:00Z"),
				Comments: want, CommentsKnown: true,
			}, ticket)
		})
	}
	for name, body := range map[string]string{
		"another ticket": `{"TicketID":4}`, "comments of a number": `{"TicketID":3,"Comments":2}`,
		"a broken comment": `{"TicketID":3,"Comments":[[1]]}`, "a list": `[{"TicketID":3},{"TicketID":4}]`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/ticket/3", body)
			_, err := c.Ticket(t.Context(), "3")
			requireKind(t, err, rest.KindDecode)
		})
	}
}

func TestUpdateTicket(t *testing.T) {
	c, e := start(t, "GET /v1/DemoOffice/ticket/3",
		`{"data":{"TicketID":3,"Subject":"Printer","Status":"Open","Priority":2,"Urgent":true,"Owner":{"id":1},"bad name":"x","CreatedAt":"2026-03-01","UpdatedBy":"Bo","Comments":[]}}`)
	e.On("PUT /v1/DemoOffice/ticket/3", http.StatusOK, "")
	ticket, err := c.Ticket(t.Context(), "3")
	require.NoError(t, err)
	var names []string
	for _, f := range ticket.Fields() {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"Subject", "Status", "Priority", "Urgent"}, names)

	require.NoError(t, c.UpdateTicket(t.Context(), ticket, Edits{"Status": "Closed", "Priority": "1", "Urgent": "no"}))
	requireBody(t, `{"Subject":"Printer","Status":"Closed","Priority":1,"Urgent":false}`, e.Last(t))
	require.NoError(t, c.UpdateTicket(t.Context(), Ticket{ID: "3"}, Edits{"Priority": "high"}))
	requireBody(t, `{"Subject":"Printer","Status":"Open","Priority":"high","Urgent":true}`, e.Last(t))

	got := requireKind(t, c.UpdateTicket(t.Context(), ticket, Edits{"CreatedAt": "2020-01-01", "Nonsense": "x"}), rest.KindValidation)
	require.Len(t, got.Fields, 2)
	requireKind(t, c.UpdateTicket(t.Context(), ticket, nil), rest.KindValidation)

	e.On("GET /v1/DemoOffice/ticket/3", http.StatusOK, `{"TicketID":3,"Subject":"Printer","Status":"Waiting"}`)
	got = requireKind(t, c.UpdateTicket(t.Context(), ticket, Edits{"Status": "Closed"}), rest.KindConflict)
	require.Contains(t, got.Fields, "Status")
	require.Equal(t, "GET", e.Last(t).Method, "nothing was sent")

	e.On("GET /v1/DemoOffice/ticket/3", http.StatusOK, `{"TicketID":3,"Subject":"Printer"}`)
	require.NoError(t, c.UpdateTicket(t.Context(), Ticket{ID: "3"}, Edits{"Status": "Closed"}))
	requireBody(t, `{"Subject":"Printer","Status":"Closed"}`, e.Last(t))

	e.On("GET /v1/DemoOffice/ticket/3", http.StatusOK, `{"id":3,"subject":"Printer","status":"Open"}`)
	ticket, err = c.Ticket(t.Context(), "3")
	require.NoError(t, err)
	require.NoError(t, c.UpdateTicket(t.Context(), ticket, Edits{"Status": "Closed"}))
	requireBody(t, `{"subject":"Printer","status":"Closed"}`, e.Last(t))
}

func TestMe(t *testing.T) {
	for name, body := range map[string]string{
		"in data":       `{"data":{"PartnerID":9,"Name":"Demo","Company":"Fake Inc","Email":"a@example.invalid","Phone":"555","Scopes":["KB","Tickets"]}}`,
		"under partner": `{"data":{"partner":{"id":"9","name":"Demo","company":"Fake Inc","email":"a@example.invalid","phone":555,"scopes":"KB, Tickets"}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, e := start(t, "GET /v1/me", body)
			e.On("PATCH /v1/me", http.StatusOK, `{}`)
			me, err := c.Me(t.Context())
			require.NoError(t, err)
			fields := me.Fields()
			me.row = nil
			require.Equal(t, Me{
				ID: "9", Name: safe.Line("Demo"), Company: safe.Line("Fake Inc"), Email: safe.Line("a@example.invalid"),
				Phone: safe.Line("555"), Scopes: []safe.Text{safe.Line("KB"), safe.Line("Tickets")}, ScopesKnown: true,
			}, me)
			require.Len(t, fields, 4)
			require.NoError(t, c.UpdateMe(t.Context(), Edits{fields[3].Name: "777"}))
			require.Contains(t, e.Last(t).Body, `777`)
			require.NotContains(t, e.Last(t).Body, "Demo", "only what was edited")

			before := len(e.Requests())
			for _, edits := range []Edits{{"PartnerID": "1"}, {"Scopes": "all"}, {"Nonsense": "x"}, {}} {
				requireKind(t, c.UpdateMe(t.Context(), edits), rest.KindValidation)
			}
			for _, s := range e.Requests()[before:] {
				require.Equal(t, "GET", s.Method)
			}
		})
	}
}

func TestProductsQuery(t *testing.T) {
	c, e := start(t, "GET /v1/products", `{"products":[{"ProductID":4,"VendorCode":"V001","ProductCode":1,"Product":"Example"}]}`)
	list, err := c.Products(t.Context(), "cream", "V001")
	require.NoError(t, err)
	require.Equal(t, url.Values{"search": {"cream"}, "vendorCode": {"V001"}}, e.Last(t).Query)
	require.Equal(t, []Product{{ID: "4", VendorCode: safe.Line("V001"), ProductCode: safe.Line("1"), Name: safe.Line("Example")}}, list)
}

func TestTags(t *testing.T) {
	for name, body := range map[string]string{
		"records": `{"data":[{"TagID":1,"Tag":"VIP"},{"TagID":"2","Tag":"New"}]}`,
		"others":  `[{"id":1,"name":"VIP"},{"ID":2,"TagName":"New"}]`,
		"by name": `{"data":{"tags":[{"id":1,"label":"VIP"},{"id":2,"title":"New"}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := start(t, "GET /v1/DemoOffice/tags", body)
			tags, err := c.Tags(t.Context())
			require.NoError(t, err)
			require.Equal(t, []Tag{{"1", safe.Line("VIP")}, {"2", safe.Line("New")}}, tags)
		})
	}
	c, _ := start(t, "GET /v1/DemoOffice/tags", `[{"TagID":1,"Tag":"VIP"},{"Tag":"no id"}]`)
	_, err := c.Tags(t.Context())
	requireKind(t, err, rest.KindDecode)
}
