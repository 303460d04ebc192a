package booking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/store"
)

const (
	// stale is the age after which an availability is asked for again.
	stale = 15 * time.Second
	// sendLimit bounds one write from its intent to its answer.
	sendLimit = 30 * time.Second
	// settle is the age after which a note that is absent has not landed and is
	// not under way either.
	settle = sendLimit + 15*time.Second
)

// Request writes the visit to the person's notes, once. The hold must still be
// the caller's by its fence; the EMR is asked again when its last answer is
// older than 15 seconds, and the person is read again so that nobody's notes
// are lost. The intent is in the journal before the write leaves.
//
// Afterwards the visit is REQUESTED, PARTIAL (tag missing), HELD (refused; the
// error has the vendor's words) or UNKNOWN (*UnknownError: call Resolve). A
// visit that is requested already comes back as it is: no second write. For
// another person it is refused.
func (b *Book) Request(ctx context.Context, id string, fence int64, person naturaesoft.Prospect) (Booking, error) {
	b.remember(person)
	r, err := b.changeFor(ctx, person.ID, id, "request", "begun", func(tx *store.Tx, r *Booking) error {
		if err := r.OnlyFor(person.ID); err != nil {
			return err
		}
		if r.State == Unknown {
			return &UnknownError{Booking: *r}
		}
		if r.State.Live() && r.State != Held {
			return errAlready
		}
		if _, err := mine(tx, b.o.Actor, id, fence); err != nil {
			return err
		}
		return b.setPerson(tx, r, person.ID)
	})
	if errors.Is(err, errAlready) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if r, err = b.fresh(ctx, r); err != nil {
		return r, err
	}
	before, err := b.emr.Reread(ctx, person)
	if err != nil {
		return r, err
	}
	b.remember(before)
	return b.put(ctx, r, before)
}

var errAlready = errors.New("requested already")

// OnlyFor refuses anybody but the person a visit was requested for. A hold is
// for whoever is picked last.
func (r Booking) OnlyFor(person naturaesoft.ID) error {
	if r.State == Held || !r.State.Live() || r.Prospect == person {
		return nil
	}
	return refuse("This visit is %s for another person. Nothing was sent; hold a time for this one.", r.State.Word())
}

// fresh makes sure that the EMR said "free" a moment ago and that the visits of
// the day are known, or returns why not.
func (b *Book) fresh(ctx context.Context, r Booking) (Booking, error) {
	if !r.Unchecked() && r.Updated.Sub(r.Checked) <= stale && r.baseline != nil {
		return r, nil
	}
	r, err := b.check(ctx, r)
	if err != nil {
		return r, err
	}
	if r.Override != "" && r.baseline == nil {
		return r, refuse("The EMR's schedule could not be read, and a double booking cannot be told from the visit that is there. Try again.")
	}
	if r.Override == "" {
		return r, r.unanswered
	}
	return r, nil
}

// put sends the one write of a request.
func (b *Book) put(ctx context.Context, r Booking, before naturaesoft.Prospect) (Booking, error) {
	if landed(before, r, requestVerb) {
		r, err := b.arrived(context.WithoutCancel(ctx), r.ID, "found")
		if err != nil {
			return r, err
		}
		return b.tagged(ctx, r)
	}
	edits := naturaesoft.Edits{
		"ProviderID": string(r.Provider),
		"Notes":      appended(before, b.requestLine(r)),
	}
	send, done := context.WithTimeout(ctx, sendLimit)
	defer done()
	fence := r.Fence
	r, err := b.change(send, r.ID, "put", sending, func(tx *store.Tx, r *Booking) error {
		if err := b.mayWrite(); err != nil {
			return err
		}
		_, err := mine(tx, b.o.Actor, r.ID, fence)
		r.State = Unknown
		return err
	})
	if err != nil {
		return r, err
	}
	err = b.emr.UpdateProspect(send, before, edits)
	r, err = b.answered(context.WithoutCancel(ctx), r, err)
	if err != nil || !r.State.Live() {
		return r, err
	}
	r = b.verify(ctx, r, before, edits)
	return b.tagged(ctx, r)
}

// mayWrite refuses while this desk is halted.
func (b *Book) mayWrite() error {
	if why := b.Halted(); why != "" {
		return refuse("%s No prospect is written from here until somebody has looked into it.", why)
	}
	return nil
}

