package prospects

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/ui"
)

// card is one person with everything the EMR's document lists.
type card struct {
	v     *View
	p     whole
	full  bool // p came from the EMR with all its fields
	fault string
	asOf  time.Time
	read  *ui.Call[whole]
	bare  []naturaesoft.Tag // taken off all at once; they can be put back
	top   int               // first line shown
	lines int
	wide  int
	high  int
}

func newCard(v *View) *card {
	return &card{v: v, read: ui.NewCall[whole](v.env, "read the person")}
}

// show makes p the person on the card: at once as known, and read anew.
func (c *card) show(p whole) tea.Cmd {
	c.p, c.fault, c.top, c.bare = p, "", 0, nil
	_, c.full = c.v.seen.rows[p.ID]
	if c.full {
		c.p = c.v.seen.rows[p.ID]
	}
	return c.reread()
}

// reread reads the person anew.
func (c *card) reread() tea.Cmd {
	emr, p := c.v.emr, c.p
	return c.read.Latest(func(ctx ctx) (whole, error) { return emr.Reread(ctx, p) })
}

// arrived takes over what was read.
func (c *card) arrived(r ui.Result[whole]) tea.Cmd {
	if r.Err != nil {
		c.fault = rest.UserMessage(r.Err)
		return nil
	}
	c.take(r.Value)
	return nil
}

// take makes a newer row the one on the card. Tags that became known by
// changing them here stay known where the EMR's row does not tell (NS-6).
func (c *card) take(p whole) {
	if c.p.ID != p.ID {
		return
	}
	if !p.TagsKnown {
		p.Tags = c.p.Tags
	}
	c.p, c.full, c.fault, c.asOf = p, true, "", c.v.env.Now()
	c.v.list.renew(p)
}

// retag shows what a write did to the person's tags.
func (c *card) retag(p id, change func([]naturaesoft.Tag) []naturaesoft.Tag) {
	c.v.list.retag(p, change)
	if c.p.ID == p {
		c.p.Tags = change(c.p.Tags)
	}
}

func (c *card) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return c.press(msg)
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			c.scroll(-3)
		} else {
			c.scroll(3)
		}
	case ui.LookedBack:
		if c.v.Page() == c {
			return c.reread()
		}
	}
	return nil
}

func (c *card) press(msg tea.KeyPressMsg) tea.Cmd {
	k := c.v.keys
	switch {
	case key.Matches(msg, k.Back):
		c.v.Back()
	case key.Matches(msg, k.Down):
		c.scroll(c.step(msg))
	case key.Matches(msg, k.Up):
		c.scroll(-c.step(msg))
	case key.Matches(msg, k.Top):
		c.scroll(-c.lines)
	case key.Matches(msg, k.End):
		c.scroll(c.lines)
	case key.Matches(msg, k.Again):
		return tea.Batch(c.reread(), c.v.askTags())
	case key.Matches(msg, k.Reveal):
		return c.v.env.Reveal(string(c.p.ID))
	case key.Matches(msg, k.Delete):
		c.v.cannotDelete()
	case key.Matches(msg, k.Copy):
		return c.v.copyCard(c.p)
	case key.Matches(msg, k.Alike):
		c.v.Open(c.v.twins)
		return c.v.twins.of(c.p)
	default:
		return c.change(msg)
	}
	return nil
}

// change works the keys that write or lead to another tab; a person who could
// not be read in full is not written to.
func (c *card) change(msg tea.KeyPressMsg) tea.Cmd {
	k := c.v.keys
	if cmd, ok := c.jump(msg); ok {
		return cmd
	}
	if !c.full {
		if key.Matches(msg, k.Edit, k.Tag, k.Untag, k.Bare) {
			c.v.env.Fail("This person could not be read in full, so nothing can be changed. Press r to read them again.")
		}
		return nil
	}
	switch {
	case c.v.bulk.running() && key.Matches(msg, k.Tag, k.Untag, k.Bare, k.Undo):
		c.v.env.Fail("Tags of a list are still being changed. Wait for it to end.")
	case key.Matches(msg, k.Edit):
		return c.v.edit(c.p)
	case key.Matches(msg, k.Tag):
		return c.v.askTag(c.p)
	case key.Matches(msg, k.Untag):
		return c.v.askUntag(c.p)
	case key.Matches(msg, k.Bare):
		return c.v.askBare(c.p)
	case len(c.bare) > 0 && key.Matches(msg, k.Undo):
		tags := c.bare
		c.bare = nil
		return c.v.putBack(c.p, tags)
	}
	return nil
}

// jump goes to what other tabs have of the person.
func (c *card) jump(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := c.v.keys
	who := person(c.p)
	for _, j := range []struct {
		key     key.Binding
		tab     string
		subject any
	}{
		{k.Slot, "Slots", who}, {k.Visits, "Slots", ui.Visits{Of: who}}, {k.Tickets, "Tickets", who},
		{k.Bills, "Billing", who}, {k.Enroll, "Enrollment", who},
	} {
		if key.Matches(msg, j.key) {
			return func() tea.Msg { return ui.GoMsg{Tab: j.tab, Subject: j.subject} }, true
		}
	}
	return nil, false
}

// person is what another tab is told of somebody.
func person(p whole) ui.Person {
	out := ui.Person{ID: string(p.ID), First: p.FirstName.Raw(), Last: p.LastName.Raw(), DOB: p.DOB.Raw(), EMail: p.EMail.Raw()}
	for _, n := range []string{p.CellPhone.Raw(), p.Phone.Raw(), p.SMSPhone.Raw()} {
		if n != "" {
			out.Phone = n
			break
		}
	}
	return out
}

func (c *card) step(msg tea.KeyPressMsg) int {
	if key.Matches(msg, ui.Bind([]string{"pgup", "pgdown"}, "", "")) {
		return max(1, c.room()-2)
	}
	return 1
}

func (c *card) scroll(by int) {
	c.top = max(0, min(c.top+by, c.lines-c.room()))
}

func (c *card) Resize(width, height int) { c.wide, c.high = width, height }
func (c *card) Typing() bool             { return false }
func (c *card) Cursor() *tea.Cursor      { return nil }

// Waiting keeps back what needs the whole row until it has been read.
func (c *card) Waiting(msg tea.Msg) bool {
	k := c.v.keys
	if c.v.write.busy() && !c.v.bulk.running() {
		return !key.Matches(ui.Pressed(msg), k.Reveal, k.Down, k.Up, k.Top, k.End)
	}
	return !c.full && c.read.Out() && key.Matches(ui.Pressed(msg), k.Edit, k.Tag, k.Untag, k.Bare, k.Copy)
}

func (c *card) Groups() [][]key.Binding {
	k := c.v.keys
	edit, undo := k.Edit, k.Undo
	edit.SetEnabled(len(c.v.halted) == 0)
	undo.SetEnabled(len(c.bare) > 0)
	moves := []key.Binding{k.Down, k.Up, k.Top, k.End}
	for i := range moves {
		moves[i].SetEnabled(c.lines > c.room())
	}
	return [][]key.Binding{
		{undo, edit, k.Slot, k.Tag, k.Untag, k.Visits, k.Reveal, k.Back},
		append([]key.Binding{k.Bare, k.Alike, k.Copy, k.Delete, k.Again}, moves...),
		{k.Tickets, k.Bills, k.Enroll},
	}
}
