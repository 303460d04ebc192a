package connections_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/state/desk"
	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/connections"
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

func at(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }

// client plays a vendor's client.
type client struct {
	health rest.Health
	stats  []rest.Stat
	fails  []rest.Failure
	resets int
}

func (c *client) Health() rest.Health        { return c.health }
func (c *client) Stats() []rest.Stat         { return c.stats }
func (c *client) LastErrors() []rest.Failure { return c.fails }
func (c *client) Reset()                     { c.resets++ }

// ring plays the OS keyring.
type ring struct {
	mu    sync.Mutex
	items map[string]secrets.Bundle
	fault error
}

func (r *ring) Where() secrets.Where {
	return secrets.Where{Kind: secrets.Keyring, Sentence: "keys: OS keyring"}
}

func (r *ring) Load(_ context.Context, profile, vendor string) (secrets.Bundle, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.items[profile+"/"+vendor]; ok {
		return maps.Clone(b), nil
	}
	return nil, secrets.ErrNotFound
}

func (r *ring) Save(_ context.Context, profile, vendor string, b secrets.Bundle) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return r.fault
	}
	r.items[profile+"/"+vendor] = maps.Clone(b)
	return nil
}

func (r *ring) Forget(_ context.Context, profile, vendor string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.items, profile+"/"+vendor)
	return r.fault
}

// has is what is stored for a vendor of the profile.
func (r *ring) has(vendor string) map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.items["riverside/"+vendor]
}

// office is everything the tab stands on, played.
type office struct {
	t       testing.TB
	emr     *client
	tickets *client
	keep    *ring
	box     *box
	trail   *trail
	partner connections.Partner
	took    time.Duration
	testErr error
	resolve func(context.Context, desk.Item) (desk.Item, error)
	again   func(desk.Item) tea.Cmd
	seen    []string // what went on the trail
}

func newOffice(t testing.TB) *office {
	timings := func(n int, took ...time.Duration) (out []rest.Timing) {
		for i, d := range took {
			out = append(out, rest.Timing{At: at(-n + i), Took: d * time.Millisecond})
		}
		return out
	}
	return &office{
		t: t, took: 48 * time.Millisecond,
		emr: &client{
			health: rest.Health{Word: "up", Since: at(-70), LastGood: at(-1), Skew: 3 * time.Second, Dated: true},
			stats: []rest.Stat{
				{Op: "check slot", Calls: 14, Errors: 2, Retries: 3, Total: 1400 * time.Millisecond, Recent: timings(40, 90, 2000, 100, 100)},
				{Op: "list slots", Calls: 120, Total: 4800 * time.Millisecond, Recent: timings(30, 20, 30, 60, 25, 900, 300)},
				{Op: "sign in", Calls: 1, Total: 400 * time.Millisecond, Recent: timings(70, 400)},
			},
			fails: []rest.Failure{
				{At: at(-12), Op: "check slot", Kind: rest.KindServer, Phase: rest.Unknown, Status: 502, Sentence: "Naturaesoft EMR failed on its side (status 502). Nothing was changed."},
				{At: at(-3000), Op: "check slot", Kind: rest.KindTransport, Sentence: "Naturaesoft EMR cannot be reached: no connection in time. Nothing was changed."},
			},
		},
		tickets: &client{health: rest.Health{Word: "idle"}},
		keep:    &ring{items: map[string]secrets.Bundle{"riverside/naturaesoft": {"apiKey": "made-up-old"}}},
		box:     newBox(), trail: newTrail(), partner: profile{},
	}
}

// open sits somebody down at the tab.
func (o *office) open(width, height int) *uitest.Desk {
	o.t.Helper()
	env := uitest.Env(o.t, monday)
	env.Audit = func(op, record string) { o.seen = append(o.seen, op+" "+record) }
	return uitest.New(o.t, env, width, height, o.tab(env)).Settle()
}

