package inboxhealth

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

// The requests and answers here are written from the documents.

// seedEnterprise is the seed's own body, less the two nulls that ask for the
// default and the practices.
const seedEnterprise = `{"enterprise": {"name": "City of New Haven University Hospital", "city": "New Haven", "state": "CT",
	"address_line_1": "770 Chapel St", "zip": "06512", "support_phone_number": "(203) 415-3486", "sales_tax": 0,
	"default_quick_pay_description": "Copay", "statement_descriptor": "BANK STATEMENT DESCRIPTOR OVERRIDE",
	"time_zone": "Eastern Time (US & Canada)", "color_statements": true, "first_class": true, "return_envelope": true,
	"perforation": true, "practices_attributes": [{"name": "New Haven Emergency Room",
	"address_line_1": "Address line 1 placeholder", "city": "City Placeholder", "state": "Connecticut",
	"time_zone": "Eastern Time (US & Canada)"}]}}`

// documentedEnterprise is of the fields the document's answer shows.
const documentedEnterprise = `{"enterprise": {"id": 47, "name": "City of New Haven University Hospital", "zip": "06512",
	"created_at": "2019-10-17T14:13:05.101Z", "updated_at": "2019-10-17T14:13:05.101Z", "sales_tax": 0.0,
	"time_zone": "Eastern Time (US & Canada)", "minimum_bill_amount_cents": 100, "past_due_balance_days": 45,
	"collection_warning_balance_days": 90, "apply_payment": true, "color_statements": true, "perforation": null,
	"default_checkin_routes": "{\"0\":\"demographics\"}", "soft_delete": false, "enterprise_plan": {"id": 1},
	"transfer_status": "scheduled", "default_service_code": "30",
	"links": {"practices": "https://demo.inboxhealth.com/api/partner/v2/enterprises/47/practices"}}}`

func hospital() NewEnterprise {
	return NewEnterprise{
		Name: "City of New Haven University Hospital", City: "New Haven", State: "CT",
		AddressLine1: "770 Chapel St", Zip: "06512", SupportPhoneNumber: "(203) 415-3486", SalesTax: "0",
		DefaultQuickPayDescription: "Copay", StatementDescriptor: "BANK STATEMENT DESCRIPTOR OVERRIDE",
		TimeZone: "Eastern Time (US & Canada)", ColorStatements: yes(), FirstClass: yes(), ReturnEnvelope: yes(), Perforation: yes(),
		Practices: []NewPractice{{Name: "New Haven Emergency Room", AddressLine1: "Address line 1 placeholder",
			City: "City Placeholder", State: "Connecticut", TimeZone: "Eastern Time (US & Canada)"}},
	}
}

func TestCreateEnterprise(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/enterprises", documentedEnterprise)
	e, err := c.CreateEnterprise(t.Context(), hospital())
	require.NoError(t, err)
	require.JSONEq(t, seedEnterprise, b.Last(t).Body)
	require.JSONEq(t, seedEnterprise, hospital().Request())
	require.Contains(t, hospital().Request(), "(US & Canada)", "the preview is for people")
	require.Equal(t, ID(47), e.ID)
	require.Equal(t, "06512", e.Zip.String())
	require.Equal(t, Amount{100, true}, e.MinimumBill)
	require.Equal(t, 45, e.PastDueDays)
	require.Equal(t, Flag{true, true}, e.ColorStatements)
	require.Equal(t, Flag{}, e.Perforation, "null is unknown")
	require.Equal(t, `{"0":"demographics"}`, e.DefaultCheckinRoutes.String())
	require.Equal(t, "scheduled", e.Setting("transfer_status").String())
	require.Equal(t, time.Date(2019, 10, 17, 14, 13, 5, 101e6, time.UTC), e.CreatedAt)
	require.NotContains(t, e.Settings(), "links")
}

func TestCreateEnterpriseRefusesBeforeSending(t *testing.T) {
	c, b := begin(t, vendortest.Otherwise, `{}`)
	for name, n := range map[string]NewEnterprise{
		"name":                 {},
		"sales_tax":            {Name: "x", SalesTax: "6,35"},
		"practices_attributes": {Name: "x", Practices: []NewPractice{{}}},
	} {
		_, err := c.CreateEnterprise(t.Context(), n)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, name)
	}
	require.Empty(t, b.Requests())
}

