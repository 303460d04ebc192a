package enroll

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/sandbox"
)

func TestNewHireGoesThroughItsSteps(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	ids := j.Hire.Members()
	require.Len(t, ids, 3)
	for i, id := range ids {
		require.Regexp(t, `^fd-`, string(id))
		require.Equal(t, id, j.People[i].ID)
	}
	d.unsealed("Marthaxyz", "987-65-4001", "987654001")

	var steps []string
	d.wire.before = func(call string) {
		now, err := d.Job(context.Background(), j.ID)
		require.NoError(t, err)
		steps = append(steps, call+" "+string(now.State))
	}
	done := d.sent(j)
	require.Equal(t, Verified, done.State, done.Note)
	require.Equal(t, []string{"free queued", "free queued", "free queued", "enroll sent", "demographics sent", "demographics sent", "demographics sent",
		"member accepted", "member accepted", "member accepted"}, steps)
	require.Equal(t, []anglehealth.NewHire{j.Hire}, d.wire.hires, "what was stored is what is sent")
	require.Equal(t, j.People, d.wire.people)
	require.Nil(t, done.People, "who they are is not kept longer than needed")
	require.False(t, done.Lost)
	require.Equal(t, 1, d.s.AngleEnrolled(string(ids[0])))
	m, ok := d.s.AngleMember(string(ids[0]))
	require.True(t, ok)
	require.Equal(t, "987-65-4001", m["ssn"])
	d.unsealed("Marthaxyz", "987-65-4001", "987654001")

	entries, err := d.Members(t.Context(), garage)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	for _, e := range entries {
		require.True(t, e.Ours)
		require.Equal(t, ids[0], e.Parent)
		require.False(t, e.Seen.IsZero())
	}
	_, err = d.Send(t.Context(), j.ID)
	require.ErrorContains(t, err, "verified")
}

func TestDraftsAndWithdrawals(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	_, err := d.Release(t.Context(), j.ID)
	require.ErrorContains(t, err, "only a draft")
	j, err = d.Withdraw(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Draft, j.State)
	_, err = d.Send(t.Context(), j.ID)
	require.ErrorContains(t, err, "draft")
	_, err = d.Withdraw(t.Context(), j.ID)
	require.Error(t, err)
	_, err = d.Job(t.Context(), "nonesuch")
	require.ErrorIs(t, err, errMissing)
	require.Zero(t, d.s.Requests("POST /broker"+enrolRoute))

	bad := marthas()
	bad.Hire.Group = ""
	_, err = d.NewHire(t.Context(), bad)
	require.ErrorContains(t, err, "group")
	twice := marthas()
	twice.Hire.Employee.ID = j.Hire.Employee.ID
	_, err = d.NewHire(t.Context(), twice)
	require.ErrorContains(t, err, "Member 1")
	all, err := d.Jobs(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, 1, "a refused family leaves nothing behind")
}

// Each write's answer is lost once: with the write carried out, and without.
func TestLostAnswersAreSettled(t *testing.T) {
	for name, tc := range map[string]struct {
		route  string
		fault  sandbox.FaultKind
		step   Step
		landed bool
	}{
		"enrolment landed":     {enrolRoute, sandbox.FaultFinAfter, Enrolling, true},
		"enrolment did not":    {enrolRoute, sandbox.FaultFinBefore, Enrolling, false},
		"demographics landed":  {personRoute, sandbox.FaultFinAfter, Naming, true},
		"demographics did not": {personRoute, sandbox.FaultFinBefore, Naming, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			j := d.released(marthas())
			d.fault(tc.route, tc.fault, 1)
			j = d.sent(j)
			require.Equal(t, Unknown, j.State)
			require.Equal(t, tc.step, j.Step)
			require.NotEmpty(t, j.Words)
			_, err := d.Send(t.Context(), j.ID)
			require.ErrorContains(t, err, "UNKNOWN", "it is not sent again by itself")
			_, err = d.Retry(t.Context(), j.ID)
			require.Error(t, err)

			j, err = d.Settle(t.Context(), j.ID)
			require.NoError(t, err)
			if !tc.landed {
				require.Equal(t, Unknown, j.State, "absence proves nothing yet: %s", j.Note)
				require.Contains(t, j.Note, "may still arrive")
				d.pass(time.Minute)
				j, err = d.Settle(t.Context(), j.ID)
				require.NoError(t, err)
				require.Equal(t, Failed, j.State)
				j, err = d.Retry(t.Context(), j.ID)
				require.NoError(t, err)
			}
			require.True(t, j.State.open(), j.State)
			j = d.sent(j)
			require.Equal(t, Verified, j.State, j.Note)
			require.Equal(t, 1, d.s.AngleEnrolled(string(j.Hire.Employee.ID)))
			require.Equal(t, 3, d.s.Executions("POST /broker"+personRoute))
			_, err = d.Settle(t.Context(), j.ID)
			require.ErrorContains(t, err, "known")
		})
	}
}

