package booking

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/golang-sql/civil"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
)

// HoldOptions are what a hold may need besides a time.
type HoldOptions struct {
	Prospect naturaesoft.ID // the person, when already chosen
	// Reason makes a deliberate double booking: the hold is taken although
	// the ledger or the EMR has the time, and the reason is recorded. It must
	// not hold a patient's name.
	Reason string
	// Instead is a hold of the caller's that this one takes the place of. It is
	// given back when the new time is held and free; where the two overlap, in the
	// very step that takes the new one. A time that is refused leaves it alone.
	Instead Booking
}

// Hold takes an opening for HoldFor. The ledger is asked first and the EMR
// after, so that two desks cannot both pass. Errors: *TakenError when it
// overlaps a colleague's record, *LostError when the EMR has given the time
// away (the record is LOST), *RefusedError for a time that does not exist. If
// the EMR cannot be asked the hold stays, Unchecked.
func (b *Book) Hold(ctx context.Context, o Opening, visitType string, opt HoldOptions) (Booking, error) {
	r := Booking{Provider: o.Provider.ID, Date: o.Date, Time: o.Time, Duration: o.Duration, Prospect: opt.Prospect,
		VisitType: safe.Clean(visitType), Override: safe.Clean(opt.Reason)}
	if err := b.sound(&r); err != nil {
		return r, err
	}
	var held Booking
	err := b.write(ctx, "hold", func(tx *store.Tx) error {
		err := b.makeWay(tx, r, opt.Instead)
		if err != nil {
			return err
		}
		held, err = claim(tx, b.o.Actor, r, b.o.HoldFor)
		return err
	})
	if err != nil {
		return r, err
	}
	conflicts := held.conflicts
	held, err = b.check(ctx, held)
	held.conflicts = conflicts
	if old := opt.Instead; err == nil && old.ID != "" {
		err = b.letGo(ctx, old)
	}
	return held, err
}

// Try tells what Hold would answer, by the same errors, and keeps nothing. An
// EMR that cannot be asked is its own error.
func (b *Book) Try(ctx context.Context, o Opening, opt HoldOptions) error {
	r := Booking{Provider: o.Provider.ID, Date: o.Date, Time: o.Time, Duration: o.Duration, Prospect: opt.Prospect}
	if err := b.sound(&r); err != nil || opt.Reason != "" {
		return err
	}
	err := b.db.Read(ctx, func(tx *store.Tx) error {
		conflicts, err := overlapping(tx, r)
		if err == nil && len(conflicts) > 0 {
			err = taken(r, conflicts)
		}
		return err
	})
	if err != nil {
		return err
	}
	free, err := b.emr.Check(ctx, r.Provider, r.Date, r.Time, r.Duration)
	if err == nil && !free {
		err = &LostError{Booking: r}
	}
	return err
}

