package billing_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
)

// What is done about Ann, taken back while Bob is on show, and sent from the
// form that comes back with that, is still about Ann.
func TestAFormStaysItsPatients(t *testing.T) {
	cases := map[string]struct{ route, script string }{
		"payment":   {postPayment, "p<ctrl+u>10<tab><tab><tab><ctrl+u><tab><ctrl+u><tab><ctrl+u>10<ctrl+s>"},
		"write-off": {postWriteOff, "w5<tab><right><ctrl+s>"},
		"invoice":   {postInvoice, "nOffice visit<tab>99213<tab>80<tab>30<ctrl+s>"},
		"quick pay": {postQuick, "qFlu shot<tab>90471<tab>31.99<ctrl+s>"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPractice(t)
			ann := p.ann()
			bob := p.server.PlantInbox("patients", map[string]any{"first_name": "Bob", "last_name": "Specimen", "date_of_birth": "1980-01-02", "enterprise_id": 1})
			d, b := p.boxed(30 * time.Second)
			open(d).Type(c.script).Settle().Type("y").Settle().See("ctrl+x")
			d.Deliver(ui.GoMsg{Tab: "Billing", Subject: inboxhealth.ID(bob)}).See("Bob Specimen", "born").Settle()
			d.Type("p").Settle().Type("<esc>").Settle()
			was := p.cents("patients", bob, "balance_cents")
			d.Type("<ctrl+x>").Settle().Type("<ctrl+s>").Settle().See("Ann")
			d.Type("y").Settle().Advance(31 * time.Second).Settle()
			require.Equal(t, []string{"withdrawn", "done"}, b.States(), d.Screen())
			require.Equal(t, 1, p.server.Executions(c.route))
			require.Equal(t, was, p.cents("patients", bob, "balance_cents"))
			if name != "quick pay" { // which owes and pays at once
				require.NotEqual(t, 7500, p.cents("patients", ann, "balance_cents"))
			}
		})
	}
}

// Two desks do the same while each can still take it back: what leaves first is
// done, the other is refused and can be looked at again.
func TestTwoDesksAtOnce(t *testing.T) {
	cases := map[string]struct{ route, script, says string }{
		"payment":   {postPayment, "p<ctrl+s>", "Payment"},
		"write-off": {postWriteOff, "w75<tab><right><ctrl+s>", "The balance was $75.00"},
		"invoice":   {postInvoice, "nOffice visit<tab>99213<tab>80<tab>30<ctrl+s>", "the same day"},
		"quick pay": {postQuick, "qFlu shot<tab>90471<tab>31.99<ctrl+s>", "the same day"},
		"line":      {postLine, "aBandage<tab>A4450<tab>18.50<ctrl+s>", "“A4450  Bandage” with a charge of $18.50 was added"},
		"share":     {postShare, "ya<ctrl+u>25<tab><ctrl+u><tab><tab><ctrl+s>", "Only $0.00 of payment"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPractice(t)
			p.ann()
			if name == "share" {
				d, _ := p.boxed(0)
				open(d).Type("p<ctrl+u>25<tab><tab><tab><tab><ctrl+u><tab><ctrl+u><tab>25<ctrl+s>y").Settle()
			}
			first, _ := p.boxed(30 * time.Second)
			second, b := p.boxed(30 * time.Second)
			for _, d := range []*uitest.Desk{first, second} {
				open(d).Type(c.script).Settle().Type("y").Settle().See("ctrl+x")
			}
			first.Advance(31 * time.Second).Settle()
			second.Advance(31 * time.Second).Settle()
			require.Equal(t, 1, p.server.Executions(c.route))
			require.Equal(t, []string{"refused"}, b.States())
			second.See(c.says, "meanwhile", "Press Z")
			second.Type("<esc>Z<ctrl+s>").Settle()
			if name == "write-off" {
				second.See("more than is owed")
			}
		})
	}
}

// What could not be read is not told as nothing, in none of a patient's lists.
func TestWhatWasNotReadIsNotNothing(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	p.server.SetFault("GET /partner/v2/patients/{id}", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404})
	d.Deliver(ui.GoMsg{Tab: "Billing", Subject: inboxhealth.ID(ann)}).Settle()
	for _, list := range []string{"y", "m", "i"} {
		d.Type(list).See("Press r")
		for _, words := range []string{"No payments", "Nothing was sent", "No invoices", "Invoices 0", "Payments 0", "Messages 0", "p payment"} {
			require.NotContains(t, d.Screen(), words)
		}
	}
	p.server.ClearFaults()
	d.Type("yr").See("Payments 0", "Invoices 3", "No payments")
	p.server.SetFault("GET /partner/v2/patients/{id}/notifications", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404})
	d.Type("r").Settle()
	require.NotContains(t, d.Screen(), "Messages 0")
}

// Two people of one name and one day of birth are two patients.
func TestANamesakeCanBeAdded(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	d.Type("nAnn<tab><tab>Testperson<tab>1987-07-23<tab><right><ctrl+s>").See("there already", "patient 21").Settle()
	d.Type("<esc><ctrl+s>").See("there already").Settle().Type("a").See("Add another patient?").Type("<enter>").Settle()
	require.Zero(t, p.server.Requests(postPatient), "No is the default")
	d.Type("<ctrl+s>").See("there already").Settle().Type("ay").See("patient 22", "Balance").Settle()
	require.Equal(t, 1, p.server.Executions(postPatient))
}

