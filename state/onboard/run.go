package onboard

import (
	"context"
	"errors"
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/state/store"
)

const (
	// sendLimit bounds one write from its intent to its answer.
	sendLimit = 30 * time.Second
	// settle is the age after which what is absent has not arrived and is not
	// under way either.
	settle = sendLimit + 15*time.Second
)

// Run goes on with a job: open outcomes are looked up, then what is waiting or
// was refused is sent, in order and each once, until a step is not done. What
// is done is never sent again. When both vendors have the practice the job is
// over and its form forgotten.
//
// The job is returned as it is then. The error is the vendor's for a refused
// step, *UnknownError for one whose outcome is open, *RefusedError where there
// is nothing to go on with.
func (j *Jobs) Run(ctx context.Context, id string) (Job, error) {
	job, err := j.Settle(ctx, id)
	if err != nil {
		return job, err
	}
	if !job.Closed.IsZero() {
		return job, refuse("This job is over. Begin another one.")
	}
	for _, name := range order {
		switch job.Step(name).State {
		case Done:
		case Undone:
			return job, refuse("The account was deactivated again. Close this job and begin another, with another id.")
		default:
			if job, err = j.send(ctx, job, name); err != nil {
				return job, err
			}
		}
	}
	return j.change(ctx, id, "finish", func(tx *store.Tx, job *Job) error {
		if !job.Complete() || !job.Closed.IsZero() {
			return nil
		}
		return closed(tx, j.who, id)
	})
}

// send takes one step: the intent first, then the call, then its outcome.
func (j *Jobs) send(ctx context.Context, job Job, name string) (Job, error) {
	job, err := j.change(ctx, job.ID, "send "+name, func(tx *store.Tx, job *Job) error {
		s := job.Step(name)
		switch {
		case s.State.open():
			return &UnknownError{Job: *job, Step: name} // a colleague is at it
		case s.State != Waiting && s.State != Refused || !job.Closed.IsZero():
			return refuse("A colleague has gone on with this job already. Reload the list.")
		}
		s.State, s.Sent, s.Words, s.Attempt = Sending, tx.Now, "", s.Attempt+1
		return save(tx, j.who, job.ID, s, "sending")
	})
	if err != nil {
		return job, err
	}
	s := job.Step(name)
	call, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	vendorID, failed := j.call(call, job, name)
	if name == AccountStep && s.doubted && updox.CodeOf(failed) == updox.AccountExists {
		// An earlier attempt may be what is in the way: whether it is shows.
		return j.lookUp(ctx, job, name)
	}
	return j.ended(ctx, job, s, vendorID, failed)
}

// call makes a step's only call that writes.
func (j *Jobs) call(ctx context.Context, job Job, name string) (vendorID string, err error) {
	if name == EnterpriseStep {
		return j.enterprises.CreateEnterprise(ctx, InboxHealth(job.Form))
	}
	saved, err := j.accounts.Create(ctx, Account(job.Form))
	return saved.Account.ID.Raw(), err
}

// ended writes down how a call ended, whether or not its caller still waits.
func (j *Jobs) ended(ctx context.Context, job Job, sent Step, vendorID string, failed error) (Job, error) {
	state, outcome := Done, "done"
	switch {
	case failed == nil:
	case landedNowhere(failed):
		state, outcome = Refused, "refused"
	default:
		state, outcome = Unknown, "unknown"
	}
	job, err := j.record(context.WithoutCancel(ctx), job.ID, sent, outcome, func(s *Step) {
		s.State, s.VendorID, s.Words = state, vendorID, rest.UserMessage(failed)
		s.doubted = s.doubted || state == Unknown
	})
	switch {
	case err != nil:
		return job, err
	case state == Unknown && job.Step(sent.Name).State.open():
		return job, &UnknownError{Job: job, Step: sent.Name}
	case state == Unknown: // somebody has looked it up meanwhile
		return job, nil
	}
	return job, failed
}

// landedNowhere reports an error that proves that nothing was done.
func landedNowhere(err error) bool {
	e, ok := errors.AsType[*rest.Error](err)
	return ok && !e.Ambiguous && (e.Phase == rest.NotSent || e.Phase == rest.Refused)
}

// record changes a step if it is still the attempt that was sent; else somebody
// has found out already, and what they found stays.
func (j *Jobs) record(ctx context.Context, id string, sent Step, outcome string, fn func(*Step)) (Job, error) {
	return j.change(ctx, id, sent.Name+" "+outcome, func(tx *store.Tx, job *Job) error {
		s := job.Step(sent.Name)
		if s.Attempt != sent.Attempt || !s.State.open() {
			return nil
		}
		fn(&s)
		return save(tx, j.who, id, s, outcome)
	})
}

