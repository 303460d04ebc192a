package billing

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
	"frontdesk/ui/form"
)

// mostLines is how many lines one invoice can be given here.
const mostLines = 50

// billing is the form of an invoice, which grows by a line at a time.
type billing struct {
	dialog *ui.FormDialog
	quick  bool
	lines  int
}

// after is the field the lines stand before.
func (bl *billing) after() string {
	if bl.quick {
		return methodName
	}
	return "practice_id"
}

// another adds an empty line and goes there. An empty one that is there already
// is gone to instead.
func (bl *billing) another(v *View) tea.Cmd {
	values := bl.dialog.Values()
	for i := range bl.lines {
		if _, some := line(values, i, date{}); !some {
			bl.dialog.Focus("description." + strconv.Itoa(i))
			return nil
		}
	}
	if bl.lines >= mostLines {
		v.env.Fail(fmt.Sprintf("An invoice takes %d lines here. Make another invoice for the rest.", mostLines))
		return nil
	}
	bl.grow()
	bl.dialog.Focus("description." + strconv.Itoa(bl.lines-1))
	return nil
}

func (bl *billing) grow() {
	bl.dialog.Insert(bl.after(), lineFields(bl.lines, bl.quick, lineTitle(bl.lines))...)
	bl.lines++
}

// room makes lines for what a draft holds.
func (bl *billing) room(draft map[string]string) {
	for bl.lines < mostLines {
		if _, there := draft["description."+strconv.Itoa(bl.lines)]; !there {
			return
		}
		bl.grow()
	}
}

func lineTitle(i int) string { return "Line " + strconv.Itoa(i+1) }

// lineFields are one line; the first is needed.
func lineFields(i int, quick bool, title string) []form.Field {
	n := "." + strconv.Itoa(i)
	what := form.Text("description"+n, "Service").Max(120).Section(title)
	if i == 0 {
		what.Required()
	}
	all := []form.Field{
		what,
		form.Text("code"+n, "Code").Max(20),
		form.Money("charge"+n, "Charge, in all"),
		form.Money("covered"+n, "Covered").Help("What insurance or adjustments take off; it cannot be more than the charge."),
	}
	if !quick { // what waits for an insurance is not paid at once
		all = append(all, form.Money("insurance"+n, "Insurance owes").Help("As long as it owes something, the patient does not owe the invoice yet."))
	}
	return append(all, form.Money("tax"+n, "Tax"), form.Text("quantity"+n, "How many").Overtyped().Default("1").Check(countable))
}

func countable(s string) string {
	if n, err := strconv.Atoi(s); s != "" && (err != nil || n < 1 || n > 999) {
		return "How many: type a whole number from 1 to 999."
	}
	return ""
}

// line is one line as it is typed, and whether there is anything in it.
func line(values map[string]string, i int, on date) (l inboxhealth.NewLineItem, some bool) {
	n := "." + strconv.Itoa(i)
	money := func(name string) cents {
		c, _ := form.Cents(values[name+n])
		return cents(c)
	}
	l = inboxhealth.NewLineItem{
		Description: values["description"+n], ServiceCode: values["code"+n], DateOfService: on,
		Charge: money("charge"), Covered: money("covered"), InsuranceOwed: money("insurance"), Tax: money("tax"),
	}
	some = strings.TrimSpace(l.Description+l.ServiceCode) != "" || l.Charge != 0 || l.Covered != 0 || l.InsuranceOwed != 0 || l.Tax != 0
	l.Quantity, _ = strconv.Atoi(values["quantity"+n])
	return l, some
}

// lines are those that were filled in.
func lines(values map[string]string, slots int) []inboxhealth.NewLineItem {
	var all []inboxhealth.NewLineItem
	on, _ := readDate(values["date_of_service"])
	for i := range slots {
		if l, some := line(values, i, on); some {
			all = append(all, l)
		}
	}
	return all
}

// totals are lines added up: charged, covered, what an insurance owes, tax, and
// what is left to the patient.
type totals struct {
	charged, covered, insurance, tax, part amount
}

func sums(all []inboxhealth.NewLineItem) totals {
	t := totals{charged: amount{Known: true}, covered: amount{Known: true}, insurance: amount{Known: true}, tax: amount{Known: true}}
	for _, l := range all {
		t.charged = plus(t.charged, amount{Cents: l.Charge, Known: true})
		t.covered = plus(t.covered, amount{Cents: l.Covered, Known: true})
		t.insurance = plus(t.insurance, amount{Cents: l.InsuranceOwed, Known: true})
		t.tax = plus(t.tax, amount{Cents: l.Tax, Known: true})
	}
	if t.covered.Known {
		t.part = plus(t.charged, t.tax, amount{Cents: -t.covered.Cents, Known: true})
	}
	return t
}

func sumWords(all []inboxhealth.NewLineItem) string {
	t := sums(all)
	words := fmt.Sprintf("%s: charged %s, covered %s", ui.Count(len(all), "line", "lines"), t.charged, t.covered)
	if t.tax.Cents > 0 || !t.tax.Known {
		words += ", tax " + t.tax.String()
	}
	words += fmt.Sprintf(", the patient's part %s.", t.part)
	if t.insurance.Cents > 0 || !t.insurance.Known {
		words += " Waits until the insurance has paid " + t.insurance.String() + "."
	}
	return words
}

// badLines are complaints about lines that cannot be billed.
func badLines(all []inboxhealth.NewLineItem, values map[string]string, slots int) map[string]string {
	wrong := map[string]string{}
	for i := range slots {
		l, some := line(values, i, date{})
		n := "." + strconv.Itoa(i)
		switch {
		case some && l.Description == "":
			wrong["description"+n] = "Service: say in words what this line is for."
		case l.Covered > l.Charge:
			wrong["covered"+n] = "Covered: it is more than the charge. Correct one of the two."
		case some && l.Charge == 0:
			wrong["charge"+n] = "Charge: type what this service costs."
		case l.InsuranceOwed > l.Charge-l.Covered:
			wrong["insurance"+n] = "Insurance owes: it is more than what is left of the charge. Correct one of the two."
		}
	}
	if !sums(all).part.Known {
		wrong["charge.0"] = "Charge: these amounts cannot be added up."
	}
	return wrong
}
