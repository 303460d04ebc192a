package people

import (
	"context"
	"errors"
	"maps"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/edit"
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
	if diff := c.versions(now).Differences(naturaesoft.Fields()); len(diff) > 0 {
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

// Conflict says that a colleague changed the row in the meantime. Nothing was
// sent.
type Conflict struct {
	Now    naturaesoft.Prospect
	Fields []edit.Difference
}

func (c *Conflict) Error() string { return "prospect changed by somebody else, nothing sent" }

// UserMessage says so and what to do.
func (c *Conflict) UserMessage() string {
	return "A colleague changed this person in the meantime, so nothing was sent yet. Compare the three versions and decide."
}

// versions are the change and the row as it is now.
func (c Change) versions(now naturaesoft.Prospect) edit.Versions {
	return edit.Versions{Seen: c.Base, Now: Values(now), Edits: c.Edits, Alike: alike}
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
	v := c.versions(now)
	return Change{ID: c.ID, Base: v.Now, Edits: v.Left(keep...)}
}

// Look reads a changed person back and tells what became of the edit.
func Look(ctx context.Context, emr Editor, c Change) (naturaesoft.Prospect, edit.Landing, error) {
	now, err := emr.Reread(ctx, Found(c.ID, c.after()))
	var gone *rest.Error
	if errors.As(err, &gone) && gone.Kind == rest.KindNotFound {
		now, err = emr.Reread(ctx, Found(c.ID, c.Base))
	}
	if err != nil {
		return now, edit.CannotTell, err
	}
	return now, c.versions(now).Landing(), nil
}
