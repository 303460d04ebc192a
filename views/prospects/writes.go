package prospects

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/edit"
	"frontdesk/state/people"
	"frontdesk/ui"
)

// What is done to somebody's tags.
const (
	assign = people.Assign
	remove = people.Remove
	bare   = people.Bare
)

type tagging = people.Tagging

// tagged is its answer, which tells nothing.
type tagged struct{}

// writes are the tab's.
type writes struct {
	save    *ui.Sender[people.Change, people.Saved]
	add     *ui.Sender[people.New, whole]
	tag     *ui.Sender[tagging, tagged]
	form    *editor           // the one what is out came from
	change  people.Change     // the one that is out
	added   naturaesoft.Edits // of the person being added
	tagging tagging
	look    *ui.Call[sought] // what became of the form whose answer was lost
	doubt   bool             // there was one, and the outbox has not settled it
}

func (w writes) busy() bool { return w.save.Out() || w.add.Out() || w.tag.Out() }

var landings = map[edit.Landing]ui.Landing{
	edit.CannotTell: ui.CannotTell, edit.Landed: ui.Landed, edit.DidNot: ui.DidNot,
}

func newWrites(v *View) writes {
	emr, settle := v.emr, v.opt.Settle
	return writes{
		look: ui.NewCall[sought](v.env, "find out whether it was saved"),
		save: ui.NewSender(v.env, ui.Write[people.Change, people.Saved]{
			Vendor: emrName, Op: "update prospect", Words: "save the person",
			Send: func(ctx ctx, c people.Change) (people.Saved, error) { return people.Save(ctx, emr, c) },
			ReadBack: func(ctx ctx, c people.Change, _ time.Time) (ui.Landing, error) {
				_, l, err := people.Look(ctx, emr, c)
				return landings[l], err
			},
		}),
		add: ui.NewSender(v.env, ui.Write[people.New, whole]{
			Vendor: emrName, Op: "add prospect", Words: "add the person",
			Send: func(ctx ctx, n people.New) (whole, error) { return people.Create(ctx, emr, n.Edits) },
			// Who is not there yet may still be added: only later is it certain.
			ReadBack: func(ctx ctx, n people.New, since time.Time) (ui.Landing, error) {
				_, found, err := people.Created(ctx, emr, "", n.Edits)
				switch {
				case found:
					return ui.Landed, nil
				case err != nil, v.env.Now().Sub(since) <= settle:
					return ui.CannotTell, err
				}
				return ui.DidNot, nil
			},
		}),
		tag: ui.NewSender(v.env, ui.Write[tagging, tagged]{
			Vendor: emrName, Op: "change tags", Words: "change the tags",
			Send: func(ctx ctx, t tagging) (tagged, error) { return tagged{}, t.Send(ctx, emr) },
			ReadBack: func(ctx ctx, t tagging, _ time.Time) (ui.Landing, error) {
				return lookTag(ctx, emr, t)
			},
		}),
	}
}

// lookTag is what became of a change of tags.
func lookTag(ctx ctx, emr EMR, t tagging) (ui.Landing, error) {
	l, err := t.Look(ctx, emr)
	return landings[l], err
}

func finding(p whole) map[string]string { return people.Finding(p) }

// startSave sends an edit.
func (v *View) startSave(c people.Change) tea.Cmd {
	v.write.change = c
	return v.write.save.Start(string(c.ID), c, nil)
}

// saved follows an edit to its end.
func (v *View) saved(r ui.Result[people.Saved]) tea.Cmd {
	if !v.write.save.Accept(r) {
		return nil
	}
	var clash *people.Conflict
	if errors.As(r.Err, &clash) {
		v.compare(clash)
		return nil
	}
	if r.Err != nil {
		return v.refused(r.Err)
	}
	v.closeForm()
	v.card.take(r.Value.Row)
	v.list.renew(r.Value.Row)
	switch {
	case len(r.Value.Vanished) > 0:
		v.alarm(r.Value.Vanished)
		return v.settled()
	case r.Value.Unread != nil:
		v.env.Fail("Saved, but the row could not be read back, so what it holds now is not known. " + rest.Then(r.Value.Unread, "Press r to read it."))
		return v.settled()
	}
	return tea.Batch(v.settled(), v.env.Say("Saved and read back: "+changedWords(v.write.change.Edits)+"."))
}

