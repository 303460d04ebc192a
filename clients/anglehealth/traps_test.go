package anglehealth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// Each trap of the document has a test of its name; what else must hold is in
// the files beside.

func TestAH01_TokenScheme(t *testing.T) {
	for scheme, want := range map[string]string{"": "Bearer ", "bearer": "Bearer ", "Basic": "Basic "} {
		s := newInsurer(t)
		s.On("/broker/plan_metadata", 200, `{"plan_name":"silver_ppo"}`)
		c := s.client(t, func(cfg *Config) { cfg.TokenScheme = scheme })
		_, err := c.Plan(t.Context(), "silver_ppo")
		require.NoError(t, err)
		require.Equal(t, want+fakeToken, s.Last(t).Header.Get("Authorization"))
		requireAsked(t, s.All()[0], "POST /broker/auth", `{"auth_type":"client_credentials"}`,
			"Basic ZmFrZS1jbGllbnQ6ZmFrZS1zZWNyZXQtZm9yLXRlc3Rz")
	}
	_, err := New(Config{Base: "https://example.com", TokenScheme: "digest", Credentials: newInsurer(t).config().Credentials})
	requireKind(t, err, rest.KindConfig)
}

func TestAH02_TokenLife(t *testing.T) {
	for raw, want := range map[string]time.Duration{
		`3600000`: time.Hour, `"3600000"`: time.Hour, `3600`: time.Hour, `1800`: 30 * time.Minute, `60000000`: time.Hour,
		`86400`: time.Hour, `90000`: 90 * time.Second, ``: time.Hour, `null`: time.Hour, `-1`: time.Hour, `"soon"`: time.Hour, `{}`: time.Hour,
		`1e300`: time.Hour,
	} {
		require.Equal(t, want, lifetime(json.RawMessage(raw)), raw)
	}
	require.Equal(t, 51*time.Minute, until(time.Hour))
}

// The transport renews a minute before the stated end, so after 50 minutes.
func TestAH02_RenewedAfterFiftyMinutes(t *testing.T) {
	s := newInsurer(t)
	before := time.Now()
	tok, err := s.client(t).signIn(t.Context())
	require.NoError(t, err)
	require.WithinRange(t, tok.Expires, before.Add(51*time.Minute), time.Now().Add(51*time.Minute))
}

func TestAH02_RefusedOnceIsRenewedOnce(t *testing.T) {
	s := newInsurer(t)
	var n atomic.Int64
	s.Do("/broker/new_hire_enrollment", func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			w.WriteHeader(401)
			return
		}
		_, _ = io.WriteString(w, hired)
	})
	_, err := s.client(t).EnrollNewHire(t.Context(), hire())
	require.NoError(t, err)
	require.EqualValues(t, 2, n.Load())
	require.Len(t, s.All(), 4, "two sign-ins")
}