func TestCreatePatient(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/patients", `{"patient": {"id": 9, "first_name": "Test First Name"}}`)
	p, err := c.CreatePatient(t.Context(), NewPatient{
		FirstName: "Test First Name", LastName: "Test Last Name", DateOfBirth: civil.Date{Year: 1987, Month: 7, Day: 23},
		Sex: "m", Email: "testemail@inboxhealth.com", EnterpriseID: 47,
	})
	require.NoError(t, err)
	require.Equal(t, ID(9), p.ID)
	require.JSONEq(t, `{"patient": {"first_name": "Test First Name", "last_name": "Test Last Name",
		"date_of_birth": "1987-07-23", "sex": "Male", "email": "testemail@inboxhealth.com", "enterprise_id": 47}}`, b.Last(t).Body)
	require.Equal(t, "application/json", b.Last(t).Header.Get("Content-Type"))

	before := len(b.Requests())
	_, err = c.CreatePatient(t.Context(), NewPatient{Sex: "unsure", BillingStatus: "gone"})
	require.Len(t, requireKind(t, err, rest.KindValidation).Fields, 6)
	require.Len(t, b.Requests(), before)
}

// patientSample has the fields of the document's webhook sample.
const patientSample = `{"id": 12, "user_id": null, "enterprise_id": 47, "first_name": "Test", "middle_name": null, "last_name": "Person",
	"created_at": "2019-05-24T21:05:10.973Z", "cell_phone": "2035550100", "secondary_phone": null, "home_phone": "2035550101",
	"date_of_birth": "1987-07-23", "primary": true, "ssn": "111-11-4444", "sex": "M", "removed": false, "email": "a@example.com",
	"zip": "06512", "notes": "two\nlines", "balance_cents": 1234, "soft_delete": 0, "patient_plan_ids": [3], "contact_preference": "both",
	"sms_opt_out": true, "phone_opt_out": false, "practice_id": 5, "billing_status": "billable", "last_notified_at": null,
	"links": {"invoices": "https://demo.inboxhealth.com/api/partner/v2/patients/12/invoices"}, "object": "patient"}`

func TestReadPatient(t *testing.T) {
	c, _ := begin(t, "GET /partner/v2/patients/12", `{"patient": `+patientSample+`}`)
	p, err := c.Patient(t.Context(), 12)
	require.NoError(t, err)
	require.Equal(t, "Test Person", p.Name().String())
	require.Equal(t, civil.Date{Year: 1987, Month: 7, Day: 23}, p.DateOfBirth)
	require.Equal(t, "Male", p.Sex.String())
	require.Equal(t, Amount{1234, true}, p.Balance)
	require.Equal(t, Flag{true, true}, p.SMSOptOut)
	require.Equal(t, Flag{false, true}, p.SoftDelete)
	require.Equal(t, "two\nlines", p.Notes.String())
	require.Equal(t, "billable", p.BillingStatus.String())
}

func TestSocialSecurityNumbersAreCutAtDecode(t *testing.T) {
	c, _ := begin(t, "GET /partner/v2/patients/12", `{"patient": `+patientSample+`}`)
	p, err := c.Patient(t.Context(), 12)
	require.NoError(t, err)
	require.Equal(t, "4444", p.SSNLast4)
	require.True(t, p.Setting("ssn").Empty())
	for _, v := range p.held {
		require.NotContains(t, string(v), "111-11")
	}
	for in, want := range map[string]string{"": "", "12": "", "***-**-1234": "1234", "111114444": "4444", "1234567890123": ""} {
		require.Equal(t, want, lastFour(in), in)
	}
}

