package ui

import tea "charm.land/bubbletea/v2"

// Drafts keeps what is typed into forms beyond the session. Its methods are
// called on the update goroutine and must not wait.
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
}

// Keep journals what is typed under a kind of form and a record, and offers
// again what an earlier session left there.
func (d *FormDialog) Keep(kind, record string) *FormDialog {
	if d.env.Drafts == nil {
		return d
	}
	d.kind, d.record = kind, record
	if values, ok := d.env.Drafts.Kept(kind, record); ok {
		d.Restore(values)
		d.restored = true
	}
	return d
}

// Cursor is where the form's is, below the line that tells of the draft.
func (d *FormDialog) Cursor() *tea.Cursor {
	if d.restored {
		return moved(d.Form.Cursor(), 0, 1)
	}
	return d.Form.Cursor()
}

// note journals the form after a change.
func (d *FormDialog) note() {
	if d.kind != "" {
		d.env.Drafts.Note(d.kind, d.record, d.Draft())
	}
}

// Sent closes the form for good: what was typed has arrived, or was thrown away
// on purpose.
func (d *FormDialog) Sent() {
	if d.kind != "" {
		d.env.Drafts.Drop(d.kind, d.record)
	}
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
