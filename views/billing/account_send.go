package billing

import (
	"time"

	"frontdesk/clients/rest"
	"frontdesk/clients/updox"
	"frontdesk/ui"
)

// newAccount is an account to be made, as the outbox keeps it.
type newAccount struct{ Fields map[string]string }

// updating is a full overwrite of an account as somebody saw it.
type updating struct {
	ID            string
	Present, Next map[string]string
}

func fieldsOf(a updox.Account) map[string]string {
	all := map[string]string{}
	for _, name := range updox.Fields() {
		all[name] = a.Value(name).Raw()
	}
	return all
}

// account is fields as the client takes them; at says when they were true of
// Updox, zero for never.
func account(fields map[string]string, at time.Time) updox.Account {
	a := filled(updox.Account{}, fields)
	if at.IsZero() {
		return a
	}
	return updox.Vouched(a, at)
}

func (v *View) declareAccounts() {
	client := v.updox
	v.write.account = declare(v, ui.Write[newAccount, outcome]{
		Vendor: updoxName, Op: "create practice account", Words: "make the account",
		Send: func(c ctx, n newAccount) (outcome, error) {
			_, err := client.Create(c, account(n.Fields, time.Time{}))
			return outcome{Words: "The account " + n.Fields["accountId"] + " is made."}, err
		},
		ReadBack: func(c ctx, n newAccount, since time.Time) (ui.Landing, error) {
			return v.settleAccount(c, updox.Account{}, account(n.Fields, time.Time{}), since)
		},
	})
	update := ui.Write[updating, outcome]{
		Vendor: updoxName, Op: "update practice account", Words: "overwrite the account",
		Send: func(c ctx, u updating) (outcome, error) { return v.sendUpdate(c, u) },
		ReadBack: func(c ctx, u updating, since time.Time) (ui.Landing, error) {
			return v.settleAccount(c, account(u.Present, since), account(u.Next, time.Time{}), since)
		},
	}
	v.write.update = declare(v, update)
	update.Op, update.Class, update.Words = "deactivate practice account", deactivation, "deactivate the account"
	v.write.deactivate = declare(v, update)
}

// sendUpdate reads the account, puts the change over it, and writes it. What
// was decided on other values is not sent.
func (v *View) sendUpdate(c ctx, u updating) (outcome, error) {
	was := account(u.Present, v.env.Now())
	now, err := v.updox.Account(c, u.ID)
	switch {
	case updox.IsDenied(err) && was.Deactivated:
		now = was
	case err != nil:
		return outcome{}, unsent(err)
	}
	next := now
	for _, name := range updox.Fields() {
		if now.Shown(name) && now.Value(name).Raw() != u.Present[name] {
			return outcome{}, rest.Refusal(updoxName, "update practice account", rest.KindConflict,
				"Somebody changed "+label(name)+" at Updox meanwhile, so nothing was sent. Press r, then e to begin with the present values.")
		}
		if now.Value(name).Raw() != u.Next[name] {
			next = next.With(name, u.Next[name])
		}
	}
	if _, err := v.updox.Update(c, now, next); err != nil {
		return outcome{}, err
	}
	words := "The account " + u.ID + " is overwritten."
	if now.Deactivated != next.Deactivated && v.jobs != nil {
		words = "The account " + u.ID + " is active again."
		if next.Deactivated {
			words = "The account " + u.ID + " is deactivated. D activates it again."
		}
		if err := v.jobs.Remember(c, u.ID, next.Deactivated); err != nil {
			return outcome{}, &partly{words + " That could not be written down here: " + rest.UserMessage(err)}
		}
	}
	return outcome{Words: words}, nil
}

func (v *View) settleAccount(c ctx, before, sent updox.Account, since time.Time) (ui.Landing, error) {
	o, _, err := v.updox.Settle(c, before, sent)
	switch {
	case err != nil:
		return ui.CannotTell, err
	case o == updox.Done:
		if v.jobs != nil && before.Known() && before.Deactivated != sent.Deactivated {
			return ui.Landed, v.jobs.Remember(c, sent.ID.Raw(), sent.Deactivated)
		}
		return ui.Landed, nil
	case o == updox.NotDone && v.env.Now().Sub(since) > arrive:
		return ui.Reopened, nil
	}
	return ui.CannotTell, nil
}