func TestAH03_DoubledPathFirst(t *testing.T) {
	const doubled, single = "/broker/broker/register_group", "/broker/register_group"
	paths := func(s *insurer) (out []string) {
		for _, r := range s.Requests() {
			out = append(out, r.Path)
		}
		return out
	}
	done := `{"group_id":"group-9","member_coverage":[{"id":"e","member_type":"employee","dental":{"plan_name":"delta_dental"}}]}`
	for _, status := range []int{404, 405} {
		s := newInsurer(t)
		s.On(doubled, status, `{"error":"no"}`)
		s.On(single, 200, done)
		c := s.client(t)
		for range 2 {
			a, err := c.RegisterGroup(t.Context(), registration())
			require.NoError(t, err)
			require.Empty(t, a.Missing)
		}
		require.Equal(t, []string{doubled, single, single}, paths(s), "which worked is remembered")

		s.On(single, 404, `{}`)
		s.On(doubled, 200, done)
		_, err := c.RegisterGroup(t.Context(), registration())
		require.NoError(t, err)
		require.Equal(t, []string{single, doubled}, paths(s)[3:])
	}
	for _, status := range []int{400, 401, 403, 409, 410, 429, 500, 502, 504} {
		s := newInsurer(t)
		s.On(doubled, status, `{"error":"no"}`)
		s.On(single, 200, done)
		_, err := s.client(t).RegisterGroup(t.Context(), registration())
		require.Error(t, err)
		require.NotContains(t, paths(s), single, "%d may mean that it was carried out", status)
	}
	s := newInsurer(t)
	s.Do(doubled, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := s.client(t).RegisterGroup(t.Context(), registration())
	require.True(t, requireKind(t, err, rest.KindTransport).Ambiguous)
	require.Equal(t, []string{doubled}, paths(s))
	s = newInsurer(t)
	_, err = s.client(t).RegisterGroup(t.Context(), registration())
	require.Equal(t, rest.Refused, requireKind(t, err, rest.KindNotFound).Phase)
	require.Equal(t, []string{doubled, single}, paths(s))
}

func registration() Registration {
	return Registration{Group: "group-9", Name: "Sample Bakery", Address: "1 Example Plaza",
		Families: []Household{{Employee: Elected{"e", map[Line]string{Dental: "delta_dental"}}}}}
}

func TestAH04_NoPlainHTTP(t *testing.T) {
	for _, base := range []string{"http://api.anglehealth.com/broker", "http://localhost:1/broker", "ftp://x"} {
		_, err := New(Config{Base: base, Credentials: newInsurer(t).config().Credentials})
		requireKind(t, err, rest.KindConfig, base)
	}
	_, err := New(Config{Base: "https://api.anglehealth.com/broker"})
	requireKind(t, err, rest.KindConfig)
	c, err := New(Config{Base: "https://api.anglehealth.com/broker", Credentials: newInsurer(t).config().Credentials})
	require.NoError(t, err)
	c.Close()
}

func TestAH05_DatesPerField(t *testing.T) {
	for _, d := range []string{"2000-01-01", "2026-03-09", "2068-12-31", "2069-01-01", "2099-12-31"} {
		s, ok := short(day(d))
		require.True(t, ok)
		back, ok := parseDay(s)
		require.True(t, ok)
		require.Equal(t, day(d), back)
	}
	for _, d := range []string{"1999-12-31", "2100-01-01", "0001-01-01"} {
		_, ok := short(day(d))
		require.False(t, ok, d)
	}
	for raw, want := range map[string]string{
		`"04/01/26"`: "2026-04-01", `"04/01/2026"`: "2026-04-01", `"2026-04-01"`: "2026-04-01", `"04/01/69"`: "2069-04-01",
		`"02/29/72"`: "2072-02-29",
	} {
		var d Date
		require.NoError(t, json.Unmarshal([]byte(raw), &d))
		require.True(t, d.Known, raw)
		require.Equal(t, want, d.String())
	}
	for _, raw := range []string{`"4/1/26"`, `"02/30/2026"`, `"<END_DATE>"`, `""`, `null`, `20260401`, `{"a":1}`, `"04-01-26"`} {
		var d Date
		require.NoError(t, json.Unmarshal([]byte(raw), &d))
		require.False(t, d.Known, raw)
		require.Equal(t, d.Text.String(), d.String())
	}
	var b birthday
	require.NoError(t, json.Unmarshal([]byte(`"02/29/72"`), &b))
	require.False(t, b.Known, "a birthday of two digits could be of either century")
	require.Equal(t, "02/29/72", b.String())
	_, ok := ParseDay("02/29/72")
	require.False(t, ok)
}

func TestAH05_ShortDatesReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day("2000-01-01").AddDays(rapid.IntRange(0, 36524).Draw(t, "days"))
		s, ok := short(d)
		require.True(t, ok)
		l, ok := long(d)
		require.True(t, ok)
		for _, text := range []string{s, l} {
			back, ok := parseDay(text)
			require.True(t, ok)
			require.Equal(t, d, back)
		}
	})
}

func TestAH05_HireOfAnotherCenturyIsRefused(t *testing.T) {
	s := newInsurer(t)
	h := hire()
	h.Start = day("1998-03-01")
	_, err := s.client(t).EnrollNewHire(t.Context(), h)
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "employee_start_date")
	require.Empty(t, s.All())
}

func TestAH06_RemovingWithUnderscore(t *testing.T) {
	c, s := start(t, "/broker/qualifying_life_event", `{"emp-1":{"id":"emp-1","coverage_end_date":"03/31/2026","parent":"emp-1"}}`)
	_, err := c.ReportLifeEvent(t.Context(), Event{Type: "divorce", Date: day("2026-03-09"),
		Lines: []EventLine{{"emp-1", Dental, "delta_dental", false}}})
	require.NoError(t, err)
	require.JSONEq(t, `{"event_type":"divorce","event_date":"03/09/2026","lines_of_coverage":[
		{"id":"emp-1","line_of_coverage":"dental","plan_name":"delta_dental","coverage_status":"removing_coverage"}]}`, s.Last(t).Body)
}

