package enroll

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/golang-sql/civil"
	"github.com/google/uuid"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/store"
)

// A Plan is one family as it is to be sent: exactly this is shown before, and
// exactly this is sent.
type Plan struct {
	Hire   anglehealth.NewHire
	People []anglehealth.Demographics // of those of whom anything is told
	Wanted civil.Date                 // the day coverage should begin; zero: any
	Line   int                        // of the employee in a file; 0 without one
}

// Job is a Plan on its way.
type Job struct {
	Plan
	ID, Census string
	State      State
	Step       Step
	Person     int      // whose demographics, among People, are next or on the way
	Sends      int      // how often the enrolment was sent; a second time only on a person's word
	Doubts     []string // what differed from the plan, without values
	Note       string   // what the person should know, without the vendor's words
	Lost       bool     // People cannot be read any more
	Hashed     bool     // who they are is known by hashes, also when it is forgotten otherwise

	// Again are those of a draft who were enrolled from here before or wait to
	// be, by another request; told by NewHire, Correct and Job alone.
	Again []anglehealth.ID

	// Words are the vendor's, and Differences tell the values; both are known to
	// the session only that met them.
	Words       string
	Differences []anglehealth.Difference

	Sent, Added, Changed time.Time // by the database's clock

	version int64
	leased  time.Time
}

// NewHire writes a family down as a Draft, with its ids, before anything is
// sent. Members without an id get one.
func (b *Book) NewHire(ctx context.Context, p Plan) (Job, error) {
	jobs, err := b.write(ctx, "", []Plan{p}, 1, 0)
	if err != nil {
		return Job{}, err
	}
	return jobs[0], nil
}

// Correct puts a plan in the place of a draft, which is thrown away.
func (b *Book) Correct(ctx context.Context, draft string, p Plan) (Job, error) {
	jobs, err := b.write(ctx, "", []Plan{p}, 1, 0, func(tx *store.Tx) error { return b.discard(tx, draft) })
	if err != nil {
		return Job{}, err
	}
	b.drop(draft)
	return jobs[0], nil
}

