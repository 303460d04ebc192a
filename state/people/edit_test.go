package people_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/clients/sandbox"
	"frontdesk/state/edit"
	"frontdesk/state/people"
)

const updateRoute = "PUT /v1/{ppass}/prospects/{id}"

// somebody is a planted person as the client reads them.
func (o office) somebody(t *testing.T) (int, naturaesoft.Prospect) {
	t.Helper()
	n := o.server.PutProspect(map[string]any{
		"FirstName": "Zoë", "LastName": "Testperson", "Phone": "(212) 555-0177", "EMail": "zoe@example.com",
		"City": "Springfield", "ProviderID": 1, "PtImg": "aW1n", "Notes": "one\ntwo",
	})
	found, _, err := people.Search(t.Context(), o.emr, "zoe@example.com", false)
	require.NoError(t, err)
	require.Len(t, found, 1)
	return n, found[0]
}

func TestSaveReadsAgainSendsAndReadsBack(t *testing.T) {
	o := newOffice(t)
	n, seen := o.somebody(t)
	saved, err := people.Save(t.Context(), o.emr, people.NewChange(seen, naturaesoft.Edits{"EMail": "new@example.com", "LastName": "Otherperson"}))
	require.NoError(t, err)
	require.NoError(t, saved.Unread)
	require.Empty(t, saved.Vanished)
	require.Equal(t, "new@example.com", saved.Row.EMail.Raw(), "read back under what was changed to")
	row, _ := o.server.Prospect(n)
	require.Equal(t, []any{"Otherperson", "aW1n", "one\ntwo"}, []any{row["LastName"], row["PtImg"], row["Notes"]})
}

func TestSaveTellsWhatVanished(t *testing.T) {
	o := newOffice(t)
	_, seen := o.somebody(t)
	o.server.SetReplaceOnPut(true)
	saved, err := people.Save(t.Context(), o.emr, people.NewChange(seen, naturaesoft.Edits{"City": "Shelbyville"}))
	require.NoError(t, err)
	require.Equal(t, []string{"PtImg"}, saved.Vanished)
}

func TestSaveSendsNothingOverAColleaguesChange(t *testing.T) {
	o := newOffice(t)
	n, seen := o.somebody(t)
	o.server.PutProspect(map[string]any{"ProspectID": n, "City": "Capital City", "NickName": "Zizi", "Unit": "9"})
	change := people.NewChange(seen, naturaesoft.Edits{"City": "Shelbyville", "NickName": "Zizi"})
	_, err := people.Save(t.Context(), o.emr, change)
	var c *people.Conflict
	require.ErrorAs(t, err, &c)
	require.Zero(t, o.server.Executions(updateRoute))
	require.Equal(t, []edit.Difference{
		{Field: "NickName", Theirs: "Zizi", Mine: "Zizi", Edited: true},
		{Field: "Unit", Theirs: "9"},
		{Field: "City", Was: "Springfield", Theirs: "Capital City", Mine: "Shelbyville", Edited: true, Clash: true},
	}, c.Fields)
}

func TestOntoSendsOnlyWhatIsLeftToSend(t *testing.T) {
	o := newOffice(t)
	n, seen := o.somebody(t)
	o.server.PutProspect(map[string]any{"ProspectID": n, "City": "Capital City", "NickName": "Zizi"})
	change := people.NewChange(seen, naturaesoft.Edits{"City": "Shelbyville", "NickName": "Zizi", "Unit": "4"})
	_, err := people.Save(t.Context(), o.emr, change)
	var c *people.Conflict
	require.ErrorAs(t, err, &c)
	require.Equal(t, naturaesoft.Edits{"City": "Shelbyville", "Unit": "4"}, change.Onto(c.Now).Edits)
	next := change.Onto(c.Now, "City")
	require.Equal(t, naturaesoft.Edits{"Unit": "4"}, next.Edits)
	_, err = people.Save(t.Context(), o.emr, next)
	require.NoError(t, err)
	row, _ := o.server.Prospect(n)
	require.Equal(t, []any{"Capital City", "Zizi", "4"}, []any{row["City"], row["NickName"], row["Unit"]})
}

func TestLookTellsWhatBecameOfAnEdit(t *testing.T) {
	for _, c := range []struct {
		fault sandbox.FaultKind
		want  edit.Landing
	}{{sandbox.FaultFinAfter, edit.Landed}, {sandbox.FaultFinBefore, edit.DidNot}} {
		o := newOffice(t)
		n, seen := o.somebody(t)
		change := people.NewChange(seen, naturaesoft.Edits{"City": "Shelbyville", "EMail": "new@example.com", "Phone": "2125550188"})
		o.server.SetFault(updateRoute, sandbox.Fault{Kind: c.fault, Times: 1})
		_, err := people.Save(t.Context(), o.emr, change)
		var e *rest.Error
		require.True(t, errors.As(err, &e) && e.Ambiguous, "%v", err)
		_, landing, err := people.Look(t.Context(), o.emr, change)
		require.NoError(t, err)
		require.Equal(t, c.want, landing, c.fault)
		o.server.PutProspect(map[string]any{"ProspectID": n, "City": "Elsewhere"})
		_, landing, err = people.Look(t.Context(), o.emr, change)
		require.NoError(t, err)
		require.Equal(t, edit.CannotTell, landing, "a colleague's change hides it")
	}
}

func TestAFailedReadBeforeSavingSendsNothing(t *testing.T) {
	o := newOffice(t)
	_, seen := o.somebody(t)
	o.server.SetFault("GET /v1/{ppass}/prospects", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403})
	_, err := people.Save(t.Context(), o.emr, people.NewChange(seen, naturaesoft.Edits{"City": "Shelbyville"}))
	require.Contains(t, rest.UserMessage(err), "nothing was sent")
	var e *rest.Error
	require.False(t, errors.As(err, &e) && e.Ambiguous)
	require.Zero(t, o.server.Executions(updateRoute))
}

func TestDecisionsAreRemembered(t *testing.T) {
	o := newOffice(t)
	require.NoError(t, o.book.TellApart(t.Context(), "9", "10", false))
	require.NoError(t, o.book.TellApart(t.Context(), "10", "9", false))
	apart, err := o.book.Apart(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[[2]string]bool{people.Key("9", "10"): true}, apart)
	require.NoError(t, o.book.TellApart(t.Context(), "10", "9", true))
	apart, err = o.book.Apart(t.Context())
	require.NoError(t, err)
	require.Empty(t, apart)

	var got []string
	known, err := o.book.Habit(t.Context(), "columns", &got)
	require.NoError(t, err)
	require.False(t, known)
	require.NoError(t, o.book.SetHabit(t.Context(), "columns", []string{"Name"}))
	require.NoError(t, o.book.SetHabit(t.Context(), "columns", []string{"Name", "Born"}))
	known, err = o.book.Habit(t.Context(), "columns", &got)
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, []string{"Name", "Born"}, got)
}