// tab is the office's tab on a screen.
func (o *office) tab(env *ui.Env) ui.View {
	test := func(context.Context) (time.Duration, error) { return o.took, o.testErr }
	return connections.New(env, connections.Options{
		Profile: "riverside", Keep: o.keep, Partner: o.partner, Outbox: o.box, Audit: o.trail, Resolve: o.resolve, Again: o.again,
		Vendors: []connections.Vendor{
			{Name: "naturaesoft", Title: "Naturaesoft EMR", Base: "https://api.naturaesoft.com", Client: o.emr, Test: test,
				Secrets: []connections.Secret{{Name: "apiKey", Words: "API key"}}},
			{Name: "connect4healthcare", Title: "Connect4Healthcare", Base: "https://tickets.example/api", Client: o.tickets, Test: test,
				Secrets: []connections.Secret{{Name: "api_key", Words: "API key"}, {Name: "api_secret", Words: "API secret"}}},
		},
	})
}

// sizes are the screens that goldens are kept of.
var sizes = [][2]int{{80, 24}, {120, 40}}

func golden(d *uitest.Desk, name string, size [2]int) {
	d.Fits(size[0], size[1])
	d.Bound()
	d.Golden(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]))
}

func TestVendors(t *testing.T) {
	for _, size := range sizes {
		d := newOffice(t).open(size[0], size[1]).See("stored", "none")
		golden(d, "vendors", size)
		d.Type("t").See("answered in 48 ms at 09:30; its clock is 3 s ahead of ours")
		golden(d, "tested", size)
		d.Type("<down>n").See("New secret of Connect4Healthcare")
		golden(d, "secret", size)
		d.Type("<esc><up>x").See("Forget the secret?")
		golden(d, "forget", size)
		d.Type("<esc>e").See("Last errors of Naturaesoft EMR", "7 Mar")
		golden(d, "errors", size)
	}
}

// All five fit the smallest screen, with the facts of the one chosen.
func TestAllFiveVendors(t *testing.T) {
	for _, size := range sizes {
		o := newOffice(t)
		env := uitest.Env(t, monday)
		var all []connections.Vendor
		for name, title := range map[string]string{"naturaesoft": "Naturaesoft EMR", "connect4healthcare": "Connect4Healthcare",
			"inboxhealth": "Inbox Health", "updox": "Updox", "anglehealth": "Angle Health"} {
			c := o.tickets
			if name == "naturaesoft" {
				c = o.emr
			}
			all = append(all, connections.Vendor{Name: name, Title: title, Base: "https://" + name + ".example", Client: c})
		}
		slices.SortFunc(all, func(a, b connections.Vendor) int { return strings.Compare(b.Title, a.Title) })
		tab := connections.New(env, connections.Options{Profile: "riverside", Keep: o.keep, Vendors: all})
		d := uitest.New(t, env, size[0], size[1], tab).Settle().Type("<down>").See("120")
		golden(d, "five", size)
	}
}

// Without UTF-8 the latencies are digits.
func TestLatenciesInASCII(t *testing.T) {
	o := newOffice(t)
	env := uitest.Env(t, monday)
	look := uitest.Look
	look.ASCII = true
	env.Theme.Apply(look)
	tab := connections.New(env, connections.Options{Vendors: []connections.Vendor{
		{Name: "naturaesoft", Title: "Naturaesoft EMR", Base: "https://api.naturaesoft.com", Client: o.emr}}})
	tab.Resize(80, 20)
	tab.Init()
	require.Contains(t, tab.View(), "3833123175")
	for _, r := range tab.View() {
		require.Less(t, r, rune(128), "%q", r)
	}
}

func TestATestThatFailsSaysWhy(t *testing.T) {
	o := newOffice(t)
	o.testErr = &rest.Error{Vendor: "Naturaesoft EMR", Op: "list providers", Kind: rest.KindAuth}
	d := o.open(80, 24).Type("t").See("failed at 09:30", "refused the key or the session")
	golden(d, "failed", sizes[0])
	o.testErr = nil
	o.emr.health.Dated = false
	d.Type("t").See("answered in 48 ms", "its clock is unknown")
}

const planted = "not-a-real-secret"

