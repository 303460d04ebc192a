package connections_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"frontdesk/state/desk"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/connections"
)

// box plays the outbox.
type box struct {
	items []desk.Item
	err   error
}

func newBox() *box {
	item := func(id string, state desk.State, vendor, op, class string, minutes int, words string) desk.Item {
		return desk.Item{ID: id, Intent: desk.Intent{Vendor: vendor, Op: op, Class: class, Record: "7", Payload: []byte("Needle-Testperson")},
			State: state, Words: words, Created: at(-minutes), Changed: at(-minutes), Live: true, Attempt: 1}
	}
	waits := item("c", desk.Queued, "inboxhealth", "record payment", "money", 3000, "")
	waits.Waiting = true
	soon := item("d", desk.Queued, "connect4healthcare", "create comment", "comment", 0, "")
	soon.Left = 7 * time.Second
	return &box{items: []desk.Item{
		item("a", desk.Unknown, "naturaesoft", "update prospect", "record", 90, ""),
		item("b", desk.Refused, "updox", "update practice", "record", 45, "The vendor did not accept the postal code."),
		waits, soon,
		item("e", desk.Done, "anglehealth", "terminate", "termination", 20, ""),
	}}
}

func (b *box) List(_ context.Context, f desk.Filter) ([]desk.Item, error) {
	var out []desk.Item
	for _, it := range b.items {
		if len(f.States) == 0 || slices.Contains(f.States, it.State) {
			out = append(out, it)
		}
	}
	return out, b.err
}

func (b *box) change(id string, state desk.State, waiting bool) (desk.Item, error) {
	for i := range b.items {
		if b.items[i].ID == id {
			b.items[i].State, b.items[i].Waiting = state, waiting
			return b.items[i], nil
		}
	}
	return desk.Item{}, desk.ErrNoItem
}

func (b *box) TakeBack(_ context.Context, id string) (desk.Item, error) {
	return b.change(id, desk.Withdrawn, false)
}

func (b *box) Resolve(_ context.Context, id string, f desk.Finding) (desk.Item, error) {
	if f == desk.Landed {
		return b.change(id, desk.Done, false)
	}
	return b.change(id, desk.Queued, true)
}

// trail plays the audit trail.
type trail struct {
	lines []desk.Line
	bad   *desk.Bad
	err   error
}

func newTrail() *trail {
	tr := &trail{}
	ops := []struct{ vendor, op, outcome string }{
		{"naturaesoft", "update prospect", "done"}, {"", "reveal", "done"},
		{"naturaesoft", "create prospect", "transport outcome unknown"}, {"", "copy", "done"},
	}
	for i := range 40 {
		o := ops[i%len(ops)]
		tr.lines = append(tr.lines, desk.Line{Seq: int64(i + 1), T: at(i - 60).Format("2006-01-02T15:04:05.000Z"), User: "maria", Session: "made-up-session",
			Host: "frontdesk-1", TTY: "pts/3", Vendor: o.vendor, Op: o.op, Record: fmt.Sprintf("%08x5f", i*7919), Outcome: o.outcome, H: fmt.Sprint(i)})
	}
	return tr
}

func (tr *trail) Read(context.Context, desk.Search) ([]desk.Line, error) {
	return slices.Clone(tr.lines), tr.err
}

func (tr *trail) Verify(context.Context) (desk.Report, error) {
	return desk.Report{Lines: len(tr.lines), Bad: tr.bad}, tr.err
}

func TestOutboxPage(t *testing.T) {
	for _, size := range sizes {
		d := newOffice(t).open(size[0], size[1]).Type("u").See("UNKNOWN", "waits")
		golden(d, "outbox", size)
		d.Type("s").See("refused", "done")
		golden(d, "outbox-all", size)
		d.Type("<enter>").See("Sent       once")
		golden(d, "outbox-item", size)
		require.NotContains(t, d.Screen(), "Needle-Testperson")
	}
}

// A payment is called the same wherever it was made; what a subcommand sent is
// marked, since only that can settle it.
func TestASubcommandsEntryIsCalledAsTheTabsCallIt(t *testing.T) {
	o := newOffice(t)
	it := o.box.items[2]
	it.ID, it.Op = "f", "create payment by command"
	o.box.items = append(o.box.items, it)
	d := o.open(80, 24).Type("u").See("cmd record payment  2 days", "   record payment      2 days").Type("<enter>").See("cmd record payment", "From       a subcommand")
	require.NotContains(t, d.Screen(), "by command")
}

