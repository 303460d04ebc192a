package billing

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/updox"
	"frontdesk/state/onboard"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// placeSlots is how many practices an enterprise can be given at once.
const placeSlots = 3

var (
	taxNumber = regexp.MustCompile(`^\d{1,4}(\.\d{1,6})?$`)
	colour    = regexp.MustCompile(`^#?[0-9A-Fa-f]{3,8}$`)
)

// ticking makes a field for a flag: for a new record it is yes or no, and of
// one that is there it may be unknown too.
type ticking func(name, label, section string) form.Field

func yesOrNo(name, label, section string) form.Field {
	return form.Toggle(name, label).Section(section)
}

func perhaps(name, label, section string) form.Field {
	return form.Choice(name, label, form.Option{Value: "true", Label: "yes"}, form.Option{Value: "false", Label: "no"}).
		Placeholder("unknown").Section(section)
}

// enterpriseFields are all the document shows, by their wire names.
func enterpriseFields(tick ticking) []form.Field {
	return []form.Field{
		form.Text("name", "Name").Required().Max(120),
		form.Text("address_line_1", "Street").Max(120),
		form.Text("address_line_2", "Street, second line").Max(120),
		form.Text("city", "City").Max(80),
		form.Combo("state", "State", stateOptions()...),
		form.Text("zip", "ZIP").Check(zip),
		form.Text("support_phone_number", "Support phone").Check(spokenPhone).Help("Printed on letters; sent like (203) 555-0100."),
		form.Combo("time_zone", "Time zone", zoneOptions()...),
		form.Text("sales_tax", "Sales tax").Check(tax),
		form.Text("default_quick_pay_description", "Quick payments are for").Placeholder("Copay").Max(60),
		form.Text("statement_descriptor", "On bank statements").Max(60),
		form.Text("logo_background_color", "Logo background").Check(logo).Placeholder("#ffffff"),
		form.Text("default_checkin_routes", "Check-in routes").Check(routes).Help("JSON inside a text, as Inbox Health writes it; empty leaves its default."),
		tick("color_statements", "Letters in colour", "Letters"),
		tick("first_class", "First class", ""),
		tick("return_envelope", "Return envelope", ""),
		tick("perforation", "Perforation", ""),
	}
}

func stateOptions() []form.Option {
	var all []form.Option
	for _, s := range updox.States() {
		all = append(all, form.Option{Value: s.Code, Label: s.Name, Detail: s.Code})
	}
	return all
}

func zoneOptions() []form.Option {
	var all []form.Option
	for _, z := range inboxhealth.TimeZones() {
		all = append(all, form.Option{Value: z})
	}
	return all
}

func spokenPhone(s string) string {
	if d := onboard.Digits(s); s != "" && (len(d) != 10 || strings.Trim(d, "0123456789") != "") {
		return "Support phone: ten digits, such as (203) 555-0100."
	}
	return ""
}

func tax(s string) string {
	if s != "" && !taxNumber.MatchString(s) {
		return "Sales tax: a number such as 0 or 6.35."
	}
	return ""
}

func logo(s string) string {
	if s != "" && !colour.MatchString(s) {
		return "Logo background: a colour such as #1a2b3c."
	}
	return ""
}

func routes(s string) string {
	if s != "" && !json.Valid([]byte(s)) {
		return "Check-in routes: that is not JSON. Leave it empty for the vendor's default."
	}
	return ""
}

// place fields are one practice of a new enterprise.
func placeFields(i int) []form.Field {
	n := "." + strconv.Itoa(i)
	return []form.Field{
		form.Text("place"+n, "Practice").Section("Practice " + strconv.Itoa(i+1)).Max(120).Help("Without any, Inbox Health makes one from the enterprise."),
		form.Text("place_street"+n, "Street").Max(120),
		form.Text("place_city"+n, "City").Max(80),
		form.Combo("place_state"+n, "State", stateOptions()...),
		form.Combo("place_zone"+n, "Time zone", zoneOptions()...),
	}
}

