package connections

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/desk"
	"frontdesk/ui"
	"frontdesk/ui/table"
)

// outboxPage lists the writes of this person, those that want somebody first.
type outboxPage struct {
	v     *View
	table *table.Table[desk.Item]
	read  *ui.Call[[]desk.Item]
	act   *ui.Call[acted]
	all   bool // also those that are over
	known bool
	width int
}

// acted is an entry after something was done about it.
type acted struct {
	item desk.Item
	did  string
	tell tea.Msg // for the tab it came from; nil: nothing
}

func newOutboxPage(v *View) *outboxPage {
	p := &outboxPage{v: v, read: ui.NewCall[[]desk.Item](v.env, "read the outbox"), act: ui.NewCall[acted](v.env, "what became of it")}
	col := func(title string, least, most int, of func(desk.Item) string) table.Column[desk.Item] {
		return table.Column[desk.Item]{Title: title, Min: least, Max: most, Cell: of}
	}
	state := col("State", 10, 11, func(it desk.Item) string { return v.word(it) })
	state.Style = func(it desk.Item) lipgloss.Style { return v.stateTint(it) }
	class := col("Class", 8, 11, func(it desk.Item) string { return it.Class })
	class.Drop = 2
	record := col("Record", 6, 6, func(it desk.Item) string { return safe.Clean(it.Record) })
	record.Drop = 1
	p.table = table.New(v.env.Theme, func(it desk.Item) string { return it.ID },
		state,
		col("Vendor", 18, 20, func(it desk.Item) string { return v.vendor(it.Vendor) }),
		col("Operation", 18, 24, func(it desk.Item) string { return deed(it) }),
		record,
		class,
		col("Age", 6, 7, func(it desk.Item) string { return long(v.env.Now().Sub(it.Created)) }),
		col("What happened", 18, 0, func(it desk.Item) string { return happened(it) }),
	)
	p.table.WithoutMarks()
	return p
}

func (p *outboxPage) open() tea.Cmd {
	box, filter := p.v.opt.Outbox, desk.Filter{}
	if !p.all {
		filter.States = desk.Unsettled()
	}
	p.table.SetLoading("reading...")
	return p.read.Latest(func(ctx context.Context) ([]desk.Item, error) { return box.List(ctx, filter) })
}

func (p *outboxPage) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.press(msg)
	case ui.Result[[]desk.Item]:
		p.loaded(msg)
		return nil
	case ui.Result[acted]:
		return p.acted(msg)
	case ui.LookedBack:
		if p.known {
			return p.open()
		}
		return nil
	}
	_, cmd := p.table.Update(ui.Shift(msg, 0, 1))
	return cmd
}

func (p *outboxPage) loaded(r ui.Result[[]desk.Item]) {
	if !p.read.Accept(r) {
		return
	}
	if r.Err != nil {
		p.table.SetFailed(rest.Then(r.Err, "Press r to read again."))
		return
	}
	p.known = true
	var urgent, others []desk.Item
	for i := len(r.Value) - 1; i >= 0; i-- { // the newest first
		if it := r.Value[i]; it.State == desk.Unknown || it.Waiting {
			urgent = append(urgent, it)
		} else {
			others = append(others, it)
		}
	}
	p.table.SetEmpty("Nothing waits to be sent and nothing is unknown.")
	p.table.Set(append(urgent, others...))
}

func (p *outboxPage) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.v.keys
	if p.table.Filtering() {
		_, cmd := p.table.Update(msg)
		return cmd
	}
	it, some := p.table.Selected()
	switch {
	case key.Matches(msg, k.Back) && p.table.Filter() == "":
		p.v.Back()
		return nil
	case key.Matches(msg, k.Again):
		return p.open()
	case key.Matches(msg, k.States):
		p.all = !p.all
		return p.open()
	case some && key.Matches(msg, k.Words):
		p.v.env.Open(ui.NewReader(p.v.env, p.v.vendor(it.Vendor)+": "+deed(it), p.detail(it)))
		return nil
	case some && key.Matches(msg, k.TakeBack):
		return p.takeBack(it)
	case some && key.Matches(msg, k.Send):
		p.send(it)
		return nil
	case some && key.Matches(msg, k.Find, k.Landed, k.DidNot):
		return p.settle(it, msg)
	}
	_, cmd := p.table.Update(msg)
	return cmd
}

func (p *outboxPage) takeBack(it desk.Item) tea.Cmd {
	if it.State != desk.Queued {
		p.v.env.Fail("This entry is " + it.State.Word() + ": only what was not sent can be taken back.")
		return nil
	}
	box, id := p.v.opt.Outbox, it.ID
	return p.act.Once(func(ctx context.Context) (acted, error) {
		it, err := box.TakeBack(ctx, id)
		tell := ui.TakenBack{Intent: ui.Intent{Vendor: it.Vendor, Op: it.Op, Class: it.Class, Record: it.Record, Payload: it.Payload}}
		return acted{it, "Taken back: it will not be sent.", tell}, err
	})
}