func TestANewSecretIsStoredAndTried(t *testing.T) {
	o := newOffice(t)
	d := o.open(80, 24).Type("<down>n")
	for _, k := range uitest.Keys("made-up-key<tab>" + planted) {
		d.Press(k)
		require.NotContains(t, d.Screen(), "made-up-key")
		require.NotContains(t, d.Screen(), "not-a")
	}
	o.emr.resets, o.tickets.resets = 0, 0
	d.Type("<enter>").See("Stored: the secret of Connect4Healthcare", "answered in 48 ms").Settle()
	require.Equal(t, map[string]string{"api_key": "made-up-key", "api_secret": planted}, o.keep.has("connect4healthcare"))
	require.Equal(t, 1, o.tickets.resets, "the client signs in anew")
	require.Zero(t, o.emr.resets)
	require.Equal(t, []string{"secret stored connect4healthcare"}, o.seen)
	require.NotContains(t, d.Screen(), planted)
	require.NotContains(t, d.Screen(), "none is stored")
}

func TestASecretThatCannotBeStoredStaysTyped(t *testing.T) {
	o := newOffice(t)
	o.keep.fault = secrets.ErrHung
	d := o.open(80, 24).Type("n"+planted+"<enter>").See("The OS keyring does not answer", "New secret of").Settle()
	require.Zero(t, o.emr.resets)
	require.Equal(t, "made-up-old", o.keep.has("naturaesoft")["apiKey"])
	o.keep.fault = nil
	d.Type("<enter>").See("Stored: the secret").Settle()
	require.Equal(t, planted, o.keep.has("naturaesoft")["apiKey"])
}

func TestAnEmptySecretIsNotStored(t *testing.T) {
	o := newOffice(t)
	o.open(80, 24).Type("n<enter>").See("needed. Type or").Type("<esc>").Gone("New secret")
	require.Equal(t, "made-up-old", o.keep.has("naturaesoft")["apiKey"])
	d := o.open(80, 24).Type("n" + planted + "<esc>").Gone("New secret")
	d.Type("n<enter>").See("needed. Type or")
	require.Equal(t, "made-up-old", o.keep.has("naturaesoft")["apiKey"], "what was typed is gone with the dialog")
}

func TestForget(t *testing.T) {
	o := newOffice(t)
	d := o.open(80, 24).Type("x<enter>").Gone("Forget the secret?").Settle()
	require.NotEmpty(t, o.keep.has("naturaesoft"), "no is the answer that is marked")
	d.Type("xy").See("Forgotten: the secret of Naturaesoft EMR", "none is stored").Settle()
	require.Empty(t, o.keep.has("naturaesoft"))
	require.Equal(t, 1, o.emr.resets, "its session ends")
	d.Type("x").See("nothing to forget")
}

// What a keyring says instead of an answer is shown, and not as "none".
func TestAKeyringThatFailsIsNotAnEmptyOne(t *testing.T) {
	o := newOffice(t)
	d := o.open(80, 24)
	d.Settle()
	require.Contains(t, d.Screen(), "stored")
	o.keep.items = nil
	broken := &brokenRing{o.keep}
	env := uitest.Env(t, monday)
	tab := connections.New(env, connections.Options{Profile: "riverside", Keep: broken, Vendors: []connections.Vendor{
		{Name: "naturaesoft", Title: "Naturaesoft EMR", Base: "https://api.naturaesoft.com", Client: o.emr}}})
	d = uitest.New(t, env, 80, 24, tab).Settle()
	d.See("unknown", "The sealed vault is locked")
	require.NotContains(t, d.Screen(), "none is stored")
}

type brokenRing struct{ *ring }

func (brokenRing) Load(context.Context, string, string) (secrets.Bundle, error) {
	return nil, secrets.ErrLocked
}

// Figures move when any tab's call ends.
func TestFiguresFollowTheClient(t *testing.T) {
	o := newOffice(t)
	d := o.open(80, 24)
	o.tickets.stats = []rest.Stat{{Op: "list tickets", Calls: 7, Errors: 1, Total: 70 * time.Millisecond}}
	o.tickets.health.Word = "resting"
	d.Advance(time.Minute).Type("<down>").See("list tickets", "resting", "10 ms")
}

func TestWithoutWhatIsNotThere(t *testing.T) {
	o := newOffice(t)
	env := uitest.Env(t, monday)
	tab := connections.New(env, connections.Options{Vendors: []connections.Vendor{
		{Name: "naturaesoft", Title: "Naturaesoft EMR", Base: "https://api.naturaesoft.com", Client: o.emr}}})
	d := uitest.New(t, env, 80, 24, tab).Settle()
	for _, k := range []string{"p", "u", "a"} {
		require.NotContains(t, d.Bound(), k)
		d.Type(k)
	}
	d.See("Naturaesoft EMR").Type("n").See("frontdesk login naturaesoft")
}