// answered records what became of the write. If that cannot be recorded the
// visit stays UNKNOWN, which is true.
func (b *Book) answered(ctx context.Context, r Booking, err error) (Booking, error) {
	if err == nil {
		done, err := b.arrived(ctx, r.ID, "done")
		if err != nil {
			return r, err
		}
		return done, nil
	}
	if maybe(err) {
		_, jerr := b.change(ctx, r.ID, "put", unclear, same)
		return r, &UnknownError{Booking: r, cause: errors.Join(err, jerr)}
	}
	fence := r.Fence
	back, jerr := b.change(ctx, r.ID, "put", "refused", func(tx *store.Tx, r *Booking) error {
		if r.State != Unknown || r.Fence != fence {
			return &LeaseError{Booking: *r}
		}
		r.State = Held
		if !r.Expires.After(tx.Now) {
			r.State = Expired
		}
		return nil
	})
	if jerr != nil {
		return r, &UnknownError{Booking: r, cause: errors.Join(err, jerr)}
	}
	return back, err
}

// same changes nothing: the step is all there is to record.
func same(*store.Tx, *Booking) error { return nil }

// arrived makes a visit REQUESTED: its note is in the EMR.
func (b *Book) arrived(ctx context.Context, id, outcome string) (Booking, error) {
	return b.change(ctx, id, "put", outcome, func(tx *store.Tx, r *Booking) error {
		if r.State != Held && r.State != Unknown {
			return nil
		}
		r.State, r.Due = Requested, tx.Now.Add(b.o.Overdue)
		if r.Override != apart {
			return nil
		}
		_, err := clash(tx, r)
		return err
	})
}

// verify reads the person back and raises the alarm when fields that were not
// edited are empty now, or when the note is not there.
func (b *Book) verify(ctx context.Context, r Booking, before naturaesoft.Prospect, e naturaesoft.Edits) Booking {
	after, err := b.emr.Reread(ctx, before)
	if err != nil {
		return r
	}
	b.remember(after)
	gone := naturaesoft.Vanished(before, after, e)
	if len(gone) == 0 && landed(after, r, requestVerb) {
		return r
	}
	words := "The EMR took the request, but the note " + r.Code + " is not among the person's notes. Tell the EMR operator."
	if len(gone) > 0 {
		words = "The EMR emptied fields that were not edited: " + strings.Join(gone, ", ") + "."
		b.halt(words)
	}
	changed, err := b.change(context.WithoutCancel(ctx), r.ID, "verify", "alarm", func(_ *store.Tx, r *Booking) error {
		r.warn(words)
		return nil
	})
	if err != nil {
		r.warn(words)
		return r
	}
	return changed
}

// maybe reports that a failed write may have landed. Only a proof that it did
// not counts as one.
func maybe(err error) bool {
	var e *rest.Error
	return !errors.As(err, &e) || e.Phase != rest.NotSent && e.Phase != rest.Refused
}

// Verbs of the notes.
const (
	requestVerb = "REQ"
	cancelVerb  = "CXL"
)

// mark is how a note of r begins.
func mark(r Booking, verb string) string { return "[FD " + r.Code + "] " + verb }

// landed reports that the person's notes have the note of r with that verb.
func landed(p naturaesoft.Prospect, r Booking, verb string) bool {
	return strings.Contains(p.Notes.Raw(), mark(r, verb))
}

// Note is the line that Request would add to the person's notes now.
func (b *Book) Note(r Booking) string { return b.requestLine(r) }

// requestLine is the note that asks for r.
func (b *Book) requestLine(r Booking) string {
	return fmt.Sprintf("%s %s %s %dm prov=%s%s by %s", mark(r, requestVerb), r.Date, clock(r.Time), r.Duration,
		r.Provider, label(r.VisitType), b.signature())
}

// signature says who writes and when, in the practice's time.
func (b *Book) signature() string {
	now := b.o.Now().In(b.o.Zone)
	return b.o.Actor.String() + " " + now.Format("2006-01-02 15:04 ") + ZoneShort(now)
}

// appended is the person's notes, unchanged, with one line more.
func appended(p naturaesoft.Prospect, line string) string {
	notes := p.Notes.Raw()
	if notes != "" && !strings.HasSuffix(notes, "\n") {
		notes += "\n"
	}
	return notes + line
}