// makeWay gives back, in the transaction that takes r, the hold r takes the
// place of where both cannot be. What is no hold of the caller's any more is
// left to the claim.
func (b *Book) makeWay(tx *store.Tx, r, old Booking) error {
	if old.ID == "" || !r.Overlaps(old) {
		return nil
	}
	both := []string{providerLock(r.Provider), providerLock(old.Provider)}
	if err := lockFor(tx, r.Prospect, func() ([]string, error) { return both, nil }); err != nil {
		return err
	}
	now, err := mine(tx, b.o.Actor, old.ID, old.Fence)
	if noHold(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return b.apply(tx, &now, "release", "for another time", func(_ *store.Tx, r *Booking) error {
		r.State = Released
		return nil
	})
}

// letGo gives back a hold that another one has taken the place of.
func (b *Book) letGo(ctx context.Context, old Booking) error {
	if _, err := b.Release(ctx, old.ID, old.Fence); err != nil && !noHold(err) {
		return err
	}
	return nil
}

// noHold reports an error that tells that a hold is none any more.
func noHold(err error) bool {
	var lease *LeaseError
	var missing *MissingError
	return errors.As(err, &lease) || errors.As(err, &missing)
}

// Recheck asks the EMR again whether the time of a hold is free. Errors:
// *LostError when it is not, *LeaseError when the hold is not the caller's any
// more, the EMR's own when it cannot be asked; the hold stays then.
func (b *Book) Recheck(ctx context.Context, id string) (Booking, error) {
	r, err := b.Load(ctx, id)
	if err != nil {
		return r, err
	}
	if r, err = b.check(ctx, r); err != nil {
		return r, err
	}
	return r, r.unanswered
}

// sound refuses what cannot be a visit.
func (b *Book) sound(r *Booking) error {
	switch {
	case !r.Provider.Valid():
		return refuse("Choose a provider first.")
	case !r.Date.IsValid() || !r.Time.IsValid():
		return refuse("There is no such date or time.")
	case r.Duration < 1 || r.Duration > maxMinutes:
		return refuse("A visit lasts between 1 and %d minutes.", maxMinutes)
	case Gap(r.Date, r.Time, b.o.Zone):
		return refuse("%s on %s does not exist in the practice: the clocks go forward over it. Choose another time.",
			clock(r.Time), r.Date)
	}
	if Twice(r.Date, r.Time, b.o.Zone) {
		r.warn(clock(r.Time) + " comes twice that night because the clocks go back. Say which one is meant.")
	}
	return nil
}

// check asks the EMR whether the time of a hold is free and which visits the
// day has already, both at once, and records the answers. What could not be
// asked stays open and is asked again before the request.
func (b *Book) check(ctx context.Context, r Booking) (Booking, error) {
	var free bool
	var asked, read error
	var day naturaesoft.Schedule
	asOf := r.Updated
	var both sync.WaitGroup
	both.Go(func() { free, asked = b.emr.Check(ctx, r.Provider, r.Date, r.Time, r.Duration) })
	if r.baseline == nil {
		both.Go(func() { day, read = b.emr.Schedule(ctx, r.Provider, r.Date, r.Date, "") })
	}
	both.Wait()
	outcome := "free"
	switch {
	case asked != nil:
		outcome = "not answered"
	case !free:
		outcome = "not free"
	}
	lost := asked == nil && !free && r.Override == ""
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	fence := r.Fence
	r, err := b.change(ctx, r.ID, "check", outcome, func(tx *store.Tx, r *Booking) error {
		if _, err := mine(tx, b.o.Actor, r.ID, fence); err != nil {
			return err
		}
		if r.baseline == nil && read == nil {
			r.baseline = ids(day, *r)
		}
		switch {
		case lost:
			r.State, r.Reason = Lost, "the EMR says the time is not free"
		case asked != nil:
			r.warn(uncheckedWords)
		default:
			r.Checked = asOf
			r.Warnings = without(r.Warnings, uncheckedWords)
		}
		if asked == nil && !free && !lost {
			r.warn("The EMR says this time is not free. It is held on purpose: " + r.Override + ".")
		}
		return nil
	})
	r.unanswered = asked
	if err == nil && lost {
		err = &LostError{Booking: r}
	}
	return r, err
}

const uncheckedWords = "The EMR could not be asked whether this time is free. It is asked again before the request."

// ids are the visits of a schedule on the day of r; never nil.
func ids(s naturaesoft.Schedule, r Booking) []naturaesoft.ID {
	all := []naturaesoft.ID{}
	for _, v := range s.Days[r.Date] {
		all = append(all, visitID(r.Date, v))
	}
	return all
}

// visitID is the id of a visit on the schedule; one that came without any is
// known by its time.
func visitID(day civil.Date, v naturaesoft.Visit) naturaesoft.ID {
	if v.ID != "" {
		return v.ID
	}
	return naturaesoft.ID(fmt.Sprintf("%s_%02d%02d", day, v.Time.Hour, v.Time.Minute))
}

func without(all []string, one string) []string {
	var rest []string
	for _, s := range all {
		if s != one {
			rest = append(rest, s)
		}
	}
	return rest
}

// Extend makes a hold last HoldFor from now. *LeaseError when it is not the
// caller's any more.
func (b *Book) Extend(ctx context.Context, id string, fence int64) (Booking, error) {
	return b.change(ctx, id, "extend", "done", func(tx *store.Tx, r *Booking) error {
		if _, err := mine(tx, b.o.Actor, id, fence); err != nil {
			return err
		}
		r.Expires = tx.Now.Add(b.o.HoldFor)
		return nil
	})
}

// Release gives a hold back. Giving back what has run out or was given back
// already is no error.
func (b *Book) Release(ctx context.Context, id string, fence int64) (Booking, error) {
	r, err := b.change(ctx, id, "release", "done", func(tx *store.Tx, r *Booking) error {
		if _, err := mine(tx, b.o.Actor, id, fence); err != nil {
			return err
		}
		r.State = Released
		return nil
	})
	var lease *LeaseError
	if errors.As(err, &lease) && !lease.Foreign && (r.State == Expired || r.State == Released) {
		return r, nil
	}
	return r, err
}

// SetPerson says whose visit it will be. *TakenError when that person has
// overlapping time with any provider.
func (b *Book) SetPerson(ctx context.Context, id string, fence int64, prospect naturaesoft.ID) (Booking, error) {
	return b.changeFor(ctx, prospect, id, "person", "chosen", func(tx *store.Tx, r *Booking) error {
		if _, err := mine(tx, b.o.Actor, id, fence); err != nil {
			return err
		}
		return b.setPerson(tx, r, prospect)
	})
}

// setPerson changes the person of a hold under the overlap rule; see changeFor.
func (b *Book) setPerson(tx *store.Tx, r *Booking, prospect naturaesoft.ID) error {
	if !prospect.Valid() {
		return refuse("This person has no id in the EMR yet. Save or find the record first.")
	}
	if r.Prospect == prospect {
		return nil
	}
	r.Prospect = prospect
	if r.Override != "" {
		return nil
	}
	if err := expire(tx, b.o.Actor, *r); err != nil {
		return err
	}
	conflicts, err := overlapping(tx, *r)
	if err != nil {
		return err
	}
	if len(conflicts) > 0 {
		return taken(*r, conflicts)
	}
	return nil
}

// label shows a visit type for a note; notes are split by spaces.
func label(kind string) string {
	if kind == "" {
		return ""
	}
	return " type=" + strings.Join(strings.Fields(kind), "_")
}
