package booking

import (
	"context"
	"errors"
	"slices"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/store"
)

// Resolve finds out what became of a write, and mends what was left half done.
// An UNKNOWN visit whose note is in the EMR is REQUESTED. One whose note is
// absent, longer after it was sent than it could still be under way, is HELD
// again under a new fence and may be sent again. When that cannot be told yet
// it stays UNKNOWN, with *UnknownError. A PARTIAL visit gets its tag. Any desk
// may call it; other states come back as they are.
func (b *Book) Resolve(ctx context.Context, id string) (Booking, error) {
	r, err := b.LookUp(ctx, id)
	if err != nil || r.State != Partial {
		return r, err
	}
	return b.tagged(ctx, r)
}

// LookUp is the part of Resolve that sends nothing: a visit whose note is in
// the EMR is PARTIAL until Resolve has given the person the tag.
func (b *Book) LookUp(ctx context.Context, id string) (Booking, error) {
	r, err := b.Load(ctx, id)
	if err != nil || r.State != Unknown {
		return r, err
	}
	p, err := b.find(ctx, r.Prospect)
	if err != nil {
		return r, &UnknownError{Booking: r, unread: true, cause: err}
	}
	if landed(p, r, requestVerb) {
		if r, err = b.arrived(ctx, id, "found"); err != nil {
			return r, err
		}
		return b.untagged(ctx, r)
	}
	return b.change(ctx, id, "put", "absent", func(tx *store.Tx, r *Booking) error {
		if r.State != Unknown {
			return refuse("A colleague has resolved this already. Reload the list.")
		}
		if err := settled(tx, *r, "put"); err != nil {
			return err
		}
		r.State, r.Expires = Held, tx.Now.Add(b.o.HoldFor)
		r.Checked = r.Created // long ago: ask again
		var err error
		r.Fence, err = tx.Next("booking_fence")
		return err
	})
}

// settled is nil when the last sending of step was so long ago that it cannot
// still land.
func settled(tx *store.Tx, r Booking, step string) error {
	last, _, err := sent(tx, r.ID, step)
	if err != nil {
		return err
	}
	if wait := last.Add(settle).Sub(tx.Now); !last.IsZero() && wait > 0 {
		return &UnknownError{Booking: r, Wait: wait}
	}
	return nil
}

// errNobody tells that everybody was read and the person was not among them.
var errNobody = errors.New("no such person in the EMR")

// maxPages bounds a search through everybody: 40,000 people.
const maxPages = 400

// find reads a person by id alone. The EMR has no such call: people met in
// this session are searched by what is known of them, others by paging through
// the prospects and then the patients. errNobody is certain; any other error
// means that it cannot be told.
func (b *Book) find(ctx context.Context, id naturaesoft.ID) (naturaesoft.Prospect, error) {
	if p, ok := b.known(id); ok {
		p, err := b.emr.Reread(ctx, p)
		if err == nil {
			b.remember(p)
			return p, nil
		}
		var e *rest.Error
		if !errors.As(err, &e) || e.Kind != rest.KindNotFound {
			return p, err
		}
	}
	for _, patients := range []bool{false, true} {
		p, err := b.page(ctx, id, patients)
		if err == nil {
			b.remember(p)
		}
		if !errors.Is(err, errNobody) {
			return p, err
		}
	}
	return naturaesoft.Prospect{}, errNobody
}

// page reads all prospects, or all patients, until id is among them. Without a
// stated total only an empty or a repeated page is the end: pages may be
// smaller than asked for.
func (b *Book) page(ctx context.Context, id naturaesoft.ID, patients bool) (naturaesoft.Prospect, error) {
	var last naturaesoft.ID
	for n := 1; n <= maxPages; n++ {
		page, err := b.emr.Prospects(ctx, naturaesoft.ProspectQuery{Page: n, Limit: 100, Patients: patients})
		if err != nil {
			return naturaesoft.Prospect{}, err
		}
		i := slices.IndexFunc(page.Items, func(p naturaesoft.Prospect) bool { return p.ID == id })
		if i >= 0 {
			return page.Items[i], nil
		}
		if len(page.Items) == 0 || page.Items[0].ID == last || page.Total >= 0 && !page.More {
			return naturaesoft.Prospect{}, errNobody
		}
		last = page.Items[0].ID
	}
	return naturaesoft.Prospect{}, refuse("There are too many people to look through. Open the person in the prospects first, then look it up again.")
}

// Recover is called once at the start. Steps of this person that were being
// sent when an earlier session ended get that outcome; nothing is sent again.
// It returns those visits: UNKNOWN and PARTIAL ones are for Resolve.
func (b *Book) Recover(ctx context.Context) ([]Booking, error) {
	var found []Booking
	err := b.write(ctx, "recover", func(tx *store.Tx) error {
		found = nil
		if err := lockRecords(tx, interruptedSQL, b.o.Actor.UID, b.o.Actor.User, b.o.Actor.Host); err != nil {
			return err
		}
		all, err := query(tx, interruptedSQL, b.o.Actor.UID, b.o.Actor.User, b.o.Actor.Host)
		for _, r := range all {
			if err == nil {
				r, err = b.interrupt(tx, r)
				found = append(found, r)
			}
		}
		return err
	})
	return found, err
}

// interruptedSQL chooses a person's records with a step being sent.
const interruptedSQL = `WHERE owner_uid = ? AND owner_user = ? AND owner_host = ? AND id IN
	(SELECT booking FROM booking_event e WHERE outcome = 'sending' AND seq =
		(SELECT MAX(seq) FROM booking_event WHERE booking = e.booking))`

// interrupt gives the open step of r its outcome. A note that was being sent
// leaves r as it is: UNKNOWN, or not yet cancelled.
func (b *Book) interrupt(tx *store.Tx, r Booking) (Booking, error) {
	all, err := steps(tx, r.ID)
	if err != nil {
		return r, err
	}
	step := all[len(all)-1].Step
	err = b.apply(tx, &r, step, interrupted, func(_ *store.Tx, r *Booking) error {
		switch {
		case step == "tag":
			r.tag = tagFailed
			if r.State == Requested {
				r.State = Partial
			}
		case step == "cancel":
			r.warn(cancelUnclear)
		}
		return nil
	})
	return r, err
}
