package billing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/sandbox"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/billing"
)

const (
	postPayment    = "POST /partner/v2/payments"
	postShare      = "POST /partner/v2/invoice_payments"
	postInvoice    = "POST /partner/v2/invoices"
	postPatient    = "POST /partner/v2/patients"
	postAdjustment = "POST /partner/v2/payment_adjustments"
	postEnterprise = "POST /partner/v2/enterprises"
	postWriteOff   = "POST /partner/v2/write_offs"
	postQuick      = "POST /partner/v2/payments/quick_pay"
	postLine       = "POST /partner/v2/line_items"
	postPractice   = "POST /partner/v2/practices"
)

// boxed is a desk with the outbox of the test.
func (p *practice) boxed(undo time.Duration) (*uitest.Desk, *uitest.Outbox) {
	env, b := uitest.Env(p.t, monday), &uitest.Outbox{Undo: map[string]time.Duration{"money": undo, "deactivation": undo}, Created: monday}
	env.Practice, env.Outbox = "Riverside Training Clinic", b
	return p.sitWith(env, 80, 24), b
}

func (p *practice) cents(list string, id int, field string) int {
	p.t.Helper()
	r, ok := p.server.InboxRecord(list, id)
	require.True(p.t, ok)
	n, ok := r[field].(int)
	require.True(p.t, ok, "%s of %s %d is %v", field, list, id, r[field])
	return n
}

func TestAPaymentIsPutOnItsInvoices(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, b := p.boxed(0)
	open(d).Type("p<ctrl+u>60<ctrl+s>").See("$60.00 (cash)", "$25.00 goes on invoice", "$35.00 goes on invoice").Type("y").See("Recorded").Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
	require.Equal(t, 2, p.server.Executions(postShare))
	require.Equal(t, 1500, p.cents("patients", ann, "balance_cents"))
	require.Equal(t, []string{"done"}, b.States())
	d.See("Balance $15.00").Type("y").See("on invoices").Type("<enter>").See("On invoice", "$25.00", "$35.00")
}

func TestSharesThatDoNotAddUpAreNotSent(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d)
	d.Type("p<ctrl+u>60<tab><tab><tab><tab><ctrl+u>20").See("$5.00 of $60.00 is on no invoice")
	d.Type("<ctrl+s>").Settle().See("keep it as credit")
	d.Type("<esc>y").Settle()
	d.Type("p<ctrl+u>60<tab><tab><tab><tab><ctrl+u>26<ctrl+s>").Settle().See("no more than that")
	require.Zero(t, p.server.Requests(postPayment))
}

func TestMoreThanIsOwedIsKeptAsCredit(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+u>100<ctrl+s>").See("$25.00 is kept as credit").Type("y").See("Recorded").Settle()
	require.Equal(t, -2500, p.cents("patients", ann, "balance_cents"))
	d.Type("b").See("has a credit of $25.00")
}

func TestThePaymentMadeTodayIsNotMadeTwiceByMistake(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+u>10<ctrl+s>y").See("Recorded").Settle()
	d.Type("p<ctrl+u>10<ctrl+s>").See("ATTENTION", "may be there already", "09:30").Settle()
	d.Type("<enter>").Settle() // No is the default
	require.Equal(t, 1, p.server.Executions(postPayment))
}

// TestDoubleEnter types the confirmation twice, and everything ahead.
func TestDoubleEnter(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, b := p.boxed(30 * time.Second)
	open(d).Type("p<ctrl+u>10<ctrl+s>yy<enter><enter>").Settle()
	d.Type("p").See("can still be taken back")
	require.Zero(t, p.server.Requests(postPayment), "its window is open")
	d.Advance(31 * time.Second).See("Recorded").Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
	require.Equal(t, []string{"done"}, b.States())
}

func TestAPaymentTakenBackIsTypedAgain(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, b := p.boxed(30 * time.Second)
	open(d).Type("p<ctrl+u>12.34<ctrl+s>y").Settle().See("ctrl+x")
	d.Type("<ctrl+x>").See("12.34", "Payment of Ann").Settle()
	require.Equal(t, []string{"withdrawn"}, b.States())
	d.Advance(time.Minute).Settle()
	require.Zero(t, p.server.Requests(postPayment))
}

