package prospects

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/state/people"
	"frontdesk/ui"
)

// compare shows what a colleague changed since the row was seen, in three
// versions, and lets the person decide. Nothing was sent.
func (v *View) compare(c *people.Conflict) {
	change := v.write.change
	var b strings.Builder
	b.WriteString("A colleague changed this person after you opened it. Nothing of yours was sent yet.\n")
	clash := 0
	var both []string
	for _, d := range c.Fields {
		fmt.Fprintf(&b, "\n%s\n  was:    %s\n  theirs: %s\n", v.env.Theme.Strong.Render(label(d.Field)), v.quoted(d.Field, d.Base), v.quoted(d.Field, d.Theirs))
		switch {
		case !d.Edited:
			b.WriteString("  yours:  not edited, theirs stays\n")
		case d.Clash():
			clash++
			both = append(both, d.Field)
			fmt.Fprintf(&b, "  yours:  %s\n", v.quoted(d.Field, d.Mine))
		default:
			b.WriteString("  yours:  the same as theirs\n")
		}
	}
	mine := ui.Action{Key: one("m", "save mine"), Do: func() (bool, tea.Cmd) { return true, v.onto(change, c) }}
	actions := []ui.Action{mine}
	if clash == 0 {
		actions[0].Key = one("m", "save both")
	} else {
		actions = append(actions, ui.Action{Key: one("t", "keep theirs where both changed"), Do: func() (bool, tea.Cmd) {
			return true, v.onto(change, c, both...)
		}})
	}
	v.env.Open(ui.NewReader(v.env, "Changed by a colleague", strings.TrimSuffix(b.String(), "\n"), actions...))
}

// quoted is a value in the difference, masked like everywhere.
func (v *View) quoted(field, value string) string {
	value = cleaned(value)
	switch field {
	case "DOB":
		value = v.env.Birth(value)
	case "Phone", "CellPhone", "SMSPhone":
		value = v.env.Ending(value)
	case "EMail":
		value = v.env.Mail(value)
	case "ProviderID":
		value = v.provider(id(value))
	}
	if value == "" {
		return "(empty)"
	}
	return value
}

// onto sends the edits over what the colleague left.
func (v *View) onto(change people.Change, c *people.Conflict, keep ...string) tea.Cmd {
	next := change.Onto(c.Now, keep...)
	v.card.take(c.Now)
	if f := v.write.form; f != nil {
		f.base, f.was = c.Now, people.Values(c.Now)
	}
	if len(next.Edits) == 0 {
		v.closeForm()
		return v.env.Say("Nothing of yours is left to save: theirs stays.")
	}
	return v.startSave(next)
}
