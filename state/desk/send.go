package desk

import (
	"context"
	"slices"
	"time"
)

// change runs fn on one entry and writes it back if nobody else has changed it
// meanwhile. what is the deed, for a StateError.
func (o *Outbox) change(ctx context.Context, id, what string, fn func(*row) error) (Item, error) {
	var it Item
	err := o.d.write(ctx, func(tx tx) error {
		r, err := o.one(tx, id)
		if err != nil {
			return err
		}
		was := r.Item
		it = was
		if err := fn(&r); err != nil {
			return err
		}
		o.reseal(&r, was)
		r.Changed = tx.Now
		n, err := tx.Exec(`UPDATE outbox SET state = ?, session = ?, attempt = ?, waiting = ?, version = ?, sealed = ?, changed_ms = ?
			WHERE id = ? AND uid = ? AND state = ? AND attempt = ?`,
			r.State, r.Session, r.Attempt, r.Waiting, r.version, r.sealed, tx.Now.UnixMilli(),
			id, o.d.who.UID, was.State, was.Attempt)
		if err == nil && n != 1 {
			err = &StateError{Item: was, want: what}
		}
		it = r.Item
		return err
	})
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.memory[id]; ok && err == nil {
		o.memory[id] = content{it.Record, it.Payload, it.Words}
	}
	return it, err
}

// reseal closes an entry anew when its words or payload changed. One that has
// no seal, or whose key is not here, stays as it is on the disk.
func (o *Outbox) reseal(r *row, was Item) {
	seal := o.d.seal.Load()
	same := r.Words == was.Words && len(r.Payload) == len(was.Payload)
	if same || was.Lost || r.sealed == nil || seal == nil {
		return
	}
	r.version++
	r.sealed = r.close(seal, o.d.who.UID, content{r.Record, r.Payload, r.Words})
}

// TakeBack withdraws an entry that was not sent; the item has what it held,
// to be edited again. *StateError once it is on its way.
func (o *Outbox) TakeBack(ctx context.Context, id string) (Item, error) {
	return o.change(ctx, id, "taken back", func(r *row) error {
		if r.State != Queued {
			return &StateError{Item: r.Item, want: "taken back"}
		}
		r.State, r.Waiting = Withdrawn, false
		return nil
	})
}

// Claim hands an entry to this session to be sent, once: whatever other
// sessions do at the same moment, one Claim returns nil. *EarlyError while it
// can be taken back, ErrLost when its payload is gone, and the trail's error
// when the write could not be audited.
func (o *Outbox) Claim(ctx context.Context, id string) (Item, error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	if err := o.ready(); err != nil {
		return Item{}, err
	}
	it, err := o.change(ctx, id, "sent", func(r *row) error {
		// A Claim of ours that failed may have been written all the same;
		// nothing was sent for it.
		mine := r.State == Sending && r.Session == o.d.who.Session && o.attempt(id) != r.Attempt
		switch {
		case r.State != Queued && !mine:
			return &StateError{Item: r.Item, want: "sent"}
		case r.Left > 0:
			return &EarlyError{Left: r.Left}
		case r.Lost:
			return ErrLost
		}
		r.State, r.Session, r.Live, r.Waiting = Sending, o.d.who.Session, true, false
		r.Attempt++
		return nil
	})
	if err != nil {
		return it, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.claimed[id] = it.Attempt
	return it, nil
}

func (o *Outbox) attempt(id string) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.claimed[id]
}

// Settle records how a claimed write ended. A vendor's late yes or no is taken
// even when the entry has become UNKNOWN, or was put back, in the meantime; it
// is not once the entry was sent again. After an error call it again: until
// then the entry is Sending, and UNKNOWN once the session is gone.
func (o *Outbox) Settle(ctx context.Context, id string, out Outcome) (Item, error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	if !slices.Contains([]State{Done, Refused, Unknown}, out.State) {
		return Item{}, refuse("A write cannot end as %s. This is a fault of the program.", out.State)
	}
	it, err := o.change(ctx, id, "settled by this session", func(r *row) error {
		late := out.State != Unknown && (r.State == Unknown || r.State == Queued || r.State == Withdrawn)
		again := r.State == out.State // its first Settle was written but not acknowledged
		if o.attempt(id) != r.Attempt || r.Attempt == 0 || r.State != Sending && !late && !again {
			return &StateError{Item: r.Item, want: "settled by this session"}
		}
		r.State, r.Words, r.Waiting = out.State, out.Words, false
		if r.State == Done {
			r.Payload = nil
		}
		return nil
	})
	return it, err
}

// Finding is what reading back an UNKNOWN entry, or the person, says.
type Finding uint8

// The findings.
const (
	CannotTell Finding = iota // it stays UNKNOWN
	Landed                    // it is Done
	DidNot                    // it is Queued and waits for the person, who may send it again or take it back
)

// Patience is how long a write may still be on its way after its answer was
// lost.
const Patience = time.Minute

// Found ends an UNKNOWN entry by what reading it back showed. That nothing of
// it is there counts only once it cannot be on its way any more: until then it
// stays UNKNOWN, with *SoonError.
func (o *Outbox) Found(ctx context.Context, id string, f Finding) (Item, error) {
	return o.resolve(ctx, id, f, Patience)
}

// Resolve ends an UNKNOWN entry by the word of a person, or of a workflow that
// knows when it was sent; it takes the place of the entry's words: they said
// that nobody knew. *StateError for others.
func (o *Outbox) Resolve(ctx context.Context, id string, f Finding) (Item, error) {
	return o.resolve(ctx, id, f, 0)
}

func (o *Outbox) resolve(ctx context.Context, id string, f Finding, patience time.Duration) (Item, error) {
	return o.change(ctx, id, "resolved", func(r *row) error {
		wait := patience - r.age
		switch {
		case r.State != Unknown:
			return &StateError{Item: r.Item, want: "resolved"}
		case f == DidNot && wait > 0:
			return &SoonError{Wait: wait}
		}
		switch f {
		case Landed:
			r.State, r.Payload, r.Words = Done, nil, "What became of it was not known at first: it landed."
		case DidNot:
			r.State, r.Waiting, r.Words = Queued, true, "What became of it was not known at first: it did not land."
		}
		return nil
	})
}

// Recover is called at start, and now and then: what a session was sending
// when it died becomes UNKNOWN, what it had queued waits for the person. It
// returns what a person has to look at, UNKNOWN first.
func (o *Outbox) Recover(ctx context.Context) ([]Item, error) {
	var found []Item
	err := o.d.write(ctx, func(tx tx) error {
		found = nil
		rows, err := o.rows(tx, "")
		if err != nil {
			return err
		}
		for _, r := range rows {
			was := r.Item
			switch {
			case r.Live || r.State != Sending && r.State != Queued:
			case r.State == Sending:
				r.State = Unknown
			default:
				r.Waiting = true
			}
			if r.State == Unknown || r.Waiting {
				found = append(found, r.Item)
			}
			if r.State == was.State && r.Waiting == was.Waiting {
				continue
			}
			if _, err := tx.Exec("UPDATE outbox SET state = ?, waiting = ?, changed_ms = ? WHERE id = ?",
				r.State, r.Waiting, tx.Now.UnixMilli(), r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortStableFunc(found, func(a, b Item) int { return urgency(a) - urgency(b) })
	return found, err
}

func urgency(it Item) int {
	if it.State == Unknown {
		return 0
	}
	return 1
}
