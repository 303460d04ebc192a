package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A broker speaks to the played insurer by hand.
type broker struct {
	*testing.T
	s             *Server
	scheme, token string
}

func newBroker(t *testing.T) *broker {
	t.Helper()
	s, err := Start(Options{Prospects: 1, Providers: 1, Zone: time.UTC,
		Now: func() time.Time { return time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	b := &broker{T: t, s: s, scheme: "Bearer"}
	b.signIn()
	return b
}

func (b *broker) signIn() {
	b.Helper()
	status, v := b.raw("/auth", `{"auth_type":"client_credentials"}`, func(r *http.Request) {
		r.SetBasicAuth(FakeAngleClient, FakeAngleSecret)
	})
	require.Equal(b, 200, status)
	o := v.(map[string]any)
	require.Equal(b, json.Number("3600000"), o["expires_in"])
	require.Equal(b, "Bearer", o["token_type"])
	b.token = o["access_token"].(string)
}

func (b *broker) raw(path, body string, sign func(*http.Request)) (int, any) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), "POST", b.s.URL("anglehealth")+path, strings.NewReader(body))
	require.NoError(b, err)
	r.Header.Set("Content-Type", "application/json")
	sign(r)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(b, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(b, err)
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	require.NoError(b, dec.Decode(&v), "%s: %s", path, text)
	return resp.StatusCode, v
}

func (b *broker) post(path, body string) (int, any) {
	b.Helper()
	return b.raw(path, body, func(r *http.Request) { r.Header.Set("Authorization", b.scheme+" "+b.token) })
}

// takes and refuses compare the status alone, with the answer in the failure.
func (b *broker) takes(path, body string) any {
	b.Helper()
	status, v := b.post(path, body)
	require.Equal(b, 200, status, "%s %s: %v", path, body, v)
	return v
}

func (b *broker) refuses(path, body string, want int, field string) {
	b.Helper()
	status, v := b.post(path, body)
	require.Equal(b, want, status, "%s %s: %v", path, body, v)
	if field != "" {
		require.Contains(b, v.(map[string]any)["fields"], field, body)
	}
}

const (
	oneEmployee  = `{"id":"e1","member_type":"employee","plan_name":"silver_ppo","group_id":"fake-group-empty","employee_start_date":"03/09/26"}`
	oneDependent = `{"id":"d1","member_type":"dependent","plan_name":"bronze_epo","group_id":"fake-group-empty","employee_start_date":"03/09/26"}`
)

func enrolling(members ...string) string {
	return `{"lines_of_coverage":{"medical":{"enrolling_members":[` + strings.Join(members, ",") + `]}}}`
}

func TestAngleTokens(t *testing.T) {
	b := newBroker(t)
	b.takes("/plan_metadata", `{"plan_name":"silver_ppo"}`)
	b.scheme = "Basic"
	b.refuses("/plan_metadata", `{"plan_name":"silver_ppo"}`, 401, "")
	b.s.SetAngleScheme("Basic")
	b.takes("/plan_metadata", `{"plan_name":"silver_ppo"}`)
	b.s.ExpireTokens()
	b.refuses("/plan_metadata", `{"plan_name":"silver_ppo"}`, 401, "")
	b.s.SetAngleTokenLife(-time.Second)
	b.signIn()
	b.refuses("/plan_metadata", `{"plan_name":"silver_ppo"}`, 401, "")
	for _, creds := range [][2]string{{FakeAngleClient, "x"}, {"x", FakeAngleSecret}, {"", ""}} {
		status, v := b.raw("/auth", `{"auth_type":"client_credentials"}`, func(r *http.Request) { r.SetBasicAuth(creds[0], creds[1]) })
		require.Equal(t, 401, status)
		require.Equal(t, map[string]any{"error": "invalid_client"}, v)
	}
	status, _ := b.raw("/auth", `{"auth_type":"password"}`, func(r *http.Request) { r.SetBasicAuth(FakeAngleClient, FakeAngleSecret) })
	require.Equal(t, 400, status)
	require.Equal(t, map[string]string{"client_id": FakeAngleClient, "client_secret": FakeAngleSecret}, Credentials("anglehealth"))
}

func TestAngleNewHire(t *testing.T) {
	b := newBroker(t)
	const path = "/new_hire_enrollment"
	require.Equal(t, map[string]any{
		"e1": map[string]any{"member_type": "employee", "medical": map[string]any{"plan_name": "silver_ppo",
			"coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "412.50", "parent": "e1"}},
		"d1": map[string]any{"member_type": "dependent", "medical": map[string]any{"plan_name": "bronze_epo",
			"coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "261.25", "parent": "e1"}},
	}, b.takes(path, enrolling(oneEmployee, oneDependent)))
	b.takes(path, enrolling(oneEmployee, oneDependent)) // exactly the same once more
	require.Equal(t, 2, b.s.AngleEnrolled("e1"))
	require.Equal(t, 2, b.s.Executions("POST /broker"+path))
	ids, ok := b.s.AngleRoster("fake-group-empty")
	require.True(t, ok)
	require.Equal(t, []string{"e1", "d1"}, ids)

	for body, field := range map[string]string{
		enrolling(oneDependent, oneEmployee):                                     "member_type",
		enrolling(strings.Replace(oneEmployee, "03/09/26", "03/09/2026", 1)):     "employee_start_date",
		enrolling(strings.Replace(oneEmployee, "03/09/26", "3/9/26", 1)):         "employee_start_date",
		enrolling(strings.Replace(oneEmployee, "03/09/26", "13/09/26", 1)):       "employee_start_date",
		enrolling(strings.Replace(oneEmployee, "silver_ppo", "nonesuch", 1)):     "plan_name",
		enrolling(strings.Replace(oneEmployee, "silver_ppo", "delta_dental", 1)): "plan_name",
		enrolling(strings.Replace(oneEmployee, `"employee"`, `"boss"`, 1)):       "member_type",
		enrolling(oneEmployee, oneEmployee):                                      "id",
		enrolling():                                                              "enrolling_members",
		`{"lines_of_coverage":[]}`:                                               "lines_of_coverage",
		`{"lines_of_coverage":{"vision":{"enrolling_members":[]}}}`:              "lines_of_coverage",
	} {
		b.refuses(path, body, 400, field)
	}
	b.refuses(path, enrolling(strings.Replace(oneEmployee, "fake-group-empty", "nonesuch", 1)), 404, "")
	b.refuses(path, enrolling(strings.Replace(oneEmployee, "silver_ppo", "bronze_ppo", 1)), 409, "")
	require.Equal(t, 2, b.s.AngleEnrolled("e1"), "what is refused is not done")
}

func TestAngleTerminationTakesTheFamily(t *testing.T) {
	b := newBroker(t)
	const path = "/termination"
	require.Equal(t, []any{
		map[string]any{"id": "fake-member-001", "member_type": "employee", "coverage_end_date": "03/31/2026", "parent": "fake-member-001"},
		map[string]any{"id": "fake-member-002", "member_type": "dependent", "coverage_end_date": "03/31/2026", "parent": "fake-member-001"},
		map[string]any{"id": "fake-member-003", "member_type": "dependent", "coverage_end_date": "03/31/2026", "parent": "fake-member-001"},
	}, b.takes(path, `{"terminations":[{"id":"fake-member-001","last_work_date":"03/09/2026"}]}`))
	m, ok := b.s.AngleMember("fake-member-002")
	require.True(t, ok)
	require.Equal(t, "", m["medical"])
	b.s.SetAngleLingers(true)
	m, _ = b.s.AngleMember("fake-member-002")
	require.Equal(t, "silver_ppo", m["medical"], "until the end of the month")
	b.s.SetNow(func() time.Time { return time.Date(2026, 4, 1, 6, 0, 0, 0, time.UTC) })
	m, _ = b.s.AngleMember("fake-member-002")
	require.Equal(t, "", m["medical"])
	m, _ = b.s.AngleMember("fake-member-004")
	require.Equal(t, "bronze_epo", m["medical"], "another family")

	require.Len(t, b.takes(path, `{"terminations":[{"id":"fake-member-006","last_work_date":"03/09/2026"}]}`), 1, "a dependent alone")
	b.refuses(path, `{"terminations":[{"id":"fake-member-004","last_work_date":"03/09/26"}]}`, 400, "last_work_date")
	b.refuses(path, `{"terminations":[{"id":"fake-member-004","last_work_date":"03/09/2026"},{"id":"x","last_work_date":"03/09/2026"}]}`, 404, "")
	m, _ = b.s.AngleMember("fake-member-004")
	require.Equal(t, "bronze_epo", m["medical"], "all or nothing")
}

func TestAngleDemographics(t *testing.T) {
	b := newBroker(t)
	const path = "/demographic_change"
	require.Equal(t, map[string]any{"response": "updated"}, b.takes(path, `{"member_changes":[{"id":"fake-member-001",
		"name_change":{"last_name":"Newname","suffix":"II"},"contact_change":{"home_phone":"801-555-0199"},
		"employment_change":{"hire_date":"03/01/1998"},"dob_change":"02/29/1972","sex_change":"M","ssn_change":"987-65-4000"}]}`))
	m, _ := b.s.AngleMember("fake-member-001")
	require.Equal(t, "Newname", m["last_name"])
	require.Equal(t, "Ada", m["first_name"], "what is not given stays")
	require.NotContains(t, m, "suffix", "a snapshot of the document has none")
	require.Equal(t, "987-65-4000", m["ssn"])
	require.Equal(t, "801-555-0199", m["contact"].(map[string]any)["home_phone"])
	require.Equal(t, "member001@example.com", m["contact"].(map[string]any)["email_address"])
	require.Equal(t, "03/01/1998", m["employment"].(map[string]any)["hire_date"])
	for body, field := range map[string]string{
		`{"member_changes":[{"id":"fake-member-001","nickname":"x"}]}`:                               "nickname",
		`{"member_changes":[{"id":"fake-member-001","name_change":"x"}]}`:                            "name_change",
		`{"member_changes":[{"id":"fake-member-001","name_change":{"nick":"x"}}]}`:                   "name_change.nick",
		`{"member_changes":[{"id":"fake-member-001","dob_change":"02/29/72"}]}`:                      "dob_change",
		`{"member_changes":[{"id":"fake-member-001","employment_change":{"hire_date":"3/1/1998"}}]}`: "hire_date",
		`{"member_changes":[{"id":"fake-member-001","sex_change":"x"}]}`:                             "sex_change",
		`{"member_changes":[{"id":"fake-member-001","ssn_change":"12"}]}`:                            "ssn_change",
		`{"member_changes":[{"id":"fake-member-001"}]}`:                                              "member_changes",
		`{"member_changes":{}}`: "member_changes",
	} {
		b.refuses(path, body, 400, field)
	}
	b.refuses(path, `{"member_changes":[{"id":"x","sex_change":"F"}]}`, 404, "")
}

func eventOf(kind, date string, lines ...string) string {
	return `{"event_type":"` + kind + `","event_date":"` + date + `","lines_of_coverage":[` + strings.Join(lines, ",") + `]}`
}

func TestAngleEvents(t *testing.T) {
	b := newBroker(t)
	const path = "/qualifying_life_event"
	add := `{"id":"fake-member-004","line_of_coverage":"dental","plan_name":"delta_dental","coverage_status":"adding_coverage"}`
	gone := `{"id":"fake-member-001","line_of_coverage":"dental","plan_name":"delta_dental","coverage_status":"removing coverage"}`
	newborn := `{"id":"baby","line_of_coverage":"dental","plan_name":"delta_dental","coverage_status":"adding_coverage"}`
	require.Equal(t, map[string]any{
		"fake-member-004": map[string]any{"id": "fake-member-004", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "31.20", "parent": "fake-member-004"},
		"fake-member-001": map[string]any{"id": "fake-member-001", "coverage_end_date": "03/31/2026", "parent": "fake-member-001"},
		"baby":            map[string]any{"id": "baby", "coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26", "rate": "22.40", "parent": "fake-member-004"},
	}, b.takes(path, eventOf("birth", "03/09/2026", gone, add, newborn)))
	m, _ := b.s.AngleMember("baby")
	require.Equal(t, "fake-group-bakery", m["group_id"])
	b.refuses(path, eventOf("birth", "03/09/2026", gone), 400, "coverage_status")
	b.refuses(path, eventOf("birth", "03/09/26", add), 400, "event_date")
	b.refuses(path, eventOf("", "03/09/2026", add), 400, "event_type")
	b.refuses(path, eventOf("open_enrollment", "03/09/2026", add), 400, "event_type")
	b.refuses(path, eventOf("birth", "03/09/2026"), 400, "lines_of_coverage")
	b.refuses(path, eventOf("birth", "03/09/2026", strings.Replace(add, "dental\"", "vision\"", 1)), 400, "line_of_coverage")
	b.refuses(path, eventOf("birth", "03/09/2026", strings.Replace(newborn, "baby", "stray", 1)), 404, "")
	b.refuses("/open_enrollment", eventOf("birth", "03/09/2026", add), 400, "event_type")
	b.takes("/open_enrollment", eventOf("open_enrollment", "11/01/2026", add))
	m, _ = b.s.AngleMember("fake-member-004")
	require.Equal(t, "delta_dental", m["dental"])
}

func TestAngleRegisterGroup(t *testing.T) {
	b := newBroker(t)
	body := `{"group_id":"g9","group_name":"Sample Shop","group_address":"9 Example Plaza","lines_of_coverage":{"dental":{"enrolling_members":[
		{"id":"x1","member_type":"employee","plan_name":"delta_dental"},{"id":"x2","member_type":"dependent","plan_name":"delta_dental"},
		{"id":"x3","member_type":"employee","plan_name":"delta_dental"}]}}}`
	v := b.takes("/broker/register_group", body).(map[string]any)
	require.Equal(t, "g9", v["group_id"])
	var parents []any
	for _, m := range v["member_coverage"].([]any) {
		parents = append(parents, m.(map[string]any)["dental"].(map[string]any)["parent"])
	}
	require.Equal(t, []any{"x1", "x1", "x3"}, parents)
	require.Equal(t, map[string]any{"group_id": "g9", "group_name": "Sample Shop", "group_address": "9 Example Plaza",
		"members": []any{"x1", "x2", "x3"}}, b.takes("/group_snapshot", `{"group_id":"g9"}`))
	b.takes("/register_group", body)
	b.refuses("/register_group", strings.Replace(body, "Sample Shop", "Other", 1), 409, "")
	b.refuses("/register_group", strings.Replace(body, "g9", "", 1), 400, "group_id")
	b.refuses("/register_group", `{"group_id":"h","group_name":"x","group_address":"y","lines_of_coverage":{"medical":{"enrolling_members":[`+oneEmployee+`]}}}`, 400, "enrolling_members")
	b.s.SetRegisterPaths(false, true)
	b.refuses("/broker/register_group", body, 404, "")
	b.s.SetRegisterPaths(true, false)
	b.refuses("/register_group", body, 404, "")
	b.takes("/broker/register_group", body)
}

func TestAngleSnapshotsAndPlans(t *testing.T) {
	b := newBroker(t)
	m := b.takes("/member_snapshot", `{"id":"fake-member-002"}`).(map[string]any)
	for _, name := range []string{"id", "group_id", "member_type", "first_name", "last_name", "home_address", "mailing_address", "dob", "ssn",
		"sex", "marital_status", "contact", "employment", "medical", "dental", "vision", "parent", "relationship"} {
		require.Contains(t, m, name)
	}
	require.Len(t, m, 18, "the fields of the document and no other")
	require.Regexp(t, `^987-65-\d{4}$`, m["ssn"])
	require.Equal(t, "fake-member-001", m["parent"])
	b.refuses("/member_snapshot", `{"id":"x"}`, 404, "")
	b.refuses("/group_snapshot", `{"group_id":"x"}`, 404, "")
	b.refuses("/plan_metadata", `{"plan_name":"x"}`, 404, "")
	require.Equal(t, "vision", b.takes("/plan_metadata", `{"plan_name":"clear_vision"}`).(map[string]any)["line_of_coverage"])
	require.Equal(t, []any{}, b.takes("/group_snapshot", `{"group_id":"fake-group-empty"}`).(map[string]any)["members"])
	status, _ := b.post("/nonesuch", `{}`)
	require.Equal(t, 404, status)
	require.Equal(t, 1, b.s.Requests("unmatched anglehealth"))
	require.Panics(t, func() { b.s.PlantAngle("rates", "x", nil) })
	b.s.PlantAngle("members", "fake-member-002", map[string]any{"sex": 7})
	b.s.PlantAngle("members", "fake-member-002", map[string]any{"dob": nil})
	m = b.takes("/member_snapshot", `{"id":"fake-member-002"}`).(map[string]any)
	require.Equal(t, json.Number("7"), m["sex"])
	require.Nil(t, m["dob"])
	require.Equal(t, "Alan", m["first_name"])
}
