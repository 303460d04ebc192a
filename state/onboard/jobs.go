package onboard

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"frontdesk/clients/updox"
	"frontdesk/state/store"
)

// Enterprises is what onboarding needs of Inbox Health.
type Enterprises interface {
	// CreateEnterprise sends the enterprise once and returns its id.
	CreateEnterprise(ctx context.Context, e Enterprise) (id string, err error)
	// SettleEnterprise looks for an enterprise that was sent at that time and
	// whose answer was lost. The error is why it cannot be told.
	SettleEnterprise(ctx context.Context, e Enterprise, sent time.Time) (id string, found bool, err error)
}

// Accounts is what onboarding needs of *updox.Client.
type Accounts interface {
	Account(ctx context.Context, id string) (updox.Account, error)
	Create(ctx context.Context, a updox.Account) (updox.Saved, error)
	Update(ctx context.Context, present, next updox.Account) (updox.Saved, error)
	Settle(ctx context.Context, before, sent updox.Account) (updox.Outcome, updox.Account, error)
	PingApplication(ctx context.Context) error
}

// Jobs are the practices on their way, shared by all desks of the file. Its
// methods may be called from several goroutines and by several processes; all
// of them can block on the network or the disk.
type Jobs struct {
	db          store.Tables
	enterprises Enterprises
	accounts    Accounts
	who         string

	point func(string) // called around every write of the file; tests only
}

// Open makes Jobs over an open file; see Migrations. Who is the person as
// colleagues know them: maria@desk2.
func Open(db store.Tables, e Enterprises, a Accounts, who string) *Jobs {
	return &Jobs{db: db, enterprises: e, accounts: a, who: who, point: func(string) {}}
}

// write runs fn in one transaction.
func (j *Jobs) write(ctx context.Context, what string, fn func(tx *store.Tx) error) error {
	j.point("before " + what)
	err := j.db.Write(ctx, fn)
	j.point("after " + what)
	return err
}

// Begin writes a new job down; nothing is sent, for which see Run. A form that
// cannot be sent is *InvalidError; an account id that is on its way already is
// refused.
func (j *Jobs) Begin(ctx context.Context, f Form) (Job, error) {
	if wrong := Check(f); len(wrong) > 0 {
		return Job{}, &InvalidError{wrong}
	}
	form, err := json.Marshal(f)
	if err != nil {
		return Job{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Job{}, err
	}
	var job Job
	err = j.write(ctx, "begin", func(tx *store.Tx) error {
		account := strings.TrimSpace(f.AccountID)
		if err := free(tx, account); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO onboard_job (id, account, form, owner, created_at, updated_at, closed_at)
			VALUES (?, ?, ?, ?, ?, ?, 0)`, id.String(), account, string(form), j.who, ms(tx.Now), ms(tx.Now)); err != nil {
			return err
		}
		for _, step := range order {
			if _, err := tx.Exec(`INSERT INTO onboard_step (job, step, state, attempt, doubted, vendor_id, words, sent_at)
				VALUES (?, ?, ?, 0, 0, '', '', 0)`, id.String(), step, string(Waiting)); err != nil {
				return err
			}
		}
		if err := note(tx, j.who, id.String(), "", "begun"); err != nil {
			return err
		}
		job, err = load(tx, id.String())
		return err
	})
	return job, err
}

// free refuses an account id that is on its way.
func free(tx *store.Tx, account string) error {
	owner, open := "", false
	err := tx.Query(func(scan func(...any) error) error { open = true; return scan(&owner) },
		"SELECT owner FROM onboard_job WHERE account = ? AND closed_at = 0", account)
	if err == nil && open {
		err = refuse("%s is taking the account %s in already. Open that job, or choose another id.", owner, account)
	}
	return err
}

// Load reads one job.
func (j *Jobs) Load(ctx context.Context, id string) (Job, error) {
	var job Job
	err := j.db.Read(ctx, func(tx *store.Tx) (err error) {
		job, err = load(tx, id)
		return err
	})
	return job, err
}

// List reads the open jobs, and then the last hundred that are over, each the
// newest first.
func (j *Jobs) List(ctx context.Context) ([]Job, error) {
	var all []Job
	err := j.db.Read(ctx, func(tx *store.Tx) error {
		all = nil
		var ids []string
		err := tx.Query(func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM onboard_job WHERE closed_at = 0 OR id IN
			(SELECT id FROM onboard_job WHERE closed_at > 0 ORDER BY closed_at DESC LIMIT 100)
			ORDER BY closed_at > 0, id DESC`)
		for _, id := range ids {
			var job Job
			if err == nil {
				job, err = load(tx, id)
				all = append(all, job)
			}
		}
		return err
	})
	return all, err
}

// History reads what was done about a job, oldest first.
func (j *Jobs) History(ctx context.Context, id string) ([]Event, error) {
	var all []Event
	err := j.db.Read(ctx, func(tx *store.Tx) error {
		all = nil
		return tx.Query(func(scan func(...any) error) error {
			var e Event
			var when int64
			err := scan(&when, &e.Who, &e.Step, &e.Outcome)
			e.At = at(when)
			all = append(all, e)
			return err
		}, "SELECT at, who, step, outcome FROM onboard_event WHERE job = ? ORDER BY seq", id)
	})
	return all, err
}

