package inboxhealth

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

// Reading one enterprise is not documented and changing one is.
func TestAnEnterpriseOfAListCanBeChanged(t *testing.T) {
	b := newBiller(t)
	b.On("GET /partner/v2/enterprises/", http.StatusOK,
		`{"enterprises": [{"id": 46, "city": "Hamden"}, {"id": 47, "city": "New Haven"}]}`,
		`{"enterprises": [{"id": 46, "city": "Hamden"}, {"id": 47, "city": "New Haven"}]}`,
		`{"enterprises": [{"id": 46, "city": "Hamden"}, {"id": 47, "city": "Milford"}]}`)
	b.On("PUT /partner/v2/enterprises/47", http.StatusOK, `{}`)
	c := b.client(t)
	e, err := c.Enterprise(t.Context(), 47)
	require.NoError(t, err)
	e, err = c.UpdateEnterprise(t.Context(), e, Edits{"city": "Milford"})
	require.NoError(t, err)
	require.Equal(t, "Milford", e.City.String())
	require.JSONEq(t, `{"id": 47, "enterprise": {"city": "Milford"}}`, b.Only(t, "PUT /partner/v2/enterprises/47").Body)
}

// A list of what belongs to one record is not taken for it when a row says that
// it belongs to another one.
func TestRowsOfAnotherRecord(t *testing.T) {
	lists := map[string]struct {
		row  string
		read func(*Client) error
	}{
		"/enterprises/12/practices": {`{"id": 1, "enterprise_id": 13}`, func(c *Client) error { return fails(c.EnterprisePractices(t.Context(), 12, Query{})) }},
		"/enterprises/12/doctors":   {`{"id": 1, "enterprise_id": 13}`, func(c *Client) error { return fails(c.EnterpriseDoctors(t.Context(), 12, Query{})) }},
		"/enterprises/12/patients":  {`{"id": 1, "enterprise_id": 13}`, func(c *Client) error { return fails(c.EnterprisePatients(t.Context(), 12, Query{})) }},
		"/patients/12/invoices":     {`{"id": 1, "patient_id": 13}`, func(c *Client) error { return fails(c.PatientInvoices(t.Context(), 12, Query{})) }},
		"/patients/12/payments":     {`{"id": 1, "patient_id": 13}`, func(c *Client) error { return fails(c.PatientPayments(t.Context(), 12, Query{})) }},
		"/patients/12/notifications": {`{"id": 1, "patient_id": 13}`, func(c *Client) error {
			return fails(c.PatientNotifications(t.Context(), 12, Query{}))
		}},
		"/invoices/12/line_items": {`{"id": 1, "invoice_id": 13}`, func(c *Client) error { return fails(c.InvoiceLines(t.Context(), 12, Query{})) }},
		"/invoices/12/invoice_payments": {`{"id": 1, "invoice_id": 13}`, func(c *Client) error {
			return fails(c.InvoiceAllocations(t.Context(), 12, Query{}))
		}},
	}
	for path, l := range lists {
		many := path[strings.LastIndex(path, "/")+1:]
		for row, ours := range map[string]bool{
			l.row: false, strings.Replace(l.row, "13", "12", 1): true, strings.Replace(l.row, "13", `"12"`, 1): true,
			strings.Replace(l.row, "13", "null", 1): true, `{"id": 1}`: true,
		} {
			c, _ := begin(t, "GET /partner/v2"+path, `{"`+many+`": [`+row+`]}`)
			err := l.read(c)
			if ours {
				require.NoError(t, err, "%s %s", path, row)
				continue
			}
			require.Contains(t, requireKind(t, err, rest.KindDecode).UserMessage(), "belongs to another")
		}
	}
	// One payment may be put on several invoices.
	c, _ := begin(t, "GET /partner/v2/invoices/12/payments", `{"payments": [{"id": 1, "invoice_id": 13}]}`)
	require.NoError(t, fails(c.InvoicePayments(t.Context(), 12, Query{})))
	c, _ = begin(t, "GET /partner/v2/invoices/12/notifications", `{"notifications": [{"id": 1, "invoice_id": 13}]}`)
	require.NoError(t, fails(c.InvoiceNotifications(t.Context(), 12, Query{})))
}

func fails[T any](_ T, err error) error { return err }

// A date and a date-time of the same day are the same, and so are M and Male
// (IH-8): in the list and in the record, before a change and after it.
func TestIH8_ChangesAreComparedByMeaning(t *testing.T) {
	c, b := begin(t, "GET /partner/v2/patients", `{"patients": [{"id": 12, "date_of_birth": "1987-07-23", "sex": "M"}]}`)
	b.On("GET /partner/v2/patients/12", http.StatusOK,
		`{"patient": {"id": 12, "date_of_birth": "1987-07-23T00:00:00.000Z", "sex": "Male"}}`,
		`{"patient": {"id": 12, "date_of_birth": "1987-07-24T00:00:00.000-04:00", "sex": "F"}}`)
	b.On("PUT /partner/v2/patients/12", http.StatusOK, `{}`)
	page, err := c.Patients(t.Context(), Query{})
	require.NoError(t, err)
	e := Edits{"date_of_birth": "1987-07-24", "sex": "Female"}
	p, err := c.UpdatePatient(t.Context(), page.Items[0], e)
	require.NoError(t, err)
	require.Equal(t, Landed, p.Holds(e))
	require.Equal(t, DidNot, p.Holds(Edits{"date_of_birth": "1987-07-25", "sex": "Male"}))
	_, err = c.UpdatePatient(t.Context(), p, e)
	require.NoError(t, err, "it was so before")
}

