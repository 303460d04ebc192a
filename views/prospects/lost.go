package prospects

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/edit"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// sought is what the EMR shows of a form whose answer was lost.
type sought struct {
	row     whole
	landing edit.Landing
}

// lost reports that a write may have landed.
func lost(err error) bool {
	var e *rest.Error
	return errors.As(err, &e) && e.Ambiguous
}

// lookFor asks the EMR what became of the form that was sent. The form stays
// until that is known.
func (v *View) lookFor(e *editor) tea.Cmd {
	v.write.doubt = true
	v.env.Fail("The answer did not arrive, so it is not known whether this was saved. It is looked for now.")
	emr, change, added := v.emr, v.write.change, v.write.added
	return v.write.look.Latest(func(ctx ctx) (sought, error) {
		if e.base.ID != "" {
			row, landing, err := people.Look(ctx, emr, change)
			return sought{row, landing}, err
		}
		row, found, err := people.Created(ctx, emr, "", added)
		if found {
			return sought{row, edit.Landed}, nil
		}
		return sought{landing: edit.DidNot}, err
	})
}

// lookedFor closes the form if it has landed, and else says how to go on.
func (v *View) lookedFor(r ui.Result[sought]) tea.Cmd {
	if !v.write.look.Accept(r) || v.write.form == nil {
		return nil
	}
	e := v.write.form
	switch {
	case r.Err != nil:
		v.env.Fail("The EMR does not answer, so it is not known whether this was saved. ctrl+s looks once more before it sends anything.")
	case r.Value.landing == edit.Landed && e.base.ID == "":
		return v.wasAdded(r.Value.row, "The answer was lost, but the person was added as number "+string(r.Value.row.ID)+".")
	case r.Value.landing == edit.Landed:
		v.closeForm()
		v.card.take(r.Value.row)
		v.list.renew(r.Value.row)
		return tea.Batch(v.settled(), v.env.Say("The answer was lost, but it was saved: the EMR shows it."))
	case e.base.ID == "":
		v.env.Fail("The EMR does not list this person, at least not yet. ctrl+s looks for them once more before it adds them.")
	default:
		v.env.Fail("The EMR does not show what you typed. ctrl+s compares once more before it saves.")
	}
	return nil
}

// settled has the outbox find out the writes whose answer was lost, now that
// what was typed is in the EMR.
func (v *View) settled() tea.Cmd {
	if !v.write.doubt {
		return nil
	}
	v.write.doubt = false
	return v.env.LookBack()
}
