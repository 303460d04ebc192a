package enroll

import (
	"context"
	"errors"
	"fmt"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/store"
)

// Release lets a draft be sent.
func (b *Book) Release(ctx context.Context, id string) (Job, error) {
	return b.change(ctx, id, func(j *Job) error {
		if j.State != Draft {
			return refuse("This family is %s; only a draft can be released.", j.State.Word())
		}
		j.State = Queued
		return nil
	})
}

// Withdraw takes a family back that was not sent yet.
func (b *Book) Withdraw(ctx context.Context, id string) (Job, error) {
	return b.change(ctx, id, func(j *Job) error {
		if j.State != Queued || j.Sends > 0 {
			return refuse("This family is %s; only what was not sent yet can be taken back.", j.State.Word())
		}
		j.State = Draft
		return nil
	})
}

// Send takes an open job as far as it goes: to verified, mismatch, failed or
// UNKNOWN. An error tells why it went no further; the job is then open again.
// Ending ctx stops it between two requests, never in the middle of a write.
func (b *Book) Send(ctx context.Context, id string) (Job, error) {
	j, err := b.claim(ctx, id)
	if err != nil {
		return j, err
	}
	return b.work(ctx, j)
}

// work goes from step to step. What is written to the vendor or the disk does
// not end with ctx, or a write's outcome would be lost.
func (b *Book) work(ctx context.Context, j Job) (Job, error) {
	steps := map[Step]func(context.Context, *Job) error{
		Checking: b.check, Enrolling: b.enrol, Naming: b.tell, Verifying: b.verify,
	}
	for j.State.open() {
		err := ctx.Err()
		if err == nil {
			err = steps[j.Step](ctx, &j)
		}
		if err != nil {
			if j.State.open() {
				return j, errors.Join(err, b.letGo(context.WithoutCancel(ctx), &j))
			}
			return j, err
		}
	}
	return j, nil
}

// check makes sure that nobody has the ids. After an earlier sending it may
// find the family itself, which then is enrolled.
func (b *Book) check(ctx context.Context, j *Job) error {
	keep := context.WithoutCancel(ctx)
	if j.Lost && j.Sends == 0 { // nobody would know whom the ids stand for
		j.State, j.Note = Failed, "Who these people are is not on this desk any more, so nothing was sent. Enter the family again as a new hire."
		return b.save(keep, j)
	}
	for i, id := range j.Hire.Members() {
		free, err := b.insurer.Free(ctx, id)
		switch {
		case err != nil:
			return err
		case free:
			continue
		case j.Sends > 0:
			found, err := b.insurer.NewHireLanded(ctx, j.Hire)
			if err != nil {
				return err
			}
			if found.Verdict == anglehealth.Landed {
				j.State, j.Step, j.Note = Accepted, Naming, "It had landed after all."
				return b.save(keep, j)
			}
		}
		j.State = Failed
		j.Note = fmt.Sprintf("Member %d of the family has an id that Angle Health already knows. Nothing was sent; give the member another id.", i+1)
		return b.save(keep, j)
	}
	j.Step = Enrolling
	return nil // nothing worth storing: it is asked again after an interruption
}

// enrol sends the family, once.
func (b *Book) enrol(ctx context.Context, j *Job) error {
	keep := context.WithoutCancel(ctx)
	j.State, j.Sends = Sent, j.Sends+1
	if err := b.save(keep, j); err != nil {
		return err
	}
	a, err := b.insurer.EnrollNewHire(keep, j.Hire)
	if err != nil {
		if back := b.ended(j, err); back {
			j.State, j.Sends, j.Step = Queued, j.Sends-1, Checking
			return errors.Join(err, b.save(keep, j))
		}
		return b.save(keep, j)
	}
	diffs := append(j.Hire.Compare(a), j.late(a)...)
	j.Doubts = doubts(diffs)
	b.say(j, "", diffs)
	j.State, j.Step, j.Note = Accepted, Naming, ""
	return b.save(keep, j, func(tx *store.Tx) error { return b.keepDays(tx, a) })
}

// late finds coverage that begins on another day than was wanted.
func (j Job) late(a anglehealth.Answer[anglehealth.Covered]) []anglehealth.Difference {
	var diffs []anglehealth.Difference
	for _, row := range a.Rows {
		for _, c := range row.Lines {
			if !j.Wanted.IsZero() && (!c.Start.Known || c.Start.Day != j.Wanted) {
				diffs = append(diffs, anglehealth.Difference{ID: row.ID, What: string(c.Line) + " start",
					Want: safe.Line(j.Wanted.String()), Got: c.Start.Text})
			}
		}
	}
	return diffs
}