// What a list leaves out does not make a record another one: it is not said
// that nothing landed, so that nobody sends it again.
func TestRecordsThatSayLittleAreNotRuledOut(t *testing.T) {
	began := time.Now()
	now := `"created_at": "` + began.Add(time.Second).UTC().Format(time.RFC3339) + `"`
	day := civil.Date{Year: 2019, Month: 5, Day: 24}
	line := NewLineItem{ServiceCode: "99213", Description: "Visit", DateOfService: day, Charge: 2500, Covered: 500, Quantity: 1}
	kept := `"service_code": "99213", "description": "Visit", "total_charge_amount_cents": 2500`
	invoice := NewInvoice{PatientID: 12, DateOfService: day, Lines: []NewLineItem{line}}
	added := line
	added.InvoiceID = 70
	patient := NewPatient{FirstName: "Ada", LastName: "Example", DateOfBirth: day, EnterpriseID: 4}
	doctor := NewDoctor{FirstName: "Ada", LastName: "Example", NPI: "0000000009", EnterpriseID: 4}
	lost := map[string]struct {
		many, row string
		find      func(*Client) (Settled, error)
		want      Verdict
	}{
		"patient, no birth": {"patients", `"first_name": "Ada", "last_name": "Example", "enterprise_id": 4`,
			func(c *Client) (Settled, error) { return c.SettlePatient(t.Context(), patient, began) }, CannotTell},
		"patient, another": {"patients", `"first_name": "Ada", "last_name": "Else", "enterprise_id": 4`,
			func(c *Client) (Settled, error) { return c.SettlePatient(t.Context(), patient, began) }, DidNot},
		"doctor, no NPI": {"doctors", `"first_name": "Ada", "last_name": "Example"`,
			func(c *Client) (Settled, error) { return c.SettleDoctor(t.Context(), doctor, began) }, CannotTell},
		"invoice without lines": {"invoices", `"date_of_service": "2019-05-24", "line_items": []`,
			func(c *Client) (Settled, error) { return c.SettleInvoice(t.Context(), invoice, began) }, CannotTell},
		"invoice, no day": {"invoices", `"line_items": [{"id": 1, "covered_amount_cents": 500, ` + kept + `}]`,
			func(c *Client) (Settled, error) { return c.SettleInvoice(t.Context(), invoice, began) }, CannotTell},
		"invoice, another line": {"invoices", `"date_of_service": "2019-05-24", "line_items": [{"id": 1, "covered_amount_cents": 501, ` + kept + `}]`,
			func(c *Client) (Settled, error) { return c.SettleInvoice(t.Context(), invoice, began) }, DidNot},
		"line, nothing covered stated": {"line_items", kept,
			func(c *Client) (Settled, error) { return c.SettleLineItem(t.Context(), added, began) }, CannotTell},
		"line": {"line_items", `"covered_amount_cents": 500, ` + kept,
			func(c *Client) (Settled, error) { return c.SettleLineItem(t.Context(), added, began) }, Landed},
		"allocation, no amount": {"invoice_payments", `"payment_id": 8`,
			func(c *Client) (Settled, error) {
				return c.SettleInvoicePayment(t.Context(), NewInvoicePayment{PaymentID: 8, InvoiceID: 70, Paid: 5}, began)
			}, CannotTell},
		"write-off, no patient": {"write_offs", `"date": "2019-05-24", "write_off_code_id": 3, "amount_cents": 75`,
			func(c *Client) (Settled, error) {
				return c.SettleWriteOff(t.Context(), NewWriteOff{PatientID: 12, Date: day, CodeID: 3, Amount: 75}, began)
			}, CannotTell},
		"code, no enterprise": {"payment_reasons", `"code": "CO-3"`,
			func(c *Client) (Settled, error) {
				return c.SettlePaymentReason(t.Context(), NewCode{EnterpriseID: 4, Code: "CO-3"}, began)
			}, CannotTell},
		"payment, spelled otherwise": {"payments", `"expected_amount_cents": 2500, "payment_method_type": "External Card"`,
			func(c *Client) (Settled, error) {
				return c.SettlePayment(t.Context(), NewPayment{PatientID: 12, Expected: 2500, Method: ExternalCard}, began)
			}, Landed},
	}
	for name, l := range lost {
		t.Run(name, func(t *testing.T) {
			c, _ := begin(t, vendortest.Otherwise, `{"`+l.many+`": [{"id": 9, `+now+`, `+l.row+`}]}`)
			s, err := l.find(c)
			require.NoError(t, err)
			require.Equal(t, l.want.String(), s.Verdict.String())
		})
	}
}
