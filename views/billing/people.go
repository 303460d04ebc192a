package billing

import (
	"context"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/ui"
	"frontdesk/ui/form"
	"frontdesk/ui/table"
)

// patient is a row: the vendor's record and the name of its enterprise.
type patient struct {
	inboxhealth.Patient
	owner string
	part  bool // the list it is of had no end that was reached
}

// people is the list of patients, page by page as the vendor gives it.
type people struct {
	*list[patient]
	query  inboxhealth.Query
	more   bool // the page is full: there may be another
	all    bool // everything was asked for
	looked ui.Person
	look   *ui.Call[[]inboxhealth.Patient]
	adding *newcomer
}

// sorts are the attributes the list can be ordered by; the documents know
// ascending only.
var sorts = []string{"", "last_name", "first_name", "date_of_birth"}

func newPeople(v *View) *people {
	p := &people{query: inboxhealth.Query{Page: 1}, look: ui.NewCall[[]inboxhealth.Patient](v.env, "look for the patient")}
	t := table.New(v.env.Theme, func(r patient) string { return r.ID.String() },
		table.Column[patient]{Title: "Patient", Min: 18, Cell: func(r patient) string { return r.Name().String() }},
		table.Column[patient]{Title: "Born", Min: 10, Max: 10, Drop: 1, Cell: func(r patient) string { return v.env.Birth(r.ID.String(), day(r.DateOfBirth)) }},
		table.Column[patient]{Title: "Balance", Min: 11, Max: 14, Right: true, Cell: func(r patient) string { return r.Balance.String() }, Less: byAmount(func(r patient) amount { return r.Balance })},
		table.Column[patient]{Title: "Statements", Min: 11, Max: 16, Cell: func(r patient) string { return statement(r.BillingStatus.Raw()) }},
		table.Column[patient]{Title: "Enterprise", Min: 12, Drop: 2, Cell: func(r patient) string { return r.owner }},
	)
	p.list = newList(v, "list patients", t)
	p.head, p.act, p.keys = p.title, p.do, p.binds
	p.fetch = p.asking()
	t.SetEmpty("No patient here. Press f to look for another first name, or n to add one.")
	return p
}

// asking is the reading of the page that is wanted now. Everything at once
// ends the paging.
func (p *people) asking() func(ctx) ([]patient, error) {
	inbox, q, all := p.v.inbox, p.query, p.all
	return func(c ctx) ([]patient, error) {
		if all {
			found, complete, err := inbox.AllPatients(c, q)
			all := rows(found)
			for i := range all {
				all[i].part = !complete
			}
			return all, err
		}
		page, err := inbox.Patients(c, q)
		return rows(page.Items), err
	}
}

func rows(found []inboxhealth.Patient) []patient {
	all := make([]patient, len(found))
	for i, f := range found {
		all[i] = patient{Patient: f}
	}
	return all
}

func (p *people) again() tea.Cmd {
	p.fetch = p.asking()
	return p.reload()
}

// named fills in the enterprises' names, which come by another way.
func (p *people) named() {
	all := append([]patient(nil), p.table.Rows()...)
	for i := range all {
		all[i].owner = p.v.enterprises.name(all[i].EnterpriseID)
	}
	if len(all) > 0 {
		p.table.Set(all)
	}
}

func (p *people) Update(msg tea.Msg) tea.Cmd {
	if r, ok := msg.(ui.Result[[]inboxhealth.Patient]); ok {
		if p.adding != nil && p.adding.look.Out() {
			return p.v.checkedPatient(p.adding, r)
		}
		return p.met(r)
	}
	cmd := p.list.Update(msg)
	if _, ok := msg.(ui.Result[[]patient]); ok {
		p.more = !p.all && p.table.Len() >= 50
		p.named()
	}
	return cmd
}

func (p *people) title() string {
	words := fmt.Sprintf("page %d", p.query.Page)
	if p.all {
		words = fmt.Sprintf("all %d", len(p.table.Rows()))
		if n := len(p.table.Rows()); n > 0 && p.table.Rows()[0].part {
			words = fmt.Sprintf("the first %d, NOT ALL", n)
		}
	}
	if p.query.Filter != "" {
		words += `, first name "` + p.query.Filter + `"`
	}
	if p.query.Sort != "" {
		words += ", by " + strings.ReplaceAll(p.query.Sort, "_", " ")
	}
	switch filtered := p.table.Filter() != ""; {
	case filtered && (p.more || p.query.Page > 1):
		words += "; only this page is filtered, L loads all"
	case p.more:
		words += "; . for the next"
	}
	return p.v.env.Theme.Strong.Render("Patients") + "  " + words
}

