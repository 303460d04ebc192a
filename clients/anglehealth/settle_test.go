package anglehealth_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/anglehealth"
	"frontdesk/clients/rest"
	"frontdesk/clients/rest/faulttest"
	"frontdesk/clients/rest/vendortest"
	"frontdesk/clients/sandbox"
)

// A desk is a client of a played insurer of its own.
type desk struct {
	*testing.T
	*sandbox.Server
	c *anglehealth.Client
}

var march = time.Date(2026, time.March, 9, 6, 0, 0, 0, time.UTC)

func openInsurer(t *testing.T) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(sandbox.Options{Prospects: 1, Providers: 1, Zone: time.UTC, Now: func() time.Time { return march }})
	require.NoError(t, err)
	return s
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s := openInsurer(t)
	t.Cleanup(func() { _ = s.Close() })
	return &desk{t, s, connect(t, s, nil)}
}

func connect(t *testing.T, s *sandbox.Server, trail rest.Trail, change ...func(*anglehealth.Config)) *anglehealth.Client {
	t.Helper()
	return vendortest.Client(t, anglehealth.New, anglehealth.Config{
		Base: s.URL("anglehealth"),
		Credentials: func(context.Context) (string, string, error) {
			return sandbox.FakeAngleClient, sandbox.FakeAngleSecret, nil
		},
		Rate: 1e6, Burst: 1e6, Trail: trail, Limits: faulttest.Unhurried,
	}, change...)
}

const (
	garage, bakery = anglehealth.ID("fake-group-garage"), anglehealth.ID("fake-group-bakery")
	ada, alan      = anglehealth.ID("fake-member-001"), anglehealth.ID("fake-member-002")
)

func newHire() anglehealth.NewHire {
	both := map[anglehealth.Line]string{anglehealth.Medical: "silver_ppo", anglehealth.Dental: "delta_dental"}
	return anglehealth.NewHire{
		Group: garage, Start: civil.Date{Year: 2026, Month: 3, Day: 9},
		Employee:   anglehealth.Elected{ID: anglehealth.NewID(), Plans: both},
		Dependents: []anglehealth.Elected{{ID: anglehealth.NewID(), Plans: both}},
	}
}

func demographics() anglehealth.Demographics {
	return anglehealth.Demographics{ID: ada, Sex: "F", Fields: map[string]string{"first_name": "Other", "middle_name": "M"}}
}

func registration() anglehealth.Registration {
	return anglehealth.Registration{Group: anglehealth.NewID(), Name: "Sample Shop", Address: "9 Example Plaza",
		Families: []anglehealth.Household{{Employee: anglehealth.Elected{ID: anglehealth.NewID(),
			Plans: map[anglehealth.Line]string{anglehealth.Dental: "delta_dental"}}}}}
}

func event(add bool) anglehealth.Event {
	plan := "silver_ppo"
	if add {
		plan = "gold_ppo"
	}
	return anglehealth.Event{Type: "birth", Date: civil.Date{Year: 2026, Month: 3, Day: 9},
		Lines: []anglehealth.EventLine{{ID: alan, Line: anglehealth.Medical, Plan: plan, Add: add}}}
}

// TestSettling loses the answer to each write, once with the write carried out
// and once without, and reads back which it was.
func TestSettling(t *testing.T) {
	const lost, never = sandbox.FaultFinAfter, sandbox.FaultFinBefore
	landed, not, open := anglehealth.Landed, anglehealth.DidNot, anglehealth.CannotTell
	for name, tc := range map[string]struct {
		route string
		fault sandbox.FaultKind
		want  anglehealth.Verdict
		do    func(*desk) (write func() error, find func() (anglehealth.Finding, error))
	}{
		"new hire":          {"/new_hire_enrollment", lost, landed, settleHire},
		"no new hire":       {"/new_hire_enrollment", never, not, settleHire},
		"group":             {"/broker/register_group", lost, landed, settleGroup},
		"no group":          {"/broker/register_group", never, not, settleGroup},
		"termination":       {"/termination", lost, landed, settleTermination},
		"no termination":    {"/termination", never, open, settleTermination},
		"demographics":      {"/demographic_change", lost, landed, settleDemographics},
		"no demographics":   {"/demographic_change", never, not, settleDemographics},
		"coverage added":    {"/qualifying_life_event", lost, landed, settleEvent(true)},
		"no coverage added": {"/qualifying_life_event", never, open, settleEvent(true)},
		"removed":           {"/qualifying_life_event", lost, landed, settleEvent(false)},
		"not removed":       {"/qualifying_life_event", never, open, settleEvent(false)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			write, find := tc.do(d)
			d.SetFault("POST /broker"+tc.route, sandbox.Fault{Kind: tc.fault, Times: 1})
			var e *rest.Error
			require.ErrorAs(t, write(), &e)
			require.True(t, e.Ambiguous)
			require.Equal(t, 1, d.Requests("POST /broker"+tc.route))
			got, err := find()
			require.NoError(t, err)
			require.Equal(t, tc.want.String(), got.Verdict.String(), got.Why)
			require.NotEmpty(t, got.Why)

			d.SetFault("anglehealth *", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403})
			got, err = find()
			require.Error(t, err)
			require.Equal(t, anglehealth.CannotTell, got.Verdict)
		})
	}
}

func settleHire(d *desk) (func() error, func() (anglehealth.Finding, error)) {
	h := newHire()
	return func() error { _, err := d.c.EnrollNewHire(d.Context(), h); return err },
		func() (anglehealth.Finding, error) { return d.c.NewHireLanded(d.Context(), h) }
}