// TestLostAnswers cuts each write after it was carried out: it is done once,
// and looked for instead of being sent again.
func TestLostAnswers(t *testing.T) {
	cases := map[string]struct{ route, script, before string }{
		"refund":     {postAdjustment, "yR20<ctrl+s>y", "p<ctrl+s>y"},
		"void":       {postAdjustment, "yVVOID<enter>", "p<ctrl+s>y"},
		"write-off":  {postWriteOff, "w5<tab><right><ctrl+s>y", ""},
		"share":      {postShare, "ya<ctrl+u>25<tab><ctrl+u><tab><tab><ctrl+s>", "p<ctrl+u>25<tab><tab><tab><tab><ctrl+u><tab><ctrl+u><tab>25<ctrl+s>y"},
		"payment":    {postPayment, "p<ctrl+u>25<ctrl+s>y", ""},
		"invoice":    {postInvoice, "nOffice visit<tab>99213<tab>80<tab>30<ctrl+s>y", ""},
		"quick pay":  {postQuick, "qFlu shot<tab>90471<tab>31.99<ctrl+s>y", ""},
		"patient":    {postPatient, "PnZoë<tab><tab>Sample<tab>1990-01-02<tab><right><ctrl+s>", ""},
		"enterprise": {postEnterprise, "EnMaple Clinic<ctrl+s>", ""},
		"line":       {postLine, "aBandage<tab><tab>5<ctrl+s>y", ""},
		"practice":   {postPractice, "EaMaple West<ctrl+s>", ""},
		"account":    {"updox POST PracticeCreate", "UnPRACTICE-900<tab>Maple Clinic<ctrl+s>", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPractice(t)
			p.ann()
			d, b := p.boxed(0)
			open(d)
			if c.before != "" {
				d.Type(c.before).Settle()
			}
			executed := p.server.Executions(c.route)
			p.server.SetFault(c.route, sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
			d.Type(c.script).Settle()
			states := b.States()
			require.NotEmpty(t, states)
			require.Equal(t, "landed", states[len(states)-1], d.Screen())
			require.Equal(t, executed+1, p.server.Executions(c.route))
			d.See("1 landed")
		})
	}
}

// A lost answer about money that cannot be settled keeps the next payment of
// that patient back.
func TestAfterATimeOutTheNextPaymentWaits(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, b := p.boxed(0)
	open(d)
	p.server.SetFault(postPayment, sandbox.Fault{Kind: sandbox.FaultResetBefore, Times: 1})
	d.Type("p<ctrl+u>25<ctrl+s>y").Settle()
	require.Equal(t, []string{"unknown"}, b.States(), "absence so soon proves nothing")
	d.Type("<esc>p<ctrl+u>25<ctrl+s>").See("outcome of an earlier").Settle()
	require.Zero(t, p.server.Executions(postPayment))
	d.Advance(3 * time.Minute)
	d.Type("<ctrl+s>").Settle()
	require.Equal(t, []string{"reopened"}, b.States())
	d.Type("<ctrl+s>").See("Record this payment?").Type("y").Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
}

func TestRefundsAndVoidsAreExplained(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+s>y").See("Recorded", "Balance $0.00").Settle()
	d.Type("yR").See("will not change the balance").Type("80<ctrl+s>").Settle().See("only $75.00")
	d.Type("<ctrl+u>20<ctrl+s>").See("Refund $20.00?", "will not change the balance").Type("y").See("no balance has changed").Settle()
	require.Equal(t, 0, p.cents("patients", ann, "balance_cents"))
	d.Type("V").See("cannot be voided as a whole").Type("<esc>").Settle()
	d.Type("p<tab><tab><tab><tab><tab><tab><ctrl+s>").Settle()
	require.Equal(t, 1, p.server.Executions(postAdjustment))
}

func TestAVoidWantsItsWord(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+s>y").See("Recorded", "Balance $0.00").Settle()
	d.Type("yV").See("owes that money again").Type("void<enter>").Settle().See("as it stands")
	require.Zero(t, p.server.Requests(postAdjustment))
	d.Type("<ctrl+u>VOID<enter>").See("is void").Settle().See("Balance $75.00", "voided")
	require.Equal(t, 7500, p.cents("patients", ann, "balance_cents"))
}