// What was paid last is what a caller asks about, whatever order the vendor has.
func TestWhatWasDoneLastStandsFirst(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	for i, cents := range []int{1111, 3333, 2222} {
		p.server.PlantInbox("payments", map[string]any{"patient_id": ann, "expected_amount_cents": cents, "payment_method_type": "cash_payment",
			"created_at": monday.AddDate(0, 0, []int{-9, -2, -5}[i]).Format(time.RFC3339)})
	}
	d, _ := p.boxed(0)
	open(d).Type("y").Settle().See("Payments 3")
	require.Regexp(t, `(?s)\$33\.33.*\$22\.22.*\$11\.11`, d.Screen())
	d.Type("oo").Settle() // by amount
	require.Regexp(t, `(?s)\$11\.11.*\$22\.22.*\$33\.33`, d.Screen())
}

// One press too many on a list of statuses does not put anybody into
// collections.
func TestCollectionsAreAskedAbout(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("t<right><right><right><ctrl+s>").See("Put Ann Testperson into collections?").Type("n").Settle()
	require.Zero(t, p.server.Executions("PUT /partner/v2/patients/{id}"))
	d.Type("<ctrl+s>y").Settle().See("is now: collections")
	r, _ := p.server.InboxRecord("patients", ann)
	require.Equal(t, "collections", r["billing_status"])
}

func TestNumbersOfAnAccountAreGrouped(t *testing.T) {
	d, _ := newPractice(t).boxed(0)
	d.Type("U").Settle().Type("<enter>").See("(555) 555-0101", "(555) 556-0101", "06512-0000")
}

// What a name was searched for is left as everywhere, and a filter over one
// page of many says so.
func TestTheWayBackToEverybody(t *testing.T) {
	p := newPractice(t)
	for range 40 {
		p.server.PlantInbox("patients", map[string]any{"first_name": "Bob", "last_name": "Specimen", "enterprise_id": 1})
	}
	d, _ := p.boxed(0)
	d.Type("fZzz<enter>").See("No patient here", "esc show everybody").Type("<esc>").See("page 1; . for the next").Settle()
	d.Type("/peanut").See("Nothing matches", "only this page is filtered, L loads all")
	d.Type("<esc><esc>").See("page 1; . for the next").Type("L").See("all 60").Type("/peanut").Gone("only this page")
}

// What was given back is told, since no balance tells it.
func TestARefundedCreditIsTold(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+u>100<ctrl+s>").See("kept as credit").Type("y").See("Balance -$25.00, a credit").Settle()
	d.Type("yR10<ctrl+s>").See("Refund $10.00?").Type("y").See("refunded").Settle()
	d.Type("b").See("Paid and not yet put on a visit: $25.00.", "$10.00 of that was given back already")
}

// Who works down the list of debtors comes back to it, and finds it as it is by
// now.
func TestTheWayBackToAging(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	d.Type("A").See("[Aging]", "Ann Testperson").Settle().Type("/testper<enter>").See("$75.00").Type("<enter>").See("Balance $75.00", "[Aging]").Settle()
	d.Type("p<ctrl+u>10<ctrl+s>y").See("Recorded").Settle().Type("<esc>").See("[Aging]", "$65.00").Settle()
	require.NotContains(t, d.Screen(), "$75.00")
	d.Type("P").See("[Patients]").Settle().Type("<enter>").See("born").Type("<esc>").See("[Patients]", "Enterprise")
}

// The word that has to be typed can be read, and an update that changes nothing
// that can be seen is none.
func TestAnAccountIsChangedOnPurpose(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("U").See("PRACTICE-101").Settle().Type("D").See("Its name: Sample Haven Family Practice (made up)").Type("<esc>")
	d.Type("e").See("Change PRACTICE-101").Type("<ctrl+s>").Settle().See("Nothing was changed")
	require.Zero(t, p.server.Requests("updox POST PracticeUpdate"))
}

// No amount is cut in a small terminal: the youngest debts give way.
func TestAgingInASmallTerminal(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d := p.sit(60, 20)
	d.Type("A").See("31-60", "over 90", "All").Settle()
	for _, l := range strings.Split(d.Screen(), "\n")[4:] {
		require.NotRegexp(t, `\d…$`, l)
	}
}

// The look that is taken just before a payment leaves can fail in any way: then
// nothing is sent, and what was typed is kept.
func TestTheLastLookIsBroken(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultTruncated, sandbox.FaultStatus, sandbox.FaultResetAfter, sandbox.FaultHTML, sandbox.FaultEmpty, sandbox.FaultUnauthorized} {
		t.Run(string(kind), func(t *testing.T) {
			p := newPractice(t)
			p.ann()
			d, b := p.boxed(30 * time.Second)
			open(d).Type("p<ctrl+u>10<ctrl+s>").Settle().Type("y").Settle().See("ctrl+x")
			p.server.SetFault("GET /partner/v2/patients/{id}/payments", sandbox.Fault{Kind: kind})
			d.Advance(31 * time.Second).Settle()
			require.Zero(t, p.server.Requests(postPayment))
			require.Equal(t, []string{"refused"}, b.States())
			p.server.ClearFaults()
			d.Type("<esc>Z").See("10.00", "Payment of Ann")
		})
	}
}