// TestWithTheRealParts runs the tab over the EMR's client, the sandbox and a
// desk on the disk.
func TestWithTheRealParts(t *testing.T) {
	s, err := sandbox.Start(sandbox.Options{Now: func() time.Time { return monday }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	keep := secrets.Open(t.Context(), secrets.Options{Dir: t.TempDir(), KeyringOff: true})
	require.NoError(t, keep.Save(t.Context(), "riverside", "naturaesoft", secrets.Bundle{"apiKey": "wrong-made-up"}))
	emr, err := naturaesoft.New(naturaesoft.Config{Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria",
		Key: func(ctx context.Context) (string, error) {
			b, err := keep.Load(ctx, "riverside", "naturaesoft")
			return b["apiKey"], err
		}})
	require.NoError(t, err)
	t.Cleanup(emr.Close)
	env := uitest.Env(t, monday)
	tab := connections.New(env, connections.Options{Profile: "riverside", Keep: keep, Partner: emr, Vendors: []connections.Vendor{{
		Name: "naturaesoft", Title: "Naturaesoft EMR", Base: s.URL("naturaesoft"), Client: emr,
		Secrets: []connections.Secret{{Name: "apiKey", Words: "API key"}},
		Test: func(ctx context.Context) (time.Duration, error) {
			_, err := emr.Providers(ctx)
			return time.Millisecond, err
		},
	}}})
	d := uitest.New(t, env, 80, 24, tab).Settle()
	d.Type("t").See("failed at", "auth").Settle()
	d.Type("n"+sandbox.FakeEMRKey+"<enter>").See("Stored", "answered in 1 ms").Settle()
	require.NotContains(t, d.Screen(), sandbox.FakeEMRKey)
	d.Type("p").See("GLOBAL", "Demo Desk Partner").Type("e").See("Partner profile (GLOBAL)")
	d.Type("<ctrl+u>New Name<ctrl+s>").See("Change the partner's profile?").Type("<enter>").Settle()
	require.Zero(t, s.Executions("PATCH /v1/me"), "no is the answer that is marked")
	d.Type("<ctrl+s>y").See("was changed, for every practice", "New Name").Settle()
	require.Equal(t, 1, s.Executions("PATCH /v1/me"))
}

// profile plays the partner's profile.
type profile struct{}

func (profile) Me(ctx context.Context) (naturaesoft.Me, error) { return naturaesoft.Me{}, ctx.Err() }
func (profile) UpdateMe(context.Context, naturaesoft.Edits) error {
	return errors.New("not asked for")
}

func TestPartnerThatCannotBeRead(t *testing.T) {
	o := newOffice(t)
	o.partner = noPartner{}
	d := o.open(80, 24).Type("p").See("GLOBAL", "does not allow this").Type("e").Settle()
	require.NotContains(t, d.Screen(), "Partner profile (GLOBAL)")
	d.Type("<esc>").See("Address")
}

type noPartner struct{ profile }

func (noPartner) Me(context.Context) (naturaesoft.Me, error) {
	return naturaesoft.Me{}, &rest.Error{Vendor: "Naturaesoft EMR", Op: "read profile", Kind: rest.KindForbidden}
}

func TestPartnerPage(t *testing.T) {
	s, err := sandbox.Start(sandbox.Options{Now: func() time.Time { return monday }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	emr, err := naturaesoft.New(naturaesoft.Config{Base: s.URL("naturaesoft"), PPass: sandbox.PracticeID, Operator: "maria",
		Key: func(context.Context) (string, error) { return sandbox.FakeEMRKey, nil }})
	require.NoError(t, err)
	t.Cleanup(emr.Close)
	for _, size := range sizes {
		o := newOffice(t)
		o.partner = emr
		d := o.open(size[0], size[1]).Type("p").See("Demo Desk Partner")
		golden(d, "partner", size)
		d.Type("e").See("for every practice")
		golden(d, "partner-edit", size)
	}
	require.True(t, strings.HasPrefix(s.URL("naturaesoft"), "http://127."))
}