func TestAPersonDecidesWhatSnapshotsDoNot(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	d.fault(enrolRoute, sandbox.FaultFinBefore, 1)
	j = d.sent(j)
	// One of the ids is somebody now: neither landed nor did not.
	d.s.PlantAngle("members", string(j.Hire.Dependents[0].ID), nil)
	d.pass(time.Hour)
	j, err := d.Settle(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Unknown, j.State)
	require.Contains(t, j.Note, "one by one")
	j, err = d.Declare(t.Context(), j.ID, false)
	require.NoError(t, err)
	require.Equal(t, Failed, j.State)
	_, err = d.Declare(t.Context(), j.ID, true)
	require.Error(t, err)
	_, err = d.Retry(t.Context(), j.ID)
	require.NoError(t, err)
	j = d.sent(j)
	require.Equal(t, Failed, j.State)
	require.Contains(t, j.Note, "Member 2")
	require.Equal(t, 1, d.s.Requests("POST /broker"+enrolRoute), "an id that is somebody's is not sent")
}

func TestDeclaredLandedGoesOn(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	d.fault(enrolRoute, sandbox.FaultFinAfter, 1)
	j = d.sent(j)
	j, err := d.Declare(t.Context(), j.ID, true)
	require.NoError(t, err)
	require.Equal(t, Accepted, j.State)
	require.Equal(t, Verified, d.sent(j).State)
}

// A request that arrives after it was given up is found before a second one.
func TestLateArrivalIsFoundBeforeSendingAgain(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	d.fault(enrolRoute, sandbox.FaultFinBefore, 1)
	j = d.sent(j)
	j, err := d.Declare(t.Context(), j.ID, false)
	require.NoError(t, err)
	j, err = d.Retry(t.Context(), j.ID)
	require.NoError(t, err)
	_, err = d.wire.Insurer.EnrollNewHire(t.Context(), j.Hire) // late, but it came
	require.NoError(t, err)
	j = d.sent(j)
	require.Equal(t, Verified, j.State, j.Note)
	require.Equal(t, 1, d.s.AngleEnrolled(string(j.Hire.Employee.ID)))
}

func TestRefusalsFail(t *testing.T) {
	d := newDesk(t)
	p := marthas()
	p.Hire.Employee.Plans = map[anglehealth.Line]string{anglehealth.Medical: "nonesuch"}
	p.Hire.Dependents, p.People = nil, p.People[:1]
	j := d.sent(d.released(p))
	require.Equal(t, Failed, j.State)
	require.Contains(t, j.Note, "Nothing was done")
	require.Contains(t, j.Words, "plan_name")
	require.Empty(t, openDesk(t, d.s, d.path).reread(j).Words, "the vendor's words are the session's alone")

	j = d.released(marthas())
	d.s.SetFault("POST /broker"+personRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, After: 1, Times: 1})
	j = d.sent(j)
	require.Equal(t, Failed, j.State)
	require.Equal(t, 1, j.Person)
	require.Contains(t, j.Note, "The family is enrolled, but")
	_, err := d.Retry(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Verified, d.sent(j).State)
	require.Equal(t, 1, d.s.AngleEnrolled(string(j.Hire.Employee.ID)))
	require.Equal(t, 3, d.s.Executions("POST /broker"+personRoute))
}

