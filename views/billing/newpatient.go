package billing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/state/onboard"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// newcomer is the form for a new patient.
type newcomer struct {
	dialog *ui.FormDialog
	ready  inboxhealth.NewPatient
	look   *ui.Call[[]inboxhealth.Patient]
}

// newPatient asks for a patient, beginning with what another tab knows of them.
func (v *View) newPatient(who ui.Person) {
	if !v.can(inboxhealth.ForPatients) {
		return
	}
	if len(v.enterprises.table.Rows()) == 0 {
		v.env.Fail("A patient belongs to an enterprise, and none is known. Press E: there they are read again, and n sets one up.")
		return
	}
	n := &newcomer{look: ui.NewCall[[]inboxhealth.Patient](v.env, "look for the same patient")}
	n.dialog = ui.NewFormDialog(v.env, "New patient", v.patientForm(who), func(values map[string]string) tea.Cmd { return v.checkPatient(n, values) })
	n.dialog.Busy = func() bool { return n.look.Out() || v.sending(n.dialog)() }
	record := "new"
	if who.ID != "" {
		record = who.ID
	}
	n.dialog.Keep("billing.patient", record)
	v.people.adding = n
	v.env.Open(n.dialog)
}

func (v *View) patientForm(who ui.Person) *form.Form {
	var owners []form.Option
	for _, e := range v.enterprises.list.table.Rows() {
		owners = append(owners, form.Option{Value: e.ID.String(), Label: e.Name.String()})
	}
	owner := form.Choice("enterprise_id", "Enterprise", owners...).Required()
	if len(owners) == 1 {
		owner.Default(owners[0].Value)
	}
	f := form.New(v.env.Theme,
		form.Text("first_name", "First name").Required().Max(80),
		form.Text("middle_name", "Middle name").Max(80),
		form.Text("last_name", "Last name").Required().Max(80),
		form.Date("date_of_birth", "Born").Required().Today(v.today).Until(v.today()),
		owner,
		form.Choice("sex", "Sex", form.Option{Value: "Female"}, form.Option{Value: "Male"}),
		form.Text("email", "E-mail").Check(email),
		form.Phone("cell_phone", "Cell phone").Help("Texts go to the cell phone, then the secondary, then the home phone."),
		form.Phone("secondary_phone", "Secondary phone"),
		form.Text("address_line_1", "Street").Max(120),
		form.Text("address_line_2", "Street, second line").Max(120),
		form.Text("city", "City").Max(80),
		form.Combo("state", "State", stateOptions()...),
		form.Text("zip", "ZIP").Check(zip),
	)
	born := ""
	if d, ok := readDate(who.DOB); ok {
		born = d.String()
	}
	for name, value := range map[string]string{"first_name": who.First, "last_name": who.Last, "email": who.EMail,
		"date_of_birth": born, "cell_phone": onboard.Digits(who.Phone)} {
		if value != "" {
			f.Set(name, value)
		}
	}
	return f
}

func email(s string) string {
	at := strings.LastIndexByte(s, '@')
	if s != "" && (at < 1 || !strings.Contains(s[at:], ".") || strings.ContainsAny(s, " \t")) {
		return "E-mail: that is not an address. Type one like ann@example.com or leave it empty."
	}
	return ""
}

func zip(s string) string {
	if n := len(onboard.Digits(s)); s != "" && n != 5 && n != 9 || strings.Trim(onboard.Digits(s), "0123456789") != "" {
		return "ZIP: five or nine digits, such as 06512 or 06512-1234."
	}
	return ""
}

// checkPatient looks for the same name, day of birth and enterprise first.
func (v *View) checkPatient(n *newcomer, values map[string]string) tea.Cmd {
	born, _ := readDate(values["date_of_birth"])
	n.ready = inboxhealth.NewPatient{
		FirstName: values["first_name"], MiddleName: values["middle_name"], LastName: values["last_name"], DateOfBirth: born,
		Sex: values["sex"], Email: values["email"], EnterpriseID: number(values["enterprise_id"]), CellPhone: values["cell_phone"],
		SecondaryPhone: values["secondary_phone"],
		AddressLine1:   values["address_line_1"], AddressLine2: values["address_line_2"], City: values["city"], State: values["state"], Zip: values["zip"], BillingStatus: "complete",
	}
	n.dialog.Stop = n.look.Cancel
	inbox, first := v.inbox, n.ready.FirstName
	return n.look.Latest(func(c ctx) ([]inboxhealth.Patient, error) {
		all, complete, err := inbox.AllPatients(c, inboxhealth.Query{Filter: first})
		if err == nil && !complete {
			err = refusal("list patients", "There are too many of this first name to be sure that the patient is not there already.")
		}
		return all, err
	})
}

// checkedPatient sends who is new, or offers to open who is there.
func (v *View) checkedPatient(n *newcomer, r ui.Result[[]inboxhealth.Patient]) tea.Cmd {
	if !n.look.Accept(r) {
		return nil
	}
	if r.Err != nil {
		n.dialog.SetErrors(map[string]string{"first_name": "It could not be made sure that this patient is not there already, so nothing was sent. " + rest.UserMessage(r.Err)})
		return nil
	}
	send := func() tea.Cmd {
		return start(v, v.write.patient, "", n.ready, composer{dialog: n.dialog, then: func(o outcome) tea.Cmd {
			v.people.looked = ui.Person{}
			v.Open(v.person)
			return v.person.open(o.ID)
		}}, false)
	}
	who := ui.Person{First: n.ready.FirstName, Last: n.ready.LastName, DOB: n.ready.DateOfBirth.String()}
	same := slices.DeleteFunc(fitting(r.Value, who), func(p inboxhealth.Patient) bool { return p.EnterpriseID != n.ready.EnterpriseID })
	if len(same) == 0 {
		return send()
	}
	v.twin(n, same, send)
	return nil
}

