package naturaesoft_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/safe"
	"frontdesk/clients/sandbox"
)

// The routes as the sandbox names them.
const (
	tokenRoute   = "POST /v1/{ppass}/auth/token"
	prospects    = "GET /v1/{ppass}/prospects"
	newProspect  = "POST /v1/{ppass}/prospects"
	oneProspect  = "PUT /v1/{ppass}/prospects/{id}"
	tags         = "GET /v1/{ppass}/tags"
	newTag       = "POST /v1/{ppass}/tags/prospects/{id}"
	oneTag       = "DELETE /v1/{ppass}/tags/prospects/{id}/{tagId}"
	allTags      = "DELETE /v1/{ppass}/tags/prospects/{id}"
	providers    = "GET /v1/{ppass}/availability/providers"
	oneProvider  = providers + "/{id}"
	schedule     = oneProvider + "/schedule"
	check        = oneProvider + "/check"
	slots        = oneProvider + "/slots"
	nextSlot     = oneProvider + "/next-slot"
	tickets      = "GET /v1/{ppass}/tickets"
	readTicket   = "GET /v1/{ppass}/ticket/{id}"
	writeTicket  = "PUT /v1/{ppass}/ticket/{id}"
	newComment   = "POST /v1/{ppass}/tickets/{id}/comment"
	products     = "GET /v1/products"
	newProducts  = "POST /v1/products"
	articles     = "GET /v1/kb"
	readArticle  = "GET /v1/kb/{id}"
	writeArticle = "PUT /v1/kb/{id}"
	readMe       = "GET /v1/me"
	writeMe      = "PATCH /v1/me"
)

// A Monday morning before anybody is at work.
var opening = time.Date(2026, time.March, 9, 6, 0, 0, 0, time.UTC)

var (
	monday  = civil.DateOf(opening)
	quarter = civil.Time{Hour: 10, Minute: 15}
)

// A practice is a played EMR with one person who is known by number.
type practice struct {
	*sandbox.Server
	ada naturaesoft.ID
}

// A desk is a client of a practice.
type desk struct {
	*testing.T
	*practice
	c *naturaesoft.Client
}

const adasMail = "ada.example@example.com"

// openPractice leaves it to the caller to close it.
func openPractice(t *testing.T) *practice {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{
		Prospects: 20, Providers: 4, Zone: time.UTC,
		Now: func() time.Time { return opening },
	})
	require.NoError(t, err)
	id := s.PutProspect(map[string]any{
		"FirstName": "Ada", "LastName": "Example", "EMail": adasMail, "Phone": "305-555-0100",
		"ProviderID": 2, "Gender": "f", "Notes": "Prefers mornings.",
	})
	return &practice{s, naturaesoft.ID(strconv.Itoa(id))}
}

// newDesk is a desk of a practice of its own.
func newDesk(t *testing.T, options ...func(*naturaesoft.Config)) *desk {
	t.Helper()
	p := openPractice(t)
	t.Cleanup(func() { _ = p.Close() })
	return &desk{t, p, connect(t, p.Server, options...)}
}

func connect(t *testing.T, s *sandbox.Server, options ...func(*naturaesoft.Config)) *naturaesoft.Client {
	t.Helper()
	cfg := naturaesoft.Config{
		Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "Desk One",
		Key:  func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
		Rate: 1e6, Burst: 1e6, Limits: faulttest.Unhurried,
	}
	return vendortest.Client(t, naturaesoft.New, cfg, options...)
}

type (
	use       = faulttest.Use
	operation = faulttest.Operation[*desk]
)

