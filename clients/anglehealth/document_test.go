package anglehealth

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// The answers here are the document's, with values in the place of its
// placeholders. Requests are compared in the traps' tests.

func TestPlan(t *testing.T) {
	c, s := start(t, "/broker/plan_metadata", `{
    "plan_name": "silver_ppo",
    "line_of_coverage": "medical",
    "effective_date": "01/01/26",
    "end_date": "12/31/2026",
    "metal_tier": "silver",
    "rates": {"low": "338.00", "high": 979.5}
}`)
	p, err := c.Plan(t.Context(), "silver_ppo")
	require.NoError(t, err)
	requireAsked(t, s.Last(t), "POST /broker/plan_metadata", `{"plan_name":"silver_ppo"}`, "Bearer "+fakeToken)
	require.Equal(t, "2026-01-01 2026-12-31", p.Effective.String()+" "+p.Ends.String())
	require.Equal(t, "low: 338.00, high: 979.5", p.Rates.Text.String())
	require.True(t, p.Covers(Medical))

	_, err = c.Plan(t.Context(), "gold_ppo")
	requireKind(t, err, rest.KindDecode, "silver_ppo")
	_, err = c.Plan(t.Context(), " ")
	requireKind(t, err, rest.KindValidation)
}

func TestEnrollNewHire(t *testing.T) {
	c, _ := start(t, "/broker/new_hire_enrollment", hired)
	h := hire()
	a, err := c.EnrollNewHire(t.Context(), h)
	require.NoError(t, err)
	require.Equal(t, Covered{"emp-1", safe.Line("employee"), []Coverage{
		{Dental, safe.Line("delta_dental"), date("04/01/26"), date("12/31/26"), value(`"31.20"`), "emp-1"},
		{Medical, safe.Line("silver_ppo"), date("04/01/26"), date("12/31/26"), value(`"412.50"`), "emp-1"},
	}}, a.Rows[0])
	require.Len(t, a.Rows, 2)
	require.Empty(t, h.Compare(a))

	early := h
	early.Start = day("2026-04-02")
	require.Len(t, early.Compare(a), 4, "coverage of four lines starts before the hire")
	fewer := Answer[Covered]{Rows: a.Rows[:1], Missing: []ID{"dep-1"}, Extra: []ID{"x"}}
	require.Equal(t, []Difference{
		{"dep-1", "answer", safe.Line("enrolled"), safe.Line("not told")},
		{"x", "answer", safe.Line("not enrolled"), safe.Line("enrolled")},
	}, h.Compare(fewer))
	other := Answer[Covered]{Rows: []Covered{a.Rows[0], {ID: "dep-1", Type: safe.Line("Dependent")}}}
	diffs := h.Compare(other)
	require.Len(t, diffs, 4, "plan and parent of two lines are not told")
	require.Equal(t, "dental plan: expected delta_dental, but Angle Health says not told.", diffs[0].String())
}

func date(s string) (d Date) {
	raw, _ := json.Marshal(s)
	_ = d.UnmarshalJSON(raw)
	return d
}

func value(s string) (v Value) {
	_ = v.UnmarshalJSON([]byte(s))
	return v
}

func TestReportLifeEvent(t *testing.T) {
	c, _ := start(t, "/broker/qualifying_life_event", `{ "emp-1":
{
  "id": "emp-1",
  "coverage_start_date": "04/01/26",
  "coverage_end_date": "12/31/26",
  "rate": "351.00",
  "parent": "emp-1"
},
  "dep-1" :
  {
    "id": "dep-1",
    "coverage_end_date": "03/31/2026",
    "parent": "emp-1"
  }
}`)
	a, err := c.ReportLifeEvent(t.Context(), Event{"marriage", day("2026-03-09"), []EventLine{
		{"emp-1", Medical, "bronze_ppo", true}, {"dep-1", Dental, "delta_dental", false}}})
	require.NoError(t, err)
	require.Equal(t, []Changed{
		{"emp-1", date("04/01/26"), date("12/31/26"), value(`"351.00"`), "emp-1"},
		{"dep-1", Date{}, date("03/31/2026"), Value{}, "emp-1"},
	}, a.Rows)
	lines := []EventLine{{"a", Medical, "p", true}}
	for name, bad := range map[string]Event{
		"event_date":        {Type: "birth", Lines: lines},
		"lines_of_coverage": {Type: "birth", Date: day("2026-03-09")},
		"id":                {"birth", day("2026-03-09"), []EventLine{{"", Medical, "p", true}}},
		"plan_name":         {"birth", day("2026-03-09"), []EventLine{{"a", Medical, "", true}}},
		"line_of_coverage":  {"birth", day("2026-03-09"), []EventLine{{"a", "life", "p", true}}},
	} {
		_, err := c.ReportLifeEvent(t.Context(), bad)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, name)
	}
	_, err = c.OpenEnrollment(t.Context(), Event{Date: day("2026-03-09"), Lines: append(lines, lines...)})
	requireKind(t, err, rest.KindValidation)
}

