package booking

import "slices"

// State is what is known of one visit. The word is also what is stored.
type State string

// The states of a visit, in the order of the ordinary way, then the others.
const (
	Held      State = "HELD"      // ours for a few minutes, nothing sent
	Requested State = "REQUESTED" // written to the prospect; EMR entry still to do
	Seen      State = "SEEN"      // a fitting visit appeared on the schedule
	Confirmed State = "CONFIRMED" // a person compared it with the EMR

	Lost      State = "LOST"      // the EMR says the time is not free
	Partial   State = "PARTIAL"   // the note is written, the tag is not
	Unknown   State = "UNKNOWN"   // the write may or may not have landed
	Differs   State = "DIFFERS"   // the schedule shows another time, length or type
	Overdue   State = "OVERDUE"   // not on the schedule by the deadline
	Vanished  State = "VANISHED"  // was on the schedule and is gone
	Expired   State = "EXPIRED"   // the hold ran out
	Released  State = "RELEASED"  // the hold was given back
	Cancelled State = "CANCELLED" // called off; watched until the EMR shows it too
	Clash     State = "CLASH"     // booked while the ledger was away, over a colleague's time
)

// next are the only moves a visit may make. What leaves a state that is not
// live for one that is must pass the overlap rule again.
var next = map[State][]State{
	Held:      {Requested, Unknown, Lost, Expired, Released},
	Requested: {Partial, Seen, Differs, Overdue, Cancelled, Clash},
	Partial:   {Requested, Seen, Differs, Overdue, Cancelled},
	Unknown:   {Requested, Held, Expired, Cancelled, Clash},
	Seen:      {Confirmed, Differs, Vanished, Cancelled},
	Confirmed: {Differs, Vanished, Cancelled},
	Differs:   {Seen, Confirmed, Requested, Vanished, Overdue, Cancelled},
	Overdue:   {Seen, Differs, Cancelled},
	Vanished:  {Seen, Cancelled},
	Clash:     {Requested, Cancelled},
}

// urgency orders worklists: what waits for a person comes first.
var urgency = []State{Clash, Overdue, Vanished, Differs, Unknown, Partial, Held, Requested, Seen, Confirmed,
	Lost, Expired, Released, Cancelled}

// live are the states that keep their time from everybody else.
var live = []State{Held, Requested, Unknown, Partial, Seen, Confirmed, Differs, Overdue, Clash}

// Word is the state in one word, for the screen.
func (s State) Word() string { return string(s) }

// Live reports that the visit keeps its time: nobody else may claim it here.
func (s State) Live() bool { return slices.Contains(live, s) }

// Done reports that nothing can follow.
func (s State) Done() bool { return len(next[s]) == 0 }

// may reports that the move from s to t is in the table.
func (s State) may(t State) bool { return slices.Contains(next[s], t) }

// rank is the place of s in a worklist.
func (s State) rank() int { return slices.Index(urgency, s) }
