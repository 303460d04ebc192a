package tickets

import (
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// detail is one ticket with its conversation.
type detail struct {
	v      *View
	key    tickets.Key
	call   *ui.Call[full]
	err    error
	raw    naturaesoft.Ticket // of the EMR, for editing
	talk   *tickets.Talk      // as read for this page; the board's own may be older
	wanted bool               // somebody waits for the reading under way
	mark   int                // the category the cursor is on
	shown  int                // counts showings, for seenMsg
	port   viewport.Model
	width  int
	height int
}

// seenMsg is the time after which a ticket that is shown counts as read.
type seenMsg struct{ shown int }

// seenAfter is how long a ticket must be shown for that: who only passes it has
// not read it.
const seenAfter = 2 * time.Second

func newDetail(v *View) *detail {
	d := &detail{v: v, call: ui.NewCall[full](v.env, "read ticket"), port: viewport.New()}
	k := v.keys
	d.port.KeyMap = viewport.KeyMap{Up: k.LineUp, Down: k.LineDown, PageUp: k.PageUp, PageDown: k.PageDown}
	return d
}

// show reads a ticket and shows what is known of it meanwhile.
func (d *detail) show(k tickets.Key) tea.Cmd {
	d.key, d.err, d.raw, d.mark, d.wanted = k, nil, naturaesoft.Ticket{}, 0, false
	d.talk = d.v.talks[k]
	d.shown++
	d.refresh()
	d.port.GotoBottom()
	return d.load()
}

func (d *detail) load() tea.Cmd {
	emr, care, reading, k := d.v.emr, d.v.care, d.v.read, d.key
	return d.call.Latest(func(ctx ctx) (full, error) { return readOne(ctx, emr, care, reading, k) })
}

// again reads the ticket once more if it is the one on show.
func (d *detail) again(k tickets.Key) tea.Cmd {
	if d.v.Page() != d || d.key != k {
		return nil
	}
	return d.load()
}

// keepUp reads the ticket on show again when the list says it changed.
func (d *detail) keepUp() tea.Cmd {
	t := d.v.all[d.key]
	if d.v.Page() != d || d.call.Out() || t == nil || !t.Stale() {
		return nil
	}
	return d.load()
}

// foreign reports that the vendor answered another ticket than this one.
func (d *detail) foreign(k tickets.Key) bool { return d.key == k && d.talk != nil && d.talk.Foreign }

// ticket is the one on show.
func (d *detail) ticket() (*tickets.Ticket, bool) {
	t, ok := d.v.all[d.key]
	return t, ok
}

func (d *detail) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return d.press(msg)
	case ui.Result[full]:
		return d.loaded(msg)
	case tea.MouseWheelMsg:
		if d.v.Page() == d {
			d.port, _ = d.port.Update(msg)
		}
	}
	return nil
}

func (d *detail) loaded(r ui.Result[full]) tea.Cmd {
	if !d.call.Accept(r) {
		return nil
	}
	var noted tea.Cmd
	d.wanted = false
	if d.err = r.Err; r.Err == nil {
		atEnd := d.port.AtBottom()
		d.raw, d.talk = r.Value.emr, r.Value.talk
		noted = d.v.know(r.Value)
		d.refresh()
		if atEnd {
			d.port.GotoBottom()
		}
	}
	return tea.Batch(noted, d.v.env.After(seenAfter, seenMsg{d.shown}))
}

// seen marks the ticket as read once it has been shown long enough.
func (v *View) seen(msg seenMsg) tea.Cmd {
	t, ok := v.detail.ticket()
	if !ok || msg.shown != v.detail.shown || v.Page() != v.detail || !v.env.Watched(v) || t.Talk == nil {
		return nil
	}
	return v.saw(t)
}

