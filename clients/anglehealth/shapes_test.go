package anglehealth

import (
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/rest"
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
	c, _ := start(t, "/broker/demographic_change", `{"status": "ok", "message": "recorded", "response": "updated"}`)
	require.NoError(t, c.ChangeDemographics(t.Context(), Demographics{ID: "emp-1", Sex: "F"}))
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