func changedWords(e naturaesoft.Edits) string {
	var out []string
	for _, name := range naturaesoft.Fields() {
		if _, ok := e[name]; ok {
			out = append(out, label(name))
		}
	}
	return strings.Join(out, ", ")
}

// label is a field's name, with its part where the name alone would not tell.
func label(name string) string {
	w := words[name]
	if rest, ok := strings.CutPrefix(name, "Sh_"); ok && rest != "Name" {
		return "shipping " + strings.ToLower(w)
	}
	return w
}

// alarm stops edits: the vendor emptied what nobody touched (NS-14).
func (v *View) alarm(lost []string) {
	for i, f := range lost {
		lost[i] = label(f)
	}
	v.halted = lost
	v.env.Open(ui.NewReader(v.env, "Stop: the EMR lost data", fmt.Sprintf(
		"The update emptied what nobody had edited: %s.\n\nEditing is stopped at this desk, so that no other person loses anything. "+
			"Open %s (number %s) in the EMR, put the lost values back by hand, and tell whoever looks after frontdesk. "+
			"Reading, tags and new people still work.",
		strings.Join(lost, ", "), v.card.p.Name().String(), v.card.p.ID)))
}

// refused puts a refusal into the form that is open. What may have landed is
// looked for.
func (v *View) refused(err error) tea.Cmd {
	if e := v.write.form; e != nil {
		if lost(err) {
			return v.lookFor(e)
		}
		e.dialog.SetErrors(rest.Complaints(err))
	}
	return v.fail(err)
}

// closeForm closes the form that was sent.
func (v *View) closeForm() {
	if f := v.write.form; f != nil {
		f.dialog.Sent()
		v.write.form = nil
	}
}

// arrived hands a person to who asked for them.
func (v *View) arrived(r ui.Result[whole]) tea.Cmd {
	if v.card.read.Accept(r) {
		return v.card.arrived(r)
	}
	if !v.write.add.Accept(r) {
		return nil
	}
	var made *people.CreatedError
	if errors.As(r.Err, &made) {
		v.closeForm()
		return v.fail(r.Err)
	}
	if r.Err != nil {
		return v.refused(r.Err)
	}
	return v.wasAdded(r.Value, "Added as number "+string(r.Value.ID)+".")
}

// wasAdded shows somebody who is in the EMR now.
func (v *View) wasAdded(p whole, words string) tea.Cmd {
	v.closeForm()
	v.seen.put(p)
	v.list.added(p)
	return tea.Batch(v.settled(), v.show(p), v.env.Say(words))
}

func (v *View) askProviders() tea.Cmd {
	emr := v.emr
	return v.loadProviders.Latest(func(ctx ctx) ([]naturaesoft.Provider, error) { return emr.Providers(ctx) })
}

func (v *View) providersLoaded(r ui.Result[[]naturaesoft.Provider]) tea.Cmd {
	if !v.loadProviders.Accept(r) || r.Err != nil {
		return nil // numbers are shown in place of names
	}
	v.providers = r.Value
	return nil
}

func (v *View) askTags() tea.Cmd {
	emr := v.emr
	return v.loadTags.Latest(func(ctx ctx) ([]naturaesoft.Tag, error) { return emr.Tags(ctx) })
}

func (v *View) tagsLoaded(r ui.Result[[]naturaesoft.Tag]) tea.Cmd {
	if !v.loadTags.Accept(r) {
		return nil
	}
	v.noTags = ""
	if r.Err != nil {
		v.noTags = rest.UserMessage(r.Err)
		return nil
	}
	v.tags = r.Value
	return nil
}