func settleGroup(d *desk) (func() error, func() (anglehealth.Finding, error)) {
	r := registration()
	return func() error { _, err := d.c.RegisterGroup(d.Context(), r); return err },
		func() (anglehealth.Finding, error) { return d.c.GroupLanded(d.Context(), r) }
}

func settleTermination(d *desk) (func() error, func() (anglehealth.Finding, error)) {
	f, err := d.c.Family(d.Context(), ada)
	require.NoError(d, err)
	require.Len(d, f.Dependents, 2)
	last := anglehealth.Termination{ID: ada, LastWork: civil.Date{Year: 2026, Month: 3, Day: 9}}
	return func() error { _, err := d.c.Terminate(d.Context(), last); return err },
		func() (anglehealth.Finding, error) {
			return d.c.TerminationLanded(d.Context(), append(f.Dependents, f.Employee))
		}
}

func settleDemographics(d *desk) (func() error, func() (anglehealth.Finding, error)) {
	return func() error { return d.c.ChangeDemographics(d.Context(), demographics()) },
		func() (anglehealth.Finding, error) { return d.c.DemographicsLanded(d.Context(), demographics()) }
}

func settleEvent(add bool) func(*desk) (func() error, func() (anglehealth.Finding, error)) {
	return func(d *desk) (func() error, func() (anglehealth.Finding, error)) {
		return func() error { _, err := d.c.ReportLifeEvent(d.Context(), event(add)); return err },
			func() (anglehealth.Finding, error) { return d.c.EventLanded(d.Context(), event(add)) }
	}
}

func TestSettlingWhatIsHalfThere(t *testing.T) {
	d := newDesk(t)
	h := newHire()
	alone := h
	alone.Dependents = nil
	_, err := d.c.EnrollNewHire(t.Context(), alone)
	require.NoError(t, err)
	got, err := d.c.NewHireLanded(t.Context(), h)
	require.NoError(t, err)
	require.Equal(t, anglehealth.CannotTell, got.Verdict)

	r := registration()
	r.Group = bakery
	got, err = d.c.GroupLanded(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, anglehealth.CannotTell, got.Verdict, "a group of this id that is not ours")

	got, err = d.c.TerminationLanded(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, anglehealth.CannotTell, got.Verdict)

	got, err = d.c.DemographicsLanded(t.Context(), anglehealth.Demographics{ID: ada, Fields: map[string]string{"suffix": "Jr."}})
	require.NoError(t, err)
	require.Equal(t, anglehealth.CannotTell, got.Verdict, "a snapshot shows no suffix")

	d.SetAngleLingers(true)
	f, err := d.c.Family(t.Context(), ada)
	require.NoError(t, err)
	_, err = d.c.Terminate(t.Context(), anglehealth.Termination{ID: ada, LastWork: civil.DateOf(march)})
	require.NoError(t, err)
	got, err = d.c.TerminationLanded(t.Context(), append(f.Dependents, f.Employee))
	require.NoError(t, err)
	require.Equal(t, anglehealth.CannotTell, got.Verdict, "it may run to the end of the month")
}

// TestHostileTexts sends every hostile text through every field that is shown.
func TestHostileTexts(t *testing.T) {
	data, err := os.ReadFile("../safe/testdata/hostile.json")
	require.NoError(t, err)
	var all []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &all))
	require.NotEmpty(t, all)
	d := newDesk(t)
	texts := []string{"member_type", "first_name", "last_name", "home_address", "mailing_address", "dob", "sex",
		"marital_status", "contact", "employment", "medical", "dental", "vision", "relationship"}
	for _, h := range all {
		fields := map[string]any{}
		for _, name := range texts {
			fields[name] = h.Value
		}
		fields["contact"] = map[string]any{h.Value: h.Value}
		d.PlantAngle("members", "hostile", fields)
		d.PlantAngle("groups", "hostile", map[string]any{"group_name": h.Value, "group_address": h.Value})
		d.PlantAngle("plans", "hostile", map[string]any{"line_of_coverage": h.Value, "metal_tier": h.Value, "rates": []any{h.Value}, "effective_date": h.Value})
		m, err := d.c.Member(t.Context(), "hostile")
		require.NoError(t, err, h.Name)
		g, err := d.c.Group(t.Context(), "hostile")
		require.NoError(t, err, h.Name)
		p, err := d.c.Plan(t.Context(), "hostile")
		require.NoError(t, err, h.Name)
		for _, shown := range []string{m.Type.String(), m.FirstName.String(), m.HomeAddress.Text.String(), m.DOB.String(),
			m.Contact.Text.String(), m.Contact.Parts[0].Name, m.Contact.Parts[0].Text.String(), m.Employment.Text.String(),
			m.Medical.String(), m.Relationship.String(), g.Name.String(), g.Address.Text.String(),
			p.Line.String(), p.Tier.String(), p.Rates.Text.String(), p.Effective.String()} {
			for _, r := range shown {
				require.False(t, r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e, "%s: %q", h.Name, shown)
			}
		}
	}
	for _, id := range []string{"\x1b[2J", "\u202ea"} {
		d.PlantAngle("groups", "hostile", map[string]any{"members": []any{id}})
		_, err := d.c.Group(t.Context(), "hostile")
		require.Error(t, err, "an id is drawn as it is")
	}
}
