package prospects

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/safe"
)

// What a vendor sends comes out of a row as it went in, whatever bytes it holds
// and however long it is.
func TestARowGivesBackItsTexts(t *testing.T) {
	text := rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.Map(rapid.IntRange(120, 20_000), func(n int) string { return strings.Repeat("\x00", n) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		raw := func(name string) safe.Text { return safe.Line(text.Draw(t, name)) }
		p := whole{
			ID: id(text.Draw(t, "id")), FirstName: raw("first"), LastName: raw("last"), EMail: raw("mail"),
			CellPhone: raw("cell"), Phone: raw("phone"), SMSPhone: raw("sms"),
			DOB: raw("born"), City: raw("city"), Zip: raw("zip"), State: raw("state"),
			TagsKnown: rapid.Bool().Draw(t, "known"), Prospect: rapid.IntRange(-1, 2).Draw(t, "prospect"),
			Tags: []naturaesoft.Tag{{ID: "1", Name: raw("tag")}, {ID: id(text.Draw(t, "number")), Name: raw("other tag")}},
		}
		r := newRow(p)
		require.Equal(t, whole{
			ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, EMail: p.EMail,
			CellPhone: p.CellPhone, Phone: p.Phone, SMSPhone: p.SMSPhone,
		}, r.seed())
		require.Equal(t, []string{p.Name().String(), p.DOB.String(), p.City.String(), p.Zip.String(), p.State.String()},
			[]string{r.name(), r.born(), r.city(), r.zip(), r.state()})
		tags, known := r.tags()
		require.Equal(t, p.Tags, tags)
		require.Equal(t, p.TagsKnown, known)
		require.True(t, r.has("1") && r.has(p.Tags[1].ID))
		require.False(t, r.has("no such tag"))
		p.Tags = p.Tags[1:]
		require.Equal(t, newRow(p), r.tagged(p.Tags))
	})
}
