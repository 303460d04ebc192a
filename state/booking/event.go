package booking

import (
	"time"

	"frontdesk/state/store"
)

// Step is one line of a visit's history.
type Step struct {
	At      time.Time
	Who     string
	Step    string // hold, check, person, put, tag, schedule, cancel ...
	Outcome string // "sending" is written before a write leaves
	State   State  // after the step
}

// sending is the outcome of a step whose outcome is not known yet.
const sending = "sending"

// note adds a step of b to the journal, in the transaction that takes it.
func (b *Book) note(tx *store.Tx, r Booking, step, outcome string) error {
	return journal(tx, b.o.Actor, r, step, outcome)
}

func journal(tx *store.Tx, who Actor, r Booking, step, outcome string) error {
	return journalAs(tx, who.String(), r, step, outcome, r.State)
}

func journalAs(tx *store.Tx, who string, r Booking, step, outcome string, state State) error {
	_, err := tx.Exec(`INSERT INTO booking_event (booking, at, who, step, outcome, state, prospect)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.ID, ms(tx.Now), who, step, outcome, string(state), string(r.Prospect))
	return err
}

// steps reads the history of one booking, oldest first.
func steps(tx *store.Tx, id string) ([]Step, error) {
	var all []Step
	err := tx.Query(func(read func(...any) error) error {
		var s Step
		var ms int64
		err := read(&ms, &s.Who, &s.Step, &s.Outcome, &s.State)
		s.At = at(ms)
		all = append(all, s)
		return err
	}, "SELECT at, who, step, outcome, state FROM booking_event WHERE booking = ? ORDER BY seq", id)
	return all, err
}

// sent is when step was last about to be sent, and whether its outcome is
// still not known.
func sent(tx *store.Tx, id, step string) (at_ time.Time, open bool, err error) {
	all, err := steps(tx, id)
	for _, s := range all {
		if s.Step != step {
			continue
		}
		if s.Outcome == sending {
			at_ = s.At
		}
		open = s.Outcome == sending || s.Outcome == unclear || s.Outcome == interrupted
	}
	return at_, open, err
}

// Outcomes of a write that may have landed.
const (
	unclear     = "unclear"     // no answer, or one that proves nothing
	interrupted = "interrupted" // the program ended before the answer
)
