package billing

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

// A vendor that takes "apply_payment":false to the letter leaves a payment off
// the invoice that stands beside it: that is told, and nothing is sent again.
func TestAPaymentThatIsNotOnItsInvoiceIsTold(t *testing.T) {
	for applied, told := range map[string]bool{`,"applied_amount_cents":0`: true, `,"applied_amount_cents":2500`: false, "": false} {
		s := vendortest.Open(t)
		s.On("POST /partner/v2/payments", http.StatusCreated, `{"payment":{"id":7,"patient_id":31,"expected_amount_cents":2500`+applied+`}}`)
		inbox, err := inboxhealth.New(inboxhealth.Config{
			Base: s.URL + "/partner/v2", Rate: 1e6, Burst: 1e6, Key: func(context.Context) (string, error) { return "fake-key", nil },
		})
		require.NoError(t, err)
		defer inbox.Close()
		_, err = sendPayment(t.Context(), inbox, paying{Patient: 31, Amount: 2500, Method: inboxhealth.Cash, Shares: []share{{Invoice: 101, Paid: 2500}}})
		require.Len(t, s.All(), 1)
		if !told {
			require.NoError(t, err, applied)
			continue
		}
		require.Contains(t, rest.UserMessage(err), "Payment 7 of $25.00 was recorded, and Inbox Health does not show it on invoice 101.")
		require.Implements(t, (*interface{ Landed() bool })(nil), err, "it is done, and not sent again")
	}
}
