package inboxhealth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
)

// Each trap of the documents has a test of its name; what else must hold is in
// the files beside.

func TestIH01_TheKeyGoesWhereTheModeSays(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(fakeKey+":"))
	for mode, want := range map[AuthMode][2]string{
		"": {basic, fakeKey}, Both: {basic, fakeKey}, Basic: {basic, ""}, XKey: {"", fakeKey},
	} {
		t.Run("mode "+string(mode), func(t *testing.T) {
			b := newBiller(t)
			b.On("GET /partner/v2/patients", 200, `{"patients": []}`)
			c := b.client(t, func(cfg *Config) { cfg.AuthMode = mode })
			_, err := c.Patients(t.Context(), Query{})
			require.NoError(t, err)
			h := b.Last(t).Header
			require.Equal(t, want, [2]string{h.Get("Authorization"), h.Get("X-Api-Key")})
			require.Empty(t, h.Get("Cookie"))
		})
	}
	t.Run("a refused key is sent once", func(t *testing.T) {
		for status, body := range map[int]string{401: `{"error":"Unauthorized"}`, 403: `{"message":"Forbidden"}`} {
			b := newBiller(t)
			b.On("POST /partner/v2/practices", status, body)
			c := b.client(t)
			_, err := c.CreatePractice(t.Context(), NewPractice{Name: "x", EnterpriseID: 1})
			e := requireKind(t, err, rest.KindAuth)
			require.Equal(t, rest.Refused, e.Phase)
			require.False(t, e.Ambiguous)
			require.Len(t, b.Requests(), 1)
		}
	})
	t.Run("unless another one has been stored", func(t *testing.T) {
		b := newBiller(t)
		b.Do("GET /partner/v2/patients", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Api-Key") != "fake-second-key" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_, _ = w.Write([]byte(`{"patients": []}`))
		})
		keys := []string{fakeKey, "fake-second-key"}
		c := b.client(t, func(cfg *Config) {
			cfg.Key = func(context.Context) (string, error) { k := keys[0]; keys = keys[1:]; return k, nil }
		})
		_, err := c.Patients(t.Context(), Query{})
		require.NoError(t, err)
		require.Len(t, b.Requests(), 2)
	})
	t.Run("Reset lets the same key be tried again", func(t *testing.T) {
		b := newBiller(t)
		b.On("GET /partner/v2/patients", 401, `{}`)
		c := b.client(t)
		_, err := c.Patients(t.Context(), Query{})
		requireKind(t, err, rest.KindAuth)
		b.On("GET /partner/v2/patients", 200, `{"patients": []}`)
		c.Reset()
		_, err = c.Patients(t.Context(), Query{})
		require.NoError(t, err)
	})
	t.Run("a key that fits no header is not sent", func(t *testing.T) {
		for _, key := range []string{"", "two words", "a:b", "a\nb"} {
			b := newBiller(t)
			c := b.client(t, func(cfg *Config) { cfg.Key = func(context.Context) (string, error) { return key, nil } })
			_, err := c.Patients(t.Context(), Query{})
			requireKind(t, err, rest.KindAuth)
			require.Empty(t, b.Requests())
		}
	})
}

func TestIH02_EitherPrefix(t *testing.T) {
	for _, prefix := range []string{"/partner/v2", "/api/partner/v2", "/api/partner/v2/", "/proxy/partner/v2"} {
		b := newBiller(t)
		c := b.client(t, func(cfg *Config) { cfg.Base = b.URL + prefix })
		_, err := c.Patient(t.Context(), 3)
		requireKind(t, err, rest.KindNotFound)
		require.Equal(t, trimSlash(prefix)+"/patients/3", b.Last(t).Path)
	}
}

func trimSlash(s string) string {
	if s[len(s)-1] == '/' {
		return s[:len(s)-1]
	}
	return s
}