// operations are all methods of the client that send something. The slowest to
// recover come first.
var operations = []operation{
	{Name: "signing in to read", Route: tokenRoute, Then: tags, Class: faulttest.Signing, Ready: func(d *desk) use { d.c.Reset(); return listTags(d) }},
	{Name: "signing in to create", Route: tokenRoute, Then: newProspect, Class: faulttest.Signing, Ready: func(d *desk) use { d.c.Reset(); return createProspect(d) }},

	{Name: "Providers", Route: providers, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Providers(ctx) }
	}},
	{Name: "Provider", Route: oneProvider, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Provider(ctx, "1") }
	}},
	{Name: "Schedule", Route: schedule, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			return d.c.Schedule(ctx, "1", monday, monday.AddDays(1), "")
		}
	}},
	{Name: "Schedule without visits", Route: schedule, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			return d.c.Schedule(ctx, "1", monday.AddDays(300), monday.AddDays(301), "")
		}
	}},
	{Name: "Check", Route: check, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Check(ctx, "1", monday, quarter, 15) }
	}},
	{Name: "Slots", Route: slots, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Slots(ctx, "1", monday, 15) }
	}},
	{Name: "NextSlot", Route: nextSlot, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			slot, found, err := d.c.NextSlot(ctx, "1", 15, 30)
			return []any{slot, found}, err
		}
	}},
	{Name: "Prospects", Route: prospects, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			return d.c.Prospects(ctx, naturaesoft.ProspectQuery{Limit: 3})
		}
	}},
	{Name: "Reread", Route: prospects, Class: faulttest.Reading, Ready: func(d *desk) use {
		p := d.person()
		return func(ctx context.Context) (any, error) { return d.c.Reread(ctx, p) }
	}},
	{Name: "Tags", Route: tags, Class: faulttest.Reading, Ready: listTags},
	{Name: "Products", Route: products, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Products(ctx, "", "") }
	}},
	{Name: "Articles", Route: articles, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Articles(ctx, naturaesoft.ArticleQuery{}) }
	}},
	{Name: "Article", Route: readArticle, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Article(ctx, "1") }
	}},
	{Name: "Tickets", Route: tickets, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Tickets(ctx) }
	}},
	{Name: "Ticket", Route: readTicket, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Ticket(ctx, "1") }
	}},
	{Name: "Me", Route: readMe, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Me(ctx) }
	}},

	{Name: "UpdateProspect", Route: oneProspect, Class: faulttest.Creating, Ready: func(d *desk) use {
		p := d.person()
		return faulttest.Quietly(func(ctx context.Context) error {
			return d.c.UpdateProspect(ctx, p, naturaesoft.Edits{"NickName": "Addie"})
		})
	}},
	{Name: "UpdateArticle", Route: writeArticle, Class: faulttest.Creating, Ready: updateArticle},
	{Name: "UpdateArticle reading", Route: readArticle, Then: writeArticle, Class: faulttest.Reading, Ready: updateArticle},
	{Name: "UpdateTicket", Route: writeTicket, Class: faulttest.Creating, Ready: updateTicket},
	{Name: "UpdateTicket reading", Route: readTicket, Then: writeTicket, Class: faulttest.Reading, Ready: updateTicket},
	{Name: "UpdateMe", Route: writeMe, Class: faulttest.Creating, Ready: updateMe},
	{Name: "UpdateMe reading", Route: readMe, Then: writeMe, Class: faulttest.Reading, Ready: updateMe},

	{Name: "CreateProspect", Route: newProspect, Class: faulttest.Creating, Ready: createProspect},
	{Name: "AssignTag", Route: newTag, Class: faulttest.Creating, Ready: func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.AssignTag(ctx, d.ada, "1") })
	}},
	{Name: "RemoveTag", Route: oneTag, Class: faulttest.Creating, Ready: func(d *desk) use {
		require.NoError(d, d.c.AssignTag(d.Context(), d.ada, "2"))
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.RemoveTag(ctx, d.ada, "2") })
	}},
	{Name: "RemoveAllTags", Route: allTags, Class: faulttest.Creating, Ready: func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.RemoveAllTags(ctx, d.ada) })
	}},
	{Name: "UpsertProducts", Route: newProducts, Class: faulttest.Creating, Ready: func(d *desk) use {
		p := naturaesoft.Product{
			VendorCode: safe.Line("FAKE"), ProductCode: safe.Line("F-1"), Name: safe.Line("Fake cream"),
			RetailPrice: 1999, PriceKnown: true,
		}
		return faulttest.Quietly(func(ctx context.Context) error {
			return d.c.UpsertProducts(ctx, []naturaesoft.Product{p})
		})
	}},
	{Name: "CommentTicket", Route: newComment, Class: faulttest.Creating, Ready: func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return d.c.CommentTicket(ctx, "1", "Called back.") })
	}},
}

func listTags(d *desk) use {
	return func(ctx context.Context) (any, error) { return d.c.Tags(ctx) }
}

func createProspect(d *desk) use {
	return func(ctx context.Context) (any, error) {
		id, err := d.c.CreateProspect(ctx, naturaesoft.Edits{"FirstName": "Grace", "LastName": "Example"})
		return map[string]bool{"named": id != ""}, err
	}
}

func updateArticle(d *desk) use {
	a, err := d.c.Article(d.Context(), "1")
	require.NoError(d, err)
	return faulttest.Quietly(func(ctx context.Context) error {
		return d.c.UpdateArticle(ctx, a, naturaesoft.Edits{"Title": "Opening hours in March"})
	})
}

func updateTicket(d *desk) use {
	ticket, err := d.c.Ticket(d.Context(), "1")
	require.NoError(d, err)
	return faulttest.Quietly(func(ctx context.Context) error {
		return d.c.UpdateTicket(ctx, ticket, naturaesoft.Edits{"Status": "Waiting"})
	})
}

func updateMe(d *desk) use {
	return faulttest.Quietly(func(ctx context.Context) error {
		return d.c.UpdateMe(ctx, naturaesoft.Edits{"Company": "Fake Clinic"})
	})
}

// person is Ada as the list has her.
func (d *desk) person() naturaesoft.Prospect {
	d.Helper()
	page, err := d.c.Prospects(d.Context(), naturaesoft.ProspectQuery{Search: adasMail})
	require.NoError(d, err)
	require.Len(d, page.Items, 1)
	return page.Items[0]
}