// ended reads the error of a write into the job. back is true when nothing was
// done and the fault is nobody's data: it may be sent when that is over.
func (b *Book) ended(j *Job, err error) (back bool) {
	var e *rest.Error
	if !errors.As(err, &e) || e.Ambiguous {
		j.State, j.Note = Unknown, "The answer did not arrive. Let the snapshots settle it before anything is sent again."
	} else if b.halts(err) {
		return true
	} else {
		j.State, j.Note = Failed, "Angle Health refused it ("+e.Kind.String()+"). Nothing was done."
		if j.Step == Naming {
			j.Note = fmt.Sprintf("The family is enrolled, but Angle Health refused the data of person %d (%s).", j.Person+1, e.Kind)
		}
	}
	b.say(j, rest.UserMessage(err), nil)
	return false
}

// halts reports an error that would meet every other family as well.
func (b *Book) halts(err error) bool {
	var e *rest.Error
	if !errors.As(err, &e) || e.Ambiguous {
		return false
	}
	switch e.Kind {
	case rest.KindAuth, rest.KindForbidden, rest.KindResting, rest.KindRateLimited, rest.KindConfig, rest.KindCancelled, rest.KindRedirect:
		return true
	}
	return e.Phase == rest.NotSent && e.Kind == rest.KindTransport
}

// tell sends who the members are, one person after the other.
func (b *Book) tell(ctx context.Context, j *Job) error {
	keep := context.WithoutCancel(ctx)
	if j.Lost {
		j.State, j.Note = Failed, errLost.Error()
		return b.save(keep, j)
	}
	for j.Person < len(j.People) {
		if err := ctx.Err(); err != nil {
			j.State = Accepted
			return errors.Join(err, b.save(keep, j))
		}
		j.State = Sent
		if err := b.save(keep, j); err != nil {
			return err
		}
		if err := b.insurer.ChangeDemographics(keep, j.People[j.Person]); err != nil {
			if back := b.ended(j, err); back {
				j.State = Accepted
				return errors.Join(err, b.save(keep, j))
			}
			return b.save(keep, j)
		}
		j.Person++
	}
	j.State, j.Step = Accepted, Verifying
	return b.save(keep, j)
}

// verify compares a snapshot of each member with what was sent.
func (b *Book) verify(ctx context.Context, j *Job) error {
	var diffs []anglehealth.Difference
	var read []anglehealth.Member
	for _, id := range j.Hire.Members() {
		m, err := b.insurer.Member(ctx, id)
		if anglehealth.NotFound(err) {
			diffs = append(diffs, anglehealth.Difference{ID: id, What: "snapshot", Want: safe.Line("enrolled"), Got: safe.Line("no such member")})
			continue
		}
		if err != nil {
			return err
		}
		diffs = append(diffs, j.Hire.CompareMember(m)...)
		for _, d := range j.People {
			if d.ID == id {
				more, _ := d.Compare(m)
				diffs = append(diffs, more...)
			}
		}
		read = append(read, m)
	}
	j.Doubts = append(j.Doubts, doubts(diffs)...)
	j.State, j.Note = Verified, ""
	if len(j.Doubts) > 0 {
		j.State, j.Note = Mismatch, "Angle Health shows something else than was sent: compare the members one by one."
		b.mu.Lock()
		earlier := b.said[j.ID].diffs
		b.mu.Unlock()
		b.say(j, "", append(earlier, diffs...))
	}
	err := b.save(context.WithoutCancel(ctx), j, func(tx *store.Tx) error { return b.keep(tx, read...) })
	if err != nil || j.State != Verified {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.people, j.ID) // needed no longer
	return nil
}

// say keeps what must not reach the disk for as long as the session lasts.
func (b *Book) say(j *Job, words string, diffs []anglehealth.Difference) {
	j.Words, j.Differences = words, diffs
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said[j.ID] = spoken{words, diffs}
}

// doubts are differences without their values, which may be personal data.
func doubts(diffs []anglehealth.Difference) []string {
	var all []string
	for _, d := range diffs {
		all = append(all, d.What+" of "+string(d.ID))
	}
	return all
}