// Amend puts another form in the place of a job's, so that what was refused can
// be corrected. While an outcome is open nothing is changed, since it could not
// be recognised any more. Once the account is there, what it was made from
// stays as it is, its id included.
func (j *Jobs) Amend(ctx context.Context, id string, f Form) (Job, error) {
	if wrong := Check(f); len(wrong) > 0 {
		return Job{ID: id}, &InvalidError{wrong}
	}
	form, err := json.Marshal(f)
	if err != nil {
		return Job{ID: id}, err
	}
	return j.change(ctx, id, "amend", func(tx *store.Tx, job *Job) error {
		if err := amendable(*job, f); err != nil {
			return err
		}
		err := rename(tx, j.who, *job, strings.TrimSpace(f.AccountID))
		if err == nil {
			_, err = tx.Exec("UPDATE onboard_job SET form = ? WHERE id = ?", string(form), id)
		}
		if err == nil {
			err = note(tx, j.who, id, "", "amended")
		}
		return err
	})
}

func amendable(job Job, f Form) error {
	switch {
	case !job.Closed.IsZero():
		return refuse("This job is over. Begin another one.")
	case job.Doubtful():
		return refuse("The outcome of a step is not known yet. Look it up first; then correct the form.")
	case job.Step(AccountStep).State == Waiting || job.Step(AccountStep).State == Refused:
		return nil
	case strings.TrimSpace(f.AccountID) != job.Account:
		return refuse("Updox has the account already, and an account keeps its id. Type %s again.", job.Account)
	}
	had, gets := Account(job.Form), Account(f)
	for _, name := range updox.Fields() {
		if had.Value(name) != gets.Value(name) {
			return refuse("Updox has the account already, with another value for %s. Change it there too, or undo the account first.", fieldOf[name])
		}
	}
	return nil
}

// rename gives a job whose account is not there another id. What was said of the
// id before, and what was sent under it, is not about this one.
func rename(tx *store.Tx, who string, job Job, account string) error {
	if account == job.Account {
		return nil
	}
	if err := free(tx, account); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE onboard_job SET account = ? WHERE id = ?", account, job.ID); err != nil {
		return err
	}
	s := job.Step(AccountStep)
	s.State, s.Words, s.doubted = Waiting, "", false
	return save(tx, who, job.ID, s, "another id")
}

// Close ends a job as it is and forgets its form but for the name. An open
// outcome must be looked up first.
func (j *Jobs) Close(ctx context.Context, id string) (Job, error) {
	return j.change(ctx, id, "close", func(tx *store.Tx, job *Job) error {
		if !job.Closed.IsZero() {
			return nil
		}
		if job.Doubtful() {
			return refuse("The outcome of a step is not known yet. Look it up first; then close the job.")
		}
		return closed(tx, j.who, id)
	})
}

// closed ends a job within a transaction.
func closed(tx *store.Tx, who, id string) error {
	var was string
	if err := tx.One("SELECT form FROM onboard_job WHERE id = ?", []any{id}, &was); err != nil {
		return err
	}
	var f Form
	_ = json.Unmarshal([]byte(was), &f)         // one that cannot be read has no name
	name, _ := json.Marshal(Form{Name: f.Name}) // texts: cannot fail
	if _, err := tx.Exec("UPDATE onboard_job SET form = ?, closed_at = ?, updated_at = ? WHERE id = ?",
		string(name), ms(tx.Now), ms(tx.Now), id); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE onboard_step SET words = '' WHERE job = ?", id); err != nil {
		return err
	}
	return note(tx, who, id, "", "closed")
}

// change runs fn on a job in one transaction and returns the job as it is
// afterwards, or as it was when fn fails.
func (j *Jobs) change(ctx context.Context, id, what string, fn func(tx *store.Tx, job *Job) error) (Job, error) {
	old, now := Job{ID: id}, Job{ID: id}
	err := j.write(ctx, what, func(tx *store.Tx) (err error) {
		if old, err = load(tx, id); err != nil {
			return err
		}
		if err = fn(tx, &old); err != nil {
			return err
		}
		now, err = load(tx, id)
		return err
	})
	if err != nil {
		return old, err
	}
	return now, nil
}

// Remedy is what can be done about one step of a job that is given up.
type Remedy struct {
	Step  string
	Undo  bool   // Undo does it
	Words string // what it does, or what a person has to do
}

// Compensation tells what would be left behind if the job ended here, and what
// of it can be taken back at the vendor by its own document.
func Compensation(job Job) []Remedy {
	var all []Remedy
	for _, s := range job.Steps {
		vendor := vendors[s.Name]
		switch {
		case s.State.open():
			all = append(all, Remedy{s.Name, false, "It is not known what " + vendor + " did. Look it up first."})
		case s.State != Done:
		case s.Name == AccountStep:
			all = append(all, Remedy{s.Name, true, "Deactivate the account " + s.VendorID +
				" at Updox: nobody can use it then, nothing in it is lost, and an update with active on brings it back. Its id and website label stay taken."})
		default:
			all = append(all, Remedy{s.Name, false, "Inbox Health documents no way to remove an enterprise: number " + s.VendorID +
				" stays. Ask Inbox Health to close it, and send no statements from it."})
		}
	}
	return all
}