func TestWritingOff(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("w").See("Write off for Ann").Type("5<tab><right><ctrl+s>").See("need not pay $5.00").Type("y").See("written off").Settle()
	require.Equal(t, 7000, p.cents("patients", ann, "balance_cents"))
	require.Equal(t, 1, p.server.Executions(postWriteOff))
}

func TestWhatIsNotOfferedIsExplained(t *testing.T) {
	p := newPractice(t)
	p.ann()
	p.server.SetFault("GET /partner/v2/write_offs", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404})
	d, _ := p.boxed(0)
	open(d).See("not offered: write-offs").Type("w").See("does not offer write-offs")
	require.Zero(t, p.server.Requests(postWriteOff))
}

func TestAnUnknownBalanceIsSaid(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	p.server.PlantInbox("patients", map[string]any{"id": ann, "balance_cents": nil, "cached_balance_cents": nil})
	d, _ := p.boxed(0)
	d.Deliver(ui.GoMsg{Tab: "Billing", Subject: ui.Person{First: "Ann", Last: "Testperson", DOB: "1987-07-23"}})
	d.See("Balance unknown").Settle().Type("b").See("Name no amount")
	require.NotContains(t, d.Screen(), "owes $0")
}

func TestAPatientFromAnotherTab(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	d.Deliver(ui.GoMsg{Tab: "Billing", Subject: ui.Person{ID: "7", First: "Zoë", Last: "Sample", DOB: "1990-01-02", Phone: "555-555-0199", EMail: "zoe@example.com"}})
	d.See("born that day").Settle().Type("n").See("Zoë", "Sample", "1990-01-02", "(555) 555-0199")
	d.Type("<tab><tab><tab><tab><right><ctrl+s>").See("is added").Settle().See("Zoë Sample", "Balance $0.00")
	require.Equal(t, 1, p.server.Executions(postPatient))
	// The same person again is found, not doubled.
	d.Type("PnZoë<tab><tab>Sample<tab>1990-01-02<tab><right><ctrl+s>").See("This patient is there already").Type("<enter>").See("Balance $0.00").Settle()
	require.Equal(t, 1, p.server.Executions(postPatient))
}

func TestInvoiceWithLines(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, _ := p.boxed(0)
	open(d).Type("nOffice visit<tab>99213<tab>145<tab>45<ctrl+n>Blood draw<tab><tab>18.50").
		See("2 lines: charged $163.50, covered $45.00, the patient's part $118.50").
		Type("<ctrl+s>").See("Make this invoice?").Type("y").See("is made").Settle()
	require.Equal(t, 7500+11850, p.cents("patients", ann, "balance_cents"))
	d.Type("nX<tab><tab>10<tab>11<ctrl+s>").Settle().See("more than the charge")
	require.Equal(t, 1, p.server.Executions(postInvoice))
}