// The links of the answers lead to another server here, which must hear
// nothing.
func TestIH03_LinksAreNotFollowed(t *testing.T) {
	old, b := newBiller(t), newBiller(t)
	c := b.client(t)
	links := fmt.Sprintf(`"links": {"invoices": "%[1]s/partner/v2/patients/3/invoices", "self": "%[1]s/partner/v2/patients/3"}`, old.URL)
	b.On("GET /partner/v2/patients/3", 200, `{"patient": {"id": 3, `+links+`}}`)
	b.On("GET /partner/v2/patients/3/invoices", 200, `{"invoices": [{"id": 1, `+links+`}], `+links+`}`)
	p, err := c.Patient(t.Context(), 3)
	require.NoError(t, err)
	require.NotContains(t, p.held, "links")
	_, err = c.PatientInvoices(t.Context(), p.ID, Query{})
	require.NoError(t, err)
	b.Do("GET /partner/v2/patients/3", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, old.URL+"/partner/v2/patients/3", http.StatusFound)
	})
	_, err = c.Patient(t.Context(), 3)
	requireKind(t, err, rest.KindRedirect)
	require.Empty(t, old.Requests())
}

func TestIH04_AnAnswerWithoutAnIDIsAmbiguous(t *testing.T) {
	for name, body := range map[string]string{
		"blank, as the seed prints it": ``, "empty": `{}`, "null": `{"enterprise": null}`, "id null": `{"enterprise": {"id": null}}`,
		"id zero": `{"enterprise": {"id": 0}}`, "another record": `{"patient": {"id": 3}}`, "id is a name": `{"enterprise": {"id": "x"}}`,
		"a list": `[]`, "no JSON": `created`,
	} {
		t.Run(name, func(t *testing.T) {
			c, b := begin(t, "POST /partner/v2/enterprises", body)
			_, err := c.CreateEnterprise(t.Context(), NewEnterprise{Name: "Sample"})
			e := requireKind(t, err, rest.KindDecode)
			require.Equal(t, rest.Unknown, e.Phase)
			require.True(t, e.Ambiguous)
			require.Len(t, b.Requests(), 1)
		})
	}
	t.Run("an id in quotes and no root is one", func(t *testing.T) {
		c, _ := begin(t, "POST /partner/v2/enterprises", `{"id": "47"}`)
		e, err := c.CreateEnterprise(t.Context(), NewEnterprise{Name: "Sample"})
		require.NoError(t, err)
		require.Equal(t, ID(47), e.ID)
	})
	t.Run("an id beside something unreadable is done", func(t *testing.T) {
		c, _ := begin(t, "POST /partner/v2/enterprises", `{"enterprise": {"id": 47, "minimum_bill_amount_cents": 1.5}}`)
		e, err := c.CreateEnterprise(t.Context(), NewEnterprise{Name: "Sample"})
		require.Equal(t, rest.Done, requireKind(t, err, rest.KindDecode).Phase)
		require.Equal(t, ID(47), e.ID)
	})
}

func TestIH05_TheBalanceIsKnownOrUnknown(t *testing.T) {
	for fields, want := range map[string]string{
		`"balance_cents": 100, "cached_balance_cents": 250`:  "$2.50",
		`"balance_cents": 100`:                               "$1.00",
		`"balance_cents": 100, "cached_balance_cents": null`: "$1.00",
		`"cached_balance_cents": 0, "balance_cents": 5`:      "$0.00",
		`"balance_cents": "100"`:                             "$1.00",
		`"balance_cents": -50`:                               "-$0.50",
		`"balance_cents": null`:                              "unknown",
		`"city": "x"`:                                        "unknown",
	} {
		c, _ := begin(t, "GET /partner/v2/patients/3", `{"patient": {"id": 3, `+fields+`}}`)
		p, err := c.Patient(t.Context(), 3)
		require.NoError(t, err, fields)
		require.Equal(t, want, p.Balance.String(), fields)
	}
}

// There is no way to change a payment: what is wrong is refunded or voided.
func TestIH06_PaymentsAreOnlyAdjusted(t *testing.T) {
	for _, op := range everyOp() {
		require.False(t, op.Method == http.MethodPut && op.Path == "/payments/{id}", op.Name)
	}
}