func (d *desk) reread(j Job) Job {
	d.Helper()
	j, err := d.Job(d.Context(), j.ID)
	require.NoError(d, err)
	return j
}

func TestMismatchIsFlagged(t *testing.T) {
	d := newDesk(t)
	p := marthas()
	p.Wanted.Month = 5
	j := d.sent(d.released(p))
	require.Equal(t, Mismatch, j.State)
	require.Len(t, j.Doubts, 5, "every line begins on another day than was wanted")
	require.Contains(t, j.Doubts[0], "dental start of fd-")
	require.Equal(t, "2026-05-01", j.Differences[0].Want.String())
	require.Equal(t, "04/01/26", j.Differences[0].Got.String())

	j = d.released(marthas())
	d.wire.after = func(call string) {
		if call == "enroll" { // somebody else's family
			d.s.PlantAngle("members", string(j.Hire.Dependents[1].ID), map[string]any{"parent": "fake-member-004", "sex": "M"})
		}
	}
	j = d.sent(j)
	require.Equal(t, Mismatch, j.State)
	require.Equal(t, []string{"parent of " + string(j.Hire.Dependents[1].ID), "sex_change of " + string(j.Hire.Dependents[1].ID)}, j.Doubts)
	require.NotEmpty(t, j.People, "kept for a correction")

	d.s.PlantAngle("members", string(j.Hire.Dependents[1].ID), map[string]any{"parent": string(j.Hire.Employee.ID), "sex": "F"})
	_, err := d.Recheck(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, Verified, d.sent(j).State)
	_, err = d.Recheck(t.Context(), j.ID)
	require.Error(t, err)
}

// What is nobody's fault leaves the family to be sent later.
func TestHaltsLeaveTheFamilyQueued(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"key refused": {Kind: sandbox.FaultUnauthorized, Times: 2}, "too many": {Kind: sandbox.FaultRateLimited, Times: 1, RetryAfter: "3600"},
		"moved": {Kind: sandbox.FaultRedirect, Status: 307, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			j := d.released(marthas())
			d.s.SetFault("POST /broker"+enrolRoute, fault)
			_, err := d.Send(t.Context(), j.ID)
			require.Error(t, err)
			j = d.reread(j)
			require.Equal(t, Queued, j.State)
			require.Zero(t, j.Sends)
			d.s.ClearFaults()
			fresh := openDesk(t, d.s, d.path)
			require.Equal(t, Verified, fresh.sent(j).State)
		})
	}
}

func TestCancelStopsBetweenRequests(t *testing.T) {
	d := newDesk(t)
	j := d.released(marthas())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d.wire.before = func(call string) {
		if call == "enroll" {
			cancel() // in the middle of the write
		}
	}
	_, err := d.Send(ctx, j.ID)
	require.ErrorIs(t, err, context.Canceled)
	j = d.reread(j)
	require.Equal(t, Accepted, j.State, "the write under way came to its end")
	d.wire.before = nil
	require.Equal(t, Verified, d.sent(j).State)
	require.Equal(t, 1, d.s.AngleEnrolled(string(j.Hire.Employee.ID)))
}

func TestOneSessionAtATime(t *testing.T) {
	d := newDesk(t)
	other := openDesk(t, d.s, d.path)
	j := d.released(marthas())
	d.wire.before = func(call string) {
		if call == "demographics" {
			_, err := other.Send(context.Background(), j.ID)
			require.Error(t, err)
			_, err = other.Declare(context.Background(), j.ID, true)
			require.ErrorIs(t, err, errTaken)
			found, err := other.Recover(context.Background())
			require.NoError(t, err)
			require.Empty(t, found)
		}
	}
	require.Equal(t, Verified, d.sent(j).State)
}

