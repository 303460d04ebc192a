package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/state/desk"
	"frontdesk/state/enroll"
	"frontdesk/state/store"
)

const angleName = "Angle Health"

// enrolment is the book and its insurer.
type enrolment struct {
	book  *enroll.Book
	angle *anglehealth.Client
}

func (r *run) enrolment() (enrolment, error) {
	angle, err := need(r.to.Angle, "anglehealth")
	if err != nil {
		return enrolment{}, err
	}
	if r.enroll.book != nil {
		return r.enroll, nil
	}
	var o enroll.Options
	if len(r.Keys.Seal) > 0 {
		seal, err := desk.NewSeal(r.Keys.Seal)
		if err != nil {
			return enrolment{}, err
		}
		o.Sealer = seal
	}
	db, err := r.database(store.Options{Path: filepath.Join(r.State, "enrollment.db"), Migrations: enroll.Migrations})
	if err != nil {
		return enrolment{}, err
	}
	r.enroll = enrolment{enroll.Open(db, angle, o), angle}
	if Completing(r.ctx) {
		return r.enroll, nil
	}
	if _, err := r.enroll.book.Recover(r.ctx); err != nil {
		return enrolment{}, err
	}
	return r.enroll, nil
}

func (s *suite) enroll() *cobra.Command {
	return group("enroll", "Enroll, change and end coverage at Angle Health",
		"frontdesk enroll snapshot 3f0c...\nfrontdesk enroll hire -F family.json --dry-run\nfrontdesk enroll import -F census.csv --rejects rejects.csv --dry-run",
		s.enrollHire(), s.enrollTerminate(), s.enrollEvent(), s.enrollChange(), s.enrollGroup(), s.enrollSnapshot(), s.enrollImport())
}

// covered is a member as a snapshot shows them.
type covered struct {
	ID       string `json:"id" head:"member"`
	Type     string `json:"type" head:"type"`
	Name     string `json:"name" head:"name"`
	Born     string `json:"dob" head:"born" mask:"birth"`
	SSN      string `json:"ssn_last_four" head:"ssn"`
	Medical  string `json:"medical" head:"medical"`
	Dental   string `json:"dental" head:"dental"`
	Vision   string `json:"vision" head:"vision"`
	Group    string `json:"group" head:"group"`
	Employee string `json:"employee" head:"employee"`
	Relation string `json:"relationship" head:"relation"`
	Contact  string `json:"contact" head:"contact" mask:"all"`
	Address  string `json:"home_address" head:"address" mask:"all"`
}

func coveredOf(m anglehealth.Member) covered {
	ssn := ""
	if m.SSN.Given {
		ssn = m.SSN.String()
	}
	return covered{string(m.ID), m.Type.String(), strings.TrimSpace(m.FirstName.String() + " " + m.LastName.String()), m.DOB.String(), ssn,
		m.Medical.String(), m.Dental.String(), m.Vision.String(), string(m.Group), string(m.Parent), m.Relationship.String(),
		m.Contact.Text.String(), m.HomeAddress.Text.String()}
}

func (s *suite) enrollSnapshot() *cobra.Command {
	return s.command(deed{
		use: "snapshot <member>...", short: "What Angle Health holds of members", args: cobra.MinimumNArgs(1), personal: true,
		json: shape[covered]("members", true), ids: memberIDs,
		do: func(r *run, args []string) error {
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			var rows []covered
			for i, id := range args {
				r.progress("%d of %d", i+1, len(args))
				m, err := e.angle.Member(r.ctx, anglehealth.ID(id))
				if err != nil {
					r.over()
					return err
				}
				if err := e.book.Keep(r.ctx, m); err != nil {
					return err
				}
				rows = append(rows, coveredOf(m))
			}
			r.over()
			return list(r, "members", rows)
		},
	})
}

// memberIDs completes from the book, which asks nobody.
func memberIDs(r *run, _ []string) ([]string, error) {
	e, err := r.enrolment()
	if err != nil {
		return nil, err
	}
	all, err := e.book.Members(r.ctx, "")
	var ids []string
	for _, m := range all {
		ids = append(ids, string(m.ID))
	}
	return ids, err
}

// elected is a member with plans, as -F brings them.
type elected struct {
	ID    anglehealth.ID              `json:"id"`
	Plans map[anglehealth.Line]string `json:"plans"`
	about
}

// about is who a member is, as -F brings it.
type about struct {
	Fields map[string]string `json:"fields"`
	Hired  civil.Date        `json:"hire_date,omitzero"`
	DOB    civil.Date        `json:"dob,omitzero"`
	Sex    string            `json:"sex"`
	SSN    string            `json:"ssn"`
}

// demographics are the changes these make.
func (p about) demographics(id anglehealth.ID) (anglehealth.Demographics, error) {
	d := anglehealth.Demographics{ID: id, Fields: p.Fields, Hired: p.Hired, DOB: p.DOB, Sex: p.Sex}
	if p.SSN != "" {
		ssn, err := anglehealth.ParseSSN(p.SSN)
		if err != nil {
			return d, Usage(err)
		}
		d.SSN = ssn
	}
	return d, nil
}

