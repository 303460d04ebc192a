package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-sql/civil"
	"github.com/spf13/cobra"

	"frontdesk/clients/anglehealth"
	"frontdesk/state/enroll"
)

func (s *suite) enrollTerminate() *cobra.Command {
	var last string
	return s.command(deed{
		use: "terminate <member> --last-work <day>", short: "End coverage of a member, and of all dependents", args: cobra.ExactArgs(1),
		long: "terminate ends coverage. An employee's dependents lose theirs too; who does is shown before. Nothing takes it\n" +
			"back: it wants --confirm with the member's id.",
		forGood: true, personal: true, json: shape[covered]("losing", true), ids: first(memberIDs), values: map[string]ids{"confirm": argument},
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&last, "last-work", "", "the last `day` of work: YYYY-MM-DD, today, +3 or -3")
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
	r.say("%s coverage: %s", counted(len(t.Losing), "person loses", "people lose"), joined(t.Losing))
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

func eventWords() string {
	var all []string
	for _, t := range anglehealth.EventTypes() {
		all = append(all, t.Word)
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
		use: "event", short: "Change coverage because of a life event, or in open enrollment", writes: true, from: "the event as JSON",
		long: "event adds lines of coverage to members or removes them. -F brings JSON:\n\n" +
			`  {"type":"marriage","date":"2026-03-01","lines":[{"id":"...","line":"medical","plan":"silver_ppo","add":true}]}` + "\n\n" +
			"With --open it is open enrollment and has no type. Types are not documented; these are usual: " +
			eventWords() + ".",
		json: shape[changed]("changed", true), flags: func(c *cobra.Command) { c.Flags().BoolVar(&open, "open", false, "it is the open enrollment") },
		do: func(r *run, _ []string) error {
			ev, err := decode[anglehealth.Event](r)
			if err != nil {
				return err
			}
			problems := ev.Problems
			if open {
				problems = ev.OpenProblems
			}
			if err := wrong(problems()); err != nil {
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
			if err := r.agree("Change " + counted(len(ev.Lines), "line", "lines") + " of coverage?"); err != nil {
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
		r.say("%s", strings.TrimSpace(fmt.Sprintf("%s %s: %s -> %s %s", e.ID, e.Line, orNone(e.Before), orNone(e.After), e.Problem)))
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
		json: shape[covered]("member", false), ids: first(memberIDs),
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
			p.SSN = "" // is not kept
			c := corrected{d.ID, p, d.SSN.Given(), d}
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
		json: shape[roster]("group", false), ids: first(groupIDs),
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

// groupIDs completes from the book, which asks nobody.
func groupIDs(r *run, _ []string) ([]string, error) {
	e, err := r.enrolment()
	if err != nil {
		return nil, err
	}
	all, err := e.book.Groups(r.ctx)
	var found []string
	for _, g := range all {
		found = append(found, hinted(string(g.ID), g.Name))
	}
	return found, err
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
	if err := r.agree("Register " + reg.Name + " with " + counted(len(reg.Families), "family", "families") + "?"); err != nil {
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