// Without a key nothing personal reaches the disk, and it dies with the session.
func TestWithoutASealer(t *testing.T) {
	none := func(o *Options) { o.Sealer = nil }
	d := newDesk(t, none)
	j := d.released(marthas())
	require.Len(t, j.People, 3)
	d.unsealed("Marthaxyz", "987-65-4001")
	other := openDesk(t, d.s, d.path, none).reread(j)
	require.True(t, other.Lost)
	require.Empty(t, other.People)

	gone := openDesk(t, d.s, d.path, none)
	left := gone.sent(j)
	require.Equal(t, Failed, left.State)
	require.Contains(t, left.Note, "nothing was sent")
	require.Zero(t, d.s.AngleEnrolled(string(j.Hire.Employee.ID)), "nobody would know whom the ids stand for")
	_, err := gone.Retry(t.Context(), j.ID)
	require.ErrorIs(t, err, errLost)
	_, err = d.Retry(t.Context(), j.ID) // the session that has it
	require.NoError(t, err)
	require.Equal(t, Verified, d.sent(j).State)
	history, _, err := d.History(t.Context(), j.Hire.Employee.ID)
	require.NoError(t, err)
	require.Empty(t, history)
}

func TestForgetting(t *testing.T) {
	for _, sealer := range []Sealer{newWax(), nil} {
		d := newDesk(t, func(o *Options) { o.Sealer = sealer })
		j := d.released(marthas())
		_, err := d.Forget(t.Context(), j.ID)
		require.ErrorContains(t, err, "still needed")
		d.s.SetFault("POST /broker"+personRoute, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422})
		j = d.sent(j)
		require.Equal(t, Failed, j.State)
		_, err = d.Forget(t.Context(), j.ID)
		require.NoError(t, err)
		j = d.reread(j)
		require.True(t, j.Lost)
		require.Empty(t, j.People)
		_, err = d.Retry(t.Context(), j.ID)
		require.ErrorIs(t, err, errLost)
	}
}

// A family of which only ids are left is not enrolled under them.
func TestAForgottenDraftIsNotSent(t *testing.T) {
	d := newDesk(t)
	j, err := d.NewHire(t.Context(), marthas())
	require.NoError(t, err)
	_, err = d.Forget(t.Context(), j.ID)
	require.NoError(t, err)
	_, err = d.Release(t.Context(), j.ID)
	require.NoError(t, err)
	j = d.sent(j)
	require.Equal(t, Failed, j.State)
	require.Contains(t, j.Note, "nothing was sent")
	require.Zero(t, d.s.Executions("POST /broker"+enrolRoute))
}

func TestADraftIsThrownAway(t *testing.T) {
	for _, sealer := range []Sealer{newWax(), nil} {
		d := newDesk(t, func(o *Options) { o.Sealer = sealer })
		before, err := d.Members(t.Context(), "")
		require.NoError(t, err)
		j, err := d.NewHire(t.Context(), marthas())
		require.NoError(t, err)
		require.NoError(t, d.Discard(t.Context(), j.ID))
		require.ErrorIs(t, d.Discard(t.Context(), j.ID), errMissing)
		after, err := d.Members(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, before, after)
		require.Empty(t, d.people)
		_, err = d.Correct(t.Context(), j.ID, marthas())
		require.ErrorIs(t, err, errMissing)
		j, err = d.NewHire(t.Context(), marthas())
		require.NoError(t, err)
		other := marthas()
		other.People[0].Fields["first_name"] = "Marta"
		corrected, err := d.Correct(t.Context(), j.ID, other)
		require.NoError(t, err)
		require.Equal(t, "Marta", d.reread(corrected).People[0].Fields["first_name"])
		jobs, err := d.Jobs(t.Context(), "")
		require.NoError(t, err)
		require.Len(t, jobs, 1)
		require.NoError(t, d.Discard(t.Context(), corrected.ID))
		require.ErrorContains(t, d.Discard(t.Context(), d.released(marthas()).ID), "only a draft")
	}
}
