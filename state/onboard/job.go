package onboard

import (
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"time"

	"frontdesk/state/store"
)

//go:embed schema.sql
var schema string

// Migrations are the tables of this package, for store.Options of a file of
// their own. Only ever add to the end.
var Migrations = []string{schema, offSchema}

// State is how far a step is.
type State string

// The states of a step.
const (
	Waiting State = "waiting" // not sent, or proved not to have arrived
	Sending State = "sending" // sent or about to be, outcome not known
	Unknown State = "UNKNOWN" // sent, and no answer that proves anything
	Refused State = "refused" // the vendor said no, or nothing left this machine
	Done    State = "done"
	Undoing State = "undoing" // done, being undone, outcome not known
	Undone  State = "undone"
)

// open reports that it must be looked up before anything else.
func (s State) open() bool { return s == Sending || s == Unknown || s == Undoing }

// The names of the steps, in their order, which is that of the alphabet too. The
// account comes first because it can be deactivated again; an enterprise stays.
const (
	AccountStep    = "account"
	EnterpriseStep = "enterprise"
)

var order = []string{AccountStep, EnterpriseStep}

// Step is one line of the checklist.
type Step struct {
	Name     string
	State    State
	Attempt  int    // how often it was sent
	VendorID string // the record's id there, once Done
	Words    string // the last sentence about it; empty when all went well
	Sent     time.Time

	doubted bool
}

// Job is one practice on its way. Times are the database's clock in UTC.
type Job struct {
	ID      string
	Account string // the id chosen for Updox
	Form    Form   // no more than the name once the job is over
	Owner   string
	Created time.Time
	Updated time.Time
	Closed  time.Time // zero while it is open
	Steps   []Step
}

// Step is the step of that name.
func (j Job) Step(name string) Step {
	for _, s := range j.Steps {
		if s.Name == name {
			return s
		}
	}
	return Step{Name: name}
}

// Complete reports that both vendors have the practice.
func (j Job) Complete() bool { return j.all(func(s Step) bool { return s.State == Done }) }

// Doubtful reports that the outcome of a step must be looked up first.
func (j Job) Doubtful() bool { return !j.all(func(s Step) bool { return !s.State.open() }) }

func (j Job) all(is func(Step) bool) bool {
	for _, s := range j.Steps {
		if !is(s) {
			return false
		}
	}
	return true
}

// Event is one line of a job's history.
type Event struct {
	At            time.Time
	Who           string
	Step, Outcome string
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// load reads one job; *MissingError when there is none.
func load(tx *store.Tx, id string) (Job, error) {
	j := Job{ID: id}
	var form string
	var created, updated, closed int64
	err := tx.One("SELECT account, form, owner, created_at, updated_at, closed_at FROM onboard_job WHERE id = ?",
		[]any{id}, &j.Account, &form, &j.Owner, &created, &updated, &closed)
	if errors.Is(err, sql.ErrNoRows) {
		return j, &MissingError{}
	}
	if err != nil {
		return j, err
	}
	j.Created, j.Updated, j.Closed = at(created), at(updated), at(closed)
	if form != "" && json.Unmarshal([]byte(form), &j.Form) != nil {
		return j, refuse("The form of this job cannot be read. Close the job and begin it anew.")
	}
	err = tx.Query(func(scan func(...any) error) error {
		var s Step
		var sent int64
		err := scan(&s.Name, &s.State, &s.Attempt, &s.doubted, &s.VendorID, &s.Words, &sent)
		s.Sent = at(sent)
		j.Steps = append(j.Steps, s)
		return err
	}, "SELECT step, state, attempt, doubted, vendor_id, words, sent_at FROM onboard_step WHERE job = ? ORDER BY step", id)
	return j, err
}

// save writes a step and its line of history.
func save(tx *store.Tx, who, job string, s Step, outcome string) error {
	if _, err := tx.Exec(`UPDATE onboard_step SET state = ?, attempt = ?, doubted = ?, vendor_id = ?, words = ?, sent_at = ?
		WHERE job = ? AND step = ?`, string(s.State), s.Attempt, s.doubted, s.VendorID, s.Words, ms(s.Sent), job, s.Name); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE onboard_job SET updated_at = ? WHERE id = ?", ms(tx.Now), job); err != nil {
		return err
	}
	return note(tx, who, job, s.Name, outcome)
}

func note(tx *store.Tx, who, job, step, outcome string) error {
	_, err := tx.Exec("INSERT INTO onboard_event (job, at, who, step, outcome) VALUES (?, ?, ?, ?, ?)",
		job, ms(tx.Now), who, step, outcome)
	return err
}
