package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"frontdesk/clients/updox"
	"frontdesk/state/booking"
	"frontdesk/state/desk"
	"frontdesk/state/onboard"
	"frontdesk/state/store"
)

func (r *run) practices() (*onboard.Jobs, error) {
	inbox, err := need(r.to.Inbox, "inboxhealth")
	if err != nil {
		return nil, err
	}
	accounts, err := need(r.to.Updox, "updox")
	if err != nil {
		return nil, err
	}
	db, err := r.database(store.Options{Path: OnboardFile(r.Ledger), Group: r.Profile.LedgerGroup, Migrations: onboard.Migrations})
	if err != nil {
		return nil, err
	}
	return onboard.Open(db, onboard.Through(inbox), accounts, booking.Here().String()), nil
}

// OnboardFile is the database of practices on their way, beside a ledger: all
// desks of the practice share it.
func OnboardFile(ledger string) string {
	return filepath.Join(filepath.Dir(ledger), "onboard-"+filepath.Base(ledger))
}

// stage is one line of a practice's checklist.
type stage struct {
	Name     string `json:"name" head:"step"`
	State    string `json:"state" head:"state"`
	VendorID string `json:"vendor_id" head:"id there"`
	Sends    int    `json:"sends" head:"sent"`
	Words    string `json:"words" head:"words"`
}

// String is the step in a list of practices.
func (s stage) String() string { return s.Name + " " + s.State }

// joining is a practice on its way.
type joining struct {
	ID       string  `json:"id" head:"job"`
	Account  string  `json:"account" head:"account"`
	Owner    string  `json:"owner" head:"owner"`
	Begun    moment  `json:"begun" head:"begun"`
	Complete bool    `json:"complete" head:"complete"`
	Closed   moment  `json:"closed" head:"closed"`
	Steps    []stage `json:"steps" head:"steps"`
}

func joiningOf(j onboard.Job) joining {
	out := joining{ID: j.ID, Account: j.Account, Owner: j.Owner, Begun: stamp(j.Created), Complete: j.Complete(), Closed: stamp(j.Closed)}
	for _, s := range j.Steps {
		out.Steps = append(out.Steps, stage{s.Name, string(s.State), s.VendorID, s.Attempt, keyless(s.Words)})
	}
	return out
}

// onboarded is a practice to be taken on, as the outbox keeps it: what is sent
// stands in its own journal.
type onboarded struct {
	Job  string
	Undo bool
}

var takeOn = write[onboarded, onboard.Job]{
	vendor: "Updox and Inbox Health", op: "onboard practice", route: `Updox PracticeCreate, then POST /enterprises {"enterprise": {...}}`,
	send: func(ctx context.Context, r *run, o onboarded) (onboard.Job, error) {
		jobs, err := r.practices()
		if err != nil {
			return onboard.Job{}, err
		}
		if o.Undo {
			return jobs.Undo(ctx, o.Job)
		}
		return jobs.Run(ctx, o.Job)
	},
	back: func(ctx context.Context, r *run, o onboarded, _ time.Time) (desk.Finding, error) {
		jobs, err := r.practices()
		if err != nil {
			return desk.CannotTell, err
		}
		j, err := jobs.Settle(ctx, o.Job)
		switch {
		case err != nil || j.Doubtful():
			return desk.CannotTell, err
		case j.Complete() || o.Undo && j.Step(onboard.AccountStep).State == onboard.Undone:
			return desk.Landed, nil
		case !o.Undo && !slices.ContainsFunc(j.Steps, func(s onboard.Step) bool { return s.State != onboard.Done && s.Attempt > 0 }):
			return desk.DidNot, &halfDone{"What was sent of this practice is there."}
		}
		return desk.DidNot, nil
	},
}

func (s *suite) billingOnboard() *cobra.Command {
	return group("onboard", "Take one practice into Updox and Inbox Health",
		"frontdesk billing onboard start -F practice.json --dry-run\nfrontdesk billing onboard list",
		s.onboardStart(), s.onboardList(),
		s.onboardJob("resume", "Go on with a practice where it was left", true, false),
		s.onboardJob("settle", "Find out what became of what was sent", false, false),
		s.onboardJob("undo", "Deactivate the Updox account that was made", true, true),
		s.onboardJob("close", "End a practice's job as it is and forget its form", false, false))
}

func (s *suite) onboardList() *cobra.Command {
	return s.command(deed{
		use: "list", short: "Practices on their way, and the last that are over", json: shape[joining]("practices", true),
		do: func(r *run, _ []string) error {
			jobs, err := r.practices()
			if err != nil {
				return err
			}
			all, err := jobs.List(r.ctx)
			if err != nil {
				return err
			}
			var rows []joining
			for _, j := range all {
				rows = append(rows, joiningOf(j))
			}
			return list(r, "practices", rows)
		},
	})
}

