package inboxhealth

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestValuesAreComparedAsWhatTheyMean(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`null`, `""`, true}, {``, `null`, true}, {`[]`, `null`, true}, {`true`, `1`, true}, {`false`, `"false"`, true},
		{`0`, `0.0`, true}, {`6.35`, `"6.350"`, true}, {`"x"`, ` "x" `, true}, {`"\u0041"`, `"A"`, true},
		{`"06512"`, `"6512"`, false}, {`"a"`, `"b"`, false}, {`true`, `false`, false}, {`0`, `null`, false}, {`1`, `10`, false},
	} {
		require.Equal(t, c.want, alike(raw(c.a), raw(c.b)), "%s %s", c.a, c.b)
	}
}

func TestVoidedPayments(t *testing.T) {
	for fields, want := range map[string]bool{
		`"status": "voided"`: true, `"status": "VOID"`: true, `"voided": true`: true, `"status": "refunded", "voided": 1`: true,
		`"status": "completed"`: false, `"status": "avoided"`: false, `"voided": "perhaps"`: false, `"status": null`: false,
	} {
		c, _ := begin(t, "GET /partner/v2/payments/8", `{"payment": {"id": 8, "expected_amount_cents": 100, "applied_amount_cents": 0, `+fields+`}}`)
		p, err := c.Payment(t.Context(), 8)
		require.NoError(t, err)
		require.Equal(t, want, p.Voided(), fields)
		if want {
			require.Equal(t, Amount{0, true}, p.Unapplied())
			_, err = c.Refund(t.Context(), p, 1)
			require.Error(t, err)
		}
	}
}

func TestNoPartOfASocialSecurityNumberIsHeld(t *testing.T) {
	c, _ := begin(t, "GET /partner/v2/patients/1", `{"patient": {"id": 1, "ssn": 111114444, "corrected_ssn": "222-22-5555", "city": "x"}}`)
	p, err := c.Patient(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "4444", p.SSNLast4)
	b, err := json.Marshal(p.held)
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "city": "x"}`, string(b))
}

// FuzzRecords decodes anything as anything: it is an error or a record with an
// id, and never a panic.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{documentedEnterprise, `{"patients": [` + patientSample + `]}`, `{"invoice": {"id": 1, "line_items": [{}]}}`,
		`[{"id": "7"}]`, `{"payment": {"id": 1e3}}`, `{"invoice": null, "payment": {"id": 1}}`, `null`, `{`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		requireRecords(t, enterprises, body)
		requireRecords(t, patients, body)
		requireRecords(t, invoices, body)
		requireRecords(t, payments, body)
		requireRecords(t, notifications, body)
		if q, err := decodeQuickPaid(body); err == nil && q.Invoice.ID <= 0 && q.Payment.ID <= 0 {
			t.Fatal("a quick payment of nothing")
		}
		_ = check(opCreateInvoice, 200, nil, body)
		_ = check(opPatient, 403, nil, body)
		_ = firstID(body)
	})
}

func requireRecords[T any](t *testing.T, k kind[T], body []byte) {
	if o, err := single(body, k.one); err == nil {
		if v, err := k.record(o); err == nil && k.id(v) <= 0 {
			t.Fatal("a record without an id")
		}
	}
	if all, err := several(body, k.many); err == nil {
		for _, o := range all {
			if v, err := k.record(o); err == nil && k.id(v) <= 0 {
				t.Fatal("a row without an id")
			}
		}
	}
}

func TestWhatARecordHolds(t *testing.T) {
	p := Patient{held: object{"city": raw(`"Hamden"`), "zip": raw(`"06514"`), "date_of_birth": raw(`"1987-07-23T00:00:00.000Z"`), "precollection": raw(`1`)}}
	for _, c := range []struct {
		edits Edits
		want  Verdict
	}{
		{Edits{"city": "Hamden"}, Landed}, {Edits{"city": "New Haven"}, DidNot}, {Edits{"city": "Hamden", "zip": "06512"}, CannotTell},
		{Edits{"date_of_birth": "1987-07-23", "precollection": "true"}, Landed}, {Edits{"date_of_birth": "1987-07-24"}, DidNot},
		{Edits{"state": ""}, Landed}, {Edits{"zip": ""}, DidNot}, {Edits{}, CannotTell}, {Edits{"ssn": "1"}, CannotTell},
	} {
		require.Equal(t, c.want.String(), p.Holds(c.edits).String(), "%v", c.edits)
	}
	require.Equal(t, CannotTell, Patient{}.Holds(Edits{"city": ""}), "a record that was never read")
	require.Equal(t, CannotTell, InvoicePayment{}.Holds(0))
}