// The two forms of lines_of_coverage are held by the bodies of the document
// tests; here, that each of them refuses what only the other could say.
func TestAH07_ObjectOrArray(t *testing.T) {
	c, s := start(t, "/broker/new_hire_enrollment", hired)
	_, err := c.EnrollNewHire(t.Context(), hire())
	require.NoError(t, err)
	var body struct {
		Lines map[string]struct {
			Members []map[string]string `json:"enrolling_members"`
		} `json:"lines_of_coverage"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.Last(t).Body), &body))
	require.Len(t, body.Lines, 2)
	s.On("/broker/open_enrollment", 200, `{"emp-1":{"id":"emp-1"}}`)
	_, err = c.OpenEnrollment(t.Context(), Event{Date: day("2026-11-01"), Lines: []EventLine{{"emp-1", Medical, "bronze_ppo", true}}})
	require.NoError(t, err)
	var event struct {
		Lines []map[string]string `json:"lines_of_coverage"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.Last(t).Body), &event))
	require.Len(t, event.Lines, 1)
}

func TestAH08_EveryIDIsAnswered(t *testing.T) {
	row := func(r record) (ID, bool) { return r.ID, true }
	for name, tc := range map[string]struct {
		body                 string
		rows, missing, extra []ID
	}{
		"as sent":       {`{"a":{},"b":{}}`, []ID{"a", "b"}, nil, nil},
		"other order":   {`{"b":{},"a":{}}`, []ID{"a", "b"}, nil, nil},
		"a list":        {`[{"id":"b"},{"id":"a"}]`, []ID{"a", "b"}, nil, nil},
		"numbers":       {`[{"id":1},{"id":"a"}]`, []ID{"a", "1"}, []ID{"b"}, []ID{"1"}},
		"one missing":   {`{"a":{}}`, []ID{"a"}, []ID{"b"}, nil},
		"empty":         {`{}`, nil, []ID{"a", "b"}, nil},
		"empty list":    {`[]`, nil, []ID{"a", "b"}, nil},
		"one too many":  {`{"a":{},"b":{},"c":{}}`, []ID{"a", "b", "c"}, nil, []ID{"c"}},
		"twice":         {`{"a":{},"b":{},"a":{}}`, []ID{"a", "a", "b"}, nil, nil},
		"a bare record": {`{"id":"a","parent":"a"}`, []ID{"a"}, []ID{"b"}, nil},
	} {
		var rs records
		require.NoError(t, json.Unmarshal([]byte(tc.body), &rs), name)
		a := answer(rs, []ID{"a", "b"}, row)
		require.Equal(t, Answer[ID]{tc.rows, tc.missing, tc.extra}, a, name)
	}
	for _, body := range []string{`"x"`, `1`, `[1]`, `[{}]`, `{"a":1}`, `{"a":{"id":"b"}}`, `{"":{}}`, `[{"id":"\u202e"}]`, `{"\u001b[2J":{}}`} {
		var rs records
		require.Error(t, json.Unmarshal([]byte(body), &rs), body)
	}
}

// An answer nobody can read leaves open what was done.
func TestAH08_UnreadableAnswerIsUnknown(t *testing.T) {
	c, _ := start(t, "/broker/new_hire_enrollment", `{"emp-1":"enrolled"}`)
	_, err := c.EnrollNewHire(t.Context(), hire())
	e := requireKind(t, err, rest.KindDecode, "emp-1")
	require.True(t, e.Ambiguous)
}

func TestAH09_OneFamilyEmployeeFirst(t *testing.T) {
	c, s := start(t, "/broker/new_hire_enrollment", hired)
	h := hire()
	a, err := c.EnrollNewHire(t.Context(), h)
	require.NoError(t, err)
	require.Empty(t, h.Compare(a))
	at := func(id string) int { return strings.Index(s.Last(t).Body, id) }
	require.Less(t, at("emp-1"), at("dep-1"))

	wrong := strings.ReplaceAll(hired, `"rate": "261.25", "parent": "emp-1"`, `"rate": "261.25", "parent": "emp-2"`)
	s.On("/broker/new_hire_enrollment", 200, wrong)
	a, err = c.EnrollNewHire(t.Context(), h)
	require.NoError(t, err, "it was carried out; the parent is for a person to look at")
	require.Equal(t, []Difference{{"dep-1", "medical parent", safe.Line("emp-1"), safe.Line("emp-2")}}, h.Compare(a))

	// Without the employee in the line the link cannot be said at all.
	h.Employee.Plans = map[Line]string{Dental: "delta_dental"}
	_, err = c.EnrollNewHire(t.Context(), h)
	require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "line_of_coverage")
	require.Len(t, s.Requests(), 2)
}

