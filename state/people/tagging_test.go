package people

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
	"frontdesk/state/edit"
)

// tagEMR has one person, whom it finds by what a tagging is read again by.
type tagEMR struct {
	Tagger
	row   naturaesoft.Prospect
	calls []string
}

func (e *tagEMR) Reread(_ context.Context, by naturaesoft.Prospect) (naturaesoft.Prospect, error) {
	if by.ID != e.row.ID || by.SMSPhone.Raw() != e.row.SMSPhone.Raw() || by.EMail.Raw() != e.row.EMail.Raw() {
		return naturaesoft.Prospect{}, context.DeadlineExceeded
	}
	return e.row, nil
}

func (e *tagEMR) AssignTag(_ context.Context, _, tag naturaesoft.ID) error {
	e.calls = append(e.calls, "+"+string(tag))
	return nil
}

func TestTaggingDoesWhatItSaysOrNothing(t *testing.T) {
	e := &tagEMR{}
	require.NoError(t, Tagging{Do: Assign, Tag: "9"}.Send(t.Context(), e))
	require.Error(t, Tagging{Do: "replace", Tag: "9"}.Send(t.Context(), e), "of a later version")
	require.Equal(t, []string{"+9"}, e.calls)
}

func TestTaggingIsJudgedByTheTagsThatAreThere(t *testing.T) {
	who := naturaesoft.Prospect{ID: "5", SMSPhone: safe.Line("2035550100"), TagsKnown: true}
	nine := []naturaesoft.Tag{{ID: "9"}}
	for _, c := range []struct {
		do   string
		tags []naturaesoft.Tag
		want edit.Landing
	}{
		{Assign, nine, edit.Landed}, {Assign, nil, edit.DidNot},
		{Remove, nine, edit.DidNot}, {Remove, nil, edit.Landed},
		{Bare, nine, edit.DidNot}, {Bare, nil, edit.Landed},
	} {
		e := &tagEMR{row: who}
		e.row.Tags = c.tags
		got, err := Tagging{Do: c.do, Prospect: "5", Tag: "9", Find: Finding(who)}.Look(t.Context(), e)
		require.NoError(t, err)
		require.Equal(t, c.want, got, c)
		e.row.TagsKnown = false
		got, err = Tagging{Do: c.do, Prospect: "5", Tag: "9", Find: Finding(who)}.Look(t.Context(), e)
		require.NoError(t, err)
		require.Equal(t, edit.CannotTell, got, c)
	}
}
