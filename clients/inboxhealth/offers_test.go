package inboxhealth_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
)

var resources = []inboxhealth.Resource{
	inboxhealth.ForEnterprises, inboxhealth.ForPractices, inboxhealth.ForDoctors, inboxhealth.ForPatients, inboxhealth.ForInvoices,
	inboxhealth.ForLineItems, inboxhealth.ForPayments, inboxhealth.ForInvoicePayments, inboxhealth.ForAdjustments, inboxhealth.ForQuickPay,
	inboxhealth.ForPaymentReasons, inboxhealth.ForWriteOffCodes, inboxhealth.ForWriteOffs, inboxhealth.ForNotifications, inboxhealth.ForAttachments,
}

func TestOffersAreProbedOnce(t *testing.T) {
	d := newDesk(t)
	d.ResetCounts()
	for range 2 {
		found, err := d.c.Offers(t.Context())
		require.NoError(t, err)
		for _, what := range resources {
			require.Equal(t, inboxhealth.Offered.String(), found[what].String(), what)
		}
		require.Len(t, found, len(resources))
		require.Equal(t, 13, d.Requests("*"), "each route once")
	}
	for _, route := range d.Routes() {
		if route[:3] != "GET" {
			require.Zero(t, d.Requests(route), "a probe writes nothing")
		}
	}
	d.c.Reset()
	_, err := d.c.Offers(t.Context())
	require.NoError(t, err)
	require.Equal(t, 26, d.Requests("*"))
}

func TestWhatIsMissingIsNotOffered(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		d := newDesk(t)
		for _, route := range []string{"/payments", "/doctors", "/invoices/{id}/line_items"} {
			d.SetFault("GET "+mount+route, sandbox.Fault{Kind: sandbox.FaultStatus, Status: status})
		}
		found, err := d.c.Offers(t.Context())
		require.NoError(t, err)
		for _, what := range []inboxhealth.Resource{inboxhealth.ForPayments, inboxhealth.ForAdjustments, inboxhealth.ForQuickPay,
			inboxhealth.ForDoctors, inboxhealth.ForLineItems} {
			require.Equal(t, inboxhealth.NotOffered.String(), found[what].String(), what)
		}
		require.Equal(t, inboxhealth.Offered, found[inboxhealth.ForInvoices])
		d.ResetCounts()
		d.ClearFaults()
		again, err := d.c.Offers(t.Context())
		require.NoError(t, err)
		require.Equal(t, found, again, "settled until Reset")
		require.Zero(t, d.Requests("*"))
	}
}

func TestAFailingVendorLeavesTheQuestionOpen(t *testing.T) {
	for name, f := range map[string]sandbox.Fault{
		"500": {Kind: sandbox.FaultStatus}, "reset": {Kind: sandbox.FaultResetBefore},
		"429": {Kind: sandbox.FaultRateLimited, RetryAfter: "3600"}, "html": {Kind: sandbox.FaultHTML},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.SetFault("GET "+mount+"/write_offs", f)
			d.SetFault("GET "+mount+"/invoices/{id}/line_items", f)
			found, err := d.c.Offers(t.Context())
			require.NoError(t, err)
			require.Equal(t, inboxhealth.Unsettled, found[inboxhealth.ForWriteOffs])
			require.Equal(t, inboxhealth.Unsettled, found[inboxhealth.ForLineItems])
			require.Equal(t, inboxhealth.Offered, found[inboxhealth.ForPatients])
			d.ClearFaults()
			d.ResetCounts()
			found, err = d.c.Offers(t.Context())
			require.NoError(t, err)
			require.Equal(t, inboxhealth.Offered, found[inboxhealth.ForWriteOffs])
			require.Equal(t, inboxhealth.Offered, found[inboxhealth.ForLineItems])
			require.Zero(t, d.Requests("GET "+mount+"/patients"), "what is settled is not asked again")
		})
	}
}

func TestOffersWithoutAnyRecord(t *testing.T) {
	d := newDesk(t)
	for route, body := range map[string]string{"/invoices": `{"invoices": []}`, "/patients": `{"patients": []}`} {
		d.SetFault("GET "+mount+route, sandbox.Fault{Kind: sandbox.FaultStatus, Status: 200, Body: body})
	}
	found, err := d.c.Offers(t.Context())
	require.NoError(t, err)
	require.Equal(t, inboxhealth.Offered, found[inboxhealth.ForInvoices])
	for _, what := range []inboxhealth.Resource{inboxhealth.ForLineItems, inboxhealth.ForInvoicePayments, inboxhealth.ForNotifications} {
		require.Equal(t, "unknown", found[what].String(), what)
	}
}

func TestOffersTellsOfARefusedKeyAndOfGivingUp(t *testing.T) {
	d := newDesk(t)
	d.SetFault(sandbox.AnyRoute, sandbox.Fault{Kind: sandbox.FaultUnauthorized})
	found, err := d.c.Offers(t.Context())
	var e *rest.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, rest.KindAuth, e.Kind)
	for what, answer := range found {
		require.Equal(t, inboxhealth.Unsettled, answer, what)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = newDesk(t).c.Offers(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