// newEnterprise is the form as it is sent.
func newEnterprise(values map[string]string) inboxhealth.NewEnterprise {
	on := func(name string) *bool { b := values[name] == "true"; return &b }
	n := inboxhealth.NewEnterprise{
		Name: values["name"], City: values["city"], State: values["state"], Zip: onboard.DashedZIP(onboard.Digits(values["zip"])),
		AddressLine1: values["address_line_1"], AddressLine2: values["address_line_2"],
		SupportPhoneNumber: onboard.SpokenPhone(onboard.Digits(values["support_phone_number"])),
		SalesTax:           json.Number(values["sales_tax"]), DefaultQuickPayDescription: values["default_quick_pay_description"],
		LogoBackgroundColor: values["logo_background_color"], DefaultCheckinRoutes: values["default_checkin_routes"],
		StatementDescriptor: values["statement_descriptor"], TimeZone: values["time_zone"],
		ColorStatements: on("color_statements"), FirstClass: on("first_class"),
		ReturnEnvelope: on("return_envelope"), Perforation: on("perforation"),
	}
	for i := range placeSlots {
		at := "." + strconv.Itoa(i)
		if values["place"+at] == "" {
			continue
		}
		p := inboxhealth.NewPractice{Name: values["place"+at], AddressLine1: values["place_street"+at],
			City: values["place_city"+at], TimeZone: values["place_zone"+at]}
		if s, ok := onboard.StateOf(values["place_state"+at]); ok {
			p.State = s.Name
		}
		n.Practices = append(n.Practices, p)
	}
	return n
}

// create asks for an enterprise above what will be sent.
func (e *enterprises) create() {
	if !e.v.can(inboxhealth.ForEnterprises) {
		return
	}
	fields := enterpriseFields(yesOrNo)
	for i := range placeSlots {
		fields = append(fields, placeFields(i)...)
	}
	f := form.New(e.v.env.Theme, fields...)
	for _, name := range []string{"color_statements", "first_class", "return_envelope", "perforation"} {
		f.Set(name, "true")
	}
	var d *ui.FormDialog
	d = ui.NewFormDialog(e.v.env, "New enterprise", f, func(values map[string]string) tea.Cmd {
		if wrong := lonelyPlaces(values); len(wrong) > 0 {
			d.SetErrors(wrong)
			return nil
		}
		if same := e.named(values["name"]); same != "" {
			d.SetErrors(map[string]string{"name": same})
			return nil
		}
		return start(e.v, e.v.write.enterprise, "", newEnterprise(values), composer{dialog: d}, false)
	})
	d.Below = func(int) string { return preview(newEnterprise(d.Values()).Request(), d.Focused(), e.v.previewLines()) }
	d.Busy = e.v.sending(d)
	e.v.env.Open(d.Keep("billing.enterprise", "new"))
}

// named refuses a second enterprise of a name: nothing else would tell them
// apart after a lost answer.
func (e *enterprises) named(name string) string {
	for _, x := range e.table.Rows() {
		if strings.EqualFold(strings.TrimSpace(x.Name.Raw()), name) {
			return "Name: enterprise " + x.ID.String() + " is called that already. Choose another name, or press esc and open it."
		}
	}
	return ""
}

// lonelyPlaces complains about practices without a name.
func lonelyPlaces(values map[string]string) map[string]string {
	wrong := map[string]string{}
	for i := range placeSlots {
		at := "." + strconv.Itoa(i)
		if values["place"+at] == "" && values["place_street"+at]+values["place_city"+at]+values["place_state"+at]+values["place_zone"+at] != "" {
			wrong["place"+at] = "Practice: it needs a name, or clear its other fields."
		}
	}
	return wrong
}

// previewLines is how much of a request fits under its form.
func (v *View) previewLines() int { return max(3, v.height-16) }

// preview is the part of a request around the field that is typed.
func preview(request, field string, lines int) string {
	all := strings.Split(request, "\n")
	name, _, _ := strings.Cut(field, ".")
	if strings.HasPrefix(name, "place") {
		name = "practices_attributes"
	}
	at := max(0, slices.IndexFunc(all, func(l string) bool { return strings.Contains(l, `"`+name+`"`) }))
	top := max(0, min(at-lines/2, len(all)-lines))
	return "\nWill be sent:\n" + strings.Join(all[top:min(len(all), top+lines)], "\n")
}

// change edits an enterprise; only what a person changed is sent.
func (e *enterprises) change(x inboxhealth.Enterprise) {
	ed := &editor{v: e.v, sender: e.v.write.edit, id: x.ID, seen: enterpriseValues(x), ask: "Change the enterprise?"}
	ed.open("Change "+x.Name.String(), "billing.enterprise", enterpriseFields(perhaps)...)
}
