package cli

import (
	"context"
	"errors"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
	"frontdesk/state/desk"
	"frontdesk/state/enroll"
)

// unclearFamily tells that it is not known what became of families.
type unclearFamily struct{ words string }

func (*unclearFamily) Error() string { return "outcome of an enrolment not known" }

// UserMessage is the book's own note.
func (e *unclearFamily) UserMessage() string { return e.words }

// differing tells that a family is enrolled and its snapshots show something
// else.
type differing struct{ words string }

func (*differing) Error() string { return "the snapshots differ from what was sent" }

// Landed reports that the write itself is done.
func (*differing) Landed() bool { return true }

// UserMessage is the book's own note.
func (e *differing) UserMessage() string { return e.words }

// ends is the error a job's state stands for.
func ends(j enroll.Job, err error) error {
	switch {
	case j.State == enroll.Unknown:
		return &unclearFamily{j.Note}
	case err != nil && j.State == enroll.Accepted:
		return &unclearFamily{"The family is enrolled: do not enroll it again. What comes after that was not done. " + rest.UserMessage(err)}
	case err != nil:
		return err
	case j.State == enroll.Failed:
		return refused("enroll", j.Note+" "+j.Words)
	case j.State == enroll.Mismatch:
		return &differing{j.Note}
	}
	return nil
}

// sentFamily is a family on its way, as the outbox keeps it: the family stands
// sealed in the book.
type sentFamily struct{ Job string }

var sendFamily = write[sentFamily, enroll.Job]{
	vendor: angleName, op: "enroll family by command",
	route: "POST /new_hire_enrollment, then POST /demographic_change for each person",
	send: func(ctx context.Context, r *run, s sentFamily) (enroll.Job, error) {
		e, err := r.enrolment()
		if err != nil {
			return enroll.Job{}, err
		}
		j, err := e.book.Job(ctx, s.Job)
		if err == nil && j.State == enroll.Failed { // and a person wants it sent again
			j, err = e.book.Retry(ctx, s.Job)
		}
		if err == nil {
			j, err = e.book.Send(ctx, s.Job)
		}
		return j, ends(j, err)
	},
	word: func(ctx context.Context, r *run, s sentFamily, landed bool) error {
		e, err := r.enrolment()
		if err != nil {
			return err
		}
		j, err := e.book.Job(ctx, s.Job)
		if err == nil && j.State == enroll.Unknown {
			j, err = e.book.Declare(ctx, s.Job, landed)
		}
		if err == nil && j.State == enroll.Accepted {
			return familyThere
		}
		return err
	},
	back: func(ctx context.Context, r *run, s sentFamily, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		j, err := e.book.Job(ctx, s.Job)
		if err == nil && j.State == enroll.Unknown {
			j, err = e.book.Settle(ctx, s.Job)
		}
		switch {
		case err != nil:
			return desk.CannotTell, err
		case unsettled(j):
			return desk.CannotTell, &unclearFamily{noted(j)}
		case j.State == enroll.Failed || j.State == enroll.Draft || j.State == enroll.Queued:
			return desk.DidNot, nil
		case j.State == enroll.Accepted:
			return desk.DidNot, familyThere
		}
		return desk.Landed, nil
	},
}

var familyThere = &halfDone{"What was sent of this family is there."}

// unsettled reports that nobody knows yet what became of a job's last request.
// One that is Sent is of a session that still works on it, or that died a moment
// ago and is UNKNOWN once its claim has run out.
func unsettled(j enroll.Job) bool { return j.State == enroll.Unknown || j.State == enroll.Sent }

// noted is what is said of an unsettled job.
func noted(j enroll.Job) string {
	if j.State == enroll.Sent {
		return "Another session was sending it a moment ago. Look again in a minute."
	}
	return j.Note
}

// sentCensus is a census on its way, as the outbox keeps it.
type sentCensus struct{ Census string }

var sendCensus = write[sentCensus, []enroll.Job]{
	vendor: angleName, op: "enroll census by command",
	route: "for each family POST /new_hire_enrollment, then POST /demographic_change for each person",
	send: func(ctx context.Context, r *run, s sentCensus) ([]enroll.Job, error) {
		e, err := r.enrolment()
		if err != nil {
			return nil, err
		}
		defer r.over()
		if _, err := e.book.RetryAll(ctx, s.Census); err != nil { // of a new one none has failed
			return nil, err
		}
		err = e.book.Run(ctx, s.Census, func(p enroll.Progress) { r.progress("%d of %d families", p.Done, p.All) })
		jobs, readErr := e.book.Jobs(context.WithoutCancel(ctx), s.Census)
		for _, j := range jobs {
			if j.State == enroll.Unknown {
				return jobs, &unclearFamily{"What became of at least one family is not known."}
			}
		}
		return jobs, errors.Join(err, readErr)
	},
	back: func(ctx context.Context, r *run, s sentCensus, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		if err := e.book.SettleAll(ctx, s.Census, nil); err != nil {
			return desk.CannotTell, err
		}
		jobs, err := e.book.Jobs(ctx, s.Census)
		found := desk.Landed
		for _, j := range jobs {
			switch {
			case unsettled(j):
				return desk.CannotTell, &unclearFamily{noted(j)}
			case j.State == enroll.Failed:
				found = desk.DidNot
			}
		}
		r.goOn(s.Census, jobs)
		return found, err
	},
}

