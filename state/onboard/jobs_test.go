package onboard

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
)

func TestOnePracticeIntoBoth(t *testing.T) {
	d := newDesk(t)
	job := d.begin(newHaven())
	require.Equal(t, [2]State{Waiting, Waiting}, states(job))
	require.Zero(t, d.updox.Requests("updox POST PracticeCreate"), "beginning sends nothing")
	require.Empty(t, Compensation(job))
	job, err := d.Run(t.Context(), job.ID)
	require.NoError(t, err)
	require.Equal(t, [2]State{Done, Done}, states(job))
	require.True(t, job.Complete())
	require.Equal(t, "NEWHAVEN-1", job.Step(AccountStep).VendorID)
	require.Equal(t, "47", job.Step(EnterpriseStep).VendorID)
	require.Equal(t, []Enterprise{InboxHealth(newHaven())}, d.ih.all())
	a, ok := d.updox.UpdoxAccount("NEWHAVEN-1")
	require.True(t, ok)
	require.Equal(t, "2034153486", a["phone"])
	require.Equal(t, true, a["active"])
	require.Equal(t, []string{" begun", "account sending", "account done", "enterprise sending", "enterprise done", " closed"}, d.outcomes(job.ID))

	require.False(t, job.Closed.IsZero())
	require.Equal(t, Form{Name: newHaven().Name}, job.Form, "what is over is forgotten but for its name")
	_, err = d.Run(t.Context(), job.ID)
	require.ErrorAs(t, err, new(*RefusedError))
	require.Equal(t, 1, d.updox.Executions(creating))
	require.Len(t, d.ih.all(), 1)
}

func TestAFormThatCannotBeSentIsNoJob(t *testing.T) {
	d := newDesk(t)
	f := newHaven()
	f.Zip = "1"
	_, err := d.Begin(t.Context(), f)
	var invalid *InvalidError
	require.ErrorAs(t, err, &invalid)
	require.Contains(t, invalid.Fields, "Zip")
	all, err := d.List(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)
	_, err = d.Load(t.Context(), "none")
	require.ErrorAs(t, err, new(*MissingError))
}

func TestOnePracticeIsTakenInOnceAtATime(t *testing.T) {
	d := newDesk(t)
	job := d.begin(newHaven())
	_, err := d.Begin(t.Context(), newHaven())
	require.ErrorContains(t, err, "maria@desk2 is taking the account NEWHAVEN-1 in already")
	_, err = d.Close(t.Context(), job.ID)
	require.NoError(t, err)
	second := d.begin(newHaven())
	all, err := d.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{second.ID, job.ID}, []string{all[0].ID, all[1].ID})
}

// Only what failed is sent again, corrected; what is done stays as it is.
func TestRefusedStepsAreCorrectedAndSentAgain(t *testing.T) {
	d := newDesk(t)
	d.updox.PutUpdoxAccount(map[string]any{"accountId": "OTHER", "name": "Other", "websiteAddress": "new-haven"})
	job := d.begin(newHaven())
	job, err := d.Run(t.Context(), job.ID)
	require.Equal(t, updox.WebsiteTaken, updox.CodeOf(err))
	require.Equal(t, [2]State{Refused, Waiting}, states(job))
	require.Contains(t, job.Step(AccountStep).Words, "taken by another Updox account")
	require.Empty(t, d.ih.all(), "what cannot be undone waits for what can")
	require.Empty(t, Compensation(job))

	f := newHaven()
	f.Website = "new-haven-hospital"
	f.AccountID = "ANOTHER"
	job, err = d.Amend(t.Context(), job.ID, f)
	require.NoError(t, err)
	require.Equal(t, "ANOTHER", job.Account)
	require.Equal(t, [2]State{Waiting, Waiting}, states(job), "what was refused was the other id")
	require.Empty(t, job.Step(AccountStep).Words)
	theirs := newHaven()
	other := d.begin(theirs)
	f.AccountID = "NEWHAVEN-1"
	_, err = d.Amend(t.Context(), job.ID, f)
	require.ErrorContains(t, err, "already")
	_, err = d.Close(t.Context(), other.ID)
	require.NoError(t, err)
	_, err = d.Amend(t.Context(), job.ID, f)
	require.NoError(t, err)
	d.ih.before = func(string) error { return no("Inbox Health wants another name.") }
	job, err = d.Run(t.Context(), job.ID)
	require.ErrorContains(t, err, "validation")
	require.Equal(t, [2]State{Done, Refused}, states(job))
	require.Equal(t, "Inbox Health wants another name.", job.Step(EnterpriseStep).Words)

	f.AccountID = "ANOTHER"
	_, err = d.Amend(t.Context(), job.ID, f)
	require.ErrorContains(t, err, "an account keeps its id")
	f.AccountID = "NEWHAVEN-1"
	f.City = "West Haven"
	_, err = d.Amend(t.Context(), job.ID, f)
	require.ErrorContains(t, err, "another value for City")
	f.City = "New Haven"
	f.QuickPay = "Copayment"
	_, err = d.Amend(t.Context(), job.ID, f)
	require.NoError(t, err)
	d.ih.before = nil
	job, err = d.Run(t.Context(), job.ID)
	require.NoError(t, err)
	require.True(t, job.Complete())
	require.Equal(t, 1, d.updox.Executions(creating))
	require.Equal(t, 2, d.updox.Requests(creating))
	require.Equal(t, "Copayment", d.ih.all()[0].DefaultQuickPayDescription)
	_, err = d.Amend(t.Context(), job.ID, f)
	require.ErrorContains(t, err, "over")
}

