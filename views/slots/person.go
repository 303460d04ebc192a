package slots

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// settle is how long typing must rest before the EMR is asked.
const settle = 250 * time.Millisecond

// leastSearch is the fewest characters the EMR is asked for.
const leastSearch = 2

// personSearch finds a person while their name or number is typed.
type personSearch struct {
	v      *View
	open   bool
	input  textinput.Model
	table  *table.Table[naturaesoft.Prospect]
	ask    *ui.Call[naturaesoft.Page[naturaesoft.Prospect]]
	pick   func(naturaesoft.Prospect) tea.Cmd
	gen    int
	asked  string // the text the rows belong to
	nobody string // the text nobody was found for
	due    bool   // typing rests, the EMR is asked in a moment
	enter  bool   // enter was pressed before they were in
}

type settledMsg struct{ gen int }

func newPersonSearch(v *View) *personSearch {
	s := &personSearch{
		v: v, input: textinput.New(),
		ask: ui.NewCall[naturaesoft.Page[naturaesoft.Prospect]](v.env, "search people"),
	}
	s.input.Prompt = "Name, phone or e-mail: "
	s.input.SetVirtualCursor(false)
	s.input.SetStyles(v.env.Theme.TextInput())
	id := func(p naturaesoft.Prospect) string { return string(p.ID) }
	s.table = table.New(v.env.Theme, id,
		table.Column[naturaesoft.Prospect]{Title: "Name", Min: 16, Cell: func(p naturaesoft.Prospect) string { return p.Name().String() }},
		table.Column[naturaesoft.Prospect]{Title: "Born", Min: 10, Max: 10, Drop: 1, Cell: func(p naturaesoft.Prospect) string { return v.env.Birth(string(p.ID), p.DOB.String()) }},
		table.Column[naturaesoft.Prospect]{Title: "Phone", Min: 14, Max: 14, Cell: func(p naturaesoft.Prospect) string {
			return v.env.Ending(string(p.ID), firstOf(p.CellPhone, p.Phone, p.SMSPhone))
		}},
		table.Column[naturaesoft.Prospect]{Title: "E-mail", Min: 12, Drop: 2, Cell: func(p naturaesoft.Prospect) string { return v.env.Mail(string(p.ID), p.EMail.String()) }},
	)
	return s
}

func firstOf(texts ...safe.Text) string {
	for _, t := range texts {
		if !t.Empty() {
			return t.String()
		}
	}
	return ""
}

// start opens the search; pick gets the person.
func (s *personSearch) start(pick func(naturaesoft.Prospect) tea.Cmd) {
	s.open, s.pick = true, pick
	s.input.Reset()
	s.input.Focus()
	s.asked, s.nobody, s.enter = "", "", false
	s.table.Set(nil)
	s.table.SetEmpty("Type at least two characters.")
}

func (s *personSearch) close() {
	s.open, s.due = false, false
	s.ask.Cancel()
	s.gen++
	s.enter = false
}

// text is what is searched for.
func (s *personSearch) text() string { return strings.TrimSpace(s.input.Value()) }

// waiting holds keys back between enter and the answer it waits for, and those
// that move in the rows until the rows of the present text are in.
func (s *personSearch) waiting(msg tea.Msg) bool {
	coming := s.open && s.asked != s.text() && (s.due || s.ask.Out())
	return s.enter || coming && key.Matches(ui.Pressed(msg), rows)
}

func (s *personSearch) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case settledMsg:
		if msg.gen == s.gen && s.open {
			return s.search()
		}
		return nil
	case ui.Result[naturaesoft.Page[naturaesoft.Prospect]]:
		return s.found(msg)
	case tea.PasteMsg:
		if !s.open {
			return nil
		}
		return s.edit(ui.OneLine(msg))
	}
	_, cmd := s.table.Update(msg)
	return cmd
}

func (s *personSearch) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.v.keys
	switch {
	case key.Matches(msg, k.Leave):
		s.close()
		return nil
	case key.Matches(msg, k.Pick):
		return s.take()
	case key.Matches(msg, k.Reveal):
		p, _ := s.table.Selected()
		return s.v.env.Reveal(string(p.ID))
	case key.Matches(msg, rows):
		_, cmd := s.table.Update(msg)
		return cmd
	}
	return s.edit(msg)
}

// rows are the keys that move in the answers while the text has the keyboard.
var rows = ui.Bind([]string{"up", "down", "pgup", "pgdown"}, "up/down", "choose")

// edit changes the text and asks when typing rests.
func (s *personSearch) edit(msg tea.Msg) tea.Cmd {
	before := s.text()
	s.input, _ = s.input.Update(msg)
	if s.text() == before {
		return nil
	}
	s.nobody = ""
	s.gen++
	s.ask.Cancel()
	s.due = false
	if len([]rune(s.text())) < leastSearch {
		s.table.Set(nil)
		s.asked = ""
		s.table.SetEmpty("Type at least two characters.")
		return nil
	}
	s.due = true
	return s.v.env.After(settle, settledMsg{s.gen})
}

