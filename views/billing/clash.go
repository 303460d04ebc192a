package billing

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/safe"
	"frontdesk/state/edit"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// compare shows what a colleague changed since the form was opened, in three
// versions, and lets the person decide. Nothing was sent.
func (e *editor) compare(n changing, err error) bool {
	var c *clash
	if !errors.As(err, &c) {
		return false
	}
	named := func(field string) string { return e.v.env.Theme.Strong.Render(fieldWords(field)) }
	words := func() string { return edit.Words(c.fields, named, e.quoted) }
	id := ""
	if slices.ContainsFunc(c.fields, func(d edit.Difference) bool { return e.personal(d.Field) }) {
		id = e.id.String()
	}
	e.v.env.Open(ui.NewCompare(e.v.env, id, "this", words, edit.Clashes(c.fields), func(keep ...string) tea.Cmd {
		return e.onto(n.ID, c, keep...)
	}))
	return true
}

// onto sends the edits over what the colleague left, but for those to keep.
func (e *editor) onto(id inboxhealth.ID, c *clash, keep ...string) tea.Cmd {
	edits := c.Left(keep...)
	e.seen = c.Now
	if len(edits) == 0 {
		e.dialog.Sent()
		return tea.Batch(e.v.env.Say("Nothing of yours is left to save: theirs stays."), e.v.refresh())
	}
	return e.send(changing{id, c.Now, edits})
}

// personal reports a field that is masked.
func (e *editor) personal(name string) bool {
	return name == "date_of_birth" || name == "email" || strings.Contains(name, "phone") && e.who != 0
}

// quoted is a field's value for people, masked like everywhere.
func (e *editor) quoted(name, value string) string {
	value = safe.Line(value).String()
	switch {
	case inCents(name):
		value = "$" + dollars(value)
	case name == "date_of_birth":
		value = e.v.env.Birth(e.id.String(), value)
	case strings.Contains(name, "phone") && e.who != 0:
		value = e.v.env.Ending(e.id.String(), value)
	case name == "email":
		value = e.v.env.Mail(e.id.String(), value)
	case value == "true":
		value = "yes"
	case value == "false":
		value = "no"
	}
	if strings.Trim(value, "$ ") == "" {
		return "(empty)"
	}
	return value
}

// fieldNames are the words people have for the vendor's fields, where these
// are not the field's name with blanks in it.
var fieldNames = map[string]string{
	"address_line_1": "Street", "address_line_2": "Street, second line", "zip": "ZIP", "email": "E-mail",
	"date_of_birth": "Born", "allow_self_directed_payment_plan": "May start a payment plan", "precollection": "Before collections",
	"default_quick_pay_description": "Quick payments are for", "statement_descriptor": "On bank statements",
	"logo_background_color": "Logo background", "default_checkin_routes": "Check-in routes", "color_statements": "Letters in colour",
	"total_charge_amount_cents": "Charge, in all", "covered_amount_cents": "Covered", "insurance_owed_amount_cents": "Insurance owes",
	"tax_amount_cents": "Tax", "description": "Service", "service_code": "Code", "quantity": "How many", "support_phone_number": "Support phone",
}

func fieldWords(name string) string {
	if words, ok := fieldNames[name]; ok {
		return words
	}
	return upper(strings.ReplaceAll(name, "_", " "))
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func sortedNames(e inboxhealth.Edits) []string { return slices.Sorted(maps.Keys(e)) }

// inCents reports a field the vendor has in whole cents, and the form in
// dollars.
func inCents(name string) bool { return strings.HasSuffix(name, "_cents") }

// dollars spells whole cents for a form; what is no number stays.
func dollars(whole string) string {
	if c, ok := readWhole(whole); ok {
		return form.Dollars(c)
	}
	return whole
}

func wholeCents(typed string) string {
	if c, ok := form.Cents(typed); ok {
		return fmt.Sprint(c)
	}
	return typed
}