// send asks before an entry that waits goes out after all.
func (p *outboxPage) send(it desk.Item) {
	if !it.Waiting {
		p.v.env.Fail("This entry is " + it.State.Word() + ": only one that waits for you can be sent.")
		return
	}
	again := p.v.opt.Again
	p.v.env.Open(ui.NewConfirm(p.v.env, "Send it now?", p.v.subject(it)+", confirmed "+long(p.v.env.Now().Sub(it.Created))+
		" ago and not sent since. Has nobody done it another way meanwhile?", "Send it", func() tea.Cmd { return again(it) }))
}

// settle ends an UNKNOWN entry: the vendor is read back, or the person knows.
func (p *outboxPage) settle(it desk.Item, msg tea.KeyPressMsg) tea.Cmd {
	if it.State != desk.Unknown {
		p.v.env.Fail("This entry is " + it.State.Word() + ": there is nothing to find out.")
		return nil
	}
	box, find := p.v.opt.Outbox, p.v.opt.Resolve
	decide := func(f desk.Finding, did string) func() tea.Cmd {
		return func() tea.Cmd {
			return p.act.Once(func(ctx context.Context) (acted, error) {
				tell := ui.Decided{Payload: it.Payload, Landed: f == desk.Landed}
				it, err := box.Resolve(ctx, it.ID, f)
				return acted{it, did, tell}, err
			})
		}
	}
	what := p.v.subject(it) + ", " + long(p.v.env.Now().Sub(it.Created)) + " ago"
	switch k := p.v.keys; {
	case key.Matches(msg, k.Find):
		return p.act.Once(func(ctx context.Context) (acted, error) {
			it, err := find(ctx, it)
			return acted{it, found(it), ui.LookedBack{}}, err
		})
	case key.Matches(msg, k.Landed):
		p.v.env.Open(ui.NewConfirm(p.v.env, "Did it land?", "You have seen at the vendor that this was carried out: "+what+". It is then never sent again.",
			"It landed", decide(desk.Landed, "Noted as done.")))
	default:
		p.v.env.Open(ui.NewConfirm(p.v.env, "Did it not land?", "You have seen at the vendor that this was not carried out: "+what+". It then waits, to be sent again or taken back.",
			"It did not", decide(desk.DidNot, "Noted: it was not carried out, and waits.")))
	}
	return nil
}

func (p *outboxPage) acted(r ui.Result[acted]) tea.Cmd {
	if !p.act.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.v.fail(r.Err)
		return p.open()
	}
	cmds := []tea.Cmd{p.open(), p.v.env.Say(r.Value.did)}
	if tell := r.Value.tell; tell != nil {
		cmds = append(cmds, func() tea.Msg { return tell })
	}
	return tea.Batch(cmds...)
}

func (p *outboxPage) Resize(width, height int) {
	p.width = width
	p.table.Resize(width, max(1, height-1))
}

func (p *outboxPage) View() string {
	th := p.v.env.Theme
	words := "what is not settled; s shows everything"
	if p.all {
		words = "everything; s shows what is not settled"
	}
	head := " " + th.Strong.Render("Outbox") + "  " + words
	return th.Truncate(head, p.width) + "\n" + p.table.View()
}

func (p *outboxPage) Typing() bool { return p.table.Filtering() }

// Waiting keeps back what acts on a row until the rows are there.
func (p *outboxPage) Waiting(tea.Msg) bool { return p.read.Out() && !p.known || p.act.Out() }

func (p *outboxPage) Cursor() *tea.Cursor { return below(p.table.Cursor(), 1) }

func (p *outboxPage) Groups() [][]key.Binding {
	k := p.v.keys
	if p.table.Filtering() {
		return [][]key.Binding{p.table.Keys()}
	}
	k.Back.SetEnabled(p.table.Filter() == "") // else esc takes the filter away
	if p.table.Bare() {                       // they would do nothing
		for _, k := range []*key.Binding{&k.Words, &k.TakeBack, &k.Send, &k.Find, &k.Landed, &k.DidNot} {
			k.SetEnabled(false)
		}
	}
	return [][]key.Binding{{k.Words, k.TakeBack, k.Send, k.Find, k.Landed, k.DidNot, k.States, k.Again, k.Back}, p.table.Keys()}
}

func below(c *tea.Cursor, by int) *tea.Cursor {
	if c != nil {
		c.Y += by
	}
	return c
}
