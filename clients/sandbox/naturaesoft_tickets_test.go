package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTicketsAreUpdatedAndCommented(t *testing.T) {
	s := start(t, Options{})
	d := signIn(t, s)
	before := d.object("/v1/DemoOffice/ticket/1")
	d.wantStatus(200, "PUT", "/v1/DemoOffice/ticket/1", `{"Status":"Closed"}`)
	d.wantStatus(201, "POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment":"Done.","Author":"Maria"}`)
	after := d.object("/v1/DemoOffice/ticket/1")
	require.Equal(t, "Closed", after["Status"])
	require.Equal(t, before["Subject"], after["Subject"])
	require.Equal(t, "2026-03-09T07:00:00Z", after["UpdatedAt"])
	old, _ := before["Comments"].([]any)
	comments, _ := after["Comments"].([]any)
	require.Len(t, comments, len(old)+1)
	last, _ := comments[len(old)].(map[string]any)
	require.Equal(t, []any{"Done.", "Maria"}, []any{last["Comment"], last["Author"]})

	ids := map[int]bool{}
	for _, r := range d.rows("/v1/DemoOffice/tickets") {
		one := s.emr.tickets.rows[number(r["TicketID"])-1]
		all, _ := one["Comments"].([]row)
		for _, c := range all {
			n, _ := c["CommentID"].(int)
			require.False(t, ids[n], "comments have numbers of their own")
			ids[n] = true
		}
	}
}

func TestTicketRefusals(t *testing.T) {
	d := signIn(t, start(t, Options{}))
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"PUT", "/v1/DemoOffice/ticket/1", `{"status":"Closed"}`, 422},
		{"PUT", "/v1/DemoOffice/ticket/1", `{"Comments":[]}`, 422},
		{"PUT", "/v1/DemoOffice/ticket/1", `{"Status":null}`, 422},
		{"PUT", "/v1/DemoOffice/ticket/99", `{"Status":"Closed"}`, 404},
		{"POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment":"","Author":"M"}`, 422},
		{"POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment":"c"}`, 422},
		{"POST", "/v1/DemoOffice/tickets/1/comment", `{"Comment":"c","Author":"M","By":"M"}`, 422},
		{"POST", "/v1/DemoOffice/tickets/99/comment", `{"Comment":"c","Author":"M"}`, 404},
		// singular and plural are not the same, and neither are the verbs
		{"GET", "/v1/DemoOffice/tickets/1", "", 404},
		{"PUT", "/v1/DemoOffice/tickets/1", `{"Status":"Closed"}`, 404},
		{"GET", "/v1/DemoOffice/ticket", "", 404},
		{"POST", "/v1/DemoOffice/ticket/1/comment", `{"Comment":"c","Author":"M"}`, 404},
		{"POST", "/v1/DemoOffice/tickets/1/comments", `{"Comment":"c","Author":"M"}`, 404},
		{"PATCH", "/v1/DemoOffice/ticket/1", `{"Status":"Closed"}`, 404},
		{"POST", "/v1/DemoOffice/tickets", `{"Subject":"new"}`, 404},
		{"POST", "/v1/DemoOffice/tags", `{"Tag":"new"}`, 404},
		{"DELETE", "/v1/DemoOffice/prospects/1", "", 404},
		{"GET", "/v1/DemoOffice/prospects/1", "", 404},
		{"GET", "/v1/DemoOffice/providers", "", 404},
		{"GET", "/v1/DemoOffice/products", "", 404},
		{"GET", "/v1/DemoOffice/kb", "", 404},
		{"PUT", "/v1/me", `{}`, 404},
		{"GET", "/v2/DemoOffice/tags", "", 404},
		{"GET", "/v1/DemoOffice/tags/", "", 404},
	} {
		d.wantStatus(c.want, c.method, c.path, c.body)
	}
	require.Equal(t, 16, d.s.Requests("unmatched naturaesoft"))
}