func (s *suite) onboardStart() *cobra.Command {
	return s.command(deed{
		use: "start", short: "Begin with a practice and send what can be sent", writes: true, from: "the practice as JSON",
		long: "start takes one practice into both vendors. -F brings JSON:\n\n" +
			`  {"AccountID":"PRACTICE-1","Name":"...","Address1":"...","Address2":"","City":"...","State":"CT","Zip":"06512",` + "\n" +
			`   "Phone":"2035550100","Fax":"","Zone":"America/New_York","Website":"label","DirectAddress":"",` + "\n" +
			`   "StatementDescriptor":"...","QuickPay":"Copay","ColorStatements":false,"FirstClass":false,` + "\n" +
			`   "ReturnEnvelope":false,"Perforation":false,` + "\n" +
			`   "Places":[{"Name":"...","Address1":"...","City":"...","State":"CT","Zone":""}]}`,
		json: shape[joining]("practice", false),
		do: func(r *run, _ []string) error {
			f, err := decode[onboard.Form](r)
			if err != nil {
				return err
			}
			if err := wrong(onboard.Check(f)); err != nil {
				return err
			}
			if r.dry {
				return r.dryOnboard(onboard.Job{Account: f.AccountID, Form: f}, onboarded{})
			}
			if err := r.agree("Take " + f.Name + " into Updox and Inbox Health?"); err != nil {
				return err
			}
			jobs, err := r.practices()
			if err != nil {
				return err
			}
			j, err := jobs.Begin(r.ctx, f)
			if err != nil {
				return err
			}
			return r.onboard(j.ID, onboarded{Job: j.ID})
		},
	})
}

// dryOnboard shows what would be sent for a practice: what is not done yet.
func (r *run) dryOnboard(j onboard.Job, o onboarded) error {
	w, body := takeOn, map[string]any{}
	switch {
	case o.Undo:
		w.route = "Updox PracticeUpdate, the account as it is read with this"
		body["updox"] = map[string]any{"accountId": j.Account, "active": false}
	default:
		if j.Step(onboard.AccountStep).State != onboard.Done {
			body["updox"] = accountOf(j.Form)
		}
		if j.Step(onboard.EnterpriseStep).State != onboard.Done {
			body["inboxhealth"] = map[string]any{"enterprise": onboard.InboxHealth(j.Form).Wire()}
		}
	}
	w.shown = func(onboarded) any { return body }
	return w.dryRun(r, j.Account, o)
}

// accountOf is the account by its wire names, for people to compare.
func accountOf(f onboard.Form) map[string]string {
	a := onboard.Account(f)
	out := map[string]string{}
	for _, name := range updox.Fields() {
		if v := a.Value(name).String(); v != "" {
			out[name] = v
		}
	}
	return out
}

// onboard sends and writes the checklist as it is then, also after a failure.
func (r *run) onboard(job string, o onboarded) error {
	done, err := takeOn.do(r, job, o)
	if done.ID != "" {
		err = errors.Join(one(r, "practice", job, joiningOf(done)), err)
		if err != nil && !maybe(err) && done.Closed.IsZero() {
			r.say("Go on with: frontdesk billing onboard resume %s", job)
		}
	}
	return err
}

func (s *suite) onboardJob(use, short string, writes, forGood bool) *cobra.Command {
	return s.command(deed{
		use: use + " <job>", short: short, args: cobra.ExactArgs(1), json: shape[joining]("practice", false),
		writes: writes && !forGood, forGood: forGood,
		ids: first(func(r *run, _ []string) ([]string, error) {
			jobs, err := r.practices()
			if err != nil {
				return nil, err
			}
			all, err := jobs.List(r.ctx)
			var ids []string
			for _, j := range all {
				if j.Closed.IsZero() {
					ids = append(ids, hinted(j.ID, j.Account))
				}
			}
			return ids, err
		}),
		do: func(r *run, args []string) error { return r.onboardDo(use, args[0]) },
	})
}

func (r *run) onboardDo(use, id string) error {
	jobs, err := r.practices()
	if err != nil {
		return err
	}
	j, err := jobs.Load(r.ctx, id)
	if err != nil {
		return err
	}
	o := onboarded{Job: id, Undo: use == "undo"}
	switch {
	case use == "settle":
		j, err = jobs.Settle(r.ctx, id)
	case use == "close":
		j, err = jobs.Close(r.ctx, id)
	case r.dry:
		return r.dryOnboard(j, o)
	default:
		sure := func() error { return r.agree(fmt.Sprintf("Go on with %s?", j.Account)) }
		if o.Undo {
			sure = func() error { return r.typed("The Updox account "+j.Account+" is deactivated.", j.Account) }
		}
		if err := sure(); err != nil {
			return err
		}
		return r.onboard(id, o)
	}
	if err != nil {
		return err
	}
	return one(r, "practice", id, joiningOf(j))
}
