package connect4healthcare_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	care "frontdesk/clients/connect4healthcare"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/sandbox"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The routes as the sandbox names them.
const (
	vendor      = "connect4healthcare"
	authorize   = vendor + " POST /authorize"
	listTickets = vendor + " GET /{token}/tickets"
	readTicket  = vendor + " GET /{token}/ticket_detail"
	residents   = vendor + " GET /{token}/all_residents"
	categories  = vendor + " GET /{token}/provider_categories"
	createByGet = vendor + " GET /{token}/create_ticket"
	createPost  = vendor + " POST /{token}/create_ticket"
	setStatus   = vendor + " POST /{token}/update_status"
	addComment  = vendor + " POST /{token}/create_comment"
)

// A desk is a client of a played vendor.
type desk struct {
	*testing.T
	*sandbox.Server
	c      *care.Client
	ticket care.ID
}

const tickets = 4

// openVendor leaves it to the caller to close it.
func openVendor(t *testing.T) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Tickets: tickets, Prospects: 1, Providers: 1, Zone: time.UTC})
	require.NoError(t, err)
	return s
}

// newDesk is a desk of a vendor of its own.
func newDesk(t *testing.T, change ...func(*care.Config)) *desk {
	t.Helper()
	s := openVendor(t)
	t.Cleanup(func() { _ = s.Close() })
	return &desk{t, s, connect(t, s, change...), 203}
}

func connect(t *testing.T, s *sandbox.Server, change ...func(*care.Config)) *care.Client {
	t.Helper()
	secret := sandbox.Credentials(vendor)
	cfg := care.Config{
		Base: s.URL(vendor),
		Credentials: func(context.Context) (string, string, error) {
			return secret["api_key"], secret["api_secret"], nil
		},
		Headers: care.Underscores, Rate: 1e6, Burst: 1e6, Limits: faulttest.Unhurried,
	}
	return vendortest.Client(t, care.New, cfg, change...)
}

func byPost(c *care.Config) { c.CreateByPost = true }

// complete is a ticket the vendor accepts.
func (d *desk) complete(title string) care.NewTicket {
	all, err := d.c.Categories(d.Context(), 0)
	require.NoError(d, err)
	who, err := d.c.Residents(d.Context())
	require.NoError(d, err)
	n := care.NewTicket{Title: title, Resident: who[0].ID, Urgency: "No Issue", Status: "New"}
	for _, category := range all {
		n.Categories = append(n.Categories, care.NewCategory{ID: category.ID, Mark: care.NoIssue})
	}
	return n
}

type (
	use       = faulttest.Use
	operation = faulttest.Operation[*desk]
)

func tell(f func(*desk, context.Context) error) func(*desk) use {
	return func(d *desk) use {
		return faulttest.Quietly(func(ctx context.Context) error { return f(d, ctx) })
	}
}

func create(d *desk) use {
	n := d.complete("Fault drill")
	return func(ctx context.Context) (any, error) {
		id, err := d.c.CreateTicket(ctx, n)
		return id > 0, err
	}
}

// methods are those of the client that send something.
var methods = []operation{
	{Name: "Tickets", Route: listTickets, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) {
			all, err := d.c.Tickets(ctx)
			return all[:min(2, len(all))], err
		}
	}},
	{Name: "TicketDetail", Route: readTicket, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.TicketDetail(ctx, 202) }
	}},
	{Name: "Residents", Route: residents, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Residents(ctx) }
	}},
	{Name: "Categories", Route: categories, Class: faulttest.Reading, Ready: func(d *desk) use {
		return func(ctx context.Context) (any, error) { return d.c.Categories(ctx, 0) }
	}},
	{Name: "CreateTicket", Route: createByGet, Class: faulttest.Creating, Ready: create},
	{Name: "CreateTicket by POST", Route: createPost, Class: faulttest.Creating, Ready: func(d *desk) use {
		d.c = connect(d.T, d.Server, byPost)
		return create(d)
	}},
	{Name: "UpdateStatus", Route: setStatus, Class: faulttest.Sure, Ready: tell(func(d *desk, ctx context.Context) error {
		return d.c.UpdateStatus(ctx, d.ticket, "In Progress")
	})},
	{Name: "Comment", Route: addComment, Class: faulttest.Sure, Ready: tell(func(d *desk, ctx context.Context) error {
		return d.c.Comment(ctx, d.ticket, "Called back.")
	})},
	{Name: "CommentCategory", Route: addComment, Class: faulttest.Sure, Ready: tell(func(d *desk, ctx context.Context) error {
		return d.c.CommentCategory(ctx, d.ticket, 6, "Called back.")
	})},
}

