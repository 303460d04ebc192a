package prospects

import (
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

func cleaned(s string) string { return safe.Clean(s) }

// noNewTags says what to do in place of making a tag.
const noNewTags = "Only tags the EMR has: its API cannot make one. Ask for it in the EMR, then press r."

// askTag offers the closed list.
func (v *View) askTag(p whole) tea.Cmd {
	if len(v.tags) == 0 {
		return v.withoutTags()
	}
	v.pickTag(p, assign, "Tag "+p.Name().String(), form.Combo("tag", "Tag", options(v.tags)...).Help(noNewTags))
	return nil
}

// askUntag offers the person's own tags, or any where they are not known. The
// only one is chosen already.
func (v *View) askUntag(p whole) tea.Cmd {
	own := slices.DeleteFunc(slices.Clone(p.Tags), func(t naturaesoft.Tag) bool { return t.ID == "" })
	field := form.Combo("tag", "Tag", options(own)...)
	switch {
	case p.TagsKnown && len(p.Tags) == 0:
		return v.env.Say("This person has no tags.")
	case p.TagsKnown && len(own) == 0:
		v.env.Fail("The EMR's list does not say which tags these are, so none can be taken off here. Do it in the EMR.")
		return nil
	case !p.TagsKnown && len(v.tags) == 0:
		return v.withoutTags()
	case !p.TagsKnown:
		field = form.Combo("tag", "Tag", options(v.tags)...).Help("which of them this person has is not known here")
	case len(own) == 1:
		field.Default(string(own[0].ID))
	}
	v.pickTag(p, remove, "Take a tag off "+p.Name().String(), field)
	return nil
}

// pickTag lets a tag be chosen and sends the change.
func (v *View) pickTag(p whole, do, title string, field *form.ComboField) {
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, title, form.New(v.env.Theme, field.Required()), func(m map[string]string) tea.Cmd {
		v.env.Close(d)
		return v.startTag(tagging{Do: do, Prospect: p.ID, Tag: id(m["tag"]), Find: finding(p)})
	})
	v.env.Open(d)
}

// withoutTags says that the closed list is missing, and asks for it.
func (v *View) withoutTags() tea.Cmd {
	v.env.Fail("The list of tags is not here. " + v.noTags + " Press r to ask for it again.")
	return v.askTags()
}

func (v *View) startTag(t tagging) tea.Cmd {
	v.write.tagging = t
	return v.write.tag.Start(string(t.Prospect), t, nil)
}

// askBare asks for the word before every tag is taken off.
func (v *View) askBare(p whole) tea.Cmd {
	body := fmt.Sprintf("Every tag is taken off %s (number %s): %s. z puts them back afterwards.", p.Name().String(), p.ID, chips(p.Tags, p.TagsKnown))
	if !p.TagsKnown {
		body = fmt.Sprintf("Every tag is taken off %s (number %s). Which they are is not known here, so they cannot all be put back.", p.Name().String(), p.ID)
	}
	if p.TagsKnown && len(p.Tags) == 0 {
		return v.env.Say("This person has no tags.")
	}
	v.env.Open(ui.NewTyped(v.env, "Take all tags off?", body, "REMOVE", func() tea.Cmd {
		return v.startTag(tagging{Do: bare, Prospect: p.ID, Find: finding(p)})
	}))
	return nil
}

// putBack assigns the tags that were taken off, one by one.
func (v *View) putBack(p whole, tags []naturaesoft.Tag) tea.Cmd {
	var jobs []*job
	for _, t := range tags {
		if t.ID != "" {
			jobs = append(jobs, newJob(p, p.Name().String(), assign, t))
		}
	}
	return v.bulk.start("Putting the tags back", jobs, nil)
}

// tagDone follows a change of tags.
func (v *View) tagDone(r ui.Result[tagged]) tea.Cmd {
	if !v.write.tag.Accept(r) {
		return nil
	}
	t := v.write.tagging
	err := r.Err
	if missing(err) && t.Do == remove {
		err = nil // somebody took it off before
	}
	before := v.card.p.Tags
	if err == nil {
		v.retagged(t)
	}
	if v.bulk.running() {
		return v.bulk.result(err)
	}
	switch {
	case lost(err):
		v.env.Fail("The answer did not arrive, so it is not known whether the tags were changed. It is looked for now.")
		return v.env.LookBack()
	case err != nil:
		return v.fail(err)
	case t.Do == bare:
		v.card.bare = before
		return v.env.Say("All tags are off.")
	case t.Do == assign:
		return v.env.Say("Tagged " + v.tag(t.Tag) + ".")
	}
	return v.env.Say("The tag " + v.tag(t.Tag, before...) + " is off.")
}

// missing reports that the EMR has no such tag there. A web page of a gate
// before it does not say so.
func missing(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && e.Kind == rest.KindNotFound && !e.Page
}

// retagged shows what was written where the person is shown.
func (v *View) retagged(t tagging) {
	tag := v.named(t.Tag)
	v.card.retag(t.Prospect, func(tags []naturaesoft.Tag) []naturaesoft.Tag {
		rest := slices.DeleteFunc(slices.Clone(tags), func(x naturaesoft.Tag) bool { return x.ID == t.Tag })
		switch t.Do {
		case bare:
			return nil
		case assign:
			return append(rest, tag)
		}
		return rest
	})
}

// bulkTag asks which tag to put on, or take off, the marked people of a table.
func (v *View) bulkTag(rows []row, from *table.Table[row]) tea.Cmd {
	if len(v.tags) == 0 {
		return v.withoutTags()
	}
	who := rows[0].name()
	if len(rows) > 1 {
		who = fmt.Sprintf("%d marked people", len(rows))
	}
	f := form.New(v.env.Theme,
		form.Combo("tag", "Tag", options(v.tags)...).Required().Help(noNewTags),
		form.Choice("do", "Do", form.Option{Value: assign, Label: "put it on"}, form.Option{Value: remove, Label: "take it off"}).Default(assign),
	)
	var d *ui.FormDialog
	d = ui.NewFormDialog(v.env, "Tag "+who, f, func(m map[string]string) tea.Cmd {
		v.env.Close(d)
		tag := v.named(id(m["tag"]))
		jobs := make([]*job, len(rows))
		for i, r := range rows {
			jobs[i] = newJob(r.seed(), r.name(), m["do"], tag)
		}
		title := "Put on " + tag.Name.String()
		if m["do"] == remove {
			title = "Take off " + tag.Name.String()
		}
		return v.bulk.start(title, jobs, from)
	})
	v.env.Open(d)
	return nil
}

// cannotDelete says what to do in place of deleting somebody.
func (v *View) cannotDelete() {
	v.env.Open(ui.NewReader(v.env, "A person cannot be deleted from here",
		"The EMR's API has no way to delete a person.\n\n"+
			"Instead: press t and give them a tag your practice uses for it, such as \"duplicate\", or edit them (e) to correct what is wrong. "+
			"Whoever runs the EMR can remove tagged rows there. Number "+string(v.card.p.ID)+" finds this one."))
}
