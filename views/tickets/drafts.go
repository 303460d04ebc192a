package tickets

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/rest"
	"frontdesk/state/tickets"
	"frontdesk/ui"
)

// draftKind is what composers' drafts are kept under.
const draftKind = "tickets.comment"

// draftOf names the draft of a ticket or of one of its categories.
func draftOf(ticket tickets.Key, category tickets.Mark) string {
	return ticket.String() + "/" + category.ID
}

// putBack has a comment that was not sent back where it was typed, beside what
// has been typed there since, and says where that is.
func (v *View) putBack(k tickets.Key, category tickets.Mark, text string) (where string) {
	record := draftOf(k, category)
	if c := v.writing; c != nil && c.record == record && !c.sending && !c.editing {
		c.put(both(text, c.dialog.Draft()["comment"]))
		return "The text is back in the open form."
	}
	have, ok := v.drafts[record]
	if d := v.env.Drafts; d != nil && !ok { // of an earlier session
		old, _ := d.Kept(draftKind, record)
		have = old["comment"]
	}
	v.keepDraft(record, both(text, have))
	again := "c"
	if category.ID != "" {
		again = "C on the category"
	}
	return "Kept as a draft of " + short(k) + "; " + again + " opens it."
}

// notSent tells of a comment that was put back.
func (v *View) notSent(err error, where string) tea.Cmd {
	if errors.Is(err, ui.ErrTakenBack) {
		return v.env.Say("Taken back: nothing was sent. " + where)
	}
	v.env.Fail(rest.UserMessage(err) + " " + where)
	return nil
}

// kept takes the draft a composer begins with. Several tickets have the one
// that each of them has: what was not sent to them together.
func (c *composer) kept() string {
	v := c.v
	if text, ok := v.drafts[c.record]; ok {
		delete(v.drafts, c.record)
		return text
	}
	text := v.drafts[draftOf(c.key, c.category)]
	for _, t := range c.targets {
		if v.drafts[draftOf(t.Key, c.category)] != text {
			return ""
		}
	}
	for _, t := range c.targets {
		v.dropDraft(draftOf(t.Key, c.category))
	}
	return text
}

// put replaces what the form holds.
func (c *composer) put(text string) {
	values := map[string]string{"comment": text}
	c.dialog.Restore(values)
	if d := c.v.env.Drafts; d != nil {
		d.Note(draftKind, c.record, values)
	}
}

// keepDraft keeps a text for this session and the next.
func (v *View) keepDraft(record, text string) {
	v.drafts[record] = text
	if d := v.env.Drafts; d != nil {
		d.Note(draftKind, record, map[string]string{"comment": text})
	}
}

func (v *View) dropDraft(record string) {
	if _, ok := v.drafts[record]; !ok {
		return
	}
	delete(v.drafts, record)
	if d := v.env.Drafts; d != nil {
		d.Drop(draftKind, record)
	}
}

// both is two texts of one draft, the one that was typed first above the other.
func both(first, then string) string {
	switch {
	case strings.TrimSpace(first) == "":
		return then
	case strings.TrimSpace(then) == "" || then == first:
		return first
	}
	return strings.TrimRight(first, "\n") + "\n\n" + then
}
