package billing

import (
	"frontdesk/clients/inboxhealth"
	"frontdesk/ui/form"
)

// change edits the patient: the fields the document shows, but for the social
// security number, which is never held here, and the enterprise, whose bills
// these are. Statements have a form of their own.
func (p *person) change() {
	if !p.v.can(inboxhealth.ForPatients) {
		return
	}
	who := p.rec.patient
	e := &editor{v: p.v, sender: p.v.write.details, id: p.id, who: p.id, seen: patientValues(who), wrong: nameless}
	e.open("Change "+who.Name().String(), "billing.details", p.v.patientDetails()...)
}

// patientDetails are a patient's own fields.
func (v *View) patientDetails() []form.Field {
	return []form.Field{
		form.Text("first_name", "First name").Max(80),
		form.Text("middle_name", "Middle name").Max(80),
		form.Text("last_name", "Last name").Max(80),
		form.Date("date_of_birth", "Born").Today(v.today).Until(v.today()),
		form.Choice("sex", "Sex", form.Option{Value: "Female"}, form.Option{Value: "Male"}),
		form.Text("email", "E-mail").Check(email).Section("How to reach them"),
		form.Phone("cell_phone", "Cell phone").Help("Texts go to the cell phone, then the secondary, then the home phone."),
		form.Phone("secondary_phone", "Secondary phone"),
		form.Phone("phone", "Phone"),
		form.Text("address_line_1", "Street").Max(120),
		form.Text("address_line_2", "Street, second line").Max(120),
		form.Text("city", "City").Max(80),
		form.Combo("state", "State", stateOptions()...),
		form.Text("zip", "ZIP").Check(zip),
		perhaps("allow_self_directed_payment_plan", "May start a payment plan", "Billing"),
		perhaps("precollection", "Before collections", ""),
	}
}

// nameless complains about names and days of birth that would be erased: a
// patient who has none is found by nobody.
func nameless(values map[string]string) map[string]string {
	wrong := map[string]string{}
	for name, words := range map[string]string{"first_name": "First name", "last_name": "Last name"} {
		if values[name] == "" {
			wrong[name] = words + ": a patient needs one. Type it, or press esc to leave the patient as it was."
		}
	}
	return wrong
}
