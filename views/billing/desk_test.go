package billing_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/inboxhealth"
	"frontdesk/clients/sandbox"
	"frontdesk/clients/updox"
	"frontdesk/state/onboard"
	"frontdesk/state/store"
	"frontdesk/ui"
	"frontdesk/ui/uitest"
	"frontdesk/views/billing"
)

// monday is half past nine in the practice.
var monday = time.Date(2026, 3, 9, 13, 30, 0, 0, time.UTC)

// practice is a sandbox with the desks' shared file.
type practice struct {
	t      testing.TB
	server *sandbox.Server
	file   string
	opt    billing.Options

	bill, line, paid, note int // records a test has planted
}

func newPractice(t testing.TB) *practice {
	return newPracticeAt(t, func() time.Time { return monday })
}

func newPracticeAt(t testing.TB, now func() time.Time) *practice {
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	s, err := sandbox.Start(sandbox.Options{Zone: zone, Patients: 20, Now: now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	s.SetInboxLimit(1e5, 1e5)
	return &practice{t: t, server: s, file: filepath.Join(t.TempDir(), "onboard.db"), opt: billing.Options{Dir: t.TempDir()}}
}

// sit is one person at a terminal of the practice.
func (p *practice) sit(width, height int) *uitest.Desk {
	p.t.Helper()
	env := uitest.Env(p.t, monday)
	env.Practice = "Riverside Training Clinic"
	return p.sitWith(env, width, height)
}

func (p *practice) sitWith(env *ui.Env, width, height int) *uitest.Desk {
	p.t.Helper()
	inbox, accounts := p.clients()
	db, err := store.Open(context.Background(), store.Options{Path: p.file, Migrations: onboard.Migrations})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _ = db.Close() })
	jobs := onboard.Open(db, onboard.Through(inbox), accounts, "maria@desk2")
	if env.Outbox == nil {
		env.Outbox = &uitest.Outbox{Created: monday}
	}
	return uitest.New(p.t, env, width, height, billing.New(env, inbox, accounts, jobs, p.opt)).Settle()
}

func (p *practice) clients() (*inboxhealth.Client, *updox.Client) {
	p.t.Helper()
	inbox, err := inboxhealth.New(inboxhealth.Config{
		Base: sandbox.Base(p.root(), "inboxhealth"), AuthMode: inboxhealth.Both, Rate: 1e4, Burst: 1e4, // pace is the client's tests' business
		Key: func(context.Context) (string, error) { return sandbox.FakeInboxKey, nil },
	})
	require.NoError(p.t, err)
	accounts, err := updox.New(updox.Config{Base: sandbox.Base(p.root(), "updox"), Credentials: func(context.Context) (string, string, error) {
		return sandbox.FakeUpdoxApplication, sandbox.FakeUpdoxPassword, nil
	}})
	require.NoError(p.t, err)
	p.t.Cleanup(func() { inbox.Close(); accounts.Close() })
	return inbox, accounts
}

func (p *practice) root() string {
	u := p.server.URL("naturaesoft")
	return u[:len(u)-len("/naturaesoft")]
}

// ann is a patient with three invoices: one of ten days ago, one of fifty, and
// one of a hundred that waits for an insurance.
func (p *practice) ann() int {
	id := p.server.PlantInbox("patients", map[string]any{
		"first_name": "Ann", "last_name": "Testperson", "date_of_birth": "1987-07-23", "enterprise_id": 1, "billing_status": "billable",
		"cell_phone": "5555550123", "email": "ann@example.com", "sms_opt_out": true, "phone_opt_out": false, "practice_id": 1,
	})
	for _, v := range []struct {
		ago, cents, insurance int
	}{{10, 5000, 0}, {50, 2500, 0}, {100, 9900, 4000}} {
		day := monday.AddDate(0, 0, -v.ago).Format(time.DateOnly)
		invoice := p.server.PlantInbox("invoices", map[string]any{"patient_id": id, "practice_id": 1, "enterprise_id": 1, "date_of_service": day, "estimate": false})
		p.server.PlantInbox("line_items", map[string]any{"invoice_id": invoice, "service_code": "99213", "description": "Office visit (sample)",
			"date_of_service": day, "total_charge_amount_cents": v.cents + 1000, "covered_amount_cents": 1000, "quantity": 1, "insurance_owed_amount_cents": v.insurance})
	}
	return id
}

// open shows a patient as another tab would.
func open(d *uitest.Desk) *uitest.Desk {
	d.Deliver(ui.GoMsg{Tab: "Billing", Subject: ui.Person{First: "Ann", Last: "Testperson", DOB: "1987-07-23"}})
	return d.See("Balance $").Settle()
}
