package connections

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/desk"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// lastLines is how much of the trail is shown; frontdesk audit show has all.
const lastLines = 50_000

// auditPage is the trail, the newest line first, with a filter.
type auditPage struct {
	v      *View
	table  *table.Table[desk.Line]
	read   *ui.Call[[]desk.Line]
	verify *ui.Call[desk.Report]
	known  bool
	words  string // of the last verification
	bad    bool
	width  int
}

func newAuditPage(v *View) *auditPage {
	p := &auditPage{v: v, read: ui.NewCall[[]desk.Line](v.env, "read the trail"), verify: ui.NewCall[desk.Report](v.env, "verify the trail")}
	col := func(title string, least, most, drop int, of func(desk.Line) string) table.Column[desk.Line] {
		return table.Column[desk.Line]{Title: title, Min: least, Max: most, Drop: drop, Cell: of}
	}
	p.table = table.New(v.env.Theme, func(l desk.Line) string { return strconv.FormatInt(l.Seq, 10) + l.H },
		col("When", 15, 15, 0, func(l desk.Line) string { return l.Time().In(v.env.Zone).Format("2 Jan 15:04:05") }),
		col("Who", 8, 14, 0, func(l desk.Line) string { return l.User }),
		col("Where", 12, 24, 2, func(l desk.Line) string { return l.Host + " " + l.TTY }),
		col("Vendor", 15, 20, 1, func(l desk.Line) string { return l.Vendor }),
		col("Operation", 18, 26, 0, func(l desk.Line) string { return l.Op }),
		col("Record", 8, 8, 3, func(l desk.Line) string { return l.Record[:min(8, len(l.Record))] }),
		col("Outcome", 16, 0, 0, func(l desk.Line) string { return l.Outcome }),
	)
	p.table.WithoutMarks().SetEmpty("Nothing is on the trail yet.")
	return p
}

func (p *auditPage) open() tea.Cmd {
	audit := p.v.opt.Audit
	p.table.SetLoading("reading...")
	return p.read.Latest(func(ctx context.Context) ([]desk.Line, error) {
		lines, err := audit.Read(ctx, desk.Search{Last: lastLines})
		slices.Reverse(lines)
		for i := range lines { // a file can be edited by anybody who may write it
			l := &lines[i]
			for _, s := range []*string{&l.User, &l.Host, &l.TTY, &l.SSH, &l.Session, &l.Vendor, &l.Op, &l.Record, &l.Outcome} {
				*s = safe.Clean(*s)
			}
		}
		return lines, err
	})
}

func (p *auditPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[[]desk.Line]:
		p.loaded(msg)
		return nil
	case ui.Result[desk.Report]:
		p.verified(msg)
		return nil
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 1))
	return cmd
}

func (p *auditPage) loaded(r ui.Result[[]desk.Line]) {
	if !p.read.Accept(r) {
		return
	}
	if r.Err != nil {
		p.table.SetFailed(rest.Then(r.Err, "Press r to read again."))
		return
	}
	p.known = true
	p.table.Set(r.Value)
}

func (p *auditPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if !p.table.Filtering() {
		l, some := p.table.Selected()
		switch {
		case some && key.Matches(msg, k.Words):
			p.v.env.Open(ui.NewReader(p.v.env, "Entry "+strconv.FormatInt(l.Seq, 10), p.detail(l)))
			return nil
		case key.Matches(msg, k.Back) && p.table.Filter() == "":
			p.v.Back()
			return nil
		case key.Matches(msg, k.Again):
			return p.open()
		case key.Matches(msg, k.Verify):
			return p.verify.Latest(p.v.opt.Audit.Verify)
		}
	}
	_, cmd := p.table.Update(msg)
	return cmd
}

// detail is a line in full. The record stays the code it is on the trail.
func (p *auditPage) detail(l desk.Line) string {
	var b strings.Builder
	for _, part := range [][2]string{
		{"When", l.Time().In(p.v.env.Zone).Format("Mon 2 Jan 2006 15:04:05 MST")}, {"Who", l.User}, {"Where", l.Host + " " + l.TTY},
		{"SSH", l.SSH}, {"Session", l.Session}, {"Vendor", l.Vendor}, {"Operation", l.Op}, {"Record", l.Record}, {"Outcome", l.Outcome},
	} {
		if part[1] != "" {
			fmt.Fprintf(&b, "%-10s %s\n", part[0], part[1])
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func (p *auditPage) verified(r ui.Result[desk.Report]) {
	if !p.verify.Accept(r) {
		return
	}
	at := p.v.clock(p.v.env.Now())
	p.bad = r.Err != nil || r.Value.Bad != nil
	switch {
	case r.Err != nil:
		p.words = "could not be verified at " + at
		p.v.fail(r.Err)
	case r.Value.Bad != nil:
		p.words = "is not whole, as of " + at
		p.v.env.Fail("The audit trail is not whole. " + r.Value.Bad.String() + " Tell whoever answers for it, and keep the files as they are.")
	default:
		lines := ui.Count(r.Value.Lines, "line", "lines")
		p.words = "verified at " + at + ": " + lines + ", all there and as written"
	}
}

func (p *auditPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-1))
}

func (p *auditPage) View() string {
	th := p.v.env.Theme
	words := "what was done from this account; / searches, v verifies the chain"
	switch {
	case p.verify.Out():
		words = "verifying..."
	case p.bad:
		words = th.Danger.Render(th.Glyph.Cross + " " + p.words)
	case p.words != "":
		words = th.Good.Render(th.Glyph.Ok + " " + p.words)
	}
	return th.Truncate(" "+th.Strong.Render("Audit trail")+"  "+words, p.width) + "\n" + p.table.View()
}

func (p *auditPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps a filter back until there is something to filter.
func (p *auditPage) Waiting(tea.Msg) bool { return p.read.Out() && !p.known }
func (p *auditPage) Cursor() *tea.Cursor  { return below(p.table.Cursor(), 1) }

func (p *auditPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.Back.SetEnabled(p.table.Filter() == "") // else esc takes the filter away
	return [][]key.Binding{{k.Verify, k.Words, k.Again, k.Back}, p.table.Keys()}
}
