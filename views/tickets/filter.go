package tickets

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/safe"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// start gives the filter's text the keyboard.
func (b *board) start() {
	b.typed = true
	text := b.query.String()
	if text != "" {
		text += " "
	}
	b.input.SetValue(text)
	b.input.CursorEnd()
	b.input.Focus()
	b.judge()
}

// type_ works a key in the filter's text. It is applied by enter only: rows
// that jump about while somebody types are in nobody's way then.
func (b *board) type_(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, b.v.keys.Leave):
		b.leave()
	case key.Matches(msg, b.v.keys.Apply):
		q, err := tickets.Parse(b.input.Value())
		if err != nil {
			return nil // the line below says why
		}
		b.query, b.named, b.person = q, "", ui.Person{}
		b.leave()
		b.refill()
	default:
		b.input, _ = b.input.Update(msg)
		b.judge()
	}
	return nil
}

func (b *board) leave() {
	b.typed = false
	b.input.Blur()
	b.said()
}

// judge says what is wrong with the filter as it stands.
func (b *board) judge() {
	b.wrong = ""
	if _, err := tickets.Parse(b.input.Value()); err != nil {
		b.wrong = err.Error()
	}
	b.said() // the rows give way to a long sentence
}

func (b *board) judged() []string {
	th := b.v.env.Theme
	if b.wrong != "" {
		return b.danger(safe.Clean(b.wrong))
	}
	return []string{th.Muted.Render(th.Truncate(` state:open urgency:>2 source:emr cat:"weight gain" older:2d is:unread words`, b.width))}
}

// pickView offers the numbered views.
func (b *board) pickView() {
	var lines []string
	var actions []ui.Action
	for n := 1; n <= 9; n++ {
		filter, ok := b.v.notes.Views[n]
		if !ok {
			filter = standard[n]
		}
		lines = append(lines, fmt.Sprintf("%d  %s", n, safe.Clean(filter)))
		actions = append(actions, ui.Action{
			Key: ui.One(fmt.Sprint(n), safe.Clean(filter)),
			Do:  func() (bool, tea.Cmd) { b.choose(n); return true, nil },
		})
	}
	lines = append(lines, "", "Press a number. V keeps the present filter under one.")
	b.v.env.Open(ui.NewReader(b.v.env, "Views", strings.Join(lines, "\n"), actions...))
}

// saveView asks under which number the filter is kept.
func (b *board) saveView() tea.Cmd {
	v, q := b.v, b.query
	if q.Words() || b.person != (ui.Person{}) {
		v.env.Fail("A saved view keeps no free words, which may be somebody's name. Take them out of the filter, then save it.")
		return nil
	}
	var options []form.Option
	for n := 1; n <= 9; n++ {
		options = append(options, form.Option{Value: fmt.Sprint(n), Label: fmt.Sprint(n)})
	}
	f := form.New(v.env.Theme, form.Choice("number", "Number", options...).Required())
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Keep this filter as a view", f, func(values map[string]string) tea.Cmd {
		n := int(values["number"][0] - '0')
		v.notes.Views[n] = q.String()
		d.Sent()
		b.named = fmt.Sprintf("View %d", n)
		return tea.Batch(v.env.Say(fmt.Sprintf("Kept as view %d.", n)),
			v.note(func(ctx ctx, m *tickets.Memory) error { return m.SaveView(ctx, n, q) }))
	})
	d.Below = func(int) string { return "\n" + q.String() }
	v.env.Open(d)
	return nil
}