func TestReceiptIsCopiedAndSaved(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+s>y").See("Recorded", "Balance $0.00").Settle()
	d.Type("yc").See("RECEIPT", "$75.00", "cash").Type("c").Settle().Type("v").See("Saved as").Settle()
	require.Len(t, d.Copied, 1)
	files, err := filepath.Glob(filepath.Join(p.opt.Dir, "receipt-*.txt"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Equal(t, d.Copied[0], string(data))
}

func TestCardsAreChargedOnlyWhereThatIsSwitchedOn(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	require.NotContains(t, open(d).Type("p").Settle().Screen(), "CHARGE")
	p.opt.ChargeCards = true
	d, _ = p.boxed(0)
	open(d).Type("p<ctrl+u>10<tab><right><right><right>").See("CHARGE")
	d.Type("<ctrl+s>").See("real money").Type("yes<enter>").Settle()
	require.Zero(t, p.server.Requests(postPayment))
	d.Type("<ctrl+u>CHARGE<enter>").See("Recorded").Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
}

func TestEnterpriseIsChangedFieldByField(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("Ee").See("Change Riverside").Type("<tab><ctrl+u>2 Sample Street<ctrl+s>").See("Street: 1 Sample Street becomes 2 Sample Street").Type("y").See("is changed").Settle()
	r, _ := p.server.InboxRecord("enterprises", 1)
	require.Equal(t, "2 Sample Street", r["address_line_1"])
	require.Equal(t, "(860) 555-0100", r["support_phone_number"])
	d.Type("e<ctrl+s>").See("Nothing was changed")
}

func TestClearingAFieldOfAnAccountIsStopped(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("Ue").See("Change PRACTICE-101")
	d.Type(strings.Repeat("<tab>", 7)+"<ctrl+u><ctrl+s>").See("WILL BE CLEARED  Fax: 5555560101", "Type CLEAR").Settle()
	d.Golden("account-cleared-80x24")
	d.Type("<enter>").Settle()
	require.Zero(t, p.server.Requests("updox POST PracticeUpdate"))
	d.Type("CLEAR<enter>").See("is overwritten").Settle()
	a, _ := p.server.UpdoxAccount("PRACTICE-101")
	require.Empty(t, a["fax"])
	require.Equal(t, "Sample Haven", a["city"])
}

func TestAnAccountThatCannotBeReadIsNotOverwritten(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("U").See("PRACTICE-101").Settle()
	p.server.SetUpdoxSeedOnly(true)
	d.Type("e").See("would clear what is left out").Settle()
	p.server.SetUpdoxSeedOnly(false)
	d.Type("<esc>e").See("Change PRACTICE-101").Type("<tab><ctrl+u>9 New Street")
	p.server.PutUpdoxAccount(map[string]any{"accountId": "PRACTICE-101", "phone": "5555550999"})
	d.Type("<ctrl+s>").See("Updox has 5555550999 by now").Settle()
	p.server.SetUpdoxSeedOnly(true)
	d.Type("<ctrl+s>").See("update is refused").Settle()
	require.Zero(t, p.server.Requests("updox POST PracticeUpdate"))
}

func TestDeactivatingWantsTheNameAndIsRemembered(t *testing.T) {
	p := newPractice(t)
	p.server.SetUpdoxShutsInactive(true)
	d, b := p.boxed(time.Minute)
	d.Type("UD").See("Deactivate PRACTICE-101?", "same words as wrong credentials").Type("PRACTICE-101<enter>").Settle()
	require.Empty(t, b.States(), "the id is not the name")
	d.Type("<ctrl+u>Sample Haven Family Practice (made up)<enter>").Settle().See("ctrl+x")
	d.Advance(time.Minute + time.Second).See("is deactivated").Settle()
	d.Type("t").See("PRACTICE-101 was deactivated here on", "maria@desk2").Settle()
	// Another desk, later.
	d, _ = p.boxed(0)
	d.Type("Ut").See("was deactivated here on").Settle()
	d.Type("<esc>D").See("Overwrite PRACTICE-101?").Type("y").See("is active again").Settle()
	d.Type("t").See("lets the application into PRACTICE-101")
}

func TestAnAccountThatExistsIsOpened(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("UnPRACTICE-103<tab>Somebody Else<ctrl+s>").See("The account exists").Type("y").See("Change PRACTICE-103").Settle()
	a, _ := p.server.UpdoxAccount("PRACTICE-103")
	require.Contains(t, fmt.Sprint(a["name"]), "Fakeridge")
}

const takeIn = "BnMaple Clinic<tab>PRACTICE-900<tab>1 Maple Street<tab><tab>Mockville<tab>Connecticut<tab>06512<tab>2035550100<ctrl+s>y"

func TestAPracticeIsTakenIn(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type(strings.TrimSuffix(takeIn, "y")).See("Take the practice in?", "Maple Clinic (PRACTICE-900)", "Updox", "Inbox Health", "be deleted", "No").Settle()
	d.Type("n").See("Take a practice in", "Maple Clinic").Settle()
	require.Zero(t, p.server.Executions("updox POST PracticeCreate"), "nothing is sent before the answer")
	d.Type("<ctrl+s>y").See("Both vendors have PRACTICE-900").Settle().See("Updox account: done", "practices: done")
	a, ok := p.server.UpdoxAccount("PRACTICE-900")
	require.True(t, ok)
	require.Equal(t, "2035550100", a["phone"])
	for _, done := range []string{"go on", "find out", "correct...", "what happened"} {
		d.See("► Maple Clinic").Gone(done) // it is over
	}
	d.Type("<esc>X").See("What the vendors have of Maple Clinic", "D deactivate the account").Gone("Closing the job")
}

// Whoever goes on at once to a patient of the new practice finds it in the form.
// An id that is taken is replaced in the same form: the rest of it is not typed
// again. What cannot be corrected is said inside the form.
func TestATakenAccountIDIsReplaced(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type("BnMaple Street Family Practice<tab>PRACTICE-101<ctrl+s>").See("Take the practice in?").Type("y").See("exists at Updox already").Settle()
	d.Type("<esc>e<tab><ctrl+u>MAPLE-1<ctrl+s>").Settle().See("MAPLE-1", "Press enter to go on")
	p.server.SetFault(postEnterprise, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1})
	d.Type("<enter>").See("refused").Settle().Type("<esc>e<tab><ctrl+u>MAPLE-2<ctrl+s>").Settle().See("Correct Maple", "an account keeps its id")
	d.Type("<esc>y").Settle().Type("<enter>").See("Both vendors have MAPLE-1").Settle()
	require.Equal(t, 1, p.server.Executions(postEnterprise))
}

func TestAPatientOfAPracticeJustTakenIn(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	d.Type(takeIn).See("Both vendors have PRACTICE-900").Type("Pn<tab><tab><tab><tab><left>").See("New patient", "Maple Clinic")
}

func TestWhatFailedIsRetriedAloneAfterARestart(t *testing.T) {
	p := newPractice(t)
	d, _ := p.boxed(0)
	p.server.SetFault(postEnterprise, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 1})
	d.Type(takeIn).See("practices: refused", "enter tries again what failed").Settle()
	d.Type("<esc>X").See("Deactivate the account PRACTICE-900", "close the job").Type("<esc>").Settle()
	d, _ = p.boxed(0)
	d.Type("B").See("practices: refused").Type("<enter>").See("Both vendors have PRACTICE-900").Settle()
	require.Equal(t, 1, p.server.Executions("updox POST PracticeCreate"))
	require.Equal(t, 1, p.server.Executions(postEnterprise))
}

