package onboard

import (
	"context"
	"errors"

	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/state/store"
)

// Undo takes back what of a job can be taken back: the Updox account is
// deactivated. It is a full overwrite like any update there, so the account is
// read first and everything but its state goes back as it is. Only an account
// that this job made is touched. See Compensation for what remains.
func (j *Jobs) Undo(ctx context.Context, id string) (Job, error) {
	job, err := j.Settle(ctx, id)
	if err != nil {
		return job, err
	}
	if job.Step(AccountStep).State != Done {
		return job, refuse("There is no account of this job at Updox to be deactivated.")
	}
	present, err := j.accounts.Account(ctx, job.Account)
	switch {
	case err == nil:
	case updox.Unread(err) && job.Closed.IsZero(): // it has only what it was made from
		present = updox.Vouched(Account(job.Form), job.Step(AccountStep).Sent)
	default:
		return job, err
	}
	job, err = j.change(ctx, id, "undo", func(tx *store.Tx, job *Job) error {
		s := job.Step(AccountStep)
		if s.State != Done {
			return refuse("A colleague has gone on with this job already. Reload the list.")
		}
		s.State, s.Sent, s.Attempt = Undoing, tx.Now, s.Attempt+1
		return save(tx, j.who, job.ID, s, "undoing")
	})
	if err != nil {
		return job, err
	}
	s := job.Step(AccountStep)
	if !present.Deactivated {
		next := present
		next.Deactivated = true
		call, cancel := context.WithTimeout(ctx, sendLimit)
		defer cancel()
		_, err = j.accounts.Update(call, present, next)
	}
	return j.undid(ctx, job, s, err)
}

// undid writes down how deactivating ended.
func (j *Jobs) undid(ctx context.Context, job Job, sent Step, failed error) (Job, error) {
	if failed != nil && !untouched(failed) {
		return job, &UnknownError{Job: job, Step: sent.Name}
	}
	state, outcome := Undone, "undone"
	if failed != nil {
		state, outcome = Done, "not undone"
	}
	job, err := j.record(context.WithoutCancel(ctx), job.ID, sent, outcome, func(s *Step) {
		s.State, s.Words = state, rest.UserMessage(failed)
	})
	if err == nil && state == Undone {
		err = j.Remember(context.WithoutCancel(ctx), job.Account, true)
	}
	if err != nil {
		return job, err
	}
	return job, failed
}

// untouched reports an error that proves that the account is as it was. The
// read before the update may fail in any way: it writes nothing.
func untouched(err error) bool {
	e, ok := errors.AsType[*rest.Error](err)
	return ok && !e.Ambiguous
}

// lookUpUndo finds out whether the account is deactivated. Where Updox does not
// let a deactivated account be read, being denied it while the application
// itself is let in is the proof.
func (j *Jobs) lookUpUndo(ctx context.Context, job Job, s Step) (Job, error) {
	now, err := j.accounts.Account(ctx, job.Account)
	if updox.IsDenied(err) && j.accounts.PingApplication(ctx) == nil {
		now, err = updox.Account{Deactivated: true}, nil
	}
	switch {
	case err != nil:
		return job, &UnknownError{Job: job, Step: s.Name, cause: err}
	case now.Deactivated:
		return j.undid(ctx, job, s, nil)
	}
	return j.absent(ctx, job, s, Done)
}