func TestOnlyWhatWasNotSentIsTakenBack(t *testing.T) {
	o := newOffice(t)
	d := o.open(80, 24).Type("u").See("waits").Type("<down>")
	row, _ := o.box.List(context.Background(), desk.Filter{})
	require.Equal(t, desk.Unknown, row[0].State)
	d.Type("<home>")
	for range 3 { // whichever rows are not queued refuse
		d.Type("t").Settle()
		d.Type("<down>")
	}
	states := map[string]desk.State{}
	for _, it := range o.box.items {
		states[it.ID] = it.State
	}
	require.Equal(t, map[string]desk.State{"a": desk.Unknown, "b": desk.Refused, "c": desk.Withdrawn, "d": desk.Withdrawn, "e": desk.Done}, states)
}

func TestUnknownIsFoundOutOrDecided(t *testing.T) {
	for name, c := range map[string]struct {
		keys, see string
		state     desk.State
		finds     desk.State
	}{
		"landed":         {"f", "It landed: the vendor has it", desk.Done, desk.Done},
		"did not":        {"f", "It did not land. It waits", desk.Queued, desk.Queued},
		"cannot tell":    {"f", "does not settle it", desk.Unknown, desk.Unknown},
		"person landed":  {"Ly", "Noted as done", desk.Done, ""},
		"person did not": {"Dy", "was not carried out, and waits", desk.Queued, ""},
		"person unsure":  {"L<enter>", "Outbox", desk.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.resolve = func(_ context.Context, it desk.Item) (desk.Item, error) {
				return o.box.change(it.ID, c.finds, c.finds == desk.Queued)
			}
			d := o.open(80, 24).Type("us").See("UNKNOWN").Type("/update prospect<enter>").See("1 of 5")
			d.Type(c.keys).See(c.see).Settle()
			require.Equal(t, c.state, o.box.items[0].State)
		})
	}
}

func TestWhatWaitsIsSentOnceAPersonSaysSo(t *testing.T) {
	o := newOffice(t)
	var sent []string
	o.again = func(it desk.Item) tea.Cmd {
		return func() tea.Msg {
			sent = append(sent, it.ID)
			_, _ = o.box.change(it.ID, desk.Done, false)
			return ui.LookedBack{Again: true, Landed: 1}
		}
	}
	d := o.open(80, 24).Type("u").See("! waits")
	d.Bound()
	d.Type("S").See("Send it now?", "record payment").Type("<enter>").Settle()
	require.Empty(t, sent, "no is the answer that is marked")
	d.Type("Sy").See("Sent").Settle()
	require.Equal(t, []string{"c"}, sent)
	require.NotContains(t, d.Screen(), "! waits", "the list is read again")
	d.Type("<home>S").Settle()
	require.Len(t, sent, 1, "what is unknown is not sent from here")
}

func TestWhatHappenedIsReadUncut(t *testing.T) {
	o := newOffice(t)
	o.box.items[0].Words = strings.Repeat("long ago ", 30) + "Look there."
	o.open(80, 24).Type("u").See("UNKNOWN").Type("/update prospect<enter><enter>").See("Look there.")
}

// hears is a tab that notes what is said of writes.
type hears struct {
	tab
	heard *[]tea.Msg
}

type tab = ui.View

func (h hears) Title() string { return "Hears" }
func (h hears) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case ui.Decided, ui.LookedBack, ui.TakenBack:
		*h.heard = append(*h.heard, msg)
	}
	return nil
}

func TestADecisionIsToldToTheTabItIsAbout(t *testing.T) {
	for keys, want := range map[string]tea.Msg{
		"Ly": ui.Decided{Payload: []byte("Needle-Testperson"), Landed: true},
		"Dy": ui.Decided{Payload: []byte("Needle-Testperson")},
		"f":  ui.LookedBack{},
	} {
		o := newOffice(t)
		o.resolve = func(_ context.Context, it desk.Item) (desk.Item, error) { return it, nil }
		var heard []tea.Msg
		d := o.open(80, 24)
		d = uitest.New(t, d.Env, 80, 24, o.tab(d.Env), hears{o.tab(d.Env), &heard})
		d.Type("2").Settle().Type("1u").See("UNKNOWN").Type("/update prospect<enter>").Settle()
		heard = nil
		d.Type(keys).Settle()
		require.Equal(t, []tea.Msg{want}, heard, keys)
	}
}

func TestADecisionNamesTheRecord(t *testing.T) {
	d := newOffice(t).open(80, 24).Type("u").See("UNKNOWN").Type("<home>")
	d.Type("/update prospect<enter>").Type("<enter>").See("Record     7").Type("<esc>L").See("prospect (record 7) at")
}

