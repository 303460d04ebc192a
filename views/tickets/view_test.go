package tickets_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/connect4healthcare"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/booking"
	"frontdesk/state/store"
	model "frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/tickets"
)

type (
	ctx     = context.Context
	article = tickets.Article
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

// practice is a sandbox, a ledger and the clients between them.
type practice struct {
	t      testing.TB
	server *sandbox.Server
	ledger string
	state  string
	opt    tickets.Options
	post   bool
	box    *uitest.Outbox
	shut   bool // the ledger of whoever sits down next
	alone  bool // whoever sits down next has none
}

func newPractice(t testing.TB) *practice {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	s, err := sandbox.Start(sandbox.Options{Zone: zone, Now: func() time.Time { return monday }, Tickets: 12})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	return &practice{t: t, server: s, ledger: filepath.Join(dir, "ledger.db"), state: filepath.Join(dir, "tickets.db"),
		opt: tickets.Options{Dir: filepath.Join(dir, "files"), Names: []string{"Front Desk"}}}
}

// sit is one person at a terminal of the practice.
func (p *practice) sit(who string, width, height int) *uitest.Desk {
	p.t.Helper()
	d, _ := p.desk(who, width, height)
	return d.Settle()
}

func (p *practice) desk(who string, width, height int) (*uitest.Desk, *tickets.View) {
	p.t.Helper()
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: p.server.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: who,
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(p.t, err)
	care, err := connect4healthcare.New(connect4healthcare.Config{
		Base: p.server.URL("connect4healthcare"), CreateByPost: p.post,
		Credentials: func(context.Context) (string, string, error) {
			return sandbox.FakeCareKey, sandbox.FakeCareSecret, nil
		},
	})
	require.NoError(p.t, err)
	db, err := store.Open(context.Background(), store.Options{Path: p.ledger, Migrations: booking.Migrations})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { emr.Close(); care.Close(); _ = db.Close() })
	env := uitest.Env(p.t, monday)
	if p.box != nil {
		env.Outbox = p.box
	}
	opt := p.opt
	opt.Names = append(opt.Names, who)
	opt.Who = model.Who{UID: len(who), User: who, Host: "desk", Session: who}
	opt.Claims = model.OpenClaims(db)
	if p.shut {
		opt.Claims = model.OpenClaims(store.Shut(errors.New("played")))
	}
	if p.alone {
		opt.Claims = nil
	}
	opt.Jitter = func() float64 { return 0 }
	state := p.state + "." + who
	opt.Memory = func(ctx context.Context) (*model.Memory, error) {
		db, err := store.Open(ctx, store.Options{Path: state, Migrations: model.Migrations})
		if err != nil {
			return nil, err
		}
		p.t.Cleanup(func() { _ = db.Close() })
		return model.OpenMemory(db), nil
	}
	tab := tickets.New(env, emr, care, opt)
	env.Health = func() []ui.Health {
		return []ui.Health{{Vendor: "EMR", Word: emr.Health().Word}, {Vendor: "C4H", Word: care.Health().Word}}
	}
	return uitest.New(p.t, env, width, height, tab), tab
}

var sizes = map[string][2]int{"80x24": {80, 24}, "120x40": {120, 40}}

func TestPages(t *testing.T) {
	for name, size := range sizes {
		p := newPractice(t)
		d := p.sit("maria", size[0], size[1])
		page := func(keys, words, as string) {
			t.Helper()
			d.Type(keys).Settle().See(words).Fits(size[0], size[1])
			d.Golden(as + "-" + name)
		}
		page("", "Subject", "list")
		page("b", "In Progress (", "columns")
		page("b/", "Filter:", "filter")
		page("urgency:high", "wants a number", "mistake")
		page("<esc><enter>", "Sample", "care")
		page("c", "Comment on", "composer")
		page("<esc>s", "Status of", "status")
		page("<esc>a", "whom is it about", "resident")
		page("<esc><esc><esc>/<ctrl+u>source:emr<enter>", "source:emr", "emr-list")
		page("<enter>", "Description", "emr")
		page("e", "AssignedTo", "edit")
		page("<esc>a", "in Connect4Healthcare instead", "instead")
		page("<esc>x", "Export", "export")
		page("<esc>L", "Link", "link")
		page("<esc>z", "Snooze", "snooze")
		page("<esc><esc>v", "Press a number", "views")
		page("<esc><esc>/<ctrl+u>source:c4<enter><home>a", "whom is it about", "whom")
		page("<down><enter>", "Urgency", "new")
	}
}

func TestPagesOfResultsAndTrouble(t *testing.T) {
	for name, size := range sizes {
		p := boxed(t)
		d := p.sit("maria", size[0], size[1])
		filtered(d, "source:c4 state:new").Type("<space><down><space><down><space>")
		p.server.SetFault(careStatus, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Times: 1, Body: `{"status":false,"message":"no"}`})
		d.Type("s<tab>Closed<ctrl+s>").Settle().See("2 of 3 done, 1 failed").Fits(size[0], size[1])
		require.Regexp(t, `C4H 2\d\d: Connect4Healthcare did not accept what was sent`, d.Screen())
		d.Type("r").Settle().See("3 of 3 done") // which of them failed is chance
		d.Golden("several-" + name)
		p.server.SetFault("connect4healthcare *", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, Body: "down"})
		d.Type("<esc><esc>").Settle().Advance(time.Minute).Type("r").Settle().See("failed on its side")
		d.Fits(size[0], size[1])
		d.Golden("down-" + name)
	}
}
