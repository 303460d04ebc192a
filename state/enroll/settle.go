package enroll

import (
	"context"
	"time"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// change turns a job that nobody works on.
func (b *Book) change(ctx context.Context, id string, turn func(*Job) error) (Job, error) {
	var j Job
	err := b.db.Write(ctx, func(tx *store.Tx) (err error) {
		if j, err = b.one(tx, id); err != nil {
			return err
		}
		if j.leased.After(tx.Now) {
			return errTaken
		}
		if err := turn(&j); err != nil {
			return err
		}
		if err := b.put(tx, &j); err != nil {
			return err
		}
		j.leased = time.Time{}
		_, err = tx.Exec("UPDATE job SET lease_at = 0 WHERE id = ?", id)
		return err
	})
	return j, err
}

// Recover finds what a session left on its way when it ended: jobs that are
// sent and have had no sign of life for a minute become Unknown. It sends
// nothing and returns the jobs it changed.
func (b *Book) Recover(ctx context.Context) ([]Job, error) {
	var found []Job
	err := b.db.Write(ctx, func(tx *store.Tx) (err error) {
		if found, err = b.jobs(tx, "WHERE state = ? AND lease_at <= ?", string(Sent), ms(tx.Now)); err != nil {
			return err
		}
		for i := range found {
			found[i].State = Unknown
			found[i].Note = "The program ended while this was on its way. Let the snapshots settle it before anything is sent again."
			if err := b.put(tx, &found[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// Settle reads back what became of an Unknown job. Landed goes on where it was;
// absence, once it proves something, makes it Failed, to be sent again by Retry
// alone; anything else leaves it Unknown with the reason in its Note.
func (b *Book) Settle(ctx context.Context, id string) (Job, error) {
	j, err := b.Job(ctx, id)
	if err != nil {
		return j, err
	}
	if j.State != Unknown {
		return j, refuse("The outcome of this request is known: it is %s.", j.State.Word())
	}
	if j.Step == Naming && j.Lost {
		return j, errLost
	}
	var found anglehealth.Finding
	if j.Step == Naming {
		found, err = b.insurer.DemographicsLanded(ctx, j.People[j.Person])
	} else {
		found, err = b.insurer.NewHireLanded(ctx, j.Hire)
	}
	if err != nil {
		return j, err
	}
	return b.settled(ctx, j, found)
}

func (b *Book) settled(ctx context.Context, old Job, found anglehealth.Finding) (Job, error) {
	var now time.Time
	err := b.db.Read(ctx, func(tx *store.Tx) error { now = tx.Now; return nil })
	if err != nil {
		return old, err
	}
	return b.change(ctx, old.ID, func(j *Job) error {
		if j.version != old.version {
			return errTaken
		}
		wait := b.o.Settling - now.Sub(j.Sent)
		switch {
		case found.Verdict == anglehealth.Landed:
			j.landed()
		case found.Verdict == anglehealth.DidNot && wait > 0:
			j.Note = "Nothing of it is there yet, but it may still arrive. Look again in " + wait.Round(time.Second).String() + "."
		case found.Verdict == anglehealth.DidNot:
			j.State, j.Note = Failed, "It did not land. It can be sent again."
		default:
			j.Note = found.Why
		}
		return nil
	})
}

// landed goes on behind the request whose outcome was not known.
func (j *Job) landed() {
	if j.Step == Naming {
		j.Person++
	} else {
		j.Step = Naming
	}
	j.State, j.Note = Accepted, "It had landed."
}

// Declare is a person's word on an Unknown job, after looking where snapshots
// do not tell.
func (b *Book) Declare(ctx context.Context, id string, landed bool) (Job, error) {
	return b.change(ctx, id, func(j *Job) error {
		switch {
		case j.State != Unknown:
			return refuse("The outcome of this request is known: it is %s.", j.State.Word())
		case landed:
			j.landed()
			j.Note = "A person said that it had landed."
		default:
			j.State, j.Note = Failed, "A person said that it did not land."
		}
		return nil
	})
}

// Retry is a person's word to send a Failed job again, from the step that
// failed. Before an enrolment is sent again the ids are looked up once more.
func (b *Book) Retry(ctx context.Context, id string) (Job, error) {
	return b.change(ctx, id, func(j *Job) error {
		switch {
		case j.State != Failed:
			return refuse("This family is %s; only a failed one can be sent again.", j.State.Word())
		case j.Lost:
			return errLost
		case j.Step == Naming:
			j.State = Accepted
		default:
			j.State, j.Step = Queued, Checking
		}
		j.Note = ""
		return nil
	})
}

// Recheck compares the snapshots of a Mismatch once more, after what differed
// was put right.
func (b *Book) Recheck(ctx context.Context, id string) (Job, error) {
	return b.change(ctx, id, func(j *Job) error {
		if j.State != Mismatch {
			return refuse("This family is %s; only a mismatch can be compared again.", j.State.Word())
		}
		j.State, j.Step, j.Doubts, j.Note = Accepted, Verifying, nil, ""
		return nil
	})
}

// Discard throws a draft away, with the ids that were made for it. Nothing was
// ever sent of it, so nothing has to be remembered.
func (b *Book) Discard(ctx context.Context, id string) error {
	err := b.db.Write(ctx, func(tx *store.Tx) error { return b.discard(tx, id) })
	if err == nil {
		b.drop(id)
	}
	return err
}

func (b *Book) discard(tx *store.Tx, id string) error {
	j, err := b.one(tx, id)
	if err != nil {
		return err
	}
	if j.State != Draft || j.Sends > 0 {
		return refuse("This family is %s; only a draft can be corrected or thrown away.", j.State.Word())
	}
	for _, id := range j.Hire.Members() {
		if _, err := tx.Exec("DELETE FROM member WHERE id = ? AND origin = 'ours' AND seen_at = 0", string(id)); err != nil {
			return err
		}
	}
	_, err = tx.Exec("DELETE FROM job WHERE id = ?", id)
	return err
}

// drop clears what memory holds of a job.
func (b *Book) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.people, id)
	delete(b.said, id)
	delete(b.alike, id)
}

// Forget removes who the members are from a job that is not going on, the
// hashes that keep them from being enrolled twice included. What was not sent
// can then not be sent.
func (b *Book) Forget(ctx context.Context, id string) (Job, error) {
	var hidden bool
	j, err := b.change(ctx, id, func(j *Job) error {
		if j.State != Draft && !j.State.Over() {
			return refuse("This family is %s; its data is still needed.", j.State.Word())
		}
		hidden = len(j.People) > 0 || j.Hashed
		j.People, j.Lost, j.Hashed = nil, j.Lost || len(j.People) > 0, false
		return nil
	})
	if err != nil || !hidden {
		return j, err
	}
	b.drop(id)
	return j, b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE job SET sealed = CASE WHEN sealed IS NULL THEN NULL ELSE ? END, alike = NULL WHERE id = ? AND version = ?", inMemory, id, j.version)
		return err
	})
}