// The jobs keep time by the database's clock, so here the vendor does too.
func TestALostAnswerOfOnboardingIsLookedUp(t *testing.T) {
	p := newPracticeAt(t, time.Now)
	d, _ := p.boxed(0)
	p.server.SetFault(postEnterprise, sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
	d.Type(takeIn).Settle().Type("<esc>").Settle()
	require.Equal(t, 1, p.server.Executions(postEnterprise))
	d.Type("u").Settle().See("Press enter to end the job").Type("<enter>").Settle().See("practices: done")
	require.Equal(t, 1, p.server.Executions(postEnterprise))
}

// A payment whose second invoice is refused stands, and says what is left to do.
func TestAPaymentThatCouldNotBePutEverywhereIsSaid(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	d, b := p.boxed(0)
	open(d)
	p.server.SetFault(postShare, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, After: 1})
	d.Type("p<ctrl+u>60<ctrl+s>y").See("was recorded, but not all").Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
	require.Equal(t, 1, p.server.Executions(postShare))
	require.Len(t, b.States(), 1)
	p.server.ClearFaults()
	d.Type("<esc>y").See("$35.00 on no invoice").Type("a").See("Put $35.00 on invoices").Type("<ctrl+s>").Settle()
	require.Equal(t, 1500, p.cents("patients", ann, "balance_cents"))
	require.Equal(t, 1, p.server.Executions(postPayment))
}

// A slow vendor can be left: esc gives up what is awaited, and nothing opens
// over another page afterwards.
func TestEscIsTheWayOutOfASlowVendor(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d)
	p.server.SetFault("GET /partner/v2/invoices/{id}/line_items", sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour})
	d.Type("<enter><esc>").Settle().See("[Invoices 3]")
	require.NotContains(t, d.Screen(), "All lines")
	d.Type("y").See("[Payments 0]")
}

func TestThePaletteFindsWhatIsLoaded(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	d.Type("EU").See("PRACTICE-101").Settle()
	d.Type("<ctrl+p>Fakeridge Ped<enter>").Settle().See("► PRACTICE-111")
	d.Type("<ctrl+p>Specimen Str<enter>").Settle().See("[Enterprises]", "►      2")
	d.Type("<ctrl+p>Hollowbrook<enter>").Settle().See("Edith Hollowbrook", "Balance $198.50")
}

