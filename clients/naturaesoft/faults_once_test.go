package naturaesoft_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/safe"
)

var deeds = []faulttest.Deed[*desk]{
	{Name: "CreateProspect", Route: newProspect,
		Do: func(d *desk, ctx context.Context, n int) error {
			_, err := d.c.CreateProspect(ctx, naturaesoft.Edits{"LastName": "Soak", "EMail": mark(n)})
			return err
		},
		Traces: func(d *desk) (traces []string) {
			page, err := d.c.Prospects(d.Context(), naturaesoft.ProspectQuery{Search: "Soak", Limit: 1000})
			require.NoError(d, err)
			require.False(d, page.More)
			for _, p := range page.Items {
				traces = append(traces, p.EMail.Raw())
			}
			return traces
		}},
	{Name: "CommentTicket", Route: newComment,
		Do: func(d *desk, ctx context.Context, n int) error { return d.c.CommentTicket(ctx, "1", mark(n)) },
		Traces: func(d *desk) (traces []string) {
			ticket, err := d.c.Ticket(d.Context(), "1")
			require.NoError(d, err)
			for _, comment := range ticket.Comments {
				if strings.HasPrefix(comment.Text.Raw(), "soak") {
					traces = append(traces, comment.Text.Raw())
				}
			}
			return traces
		}},
	{Name: "UpsertProducts", Route: newProducts,
		Do: func(d *desk, ctx context.Context, n int) error {
			return d.c.UpsertProducts(ctx, []naturaesoft.Product{{
				VendorCode: safe.Line("SOAK"), ProductCode: safe.Line(mark(n)), Name: safe.Line("Fake cream"), PriceKnown: true,
			}})
		},
		Traces: func(d *desk) (traces []string) {
			found, err := d.c.Products(d.Context(), "", "SOAK")
			require.NoError(d, err)
			for _, p := range found {
				traces = append(traces, p.ProductCode.Raw())
			}
			return traces
		}},
	{Name: "AssignTag", Route: newTag,
		Do: func(d *desk, ctx context.Context, _ int) error { return d.c.AssignTag(ctx, d.ada, "1") }},
	{Name: "RemoveAllTags", Route: allTags,
		Do: func(d *desk, ctx context.Context, _ int) error { return d.c.RemoveAllTags(ctx, d.ada) }},
	{Name: "RemoveTag", Route: oneTag,
		Ready: func(d *desk) { require.NoError(d, d.c.AssignTag(d.Context(), d.ada, "2")) },
		Do:    func(d *desk, ctx context.Context, _ int) error { return d.c.RemoveTag(ctx, d.ada, "2") }},
	{Name: "UpdateProspect", Route: oneProspect, Reads: true,
		Do: func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateProspect(ctx, d.person(), naturaesoft.Edits{"NickName": mark(n)})
		}},
	{Name: "UpdateArticle", Route: writeArticle, Reads: true,
		Do: func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateArticle(ctx, naturaesoft.Article{ID: "1"}, naturaesoft.Edits{"Title": mark(n)})
		}},
	{Name: "UpdateTicket", Route: writeTicket, Reads: true,
		Do: func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateTicket(ctx, naturaesoft.Ticket{ID: "1"}, naturaesoft.Edits{"Subject": mark(n)})
		}},
	{Name: "UpdateMe", Route: writeMe, Reads: true,
		Do: func(d *desk, ctx context.Context, n int) error {
			return d.c.UpdateMe(ctx, naturaesoft.Edits{"Company": mark(n)})
		}},
}

func mark(n int) string { return fmt.Sprintf("soak%d@example.com", n) }

// TestCreatesAreExecutedAtMostOnce makes many calls of every write.
func TestCreatesAreExecutedAtMostOnce(t *testing.T) {
	t.Parallel()
	faulttest.Lots[*desk]{
		Open:  func(t *testing.T) *desk { return newDesk(t) },
		Deeds: deeds, Troubles: troubles, Also: []string{"401 once", "422", "429"},
		Read:     func(d *desk) error { _, err := d.c.Tags(d.Context()); return err },
		Sessions: true,
		Calls:    60,
	}.Run(t)
}
