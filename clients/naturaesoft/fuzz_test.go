package naturaesoft

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/rest"
)

// FuzzDecode: whatever arrives, no decoder panics, and what one accepts can be
// relied on.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"token", "schedule", "check", "slots", "next-slot", "article"} {
		f.Add([]byte(document(&testing.T{}, name+".json")))
	}
	for _, seed := range []string{
		`{"data":[{"ProspectID":1,"Tags":[{"TagID":1,"Tag":"x"}],"Prospect":"1"}],"pagination":{"total":1}}`,
		`{"data":{"ticket":{"id":3,"status":"Open"},"comments":[{"id":1}]}}`,
		`{"products":[{"VendorCode":"V","RetailPrice":1e999999999}]}`,
		`[{"id":8.198787e+07}]`, `{"data":{"data":{"data":[]}}}`, `{"error":{"message":["x"],"errors":[{"field":1}]}}`,
	} {
		f.Add([]byte(seed))
	}
	asked := Slot{"1", ninth, ten15, 30}
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := decodeSchedule(data, "1", ninth, ninth.AddDays(6)); err == nil {
			require.Equal(t, ID("1"), s.Provider.ID)
			for _, visits := range s.Days {
				for _, v := range visits {
					require.True(t, v.Time.IsValid() && v.Duration >= 0)
				}
			}
		}
		if times, err := decodeSlots(data, asked); err == nil {
			require.True(t, slices.IsSortedFunc(times, compareTimes))
		}
		if s, err := decodeNextSlot(data, "1", 30, 30); err == nil && s != nil {
			require.True(t, s.Provider == "1" && s.Date.IsValid() && s.Time.IsValid())
		}
		if page, err := decodeProspects(data, ProspectQuery{Page: 1, Limit: 25}); err == nil {
			require.GreaterOrEqual(t, page.Total, -1)
			for _, p := range page.Items {
				require.NotEmpty(t, p.ID)
				_, err := json.Marshal(updated(p, Edits{"FirstName": "x"}))
				require.NoError(t, err)
			}
		}
		if list, err := decodeProviders(data); err == nil {
			for _, p := range list {
				require.NotEmpty(t, p.ID)
			}
		}
		if tok, err := decodeToken(data, time.Now()); err == nil {
			require.True(t, sendable(tok.Value))
			require.True(t, tok.Expires.After(time.Now().Add(-time.Minute)))
		}
		_, _ = decodeCheck(data, asked)
		_, _ = decodeTags(data)
		_, _ = decodeProducts(data)
		_, _ = decodeArticles(data)
		_, _ = decodeTickets(data)
		_, _ = decodeMe(data)
		if o, beside, err := one(data, "ticket"); err == nil {
			_, _ = decodeTicket(o, beside)
		}
		require.True(t, createdID(data) == "" || createdID(data).Valid())
		for _, status := range []int{200, 201, 400, 403, 500} {
			for _, op := range []rest.Op{opProspects, opCreateProspect, opUpsertProducts, opToken} {
				check(op, status, http.Header{}, data)
			}
		}
	})
}

// TestUpdateKeepsTheRow: for any row and any edits, an update sends every
// documented field as it came, the edited ones as edited, and nothing else.
func TestUpdateKeepsTheRow(t *testing.T) {
	scalar := rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) string { return string(quote(s)) }),
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,4})?`),
		rapid.SampledFrom([]string{"null", "true", "false", `""`}),
	)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.SampledFrom(Fields()), rapid.ID).Draw(t, "fields")
		row := map[string]json.RawMessage{"ProspectID": raw("5"), "Other": raw(`"x"`)}
		want := map[string]json.RawMessage{}
		for _, name := range names {
			switch name {
			case "Prospect":
				row[name] = raw(rapid.SampledFrom([]string{"0", "1", `"1"`, "true", "null"}).Draw(t, name))
			case "ProviderID":
				row[name] = raw(rapid.SampledFrom([]string{"7", `"7"`, "null", "9007199254740993"}).Draw(t, name))
			default:
				row[name] = raw(scalar.Draw(t, name))
			}
			want[name] = row[name]
		}
		edits := Edits{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"FirstName", "Notes", "Zip"}), rapid.ID).Draw(t, "edited") {
			edits[name] = rapid.String().Draw(t, name)
			want[name] = quote(edits[name])
		}
		delete(want, "PtImg")

		body, err := json.Marshal([]any{row})
		require.NoError(t, err)
		page, err := decodeProspects(body, ProspectQuery{Page: 1, Limit: 25})
		require.NoError(t, err)
		got, err := json.Marshal(updated(page.Items[0], edits))
		require.NoError(t, err)
		expected, err := json.Marshal(want)
		require.NoError(t, err)
		require.Equal(t, string(expected), string(got))
	})
}