func TestIH07_StatusesAreSpelledOneWay(t *testing.T) {
	for in, want := range map[string]string{
		"partially refunded": "partially refunded", "partially_refunded": "partially refunded", "Partially_Refunded ": "partially refunded",
		"refunded": "refunded", "VOIDED": "voided", "On_Hold": "On_Hold", "": "",
	} {
		c, _ := begin(t, "GET /partner/v2/payments/8", fmt.Sprintf(`{"payment": {"id": 8, "status": %q}}`, in))
		p, err := c.Payment(t.Context(), 8)
		require.NoError(t, err)
		require.Equal(t, want, p.Status.Raw())
	}
}

func TestIH08_SpellingsOfTheVendor(t *testing.T) {
	for fields, check := range map[string]func(*testing.T, Patient){
		`"sex": "M"`:             func(t *testing.T, p Patient) { require.Equal(t, "Male", p.Sex.String()) },
		`"sex": "female"`:        func(t *testing.T, p Patient) { require.Equal(t, "Female", p.Sex.String()) },
		`"sex": "X"`:             func(t *testing.T, p Patient) { require.Equal(t, "X", p.Sex.String()) },
		`"soft_delete": false`:   func(t *testing.T, p Patient) { require.Equal(t, Flag{false, true}, p.SoftDelete) },
		`"soft_delete": 0`:       func(t *testing.T, p Patient) { require.Equal(t, Flag{false, true}, p.SoftDelete) },
		`"soft_delete": 1`:       func(t *testing.T, p Patient) { require.Equal(t, Flag{true, true}, p.SoftDelete) },
		`"soft_delete": "true"`:  func(t *testing.T, p Patient) { require.Equal(t, Flag{true, true}, p.SoftDelete) },
		`"soft_delete": null`:    func(t *testing.T, p Patient) { require.Equal(t, "unknown", p.SoftDelete.String()) },
		`"phone": "2035550100"`:  func(t *testing.T, p Patient) { require.Equal(t, "2035550100", p.Phone.String()) },
		`"cell_phone": 20355501`: func(t *testing.T, p Patient) { require.Equal(t, "20355501", p.CellPhone.String()) },
		`"date_of_birth": "1987-07-23T00:00:00.000-04:00"`: func(t *testing.T, p Patient) {
			require.Equal(t, civil.Date{Year: 1987, Month: 7, Day: 23}, p.DateOfBirth)
		},
		`"date_of_birth": null, "created_at": "soon"`: func(t *testing.T, p Patient) {
			require.Equal(t, civil.Date{}, p.DateOfBirth)
			require.True(t, p.CreatedAt.IsZero())
		},
	} {
		t.Run(fields, func(t *testing.T) {
			c, _ := begin(t, "GET /partner/v2/patients/3", `{"patient": {"id": 3, `+fields+`}}`)
			p, err := c.Patient(t.Context(), 3)
			require.NoError(t, err)
			check(t, p)
		})
	}
	for _, fields := range []string{`"date_of_birth": "7/23/87"`, `"soft_delete": "perhaps"`, `"balance_cents": "twelve"`} {
		c, _ := begin(t, "GET /partner/v2/patients/3", `{"patient": {"id": 3, `+fields+`}}`)
		_, err := c.Patient(t.Context(), 3)
		requireKind(t, err, rest.KindDecode, "7/23/87", "perhaps", "twelve")
	}
}