// The request has no name, so a new hire is told from the change that follows:
// its body holds ids, plans and dates alone.
func TestAH10_NewHireCarriesNoPerson(t *testing.T) {
	c, s := start(t, "/broker/new_hire_enrollment", hired)
	_, err := c.EnrollNewHire(t.Context(), hire())
	require.NoError(t, err)
	require.JSONEq(t, `{"lines_of_coverage":{
		"dental":{"enrolling_members":[
			{"id":"emp-1","member_type":"employee","plan_name":"delta_dental","group_id":"group-1","employee_start_date":"03/09/26"},
			{"id":"dep-1","member_type":"dependent","plan_name":"delta_dental","group_id":"group-1","employee_start_date":"03/09/26"}]},
		"medical":{"enrolling_members":[
			{"id":"emp-1","member_type":"employee","plan_name":"silver_ppo","group_id":"group-1","employee_start_date":"03/09/26"},
			{"id":"dep-1","member_type":"dependent","plan_name":"bronze_epo","group_id":"group-1","employee_start_date":"03/09/26"}]}
	}}`, s.Last(t).Body)
}

func TestAH11_IDs(t *testing.T) {
	seen := map[ID]bool{}
	for range 1000 {
		id := NewID()
		require.Regexp(t, `^fd-[a-z2-7]{26}$`, string(id))
		require.Empty(t, id.Problem())
		require.False(t, seen[id])
		seen[id] = true
	}
	for _, id := range []ID{"", " a", "987-65-4321", "987654321", "987 65 4321", "\u202ea", ID(strings.Repeat("x", 101)), "a\x1bb"} {
		require.NotEmpty(t, id.Problem(), "%q", id)
	}
	s := newInsurer(t)
	s.On("/broker/member_snapshot", 404, `{"error":"member not found"}`)
	c := s.client(t)
	free, err := c.Free(t.Context(), "emp-1")
	require.NoError(t, err)
	require.True(t, free)
	s.On("/broker/member_snapshot", 200, snapshot)
	free, err = c.Free(t.Context(), "emp-1")
	require.NoError(t, err)
	require.False(t, free)
	s.On("/broker/member_snapshot", 200, `{}`)
	_, err = c.Free(t.Context(), "emp-1")
	requireKind(t, err, rest.KindDecode)
}

func TestAH12_OnePersonPerChange(t *testing.T) {
	c, s := start(t, "/broker/demographic_change", `{"response" : "updated"}`)
	ssn, err := ParseSSN("987-65-4320")
	require.NoError(t, err)
	d := Demographics{ID: "emp-1", Sex: "F", SSN: ssn, DOB: day("1972-02-29"), Hired: day("1998-03-01"),
		Fields: map[string]string{"first_name": "Ada", "home_address": "1 Example Street", "home_phone": "", "occupation": "Baker"}}
	require.NoError(t, c.ChangeDemographics(t.Context(), d))
	require.JSONEq(t, `{"member_changes":[{"id":"emp-1",
		"name_change":{"first_name":"Ada"},"address_change":{"home_address":"1 Example Street"},"contact_change":{"home_phone":""},
		"employment_change":{"occupation":"Baker","hire_date":"03/01/1998"},
		"dob_change":"02/29/1972","sex_change":"F","ssn_change":"987-65-4320"}]}`, s.Last(t).Body)

	s.On("/broker/demographic_change", 200, `{"response":"queued for review"}`)
	e := requireKind(t, c.ChangeDemographics(t.Context(), d), rest.KindDecode)
	require.True(t, e.Ambiguous, "only the documented word says that it is recorded")

	for _, bad := range []Demographics{
		{ID: "emp-1"}, {Sex: "F"}, {ID: "emp-1", Sex: "x"}, {ID: "emp-1", Fields: map[string]string{"nickname": "x"}},
	} {
		requireKind(t, c.ChangeDemographics(t.Context(), bad), rest.KindValidation)
	}
	require.Len(t, s.Requests(), 2)
}

