package updox

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"frontdesk/clients/rest"
	"frontdesk/clients/safe"
)

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		field, value string
		good         bool
	}{
		{"name", "", false}, {"name", "   ", false}, {"name", "Café Ünïcode Clinic", true}, {"name", "two\nlines", false},
		{"name", strings.Repeat("long ", 60), true}, {"name", "x\u202ey", false},
		{"accountId", "", false}, {"accountId", " FAKE", false}, {"accountId", "A/B 7", true}, {"accountId", "a\x00", false},
		{"postal", "", true}, {"postal", "06512", true}, {"postal", "06512-1234", true}, {"postal", "0651", false},
		{"postal", "065121", false}, {"postal", "0651Z", false}, {"postal", "０６５１２", false},
		{"phone", "2035550100", true}, {"phone", "(203) 555-0100", true}, {"phone", "12035550100", true},
		{"phone", "203555010", false}, {"phone", "22035550100", false}, {"phone", "203-555-0100 x5", false}, {"phone", "0", false},
		{"fax", "203555", false}, {"fax", "+1 203 555 0100", true},
		{"timeZone", "", true}, {"timeZone", "Zulu", true}, {"timeZone", "UTC", false}, {"timeZone", "america/new_york", false},
		{"practiceNpi", "100000000", false}, {"practiceNpi", "1000000004", true},
		{"port", "443", true}, {"port", "0", false}, {"port", "65536", false}, {"port", "x", false},
		{"metadata", "anything {at: all}", true}, {"metadata", "\x1b[2J", false},
	} {
		found := Check(invented().With(tc.field, tc.value))
		if tc.good {
			require.Empty(t, found, "%s %q", tc.field, tc.value)
			continue
		}
		require.Len(t, found, 1, "%s %q", tc.field, tc.value)
		require.Regexp(t, `^[A-Z].*\.$`, found[tc.field])
	}
}

func TestCheckUpdateLeavesAloneWhatStays(t *testing.T) {
	present, err := decodeAccount([]byte(`{"accountId":"FAKE-1","name":"Old","phone":"unlisted","state":"Ontario"}`), time.Now())
	require.NoError(t, err)
	require.Empty(t, CheckUpdate(present, present.With("city", "Elsewhere")))
	require.Contains(t, CheckUpdate(present, present.With("phone", "unlisted2")), "phone")
	require.Contains(t, CheckUpdate(present, present.With("name", "")), "name")
	require.Contains(t, CheckUpdate(Account{}, present), "state", "what nobody knows is checked in full")
	require.Equal(t, "Ontario", normal(present, present).State.Raw())
}

// Bringing into the normal form is done once: a second time changes nothing,
// and it never invents digits.
func TestNormalIsFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := invented()
		for _, name := range Fields() {
			a = a.With(name, rapid.OneOf(rapid.String(), rapid.StringMatching(`[ ()+.-]*[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{4}`)).Draw(t, name))
		}
		once := Normal(a)
		require.Equal(t, once, Normal(once))
		for _, name := range []string{"phone", "fax", "postal"} {
			had := strings.Map(onlyDigits, a.Value(name).Raw())
			require.Contains(t, had, strings.Map(onlyDigits, once.Value(name).Raw()))
		}
		require.Equal(t, Check(a), Check(once))
	})
}

func onlyDigits(r rune) rune {
	if unicode.IsDigit(r) {
		return r
	}
	return -1
}

// Whatever two accounts hold, every field has exactly one fate, and applying
// the changes to the one makes what is sent for the other.
func TestDiffTellsWhatIsSent(t *testing.T) {
	value := rapid.SampledFrom([]string{"", "", "a", "b", "2035550100", "(203) 555-0100", "CT"})
	rapid.Check(t, func(t *rapid.T) {
		present, next := Vouched(invented(), time.Now()), invented()
		for _, f := range texts {
			present = present.With(f.name, value.Draw(t, "had "+f.name))
			next = next.With(f.name, value.Draw(t, "gets "+f.name))
		}
		all, err := Diff(present, next)
		require.NoError(t, err)
		require.Len(t, all, len(Fields())-1)
		sent := normal(present, next).fields()
		for _, c := range all {
			v, goes := sent[c.Field]
			switch c.Fate {
			case Kept:
				require.Equal(t, present.Value(c.Field), c.After)
			case Changed:
				require.True(t, goes && c.Before != c.After && c.Before.Raw() != "")
			case Added:
				require.True(t, goes && c.Before.Raw() == "")
			case Cleared:
				require.True(t, !goes && c.Before.Raw() != "" && c.After.Raw() == "")
			default:
				t.Fatalf("%s is %s", c.Field, c.Fate)
			}
			if s, text := v.(string); text {
				require.Equal(t, c.After.Raw(), s)
			}
		}
	})
}

// Every hostile text goes through every text field once: shown harmless, sent
// back as it came.
func TestHostileTexts(t *testing.T) {
	data, err := os.ReadFile("../safe/testdata/hostile.json")
	require.NoError(t, err)
	var hostile []struct{ Name, Value string }
	require.NoError(t, json.Unmarshal(data, &hostile))
	require.NotEmpty(t, hostile)
	for i, h := range hostile {
		row := map[string]any{"active": true, "accountId": h.Value, "unheard-of": h.Value}
		for _, f := range texts {
			row[f.name] = h.Value
		}
		raw, err := json.Marshal(row)
		require.NoError(t, err)
		a, err := decodeAccount(raw, time.Now())
		require.NoError(t, err)
		require.Equal(t, safe.Line(h.Value).Raw(), a.ID.Raw(), h.Name)
		for _, name := range slices.Concat(Fields()[1:], []string{"unheard-of"}) {
			if name == active {
				continue
			}
			require.False(t, strings.ContainsFunc(a.Value(name).String(), unicode.IsControl), "%s in %s", h.Name, name)
		}
		back, err := json.Marshal(a.fields())
		require.NoError(t, err)
		var sent map[string]any
		require.NoError(t, json.Unmarshal(back, &sent))
		delete(row, "accountId")
		if h.Value != "" {
			require.Equal(t, row, sent, h.Name)
		}
		if i%40 == 0 { // and in the vendor's own words
			message, _ := json.Marshal(h.Value)
			c := play(t).on("PracticeCreate", `{"successful":false,"responseCode":4060,"responseMessage":`+string(message)+`}`).client(t)
			_, err := c.Create(t.Context(), invented())
			e := requireKind(t, err, rest.KindValidation)
			require.False(t, strings.ContainsFunc(e.UserMessage(), unicode.IsControl), h.Name)
		}
	}
}