// Settle looks up what became of every step whose outcome is open, and sends
// nothing that writes. A step that is not there is Waiting again, or Done when
// it was being undone, but only once it cannot be under way any more; until
// then, and when it cannot be looked up, the error is *UnknownError.
func (j *Jobs) Settle(ctx context.Context, id string) (Job, error) {
	job, err := j.Load(ctx, id)
	for _, name := range order {
		if err == nil && job.Step(name).State.open() {
			job, err = j.lookUp(ctx, job, name)
		}
	}
	return job, err
}

// lookUp settles one step by reading.
func (j *Jobs) lookUp(ctx context.Context, job Job, name string) (Job, error) {
	s := job.Step(name)
	if s.State == Undoing {
		return j.lookUpUndo(ctx, job, s)
	}
	found, err := j.find(ctx, job, s)
	switch {
	case err != nil:
		return job, &UnknownError{Job: job, Step: name, cause: err}
	case found.ours:
		return j.record(ctx, job.ID, s, "found", func(s *Step) { s.State, s.VendorID, s.Words = Done, found.vendorID, "" })
	case found.other:
		return j.ended(ctx, job, s, "", refusedAs("Updox has an account under the id "+job.Account+
			" that is not as it was sent: another practice's, or changed since. Open it to see; then close this job, and begin another with another id if it is not yours."))
	}
	return j.absent(ctx, job, s, Waiting)
}

// Declare settles a step that cannot be looked up by what a person saw at the
// vendor: that it happened, with the record's id there, or that it did not. It
// is refused while the request could still be under way.
func (j *Jobs) Declare(ctx context.Context, id, step string, happened bool, vendorID string) (Job, error) {
	return j.change(ctx, id, step+" declared", func(tx *store.Tx, job *Job) error {
		s := job.Step(step)
		switch {
		case !s.State.open():
			return refuse("The outcome of this step is known already. Reload the list.")
		case s.Sent.Add(settle).After(tx.Now):
			return &UnknownError{Job: *job, Step: step, Wait: s.Sent.Add(settle).Sub(tx.Now)}
		case happened && s.State != Undoing && vendorID == "":
			return refuse("Enter the number the record has at %s.", vendors[step])
		}
		switch {
		case s.State == Undoing && happened:
			s.State = Undone
		case s.State == Undoing:
			s.State = Done
		case happened:
			s.State, s.VendorID = Done, vendorID
		default:
			s.State, s.doubted = Waiting, true
		}
		outcome := "did not happen, says a person"
		if happened {
			outcome = "happened, says a person"
		}
		s.Words = ""
		return save(tx, j.who, id, s, outcome)
	})
}

// absent returns a step that is not there to the state before it was sent,
// unless it could still be under way.
func (j *Jobs) absent(ctx context.Context, job Job, s Step, to State) (Job, error) {
	wait := time.Duration(0)
	job, err := j.change(ctx, job.ID, s.Name+" absent", func(tx *store.Tx, job *Job) error {
		now := job.Step(s.Name)
		if now.Attempt != s.Attempt || !now.State.open() {
			return nil
		}
		if wait = now.Sent.Add(settle).Sub(tx.Now); wait > 0 {
			return nil
		}
		now.State = to
		now.Words = "It did not arrive, so it can be sent again."
		now.doubted = true
		return save(tx, j.who, job.ID, now, "absent")
	})
	if err == nil && wait > 0 {
		err = &UnknownError{Job: job, Step: s.Name, Wait: wait}
	}
	return job, err
}

// found is what reading back shows: our record, another's, or neither.
type found struct {
	ours, other bool
	vendorID    string
}

func (j *Jobs) find(ctx context.Context, job Job, s Step) (found, error) {
	if s.Name == EnterpriseStep {
		id, there, err := j.enterprises.SettleEnterprise(ctx, InboxHealth(job.Form), s.Sent)
		if err != nil || !there {
			return found{}, err
		}
		return found{ours: true, vendorID: id}, nil
	}
	outcome, _, err := j.accounts.Settle(ctx, updox.Account{}, Account(job.Form))
	switch {
	case err != nil:
		return found{}, err
	case outcome == updox.Done:
		return found{ours: true, vendorID: job.Account}, nil
	case outcome == updox.NotDone:
		return found{}, nil
	}
	return found{other: true}, nil
}

// refusedAs is a refusal of our own making about a vendor's answer.
func refusedAs(sentence string) error {
	e := rest.Refusal(vendors[AccountStep], "look up account", rest.KindConflict, sentence)
	e.Phase = rest.Refused
	return e
}
