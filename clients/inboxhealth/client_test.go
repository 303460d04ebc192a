package inboxhealth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/rest"
)

// auditor remembers what it was told, and may say no.
type auditor struct {
	mu    sync.Mutex
	lines []string
	no    error
}

func (a *auditor) Allow(context.Context, string, string) error { return a.no }

func (a *auditor) Done(_ context.Context, _, op, record, outcome string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lines = append(a.lines, op+"|"+record+"|"+outcome)
}

// The trail names the record a write is about, never a person.
func TestWritesLeaveATrail(t *testing.T) {
	b, trail := newBiller(t), &auditor{}
	c := b.client(t, func(cfg *Config) { cfg.Trail = trail })
	ctx := t.Context()
	b.On("POST /partner/v2/payments", 201, `{"payment": {"id": 8}}`)
	b.On("POST /partner/v2/payment_adjustments", 201, `{}`)
	b.On("POST /partner/v2/patients", 422, `{"errors": {"email": ["is taken"]}}`)
	b.On("GET /partner/v2/practices/5", 200, `{"practice": {"id": 5}}`)
	b.On("PUT /partner/v2/practices/5", 500, `{}`)
	_, err := c.CreatePayment(ctx, NewPayment{PatientID: 12, Expected: 100, Method: Cash})
	require.NoError(t, err)
	_, err = c.Refund(ctx, Payment{ID: 8, Expected: Amount{100, true}}, 50)
	require.Error(t, err)
	_, err = c.CreatePatient(ctx, NewPatient{FirstName: "Ada", LastName: "Example", DateOfBirth: civil.Date{Year: 1987, Month: 7, Day: 23}, EnterpriseID: 47})
	require.Error(t, err)
	_, err = c.UpdatePractice(ctx, Practice{ID: 5}, Edits{"city": "x"})
	require.Error(t, err)
	require.Equal(t, []string{
		"create payment|12|done", "refund payment|8|decode outcome unknown",
		"create patient|47|validation refused", "update practice|5|server outcome unknown",
	}, trail.lines)

	before := len(b.Requests())
	trail.no = errors.New("the disk is full")
	_, err = c.CreatePayment(ctx, NewPayment{PatientID: 12, Expected: 100, Method: Cash})
	requireKind(t, err, rest.KindConfig)
	require.Len(t, b.Requests(), before, "what cannot be audited is not sent")
}

func TestTheKeyIsAskedForOnce(t *testing.T) {
	var asked atomic.Int64
	b := newBiller(t)
	b.On("GET /partner/v2/patients", 200, `{"patients": []}`)
	c := b.client(t, func(cfg *Config) {
		cfg.Key = func(context.Context) (string, error) { asked.Add(1); return fakeKey, nil }
	})
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if _, err := c.Patients(t.Context(), Query{}); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, asked.Load())
	require.Equal(t, "up", c.Health().Word)
	require.Equal(t, 30, c.Stats()[0].Calls)

	// Many refusals at once ask for the key once more, and send nothing more.
	b.On("GET /partner/v2/patients", http.StatusUnauthorized, `{"error": "Unauthorized"}`)
	before := len(b.Requests())
	for range 30 {
		all.Go(func() {
			if _, err := c.Patients(t.Context(), Query{}); err == nil {
				t.Error("no refusal")
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 2, asked.Load())
	require.Len(t, b.Requests(), before+30, "each call was sent once")
	require.Equal(t, "auth", c.Health().Word)
}

func TestAKeyringThatFailsIsToldOf(t *testing.T) {
	b := newBiller(t)
	c := b.client(t, func(cfg *Config) {
		cfg.Key = func(context.Context) (string, error) { return "", errors.New("the keyring is locked") }
	})
	_, err := c.Patients(t.Context(), Query{})
	require.Contains(t, requireKind(t, err, rest.KindAuth).UserMessage(), "the keyring is locked")
	require.Empty(t, b.Requests())
}

// What is shown of an amount is exactly the amount.
func TestCentsAreShownExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "cents")
		var back Cents
		digits := strings.NewReplacer("$", "", ",", "", ".", "").Replace(Cents(n).String())
		if err := back.UnmarshalJSON([]byte(digits)); err != nil || back != Cents(n) {
			t.Fatalf("%d is shown as %s", n, Cents(n))
		}
	})
}