func TestListsAreAskedAsDocumented(t *testing.T) {
	b := newBiller(t)
	c := b.client(t)
	ctx := t.Context()
	for _, tc := range []struct {
		path, root string
		ask        func(Query) (int, error)
		filter     string
	}{
		{"/enterprises/", "enterprises", func(q Query) (int, error) { p, err := c.Enterprises(ctx, q); return len(p.Items), err }, ""},
		{"/practices", "practices", func(q Query) (int, error) { p, err := c.Practices(ctx, q); return len(p.Items), err }, "name"},
		{"/enterprises/3/practices", "practices", func(q Query) (int, error) { p, err := c.EnterprisePractices(ctx, 3, q); return len(p.Items), err }, ""},
		{"/doctors", "doctors", func(q Query) (int, error) { p, err := c.Doctors(ctx, q); return len(p.Items), err }, "first_name"},
		{"/enterprises/3/doctors", "doctors", func(q Query) (int, error) { p, err := c.EnterpriseDoctors(ctx, 3, q); return len(p.Items), err }, ""},
		{"/patients", "patients", func(q Query) (int, error) { p, err := c.Patients(ctx, q); return len(p.Items), err }, "first_name"},
		{"/enterprises/3/patients", "patients", func(q Query) (int, error) { p, err := c.EnterprisePatients(ctx, 3, q); return len(p.Items), err }, ""},
		{"/invoices", "invoices", func(q Query) (int, error) { p, err := c.Invoices(ctx, q); return len(p.Items), err }, "first_name"},
		{"/patients/3/invoices", "invoices", func(q Query) (int, error) { p, err := c.PatientInvoices(ctx, 3, q); return len(p.Items), err }, ""},
		{"/invoices/3/line_items", "line_items", func(q Query) (int, error) { p, err := c.InvoiceLines(ctx, 3, q); return len(p.Items), err }, ""},
		{"/payments", "payments", func(q Query) (int, error) { p, err := c.Payments(ctx, q); return len(p.Items), err }, ""},
		{"/patients/3/payments", "payments", func(q Query) (int, error) { p, err := c.PatientPayments(ctx, 3, q); return len(p.Items), err }, ""},
		{"/invoices/3/payments", "payments", func(q Query) (int, error) { p, err := c.InvoicePayments(ctx, 3, q); return len(p.Items), err }, ""},
		{"/invoices/3/invoice_payments", "invoice_payments", func(q Query) (int, error) { p, err := c.InvoiceAllocations(ctx, 3, q); return len(p.Items), err }, ""},
		{"/payment_reasons", "payment_reasons", func(q Query) (int, error) { p, err := c.PaymentReasons(ctx, q); return len(p.Items), err }, ""},
		{"/write_off_codes", "write_off_codes", func(q Query) (int, error) { p, err := c.WriteOffCodes(ctx, q); return len(p.Items), err }, ""},
		{"/write_offs", "write_offs", func(q Query) (int, error) { p, err := c.WriteOffs(ctx, q); return len(p.Items), err }, ""},
		{"/patients/3/notifications", "notifications", func(q Query) (int, error) { p, err := c.PatientNotifications(ctx, 3, q); return len(p.Items), err }, ""},
		{"/invoices/3/notifications", "notifications", func(q Query) (int, error) { p, err := c.InvoiceNotifications(ctx, 3, q); return len(p.Items), err }, ""},
		{"/attachments", "attachments", func(q Query) (int, error) { p, err := c.Attachments(ctx, q); return len(p.Items), err }, ""},
	} {
		t.Run(tc.path, func(t *testing.T) {
			b.On("GET /partner/v2"+tc.path, http.StatusOK, `{"`+tc.root+`": [{"id": 1}, {"id": "2"}]}`)
			n, err := tc.ask(Query{Sort: "created_at", Page: 2, PerPage: 20})
			require.NoError(t, err)
			require.Equal(t, 2, n)
			q := b.Last(t).Query
			require.Equal(t, "2", q.Get("page"))
			require.Equal(t, "20", q.Get("per_page"))
			require.Equal(t, "created_at", q.Get("sort"))
			before := len(b.Requests())
			_, err = tc.ask(Query{Filter: "Ada"})
			if tc.filter == "" {
				requireKind(t, err, rest.KindValidation, "Ada")
				require.Len(t, b.Requests(), before)
				return
			}
			require.NoError(t, err)
			require.Equal(t, "Ada", b.Last(t).Query.Get("filter["+tc.filter+"]"))
			b.On("GET /partner/v2"+tc.path, http.StatusOK, `{"`+tc.root+`": [{"id": 1}, {"name": "no id"}]}`)
			_, err = tc.ask(Query{})
			requireKind(t, err, rest.KindDecode)
			b.On("GET /partner/v2"+tc.path, http.StatusOK, `{"something_else": 1}`)
			_, err = tc.ask(Query{})
			requireKind(t, err, rest.KindDecode)
		})
	}
}

