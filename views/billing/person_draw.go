package billing

import (
	"fmt"
	"strings"
	"time"

	"github.com/golang-sql/civil"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/safe"
)

// headLines stand above the lists of a patient.
const headLines = 5

// View draws who it is, what they owe and whether they may be written to, then
// one of the lists.
func (p *person) View() string {
	th := p.v.env.Theme
	lines := p.headings()
	for i, l := range lines {
		lines[i] = th.Truncate(" "+l, p.width)
	}
	return strings.Join(lines, "\n") + "\n" + p.tab().View()
}

func (p *person) headings() []string {
	th, env := p.v.env.Theme, p.v.env
	if !p.there {
		words := "reading..."
		if p.fault != "" {
			words = th.Danger.Render(th.Glyph.Cross + " " + p.fault)
		}
		return []string{th.Strong.Render("Patient " + p.id.String()), words, "", "", p.partLine()}
	}
	who := p.rec.patient
	return []string{
		th.Strong.Render(who.Name().String()) + "  born " + orUnknown(env.Birth(p.id.String(), day(who.DateOfBirth))) +
			"  patient " + who.ID.String() + "  " + p.v.enterprises.name(who.EnterpriseID),
		th.Strong.Render("Balance "+withCredit(p.rec.patient.Balance)) + "  statements: " + statement(who.BillingStatus.Raw()) +
			"  last written to: " + orUnknown(p.written()),
		p.contact(),
		p.ageLine(),
		p.partLine(),
	}
}

// withCredit says of a negative balance whose money it is.
func withCredit(balance amount) string {
	if balance.Known && balance.Cents < 0 {
		return balance.String() + ", a credit"
	}
	return balance.String()
}

// written is the day the patient was last written to, as the record or the
// newest message tells; "" when neither does.
func (p *person) written() string {
	last := p.rec.patient.LastNotifiedAt
	for _, m := range p.rec.messages {
		if at := sent(m); at.After(last) {
			last = at
		}
	}
	return p.v.when(last)
}

// contact tells where messages go and who does not want any.
func (p *person) contact() string {
	who, th := p.rec.patient, p.v.env.Theme
	line := "Texts " + wants(who.SMSOptOut) + ", calls " + wants(who.PhoneOptOut)
	if number, kind := textNumber(who); number != "" {
		line += "; texts to " + kind + " " + p.v.env.Ending(p.id.String(), number)
	}
	if !who.ContactPreference.Empty() {
		line += "; prefers " + who.ContactPreference.String()
	}
	if who.SMSOptOut.On || who.PhoneOptOut.On {
		return th.Warn.Render(th.Glyph.Warn + " " + line)
	}
	return line
}

// wants is an opt-out in words.
func wants(out inboxhealth.Flag) string {
	switch {
	case !out.Known:
		return "unknown"
	case out.On:
		return "NOT WANTED"
	}
	return "allowed"
}

// textNumber is where a text goes: cell, secondary, home.
func textNumber(who inboxhealth.Patient) (number, kind string) {
	switch {
	case !who.CellPhone.Empty():
		return who.CellPhone.String(), "cell phone"
	case !who.SecondaryPhone.Empty():
		return who.SecondaryPhone.String(), "secondary phone"
	case !who.HomePhone.Empty():
		return who.HomePhone.String(), "home phone"
	}
	return "", ""
}

// ageLine is what is open by age.
func (p *person) ageLine() string {
	o := aged(p.rec.invoices, p.v.today())
	line := fmt.Sprintf("0-30 days %s  31-60 %s  61-90 %s  over 90 %s", o.By[0], o.By[1], o.By[2], o.By[3])
	if o.Insurance > 0 {
		line += "  insurance " + o.Insurance.String()
	}
	if o.Strange > 0 {
		line += fmt.Sprintf("  %d unknown", o.Strange)
	}
	if !p.rec.whole {
		line += "  (not all was read)"
	}
	return line
}

func (p *person) partLine() string {
	line := strings.Join(p.partNames(), "")
	if without := p.v.without(); without != "" {
		line += p.v.env.Theme.Muted.Render("not offered: " + without)
	}
	return line
}

// partNames are the lists of the patient, in the order of part. What was not
// read is not counted.
func (p *person) partNames() []string {
	th, k := p.v.env.Theme, p.v.keys
	var all []string
	for i, t := range []struct {
		key, words string
		known      bool
		count      int
	}{
		{k.Invoices.Help().Key, "Invoices", p.there, len(p.rec.invoices)},
		{k.Payments.Help().Key, "Payments", p.there, len(p.rec.payments)},
		{k.Messages.Help().Key, "Messages", p.there && p.rec.silent == "", len(p.rec.messages)},
	} {
		if t.known {
			t.words += fmt.Sprintf(" %d", t.count)
		}
		if part(i) == p.part {
			all = append(all, th.Strong.Render("["+t.words+"]")+"  ")
		} else {
			all = append(all, th.KeyHint(t.key, t.words)+"  ")
		}
	}
	return all
}

// state says in words how an invoice stands.
func state(i inboxhealth.Invoice) string {
	var words []string
	wait := i.WaitsForInsurance()
	switch {
	case i.Estimate.On:
		words = append(words, "estimate, not owed")
	case wait.On:
		words = append(words, "waits for the insurance, "+i.InsuranceBalance.String())
	case i.Balance.Known && i.Balance.Cents == 0:
		words = append(words, "paid")
	case i.Balance.Known:
		words = append(words, "open")
	}
	if !wait.Known {
		words = append(words, "insurance unknown")
	}
	return strings.Join(words, ", ")
}

// standing says in words what became of a payment.
func standing(x inboxhealth.Payment) string {
	if x.Voided() {
		return "voided"
	}
	var words []string
	if x.Refunded.Cents > 0 {
		words = append(words, x.Refunded.String()+" refunded")
	}
	switch left := x.Unapplied(); {
	case !left.Known:
		words = append(words, "use unknown")
	case left.Cents > 0 && x.Applied.Cents == 0:
		words = append(words, "on no invoice")
	case left.Cents > 0:
		words = append(words, left.String()+" on no invoice")
	default:
		words = append(words, "on invoices")
	}
	if s := x.Status.String(); s != "" && x.Refunded.Cents == 0 {
		words = append(words, s)
	}
	return strings.Join(words, ", ")
}

// how is a way to pay in words.
func how(method string) string {
	switch inboxhealth.Method(method) {
	case inboxhealth.Cash:
		return "cash"
	case inboxhealth.ExternalCard:
		return "card reader"
	case inboxhealth.Insurance:
		return "insurance"
	case inboxhealth.Card:
		return "card, charged"
	case "":
		return "unknown"
	}
	return strings.ReplaceAll(safe.Line(method).String(), "_", " ")
}

// statement is a billing status in words.
func statement(status string) string {
	if status == "" {
		return "unknown"
	}
	return strings.ReplaceAll(safe.Line(status).String(), "_", " ")
}

// when is a vendor's moment as the practice's day.
func (v *View) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.env.Zone).Format("2006-01-02")
}

// at is the same with the time of day.
func (v *View) at(t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	return t.In(v.env.Zone).Format("2006-01-02 15:04 MST")
}

func first(all ...time.Time) time.Time {
	for _, t := range all {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

func day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// readDate reads a day as the vendors write it.
func readDate(s string) (civil.Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10]
	}
	d, err := civil.ParseDate(s)
	return d, err == nil
}
