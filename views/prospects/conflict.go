package prospects

import (
	tea "charm.land/bubbletea/v2"

	"frontdesk/state/edit"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// compare shows what a colleague changed since the row was seen, in three
// versions, and lets the person decide. Nothing was sent.
func (v *View) compare(c *people.Conflict) {
	change := v.write.change
	named := func(field string) string { return v.env.Theme.Strong.Render(label(field)) }
	of := string(c.Now.ID)
	quoted := func(field, value string) string { return v.quoted(of, field, value) }
	words := func() string { return edit.Words(c.Fields, named, quoted) }
	v.env.Open(ui.NewCompare(v.env, of, "this person", words, edit.Clashes(c.Fields), func(keep ...string) tea.Cmd {
		return v.onto(change, c, keep...)
	}))
}

// quoted is a value in the difference, masked like everywhere.
func (v *View) quoted(of, field, value string) string {
	value = cleaned(value)
	switch field {
	case "DOB":
		value = v.env.Birth(of, value)
	case "Phone", "CellPhone", "SMSPhone":
		value = v.env.Ending(of, value)
	case "EMail":
		value = v.env.Mail(of, value)
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