func TestInvoicesWithLines(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/invoices", `{"invoice": {"id": 70, "patient_id": 12, "date_of_service": "2019-05-24T17:05:10.973-04:00",
		"balance_cents": 7500, "total_insurance_balance_cents": 2000, "line_items": [{"id": 1, "total_charge_amount_cents": 10000, "covered_amount_cents": 2500, "quantity": 1}]}}`)
	day := civil.Date{Year: 2019, Month: 5, Day: 24}
	n := NewInvoice{PatientID: 12, PracticeID: 5, DoctorID: 3, DateOfService: day, Notes: "n", Lines: []NewLineItem{
		{ServiceCode: "99213", Description: "Visit", DateOfService: day, Charge: 10000, Covered: 2500, Quantity: 1, InsuranceOwed: 2000}}}
	i, err := c.CreateInvoice(t.Context(), n)
	require.NoError(t, err)
	require.JSONEq(t, `{"invoice": {"patient_id": 12, "practice_id": 5, "doctor_id": 3, "date_of_service": "2019-05-24", "notes": "n",
		"estimate": false, "line_items_attributes": [{"service_code": "99213", "description": "Visit", "date_of_service": "2019-05-24",
		"total_charge_amount_cents": 10000, "covered_amount_cents": 2500, "quantity": 1, "insurance_owed_amount_cents": 2000}]}}`, b.Last(t).Body)
	require.Equal(t, day, i.DateOfService)
	require.True(t, i.LinesKnown)
	require.Equal(t, "$75.00", i.Lines[0].PatientPart().String())
	require.Equal(t, Flag{true, true}, i.WaitsForInsurance())

	before := len(b.Requests())
	_, err = c.CreateInvoice(t.Context(), NewInvoice{Lines: []NewLineItem{{Charge: -1, Covered: 5}}})
	fields := requireKind(t, err, rest.KindValidation).Fields
	for _, name := range []string{"patient_id", "date_of_service", "line_items_attributes", "line_items_attributes[0].total_charge_amount_cents",
		"line_items_attributes[0].quantity", "line_items_attributes[0].description"} {
		require.Contains(t, fields, name)
	}
	require.Len(t, b.Requests(), before)
}

func TestLineItems(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/line_items", `{"line_item": {"id": 4, "invoice_id": 70}}`)
	_, err := c.CreateLineItem(t.Context(), NewLineItem{InvoiceID: 70, Description: "Adjustment",
		DateOfService: civil.Date{Year: 2019, Month: 5, Day: 24}, Covered: 500, Quantity: 1})
	require.NoError(t, err)
	require.JSONEq(t, `{"line_item": {"invoice_id": 70, "description": "Adjustment", "date_of_service": "2019-05-24",
		"total_charge_amount_cents": 0, "covered_amount_cents": 500, "quantity": 1}}`, b.Last(t).Body)
}

func TestPayments(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/payments", `{"payment": {"id": 8, "patient_id": 12, "expected_amount_cents": 2500,
		"applied_amount_cents": 1000, "refunded_amount_cents": 0, "payment_method_type": "cash", "status": "completed"}}`)
	p, err := c.CreatePayment(t.Context(), NewPayment{InvoiceID: 70, PatientID: 12, Expected: 2500, Method: Cash, Description: "Copay"})
	require.NoError(t, err)
	require.JSONEq(t, `{"invoice_id": 70, "payment": {"patient_id": 12, "expected_amount_cents": 2500, "payment_method_type": "cash",
		"description": "Copay", "apply_payment": false}}`, b.Last(t).Body)
	require.Equal(t, "$15.00", p.Unapplied().String())
}

func TestQuickPay(t *testing.T) {
	day := civil.Date{Year: 2019, Month: 5, Day: 24}
	i := NewInvoice{PatientID: 12, DateOfService: day, Lines: []NewLineItem{{Description: "Copay", DateOfService: day, Charge: 2500, Quantity: 1}}}
	p := NewPayment{PatientID: 12, Expected: 2500, Method: Cash, Description: "Copay"}
	for name, tc := range map[string]struct {
		answer           string
		invoice, payment ID
	}{
		"both":         {`{"invoice": {"id": 70}, "payment": {"id": 8}}`, 70, 8},
		"payment":      {`{"payment": {"id": 8}}`, 0, 8},
		"bare payment": {`{"id": 8, "expected_amount_cents": 2500}`, 0, 8},
		"invoice":      {`{"invoice": {"id": 70}}`, 70, 0},
		"bare invoice": {`{"id": 70, "date_of_service": "2019-05-24"}`, 70, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c, b := begin(t, "POST /partner/v2/payments/quick_pay", tc.answer)
			q, err := c.QuickPay(t.Context(), i, p)
			require.NoError(t, err)
			require.Equal(t, tc.invoice, q.Invoice.ID)
			require.Equal(t, tc.payment, q.Payment.ID)
			require.JSONEq(t, `{"invoice": {"patient_id": 12, "date_of_service": "2019-05-24", "estimate": false, "line_items_attributes":
				[{"description": "Copay", "date_of_service": "2019-05-24", "total_charge_amount_cents": 2500, "covered_amount_cents": 0, "quantity": 1}]},
				"payment": {"patient_id": 12, "expected_amount_cents": 2500, "payment_method_type": "cash", "description": "Copay"}}`, b.Last(t).Body)
		})
	}
	c, b := begin(t, vendortest.Otherwise, `{}`)
	other := p
	other.PatientID = 13
	_, err := c.QuickPay(t.Context(), i, other)
	requireKind(t, err, rest.KindValidation)
	require.Empty(t, b.Requests())
}

func TestAllocations(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/invoice_payments", `{"invoice_payment": {"id": 6, "payment_id": 8, "invoice_id": 70, "paid_amount_cents": 0}}`)
	a, err := c.CreateInvoicePayment(t.Context(), NewInvoicePayment{PaymentID: 8, InvoiceID: 70, Reasons: []ID{2}})
	require.NoError(t, err)
	require.Equal(t, Amount{0, true}, a.Paid)
	require.JSONEq(t, `{"invoice_payment": {"payment_id": 8, "invoice_id": 70, "paid_amount_cents": 0,
		"payment_reasons_invoice_payments_attributes": [{"payment_reason_id": 2}]}}`, b.Last(t).Body)
	before := len(b.Requests())
	_, err = c.CreateInvoicePayment(t.Context(), NewInvoicePayment{PaymentID: 8, InvoiceID: 70})
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "paid_amount_cents")
	require.Len(t, b.Requests(), before)
}

// The document's own answer, and voided beside the record.
func TestRefundAndVoid(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/payment_adjustments", `{"payment_adjustment": {"id": 3, "payment_id": 8,
		"payment_processing_refund_id": null, "created_at": "2019-05-24T21:05:10.973Z", "updated_at": "2019-05-24T21:05:10.973Z",
		"transfer_id": null, "status": "refunded", "created_by_user_id": 1, "amount_cents": 500}}`)
	p := Payment{ID: 8, Expected: Amount{2500, true}, Refunded: Amount{0, true}}
	a, err := c.Refund(t.Context(), p, 500)
	require.NoError(t, err)
	require.Equal(t, Amount{500, true}, a.Amount)
	require.JSONEq(t, `{"voided": false, "payment_adjustment": {"payment_id": 8, "amount_cents": 500}}`, b.Last(t).Body)
	_, err = c.Void(t.Context(), p)
	require.NoError(t, err)
	require.JSONEq(t, `{"voided": true, "payment_adjustment": {"payment_id": 8, "amount_cents": 2500}}`, b.Last(t).Body)

	before := len(b.Requests())
	part := p
	part.Refunded.Cents = 2000
	_, err = c.Refund(t.Context(), part, 501)
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields["amount_cents"].String(), "$5.00")
	_, err = c.Refund(t.Context(), p, 0)
	requireKind(t, err, rest.KindValidation)
	_, err = c.Void(t.Context(), part)
	requireKind(t, err, rest.KindValidation)
	_, err = c.Void(t.Context(), Payment{ID: 8})
	requireKind(t, err, rest.KindValidation)
	require.Len(t, b.Requests(), before)
}

func TestCodesAndWriteOffs(t *testing.T) {
	b := newBiller(t)
	c := b.client(t)
	b.On("POST /partner/v2/payment_reasons", 201, `{"payment_reason": {"id": 1, "code": "CO-3"}}`)
	b.On("POST /partner/v2/write_off_codes", 201, `{"write_off_code": {"id": 2, "code": "SMALL"}}`)
	b.On("POST /partner/v2/write_offs", 201, `{"write_off": {"id": 3, "amount_cents": 75}}`)
	_, err := c.CreatePaymentReason(t.Context(), NewCode{EnterpriseID: 47, Code: "CO-3", Description: "Copay amount"})
	require.NoError(t, err)
	require.JSONEq(t, `{"payment_reason": {"enterprise_id": 47, "code": "CO-3", "description": "Copay amount"}}`, b.Last(t).Body)
	_, err = c.CreateWriteOffCode(t.Context(), NewCode{EnterpriseID: 47, Code: "SMALL"})
	require.NoError(t, err)
	require.JSONEq(t, `{"write_off_code": {"enterprise_id": 47, "code": "SMALL"}}`, b.Last(t).Body)
	w, err := c.CreateWriteOff(t.Context(), NewWriteOff{PatientID: 12, Date: civil.Date{Year: 2026, Month: 3, Day: 9}, CodeID: 2, Amount: 75})
	require.NoError(t, err)
	require.Equal(t, "$0.75", w.Amount.String())
	require.JSONEq(t, `{"write_off": {"patient_id": 12, "date": "2026-03-09", "write_off_code_id": 2, "amount_cents": 75}}`, b.Last(t).Body)
}

// An update reads, sends what was edited with the id beside it, and reads.
func TestUpdate(t *testing.T) {
	b := newBiller(t)
	c := b.client(t)
	record := `{"patient": {"id": 12, "city": "New Haven", "zip": "06512", "billing_status": "complete"}}`
	b.On("GET /partner/v2/patients/12", 200, record)
	b.Do("PUT /partner/v2/patients/12", func(w http.ResponseWriter, _ *http.Request) {
		record = `{"patient": {"id": 12, "city": "New Haven", "zip": "06512", "billing_status": "scheduled", "precollection": true}}`
		b.On("GET /partner/v2/patients/12", 200, record)
		w.WriteHeader(http.StatusNoContent)
	})
	seen, err := c.Patient(t.Context(), 12)
	require.NoError(t, err)
	now, err := c.UpdatePatient(t.Context(), seen, Edits{"billing_status": "scheduled", "precollection": "true"})
	require.NoError(t, err)
	require.Equal(t, "scheduled", now.BillingStatus.String())
	put := b.Requests()[2]
	require.Equal(t, "PUT", put.Method)
	require.JSONEq(t, `{"id": 12, "patient": {"billing_status": "scheduled", "precollection": true}}`, put.Body)

	t.Run("a stale record", func(t *testing.T) {
		before := len(b.Requests())
		_, err := c.UpdatePatient(t.Context(), seen, Edits{"billing_status": "excluded"})
		e := requireKind(t, err, rest.KindConflict)
		require.Equal(t, rest.NotSent, e.Phase)
		require.Contains(t, e.Fields, "billing_status")
		require.Equal(t, "GET", b.Last(t).Method)
		require.Len(t, b.Requests(), before+1)
	})
	t.Run("refused before anything is sent", func(t *testing.T) {
		before := len(b.Requests())
		for name, value := range map[string]string{"ssn": "1", "id": "3", "billing_status": "gone", "precollection": "maybe",
			"date_of_birth": "7/23/87", "line_items_attributes": "[]"} {
			_, err := c.UpdatePatient(t.Context(), seen, Edits{name: value})
			require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, name)
		}
		_, err := c.UpdatePatient(t.Context(), seen, nil)
		requireKind(t, err, rest.KindValidation)
		require.Len(t, b.Requests(), before)
	})
	t.Run("a vendor that clears the rest", func(t *testing.T) {
		b.On("GET /partner/v2/patients/12", 200, record)
		b.Do("PUT /partner/v2/patients/12", func(w http.ResponseWriter, _ *http.Request) {
			b.On("GET /partner/v2/patients/12", 200, `{"patient": {"id": 12, "city": "Hamden"}}`)
			_, _ = w.Write([]byte(`{}`))
		})
		_, err := c.UpdatePatient(t.Context(), now, Edits{"city": "Hamden"})
		e := requireKind(t, err, rest.KindConflict)
		require.Equal(t, rest.Done, e.Phase)
		require.Contains(t, e.UserMessage(), "billing status, precollection, zip")
	})
}

func TestEnterpriseIsFoundInTheListWhereItsRouteIsMissing(t *testing.T) {
	c, _ := begin(t, "GET /partner/v2/enterprises/", `{"enterprises": [{"id": 46}, {"id": 47, "name": "Sample"}]}`)
	e, err := c.Enterprise(t.Context(), 47)
	require.NoError(t, err)
	require.Equal(t, "Sample", e.Name.String())
	_, err = c.Enterprise(t.Context(), 48)
	requireKind(t, err, rest.KindNotFound)
}

func TestReadsAreOfTheRecordAskedFor(t *testing.T) {
	c, b := begin(t, "GET /partner/v2/invoices/70", `{"invoice": {"id": 71}}`)
	_, err := c.Invoice(t.Context(), 70)
	requireKind(t, err, rest.KindDecode)
	before := len(b.Requests())
	for _, id := range []ID{0, -1} {
		_, err = c.Invoice(t.Context(), id)
		requireKind(t, err, rest.KindValidation)
	}
	require.Len(t, b.Requests(), before)
}

func TestErrorsOfTheApplication(t *testing.T) {
	b := newBiller(t)
	c := b.client(t)
	b.On("POST /partner/v2/patients", 422, `{"errors": {"last_name": ["can't be blank"], "email": ["is invalid", "is taken"]}}`)
	_, err := c.CreatePatient(t.Context(), NewPatient{FirstName: "A", LastName: "B", DateOfBirth: civil.Date{Year: 1987, Month: 7, Day: 23}, EnterpriseID: 1})
	e := requireKind(t, err, rest.KindValidation, "can't")
	require.Equal(t, rest.Refused, e.Phase)
	require.Equal(t, "can't be blank", e.Fields["last_name"].String())
	b.On("GET /partner/v2/patients/1", 403, `{"message": "Forbidden"}`)
	_, err = c.Patient(t.Context(), 1)
	requireKind(t, err, rest.KindAuth)
	b.On("GET /partner/v2/patients/1", 403, `{"error": "this enterprise is not yours"}`)
	_, err = c.Patient(t.Context(), 1)
	requireKind(t, err, rest.KindForbidden)
}

func TestSecretsAndNamesStayOutOfErrors(t *testing.T) {
	c, b := begin(t, "GET /partner/v2/patients", `{"patients": [{"id": 1, "first_name": {"Ada": 1}}]}`)
	_, err := c.Patients(t.Context(), Query{Filter: "Adalbert"})
	requireKind(t, err, rest.KindDecode, "Ada", "Adalbert")
	b.Close()
	_, err = c.Patients(t.Context(), Query{Filter: "Adalbert"})
	requireKind(t, err, rest.KindTransport, "Adalbert", "127.0.0.1")
}

func TestConfigIsChecked(t *testing.T) {
	good := Config{Base: "https://api.demo.inboxhealth.example.com/partner/v2", Key: func(ctx context.Context) (string, error) { return fakeKey, nil }}
	for name, spoil := range map[string]func(*Config){
		"no base":     func(c *Config) { c.Base = "" },
		"no prefix":   func(c *Config) { c.Base = "https://api.demo.inboxhealth.example.com" },
		"more behind": func(c *Config) { c.Base += "/patients" },
		"http":        func(c *Config) { c.Base = "http://demo.inboxhealth.example.com/partner/v2" },
		"no key":      func(c *Config) { c.Key = nil },
		"auth mode":   func(c *Config) { c.AuthMode = "token" },
		"limits":      func(c *Config) { c.Rate = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := good
			spoil(&cfg)
			_, err := New(cfg)
			require.Error(t, err)
			require.NotContains(t, rest.UserMessage(err), "example.com")
		})
	}
	c, err := New(good)
	require.NoError(t, err)
	c.Close()
}
