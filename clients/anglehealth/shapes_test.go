package anglehealth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/golang-sql/civil"
	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

// A line without coverage may be told in any empty form, a plan by its name
// alone: neither leaves open whether the enrollment was done.
func TestLinesOfOtherShapes(t *testing.T) {
	for _, none := range []string{`null`, `""`, `[]`, `{}`, `false`} {
		c, _ := start(t, "/broker/new_hire_enrollment",
			`{"emp-1": {"member_type": "employee", "dental": "delta_dental", "medical": `+none+`},
			  "dep-1": {"member_type": "dependent", "dental": {"plan_name": "delta_dental", "parent": "emp-1"}, "vision": `+none+`}}`)
		a, err := c.EnrollNewHire(t.Context(), hire())
		require.NoError(t, err, none)
		require.Empty(t, a.Missing)
		require.Len(t, a.Rows[0].Lines, 1, none)
		require.Equal(t, "delta_dental", a.Rows[0].Lines[0].Plan.String())
		require.Len(t, a.Rows[1].Lines, 1, none)
		require.Equal(t, ID("emp-1"), a.Rows[1].Lines[0].Parent)
	}
	c, _ := start(t, "/broker/new_hire_enrollment", `{"emp-1": {"dental": [{"plan_name": "delta_dental"}]}}`)
	_, err := c.EnrollNewHire(t.Context(), hire())
	require.True(t, requireKind(t, err, rest.KindDecode).Ambiguous)
}

// An answer without the group's id leaves it open which group it is about, and
// names no member nobody knows.
func TestARegistrationWithoutItsGroup(t *testing.T) {
	r := Registration{Group: "group-9", Name: "Sample Bakery", Address: "1 Example Plaza",
		Families: []Household{{Employee: Elected{"emp-1", map[Line]string{Dental: "delta_dental"}}}}}
	for group, extra := range map[string][]ID{``: nil, `"group_id": null, `: nil, `"group_id": "other", `: {"other"}} {
		c, _ := start(t, "/broker/broker/register_group",
			`{`+group+`"member_coverage": [{"id": "emp-1", "member_type": "employee", "dental": {"plan_name": "delta_dental"}}]}`)
		a, err := c.RegisterGroup(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, []ID{"emp-1"}, a.Missing)
		require.Equal(t, extra, a.Extra)
	}
}

func TestAStatusThatSaysNo(t *testing.T) {
	for _, body := range []string{`{"status": "error", "message": "Member not known"}`, `{"status": "Failed", "message": "Member not known", "code": 7}`} {
		c, s := start(t, "/broker/member_snapshot", body)
		s.On("/broker/demographic_change", 200, body)
		_, err := c.Member(t.Context(), "emp-1")
		require.Contains(t, requireKind(t, err, rest.KindValidation).UserMessage(), "Member not known")
		err = c.ChangeDemographics(t.Context(), Demographics{ID: "emp-1", Sex: "F"})
		require.Equal(t, rest.Refused, requireKind(t, err, rest.KindValidation).Phase)
	}
	for _, body := range []string{`{"success": false}`, `{"success": 0, "message": "no"}`, `{"success": "false"}`, `{"error": true}`, `{"errors": 1}`} {
		c, _ := start(t, "/broker/new_hire_enrollment", body)
		_, err := c.EnrollNewHire(t.Context(), hire())
		require.Equal(t, rest.Refused, requireKind(t, err, rest.KindValidation).Phase, body)
	}
	for _, said := range []string{`"status": "ok", "message": "recorded"`, `"error": 0`, `"errors": 0, "success": 1`, `"error": false, "success": "true"`} {
		c, _ := start(t, "/broker/demographic_change", `{`+said+`, "response": "updated"}`)
		require.NoError(t, c.ChangeDemographics(t.Context(), Demographics{ID: "emp-1", Sex: "F"}), said)
	}
}

// A gate's own page proves nothing of a member: neither that an id is free nor
// that an enrollment was not done.
func TestAPageIsNoMissingMember(t *testing.T) {
	c, s := start(t, "/broker/member_snapshot", "")
	for body, missing := range map[string]bool{
		"<html><h1>404 Not Found</h1></html>": false, `{"error": "member not found"}`: true, "": true,
	} {
		for _, path := range []string{"/broker/member_snapshot", "/broker/group_snapshot"} {
			s.On(path, 404, body)
		}
		free, err := c.Free(t.Context(), "emp-1")
		require.Equal(t, missing, free, body)
		found, failed := c.NewHireLanded(t.Context(), hire())
		if missing {
			require.NoError(t, err)
			require.Equal(t, DidNot, found.Verdict)
			continue
		}
		requireKind(t, err, rest.KindNotFound)
		requireKind(t, failed, rest.KindNotFound)
		require.Equal(t, CannotTell, found.Verdict)
	}
}

