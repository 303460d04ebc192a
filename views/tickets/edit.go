package tickets

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// edit changes the fields of an EMR ticket. The document names none: those the
// ticket has are offered, under the vendor's names.
func (d *detail) edit(t *tickets.Ticket) tea.Cmd {
	v := d.v
	if t.Source == tickets.Care {
		v.env.Fail("Connect4Healthcare's API changes the status of a ticket and nothing else. Press s for the status, c for a comment.")
		return nil
	}
	if d.raw.ID == "" {
		v.env.Fail("The ticket has not been read yet. Press r, then e again.")
		return nil
	}
	was := fieldsOf(d.raw)
	var fields []form.Field
	for _, name := range d.editable() {
		if name == "Description" {
			fields = append(fields, form.Area(name, name, 4).Default(was[name]))
		} else {
			fields = append(fields, form.Text(name, name).Default(was[name]))
		}
	}
	f := form.New(v.env.Theme, fields...)
	state := &saving{}
	var dialog *ui.FormDialog
	dialog = ui.NewFormDialog(v.env, "Edit "+named(t), f, func(map[string]string) tea.Cmd {
		changes := dialog.Changes()
		if len(changes) == 0 {
			v.env.Close(dialog)
			return v.env.Say("Nothing was changed, so nothing was sent.")
		}
		if state.doubt {
			v.env.Fail(outcomeOpen)
			return nil
		}
		state.out = true
		return v.update(t.Key, was, changes, dialog, state)
	})
	dialog.Busy = func() bool { return state.out && !state.doubt }
	dialog.Keep("tickets.edit", t.Key.String())
	v.env.Open(dialog)
	return nil
}

// saving is how far an edit is.
type saving struct{ out, doubt bool }

// editable are the names of the fields, the status first.
func (d *detail) editable() []string {
	names := []string{"Status"}
	for _, f := range d.raw.Fields() {
		if !strings.EqualFold(f.Name, "Status") {
			names = append(names, f.Name)
		}
	}
	return names
}

// update saves edits; the form closes when the vendor has agreed.
func (v *View) update(k tickets.Key, was, changes map[string]string, dialog *ui.FormDialog, state *saving) tea.Cmd {
	before := map[string]string{}
	for name := range changes {
		before[name] = was[name]
	}
	v.touched(k)
	f := &flight{key: k, nonce: nonce()}
	f.done = func(wrote) tea.Cmd {
		*state = saving{}
		dialog.Sent()
		return tea.Batch(v.env.Say(short(k)+" is saved."), v.detail.again(k), v.follow(k))
	}
	f.back = func(err error) tea.Cmd {
		*state = saving{}
		dialog.SetErrors(rest.Complaints(err))
		v.env.Fail(rest.UserMessage(err))
		return nil
	}
	f.doubt = func() { state.doubt = true }
	return fly(v, v.emrUpdates(), k.ID, emrUpdate{Ticket: k.ID, Was: before, Edits: naturaesoft.Edits(changes), Nonce: f.nonce}, f, nil)
}

// linked are the tickets a ticket is linked to.
func (v *View) linked(k tickets.Key) (all []tickets.Key) {
	for _, l := range v.notes.Links[k] {
		if other, err := tickets.ParseKey(l.Target); err == nil && l.Kind == tickets.ToTicket {
			all = append(all, other)
		}
	}
	return all
}

// openLinked goes on to the linked ticket; of several it asks which. Links hold
// both ways, so the same key leads back.
func (v *View) openLinked(k tickets.Key) tea.Cmd {
	all := v.linked(k)
	switch len(all) {
	case 0:
		return nil
	case 1:
		return v.open(all[0])
	}
	var options []form.Option
	for _, other := range all {
		o := form.Option{Value: other.String(), Label: short(other)}
		if t := v.all[other]; t != nil {
			o.Detail = t.Subject.String()
		}
		options = append(options, o)
	}
	return v.pick("Open a linked ticket", "Ticket", options, func(picked string) tea.Cmd {
		other, err := tickets.ParseKey(picked)
		if err != nil {
			return nil
		}
		return v.open(other)
	})
}

// askLink ties the ticket to somebody or to another ticket.
func (v *View) askLink(t *tickets.Ticket) tea.Cmd {
	f := form.New(v.env.Theme,
		form.Choice("kind", "Link to", form.Option{Value: tickets.ToTicket, Label: "a ticket"},
			form.Option{Value: tickets.ToProspect, Label: "a prospect"}, form.Option{Value: tickets.ToResident, Label: "a resident"}).Default(tickets.ToTicket).Required(),
		form.Text("target", "Number").Required().Max(40).Help("a ticket as EMR 12 or C4H 205; a person by number"),
		form.Toggle("off", "Take this link away"),
	)
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Link "+named(t), f, func(values map[string]string) tea.Cmd {
		l := tickets.Link{Kind: values["kind"], Target: strings.TrimSpace(values["target"])}
		if l.Kind == tickets.ToTicket {
			other, err := tickets.ParseKey(l.Target)
			if err == nil && other == t.Key {
				err = errors.New("this is the ticket itself: type the system and the number of another one, such as EMR 12 or C4H 205")
			}
			if err != nil {
				d.SetErrors(map[string]string{"target": "Number: " + err.Error() + "."})
				return nil
			}
			l.Target = other.String()
		} else if strings.Trim(l.Target, "0123456789") != "" {
			d.SetErrors(map[string]string{"target": "Number: people are linked by their number at the vendor, digits only. No name is kept."})
			return nil
		}
		d.Sent()
		cmd := v.link(t.Key, l, values["off"] == "true")
		v.detail.refresh()
		return cmd
	})
	d.Below = func(int) string { return "\nLinks are kept on this machine only, as numbers." }
	v.env.Open(d)
	return nil
}
