package connections

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/secrets"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// vendorPage lists the vendors and tells all about the one under the cursor.
type vendorPage struct {
	v      *View
	table  *table.Table[*vendorRow]
	rows   []*vendorRow
	look   *ui.Call[map[string]string]
	change *ui.Call[changed]
	dialog *secretDialog // the one that is open
	width  int
	height int
}

// vendorRow is one vendor as it was last looked at.
type vendorRow struct {
	Vendor
	health rest.Health
	total  rest.Stat
	stats  []rest.Stat
	fails  []rest.Failure
	secret string // "stored", "none" and the like, or a sentence
	test   *ui.Call[tested]
	last   string // what the last test said
	bad    bool
}

// tested is how long a test took.
type tested struct{ took time.Duration }

// changed tells that a vendor's secret was stored or forgotten.
type changed struct{ vendor, done string }

const (
	stored  = "stored"
	missing = "none"
	asking  = "asking..."
	unclear = "unknown"
)

func newVendorPage(v *View) *vendorPage {
	p := &vendorPage{v: v, look: ui.NewCall[map[string]string](v.env, "look for secrets"),
		change: ui.NewCall[changed](v.env, "the secret, to where it is kept")}
	first := asking
	if v.opt.Keep == nil {
		first = unclear
	}
	for _, vendor := range v.opt.Vendors {
		p.rows = append(p.rows, &vendorRow{Vendor: vendor, secret: first, test: ui.NewCall[tested](v.env, "test")})
	}
	number := func(title string, least int, of func(*vendorRow) string) table.Column[*vendorRow] {
		return table.Column[*vendorRow]{Title: title, Min: least, Max: least, Right: true, Cell: of}
	}
	p.table = table.New(v.env.Theme, func(r *vendorRow) string { return r.Name },
		table.Column[*vendorRow]{Title: "Vendor", Min: 18, Max: 24, Cell: func(r *vendorRow) string { return r.Title }},
		table.Column[*vendorRow]{Title: "Health", Min: 7, Max: 7, Cell: func(r *vendorRow) string { return r.health.Word }, Style: func(r *vendorRow) lipgloss.Style { return p.tint(r.health.Word) }},
		table.Column[*vendorRow]{Title: "Secret", Min: 9, Max: 9, Cell: (*vendorRow).brief},
		number("Calls", 6, func(r *vendorRow) string { return strconv.Itoa(r.total.Calls) }),
		number("Errors", 6, func(r *vendorRow) string { return strconv.Itoa(r.total.Errors) }),
		number("Retries", 7, func(r *vendorRow) string { return strconv.Itoa(r.total.Retries) }),
		number("Mean", 7, func(r *vendorRow) string { return mean(r.total) }),
		table.Column[*vendorRow]{Title: "Recent", Min: listCells, Max: listCells, Drop: 1, Cell: func(r *vendorRow) string {
			return spark(r.total.Recent, listCells, v.env.Theme.Options().ASCII)
		}},
	)
	p.table.WithoutMarks().SetEmpty("This profile names no vendor.")
	p.refresh()
	return p
}

// brief is the secret's state in a word.
func (r *vendorRow) brief() string {
	switch r.secret {
	case stored, missing, asking:
		return r.secret
	}
	return unclear
}

func (p *vendorPage) tint(word string) lipgloss.Style {
	th := p.v.env.Theme
	switch word {
	case "up":
		return th.Good
	case "idle":
		return th.Muted
	case "slow", "limited":
		return th.Warn
	}
	return th.Danger
}

// refresh takes the clients' figures. They change with every call of any tab,
// and each call ends in a message that comes by here.
func (p *vendorPage) refresh() {
	for _, r := range p.rows {
		r.health, r.stats, r.fails = r.Client.Health(), r.Client.Stats(), r.Client.LastErrors()
		r.total = totals(r.stats)
		slices.SortStableFunc(r.stats, func(a, b rest.Stat) int { return b.Calls - a.Calls })
	}
	p.table.Set(p.rows)
}

// open looks whether each vendor has a secret. What is in it stays with the
// command.
func (p *vendorPage) open() tea.Cmd {
	keep, profile := p.v.opt.Keep, p.v.opt.Profile
	if keep == nil {
		return nil
	}
	var names []string
	for _, r := range p.rows {
		names = append(names, r.Name)
	}
	return p.look.Latest(func(ctx context.Context) (map[string]string, error) {
		found := map[string]string{}
		for _, name := range names {
			found[name] = state(keep.Load(ctx, profile, name))
		}
		return found, ctx.Err()
	})
}

// state says what a look for a secret found.
func state(b secrets.Bundle, err error) string {
	clear(b)
	switch {
	case err == nil:
		return stored
	case errors.Is(err, secrets.ErrNotFound):
		return missing
	}
	return rest.UserMessage(err)
}

func (p *vendorPage) Update(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd = p.press(msg)
	case ui.Result[map[string]string]:
		p.looked(msg)
	case ui.Result[tested]:
		p.tested(msg)
	case ui.Result[changed]:
		cmd = p.changed(msg)
	default:
		_, cmd = p.table.Update(msg)
	}
	p.refresh()
	return cmd
}

