package enrollment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/state/enroll"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// maxDependents is how many fit into one form; a larger family is a census.
const maxDependents = 8

// hiring makes a new hire of a form: plans and group are asked about first, then
// the family is written down in the book, ids included. Nothing is sent here.
type hiring struct {
	v      *View
	making *ui.Call[enroll.Job]
	form   *ui.FormDialog
	before enroll.Job // the draft the form corrects, if it does
}

func newHiring(v *View) *hiring {
	return &hiring{v: v, making: ui.NewCall[enroll.Job](v.env, "write the family down")}
}

// ask asks for the size of the family, then for its members.
func (h *hiring) ask(group anglehealth.ID, who ui.Person) tea.Cmd {
	var opts []form.Option
	for n := range maxDependents + 1 {
		opts = append(opts, form.Option{Value: strconv.Itoa(n)})
	}
	f := form.New(h.v.env.Theme, form.Choice("count", "Dependents", opts...).Default("0").
		Help("who comes with the employee; more than 8 go into a census file"))
	var d *ui.FormDialog
	d = ui.NewFormDialog(h.v.env, "New hire: how many dependents?", f, func(values map[string]string) tea.Cmd {
		d.Sent()
		n, _ := strconv.Atoi(values["count"])
		h.family(group, n, who)
		return nil
	})
	h.v.env.Open(d)
	return nil
}

// correct shows a draft in its form again. What is submitted takes its place.
func (h *hiring) correct(j enroll.Job) {
	f := h.fields(j.Hire.Group, len(j.Hire.Dependents), ui.Person{})
	set := func(name, value string) { f.Set(name, value) }
	set("employee_start_date", j.Hire.Start.String())
	if !j.Wanted.IsZero() {
		set("effective_date", j.Wanted.String())
	}
	people := map[anglehealth.ID]anglehealth.Demographics{}
	for _, d := range j.People {
		people[d.ID] = d
	}
	for i, e := range append([]anglehealth.Elected{j.Hire.Employee}, j.Hire.Dependents...) {
		at, d := prefix(i), people[e.ID]
		for _, l := range anglehealth.Lines() {
			set(at+"."+string(l), e.Plans[l])
		}
		for name, value := range d.Fields {
			set(at+"."+name, value)
		}
		if !d.DOB.IsZero() {
			set(at+".dob", d.DOB.String())
		}
		set(at+".sex", d.Sex)
	}
	for _, d := range j.People { // what is shown in full is on the trail
		h.v.env.Trace("reveal", string(d.ID))
	}
	h.open(f, "Correct a new hire", j)
}

// prefix is that of the fields of the i-th of the family.
func prefix(i int) string {
	if i == 0 {
		return "e"
	}
	return fmt.Sprintf("d%d", i)
}

// family asks for everybody of the family in one form.
func (h *hiring) family(group anglehealth.ID, dependents int, who ui.Person) {
	h.open(h.fields(group, dependents, who), "New hire", enroll.Job{Plan: enroll.Plan{Hire: anglehealth.NewHire{Dependents: make([]anglehealth.Elected, dependents)}}})
}

// open opens the form of a family, in place of a draft where there is one.
func (h *hiring) open(f *form.Form, title string, before enroll.Job) {
	h.before = before
	dependents := len(before.Hire.Dependents)
	h.form = ui.NewFormDialog(h.v.env, title, f, func(values map[string]string) tea.Cmd { return h.submit(values, dependents) })
	h.form.Busy = h.making.Out
	record := fmt.Sprintf("%d dependents", dependents)
	if before.ID != "" {
		record = before.ID
		h.form.Below = func(int) string { return "An SSN left empty stays as it was typed before." }
	}
	h.form.Keep("enrollment.hire", record)
	h.v.env.Open(h.form)
}

func (h *hiring) fields(group anglehealth.ID, dependents int, who ui.Person) *form.Form {
	v := h.v
	fields := []form.Field{
		form.Combo("group_id", "Group", v.groups.options()...).Required().Default(string(group)),
		form.Date("employee_start_date", "Starts").Required().Today(v.today).Help("first day of work; coverage is counted from it"),
		form.Date("effective_date", "Coverage from").Coming().Today(v.today).Help("may stay empty; it is not sent, but compared with the answer"),
	}
	fields = append(fields, h.person(prefix(0), "Employee", who)...)
	fields = append(fields, form.Phone("e.home_phone", "Phone").Default(who.Phone), form.Text("e.email_address", "E-mail").Default(who.EMail),
		form.Text("e.home_address", "Home address").Max(200))
	for i := range dependents {
		fields = append(fields, h.person(prefix(i+1), fmt.Sprintf("Dependent %d", i+1), ui.Person{})...)
	}
	return form.New(v.env.Theme, fields...)
}

// person are the fields of one member; prefix tells them apart.
func (h *hiring) person(prefix, title string, who ui.Person) []form.Field {
	at := func(name string) string { return prefix + "." + name }
	ssn := form.NewSecret(at("ssn"), "SSN").Check(checkSSN).Help("never shown, and not kept in the draft")
	return []form.Field{
		form.Text(at("first_name"), "First name").Required().Section(title).Default(who.First),
		form.Text(at("last_name"), "Last name").Required().Default(who.Last),
		form.Date(at("dob"), "Born").Today(h.v.today).Until(h.v.today()).Default(born(who.DOB)),
		form.Choice(at("sex"), "Sex", form.Option{Value: "", Label: "not told"}, form.Option{Value: "F"}, form.Option{Value: "M"}),
		ssn, form.NewSecret(at("again"), "SSN once more").Against(ssn, differ),
		h.v.plans.field(at("medical"), "Medical", anglehealth.Medical, ""),
		h.v.plans.field(at("dental"), "Dental", anglehealth.Dental, ""),
	}
}