func TestAH12_SnapshotTellsWhatChanged(t *testing.T) {
	var m Member
	require.NoError(t, json.Unmarshal([]byte(snapshot), &m))
	ssn, _ := ParseSSN("987654320")
	d := Demographics{ID: "emp-1", SSN: ssn, DOB: day("1972-02-29"), Hired: day("2026-03-09"), Sex: "F", Fields: map[string]string{
		"first_name": "ada", "last_name": "Other", "middle_name": "M", "home_phone": "(801) 555 0100", "hours_worked": "40"}}
	diffs, unseen := d.Compare(m)
	require.Equal(t, []string{"middle_name"}, unseen)
	require.Equal(t, []Difference{
		{"emp-1", "last_name", safe.Line("Other"), safe.Line("Sample")},
		{"emp-1", "ssn_change", safe.Line("***-**-4320"), safe.Line("***-**-4321")},
	}, diffs)
}

func TestAH13_FamilyBeforeTermination(t *testing.T) {
	s := newInsurer(t)
	s.On("/broker/group_snapshot", 200, `{"members":["emp-1","dep-1","emp-2","dep-2","gone"],"group_id":"group-1","group_name":"G","group_address":"A"}`)
	parents := map[string]string{"emp-1": "emp-1", "dep-1": "emp-1", "emp-2": "emp-2", "dep-2": "emp-2"}
	s.Do("/broker/member_snapshot", func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ ID string }
		_ = json.NewDecoder(r.Body).Decode(&asked)
		parent, ok := parents[asked.ID]
		if !ok {
			w.WriteHeader(400)
			return
		}
		_, _ = fmt.Fprintf(w, `{"id":%q,"group_id":"group-1","parent":%q,"medical":"silver_ppo"}`, asked.ID, parent)
	})
	c := s.client(t)
	f, err := c.Family(t.Context(), "emp-1")
	require.NoError(t, err)
	require.Equal(t, ID("emp-1"), f.Employee.ID)
	require.Len(t, f.Dependents, 1)
	require.Equal(t, ID("dep-1"), f.Dependents[0].ID)
	require.Equal(t, []ID{"gone"}, f.Unread, "who could not be read may be of the family")

	s.On("/broker/termination", 200, `[
  {"id":"emp-1","member_type":"employee","coverage_end_date":"03/31/2026","parent":"emp-1"},
  {"id":"dep-1","member_type":"dependent","coverage_end_date":"<END_DATE>","parent":"emp-1"}
]`)
	a, err := c.Terminate(t.Context(), Termination{"emp-1", day("2026-03-09")})
	require.NoError(t, err)
	require.JSONEq(t, `{"terminations":[{"id":"emp-1","last_work_date":"03/09/2026"}]}`, s.Last(t).Body)
	require.Equal(t, []ID{"dep-1"}, a.Extra)
	require.Equal(t, "2026-03-31", a.Rows[0].End.String())
	require.Equal(t, "<END_DATE>", a.Rows[1].End.String())
	for _, bad := range [][]Termination{nil, {{"", day("2026-03-09")}}, {{ID: "emp-1"}}} {
		_, err := c.Terminate(t.Context(), bad...)
		requireKind(t, err, rest.KindValidation)
	}
}

func TestAH14_EventTypes(t *testing.T) {
	c, s := start(t, "/broker/open_enrollment", `{"emp-1":{"id":"emp-1"}}`)
	lines := []EventLine{{"emp-1", Medical, "bronze_ppo", true}}
	for _, kind := range []string{"", " ", "open_enrollment", "Open Enrollment", "OPEN-ENROLLMENT"} {
		_, err := c.ReportLifeEvent(t.Context(), Event{kind, day("2026-03-09"), lines})
		require.Contains(t, requireKind(t, err, rest.KindValidation).Fields, "event_type")
	}
	require.Empty(t, s.All())
	_, err := c.OpenEnrollment(t.Context(), Event{"marriage", day("2026-03-09"), lines})
	require.NoError(t, err)
	require.Contains(t, s.Last(t).Body, `"event_type":"open_enrollment"`)
	for _, usual := range EventTypes() {
		require.Empty(t, Event{Type: usual.Word, Date: day("2026-03-09"), Lines: lines}.Problems(), usual.Word)
		require.NotEmpty(t, usual.Label, usual.Word)
	}
}