func (p *people) binds() []key.Binding {
	k := p.v.keys
	p.needRow(&k.Open)
	all := []key.Binding{k.Open, k.Find, k.New, k.Sort, k.All}
	if p.more {
		all = append(all, k.Next)
	}
	if p.query.Page > 1 {
		all = append(all, k.Previous)
	}
	if p.narrowed() {
		all = append(all, k.Everybody)
	}
	return append(all, k.Reveal)
}

// narrowed reports that only those of one first name are asked for.
func (p *people) narrowed() bool { return p.query.Filter != "" && p.table.Filter() == "" }

func (p *people) do(msg tea.KeyPressMsg, row patient, some bool) (tea.Cmd, bool) {
	k := p.v.keys
	switch {
	case key.Matches(msg, k.Everybody) && p.narrowed():
		p.query.Filter, p.query.Page, p.all = "", 1, false
		return p.again(), true
	case key.Matches(msg, k.Find):
		p.ask()
	case key.Matches(msg, k.New):
		p.v.newPatient(p.looked)
	case key.Matches(msg, k.Sort):
		p.query.Sort, p.query.Page = sorts[(indexOf(sorts, p.query.Sort)+1)%len(sorts)], 1
		return p.again(), true
	case key.Matches(msg, k.All):
		p.all, p.query.Page = true, 1
		return p.again(), true
	case key.Matches(msg, k.Next) && p.more:
		p.query.Page++
		return p.again(), true
	case key.Matches(msg, k.Previous) && p.query.Page > 1:
		p.query.Page--
		return p.again(), true
	case some && key.Matches(msg, k.Reveal):
		return p.v.env.Reveal(row.ID.String()), true
	case some && key.Matches(msg, k.Open):
		return p.v.goTo(row.ID), true
	default:
		return nil, false
	}
	return nil, true
}

func indexOf(all []string, s string) int {
	for i, a := range all {
		if a == s {
			return i
		}
	}
	return 0
}

// ask looks for a first name, the only one the vendor can filter by.
func (p *people) ask() {
	f := form.New(p.v.env.Theme, form.Text("first", "First name").
		Help("Inbox Health finds first names only. Empty shows everybody; then L loads all and / finds any word."))
	f.Set("first", p.query.Filter)
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Find patients", f, func(values map[string]string) tea.Cmd {
		p.query.Filter, p.query.Page, p.all = strings.TrimSpace(values["first"]), 1, false
		d.Sent()
		return p.again()
	})
	p.v.env.Open(d)
}

// find shows the patient somebody of another tab is, or offers to add them.
func (p *people) find(who ui.Person) tea.Cmd {
	p.v.Open(p.v.people)
	p.looked = who
	inbox, first := p.v.inbox, strings.TrimSpace(who.First)
	p.query, p.all = inboxhealth.Query{Filter: first, Page: 1}, false
	return tea.Batch(p.again(), p.look.Latest(func(c context.Context) ([]inboxhealth.Patient, error) {
		all, _, err := inbox.AllPatients(c, inboxhealth.Query{Filter: first})
		return all, err
	}))
}

// met opens the one who is meant.
func (p *people) met(r ui.Result[[]inboxhealth.Patient]) tea.Cmd {
	if !p.look.Accept(r) {
		return nil
	}
	if r.Err != nil {
		p.v.env.Fail(rest.UserMessage(r.Err))
		return nil
	}
	fits := fitting(r.Value, p.looked)
	name := strings.TrimSpace(p.looked.First + " " + p.looked.Last)
	switch len(fits) {
	case 0:
		return p.v.env.Say("Nobody at Inbox Health is called " + name + " and born that day. Press n to add them.")
	case 1:
		p.looked = ui.Person{} // found: the next new patient is somebody else
		p.v.Open(p.v.person)
		return p.v.person.open(fits[0].ID)
	}
	return p.v.env.Say(fmt.Sprintf("%d patients could be %s: choose one and press enter.", len(fits), name))
}

// fitting are the patients of that name who are not known to be born another
// day.
func fitting(all []inboxhealth.Patient, who ui.Person) []inboxhealth.Patient {
	var fits []inboxhealth.Patient
	born, known := readDate(who.DOB)
	for _, p := range all {
		if strings.EqualFold(strings.TrimSpace(p.FirstName.Raw()), strings.TrimSpace(who.First)) &&
			strings.EqualFold(strings.TrimSpace(p.LastName.Raw()), strings.TrimSpace(who.Last)) &&
			(!known || p.DateOfBirth.IsZero() || p.DateOfBirth == born) {
			fits = append(fits, p)
		}
	}
	return fits
}

// Waiting keeps keys back until it is known whether a patient is opened.
func (p *people) Waiting(msg tea.Msg) bool {
	adding := key.Matches(ui.Pressed(msg), p.v.keys.New) && p.v.enterprises.read.Out() // one of them may be new
	return p.look.Out() || adding || p.list.Waiting(msg)
}
