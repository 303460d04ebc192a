package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// The document's own examples of answers, as it prints them.
var documented = []struct{ name, path, answer string }{
	{"schedule", "/v1/DemoOffice/availability/providers/1/schedule?startDate=2026-03-09&endDate=2026-03-15", `{
		"data": {
			"provider": {"id": 1, "name": "Jane Smith", "title": "PA-C", "specialty": "Aesthetics"},
			"startDate": "2026-03-09", "endDate": "2026-03-15",
			"schedule": {"2026-03-09": [{"VisitID": 101, "time": "09:00:00", "duration": 30, "type": "FOLLOWUP", "booked": true}]},
			"totalVisits": 1
		}}`},
	{"check", "/v1/DemoOffice/availability/providers/1/check?date=2026-03-09&time=10:15:00&duration=30", `{
		"data": {"ProviderID": 1, "Date": "2026-03-09", "Time": "10:15:00", "Duration": 30, "Available": true}}`},
	{"slots", "/v1/DemoOffice/availability/providers/1/slots?date=2026-03-09&duration=30", `{
		"data": {"ProviderID": 1, "Date": "2026-03-09", "Duration": 30, "Slots": ["09:00:00", "11:30:00", "14:00:00"], "Count": 3}}`},
	{"next slot", "/v1/DemoOffice/availability/providers/1/next-slot?duration=30&maxDays=30", `{
		"data": {"ProviderID": 1, "Duration": 30, "SearchWindowDays": 30,
			"TheNextSlot": {"ProviderID": "1", "Date": "2026-03-10", "Time": "09:00:00"}}}`},
	{"article", "/v1/kb/12", `{
		"data": {"KBID": 12, "Title": "Insurance Verification Workflow", "Article": "Step-by-step process...",
			"Category": "Billing", "Type": "HowTo", "Tags": "insurance, verification", "Active": true}}`},
}

func TestAnswersHaveTheDocumentedShape(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	for _, doc := range documented {
		t.Run(doc.name, func(t *testing.T) {
			_, b, err := d.raw("GET", doc.path, "")
			require.NoError(t, err)
			require.JSONEq(t, shape(t, []byte(doc.answer)), shape(t, b))
		})
	}
}

func TestSignInAnswerIsNotWrapped(t *testing.T) {
	s := start(t, Options{})
	d := &desk{TB: t, s: s, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	_, b, err := d.raw("POST", "/v1/DemoOffice/auth/token", `{"apiKey":"`+FakeEMRKey+`"}`)
	require.NoError(t, err)
	require.JSONEq(t, shape(t, []byte(`{"accessToken": "eyJhbGciOiJIUzI1NiIs...", "tokenType": "Bearer", "expiresIn": "24h"}`)), shape(t, b))
	require.Contains(t, string(b), `"expiresIn":"24h"`)
	require.Contains(t, string(b), `"accessToken":"eyJhbGciOiJIUzI1NiIs`, "the header of a JWT signed with HS256")
}

// The document's own example requests are taken.
func TestDocumentedRequestsAreTaken(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	d.s.Plant("tags", map[string]any{"Tag": "padding"})
	for range 123 - 21 {
		d.s.Plant("tags", map[string]any{"Tag": "padding"})
	}
	for _, req := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "/v1/DemoOffice/prospects", `{"FirstName": "John", "LastName": "Doe", "EMail": "john@example.com", "Phone": "555-0123"}`, 201},
		{"POST", "/v1/DemoOffice/tags/prospects/5", `{"tagId": 123}`, 200},
		{"POST", "/v1/products", `{"products": [{"VendorCode": "V001", "ProductCode": "P001", "Product": "Example Product", "RetailPrice": 99.99}]}`, 200},
		{"POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment": "This is a new comment", "Author": "Support Agent"}`, 201},
	} {
		status, answer := d.do(req.method, req.path, req.body)
		require.Equal(t, req.want, status, "%s: %v", req.path, answer)
	}
}

func TestRowsHaveTheAgreedFields(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	person := append([]string{"ProspectID", "ProviderID", "Prospect", "Tags"}, prospectTexts...)
	for path, want := range map[string][]string{
		"/v1/DemoOffice/prospects":              person,
		"/v1/DemoOffice/tags":                   {"TagID", "Tag"},
		"/v1/DemoOffice/availability/providers": {"id", "name", "title", "specialty"},
		"/v1/DemoOffice/tickets":                {"TicketID", "Subject", "Description", "Status", "Priority", "Category", "AssignedTo", "CreatedAt", "UpdatedAt"},
		"/v1/products":                          {"ProductID", "VendorCode", "ProductCode", "Product", "RetailPrice"},
		"/v1/kb":                                {"KBID", "Title", "Category", "Type", "Tags", "Active"},
	} {
		rows := d.rows(path)
		require.NotEmpty(t, rows, path)
		for _, r := range rows {
			require.ElementsMatch(t, want, keys(r), path)
		}
	}
	require.ElementsMatch(t, []string{"PartnerID", "Name", "Company", "Email", "Phone", "Scopes"}, keys(d.object("/v1/me")))
	ticket := d.object("/v1/DemoOffice/ticket/1")
	comments, _ := ticket["Comments"].([]any)
	first, _ := comments[0].(map[string]any)
	require.ElementsMatch(t, []string{"CommentID", "Comment", "Author", "CreatedAt"}, keys(first))
}

func keys(m map[string]any) (names []string) {
	for k := range m {
		names = append(names, k)
	}
	return names
}

var isDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// shape reduces JSON to its keys and the kinds of its values; keys which are
// dates count as one, lists as their first element.
func shape(t *testing.T, b []byte) string {
	t.Helper()
	v, ok := parse(b)
	require.True(t, ok, "%s", b)
	out, err := json.Marshal(kinds(v))
	require.NoError(t, err)
	return string(out)
}

func kinds(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for k := range v {
			name := k
			if isDate.MatchString(k) {
				name = "<date>"
			}
			m[name] = kinds(v[k])
		}
		return m
	case []any:
		if len(v) == 0 {
			return []any{}
		}
		return []any{kinds(v[0])}
	case json.Number:
		return "number"
	case string:
		return "string"
	case bool:
		return "bool"
	}
	return nil
}