func TestThePagesAreFoundFromAnywhere(t *testing.T) {
	d := newOffice(t).open(80, 24)
	d.Type("<ctrl+p>outbox<enter>").Settle().See("Outbox", "UNKNOWN")
	d.Type("<ctrl+p>audit tr<enter>").Settle().See("Audit trail", "reveal").Type("<esc>").See("Secret")
}

func TestWithoutReadBackFindIsNotOffered(t *testing.T) {
	d := newOffice(t).open(80, 24).Type("u").See("UNKNOWN")
	require.NotContains(t, d.Bound(), "f")
	require.Contains(t, d.Bound(), "L")
}

func TestAuditPage(t *testing.T) {
	for _, size := range sizes {
		o := newOffice(t)
		d := o.open(size[0], size[1]).Type("a").See("40 rows")
		golden(d, "audit", size)
		d.Type("/reveal").See("10 of 40")
		require.NotContains(t, d.Screen(), "create prospect")
		golden(d, "audit-search", size)
		d.Type("<esc><esc>v").See("verified at 09:30: 40 lines")
		golden(d, "audit-verified", size)
		o.trail.bad = &desk.Bad{Fault: desk.Removed, Month: "2026-03", Line: 12, Seq: 12, Upto: 14}
		d.Type("v").See("is not whole, as of 09:30", "Entries 12 to 14")
		golden(d, "audit-bad", size)
		d.Type("<esc><enter>").See("Entry ", "Session")
		golden(d, "audit-entry", size)
	}
}

func TestAuditThatCannotBeRead(t *testing.T) {
	o := newOffice(t)
	o.trail.err = errors.New("the folder is gone")
	d := o.open(80, 24).Type("a").See("the folder is gone", "Press r to read again")
	o.trail.err = nil
	d.Type("r").See("40 rows")
}

// A trail that somebody edited can draw text and nothing else.
func TestAuditLinesAreOnlyText(t *testing.T) {
	o := newOffice(t)
	o.trail.lines[39].Op = "\x1b[2Jwipe\x1b]0;x\x07"
	d := o.open(80, 24).Type("a").See("wipe")
	require.NotContains(t, d.App.View().Content, "\x1b[2J")
	require.NotContains(t, d.App.View().Content, "\x1b]0")
}

// Keys typed before the list is there end where slow typing does.
func TestTypedAhead(t *testing.T) {
	o := newOffice(t)
	slow, fast := o.open(80, 24), o.open(80, 24)
	for _, k := range uitest.Keys("a/copy<enter><down>") {
		slow.Press(k)
		slow.Settle()
	}
	fast.Type("a/copy<enter><down>").Settle()
	require.Equal(t, slow.Screen(), fast.Screen())
}

// TestRealOutboxAndTrail runs both pages over a desk on the disk.
func TestRealOutboxAndTrail(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(t.TempDir(), "desk.db"), Migrations: desk.Migrations})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	seal, err := desk.NewSeal(desk.NewKey())
	require.NoError(t, err)
	k := desk.New(ctx, db, desk.Options{Who: desk.Here(), Seal: seal, AuditDir: t.TempDir()})
	t.Cleanup(func() { _ = k.Close(context.Background()) })
	_, err = k.Outbox.Enqueue(ctx, desk.Intent{Vendor: "updox", Op: "update practice", Class: "record", Record: "9", Payload: []byte("x"), Undo: time.Hour})
	require.NoError(t, err)
	require.NoError(t, k.Audit.Append(ctx, desk.Event{Vendor: "updox", Op: "update practice", Record: "9", Outcome: "done"}))
	env := uitest.Env(t, time.Now())
	var heard []tea.Msg
	d := uitest.New(t, env, 80, 24, connections.New(env, connections.Options{Outbox: k.Outbox, Audit: k.Audit}),
		hears{connections.New(env, connections.Options{}), &heard})
	d.Type("2").Settle().Type("1u").See("queued", "update practice").Type("t").See("Taken back", "Nothing waits").Settle()
	require.Equal(t, []tea.Msg{ui.TakenBack{Intent: ui.Intent{Vendor: "updox", Op: "update practice", Class: "record", Record: "9", Payload: []byte("x")}}}, heard)
	d.Type("<esc>a").See("updox", "done").Type("v").See("verified at", "1 line,")
	require.Equal(t, 1, strings.Count(d.Screen(), "updox"))
}
