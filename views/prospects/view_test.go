package prospects_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/sandbox"
	"frontdesk/state/people"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/prospects"
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

const (
	listRoute   = "GET /v1/{ppass}/prospects"
	createRoute = "POST /v1/{ppass}/prospects"
	updateRoute = "PUT /v1/{ppass}/prospects/{id}"
	assignRoute = "POST /v1/{ppass}/tags/prospects/{id}"
)

// practice is a sandbox, a book of decisions and the clients between them.
type practice struct {
	t      testing.TB
	server *sandbox.Server
	book   string
	dir    string
	traced []string
	drafts ui.Drafts
}

func newPractice(t testing.TB, o sandbox.Options) *practice {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	o.Zone, o.Now = zone, func() time.Time { return monday }
	s, err := sandbox.Start(o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return &practice{t: t, server: s, book: filepath.Join(t.TempDir(), "people.db"), dir: t.TempDir()}
}

// sit is one person at a terminal of the practice. other stands for the tabs
// people are led to.
func (p *practice) sit(width, height int) *uitest.Desk {
	p.t.Helper()
	emr, err := naturaesoft.New(naturaesoft.Config{
		Base: p.server.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria", Rate: 5000, Burst: 500,
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil },
	})
	require.NoError(p.t, err)
	env := uitest.Env(p.t, monday)
	db, err := store.Open(env.Ctx, store.Options{Path: p.book, Migrations: people.Migrations})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { emr.Close(); _ = db.Close() })
	env.Audit = func(op, record string) { p.traced = append(p.traced, op+" "+record) }
	env.Callers = prospects.Title
	env.Drafts = p.drafts
	tab := prospects.New(env, emr, prospects.Options{
		Who: "maria@desk2", Dir: p.dir, Settle: time.Millisecond,
		Book: func(context.Context) (*people.Book, error) { return people.Open(db, "maria"), nil },
	})
	return uitest.New(p.t, env, width, height, tab, &elsewhere{}).Settle()
}

// plant puts somebody obviously made up into the EMR.
func (p *practice) plant(fields map[string]any) int {
	all := map[string]any{
		"FirstName": "Zoë", "MI": "Q", "LastName": "Testperson", "FullName": "Zoë Q. Testperson", "Gender": "f", "DOB": "1987-07-23",
		"LifeStage": "Adult", "Pronouns": "she/her", "PrimaryLanguage": "English", "Type": "Insurance",
		"Phone": "(212) 555-0177", "CellPhone": "917-555-0178", "EMail": "zoe.testperson@example.com",
		"Address": "1 Example Street", "Unit": "4B", "City": "Springfield", "State": "NY", "Zip": "10001", "Country": "US", "ProviderID": 1,
		"PtImg": "aW1hZ2U=", "Notes": "Likes mornings.",
	}
	for k, v := range fields {
		all[k] = v
	}
	return p.server.PutProspect(all)
}

// find types a search and waits for the EMR.
func find(d *uitest.Desk, text string) *uitest.Desk {
	d.Type("/" + text)
	d.Advance(300 * time.Millisecond).Settle()
	return d
}

// opened is the card of the person planted.
func opened(d *uitest.Desk) *uitest.Desk {
	find(d, "testperson").See("Testperson")
	return d.Type("<enter>").Settle().See("as of", "Springfield")
}

var sizes = [][2]int{{80, 24}, {120, 40}}

func sized(name string, size [2]int) string {
	return name + "-" + map[int]string{80: "80x24", 120: "120x40"}[size[0]]
}

func TestALongAddressIsShownWhole(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"EMail": "zoe.testperson.of.the.long.names@mail.example.com", "Address": "1234 Example Boulevard of the Sample Pioneers, Building C"})
	d := opened(p.sit(80, 24)).Type("<ctrl+r>")
	for _, size := range [][2]int{{80, 24}, {60, 20}} {
		d.Resize(size[0], size[1]).Fits(size[0], size[1])
		var right string
		for _, l := range strings.Split(d.Screen(), "\n") {
			if cells := []rune(l); len(cells) > size[0]/2+14 {
				right += strings.TrimSpace(string(cells[size[0]/2+14:]))
			}
		}
		require.Contains(t, right, "zoe.testperson.of.the.long.names@mail.example.com")
	}
}

func TestTheEndOfACardIsOneKeyAway(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(nil)
	d := opened(p.sit(80, 24)).Gone("Likes mornings.").Type("G").See("Likes mornings.", "more above").Type("g").See("more below").Gone("Likes")
	d.Type("<end>").See("Likes mornings.").Type("<home>").Gone("Likes")
}

func TestPages(t *testing.T) {
	p := newPractice(t, sandbox.Options{})
	p.plant(map[string]any{"Notes": "Likes mornings.\n[FD 7K3Q] REQ 2026-03-10 09:00 30m prov=1 type=NEW by maria@desk2 2026-03-09 09:30 ET"})
	for _, size := range sizes {
		d := p.sit(size[0], size[1])
		golden := func(name string) {
			d.Fits(size[0], size[1])
			d.Golden(sized(name, size))
		}
		d.See("loaded")
		golden("list")
		find(d, "ann").See("found")
		golden("search")
		d.Type("<esc><esc>")
		opened(d)
		golden("card")
		d.Type("e").See("Edit Zoë")
		golden("editor")
		d.Type("<esc>").Gone("Edit Zoë").Type("t").See("Tag Zoë")
		golden("tag")
		d.Type("<esc>").Type("d").See("cannot be deleted")
		golden("delete")
		d.Type("<esc><esc><esc>n").See("New person")
		golden("new")
		d.Type("<esc>N").See("all fields")
		golden("full")
		d.Type("<esc>D").Settle().See("pairs among")
		golden("duplicates")
		d.Type("<esc>F").See("Show only")
		golden("filter")
		d.Type("<esc>?").See("Keys", "saved filters")
		golden("help")
		d.Type("<esc>#").See("Who is calling?")
		golden("caller")
	}
}
