package billing_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

const (
	putPatient  = "PUT /partner/v2/patients/{id}"
	putPractice = "PUT /partner/v2/practices/{id}"
	putLine     = "PUT /partner/v2/line_items/{id}"
)

func (p *practice) field(list string, id int, name string) any {
	p.t.Helper()
	r, ok := p.server.InboxRecord(list, id)
	require.True(p.t, ok)
	return r[name]
}

func TestAPatientIsChangedFieldByField(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("e").See("Change Ann Testperson", "(555) 555-0123").Type("<tab><tab><ctrl+u>Newname<ctrl+s>").See("is changed").Settle().See("Ann Newname")
	require.Equal(t, "Newname", p.field("patients", ann, "last_name"))
	require.Equal(t, "5555550123", p.field("patients", ann, "cell_phone"), "what was not edited is as it was")
	require.Equal(t, 1, p.server.Executions(putPatient))
	d.Type("e<ctrl+s>").See("Nothing was changed").Settle()
	d.Type("e<ctrl+u><ctrl+s>").See("a patient needs one").Settle()
	require.Equal(t, 1, p.server.Executions(putPatient))
}

// A colleague's work since the form was opened is shown, and nothing is sent
// before somebody has decided.
func TestAColleaguesChangeOfAPatientIsShown(t *testing.T) {
	cases := map[string]struct {
		key          string
		city, street string
		sent         int
	}{
		"mine":   {"m", "Mockville", "7 Their Street", 1},
		"theirs": {"t", "Theirtown", "7 Their Street", 0},
		"leave":  {"<esc>", "Theirtown", "7 Their Street", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPractice(t)
			ann := p.ann()
			d, b := p.boxed(0)
			open(d).Type("e").See("Change Ann")
			for range 11 {
				d.Type("<tab>")
			}
			d.Type("Mockville")
			p.server.PlantInbox("patients", map[string]any{"id": ann, "city": "Theirtown", "address_line_1": "7 Their Street"})
			d.Type("<ctrl+s>").See("Changed by a colleague", "theirs: Theirtown", "yours:  Mockville", "theirs: 7 Their Street", "not edited, theirs stays").Settle()
			require.Zero(t, p.server.Executions(putPatient))
			require.Len(t, b.States(), 1)
			d.Type(c.key).Settle()
			require.Equal(t, c.sent, p.server.Executions(putPatient))
			require.Equal(t, c.city, p.field("patients", ann, "city"))
			require.Equal(t, c.street, p.field("patients", ann, "address_line_1"))
		})
	}
}

// Two addresses that look the same while they are masked can be told apart,
// and it is written down who did.
func TestWhatAColleagueChangedCanBeToldApart(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	env := uitest.Env(t, monday)
	env.Practice = "Riverside Training Clinic"
	var trail []string
	env.Audit = func(op, record string) { trail = append(trail, op+" "+record) }
	d := open(p.sitWith(env, 80, 24)).Type("e").See("Change Ann")
	d.Type("<tab><tab><tab><tab><tab><ctrl+u>anna@example.com")
	p.server.PlantInbox("patients", map[string]any{"id": ann, "email": "abel@example.com"})
	d.Type("<ctrl+s>").See("Changed by a colleague", "theirs: a***@example.com", "yours:  a***@example.com", "ctrl+r").Settle()
	d.Type("<ctrl+r>").See("was:    ann@example.com", "theirs: abel@example.com", "yours:  anna@example.com")
	require.Contains(t, trail, "reveal "+strconv.Itoa(ann))
	d.Advance(time.Minute).See("theirs: a***@example.com")
	require.Zero(t, p.server.Executions(putPatient))
}

// A lost answer of a change is settled by reading the record.
func TestALostChangeIsLookedFor(t *testing.T) {
	for name, c := range map[string]struct{ route, script string }{
		"patient":    {putPatient, "e<tab><tab><ctrl+u>Newname<ctrl+s>"},
		"line":       {putLine, "<enter>e<tab><tab><ctrl+u>61<ctrl+s>y"},
		"practice":   {putPractice, "E<enter>e<tab><ctrl+u>5 New Street<ctrl+s>y"},
		"enterprise": {"PUT /partner/v2/enterprises/{id}", "Ee<tab><ctrl+u>5 New Street<ctrl+s>y"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPractice(t)
			p.ann()
			d, b := p.boxed(0)
			open(d)
			p.server.SetFault(c.route, sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
			for _, k := range uitest.Keys(c.script) {
				d.Press(k).Settle()
			}
			require.Equal(t, []string{"landed"}, b.States(), d.Screen())
			require.Equal(t, 1, p.server.Executions(c.route))
		})
	}
}

func TestAPracticeInsideAnEnterpriseIsChanged(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("E<enter>").See("Practices inside Riverside").Settle()
	d.Type("e").See("Change ").Type("<tab><ctrl+u>2 Sample Street<ctrl+s>").See("These fields are sent", "becomes 2 Sample Street").Type("y").See("is changed").Settle()
	require.Equal(t, 1, p.server.Executions(putPractice))
	d.Type("e<tab><ctrl+u>3 Sample Street")
	p.server.PlantInbox("practices", map[string]any{"id": 1, "address_line_1": "9 Their Street"})
	d.Type("<ctrl+s>").Settle().Type("y").See("Changed by a colleague", "theirs: 9 Their Street").Settle()
	require.Equal(t, 1, p.server.Executions(putPractice))
	d.Type("t").See("theirs stays").Settle()
	d.Type("a").See("New practice of Riverside").Type("Maple West<ctrl+s>").See("is added").Settle().See("Maple West")
	d.Type("<esc>").See("[Enterprises]", "Specimen")
}

