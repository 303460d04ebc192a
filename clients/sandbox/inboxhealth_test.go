package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A biller is a plain HTTP client of the played Inbox Health.
type biller struct {
	testing.TB
	s     *Server
	mount string
	sign  func(*http.Request)
}

func newBiller(t testing.TB, o Options) *biller {
	s := start(t, o)
	s.SetInboxLimit(1e6, 1e6)
	return &biller{t, s, "/partner/v2", func(r *http.Request) { r.SetBasicAuth(FakeInboxKey, "") }}
}

func (b *biller) do(method, path, body string) (int, map[string]any) {
	b.Helper()
	req, err := http.NewRequest(method, b.s.URL("inboxhealth")+b.mount+path, strings.NewReader(body))
	require.NoError(b, err)
	req.Header.Set("Content-Type", "application/json")
	b.sign(req)
	tr := &http.Transport{DisableKeepAlives: true}
	resp, err := tr.RoundTrip(req)
	require.NoError(b, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(b, err)
	var v map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	require.NoError(b, dec.Decode(&v), "%s %s: %s", method, path, raw)
	return resp.StatusCode, v
}

// make posts and returns the record.
func (b *biller) make(path, root, body string) map[string]any {
	b.Helper()
	status, v := b.do("POST", path, body)
	require.Equal(b, http.StatusCreated, status, v)
	r, ok := v[root].(map[string]any)
	require.True(b, ok, v)
	return r
}

func (b *biller) read(path, root string) map[string]any {
	b.Helper()
	status, v := b.do("GET", path, "")
	require.Equal(b, http.StatusOK, status, v)
	r, _ := v[root].(map[string]any)
	return r
}

func (b *biller) rows(path, root string) []any {
	b.Helper()
	status, v := b.do("GET", path, "")
	require.Equal(b, http.StatusOK, status, v)
	r, ok := v[root].([]any)
	require.True(b, ok, v)
	return r
}

// The seed's two requests, as it prints them.
const (
	seedEnterprise = `{"enterprise": {"name": "City of New Haven University Hospital", "city": "New Haven", "state": "CT",
		"address_line_1": "770 Chapel St", "address_line_2": null, "zip": "06512", "support_phone_number": "(203) 415-3486",
		"sales_tax": 0, "default_quick_pay_description": "Copay", "logo_background_color": null, "default_checkin_routes": null,
		"statement_descriptor": "BANK STATEMENT DESCRIPTOR OVERRIDE", "time_zone": "Eastern Time (US & Canada)",
		"color_statements": true, "first_class": true, "return_envelope": true, "perforation": true,
		"practices_attributes": [%s]}}`
	seedPractice = `{"name": "New Haven Emergency Room", "address_line_1": "Address line 1 placeholder",
		"city": "City Placeholder", "state": "Connecticut", "time_zone": "Eastern Time (US & Canada)"}`
	seedPatient = `{"patient": {"first_name": "Test First Name", "last_name": "Test Last Name", "date_of_birth": "1987-07-23",
		"sex": "Male", "email": "testemail@inboxhealth.example.com", "enterprise_id": %v}}`
)

func TestInboxTakesTheSeedsRequests(t *testing.T) {
	b := newBiller(t, Options{})
	e := b.make("/enterprises", "enterprise", fmt.Sprintf(seedEnterprise, seedPractice))
	require.Equal(t, "06512", e["zip"])
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`, e["created_at"])
	places := b.rows(fmt.Sprintf("/enterprises/%v/practices", e["id"]), "practices")
	require.Len(t, places, 1)
	require.Equal(t, "Connecticut", places[0].(map[string]any)["state"])
	p := b.make("/patients", "patient", fmt.Sprintf(seedPatient, e["id"]))
	require.Equal(t, json.Number("0"), p["balance_cents"])
	require.Equal(t, "complete", p["billing_status"])
	links, _ := p["links"].(map[string]any)
	require.Contains(t, links["invoices"], "demo.inboxhealth", "links lead to the old host")
}

func TestInboxMakesAPracticeOfTheEnterprise(t *testing.T) {
	b := newBiller(t, Options{})
	e := b.make("/enterprises", "enterprise", fmt.Sprintf(seedEnterprise, ""))
	places := b.rows(fmt.Sprintf("/enterprises/%v/practices", e["id"]), "practices")
	require.Len(t, places, 1)
	require.Equal(t, e["name"], places[0].(map[string]any)["name"])
}

func TestInboxWantsTheKey(t *testing.T) {
	none := func(*http.Request) {}
	basic := func(key, password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(key, password) }
	}
	header := func(key string) func(*http.Request) { return func(r *http.Request) { r.Header.Set("x-api-key", key) } }
	two := func(a, b func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) { a(r); b(r) }
	}
	right, wrong := FakeInboxKey, "fake-wrong-key"
	for _, c := range []struct {
		mode, name string
		sign       func(*http.Request)
		want       int
	}{
		{"both", "none", none, 401}, {"both", "basic", basic(right, ""), 200}, {"both", "header", header(right), 200},
		{"both", "two", two(basic(right, ""), header(right)), 200}, {"both", "wrong basic", basic(wrong, ""), 401},
		{"both", "password", basic(right, "x"), 401}, {"both", "wrong header", header(wrong), 403},
		{"both", "mismatch", two(basic(wrong, ""), header(right)), 401},
		{"basic", "none", none, 401}, {"basic", "header", header(right), 401}, {"basic", "basic", basic(right, ""), 200},
		{"x-api-key", "none", none, 403}, {"x-api-key", "basic", basic(right, ""), 403}, {"x-api-key", "header", header(right), 200},
	} {
		t.Run(c.mode+" "+c.name, func(t *testing.T) {
			b := newBiller(t, Options{Patients: 1})
			b.s.SetInboxAuth(c.mode)
			b.sign = c.sign
			status, v := b.do("GET", "/patients", "")
			require.Equal(t, c.want, status, v)
			switch status {
			case 401:
				require.Equal(t, "Unauthorized", v["error"])
			case 403:
				require.Equal(t, "Forbidden", v["message"])
			}
		})
	}
}

func TestInboxHasALimit(t *testing.T) {
	b := newBiller(t, Options{Patients: 1})
	b.s.SetInboxLimit(0.0001, 3)
	for range 3 {
		status, _ := b.do("GET", "/patients", "")
		require.Equal(t, http.StatusOK, status)
	}
	status, v := b.do("POST", "/practices", `{"practice": {"name": "Never", "enterprise_id": 1}}`)
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Equal(t, map[string]any{"message": "Too Many Requests"}, v)
	require.Zero(t, b.s.Executions("POST /partner/v2/practices"), "not processed in any way")
}

func TestInboxBothMountsAreOneHouse(t *testing.T) {
	b := newBiller(t, Options{})
	for _, mount := range inboxMounts {
		b.mount = mount
		b.make("/practices", "practice", `{"practice": {"name": "Annex (sample)", "enterprise_id": 1}}`)
		require.NotEmpty(t, b.rows("/enterprises/", "enterprises"))
	}
	require.Equal(t, 2, b.s.Executions("POST /partner/v2/practices"))
	require.Len(t, b.rows("/practices?filter[name]=annex", "practices"), 2)
	b.mount = "/v2"
	status, v := b.do("GET", "/practices", "")
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "Not Found", v["error"])
}

func TestInboxListsArePagedFilteredAndSorted(t *testing.T) {
	b := newBiller(t, Options{Patients: 120})
	require.Len(t, b.rows("/patients", "patients"), 50)
	require.Len(t, b.rows("/patients?page=3&per_page=50", "patients"), 20)
	require.Empty(t, b.rows("/patients?page=4&per_page=50", "patients"))
	names := ""
	for _, r := range b.rows("/patients?sort=last_name&per_page=100", "patients") {
		name := fold(r.(map[string]any)["last_name"].(string))
		require.GreaterOrEqual(t, name, names)
		names = name
	}
	status, _ := b.do("GET", "/patients?filter[ssn]=000-00-0001", "")
	require.Equal(t, http.StatusUnprocessableEntity, status)
}

func TestInboxRefusesTheWayRailsDoes(t *testing.T) {
	b := newBiller(t, Options{})
	for _, c := range []struct {
		method, path, body, field string
	}{
		{"POST", "/enterprises", `{"enterprise": {"name": " "}}`, "name"},
		{"POST", "/enterprises", `{"enterprise": {"name": "x", "practice_attributes": []}}`, "practice_attributes"},
		{"POST", "/patients", `{"patient": {"first_name": "A", "last_name": "B", "enterprise_id": 99}}`, "enterprise"},
		{"POST", "/patients", `{"patient": {"first_name": "A", "last_name": "B", "enterprise_id": 1, "date_of_birth": "7/23/87"}}`, "date_of_birth"},
		{"PUT", "/patients/1", `{"id": 1, "patient": {"billing_status": "forgiven"}}`, "billing_status"},
		{"PUT", "/patients/1", `{"id": 2, "patient": {"city": "x"}}`, "id"},
		{"POST", "/payments", `{"payment": {"patient_id": 1, "expected_amount_cents": 12.5, "payment_method_type": "cash"}}`, "expected_amount_cents"},
		{"POST", "/payments", `{"payment": {"patient_id": 1, "expected_amount_cents": 0, "payment_method_type": "cash"}}`, "expected_amount_cents"},
		{"POST", "/payments", `{"payment": {"patient_id": 1, "expected_amount_cents": 5, "payment_method_type": "gold"}}`, "payment_method_type"},
		{"POST", "/payment_reasons", `{"payment_reason": {"enterprise_id": 1, "code": "CO-3"}}`, "code"},
	} {
		status, v := b.do(c.method, c.path, c.body)
		require.Equal(t, http.StatusUnprocessableEntity, status, c.body)
		errors, _ := v["errors"].(map[string]any)
		require.Contains(t, errors, c.field, v)
	}
	status, _ := b.do("POST", "/patients", `{"first_name": "A"}`)
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = b.do("GET", "/patients/4711", "")
	require.Equal(t, http.StatusNotFound, status)
}

// One patient from the first invoice to the void, with the figures worked out
// by hand.
func TestInboxBalances(t *testing.T) {
	b := newBiller(t, Options{})
	patient := b.make("/patients", "patient", fmt.Sprintf(seedPatient, 1))["id"]
	balance := func() string {
		p := b.read(fmt.Sprintf("/patients/%v", patient), "patient")
		require.Equal(t, p["balance_cents"], p["cached_balance_cents"])
		return fmt.Sprint(p["balance_cents"])
	}
	invoice := b.make("/invoices", "invoice", fmt.Sprintf(`{"invoice": {"patient_id": %v, "practice_id": 1, "date_of_service": "2026-03-02",
		"line_items_attributes": [
			{"service_code": "99213", "total_charge_amount_cents": 10000, "covered_amount_cents": 2500, "quantity": 1, "tax_amount_cents": 75},
			{"description": "Adjustment", "total_charge_amount_cents": 0, "covered_amount_cents": 500, "quantity": 1}]}}`, patient))
	require.Equal(t, json.Number("7075"), invoice["balance_cents"])
	require.Equal(t, "7075", balance())
	require.Equal(t, "billable", b.read(fmt.Sprintf("/patients/%v", patient), "patient")["billing_status"])

	waiting := b.make("/invoices", "invoice", fmt.Sprintf(`{"invoice": {"patient_id": %v, "date_of_service": "2026-03-03",
		"line_items_attributes": [{"service_code": "97110", "total_charge_amount_cents": 6000, "covered_amount_cents": 0, "quantity": 1, "insurance_owed_amount_cents": 4000}]}}`, patient))
	require.Equal(t, json.Number("4000"), waiting["total_insurance_balance_cents"])
	require.Equal(t, "7075", balance(), "it does not count while the insurance owes")
	b.make("/payments", "payment", fmt.Sprintf(`{"invoice_id": %v, "payment": {"patient_id": %v, "expected_amount_cents": 4000,
		"payment_method_type": "insurance", "apply_payment": false}}`, waiting["id"], patient))
	require.Equal(t, "9075", balance(), "the patient's part counts from now on")

	payment := b.make("/payments", "payment", fmt.Sprintf(`{"payment": {"patient_id": %v, "expected_amount_cents": 3000,
		"payment_method_type": "cash", "description": "Copay", "apply_payment": false}}`, patient))
	require.Equal(t, "6075", balance(), "less what is not on an invoice yet")
	b.make("/invoice_payments", "invoice_payment", fmt.Sprintf(`{"invoice_payment": {"payment_id": %v, "invoice_id": %v, "paid_amount_cents": 3000}}`, payment["id"], invoice["id"]))
	require.Equal(t, "6075", balance())
	require.Equal(t, json.Number("4075"), b.read(fmt.Sprintf("/invoices/%v", invoice["id"]), "invoice")["balance_cents"])

	b.make("/payment_adjustments", "payment_adjustment", fmt.Sprintf(`{"voided": false, "payment_adjustment": {"payment_id": %v, "amount_cents": 1000}}`, payment["id"]))
	now := b.read(fmt.Sprintf("/payments/%v", payment["id"]), "payment")
	require.Equal(t, "partially refunded", now["status"])
	require.Equal(t, json.Number("1000"), now["refunded_amount_cents"])
	require.Equal(t, "6075", balance(), "a refund changes no balance")
	b.make("/payment_adjustments", "payment_adjustment", fmt.Sprintf(`{"voided": false, "payment_adjustment": {"payment_id": %v, "amount_cents": 2000}}`, payment["id"]))
	require.Equal(t, "refunded", b.read(fmt.Sprintf("/payments/%v", payment["id"]), "payment")["status"])

	other := b.make("/payments", "payment", fmt.Sprintf(`{"invoice_id": %v, "payment": {"patient_id": %v, "expected_amount_cents": 4075,
		"payment_method_type": "cash", "apply_payment": false}}`, invoice["id"], patient))
	require.Equal(t, json.Number("4075"), other["applied_amount_cents"])
	require.Equal(t, "2000", balance())
	status, _ := b.do("POST", "/payment_adjustments", fmt.Sprintf(`{"voided": true, "payment_adjustment": {"payment_id": %v, "amount_cents": 4000}}`, other["id"]))
	require.Equal(t, http.StatusUnprocessableEntity, status, "a void is of the whole payment")
	b.make("/payment_adjustments", "payment_adjustment", fmt.Sprintf(`{"voided": true, "payment_adjustment": {"payment_id": %v, "amount_cents": 4075}}`, other["id"]))
	require.Equal(t, "6075", balance(), "a void brings the whole of it back")
	require.Equal(t, json.Number("0"), b.read(fmt.Sprintf("/payments/%v", other["id"]), "payment")["applied_amount_cents"])
	require.Len(t, b.rows(fmt.Sprintf("/invoices/%v/invoice_payments", invoice["id"]), "invoice_payments"), 1, "its invoice payments are gone")

	b.make("/write_offs", "write_off", fmt.Sprintf(`{"write_off": {"patient_id": %v, "date": "2026-03-09", "write_off_code_id": 1, "amount_cents": 75}}`, patient))
	require.Equal(t, "6000", balance())
}

// Rails adds what has no id, each time.
func TestInboxPutAddsNestedRecordsWithoutID(t *testing.T) {
	b := newBiller(t, Options{})
	patient := b.make("/patients", "patient", fmt.Sprintf(seedPatient, 1))["id"]
	invoice := b.make("/invoices", "invoice", fmt.Sprintf(`{"invoice": {"patient_id": %v, "date_of_service": "2026-03-02", "line_items_attributes": [{"description": "a", "total_charge_amount_cents": 100, "covered_amount_cents": 0, "quantity": 1}]}}`, patient))
	path := fmt.Sprintf("/invoices/%v", invoice["id"])
	for range 2 {
		status, v := b.do("PUT", path, fmt.Sprintf(`{"id": %v, "invoice": {"line_items_attributes": [{"description": "b", "total_charge_amount_cents": 50, "covered_amount_cents": 0, "quantity": 1}]}}`, invoice["id"]))
		require.Equal(t, http.StatusOK, status, v)
	}
	require.Len(t, b.rows(path+"/line_items", "line_items"), 3)
	require.Equal(t, json.Number("200"), b.read(path, "invoice")["balance_cents"])
}

func TestInboxPlantedRecordsAreAnsweredAsTheyAre(t *testing.T) {
	b := newBiller(t, Options{})
	b.s.PlantInbox("patients", map[string]any{"id": 1, "first_name": "\x1b[2K", "balance_cents": nil, "cached_balance_cents": nil})
	p := b.read("/patients/1", "patient")
	require.Equal(t, "\x1b[2K", p["first_name"])
	require.Nil(t, p["cached_balance_cents"])
	held, ok := b.s.InboxRecord("patients", 1)
	require.True(t, ok)
	require.Equal(t, "\x1b[2K", held["first_name"])
}