// twin offers the record that is there. Two people can have one name and one
// day of birth, so another record can be added all the same.
func (v *View) twin(n *newcomer, same []inboxhealth.Patient, send func() tea.Cmd) {
	var b strings.Builder
	for _, p := range same {
		fmt.Fprintf(&b, "%s, born %s, is patient %s of the same enterprise.\n", p.Name(), orUnknown(day(p.DateOfBirth)), p.ID)
	}
	b.WriteString("\nTwo records of one person get two bills.")
	first := same[0].ID
	open := ui.Action{Key: ui.One("enter", "open patient "+first.String()), Do: func() (bool, tea.Cmd) {
		n.dialog.Sent()
		v.Open(v.person)
		return true, v.person.open(first)
	}}
	add := ui.Action{Key: ui.One("a", "add somebody else..."), Do: func() (bool, tea.Cmd) {
		v.env.Open(ui.NewConfirm(v.env, "Add another patient?", "You have made sure that this is another person of the same name, "+
			n.ready.FirstName+" "+n.ready.LastName+".", "Add", send))
		return true, nil
	}}
	v.env.Open(ui.NewReader(v.env, "This patient is there already", b.String(), open, add))
}

// restating changes how a patient is written to.
type restating struct {
	Patient  inboxhealth.ID
	Was, Now string
}

// statements asks what shall become of the letters, with the opt-outs in sight.
func (p *person) statements() {
	who := p.rec.patient
	var all []form.Option
	for _, s := range inboxhealth.BillingStatuses() {
		all = append(all, form.Option{Value: s, Label: statement(s)})
	}
	f := form.New(p.v.env.Theme, form.Choice("billing_status", "Statements", all...).Required().
		Help("scheduled puts the patient on a billing cycle; excluded stops all letters."))
	f.Set("billing_status", who.BillingStatus.Raw())
	var d *ui.FormDialog
	d = ui.NewFormDialog(p.v.env, "Statements of "+who.Name().String(), f, func(values map[string]string) tea.Cmd {
		n := restating{p.id, who.BillingStatus.Raw(), values["billing_status"]}
		if n.Was == n.Now {
			d.Sent()
			return p.v.env.Say("Nothing was changed.")
		}
		send := func() tea.Cmd {
			return start(p.v, p.v.write.status, p.id.String(), n, composer{dialog: d, who: p.id}, false)
		}
		if n.Now != "collections" {
			return send()
		}
		p.v.env.Open(ui.NewConfirm(p.v.env, "Put "+who.Name().String()+" into collections?",
			"Inbox Health acts on it by itself. The status can be set back here, but what went out until then cannot.", "Put there", send))
		return nil
	})
	d.Below = func(int) string {
		return "\n" + p.contact() + ".\nLast written to: " + orUnknown(p.written()) + ". Inbox Health sends what the status brings."
	}
	d.Busy = p.v.sending(d)
	p.v.env.Open(d)
}

func (v *View) declareRecords() {
	inbox := v.inbox
	v.write.patient = declare(v, ui.Write[inboxhealth.NewPatient, outcome]{
		Vendor: inboxName, Op: "create patient", Words: "add the patient",
		Send: func(c ctx, n inboxhealth.NewPatient) (outcome, error) {
			p, err := inbox.CreatePatient(c, n)
			return outcome{Words: "Patient " + p.ID.String() + " is added.", ID: p.ID}, err
		},
		ReadBack: readBack(v, inbox.SettlePatient),
	})
	v.write.status = declare(v, ui.Write[restating, outcome]{
		Vendor: inboxName, Op: "change statements", Words: "change the statements",
		Send: func(c ctx, n restating) (outcome, error) {
			now, err := inbox.Patient(c, n.Patient)
			if err != nil {
				return outcome{}, unsent(err)
			}
			if now.BillingStatus.Raw() != n.Was {
				err = refusal("change statements", "The status changed at Inbox Health meanwhile, so nothing was sent. Press r to see it.")
			}
			if err == nil {
				_, err = inbox.UpdatePatient(c, now, inboxhealth.Edits{"billing_status": n.Now})
			}
			return outcome{Words: "The status of statements is now: " + statement(n.Now) + ".", ID: n.Patient}, err
		},
		ReadBack: func(c ctx, n restating, since time.Time) (ui.Landing, error) {
			now, err := inbox.Patient(c, n.Patient)
			s := inboxhealth.Settled{Verdict: inboxhealth.CannotTell}
			switch now.BillingStatus.Raw() {
			case n.Now:
				s.Verdict = inboxhealth.Landed
			case n.Was:
				s.Verdict = inboxhealth.DidNot
			}
			return v.landing(s, err, since)
		},
	})
	v.write.details = declareChange(v, changeable[inboxhealth.Patient]{"patient", inbox.Patient, inbox.UpdatePatient, patientValues})
	v.declareLines()
	v.declareEnterprises()
}
