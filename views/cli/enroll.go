package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
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
	seal, err := Sealer(r.Keys)
	if err != nil {
		return enrolment{}, err
	}
	db, err := r.database(store.Options{Path: EnrollFile(r.State), Migrations: enroll.Migrations})
	if err != nil {
		return enrolment{}, err
	}
	r.enroll = enrolment{enroll.Open(db, angle, enroll.Options{Sealer: seal, KeepPersonal: true}), angle}
	if _, err := r.enroll.book.Recover(r.ctx); err != nil {
		return enrolment{}, err
	}
	return r.enroll, nil
}

func (s *suite) enroll() *cobra.Command {
	return group("enroll", "Enrol, change and end coverage at Angle Health",
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
	Hired  civil.Date        `json:"hire_date"`
	DOB    civil.Date        `json:"dob"`
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

// wrong is the first of a client's complaints about what is to be sent.
func wrong(problems map[string]string) error {
	for name, sentence := range problems {
		return Usage(fmt.Errorf("%s: %s", name, sentence))
	}
	return nil
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
	out := hired{Job: j.ID, State: string(j.State), Group: string(j.Hire.Group), Note: j.Note, Doubts: j.Doubts}
	if j.Words != "" {
		out.Note = strings.TrimSpace(j.Note + " " + j.Words)
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
		use: "hire", short: "Enrol a new hire with dependents", writes: true, from: "the family as JSON",
		long: "hire enrols one employee with dependents, tells Angle Health who they are, and compares snapshots. -F brings JSON:\n\n" +
			`  {"group":"...","start":"2026-03-01","wanted":"2026-04-01",` + "\n" +
			`   "employee":{"plans":{"medical":"silver_ppo"},"fields":{"first_name":"..."},"dob":"1980-01-31","sex":"F","ssn":""},` + "\n" +
			`   "dependents":[{"plans":{"medical":"silver_ppo"},"fields":{"first_name":"..."}}]}` + "\n\n" +
			"Members without an id get one. fields are " + strings.Join(anglehealth.DemographicFields(), ", ") + ".",
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
	for _, d := range doubts {
		r.say("%s", d)
	}
	if err := r.agree(fmt.Sprintf("Enrol %d people in the group %s?", len(p.Hire.Members()), p.Hire.Group)); err != nil {
		return err
	}
	j, err := e.book.NewHire(r.ctx, p)
	if err != nil {
		return err
	}
	if _, err := e.book.Release(r.ctx, j.ID); err != nil {
		return err
	}
	done, err := sendFamily.do(r, string(p.Hire.Employee.ID), sentFamily{Job: j.ID})
	if done.ID != "" {
		err = errors.Join(one(r, "family", done.ID, hiredOf(done)), err)
	}
	return err
}

func (s *suite) enrollTerminate() *cobra.Command {
	var last string
	return s.command(deed{
		use: "terminate <member> --last-work <day>", short: "End coverage of a member, and of all dependents", args: cobra.ExactArgs(1),
		long: "terminate ends coverage. An employee's dependents lose theirs too; who does is shown before. Nothing takes it\n" +
			"back: it wants --confirm with the member's id.",
		forGood: true, personal: true, json: shape[covered]("losing", true), ids: first(func(r *run) ([]string, error) { return memberIDs(r, nil) }),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&last, "last-work", "", "the last day of work: YYYY-MM-DD or today")
			_ = c.MarkFlagRequired("last-work")
		},
		do: func(r *run, args []string) error {
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			d, err := day(last, civil.DateOf(time.Now().In(r.Profile.Zone)))
			if err != nil {
				return err
			}
			l, err := e.book.Leaving(r.ctx, anglehealth.ID(args[0]), d)
			if err != nil {
				return err
			}
			return r.terminate(args[0], l)
		},
	})
}

func (r *run) terminate(id string, l enroll.Leaving) error {
	t := leaving{ID: l.Termination.ID, LastWork: l.Termination.LastWork}
	var rows []covered
	for _, m := range l.Losing {
		t.Losing = append(t.Losing, m.ID)
		rows = append(rows, coveredOf(m))
	}
	if l.Warning != "" {
		r.say("%s", l.Warning)
	}
	if r.dry {
		return endCoverage.dryRun(r, id, t)
	}
	r.say("%d people lose coverage: %s", len(t.Losing), joined(t.Losing))
	if err := r.typed(fmt.Sprintf("Coverage of %s ends with the last day of work %s.", id, t.LastWork), id); err != nil {
		return err
	}
	if _, err := endCoverage.do(r, id, t); err != nil {
		return err
	}
	return list(r, "losing", rows)
}

func joined(ids []anglehealth.ID) string {
	var all []string
	for _, id := range ids {
		all = append(all, string(id))
	}
	return strings.Join(all, ", ")
}

func (s *suite) enrollEvent() *cobra.Command {
	var open bool
	type changed struct {
		ID    string `json:"id" head:"member"`
		Start string `json:"start" head:"from"`
		End   string `json:"end" head:"until"`
		Rate  string `json:"rate" head:"rate"`
	}
	return s.command(deed{
		use: "event", short: "Change coverage because of a life event, or in open enrolment", writes: true, from: "the event as JSON",
		long: "event adds lines of coverage to members or removes them. -F brings JSON:\n\n" +
			`  {"type":"marriage","date":"2026-03-01","lines":[{"id":"...","line":"medical","plan":"silver_ppo","add":true}]}` + "\n\n" +
			"With --open it is open enrolment and has no type. Types are not documented; these are usual: " +
			strings.Join(anglehealth.EventTypes(), ", ") + ".",
		json: shape[changed]("changed", true), flags: func(c *cobra.Command) { c.Flags().BoolVar(&open, "open", false, "it is the open enrolment") },
		do: func(r *run, _ []string) error {
			ev, err := decode[anglehealth.Event](r)
			if err != nil {
				return err
			}
			check := ev
			if open {
				check.Type = "open_enrollment"
			}
			if err := wrong(check.Problems()); err != nil {
				return err
			}
			if _, err := r.enrolment(); err != nil {
				return err
			}
			about := joined(ev.Members())
			if r.dry {
				return reportEvent.dryRun(r, about, happened{ev, open})
			}
			if err := r.effects(ev); err != nil {
				return err
			}
			if err := r.agree(fmt.Sprintf("Change %d lines of coverage?", len(ev.Lines))); err != nil {
				return err
			}
			a, err := reportEvent.do(r, string(ev.Members()[0]), happened{ev, open})
			if err != nil {
				return err
			}
			if len(a.Missing) > 0 {
				r.say("Angle Health did not answer about %s: compare with a snapshot.", joined(a.Missing))
			}
			var rows []changed
			for _, c := range a.Rows {
				rows = append(rows, changed{string(c.ID), c.Start.String(), c.End.String(), c.Rate.Text.String()})
			}
			return list(r, "changed", rows)
		},
	})
}

// effects says what an event would do to each line.
func (r *run) effects(ev anglehealth.Event) error {
	var read []anglehealth.Member
	for _, id := range ev.Members() {
		m, err := r.enroll.angle.Member(r.ctx, id)
		if err != nil && !anglehealth.NotFound(err) {
			return err
		}
		if err == nil {
			read = append(read, m)
		}
	}
	for _, e := range enroll.Effects(ev, read) {
		r.say("%s %s: %s → %s %s", e.ID, e.Line, orNone(e.Before), orNone(e.After), e.Problem)
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (s *suite) enrollChange() *cobra.Command {
	return s.command(deed{
		use: "change <member>", short: "Change who a member is", args: cobra.ExactArgs(1), writes: true, personal: true, from: "the changes as JSON",
		long: "change changes one person. -F brings JSON; what is not in it stays:\n\n" +
			`  {"fields":{"last_name":"..."},"dob":"1980-01-31","sex":"F","hire_date":"2026-01-02","ssn":""}` + "\n\n" +
			"fields are " + strings.Join(anglehealth.DemographicFields(), ", ") + ".",
		json: shape[covered]("member", false), ids: first(func(r *run) ([]string, error) { return memberIDs(r, nil) }),
		do: func(r *run, args []string) error {
			p, err := decode[about](r)
			if err != nil {
				return err
			}
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			d, err := p.demographics(anglehealth.ID(args[0]))
			if err != nil {
				return err
			}
			if err := wrong(d.Problems()); err != nil {
				return err
			}
			c := corrected{d, d.SSN.Given(), d.SSN}
			if r.dry {
				return changeMember.dryRun(r, args[0], c)
			}
			if err := r.agree("Change the data of " + args[0] + "?"); err != nil {
				return err
			}
			if _, err := changeMember.do(r, args[0], c); err != nil {
				return err
			}
			m, err := e.angle.Member(r.ctx, d.ID)
			if err != nil {
				r.say("It was recorded; the snapshot could not be read.")
				return err
			}
			diffs, unseen := d.Compare(m)
			for _, diff := range diffs {
				r.say("Angle Health still shows another %s.", diff.What)
			}
			if len(unseen) > 0 {
				r.say("A snapshot does not show: %s.", strings.Join(unseen, ", "))
			}
			return one(r, "member", args[0], coveredOf(m))
		},
	})
}

func (s *suite) enrollGroup() *cobra.Command {
	var register bool
	type roster struct {
		ID      string   `json:"id" head:"group"`
		Name    string   `json:"name" head:"name"`
		Partial bool     `json:"partial" head:"partial"`
		Members []string `json:"members" head:"members"`
	}
	return s.command(deed{
		use: "group [id]", short: "Read a group's roster, or register a new group", args: cobra.MaximumNArgs(1), writes: true, from: "a registration as JSON",
		long: "group writes who Angle Health has in a group. With --register it registers a new one; -F brings JSON:\n\n" +
			`  {"group":"","name":"...","address":"...","families":[{"employee":{"id":"","plans":{"medical":"silver_ppo"}},` + "\n" +
			`   "dependents":[{"plans":{"medical":"silver_ppo"}}]}]}` + "\n\nIds that are empty are made.",
		json:  shape[roster]("group", false),
		flags: func(c *cobra.Command) { c.Flags().BoolVar(&register, "register", false, "register a new group") },
		do: func(r *run, args []string) error {
			e, err := r.enrolment()
			if err != nil {
				return err
			}
			if register == (len(args) == 1) {
				return Usage(errors.New("give the id of a group, or --register with -F -"))
			}
			id := anglehealth.ID(strings.Join(args, ""))
			if register {
				reg, err := decode[anglehealth.Registration](r)
				if err != nil {
					return err
				}
				if id, err = r.register(e, reg); err != nil || r.dry {
					return err
				}
			}
			g, err := e.book.Roster(r.ctx, id)
			if err != nil {
				return err
			}
			out := roster{string(g.ID), g.Name.String(), g.Partial, []string{}}
			for _, m := range g.Members {
				out.Members = append(out.Members, string(m))
			}
			return one(r, "group", string(g.ID), out)
		},
	})
}

// register makes the ids, notes them and sends.
func (r *run) register(e enrolment, reg anglehealth.Registration) (anglehealth.ID, error) {
	named := func(id *anglehealth.ID) {
		if *id == "" {
			*id = anglehealth.NewID()
		}
	}
	named(&reg.Group)
	for i := range reg.Families {
		named(&reg.Families[i].Employee.ID)
		for j := range reg.Families[i].Dependents {
			named(&reg.Families[i].Dependents[j].ID)
		}
	}
	if err := wrong(reg.Problems()); err != nil {
		return "", err
	}
	if r.dry {
		return reg.Group, registerGroup.dryRun(r, string(reg.Group), reg)
	}
	if err := r.agree(fmt.Sprintf("Register %s with %d families?", reg.Name, len(reg.Families))); err != nil {
		return "", err
	}
	if err := e.book.AddGroup(r.ctx, reg.Group, reg.Name); err != nil {
		return "", err
	}
	for _, f := range reg.Families {
		ids := []anglehealth.ID{f.Employee.ID}
		for _, d := range f.Dependents {
			ids = append(ids, d.ID)
		}
		if err := e.book.AddMembers(r.ctx, reg.Group, f.Employee.ID, ids...); err != nil {
			return "", err
		}
	}
	a, err := registerGroup.do(r, string(reg.Group), reg)
	if err != nil {
		r.say("The group's id is %s.", reg.Group)
		return reg.Group, err
	}
	for _, d := range reg.Compare(a) {
		r.say("%s", d)
	}
	return reg.Group, nil
}

// refused is a workflow's no, which it has told in its own words.
func refused(op, words string) error {
	return rest.Refusal(angleName, op, rest.KindValidation, words)
}
