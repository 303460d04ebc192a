package people

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Editor changes people in the EMR.
type Editor interface {
	Reread(context.Context, naturaesoft.Prospect) (naturaesoft.Prospect, error)
	UpdateProspect(context.Context, naturaesoft.Prospect, naturaesoft.Edits) error
}

// Change is an edit of a person, in a form that survives as JSON: what the row
// held when the person at the desk saw it, and what it is to hold.
type Change struct {
	ID    naturaesoft.ID
	Base  map[string]string
	Edits naturaesoft.Edits
}

// NewChange is an edit of a row as it was seen.
func NewChange(seen naturaesoft.Prospect, edits naturaesoft.Edits) Change {
	return Change{ID: seen.ID, Base: Values(seen), Edits: edits}
}

// Values are the documented fields of a row as they came, by wire name, those
// that hold something.
func Values(p naturaesoft.Prospect) map[string]string {
	out := map[string]string{}
	for _, name := range naturaesoft.Fields() {
		if v := p.Value(name).Raw(); v != "" {
			out[name] = v
		}
	}
	return out
}

// Found is enough of a person to be read again by Reread.
func Found(id naturaesoft.ID, values map[string]string) naturaesoft.Prospect {
	return naturaesoft.Prospect{
		ID: id, EMail: safe.Line(values["EMail"]), Phone: safe.Line(values["Phone"]),
		CellPhone: safe.Line(values["CellPhone"]), SMSPhone: safe.Line(values["SMSPhone"]),
		FirstName: safe.Line(values["FirstName"]), LastName: safe.Line(values["LastName"]),
	}
}

// after is what the row is to hold.
func (c Change) after() map[string]string {
	out := maps.Clone(c.Base)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, c.Edits)
	return out
}

// Saved is what came of a change that was sent.
type Saved struct {
	Row      naturaesoft.Prospect
	Vanished []string // fields nobody edited that are empty now
	Unread   error    // the row could not be read back; what it holds is not known
}

// Save reads the person again, sends the whole row overlaid with the edits
// once, and reads it back. When the row is not as it was seen any more, nothing
// is sent and the error is a *Conflict.
func Save(ctx context.Context, emr Editor, c Change) (Saved, error) {
	now, err := emr.Reread(ctx, Found(c.ID, c.Base))
	if err != nil {
		return Saved{}, unsent(err)
	}
	if diff := Differences(c, now); len(diff) > 0 {
		return Saved{}, &Conflict{Now: now, Fields: diff}
	}
	if err := emr.UpdateProspect(ctx, now, c.Edits); err != nil {
		return Saved{}, err
	}
	after, err := emr.Reread(ctx, Found(c.ID, c.after()))
	if err != nil {
		return Saved{Row: now, Unread: err}, nil
	}
	return Saved{Row: after, Vanished: naturaesoft.Vanished(now, after, c.Edits)}, nil
}

// unsent marks a failed read before a write: whatever happened to it, the
// write was not sent.
func unsent(err error) error { return &unsentError{err} }

type unsentError struct{ cause error }

func (e *unsentError) Error() string { return "read before update: " + e.cause.Error() }

// UserMessage says that nothing was sent, and why.
func (e *unsentError) UserMessage() string {
	return "The row could not be read again before saving, so nothing was sent. " + rest.UserMessage(e.cause)
}

// Difference is a field that changed in the EMR since the person at the desk
// saw it.
type Difference struct {
	Field              string
	Base, Theirs, Mine string
	Edited             bool // by the person at the desk too
}

// Clash reports that both changed the field, each to something else.
func (d Difference) Clash() bool { return d.Edited && d.Mine != d.Theirs }

// Conflict says that a colleague changed the row in the meantime. Nothing was
// sent.
type Conflict struct {
	Now    naturaesoft.Prospect
	Fields []Difference
}

func (c *Conflict) Error() string { return "prospect changed by somebody else, nothing sent" }

// UserMessage says so and what to do.
func (c *Conflict) UserMessage() string {
	return "A colleague changed this person in the meantime, so nothing was sent yet. Compare the three versions and decide."
}

// Differences are the fields whose value in the EMR is no longer what the
// change was made on, in the order of the document.
func Differences(c Change, now naturaesoft.Prospect) []Difference {
	var out []Difference
	for _, name := range naturaesoft.Fields() {
		base, theirs := c.Base[name], now.Value(name).Raw()
		if alike(name, base, theirs) {
			continue
		}
		mine, edited := c.Edits[name]
		if !edited {
			mine = base
		}
		out = append(out, Difference{Field: name, Base: base, Theirs: theirs, Mine: mine, Edited: edited})
	}
	return out
}

// alike treats a number that is not given as 0: some rows leave it out.
func alike(name, a, b string) bool {
	if name == "ProviderID" {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	}
	return a == b
}

// Onto is the change made anew on what a colleague left: fields of keep stay
// theirs, all other edits are sent.
func (c Change) Onto(now naturaesoft.Prospect, keep ...string) Change {
	edits := maps.Clone(c.Edits)
	maps.DeleteFunc(edits, func(name, value string) bool {
		return slices.Contains(keep, name) || alike(name, value, now.Value(name).Raw())
	})
	return Change{ID: c.ID, Base: Values(now), Edits: edits}
}

// Landing is what reading back says of a change whose answer was lost.
type Landing uint8

// The landings.
const (
	CannotTell Landing = iota
	Landed
	DidNot
)

// Look reads a changed person back: Landed when every edited field holds what
// was sent, DidNot when the row is as it was before.
func Look(ctx context.Context, emr Editor, c Change) (Landing, error) {
	now, err := emr.Reread(ctx, Found(c.ID, c.after()))
	var gone *rest.Error
	if errors.As(err, &gone) && gone.Kind == rest.KindNotFound {
		now, err = emr.Reread(ctx, Found(c.ID, c.Base))
	}
	if err != nil {
		return CannotTell, err
	}
	landed, before := true, true
	for name, sent := range c.Edits {
		have := now.Value(name).Raw()
		landed = landed && alike(name, have, sent)
		before = before && alike(name, have, c.Base[name])
	}
	switch {
	case landed:
		return Landed, nil
	case before:
		return DidNot, nil
	}
	return CannotTell, nil
}