// A lost answer is looked up, whatever became of the request.
func TestUnknownAccountIsLookedUpFirst(t *testing.T) {
	for kind, arrived := range map[sandbox.FaultKind]bool{
		sandbox.FaultFinBefore: false, sandbox.FaultFinAfter: true, sandbox.FaultStatusAfter: true,
		sandbox.FaultHTML: false, sandbox.FaultEmpty: true, sandbox.FaultTruncated: true,
	} {
		t.Run(string(kind), func(t *testing.T) {
			d := newDesk(t)
			d.updox.SetFault(creating, sandbox.Fault{Kind: kind, Times: 1})
			job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
			var unknown *UnknownError
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, [2]State{Unknown, Waiting}, states(job))
			require.True(t, job.Doubtful())
			require.False(t, Compensation(job)[0].Undo)
			_, err = d.Close(t.Context(), job.ID)
			require.ErrorContains(t, err, "Look it up first")
			_, err = d.Amend(t.Context(), job.ID, newHaven())
			require.ErrorContains(t, err, "Look it up first")

			job, err = d.Run(t.Context(), job.ID)
			if !arrived {
				require.ErrorAs(t, err, &unknown)
				require.Positive(t, unknown.Wait)
				require.Equal(t, 1, d.updox.Requests(creating), "it may still arrive")
				d.pass(settle)
				job, err = d.Settle(t.Context(), job.ID)
				require.NoError(t, err)
				require.Equal(t, Waiting, job.Step(AccountStep).State)
				require.Equal(t, 1, d.updox.Requests(creating), "looking up sends nothing")
				job, err = d.Run(t.Context(), job.ID)
			}
			require.NoError(t, err)
			require.True(t, job.Complete())
			require.Equal(t, 1, d.updox.Executions(creating))
		})
	}
}

func TestUnknownEnterpriseIsLookedUpFirst(t *testing.T) {
	for name, arrived := range map[string]bool{"arrived": true, "did not": false} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			fail := func(op string) error {
				if op == "create" {
					return lost
				}
				return nil
			}
			if arrived {
				d.ih.after = fail
			} else {
				d.ih.before = fail
			}
			job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
			require.ErrorAs(t, err, new(*UnknownError))
			require.Equal(t, [2]State{Done, Unknown}, states(job))
			unreadable := errors.New("two enterprises fit")
			d.ih.after, d.ih.before = nil, func(string) error { return unreadable }
			_, err = d.Run(t.Context(), job.ID)
			require.ErrorIs(t, err, unreadable)
			require.ErrorContains(t, err, "could not be looked up")
			d.ih.before = nil
			d.pass(settle)
			job, err = d.Run(t.Context(), job.ID)
			require.NoError(t, err)
			require.True(t, job.Complete())
			require.Len(t, d.ih.all(), 1)
		})
	}
}

// An error whose like nobody knows proves nothing.
func TestAnErrorThatProvesNothingIsUnknown(t *testing.T) {
	d := newDesk(t)
	d.ih.before = func(string) error { return errors.New("strange") }
	job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
	require.ErrorAs(t, err, new(*UnknownError))
	require.Equal(t, Unknown, job.Step(EnterpriseStep).State)
}