// born reads another vendor's birth date for a date field.
func born(s string) string {
	if d, ok := anglehealth.ParseDay(strings.TrimSpace(s)); ok {
		return d.String()
	}
	return ""
}

func checkSSN(s string) string {
	if s == "" {
		return ""
	}
	if _, err := anglehealth.ParseSSN(s); err != nil {
		return "SSN: it has nine digits, as in 123-45-6789, and no part of it is all zeros. Type it again."
	}
	return ""
}

// twice compares the two entries of a social security number.
func twice(values map[string]string, first, again string, wrong map[string]string) anglehealth.SSN {
	if words := differ(values[first], values[again]); words != "" {
		wrong[again] = words
	}
	ssn, _ := anglehealth.ParseSSN(values[first])
	return ssn
}

// differ says that two entries are not the same number.
func differ(first, again string) string {
	a, errA := anglehealth.ParseSSN(first)
	b, errB := anglehealth.ParseSSN(again)
	if first == again || errA == nil && errB == nil && a == b {
		return "" // one that is no number at all is checked where it is typed first
	}
	return "SSN once more: the two entries differ. Type the number in both fields again."
}

// planned is the form as a plan, with what is wrong with it by field.
func planned(values map[string]string, dependents int) (enroll.Plan, map[string]choice, map[string]string) {
	wrong, chosen := map[string]string{}, map[string]choice{}
	p := enroll.Plan{Wanted: date(values["effective_date"])}
	p.Hire.Group, p.Hire.Start = anglehealth.ID(values["group_id"]), date(values["employee_start_date"])
	member := func(at string) anglehealth.Elected {
		e := anglehealth.Elected{ID: anglehealth.NewID(), Plans: map[anglehealth.Line]string{}}
		d := anglehealth.Demographics{ID: e.ID, Fields: map[string]string{}, DOB: date(values[at+".dob"]), Sex: values[at+".sex"]}
		d.SSN = twice(values, at+".ssn", at+".again", wrong)
		for _, name := range anglehealth.DemographicFields() {
			if s := strings.TrimSpace(values[at+"."+name]); s != "" {
				d.Fields[name] = s
			}
		}
		for _, l := range anglehealth.Lines() {
			field := at + "." + string(l)
			if s := strings.TrimSpace(values[field]); s != "" {
				e.Plans[l] = s
				chosen[field] = choice{l, s}
			}
		}
		if len(e.Plans) == 0 {
			wrong[at+".medical"] = "Medical: nobody is enrolled without a plan. Choose a medical or a dental one."
		}
		p.People = append(p.People, d)
		return e
	}
	p.Hire.Employee = member(prefix(0))
	for i := range dependents {
		at := prefix(i + 1)
		e := member(at)
		for l := range e.Plans {
			if p.Hire.Employee.Plans[l] == "" {
				wrong[at+"."+string(l)] = fmt.Sprintf("Dependent %d cannot have %s coverage without the employee's: "+
					"Angle Health tells a dependent by the employee before it in the same line.", i+1, l)
			}
		}
		p.Hire.Dependents = append(p.Hire.Dependents, e)
	}
	return p, chosen, wrong
}

func (h *hiring) submit(values map[string]string, dependents int) tea.Cmd {
	p, chosen, wrong := planned(values, dependents)
	h.keepNumbers(p.People)
	if !p.Wanted.IsZero() && p.Wanted.Before(p.Hire.Start) {
		wrong["effective_date"] = "Coverage from: it lies before the first day of work. Correct one of the two, or leave it empty."
	}
	for name, said := range p.Hire.Problems() {
		if len(wrong) == 0 {
			wrong[name] = said
		}
	}
	if len(wrong) > 0 {
		h.form.SetErrors(wrong)
		return nil
	}
	angle, book, before := h.v.angle, h.v.book, h.before.ID
	return h.making.Once(func(ctx ctx) (enroll.Job, error) {
		wrong, err := vet(ctx, angle, chosen, p.Hire.Start)
		if err != nil {
			return enroll.Job{}, err
		}
		if _, err := book.Roster(ctx, p.Hire.Group); anglehealth.NotFound(err) {
			wrong["group_id"] = "Angle Health knows no group of this id. Register it first."
		} else if err != nil {
			return enroll.Job{}, err
		}
		if len(wrong) > 0 {
			return enroll.Job{}, wrongError(wrong)
		}
		if before != "" {
			return book.Correct(ctx, before, p)
		}
		return book.NewHire(ctx, p)
	})
}

// keepNumbers gives those of whom no social security number was typed again the
// one of the draft: the form never shows it.
func (h *hiring) keepNumbers(people []anglehealth.Demographics) {
	old := map[anglehealth.ID]anglehealth.SSN{}
	for _, d := range h.before.People {
		old[d.ID] = d.SSN
	}
	for i, id := range h.before.Hire.Members() {
		if i < len(people) && !people[i].SSN.Given() {
			people[i].SSN = old[id]
		}
	}
}

func (h *hiring) update(msg tea.Msg) tea.Cmd {
	r, ok := msg.(ui.Result[enroll.Job])
	if !ok || !h.making.Accept(r) {
		return nil
	}
	var wrong wrongError
	switch {
	case errors.As(r.Err, &wrong):
		h.form.SetErrors(wrong)
		return nil
	case r.Err != nil:
		h.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	if !h.form.Shown() { // left meanwhile: it waits among the requests
		return h.v.requests.reload()
	}
	h.form.Sent()
	return tea.Batch(h.v.job.show(r.Value), h.v.requests.reload(),
		h.v.env.Say("Written down with its ids. Nothing is sent yet: read it over, then press s."))
}
