package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Drafts keeps what is typed into forms beyond the session. But for Flush, Look
// and Take its methods are called on the update goroutine and must not wait.
type Drafts interface {
	// Note tells what a form holds after a key.
	Note(kind, record string, values map[string]string)
	// Drop forgets a form: it was sent, or thrown away on purpose.
	Drop(kind, record string)
	// Flush brings to the disk what is not there yet. It may wait, and is
	// called in a command.
	Flush()
	// Trouble says in a few words that drafts do not reach the disk, else "".
	Trouble() string
	// Kept is what an earlier session left in a form, once.
	Kept(kind, record string) (values map[string]string, ok bool)
	// Second reports that another session has taken a form's text over: what is
	// typed here since is a draft beside it.
	Second(kind, record string) bool
	// Look finds what another session typed into a form. It may wait.
	Look(ctx context.Context, kind, record string) (Other, bool, error)
	// Take makes that text this session's. It may wait.
	Take(ctx context.Context, other Other) (values map[string]string, err error)
}

// Other is a draft of the same person's other session.
type Other struct {
	ID    string
	Live  bool   // somebody may be typing there now
	Where string // host and terminal, and since when; safe to draw
}

// Keep journals what is typed under a kind of form and a record, offers again
// what an earlier session left there, and tells of another session that has it
// open.
func (d *FormDialog) Keep(kind, record string) *FormDialog {
	drafts := d.env.Drafts
	if drafts == nil {
		return d
	}
	d.kind, d.record = kind, record
	if values, ok := drafts.Kept(kind, record); ok {
		d.bring(values)
		return d
	}
	d.look, d.take = NewCall[Other](d.env, "look for drafts"), NewCall[map[string]string](d.env, "take the draft over")
	d.env.soon(d.look.Latest(func(ctx context.Context) (Other, error) {
		other, _, err := drafts.Look(ctx, kind, record)
		return other, err
	}))
	return d
}

// under marks what a draft was typed over, among its values.
const under = "under "

// Over says what is typed over: the record as it was read. It is kept with the
// draft. A draft that comes back was perhaps begun over an older state of the
// record: began is told of it, before the text is put in, so that a colleague's
// work since then is not taken for something typed here. To be called before
// Keep.
func (d *FormDialog) Over(record map[string]string, began func(record map[string]string)) *FormDialog {
	d.over, d.began = record, began
	return d
}

// bring puts a draft into the form.
func (d *FormDialog) bring(values map[string]string) {
	over := map[string]string{}
	for name, value := range values {
		if rest, ok := strings.CutPrefix(name, under); ok {
			over[rest] = value
		}
	}
	if d.began != nil && len(over) > 0 {
		d.over = over
		d.began(over)
	}
	if d.Room != nil {
		d.Room(values)
	}
	d.Restore(values)
	d.restored = true
}

// keyTake brings the other session's text here.
var keyTake = One("ctrl+o", "take the other text over")

// other reports that there is text elsewhere to take over.
func (d *FormDialog) other() bool { return d.elsewhere.ID != "" }

// drafted follows what was found out about the form's drafts.
func (d *FormDialog) drafted(msg tea.Msg) {
	switch msg := msg.(type) {
	case Result[Other]:
		if d.look != nil && d.look.Accept(msg) && msg.Err == nil {
			d.elsewhere = msg.Value
		}
	case Result[map[string]string]:
		if d.take == nil || !d.take.Accept(msg) {
			return
		}
		if msg.Err != nil {
			d.env.Fail(msg.Err.Error())
			return
		}
		d.bring(msg.Value)
		d.elsewhere = Other{}
	}
}

// takeOver makes the other session's text this form's. What was typed here
// goes first into the journal, as the draft it is.
func (d *FormDialog) takeOver() tea.Cmd {
	drafts, other := d.env.Drafts, d.elsewhere
	return d.take.Latest(func(ctx context.Context) (map[string]string, error) {
		drafts.Flush()
		return drafts.Take(ctx, other)
	})
}

// draftLine says above the form what is special about its text, or "".
func (d *FormDialog) draftLine() string {
	switch {
	case d.other() && d.elsewhere.Live:
		return "This is open in another session, " + d.elsewhere.Where + ". ctrl+o takes its text over."
	case d.other():
		return "Another session left text here, " + d.elsewhere.Where + ". ctrl+o brings it back."
	case d.kind != "" && d.env.Drafts.Second(d.kind, d.record):
		return "Another session has taken this text over; what you type here is kept beside it."
	case d.restored && d.acts("esc"): // its owner keeps it as a draft
		return "What was typed here before is back."
	case d.restored:
		return "What was typed here before is back; esc offers to discard it."
	}
	return ""
}

// acts reports that a key is one of its owner's.
func (d *FormDialog) acts(name string) bool {
	return slices.ContainsFunc(d.Actions, func(a Action) bool { return slices.Contains(a.Key.Keys(), name) })
}

// Cursor is where the form's is, below the line that tells of the draft.
func (d *FormDialog) Cursor() *tea.Cursor {
	if d.draftLine() != "" {
		return moved(d.Form.Cursor(), 0, 1)
	}
	return d.Form.Cursor()
}

// note journals the form after a change.
func (d *FormDialog) note() {
	if d.kind == "" {
		return
	}
	values := d.Draft()
	for name, value := range d.over {
		values[under+name] = value
	}
	d.env.Drafts.Note(d.kind, d.record, values)
}

// Sent closes the form for good: what was typed has arrived, or was thrown away
// on purpose.
func (d *FormDialog) Sent() {
	if d.kind != "" {
		d.env.Drafts.Drop(d.kind, d.record)
	}
	d.Wipe()
	d.env.Close(d)
}

// flush saves what is typed at once: the tab is left, the desk is locked, a
// form is sent.
func (e *Env) flush() tea.Cmd {
	d := e.Drafts
	if d == nil {
		return nil
	}
	return func() tea.Msg { d.Flush(); return nil }
}

// soon runs a command after the present Update, for what cannot return one.
func (e *Env) soon(cmd tea.Cmd) { e.cmds = append(e.cmds, cmd) }