// Without one of the vendors its pages are not there.
func TestHalfAProfile(t *testing.T) {
	env := uitest.Env(t, monday)
	p := newPractice(t)
	inbox, _ := p.clients()
	d := uitest.New(t, env, 80, 24, billing.New(env, inbox, nil, nil, p.opt)).See("Edith Hollowbrook").Settle()
	require.NotContains(t, d.Screen(), "Onboarding")
	d.Type("U").Settle().See("[Patients]")
	env = uitest.Env(t, monday)
	_, accounts := p.clients()
	d = uitest.New(t, env, 80, 24, billing.New(env, nil, accounts, nil, p.opt)).See("PRACTICE-101").Settle()
	require.NotContains(t, d.Screen(), "Patients")
	d.Deliver(ui.GoMsg{Tab: "Billing", Subject: ui.Person{First: "Ann"}})
	d.See("does not use Inbox Health")
	d.Type("<esc>D").See("Deactivate PRACTICE-101?").Type("Sample Haven Family Practice (made up)<enter>").See("is").Settle()
	a, _ := p.server.UpdoxAccount("PRACTICE-101")
	require.Equal(t, false, a["active"])
}

// The next caller pays while the last payment can still be taken back. What of
// both is refused is kept, one under the other.
func TestTheNextCallerDoesNotWait(t *testing.T) {
	p := newPractice(t)
	ann := p.ann()
	bob := p.server.PlantInbox("patients", map[string]any{"first_name": "Bob", "last_name": "Specimen", "date_of_birth": "1980-01-02", "enterprise_id": 1})
	d, b := p.boxed(30 * time.Second)
	pay := func(id int, dollars string) {
		d.Deliver(ui.GoMsg{Tab: "Billing", Subject: inboxhealth.ID(id)}).See("patient ", "born").Settle()
		d.Type("p<ctrl+u>" + dollars + "<ctrl+s>").Settle().Type("y").Settle()
	}
	pay(ann, "10")
	d.Advance(10 * time.Second)
	pay(bob, "20")
	d.See("(1 before it)")
	d.Type("p").See("A payment of this patient is on its way")
	d.Type("<esc>n").See("Invoice for Bob").Type("Visit<tab><tab>5").See("$5.00").Type("<esc>y").Settle()
	d.Advance(21 * time.Second).Settle()
	require.Equal(t, 1, p.server.Executions(postPayment))
	d.Advance(10 * time.Second).Settle()
	require.Equal(t, 2, p.server.Executions(postPayment))
	require.Equal(t, []string{"done", "done"}, b.States())

	p.server.SetFault(postPayment, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 422, Times: 2})
	pay(ann, "11")
	pay(bob, "22")
	d.Advance(31 * time.Second).Settle().Type("<esc>")
	d.Type("Z").See("Payment of").Type("<esc>y").Settle().Type("Z").See("Payment of").Settle()
	require.Equal(t, 2, p.server.Executions(postPayment))
}

// A payment whose answer was lost is found, but nothing has put it on its
// invoices: that is said, and is the person's to do.
func TestAFoundPaymentIsNotYetOnItsInvoices(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, b := p.boxed(0)
	open(d)
	p.server.SetFault(postPayment, sandbox.Fault{Kind: sandbox.FaultResetAfter, Times: 1})
	d.Type("p<ctrl+u>50<tab><tab><tab><ctrl+u>25<tab><ctrl+u><tab><ctrl+u>25<ctrl+s>").See("goes on invoice 35").Type("y").Settle()
	require.Equal(t, []string{"landed"}, b.States())
	require.Zero(t, p.server.Executions(postShare))
	d.See("1 landed", "not on all of its", "press a to put it there")
}

func TestTheSumOfAPaymentWaitsForItsAmount(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d).Type("p<ctrl+u>12,5").See("Type the amount that was paid")
	require.NotContains(t, d.Screen(), "more is put on invoices")
}

// What acts on a row is offered where there is one.
func TestKeysOfRowsNeedARow(t *testing.T) {
	p := newPractice(t)
	p.ann()
	d, _ := p.boxed(0)
	open(d).Type("y").See("No payments")
	for _, words := range []string{"refund...", "void...", "receipt", "enter open"} {
		require.NotContains(t, d.Screen(), words)
	}
	d.Type("p<ctrl+s>y").Settle().See("Recorded", "R refund...", "enter open")
}
