package slots

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// twins looks for people who are there already while one is being added. It
// warns with its evidence and blocks nothing.
type twins struct {
	v     *View
	ask   *ui.Call[[]people.Twin[naturaesoft.Prospect]]
	gen   int
	typed map[string]string
	found []people.Twin[naturaesoft.Prospect]
	pick  *key.Binding // of the form: works while there is somebody alike
}

// twinsMsg is the rest in typing after which the EMR is asked.
type twinsMsg struct{ gen int }

func newTwins(v *View) *twins {
	return &twins{v: v, ask: ui.NewCall[[]people.Twin[naturaesoft.Prospect]](v.env, "look for duplicates")}
}

func (t *twins) changed(values map[string]string) tea.Cmd {
	t.typed = values
	t.offer()
	t.gen++
	return t.v.env.After(settle, twinsMsg{t.gen})
}

func (t *twins) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case twinsMsg:
		if msg.gen == t.gen {
			return t.search()
		}
	case ui.Result[[]people.Twin[naturaesoft.Prospect]]:
		if t.ask.Accept(msg) && msg.Err == nil {
			t.found = msg.Value
			t.offer()
		}
	}
	return nil
}

func (t *twins) search() tea.Cmd {
	emr, who := t.v.emr, people.Typed(t.typed)
	return t.ask.Latest(func(ctx ctx) ([]people.Twin[naturaesoft.Prospect], error) {
		return people.Twins(ctx, emr, who)
	})
}

func (t *twins) view(width int) string {
	th := t.v.env.Theme
	var lines []string
	alike := t.alike()
	for _, p := range alike {
		lines = append(lines, th.Truncate(th.Warn.Render(th.Glyph.Warn+" "+p.Words()+": ")+p.Person.Name().String()+"  "+t.v.known(p.Person), width))
	}
	switch {
	case len(alike) == 1:
		lines = append(lines, th.Muted.Render("Already there? "+thisIsThem.Help().Key+" picks them and drops this form."))
	case len(alike) > 1:
		lines = append(lines, th.Muted.Render("Already there? "+thisIsThem.Help().Key+" picks the first and drops this form. For another press esc, then p."))
	}
	return strings.Join(lines, "\n")
}

func (t *twins) offer() { t.pick.SetEnabled(len(t.alike()) > 0) }

// alike are those of the people found who are like what is typed by now.
func (t *twins) alike() (all []people.Twin[naturaesoft.Prospect]) {
	for _, p := range t.found[:min(3, len(t.found))] {
		if p.Likeness = people.Compare(people.Typed(t.typed), people.Of(p.Person)); p.Score >= people.Worth {
			all = append(all, p)
		}
	}
	return all
}

// thisIsThem picks who is there already in place of adding them.
var thisIsThem = ui.One("ctrl+n", "this is them")