// What is no record says nothing of a member: beside members it is passed over,
// alone it is no answer.
func TestWhatStandsBesideMembers(t *testing.T) {
	c, s := start(t, "/broker/new_hire_enrollment",
		`{"request_id": "r-1", "took": 3, "emp-1": {"member_type": "employee"}, "dep-1": "pending", "list": [1]}`)
	a, err := c.EnrollNewHire(t.Context(), hire())
	require.NoError(t, err)
	require.Len(t, a.Rows, 1)
	require.Equal(t, []ID{"dep-1"}, a.Missing)
	require.Empty(t, a.Extra)
	for _, body := range []string{`{"request_id": "r-1"}`, `{"emp-1": null}`, `{"emp-1": "pending", "status": "ok"}`} {
		s.On("/broker/new_hire_enrollment", 200, body)
		_, err := c.EnrollNewHire(t.Context(), hire())
		require.True(t, requireKind(t, err, rest.KindDecode).Ambiguous, body)
	}
}

// The vendor may refuse one member, or one line, in the midst of an answer that
// is no refusal. Nothing of that was done, as far as anybody knows.
func TestARefusalInARowIsNoAnswer(t *testing.T) {
	no := `"error": "plan closed"`
	for _, body := range []string{
		`{"emp-1": {` + no + `}, "dep-1": {"error": {"code": 7, "message": "plan closed"}}}`,
		`[{"id": "emp-1", ` + no + `}, {"id": "dep-1", "status": "failed", "message": "plan closed"}]`,
		`{"emp-1": {"id": "emp-1", "member_type": "employee", "parent": "emp-1", "coverage_end_date": "03/31/2026", ` + no + `}}`,
		`{"emp-1": {"success": false}, "dep-1": {}}`,
		`{"data": {"emp-1": {` + no + `}}}`,
	} {
		c, s := start(t, "/broker/new_hire_enrollment", body)
		for _, path := range []string{"/broker/termination", "/broker/qualifying_life_event", "/broker/open_enrollment"} {
			s.On(path, 200, body)
		}
		hired, err := c.EnrollNewHire(t.Context(), hire())
		require.NoError(t, err, body)
		require.Equal(t, Answer[Covered]{Missing: []ID{"emp-1", "dep-1"}}, hired, body)
		ended, err := c.Terminate(t.Context(), Termination{"emp-1", day("2026-03-09")})
		require.NoError(t, err, body)
		require.Equal(t, Answer[Ended]{Missing: []ID{"emp-1"}}, ended, body)
		e := Event{Type: "marriage", Date: day("2026-03-09"), Lines: []EventLine{{"emp-1", Medical, "gold_ppo", true}}}
		for _, send := range []func() (Answer[Changed], error){
			func() (Answer[Changed], error) { return c.ReportLifeEvent(t.Context(), e) },
			func() (Answer[Changed], error) { return c.OpenEnrollment(t.Context(), e) },
		} {
			changed, err := send()
			require.NoError(t, err, body)
			require.Equal(t, Answer[Changed]{Missing: []ID{"emp-1"}}, changed, body)
		}
	}
	c, _ := start(t, "/broker/new_hire_enrollment", `{"emp-1": {"member_type": "employee",
		"medical": {"plan_name": "silver_ppo", `+no+`}, "dental": {"plan_name": "delta_dental", "error": null}}}`)
	a, err := c.EnrollNewHire(t.Context(), hire())
	require.NoError(t, err)
	require.Len(t, a.Rows[0].Lines, 1)
	require.Equal(t, Dental, a.Rows[0].Lines[0].Line)
}

