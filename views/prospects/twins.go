package prospects

import (
	"fmt"
	"maps"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// telling is the score from which saving asks once more.
const telling = 30

// twins looks for people who are there already while somebody is typed in, and
// once more before saving. It warns with its evidence and blocks nothing.
type twins struct {
	v      *View
	e      *editor
	ask    *ui.Call[[]people.Twin[whole]]
	gen    int
	typed  people.Person
	there  []people.Twin[whole]
	over   *checking
	saving bool // the search is the one before saving
	edits  naturaesoft.Edits
}

// twinsMsg is the rest in typing after which the EMR is asked.
type twinsMsg struct{ gen int }

func newTwins(v *View, e *editor) *twins {
	return &twins{v: v, e: e, ask: ui.NewCall[[]people.Twin[whole]](v.env, "look for duplicates")}
}

// who is the person as the form has them.
func (t *twins) who(values map[string]string) people.Person {
	p := people.Typed(values)
	p.ID = t.e.base.ID
	return p
}

// changed asks when typing rests, if what tells people apart has changed.
func (t *twins) changed(values map[string]string) tea.Cmd {
	t.gen++
	t.typed = t.who(values)
	return t.v.env.After(settle, twinsMsg{t.gen})
}

func (t *twins) rest(msg twinsMsg) tea.Cmd {
	if msg.gen != t.gen || t.saving {
		return nil
	}
	return t.search(t.typed)
}

func (t *twins) search(who people.Person) tea.Cmd {
	emr := t.v.emr
	return t.ask.Latest(func(ctx ctx) ([]people.Twin[whole], error) { return people.Twins(ctx, emr, who) })
}

// before looks once more and then sends.
func (t *twins) before(edits naturaesoft.Edits) tea.Cmd {
	t.gen++
	if t.e.base.ID != "" && !tells(edits) {
		return t.e.send(edits)
	}
	values := maps.Clone(t.e.was)
	if values == nil {
		values = map[string]string{}
	}
	maps.Copy(values, edits)
	t.saving, t.edits = true, edits
	t.over = &checking{t}
	t.v.env.Open(t.over)
	return t.search(t.who(values))
}

// checking has the keyboard while the search before saving is out: esc goes
// back to the form, and then nothing is sent.
type checking struct{ t *twins }

// Title names what goes on.
func (c *checking) Title() string { return "One moment" }

// Update takes esc.
func (c *checking) Update(msg tea.Msg) tea.Cmd {
	if key.Matches(ui.Pressed(msg), c.t.v.keys.Leave) {
		c.t.saving = false
		c.t.ask.Cancel()
		c.t.v.env.Close(c)
	}
	return nil
}

// Waiting keeps every other key for what comes next.
func (c *checking) Waiting(tea.Msg) bool { return true }

// Resize has nothing to fit.
func (c *checking) Resize(int, int) {}

// View says what is waited for.
func (c *checking) View() string { return "Looking for people who are there already..." }

// ShortHelp is the way out.
func (c *checking) ShortHelp() []key.Binding {
	return []key.Binding{ui.One("esc", "back to the form, without saving")}
}

// FullHelp is the same.
func (c *checking) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }

// tells reports that edits touch what people are told apart by.
func tells(e naturaesoft.Edits) bool {
	for _, name := range []string{"FirstName", "LastName", "DOB", "EMail", "Phone", "CellPhone", "SMSPhone"} {
		if e[name] != "" {
			return true
		}
	}
	return false
}

func (t *twins) found(r ui.Result[[]people.Twin[whole]]) tea.Cmd {
	if !t.ask.Accept(r) {
		return nil
	}
	if r.Err == nil {
		t.there = r.Value
	}
	if !t.saving {
		return nil
	}
	t.saving = false
	t.v.env.Close(t.over)
	var alike []people.Twin[whole]
	for _, x := range r.Value {
		if x.Score >= telling {
			alike = append(alike, x)
		}
	}
	if r.Err != nil || len(alike) > 0 {
		t.e.confirm(alike, r.Err, t.edits)
		return nil
	}
	return t.e.send(t.edits)
}

// view is what is there already, below the form.
func (t *twins) view(width int) string {
	th := t.v.env.Theme
	var lines []string
	for _, x := range t.there[:min(3, len(t.there))] {
		l := people.Compare(t.typed, people.Of(x.Person))
		if l.Score < people.Worth {
			continue
		}
		p := x.Person
		known := t.v.env.Birth(string(p.ID), p.DOB.String()) + "  " + t.v.env.Ending(string(p.ID), t.phone(p))
		lines = append(lines, th.Truncate(th.Warn.Render(th.Glyph.Warn+" "+l.Words()+": ")+p.Name().String()+"  "+known, width))
	}
	return strings.Join(lines, "\n")
}

// phone is the number that was typed too, or else the one to call first.
func (t *twins) phone(p whole) string {
	for _, n := range []safe.Text{p.CellPhone, p.Phone, p.SMSPhone} {
		for _, typed := range t.typed.Phones {
			if people.SamePhone(n.Raw(), typed) {
				return n.String()
			}
		}
	}
	return firstPhone(p.CellPhone, p.Phone, p.SMSPhone)
}

// confirm asks about people who are there already; it never blocks. In place of
// adding somebody new, one of them can be opened.
func (e *editor) confirm(found []people.Twin[whole], unsure error, edits naturaesoft.Edits) {
	v := e.v
	found = found[:min(4, len(found))]
	var lines []string
	for i, t := range found {
		lines = append(lines, fmt.Sprintf("%d  %s (number %s): %s", i+1, t.Person.Name().String(), t.Person.ID, t.Words()))
	}
	body := "There already is:\n\n" + strings.Join(lines, "\n") + "\n\nSave all the same?"
	if unsure != nil {
		body = "Whether this person is there already could not be checked: the EMR did not answer the search.\n\nSave all the same?"
	}
	keys := e.instead(found)
	if len(keys) > 0 {
		body += " " + keys[0].Key.Help().Key + " opens them instead and drops what you typed."
	}
	v.env.Open(ui.NewConfirm(v.env, "Already there?", body, "Save", func() tea.Cmd { return e.send(edits) }).Offer(keys...))
}

// instead are the keys that open somebody who was found in place of adding
// them. An edit of somebody else is not dropped for it.
func (e *editor) instead(found []people.Twin[whole]) (keys []ui.Action) {
	if e.base.ID != "" {
		return nil
	}
	for i, t := range found {
		show, words := "", ""
		switch last := len(found); {
		case i == 0 && last == 1:
			show, words = "1", "open them instead"
		case i == 0:
			show, words = fmt.Sprint("1-", last), "open them instead"
		}
		keys = append(keys, ui.Action{Key: ui.Bind([]string{fmt.Sprint(i + 1)}, show, words), Do: func() (bool, tea.Cmd) {
			e.dialog.Sent()
			return true, e.v.show(t.Person)
		}})
	}
	return keys
}