func TestAH15_NoVisionInWrites(t *testing.T) {
	c, s := start(t, "/broker/plan_metadata", `{"plan_name":"clear_vision","line_of_coverage":"vision"}`)
	h := hire()
	h.Employee.Plans = map[Line]string{Vision: "clear_vision"}
	h.Dependents = nil
	_, err := c.EnrollNewHire(t.Context(), h)
	requireKind(t, err, rest.KindValidation)
	_, err = c.ReportLifeEvent(t.Context(), Event{"birth", day("2026-03-09"), []EventLine{{"emp-1", Vision, "clear_vision", true}}})
	requireKind(t, err, rest.KindValidation)
	require.Empty(t, s.All())
	p, err := c.Plan(t.Context(), "clear_vision")
	require.NoError(t, err)
	require.True(t, p.Covers(Vision))
	require.False(t, p.Covers(Medical))
}

func TestAH16_FieldsOfAnyShape(t *testing.T) {
	for raw, want := range map[string]string{
		`"412.50"`: "412.50", `412.5`: "412.5", `null`: "", `true`: "true", `[1,"a"]`: "1; a", `{}`: "", `[]`: "",
		`{"a":{"b":1,"c":[2,3]},"d":"x"}`: "a: b: 1, c: 2; 3, d: x", `{"\u001b[2J":"\u202ex"}`: "␛[2J: x",
		`{"ssn":"987-65-4321","social_security":987654321}`: "ssn: ***-**-4321, social_security: ***-**-4321",
		`{"a":{"a":{"a":{"a":{"a":1}}}}}`:                   "a: a: a: a: ...",
	} {
		var v Value
		require.NoError(t, json.Unmarshal([]byte(raw), &v), raw)
		require.Equal(t, want, v.Text.String(), raw)
	}
	var v Value
	require.NoError(t, json.Unmarshal([]byte(`{"home":{"street":"1 Example"},"hours_worked":40}`), &v))
	require.Equal(t, "1 Example", v.Part("home.street").String())
	require.Equal(t, "40", v.Part("hours_worked").String())
	for raw, want := range map[string]int64{`"412.50"`: 41250, `412.5`: 41250, `"$1,204"`: 120400, `0`: 0} {
		require.NoError(t, json.Unmarshal([]byte(raw), &v))
		cents, ok := v.Cents()
		require.True(t, ok, raw)
		require.Equal(t, want, cents, raw)
	}
	for _, raw := range []string{`"338.00 - 979.50"`, `{"low":1}`, `"4.125"`, `1e300`, `-1`, `""`, `null`} {
		require.NoError(t, json.Unmarshal([]byte(raw), &v))
		_, ok := v.Cents()
		require.False(t, ok, raw)
	}
}

func TestAH17_AtMostThreeAtOnce(t *testing.T) {
	s := newInsurer(t)
	var now, most atomic.Int64
	var once sync.Once
	release, three := make(chan struct{}), make(chan struct{})
	s.Do("/broker/member_snapshot", func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if n == 3 {
			once.Do(func() { close(three) })
		}
		<-release
		w.WriteHeader(404)
	})
	go func() { <-three; close(release) }()
	c := s.client(t)
	ids := make([]ID, 30)
	for i := range ids {
		ids[i] = ID(fmt.Sprint("m", i))
	}
	n := 0
	c.Members(t.Context(), ids, func(_ ID, _ Member, err error) { require.True(t, NotFound(err)); n++ })
	require.Equal(t, 30, n)
	require.EqualValues(t, 3, most.Load())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n = 0
	c.Members(ctx, ids, func(_ ID, _ Member, err error) { require.ErrorIs(t, err, context.Canceled); n++ })
	require.LessOrEqual(t, n, 30)
	require.Len(t, s.Requests(), 30, "a tab that was left asks for nobody")
}

