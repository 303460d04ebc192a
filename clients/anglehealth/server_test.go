package anglehealth

import (
	"context"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"frontdesk/clients/rest"
	"frontdesk/clients/rest/vendortest"
)

// TestMain finds what the tests of the package leave running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	fakeID     = "fake-client"
	fakeSecret = "fake-secret-for-tests"
	fakeToken  = "fake-token-for-tests"
)

// insurer is a played vendor.
type insurer struct{ *vendortest.Server }

func newInsurer(t *testing.T) *insurer {
	t.Helper()
	s := &insurer{vendortest.Open(t)}
	s.SignIn("/broker/auth", `{
  "access_token": "`+fakeToken+`",
  "expires_in": 3600000,
  "token_type": "Bearer"
}`)
	return s
}

func (s *insurer) config() Config {
	return Config{
		Base:        s.URL + "/broker",
		Credentials: func(context.Context) (string, string, error) { return fakeID, fakeSecret, nil },
		Rate:        1e6, Burst: 1e6,
	}
}

func (s *insurer) client(t *testing.T, options ...func(*Config)) *Client {
	t.Helper()
	return vendortest.Client(t, New, s.config(), options...)
}

// start is a client against a server with one answer.
func start(t *testing.T, path, body string) (*Client, *insurer) {
	t.Helper()
	s := newInsurer(t)
	s.On(path, 200, body)
	return s.client(t), s
}

func requireKind(t *testing.T, err error, kind rest.Kind, secret ...string) *rest.Error {
	t.Helper()
	return vendortest.RequireKind(t, err, kind, append(secret, fakeID, fakeSecret, fakeToken)...)
}

// requireAsked compares all that a request says.
func requireAsked(t *testing.T, s vendortest.Sent, route, body, authorization string) {
	t.Helper()
	require.Equal(t, []string{route, body, authorization, "application/json"},
		[]string{s.Method + " " + s.Path, s.Body, s.Header.Get("Authorization"), s.Header.Get("Content-Type")})
}

func day(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// hire is the family of the document's sample, with ids and a day of its own.
func hire() NewHire {
	return NewHire{
		Group: "group-1", Start: day("2026-03-09"),
		Employee: Elected{"emp-1", map[Line]string{Dental: "delta_dental", Medical: "silver_ppo"}},
		Dependents: []Elected{
			{"dep-1", map[Line]string{Dental: "delta_dental", Medical: "bronze_epo"}},
		},
	}
}

// hired is the document's answer to it.
const hired = `{
  "emp-1": {
    "member_type": "employee",
    "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "31.20", "parent": "emp-1"},
    "medical": {"plan_name": "silver_ppo", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "412.50", "parent": "emp-1"}
  },
  "dep-1": {
    "member_type": "dependent",
    "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "22.40", "parent": "emp-1"},
    "medical": {"plan_name": "bronze_epo", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "261.25", "parent": "emp-1"}
  }
}`

// snapshot is the document's snapshot of a member.
const snapshot = `{
    "id": "emp-1", "group_id": "group-1", "member_type": "employee",
    "first_name": "Ada", "last_name": "Sample",
    "home_address": "1 Example Street", "mailing_address": "1 Example Street",
    "dob": "02/29/1972", "ssn": "987-65-4321", "sex": "F", "marital_status": "married",
    "contact": {"home_phone": "801-555-0100", "email_address": "ada@example.com"},
    "employment": {"hire_date": "03/09/2026", "occupation": "Baker", "hours_worked": 40},
    "medical": "silver_ppo", "dental": "delta_dental", "vision": "",
    "parent": "emp-1", "relationship": ""
}`
