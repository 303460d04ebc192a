package prospects

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/golang-sql/civil"

	"frontdesk/assets"
	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/people"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// editor is the form of a person that is open.
type editor struct {
	v      *View
	dialog *ui.FormDialog
	base   whole             // the row; no ID for somebody new
	was    map[string]string // its values as they were seen when typing began
	seed   map[string]string // what somebody new was searched for
	twins  *twins
}

// add opens the form of a new person: four fields, or all of them.
func (v *View) add(full bool) tea.Cmd {
	e := &editor{v: v, seed: v.list.sought()}
	title, kind := "New person", "prospects.new"
	fields := []form.Field{
		form.Text("FirstName", "First name").Required(),
		form.Text("LastName", "Last name").Required(),
		form.Phone("Phone", "Phone").Abroad(),
		form.Text("EMail", "E-mail").Check(mail),
	}
	if full {
		title, kind, fields = "New person, all fields", "prospects.full", v.fields(whole{Prospect: 1})
	}
	e.open(title, kind, fields)
	return nil
}

// edit opens the form over a row.
func (v *View) edit(p whole) tea.Cmd {
	if len(v.halted) > 0 {
		v.env.Fail("Editing is stopped: an update emptied " + strings.Join(v.halted, ", ") + " although nobody had edited that. Correct it in the EMR first.")
		return nil
	}
	e := &editor{v: v, base: p, was: people.Values(p)}
	e.open("Edit "+p.Name().String(), "prospects.edit", v.fields(p))
	return nil
}

func (e *editor) open(title, kind string, fields []form.Field) {
	v := e.v
	f := form.New(v.env.Theme, fields...)
	if e.base.ID != "" {
		fill(f, e.was)
	}
	for name, value := range e.seed {
		f.Set(name, safe.Line(value).String())
	}
	e.dialog = ui.NewFormDialog(v.env, title, f, e.submit)
	e.twins = newTwins(v, e)
	e.dialog.Busy = func() bool { return v.write.form == e && (v.write.busy() || v.write.look.Out()) }
	e.dialog.Changed = e.twins.changed
	e.dialog.Below = e.twins.view
	if e.base.ID != "" {
		e.dialog.Over(e.was, func(was map[string]string) {
			e.was = was
			fill(f, was)
		})
	}
	e.dialog.Keep(kind, string(e.base.ID))
	v.editing = e
	v.env.Open(e.dialog)
}

// more is the field that adds to notes which cannot be shown as they are.
const more, same = "Notes+", "same"

// fields are the editor's, in sections.
func (v *View) fields(p whole) []form.Field {
	today := civil.DateOf(v.env.PracticeNow())
	first := form.Text("FirstName", "First name").Section("Name")
	out := []form.Field{
		first, form.Text("MI", "Middle").Width(6), form.Text("LastName", "Last name"),
		form.Text("FullName", "Full name").Help("empty: the EMR makes it of the others"), form.Text("NickName", "Nickname"), form.Text("Pronouns", "Pronouns"),
		form.Phone("Phone", "Phone").Abroad().Section("Contact"), form.Phone("CellPhone", "Cell").Abroad(), form.Phone("SMSPhone", "Texts to").Abroad(),
		form.Text("EMail", "E-mail").Check(mail),
	}
	out = append(out, address("", "Address")...)
	out = append(out, form.Toggle(same, "Same as above").Section("Shipping").Help("yes: the address above, to this person"),
		form.Text("Sh_Name", "Ship to"))
	out = append(out, address("Sh_", "")...)
	providers := form.Combo("ProviderID", "Provider", v.providerOptions()...)
	if p.ProviderID != "" && p.ProviderID != "0" {
		providers.Pick(form.Option{Value: p.Value("ProviderID").String(), Label: v.provider(p.ProviderID)})
	}
	out = append(out,
		form.Date("DOB", "Born").Until(today).Today(func() civil.Date { return today }).Section("Clinical"),
		form.Choice("Gender", "Gender", form.Option{Value: "f", Label: "female"}, form.Option{Value: "m", Label: "male"},
			form.Option{Value: "o", Label: "other"}, form.Option{Value: "u", Label: "unknown"}),
		form.Choice("LifeStage", "Life stage", plain(naturaesoft.LifeStages())...),
		form.Text("SexualIdentity", "Identity"), form.Text("PrimaryLanguage", "Language"),
		form.Choice("Type", "Type", plain(naturaesoft.Types())...),
		providers,
		form.Choice("Prospect", "Is", form.Option{Value: "1", Label: "a prospect"}, form.Option{Value: "0", Label: "a patient"}).Default("1"),
	)
	if p.Notes.Altered() {
		return append(out, form.Area(more, "Add to notes", 3).Section("Notes").Help("the notes hold signs that cannot be shown; what you type is put below them"))
	}
	return append(out, form.Area("Notes", "Notes", 5).Section("Notes").Help("lines that begin with [FD are frontdesk's: leave them"))
}

// address is the fields of one of the two addresses.
func address(prefix, section string) []form.Field {
	first := form.Text(prefix+"Address", "Address")
	if section != "" {
		first = first.Section(section)
	}
	return []form.Field{
		first, form.Text(prefix+"Unit", "Unit").Width(12), form.Text(prefix+"City", "City"),
		form.Text(prefix+"State", "State").Width(20).Help("two letters or the name").Check(state),
		form.Text(prefix+"Zip", "ZIP").Width(12).Check(zip), form.Text(prefix+"Country", "Country").Width(20),
	}
}

// fill puts a row's values into the form.
func fill(f *form.Form, values map[string]string) {
	for _, name := range naturaesoft.Fields() {
		text := safe.Line(values[name]).String()
		switch name {
		case "Notes":
			text = safe.Paragraphs(values[name]).String()
		case "DOB":
			text = people.Birth(text)
		case "ProviderID":
			continue // by its name, see fields
		}
		f.Set(name, text)
	}
	if shipsHere(values) {
		f.Set(same, "true")
	}
}