func TestIH09_NoNestedRecordsWithoutIDInAPut(t *testing.T) {
	b := newBiller(t)
	b.On("GET /partner/v2/invoices/70", 200, `{"invoice": {"id": 70, "notes": "n"}}`)
	b.Do("PUT /partner/v2/invoices/70", func(w http.ResponseWriter, _ *http.Request) {
		b.On("GET /partner/v2/invoices/70", 200, `{"invoice": {"id": 70, "notes": "n", "estimate": false}}`)
		_, _ = w.Write([]byte(`{}`))
	})
	c := b.client(t)
	seen, err := c.Invoice(t.Context(), 70)
	require.NoError(t, err)
	for name, lines := range map[string][]LineEdits{
		"none":     {{Edits: Edits{"description": "x"}}},
		"the last": {{ID: 4, Edits: Edits{"description": "x"}}, {Edits: Edits{"description": "y"}}},
		"negative": {{ID: -4, Edits: Edits{"description": "x"}}},
		"smuggled": {{Edits: Edits{"id": "4"}}},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(b.Requests())
			_, err := c.UpdateInvoice(t.Context(), seen, nil, lines...)
			requireKind(t, err, rest.KindValidation)
			require.Len(t, b.Requests(), before)
		})
	}
	_, err = c.UpdateInvoice(t.Context(), seen, Edits{"estimate": "false"}, LineEdits{4, Edits{"covered_amount_cents": "500"}})
	require.NoError(t, err)
	all := b.Requests()
	require.JSONEq(t, `{"id": 70, "invoice": {"estimate": false, "line_items_attributes": [{"id": 4, "covered_amount_cents": 500}]}}`, all[len(all)-2].Body)

	e := Enterprise{ID: 47, held: object{"id": raw("47")}}
	_, err = c.UpdateEnterprise(t.Context(), e, Edits{"practices_attributes": `[{"name":"x"}]`})
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "practices_attributes")
	for _, nested := range []any{[]map[string]any{{"name": "x"}}, map[string]any{"0": map[string]any{"name": "x"}}, "x"} {
		require.Error(t, guardNested(opUpdateEnterprise, map[string]any{"practices_attributes": nested}))
	}
}

func TestIH10_PracticesAttributesIsPlural(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/enterprises", documentedEnterprise)
	_, err := c.CreateEnterprise(t.Context(), hospital())
	require.NoError(t, err)
	require.Contains(t, b.Last(t).Body, `"practices_attributes":[{`)
	require.NotContains(t, b.Last(t).Body, `"practice_attributes"`)
	_, err = c.CreateEnterprise(t.Context(), NewEnterprise{Name: "Alone"})
	require.NoError(t, err)
	require.JSONEq(t, `{"enterprise": {"name": "Alone"}}`, b.Last(t).Body, "left out, so that the vendor makes one")
}

func TestIH11_CardsAreChargedOnlyWhenAskedExpressly(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/payments", `{"payment": {"id": 8}}`)
	pay := func(m Method, expressly bool) error {
		_, err := c.CreatePayment(t.Context(), NewPayment{PatientID: 1, Expected: 100, Method: m, ChargeCard: expressly})
		return err
	}
	for _, m := range []Method{Cash, ExternalCard, Insurance} {
		require.NoError(t, pay(m, false), m)
		require.Error(t, pay(m, true), m)
	}
	require.Len(t, b.Requests(), 3)
	require.Contains(t, requireKind(t, pay(Card, false), rest.KindValidation).Fields, "payment_method_type")
	for _, m := range []Method{"one_time_payment", "", "CASH", "check"} {
		require.Error(t, pay(m, false), m)
		require.Error(t, pay(m, true), m)
	}
	require.Len(t, b.Requests(), 3)
	require.NoError(t, pay(Card, true))
	require.Contains(t, b.Last(t).Body, `"payment_method_type":"card"`)
	day := civil.Date{Year: 2026, Month: 3, Day: 9}
	_, err := c.QuickPay(t.Context(), NewInvoice{PatientID: 1, DateOfService: day, Lines: []NewLineItem{{Description: "x", DateOfService: day, Quantity: 1}}},
		NewPayment{PatientID: 1, Expected: 100, Method: Card, ChargeCard: true})
	requireKind(t, err, rest.KindValidation)
	require.Len(t, b.Requests(), 4)
}

func TestIH12_TheEnvironmentHasAName(t *testing.T) {
	for base, want := range map[string]string{
		"http://127.0.0.1:9/x/partner/v2":                       "this machine",
		"http://[::1]:9/partner/v2":                             "this machine",
		"https://api.demo.inboxhealth.com/partner/v2":           "demo",
		"https://demo.inboxhealth.com/api/partner/v2":           "demo",
		"https://api.inboxhealth.example.com/partner/v2":        "api.inboxhealth.example.com",
		"https://demolition.inboxhealth.example.com/partner/v2": "demolition.inboxhealth.example.com",
	} {
		c, err := New(Config{Base: base, Key: func(context.Context) (string, error) { return fakeKey, nil }})
		require.NoError(t, err, base)
		require.Equal(t, want, c.Environment())
		c.Close()
	}
}