const inBody = ", always 200" // refusals without a status of their own

// operations are the methods, with refusals of a status of their own and
// without.
var operations = func() (all []operation) {
	for _, op := range methods {
		for _, mode := range []bool{false, true} {
			changed := op
			changed.Ready = func(d *desk) use {
				d.Connect4Healthcare().Always200(mode)
				return op.Ready(d)
			}
			if mode {
				changed.Name += inBody
			}
			all = append(all, changed)
		}
	}
	return all
}()

// troubles are those of the common ones that run code of this client the others
// do not, and this vendor's ways to refuse. A write that creates nothing needs
// no more than a yes.
var troubles = faulttest.Without(faulttest.Troubles(
	faulttest.Trouble{Name: "503 after", Fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 503}, Rule: faulttest.VendorFailedLate},
	faulttest.Trouble{Name: "500 and invalid credentials", Fault: sandbox.Fault{Kind: sandbox.FaultStatusAfter,
		Body: `{"status":false,"message":"Invalid Credentials"}`}, Rule: faulttest.VendorFailedLate},
	faulttest.Trouble{Name: "405", Fault: faulttest.Status(405), Rule: faulttest.Refused(rest.KindConfig)},
	faulttest.Trouble{Name: "200 and false", Fault: faulttest.Says(`{"status":false,"message":"no",}`), Rule: faulttest.Refused(rest.KindValidation)},
	faulttest.Trouble{Name: "200 and something else", Fault: faulttest.Says(`{"error":"no"}`), Rule: faulttest.Unreadable(0)},
	faulttest.Trouble{Name: "invalid credentials once", Fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Times: 1,
		Body: `{"status":false,"message":"Invalid Credentials",}`}, Rule: faulttest.Always(faulttest.Succeeds(2, 1))},
	faulttest.Trouble{Name: "trailing-comma", Fault: sandbox.Fault{Kind: sandbox.FaultTrailing}, Rule: faulttest.Rule{
		Read:   faulttest.Unreadable(1).Read,
		Create: faulttest.Unreadable(1).Create,
		Sure:   faulttest.Succeeds(1, 1),
	}},
), "given up before", "drip given up", "502", "503", "504", "500 after", "504 after", "408", "409", "422", "501", "429",
	"301", "303", "308", "html 502", "ids-as-strings",
	"envelope bare", "envelope plain", "envelope named", "envelope meta", "envelope top", "wrong-provider")

var matrix = faulttest.Matrix[*sandbox.Server, *desk]{
	Open:       openVendor,
	Sit:        func(t *testing.T, s *sandbox.Server) *desk { return &desk{t, s, connect(t, s), 203} },
	Operations: operations, Troubles: troubles,
	Short:     short,
	Limit:     12,
	Unmatched: "unmatched " + vendor,
	SignIn:    authorize,
	Reset:     func(d *desk) { d.c.Reset() },
}

// short tells the cells that are run each time: each method and trouble in one
// of the two ways to refuse.
func short(name string, tr faulttest.Trouble) bool {
	method, mode := strings.CutSuffix(name, inBody)
	i := slices.IndexFunc(methods, func(op operation) bool { return op.Name == method })
	k := slices.IndexFunc(troubles, func(other faulttest.Trouble) bool { return other.Name == tr.Name })
	return mode == ((i+k)%2 == 0) && faulttest.LargeOnlyFor("Tickets", "CreateTicket")(method, tr)
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	matrix.Run(t)
}

// The vendor has no data envelope and no providers, and its ids may be words.
func TestEveryRouteIsTried(t *testing.T) {
	var ours []string
	for _, route := range newDesk(t).Routes() {
		if strings.HasPrefix(route, vendor) && route != authorize {
			ours = append(ours, route)
		}
	}
	matrix.RequireAllTried(t, ours, sandbox.FaultIDsAsStrings, sandbox.FaultEnvelope, sandbox.FaultWrongProvider)
}

// The time limits of the configuration are the client's.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(cfg *care.Config) { cfg.Limits = rest.Limits{Read: time.Millisecond} })
	faulttest.RequireLimited(d, residents, func(ctx context.Context) error {
		_, err := d.c.Residents(ctx)
		return err
	})
}

// What the vendor's words quote of the credentials is not shown.
func TestSecretsAreNotQuoted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	faulttest.RequireUnquoted(d, authorize, sandbox.Credentials(vendor)["api_secret"], func(ctx context.Context) error {
		_, err := d.c.Residents(ctx)
		return err
	})
}
