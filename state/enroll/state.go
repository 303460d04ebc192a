package enroll

// State is how far a family is.
type State string

// The states. Sent means that a request is on its way; whoever finds a job in
// it whose session is gone finds it Unknown. Unknown is never left by itself.
const (
	Draft    State = "draft"    // written down, not to be sent yet
	Queued   State = "queued"   // to be sent
	Sent     State = "sent"     // on its way
	Unknown  State = "UNKNOWN"  // it may have landed
	Accepted State = "accepted" // enrolled; more steps to come
	Verified State = "verified" // the snapshots show what was sent
	Mismatch State = "mismatch" // they show something else
	Failed   State = "failed"   // the vendor said no, or it did not land
)

// Step is what a job does next, or waits for.
type Step string

// The steps. The ids were made and stored with the job itself.
const (
	Checking  Step = "check"        // that nobody has the ids yet
	Enrolling Step = "enroll"       // one request for the family
	Naming    Step = "demographics" // one request for each person
	Verifying Step = "verify"       // a snapshot of each person
)

// open reports that there is something to do for a session.
func (s State) open() bool { return s == Queued || s == Accepted }

// Over reports that nothing more happens unless a person wants it.
func (s State) Over() bool { return s == Verified || s == Mismatch || s == Failed }

// Word is the state in a sentence: "This family is ...".
func (s State) Word() string {
	switch s {
	case Queued:
		return "waiting to be sent"
	case Sent:
		return "being sent"
	case Unknown:
		return "UNKNOWN (it may have landed)"
	case Accepted:
		return "accepted, not yet verified"
	case Mismatch:
		return "enrolled otherwise than expected"
	}
	return string(s)
}
