package edit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/state/edit"
)

// loosely takes no notice of blanks around a value.
func loosely(_, a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

func meeting() edit.Versions {
	return edit.Versions{
		Seen:  map[string]string{"city": "Oldtown", "zip": "06511", "unit": "4"},
		Now:   map[string]string{"city": "Theirtown", "zip": "06511 ", "street": "7 Sample Street", "nick": "Zizi"},
		Edits: map[string]string{"city": "Minetown", "zip": "06512", "unit": " ", "nick": "Zizi "},
		Alike: loosely,
	}
}

func TestDifferencesAreToldInTheOrderOfTheFields(t *testing.T) {
	all := meeting().Differences([]string{"unit", "street", "zip", "city", "nick"})
	require.Equal(t, []edit.Difference{
		{Field: "unit", Was: "4", Mine: " ", Edited: true},
		{Field: "street", Theirs: "7 Sample Street"},
		{Field: "city", Was: "Oldtown", Theirs: "Theirtown", Mine: "Minetown", Edited: true, Clash: true},
		{Field: "nick", Theirs: "Zizi", Mine: "Zizi ", Edited: true},
	}, all)
	require.Equal(t, []string{"city"}, edit.Clashes(all))
	quoted := func(field, value string) string { return fmt.Sprintf("%s=%q", field, value) }
	require.Equal(t, "Street\n  was:    street=\"\"\n  theirs: street=\"7 Sample Street\"\n  yours:  not edited, theirs stays\n\n"+
		"City\n  was:    city=\"Oldtown\"\n  theirs: city=\"Theirtown\"\n  yours:  city=\"Minetown\"\n\n"+
		"Nick\n  was:    nick=\"\"\n  theirs: nick=\"Zizi\"\n  yours:  the same as theirs",
		edit.Words(all[1:], func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }, quoted))
}

func TestWhatIsLeftChangesSomething(t *testing.T) {
	v := meeting()
	require.Equal(t, map[string]string{"city": "Minetown", "zip": "06512"}, v.Left())
	require.Equal(t, map[string]string{"zip": "06512"}, v.Left("city"))
	require.Len(t, v.Edits, 4, "the edits are not touched")
}

func TestLandingIsJudgedByTheEditedFields(t *testing.T) {
	for want, now := range map[edit.Landing]map[string]string{
		edit.Landed:     {"city": "Minetown", "zip": "06512 ", "nick": "Zizi", "street": "else"},
		edit.DidNot:     {"city": "Oldtown", "zip": "06511", "unit": "4", "street": "else"},
		edit.CannotTell: {"city": "Minetown", "zip": "06511", "unit": "4"},
	} {
		v := meeting()
		v.Now = now
		require.Equal(t, want, v.Landing())
	}
}