// shipsHere reports that a row's shipping fields are its address and its name.
func shipsHere(values map[string]string) bool {
	for _, name := range []string{"Address", "Unit", "City", "State", "Zip", "Country"} {
		if values["Sh_"+name] != values[name] {
			return false
		}
	}
	full := values["FullName"]
	if full == "" {
		full = made(values["FirstName"], values["MI"], values["LastName"])
	}
	return values["Sh_Address"] != "" && values["Sh_Name"] == full
}

func mail(s string) string {
	if s == "" {
		return ""
	}
	if _, wrong := (people.Rules{}).Tidy("EMail", s); wrong != "" {
		return "E-mail: that is not an address. Type one like ann@example.com or leave it empty."
	}
	return ""
}

func zip(s string) string {
	if s == "" {
		return ""
	}
	if _, wrong := people.Zip(s); wrong != "" {
		return "ZIP: a code has five digits or nine, such as 10001 or 10001-1234."
	}
	return ""
}

func state(s string) string {
	if s != "" && stateCodes()[people.Fold(s)] == "" {
		return "State: there is none of this name. Type two letters such as NY, or the whole name."
	}
	return ""
}

// stateCodes are the states' letters by letters and by name.
func stateCodes() map[string]string {
	out := map[string]string{}
	for _, s := range assets.States() {
		out[people.Fold(s.Code)], out[people.Fold(s.Name)] = s.Code, s.Code
	}
	return out
}

// edits are what the form changes, as the EMR takes it.
func (e *editor) edits() naturaesoft.Edits {
	changes := e.dialog.Changes()
	if e.base.ID == "" {
		changes = map[string]string{"Prospect": "1"}
		for name, value := range e.dialog.Values() {
			if value != "" {
				changes[name] = value
			}
		}
	}
	out := naturaesoft.Edits{}
	for name, value := range changes {
		out[name] = strings.TrimSpace(value)
	}
	ship := e.ships(out)
	delete(out, same)
	e.tidy(out)
	if ship {
		e.shipHere(out)
	}
	if line := out[more]; line != "" {
		notes := e.was["Notes"]
		if notes != "" && !strings.HasSuffix(notes, "\n") {
			notes += "\n"
		}
		out["Notes"] = notes + line
	}
	delete(out, more)
	return out
}

// ships reports that the shipping fields follow the address: it was chosen just
// now, or it was so before and nobody has typed into them.
func (e *editor) ships(changes map[string]string) bool {
	if _, chosen := changes[same]; !chosen {
		for name := range changes {
			if strings.HasPrefix(name, "Sh_") {
				return false
			}
		}
	}
	return e.dialog.Value(same) == "true"
}

// tidy spells states and ZIP codes the usual way, and lets the full name follow
// where it was made of the others.
func (e *editor) tidy(out naturaesoft.Edits) {
	codes := stateCodes()
	for _, p := range []string{"", "Sh_"} {
		if s := out[p+"State"]; s != "" {
			out[p+"State"] = codes[people.Fold(s)]
		}
		if z := out[p+"Zip"]; z != "" {
			out[p+"Zip"], _ = people.Zip(z)
		}
	}
	full := e.was["FullName"]
	_, named := out["FullName"]
	if full == "" || named || full != made(e.was["FirstName"], e.was["MI"], e.was["LastName"]) {
		return
	}
	now := func(name string) string {
		if v, ok := out[name]; ok {
			return v
		}
		return e.was[name]
	}
	if next := made(now("FirstName"), now("MI"), now("LastName")); next != full {
		out["FullName"] = next
	}
}

// made is a full name as the parts give it; a middle initial has a dot where it
// is one letter.
func made(first, middle, last string) string {
	if len(middle) == 1 {
		middle += "."
	}
	return strings.Join(slices.DeleteFunc([]string{first, middle, last}, func(s string) bool { return s == "" }), " ")
}

// shipHere copies the address into the shipping fields.
func (e *editor) shipHere(out naturaesoft.Edits) {
	values := e.dialog.Values()
	for _, name := range []string{"Address", "Unit", "City", "State", "Zip", "Country"} {
		value := strings.TrimSpace(values[name])
		if v, ok := out[name]; ok {
			value = v
		}
		e.ship(out, "Sh_"+name, value)
	}
	full := strings.TrimSpace(values["FullName"])
	if v, ok := out["FullName"]; ok {
		full = v
	}
	if full == "" {
		full = made(values["FirstName"], values["MI"], values["LastName"])
	}
	e.ship(out, "Sh_Name", full)
}

func (e *editor) ship(out naturaesoft.Edits, name, value string) {
	delete(out, name)
	if e.was[name] != value {
		out[name] = value
	}
}

// submit checks for duplicates and sends.
func (e *editor) submit(map[string]string) tea.Cmd {
	edits := e.edits()
	if e.base.ID != "" && len(edits) == 0 {
		e.v.env.Fail("Nothing was changed, so there is nothing to save.")
		return nil
	}
	return e.twins.before(edits)
}

// send sends what was typed.
func (e *editor) send(edits naturaesoft.Edits) tea.Cmd {
	if e.v.write.save.Out() || e.v.write.add.Out() {
		e.v.env.Fail("Another person is still being saved. Save this one again in a moment.")
		return nil
	}
	e.v.write.form = e
	if e.base.ID == "" {
		e.v.write.added = edits
		return e.v.write.add.Start("", people.New{Edits: edits}, nil)
	}
	return e.v.startSave(people.Change{ID: e.base.ID, Base: e.was, Edits: edits})
}