func (d *detail) press(msg tea.KeyPressMsg) tea.Cmd {
	v, k := d.v, d.v.keys
	t, some := d.ticket()
	if some {
		if cmd, ok := v.act(msg, t, []*tickets.Ticket{t}); ok {
			return cmd
		}
	}
	switch {
	case key.Matches(msg, k.Back) && v.take.Out():
		v.take.Cancel()
	case key.Matches(msg, k.Back):
		v.Back()
	case key.Matches(msg, k.Next):
		return v.next()
	case key.Matches(msg, k.Again):
		d.wanted = true
		return d.load()
	case key.Matches(msg, k.PrevMark):
		d.turn(-1)
	case key.Matches(msg, k.OnMark):
		d.turn(1)
	case key.Matches(msg, k.Reveal):
		return v.env.Reveal(d.record(t))
	case some && t.Source == tickets.Care && key.Matches(msg, k.OnCategory):
		return d.onCategory(t)
	case some && key.Matches(msg, k.Edit):
		return d.edit(t)
	case key.Matches(msg, k.Linked):
		return v.openLinked(d.key)
	case some && key.Matches(msg, k.Link):
		return v.askLink(t)
	case some && key.Matches(msg, k.Person):
		return d.person(t)
	case some && key.Matches(msg, k.Export):
		return v.askExport(t)
	default:
		d.port, _ = d.port.Update(msg)
	}
	return nil
}

// record is whose data the page shows, for the trail.
func (d *detail) record(t *tickets.Ticket) string {
	if t != nil && t.Resident != "" {
		return t.Resident
	}
	return d.key.ID
}

// marks are the categories of the ticket on show.
func (d *detail) marks() []tickets.Mark {
	if d.talk == nil {
		return nil
	}
	return d.talk.Marks
}

func (d *detail) turn(by int) {
	if n := len(d.marks()); n > 0 {
		d.mark = (d.mark + by + n) % n
		d.refresh()
	}
}

// onCategory writes to the category under the cursor.
func (d *detail) onCategory(t *tickets.Ticket) tea.Cmd {
	marks := d.marks()
	switch {
	case len(marks) == 0:
		d.v.env.Fail("The vendor shows no categories of this ticket. Press c for a comment, or r to read it again.")
	case marks[d.mark].ID == "" || repeated(marks, marks[d.mark].ID):
		d.v.env.Fail("The vendor gives this category no number of its own, so a comment could land in another one. Press c for a general comment.")
	default:
		return d.v.writable([]*tickets.Ticket{t}, func() tea.Cmd { return d.v.write([]*tickets.Ticket{t}, marks[d.mark]) })
	}
	return nil
}

// person shows who the ticket is about where visits are made: the prospect it
// is linked to, else whoever is called so.
func (d *detail) person(t *tickets.Ticket) tea.Cmd {
	v, who := d.v, ui.Person{}
	if r, ok := v.residents[t.Resident]; ok {
		who.First, who.Last = r.FirstName.Raw(), r.LastName.Raw()
	}
	for _, l := range v.notes.Links[t.Key] {
		if l.Kind == tickets.ToProspect {
			who.ID = l.Target
		}
	}
	if who == (ui.Person{}) {
		v.env.Fail("This ticket names nobody. Press L to link it to a prospect by number, then p again.")
		return nil
	}
	return func() tea.Msg { return ui.GoMsg{Tab: "Prospects", Subject: who} }
}

func repeated(marks []tickets.Mark, id string) bool {
	n := 0
	for _, m := range marks {
		n += yes(m.ID == id)
	}
	return n > 1
}

func (d *detail) Resize(width, height int) {
	if d.width != width || d.height != height {
		d.width, d.height = width, height
		d.refresh()
	}
}

func (d *detail) Typing() bool         { return false }
func (d *detail) Waiting(tea.Msg) bool { return false }
func (d *detail) Cursor() *tea.Cursor  { return nil }

func (d *detail) Groups() [][]key.Binding {
	k := d.v.keys
	main := []key.Binding{k.Comment, k.Status, k.Next, k.Back}
	if d.key.Source == tickets.Care {
		main = append(main, k.OnCategory)
	}
	if len(d.marks()) > 0 {
		main = append(main, k.PrevMark, k.OnMark)
	}
	if len(d.v.linked(d.key)) > 0 {
		main = append(main, k.Linked)
	}
	main = append(main, k.Edit, k.Take, k.Over, k.Snooze, k.Person, k.Link, k.Export, k.Create, k.Reveal, k.Again)
	return [][]key.Binding{main, {k.LineUp, k.LineDown, k.PageUp, k.PageDown}}
}

// failed is why the ticket could not be read, or "".
func (d *detail) failed() string {
	if d.err == nil {
		return ""
	}
	return rest.Then(d.err, "r tries again.")
}