func (p *vendorPage) looked(r ui.Result[map[string]string]) {
	if !p.look.Accept(r) {
		return
	}
	for _, row := range p.rows {
		row.secret = r.Value[row.Name]
		if row.secret == "" {
			row.secret = unclear
		}
	}
}

func (p *vendorPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	r, some := p.table.Selected()
	if some && !p.table.Filtering() {
		switch {
		case key.Matches(msg, k.Test):
			return p.test(r)
		case key.Matches(msg, k.New):
			p.ask(r)
			return nil
		case key.Matches(msg, k.Forget):
			p.forget(r)
			return nil
		case key.Matches(msg, k.Errors):
			p.v.env.Open(ui.NewReader(p.v.env, "Last errors of "+r.Title, p.errors(r)))
			return nil
		case key.Matches(msg, k.Look):
			return p.open()
		}
	}
	_, cmd := p.table.Update(msg)
	return cmd
}

func (p *vendorPage) test(r *vendorRow) tea.Cmd {
	run := r.Test
	if r.health.Word == "auth" { // its key may have been stored anew in another session
		r.Client.Reset()
	}
	return r.test.Latest(func(ctx context.Context) (tested, error) {
		took, err := run(ctx)
		return tested{took}, err
	})
}

func (p *vendorPage) tested(msg ui.Result[tested]) {
	for _, r := range p.rows {
		if !r.test.Accept(msg) {
			continue
		}
		at := p.v.clock(p.v.env.Now())
		r.bad = msg.Err != nil
		if r.bad {
			r.last = "failed at " + at + ". " + rest.UserMessage(msg.Err)
			return
		}
		r.last = "answered in " + ms(msg.Value.took) + " at " + at + "; " + skew(r.Client.Health())
	}
}

// place says where a new secret would go.
func (p *vendorPage) place() string {
	switch w := p.v.opt.Keep.Where(); {
	case w.Locked:
		return "Where secrets live cannot be written now. " + w.Why
	case w.Kind == secrets.Keyring:
		return "It goes to the OS keyring."
	case w.Kind == secrets.Vault:
		return "It goes to the sealed vault."
	}
	return "It is kept for this session only: there is no keyring and no vault here."
}

// ask opens the dialog for a new secret.
func (p *vendorPage) ask(r *vendorRow) {
	keep, profile := p.v.opt.Keep, p.v.opt.Profile
	if keep == nil {
		p.v.env.Fail("Secrets cannot be stored from here. Use: frontdesk login " + r.Name)
		return
	}
	p.dialog = newSecretDialog(p.v.env, r.Vendor, p.place(), func(b secrets.Bundle) tea.Cmd {
		name := r.Name
		return p.change.Once(func(ctx context.Context) (changed, error) {
			defer clear(b)
			return changed{name, "Stored"}, keep.Save(ctx, profile, name, b)
		})
	}, p.change.Out)
	p.v.env.Open(p.dialog)
}

// forget asks before a vendor's secret is removed.
func (p *vendorPage) forget(r *vendorRow) {
	keep, profile, name := p.v.opt.Keep, p.v.opt.Profile, r.Name
	if keep == nil || r.secret == missing {
		p.v.env.Fail("No secret of " + r.Title + " is stored, so there is nothing to forget.")
		return
	}
	p.v.env.Open(ui.NewConfirm(p.v.env, "Forget the secret?",
		"The stored secret of "+r.Title+" is removed and its session ends. Nothing can be asked of it until a new one is entered with n.",
		"Forget", func() tea.Cmd {
			return p.change.Once(func(ctx context.Context) (changed, error) {
				return changed{name, "Forgotten"}, keep.Forget(ctx, profile, name)
			})
		}))
}

// changed ends a change: the client signs in anew, with the new secret or not
// at all, and a new one is tried at once.
func (p *vendorPage) changed(msg ui.Result[changed]) tea.Cmd {
	if !p.change.Accept(msg) {
		return nil
	}
	if msg.Err != nil {
		p.v.fail(msg.Err)
		return nil
	}
	if p.dialog != nil {
		p.dialog.close()
		p.dialog = nil
	}
	i := slices.IndexFunc(p.rows, func(r *vendorRow) bool { return r.Name == msg.Value.vendor })
	r := p.rows[i]
	r.Client.Reset()
	r.last = ""
	p.v.env.Trace("secret "+strings.ToLower(msg.Value.done), r.Name)
	cmds := []tea.Cmd{p.open(), p.v.env.Say(msg.Value.done + ": the secret of " + r.Title + ".")}
	if msg.Value.done == "Stored" {
		cmds = append(cmds, p.test(r))
	}
	return tea.Batch(cmds...)
}

func (p *vendorPage) Resize(width, height int) {
	p.width, p.height = width, height
	p.table.Resize(width, min(height, len(p.rows)+2))
}

func (p *vendorPage) Typing() bool         { return p.table.Filtering() }
func (p *vendorPage) Waiting(tea.Msg) bool { return false }
func (p *vendorPage) Cursor() *tea.Cursor  { return p.table.Cursor() }

func (p *vendorPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	return [][]key.Binding{{k.Test, k.New, k.Forget, k.Errors, k.Partner, k.Outbox, k.Audit, k.Look}, p.table.Keys()}
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