func TestIH13_AnAmpersandIsEscapedOnceAtMost(t *testing.T) {
	c, b := begin(t, "POST /partner/v2/enterprises", documentedEnterprise)
	_, err := c.CreateEnterprise(t.Context(), hospital())
	require.NoError(t, err)
	require.NotContains(t, b.Last(t).Body, `\\u0026`)
	var body struct {
		Enterprise struct {
			TimeZone string `json:"time_zone"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(b.Last(t).Body), &body))
	require.Equal(t, "Eastern Time (US & Canada)", body.Enterprise.TimeZone)
}

// serving plays servers of many habits with so many patients.
func serving(total int, habit func(page, per int) (from, to int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		per, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		from, to := habit(page, per)
		rows := []map[string]int{}
		for id := min(from, total) + 1; id <= min(to, total); id++ {
			rows = append(rows, map[string]int{"id": id})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"patients": rows})
	}
}

func TestIH14_ListsEnd(t *testing.T) {
	asAsked := func(page, per int) (int, int) { return (page - 1) * per, page * per }
	capped := func(most int) func(int, int) (int, int) {
		return func(page, _ int) (int, int) { return (page - 1) * most, page * most }
	}
	for name, tc := range map[string]struct {
		total    int
		habit    func(page, per int) (int, int)
		requests int
		found    int
		complete bool
	}{
		"none":                   {0, asAsked, 1, 0, true},
		"short":                  {7, asAsked, 1, 7, true},
		"one page exactly":       {50, asAsked, 2, 50, true},
		"three":                  {120, asAsked, 3, 120, true},
		"short and round":        {20, asAsked, 2, 20, true},
		"the server's own limit": {60, capped(25), 3, 60, true},
		"page ignored":           {50, func(int, int) (int, int) { return 0, 50 }, 2, 50, true},
		"both ignored":           {180, func(int, int) (int, int) { return 0, 180 }, 2, 180, true},
		"no end":                 {1 << 30, asAsked, 200, 10_000, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBiller(t)
			b.Do("GET /partner/v2/patients", serving(tc.total, tc.habit))
			all, complete, err := b.client(t).AllPatients(t.Context(), Query{})
			require.NoError(t, err)
			require.Len(t, all, tc.found)
			require.Equal(t, tc.complete, complete)
			require.Len(t, b.Requests(), tc.requests)
			for i, p := range all {
				require.Equal(t, ID(i+1), p.ID)
			}
		})
	}
	t.Run("a record added on the way ends nothing", func(t *testing.T) {
		b, total := newBiller(t), 120
		b.Do("GET /partner/v2/patients", func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			rows := []map[string]int{}
			for id := total - (page-1)*50; id > max(total-page*50, 0); id-- {
				rows = append(rows, map[string]int{"id": id})
			}
			total++ // and the newest comes first
			_ = json.NewEncoder(w).Encode(map[string]any{"patients": rows})
		})
		all, complete, err := b.client(t).AllPatients(t.Context(), Query{})
		require.NoError(t, err)
		require.True(t, complete)
		require.Len(t, all, 120)
	})
	t.Run("a page of the server's own limit may be followed", func(t *testing.T) {
		b := newBiller(t)
		b.Do("GET /partner/v2/patients", serving(37, capped(25)))
		c := b.client(t)
		for page, more := range map[int]bool{1: true, 2: false, 3: false} {
			got, err := c.Patients(t.Context(), Query{Page: page, PerPage: 100})
			require.NoError(t, err)
			require.Equal(t, more, got.More, page)
		}
	})
	t.Run("a failure on the way is a failure", func(t *testing.T) {
		b := newBiller(t)
		c, answer := b.client(t), serving(120, asAsked)
		b.Do("GET /partner/v2/patients", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "2" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			answer(w, r)
		})
		all, complete, err := c.AllPatients(t.Context(), Query{})
		requireKind(t, err, rest.KindValidation)
		require.False(t, complete)
		require.Empty(t, all)
	})
}

func TestIH15_MoneyIsWholeCents(t *testing.T) {
	for in, want := range map[string]Cents{
		`0`: 0, `123`: 123, `"123"`: 123, `-5`: -5, `1e2`: 100, `100.0`: 100, `9007199254740993`: 9007199254740993, `9223372036854775807`: 1<<63 - 1,
	} {
		var c Cents
		require.NoError(t, json.Unmarshal(raw(in), &c), in)
		require.Equal(t, want, c, in)
	}
	for _, in := range []string{`12.5`, `"12.50"`, `""`, `"$12"`, `true`, `[1]`, `9223372036854775808`, `1e999999999`, `1e-999999999`, `0.001`} {
		var c Cents
		require.Error(t, json.Unmarshal(raw(in), &c), in)
	}
	for c, want := range map[Cents]string{
		0: "$0.00", 5: "$0.05", -5: "-$0.05", 123456: "$1,234.56", 100000000: "$1,000,000.00", 1<<63 - 1: "$92,233,720,368,547,758.07",
		-1 << 63: "-$92,233,720,368,547,758.08",
	} {
		require.Equal(t, want, c.String())
	}
	b, err := json.Marshal(NewPayment{PatientID: 1, Expected: 9007199254740993, Method: Cash})
	require.NoError(t, err)
	require.Contains(t, string(b), `"expected_amount_cents":9007199254740993`)
	c, _ := begin(t, "GET /partner/v2/payments/8", `{"payment": {"id": 8, "expected_amount_cents": 12.5}}`)
	_, err = c.Payment(t.Context(), 8)
	requireKind(t, err, rest.KindDecode, "12.5")
}

// Nothing but templates, numbers and words of ours is logged.
func TestTheLogHoldsNoNamesAndNoKey(t *testing.T) {
	var log bytes.Buffer
	b := newBiller(t)
	b.On("GET /partner/v2/patients", 200, `{"patients": [`+patientSample+`]}`)
	c := b.client(t, func(cfg *Config) { cfg.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	_, err := c.Patients(t.Context(), Query{Filter: "Adalbert"})
	require.NoError(t, err)
	require.Contains(t, log.String(), "list patients")
	for _, secret := range []string{fakeKey, "Adalbert", "Person", "4444", "127.0.0.1"} {
		require.NotContains(t, log.String(), secret)
	}
}

// Each operation has a name of its own, and every write is sent once.
func TestOperations(t *testing.T) {
	names := map[string]bool{}
	for _, op := range everyOp() {
		require.False(t, names[op.Name], op.Name)
		names[op.Name] = true
		if op.Method == http.MethodGet {
			require.Equal(t, rest.Read, op.Effect, op.Name)
			continue
		}
		require.Equal(t, rest.Create, op.Effect, op.Name)
		if op.Method == http.MethodPost {
			require.NotEmpty(t, roots[op.Name], op.Name)
		}
	}
}

func everyOp() []rest.Op {
	return []rest.Op{
		opEnterprises, opEnterprise, opCreateEnterprise, opUpdateEnterprise,
		opPractices, opEnterprisePractices, opPractice, opCreatePractice, opUpdatePractice,
		opDoctors, opEnterpriseDoctors, opDoctor, opCreateDoctor, opUpdateDoctor,
		opPatients, opEnterprisePatients, opPatient, opCreatePatient, opUpdatePatient,
		opInvoices, opPatientInvoices, opInvoice, opCreateInvoice, opUpdateInvoice,
		opInvoiceLines, opLineItem, opCreateLineItem, opUpdateLineItem,
		opPayments, opPatientPayments, opInvoicePayments, opPayment, opCreatePayment, opQuickPay,
		opInvoiceAllocations, opInvoicePayment, opCreateInvoicePayment, opUpdateInvoicePayment,
		opAdjustment, opRefund, opVoid,
		opPaymentReasons, opPaymentReason, opCreatePaymentReason, opWriteOffCodes, opWriteOffCode, opCreateWriteOffCode,
		opWriteOffs, opWriteOff, opCreateWriteOff, opPatientNotifications, opInvoiceNotifications, opAttachments,
	}
}