// An answer keyed by id has one place for a member whose two lines change.
func TestTwoLinesOfOneMember(t *testing.T) {
	const added, removed = `{"coverage_start_date": "04/01/26", "coverage_end_date": "12/31/26"}`, `{"id": "emp-1", "coverage_end_date": "03/31/26"}`
	e := Event{Type: "marriage", Date: day("2026-03-09"), Lines: []EventLine{{"emp-1", Medical, "gold_ppo", true}, {"emp-1", Dental, "delta_dental", false}}}
	c, s := start(t, "/broker/qualifying_life_event", `{"emp-1": [`+added+`, `+removed+`]}`)
	a, err := c.ReportLifeEvent(t.Context(), e)
	require.NoError(t, err)
	require.Len(t, a.Rows, 2)
	require.Equal(t, "2026-04-01", a.Rows[0].Start.String())
	require.Equal(t, "2026-03-31", a.Rows[1].End.String())

	s.On("/broker/qualifying_life_event", 200, `{"emp-1": {"medical": `+added+`}}`)
	a, err = c.ReportLifeEvent(t.Context(), e)
	require.NoError(t, err)
	require.Equal(t, Answer[Changed]{Missing: []ID{"emp-1"}}, a, "without a day of its own it would pass for a removal")

	s.On("/broker/qualifying_life_event", 200, `{"emp-1": [`+added+`, {"id": "dep-1"}]}`)
	_, err = c.ReportLifeEvent(t.Context(), e)
	require.True(t, requireKind(t, err, rest.KindDecode).Ambiguous, "a row about another member")
}

// What the documented path says is lost when nothing is at the other one.
func TestARefusalOfTheDoubledPathIsTold(t *testing.T) {
	const known, page = `{"error": "plan delta_dental is not offered"}`, `<html>404</html>`
	r := Registration{Group: "group-9", Name: "Sample Bakery", Address: "1 Example Plaza",
		Families: []Household{{Employee: Elected{"emp-1", map[Line]string{Dental: "delta_dental"}}}}}
	for _, bodies := range [][2]string{{known, page}, {known, ""}, {page, known}} {
		s := newInsurer(t)
		c := s.client(t)
		s.On("/broker/broker/register_group", 404, bodies[0])
		s.On("/broker/register_group", 404, bodies[1])
		_, err := c.RegisterGroup(t.Context(), r)
		require.Contains(t, requireKind(t, err, rest.KindNotFound).UserMessage(), "plan delta_dental is not offered")
	}
}

// A roster on which the employee is not either tells nothing of dependents.
func TestARosterWithoutTheEmployeeIsPartial(t *testing.T) {
	for members, partial := range map[string]bool{`"members": ["emp-1"],`: false, `"members": ["dep-1"],`: true,
		`"members": [],`: true, `"members": null,`: true, ``: true} {
		c, s := start(t, "/broker/member_snapshot", "")
		s.Do("/broker/member_snapshot", func(w http.ResponseWriter, r *http.Request) {
			var asked struct{ ID string }
			_ = json.NewDecoder(r.Body).Decode(&asked)
			_, _ = fmt.Fprintf(w, `{"id":%q,"group_id":"group-1","parent":"emp-1"}`, asked.ID)
		})
		s.On("/broker/group_snapshot", 200, `{`+members+` "group_id": "group-1"}`)
		f, err := c.Family(t.Context(), "emp-1")
		require.NoError(t, err)
		require.Equal(t, partial, f.Partial, members)
	}
}

// A day in another form than ours may be the day that was sent.
func TestADayNobodyCanReadProvesNothing(t *testing.T) {
	d := Demographics{ID: "emp-1", DOB: civil.Date{Year: 1980, Month: 3, Day: 4}}
	for dob, want := range map[string]Verdict{"03/04/1980": Landed, "3/4/1980": Landed, "1980-03-04": Landed,
		"1980-03-04T00:00:00Z": CannotTell, "03/04/80": CannotTell, "March 4, 1980": CannotTell,
		"03/05/1980": DidNot, "": DidNot} {
		c, _ := start(t, "/broker/member_snapshot", `{"id": "emp-1", "dob": "`+dob+`"}`)
		found, err := c.DemographicsLanded(t.Context(), d)
		require.NoError(t, err)
		require.Equal(t, want.String(), found.Verdict.String(), dob)
	}
	hired := Demographics{ID: "emp-1", Hired: day("2026-03-09")}
	diffs, unseen := hired.Compare(Member{ID: "emp-1", Employment: Value{Parts: []Part{{Name: "hire_date", Text: safe.Line("Mar 2026")}}}})
	require.Empty(t, diffs)
	require.Equal(t, []string{"hire_date"}, unseen)
}