func TestALineIsAddedToAnInvoice(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("aBandage<tab>A4450<tab>18.50<ctrl+s>").See("Add this line?", "service of 2026-02-27: $18.50", "$50.00 is open now, $68.50 after it").Type("y").See("The line is on invoice").Settle()
	require.Equal(t, 7500+1850, p.cents("patients", ann, "balance_cents"))
	// An adjustment takes off what is open, and no more.
	d.Type("aCourtesy<tab><tab><tab>70<ctrl+s>").See("only $68.50 of this").Settle()
	d.Type("<ctrl+u>8.50<ctrl+s>").See("$8.50 is", "$60.00 after").Type("y").Settle()
	require.Equal(t, 8500, p.cents("patients", ann, "balance_cents"))
	require.Equal(t, 2, p.server.Executions(postLine))
	d.Type("<enter>").See("Bandage", "Courtesy").Type("a").See("One more line")
}

func TestALineIsCorrected(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("aBandage<tab><tab>18.50<ctrl+s>y").Settle()
	d.Type("<enter>e").See("Which line of invoice").Type("<right><ctrl+s>").See("Line of invoice", "18.50").Settle()
	d.Type("<tab><tab><ctrl+u>8.50<ctrl+s>").See("Charge, in all: $18.50 becomes $8.50").Type("y").See("is changed").Settle()
	require.Equal(t, 7500+850, p.cents("patients", ann, "balance_cents"))
	require.Equal(t, 1, p.server.Executions(putLine))
}

// drafts are a journal in memory.
type drafts map[string]map[string]string

func (j drafts) Note(kind, record string, values map[string]string) { j[kind+record] = values }
func (j drafts) Drop(kind, record string)                           { delete(j, kind+record) }
func (j drafts) Flush()                                             {}
func (j drafts) Trouble() string                                    { return "" }
func (j drafts) Second(string, string) bool                         { return false }
func (j drafts) Look(context.Context, string, string) (ui.Other, bool, error) {
	return ui.Other{}, false, nil
}
func (j drafts) Take(context.Context, ui.Other) (map[string]string, error) { return nil, nil }
func (j drafts) Kept(kind, record string) (map[string]string, bool) {
	values, ok := j[kind+record]
	return values, ok
}

// A draft of an invoice comes back with all its lines, and one of a change with
// what it was typed over: a colleague's work since then is noticed.
func TestDraftsComeBackWhole(t *testing.T) {
	p, journal := newPractice(t), drafts{}
	ann := p.ann()
	sit := func() *uitest.Desk {
		env := uitest.Env(t, monday)
		env.Outbox, env.Drafts = &uitest.Outbox{Created: monday}, journal
		return p.sitWith(env, 80, 24)
	}
	open(sit()).Type("nVisit<tab><tab>10<ctrl+n>Draw<tab><tab>20<ctrl+n>Pad<tab><tab>30").See("3 lines: charged $60.00")
	d := open(sit()).Type("n").See("is back", "3 lines: charged $60.00")
	d.Type("<ctrl+s>").See("Make this invoice?").Type("y").Settle()
	require.Equal(t, 7500+6000, p.cents("patients", ann, "balance_cents"))
	open(sit()).Type("e" + strings.Repeat("<tab>", 11) + "Mockville")
	p.server.PlantInbox("patients", map[string]any{"id": ann, "zip": "06512"})
	d = open(sit()).Type("e").See("is back", "Mockville").Type("<ctrl+s>").See("Changed by a colleague", "theirs: 06512").Settle()
	d.Type("m").Settle().See("is changed")
	require.Equal(t, "Mockville", p.field("patients", ann, "city"))
	require.Equal(t, "06512", p.field("patients", ann, "zip"))
}

// The form of an invoice grows by a key.
func TestAnInvoiceGrows(t *testing.T) {
	p := newPractice(t)
	p.ann()
	env, b := uitest.Env(t, monday), &uitest.Outbox{Created: monday}
	env.Outbox = b
	d := p.sitWith(env, 80, 24)
	open(d).Type("n")
	for i := range 9 {
		d.Type("Service " + string(rune('a'+i)) + "<tab><tab>10.10<ctrl+n>")
	}
	d.See("Line 10", "9 lines: charged $90.90")
	d.Type("<ctrl+n>").See("Line 10") // an empty line is there already
	require.NotContains(t, d.Screen(), "Line 11")
	d.Type("<ctrl+s>").See("Make this invoice?").Type("y").Settle()
	require.Equal(t, 1, p.server.Executions(postInvoice))
	require.Equal(t, []string{"done"}, b.States())
}

// What an insurance owes keeps an invoice from being the patient's.
func TestAnInvoiceThatWaitsForAnInsurance(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("nOffice visit<tab><tab>100<tab>20<tab>90<ctrl+s>").See("more than what is left").Settle()
	d.Type("<ctrl+u>60<ctrl+s>").See("has paid $60.00").Type("y").Settle()
	require.Equal(t, 7500, p.cents("patients", ann, "balance_cents"))
	d.Deliver(ui.GoMsg{Tab: "Billing"}).See("waits for the insurance, $60.00")
}