func TestAH17_OnlyTheLastFour(t *testing.T) {
	c, s := start(t, "/broker/member_snapshot", snapshot)
	m, err := c.Member(t.Context(), "emp-1")
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"emp-1"}`, s.Last(t).Body)
	require.Equal(t, LastFour{"4321", true}, m.SSN)
	all, err := json.Marshal(m)
	require.NoError(t, err)
	for _, text := range []string{string(all), fmt.Sprintf("%+v %#v", m, m)} {
		require.NotContains(t, text, "987-65")
		require.NotContains(t, text, "987654321")
	}
	for raw, want := range map[string]LastFour{
		`"987-65-4321"`: {"4321", true}, `987654321`: {"4321", true}, `"***-**-4321"`: {"4321", true}, `""`: {}, `null`: {},
		`"on file"`: {"", true}, `"12"`: {"", true}, `{"value":"987-65-4321"}`: {"4321", true},
	} {
		var l LastFour
		require.NoError(t, json.Unmarshal([]byte(raw), &l))
		require.Equal(t, want, l, raw)
	}
}

func TestAH17_RosterIsAskedForOnce(t *testing.T) {
	c, s := start(t, "/broker/group_snapshot", `{"members":["a","b","a"],"group_id":"g","group_name":"G","group_address":{"city":"Faketown"},"page_size":20,"offset":0,"total":120}`)
	g, err := c.Group(t.Context(), "g")
	require.NoError(t, err)
	require.JSONEq(t, `{"group_id":"g"}`, s.Last(t).Body)
	require.Len(t, s.Requests(), 1)
	require.Equal(t, []ID{"a", "b"}, g.Members)
	require.True(t, g.Partial)
	require.Equal(t, "city: Faketown", g.Address.Text.String())

	s.On("/broker/group_snapshot", 200, `{"members":[{"id":"a","first_name":"Ada"}],"group_id":"g"}`)
	g, err = c.Group(t.Context(), "g")
	require.NoError(t, err)
	require.Equal(t, []ID{"a"}, g.Members)
	require.False(t, g.Partial)
	for _, body := range []string{`{"members":["a"],"group_id":"h"}`, `{"members":[null],"group_id":"g"}`, `{"members":[{}],"group_id":"g"}`, `{}`} {
		s.On("/broker/group_snapshot", 200, body)
		_, err = c.Group(t.Context(), "g")
		requireKind(t, err, rest.KindDecode)
	}
}

func TestAH18_DependentsCarryTheStart(t *testing.T) {
	for _, e := range elect([]family{{hire().Employee, hire().Dependents}}, "g", "03/09/26")[Dental].Members {
		require.Equal(t, "03/09/26", e.Start)
	}
	c, s := start(t, "/broker/broker/register_group", `{"group_id":"group-9","member_coverage":[]}`)
	_, err := c.RegisterGroup(t.Context(), registration())
	require.NoError(t, err)
	require.JSONEq(t, `{"group_id":"group-9","group_name":"Sample Bakery","group_address":"1 Example Plaza","lines_of_coverage":{
		"dental":{"enrolling_members":[{"id":"e","member_type":"employee","plan_name":"delta_dental"}]}}}`, s.Last(t).Body)
}

// The sample's trailing comma is neither sent nor understood.
func TestAH19_NoTrailingComma(t *testing.T) {
	c, s := start(t, "/broker/qualifying_life_event", `{"emp-1":{"id":"emp-1","parent":"emp-1",}}`)
	_, err := c.ReportLifeEvent(t.Context(), Event{"birth", day("2026-03-09"), []EventLine{{"emp-1", Dental, "delta_dental", true}}})
	require.True(t, requireKind(t, err, rest.KindDecode).Ambiguous)
	require.True(t, json.Valid([]byte(s.Last(t).Body)))
	require.NotContains(t, s.Last(t).Body, ",}")
}

// Every route is a POST; what may be repeated is declared.
func TestAH20_ReadsAreReadsAndWritesAreSentOnce(t *testing.T) {
	reads, writes := []rest.Op{opAuth, opPlan, opMember, opGroup},
		[]rest.Op{opNewHire, opTerminate, opDemographic, opLifeEvent, opOpenEnrollment, opRegister, opRegisterPlain}
	paths := map[string]bool{}
	for _, op := range append(reads, writes...) {
		require.Equal(t, "POST", op.Method)
		paths[op.Path] = true
	}
	require.Len(t, paths, 11)
	for _, op := range reads {
		require.Equal(t, rest.Read, op.Effect, op.Name)
	}
	for _, op := range writes {
		require.Equal(t, rest.Create, op.Effect, op.Name)
	}
	s := newInsurer(t)
	s.On("/broker/plan_metadata", 503, `{}`)
	_, err := s.client(t).Plan(t.Context(), "silver_ppo")
	require.False(t, requireKind(t, err, rest.KindServer).Ambiguous)
	require.Len(t, s.Requests(), 3)
	s = newInsurer(t)
	s.On("/broker/new_hire_enrollment", 503, `{}`)
	_, err = s.client(t).EnrollNewHire(t.Context(), hire())
	require.True(t, requireKind(t, err, rest.KindServer).Ambiguous)
	require.Len(t, s.Requests(), 1)
}

func TestSSNIsMaskedEverywhere(t *testing.T) {
	ssn, err := ParseSSN(" 987-65-4320 ")
	require.NoError(t, err)
	d := Demographics{ID: "e", SSN: ssn}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "ssn", ssn, "all", d)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "ssn", ssn, "all", d)
	j, err := json.Marshal(d)
	require.NoError(t, err)
	all := log.String() + string(j) + fmt.Sprintf("%v %+v %#v %s %d %x %q", d, d, d, ssn, ssn, ssn, ssn) + ssn.String()
	require.NotContains(t, all, "987-65")
	require.NotContains(t, all, "98765")
	require.Contains(t, all, "***-**-4320")
	require.Equal(t, "987-65-4320", ssn.Expose())
	for _, bad := range []string{"", "987-65-432", "98-765-4320", "000-65-4320", "987-00-4320", "987-65-0000", "987-65-43201", "987-65-432x", "９８７-65-4320"} {
		_, err := ParseSSN(bad)
		require.Error(t, err, bad)
		if bad != "" {
			require.NotContains(t, err.Error(), bad)
		}
	}
	require.Empty(t, SSN{}.String())
	require.False(t, SSN{}.Given())
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		status    int
		body      string
		kind      rest.Kind
		ambiguous bool
		says      string
	}{
		"validation":         {400, `{"error":"validation","fields":{"id":"is required"}}`, rest.KindValidation, false, ""},
		"conflict":           {409, `{"error":"member already exists"}`, rest.KindConflict, false, "member already exists"},
		"not found":          {404, `{"error":{"message":"no group","code":"E-4"}}`, rest.KindNotFound, false, "no group"},
		"error in a 200":     {200, `{"error":"no"}`, rest.KindValidation, false, "no"},
		"success false":      {200, `{"success":false,"message":"no"}`, rest.KindValidation, false, "no"},
		"done in part":       {200, `{"emp-1":{"id":"emp-1"},"errors":["dep-1 failed"]}`, rest.KindServer, true, "dep-1 failed"},
		"nothing to say":     {500, ``, rest.KindServer, true, ""},
		"a web page":         {200, `<html>sign in</html>`, rest.KindDecode, true, ""},
		"null":               {200, `null`, rest.KindDecode, true, ""},
		"hostile and long":   {422, `{"error":"\u001b[2J` + strings.Repeat("x", 500) + `"}`, rest.KindValidation, false, "␛[2Jxxx"},
		"not an object":      {400, `["a"]`, rest.KindValidation, false, ""},
		"an empty objection": {200, `{"error":null,"emp-1":{},"dep-1":{}}`, 0, false, ""},
	} {
		c, s := start(t, "/broker/new_hire_enrollment", "")
		s.On("/broker/new_hire_enrollment", tc.status, tc.body)
		_, err := c.EnrollNewHire(t.Context(), hire())
		if tc.kind == 0 {
			require.NoError(t, err, name)
			continue
		}
		e := requireKind(t, err, tc.kind)
		require.Equal(t, tc.ambiguous, e.Ambiguous, name)
		require.Contains(t, e.Message.String(), tc.says, name)
		if name == "validation" {
			require.Equal(t, "validation", e.Code)
			require.Contains(t, e.UserMessage(), "id: is required")
		}
	}
}

func TestCredentials(t *testing.T) {
	for _, creds := range [][2]string{{"", "x"}, {"x", ""}, {"a:b", "x"}} {
		s := newInsurer(t)
		c := s.client(t, func(cfg *Config) {
			cfg.Credentials = func(context.Context) (string, string, error) { return creds[0], creds[1], nil }
		})
		_, err := c.Plan(t.Context(), "silver_ppo")
		requireKind(t, err, rest.KindAuth)
		require.Empty(t, s.All())
	}
	for _, body := range []string{`{}`, `{"access_token":""}`, `{"access_token":"a b"}`, `{"access_token":7}`, `[]`} {
		s := newInsurer(t)
		s.On("/broker/auth", 200, body)
		_, err := s.client(t).Plan(t.Context(), "silver_ppo")
		requireKind(t, err, rest.KindDecode)
	}
}
