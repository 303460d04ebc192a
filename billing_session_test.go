package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// billingHome is an account whose profile uses the EMR and both billing vendors.
// Its writes are sent at once: how long they can be taken back is not what is
// looked at here.
func billingHome(t *testing.T) (*sandbox.Server, *account) {
	t.Helper()
	s, a := atSandbox(t, sandbox.Options{Patients: 20}, `undo_money = "0s"`, "inboxhealth", "updox")
	a.giveVault(used)
	return s, a
}

// TestBillingInARealTerminal takes a practice in, bills a caller who was a
// prospect, takes their money and gives some of it back, and is stopped before
// it erases a field of an account.
func TestBillingInARealTerminal(t *testing.T) {
	t.Parallel()
	s, home := billingHome(t)
	term := home.open()

	// The caller, from the desk's first tab.
	term.Type("<enter>")
	term.See("HELD", "nobody yet")
	term.Type("a")
	term.See("Add a person")
	term.Type("Zoë<tab>Testperson<tab>555-555-0123<tab>zoe@example.com<ctrl+s>")
	term.See("Zoë Testperson")

	// A practice for both vendors.
	goTab(term, "Billing")
	term.See("Edith Hollowbrook", "Balance")
	term.Type("B")
	term.See("No practice is on its way")
	term.Type("n")
	term.See("Take a practice in")
	term.Type("Maple Clinic<tab>PRACTICE-900<tab>1 Maple Street<tab><tab>Mockville<tab>Connecticut<tab>06512<tab>2035550100<ctrl+s>")
	term.See("Take the practice in?", "Updox", "Inbox Health")
	term.Type("y")
	term.See("Both vendors have PRACTICE-900", "practices: done")
	_, there := s.UpdoxAccount("PRACTICE-900")
	require.True(t, there)

	// The caller becomes a patient of it.
	term.Type("1B")
	term.See("[Patients]", "Zoë")
	term.Type("n")
	term.See("New patient", "Testperson", "zoe@example.com")
	term.Type("<tab><tab><tab>1990-01-02<tab><left><ctrl+s>")
	term.See("Zoë Testperson", "Balance $0.00", "Maple Clinic")

	// Invoice, payment, refund.
	term.Type("n")
	term.See("Invoice for Zoë")
	term.Type("Office visit<tab>99213<tab>145<tab>45<ctrl+s>")
	term.See("Make this invoice?", "the patient's part", "$100.00")
	term.Type("y")
	term.See("Balance $100.00", "Invoices 1")
	term.Type("p60<ctrl+s>")
	term.See("Record this payment?", "$60.00 (cash)")
	term.Type("y")
	term.See("Balance $40.00", "Payments 1")
	term.Type("y")
	term.See("on invoices")
	term.Type("R")
	term.See("will not change the balance")
	term.Type("10<ctrl+s>")
	term.See("Refund $10.00?")
	term.Type("y")
	term.See("$10.00 refunded", "Balance $40.00")
	for route, want := range map[string]int{"invoices": 1, "payments": 1, "payment_adjustments": 1, "patients": 1, "enterprises": 1} {
		require.Equal(t, want, s.Executions("POST /partner/v2/"+route), route)
	}

	// The account of the practice, with a field emptied.
	term.Type("U")
	term.See("PRACTICE-101")
	term.Type("/PRACTICE-900<enter>e")
	term.See("Change PRACTICE-900")
	term.Type("<tab><ctrl+u><ctrl+s>")
	term.See("WILL BE CLEARED", "1 Maple Street", "Type CLEAR")
	term.Type("yes<enter>")
	term.See("as it stands, or press esc")
	require.Zero(t, s.Requests("updox POST PracticeUpdate"))
	a, _ := s.UpdoxAccount("PRACTICE-900")
	require.Equal(t, "1 Maple Street", a["address1"])
	term.Type("<esc>y<esc>y")
	term.See("1 of 25")
	term.Type("<ctrl+c>")
	term.See("You still hold")
	term.Type("y")
	require.Equal(t, 0, term.Wait())
}