// write stores plans as drafts and their ids in the registry, and does what
// belongs to it first, all or nothing.
func (b *Book) write(ctx context.Context, census string, plans []Plan, rows, rejected int, before ...func(*store.Tx) error) ([]Job, error) {
	var jobs []Job
	for _, p := range plans {
		name(&p)
		if wrong := problems(p); wrong != "" {
			return nil, refuse("%s", wrong)
		}
		jobs = append(jobs, Job{Plan: p, ID: uuid.NewString(), Census: census, State: Draft, Step: Checking, version: 1})
	}
	err := b.db.Write(ctx, func(tx *store.Tx) (err error) {
		for _, f := range before {
			if err := f(tx); err != nil {
				return err
			}
		}
		if census != "" {
			if _, err := tx.Exec("INSERT INTO census (id, rows, rejected, added_at) VALUES (?, ?, ?, ?)", census, rows, rejected, ms(tx.Now)); err != nil {
				return err
			}
		}
		for i := range jobs {
			jobs[i].Added, jobs[i].Changed = tx.Now, tx.Now
			if err := b.insert(tx, i, jobs[i]); err != nil {
				return err
			}
		}
		if census != "" { // every row of a file was held against them
			return nil
		}
		j := &jobs[0]
		j.Again, err = b.again(tx, j.ID, j.People)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// name gives ids to members who have none; people without an id are the members
// in their order.
func name(p *Plan) {
	h := &p.Hire
	h.Dependents = append([]anglehealth.Elected(nil), h.Dependents...)
	if h.Employee.ID == "" {
		h.Employee.ID = anglehealth.NewID()
	}
	for i := range h.Dependents {
		if h.Dependents[i].ID == "" {
			h.Dependents[i].ID = anglehealth.NewID()
		}
	}
	ids := h.Members()
	people := make([]anglehealth.Demographics, 0, len(p.People))
	for i, d := range p.People {
		if d.ID == "" && i < len(ids) {
			d.ID = ids[i]
		}
		if !d.Empty() {
			people = append(people, d)
		}
	}
	p.People = people
}

// problems is the first thing that keeps a plan from being sent, "" when
// nothing does.
func problems(p Plan) string {
	for _, said := range p.Hire.Problems() {
		return said
	}
	for _, d := range p.People {
		for _, said := range d.Problems() {
			return said
		}
	}
	return ""
}

func (b *Book) insert(tx *store.Tx, place int, j Job) error {
	for i, id := range j.Hire.Members() {
		n, err := tx.Exec(`INSERT INTO member (id, grp, parent, origin, added_at, seen_at) VALUES (?, ?, ?, 'ours', ?, 0)
			ON CONFLICT (id) DO NOTHING`, string(id), string(j.Hire.Group), string(j.Hire.Employee.ID), ms(tx.Now))
		if err != nil {
			return err
		}
		if n == 0 {
			return refuse("Member %d of the family has an id that is already in use. Every member needs one of their own.", i+1)
		}
	}
	sealed, err := b.seal(j.ID, j.People)
	if err != nil {
		return err
	}
	who, err := b.sealAlike(j.ID, j.People)
	if err != nil {
		return err
	}
	members, _ := json.Marshal(append([]anglehealth.Elected{j.Hire.Employee}, j.Hire.Dependents...)) // ids and texts: cannot fail
	_, err = tx.Exec(`INSERT INTO job (id, census, place, line, grp, starts, wanted, members, sealed, state, step, person, sends,
		doubts, note, version, session, lease_at, sent_at, added_at, changed_at, alike)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '[]', '', ?, '', 0, 0, ?, ?, ?)`,
		j.ID, j.Census, place, j.Line, string(j.Hire.Group), j.Hire.Start.String(), day(j.Wanted), string(members), sealed,
		string(j.State), string(j.Step), j.version, ms(tx.Now), ms(tx.Now), who)
	return err
}

func day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

const jobColumns = `id, census, line, grp, starts, wanted, members, sealed, state, step, person, sends, doubts, note,
	version, lease_at, sent_at, added_at, changed_at, alike IS NOT NULL`

// jobs reads jobs, in the order of their census.
func (b *Book) jobs(tx *store.Tx, where string, args ...any) ([]Job, error) {
	var found []Job
	err := tx.Query(func(scan func(...any) error) error {
		var j Job
		var group, starts, wanted, members, doubts string
		var sealed []byte
		var leased, sent, added, changed int64
		err := scan(&j.ID, &j.Census, &j.Line, &group, &starts, &wanted, &members, &sealed, &j.State, &j.Step, &j.Person, &j.Sends,
			&doubts, &j.Note, &j.version, &leased, &sent, &added, &changed, &j.Hashed)
		if err != nil {
			return err
		}
		j.leased, j.Sent, j.Added, j.Changed = at(leased), at(sent), at(added), at(changed)
		var all []anglehealth.Elected
		if json.Unmarshal([]byte(members), &all) != nil || len(all) == 0 || json.Unmarshal([]byte(doubts), &j.Doubts) != nil {
			return refuse("A request in the book is damaged and cannot be read. Put a copy of the book in its place.")
		}
		j.Hire = anglehealth.NewHire{Group: anglehealth.ID(group), Employee: all[0], Dependents: all[1:]}
		j.Hire.Start, _ = civil.ParseDate(starts)
		j.Wanted, _ = civil.ParseDate(wanted)
		j.People, j.Lost = b.unseal(j.ID, sealed)
		b.mu.Lock()
		s := b.said[j.ID]
		j.Hashed = j.Hashed || len(b.alike[j.ID]) > 0
		b.mu.Unlock()
		j.Words, j.Differences = s.words, s.diffs
		found = append(found, j)
		return nil
	}, "SELECT "+jobColumns+" FROM job "+where+" ORDER BY added_at, place", args...)
	return found, err
}

// Job reads one job.
func (b *Book) Job(ctx context.Context, id string) (Job, error) {
	var j Job
	err := b.db.Read(ctx, func(tx *store.Tx) (err error) {
		if j, err = b.one(tx, id); err != nil || j.State != Draft {
			return err
		}
		j.Again, err = b.again(tx, id, j.People)
		return err
	})
	return j, err
}

func (b *Book) one(tx *store.Tx, id string) (Job, error) {
	found, err := b.jobs(tx, "WHERE id = ?", id)
	if err != nil {
		return Job{}, err
	}
	if len(found) == 0 {
		return Job{}, errMissing
	}
	return found[0], nil
}

// Jobs reads the jobs of a census, or with "" those of no census.
func (b *Book) Jobs(ctx context.Context, census string) ([]Job, error) {
	var found []Job
	err := b.db.Read(ctx, func(tx *store.Tx) (err error) {
		found, err = b.jobs(tx, "WHERE census = ?", census)
		return err
	})
	return found, err
}

// claim takes an open job for this session.
func (b *Book) claim(ctx context.Context, id string) (Job, error) {
	var j Job
	err := b.db.Write(ctx, func(tx *store.Tx) (err error) {
		if j, err = b.one(tx, id); err != nil {
			return err
		}
		if !j.State.open() {
			return refuse("This family is %s, so there is nothing to send.", j.State.Word())
		}
		if j.leased.After(tx.Now) {
			return errTaken
		}
		return b.put(tx, &j)
	})
	return j, err
}

// save stores how far a claimed job is and keeps it claimed while there is more
// to do, and what else belongs to that. A job that another session took over
// meanwhile is not touched.
func (b *Book) save(ctx context.Context, j *Job, also ...func(*store.Tx) error) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		for _, f := range also {
			if err := f(tx); err != nil {
				return err
			}
		}
		return b.put(tx, j)
	})
}

func (b *Book) put(tx *store.Tx, j *Job) error {
	until := time.Time{}
	if j.State.open() || j.State == Sent {
		until = tx.Now.Add(lease)
	}
	if j.State == Sent {
		j.Sent = tx.Now
	}
	if j.Doubts == nil {
		j.Doubts = []string{}
	}
	doubts, _ := json.Marshal(j.Doubts) // texts: cannot fail
	n, err := tx.Exec(`UPDATE job SET state = ?, step = ?, person = ?, sends = ?, doubts = ?, note = ?, version = version + 1,
		session = ?, lease_at = ?, sent_at = ?, changed_at = ?, sealed = CASE WHEN ? THEN NULL ELSE sealed END
		WHERE id = ? AND version = ?`,
		string(j.State), string(j.Step), j.Person, j.Sends, string(doubts), j.Note,
		b.session, ms(until), ms(j.Sent), ms(tx.Now), j.State == Verified, j.ID, j.version)
	if err == nil && n == 0 {
		err = errTaken
	}
	if err != nil {
		return err
	}
	j.version++
	j.leased, j.Changed = until, tx.Now
	return nil
}

// letGo gives an open job back.
func (b *Book) letGo(ctx context.Context, j *Job) error {
	return b.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE job SET lease_at = 0 WHERE id = ? AND version = ?", j.ID, j.version)
		return err
	})
}

// absent reports that a row is not there.
func absent(err error) bool { return errors.Is(err, sql.ErrNoRows) }