// leaving is a termination, as the outbox keeps it.
type leaving struct {
	ID       anglehealth.ID
	LastWork civil.Date
	Losing   []anglehealth.ID
}

var endCoverage = write[leaving, anglehealth.Answer[anglehealth.Ended]]{
	vendor: angleName, op: "terminate by command", class: "termination", route: "POST /termination",
	send: func(ctx context.Context, r *run, l leaving) (anglehealth.Answer[anglehealth.Ended], error) {
		e, err := r.enrolment()
		if err != nil {
			return anglehealth.Answer[anglehealth.Ended]{}, err
		}
		a, err := e.angle.Terminate(ctx, anglehealth.Termination{ID: l.ID, LastWork: l.LastWork})
		if err == nil {
			_ = e.book.KeepEnd(ctx, a) // it is done; a history with a gap says that it does not know
		}
		return a, err
	},
	back: func(ctx context.Context, r *run, l leaving, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		var before []anglehealth.Member
		for _, id := range l.Losing {
			before = append(before, anglehealth.Member{ID: id, Medical: safe.Line("covered")})
		}
		return told(e.angle.TerminationLanded(ctx, before))
	},
	shown: func(l leaving) any { return plainly(l) },
}

// told is what the outbox makes of what the client found.
func told(f anglehealth.Finding, err error) (desk.Finding, error) {
	if err == nil && f.Verdict == anglehealth.CannotTell {
		err = &unclearFamily{f.Why}
	}
	return map[anglehealth.Verdict]desk.Finding{
		anglehealth.CannotTell: desk.CannotTell, anglehealth.Landed: desk.Landed, anglehealth.DidNot: desk.DidNot,
	}[f.Verdict], err
}

// happened is an event, as the outbox keeps it.
type happened struct {
	Event anglehealth.Event
	Open  bool
}

var reportEvent = write[happened, anglehealth.Answer[anglehealth.Changed]]{
	vendor: angleName, op: "report event by command", route: "POST /qualifying_life_event, or POST /open_enrollment",
	send: func(ctx context.Context, r *run, h happened) (anglehealth.Answer[anglehealth.Changed], error) {
		e, err := r.enrolment()
		if err != nil {
			return anglehealth.Answer[anglehealth.Changed]{}, err
		}
		send, to := e.angle.ReportLifeEvent, enroll.ToEvent
		if h.Open {
			send, to = e.angle.OpenEnrollment, enroll.ToSeason
		}
		a, err := send(ctx, h.Event)
		if err == nil {
			_ = e.book.KeepEvent(ctx, to, h.Event, a) // it is done; a history with a gap says that it does not know
		}
		return a, err
	},
	back: func(ctx context.Context, r *run, h happened, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		return told(e.angle.EventLanded(ctx, h.Event))
	},
	shown: func(h happened) any { return plainly(h.Event) },
}

// corrected are changes to a person, as the outbox keeps them: a social security
// number is not kept, so such a change is sent by this run or not at all.
type corrected struct {
	ID anglehealth.ID
	about
	HasSSN bool
	sent   anglehealth.Demographics // of this run, with the number
}

// demographics are what is sent. Without the number a kept change cannot fail
// to be made again.
func (c corrected) demographics() anglehealth.Demographics {
	if c.sent.ID == "" {
		c.sent, _ = c.about.demographics(c.ID)
	}
	return c.sent
}

var changeMember = write[corrected, struct{}]{
	vendor: angleName, op: "change demographics by command", route: "POST /demographic_change",
	send: func(ctx context.Context, r *run, c corrected) (struct{}, error) {
		e, err := r.enrolment()
		if err != nil {
			return struct{}{}, err
		}
		d := c.demographics()
		if c.HasSSN && !d.SSN.Given() {
			return struct{}{}, refused("change demographics", "The social security number of this change was not kept, so nothing was sent. Enter the change anew.")
		}
		return struct{}{}, e.angle.ChangeDemographics(ctx, d)
	},
	back: func(ctx context.Context, r *run, c corrected, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		if c.HasSSN {
			return desk.CannotTell, nil // of which a snapshot shows four digits
		}
		return told(e.angle.DemographicsLanded(ctx, c.demographics()))
	},
	shown: func(c corrected) any { return plainly(c.demographics()) },
}

var registerGroup = write[anglehealth.Registration, anglehealth.Answer[anglehealth.Covered]]{
	vendor: angleName, op: "register group by command", route: "POST /broker/register_group",
	send: func(ctx context.Context, r *run, reg anglehealth.Registration) (anglehealth.Answer[anglehealth.Covered], error) {
		e, err := r.enrolment()
		if err != nil {
			return anglehealth.Answer[anglehealth.Covered]{}, err
		}
		a, err := e.angle.RegisterGroup(ctx, reg)
		if err == nil {
			_ = e.book.KeepDays(ctx, a) // it is done; a history with a gap says that it does not know
		}
		return a, err
	},
	back: func(ctx context.Context, r *run, reg anglehealth.Registration, _ time.Time) (desk.Finding, error) {
		e, err := r.enrolment()
		if err != nil {
			return desk.CannotTell, err
		}
		return told(e.angle.GroupLanded(ctx, reg))
	},
	shown: func(reg anglehealth.Registration) any { return plainly(reg) },
}