// family is a new hire with dependents, as -F brings it.
type family struct {
	Group      anglehealth.ID `json:"group"`
	Start      civil.Date     `json:"start"`
	Wanted     civil.Date     `json:"wanted"`
	Employee   elected        `json:"employee"`
	Dependents []elected      `json:"dependents"`
}

func (f family) plan() (enroll.Plan, error) {
	p := enroll.Plan{Wanted: f.Wanted}
	p.Hire = anglehealth.NewHire{Group: f.Group, Start: f.Start}
	for i, m := range append([]elected{f.Employee}, f.Dependents...) {
		if m.ID == "" {
			m.ID = anglehealth.NewID()
		}
		who := anglehealth.Elected{ID: m.ID, Plans: m.Plans}
		if i == 0 {
			p.Hire.Employee = who
		} else {
			p.Hire.Dependents = append(p.Hire.Dependents, who)
		}
		d, err := m.demographics(m.ID)
		if err != nil {
			return p, err
		}
		p.People = append(p.People, d)
	}
	return p, wrong(p.Hire.Problems())
}

// wrong are the complaints about what is to be sent, by field; nil for none.
func wrong(problems map[string]string) error {
	if len(problems) == 0 {
		return nil
	}
	return Usage(errors.New("this cannot be sent as it is." + complaints(problems)))
}

// hired is a family on its way.
type hired struct {
	Job     string   `json:"job" head:"job"`
	State   string   `json:"state" head:"state"`
	Group   string   `json:"group" head:"group"`
	Note    string   `json:"note" head:"note"`
	Doubts  []string `json:"doubts" head:"differs"`
	Members []struct {
		ID   string `json:"id" head:"member"`
		Word string `json:"state" head:"state"`
	} `json:"members" head:"members"`
}

func hiredOf(j enroll.Job) hired {
	out := hired{Job: j.ID, State: string(j.State), Group: string(j.Hire.Group), Note: keyless(j.Note), Doubts: j.Doubts}
	if j.Words != "" {
		out.Note = keyless(strings.TrimSpace(j.Note + " " + j.Words))
	}
	for _, m := range j.Results() {
		out.Members = append(out.Members, struct {
			ID   string `json:"id" head:"member"`
			Word string `json:"state" head:"state"`
		}{string(m.ID), m.Word})
	}
	return out
}

func (s *suite) enrollHire() *cobra.Command {
	return s.command(deed{
		use: "hire", short: "Enroll a new hire with dependents", writes: true, from: "the family as JSON",
		long: "hire enrolls one employee with dependents, tells Angle Health who they are, and compares snapshots. -F brings JSON:\n\n" +
			`  {"group":"...","start":"2026-03-01","wanted":"2026-04-01",` + "\n" +
			`   "employee":{"plans":{"medical":"silver_ppo"},"fields":{"first_name":"..."},` + "\n" +
			`    "dob":"1980-01-31","sex":"F","ssn":""},` + "\n" +
			`   "dependents":[{"plans":{"medical":"silver_ppo"},"fields":{"first_name":"..."}}]}` + "\n\n" +
			"Members without an id get one. What of it is left to send stands in the outbox. fields are " + strings.Join(anglehealth.DemographicFields(), ", ") + ".",
		json: shape[hired]("family", false),
		do: func(r *run, _ []string) error {
			f, err := decode[family](r)
			if err != nil {
				return err
			}
			p, err := f.plan()
			if err != nil {
				return err
			}
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			if r.dry {
				w := sendFamily
				w.shown = func(sentFamily) any { return plainly(p) }
				return w.dryRun(r, string(p.Hire.Employee.ID), sentFamily{})
			}
			return r.hire(e, p)
		},
	})
}

func (r *run) hire(e enrolment, p enroll.Plan) error {
	doubts, err := e.book.Vet(r.ctx, p.Hire)
	if err != nil {
		return err
	}
	again, err := e.book.Again(r.ctx, p.People)
	if err != nil {
		return err
	}
	if n := len(again); n > 0 {
		doubts = append(doubts, fmt.Sprintf("%d of this family were enrolled from this desk before, or wait to be. Who comes back is a new hire; anybody else would be enrolled twice.", n))
	}
	for _, d := range doubts {
		r.say("%s", d)
	}
	if err := r.agree(fmt.Sprintf("Enroll %s in the group %s?", counted(len(p.Hire.Members()), "person", "people"), p.Hire.Group)); err != nil {
		return err
	}
	j, err := e.book.NewHire(r.ctx, p)
	if err != nil {
		return err
	}
	if _, err := e.book.Release(r.ctx, j.ID); err != nil {
		return err
	}
	done, err := sendFamily.do(r, string(j.Hire.Employee.ID), sentFamily{Job: j.ID})
	if done.ID != "" {
		err = errors.Join(one(r, "family", done.ID, hiredOf(done)), err)
	}
	return err
}

// refused is a workflow's no, which it has told in its own words.
func refused(op, words string) error {
	return rest.Refusal(angleName, op, rest.KindValidation, words)
}