func TestTheIDOfAnotherPractice(t *testing.T) {
	t.Run("found at once", func(t *testing.T) {
		d := newDesk(t)
		f := newHaven()
		f.AccountID = "PRACTICE-101"
		job, err := d.Run(t.Context(), d.begin(f).ID)
		require.Equal(t, updox.AccountExists, updox.CodeOf(err))
		require.Equal(t, Refused, job.Step(AccountStep).State)
		_, err = d.Undo(t.Context(), job.ID)
		require.ErrorContains(t, err, "no account of this job", "nobody else's account is deactivated")
	})
	t.Run("found when looked up", func(t *testing.T) {
		d := newDesk(t)
		d.updox.SetFault(creating, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
		job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
		require.ErrorAs(t, err, new(*UnknownError))
		d.updox.PutUpdoxAccount(map[string]any{"accountId": "NEWHAVEN-1", "name": "Somebody Else"})
		job, err = d.Run(t.Context(), job.ID)
		require.ErrorContains(t, err, "conflict")
		require.Contains(t, rest.UserMessage(err), "not as it was sent")
		require.Equal(t, [2]State{Refused, Waiting}, states(job))
		require.Equal(t, 1, d.updox.Requests(creating))
	})
	t.Run("the late arrival of an earlier attempt is ours", func(t *testing.T) {
		d := newDesk(t)
		d.updox.SetFault(creating, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
		job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
		require.ErrorAs(t, err, new(*UnknownError))
		d.pass(settle)
		_, err = d.Settle(t.Context(), job.ID)
		require.NoError(t, err)
		_, err = connect(t, d.updox.URL("updox")).Create(t.Context(), Account(newHaven()))
		require.NoError(t, err)
		job, err = d.Run(t.Context(), job.ID)
		require.NoError(t, err)
		require.True(t, job.Complete())
		require.Contains(t, d.outcomes(job.ID), "account found")
	})
}

// When the second half fails, what can be taken back is, and the rest is said.
func TestCompensation(t *testing.T) {
	for _, shuts := range []bool{false, true} {
		d := newDesk(t)
		d.updox.SetUpdoxShutsInactive(shuts)
		d.ih.before = func(string) error { return no("No.") }
		job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
		require.Error(t, err)
		offers := Compensation(job)
		require.Len(t, offers, 1)
		require.True(t, offers[0].Undo)
		require.Contains(t, offers[0].Words, "Deactivate the account NEWHAVEN-1")
		before, _ := d.updox.UpdoxAccount("NEWHAVEN-1")

		d.updox.SetFault(updating, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
		job, err = d.Undo(t.Context(), job.ID)
		require.ErrorAs(t, err, new(*UnknownError))
		require.Equal(t, Undoing, job.Step(AccountStep).State)
		job, err = d.Settle(t.Context(), job.ID)
		require.NoError(t, err)
		require.Equal(t, [2]State{Undone, Refused}, states(job))
		after, _ := d.updox.UpdoxAccount("NEWHAVEN-1")
		before["active"] = false
		require.Equal(t, before, after, "nothing but its state changed")
		require.Equal(t, 1, d.updox.Executions(updating))
		require.Empty(t, Compensation(job))
		_, err = d.Undo(t.Context(), job.ID)
		require.Error(t, err)
		_, err = d.Run(t.Context(), job.ID)
		require.ErrorContains(t, err, "deactivated again")
		job, err = d.Close(t.Context(), job.ID)
		require.NoError(t, err)
		require.Equal(t, Form{Name: newHaven().Name}, job.Form)
		require.Empty(t, job.Step(EnterpriseStep).Words)
	}
}

func TestUndoThatDoesNotHappen(t *testing.T) {
	d := newDesk(t)
	job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
	require.NoError(t, err)
	offers := Compensation(job)
	require.Equal(t, []bool{true, false}, []bool{offers[0].Undo, offers[1].Undo})
	require.Contains(t, offers[1].Words, "number 47 stays")

	d.updox.SetFault(updating, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	job, err = d.Undo(t.Context(), job.ID)
	require.ErrorAs(t, err, new(*UnknownError))
	_, err = d.Settle(t.Context(), job.ID)
	var unknown *UnknownError
	require.ErrorAs(t, err, &unknown)
	require.Positive(t, unknown.Wait)
	d.pass(settle)
	job, err = d.Settle(t.Context(), job.ID)
	require.NoError(t, err)
	require.Equal(t, Done, job.Step(AccountStep).State)
	d.updox.SetFault(updating, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 400, Times: 1})
	job, err = d.Undo(t.Context(), job.ID)
	require.Error(t, err)
	require.Equal(t, Done, job.Step(AccountStep).State, "a refusal leaves it as it was")
	for _, passes := range []int{0, 1} { // our own read, and the client's just before it writes
		d.updox.SetFault(reading, sandbox.Fault{Kind: sandbox.FaultGarbage, Times: 1, After: passes})
		job, err = d.Undo(t.Context(), job.ID)
		require.Error(t, err)
		job, err = d.Load(t.Context(), job.ID)
		require.NoError(t, err)
		require.Equal(t, Done, job.Step(AccountStep).State, "nothing was written")
		d.updox.ClearFaults()
	}
	job, err = d.Undo(t.Context(), job.ID)
	require.NoError(t, err)
	require.Equal(t, Undone, job.Step(AccountStep).State)
}

// A vendor that has only the documented methods cannot be read, so a person
// says what is there.
func TestWhatCannotBeLookedUpIsDeclared(t *testing.T) {
	d := newDesk(t)
	d.updox.SetUpdoxSeedOnly(true)
	d.updox.SetFault(creating, sandbox.Fault{Kind: sandbox.FaultFinAfter, Times: 1})
	job, err := d.Run(t.Context(), d.begin(newHaven()).ID)
	require.ErrorAs(t, err, new(*UnknownError))
	_, err = d.Run(t.Context(), job.ID)
	require.ErrorContains(t, err, "could not be looked up")
	_, err = d.Declare(t.Context(), job.ID, AccountStep, true, "NEWHAVEN-1")
	require.ErrorAs(t, err, new(*UnknownError), "not while it could be under way")
	d.pass(settle)
	_, err = d.Declare(t.Context(), job.ID, AccountStep, true, "")
	require.ErrorContains(t, err, "Enter the number")
	_, err = d.Declare(t.Context(), job.ID, EnterpriseStep, true, "1")
	require.ErrorContains(t, err, "known already")
	_, err = d.Declare(t.Context(), job.ID, AccountStep, true, "NEWHAVEN-1")
	require.NoError(t, err)
	d.ih.before = func(string) error { return no("No.") }
	job, err = d.Run(t.Context(), job.ID)
	require.Error(t, err)
	require.Equal(t, [2]State{Done, Refused}, states(job))
	d.updox.SetFault(updating, sandbox.Fault{Kind: sandbox.FaultFinBefore, Times: 1})
	_, err = d.Undo(t.Context(), job.ID)
	require.ErrorAs(t, err, new(*UnknownError))
	d.pass(settle)
	job, err = d.Declare(t.Context(), job.ID, AccountStep, false, "")
	require.NoError(t, err)
	require.Equal(t, Done, job.Step(AccountStep).State)
	job, err = d.Undo(t.Context(), job.ID)
	require.NoError(t, err)
	require.Equal(t, Undone, job.Step(AccountStep).State)
	a, _ := d.updox.UpdoxAccount("NEWHAVEN-1")
	require.Equal(t, false, a["active"])
	require.Equal(t, "new-haven", a["websiteAddress"])
}

// Many hands on one job send each step once.
func TestManyHands(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	job := d.begin(newHaven())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { _, _ = d.Run(t.Context(), job.ID) })
	}
	all.Wait()
	job, err := d.Run(t.Context(), job.ID)
	if job.Closed.IsZero() {
		require.NoError(t, err)
	}
	require.True(t, job.Complete())
	require.Equal(t, 1, d.updox.Requests(creating))
	require.Len(t, d.ih.all(), 1)
}

// Whoever gives up waiting leaves a job that can be gone on with.
func TestGivenUpWaiting(t *testing.T) {
	d := newDesk(t)
	job := d.begin(newHaven())
	d.updox.SetFault(creating, sandbox.Fault{Kind: sandbox.FaultStallAfter, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for d.updox.Executions(creating) == 0 && ctx.Err() == nil {
			runtime.Gosched()
		}
		cancel()
	}()
	job, err := d.Run(ctx, job.ID)
	require.ErrorAs(t, err, new(*UnknownError))
	require.Equal(t, Unknown, job.Step(AccountStep).State, "the outcome is written down all the same")
	job, err = d.Run(t.Context(), job.ID)
	require.NoError(t, err)
	require.True(t, job.Complete())
	require.Equal(t, 1, d.updox.Executions(creating))
}