func TestRegisterGroup(t *testing.T) {
	c, s := start(t, "/broker/broker/register_group", `{
  "group_id": "group-9",
  "member_coverage": [
    {"id": "e1", "member_type": "employee", "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "31.20", "parent": "e1"}},
    {"id": "d1", "member_type": "dependent", "dental": {"plan_name": "delta_dental", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "22.40", "parent": "e2"}},
    {"id": "e2", "member_type": "employee", "medical": {"plan_name": "silver_ppo", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "412.50", "parent": "e2"}}
  ]
}`)
	r := Registration{Group: "group-9", Name: "Sample Bakery", Address: "1 Example Plaza", Families: []Household{
		{Elected{"e1", map[Line]string{Dental: "delta_dental"}}, []Elected{{"d1", map[Line]string{Dental: "delta_dental"}}}},
		{Elected{"e2", map[Line]string{Medical: "silver_ppo"}}, nil},
	}}
	a, err := c.RegisterGroup(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, []Difference{{"d1", "dental parent", safe.Line("e1"), safe.Line("e2")}}, r.Compare(a))
	require.Len(t, s.Requests(), 1)

	other := r
	other.Group = "group-8"
	a, err = c.RegisterGroup(t.Context(), other)
	require.NoError(t, err)
	require.Equal(t, other.Members(), a.Missing, "the answer is about another group")

	twice := r
	twice.Families = append(twice.Families, r.Families[0])
	for name, bad := range map[string]Registration{
		"id": twice, "group_id": {Name: "x", Address: "y", Families: r.Families},
		"group_name": {Group: "g", Address: "y", Families: r.Families}, "group_address": {Group: "g", Name: "x", Families: r.Families},
		"enrolling_members": {Group: "g", Name: "x", Address: "y"},
	} {
		_, err := c.RegisterGroup(t.Context(), bad)
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, name)
	}
}

func TestMember(t *testing.T) {
	c, s := start(t, "/broker/member_snapshot", snapshot)
	m, err := c.Member(t.Context(), "emp-1")
	require.NoError(t, err)
	require.Equal(t, "Ada Sample", m.FirstName.String()+" "+m.LastName.String())
	require.Equal(t, "1972-02-29", m.DOB.String())
	require.Equal(t, "801-555-0100", m.Contact.Part("home_phone").String())
	require.Equal(t, []string{"silver_ppo", "delta_dental", "", ""},
		[]string{m.Plan(Medical).String(), m.Plan(Dental).String(), m.Plan(Vision).String(), m.Plan("life").String()})
	require.True(t, m.Covered())
	require.Equal(t, "bronze_epo", hire().CompareMember(Member{ID: "dep-1", Group: "group-1", Type: safe.Line("dependent"),
		Parent: "emp-1", Dental: safe.Line("delta_dental")})[0].Want.String())
	require.Empty(t, hire().CompareMember(m))

	_, err = c.Member(t.Context(), "dep-1")
	requireKind(t, err, rest.KindDecode, "emp-1", "dep-1")
	_, err = c.Member(t.Context(), "")
	requireKind(t, err, rest.KindValidation)
	for _, body := range []string{`{}`, `[]`, `{"id":{"a":1}}`, `{"id":"emp-1","first_name":["x"]}`} {
		s.On("/broker/member_snapshot", 200, body)
		_, err = c.Member(t.Context(), "emp-1")
		requireKind(t, err, rest.KindDecode)
	}
}