func (s *personSearch) search() tea.Cmd {
	s.due = false
	emr, text := s.v.emr, s.text()
	s.table.SetLoading("asking...")
	return s.ask.Latest(func(ctx ctx) (naturaesoft.Page[naturaesoft.Prospect], error) {
		return emr.Prospects(ctx, naturaesoft.ProspectQuery{Search: text, Limit: 50})
	})
}

func (s *personSearch) found(r ui.Result[naturaesoft.Page[naturaesoft.Prospect]]) tea.Cmd {
	if !s.ask.Accept(r) {
		return nil
	}
	enter := s.enter
	s.enter = false
	if r.Err != nil {
		s.table.Set(nil)
		s.table.SetFailed(byEnter.Replace(rest.UserMessage(r.Err)))
		return nil
	}
	s.asked = s.text()
	if s.table.Set(r.Value.Items); len(r.Value.Items) == 0 {
		s.nobody = s.asked
	}
	s.table.SetEmpty("Nobody found. Press esc, then a to add the person.")
	if enter {
		return s.take()
	}
	return nil
}

// byEnter says what asks again where r is a letter of a name.
var byEnter = strings.NewReplacer("Press r ", "Press enter ", "press r ", "press enter ")

// take picks the row under the cursor. Before the rows of the present text are
// in, enter waits for them: nobody is picked from older ones.
func (s *personSearch) take() tea.Cmd {
	text := s.text()
	if len([]rune(text)) < leastSearch {
		return nil
	}
	if s.asked != text {
		s.enter = true
		if s.ask.Out() {
			return nil
		}
		s.gen++
		return s.search()
	}
	p, ok := s.table.Selected()
	if !ok {
		return nil
	}
	s.close()
	return s.pick(p)
}

func (s *personSearch) resize(width, height int) {
	s.input.SetWidth(max(5, width-26))
	s.table.Resize(width, max(1, height-1))
}

func (s *personSearch) view() string        { return " " + s.input.View() + "\n" + s.table.View() }
func (s *personSearch) cursor() *tea.Cursor { return right(s.input.Cursor(), 1) }

func right(c *tea.Cursor, by int) *tea.Cursor {
	if c != nil {
		c.X += by
	}
	return c
}

func (s *personSearch) keys() []key.Binding {
	return []key.Binding{s.v.keys.Pick, s.v.keys.Leave, rows, s.v.keys.Reveal}
}

// quickAdd asks for the four fields that identify a caller. What looks like
// somebody who is there already is shown while typing and never in the way.
func (p *visit) quickAdd() {
	f := form.New(p.v.env.Theme,
		form.Text("FirstName", "First name").Required(),
		form.Text("LastName", "Last name").Required(),
		form.Phone("Phone", "Phone").Abroad(),
		form.Text("EMail", "E-mail").Check(email),
	)
	for name, value := range people.Sought(p.search.nobody) {
		f.Set(name, safe.Line(value).String())
	}
	twins := newTwins(p.v)
	d := ui.NewFormDialog(p.v.env, "Add a person", f, p.create)
	d.Busy = p.add.Out
	d.Changed = twins.changed
	d.Below = twins.view
	d.Actions = []ui.Action{{Key: thisIsThem, Do: func() (bool, tea.Cmd) {
		p.adding = nil
		d.Sent()
		return true, p.pick(twins.alike()[0].Person)
	}}}
	twins.pick = &d.Actions[0].Key
	twins.offer()
	d.Keep("slots.person", "")
	p.adding = &adding{dialog: d, twins: twins}
	p.v.env.Open(d)
}

// adding is the quick-add form that is open.
type adding struct {
	dialog *ui.FormDialog
	twins  *twins
}

func email(s string) string {
	if s == "" {
		return ""
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !strings.Contains(s[at:], ".") || strings.ContainsAny(s, " \t") {
		return "E-mail: that is not an address. Type one like ann@example.com or leave it empty."
	}
	return ""
}

// create adds the person and finds them again: the document does not say which
// field of the answer holds the new ID.
func (p *visit) create(values map[string]string) tea.Cmd {
	edits := naturaesoft.Edits{"Prospect": "1"}
	for name, value := range values {
		if value != "" {
			edits[name] = value
		}
	}
	return p.add.Start("", people.New{Edits: edits}, nil)
}

func (p *visit) added(r ui.Result[naturaesoft.Prospect]) tea.Cmd {
	if !p.add.Accept(r) {
		return nil
	}
	if r.Err != nil {
		if p.adding != nil {
			p.adding.dialog.SetErrors(rest.Complaints(r.Err))
		}
		p.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	if p.adding != nil {
		p.adding.dialog.Sent()
		p.adding = nil
	}
	return p.pick(r.Value)
}
